"""Counter intake: one page for walk-in, phone, paper and pasted chats; several matters in one visit; one receipt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases.actions import intake as intake_actions
from simpul.cases.queries import similar as similar_queries
from simpul.desks import queries as desk_queries
from simpul.lib import nik as nik_lib
from simpul.lib import phone as phone_lib
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access as message_access
from simpul.messages import actions as message_actions
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import act_forms, frame, intake_form, trying, words
from simpul.web.desk.matching import reasons as match_reasons
from simpul.web.policy import Request, officer
from simpul.web.portal import receipt_link

VISITS_KEY = "desk_visits"
MOST_VISITS = 10
OUTSIDE_THE_SEAT = gettext_lazy(
    "This village is outside the area of your seat. Choose another one, or call the office in charge there."
)


@officer("case.open")
def take_in(request: Request) -> HttpResponseBase:
    """The page itself: asked for help it shows what is known, sent it takes the matter in."""
    at = timezone.now()
    if request.method != "POST":
        return _show(
            request, intake_form.IntakeForm(initial=_first_values(request), by=request.by, at=at), at
        )
    form = intake_form.IntakeForm(request.POST, request.FILES, by=request.by, at=at)
    step = request.POST.get("step", "")
    if step in ("kind", "check"):
        form.without_complaints()
        return _show(request, form, at)
    if form.is_valid():
        try:
            return _open(request, form, again=step == "again")
        except NotFound as missing:
            if request.by.serves(form.cleaned_data["region"]):
                raise Http404 from missing
            form.add_error("region", str(OUTSIDE_THE_SEAT))
        except Refused as refusal:
            tell(form, refusal)
    return _show(request, form, at, status=422)


def _open(request: Request, form: intake_form.IntakeForm, *, again: bool) -> HttpResponseBase:
    """One visit, one matter: both or neither."""
    received_at: datetime = form.cleaned_data["received_at"]
    given = form.given()
    with transaction.atomic():
        intake_actions.open_visit(
            by=request.by, at=received_at, channel=given["channel"], visit_id=given["visit_id"]
        )
        opened = intake_actions.open_case(by=request.by, at=received_at, **given)
        if not opened.again:
            _keep_new_ways(request, received_at, given["reporter"], opened.case)
        call_id = reading.key(form.cleaned_data["call_id"])
        if call_id is not None:
            message_actions.attach_call(
                by=request.by,
                at=timezone.now(),
                call_id=call_id,
                subject_kind="case",
                subject_id=opened.case.id,
                sealed=opened.case.sensitivity == "sealed",
            )
    visit_id = remember(request, given["visit_id"], opened)
    if again:
        return redirect(f"{reverse('desk_intake')}?kunjungan={visit_id}")
    return redirect("desk_receipt", visit_id=visit_id)


def _keep_new_ways(
    request: Request, at: datetime, given: intake_actions.PersonGiven | None, case: Any
) -> None:
    """A person who is known already may bring a new phone or address: it joins the ones they have."""
    if given is None or given.person_id is None or case.reporter_id is None:
        return
    known = {one.as_typed for one in people_queries.contacts_of(case.reporter_id)}
    numbers = {phone_lib.normalise(one).e164 for one in known}
    for channel, typed in (("phone", given.phone), ("email", given.email)):
        if (
            not typed
            or typed in known
            or (channel == "phone" and phone_lib.normalise(typed).e164 in numbers - {None})
        ):
            continue
        people_actions.add_contact(
            by=request.by,
            at=at,
            person_id=case.reporter_id,
            channel=channel,
            as_typed=typed,
            owner=given.owner,
            owner_name=given.owner_name,
            safe_to_call=given.safe_to_call,
            safe_to_write=given.safe_to_write,
            warning=given.warning,
            place=roles.Place(region_code=case.region_code, holder_ids=request.by.desk_ids),
        )


def remember(request: Request, visit_id: UUID, opened: intake_actions.Opened) -> UUID:
    """Keep the sealed receipts of this visit with the session, so that its slip can be printed."""
    case = opened.case
    secret = bool(opened.receipt16)
    token = receipt_link.seal(
        receipt_link.Receipt(
            case_id=str(case.id),
            number="" if secret else opened.number,
            pin=opened.pin,
            receipt16=opened.receipt16,
            kind=words.said(case.kind, "name"),
            region_code=case.region_code,
            received_at=case.received_at.isoformat(),
            due_at=case.due_at.isoformat() if case.due_at else "",
            desk="" if case.sensitivity == "sealed" else case.holder.name,
            danger=case.urgency == "danger",
        )
    )
    visits = dict(request.session.get(VISITS_KEY, {}))
    kept = visits.pop(str(visit_id), {"tokens": {}, "person": "", "region": "", "channel": ""})
    kept["tokens"][str(case.id)] = token
    kept |= {
        "person": str(case.reporter_id or ""),
        "name": case.reporter.full_name if case.reporter else "",
        "region": case.region_code,
        "channel": case.channel,
    }
    visits[str(visit_id)] = kept
    request.session[VISITS_KEY] = dict(list(visits.items())[-MOST_VISITS:])
    return visit_id


def _first_values(request: Request) -> dict[str, Any]:
    """An empty page, or the next matter of the same visit with the same person and village."""
    values: dict[str, Any] = {
        "case_id": uuid7(),
        "visit_id": uuid7(),
        "channel": request.GET.get("jalan", "desk"),
        "kind_code": request.GET.get("jenis", "")[:40],
    }
    values |= _from_call(request)
    visit = request.GET.get("kunjungan", "")
    known = request.session.get(VISITS_KEY, {}).get(visit)
    if known:
        values |= {
            "visit_id": visit,
            "person_id": known["person"],
            "name": known.get("name", ""),
            "region": known["region"],
            "channel": known["channel"],
        }
    return values


def _from_call(request: Request) -> dict[str, Any]:
    """A call that was just written down becomes the matter: its words, its number, who it is; nothing for no call."""
    call_id = reading.key(request.GET.get("telepon", ""))
    if call_id is None:
        return {}
    call = trying.found(message_access.call_for, request, call_id)
    if call.subject_id is not None:
        return {}
    values: dict[str, Any] = {
        "channel": "phone",
        "text": call.notes,
        "phone": call.number_typed,
        "name": call.caller_name,
        "call_id": call.id,
        "person_id": request.GET.get("orang", "")[:36],
        "triage": request.GET.get("triase", "")[:200].split(","),
        "consent": "spoken",
    }
    local = call.started_at.astimezone(desk_queries.zone_of(call.region_code))
    if timezone.now() - call.started_at > timedelta(hours=1):
        values |= {"received_date": local.date(), "received_time": f"{local:%H.%M}"}
    return values


def tell(form: intake_form.IntakeForm, refusal: Refused) -> None:
    """Beside its field: the acts' names of fields are not all the form's."""
    if isinstance(refusal, intake_actions.AnswersWrong):
        for key, sentence in refusal.errors.items():
            name = f"{act_forms.ANSWER_PREFIX}{key}"
            form.add_error(name if name in form.fields else None, _(sentence))
        return
    renamed = {"region_code": "region", "as_typed": "phone", "full_name": "name"}.get(
        refusal.field, refusal.field
    )
    form.add_error(renamed if renamed in form.fields else None, str(refusal))


def _show(
    request: Request, form: intake_form.IntakeForm, at: datetime, status: int = 200
) -> HttpResponseBase:
    visit = form["visit_id"].value()
    known = request.session.get(VISITS_KEY, {}).get(str(visit), {})
    context = {
        "form": form,
        "earlier": len(known.get("tokens", {})),
        "kept_files": form.kept_files,
        "sealed_files": form.sealed_files(),
        **hints_of(request, form, at),
    }
    return frame.show(request, "desk/intake/page.html", context, status=status, here="desk_intake")


@officer("case.open")
@require_POST
def hints(request: Request) -> HttpResponseBase:
    """What is known already: the person, the village, matters like this one. A fragment, swapped in while writing."""
    at = timezone.now()
    form = intake_form.IntakeForm(request.POST, by=request.by, at=at)
    form.without_complaints()
    return frame.show(request, "desk/intake/_hints.html", {"form": form, **hints_of(request, form, at)})


@officer("case.open")
@require_POST
def kind_fields(request: Request) -> HttpResponseBase:
    """The questions of the kind that was chosen. A fragment."""
    form = intake_form.IntakeForm(request.POST, by=request.by, at=timezone.now())
    form.without_complaints()
    return frame.show(request, "desk/intake/_kind.html", {"form": form})


def known_persons(
    request: Request, form: intake_form.IntakeForm, asked: dict[str, str]
) -> list[people_queries.Candidate]:
    """Persons who may be the one at the counter, surest first, and those who have the phone. The officer decides."""
    found = people_queries.who(request.by, name=asked["name"], nik=asked["nik"], region_code=form.region_code)
    known = {one.person.id: one for one in found}
    for one in people_queries.find_same(
        request.by,
        nik=asked["nik"],
        phone=asked["phone"],
        name=asked["name"],
        region_code=form.region_code,
    ):
        reason = {"nik": "nik.same", "name": "name.same"}.get(one.why, one.why)
        before = known.get(one.person.id, people_queries.Candidate(one.person, 0.5, ()))
        reasons = before.reasons if reason in before.reasons else (reason, *before.reasons)
        known[one.person.id] = people_queries.Candidate(one.person, before.score, reasons)
    return sorted(known.values(), key=lambda one: -one.score)[:5]


def hints_of(request: Request, form: intake_form.IntakeForm, at: datetime) -> dict[str, Any]:
    given = form.data if form.is_bound else form.initial
    text = str(given.get("text", ""))
    asked = {name: str(given.get(name, ""))[:200] for name in ("nik", "phone", "name")}
    same = known_persons(request, form, asked) if any(asked.values()) else []
    places = region_queries.paths({one.person.region_code for one in same})
    alike = []
    if form.region_code and len(text) > 10:
        alike = similar_queries.similar(
            request.by,
            kind_code=str(given.get("kind_code", "")),
            region_code=form.region_code,
            hamlet_id=None,
            text=text,
            at=at,
        )
    return {
        "same": [
            {
                "person": one.person,
                "why": match_reasons.sentence(one.reasons),
                "sure": one.is_sure,
                "nik": people_queries.masked_nik(one.person),
                "place": places.get(one.person.region_code, ""),
            }
            for one in same
        ],
        "nik_warnings": [_(one.sentence) for one in nik_lib.check(asked["nik"], today=at.date())]
        if asked["nik"]
        else [],
        "person_id": str(given.get("person_id", "") or ""),
        "incident_id": str(given.get("incident_id", "") or ""),
        "alike": [
            {"row": one, "age": words.age(one.at, at), "state": words.of(words.STATES, one.state)}
            for one in alike
        ],
        "place_label": region_queries.path_names(form.region_code) if form.region_code else "",
        "offers": intake_form.find_places(request.by, str(given.get("region", "")))
        if given.get("region") and not form.region_code
        else [],
    }


@officer("case.open")
def receipt(request: Request, visit_id: UUID) -> HttpResponseBase:
    """The slip of a visit: to show, print on A6 or a 58 mm roll, read aloud, or send as a short message."""
    known = request.session.get(VISITS_KEY, {}).get(str(visit_id))
    if not known:
        raise Http404
    found = [receipt_link.read(token) for token in known["tokens"].values()]
    slips = _slips(request, found)
    context = {
        "slips": slips,
        "visit_id": visit_id,
        "cases": [(one.number or one.receipt16, one.case_id) for one in found],
        "danger": any(one.danger for one in found),
    }
    return frame.show(request, "desk/intake/receipt.html", context, here="desk_intake")


def _slips(request: Request, found: list[receipt_link.Receipt]) -> list[dict[str, Any]]:
    """One slip for all matters that share number and PIN; each secret matter has a slip of its own."""
    open_ones = [one for one in found if not one.is_secret]
    groups = [[one] for one in found if one.is_secret]
    return [_slip(request, group) for group in ([open_ones] if open_ones else []) + groups]


def _slip(request: Request, group: list[receipt_link.Receipt]) -> dict[str, Any]:
    first = group[0]
    home = desk_queries.institution()
    due_at = datetime.fromisoformat(first.due_at) if first.due_at else None
    due = words.moment(due_at, first.region_code)
    number, pin = first.follow_number, first.pin
    url = request.build_absolute_uri("/lacak/")
    parts = [_("%(who)s: received. Number %(number)s.") % {"who": home.short_name, "number": number}]
    parts += [_("PIN %(pin)s.") % {"pin": pin}] if pin else []
    parts += [_("Answer by %(due)s.") % {"due": words.short_day(due_at, first.region_code)}] if due else []
    parts.append(_("Follow: %(url)s") % {"url": url})
    return {
        "receipt": {
            "number": number,
            "pin": pin,
            "kind": "" if first.is_secret else first.kind,
            "place": "" if first.is_secret else region_queries.path_names(first.region_code),
            "at": words.moment(datetime.fromisoformat(first.received_at), first.region_code),
            "desk": first.desk,
            "next": _("The answer comes at the latest on") if due else "",
            "due": due,
            "url": url,
            "phone": home.phone,
            "helper": request.by.name,
            "lines": [{"key": one.kind, "value": one.number} for one in group[1:]],
        },
        "sms": " ".join(parts),
    }
