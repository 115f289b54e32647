"""Sheets on paper: the official form, empty or filled, A4 across."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import forms_grid
from simpul.posyandu.queries import forms_sheets as queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying
from simpul.web.desk.posyandu_forms import shared
from simpul.web.policy import Request, officer

_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()


@officer(shared.NAMED)
@require_GET
def sheet(request: Request, posyandu_id: UUID, code: str) -> HttpResponseBase:
    """An empty sheet; a list or a recap also filled (``isi=1``, ``bulan=2026-11``)."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    form = shared.form_of(code, request.GET.get("versi", ""))
    month = _month(request.GET.get("bulan", ""), shared.today(posyandu))
    if request.GET.get("isi") and form.layout == "list":
        made = queries.listed(request.by, posyandu, form, shared.today(posyandu))
    elif request.GET.get("isi") and form.layout == "recap":
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        made = queries.recap(request.by, posyandu, form, month, last)
    else:
        made = queries.empty(form)
    filled = bool(request.GET.get("isi")) and form.layout in ("list", "recap")
    words = f"{_MONTHS[month.month - 1]} {month.year}" if filled and form.layout == "recap" else ""
    back = reverse("desk_posyandu_forms", args=[posyandu.id])
    return paper(request, posyandu, made, back=back, month=words)


def _month(text: str, today: date) -> date:
    year, _dash, month = text.partition("-")
    numbers = [int(one) if one.isascii() and one.isdigit() and len(one) <= 4 else 0 for one in (year, month)]
    if 2000 <= numbers[0] <= 2999 and 1 <= numbers[1] <= 12:
        return date(numbers[0], numbers[1], 1)
    return today.replace(day=1)


@officer(shared.NAMED)
@require_GET
def card(request: Request, participant_id: UUID, code: str) -> HttpResponseBase:
    """The card of one person with all its lines."""
    participant = trying.found(access.participant_for, request, participant_id)
    form = shared.form_of(code, request.GET.get("versi", ""))
    if form.layout != "card" or forms_grid.letter_of(code) != participant.form:
        raise Http404
    made = queries.card(request.by, participant, form)
    back = shared.maybe("desk_posyandu_person", participant.id)
    back = back or reverse("desk_posyandu_forms", args=[participant.posyandu_id])
    return paper(request, participant.posyandu, made, back=back)


def paper(
    request: Request, posyandu: Any, made: queries.Sheet, *, back: str, month: str = ""
) -> HttpResponseBase:
    """A sheet as a page to be printed."""
    context: dict[str, Any] = {
        "sheet": made,
        "official": made.form,
        "posyandu": posyandu,
        "place": region_queries.path_names(posyandu.region_code),
        "month": month,
        "back": back,
        "steps": STEPS if made.tables and any(one.step for one in made.form.row) else (),
        "dense": max((len(table.columns) for table in made.tables), default=0) > 20,
        "checklist": made.form.layout == "checklist",
    }
    return frame.show(request, "desk/posyandu_forms/sheet.html", context, here=shared.HERE)


STEPS = (
    (1, "Langkah 1: pendaftaran"),
    (2, "Langkah 2: penimbangan dan pengukuran"),
    (3, "Langkah 3: pencatatan"),
    (4, "Langkah 4: pelayanan kesehatan"),
    (5, "Langkah 5: penyuluhan"),
)
"""The five steps by their colours on a card; official papers speak Indonesian."""
