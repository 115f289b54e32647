"""The two kinds of stacks that are typed in: visits with a checklist, and lists of those looked after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.posyandu.actions import participants as enrolling
from simpul.posyandu.actions import visits as visiting
from simpul.posyandu.queries import institution, stack_people, stack_visits, stacks
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import stacks as stack_rules
from simpul.web.desk import words
from simpul.web.desk.posyandu_people import shared as people_shared
from simpul.web.desk.posyandu_visits import shared as visit_shared


class Kind(Protocol):
    """What a page of a stack needs to know of its kind."""

    asks_day: bool
    may_be_sure: Sequence[str]

    def sheet(self, posyandu: Any, form: rules.Form) -> rules.Form: ...
    def read(
        self, by: Actor, posyandu: Any, sheet: rules.Form, typed: Sequence[stacks.Typed], today: date
    ) -> Sequence[Any]: ...
    def save(self, by: Actor, posyandu: Any, sheet: rules.Form, line: Any, day: date) -> None: ...
    def saved(self, by: Actor, ids: Sequence[UUID]) -> dict[UUID, Any]: ...
    def summary(self, saved: Any) -> dict[str, Any]: ...
    def about(self, line: Any, today: date) -> dict[str, Any]: ...
    def field_of(self, refusal: Refused) -> str: ...
    def url(self, posyandu_id: UUID, code: str) -> str: ...
    def line_url(self, posyandu_id: UUID, code: str, number: int) -> str: ...


def _about_person(person: Any, today: date) -> str:
    household = person.household.name if person.household_id else ""
    hamlet = person.hamlet.name if person.hamlet_id else ""
    born = words.day(person.birth_date) if person.birth_date else ""
    parts = (person.full_name, people_shared.age(person.birth_date, today), born, household, hamlet)
    return " · ".join(one for one in parts if one)


def _about_household(household: Any) -> str:
    hamlet = household.hamlet.name if household.hamlet_id else ""
    return " · ".join(one for one in (household.name, hamlet) if one)


def _choices(given: Sequence[stacks.Choice], today: date) -> list[tuple[str, str]]:
    return [
        (
            one.value,
            _about_person(one.person, today) if one.person is not None else _about_household(one.household),
        )
        for one in given
    ]


class Visits:
    """Visits with one of the eight checklists, or with the family sheet."""

    asks_day = False
    may_be_sure: Sequence[str] = ()

    def sheet(self, posyandu: Any, form: rules.Form) -> rules.Form:
        """The checklist with the columns of a line."""
        return stack_rules.visits(form, stack_visits.cadres(posyandu))

    def read(
        self, by: Actor, posyandu: Any, sheet: rules.Form, typed: Sequence[stacks.Typed], today: date
    ) -> Sequence[stack_visits.Line]:
        """The lines read."""
        return stack_visits.read(by, posyandu, sheet, typed, today)

    def save(self, by: Actor, posyandu: Any, sheet: rules.Form, line: stack_visits.Line, day: date) -> None:
        """Write one visit down, as from the page of a single visit."""
        said = line.read.values
        own = institution.cadre_of(by, posyandu) if not said.get(stack_rules.CADRE) else None
        typed = UUID(said[stack_rules.CADRE]) if said.get(stack_rules.CADRE) else None
        visiting.record_homevisit(
            by=by,
            at=timezone.now(),
            posyandu_id=posyandu.id,
            checklist=int(sheet.code[-1]),
            date=line.date or day,
            values=line.answers,
            participant_id=line.participant.id if line.participant is not None else None,
            household_id=line.household.id if line.household is not None else None,
            cadre_id=typed or (own.id if own is not None else None),
            met=line.met,
            outcome=said.get(stack_rules.OUTCOME, ""),
            reported_date=stacks.day_of(line.read, stack_rules.TOLD),
            next_date=stacks.day_of(line.read, stack_rules.NEXT),
            form_version=sheet.version,
            flags=[f"sure:{one}" for one in line.read.flags],
            visit_id=line.typed.id,
        )

    def saved(self, by: Actor, ids: Sequence[UUID]) -> dict[UUID, Any]:
        """Lines that are saved."""
        return dict(stack_visits.saved(by, ids))

    def summary(self, saved: Any) -> dict[str, Any]:
        """A saved visit in one line."""
        parts = [visit_shared.who(saved), words.day(saved.date)]
        parts += [] if saved.met else [_("Nobody was there")]
        parts += [one["words"] for one in visit_shared.classes_of(saved)]
        parts += [_("This visit was taken back and counts nowhere.")] if saved.withdrawn_at else []
        return {"words": " · ".join(parts), "url": reverse("desk_posyandu_visit", args=[saved.id])}

    def about(self, line: stack_visits.Line, today: date) -> dict[str, Any]:
        """Who was found, and who else may be meant."""
        found = ""
        if line.participant is not None:
            found = _about_person(line.participant.person, line.date or today)
        elif line.household is not None:
            found = _about_household(line.household)
        return {"found": found, "choices": _choices(line.choices, today), "chosen": line.chosen}

    def field_of(self, refusal: Refused) -> str:
        """The column that a refusal belongs to."""
        return stack_rules.ON if refusal.field == "date" else stack_rules.WHO

    def url(self, posyandu_id: UUID, code: str) -> str:
        """The address of the grid."""
        return reverse("desk_posyandu_stack_visits", args=[posyandu_id, int(code[-1])])

    def line_url(self, posyandu_id: UUID, code: str, number: int) -> str:
        """The address where one line is looked at."""
        return reverse("desk_posyandu_stack_visit", args=[posyandu_id, int(code[-1]), number])


class People:
    """Names of a list of those looked after."""

    asks_day = True
    may_be_sure: Sequence[str] = ("twins", "another")

    def sheet(self, posyandu: Any, form: rules.Form) -> rules.Form:
        """The list with the columns that are typed."""
        return stack_rules.people(form)

    def read(
        self, by: Actor, posyandu: Any, sheet: rules.Form, typed: Sequence[stacks.Typed], today: date
    ) -> Sequence[stack_people.Line]:
        """The lines read."""
        return stack_people.read(by, posyandu, sheet, typed, today)

    def save(self, by: Actor, posyandu: Any, sheet: rules.Form, line: stack_people.Line, day: date) -> None:
        """Put one name on the list, as from the page of a single enrolment."""
        newcomer = None
        if line.person is None:
            newcomer = enrolling.Newcomer(
                full_name=line.said(stack_rules.NAME),
                sex="P" if sheet.code == "data_A" else line.said(stack_rules.SEX),
                birth_date=line.born,
                nik=line.said(stack_rules.NIK),
                address=line.said(stack_rules.ADDRESS),
            )
        enrolling.enrol_participant(
            by=by,
            at=timezone.now(),
            posyandu_id=posyandu.id,
            form=sheet.code[-1],
            person_id=line.person.id if line.person is not None else None,
            newcomer=newcomer,
            mother_id=line.mother.id if line.mother is not None else None,
            details=line.details(sheet),
            opened_date=day,
            sure=line.sure,
            participant_id=line.typed.id,
        )

    def saved(self, by: Actor, ids: Sequence[UUID]) -> dict[UUID, Any]:
        """Lines that are saved."""
        return dict(stack_people.saved(by, ids))

    def summary(self, saved: Any) -> dict[str, Any]:
        """A saved name in one line."""
        born = words.day(saved.person.birth_date) if saved.person.birth_date else ""
        mother = _("mother: %(name)s") % {"name": saved.mother.full_name} if saved.mother_id else ""
        parts = (saved.person.full_name, born, mother)
        url = reverse("desk_posyandu_person", args=[saved.id])
        return {"words": " · ".join(one for one in parts if one), "url": url}

    def about(self, line: stack_people.Line, today: date) -> dict[str, Any]:
        """Who was found in the register, who else may be meant, and the mother."""
        new = bool(line.said(stack_rules.NAME)) and line.person is None and line.chosen == stack_people.NEW
        new = new or (bool(line.said(stack_rules.NAME)) and line.person is None and not line.choices)
        found = _about_person(line.person, today) if line.person is not None else ""
        choices = _choices(line.choices, today)
        if choices and line.may_be_new:
            choices.append((stack_people.NEW, _("None of these: somebody new")))
        mothers = _choices(line.mothers, today)
        if mothers:
            mothers.append((stack_people.NEW, _("None of these: keep only the name")))
        return {
            "found": found,
            "new": new,
            "choices": choices,
            "chosen": line.chosen,
            "mothers": mothers,
            "mother_chosen": line.mother_chosen,
            "card_url": reverse("desk_posyandu_person", args=[line.card.id]) if line.card is not None else "",
        }

    def field_of(self, refusal: Refused) -> str:
        """The column that a refusal belongs to."""
        return {"birth_date": stack_rules.BORN, "nik": stack_rules.NIK, "sex": stack_rules.SEX}.get(
            refusal.field, stack_rules.NAME
        )

    def url(self, posyandu_id: UUID, code: str) -> str:
        """The address of the grid."""
        return reverse("desk_posyandu_stack_people", args=[posyandu_id, code[-1]])

    def line_url(self, posyandu_id: UUID, code: str, number: int) -> str:
        """The address where one line is looked at."""
        return reverse("desk_posyandu_stack_person", args=[posyandu_id, code[-1], number])


VISITS: Kind = Visits()
PEOPLE: Kind = People()
