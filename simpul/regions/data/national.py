"""National holidays and joint leave from the ``holidays`` library, behind one small module.

The library follows the joint decree (SKB) of the ministers of religion, manpower and administrative reform, which sets the
public holidays and the joint leave (cuti bersama) of a year. Joint leave is the library's category "government", which it
leaves out unless asked. A date that depends on the moon and is not decreed yet is marked as estimated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from simpul.regions import rules

FAMILY = "holidays "
"""How the source of every row that came from the library begins."""

DROPPED = "; no longer listed"
"""How the source of a row ends that a newer library does not list any more."""

_CATEGORIES: Mapping[str, tuple[str, str]] = {
    rules.PUBLIC_HOLIDAY: ("public", "SKB 3 Menteri, hari libur nasional"),
    rules.JOINT_LEAVE: ("government", "SKB 3 Menteri, cuti bersama"),
}
_ESTIMATED = " (perkiraan)"
_VERSION = version("holidays")


@dataclass(frozen=True, slots=True)
class NationalHoliday:
    """One holiday of a year."""

    day: date
    name: str
    kind: str
    source: str
    estimated: bool


@lru_cache(maxsize=16)
def holidays_of(year: int) -> tuple[NationalHoliday, ...]:
    """The public holidays and the joint leave of a year, by day, with their Indonesian names."""
    return tuple(sorted(_holidays_of(year), key=lambda found: (found.day, found.name)))


def _holidays_of(year: int) -> Iterator[NationalHoliday]:
    for kind, (category, decree) in _CATEGORIES.items():
        table = holidays.country_holidays("ID", years=year, categories=(category,), language="id", expand=False)
        for day in table:
            for name in table.get_list(day):
                estimated = name.endswith(_ESTIMATED)
                basis = "estimated, not decreed" if estimated else decree
                yield NationalHoliday(
                    day=day,
                    name=name.removesuffix(_ESTIMATED),
                    kind=kind,
                    source=f"{FAMILY}{_VERSION} ({basis})",
                    estimated=estimated,
                )
