"""What stands on the first page of a posyandu: what comes next here, counted, for whom it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from simpul import roles
from simpul.lib.actor import Actor
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, Decree, Posyandu
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import stock as stock_queries
from simpul.posyandu.rules import institution as rules
from simpul.posyandu.rules import stock as stock_rules


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do here. ``code``: day_open (its ``key``), day_today, tasks_due, paper, schedule, board, term_ends, stock_norm."""

    code: str
    number: int = 0
    word: str = ""
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The first page: today, people, the chain, the next days, goods, what comes next (the most urgent first)."""

    today: date
    people: list[Cadre]
    gap: rules.Gap
    papers: list[Decree]
    chain: rules.Chain
    days: list[queries.NextDay]
    shelves: list[stock_queries.Shelf]
    counts: dict[str, int]
    steps: list[Step]

    @property
    def missing(self) -> list[stock_queries.Shelf]:
        """Goods that are missing to the norm."""
        return stock_queries.missing(self.shelves)

    @property
    def broken(self) -> int:
        """How many pieces lie here broken."""
        return sum(one.balance.broken for one in self.shelves)


def home(by: Actor, posyandu: Posyandu, at: datetime) -> Home:
    """Everything the first page shows. Counts of cards are figures without names: everybody who sees the posyandu sees them."""
    today = queries.today_at(posyandu, at)
    people = queries.serving(posyandu)
    papers = queries.decrees(by, posyandu)
    chain = queries.chain(posyandu, papers)
    days = queries.next_days(posyandu, today)
    shelves = stock_queries.shelves(posyandu, len(people))
    counts = _counts(posyandu)
    found = [*_of_the_day(by, posyandu, today, days), *_of_the_office(by, posyandu, people, chain, today)]
    if roles.may(by, "stock.receive", own_access.place(posyandu)) and (lacking := _lacking(shelves)):
        found.append(Step("stock_norm", lacking))
    gap = rules.Gap(posyandu.norm, len(people))
    return Home(today, people, gap, papers, chain, days, shelves, counts, found)


def _counts(posyandu: Posyandu) -> dict[str, int]:
    """Open cards by form."""
    rows = posyandu.participations.filter(closed_date=None).order_by().values("form")
    return {one["form"]: one["number"] for one in rows.annotate(number=Count("id"))}


def _lacking(shelves: list[stock_queries.Shelf]) -> int:
    """Kinds of health equipment that are missing."""
    kinds = {"kit"} & set(stock_rules.GROUPS)
    return sum(1 for one in stock_queries.missing(shelves) if one.kit and one.kit.group in kinds)


def _of_the_day(by: Actor, posyandu: Posyandu, today: date, days: list[queries.NextDay]) -> list[Step]:
    """The day itself and visits that are due, for those who work with named people."""
    found: list[Step] = []
    open_day = access.days(by).filter(posyandu=posyandu, closed_at=None).order_by("-day").first()
    if open_day is not None:
        found.append(Step("day_open", key=open_day.id))
    elif days and days[0].day == today and roles.may_somewhere(by, "examination.read"):
        held = access.days(by).filter(posyandu=posyandu, day=today).exists()
        found += [] if held else [Step("day_today")]
    due = access.tasks(by).filter(posyandu=posyandu, state="open", due_date__lte=today).count()
    if due:
        found.append(Step("tasks_due", due))
    return found


def _of_the_office(
    by: Actor, posyandu: Posyandu, people: list[Cadre], chain: rules.Chain, today: date
) -> list[Step]:
    """What the institution lacks, for those who may mend it."""
    if not roles.may(by, "posyandu.change", own_access.place(posyandu)):
        return []
    found: list[Step] = []
    if not posyandu.schedule:
        found.append(Step("schedule"))
    if chain.next:
        found.append(Step("paper", word=chain.next))
    if vacant := rules.vacant([one.position for one in people]):
        found.append(Step("board", len(vacant), vacant[0]))
    if ending := sum(1 for one in people if rules.ends_soon(one.until_date, today)):
        found.append(Step("term_ends", ending))
    return found
