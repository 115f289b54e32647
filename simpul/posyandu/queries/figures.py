"""Dashboards: what a cadre, a posyandu, a village, a kecamatan and the regency see of a month; and the names behind a figure.

Figures name nobody. Names are for seats with ``examination.read`` in their area alone (UU 27/2022 art. 4: health data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, Examination, Finding, Participant, Posyandu, StockItem, Task
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import institution as institution_queries
from simpul.posyandu.queries import recaps, stock
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.posyandu.rules import stock as stock_rules
from simpul.regions import queries as region_queries

PAGE = 50
MOST_LISTED = 300


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


CHILDREN: Mapping[str, str] = {
    "missed": _("Not weighed this month"),
    "two_t": _("Twice without gain"),
    "bgm": _("Below the red line"),
    "stunted": _("Short or very short for their age"),
    "wasted": _("Thin or very thin for their height"),
    "underweight": _("Light or very light for their age"),
}
"""Figures of children that open to names."""
LEFT: Mapping[str, str] = {
    "vitamin_a": _("Had no vitamin A since February or August"),
    "deworming": _("Had no deworming this year"),
    "iron": _("Pregnant women without iron tablets this month"),
    "immunised": _("Basic immunisation not complete: children of 12 to 23 months"),
    "no_status": _("Weighed, but without N, T, O or B"),
    "rivals": _("Entered twice on one day"),
    "no_weight": _("Came, but no weight was written down"),
    "said_other": _("Read in another way than the computer"),
}
"""Further lists of people: who is left in a coverage, and what keeps a month from adding up."""
FOLLOW: Mapping[str, str] = {
    "findings": _("Open findings"),
    "overdue": _("Findings whose task is overdue"),
}
TASKS: Mapping[str, str] = {
    "tasks": _("Open tasks of cadres"),
    "tasks_overdue": _("Tasks past their day"),
}
FORM_FIGURES: Mapping[str, str] = {
    f"{form}.{part}": words
    for form in rules.FORMS
    for part, words in {**rules.FORM_PARTS, "absent": _("did not come")}.items()
}
NAMED: Mapping[str, str] = {
    **CHILDREN,
    **LEFT,
    **FOLLOW,
    **TASKS,
    **{name: rules.SKDN_WORDS[name] for name in ("s", "k", "d", *rules.STATUSES)},
    **FORM_FIGURES,
}


def may_name(by: Actor) -> bool:
    """True when this seat sees the people behind figures."""
    return roles.may_somewhere(by, "examination.read")


# --- groups ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """One row of an area's table: a posyandu, a village, a kecamatan or a regency, with its figures."""

    key: str
    name: str
    counts: Mapping[str, int]
    posyandu: Posyandu | None = None
    latitude: float | None = None
    longitude: float | None = None


def groups(
    rows: Sequence[Posyandu], tallies: Mapping[UUID, Mapping[str, int]], region_code: str
) -> list[Group]:
    """The rows of an area one level down: posyandu of a village, else villages, kecamatan or regencies. One query for the names."""
    if len(region_code) >= 10:
        return [
            Group(str(one.id), one.name, tallies.get(one.id, {}), one, one.latitude, one.longitude)
            for one in rows
        ]
    length = recaps.deeper(region_code)
    parts: dict[str, list[Mapping[str, int]]] = {}
    for one in rows:
        parts.setdefault(one.region_code[:length], []).append(tallies.get(one.id, {}))
    known = region_queries.regions_by_code(parts)
    return [
        Group(
            code,
            known[code].name if code in known else code,
            rules.together(counts),
            None,
            known[code].latitude if code in known else None,
            known[code].longitude if code in known else None,
        )
        for code, counts in sorted(parts.items())
    ]


def table(rows: Sequence[Group], *, hide: bool, blind: frozenset[str] = frozenset()) -> shown.Table:
    """SKDN of groups as a seat may read it; ``blind`` are figures that ``hidden_above`` names."""
    return shown.skdn([(one.key, rules.skdn(one.counts)) for one in rows], hide=hide, blind=blind)


