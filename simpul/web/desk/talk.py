"""Conversations: who waits for an answer, everything said with one person on any channel, and what is done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.cases.queries import protection as protection_queries
from simpul.cases.queries import talking
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.errors import NotFound
from simpul.messages import actions as message_actions
from simpul.messages.queries import conversations as queries
from simpul.messages.queries import writing as writing_queries
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import case as case_page
from simpul.web.desk import frame, talk_forms, talk_words, trying, words
from simpul.web.policy import Request, officer

KEPT = ("view", "channel", "desk", "words", "page")
SEEN_KEY = "desk_talk_seen"
SEEN_SECONDS = 15 * 60
NOTHING_YET = "message.nothing_written"
"""No fault while somebody is still writing."""


@officer("incoming.settle")
@require_GET
def conversations(request: Request) -> HttpResponseBase:
    """The list, as the address says: who has waited longest stands on top."""
    at = timezone.now()
    filters = filters_of(request)
    page = queries.conversations(request.by, filters, protection_queries.about(request.by))
    kept = kept_of(request)
    count = queries.waiting_count(request.by)
    prefix = talk_words.prefix()
    tabs = [
        {
            "label": words.of(talk_words.VIEWS, view),
            "url": f"?{urlencode({**kept, 'view': view, 'page': 1})}",
            "current": view == filters.view,
            "count": count if view == "waiting" else None,
        }
        for view in queries.views_for(request.by)
    ]
    title, sentence = talk_words.EMPTY[filters.view]
    context = {
        "rows": [talk_words.row(who, at, request.by, kept, prefix) for who in page.rows],
        "tabs": tabs,
        "filters": filters,
        "filtered": bool(filters.channel or filters.desk or filters.words),
        "channels": [(code, str(name)) for code, name in talk_words.CHANNELS.items() if code != "slip"],
        "desks": _desks(request),
        "empty": {"title": title, "text": sentence},
        "waiting": count,
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
    }
    return frame.show(request, "desk/talk/list.html", context, here="desk_talks")


def filters_of(request: Request) -> queries.Filters:
    """What the address says about the list; anything unreadable is passed over."""
    given = request.GET
    view, page = given.get("view", ""), given.get("page", "")
    return queries.Filters(
        view=view if view in queries.views_for(request.by) else "waiting",
        channel=_said(given, "channel", 12),
        desk=_said(given, "desk", 40),
        words=_said(given, "words", 100),
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page) else 1,
    )


def _said(given: Any, name: str, most: int) -> str:
    """A part of the address without invisible signs, which no database can look for."""
    return text.clean_line(given.get(name, "")[:most])


def kept_of(request: Request) -> dict[str, str]:
    """The part of the address that remembers the list."""
    return {name: request.GET[name] for name in KEPT if request.GET.get(name)}


def _desks(request: Request) -> list[tuple[str, str]]:
    found = desk_queries.desks_visible(request.by).open().filter(outside=False).order_by("name")
    return [(desk.code, desk.name) for desk in found[:100]]


@officer("incoming.settle")
@require_GET
def talk(request: Request, who_id: UUID) -> HttpResponseBase:
    """Everything said with somebody, oldest first, and what can be done."""
    return show(request, who_id, timezone.now())


def show(
    request: Request,
    who_id: UUID,
    at: datetime,
    *,
    reply: talk_forms.ReplyForm | None = None,
    preview: dict[str, Any] | None = None,
    wrong: Any = None,
    opened: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a conversation, also after a refusal: what was typed stays."""
    found = trying.found(talking.talk, request, who_id)
    who = found.who
    _leave_line(request, found, at)
    bound = wrong if isinstance(wrong, talk_forms.PickForm) else None
    ticked = list(bound["messages"].value() or ()) if bound else [str(one.id) for one in found.open_messages]
    context = {
        "who": who,
        "name": talk_words.name_of(who),
        "number": talk_words.number_of(who),
        "channel": words.of(talk_words.CHANNELS, who.channel),
        "marks": talk_words.marks_of(who),
        "is_sms": any(one.channel == "sms" for one in found.contacts),
        "days": talk_words.days(found, at, ticked, request.by),
        "is_cut": found.is_cut,
        "last_told": next((one.told.id.hex for one in reversed(found.said) if one.told is not None), "0"),
        "open_count": len(found.open_messages),
        "wait": talk_words.waiting(found.open_messages[0].received_at, at) if found.open_messages else "",
        "contacts": [
            {
                "who": one,
                "channel": words.of(talk_words.CHANNELS, one.channel),
                "number": talk_words.number_of(one),
            }
            for one in found.contacts
        ],
        "cases": [talk_words.case_row(case, at) for case in found.cases],
        "window": talk_words.window(who, at),
        "no_way": "" if writing_queries.has_way(who) else message_actions.REFUSALS["message.no_way"].sentence,
        "reply": reply or talk_forms.ReplyForm(talk=found),
        "preview": preview,
        "pick": bound or talk_forms.PickForm(talk=found),
        "can_turn": bool(talk_forms.turnable(found)),
        "wrong": wrong,
        "opened": opened,
        "back_url": f"{reverse('desk_talks')}?{urlencode(kept_of(request))}",
        "next_url": _next(request, who_id),
        "transcribe": talk_forms.TranscribeForm(),
        **_person(request, found, wrong),
        **_may(request, who),
    }
    return frame.show(request, "desk/talk/page.html", context, status=status, here="desk_talks")


