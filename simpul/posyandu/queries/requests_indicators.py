"""What the indicators of the six fields come to in an area, where the house knows them. What is unknown is counted apart, never as "no"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.people.models import House, Person
from simpul.people.queries import lists
from simpul.posyandu.models import FieldRequest
from simpul.posyandu.queries import figures, recaps, services
from simpul.posyandu.rules import recaps as rules

ELDER = 60
UNPROTECTED = frozenset({"well_unprotected", "spring_unprotected", "surface", "rain"})
POOR_FLOOR = frozenset({"earth", "bamboo"})
OUT_OF_SCHOOL = frozenset({"never", "left"})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, among how many of whom it is known, and of how many it is not."""

    value: int
    known: int
    unknown: int
    hidden: bool = False
    """The seat sees no names, and the table of the month hides this number from it."""


def counted(by: Actor, on: date) -> dict[str, Counted]:
    """Indicator -> its figure in the area of this seat. One query an indicator; those the house cannot count are not in it."""
    found: dict[str, Counted] = {}
    for indicators in services.catalogue().indicators.values():
        for one in indicators:
            if one.count:
                found[one.code] = _COUNTERS[one.count](by, on, one)
    return found


def _codes(field: str, meanings: Iterable[str]) -> list[str]:
    """Codes that surely mean one of these."""
    wanted = frozenset(meanings)
    return [code for code, means in lists.codes_by_meaning(field).items() if means and means <= wanted]


def _birthdays(on: date, least: int, most: int) -> Q:
    """Born so that they are between two ages, both counted, in completed years."""
    youngest, oldest = _years_before(on, least), _years_before(on, most + 1)
    return Q(birth_date__lte=youngest, birth_date__gt=oldest)


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)


def _people(by: Actor) -> Q:
    return Q(areas.inside_any(by.served_areas), life="here", resident=True)


def _out_of_school(by: Actor, on: date, one: services.Indicator) -> Counted:
    rows = Person.objects.filter(_people(by), _birthdays(on, *one.ages))
    return _among(rows, Q(profile__schooling__in=_codes("schooling", OUT_OF_SCHOOL)), "profile__schooling")


def _disability(by: Actor, _on: date, _one: services.Indicator) -> Counted:
    rows = Person.objects.filter(_people(by))
    return _among(
        rows,
        Q(profile__disability__in=_codes("disability", lists.all_meanings("disability") - {"none"})),
        "profile__disability",
    )


def _elderly(by: Actor, on: date, _one: services.Indicator) -> Counted:
    rows = Person.objects.filter(_people(by))
    told = rows.aggregate(
        value=Count("id", filter=Q(birth_date__lte=_years_before(on, ELDER))),
        known=Count("id", filter=Q(birth_date__isnull=False)),
        whole=Count("id"),
    )
    return Counted(told["value"], told["known"], told["whole"] - told["known"])


def _water_source(by: Actor, _on: date, _one: services.Indicator) -> Counted:
    rows = House.objects.filter(areas.inside_any(by.served_areas))
    return _among(rows, Q(water__in=_codes("water", UNPROTECTED)), "water")


def _no_toilet(by: Actor, _on: date, _one: services.Indicator) -> Counted:
    rows = House.objects.filter(areas.inside_any(by.served_areas))
    return _among(rows, Q(toilet__in=_codes("toilet", ("none",))), "toilet")


def _unfit_house(by: Actor, _on: date, _one: services.Indicator) -> Counted:
    """A floor of earth or bamboo, or both wall and roof in poor condition: a first sieve; the visit decides."""
    rows = House.objects.filter(areas.inside_any(by.served_areas))
    poor = Q(wall_condition__in=_codes("wall_condition", ("poor",))) & Q(
        roof_condition__in=_codes("roof_condition", ("poor",))
    )
    return _among(rows, Q(floor__in=_codes("floor", POOR_FLOOR)) | poor, "floor")


def _weighed(by: Actor, on: date, _one: services.Indicator) -> Counted:
    """D of the month's recap, hidden where the recap hides it: 37 of 40 weighed tells of the three that were not."""
    month, value, hidden = rules.first_of(on), 0, False
    for area in by.served_areas:
        scope = recaps.Scope(area)
        rows = figures.groups(recaps.posyandus(by, scope), recaps.counted(scope, month).tallies, area)
        shown = figures.table(rows, hide=not figures.may_name(by)).total["d"]
        value, hidden = value + (shown or 0), hidden or shown is None
    return Counted(value, value, 0, hidden)


def _order_year(by: Actor, on: date, _one: services.Indicator) -> Counted:
    since = on - timedelta(days=365)
    rows = FieldRequest.objects.filter(
        areas.inside_any(by.served_areas), field="order", released_at__date__gt=since
    )
    value = rows.count()
    return Counted(value, value, 0)


def _among(rows: object, hit: Q, column: str) -> Counted:
    told: Mapping[str, int] = rows.aggregate(  # type: ignore[attr-defined]
        value=Count("pk", filter=hit),
        known=Count("pk", filter=~Q(**{column: ""}) & Q(**{f"{column}__isnull": False})),
        whole=Count("pk"),
    )
    return Counted(told["value"], told["known"], told["whole"] - told["known"])


_COUNTERS: Mapping[str, Callable[[Actor, date, services.Indicator], Counted]] = {
    "out_of_school": _out_of_school,
    "disability": _disability,
    "elderly": _elderly,
    "water_source": _water_source,
    "no_toilet": _no_toilet,
    "unfit_house": _unfit_house,
    "weighed": _weighed,
    "order_year": _order_year,
}
"""How an indicator is counted, by the word of the catalogue."""
