"""Works as desk and portal show them: lists with their sums, one work's book, what the price list says, the board of thanks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from simpul.community.access import works as access
from simpul.community.models import Idea, Labour, Material, Money, Picture, Rate, Tool, Work, WorkSet
from simpul.community.rules import works as rules
from simpul.lib import areas, text
from simpul.lib.actor import Actor

PAGE = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list of works."""

    state: str = ""
    region: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of works, each with its sums."""

    rows: Sequence[Any]
    sums: Mapping[UUID, rules.Sums]
    has_next: bool = False


def listed(by: Actor, filters: Filters) -> Page:
    """Works of the actor's area, the newest first. The number of database queries is fixed."""
    return _page(access.visible(by), filters)


def _page(rows: WorkSet, filters: Filters) -> Page:
    if filters.state in rules.STATES:
        rows = rows.filter(state=filters.state)
    if filters.region:
        rows = rows.filter(areas.inside(filters.region))
    for word in filters.words.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(about__icontains=word) | Q(place__icontains=word))
    begin = (filters.page - 1) * PAGE
    found = list(rows.select_related("hamlet").order_by("-changed_at", "id")[begin : begin + PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, sums_of([one.id for one in shown]), len(found) > PAGE)


def sums_of(work_ids: Iterable[UUID]) -> dict[UUID, rules.Sums]:
    """What each of the works took, by three queries however many they are."""
    keys = list(work_ids)
    lines: dict[UUID, list[rules.Line]] = {key: [] for key in keys}
    standing = {"work_id__in": keys, "withdrawn_at": None}
    hours = F("half_days") * F("people")
    labour = Labour.objects.filter(**standing).values_list("work_id")
    for key, halves, wages in labour.annotate(
        halves=Sum(hours, output_field=IntegerField()), wages=Sum("wage")
    ):
        lines[key].append(rules.Line("labour", value=wages or 0, half_days=halves or 0))
    things = Material.objects.filter(**standing).values_list("work_id", "source")
    for key, source, value in things.annotate(total=Sum("value")):
        lines[key].append(rules.Line("material", source, value))
    cash = Money.objects.filter(**standing).values_list("work_id", "direction", "source")
    for key, direction, source, value in cash.annotate(total=Sum("amount")):
        lines[key].append(rules.Line(direction, source or "swadaya", value))
    return {key: rules.sums(found) for key, found in lines.items()}


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was written down about one work, taken-back lines included."""

    sums: rules.Sums
    labour: Sequence[Labour] = ()
    materials: Sequence[Material] = ()
    money: Sequence[Money] = ()
    tools: Sequence[Tool] = ()
    pictures: Sequence[Picture] = ()
    helpers: int = 0
    wage: int | None = None


def book(work: Work) -> Book:
    """One work's book, the newest day first."""
    labour = list(Labour.objects.filter(work=work).order_by("-worked_date", "-recorded_at"))
    return Book(
        sums=sums_of([work.id])[work.id],
        labour=labour,
        materials=list(Material.objects.filter(work=work).order_by("-given_date", "-recorded_at")),
        money=list(Money.objects.filter(work=work).order_by("-number")),
        tools=list(
            Tool.objects.filter(work=work).order_by(F("returned_date").asc(nulls_first=True), "lent_date")
        ),
        pictures=pictures(work),
        helpers=sum(one.people for one in labour if one.withdrawn_at is None),
        wage=wage_on(work.region_code, work.finished_date or work.started_date),
    )


def pictures(work: Work, *, shown_only: bool = False) -> list[Picture]:
    """Photos before, meanwhile, after, in this order."""
    rows = Picture.objects.filter(work=work, withdrawn_at=None)
    found = list((rows.filter(shown=True) if shown_only else rows).order_by("taken_date", "recorded_at"))
    order = list(rules.STAGES)
    return sorted(found, key=lambda one: order.index(one.stage))


def picture_for(by: Actor, picture_id: UUID) -> Picture | None:
    """One photo of a work that this actor may see."""
    return Picture.objects.filter(id=picture_id, withdrawn_at=None, work__in=access.visible(by)).first()


def receipt_for(by: Actor, entry_id: UUID) -> Money | None:
    """One line of a cash book with a photo of its receipt."""
    return Money.objects.filter(id=entry_id, work__in=access.visible(by)).exclude(file_sha256="").first()


def wage_on(region_code: str, day: date | None) -> int | None:
    """A day's wage by the village's price list, rupiah; None when the list has none for that day."""
    rows = Rate.objects.filter(region_code=region_code, is_wage=True)
    if day is not None:
        rows = rows.filter(from_date__lte=day)
    found = rows.order_by("-from_date").values_list("price", flat=True).first()
    return int(found) if found is not None else None


def current_rates(region_code: str, day: date) -> list[Rate]:
    """The price list as it holds on a day: of every material its newest row."""
    newest: dict[tuple[str, str], Rate] = {}
    for one in Rate.objects.filter(region_code=region_code, from_date__lte=day).order_by("from_date"):
        newest[(one.name, one.unit)] = one
    return sorted(newest.values(), key=lambda one: (not one.is_wage, one.name.lower(), one.unit))


def all_rates(by: Actor, region_code: str) -> QuerySet[Rate]:
    """Every row ever, for the page of the price list."""
    return access.rates(by).filter(region_code=region_code).order_by("name", "unit", "-from_date")


def of_case(by: Actor, case_id: UUID) -> list[Work]:
    """Works that a matter led to."""
    return list(access.visible(by).filter(case_id=case_id).order_by("recorded_at"))


def of_idea(by: Actor, idea_id: UUID) -> list[Work]:
    """Works that an idea led to."""
    return list(access.visible(by).filter(idea_id=idea_id).order_by("recorded_at"))


def choices(by: Actor) -> list[Work]:
    """Works that are not called off, for forms that point at one."""
    rows = access.visible(by).exclude(state="called_off").order_by("-changed_at", "id")
    return list(rows.only("id", "title", "state", "region_code")[:200])


# --- what everybody may see ---------------------------------------------------------------------------------------------


def public_listed(filters: Filters) -> Page:
    """Works that are shown to everybody."""
    return _page(Work.objects.all().public(), filters)


def public_work(work_id: UUID) -> Work | None:
    """One work that is shown to everybody."""
    return Work.objects.all().public().select_related("hamlet", "idea").filter(id=work_id).first()


def public_of_idea(idea_id: UUID) -> list[Work]:
    """Works of an idea that are shown to everybody."""
    return list(Work.objects.all().public().filter(idea_id=idea_id).order_by("recorded_at"))


def is_public(idea: Idea) -> bool:
    """True when everybody may read the idea that a work came from."""
    return idea.published_at is not None and idea.hidden_at is None


def public_picture(picture_id: UUID) -> Picture | None:
    """A photo of a shown work that may be shown."""
    return Picture.objects.filter(
        id=picture_id, withdrawn_at=None, shown=True, work__in=Work.objects.all().public()
    ).first()


@dataclass(slots=True)
class Thanks:
    """One name on the board of thanks, with what it gave; amounts are left out where the work hides them."""

    name: str
    half_days: int = 0
    things: list[str] = field(default_factory=list)
    money: int = 0


def thanks(work: Work) -> tuple[list[Thanks], int]:
    """Who is thanked by name because they agreed to it, and how many gave without being named."""
    found: dict[str, Thanks] = {}
    hidden = 0

    def of(name: str) -> Thanks:
        return found.setdefault(text.search_key(name), Thanks(name))

    for row in Labour.objects.filter(work=work, withdrawn_at=None, wage=0).order_by("worked_date"):
        if row.named:
            of(row.name).half_days += row.half_days * row.people
        else:
            hidden += row.people
    for one in (
        Material.objects.filter(work=work, withdrawn_at=None).exclude(source="state").order_by("given_date")
    ):
        if not one.donor_named or not one.donor:
            hidden += 1
        else:
            of(one.donor).things.append(one.name)
    for cash in Money.objects.filter(work=work, withdrawn_at=None, direction="in").exclude(source="state"):
        if not cash.who_named or not cash.who:
            hidden += 1
        else:
            of(cash.who).money += cash.amount
    return sorted(found.values(), key=lambda one: (-one.half_days, one.name.lower())), hidden


# --- figures ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """Half days, rupiah of the village's own (materials and cash) and of the state, works begun and finished in a period."""

    half_days: int
    ours: int
    state: int
    begun: int
    finished: int


def figures(region_code: str, begin: date, end: date) -> WorkFigures:
    """What was given in a period (both days counted), by the day it was given. Paid hours count as HOK and are no gift of money."""
    inside = areas.inside(region_code, "work__region_code") if region_code else Q()
    standing = Q(withdrawn_at=None) & inside
    hours = Labour.objects.filter(standing, worked_date__range=(begin, end)).aggregate(
        total=Coalesce(Sum(F("half_days") * F("people"), output_field=IntegerField()), 0)
    )
    things = Material.objects.filter(standing, given_date__range=(begin, end)).aggregate(
        ours=Coalesce(Sum("value", filter=~Q(source="state")), 0),
        state=Coalesce(Sum("value", filter=Q(source="state")), 0),
    )
    cash = Money.objects.filter(standing, direction="in", moved_date__range=(begin, end)).aggregate(
        ours=Coalesce(Sum("amount", filter=~Q(source="state")), 0),
        state=Coalesce(Sum("amount", filter=Q(source="state")), 0),
    )
    works = Work.objects.filter(areas.inside(region_code) if region_code else Q()).aggregate(
        begun=Count("id", filter=Q(started_date__range=(begin, end))),
        finished=Count("id", filter=Q(finished_date__range=(begin, end))),
    )
    return WorkFigures(
        half_days=hours["total"],
        ours=things["ours"] + cash["ours"],
        state=things["state"] + cash["state"],
        begun=works["begun"],
        finished=works["finished"],
    )