def hidden_above(by: Actor, region_code: str, month: date) -> frozenset[str]:
    """Figures of an area that the tables of the wider areas of this seat hide: shown in the area's own, they would tell of its
    neighbours. Nothing for the area of the seat itself; two or three queries for each step down."""
    tops = [one for one in by.served_areas if region_code.startswith(one)]
    top, gone = max(tops, key=len, default=region_code), frozenset[str]()
    while len(top) < len(region_code):
        scope = recaps.Scope(top)
        rows = groups(recaps.posyandus(by, scope), recaps.counted(scope, month).tallies, top)
        found = table(rows, hide=True, blind=gone)
        top = region_code[: recaps.deeper(top)]
        cells = found.rows.get(top, {})
        gone = frozenset(name for name in rules.SKDN if cells.get(name) is None) if cells else gone
    return gone


# --- the dashboard -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kit:
    """One kind of goods of the catalogue: at how many posyandu something is missing to the norm."""

    code: str
    name: str
    lacking: int


@dataclass(frozen=True, slots=True)
class Board:
    """What one page tells of an area."""

    posyandu: int
    pilots: int
    serving: int
    missing: int  # people to the norm
    below: int  # posyandu below the norm
    findings: Mapping[str, int] = field(default_factory=dict)
    overdue: int = 0
    tasks_open: int = 0
    tasks_overdue: int = 0
    fields: tuple[tuple[str, str, int], ...] = ()  # code, name, posyandu where somebody works in it
    kits: tuple[Kit, ...] = ()

    @property
    def open_findings(self) -> int:
        """All open findings."""
        return sum(self.findings.values())


def board(rows: Sequence[Posyandu], scope: recaps.Scope, today: date, language: str) -> Board:
    """Findings, tasks, people, fields and goods of an area; six queries."""
    serving = _serving(scope)
    have = {one.id: sum(serving.get(one.id, {}).values()) for one in rows}
    gaps = [max(0, one.norm - have[one.id]) for one in rows]
    guarded = finding_queries.guarded_codes()
    open_findings = Finding.objects.filter(scope.rows(), state="open").exclude(code__in=guarded)
    late = Task.objects.filter(finding=OuterRef("id"), state="open", due_date__lt=today)
    seen = Task.objects.filter(scope.rows(), state="open").exclude(reason__in=guarded)
    tasks = seen.aggregate(open=Count("id"), overdue=Count("id", filter=Q(due_date__lt=today)))
    return Board(
        posyandu=len(rows),
        pilots=sum(1 for one in rows if one.pilot),
        serving=sum(have.values()),
        missing=sum(gaps),
        below=sum(1 for one in gaps if one),
        findings=dict(open_findings.order_by().values_list("code").annotate(number=Count("id"))),
        overdue=open_findings.filter(Exists(late)).count(),
        tasks_open=tasks["open"],
        tasks_overdue=tasks["overdue"],
        fields=_fields(rows, serving, language),
        kits=_kits(rows, scope, have, language),
    )


def _serving(scope: recaps.Scope) -> dict[UUID, dict[str, int]]:
    """People who serve now, by posyandu and field."""
    place = (
        Q(posyandu_id=scope.posyandu_id)
        if scope.posyandu_id
        else Q(posyandu__in=Posyandu.objects.filter(scope.posyandu_rows()))
    )
    found: dict[UUID, dict[str, int]] = {}
    rows = Cadre.objects.filter(place, ended_date=None).order_by()
    for posyandu, code, number in rows.values_list("posyandu_id", "field").annotate(number=Count("id")):
        found.setdefault(posyandu, {})[code] = number
    return found


def _fields(
    rows: Sequence[Posyandu], serving: Mapping[UUID, Mapping[str, int]], language: str
) -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (
            one.code,
            one.label(language),
            sum(1 for row in rows if one.code in row.fields and serving.get(row.id, {}).get(one.code)),
        )
        for one in institution_queries.fields()
        if any(one.code in row.fields for row in rows)
    )


def _kits(
    rows: Sequence[Posyandu], scope: recaps.Scope, have: Mapping[UUID, int], language: str
) -> tuple[Kit, ...]:
    """Goods of the catalogue and at how many posyandu some are missing; what nobody has written down is missing everywhere."""
    held = _held(scope)
    return tuple(
        Kit(
            code,
            kit.label(language),
            sum(1 for row in rows if _lacks(kit, held.get((row.id, code)), have[row.id])),
        )
        for code, kit in stock.kits().items()
    )


