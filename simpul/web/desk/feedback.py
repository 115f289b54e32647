"""``/meja/umpan-balik/``: what people say that is no matter: quick entry, the list, coding, becoming a matter."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases.actions import intake
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.feedback import access, rules
from simpul.feedback import actions as feedback_actions
from simpul.feedback.actions import recording
from simpul.feedback.queries import frame as frame_queries
from simpul.feedback.queries import records as queries
from simpul.feedback.queries import trends as trend_queries
from simpul.lib import ids, when
from simpul.lib.errors import NotFound, Refused
from simpul.messages import access as message_access
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, frame, words
from simpul.web.desk import feedback_forms as forms
from simpul.web.forms import choices
from simpul.web.policy import Request, officer
from simpul.web.portal import places
from simpul.web.portal import words as portal_words

HERE = "desk_feedback"
FILTERS = ("keadaan", "jenis", "kode", "wilayah", "jalan", "kata", "sejak", "sampai")


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages about feedback that this seat has a use for."""
    pages = [("desk_feedback", _("List")), ("desk_feedback_new", _("Write down"))]
    if roles.may_somewhere(request.by, "feedback.code"):
        pages += [("desk_feedback_trends", _("Trends")), ("desk_feedback_rumours", _("Rumours"))]
    pages.append(("desk_feedback_changes", _("What changed")))
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


def zone_of(request: Request) -> Any:
    """The time zone of the seat's area."""
    return desk_queries.zone_of(request.by.served_areas[0])


def today(request: Request) -> Any:
    """The date there."""
    return timezone.now().astimezone(zone_of(request)).date()


# --- the list -----------------------------------------------------------------------------------------------------------


