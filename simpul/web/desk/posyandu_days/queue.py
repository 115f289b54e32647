"""The queue: giving numbers at the registration, who waits at a step, who went home."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.lib import text
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import days as actions
from simpul.posyandu.queries import days as queries
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import participants as people_rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_days import shared
from simpul.web.desk.posyandu_people import shared as people
from simpul.web.policy import Request, officer


@officer(*people.READING)
@require_GET
def step(request: Request, day_id: UUID, at_step: int) -> HttpResponseBase:
    """Step 1: who is expected, one press for a number. Steps 2 to 5: the next person, and who waits behind."""
    one = shared.day_of(request, day_id)
    number = shared.step_or_404(at_step)
    found = queries.queue(request.by, one)
    context = {
        "day": one,
        "date": shared.title(one),
        "step": number,
        "name": _(rules.STEPS[number]),
        "steps": shared.steps(one, found, number),
        **(_registration(request, one, found) if number == 1 else _waiting(one, found, number)),
    }
    if number > 1 and request.GET.get("bagian"):
        return shared.show(request, "desk/posyandu_days/_waiting.html", one.posyandu, context)
    template = "registration" if number == 1 else "step"
    return shared.show(
        request, f"desk/posyandu_days/{template}.html", one.posyandu, context, here=shared.HERE
    )


PAGE = 20
"""Rows of the registration on one page: what a thumb scrolls through."""


def _registration(request: Request, one: Any, found: list[Any]) -> dict[str, Any]:
    typed = request.GET.get("kata", "").replace("\x00", "").strip()[:100]
    form = request.GET.get("kartu", "") if request.GET.get("kartu", "") in people_rules.FORMS else ""
    missing = queries.missing(request.by, one, form=form, words=text.name_key(typed))
    page = Paginator(missing, PAGE).get_page(reading.page_number(request.GET.get("page", "")))
    return {
        "typed": typed,
        "letter": form,
        "letters": people_rules.FORMS,
        "page": page,
        "expected": page.paginator.count,
        "missing": [_expected(card, one.day) for card in page],
        "seen": [_expected(card, one.day) for card in queries.seen(request.by, one, form=form)]
        if not typed
        else [],
        "last": [shared.number(row, one.day) for row in reversed(found[-4:])],
        "came": len(found),
        "may_arrive": one.closed_at is None and people.may(request, "participant.arrive"),
        "enrol_url": f"{reverse('desk_posyandu_enrol', args=[one.posyandu_id])}?{urlencode(_newcomer(one, form, typed))}",
    }


def _newcomer(one: Any, form: str, typed: str) -> dict[str, str]:
    """What the enrolment begins with: the day it leads back to, and what was looked for here."""
    found = {"hari": str(one.id), "kartu": form, "cari": typed}
    return {name: value for name, value in found.items() if value}


def _expected(card: Any, on: Any) -> dict[str, Any]:
    """Somebody who may come, as the registration shows them."""
    return {
        "id": card.id,
        "name": card.person.full_name,
        "form": card.form,
        "age": people.age(card.person.birth_date, on),
        "mother": card.mother.full_name if card.mother else "",
        "seen": words.day(card.seen_date),
    }


def _waiting(one: Any, found: list[Any], step: int) -> dict[str, Any]:
    waiting = queries.at_step(found, step)
    later = [
        row for row in found if row not in waiting and str(step) not in row.steps and row.left_at is None
    ]
    done = [row for row in found if str(step) in row.steps]
    rows = [shared.number(row, one.day, step) for row in waiting]
    return {
        "next": rows[0] if rows else None,
        "waiting": rows[1:],
        "later": [shared.number(row, one.day, step) for row in later],
        "done": [shared.number(row, one.day, step) for row in reversed(done)],
        "part_url": f"{reverse('desk_posyandu_step', args=[one.id, step])}?bagian=1",
    }


@officer("participant.arrive")
@require_POST
def arrive(request: Request, day_id: UUID) -> HttpResponseBase:
    """Somebody is here: the next number."""
    one = shared.day_of(request, day_id)
    card = trying.found(access.participant_for, request, reading.known_key(request.POST.get("siapa", "")))

    def act() -> None:
        made = actions.arrive_participant(
            by=request.by, at=timezone.now(), day_id=one.id, participant_id=card.id
        )
        said = {"number": made.number, "name": card.person.full_name}
        messages.success(request, _("Number %(number)s: %(name)s.") % said)

    return trying.attempt(request, act, reverse("desk_posyandu_step", args=[one.id, 1]))


@officer("participant.leave")
@require_POST
def leave(request: Request, coming_id: UUID) -> HttpResponseBase:
    """Somebody went home, or is back."""
    row = trying.found(coming_for, request, coming_id)

    def act() -> None:
        actions.leave_participant(
            by=request.by, at=timezone.now(), coming_id=row.id, back=request.POST.get("kembali") == "1"
        )

    return trying.attempt(request, act, reverse("desk_posyandu_day", args=[row.day_id]))


def coming_for(by: Any, coming_id: UUID) -> Any:
    """One number of the queue that this actor may see."""
    return access.one(access.comings(by).select_related("day__posyandu", "participant__mother"), coming_id)
