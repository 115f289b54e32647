"""What happens in lives: a birth, a death, a move, a split; and taking back what was recorded by mistake."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people import actions as people_actions
from simpul.people.queries import matching, register, residents
from simpul.web.desk import frame
from simpul.web.desk.matching import reasons
from simpul.web.desk.register import asking, edits, forms
from simpul.web.policy import Request, officer


def _home(request: Request, household_id: UUID) -> tuple[register.Page, list[tuple[str, str]], str]:
    page = register.page_of(request.by, household_id, asking.today(request))
    living = [(str(one.person.id), one.person.full_name) for one in page.members if one.here]
    return page, living, reverse("desk_register_household", args=[household_id])


@officer("birth.record")
def birth(request: Request, household_id: UUID) -> HttpResponseBase:
    """A child that was born into the household."""
    page, _living, back = _home(request, household_id)
    women = [
        (str(one.person.id), one.person.full_name)
        for one in page.members
        if one.here and one.person.sex != "L" and (one.age is None or one.age >= 10)
    ]
    form = forms.BirthForm(asking.posted(request), mothers=women)

    def do(ready: forms.BirthForm) -> str:
        given = ready.cleaned_data
        people_actions.record_birth(
            by=request.by,
            at=timezone.now(),
            household_id=household_id,
            full_name=given["full_name"],
            sex=given["sex"],
            birth_date=given["birth_date"],
            birth_place=given["birth_place"],
            mother_id=UUID(given["mother"]) if given["mother"] else None,
            said=ready.said(asking.today(request)),
        )
        return back

    return asking.ask(
        request, form, do, title=_("Record a birth"), lead=residents.name_of(page.household), back=back, button=_("Record"),
        done=_("The child is in the register. Remember the birth certificate and the family card."),
    )  # fmt: skip


@officer("death.record")
def death(request: Request, person_id: UUID) -> HttpResponseBase:
    """A death."""
    person = access.active_for(request.by, person_id)
    back = reverse("desk_register_person", args=[person_id])
    form = forms.DeathForm(asking.posted(request))

    def do(ready: forms.DeathForm) -> str:
        given = ready.cleaned_data
        home = person.household_id
        people_actions.record_death(
            by=request.by,
            at=timezone.now(),
            person_id=person_id,
            died_date=given["died_date"],
            words=given["words"],
            said=ready.said(asking.today(request)),
        )
        return reverse("desk_register_household", args=[home]) if home else back

    return asking.ask(
        request, form, do, title=_("Record a death"), lead=person.full_name, back=back, button=_("Record"),
        done=_("The death is recorded. If this was the head, choose a new one."),
    )  # fmt: skip


@officer("move.record")
def move(request: Request, household_id: UUID) -> HttpResponseBase:
    """Persons who moved away."""
    page, living, back = _home(request, household_id)
    form = forms.MoveForm(asking.posted(request), by=request.by, members=living)

    def do(ready: forms.MoveForm) -> str:
        given = ready.cleaned_data
        people_actions.record_move(
            by=request.by,
            at=timezone.now(),
            person_ids=[UUID(one) for one in given["persons"]],
            on_date=given["on_date"],
            to_region=given["to_region"],
            words=given["words"],
            said=ready.said(asking.today(request)),
        )
        left = access.households(request.by).filter(id=household_id).exists()
        return back if left else reverse("desk_register")

    return asking.ask(
        request, form, do, title=_("Record a move"), lead=residents.name_of(page.household), back=back, button=_("Record"),
        done=_("The move is recorded."),
    )  # fmt: skip


@officer("arrival.record")
def arrival(request: Request, household_id: UUID) -> HttpResponseBase:
    """Somebody who moved in: who of the seat's own area is like them is shown first, and an officer chooses."""
    page, _living, back = _home(request, household_id)
    form = forms.ArrivalForm(asking.posted(request), by=request.by)
    chosen = request.POST.get("who", "")
    alike: list[dict[str, Any]] = []

    def do(ready: forms.ArrivalForm) -> str:
        given = ready.cleaned_data
        people_actions.record_arrival(
            by=request.by,
            at=timezone.now(),
            household_id=household_id,
            who=_asked(ready, page.household.region_code),
            person_id=UUID(chosen) if chosen != "new" else None,
            relation=given["relation"],
            on_date=given["on_date"],
            from_region=given["from_region"],
            words=given["words"],
            said=ready.said(asking.today(request)),
        )
        return back

    if request.method == "POST" and form.is_valid():
        alike = _alike(request, _asked(form, page.household.region_code))
        if not alike:
            chosen = "new"
        elif chosen not in ("new", *(one["key"] for one in alike)):
            context = {
                "form": form,
                "title": _("Somebody moved in"),
                "lead": residents.name_of(page.household),
                "back": back,
                "button": _("Record"),
                "alike": alike,
                "asked": True,
            }
            return frame.show(request, "desk/register/arrival.html", context, here=asking.HERE)
    return asking.ask(
        request, form, do, title=_("Somebody moved in"), lead=residents.name_of(page.household), back=back, button=_("Record"),
        done=_("The move is recorded."), template="desk/register/arrival.html", more={"alike": alike, "chosen": chosen},
    )  # fmt: skip


def _asked(form: forms.ArrivalForm, region_code: str) -> matching.Asked:
    given = form.cleaned_data
    return matching.Asked(
        name=given["full_name"],
        nik=given["nik"],
        sex=given["sex"],
        birth_date=given["birth_date"],
        region_code=given["from_region"] or region_code,
    )


def _alike(request: Request, asked: matching.Asked) -> list[dict[str, Any]]:
    """Who of the seat's own area may be meant; of other areas nothing is asked and nothing told."""
    here = matching.who(
        request.by,
        name=asked.name,
        nik=asked.nik,
        sex=asked.sex,
        birth_date=asked.birth_date,
        region_code=asked.region_code,
    )
    return [
        {
            "key": str(one.person.id),
            "name": edits.describe(one.person),
            "reasons": reasons.said([code for code in one.reasons if not code.startswith("home.")]),
        }
        for one in here
        if one.person.life != "dead"
    ]


@officer("household.split")
def split(request: Request, household_id: UUID) -> HttpResponseBase:
    """Some members form a household of their own."""
    _page, living, back = _home(request, household_id)
    form = forms.SplitForm(asking.posted(request), members=living)

    def do(ready: forms.SplitForm) -> str:
        given = ready.cleaned_data
        made = people_actions.split_household(
            by=request.by,
            at=timezone.now(),
            household_id=household_id,
            person_ids=[UUID(one) for one in given["persons"]],
            head_id=UUID(given["head"]),
            new_house=given["new_house"],
            said=ready.said(asking.today(request)),
        )
        return reverse("desk_register_household", args=[made.id])

    return asking.ask(
        request, form, do, title=_("Split the household"), back=back, button=_("Split"), done=_("This is the new household."),
        lead=_("For who cooks and eats apart from now on, under the same roof or another."),
    )  # fmt: skip


@officer("event.undo")
@require_POST
def undo(request: Request, event_id: UUID) -> HttpResponseBase:
    """Take back what was recorded by mistake."""
    try:
        event = people_actions.undo_event(
            by=request.by, at=timezone.now(), event_id=event_id, why=request.POST.get("why", "")
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
        back = request.POST.get("next", "")
        return redirect(back if back.startswith("/meja/warga/") else reverse("desk_register"))
    messages.success(request, _("Taken back. The register is as before, and both lines stay in the journal."))
    if request.by.serves(event.person.region_code):
        return redirect("desk_register_person", person_id=event.person_id)
    return redirect("desk_register")
