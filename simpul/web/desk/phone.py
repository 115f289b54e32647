"""The telephone: one page to write on while listening, the log, and the call-backs that were promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases.actions import handling
from simpul.cases.queries import callers
from simpul.cases.queries import protection as protection_queries
from simpul.cases.queries import screening as screening_queries
from simpul.lib import ids, when
from simpul.lib import phone as phone_lib
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access
from simpul.messages import actions as message_actions
from simpul.messages.queries import calls as queries
from simpul.messages.rules import calls as rules
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, phone_forms, talk_words, words
from simpul.web.policy import Request, officer

OPEN_FOR = timedelta(hours=12)
"""A page that was opened longer ago has no running call on it any more."""

SHOWN_CHOICES = ("case", "added", "information", "callback", "wrong_number", "dropped", "silent", "prank")
KEYS = {
    "case": "l",
    "added": "t",
    "information": "i",
    "callback": "b",
    "wrong_number": "s",
    "dropped": "p",
    "silent": "d",
    "prank": "g",
}


# --- while listening --------------------------------------------------------------------------------------------------


@officer("call.log")
def begin(request: Request) -> HttpResponseBase:
    """A call comes in: its key holds the moment, so that a page that is loaded again goes on with the same call."""
    number = request.GET.get("nomor", "")[:40]
    address = reverse("desk_phone_take", args=[uuid7()])
    return redirect(f"{address}?{urlencode({'nomor': number})}" if number else address)


@officer("call.log")
def take(request: Request, call_id: UUID) -> HttpResponseBase:
    """The page itself: the clock runs from when it was opened."""
    at = timezone.now()
    if access.calls(request.by).filter(id=call_id).exists():
        return redirect("desk_phone_call", call_id=call_id)
    form = _call_form(request, call_id, at)
    step = request.POST.get("outcome", "")
    if request.method != "POST" or step not in SHOWN_CHOICES:
        if form.is_bound:
            form.full_clean()
            form.errors.clear()
        return _show(request, form, call_id, at)
    if form.is_valid():
        try:
            return _log(request, form, call_id, step, at)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            tell(form, refusal)
        except ValidationError as wrong:
            form.add_error(None, wrong)
    return _show(request, form, call_id, at, status=422)


def _call_form(request: Request, call_id: UUID, at: datetime) -> phone_forms.CallForm:
    began = ids.uuid7_moment(call_id) if call_id.version == 7 else at
    began = began if at - OPEN_FOR < began <= at else at
    data = request.POST if request.method == "POST" else None
    initial = {"number": request.GET.get("nomor", "")[:40]}
    return phone_forms.CallForm(data, initial=initial, by=request.by, at=at, began_at=began)


def _log(
    request: Request, form: phone_forms.CallForm, call_id: UUID, outcome: str, at: datetime
) -> HttpResponseBase:
    """Write it down; and when it is added to a matter, both or neither."""
    given = form.cleaned_data
    case = callers.matter_by_number(request.by, given["case_number"]) if outcome == "added" else None
    if outcome == "added" and case is None:
        form.add_error(
            "case_number", _("There is no such matter here. Check the number, or make a new one of it.")
        )
        return _show(request, form, call_id, at, status=422)
    began, ended = form.times()
    said = form.words_with_safety()
    with transaction.atomic():
        call = message_actions.log_call(
            by=request.by,
            at=at,
            number=given["number"],
            is_withheld=given["withheld"],
            started_at=began,
            ended_at=ended,
            gateway_id=reading.key(given["gateway_id"]),
            language=given["language"],
            caller_name=given["caller_name"],
            notes=said,
            outcome=outcome,
            callback_due_at=form.due_at(),
            callback_why=given["why"],
            sealed=screening_queries.screen((said, given["why"])).flagged,
            call_id=call_id,
        )
        if case is not None:
            add(request, call, case, at)
    if outcome == "case":
        asked = {"telepon": call_id, "orang": given["person_id"], "triase": ",".join(given.get("triage", ()))}
        return redirect(
            f"{reverse('desk_intake')}?{urlencode({key: value for key, value in asked.items() if value})}"
        )
    messages.success(request, _("The call is written down."))
    return redirect("desk_case", case_id=case.id) if case is not None else redirect("desk_phone")


def add(request: Request, call: Any, case: Any, at: datetime) -> None:
    """Put what was said on the matter, and tie the call to it."""
    handling.note_case(by=request.by, at=at, case_id=case.id, text=call.notes)
    message_actions.attach_call(
        by=request.by,
        at=at,
        call_id=call.id,
        subject_kind="case",
        subject_id=case.id,
        added=True,
        sealed=case.sensitivity == "sealed",
    )


def _show(
    request: Request, form: phone_forms.CallForm, call_id: UUID, at: datetime, status: int = 200
) -> HttpResponseBase:
    context = {
        "form": form,
        "call_id": call_id,
        "began": form.began_at,
        "began_words": words.moment(form.began_at, request.by.served_areas[0]),
        "outcomes": [(code, _(rules.OUTCOMES[code].words), KEYS[code]) for code in SHOWN_CHOICES],
        **known_of(request, _typed(form), str(form["person_id"].value() or ""), at),
    }
    return frame.show(request, "desk/phone/take.html", context, status=status, here="desk_phone")


def _typed(form: phone_forms.CallForm) -> str:
    return str(form["number"].value() or "")[:40]


@officer("call.log")
@require_POST
def known(request: Request) -> HttpResponseBase:
    """Who has this number, what they brought before, what was promised to them. A fragment, swapped in while typing."""
    number = request.POST.get("number", "")[:40]
    context = known_of(request, number, request.POST.get("person_id", ""), timezone.now())
    return frame.show(request, "desk/phone/_known.html", context)


def known_of(request: Request, number: str, person_id: str, at: datetime) -> dict[str, Any]:
    """Only what this officer may see, found by the number in whatever spelling."""
    understood = phone_lib.normalise(number)
    same = people_queries.find_same(request.by, phone=number) if number.strip() else []
    cases = callers.matters_of(request.by, [one.person.id for one in same])
    places = region_queries.paths({one.person.region_code for one in same})
    return {
        "typed": number,
        "understood": phone_lib.display(understood.e164) if understood.e164 else "",
        "odd": _(understood.sentence) if number.strip() and understood.sentence else "",
        "persons": [{"person": one.person, "place": places.get(one.person.region_code, "")} for one in same],
        "person_id": person_id,
        "cases": [
            {"case": case, "state": words.of(words.STATES, case.state), "chip": words.case_chip(case, at)}
            for case in cases
        ],
        "earlier": [row(one, at) for one in shown(request, queries.earlier(request.by, number))],
        "talks": [
            {"channel": words.of(talk_words.CHANNELS, one.channel), "shown_name": one.shown_name}
            for one in queries.conversations(request.by, number)
        ],
    }


# --- the log ----------------------------------------------------------------------------------------------------------


@officer("call.log")
def calls(request: Request) -> HttpResponseBase:
    """The log, and its lists of work: who waits for a call-back stands first."""
    at = timezone.now()
    filters = filters_of(request)
    page = queries.log(request.by, filters)
    counts = queries.counts(request.by, at)
    context = {
        "rows": [row(one, at) for one in shown(request, page.rows)],
        "filters": filters,
        "tabs": _tabs(filters.view, counts, request),
        "choices": {
            "outcome": phone_forms.outcome_choices(),
            "language": phone_forms.language_choices(),
        },
        "dates": {name: request.GET.get(name, "")[:10] for name in ("dari", "sampai")},
        "newer_url": _page_url(request, filters.page - 1) if filters.page > 1 else "",
        "older_url": _page_url(request, filters.page + 1) if page.has_next else "",
        "may_export": roles.may_somewhere(request.by, "export.record"),
        "kept": request.GET.urlencode(),
    }
    return frame.show(request, "desk/phone/calls.html", context, here="desk_phone")


def _tabs(view: str, counts: dict[str, int], request: Request) -> list[dict[str, Any]]:
    names = {
        "all": _("All calls"),
        "callback": _("To call back"),
        "missed": _("Missed"),
        "loose": _("Not yet a matter"),
        "sealed": _("Protected"),
    }
    if request.by.role != "focal_point":
        del names["sealed"]
    found = []
    for code, label in names.items():
        found.append(
            {
                "label": label,
                "url": f"?daftar={code}",
                "current": code == view,
                "count": counts.get(code, ""),
            }
        )
    return found


def filters_of(request: Request) -> queries.Filters:
    """What the address says; anything unreadable is passed over."""
    given = request.GET
    view = given.get("daftar", "all")
    zone = region_queries.zone_of(request.by.served_areas[0])
    since, until = _day(given.get("dari", ""), zone), _day(given.get("sampai", ""), zone)
    return queries.Filters(
        view=view if view in queries.VIEWS else "all",
        words=given.get("words", "").replace("\x00", "")[:60],
        outcome=given.get("hasil", "") if given.get("hasil", "") in rules.OUTCOMES else "",
        language=given.get("bahasa", "") if given.get("bahasa", "") in queries.spoken() else "",
        since=since,
        until=until + timedelta(days=1) if until else None,
        page=reading.page_number(given.get("page", "")),
    )


def _day(typed: str, zone: str) -> datetime | None:
    day = when.parse_date(typed)
    return phone_forms.midnight(day, zone) if day else None


def _page_url(request: Request, page: int) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return f"{reverse('desk_phone')}?{urlencode({**kept, 'page': page})}"


def shown(request: Request, found: list[Any]) -> list[Any]:
    """The calls among these whose matter is not about the one who asks: whoever is kept away reads no call of it either."""
    away = protection_queries.kept_from(request.by, {one.subject_id for one in found if one.subject_id})
    return [one for one in found if one.subject_id not in away]


def row(call: Any, at: datetime) -> dict[str, Any]:
    """A call as a row of a list."""
    due = call.callback_due_at if call.callback_done_at is None else None
    return {
        "call": call,
        "who": who(call),
        "when": words.moment(call.started_at, call.region_code),
        "age": words.age(call.started_at, at),
        "outcome": _(rules.OUTCOMES[call.outcome].words) if call.outcome in rules.OUTCOMES else "",
        "language": queries.spoken().get(call.language, {}).get(words.language(), call.language),
        "minutes": _minutes(call),
        "due": words.moment(due, call.region_code),
        "late": rules.is_due(call.callback_due_at, call.callback_done_at, at),
        "late_words": words.age(due, at) if due and due <= at else "",
        "loose": call.outcome == "case" and call.subject_id is None,
    }


def who(call: Any) -> str:
    """The caller, as a list names them."""
    if call.is_withheld:
        return str(_("Number withheld"))
    number = call.correspondent.number if call.correspondent else call.number_typed
    shown = phone_lib.display(number) if number.startswith("+") else number
    return f"{call.caller_name}, {shown}" if call.caller_name else shown


def _minutes(call: Any) -> str:
    if call.ended_at is None or call.direction == "missed":
        return ""
    seconds = int((call.ended_at - call.started_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"


def tell(form: Any, refusal: Refused) -> None:
    """Beside its field: the acts' names of fields are not all the form's."""
    renamed = {"callback": "quick", "ended": "ended_time", "text": "notes"}.get(refusal.field, refusal.field)
    form.add_error(renamed if renamed in form.fields else None, str(refusal))
