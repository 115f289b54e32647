"""The sheets as they ship, each in its versions: read once per process from ``catalogue/forms``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import forms_catalogue

_FOLDER = Path(__file__).resolve().parents[1] / "catalogue" / "forms"


@lru_cache(maxsize=1)
def versions() -> Mapping[str, tuple[rules.Form, ...]]:
    """Every form by its code, its versions oldest first.

    Raises:
        forms_catalogue.FormUnsound: a shipped row is wrong.
    """
    shared: dict[str, rules.Field] = {}
    for file in sorted(_FOLDER.glob("fields*.toml")):
        shared |= forms_catalogue.read_fields(tomllib.loads(file.read_text(encoding="utf-8")))
    found: dict[str, tuple[rules.Form, ...]] = {}
    for code in rules.CODES:
        file = _FOLDER / f"{code}.toml"
        if file.exists():
            given = tomllib.loads(file.read_text(encoding="utf-8"))
            made = [forms_catalogue.read_form(given, shared, one) for one in given["versions"]]
            found[code] = tuple(sorted(made, key=lambda one: (one.valid_from, one.version)))
    return MappingProxyType(found)


def form(code: str, version: str = "") -> rules.Form:
    """One form; the newest version when none is named, or when the named one is unknown here.

    Raises:
        KeyError: no such form.
    """
    of_code = versions()[code]
    return next((one for one in of_code if one.version == version), of_code[-1])


def form_on(code: str, day: date) -> rules.Form:
    """The version in force on a day; the oldest before all."""
    of_code = versions()[code]
    in_force = [one for one in of_code if one.valid_from <= day]
    return in_force[-1] if in_force else of_code[0]


def forms() -> tuple[rules.Form, ...]:
    """The newest version of every form, in the order of the official list."""
    return tuple(of_code[-1] for of_code in versions().values())


def card(letter: str, version: str = "") -> rules.Form:
    """The card of form A, B, C or D."""
    return form(f"card_{letter}", version)


def checklist(number: int, version: str = "") -> rules.Form:
    """The checklist of a visit at home; 0 is the family sheet."""
    return form(f"visit_{number}", version)