@officer("feedback.record")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """What was said, newest first, narrowed by what the address says."""
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    filters = _filters(request, narrowed)
    page = queries.listed(request.by, filters)
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    paths = region_queries.paths({one.region_code for one in page.rows})
    context = {
        "tabs": tabs(request, "desk_feedback"),
        "rows": [_row(one, paths) for one in page.rows],
        "filters": {name: request.GET.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "area": narrowed,
        "choices": {
            "state": choices.pairs(rules.STATES),
            "type": choices.pairs(rules.TYPES),
            "channel": choices.pairs(rules.CHANNELS),
            "code": [(one.code, portal_words.said(one, "name")) for one in frame_queries.codes()],
        },
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
        "waiting": queries.to_code(request.by) if roles.may_somewhere(request.by, "feedback.code") else 0,
        "next": queries.next_to_code(request.by)
        if roles.may_somewhere(request.by, "feedback.code")
        else None,
    }
    return frame.show(request, "desk/feedback/list.html", context, here=HERE)


def _filters(request: Request, narrowed: area.Area) -> queries.Filters:
    """What the address says; anything that cannot be read is passed over."""
    given, zone = request.GET, zone_of(request)

    def said(name: str, most: int) -> str:
        return given.get(name, "").replace("\x00", "")[:most]

    return queries.Filters(
        state=said("keadaan", 10),
        type=said("jenis", 20),
        code=said("kode", 40),
        region=narrowed.code,
        channel=said("jalan", 12),
        words=said("kata", 100).strip(),
        since=moment(given.get("sejak", ""), zone),
        until=moment(given.get("sampai", ""), zone, after=1),
        page=reading.page_number(given.get("page", "")),
    )


def moment(typed: str, zone: Any, after: int = 0) -> datetime | None:
    """The first moment of a day that was typed, or of one some days after it."""
    day = when.parse_date(typed)
    return datetime.combine(day + timedelta(days=after), time(), zone).astimezone(UTC) if day else None


def _row(record: Any, paths: dict[str, str]) -> dict[str, Any]:
    codes = [one.code for one in record.codings.all()]
    kind = rules.leading_type(one.type for one in codes)
    return {
        "record": record,
        "url": reverse("desk_feedback_one", args=[record.id]),
        "type": _(rules.TYPES[kind]) if kind else "",
        "codes": [portal_words.said(one, "name") for one in codes],
        "place": paths.get(record.region_code, record.region_code).split(",", maxsplit=1)[0],
        "when": words.short_day(record.received_at, record.region_code),
        "channel": _(rules.CHANNELS.get(record.channel, record.channel)),
        "state": _(rules.STATES[record.state]),
    }


# --- writing down -------------------------------------------------------------------------------------------------------


@officer("feedback.record")
def new(request: Request) -> HttpResponseBase:
    """Write down what somebody said; from a message with ``?pesan=``, from a call with ``?telepon=``."""
    message = _message(request)
    call = _call(request)
    for kind, source in (("incoming", message), ("call", call)):
        if source is not None and (known := queries.of_source(kind, source.id)):
            return redirect("desk_feedback_one", record_id=known.id)
    form = _record_form(request, message, call)
    if request.method == "POST" and form.is_valid():
        try:
            done = _record(request, form.cleaned_data, message, call.id if call is not None else None)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after(request, done)
    context = {
        "tabs": tabs(request, "desk_feedback_new"),
        "form": form,
        "groups": code_groups(form["codes"]),
        "message": message,
        "record_id": request.POST.get("record_id") or ids.uuid7(),
    }
    return frame.show(
        request,
        "desk/feedback/new.html",
        context,
        status=422 if form.errors else 200,
        here="desk_feedback_new",
    )


def _record_form(request: Request, message: Any, call: Any) -> forms.RecordForm:
    first: dict[str, Any] = {"channel": "field", "place": places.own_village()}
    if len(request.by.served_areas[0]) == 10:
        first["place"] = region_queries.path_names(request.by.served_areas[0])
    if message is not None:
        channel = message.channel if message.channel in rules.CHANNELS else "field"
        first |= {"text": message.text, "channel": channel}
    elif call is not None:
        first |= {"text": call.notes, "channel": "phone"}
    village = request.POST.get("place", "") or request.by.served_areas[0]
    found = forms.near(request.by, village) if request.method == "POST" and village else []
    code = found[0][0] if len(found) == 1 else village
    return forms.RecordForm(
        request.POST if request.method == "POST" else None, initial=first, village=code, by=request.by
    )


def _record(request: Request, given: dict[str, Any], message: Any, call: UUID | None) -> recording.Recorded:
    return feedback_actions.record_feedback(
        by=request.by,
        at=timezone.now(),
        text_given=given["text"],
        region_code=given["place"],
        channel=given["channel"],
        codes=given["codes"],
        told=recording.Told(
            sex=given["sex"],
            age_band=given["age_band"],
            disability=given["disability"],
            hamlet_id=UUID(given["hamlet"]) if given.get("hamlet") else None,
            voices=int(given["voices"] or 1),
        ),
        received_at=moment(given["received"].isoformat(), zone_of(request)) if given["received"] else None,
        sensitive=given["sensitive"],
        incoming_id=message.id if message is not None else None,
        call_id=call,
        record_id=_uuid(request.POST.get("record_id", "")),
    )


def _after(request: Request, done: recording.Recorded) -> HttpResponse:
    if done.record is None:
        receipt = done.opened.receipt16 if done.opened else ""
        messages.warning(
            request,
            _("This went to the protection officer and is not kept here. Receipt for the person: %(number)s")
            % {"number": ids.group_digits(receipt, 4)},
        )
        return redirect("desk_feedback_new")
    messages.success(request, _("Written down."))
    if roles.may_somewhere(request.by, "feedback.code") and done.record.state == "new":
        return redirect("desk_feedback_one", record_id=done.record.id)
    return redirect("desk_feedback_new")


def _message(request: Request) -> Any:
    """The message that is to be settled as feedback; unknown and forbidden look the same."""
    key = _key(request, "pesan")
    return message_access.incoming_for(request.by, key) if key else None


def _call(request: Request) -> Any:
    """The call that it was said in; unknown and forbidden look the same."""
    key = _key(request, "telepon")
    return message_access.call_for(request.by, key) if key else None


def _key(request: Request, name: str) -> UUID | None:
    return _uuid(request.GET.get(name, "") or request.POST.get(name, ""))


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Http404 from None


def code_groups(field: Any) -> list[dict[str, Any]]:
    """The ticks of a codes field under their types and categories; codes that were switched off only where they are ticked."""
    ticks = {str(one.data["value"]): one for one in field.subwidgets}
    numbers = {one.code: place for place, one in enumerate(frame_queries.codes(), start=1)}
    groups: list[dict[str, Any]] = []
    for category in frame_queries.tree(frame_queries.codes(all_of_them=True)):
        shown = [
            {
                "tick": ticks[one.code],
                "about": portal_words.said(one, "about"),
                "number": numbers.get(one.code, ""),
            }
            for one in category.codes
            if one.code in ticks and (one.is_active or ticks[one.code].data["selected"])
        ]
        if shown:
            groups.append(
                {
                    "type": _(rules.TYPES[category.type]),
                    "name": portal_words.said(category, "name"),
                    "codes": shown,
                }
            )
    return groups


# --- one record ---------------------------------------------------------------------------------------------------------


@officer("feedback.record")
def one(request: Request, record_id: UUID) -> HttpResponseBase:
    """One piece of feedback: its codes (saved with one key, then the next one comes), its rumour, and becoming a matter."""
    record = access.get_for(request.by, record_id)
    may_code = roles.may(request.by, "feedback.code", access.place_of(record))
    form = _code_form(request, record)
    if request.method == "POST" and may_code and form.is_valid():
        try:
            feedback_actions.code_feedback(
                by=request.by, at=timezone.now(), record_id=record_id, codes=form.cleaned_data["codes"]
            )
            _tie_rumour(request, record_id)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            following = queries.next_to_code(request.by, after=record_id)
            if request.POST.get("do") == "next" and following:
                return redirect("desk_feedback_one", record_id=following)
            messages.success(request, _("Coded."))
            return redirect("desk_feedback")
    return _show_one(request, record, form)


def _code_form(request: Request, record: Any) -> forms.CodedForm:
    return forms.CodedForm(
        request.POST if request.method == "POST" else None, initial={"codes": queries.codes_of(record)}
    )


def _tie_rumour(request: Request, record_id: UUID) -> None:
    chosen, new_words = request.POST.get("rumour", ""), request.POST.get("rumour_words", "").strip()
    if chosen or new_words:
        feedback_actions.note_rumour(
            by=request.by,
            at=timezone.now(),
            record_id=record_id,
            rumour_id=_uuid(chosen),
            words=new_words,
        )


def _show_one(request: Request, record: Any, form: Any, turn: Any = None, status: int = 200) -> HttpResponse:
    place = access.place_of(record)
    told = [
        (_("Village"), region_queries.path_names(record.region_code)),
        (_("Hamlet"), record.hamlet.name if record.hamlet else ""),
        (_("Said on"), words.moment(record.received_at, record.region_code)),
        (_("How it reached us"), _(rules.CHANNELS.get(record.channel, record.channel))),
        (_("Who"), _(rules.SEXES[record.sex]) if record.sex else ""),
        (_("Age"), _(rules.AGE_BANDS[record.age_band]) if record.age_band else ""),
        (_("Disability"), _(rules.DISABILITIES[record.disability]) if record.disability else ""),
        (_("How many people said it"), str(record.voices) if record.voices > 1 else ""),
        (_("Written down by"), record.taken_by),
    ]
    may_code = roles.may(request.by, "feedback.code", place)
    context = {
        "tabs": tabs(request, ""),
        "record": record,
        "state": _(rules.STATES[record.state]),
        "told": [(key, value) for key, value in told if value],
        "form": form,
        "groups": code_groups(form["codes"]) if may_code else [],
        "codes": [
            portal_words.said(one.code, "name")
            for one in record.codings.select_related("code").order_by("at")
        ],
        "may_code": may_code,
        "may_turn": record.case_id is None and roles.may(request.by, "feedback.turn", place),
        "turn": turn or forms.TurnForm(kinds=_kinds()),
        "turn_open": turn is not None,
        "rumours": trend_queries.open_rumours(request.by) if may_code else [],
        "case": record.case if record.case_id else None,
        "waiting": queries.to_code(request.by) if may_code else 0,
    }
    code = status if status != 200 else (422 if form.errors else 200)
    return frame.show(request, "desk/feedback/one.html", context, status=code, here=HERE)


def _kinds() -> list[tuple[str, str]]:
    """Kinds that need no answers beyond the words: the others are taken in at the counter, with the person."""
    return [
        (kind.code, portal_words.said(kind, "name"))
        for kind in kind_queries.kinds_active()
        if not any(field.get("required") for field in kind.fields)
    ]


@officer("feedback.turn")
@require_POST
def turn(request: Request, record_id: UUID) -> HttpResponseBase:
    """Make a matter of it."""
    record = access.get_for(request.by, record_id)
    form = forms.TurnForm(request.POST, kinds=_kinds())
    if form.is_valid():
        given = form.cleaned_data
        who = (
            intake.PersonGiven(name=given["name"], phone=given["phone"])
            if given["name"] or given["phone"]
            else None
        )
        try:
            opened = feedback_actions.turn_feedback(
                by=request.by, at=timezone.now(), record_id=record_id, kind_code=given["kind"], reporter=who
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after_turn(request, opened)
    return _show_one(request, record, _code_form_of(record), form, 409)


def _code_form_of(record: Any) -> forms.CodedForm:
    return forms.CodedForm(None, initial={"codes": queries.codes_of(record)})


def _after_turn(request: Request, opened: intake.Opened) -> HttpResponse:
    receipt = (
        ids.group_digits(opened.receipt16, 4) if opened.receipt16 else f"{opened.number}, PIN {opened.pin}"
    )
    messages.success(
        request, _("It is a matter now. Receipt for the person: %(number)s") % {"number": receipt}
    )
    if opened.case.sensitivity == "sealed":
        return redirect("desk_feedback")
    return redirect("desk_case", case_id=opened.case.id)
