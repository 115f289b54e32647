"""What ships about letters: groups, requirements, official forms, and the kinds of letter with their texts; read once per process."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from simpul.letters.rules import types as rules

_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue"
FILES = ("identity", "birth", "marriage", "aid", "land", "office")
MONTH = 1
"""How long a letter is good for when its kind says nothing else, in months."""


class CatalogueUnsound(ValueError):  # noqa: N818 - a fault of the program's own files
    """A kind of the shipped catalogue is wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a list, with its name in each language."""

    code: str
    name: str
    name_en: str
    icon: str = ""

    def label(self, language: str) -> str:
        """Its name in this language."""
        return (language == "en" and self.name_en) or self.name


@dataclass(frozen=True, slots=True)
class Shipped:
    """One kind of letter that ships: its place in lists, and the columns of its version."""

    code: str
    group: str
    position: int
    columns: Mapping[str, Any]


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, Any]:
    return tomllib.loads((_CATALOGUE / "lists.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _named(kind: str) -> Mapping[str, Named]:
    return {
        str(row["code"]): Named(
            str(row["code"]), str(row["name"]), str(row.get("name_en", "")), str(row.get("icon", ""))
        )
        for row in _lists()[kind]
    }


def groups() -> Mapping[str, Named]:
    """What letters are about, in the order of the pages."""
    return _named("groups")


def requirements() -> Mapping[str, Named]:
    """The common list of what applicants show: R1 to R12."""
    return _named("requirements")


def forms() -> Mapping[str, Named]:
    """The official forms that go with letters, by their number."""
    return _named("forms")


def also() -> Mapping[str, str]:
    """Other words people look for a kind of letter by."""
    return {str(code): str(words) for code, words in _lists()["also"].items()}


@lru_cache(maxsize=1)
def shipped() -> tuple[Shipped, ...]:
    """Every kind that ships, checked.

    Raises:
        CatalogueUnsound: a kind is not well formed.
    """
    found: list[Shipped] = []
    order = {code: place for place, code in enumerate(groups())}
    for name in FILES:
        rows = tomllib.loads((_CATALOGUE / f"types_{name}.toml").read_text(encoding="utf-8"))["types"]
        found += [_read(row, place, order) for place, row in enumerate(rows)]
    codes = [one.code for one in found]
    if len(set(codes)) != len(codes):
        raise CatalogueUnsound(f"twice: {sorted(code for code in codes if codes.count(code) > 1)}")
    return tuple(found)


def _read(row: Mapping[str, Any], place: int, order: Mapping[str, int]) -> Shipped:
    code = str(row["code"])
    inputs = rules.read_inputs(row.get("inputs", ()))
    parties = rules.read_parties(row.get("parties", ()))
    body = with_snippets(str(row["body"]))
    columns: dict[str, Any] = {
        "name": str(row["name"]),
        "name_en": str(row["name_en"]),
        "about": str(row["about"]),
        "about_en": str(row["about_en"]),
        "heading": str(row.get("heading", row["name"])),
        "body": body,
        "inputs": rules.write_inputs(inputs),
        "parties": rules.write_parties(parties),
        "requirements": list(row.get("requirements", ())),
        "forms": list(row.get("forms", ())),
        "archive_code": str(row["archive_code"]),
        "archive_confidence": str(row.get("archive_confidence", "unconfirmed")),
        "validity_amount": int(row.get("validity_amount", MONTH)),
        "validity_unit": str(row.get("validity_unit", "months")),
        "self_service": bool(row.get("self_service", False)),
        "nonresidents": bool(row.get("nonresidents", False)),
        "confirm": bool(row.get("confirm", False)),
        "source": str(row.get("source", "")),
    }
    faults = rules.faults_of(
        body=body,
        inputs=inputs,
        parties=parties,
        wanted=rules.read_wanted(columns["requirements"]),
        common=requirements(),
        archive_code=columns["archive_code"],
        validity_amount=columns["validity_amount"],
        validity_unit=columns["validity_unit"],
    )
    if faults or row["group"] not in order or not set(columns["forms"]) <= set(forms()):
        raise CatalogueUnsound(f"{code}: {faults or 'unknown group or form'}")
    return Shipped(code, str(row["group"]), (order[row["group"]] + 1) * 100 + place, columns)


def type_id(code: str) -> UUID:
    """The key of a shipped kind: the same on every server and village node, so that their letters name the same row."""
    return uuid5(NAMESPACE_URL, f"simpul:letter-type:{code}")


def version_id(given: Shipped, number: int) -> UUID:
    """The key of a shipped text: it follows from what the text says."""
    said = json.dumps(given.columns, sort_keys=True, ensure_ascii=False)
    return uuid5(NAMESPACE_URL, f"simpul:letter-text:{given.code}:{number}:{said}")


def with_snippets(body: str) -> str:
    """A text with the shared parts in place: ``<<name>>`` on a line of its own. Villages edit the whole text."""
    parts: Mapping[str, str] = _lists()["snippets"]
    lines: list[str] = []
    for line in body.strip().splitlines():
        if line.startswith("<<") and line.endswith(">>"):
            name = line[2:-2]
            if name not in parts:
                raise CatalogueUnsound(f"no part named {name}")
            lines += parts[name].strip().splitlines()
        else:
            lines.append(line.rstrip())
    return "\n".join(lines)
