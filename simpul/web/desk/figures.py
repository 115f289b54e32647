"""``/meja/angka/``: the figures of the matters that one may see, by group, down to the matters behind each number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import when
from simpul.regions import queries as region_queries
from simpul.reports import rules
from simpul.reports.queries import counts
from simpul.reports.queries import inside as queries
from simpul.web.desk import area, frame, inbox, watch
from simpul.web.policy import Request, officer
from simpul.web.portal import figures as portal_figures
from simpul.web.portal import words as portal_words

READING = ("export.record", "case.verify", "case.answer")
ADDRESS = ("sejak", "sampai", "wilayah", "menurut")
_LINKED = {"received": "received", "open": "open", "overdue": "overdue", "outside_hours": "outside_hours"}
"""Figures whose number opens the list of its matters."""


@officer(*READING)
@require_GET
def figures(request: Request) -> HttpResponseBase:
    """The figures of a period and area, and a table by one dimension; each number opens its matters."""
    at = timezone.now()
    asked = _Asked(request, at)
    found = queries.headline(request.by, asked.query(), at)
    rows = queries.groups(request.by, asked.query(), at)
    context = {
        "asked": asked,
        "stats": _stats(found, asked),
        "tabs": asked.tabs(),
        "head": _(rules.DIMENSIONS[asked.dimension]),
        "rows": _rows(rows, asked),
        "dated": when.format_moment(at, asked.zone.key, portal_words.language()),
        "area": asked.area,
        "place": region_queries.path_names(asked.region),
        "may_export": roles.may_somewhere(request.by, "export.record"),
        "kept": asked.kept(),
    }
    return frame.show(request, "desk/figures/page.html", context, here="desk_figures")


@officer(*READING)
@require_GET
def behind(request: Request) -> HttpResponseBase:
    """The matters behind one number."""
    at = timezone.now()
    asked = _Asked(request, at)
    given = request.GET
    figure = given.get("angka", "received")
    key = given["kunci"].replace("\x00", "")[:40] if "kunci" in given else None
    number = int(given["page"]) if given.get("page", "").isascii() and given.get("page", "").isdigit() else 1
    rows, more = queries.behind(request.by, asked.query(key, figure), at, min(number, 10_000))
    names = _names_of_keys([key] if key and queries.is_key(asked.dimension, key) else [], asked)
    base = {**asked.kept(), "angka": figure, **({"kunci": key} if key is not None else {})}
    context = {
        "rows": inbox.rows(rows, request, at),
        "title": _figure_words(figure),
        "group": "" if key is None else names.get(key, key) or _("not stated"),
        "back_url": f"{reverse('desk_figures')}?{urlencode(asked.kept())}",
        "older_url": f"?{urlencode({**base, 'page': number + 1})}" if more else "",
        "newer_url": f"?{urlencode({**base, 'page': number - 1})}" if number > 1 else "",
    }
    return frame.show(request, "desk/figures/behind.html", context, here="desk_figures")


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The figures and the table as CSV, each with its definition, and a line in the journal first."""
    at = timezone.now()
    asked = _Asked(request, at)
    found = queries.headline(request.by, asked.query(), at)
    rows = queries.groups(request.by, asked.query(), at)
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(by=request.by, at=at, what="angka", rows=len(rows), purpose=purpose)
    return _csv(asked, found, rows, at)


