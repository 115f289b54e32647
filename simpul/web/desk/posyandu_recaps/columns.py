"""``/meja/posyandu-rekap/kolom/``: the village's monthly sheet, column by column, on the screen, on paper and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.posyandu.queries import recap_rules
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, month_words
from simpul.web.policy import Request, officer

READING = ("posyandu.read",)
HIDDEN = "–"


class _Sheet:
    """The sheet of one village: a row for each posyandu, and the sum. Small cells are hidden from seats that may not see names."""

    def __init__(self, asked: Asked) -> None:
        self.sheet = rules.sheet_of(recap_rules.sheets(), asked.month)
        scope = queries.Scope(asked.region)
        self.posyandu = queries.posyandus(asked.by, scope) if len(asked.region) == 10 else []
        tallies: queries.Tallies = queries.count(scope, asked.month) if self.posyandu else {}
        self.rows: list[list[str | int]] = [[] for _row in self.posyandu]
        self.total: list[str | int] = []
        none: Mapping[str, int] = {}
        counts = [(str(one.id), tallies.get(one.id, none)) for one in self.posyandu]
        self.children, self.children_total = shown.sexes(counts, hide=not asked.named)
        for column in self.sheet.columns:
            cells = self._column(column, asked, tallies)
            for row, cell in zip(self.rows, cells, strict=False):
                row.append(cell)

    def _column(self, column: rules.Column, asked: Asked, tallies: Any) -> list[str | int]:
        if column.is_text:
            self.total.append(_("all together") if not self.total else "")
            month = when.format_month(asked.month, "id")
            return [
                column.value({}, {"hamlet": _hamlet(one), "number": str(place), "month": month})
                for place, one in enumerate(self.posyandu, 1)
            ]
        cells, total = self._numbers(column, asked, tallies)
        self.total.append(HIDDEN if total is None else total)
        found: list[str | int] = []
        for one in self.posyandu:
            cell = cells[str(one.id)]
            found.append(HIDDEN if cell is None else cell)
        return found

    def _numbers(
        self, column: rules.Column, asked: Asked, tallies: Any
    ) -> tuple[Mapping[str, int | None], int | None]:
        if column.of_children and column.of_children[1] in self.children:
            name, sex = column.of_children
            return {key: row[name] for key, row in self.children[sex].items()}, self.children_total[sex][name]
        values = {str(one.id): int(column.value(tallies.get(one.id, {}), {})) for one in self.posyandu}
        whole = rules.PART_OF.get(column.formula)
        wholes = (
            {str(one.id): tallies.get(one.id, {}).get(whole, 0) for one in self.posyandu} if whole else None
        )
        return shown.column(values, hide=not asked.named, wholes=wholes)


def _hamlet(posyandu: Any) -> str:
    return f"{posyandu.hamlet.name} ({posyandu.name})" if posyandu.hamlet else str(posyandu.name)


def _context(asked: Asked) -> dict[str, Any]:
    found = _Sheet(asked)
    path = region_queries.path_names(asked.region).split(", ")
    return {
        "asked": asked,
        "area": asked.area,
        "sheet": found.sheet,
        "heads": found.sheet.heads,
        "columns": found.sheet.columns,
        "rows": found.rows,
        "total": found.total,
        "place": ", ".join(path),
        "village": path[0],
        "district": path[1] if len(path) > 1 else "",
        "month": month_words(asked.month),
        "hides": not asked.named,
        "kept": asked.kept(),
        "is_village": len(asked.region) == 10,
    }


@officer(*READING)
@require_GET
def sheet(request: Request) -> HttpResponseBase:
    """The sheet on the screen."""
    asked = Asked(request)
    query = urlencode(asked.kept())
    context = {
        **_context(asked),
        "tabs": blocks.tabs(asked, "columns"),
        "steps": blocks.steps(asked),
        "print_url": f"{reverse('desk_posyandu_columns_print')}?{query}",
        "csv_url": f"{reverse('desk_posyandu_columns_csv')}?{query}",
    }
    return frame.show(request, "desk/posyandu_recaps/columns.html", context, here=blocks.NAV)


@officer(*READING)
@require_GET
def printed(request: Request) -> HttpResponseBase:
    """The sheet on A4 across with its columns' numbers and signature lines."""
    asked = Asked(request)
    context = {
        **_context(asked),
        "month": when.format_month(asked.month, "id"),
        "day": when.format_date(asked.today, "id"),
        "back": f"{reverse('desk_posyandu_columns')}?{urlencode(asked.kept())}",
    }
    return frame.show(request, "desk/posyandu_recaps/columns_print.html", context, here=blocks.NAV)


@officer(*READING)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The sheet as CSV."""
    asked = Asked(request)
    found = _Sheet(asked)
    head = [f"{one.group}: {one.label}" if one.group else one.label for one in found.sheet.columns]
    name = f"rekap-kolom-{asked.region}-{rules.written(asked.month)}.csv"
    return watch.as_csv(name, head, [*found.rows, found.total] if found.rows else [])
