"""The list of house rules. `test_house` asks each of them of the real tree, `test_planted` proves that each can say no."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simpul import roles
from tests.house import acts, locks, pages, shape, source, stored, words, writing

Rule = Callable[[Path], list[str]]

RULES: dict[str, Rule] = {
    "only actions write": writing.writes_outside_actions,
    "an action writes only its own room's tables": writing.actions_on_foreign_tables,
    "tables are imported, not fetched by name": writing.dynamic_tables,
    "acts are keyword-only, typed and explained, and take by and at": acts.malformed,
    "acts ask for permission, under their own name, before they write": acts.unguarded,
    "acts leave a line in the journal": acts.unrecorded,
    "the steps of an act stay in its room": acts.borrowed_steps,
    "acts are in the role table, with journal words": lambda root: acts.unknown_to_roles(root, roles.ACTS),
    "names in the role table have their act": lambda root: acts.known_but_missing(root, roles.ACTS),
    "acts are tested": acts.untested,
    "rooms hold only the known furniture": shape.furniture,
    "functions and files are short": shape.too_long,
    "imports stand at the top": shape.imports_in_functions,
    "rooms import modules of each other, not names": shape.names_imported_from_rooms,
    "rules, access and queries are explained": shape.unexplained,
    "rules and models do not look at the clock": shape.clocks_in_rules,
    "no signals and no save() tricks": shape.signals,
    "migrations stand alone and have meaningful names": shape.migrations,
    "tables say what personal data they hold, and how long": stored.silent_tables,
    "foreign keys point down": lambda root: stored.upward_links(root, source.floors()),
    "lists say their own order": stored.long_memory,
    "pages have no inline style or script": pages.inline_code,
    "vendored files have their licence": pages.unlicensed,
    "sentences are translated": words.untranslated,
    "translations keep their places": words.badly_translated,
    "one sentence has one translation": words.said_twice,
    "locks name no registry and no machine": locks.traces,
    "locks have hashes": locks.unhashed,
    "the dev lock contains the run lock": locks.apart,
}
