"""Typing a pile of paper in: one sheet of one posyandu and one date, a line a person; each line is saved by itself, none is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from simpul.lib.errors import NotFound, Refused
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import forms as actions
from simpul.posyandu.queries import forms_grid as queries
from simpul.posyandu.rules import forms as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_forms import cells, shared
from simpul.web.policy import Request, officer

LINES = 12
"""Lines on one page, as on the paper sheet."""


@dataclass
class Asked:
    """What the address says: which sheet, of which day, which page of it."""

    posyandu: Any
    form: rules.Form
    day: date
    page: int

    @property
    def back(self) -> str:
        """The address of the same page."""
        path = reverse("desk_posyandu_grid", args=[self.posyandu.id, self.form.code])
        return f"{path}?tanggal={self.day.isoformat()}&versi={self.form.version}&page={self.page}"

    @property
    def draft(self) -> str:
        """Under which name the browser keeps what was typed on this page."""
        return f"grid:{self.posyandu.id}:{self.form.code}:{self.day.isoformat()}:{self.page}"


def _asked(request: Request, posyandu_id: UUID, code: str) -> Asked:
    given = request.POST if request.method == "POST" else request.GET
    posyandu = shared.posyandu_of(request, posyandu_id)
    if code not in queries.SHEETS:
        raise Http404
    form = shared.form_of(code, given.get("versi", ""))
    day = shared.day_of(given.get("tanggal", ""), shared.today(posyandu))
    return Asked(posyandu, form, day, reading.page_number(given.get("page", "1")))


@officer("paperline.enter")
def grid(request: Request, posyandu_id: UUID, code: str) -> HttpResponseBase:
    """The sheet. Pressing "save" saves every line that was touched; those with questions come back with them."""
    asked = _asked(request, posyandu_id, code)
    lines = queries.lines(request.by, asked.posyandu, asked.form, asked.day)
    first = (asked.page - 1) * LINES
    shown = lines[first : first + LINES]
    results: dict[UUID, Result] = {}
    if request.method == "POST":
        results = _save_all(request, asked, shown)
        if not any(_asks(one.read) or one.fault for one in results.values()):
            shared.mark_draft(request, asked.draft)
            return redirect(asked.back)
        lines = queries.lines(request.by, asked.posyandu, asked.form, asked.day)
        shown = lines[first : first + LINES]
    rows = [_row(asked, one, results.get(one.participant.id)) for one in shown]
    context = {
        "asked": asked,
        "title": asked.form.called(words.language()),
        "columns": [cells.column(one) for one in queries.cells(asked.form)],
        "lists": cells.lists(queries.cells(asked.form)),
        "draft": asked.draft,
        "draft_done": shared.draft_done(request),
        "rows": rows,
        "pages": _pages(asked, len(lines)),
        "saved": sum(one.entry is not None for one in lines),
        "kept": sum(one.kept for one in lines),
        "count": len(lines),
        "empty_url": shared.maybe("desk_posyandu_people", asked.posyandu.id),
    }
    status = 422 if results else 200
    return shared.show(
        request,
        "desk/posyandu_forms/grid.html",
        asked.posyandu,
        context,
        here="desk_posyandu_forms",
        status=status,
    )


@dataclass
class Result:
    """What came of one line."""

    raw: dict[str, str]
    marks: str
    read: rules.Read | None = None
    saved: bool = False
    rival: bool = False
    fault: str = ""


def _save_all(request: Request, asked: Asked, lines: Sequence[queries.Line]) -> dict[UUID, Result]:
    results = {}
    for one in lines:
        raw = _raw(request, asked.form, one.participant.id)
        was = _marks(request, one.participant.id).partition(".")[0]
        if _mark(raw) != was or _sure(request, one.participant.id):
            results[one.participant.id] = _save(request, asked, one.participant.id, raw)
    saved = sum(one.saved for one in results.values())
    if saved:
        messages.success(request, ngettext("%(n)s line saved.", "%(n)s lines saved.", saved) % {"n": saved})
    if any(one.rival for one in results.values()):
        words_of = _("A line says something else than what was written down that day. Both are kept.")
        messages.warning(request, words_of)
    return results


def _raw(request: Request, form: rules.Form, participant_id: UUID) -> dict[str, str]:
    found = {}
    for one in queries.cells(form):
        text = request.POST.get(f"{participant_id}:{one.key}", "").replace("\x00", "").strip()[:500]
        if text:
            found[one.key] = text
    key, _equals, text = request.POST.get("use", "").partition("=")
    prefix = f"{participant_id}:"
    if key.startswith(prefix) and key.removeprefix(prefix) in {one.key for one in queries.cells(form)}:
        found[key.removeprefix(prefix)] = text[:60]
    return found


def _marks(request: Request, participant_id: UUID) -> str:
    """What this page's line showed when it was made: the mark of its cells, then what the act wants to know."""
    return request.POST.get(f"{participant_id}:seen", "")[:60]


