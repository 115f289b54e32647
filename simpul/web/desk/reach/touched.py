"""``/meja/jangkauan/tersentuh/``: whom the services met in a period, against the period before; each number opens to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import money
from simpul.programmes.queries import catalogue as programme_queries
from simpul.regions import queries as region_queries
from simpul.reports import rules
from simpul.reports.queries import touched as queries
from simpul.web import reading
from simpul.web.desk import area, frame, watch, words
from simpul.web.desk.figures import READING
from simpul.web.desk.reach import views
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

HERE = "desk_reach"
LONGEST = 3 * 366
PARTS = tuple(key for key in rules.TOUCHED if key not in ("households", "people"))
"""Figures that count households of a place."""


class _Asked:
    """What the address asks; what cannot be read is left at its first value: this year until today, all of the seat's area."""

    def __init__(self, request: Request) -> None:
        given = request.POST if request.method == "POST" else request.GET
        zone = desk_queries.zone_of(request.by.served_areas[0])
        today = timezone.now().astimezone(zone).date()
        self.area = area.read(request.by, given.get("wilayah", ""))
        region = self.area.code or request.by.served_areas[0]
        since = _day(given.get("dari", "")) or today.replace(month=1, day=1)
        until = min(_day(given.get("sampai", "")) or today, today)
        if since > until or (until - since).days > LONGEST:
            since = until.replace(month=1, day=1)
        active = [one for one in programme_queries.programmes_all() if one.is_active]
        self.programmes = [(one.code, portal_words.said(one, "name")) for one in active]
        wanted = given.get("program", "")
        months = given.get("bulan", "")
        self.months = (
            int(months) if months in {str(one) for one in queries.MONTHS} else queries.UNTOUCHED_MONTHS
        )
        programme = wanted if wanted in dict(self.programmes) else ""
        self.asked = queries.Asked(region, since, until, programme, self.months)

    def kept(self) -> dict[str, Any]:
        """The part of the address that says what the page is about."""
        one = self.asked
        return {
            "wilayah": one.region_code,
            "program": one.programme,
            "dari": one.since.isoformat(),
            "sampai": one.until.isoformat(),
            "bulan": one.months,
        }

    def link(self, figure: str, key: str | None) -> str:
        """The address of the households behind a number; people are opened by the households they belong to."""
        more = {
            "angka": "reached" if figure == "people" else figure,
            **({"kunci": key} if key is not None else {}),
        }
        return f"{reverse('desk_touched_behind')}?{urlencode({**self.kept(), **more})}"


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and found.year > 1990 else None


