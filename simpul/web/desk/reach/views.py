"""``/meja/jangkauan/``: need, reach, decision and result by hamlet and programme; each number opens its households."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import when
from simpul.programmes.queries import catalogue as programme_queries
from simpul.regions import queries as region_queries
from simpul.reports import rules
from simpul.reports.queries import reach as queries
from simpul.web import reading
from simpul.web.desk import area, frame, watch, words
from simpul.web.desk.figures import READING
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

HERE = "desk_reach"


@officer(*READING)
@require_GET
def reach(request: Request) -> HttpResponseBase:
    """The figures of an area, by hamlet or village, for one programme or for all of them."""
    at = timezone.now()
    asked = _Asked(request, at)
    if not roles.may_somewhere(request.by, "person.change"):
        return _overview(request, asked, at)
    found = asked.table()
    context = {
        "asked": asked,
        "area": asked.area,
        "place": region_queries.path_names(asked.region),
        "programmes": asked.programmes,
        "columns": [
            {"key": key, "name": _(rules.REACH[key].name), "meaning": _(rules.REACH[key].meaning)}
            for key in asked.figures
        ],
        "rows": _rows(found, asked),
        "total": _cells(found.total, asked, None),
        "split": _("Hamlet") if found.by == "hamlet" else _("Village"),
        "empty": not found.total.count("households"),
        "waiting": [
            _waiting(one, asked) for one in queries.waiting(request.by, asked.region, asked.programme, at)
        ],
        "refusals": [
            _refusal(one, asked) for one in queries.refusals(request.by, asked.region, asked.programme)
        ],
        "refused": [
            (asked.names.get(code, code), count)
            for code, count in queries.refused_by_programme(request.by, asked.region)
        ],
        "dated": when.format_moment(at, asked.zone.key, portal_words.language()),
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/reach/page.html", context, here=HERE)


def _overview(request: Request, asked: _Asked, at: datetime) -> HttpResponseBase:
    """The figures for who leads and keeps no register: small groups hidden, nothing to open."""
    found = queries.overview(request.by, asked.region, asked.programme, at, asked.need())
    names = place_names(found.by, [one.key for one in found.table.rows])
    context = {
        "asked": asked,
        "area": asked.area,
        "place": region_queries.path_names(asked.region),
        "programmes": asked.programmes,
        "columns": [
            {"name": _(rules.REACH[key].name), "meaning": _(rules.REACH[key].meaning)}
            for key in found.figures
        ],
        "rows": [{"name": names[one.key], "cells": [one.whole, *one.parts]} for one in found.table.rows],
        "total": [found.table.whole, *found.table.parts],
        "split": _("Hamlet") if found.by == "hamlet" else _("Village"),
        "dated": when.format_moment(at, asked.zone.key, portal_words.language()),
    }
    return frame.show(request, "desk/reach/overview.html", context, here=HERE)


@officer(*READING)
@require_GET
def behind(request: Request) -> HttpResponseBase:
    """The households behind one number."""
    at = timezone.now()
    asked = _Asked(request, at)
    figure = request.GET.get("angka", "households")
    figure = figure if figure in asked.figures else "households"
    key = request.GET["kunci"].replace("\x00", "")[:80] if "kunci" in request.GET else None
    number = reading.page_number(request.GET.get("page", ""))
    found = asked.table()
    group = found.total if key is None else next((one for one in found.groups if one.key == key), None)
    keys = group.members.get(figure, set()) if group else set()
    rows, more = queries.behind(request.by, keys, number)
    base = {**asked.kept(), "angka": figure, **({"kunci": key} if key is not None else {})}
    context = {
        "rows": rows,
        "title": _(rules.REACH[figure].name),
        "meaning": _(rules.REACH[figure].meaning),
        "count": len(keys),
        "group": "" if key is None else place_names(found.by, [key])[key],
        "programme": asked.names.get(asked.programme, ""),
        "back_url": f"{reverse(HERE)}?{urlencode(asked.kept())}",
        "older_url": f"?{urlencode({**base, 'page': number + 1})}" if more else "",
        "newer_url": f"?{urlencode({**base, 'page': number - 1})}" if number > 1 else "",
    }
    return frame.show(request, "desk/reach/behind.html", context, here=HERE)


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The table as CSV with its definitions, and a line in the journal first."""
    at = timezone.now()
    asked = _Asked(request, at)
    found = asked.table()
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(
        by=request.by, at=at, what="jangkauan", rows=len(found.groups), purpose=purpose
    )
    return _csv(asked, found, at)


