"""One call: what was written down, its correction, the matter it belongs to, and calling back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.queries import callers
from simpul.cases.queries import screening as screening_queries
from simpul.feedback.queries import records as feedback_queries
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.lib import phone as phone_lib
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access
from simpul.messages import actions as message_actions
from simpul.messages.queries import calls as queries
from simpul.messages.rules import calls as rules
from simpul.web import forms
from simpul.web.desk import frame, phone, phone_forms, trying, watch, words
from simpul.web.policy import Request, officer

MOST_ROWS = 20_000


class AddForm(forms.Form):
    """The matter that a call belongs to."""

    case_number = forms.LineField(label=gettext_lazy("Number of the matter"), max_length=40, width="20")


class NotesForm(forms.Form):
    """A correction of what was written down."""

    caller_name = forms.NameField(label=gettext_lazy("Name, if given"), required=False)
    notes = forms.LongTextField(label=gettext_lazy("What is said"), rows=6, required=False)


@officer("call.log")
def call(request: Request, call_id: UUID) -> HttpResponseBase:
    """One call, with what can still be done about it."""
    at = timezone.now()
    found = _call(request, call_id)
    if found.sealed and found.agent_id != request.by.user_id:
        journal_actions.record_view(by=request.by, at=at, subject_kind="call", subject_id=found.id)
    wrong: dict[str, Any] = {}
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step in STEPS:
        form = _form_of(step, request, found, at)
        if form.is_valid():
            try:
                return STEPS[step](request, found, form, at)
            except NotFound as missing:
                raise Http404 from missing
            except Refused as refusal:
                phone.tell(form, refusal)
            except ValidationError as fault:
                form.add_error(None, fault)
        wrong[step] = form
    return _show(request, found, at, wrong)


def _call(request: Request, call_id: UUID) -> Any:
    found = trying.found(access.call_for, request, call_id)
    if not phone.shown(request, [found]):
        raise Http404
    return found


def _form_of(step: str, request: Request, found: Any, at: datetime) -> Any:
    data = request.POST if request.method == "POST" and request.POST.get("step") == step else None
    if step == "notes":
        initial = {"caller_name": found.caller_name, "notes": found.notes}
        return NotesForm(data, initial=initial, auto_id="notes_%s")
    if step == "add":
        return AddForm(data, auto_id="add_%s")
    return phone_forms.LaterForm(data, by=request.by, at=at, auto_id="later_%s")


def _show(request: Request, found: Any, at: datetime, wrong: dict[str, Any]) -> HttpResponseBase:
    case = None
    if found.subject_kind == "case" and found.subject_id:
        case = case_access.visible(request.by).filter(id=found.subject_id).first()
    context = {
        "row": phone.row(found, at),
        "call": found,
        "case": case,
        "elsewhere": found.subject_id is not None and case is None,
        "result": _(rules.RESULTS[found.callback_result]) if found.callback_result in rules.RESULTS else "",
        "forms": {step: wrong.get(step) or _form_of(step, request, found, at) for step in STEPS},
        "open": next(iter(wrong), ""),
        "wrong": next(iter(wrong.values()), None),
        "lines": [
            {
                "line": line,
                "what": words.act_words(line.kind),
                "when": words.moment(line.at, found.region_code),
            }
            for line in journal_queries.timeline([found.id], limit=20)
        ],
        "intake_url": f"{reverse('desk_intake')}?telepon={found.id}",
        "feedback_url": _feedback_url(request, found),
    }
    status = 422 if wrong else 200
    return frame.show(request, "desk/phone/call.html", context, status=status, here="desk_phone")


def _feedback_url(request: Request, found: Any) -> str:
    """Where a call is kept as feedback; "" for a protected one, one that was kept already, and a seat that keeps none."""
    if found.sealed or not roles.may_somewhere(request.by, "feedback.record"):
        return ""
    if feedback_queries.of_source("call", found.id) is not None:
        return ""
    return f"{reverse('desk_feedback_new')}?telepon={found.id}"


def _correct(request: Request, found: Any, form: Any, at: datetime) -> HttpResponseBase:
    given = form.cleaned_data
    changes: message_actions.CallChanges = {"caller_name": given["caller_name"], "notes": given["notes"]}
    if screening_queries.screen((given["notes"],)).flagged:
        changes["sealed"] = True
    message_actions.change_call(by=request.by, at=at, call_id=found.id, changes=changes)
    messages.success(request, _("The call is corrected."))
    return redirect("desk_phone_call", call_id=found.id)


def _add(request: Request, found: Any, form: Any, at: datetime) -> HttpResponseBase:
    case = callers.matter_by_number(request.by, form.cleaned_data["case_number"])
    if case is None:
        raise ValidationError(_("There is no such matter here. Check the number, or make a new one of it."))
    with transaction.atomic():
        phone.add(request, found, case, at)
    messages.success(request, _("The call belongs to the matter now."))
    return redirect("desk_case", case_id=case.id)


def _promise(request: Request, found: Any, form: Any, at: datetime) -> HttpResponseBase:
    due_at = form.due_at()
    if due_at is None:
        raise ValidationError(_("Choose when we call back."))
    message_actions.promise_callback(
        by=request.by, at=at, call_id=found.id, due_at=due_at, why=form.cleaned_data["why"]
    )
    messages.success(request, _("The call-back is promised. It stands in the list when it is due."))
    return redirect("desk_phone_call", call_id=found.id)


STEPS: dict[str, Any] = {"notes": _correct, "add": _add, "promise": _promise}


# --- calling back -----------------------------------------------------------------------------------------------------


@officer("callback.keep")
def call_back(request: Request, call_id: UUID) -> HttpResponseBase:
    """The number to dial, what it is about, and how it went."""
    at = timezone.now()
    found = _call(request, call_id)
    initial = {"out_id": uuid7(), "language": found.language}
    form = phone_forms.BackForm(
        request.POST if request.method == "POST" else None, initial=initial, by=request.by, at=at
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(request, found, form, at)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            phone.tell(form, refusal)
        except ValidationError as fault:
            form.add_error(None, fault)
    context = {
        "form": form,
        "row": phone.row(found, at),
        "call": found,
        "dial": found.correspondent.number if found.correspondent else found.number_typed,
        "waits": found.callback_due_at is not None and found.callback_done_at is None,
        "many": found.callback_tries >= rules.MOST_TRIES,
        **phone.known_of(request, found.number_typed, "", at),
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/phone/back.html", context, status=status, here="desk_phone")


def _keep(request: Request, found: Any, form: phone_forms.BackForm, at: datetime) -> HttpResponseBase:
    """The promise is kept and the outgoing call written down: both or neither."""
    given = form.cleaned_data
    result = given["result"]
    outcome = (given["outcome"] or "information") if result == "reached" else "no_answer"
    case = callers.matter_by_number(request.by, given["case_number"]) if outcome == "added" else None
    if outcome == "added" and case is None:
        raise ValidationError(_("There is no such matter here. Check the number, or make a new one of it."))
    with transaction.atomic():
        message_actions.keep_callback(
            by=request.by,
            at=at,
            call_id=found.id,
            result=result,
            next_due_at=form.due_at(),
            reason=given["reason"],
        )
        made = message_actions.log_call(
            by=request.by,
            at=at,
            number=found.number_typed,
            direction="out",
            gateway_id=found.gateway_id,
            language=given["language"],
            caller_name=found.caller_name,
            notes=given["notes"],
            outcome=outcome,
            sealed=found.sealed or screening_queries.screen((given["notes"],)).flagged,
            call_id=given["out_id"],
        )
        if case is not None:
            phone.add(request, made, case, at)
    messages.success(request, _("The call-back is written down."))
    if outcome == "case":
        return redirect(f"{reverse('desk_intake')}?telepon={made.id}")
    return redirect(f"{reverse('desk_phone')}?daftar=callback")


# --- leaving as a spreadsheet -----------------------------------------------------------------------------------------


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The log for a spreadsheet: no names, no words, numbers masked, protected calls left out, a line in the journal first."""
    at = timezone.now()
    found = phone.shown(request, queries.whole_log(request.by, phone.filters_of(request), MOST_ROWS))
    head = [
        _("Began"),
        _("Ended"),
        _("Direction"),
        _("Phone number"),
        _("Called on"),
        _("Desk"),
        _("Language spoken"),
        _("Outcome"),
        _("Call back at"),
        _("Called back at"),
        _("Result"),
        _("Belongs to a matter"),
    ]
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(by=request.by, at=at, what="telepon", rows=len(found), purpose=purpose)
    return watch.as_csv(f"simpul-telepon-{at:%Y%m%d}.csv", head, [_cells(one) for one in found])


def _cells(one: Any) -> list[Any]:
    def iso(moment: datetime | None) -> str:
        return moment.isoformat(timespec="minutes") if moment else ""

    directions = {"in": _("Came in"), "out": _("Went out"), "missed": _("Missed")}
    return [
        iso(one.started_at),
        iso(one.ended_at),
        directions.get(one.direction, one.direction),
        "" if one.is_withheld else phone_lib.mask(one.number_typed),
        one.gateway.name if one.gateway else "",
        one.desk.name,
        one.language,
        one.outcome,
        iso(one.callback_due_at),
        iso(one.callback_done_at),
        one.callback_result,
        _("Yes") if one.subject_id else "",
    ]
