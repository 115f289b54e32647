"""Bringing names in: one typed, a list pasted or as a file with a look at it first, or households of the register by ticking."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.lib import nik, sheets
from simpul.lib.errors import Refused
from simpul.meetings import actions, queries
from simpul.meetings.rules import minutes as minutes_rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying
from simpul.web.desk.meetings import forms, shared
from simpul.web.policy import Request, officer

SHOWN = 200


@officer("items.add")
def bring(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Names from a list: what was read is shown before it is kept. Also one name that is typed."""
    meeting = shared.meeting_or_404(request, meeting_id)
    step = request.POST.get("langkah", "") if request.method == "POST" else ""
    if step == "satu":
        return _one(request, meeting)
    form = forms.PasteForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    read: Any = None
    if form.is_bound and form.is_valid():
        read = _read(form)
    if read is not None and read.lines and step == "simpan":
        if trying.run(form, lambda: _keep(request, meeting, read)):
            return redirect("desk_meeting", meeting_id=meeting.id)
    elif read is not None and not read.lines:
        form.add_error("rows", _("No name was found in this list."))
    context = {
        "meeting": meeting,
        "form": form,
        "name_form": forms.NameForm(),
        "read": _preview(read) if read is not None and read.lines and not form.errors else None,
    }
    return _page(request, "desk/meetings/bring.html", context, form)


def _one(request: Request, meeting: Any) -> HttpResponseBase:
    form = forms.NameForm(request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.add_item(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            given=actions.NameGiven(
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"],
                reason=form.cleaned_data["reason"],
            ),
            item_id=form.cleaned_data["entry_id"],
        ),
    ):
        messages.success(request, _("On the list."))
        return redirect(f"{reverse('desk_meeting', args=[meeting.id])}?lihat=belum")
    context = {"meeting": meeting, "form": forms.PasteForm(), "name_form": form, "read": None}
    return _page(request, "desk/meetings/bring.html", context, form)


def _page(request: Request, template: str, context: dict[str, Any], form: Any) -> HttpResponseBase:
    return frame.show(request, template, context, status=422 if form.errors else 200, here=shared.HERE)


def _read(form: forms.PasteForm) -> minutes_rules.Pasted | None:
    """The names of what was pasted or sent; None when it is no table, which the form then says."""
    given = form.cleaned_data
    data = given["file"].read() if given.get("file") else given["rows"].encode()
    try:
        return minutes_rules.read_rows(row for _number, row in sheets.numbered(data))
    except Refused as refusal:
        form.add_error("file" if given.get("file") else "rows", str(refusal))
        return None


def _preview(read: minutes_rules.Pasted) -> dict[str, Any]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(["NAMA", "ALAMAT", "NIK", "KETERANGAN"])
    writer.writerows([one.name, one.address, one.nik, one.reason] for one in read.lines)
    return {
        "lines": [{"line": one, "nik": nik.mask(one.nik) if one.nik else ""} for one in read.lines[:SHOWN]],
        "more": max(0, len(read.lines) - SHOWN),
        "count": len(read.lines),
        "without_name": read.without_name[:20],
        "rows": out.getvalue(),
    }


def _keep(request: Request, meeting: Any, read: minutes_rules.Pasted) -> None:
    given = [
        actions.NameGiven(name=one.name, address=one.address, nik=one.nik, reason=one.reason)
        for one in read.lines
    ]
    done = actions.add_items(by=request.by, at=timezone.now(), meeting_id=meeting.id, given=given)
    _say(request, done)


def _say(request: Request, done: actions.Added) -> None:
    text = ngettext("%(n)s name was put on the list.", "%(n)s names were put on the list.", done.added)
    messages.success(request, text % {"n": done.added})
    if done.passed_over:
        more = ngettext(
            "%(n)s was there already or is not of this area, and was passed over.",
            "%(n)s were there already or are not of this area, and were passed over.",
            done.passed_over,
        )
        messages.warning(request, more % {"n": done.passed_over})


@officer("items.add")
def register(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Households of the register, by ticking. Any page with ticked households may send them here as ``household``."""
    meeting = shared.meeting_or_404(request, meeting_id)
    if request.method == "POST":
        ids = [reading.known_key(one) for one in request.POST.getlist("household")]
        reason = request.POST.get("alasan", "")

        def act() -> None:
            given = [actions.NameGiven(household_id=one, reason=reason) for one in ids]
            _say(
                request,
                actions.add_items(
                    by=request.by, at=timezone.now(), meeting_id=meeting.id, given=given, source="register"
                ),
            )

        return trying.attempt(request, act, reverse("desk_meeting", args=[meeting.id]))
    hamlets = region_queries.hamlets(meeting.region_code)
    chosen = request.GET.get("dusun", str(meeting.hamlet_id or ""))
    words = request.GET.get("kata", "").replace("\x00", "").strip()[:100]
    hamlet_id = next((one.id for one in hamlets if str(one.id) == chosen), None)
    on_list = {one.household_id for one in queries.items(meeting)}
    found = queries.of_hamlet(request.by, meeting.region_code, hamlet_id, words)
    context = {
        "meeting": meeting,
        "rows": [{"one": one, "there": one.household_id in on_list} for one in found],
        "hamlets": [(str(one.id), one.name) for one in hamlets],
        "hamlet": str(hamlet_id or ""),
        "words": words,
    }
    return frame.show(request, "desk/meetings/register.html", context, here=shared.HERE)
