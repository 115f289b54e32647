"""What goes out: figures of a month, weighings as e-PPGBM prints them, days of people as FHIR; and what has no name on the other side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from simpul.desks import queries as desk_queries
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.people.models import Batch
from simpul.posyandu.access import exchange as exchange_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Coming, Connection, Examination, Posyandu, Shipment
from simpul.posyandu.queries import recaps
from simpul.posyandu.rules import dhis2, eppgbm, satusehat
from simpul.posyandu.rules import recaps as recap_rules
from simpul.regions import queries as region_queries

SYSTEMS = ("dhis2", "satusehat")
FIGURES = ("s", "k", "d", "n", "t", "o", "b", "bgm", "two_t")
"""Figures that may be sent: of both sexes together, and with ``.L`` and ``.P`` of one."""
MEASURES: Mapping[str, str] = {
    "weight": "weight_g",
    "height": "height_mm",
    "head": "head_mm",
    "muac": "muac_mm",
    "systolic": "systolic",
    "diastolic": "diastolic",
    "glucose": "glucose",
}
_SCALE: Mapping[str, int] = {"weight": 1000, "height": 10, "head": 10, "muac": 10}
VALUES = ("weight", "height", "muac", "waz", "haz", "whz", "bb_u", "tb_u", "bb_tb", "status")
"""What of a weighing can go to tracker, by our names."""
NOTHING, TAKEN_BACK = "nothing", "taken back"
"""What came of a parcel: nothing of the month has a name there; the line was taken back, or its person asked for standstill."""
NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "values": (("account", "data_set"), ("names", "elements"), ("names", "units")),
    "tracker": (
        ("account", "program"),
        ("account", "stage"),
        ("account", "type"),
        ("names", "units"),
        ("names", "event_elements"),
    ),
    "bundle": (("account", "organization"),),
}
"""What a connection must say before a kind can be sent."""
_OPENS = time(8, 0)
"""When a visit begins whose hour nobody wrote down."""


def lacking(connection: Connection, kind: str) -> str:
    """What a connection does not say yet and must, before a kind can be sent; "" for nothing."""
    for group, name in NEEDED[kind]:
        given = (
            connection.account.get(name)
            if group == "account"
            else any(connection.names.get(name, {}).values())
        )
        if not given:
            return name
    return ""


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(region_code: str, month: date) -> dict[str, dict[str, int | None]]:
    """Figures of each posyandu of an area in a month, by posyandu and name ("d", "d.L", "d.P").

    Small groups are whole here: what is sent goes to an authority that keeps the same people's records, by its own agreement.
    """
    found: dict[str, dict[str, int | None]] = {}
    tallies = recaps.count(recaps.Scope(region_code=region_code), month)
    for posyandu in Posyandu.objects.filter(areas.inside(region_code)).values_list("id", flat=True):
        tally = tallies.get(posyandu, Counter())
        row: dict[str, int | None] = {}
        for name in FIGURES:
            row[name] = sum(tally[f"{name}.{sex}"] for sex in recap_rules.SEXES)
            row[f"{name}.L"], row[f"{name}.P"] = tally[f"{name}.L"], tally[f"{name}.P"]
        found[str(posyandu)] = row
    return found


def value_set(connection: Connection, month: date, over: Sequence[str]) -> dhis2.ValueSet:
    """The figures of a month in some areas with the identifiers of a connection; figures that nobody gave one are left out."""
    names: Mapping[str, Any] = connection.names
    wanted = {name: uid for name, uid in names.get("elements", {}).items() if uid}
    given = {
        unit: {name: number for name, number in row.items() if name in wanted}
        for area in over
        for unit, row in figures(area, month).items()
    }
    return dhis2.value_set(
        connection.account.get("data_set", ""), month, given, wanted, names.get("units", {})
    )


# --- weighings --------------------------------------------------------------------------------------------------------


def weighings(region_code: str, month: date, posyandu_id: UUID | None = None) -> QuerySet[Examination]:
    """Weighings of children in a month that count, each child's last, without those who asked that their data stand still."""
    end = recap_rules.after(month)
    rows = Examination.objects.filter(
        areas.inside(region_code),
        Q(weight_g__isnull=False) | Q(height_mm__isnull=False),
        form="B",
        stands=True,
        date__gte=month,
        date__lt=end,
        person__restricted_at=None,
        person__erased_at=None,
    )
    if posyandu_id is not None:
        rows = rows.filter(posyandu_id=posyandu_id)
    later = rows.values_list("person_id", "date", "id").order_by("person_id", "date", "recorded_at")
    last = {person: key for person, _day, key in later}
    return (
        Examination.objects.filter(id__in=list(last.values()))
        .select_related("person__hamlet", "posyandu", "participant__mother")
        .order_by("region_code", "posyandu__name", "person__full_name")
    )


