"""One request: how far it is, what comes next, its papers, what was seen at the place, the result; and its checklist on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from simpul.cases import access as case_access
from simpul.lib.errors import NotFound, Refused
from simpul.posyandu.access import requests as access
from simpul.posyandu.actions import requests as actions
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import case as desk_case
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.posyandu_requests import acts, shared
from simpul.web.policy import Request, officer

NEXT = {
    "fieldrequest.mark": gettext_noop("Collect what is still missing, and mark each paper below."),
    "fieldrequest.check": gettext_noop(
        "A cadre verifies: the papers are complete, and the request fits the service."
    ),
    "fieldrequest.inspect": gettext_noop("Somebody looks at the place and writes down what was seen."),
    "fieldrequest.release": gettext_noop(
        "The village head reads it and releases it. Until then nobody else sees it."
    ),
    "fieldrequest.verify": gettext_noop("The secretary or the head verifies for the village."),
    "fieldrequest.hand_over": gettext_noop("The posyandu hands it over to the village office."),
    "fieldrequest.forward": gettext_noop("The village forwards it to the agency or the kecamatan."),
    "fieldrequest.finish": gettext_noop("Give the result back to the person."),
}
"""What comes next, in words for everybody who reads the page."""


@officer(*shared.READING)
@require_GET
def overview(request: Request, fieldrequest_id: UUID) -> HttpResponseBase:
    """One request with its next step."""
    one = shared.request_or_404(request, fieldrequest_id)
    return show(request, one)


def show(request: Request, one: Any, *, fault: str = "", status: int = 200) -> HttpResponseBase:
    """The page of one request."""
    now = timezone.now()
    wanted = services.service(one.service)
    papers, visits = queries.papers_of(one), queries.visits_of(one)
    complete = not any(paper.required and paper.mark == "missing" for paper in papers)
    held_back = one.confidential and one.released_at is None
    following = rules.next_acts(
        one.state,
        papers_complete=complete,
        wants_visit=wanted is not None and wanted.visit,
        visited=bool(visits),
        held_back=held_back,
    )
    sees_case = case_access.visible(request.by).filter(id=one.case_id).exists()
    language = shared.language()
    context = {
        **_head(request, one, complete=complete, now=now),
        "fault": fault,
        "words": one.case.text,
        "for_whom": one.case.answers.get("for_whom", "") if access.sees_name(request.by, one) else "",
        "case_url": reverse("desk_case", args=[one.case_id]) if sees_case else "",
        "held_back": held_back and one.state in rules.OPEN,
        "next": _(NEXT[following[0]]) if following else "",
        "primary": _buttons(request, one, following),
        "others": _buttons(request, one, [act for act in acts.ORDER if act not in following]),
        "papers": [_paper(paper, language) for paper in papers],
        "may_mark": shared.may(request, "fieldrequest.mark", one) and one.state in rules.OPEN,
        "marks": [(code, _(words)) for code, words in rules.MARKS.items()],
        "complete": complete,
        "visits": [_visit(visit) for visit in visits],
        "wants_visit": wanted is not None and wanted.visit,
        "trail": _trail(one),
        "paper_url": reverse("desk_posyandu_request_paper", args=[one.id]),
        "map_url": f"geo:{one.latitude},{one.longitude}" if one.latitude is not None else "",
    }
    return frame.show(request, "desk/posyandu_requests/one.html", context, status=status, here=shared.HERE)


def _head(request: Request, one: Any, *, complete: bool, now: Any) -> dict[str, Any]:
    options, fields = services.kind_options("service"), services.kind_options("field")
    return {
        "one": one,
        "service": shared.field_words(options, one.service),
        "field": shared.field_words(fields, one.field),
        "who": shared.who(request, one),
        "where": region_queries.path_names(one.region_code),
        "steps": shared.steps_of(one, complete=complete),
        "state": _(rules.STATES[one.state]),
        "tone": shared.TONES[one.state],
        "stale": rules.is_stale(one.state, one.stale_at, now),
        "moved": desk_words.moment(one.moved_at, one.region_code),
        "clock": desk_words.case_chip(one.case, now) if one.case.is_open else None,
        "taken": desk_words.moment(one.taken_at, one.region_code),
        "way": _(rules.WAYS[one.way]),
        "result": _(rules.RESULTS.get(one.result, one.result)) if one.result else "",
        "ended": desk_words.moment(one.ended_at, one.region_code) if one.ended_at else "",
    }


def _buttons(request: Request, one: Any, wanted: Any) -> list[dict[str, Any]]:
    """The steps among these that this seat may do now."""
    return [
        {
            "url": reverse("desk_posyandu_request_act", args=[one.id, slug]),
            "label": _(page.button),
            "red": page.red,
        }
        for act in wanted
        for slug, page in acts.PAGES.items()
        if page.act == act and acts.offered(request, one, page)
    ]


def _paper(paper: Any, language: str) -> dict[str, Any]:
    return {
        "one": paper,
        "name": services.paper_name(paper.code, language),
        "mark": _(rules.MARKS[paper.mark]),
        "tone": {"seen": "good", "copied": "good"}.get(paper.mark, "warn" if paper.required else ""),
        "photos": [reverse("desk_posyandu_request_photo", args=[one.id]) for one in paper.photos.all()],
    }


def _visit(visit: Any) -> dict[str, Any]:
    return {
        "one": visit,
        "day": desk_words.day(visit.visited_date),
        "photos": [
            {
                "url": reverse("desk_posyandu_request_photo", args=[photo.id]),
                "side": _(rules.SIDES[photo.side]) if photo.side in rules.SIDES else _("Photo"),
            }
            for photo in visit.photos.all()
        ],
    }


def _trail(one: Any) -> list[dict[str, str]]:
    """Who did what when, as far as it is."""
    rows = (
        (one.taken_at, _("Taken in"), one.taken_by, ""),
        (one.checked_at, _("Verified by the cadre"), one.checked_by, one.checked_note),
        (one.released_at, _("Released by the head"), one.released_by, one.released_note),
        (one.verified_at, _("Looked at by the village"), one.verified_by, one.verified_why),
        (one.handed_at, _("Handed over to the village"), one.handed_by, ""),
        (
            one.forwarded_at,
            _("Forwarded"),
            one.forwarded_by,
            one.forwarded_desk.name if one.forwarded_desk else "",
        ),
        (one.ended_at, _("Ended"), one.ended_by, one.result_words),
    )
    return [
        {"what": what, "when": desk_words.moment(at, one.region_code), "who": who, "words": words}
        for at, what, who, words in rows
        if at is not None
    ]


@officer("fieldrequest.mark")
@require_POST
def mark(request: Request, fieldrequest_id: UUID) -> HttpResponseBase:
    """Mark one paper, with a photo or without."""
    one = shared.request_or_404(request, fieldrequest_id)
    sent = request.FILES.get("foto")
    try:
        actions.mark_fieldrequest(
            by=request.by,
            at=timezone.now(),
            fieldrequest_id=one.id,
            code=request.POST.get("berkas", "")[:24],
            mark=request.POST.get("keadaan", "")[:8],
            note=request.POST.get("catatan", "")[:300],
            photo=actions.Photo(sent.read(), sent.name or "foto.jpg") if sent is not None else None,
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return show(request, one, fault=str(refusal), status=422)
    messages.success(request, _("Marked."))
    return redirect(f"{reverse('desk_posyandu_request', args=[one.id])}#berkas")


@officer(*shared.READING)
@require_GET
def photo(request: Request, requestphoto_id: UUID) -> HttpResponseBase:
    """A photo of a paper or a place, as it was made anew by us."""
    row = queries.photo_for(request.by, requestphoto_id)
    if row is None or not queries.store().exists(row.file_sha256):
        raise Http404
    data = queries.store().read(row.file_sha256)
    if row.file_mime.startswith("image/"):
        return desk_case.as_shown(data, row.file_mime)
    return desk_case.as_download(data, row.file_mime, "berkas.pdf")


@officer(*shared.READING)
@require_GET
def paper(request: Request, fieldrequest_id: UUID) -> HttpResponseBase:
    """The checklist and the verification on one sheet."""
    one = shared.request_or_404(request, fieldrequest_id)
    papers, language = queries.papers_of(one), shared.language()
    context = {
        **_head(request, one, complete=True, now=timezone.now()),
        "words": one.case.text,
        "papers": [_paper(row, language) for row in papers],
        "visits": [_visit(visit) for visit in queries.visits_of(one)],
        "trail": _trail(one),
        "back": reverse("desk_posyandu_request", args=[one.id]),
    }
    return frame.show(request, "desk/posyandu_requests/paper.html", context, here=shared.HERE)
