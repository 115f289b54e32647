"""The steps of a request that ask something: one table, one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.posyandu.actions import requests as actions
from simpul.posyandu.actions import requests_deciding as deciding
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk.posyandu_requests import forms, shared
from simpul.web.policy import Request, officer

Run = Callable[[Any, Any, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One step: its act, words, form and what does it. ``given`` are by, at and the key of the request."""

    act: str
    title: str
    button: str
    form: type[forms.StepForm]
    run: Run
    done: str
    about: str = ""
    red: bool = False
    fits: Callable[[Any], bool] = lambda _one: True


def _inspect(form: Any, _one: Any, given: dict[str, Any]) -> Any:
    data = form.cleaned_data
    return actions.inspect_fieldrequest(
        visited_date=data["visited_date"],
        visitor=data["visitor"],
        seen=data["seen"],
        meets={"yes": True, "no": False}.get(data["meets"]),
        photos=form.photos(),
        spot=forms.spot("", data["point"]),
        visit_id=data["once"],
        **given,
    )


def _forward(form: Any, _one: Any, given: dict[str, Any]) -> Any:
    data = form.cleaned_data
    return deciding.forward_fieldrequest(
        to_desk_id=reading.known_key(data["desk"]),
        note=data["note"],
        consent=data["consent"],
        shares_contact=bool(data.get("shares_contact")),
        outside_number=data["outside_number"],
        **given,
    )


def _yes(form: Any) -> bool:
    return bool(form.cleaned_data["meets"] == "yes")


def _held_back(one: Any) -> bool:
    return one.confidential and one.released_at is None


def _goes_on(one: Any) -> bool:
    return not _held_back(one)


PAGES: Mapping[str, Page] = {
    "lepas": Page("fieldrequest.release", gettext_noop("Release this request"), gettext_noop("Release this request"), forms.ReleaseForm,
        lambda form, _one, given: deciding.release_fieldrequest(note=form.cleaned_data["note"], **given),
        gettext_noop("Released. The village and its desks see it now."),
        gettext_noop(
            "From now on the cadres and the village office see it, and it may go to an agency or the police. "
            "Who told it stays protected."
        ),
        fits=_held_back),
    "verifikasi-kader": Page("fieldrequest.check", gettext_noop("Verify as a cadre"), gettext_noop("Verify as a cadre"), forms.CheckForm,
        lambda form, _one, given: deciding.check_fieldrequest(meets=_yes(form), note=form.cleaned_data["note"], **given),
        gettext_noop("Verified. Next, the village looks at it."),
        gettext_noop("You say that you have seen the papers and that the request fits. The village decides.")),
    "kunjungan": Page("fieldrequest.inspect", gettext_noop("Write down a visit to the place"), gettext_noop("Write down the visit"),
        forms.VisitForm, _inspect, gettext_noop("The visit is written down."),
        gettext_noop("What you saw, even when it does not fit. When it is about a house, photograph it from three sides.")),
    "verifikasi-desa": Page("fieldrequest.verify", gettext_noop("Verify for the village"), gettext_noop("Verify for the village"),
        forms.VerifyForm, lambda form, _one, given: deciding.verify_fieldrequest(meets=_yes(form), why=form.cleaned_data["why"], **given),
        gettext_noop("Written down."), gettext_noop("“No” ends the request, and the person reads the reason."), fits=_goes_on),
    "serahkan": Page("fieldrequest.hand_over", gettext_noop("Hand over to the village"), gettext_noop("Hand over to the village"),
        forms.ConfirmForm, lambda _form, _one, given: deciding.hand_over_fieldrequest(**given),
        gettext_noop("Handed over to the village office."),
        gettext_noop("The matter and its papers go to the village office."), fits=_goes_on),
    "teruskan": Page("fieldrequest.forward", gettext_noop("Forward to an agency"), gettext_noop("Forward"), forms.ForwardForm, _forward,
        gettext_noop("Forwarded. The result comes back here."),
        gettext_noop("Agencies and the kecamatan here find it in their inbox. An outside body gets what you write below."), fits=_goes_on),
    "hasil": Page("fieldrequest.finish", gettext_noop("Give the result back"), gettext_noop("Give the result back"), forms.ResultForm,
        lambda form, _one, given: deciding.finish_fieldrequest(
            result=form.cleaned_data["result"], words=form.cleaned_data["words"], **given),
        gettext_noop("The person is told."), fits=_goes_on),
    "kesampingkan": Page("fieldrequest.set_aside", gettext_noop("Set it aside"), gettext_noop("Set it aside"), forms.AsideForm,
        lambda form, _one, given: deciding.set_aside_fieldrequest(why=form.cleaned_data["why"], **given),
        gettext_noop("Set aside. It stays in the book."),
        gettext_noop("Only what nobody put a name to. When somebody may be in danger, release it instead."), red=True,
        fits=lambda one: one.anonymous and one.confidential),
}  # fmt: skip
"""What can be done to a request, by the last part of its address."""
ORDER = tuple(page.act for page in PAGES.values())


def offered(request: Request, one: Any, page: Page) -> bool:
    """True when this seat may do this step now."""
    open_still = one.state in rules.OPEN or page.act == "fieldrequest.inspect"
    return open_still and page.fits(one) and shared.may(request, page.act, one)


@officer(*shared.READING)
def act(request: Request, fieldrequest_id: UUID, slug: str) -> HttpResponseBase:
    """Ask what a step needs, and do it."""
    page = PAGES.get(slug)
    one = shared.request_or_404(request, fieldrequest_id)
    if page is None or not offered(request, one, page):
        raise Http404
    sent = request.method == "POST"
    form = page.form(
        request.POST if sent else None, request.FILES if sent else None, request=request, one=one
    )
    back = reverse("desk_posyandu_request", args=[one.id])
    given = {"by": request.by, "at": timezone.now(), "fieldrequest_id": one.id}
    if form.is_valid() and trying.run(form, lambda: page.run(form, one, given)):
        messages.success(request, _(page.done))
        return redirect(back)
    context = {
        "page": page,
        "title": _(page.title),
        "button": _(page.button),
        "about": _(page.about) if page.about else "",
        "form": form,
        "service": shared.field_words(services.kind_options("service"), one.service),
        "who": shared.who(request, one),
        "back": back,
    }
    return frame.show(
        request,
        "desk/posyandu_requests/act.html",
        context,
        status=422 if form.errors else 200,
        here=shared.HERE,
    )
