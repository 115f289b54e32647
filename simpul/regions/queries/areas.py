"""Areas: one by code, those inside, names for an address, and what an old code has become."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from simpul.lib.errors import NotFound
from simpul.regions import rules
from simpul.regions.models import Hamlet, Region, RegionChange
from simpul.regions.queries._memory import Memory

DEFAULT_ZONE = rules.WIB
"""The zone of a code nobody knows: the capital's."""

_zones: Memory[str] = Memory(seconds=3600, size=200)
_paths: Memory[str] = Memory(seconds=60, size=5000)


def find_region(code: str) -> Region | None:
    """The region of a code with or without dots, also one that has ended; None when there is none."""
    plain = rules.plain_code(code)
    return Region.objects.filter(code=plain).first() if plain else None


def get_region(code: str) -> Region:
    """The region of a code with or without dots, also one that has ended.

    Raises:
        NotFound: there is no such code.
    """
    region = find_region(code)
    if region is None:
        raise NotFound
    return region


def regions_by_code(codes: Iterable[str]) -> dict[str, Region]:
    """The regions of several plain codes, in one query."""
    return {region.code: region for region in Region.objects.filter(code__in=set(codes))}


def zone_of(code: str) -> str:
    """The IANA time zone of a code of any level: its province's. Asks the table only for provinces younger than the rules."""
    known = rules.zone(code)
    if known or len(code) < 2:
        return known or DEFAULT_ZONE
    province = code[:2]
    return _zones.get(province, lambda: _zone_in_table(province))


def _zone_in_table(province: str) -> str:
    zones = Region.objects.filter(code=province).values_list("zone", flat=True)
    return zones.first() or DEFAULT_ZONE


def path_names(code: str) -> str:
    """A region with those above it up to the regency: "Desa Massamaturu, Kec. Polongbangkeng Timur, Kab. Takalar"."""
    plain = rules.plain_code(code)
    return _paths.get(plain, lambda: paths([plain]).get(plain, "")) if plain else ""


def paths(codes: Iterable[str]) -> dict[str, str]:
    """``path_names`` of several plain codes in one query; unknown codes are left out. A province stands alone."""
    wanted = [code for code in codes if code]
    above = {part for code in wanted for part in rules.lineage(code)}
    names = {region.code: region.short_name for region in Region.objects.filter(code__in=above)}
    return {code: path_of(code, names) for code in wanted if code in names}


def path_of(code: str, names: dict[str, str]) -> str:
    """The path of one code from the short names of its lineage; the province is left out unless it is asked for."""
    lowest_first = reversed(rules.lineage(code))
    return ", ".join(
        names[part] for part in lowest_first if part in names and (len(part) > 2 or part == code)
    )


def children(code: str = "", *, on: date | None = None) -> list[Region]:
    """The regions one level below a plain code ("" gives the provinces), by name; with ``on``, those that exist that day."""
    level = rules.level_of(code) + 1 if code else rules.PROVINCE
    found = Region.objects.inside(code).filter(level=level)
    if on is not None:
        found = found.current(on)
    return list(found.order_by("name", "code"))


def wide_areas(name: str) -> list[Region]:
    """Provinces, regencies and cities of that very name anywhere in the country, however the name is spelt."""
    key = rules.search_key(" ".join(rules.name_words(name)))
    found = Region.objects.filter(level__in=(rules.PROVINCE, rules.PROVINCE + 1), search_key=key)
    return list(found.order_by("level", "name", "code")) if key else []


def resolve(code: str, day: date) -> list[Region]:
    """What a code, with or without dots, has become by a day: itself, its one successor, or the parts it was split into.

    Empty for an unknown code. An area that has ended and became nothing is returned itself.
    """
    plain = rules.plain_code(code)
    if not plain:
        return []
    codes = rules.successors(plain, _steps_from(plain, day), day)
    found = regions_by_code(codes)
    return [found[successor] for successor in codes if successor in found]


def _steps_from(code: str, day: date) -> list[rules.Step]:
    """Every step that can be reached from a code by a day; one query per generation of changes, one when there is none."""
    steps: list[rules.Step] = []
    seen: set[str] = set()
    waiting = {code}
    while waiting:
        seen |= waiting
        rows = RegionChange.objects.filter(old_code__in=waiting, on_date__lte=day).order_by(
            "on_date", "new_code"
        )
        new = [rules.Step(row.old_code, row.new_code, row.on_date) for row in rows]
        steps += new
        waiting = {step.new_code for step in new} - seen
    return steps


def changes_of(code: str) -> QuerySet[RegionChange]:
    """The recorded changes from and to a plain code, oldest first."""
    from_code = RegionChange.objects.filter(old_code=code)
    return (from_code | RegionChange.objects.filter(new_code=code)).order_by(
        "on_date", "old_code", "new_code"
    )


def hamlets(village_code: str) -> list[Hamlet]:
    """The hamlets, RW and RT of a village, by kind and name."""
    found = Hamlet.objects.filter(village=village_code).select_related("inside")
    return sorted(found, key=lambda hamlet: (rules.HAMLET_RANKS.get(hamlet.kind, 9), hamlet.name))