def _may(request: Request, who: Any) -> dict[str, Any]:
    """What this seat may do here: only that is offered."""
    place = roles.Place(
        who.region_code, *[frozenset({who.desk_id}) if who.desk_id else frozenset[UUID]()] * 2
    )
    acts = ("message.write", "incoming.settle", "incoming.turn", "incoming.join", "correspondent.link")
    more = ("correspondent.stop", "correspondent.pass", "voice.transcribe", "feedback.record")
    may = {act.replace(".", "_"): roles.may(request.by, act, place) for act in (*acts, *more)}
    moving = talk_forms.PassForm(by=request.by, who=who) if may["correspondent_pass"] else None
    return {"may": may, "moving": moving}


def _person(request: Request, found: talking.Talk, wrong: Any) -> dict[str, Any]:
    """Who it is: the linked person, or persons who may be meant."""
    who = found.who
    form = wrong if isinstance(wrong, talk_forms.LinkForm) else None
    if who.person is not None:
        place = region_queries.path_names(who.person.region_code) if who.person.region_code else ""
        return {"person": who.person, "person_place": place, "same": [], "link": form}
    asked = _said(request.GET, "orang", 100)
    is_number = any(sign.isdigit() for sign in asked)
    same = []
    if not who.is_nameless:
        same = people_queries.find_same(
            request.by,
            phone=asked if is_number else who.number,
            name=asked if asked and not is_number else who.shown_name,
            region_code=who.region_code,
        )
    places = region_queries.paths({one.person.region_code for one in same})
    return {
        "person": None,
        "asked": asked,
        "same": [
            {
                "person": one.person,
                "why": words.of(words.SAME, one.why),
                "place": places.get(one.person.region_code, ""),
            }
            for one in same
        ],
        "link": form or talk_forms.LinkForm(initial={"name": who.shown_name}),
    }


def _next(request: Request, who_id: UUID) -> str:
    """The conversation that has waited longest, after this one."""
    page = queries.conversations(request.by, queries.Filters())
    other = next((who for who in page.rows if who.id != who_id), None)
    return reverse("desk_talk", args=[other.id]) if other else ""


def _leave_line(request: Request, found: talking.Talk, at: datetime) -> None:
    """A look at protected messages leaves a line; looking again within a quarter of an hour is the same look."""
    if not any(one.heard is not None and one.heard.sealed for one in found.said):
        return
    seen = dict(request.session.get(SEEN_KEY, {}))
    key, now = str(found.who.id), int(at.timestamp())
    if now - int(seen.get(key, 0)) < SEEN_SECONDS:
        return
    journal_actions.record_view(
        by=request.by, at=at, subject_kind="correspondent", subject_id=found.who.id, why=""
    )
    request.session[SEEN_KEY] = {**dict(list(seen.items())[-20:]), key: now}


def preview_of(request: Request, who_id: UUID, form: talk_forms.ReplyForm, at: datetime) -> dict[str, Any]:
    """How the reply would leave: its words, its length, what it costs, and what stands against it."""
    written = writing_queries.preview_written(request.by, at, who_id, **form.given())
    refusal = ""
    if written.refused and written.refused != NOTHING_YET:
        refusal = str(
            message_actions.REFUSALS[written.refused](
                missing=", ".join(words.of(talk_forms.VARIABLES, name) for name in written.missing),
                length=len(written.words.body),
                limit=written.longest,
            )
        )
    return {
        "written": written,
        "channel": words.of(talk_words.CHANNELS, written.road),
        "refusal": refusal,
        "costs": [one for one in written.costs if one.rupiah],
        "signs": written.length.units,
        "parts": written.length.parts if written.road == "sms" else 0,
        "is_wide": written.length.alphabet == "ucs2",
        "template": written.template,
    }


@officer("incoming.settle")
@require_GET
def file(request: Request, file_id: UUID) -> HttpResponseBase:
    """A file of a message this seat may read: photos and recordings to look at and hear, everything else to save."""
    try:
        found = queries.file_for(request.by, file_id, protection_queries.about(request.by))
        data = queries.read_file(found)
    except NotFound as missing:
        raise Http404 from missing
    if found.mime in ("image/jpeg", "audio/ogg") and not request.GET.get("simpan"):
        return case_page.as_shown(data, found.mime)
    return case_page.as_download(data, found.mime, found.name or found.kind)
