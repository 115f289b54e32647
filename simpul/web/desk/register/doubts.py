"""What officers wrote without seeing each other's: which number is right, where somebody lives, whether two households are one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import NotFound, Refused
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.people.queries import doubts, residents
from simpul.web import reading
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.register import asking, lists, words
from simpul.web.policy import Request, officer

REASONS = {
    "lives": gettext_noop("One officer wrote that this person lives here, another that they live there."),
    "nik": gettext_noop(
        "The heads of both have the same NIK. Perhaps it is one household, written down twice."
    ),
    "name": gettext_noop(
        "The heads of both have the same name and birth date. Perhaps it is one household, written down twice."
    ),
    "card": gettext_noop(
        "The same family card stands in both. Perhaps it is one household, written down twice."
    ),
}


@officer("household.open")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """All open questions of the actor's area, the oldest first."""
    context = {
        **asked(request, doubts.contacts(request.by), doubts.households(request.by)),
        "tabs": lists.tabs(request, "desk_register_doubts"),
    }
    return frame.show(request, "desk/register/doubts.html", context, here=asking.HERE)


def of_persons(
    request: Request, person_ids: Iterable[UUID], household_ids: Iterable[UUID] = ()
) -> dict[str, Any]:
    """The open questions about some persons and households, and the decisions that can be taken back, for their pages."""
    homes = list(household_ids)
    open_ones = doubts.households(request.by, homes) if homes else []
    found = asked(request, doubts.contacts(request.by, person_ids), open_ones)
    return {
        **found,
        "joined": [_joined(request, one) for one in doubts.joined(request.by, homes)] if homes else [],
    }


def asked(request: Request, contacts: Iterable[Any], households: Iterable[Any]) -> dict[str, Any]:
    """Open questions in words."""
    return {
        "contact_doubts": [_contact(request, one) for one in contacts],
        "household_doubts": [_household(request, one) for one in households],
    }


def _contact(request: Request, doubt: Any) -> dict[str, Any]:
    may = roles.may(request.by, "contact.settle", roles.Place(region_code=doubt.person.region_code))
    sides = people_queries.shown_contacts([doubt.first, doubt.second], whole=may)
    said = (doubt.first_said, doubt.second_said)
    return {
        "row": doubt,
        "name": doubt.person.full_name,
        "url": reverse("desk_register_person", args=[doubt.person_id]),
        "may": may,
        "sides": [
            {
                "id": side.id,
                "shown": side.shown,
                "channel": desk_words.of(
                    desk_words.CHANNELS, "field" if side.channel == "visit" else side.channel
                ),
                "safety": _safety(told.get("safe_to_call", side.safe_to_call)),
                "warning": side.warning if may else "",
            }
            for side, told in zip(sides, said, strict=True)
        ],
    }


def _safety(safe: bool | None) -> str:
    return {True: _("safe to call"), False: _("not safe to call")}.get(safe, "") if safe is not None else ""


def _household(request: Request, doubt: Any) -> dict[str, Any]:
    place = roles.Place(region_code=doubt.first.region_code)
    person = doubt.person
    return {
        "row": doubt,
        "reason": _(REASONS.get(doubt.reason, doubt.reason)),
        "person": person.full_name if person is not None and doubt.reason == "lives" else "",
        "sides": [_side(one) for one in (doubt.first, doubt.second)],
        "lives": doubt.reason == "lives",
        "said": words.source(doubt) if doubt.source else "",
        "day": desk_words.day(doubt.observed_date) if doubt.observed_date else "",
        "may": roles.may(request.by, "household.settle", place),
    }


def _side(home: Any) -> dict[str, Any]:
    return {
        "name": residents.name_of(home),
        "hamlet": home.hamlet.name if home.hamlet else "",
        "url": reverse("desk_register_household", args=[home.id]),
        "since": desk_words.day(timezone.localtime(home.registered_at).date()),
    }


def _joined(request: Request, doubt: Any) -> dict[str, Any]:
    place = roles.Place(region_code=doubt.first.region_code)
    return {
        "row": doubt,
        "sides": [_side(one) for one in (doubt.first, doubt.second)],
        "who": doubt.decided_by,
        "day": desk_words.day(timezone.localtime(doubt.decided_at).date()),
        "may": roles.may(request.by, "household.part", place),
    }


@officer("contact.settle")
@require_POST
def settle_contact(request: Request, doubt_id: UUID) -> HttpResponseBase:
    """Say which number is right, or that both are."""
    said = request.POST.get("chosen", "")
    chosen = None if said == "both" else reading.known_key(said)

    def do() -> str:
        people_actions.settle_contact(
            by=request.by,
            at=timezone.now(),
            doubt_id=doubt_id,
            chosen_id=chosen,
            why=request.POST.get("why", ""),
        )
        return (
            _("Settled. The other stays on the record and is used no more.")
            if chosen
            else _("Both are kept.")
        )

    return _try(request, do)


@officer("household.settle")
@require_POST
def settle_household(request: Request, pair_id: UUID) -> HttpResponseBase:
    """Say where the person lives, or whether the two are one household."""

    def do() -> str:
        people_actions.settle_household(
            by=request.by,
            at=timezone.now(),
            doubt_id=pair_id,
            decision=request.POST.get("decision", ""),
            words=request.POST.get("why", ""),
        )
        return _("Decided. Nothing was thrown away; it can be taken back.")

    return _try(request, do)


@officer("household.part")
@require_POST
def part_household(request: Request, pair_id: UUID) -> HttpResponseBase:
    """Make two households of one again."""

    def do() -> str:
        people_actions.part_household(
            by=request.by, at=timezone.now(), doubt_id=pair_id, words=request.POST.get("why", "")
        )
        return _("They are two households again.")

    return _try(request, do)


def _try(request: Request, do: Callable[[], str]) -> HttpResponseBase:
    try:
        messages.success(request, do())
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/meja/warga/")
    return redirect(back if safe else reverse("desk_register_doubts"))
