"""What everybody may know of posyandu: where and when the next day is, and a month of the whole area. No names, no small group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from django.db.models import QuerySet

from simpul.lib import areas, small_cells
from simpul.posyandu.models import Cadre, MonthCount, Posyandu
from simpul.posyandu.queries import institution, recap_rules, recaps
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries

MOST = 400


@dataclass(frozen=True, slots=True)
class Opening:
    """One posyandu for those who want to go there; ``day`` is None while no schedule was written down."""

    name: str
    hamlet: str
    place: str
    day: date | None
    holiday: str
    starts: time | None


@dataclass(frozen=True, slots=True)
class Village:
    """The posyandu of one village, those that open first in front."""

    name: str
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many there are; None when the people who serve are too few to be counted in public."""

    posyandu: int
    serving: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """A whole month of an area: its rates and its coverage; a rate that is hidden is None, with its band where that may be told."""

    month: date
    rates: tuple[tuple[rules.Rate, rules.Rate | None], ...]
    coverage: tuple[tuple[rules.Rate, rules.Rate | None], ...]
    bands: Mapping[str, int]


def _open(region_code: str) -> QuerySet[Posyandu]:
    return Posyandu.objects.filter(areas.inside(region_code), closed_date=None)


def parts(region_code: str) -> list[tuple[str, str, int]]:
    """The kecamatan of a wide area that have posyandu: code, name, how many. Two queries."""
    length = max(6, recaps.deeper(region_code))
    found = Counter(code[:length] for code in _open(region_code).values_list("region_code", flat=True))
    known = region_queries.regions_by_code(found)
    named = [(code, known[code].name if code in known else code, number) for code, number in found.items()]
    return sorted(named, key=lambda one: (one[1], one[0]))


def villages(region_code: str, today: date) -> list[Village]:
    """The posyandu of a village or a kecamatan with their next day, village by village."""
    by_village: dict[str, list[Opening]] = defaultdict(list)
    for one in _open(region_code).select_related("hamlet").order_by("region_code", "name", "id")[:MOST]:
        days = institution.next_days(one, today, 1)
        by_village[one.region_code].append(
            Opening(
                one.name,
                one.hamlet.name if one.hamlet else "",
                one.secretariat,
                days[0].day if days else None,
                days[0].holiday if days else "",
                one.starts,
            )
        )
    known = region_queries.regions_by_code(by_village)
    found = [
        Village(
            known[code].name if code in known else code,
            tuple(sorted(rows, key=lambda one: (one.day or date.max, one.name))),
        )
        for code, rows in by_village.items()
    ]
    return sorted(found, key=lambda village: village.name)


def numbers(region_code: str) -> Numbers:
    """How many posyandu serve in an area, and how many people in them. Two queries."""
    inside = _open(region_code)
    serving = Cadre.objects.filter(posyandu__in=inside, ended_date=None).count()
    return Numbers(inside.count(), small_cells.shown(serving))


def last_month(region_code: str, today: date) -> Month | None:
    """The last whole month of an area as it was counted, hidden as the table of its parts hides its total; None when nobody was on a
    list or nothing was counted. One query."""
    month = rules.back(rules.first_of(today), 1)
    length = 0 if len(region_code) >= 10 else recaps.deeper(region_code)
    groups: dict[str, list[Mapping[str, int]]] = defaultdict(list)
    rows = MonthCount.objects.filter(areas.inside(region_code), month=month)
    for posyandu, code, figures in rows.values_list("posyandu_id", "region_code", "figures"):
        groups[code[:length] if length else str(posyandu)].append(figures)
    counts = {key: rules.together(many) for key, many in sorted(groups.items())}
    table = shown.skdn([(key, rules.skdn(one)) for key, one in counts.items()], hide=True)
    total = rules.together(counts.values())
    found = rules.skdn(total)
    if not found.s:
        return None
    rates = []
    for one in rules.rates(found, recap_rules.targets()):
        above, below, _words = rules.RATES[one.figure]
        gone = table.total[above] is None or table.total[below] is None
        rates.append((one, None if gone else shown.rate(one, hide=True)))
    coverage = [(one, shown.rate(one, hide=True)) for one in rules.coverage(total, recap_rules.targets())]
    return Month(month, tuple(rates), tuple(coverage), table.total_bands)
