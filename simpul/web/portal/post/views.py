"""The tablet at the door: needs no sign-in, shows no names, keeps nothing between two visitors."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import guests as actions
from simpul.village_post.queries import guests as queries
from simpul.village_post.rules import guests as rules
from simpul.web import forms, reading
from simpul.web.desk import trying
from simpul.web.policy import Request, public


class ComeForm(forms.Form):
    """What a visitor writes about themselves."""

    name = forms.NameField(label=gettext_lazy("Your name"))
    purpose = forms.LineField(label=gettext_lazy("What do you come for?"), max_length=300, required=False)
    address = forms.LineField(label=gettext_lazy("Where do you live?"), max_length=200, required=False)
    phone = forms.LineField(label=gettext_lazy("Your telephone number"), max_length=30, required=False)
    visitor_id = django_forms.UUIDField(widget=django_forms.HiddenInput)


def _post(token: str) -> Any:
    try:
        return access.kiosk(token)
    except NotFound as missing:
        raise Http404 from missing


@public
@never_cache
@require_GET
def door(request: Request, token: str) -> HttpResponseBase:
    """Two large buttons: I come, I leave."""
    post = _post(token)
    return render(request, "portal/post/door.html", {"post": post, "token": token})


@public
@never_cache
def come(request: Request, token: str) -> HttpResponseBase:
    """A line of the guest book, in the visitor's own hand."""
    post = _post(token)
    form = ComeForm(request.POST if request.method == "POST" else None, initial={"visitor_id": uuid7()})
    made: list[Any] = []

    def act() -> None:
        given = form.cleaned_data
        guest = actions.Guest(
            name=given["name"], purpose=given["purpose"], address=given["address"], phone=given["phone"]
        )
        made.append(
            actions.enter_visitor(
                by=ANYBODY,
                at=timezone.now(),
                post_id=post.id,
                guest=guest,
                token=token,
                visitor_id=given["visitor_id"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        context = {"post": post, "token": token, "number": made[0].number}
        return render(request, "portal/post/written.html", context)
    context = {"post": post, "token": token, "form": form, "days": post.visitor_days}
    return render(request, "portal/post/come.html", context, status=422 if form.errors else 200)


@public
@never_cache
def leave(request: Request, token: str) -> HttpResponseBase:
    """First the number of the line, then a face."""
    post = _post(token)
    at = timezone.now()
    given = request.POST
    faces = [(face, sign, _(label)) for face, (sign, label) in rules.RATINGS.items()]
    context: dict[str, Any] = {"post": post, "token": token, "faces": faces}
    if request.method != "POST":
        return render(request, "portal/post/leave.html", context)
    digits = given.get("nomor", "")[:6]
    line = queries.kiosk_line(post, at, int(digits)) if digits.isascii() and digits.isdigit() else None
    if line is None:
        return render(request, "portal/post/leave.html", {**context, "unknown": True}, status=422)
    face = reading.page_number(given.get("wajah", "")) if given.get("wajah") else 0
    if face not in rules.RATINGS:
        return render(request, "portal/post/leave.html", {**context, "nomor": digits})
    said = {"by": ANYBODY, "at": at, "visitor_id": line, "token": token}
    actions.leave_visitor(**said)  # type: ignore[arg-type]
    actions.rate_visitor(**said, rating=face, words=given.get("kata", "")[:300])  # type: ignore[arg-type]
    return redirect("portal_kiosk_thanks", token=token)


@public
@never_cache
@require_GET
def thanks(request: Request, token: str) -> HttpResponseBase:
    """Thank you; the next visitor begins anew."""
    return render(request, "portal/post/thanks.html", {"post": _post(token), "token": token})