@officer(*READING)
@require_GET
def touched(request: Request) -> HttpResponseBase:
    """The table of a period, beside the period of the same length before it."""
    asked = _Asked(request)
    if not roles.may_somewhere(request.by, "person.change"):
        return _overview(request, asked)
    found, earlier = queries.periods(request.by, asked.asked)
    names = views.place_names(found.by, [one.key for one in found.places])
    context = {
        **_head(asked),
        "columns": [(key, _(one.name), _(one.meaning)) for key, one in rules.TOUCHED.items()],
        "rows": [{"name": names[one.key], "cells": _cells(one, asked, one.key)} for one in found.places],
        "total": _cells(found.total, asked, None),
        "then": _compared(found, earlier),
        "before": asked.asked.before(),
        "before_words": f"{words.day(asked.asked.before().since)} – {words.day(asked.asked.before().until)}",
        "split": _("Hamlet") if found.by == "hamlet" else _("Village"),
        "travel": _travel(queries.travel(request.by, asked.asked)),
        "kinds": _kinds(found.touches),
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/reach/touched.html", context, here=HERE)


def _head(asked: _Asked) -> dict[str, Any]:
    """What both forms of the page say above their table."""
    return {
        "asked": asked.asked,
        "area": asked.area,
        "place": region_queries.path_names(asked.asked.region_code),
        "programmes": asked.programmes,
        "months": queries.MONTHS,
        "kept": asked.kept(),
        "period_words": f"{words.day(asked.asked.since)} – {words.day(asked.asked.until)}",
    }


def _overview(request: Request, asked: _Asked) -> HttpResponseBase:
    """The figures for who leads and keeps no register: small groups hidden, nothing to open."""
    shown, split = queries.overview(request.by, asked.asked, PARTS)
    names = views.place_names(split, [one.key for one in shown.rows])
    figures = ("households", *PARTS)
    context = {
        **_head(asked),
        "columns": [
            {"name": _(rules.TOUCHED[key].name), "meaning": _(rules.TOUCHED[key].meaning)} for key in figures
        ],
        "rows": [{"name": names[one.key], "cells": [one.whole, *one.parts]} for one in shown.rows],
        "total": [shown.whole, *shown.parts],
        "split": _("Hamlet") if split == "hamlet" else _("Village"),
    }
    return frame.show(request, "desk/reach/touched_overview.html", context, here=HERE)


def _cells(place: queries.Place, asked: _Asked, key: str | None) -> list[dict[str, Any]]:
    return [
        {
            "number": place.count(figure),
            "url": asked.link(figure, key) if place.count(figure) else "",
            "label": _(rules.TOUCHED[figure].name),
        }
        for figure in rules.TOUCHED
    ]


def _compared(now: queries.Found, then: queries.Found) -> list[dict[str, Any]]:
    """The figures that tell the story of two periods: before, now."""
    shown = ("reached", "people", "first", "delivered")
    return [
        {
            "name": _(rules.TOUCHED[figure].name),
            "before": then.total.count(figure),
            "now": now.total.count(figure),
        }
        for figure in shown
    ]


def _kinds(touches: Sequence[queries.Touch]) -> list[tuple[str, int]]:
    counted = {code: sum(one.what == code for one in touches) for code in rules.TOUCHES}
    return [(_(rules.TOUCHES[code]), number) for code, number in counted.items() if number]


def _travel(found: queries.Travel) -> dict[str, Any]:
    return {
        "trips": found.trips,
        "people": found.people,
        "cost": money.rupiah(found.cost) if found.cost is not None else "",
        "each": money.rupiah(found.cost_each) if found.cost_each is not None else "",
        "hours": round(found.saved.minutes / 60),
        "saved_people": found.saved.people,
        "unknown": found.saved.unknown,
    }


@officer("person.change")
@require_GET
def behind(request: Request) -> HttpResponseBase:
    """The households behind one number, each with the meetings that make it count."""
    asked = _Asked(request)
    figure = request.GET.get("angka", "reached")
    figure = figure if figure in PARTS or figure == "households" else "reached"
    key = request.GET["kunci"].replace("\x00", "")[:80] if "kunci" in request.GET else None
    number = reading.page_number(request.GET.get("page", ""))
    rows, total = queries.behind(request.by, asked.asked, figure, key, number)
    base = {**asked.kept(), "angka": figure, **({"kunci": key} if key is not None else {})}
    context = {
        "title": _(rules.TOUCHED[figure].name),
        "meaning": _(rules.TOUCHED[figure].meaning),
        "period_words": f"{words.day(asked.asked.since)} – {words.day(asked.asked.until)}",
        "count": total,
        "rows": [
            {
                "household": household,
                "touches": [
                    {"what": _(rules.TOUCHES[one.what]), "when": words.day(one.at.date())}
                    for one in touches[:8]
                ],
                "more": max(0, len(touches) - 8),
            }
            for household, touches in rows
        ],
        "back_url": f"{reverse('desk_touched')}?{urlencode(asked.kept())}",
        "older_url": f"?{urlencode({**base, 'page': number + 1})}" if number * queries.PAGE < total else "",
        "newer_url": f"?{urlencode({**base, 'page': number - 1})}" if number > 1 else "",
    }
    return frame.show(request, "desk/reach/touched_behind.html", context, here=HERE)


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """Every meeting of the period as CSV, from which the figures can be worked out again; the journal keeps who took it and why."""
    asked = _Asked(request)
    found = queries.table(request.by, asked.asked)
    at = timezone.now()
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(
        by=request.by, at=at, what="tersentuh", rows=len(found.touches), purpose=purpose
    )
    head = [_("day"), _("what"), _("household"), _("person"), _("row")]
    lines = [
        [
            one.at.date().isoformat(),
            _(rules.TOUCHES[one.what]),
            one.household or "",
            one.person or "",
            one.row,
        ]
        for one in sorted(found.touches, key=lambda one: (one.at, str(one.row)))
    ]
    lines += [[]] + [[_(one.name), _(one.meaning)] for one in rules.TOUCHED.values()]
    return watch.as_csv(f"simpul-tersentuh-{at:%Y%m%d}.csv", head, lines)
