"""A stack of papers: opened once, a sheet at a time by the keyboard, the last one undone, receipts printed to hand back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.cases.actions import stacks as actions
from simpul.cases.queries import stacks as queries
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, intake, stack_forms, trying, words
from simpul.web.policy import Request, officer

_LAST_DIGITS = re.compile(r"(\d+)(?!.*\d)")


@officer("stack.open")
def stacks(request: Request) -> HttpResponseBase:
    """The stacks of this desk, those that are open first: one can go on tomorrow."""
    found = queries.stacks(request.by)
    places = region_queries.paths({one.region_code for one in found})
    rows = [
        {
            "stack": one,
            "place": places.get(one.region_code, one.region_code),
            "kind": words.said(one.kind, "name"),
            "when": words.short_day(one.opened_at, one.region_code),
        }
        for one in found
    ]
    return frame.show(request, "desk/stack/list.html", {"rows": rows}, here="desk_stacks")


@officer("stack.open")
def begin(request: Request) -> HttpResponseBase:
    """Say once what the sheets share."""
    at = timezone.now()
    home = desk_queries.desk(request.by.desk_id) if request.by.desk_id else None
    own = home.region_code if home and len(home.region_code) == 10 else ""
    initial = {
        "stack_id": uuid7(),
        "region": region_queries.path_names(own),
        "received_date": at.astimezone(desk_queries.zone_of(request.by.served_areas[0])).date(),
    }
    data = request.POST if request.method == "POST" else None
    form = stack_forms.StackForm(data, by=request.by, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            stack = actions.open_stack(
                by=request.by,
                at=at,
                region_code=given["region"],
                kind_code=given["kind_code"],
                title=given["title"],
                written_date=given["written_date"],
                received_at=form.received_at(),
                brought_by=given["brought_by"],
                distribution=given["distribution"],
                stack_id=given["stack_id"],
            )
        except NotFound:
            form.add_error("region", str(intake.OUTSIDE_THE_SEAT))
        except Refused as refusal:
            renamed = {"region_code": "region"}.get(refusal.field, refusal.field)
            form.add_error(renamed if renamed in form.fields else None, str(refusal))
        else:
            return redirect("desk_stack", stack_id=stack.id)
    status = 422 if form.errors else 200
    return frame.show(request, "desk/stack/begin.html", {"form": form}, status=status, here="desk_stacks")


@officer("sheet.enter")
def sheets(request: Request, stack_id: UUID) -> HttpResponseBase:
    """The next sheet, and those that were entered. Enter saves and opens the next empty one."""
    at = timezone.now()
    stack = _stack(request, stack_id)
    if request.method != "POST":
        initial = {
            "case_id": uuid7(),
            "number": _next_number(stack),
            "writer": request.GET.get("penulis", "")[:150],
        }
        return _show(
            request, stack, stack_forms.SheetForm(stack=stack, by=request.by, at=at, initial=initial), at
        )
    form = stack_forms.SheetForm(request.POST, request.FILES, stack=stack, by=request.by, at=at)
    if form.is_valid():
        try:
            opened = actions.enter_sheet(by=request.by, at=at, stack_id=stack.id, **form.given())
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            renamed = {"text_given": "text", "as_typed": "phone", "full_name": "name"}
            field = renamed.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            shown = opened.receipt16 or opened.number
            messages.success(request, _("Entered: %(number)s") % {"number": shown})
            return redirect("desk_stack", stack_id=stack.id)
    return _show(request, stack, form, at, status=422)


def _stack(request: Request, stack_id: UUID) -> Any:
    return trying.found(queries.stack_for, request, stack_id)


def _next_number(stack: Any) -> str:
    """The number after the last one, when it ends in digits: "012/BLT" is followed by "013/BLT"."""
    last = queries.last_sheet(stack)
    typed = last.case.paper_number if last is not None else ""
    found = _LAST_DIGITS.search(typed)
    if found is None:
        return ""
    following = str(int(found[1]) + 1).zfill(len(found[1]))
    return typed[: found.start()] + following + typed[found.end() :]


def _show(
    request: Request, stack: Any, form: stack_forms.SheetForm, at: datetime, status: int = 200
) -> HttpResponseBase:
    found = queries.sheets(stack)
    context = {
        "stack": stack,
        "form": form,
        "sealed_files": form.sealed_files(),
        "kept_files": form.kept_files,
        "place": region_queries.path_names(stack.region_code),
        "kind": words.said(stack.kind, "name"),
        "written": words.day(stack.written_date),
        "received": words.short_day(stack.received_at, stack.region_code),
        "rows": [_row(one, at) for one in found],
        "total": queries.how_many(stack),
        "may_undo": bool(found) and stack.closed_at is None,
        "may_print": stack.closed_at is None and stack.user_id == request.by.user_id,
        "twice": bool(form.errors.get("number")) or bool(form["another"].value()),
    }
    return frame.show(request, "desk/stack/sheets.html", context, status=status, here="desk_stacks")


def _row(sheet: Any, at: datetime) -> dict[str, Any]:
    """A sheet as the running list shows it; of a matter that was closed for its words, only that it is here."""
    case = sheet.case
    sealed = case.sensitivity == "sealed"
    return {
        "sheet": sheet,
        "number": "" if sealed else case.number,
        "case_id": None if sealed else case.id,
        "paper": case.paper_number,
        "name": case.reporter.full_name if case.reporter and not sealed else "",
        "title": "" if sealed else case.title,
        "hamlet": case.hamlet.name if case.hamlet and not sealed else "",
        "sealed": sealed,
        "danger": case.urgency == "danger",
        "age": words.age(sheet.entered_at, at),
    }


@officer("sheet.undo")
@require_POST
def undo(request: Request, stack_id: UUID) -> HttpResponseBase:
    """Take the last sheet back."""
    try:
        case = actions.undo_sheet(by=request.by, at=timezone.now(), stack_id=stack_id)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: %(number)s") % {"number": case.number})
    return redirect("desk_stack", stack_id=stack_id)


@officer("stack.close")
@require_POST
def close(request: Request, stack_id: UUID) -> HttpResponseBase:
    """Lay the stack away."""
    try:
        actions.close_stack(by=request.by, at=timezone.now(), stack_id=stack_id)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The stack is closed. Its matters go their way."))
    return redirect("desk_stacks")


@officer("sheet.enter")
def receipts(request: Request, stack_id: UUID) -> HttpResponseBase:
    """The receipts of an open stack, a slip a sheet, for who opened it; a line says that they were shown."""
    stack = _stack(request, stack_id)
    at = timezone.now()
    found = trying.found(queries.receipts, request, stack)
    journal_actions.record_view(
        by=request.by, at=at, subject_kind="stack", subject_id=stack.id, why="receipts"
    )
    context = {
        "stack": stack,
        "slips": [_slip(request, one) for one in found],
        "back": reverse("desk_stack", args=[stack.id]),
    }
    return frame.show(request, "desk/stack/receipts.html", context, here="desk_stacks")


def _slip(request: Request, one: queries.SheetReceipt) -> dict[str, Any]:
    case, secret = one.sheet.case, bool(one.receipt16)
    home = desk_queries.institution()
    due = words.moment(case.due_at, case.region_code)
    lines = [{"key": _("Number on the paper"), "value": case.paper_number}] if case.paper_number else []
    if case.paper_date:
        lines.append({"key": _("Date on the paper"), "value": words.day(case.paper_date)})
    name = case.reporter.full_name if case.reporter else ""
    if name and not secret:
        lines.append({"key": _("Whose is it?"), "value": name})
    return {
        "number": one.receipt16 if secret else one.number,
        "pin": one.pin,
        "kind": "" if secret else words.said(case.kind, "name"),
        "place": "" if secret else region_queries.path_names(case.region_code),
        "at": words.moment(case.received_at, case.region_code),
        "desk": "" if secret else case.holder.name,
        "next": _("The answer comes at the latest on") if due else "",
        "due": due,
        "url": request.build_absolute_uri("/lacak/"),
        "phone": home.phone,
        "helper": request.by.name,
        "lines": lines,
    }