def _held(scope: recaps.Scope) -> dict[tuple[UUID, str], StockItem]:
    """Goods of the catalogue by posyandu and kind."""
    place = (
        Q(posyandu_id=scope.posyandu_id)
        if scope.posyandu_id
        else Q(posyandu__in=Posyandu.objects.filter(scope.posyandu_rows()))
    )
    return {(item.posyandu_id, item.code): item for item in StockItem.objects.filter(place).exclude(code="")}


def _lacks(kit: stock.Kit, item: StockItem | None, cadres: int) -> bool:
    there = stock.balance(item) if item is not None else stock_rules.Balance()
    return stock_rules.wanted(kit.norm, kit.per_cadre, cadres, there).missing > 0


# --- a cadre's own -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """The people and tasks of the cadre in this seat."""

    people: int = 0
    missed: tuple[Participant, ...] = ()
    tasks: tuple[Task, ...] = ()


def own(by: Actor, month: date, most: int = 20) -> Own | None:
    """What the cadre in this seat looks after; None for a seat that is no cadre's. Three queries."""
    if by.seat_id is None:
        return None
    mine = access.participants(by).filter(cadre__seat_id=by.seat_id, closed_date=None)
    tasks = access.tasks(by).filter(cadre__seat_id=by.seat_id, state="open").order_by("due_date", "id")
    tasks = tasks.exclude(reason__in=finding_queries.guarded_codes())
    people = mine.count()
    missed = _not_weighed(mine, month).order_by("person__full_name", "id")
    return Own(people, tuple(missed[:most]), tuple(tasks[:most]))


# --- names behind a figure ---------------------------------------------------------------------------------------------------


def behind(by: Actor, scope: recaps.Scope, figure: str, month: date) -> QuerySet[Participant]:
    """The people behind a figure, in the area of a seat that may see names; none for others."""
    if figure in FORM_FIGURES:
        form, _dot, part = figure.partition(".")
        return _of_form(by, scope, form, part, month)
    if figure in ("s", "k"):
        return recaps.children(access.participants(by), scope, month, card=figure == "k")
    rows = access.participants(by).filter(scope.rows(), form="B")
    if figure == "missed":
        return _not_weighed(rows.filter(recaps.open_at_end(month), recaps.under_five(month)), month)
    if figure in ("vitamin_a", "deworming"):
        return _left(rows.filter(recaps.open_at_end(month)), figure, month)
    if figure == "immunised":
        due = rows.filter(recaps.open_at_end(month)).filter(recaps.aged(month, 12, 23))
        return due.exclude(person__in=[person for _place, person in recaps.immunised(scope, month)])
    if figure == "iron":
        return _without_iron(by, scope, month)
    if figure == "no_weight":
        there = _of_month(month).filter(weight_g=None, stands=True)
        return _not_weighed(rows.filter(recaps.under_five(month)).filter(_has(there)), month)
    if figure == "rivals":
        return access.participants(by).filter(id__in=recaps.undecided(scope, month).values("participant"))
    found = recaps.weighings(scope, month).filter(_FIGURES[figure])
    return access.participants(by).filter(id__in=found.values("participant"))


def _of_form(by: Actor, scope: recaps.Scope, form: str, part: str, month: date) -> QuerySet[Participant]:
    """Cards of a form, and who of them came, did not come, had a problem, was referred."""
    rows = access.participants(by)
    if part in ("open", "absent"):
        listed = rows.filter(scope.rows(), recaps.open_at_end(month), form=form)
        if part == "open":
            return listed
        return listed.exclude(person__in=recaps.came(scope, month, form).values("person"))
    return rows.filter(id__in=recaps.came(scope, month, form, part).values("participant"))


def _without_iron(by: Actor, scope: recaps.Scope, month: date) -> QuerySet[Participant]:
    entries = recaps.came(scope, month, "A").values_list("person", "values")
    had = {person for person, values in entries.iterator() if rules.given(values.get("iron_given"))}
    rows = access.participants(by).filter(scope.rows(), recaps.open_at_end(month))
    return rows.filter(recaps.expecting(month)).exclude(person__in=had)


