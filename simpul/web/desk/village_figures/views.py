"""``/meja/angka-desa/``: what the post did in a period, beside the period before it; each figure with what it means."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.regions import queries as region_queries
from simpul.reports import rules
from simpul.reports.queries import village as queries
from simpul.web.desk import area, frame, words
from simpul.web.desk.village_figures import shown
from simpul.web.policy import Request, officer

HERE = "desk_village_figures"
READING = ("labour.record", "export.record", "case.verify")
LONGEST = 3 * 366


class _Asked:
    """What the address asks; what cannot be read is left at its first value: this month until today, the seat's area."""

    def __init__(self, request: Request) -> None:
        given = request.GET
        zone = desk_queries.zone_of(request.by.served_areas[0])
        today = timezone.now().astimezone(zone).date()
        self.area = area.read(request.by, given.get("wilayah", ""))
        self.region = self.area.code or request.by.served_areas[0]
        self.since = _day(given.get("dari", "")) or today - timedelta(days=89)
        self.until = min(_day(given.get("sampai", "")) or today, today)
        if self.since > self.until or (self.until - self.since).days > LONGEST:
            self.since = self.until - timedelta(days=89)

    @property
    def before(self) -> tuple[date, date]:
        """The period of the same length before it."""
        length = self.until - self.since
        end = self.since - timedelta(days=1)
        return end - length, end


def _day(typed: str) -> date | None:
    try:
        found = parse_date(typed)
    except ValueError:
        return None
    return found if found and found.year > 1990 else None


def _found(request: Request, asked: _Asked, since: date, until: date) -> queries.Village:
    """The figures; small groups are hidden from seats that keep no book of the post."""
    found = queries.figures(asked.region, since, until)
    return found if _keeps(request) else queries.protected(found)


def _keeps(request: Request) -> bool:
    return roles.may_somewhere(request.by, "labour.record")


@officer(*READING)
@require_GET
def figures(request: Request) -> HttpResponseBase:
    """The page: sections of figures, letters by kind and hour, waste by kind."""
    asked = _Asked(request)
    found = _found(request, asked, asked.since, asked.until)
    earlier = _found(request, asked, *asked.before)
    context = {
        "area": asked.area,
        "place": region_queries.path_names(asked.region),
        "since": asked.since,
        "until": asked.until,
        "period": f"{words.day(asked.since)} – {words.day(asked.until)}",
        "before": " – ".join(words.day(day) for day in asked.before),
        "sections": shown.sections(found, earlier),
        "by_type": shown.bars(found.letters_by_type),
        "by_hour": shown.hours(found.letters_by_hour, found.served_by_hour),
        "by_kind": shown.weights(found.waste_by_kind),
        "hides": not _keeps(request),
        "kept": {"wilayah": asked.region, "dari": asked.since.isoformat(), "sampai": asked.until.isoformat()},
    }
    return frame.show(request, "desk/village_figures/page.html", context, here=HERE)


@officer(*READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """Every figure with its meaning, unit, period and area, as CSV."""
    asked = _Asked(request)
    found = _found(request, asked, asked.since, asked.until)
    out = StringIO()
    rows: Any = csv.writer(out)
    rows.writerow(["section", "figure", "value", "unit", "meaning", "region", "from", "until"])
    for key, figure in rules.VILLAGE.items():
        value = found.values[key]
        cell = "<5" if key in found.hidden else "" if value is None else value
        line = [
            figure.section,
            key,
            cell,
            figure.unit,
            _(figure.meaning),
            asked.region,
            asked.since,
            asked.until,
        ]
        rows.writerow([text.neutralise_cell(one) for one in line])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"angka-desa-{asked.region}-{asked.since}-{asked.until}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
