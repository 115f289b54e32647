"""What the address of a recap or a dashboard asks for: month, posyandu or area. What cannot be read is left at its first value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.desks import queries as desk_queries
from simpul.lib import small_cells, when
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import figures as figure_queries
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.web import reading
from simpul.web.desk import area, trying
from simpul.web.policy import Request
from simpul.web.portal import words as portal_words


class Asked:
    """Month and scope, and whether this seat sees names."""

    def __init__(self, request: Request, posyandu_id: UUID | None = None) -> None:
        given = request.GET
        self.by, self.at = request.by, timezone.now()
        self.named = figure_queries.may_name(request.by)
        wanted = posyandu_id or reading.key(given.get("posyandu", ""))
        self.posyandu: Any = trying.found(access.posyandu_for, request, wanted) if wanted else None
        self.area = area.read(request.by, given.get("wilayah", ""))
        self.region = self._region()
        self.today = self.at.astimezone(desk_queries.zone_of(self.region)).date()
        self.month = self._month(given.get("bulan", ""))
        self.scope = queries.Scope(self.region, self.posyandu.id if self.posyandu else None)

    def _region(self) -> str:
        """The posyandu's village, the area that was typed, or the area of the seat. Another's area is not found."""
        if self.posyandu is not None:
            return self.posyandu.region_code
        code = self.area.code or self.by.served_areas[0]
        if not self.by.serves(code):
            raise Http404
        return code

    def _month(self, typed: str) -> date:
        now = rules.first_of(self.today)
        return min(rules.read_month(typed) or now, now)

    @property
    def whole(self) -> bool:
        """Whether this is the seat's own area as a whole: what leaves no neighbour to subtract."""
        return self.posyandu is None and self.region in self.by.served_areas

    @property
    def is_now(self) -> bool:
        """Whether the month is the running one."""
        return self.month == rules.first_of(self.today)

    def blind(self) -> frozenset[str]:
        """Figures that the tables of wider areas hide from this seat."""
        if self.named or self.whole:
            return frozenset()
        return figure_queries.hidden_above(self.by, self.region, self.month)

    def kept(self, **more: str) -> dict[str, str]:
        """What the address keeps, for links and forms."""
        found = {"bulan": rules.written(self.month)}
        if self.posyandu is not None:
            found["posyandu"] = str(self.posyandu.id)
        else:
            found["wilayah"] = self.region
        return {**found, **more}

    def months(self) -> list[tuple[str, str]]:
        """Months to choose from: the last 36, the newest first."""
        now = rules.first_of(self.today)
        wanted = {self.month, *rules.span(now, rules.MOST_MONTHS)}
        return [(rules.written(one), month_words(one)) for one in sorted(wanted, reverse=True)]


def month_words(month: date) -> str:
    """ "November 2026"."""
    return when.format_month(month, portal_words.language())


def percent(rate: rules.Rate | None) -> str:
    """ "80,0 %"; a dash when there is nobody or nothing may be told."""
    if rate is None or rate.permille is None:
        return "–"
    return portal_words.percent_words(rate.permille)


HIDDEN = "✱"
"""Stands in place of a number that is hidden; the legend of each page says why."""


def share(rate: rules.Rate | None, *, hidden: bool, band: int | None = None) -> str:
    """A share; where it is hidden its band, if that may be told, else the sign of what is hidden."""
    if not hidden:
        return percent(rate)
    return HIDDEN if band is None else portal_words.band_words(band)


def hidden_note() -> str:
    """Why a number is hidden, in a few words."""
    return _("hidden: fewer than %(n)s people, or fewer than %(n)s left over") % {"n": small_cells.SMALL}


def rate_rows(
    rates: tuple[rules.Rate, ...],
    translate: Any,
    *,
    hide: bool,
    protect: Any,
    bands: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Rates in words, with their targets and how sure these are; a hidden one with its band or with the reason."""
    rows = []
    for one in rates:
        shown = protect(one, hide=hide)
        hidden = hide and shown is None and bool(one.out_of)
        tone = {True: "good", False: "bad"}.get(one.reached, "") if shown and one.reached is not None else ""
        rows.append(
            {
                "figure": one.figure,
                "short": "/".join(part.upper() for part in one.figure.split("_")),
                "words": translate(one.words),
                "percent": share(shown, hidden=hidden, band=(bands or {}).get(one.figure)),
                "hidden": hidden_note() if hidden else "",
                "counted": shown.counted if shown else None,
                "out_of": shown.out_of if shown else None,
                "left": one.out_of - one.counted if shown else None,
                "target": one.target,
                "tone": tone,
            }
        )
    return rows


def maybe(name: str, *args: Any) -> str:
    """The address of another part's page, or "" while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
