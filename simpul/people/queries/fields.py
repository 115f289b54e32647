"""The fields of the register, from the catalogue; read once per process."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from simpul.lib.keys import ring
from simpul.people.queries import lists
from simpul.people.rules import fields as rules
from simpul.regions import queries as region_queries
from simpul.regions.models import Hamlet

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "fields.toml"


@lru_cache(maxsize=1)
def groups() -> tuple[rules.Group, ...]:
    """Every group of fields, in the order in which they are asked."""
    return rules.read_groups(tomllib.loads(_FILE.read_text(encoding="utf-8")), lists.book())


@lru_cache(maxsize=8)
def groups_of(about: str) -> tuple[rules.Group, ...]:
    """The groups about a house, a household, a family, a person or a profile that are asked."""
    return tuple(group for group in groups() if group.about == about and group.asked)


@lru_cache(maxsize=8)
def of(about: str) -> dict[str, rules.Field]:
    """The fields about one of them, by column."""
    return {field.key: field for group in groups_of(about) for field in group.fields}


@lru_cache(maxsize=1)
def of_history() -> dict[tuple[str, str], rules.Field]:
    """Fields as the history names them: a profile's stand under their person."""
    return {
        ("person" if field.about == "profile" else field.about, field.key): field
        for group in groups()
        for field in group.fields
    }


def read(about: str, key: str, given: object, *, version: str = "bdt", today: date | None = None) -> Any:
    """What was typed or stood in a cell, as the column keeps it; "" or None for unknown.

    Raises:
        KeyError: there is no such field.
        Refused: it cannot be read.
    """
    return rules.read(of(about)[key], given, book=lists.book(), version=version, today=today)


def written(subject_kind: str, key: str, kept: str, language: str = "id") -> str:
    """A value of the history for a page."""
    field = of_history().get((subject_kind, key))
    if field is not None and kept and field.type in _PLACES:
        return _PLACES[field.type](kept)
    return rules.written(field, kept, book=lists.book(), language=language) if field else kept


SEAL = "people.observation.value"
"""What numbers of persons and cards in the history are encrypted for."""


def opened(key: str, value: str) -> str:
    """The plain text of a value of the history."""
    if key in rules.SEALED and value:
        return ring().decrypt(base64.urlsafe_b64decode(value), SEAL).decode()
    return value


def _region(code: str) -> str:
    found = region_queries.find_region(code)
    return found.name if found else code


def _hamlet(key: str) -> str:
    found = Hamlet.objects.filter(id=key).first()
    return found.name if found else key


_PLACES: dict[str, Callable[[str], str]] = {"region": _region, "hamlet": _hamlet}


def label(subject_kind: str, key: str, language: str = "id") -> str:
    """What a field of the history is called."""
    field = of_history().get((subject_kind, key))
    return field.label(language) if field else key
