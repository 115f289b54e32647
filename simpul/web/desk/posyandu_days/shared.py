"""What the pages of a day share: the day, its steps with who waits, one number of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import days as queries
from simpul.posyandu.rules import days as rules
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_people import shared as people
from simpul.web.policy import Request

HERE = "desk_posyandu_days"
show = people.show
may = people.may


def day_of(request: Request, day_id: UUID) -> Any:
    """The day, or "not found"."""
    return trying.found(access.day_for, request, day_id)


def step_or_404(step: int) -> int:
    """One of the five."""
    if step not in rules.STEPS:
        raise Http404
    return step


def title(day: Any) -> str:
    """ "23 November 2026"."""
    return words.day(day.day)


def steps(day: Any, found: Sequence[Any], current: int = 0) -> list[dict[str, Any]]:
    """The five steps, each with how many wait for it."""
    return [
        {
            "step": step,
            "name": _(name),
            "url": reverse("desk_posyandu_step", args=[day.id, step]),
            "waiting": len(queries.at_step(found, step)) if step > 1 else 0,
            "current": step == current,
        }
        for step, name in rules.STEPS.items()
    ]


def number(one: Any, on: Any, step: int = 0) -> dict[str, Any]:
    """One number of the queue as lists show it."""
    card, person = one.participant, one.participant.person
    return {
        "coming": one,
        "number": one.number,
        "name": person.full_name,
        "form": card.form,
        "age": people.age(person.birth_date, on),
        "mother": card.mother.full_name if card.mother else "",
        "url": reverse("desk_posyandu_work", args=[one.id, step or min(max(one.step, 2), 5)]),
        "card_url": reverse("desk_posyandu_person", args=[card.id]),
        "leave_url": reverse("desk_posyandu_leave", args=[one.id]),
        "state": state(one),
        "done": one.step == rules.DONE,
        "gone": one.left_at is not None and one.step != rules.DONE,
    }


def state(one: Any) -> str:
    """How far somebody is, in words."""
    if one.step == rules.DONE:
        return _("finished")
    if one.left_at is not None:
        return _("went home")
    return _("waits for step %(step)s") % {"step": one.step}
