"""A stack of paper sheets typed in one grid: a line a visit, or a line a name of a list. Good lines are saved once, the others stay.

The address holds the key of the stack, and each line's key follows from it: what is sent twice is written down once. A line that is left
is looked at (who is meant, what is odd) and saved only by the button, because a visit that is saved opens findings at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.queries import stacks
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import stacks as stack_rules
from simpul.web import reading
from simpul.web.desk import words
from simpul.web.desk.posyandu_forms import cells, shared, stack_kinds
from simpul.web.policy import Request, officer


@dataclass
class Asked:
    """What the address says: which sheet, which stack, which page of it, and the day from which a list counts."""

    kind: stack_kinds.Kind
    posyandu: Any
    sheet: rules.Form
    stack: UUID
    page: int
    day: date
    today: date

    @property
    def numbers(self) -> range:
        """The lines of the page."""
        first = (self.page - 1) * stack_rules.LINES + 1
        return range(first, first + stack_rules.LINES)

    def line_id(self, number: int) -> UUID:
        """The key under which a line is saved."""
        return stack_rules.line_id(self.stack, self.posyandu.id, self.sheet.code, number)

    def url(self, page: int = 0) -> str:
        """The address of this page, or of another of the same stack."""
        query = {"tumpukan": self.stack, "versi": self.sheet.version, "tanggal": self.day.isoformat()}
        return f"{self.kind.url(self.posyandu.id, self.sheet.code)}?{urlencode({**query, 'page': page or self.page})}"

    @property
    def draft(self) -> str:
        """Under which name the browser keeps what was typed on this page."""
        return f"stack:{self.stack}:{self.sheet.code}:{self.page}"


@dataclass
class Result:
    """What came of a line: what it says, whether it is saved now."""

    line: Any
    saved: bool = False


@officer("homevisit.record")
def visits(request: Request, posyandu_id: UUID, checklist: int) -> HttpResponseBase:
    """Paper visit sheets of one checklist, a line a visit."""
    return _page(request, posyandu_id, f"visit_{checklist}", stack_kinds.VISITS)


@officer("homevisit.record")
@require_POST
def visit_line(request: Request, posyandu_id: UUID, checklist: int, number: int) -> HttpResponseBase:
    """Look at one line of visits and give it back; nothing is saved."""
    return _look(request, posyandu_id, f"visit_{checklist}", number, stack_kinds.VISITS)


@officer("participant.enrol")
def people(request: Request, posyandu_id: UUID, letter: str) -> HttpResponseBase:
    """The paper list of those looked after, a line a name."""
    return _page(request, posyandu_id, f"data_{letter}", stack_kinds.PEOPLE)


@officer("participant.enrol")
@require_POST
def person_line(request: Request, posyandu_id: UUID, letter: str, number: int) -> HttpResponseBase:
    """Look at one name of the list and give it back; nothing is saved."""
    return _look(request, posyandu_id, f"data_{letter}", number, stack_kinds.PEOPLE)


def _asked(request: Request, posyandu_id: UUID, code: str, kind: stack_kinds.Kind) -> Asked | None:
    """What is asked for; None where no stack was begun yet."""
    given = request.POST if request.method == "POST" else request.GET
    posyandu = shared.posyandu_of(request, posyandu_id)
    form = shared.form_of(code, given.get("versi", ""))
    stack = reading.key(given.get("tumpukan", ""))
    if stack is None:
        return None
    today = shared.today(posyandu)
    page = min(reading.page_number(given.get("page", "1")), stack_rules.PAGES)
    day = shared.day_of(given.get("tanggal", ""), today)
    return Asked(kind, posyandu, kind.sheet(posyandu, form), stack, page, day, today)


def _page(request: Request, posyandu_id: UUID, code: str, kind: stack_kinds.Kind) -> HttpResponseBase:
    asked = _asked(request, posyandu_id, code, kind)
    if asked is None:
        if request.method == "POST":
            raise Http404
        query = {"tumpukan": uuid7(), **{key: request.GET[key] for key in ("versi",) if key in request.GET}}
        return redirect(f"{kind.url(posyandu_id, code)}?{urlencode(query)}")
    results: dict[int, Result] = {}
    if request.method == "POST":
        results = _taken(request, asked)
        if all(one.saved for one in results.values()):
            shared.mark_draft(request, asked.draft)
            return redirect(asked.url())
    return _drawn(request, asked, results)


def _drawn(request: Request, asked: Asked, results: dict[int, Result]) -> HttpResponseBase:
    saved = asked.kind.saved(request.by, [asked.line_id(one) for one in asked.numbers])
    context = {
        "asked": asked,
        "kind": asked.kind,
        "title": asked.sheet.called(words.language()),
        "columns": [cells.column(one) for one in _columns(asked.sheet)],
        "lists": cells.lists(_columns(asked.sheet)),
        "rows": [_row(asked, one, results.get(one), saved.get(asked.line_id(one))) for one in asked.numbers],
        "saved": len(saved),
        "waiting": sum(not one.saved and not one.line.read.is_whole for one in results.values()),
        "draft": asked.draft,
        "draft_done": shared.draft_done(request),
        "before_url": asked.url(asked.page - 1) if asked.page > 1 else "",
        "next_url": asked.url(asked.page + 1) if asked.page < stack_rules.PAGES else "",
        "new_url": asked.kind.url(asked.posyandu.id, asked.sheet.code),
        "people_url": shared.maybe("desk_posyandu_people", asked.posyandu.id),
    }
    return shared.show(
        request,
        "desk/posyandu_forms/stack.html",
        asked.posyandu,
        context,
        here="desk_posyandu_forms",
        status=422 if results else 200,
    )


def _columns(sheet: rules.Form) -> list[rules.Field]:
    beside = {one.beside for one in sheet.row if one.beside}
    return [one for one in sheet.row if one.key not in beside]


# --- what was sent


def _typed(request: Request, asked: Asked, number: int) -> stacks.Typed:
    given = request.POST
    raw = {}
    for one in _columns(asked.sheet):
        text = given.get(f"{number}:{one.key}", "").replace("\x00", "").strip()[:500]
        if text:
            raw[one.key] = text
    key, _equals, text = given.get("use", "").partition("=")
    if key.startswith(f"{number}:") and asked.sheet.field(key.partition(":")[2]):
        raw[key.partition(":")[2]] = text[:60]
    return stacks.Typed(
        number,
        asked.line_id(number),
        {} if given.get("clear") == str(number) else raw,
        sure=_sure(given.getlist(f"{number}:sure"), raw),
        pick=given.get(f"{number}:pick", "")[:40],
        mother=given.get(f"{number}:mother", "")[:40],
    )


def _sure(given: Sequence[str], raw: dict[str, str]) -> frozenset[str]:
    """What somebody was sure about, as long as the cell still says the same."""
    parts = [one.partition("|") for one in given[:40]]
    return frozenset(
        token for token, _bar, text in parts if raw.get(token.partition(".")[2], "") == text.strip()
    )


def _taken(request: Request, asked: Asked) -> dict[int, Result]:
    """Save the lines that are whole; a press on a proposal or on "empty this line" only looks at them."""
    there = asked.kind.saved(request.by, [asked.line_id(one) for one in asked.numbers])
    typed = [one for one in (_typed(request, asked, number) for number in asked.numbers) if not one.is_empty]
    again = [one for one in typed if one.id in there]
    fresh = [one for one in typed if one.id not in there]
    lines = asked.kind.read(request.by, asked.posyandu, asked.sheet, fresh, asked.today)
    only_look = "use" in request.POST or "clear" in request.POST
    results = {one.typed.number: Result(one) if only_look else _save(request, asked, one) for one in lines}
    count = sum(one.saved for one in results.values())
    if count:
        messages.success(request, ngettext("%(n)s line saved.", "%(n)s lines saved.", count) % {"n": count})
    if again:
        said = ngettext(
            "%(n)s line was saved before: nothing is saved twice. To change it, open it.",
            "%(n)s lines were saved before: nothing is saved twice. To change them, open them.",
            len(again),
        )
        messages.info(request, said % {"n": len(again)})
        results |= {one.number: Result(None, saved=True) for one in again}
    return results


def _save(request: Request, asked: Asked, line: Any) -> Result:
    if not line.read.is_whole:
        return Result(line)
    try:
        asked.kind.save(request.by, asked.posyandu, asked.sheet, line, asked.day)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return Result(_refused(line, asked.kind, refusal))
    return Result(line, saved=True)


def _refused(line: Any, kind: stack_kinds.Kind, refusal: Refused) -> Any:
    """The line with what the act said: a question where being sure helps, else something to be put right."""
    field = kind.field_of(refusal)
    said = str(refusal).replace("%", "%%")  # it is filled in already
    if refusal.field in kind.may_be_sure:
        read = stacks.with_more(line.read, (), questions=[rules.Question(refusal.field, field, said)])
    else:
        read = stacks.with_more(line.read, (), faults=[rules.Fault("refused", field, said)])
    return replace(line, read=read)


def _look(
    request: Request, posyandu_id: UUID, code: str, number: int, kind: stack_kinds.Kind
) -> HttpResponseBase:
    asked = _asked(request, posyandu_id, code, kind)
    if asked is None or number not in asked.numbers:
        raise Http404
    there = kind.saved(request.by, [asked.line_id(number)]).get(asked.line_id(number))
    every = [_typed(request, asked, one) for one in asked.numbers if one <= number]
    typed = [one for one in every if not one.is_empty]
    lines = kind.read(request.by, asked.posyandu, asked.sheet, typed, asked.today)
    own = next((one for one in lines if one.typed.number == number), None)
    row = _row(asked, number, Result(_so_far(own)) if own is not None else None, there)
    if own is not None and own.read.faults and row["state"] == "ready":
        row["state"] = ""
    return render(request, "desk/posyandu_forms/_stack_line.html", {"row": row, "asked": asked})


def _so_far(line: Any) -> Any:
    """A line that is still being typed: what is empty is no fault yet, the button says so."""
    faults = tuple(one for one in line.read.faults if one.code != "needed")
    return replace(line, read=replace(line.read, faults=faults))


# --- how it is drawn


def _row(asked: Asked, number: int, result: Result | None, saved: Any) -> dict[str, Any]:
    base = {
        "number": number,
        "post": asked.kind.line_url(asked.posyandu.id, asked.sheet.code, number),
        "saved": asked.kind.summary(saved) if saved is not None else None,
    }
    if saved is not None:
        return {**base, "state": "saved", "cells": (), "span": len(_columns(asked.sheet))}
    line = result.line if result is not None else None
    raw = dict(line.typed.raw) if line is not None else {}
    read = line.read if line is not None else None
    asks = read is not None and not read.is_whole
    drawn = [
        cells.cell(one, f"{number}:{one.key}", raw.get(one.key, ""), read) for one in _columns(asked.sheet)
    ]
    return {
        **base,
        "state": "kept" if asks else "ready" if line is not None else "",
        "cells": drawn,
        "name": raw.get(stack_rules.WHO) or raw.get(stack_rules.NAME) or "",
        "sure": [f"{one}|{raw.get(one.partition('.')[2], '')}" for one in line.typed.sure] if line else (),
        **(asked.kind.about(line, asked.today) if line is not None else {}),
    }
