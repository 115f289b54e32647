"""The coding frame: as it ships, as it is here, and its version."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import Max

from simpul.feedback import rules
from simpul.feedback.models import Code, FrameVersion

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "frame.toml"


@dataclass(frozen=True, slots=True)
class Category:
    """One category with its codes."""

    type: str
    key: str
    name: str
    name_en: str
    codes: tuple[Code, ...]


@lru_cache(maxsize=1)
def shipped() -> tuple[rules.CodeGiven, ...]:
    """The codes of the catalogue; read once per process."""
    return tuple(rules.read_frame(tomllib.loads(_FILE.read_text(encoding="utf-8"))))


def version() -> int:
    """The number of the newest version of the frame; 0 before it was loaded."""
    return FrameVersion.objects.aggregate(top=Max("number"))["top"] or 0


def versions(limit: int = 20) -> list[FrameVersion]:
    """The last versions, newest first."""
    return list(FrameVersion.objects.order_by("-number")[:limit])


def code(key: str) -> Code | None:
    """One code."""
    return Code.objects.filter(code=key).first()


def codes(*, all_of_them: bool = False) -> list[Code]:
    """The codes in use, or all, in the order of the types and then of the frame."""
    order = list(rules.TYPES)
    rows = Code.objects.all() if all_of_them else Code.objects.filter(is_active=True)
    return sorted(rows, key=lambda one: (order.index(one.type), one.position, one.code))


def tree(found: Iterable[Code]) -> list[Category]:
    """Codes under their categories, in the order in which they come."""
    groups: dict[str, list[Code]] = {}
    for one in found:
        groups.setdefault(one.category, []).append(one)
    return [
        Category(rows[0].type, key, rows[0].category_name, rows[0].category_name_en, tuple(rows))
        for key, rows in groups.items()
    ]