class _Asked:
    """What the address or the form asks about; what cannot be read is left at its first value."""

    def __init__(self, request: Request, at: datetime) -> None:
        given = request.POST if request.method == "POST" else request.GET
        self.by, self.at = request.by, at
        self.zone = desk_queries.zone_of(request.by.served_areas[0])
        self.area = area.read(request.by, given.get("wilayah", ""))
        self.region = self.area.code or request.by.served_areas[0]
        rows = [one for one in programme_queries.programmes_all() if one.is_active]
        self.names = {one.code: portal_words.said(one, "name") for one in rows}
        self.programmes = [(one.code, self.names[one.code], one.authority) for one in rows]
        wanted = given.get("program", "")
        self.programme = wanted if wanted in self.names else ""
        self.figures = [
            key for key in rules.REACH if key in queries.FIRST or (self.programme and key in queries.OF_RULE)
        ]

    def table(self) -> queries.Table:
        """The figures; a programme's need is worked out by its rule, for the whole area at once."""
        return queries.table(self.by, self.region, self.programme, self.at, self.need())

    def need(self) -> dict[UUID, str]:
        """What the programme's rule says of each household today."""
        today = self.at.astimezone(self.zone).date()
        return queries.need_of(self.region, self.programme, today) if self.programme else {}

    def kept(self) -> dict[str, str]:
        """The part of the address that says what the page is about."""
        return {"wilayah": self.region, "program": self.programme}

    def link(self, figure: str, key: str | None) -> str:
        """The address of the households behind a number."""
        more = {"angka": figure, **({"kunci": key} if key is not None else {})}
        return f"{reverse('desk_reach_behind')}?{urlencode({**self.kept(), **more})}"


def _rows(found: queries.Table, asked: _Asked) -> list[dict[str, Any]]:
    names = place_names(found.by, [one.key for one in found.groups])
    return [{"name": names[one.key], "cells": _cells(one, asked, one.key)} for one in found.groups]


def place_names(split: str, keys: list[str]) -> dict[str, str]:
    """Groups of a table by the names people know them by."""
    if split == "hamlet":
        return {key: key or _("no hamlet stated") for key in keys}
    paths = region_queries.paths(keys)
    return {key: paths.get(key, key).split(",", maxsplit=1)[0] for key in keys}


def _cells(group: queries.Group, asked: _Asked, key: str | None) -> list[dict[str, Any]]:
    return [
        {
            "number": group.count(figure),
            "url": asked.link(figure, key) if group.count(figure) else "",
            "label": _(rules.REACH[figure].name),
        }
        for figure in asked.figures
    ]


def _waiting(one: queries.Waiting, asked: _Asked) -> dict[str, Any]:
    return {
        "household_id": one.household_id,
        "what": asked.names.get(one.programme, one.programme),
        "since": words.day(one.since.astimezone(asked.zone).date()),
        "days": one.days,
    }


def _refusal(one: queries.Refusal, asked: _Asked) -> dict[str, Any]:
    return {
        "household_id": one.household_id,
        "programme": asked.names.get(one.programme, one.programme),
        "words": one.words,
        "when": words.day(one.at.astimezone(asked.zone).date()),
    }


def _csv(asked: _Asked, found: queries.Table, at: datetime) -> HttpResponse:
    names = place_names(found.by, [one.key for one in found.groups])
    lines: list[list[Any]] = [
        [_("place"), region_queries.path_names(asked.region) or _("everything you may see")],
        [_("programme"), asked.names.get(asked.programme, _("every programme"))],
        [],
        [
            _("Hamlet") if found.by == "hamlet" else _("Village"),
            *(_(rules.REACH[key].name) for key in asked.figures),
        ],
    ]
    lines += [[names[one.key], *(one.count(key) for key in asked.figures)] for one in found.groups]
    lines += [[_("all together"), *(found.total.count(key) for key in asked.figures)], []]
    lines += [[_(rules.REACH[key].name), _(rules.REACH[key].meaning)] for key in asked.figures]
    head = [_("as of"), when.format_moment(at, asked.zone.key, portal_words.language())]
    return watch.as_csv(f"simpul-jangkauan-{at:%Y%m%d}.csv", head, lines)
