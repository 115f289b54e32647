"""The early-marriage list for those who accompany: who, why, what is planned; and counts in which no small group can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from simpul import roles
from simpul.cases import access as cases_access
from simpul.lib import areas, small_cells, text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.posyandu.access import marriage as access
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.models import Finding, MarriageRisk, MarriageStep, Participant, Posyandu
from simpul.posyandu.queries import reach
from simpul.posyandu.rules import marriage as rules

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One child on the list, as this reader may see it. ``confidential``: there is a reason that is not told."""

    risk: MarriageRisk
    confidential: bool
    next_step: MarriageStep | None

    @property
    def reasons(self) -> list[rules.Signal]:
        """Each reason with its source and date; a protected report without either."""
        extra = [{"code": rules.CONFIDENTIAL, "source": "", "date": ""}] if self.confidential else []
        return [*self.risk.signals, *extra]


def listed(
    by: Actor, *, posyandu_id: UUID | None = None, state: str = "", page: int = 1
) -> tuple[list[Line], bool]:
    """A page of the list, those without support first; and whether there is more."""
    rows = access.risks(by).select_related("person", "posyandu")
    rows = rows.filter(state=state) if state else rows.filter(state__in=rules.LIVE)
    if posyandu_id is not None:
        rows = rows.filter(posyandu_id=posyandu_id)
    start = (page - 1) * PAGE
    found = list(rows.order_by("state", "found_date", "id")[start : start + PAGE + 1])
    return lines(by, found[:PAGE]), len(found) > PAGE


def lines(by: Actor, rows: Iterable[MarriageRisk]) -> list[Line]:
    """Rows with their next step, and with the reason that is not told where this reader may know that there is one."""
    rows = list(rows)
    secret = confidential(by, [row.person_id for row in rows])
    steps: dict[UUID, MarriageStep] = {}
    open_steps = MarriageStep.objects.filter(
        risk__in=[row.id for row in rows], done_date=None, withdrawn_at=None
    )
    for step in open_steps.order_by("-due_date", "-id"):
        steps[step.risk_id] = step
    return [Line(row, row.person_id in secret, steps.get(row.id)) for row in rows]


def confidential(by: Actor, person_ids: Iterable[UUID]) -> set[UUID]:
    """Of these, whom a protected matter is about that this actor may see anyway: asked of the cases, kept nowhere."""
    rows = cases_access.visible(by).filter(sensitivity="sealed", about_id__in=list(person_ids))
    return set(rows.values_list("about_id", flat=True))


def signals_of(posyandu: Posyandu, on: date) -> dict[UUID, tuple[Person, list[rules.Signal]]]:
    """Everybody below 19 whom this posyandu serves and for whom a reason that leads is held: the person, and all reasons."""
    young = reach.people(posyandu).filter(
        birth_date__gt=reach.years_before(on, rules.MARRIAGE_AGE), birth_date__lte=on
    )
    # Three sources, each with its own short query: the register, findings, cards of pregnant women.
    found: dict[UUID, list[rules.Signal]] = {}
    register = young.filter(
        profile__schooling__in=reach.school_codes(), birth_date__lte=reach.years_before(on, rules.YOUNGEST)
    )
    for key, changed in register.values_list("id", "profile__changed_at"):
        found.setdefault(key, []).append(_signal(rules.OUT_OF_SCHOOL, "register", changed.date()))
    seen = Finding.objects.filter(code="out_of_school", state="open", person__in=young)
    for key, day in seen.values_list("person_id", "found_date"):
        if not any(one["code"] == rules.OUT_OF_SCHOOL for one in found.get(key, ())):
            found.setdefault(key, []).append(_signal(rules.OUT_OF_SCHOOL, "finding", day))
    cards = Participant.objects.filter(form="A", person__in=young).exclude(closed_why="mistake")
    for key, day in cards.order_by("opened_date").values_list("person_id", "opened_date"):
        if not any(one["code"] == rules.PREGNANT for one in found.get(key, ())):
            found.setdefault(key, []).append(_signal(rules.PREGNANT, "card", day))
    people = Person.objects.filter(id__in=found).select_related("household", "family")
    return {person.id: (person, [*found[person.id], *_poverty(person)]) for person in people}


def _poverty(person: Person) -> list[rules.Signal]:
    household, family = person.household, person.family
    decile = family.decile if family is not None else None
    percentile = household.percentile if household is not None else None
    pkh = household.has_pkh if household is not None else None
    if not rules.is_poor(decile, percentile, has_pkh=pkh):
        return []
    day = household.changed_at.date() if household is not None else person.registered_at.date()
    return [_signal(rules.POOR, "register", day)]


def _signal(code: str, source: str, day: date) -> rules.Signal:
    return {"code": code, "source": source, "date": day.isoformat()}


def counts(by: Actor, region_code: str) -> small_cells.Shown:
    """Children on the list by village, and how many have support: only as far as no small group can be read or worked out.

    For those who see the institution's figures; names are for those who accompany. Asked with a village's code it is one row.
    """
    if not any(roles.may_somewhere(by, act) for act in (*posyandu_access.INSTITUTION, *access.WATCHING)):
        return small_cells.protect(())
    rows = MarriageRisk.objects.filter(
        areas.inside_any(by.served_areas), areas.inside(region_code), state__in=rules.LIVE
    )
    whole: Counter[str] = Counter()
    supported: Counter[str] = Counter()
    for code, state in rows.values_list("region_code", "state"):
        whole[code] += 1
        supported[code] += state == rules.SUPPORTED
    return small_cells.protect(
        [small_cells.Row(code, whole[code], (supported[code],)) for code in sorted(whole)]
    )


def minors(by: Actor, posyandu: Posyandu, words: str, on: date) -> list[Person]:
    """Children below 19 of the posyandu's village whose name fits: to write a request to a court down."""
    if not access.posyandus(by).filter(id=posyandu.id).exists():
        return []
    rows = people_access.visible(by).filter(
        region_code=posyandu.region_code,
        birth_date__gt=reach.years_before(on, rules.MARRIAGE_AGE),
        birth_date__lte=on,
        life="here",
    )
    for part in text.name_key(words).split()[:4]:
        rows = rows.filter(name_key__contains=part)
    return list(rows.order_by("full_name", "id")[:20])
