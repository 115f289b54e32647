"""Rules of aid as they go down, in their closed language, so that a phone can say yes, no or unknown without a network. Advice only.

One row "book" holds the facts a rule may ask about, what each code can mean, and the household's own answer beside each receipt;
every other row is a programme's rule in force, with its named criteria in their places and its figures. The twin that judges them is
``static/field/core/verdicts.js``; ``tests/vectors/sync/verdicts.json`` holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from simpul.programmes.queries import catalogue
from simpul.programmes.rules.criteria import Combined, Members, Node, Receipt, Test

BOOK = "book"


def rules(on: date, region_code: str = "") -> list[dict[str, Any]]:
    """The book, then every rule that holds on a day in a place."""
    found = [{"id": BOOK, **book()}]
    for rule in catalogue.rules_in_force(on, region_code):
        found.append({
            "id": rule.programme.code, "name": rule.programme.name, "name_en": rule.programme.name_en,
            "kind": rule.programme.kind, "unit": rule.unit, "criteria": spelled(rule.node),
            "figures": {key: value for key, value in rule.figures.items() if value is not None},
        })  # fmt: skip
    return found


def book() -> dict[str, Any]:
    """Facts, meanings, receipts."""
    vocabulary = catalogue.vocabulary()
    facts = {
        key: {
            "type": fact.type, "cost": fact.cost, "name": fact.name, "name_en": fact.name_en,
            **({"derived": True} if fact.derived else {}),
        }
        for key, fact in vocabulary.facts.items()
    }  # fmt: skip
    meanings = {
        column: {code: sorted(means) for code, means in codes.items()}
        for column, codes in vocabulary.meanings.items()
    }
    return {"facts": facts, "meanings": meanings, "receipts": dict(vocabulary.receipts)}


def spelled(node: Node) -> dict[str, Any]:
    """A criterion in the form it is written in, with every named one in its place.

    Raises:
        TypeError: a named criterion that nobody put in its place.
    """
    if isinstance(node, Test):
        several = len(node.args) != 1 or node.op in ("one_of", "none_of", "has_any")
        return {"field": node.field, node.op: list(node.args) if several else node.args[0]}
    if isinstance(node, Receipt):
        return {"programme": node.programme, "of": node.of, "receives": node.wanted}
    if isinstance(node, Combined):
        parts = [spelled(part) for part in node.parts]
        return {"at_least": node.least, "of": parts} if node.kind == "at_least" else {node.kind: parts}
    if isinstance(node, Members):
        if node.kind == "members_at_least":
            return {"members_at_least": node.least, "who": spelled(node.part), "in": node.group}
        return {node.kind: spelled(node.part), "in": node.group}
    raise TypeError(node)


def digest(made: Any) -> str:
    """A name of some content: 16 hex signs."""
    told: Mapping[str, Any] | list[Any] = made
    return hashlib.sha256(
        json.dumps(told, sort_keys=True, separators=(",", ":"), default=str).encode()
    ).hexdigest()[:16]
