"""What is printed: labels with QR codes, the catalogue, cards, the loan register."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.village_post.access import reading as access
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules
from simpul.village_post.rules import ronda as calendar_rules
from simpul.web import forms, reading
from simpul.web.desk import trying, words
from simpul.web.desk.reading import shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def labels(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Labels to stick on books: of some codes, or of what was added since a day."""
    corner = trying.found(access.corner_for, request, corner_id)
    codes = [rules.plain_code(one) for one in request.GET.get("kode", "").split(",")[:240] if one.strip()]
    since = forms.read_date(request.GET.get("sejak", "")[:10])
    context = {
        "corner": corner,
        "rows": queries.labels(corner, codes, since),
        "since": request.GET.get("sejak", "")[:10],
    }
    return shared.show(request, "desk/reading/labels.html", context)


@officer(*shared.READING)
@require_GET
def catalogue(request: Request, corner_id: UUID) -> HttpResponseBase:
    """All titles by category, for the wall."""
    corner = trying.found(access.corner_for, request, corner_id)
    groups = [
        {"name": _(rules.CATEGORIES[code]), "rows": list(rows)}
        for code, rows in groupby(queries.catalogue(corner), key=lambda one: one.category)
    ]
    context = {
        "corner": corner,
        "groups": groups,
        "hours": shared.hours(corner),
        "where": shared.where(corner),
    }
    return shared.show(request, "desk/reading/catalogue.html", context)


@officer(*shared.READING)
@require_GET
def cards(request: Request, corner_id: UUID) -> HttpResponseBase:
    """The card of one member, or the cards of all."""
    corner = trying.found(access.corner_for, request, corner_id)
    key = reading.key(request.GET.get("anggota", ""))
    rows: Any = corner.readers.filter(ended_at=None).order_by("name")
    rows = rows.filter(id=key) if key else rows
    context = {
        "corner": corner,
        "hours": shared.hours(corner),
        "rows": [{"one": one, "group": _(rules.GROUPS[one.group])} for one in rows[:200]],
    }
    return shared.show(request, "desk/reading/cards.html", context)


@officer(*shared.READING)
@require_GET
def register(request: Request, corner_id: UUID) -> HttpResponseBase:
    """The loan register of a month."""
    corner = trying.found(access.corner_for, request, corner_id)
    day = forms.read_date(request.GET.get("bulan", "")[:10]) or queries.today(corner, timezone.now())
    first, last = calendar_rules.month(day)
    code = corner.region_code
    rows = [
        {
            "one": one,
            "lent": words.short_day(one.lent_at, code),
            "due": words.day(one.due_date),
            "back": _("lost")
            if one.lost_at
            else words.short_day(one.returned_at, code)
            if one.returned_at
            else "",
        }
        for one in queries.loan_register(corner, first, last)
    ]
    context = {
        "corner": corner,
        "rows": rows,
        "month": when.format_month(first, words.language()),
        "day": first.isoformat(),
    }
    return shared.show(request, "desk/reading/register.html", context)