class _Asked:
    """What the address (or the form) asks about; what cannot be read is left at its first value."""

    def __init__(self, request: Request, at: datetime) -> None:
        given = request.POST if request.method == "POST" else request.GET
        self.zone = desk_queries.zone_of(request.by.served_areas[0])
        today = at.astimezone(self.zone).date()
        self.until = when.parse_date(given.get("sampai", "")) or today
        self.since = when.parse_date(given.get("sejak", "")) or self.until - timedelta(days=89)
        if self.since > self.until:
            self.since, self.until = self.until, self.since
        self.area = area.read(request.by, given.get("wilayah", ""))
        self.region = self.area.code
        wanted = given.get("menurut", "kind")
        self.dimension = wanted if wanted in rules.DIMENSIONS else "kind"

    def query(self, key: str | None = None, figure: str = "received") -> queries.Asked:
        """The same as the room takes it; a key that cannot be one finds nothing rather than breaking the look-up."""
        return queries.Asked(
            since=_midnight(self.since, self.zone),
            until=_midnight(self.until + timedelta(days=1), self.zone),
            region=self.region,
            dimension=self.dimension,
            key=key,
            figure=figure,
        )

    def kept(self) -> dict[str, str]:
        """The part of the address that says what the page is about."""
        return {
            "sejak": self.since.isoformat(),
            "sampai": self.until.isoformat(),
            "wilayah": self.region,
            "menurut": self.dimension,
        }

    def tabs(self) -> list[dict[str, Any]]:
        """One tab for each dimension."""
        return [
            {
                "label": _(label),
                "url": f"?{urlencode({**self.kept(), 'menurut': name})}",
                "current": name == self.dimension,
            }
            for name, label in rules.DIMENSIONS.items()
        ]

    def link(self, figure: str, key: str | None = None) -> str:
        """The address of the matters behind a number."""
        more = {"angka": figure, **({"kunci": key} if key is not None else {})}
        return f"{reverse('desk_figures_behind')}?{urlencode({**self.kept(), **more})}"


def _midnight(day: date, zone: Any) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _stats(found: counts.Headline, asked: _Asked) -> list[dict[str, Any]]:
    return [
        {
            "number": _written(found.value(key), measure.form),
            "label": _(measure.name),
            "note": _(measure.meaning),
            "url": asked.link(_LINKED[key]) if key in _LINKED and found.value(key) else "",
            "tone": ("bad" if found.overdue else "good") if key == "overdue" else "",
        }
        for key, measure in rules.MEASURES.items()
    ]


def _written(value: float | int | None, form: str) -> str:
    """A figure as officers read it: nothing is hidden of matters that they may see."""
    if value is None:
        return "–"
    return str(value) if form == "count" else portal_figures.decimal(value, form)


def _rows(rows: Iterable[counts.Group], asked: _Asked) -> list[dict[str, Any]]:
    found = list(rows)
    names = _names_of_keys([one.key for one in found], asked)
    return [
        {
            "name": names.get(one.key, one.key) or _("not stated"),
            "received": one.received,
            "followed": one.followed,
            "share": _written(rules.share(one.followed, one.received), "share"),
            "overdue": one.overdue,
            "median": _written(one.days.median if one.days else None, "days"),
            "p90": _written(one.days.p90 if one.days else None, "days"),
            "received_url": asked.link("received", one.key),
            "left_url": asked.link("not_followed", one.key),
            "left": one.received - one.followed,
            "overdue_url": asked.link("overdue", one.key),
        }
        for one in found
    ]


def _names_of_keys(keys: list[str], asked: _Asked) -> dict[str, str]:
    if asked.dimension == "hamlet":
        return counts.hamlet_names(key for key in keys if key)
    return portal_figures.names_of(asked.dimension, keys)


def _figure_words(figure: str) -> str:
    own = {
        "followed": _("followed up"),
        "not_followed": _("not followed up yet"),
        "rated": _("rated"),
        "unsatisfied": _("rated 1 or 2"),
    }
    measure = rules.MEASURES.get(figure, rules.MEASURES["received"])
    return own.get(figure) or _(measure.name)


def _csv(asked: _Asked, found: counts.Headline, rows: list[counts.Group], at: datetime) -> HttpResponse:
    lines: list[list[Any]] = [
        [_("period"), asked.since.isoformat(), asked.until.isoformat()],
        [_("place"), region_queries.path_names(asked.region) or _("everything you may see"), ""],
        [],
    ]
    lines += [
        [_(measure.name), _written(found.value(key), measure.form), _(measure.meaning)]
        for key, measure in rules.MEASURES.items()
    ]
    lines += [
        [],
        [
            _(rules.DIMENSIONS[asked.dimension]),
            _("received"),
            _("followed up"),
            _("share"),
            _("overdue and open"),
            _("days in the middle"),
            _("days for nine in ten"),
        ],
    ]
    lines += [
        [
            row["name"],
            row["received"],
            row["followed"],
            row["share"],
            row["overdue"],
            row["median"],
            row["p90"],
        ]
        for row in _rows(rows, asked)
    ]
    head = [_("as of"), when.format_moment(at, asked.zone.key, portal_words.language())]
    return watch.as_csv(f"simpul-angka-{at:%Y%m%d}.csv", head, lines)