_FIGURES: Mapping[str, Q] = {
    "d": Q(),
    **{name: Q(status=name.upper()) for name in rules.STATUSES},
    "two_t": Q(two_t=True),
    "bgm": Q(bgm=True),
    "stunted": Q(tb_u__in=recaps.STUNTED),
    "wasted": Q(bb_tb__in=recaps.WASTED),
    "underweight": Q(bb_u__in=recaps.THIN),
    "no_status": ~Q(status__in=[name.upper() for name in rules.STATUSES]),
    "said_other": ~Q(said_status="") & ~Q(status="") & ~Q(said_status=F("status")),
}


def _of_month(month: date) -> QuerySet[Examination]:
    return Examination.objects.filter(form="B", date__gte=month, date__lt=rules.after(month))


def _has(entries: QuerySet[Examination]) -> Exists:
    return Exists(entries.filter(person=OuterRef("person")))


def _not_weighed(rows: QuerySet[Participant], month: date) -> QuerySet[Participant]:
    weighed = _of_month(month).filter(stands=True, weight_g__isnull=False)
    return rows.filter(~_has(weighed))


def _left(rows: QuerySet[Participant], figure: str, month: date) -> QuerySet[Participant]:
    """Who is of the age and was not given it."""
    least, since, key = {
        "vitamin_a": (6, rules.vitamin_since(month), "values__vitamin_a"),
        "deworming": (12, rules.year_since(month), "values__deworming"),
    }[figure]
    given = Examination.objects.filter(
        form="B", stands=True, date__gte=since, date__lt=rules.after(month), **{key: True}
    )
    return rows.filter(recaps.aged(month, least, 59)).filter(~_has(given))


def findings(
    by: Actor, scope: recaps.Scope, today: date, *, overdue: bool, code: str = ""
) -> QuerySet[Finding]:
    """Open findings of a seat that may see names, the oldest first."""
    rows = access.findings(by).filter(scope.rows(), state="open").order_by("found_date", "id")
    rows = rows.exclude(code__in=finding_queries.guarded_codes())
    if overdue:
        rows = rows.filter(
            Exists(Task.objects.filter(finding=OuterRef("id"), state="open", due_date__lt=today))
        )
    return rows.filter(code=code) if code else rows


def tasks(by: Actor, scope: recaps.Scope, today: date, *, overdue: bool) -> QuerySet[Task]:
    """Open tasks of a seat that may see names, the most urgent first."""
    rows = (
        access.tasks(by)
        .filter(scope.rows(), state="open")
        .exclude(reason__in=finding_queries.guarded_codes())
    )
    rows = rows.filter(due_date__lt=today) if overdue else rows
    return rows.select_related("person", "household", "posyandu").order_by("due_date", "id")


# --- posyandu behind a figure ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lacking:
    """One posyandu and what it has and lacks of what was asked."""

    posyandu: Posyandu
    have: int
    missing: int


def lacking(rows: Sequence[Posyandu], scope: recaps.Scope, what: str, code: str = "") -> list[Lacking]:
    """Posyandu behind a figure of people and goods, the widest gap first: ``people`` below the norm, ``serving`` all with their people,
    ``field`` those with somebody in a field, ``kit`` those that lack goods, ``pilots``. Two queries."""
    serving = _serving(scope)
    have = {one.id: sum(serving.get(one.id, {}).values()) for one in rows}
    found = [Lacking(one, have[one.id], max(0, one.norm - have[one.id])) for one in rows]
    if what == "people":
        found = [one for one in found if one.missing]
    elif what == "pilots":
        found = [one for one in found if one.posyandu.pilot]
    elif what == "field":
        found = [Lacking(one, serving.get(one.id, {}).get(code, 0), 0) for one in rows if code in one.fields]
    elif what == "kit":
        kit, held = stock.kits()[code], _held(scope)
        found = [_lacking_goods(one, kit, held.get((one.id, code)), have[one.id]) for one in rows]
        found = [one for one in found if one.missing]
    return sorted(found, key=lambda one: (-one.missing, one.have, one.posyandu.name))


def _lacking_goods(posyandu: Posyandu, kit: stock.Kit, item: StockItem | None, cadres: int) -> Lacking:
    there = stock.balance(item) if item is not None else stock_rules.Balance()
    wanted = stock_rules.wanted(kit.norm, kit.per_cadre, cadres, there)
    return Lacking(posyandu, wanted.have, wanted.missing)
