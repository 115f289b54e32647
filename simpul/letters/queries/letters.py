"""Lists of letters: the board with its counts, what waits for whom, search, the letters of a matter, the record of one letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from simpul import roles
from simpul.cases.models import Case
from simpul.desks import queries as desk_queries
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.letters import access
from simpul.letters.models import Confirmation, Letter, Mandate, Office, Requirement
from simpul.letters.models.letters import LetterSet
from simpul.letters.rules import flow
from simpul.letters.rules import mandates as mandate_rules
from simpul.lib.actor import Actor

PAGE = 40
STEPS: tuple[str, ...] = ("officer", "secretary", "head", "release", "applicant")
"""Who has to do something, in the order of the way."""


def office_of(region_code: str) -> Office:
    """How a village writes letters; the defaults when it has said nothing."""
    return Office.objects.filter(region_code=region_code).first() or Office(region_code=region_code)


def ways_of(region_code: str) -> flow.Ways:
    """The choices of a village, for the rules."""
    office = office_of(region_code)
    return flow.Ways(office.check_first, office.confirm_first, office.alone)


@dataclass(frozen=True, slots=True)
class Board:
    """How many letters wait for whom, and how many are in which state."""

    waiting: Mapping[str, int]
    states: Mapping[str, int]
    mine: tuple[str, ...]  # the steps that this actor does

    @property
    def for_me(self) -> int:
        """How many wait for this actor."""
        return sum(self.waiting.get(step, 0) for step in self.mine)


def board(by: Actor, ways: flow.Ways) -> Board:
    """The counts of the board: one query. What was handed over is not counted; cancelled, refused and withdrawn ones are history."""
    rows = access.visible(by).filter(_on_board()).values("state").annotate(n=Count("id")).order_by()
    states = Counter({row["state"]: row["n"] for row in rows})
    waiting: Counter[str] = Counter()
    for state, number in states.items():
        waiting[flow.next_step(state, ways)] += number
    return Board(waiting, states, steps_of(by))


def steps_of(by: Actor) -> tuple[str, ...]:
    """Which steps are this actor's by role; a mandate adds the release."""
    if by.role == "head":
        return ("head", "release")
    if by.role == "secretary":
        return ("secretary",)
    return ("officer", "applicant") if roles.may_somewhere(by, "letter.draft") else ()


def _on_board() -> Q:
    return Q(state__in=flow.OPEN) | Q(state=flow.RELEASED, received_at=None)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to."""

    step: str = ""
    state: str = ""
    type_code: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of letters."""

    rows: tuple[Letter, ...]
    has_next: bool


def listed(by: Actor, filters: Filters, ways: flow.Ways) -> Page:
    """Letters of the villages this actor works for. What waits is shown oldest first, what is found or done newest first."""
    rows = access.visible(by).select_related("type", "version", "mandate", "case")
    if filters.step:
        states = [state for state in flow.STATES if flow.next_step(state, ways) == filters.step]
        rows = rows.filter(_on_board(), state__in=states)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.type_code:
        rows = rows.filter(type__code=filters.type_code)
    if filters.words:
        rows = _found(rows, filters.words)
    order = ("requested_at", "id") if filters.step else ("-requested_at", "-id")
    first = (filters.page - 1) * PAGE
    got = list(rows.order_by(*order)[first : first + PAGE + 1])
    return Page(tuple(got[:PAGE]), len(got) > PAGE)


def _found(rows: LetterSet, words: str) -> LetterSet:
    """By number, name, whom it is about, purpose, name of its kind, or the number of its matter."""
    for word in words.split()[:6]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(applicant_name__icontains=word)
            | Q(subject_name__icontains=word)
            | Q(purpose__icontains=word)
            | Q(version__name__icontains=word)
            | Q(case__number__iexact=word)
        )
    return rows


def waiting_for_head(by: Actor, ways: flow.Ways) -> list[Letter]:
    """What the head is asked for: what is checked or approved, and, where the secretary may be passed over, drafts too. Oldest first."""
    states = [flow.CHECKED, flow.APPROVED, flow.DRAFTED]
    rows = access.visible(by).filter(state__in=states).select_related("type", "version", "case")
    found = sorted(rows[:200], key=lambda one: one.requested_at)
    return sorted(found, key=lambda one: one.state == flow.DRAFTED and ways.check_first)


def count_waiting_for_head(by: Actor, ways: flow.Ways) -> int:
    """How many letters are ready for the head: for the counter page of the post."""
    ready = [flow.CHECKED, flow.APPROVED] + ([] if ways.check_first else [flow.DRAFTED])
    return access.visible(by).filter(state__in=ready).count()


def of_case(by: Actor, case_id: UUID) -> list[Letter]:
    """The letters of a matter, for its page: one query."""
    rows = access.visible(by).filter(case_id=case_id).select_related("type", "version")
    return list(rows.order_by("requested_at", "id"))


def of_person(by: Actor, person_id: UUID) -> list[Letter]:
    """The letters a resident asked for, newest first."""
    rows = access.visible(by).filter(person_id=person_id).select_related("type", "version")
    return list(rows.order_by("-requested_at", "-id")[:100])


def of_case_public(case: Case) -> list[Letter]:
    """The letters of a matter for who has proven its receipt. The page shows their state, number and address, nothing else."""
    rows = Letter.objects.filter(case_id=case.id).select_related("type", "version")
    return list(rows.order_by("requested_at", "id"))


@dataclass(frozen=True, slots=True)
class Record:
    """One letter with everything its page shows."""

    letter: Letter
    requirements: tuple[Requirement, ...]
    confirmations: tuple[Confirmation, ...]
    others: tuple[Letter, ...]  # of the same matter
    acts: frozenset[str]  # that start from its state and that this role has here
    mandate: Mandate | None = None  # by which this actor may release it
    why_not: str = ""  # of a mandate, the nearest fault
    lines: tuple[Line, ...] = field(default=())


def record_of(by: Actor, letter: Letter, at: datetime) -> Record:
    """The page of one letter: a fixed number of queries."""
    place = access.place_of(letter)
    acts = frozenset(act for act in flow.acts_in(letter.state) if roles.may(by, act, place))
    held, why_not = mandate_of(by, letter, at)
    return Record(
        letter=letter,
        requirements=tuple(letter.shown.order_by("code")),
        confirmations=tuple(letter.confirmations.order_by("confirmed_at", "id")),
        others=tuple(
            one for one in (of_case(by, letter.case_id) if letter.case_id else []) if one.id != letter.id
        ),
        acts=acts,
        mandate=held,
        why_not=why_not,
        lines=tuple(one for one in journal_queries.timeline([letter.id]) if one.subject_kind == "letter"),
    )


def mandate_of(by: Actor, letter: Letter, at: datetime) -> tuple[Mandate | None, str]:
    """The mandate by which this actor may release this letter today, or why there is none."""
    today = at.astimezone(desk_queries.zone_of(letter.region_code)).date()
    rows = {
        str(one.id): one
        for one in Mandate.objects.filter(region_code=letter.region_code, seat_id=by.seat_id or UUID(int=0))
    }
    verdict = mandate_rules.judge(held(rows.values()), "release", letter.type.code, today)
    if verdict and verdict.held is not None:
        return rows[verdict.held.key], ""
    return None, verdict.fault


def held(rows: Iterable[Mandate]) -> list[mandate_rules.Held]:
    """Mandates as the rules read them."""
    return [
        mandate_rules.Held(
            str(one.id), one.acts, one.types, one.from_date, one.to_date, one.ended_at is not None
        )
        for one in rows
    ]
