"""A book on the screen, on paper column by column, and as a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.letters.queries import registers as queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import flow
from simpul.lib import when
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, watch
from simpul.web.desk.letter_registers import shared
from simpul.web.policy import Request, officer

READING = ("incoming.record", "letter.draft")


@officer(*READING)
@require_GET
def book(request: Request, code: str) -> HttpResponseBase:
    """One book, the newest line first."""
    village = shared.village_of(request)
    at, language = timezone.now(), shared.language()
    filters = _filters(request, village)
    page = queries.read(request.by, code, village, filters, at, language)
    kept = {name: request.GET[name] for name in ("tahun", "kata", "jenis", "desa") if request.GET.get(name)}
    found = queries.books()[code]
    short = next(name for name, known in shared.NAMES.items() if known == code)
    context = {
        "book": found,
        "code": code,
        "title": found.called(language),
        "tabs": shared.tabs(request, code),
        "columns": _heads(found, language),
        "rows": [_on_screen(row, found) for row in page.rows],
        "total": page.total,
        "years": queries.years(request.by, village, _today(village)),
        "filters": filters,
        "filtered": bool(filters.words or filters.type_code),
        "types": [(one.code, one.name(language)) for one in type_queries.types_for(village)]
        if code != "expedition"
        else [],
        "village": village,
        "print_url": f"{reverse('desk_letter_book_print', args=[short])}?{urlencode(kept)}",
        "csv_url": f"{reverse('desk_letter_book_csv', args=[short])}?{urlencode(kept)}",
        "may_record": roles.may_somewhere(request.by, "incoming.record"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return frame.show(request, "desk/letter_registers/book.html", context, here=shared.HERE)


@officer(*READING)
@require_GET
def printed(request: Request, name: str) -> HttpResponseBase:
    """The whole book of a year on A4 across, in the columns of the regulation's form, with both signature lines."""
    code = _code(name)
    village = shared.village_of(request)
    at = timezone.now()
    found = queries.books()[code]
    page = queries.read(request.by, code, village, _filters(request, village), at, "id", whole=True)
    context = {
        "book": found,
        "groups": found.groups("id"),
        "grouped": any(one.group for one in found.columns),
        "columns": found.columns,
        "rows": [_shown(row, found) for row in page.rows],
        "year": _filters(request, village).year,
        "place": region_queries.path_names(village),
        "village_name": region_queries.path_names(village).split(",", maxsplit=1)[0],
        "day": when.format_date(_today(village), "id"),
        "signers": queries.signers_of(village, at),
        "empty_lines": range(max(0, 8 - len(page.rows))),
        "back": reverse(shared.PAGES[code]),
    }
    return frame.show(request, "desk/letter_registers/print.html", context, here=shared.HERE)


@officer(*READING)
@require_GET
def exported(request: Request, name: str) -> HttpResponseBase:
    """The book of a year as a sheet."""
    code = _code(name)
    village = shared.village_of(request)
    filters = _filters(request, village)
    language = shared.language()
    page = queries.read(request.by, code, village, filters, timezone.now(), language, whole=True)
    found = queries.books()[code]
    head = [
        f"{one.group}: {one.called(language)}" if one.group else one.called(language) for one in found.columns
    ]
    return watch.as_csv(
        f"{name}-{village}-{filters.year}.csv", head, [_shown(row, found)["cells"] for row in page.rows]
    )


def _code(name: str) -> str:
    if name not in shared.NAMES:
        raise Http404
    return shared.NAMES[name]


def _today(village: str) -> date:
    return timezone.now().astimezone(desk_queries.zone_of(village)).date()


def _filters(request: Request, village: str) -> queries.Filters:
    year = request.GET.get("tahun", "")
    return queries.Filters(
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else _today(village).year,
        words=request.GET.get("kata", "").replace("\x00", "").strip()[:100],
        type_code=request.GET.get("jenis", "")[:40],
        page=reading.page_number(request.GET.get("page", "")),
    )


_ADDRESSES = {"letter": "desk_letter_standing", "incoming": "desk_incoming", "expedition": "desk_expedition"}


def _shown(row: queries.Row, book: queries.Book) -> dict[str, Any]:
    return {
        "cells": [_cell(row, one.key) for one in book.columns],
        "url": reverse(_ADDRESSES[row.kind], args=[row.id]),
        "void": row.void,
    }


def _heads(book: queries.Book, language: str) -> list[str]:
    """The heads on the screen: the agenda's twice four columns lie over each other there, each line being one or the other."""
    if book.code != "agenda":
        return [one.called(language) for one in book.columns]
    return [
        _("No."),
        _("Date"),
        _("In or out"),
        _("Number of the letter"),
        _("Sender, or to whom"),
        _("What it is about, in short"),
        _("Note"),
    ]


def _on_screen(row: queries.Row, book: queries.Book) -> dict[str, Any]:
    shown = _shown(row, book)
    if book.code != "agenda":
        return shown
    came = row.kind == "incoming"
    keys = ("in_number", "in_sender", "in_subject") if came else ("out_number", "out_to", "out_subject")
    number, who, about = (_cell(row, key) for key in keys)
    way = _("came in") if came else _("went out")
    return {
        **shown,
        "cells": [_cell(row, "row"), _cell(row, "day"), way, number, who, about, _cell(row, "note")],
    }


def _cell(row: queries.Row, key: str) -> str:
    value = row.cells.get(key, "")
    if row.kind == "letter" and value:
        if key in ("state", "note"):
            return _(queries.STATES.get(value, value))
        if key == "channel":
            return _(flow.CHANNELS.get(value, value))
    return value