def eppgbm_rows(by: Actor, month: date, posyandu_id: UUID | None = None) -> Iterator[list[Any]]:
    """The headings and the rows of e-PPGBM's sheet for the weighings of a month this actor may see."""
    yield list(eppgbm.HEADINGS)
    seen = access.examinations(by)
    number = 0
    names: dict[str, tuple[str, ...]] = {}
    for code in sorted(by.served_areas):
        rows = weighings(code, month, posyandu_id)
        for one in rows.filter(id__in=seen.filter(rows_of(code, month)).values("id")):
            number += 1
            yield _eppgbm_row(number, one, _names(one.region_code, names))


def rows_of(region_code: str, month: date) -> Q:
    """Examinations of an area in a month."""
    return areas.inside(region_code) & Q(date__gte=month, date__lt=recap_rules.after(month))


def _names(code: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Province, regency, district and village of a code by name; each village is asked for once."""
    if code not in known:
        parts = (code[:2], code[:4], code[:6], code)
        places = region_queries.regions_by_code(parts)
        known[code] = tuple(places[part].name if part in places else "" for part in parts)
    return known[code]


def _eppgbm_row(number: int, one: Examination, places: tuple[str, ...]) -> list[Any]:
    person, place = one.person, one.participant
    province, regency, district, village = places
    said = place.details
    born = person.birth_date
    return [
        str(number),
        person.nik,
        person.full_name,
        person.sex,
        born.isoformat() if born else "",
        eppgbm.kilograms(said.get("birth_weight")),
        eppgbm.centimetres(said.get("birth_length")),
        place.mother.full_name if place.mother else str(said.get("mother_name") or ""),
        province,
        regency,
        district,
        str(said.get("health_centre") or ""),
        village,
        one.posyandu.name,
        str(said.get("rt") or ""),
        str(said.get("rw") or ""),
        person.address,
        eppgbm.age_words(born, one.date) if born else "",
        one.date.isoformat(),
        eppgbm.kilograms(one.weight_g),
        eppgbm.centimetres(one.height_mm),
        {"l": "Terlentang", "h": "Berdiri"}.get(one.measured, ""),
        eppgbm.centimetres(one.muac_mm),
        eppgbm.WORDS["bb_u"].get(one.bb_u, ""),
        eppgbm.z_number(one.waz_m if one.waz_m is not None else one.waz),
        eppgbm.WORDS["tb_u"].get(one.tb_u, ""),
        eppgbm.z_number(one.haz_m if one.haz_m is not None else one.haz),
        eppgbm.WORDS["bb_tb"].get(one.bb_tb, ""),
        eppgbm.z_number(one.whz_m if one.whz_m is not None else one.whz),
        one.status,
        "",
        "1" if one.values.get("vitamin_a") else "",
        "",
        "",
        "",
        "",
        "",
    ]


# --- comparisons ------------------------------------------------------------------------------------------------------


def method(by: Actor, batch: Batch) -> eppgbm.Method:
    """Which way of counting ages the printed scores of a list follow."""
    rows = exchange_access.comparisons(by, batch).values_list("theirs", "ours")
    return eppgbm.method_of(list(rows.iterator(chunk_size=2000)))


def tally(by: Actor, batch: Batch) -> dict[str, Counter[tuple[str, str]]]:
    """How many rows of a list have which class there and here: index -> (theirs, ours) -> rows."""
    found: dict[str, Counter[tuple[str, str]]] = {index: Counter() for index in eppgbm.INDICES}
    rows = exchange_access.comparisons(by, batch).values_list("theirs", "ours")
    for theirs, ours in rows.iterator(chunk_size=2000):
        for index, counted in found.items():
            counted[str(theirs.get(index) or ""), str(ours.get(index) or "")] += 1
    return found


# --- days of people ---------------------------------------------------------------------------------------------------


def site(connection: Connection) -> satusehat.Site:
    """Who sends, as the connection says."""
    account = connection.account
    return satusehat.Site(
        account.get("organization", ""),
        account.get("location", ""),
        account.get("practitioner", ""),
        account.get("vaccine_system", ""),
        connection.names.get("vaccines", {}),
    )


def attended(one: Examination) -> satusehat.Attendance:
    """One line of a card as a visit: hours from the queue, else from eight o'clock; lengths lying and standing have names of their own."""
    begun, ended = _hours(one)
    measures: dict[str, float] = {}
    for name, column in MEASURES.items():
        value = getattr(one, column)
        if value is not None:
            said = "length" if name == "height" and one.measured == "l" else name
            measures[said] = value / _SCALE[name] if name in _SCALE else value
    person = one.person
    doses = one.values.get("vaccines") or []
    return satusehat.Attendance(
        one.id,
        satusehat.Patient(person.id, person.nik, person.full_name, person.sex, person.birth_date),
        begun,
        ended,
        measures,
        [satusehat.Dose(code, str(code).upper(), one.date) for code in doses if isinstance(code, str)],
    )


def _hours(one: Examination) -> tuple[datetime, datetime]:
    zone = desk_queries.zone_of(one.region_code)
    came = (
        Coming.objects.filter(day_id=one.day_id, participant_id=one.participant_id).first()
        if one.day_id
        else None
    )
    begun = came.came_at if came else datetime.combine(one.date, _OPENS, zone)
    ended = came.left_at if came and came.left_at else begun + timedelta(minutes=15)
    return begun.astimezone(zone), ended.astimezone(zone)


def to_queue(connection: Connection, month: date, over: Sequence[str]) -> tuple[Any, int]:
    """Lines of a month that do not wait already: those never sent first, then those sent longest ago; and how many cannot go.

    A line that was sent and has been taken back since goes once more, to be marked as an error there.
    """
    rows, without = to_satusehat(over, month, sent_over=connection)
    own = Shipment.objects.filter(connection=connection, examination=OuterRef("pk"))
    rows = rows.filter(~Exists(own.filter(state="waiting"))).annotate(
        sent_at=Subquery(own.values("done_at")[:1])
    )
    return rows.order_by(F("sent_at").asc(nulls_first=True), "date", "id"), without


def to_satusehat(
    over: Sequence[str], month: date, *, sent_over: Connection | None = None
) -> tuple[QuerySet[Examination], int]:
    """Lines of a month that can be sent, and how many cannot: whoever has no NIK is nobody there."""
    counts = Q(stands=True)
    if sent_over is not None:
        there = Shipment.objects.filter(connection=sent_over, examination=OuterRef("pk"), rows__gt=0)
        counts = counts | Q(Exists(there))
    rows = Examination.objects.filter(
        counts,
        areas.inside_any(over),
        date__gte=month,
        date__lt=recap_rules.after(month),
        person__restricted_at=None,
        person__erased_at=None,
    )
    return rows.exclude(person__nik_index=""), rows.filter(person__nik_index="", stands=True).count()


def tracked(connection: Connection, month: date, over: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Children weighed in a month for DHIS2's tracker, and the posyandu that have no unit there."""
    units: Mapping[str, str] = connection.names.get("units", {})
    children: list[dhis2.Child] = []
    missing: dict[str, None] = {}
    for one in (found for area in over for found in weighings(area, month)):
        unit = units.get(str(one.posyandu_id), "")
        if not unit:
            missing[one.posyandu.name] = None
            continue
        person = one.person
        attributes = {
            "name": person.full_name,
            "nik": person.nik,
            "sex": person.sex,
            "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        }
        children.append(
            dhis2.Child(
                str(person.id),
                unit,
                one.participant.opened_date,
                attributes,
                [(str(one.id), one.date, _values(one))],
                str(one.participant_id),
            )
        )
    program = {**connection.account, "attributes": {}, "elements": {}, **connection.names}
    return dhis2.tracker(children, {**program, "elements": connection.names.get("event_elements", {})}), list(
        missing
    )


def _values(one: Examination) -> dict[str, str]:
    return {
        "weight": eppgbm.kilograms(one.weight_g),
        "height": eppgbm.centimetres(one.height_mm),
        "muac": eppgbm.centimetres(one.muac_mm),
        "waz": eppgbm.z_words(one.waz),
        "haz": eppgbm.z_words(one.haz),
        "whz": eppgbm.z_words(one.whz),
        "bb_u": one.bb_u,
        "tb_u": one.tb_u,
        "bb_tb": one.bb_tb,
        "status": one.status,
    }


# --- what waits -------------------------------------------------------------------------------------------------------


def waiting(at: datetime, limit: int) -> list[UUID]:
    """Parcels whose turn it is, the oldest first."""
    rows = Shipment.objects.filter(state="waiting", next_at__lte=at, connection__on=True).order_by(
        "next_at", "id"
    )
    return list(rows.values_list("id", flat=True)[:limit])


def posyandu_names(shipments: Iterable[Shipment]) -> dict[str, str]:
    """Posyandu that were left out of parcels for want of an identifier, by the key that was written down."""
    keys = {key for one in shipments for key in one.left_out if len(key) == 36}
    rows = Posyandu.objects.filter(id__in=keys).values_list("id", "name") if keys else ()
    return {str(key): name for key, name in rows}


def heaps(shipments: QuerySet[Shipment]) -> list[dict[str, Any]]:
    """Days of people by month and state, with how many: a month is hundreds of parcels."""
    rows = shipments.filter(kind="bundle").order_by()
    groups = rows.values("connection__system", "month", "state").annotate(n=Count("id"))
    return [dict(one) for one in groups.order_by("-month", "state")[:60]]


def states(shipments: Iterable[Shipment] | Sequence[Shipment]) -> Counter[str]:
    """How many parcels are in which state."""
    return Counter(one.state for one in shipments)
