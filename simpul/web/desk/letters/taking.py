"""Taking a request in: which letter, for whom, what is shown. Several letters and other matters share the receipt of one visit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cases import access as case_access
from simpul.cases.actions import intake as intake_actions
from simpul.desks import queries as desk_queries
from simpul.letters.actions import requesting
from simpul.letters.queries import bodies, catalogue
from simpul.letters.queries import requests as request_queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import texts, variables
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk import intake as desk_intake
from simpul.web.desk.letters import forms, shared
from simpul.web.desk.register import edits as register_edits
from simpul.web.policy import Request, officer


@officer("letter.draft")
def new(request: Request) -> HttpResponseBase:
    """Which letter is asked for, then the request itself."""
    code = request.GET.get("jenis", "")[:40]
    village = shared.village_of(request, request.GET.get("desa", ""))
    offer = type_queries.find(code, village) if code else None
    if offer is None:
        return _choose(request, village)
    return _take(request, village, offer)


def _choose(request: Request, village: str) -> HttpResponseBase:
    """Kinds of letter by what they are for."""
    said = request.GET.get("kata", "").replace("\x00", "").strip()[:80]
    group = request.GET.get("kelompok", "")[:24]
    found = type_queries.types_for(village, words=said, group=group)
    language = shared.language()
    kept = "".join(
        f"&{name}={request.GET[name]}"
        for name in ("kunjungan", "orang", "jalan", "kasus")
        if request.GET.get(name, "").replace("-", "").isalnum()
    )
    named = catalogue.groups()
    context = {
        "offers": [
            {
                "url": f"?jenis={one.code}{kept}",
                "name": one.name(language),
                "about": one.about(language),
                "group": named[one.type.group].label(language) if one.type.group in named else "",
            }
            for one in found
        ],
        "groups": [(key, one.label(language)) for key, one in named.items()],
        "group": group,
        "words": said,
        "kept": {name: request.GET.get(name, "")[:40] for name in ("kunjungan", "orang", "jalan", "kasus")},
    }
    return frame.show(request, "desk/letters/choose.html", context, here=shared.HERE)


def _take(request: Request, village: str, offer: Any) -> HttpResponseBase:
    language = shared.language()
    names = request_queries.requirement_names(offer.version, language)
    options: dict[str, Any] = {
        "questions": bodies.questions_of(offer.version),
        "language": language,
        "photos": names.items(),
    }
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if request.method != "POST":
        form = forms.TakeInForm(initial=_first(request), **options)
    elif step == "cari":
        form = forms.TakeInForm(initial=request.POST.dict(), **options)
    else:
        form = forms.TakeInForm(request.POST, request.FILES, **options)
    if form.is_bound and form.is_valid():
        try:
            done = _request(request, village, offer, form)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk_letter", letter_id=done.letter.id)
    sought = request.POST.get("sought", "").replace("\x00", "").strip()[:80] if step == "cari" else ""
    context = {
        "form": form,
        "offer": offer,
        "name": offer.name(language),
        "about": offer.about(language),
        "sought": sought,
        "found": _found(request, sought),
        "chosen": _chosen(request, form),
        "wants_address": _asks(offer, "alamat"),
        "other_url": f"{reverse('desk_letter_new')}?kunjungan={form['visit_id'].value() or ''}&kasus={request.GET.get('kasus', '')[:36]}",
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/letters/take.html", context, status=status, here=shared.HERE)


def _asks(offer: Any, place: str) -> bool:
    return (
        any(name == place for _group, name in texts.parse(offer.version.body).places())
        and place in variables.NAMES
    )


def _first(request: Request) -> dict[str, Any]:
    """An empty request, or the next one of the same visit with the same person."""
    given = request.GET
    visit = given.get("kunjungan", "")
    values: dict[str, Any] = {
        "letter_id": uuid7(),
        "visit_id": reading.key(visit) or uuid7(),
        "channel": given.get("jalan", "desk"),
        "consent": "spoken",
    }
    case = _case(request)
    if case is not None and case.reporter is not None and case_access.sees_reporter(request.by, case):
        values |= {"person_id": case.reporter_id, "name": case.reporter.full_name, "channel": _channel(case)}
    known = request.session.get(desk_intake.VISITS_KEY, {}).get(visit, {})
    person = reading.key(given.get("orang", "")) or reading.key(str(known.get("person", "")))
    if person is not None:
        values["person_id"] = person
    if known.get("name"):
        values["name"] = known["name"]
    return values


def _case(request: Request) -> Any:
    """The matter that the letter belongs to, when it is asked for on a matter's page.

    Raises:
        Http404: not a matter of this seat.
    """
    key = reading.key(request.GET.get("kasus", ""))
    if key is None:
        return None
    return trying.found(case_access.get_for, request, key)


def _channel(case: Any) -> str:
    return str(case.channel) if case.channel in forms.TAKEN_BY else "desk"


def _found(request: Request, sought: str) -> list[tuple[str, str]]:
    """Residents of the name or NIK that was looked for."""
    if len(sought) < 2:
        return []
    listed = residents.find_persons(request.by, residents.Filters(words=sought))
    return [(str(one.id), register_edits.describe(one)) for one in listed.rows[:8] if one.life != "dead"]


def _chosen(request: Request, form: Any) -> str:
    """The resident who was chosen, in one line."""
    key = reading.key(str(form["person_id"].value() or ""))
    if key is None:
        return ""
    try:
        return register_edits.describe(people_access.person_for(request.by, key))
    except NotFound:
        return ""


def _request(request: Request, village: str, offer: Any, form: forms.TakeInForm) -> requesting.Requested:
    """One visit, one letter: both or neither."""
    at, given = timezone.now(), form.cleaned_data
    visit_id: UUID = given["visit_id"]
    uploads = {
        code: requesting.Upload(files[0].read(), files[0].name)
        for code, _name in form.photos
        if (files := given.get(f"foto-{code}"))
    }
    case = _case(request)
    with transaction.atomic():
        if case is None:
            intake_actions.open_visit(by=request.by, at=at, channel=given["channel"], visit_id=visit_id)
        done = requesting.request_letter(
            by=request.by,
            at=at,
            letter_id=given["letter_id"],
            region_code=village,
            type_code=offer.code,
            channel=given["channel"],
            applicant=intake_actions.PersonGiven(
                name=given["name"],
                person_id=given["person_id"],
                phone=given["phone"],
                nik=given["nik"],
                address=given["address"],
            ),
            purpose=given["purpose"],
            inputs=form.answers(),
            subject_name=given["subject_name"],
            requirements=uploads,
            desk_id=_desk_for(request),
            visit_id=None if case is not None else visit_id,
            consent=given["consent"],
            message=given["message"],
            case_id=case.id if case is not None else None,
        )
    if done.opened is not None:
        desk_intake.remember(request, visit_id, done.opened)
        messages.success(
            request, _("Taken in. The receipt has number %(number)s.") % {"number": done.opened.number}
        )
    return done


def _desk_for(request: Request) -> UUID | None:
    """The matter starts at the desk that takes it in: it is the post that drafts the letter."""
    desk = desk_queries.desk(request.by.desk_id) if request.by.desk_id else None
    return desk.id if desk is not None and desk.level == "village" else None
