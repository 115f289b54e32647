"""Usul and sanggah: writing them down, and their answers; also after the meeting is closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.meetings import actions, queries, rules
from simpul.web.desk import trying, words
from simpul.web.desk.meetings import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
def objections(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """What was proposed and objected, and the form for more."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = _form(request, meeting)
    if (
        request.method == "POST"
        and form.is_valid()
        and trying.run(
            form,
            lambda: actions.record_objection(
                by=request.by,
                at=timezone.now(),
                meeting_id=meeting.id,
                heard=form.heard(),
                objection_id=form.cleaned_data["entry_id"],
            ),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_meeting_objections", meeting_id=meeting.id)
    return _show(request, meeting, form)


def _form(request: Request, meeting: Any) -> forms.ObjectionForm:
    items = [(str(one.id), f"{one.position}. {one.name}") for one in queries.items(meeting)]
    chosen = request.GET.get("nama", "")
    first = {"kind": "sanggah", "item": chosen} if chosen in dict(items) else {}
    post = request.POST if request.method == "POST" and "reasons" in request.POST else None
    return forms.ObjectionForm(post, items=items, initial=first)


def _show(
    request: Request, meeting: Any, form: Any, answer: Any = None, answered: UUID | None = None
) -> HttpResponseBase:
    rows = queries.objections(meeting)
    stand = {row.item.id: row.outcome for row in queries.rows(meeting)}
    context = {
        "form": form,
        "rows": [_row(one, meeting, stand, answer if one.id == answered else None) for one in rows],
        "may_record": meeting.state != "withdrawn" and shared.may(request, "objection.record", meeting),
        "may_answer": shared.may(request, "objection.answer", meeting),
        "until": words.day(meeting.objections_until),
        "open_form": bool(form.errors) or bool(form.initial.get("item")) or not rows,
    }
    status = 422 if form.errors or (answer is not None and answer.errors) else 200
    return shared.show(
        request, meeting, "desk/meetings/objections.html", "desk_meeting_objections", context, status
    )


def _row(one: Any, meeting: Any, stand: dict[UUID, str], answer: Any) -> dict[str, Any]:
    outcome = stand.get(one.item_id, "") if one.kind == "usul" and one.item_id else ""
    return {
        "one": one,
        "kind": _(rules.OBJECTIONS[one.kind]),
        "phase": _(rules.PHASES[one.phase]),
        "group": _(rules.GROUPS[one.by_group]) if one.by_group in rules.GROUPS else "",
        "when": words.moment(one.made_at, meeting.region_code),
        "outcome": _(rules.ANSWERS[one.outcome]) if one.outcome in rules.ANSWERS else "",
        "decided": _(rules.OUTCOMES[outcome]) if outcome in rules.OUTCOMES else "",
        "can_answer": meeting.state in ("planned", "held") or one.phase == "after",
        "form": answer or forms.AnswerForm(prefix=f"j{one.id.hex[-6:]}"),
        "open": answer is not None,
    }


@officer("objection.answer")
@require_POST
def answer(request: Request, meeting_id: UUID, objection_id: UUID) -> HttpResponseBase:
    """Answer one."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = forms.AnswerForm(request.POST, prefix=f"j{objection_id.hex[-6:]}")
    if form.is_valid() and trying.run(
        form,
        lambda: actions.answer_objection(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            objection_id=objection_id,
            outcome=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"],
        ),
    ):
        messages.success(request, _("Answered."))
        return redirect("desk_meeting_objections", meeting_id=meeting.id)
    items = [(str(one.id), f"{one.position}. {one.name}") for one in queries.items(meeting)]
    return _show(request, meeting, forms.ObjectionForm(items=items), form, objection_id)