def _mark(raw: Mapping[str, str]) -> str:
    """A short mark of the cells of a line: one that comes back as it was shown is left alone, whatever is stored by now."""
    words_of = {key: text.replace("\r", "").replace("\n", "").strip()[:500] for key, text in raw.items()}
    return queries.kept_mark({key: text for key, text in words_of.items() if text})


def _text(field: rules.Field, line: queries.Line) -> str:
    text = line.raw.get(field.key, "")
    if field.type == rules.MANY and line.entry is not None and not line.kept:
        return rules.shown(field, line.entry.values.get(field.key), words.language())
    return text


def _sure(request: Request, participant_id: UUID) -> list[str]:
    return request.POST.getlist(f"{participant_id}:sure")[:40]


def _save(request: Request, asked: Asked, participant_id: UUID, raw: dict[str, str]) -> Result:
    marks = _marks(request, participant_id)
    try:
        done = actions.enter_paperline(
            by=request.by,
            at=timezone.now(),
            participant_id=participant_id,
            form_code=asked.form.code,
            form_version=asked.form.version,
            date=asked.day,
            raw=raw,
            sure=_sure(request, participant_id),
            seen=marks.partition(".")[2],
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return Result(raw, marks, fault=str(refusal))
    return Result(raw, marks, done.read, saved=done.examination is not None, rival=done.rival)


@officer("paperline.enter")
@require_POST
def line(request: Request, posyandu_id: UUID, code: str, participant_id: UUID) -> HttpResponseBase:
    """Save one line and give it back: what the page does by itself when the line is left."""
    asked = _asked(request, posyandu_id, code)
    trying.found(access.participant_for, request, participant_id)
    result = _save(request, asked, participant_id, _raw(request, asked.form, participant_id))
    lines = queries.lines(request.by, asked.posyandu, asked.form, asked.day)
    known = next((one for one in lines if one.participant.id == participant_id), None)
    if known is None:
        raise Http404
    context = {"row": _row(asked, known, result), "asked": asked}
    return render(request, "desk/posyandu_forms/_line.html", context)


@officer("paperline.drop")
@require_POST
def drop(request: Request, posyandu_id: UUID, code: str, participant_id: UUID) -> HttpResponseBase:
    """Throw away a line that waits with its questions."""
    asked = _asked(request, posyandu_id, code)

    def act() -> None:
        actions.drop_paperline(
            by=request.by,
            at=timezone.now(),
            participant_id=participant_id,
            form_code=code,
            date=asked.day,
        )

    return trying.attempt(request, act, asked.back)


# --- how it is drawn


def _row(asked: Asked, given: queries.Line, result: Result | None) -> dict[str, Any]:
    participant = given.participant
    fault = result.fault if result else ""
    read = result.read if result and not (result.saved and given.kept) else None
    if read is None and given.kept and not fault:
        read = queries.read_line(participant, asked.form, asked.day, given.raw)
    raw = result.raw if result and not result.saved else None
    drawn = [_cell(one, given, raw, read) for one in queries.cells(asked.form)]
    fresh = f"{_mark({one['key']: one['text'] for one in drawn})}.{given.seen}"
    saved = bool(result and result.saved) or (given.entry is not None and not given.kept)
    return {
        "participant": participant,
        "url": shared.maybe("desk_posyandu_person", participant.id),
        "post": reverse("desk_posyandu_grid_line", args=[asked.posyandu.id, asked.form.code, participant.id]),
        "drop": reverse("desk_posyandu_grid_drop", args=[asked.posyandu.id, asked.form.code, participant.id]),
        "age": _age(given.months),
        "state": "fault" if fault else "kept" if _asks(read) else "saved" if saved else "",
        "rival": bool(result and result.rival),
        "fault": fault,
        "marks": result.marks if result and fault else fresh,
        "cells": drawn,
    }


def _asks(read: rules.Read | None) -> bool:
    return read is not None and not read.is_whole


def _age(months: int | None) -> str:
    if months is None:
        return ""
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}


def _cell(
    one: rules.Field, given: queries.Line, raw: dict[str, str] | None, read: rules.Read | None
) -> dict[str, Any]:
    sex = given.participant.person.sex or ""
    text = raw.get(one.key, "") if raw is not None else _text(one, given)
    drawn = cells.cell(one, f"{given.participant.id}:{one.key}", text, read)
    return {**drawn, "asked": one.asked(sex, given.months) or bool(text)}


def _pages(asked: Asked, count: int) -> list[dict[str, Any]]:
    last = max(1, -(-count // LINES))
    path = reverse("desk_posyandu_grid", args=[asked.posyandu.id, asked.form.code])
    return (
        [
            {
                "label": str(number),
                "url": f"{path}?tanggal={asked.day.isoformat()}&versi={asked.form.version}&page={number}",
                "current": number == asked.page,
            }
            for number in range(1, last + 1)
        ]
        if last > 1
        else []
    )
