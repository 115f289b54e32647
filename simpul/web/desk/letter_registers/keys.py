"""The village's keys: made, replaced; the file for posts without a network; and where BSrE is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.letters.actions import bsre as bsre_actions
from simpul.letters.actions import keys as actions
from simpul.letters.queries import keys as queries
from simpul.letters.queries import letters as letter_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying, words
from simpul.web.desk.letter_registers import forms, shared
from simpul.web.policy import Request, officer


@officer("letterkey.make")
def keys(request: Request) -> HttpResponseBase:
    """The keys, newest first; what they are for, in words."""
    return _show(request, shared.village_of(request))


def _show(request: Request, village: str, status: int = 200, **wrong: Any) -> HttpResponseBase:
    office = letter_queries.office_of(village)
    rows = [one for one in queries.keys_of(request.by) if one.region_code == village]
    first = {
        "on": bool(office.bsre),
        "url": office.bsre.get("url", ""),
        "user": office.bsre.get("user", ""),
    }
    context = {
        "tabs": shared.tabs(request, "keys"),
        "village": village,
        "place": region_queries.path_names(village),
        "rows": [
            {
                "key": one,
                "made": words.moment(one.made_at, one.region_code),
                "retired": words.moment(one.retired_at, one.region_code) if one.retired_at else "",
            }
            for one in rows
        ],
        "in_use": any(one.retired_at is None for one in rows),
        "may_rotate": roles.may(request.by, "letterkey.rotate", roles.Place(village)),
        "why": forms.WhyForm(),
        "bsre": forms.BsreForm(initial=first),
        "bsre_on": bool(office.bsre),
        "nik_kept": bool(office.signer_nik),
        "may_bsre": roles.may(request.by, "bsre.set", roles.Place(village)),
        "keys_url": reverse("letter_check_keys"),
        **wrong,
    }
    return frame.show(request, "desk/letter_registers/keys.html", context, status=status, here=shared.HERE)


@officer("letterkey.make")
@require_POST
def make(request: Request) -> HttpResponseBase:
    """Make the first key."""
    village = shared.village_of(request)

    def act() -> None:
        actions.make_letterkey(by=request.by, at=timezone.now(), region_code=village)
        messages.success(request, _("The key is made. Letters are signed with it from now on."))

    return trying.attempt(request, act, reverse("desk_letter_keys"))


@officer("letterkey.rotate")
@require_POST
def rotate(request: Request) -> HttpResponseBase:
    """Replace the key in use."""
    village = shared.village_of(request)
    form = forms.WhyForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.rotate_letterkey(
            by=request.by, at=timezone.now(), region_code=village, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Replaced. Letters signed before stay true."))
        return redirect("desk_letter_keys")
    return _show(request, village, 422, why=form)


@sensitive_post_parameters("secret", "nik")
@officer("bsre.set")
@require_POST
def bsre(request: Request) -> HttpResponseBase:
    """Say where BSrE's service is, or switch it off."""
    village = shared.village_of(request)
    form = forms.BsreForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: bsre_actions.set_bsre(
            by=request.by,
            at=timezone.now(),
            region_code=village,
            on=form.cleaned_data["on"],
            url=form.cleaned_data["url"],
            user=form.cleaned_data["user"],
            secret=form.cleaned_data["secret"],
            nik=form.cleaned_data["nik"],
        ),
    ):
        messages.success(request, _("Kept. It holds from the next letter on."))
        return redirect("desk_letter_keys")
    return _show(request, village, 422, bsre=form)
