"""Putting somebody on the list: look in the register first, ask about twins and about who looks alike, take over from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.posyandu.actions import participants as actions
from simpul.posyandu.queries import institution
from simpul.posyandu.queries import participants as queries
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import participants as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_people import forms, shared
from simpul.web.policy import Request, officer

KEPT = ("kartu", "cari", "warga", "cariibu", "ibu", "hari")


@officer("participant.enrol")
def enrol(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Enrol a resident of the register, or somebody new; for a child with the mother."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    person, mother = _resident(request, "warga"), _resident(request, "ibu")
    today = institution.today_at(posyandu, timezone.now())
    letter = _form(request, person, today)
    form = forms.EnrolForm(
        request.POST if request.method == "POST" else None,
        known=person is not None,
        form=letter,
        initial={"full_name": request.GET.get("cari", "")[:100]},
    )
    refusal = None
    if form.is_valid():
        try:
            made = _enrol(request, posyandu, form, letter, person, mother)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refused:
            refusal = refused
            form.ask(refused.field)
            form.refuse(refused)
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": made.person.full_name})
            return _onward(request, made)
    context = {
        **_context(request, posyandu, person, mother, letter, today),
        "form": form,
        "there": _there(person, letter, refusal),
    }
    status = 422 if form.errors else 200
    return shared.show(
        request,
        "desk/posyandu_people/enrol.html",
        posyandu,
        context,
        here="desk_posyandu_people",
        status=status,
    )


def _resident(request: Request, name: str) -> Any:
    key = reading.key(request.GET.get(name, ""))
    return trying.found(people_access.active_for, request, key) if key else None


def _form(request: Request, person: Any, today: Any) -> str:
    """The form that was chosen; else by the age of the resident; else B, which most are."""
    asked = request.GET.get("kartu", "")
    if asked in rules.FORMS:
        return asked
    if person is not None and person.birth_date is not None and person.birth_date <= today:
        return rules.form_of_age(growth.completed_months(person.birth_date, today)) or "B"
    return "B"


def _enrol(request: Request, posyandu: Any, form: Any, letter: str, person: Any, mother: Any) -> Any:
    said = form.cleaned_data
    newcomer = None
    if person is None:
        newcomer = actions.Newcomer(
            full_name=said["full_name"],
            sex=said["sex"],
            birth_date=said["birth_date"],
            nik=said["nik"],
            address=said["address"],
        )
    return actions.enrol_participant(
        by=request.by,
        at=timezone.now(),
        posyandu_id=posyandu.id,
        form=letter,
        person_id=person.id if person else None,
        newcomer=newcomer,
        mother_id=mother.id if mother else None,
        opened_date=said["opened"],
        sure=form.sure(),
        participant_id=said["key"],
    )


def _onward(request: Request, made: Any) -> HttpResponseBase:
    """Back to the registration of the day it was asked from, else to the card."""
    day = reading.key(request.GET.get("hari", ""))
    if day is not None:
        query = urlencode({"kata": made.person.full_name})
        return redirect(f"{reverse('desk_posyandu_step', args=[day, 1])}?{query}")
    return redirect("desk_posyandu_person", participant_id=made.id)


def _there(person: Any, letter: str, refusal: Refused | None) -> dict[str, Any] | None:
    """The card that is in the way, with where to go on."""
    if person is None or not isinstance(refusal, (actions.AtAnotherPosyandu, actions.OnListAlready)):
        return None
    card = queries.open_at([person.id], letter).get(person.id)
    if card is None:
        return None
    return {
        "card": card,
        "url": reverse("desk_posyandu_person", args=[card.id]),
        "move_url": reverse("desk_posyandu_card_move", args=[card.id])
        if isinstance(refusal, actions.AtAnotherPosyandu)
        else "",
    }


def _context(
    request: Request, posyandu: Any, person: Any, mother: Any, letter: str, today: Any
) -> dict[str, Any]:
    given = request.GET
    typed = given.get("cari", "").replace("\x00", "").strip()[:100]
    typed_mother = given.get("cariibu", "").replace("\x00", "").strip()[:100]
    kept = {name: given[name] for name in KEPT if given.get(name)}
    found = queries.find_persons(request.by, typed) if typed and person is None else []
    cards = queries.open_at([one.id for one in found])
    mothers = queries.find_persons(request.by, typed_mother) if typed_mother and mother is None else []
    return {
        "letter": letter,
        "letters": [
            {
                "code": one,
                "name": shared.form_name(one),
                "url": _with(kept, kartu=one),
                "current": one == letter,
            }
            for one in rules.FORMS
        ],
        "person": person,
        "person_age": shared.age(person.birth_date, today) if person else "",
        "mother": mother,
        "asks_mother": letter in ("B", "C"),
        "typed": typed,
        "typed_mother": typed_mother,
        "kept": kept,
        "found": [
            {
                "name": one.full_name,
                "about": _about(one, today),
                "url": _with(kept, warga=str(one.id)),
                "card": f"{cards[one.id].form} · {cards[one.id].posyandu.name}" if one.id in cards else "",
            }
            for one in found
        ],
        "mothers": [
            {"name": one.full_name, "about": _about(one, today), "url": _with(kept, ibu=str(one.id))}
            for one in mothers
        ],
        "another_url": _with({key: value for key, value in kept.items() if key not in ("warga", "cari")}),
        "other_mother_url": _with(
            {key: value for key, value in kept.items() if key not in ("ibu", "cariibu")}
        ),
        "back": reverse("desk_posyandu_people", args=[posyandu.id]),
    }


def _about(person: Any, today: Any) -> str:
    parts = [
        shared.age(person.birth_date, today),
        words.day(person.birth_date),
        person.household.name if person.household else "",
        person.hamlet.name if person.hamlet else "",
    ]
    return " · ".join(one for one in parts if one)


def _with(kept: dict[str, str], **more: str) -> str:
    return f"?{urlencode({**kept, **more})}"
