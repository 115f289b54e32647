"""``/meja/posyandu-rekap/kolom/``: the village's monthly sheet, column by column, on the screen, on paper and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.posyandu.queries import recap_rules
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_sheet as sheet_rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import HIDDEN, Asked, month_words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

READING = ("posyandu.read",)
NOT_ASKED = "–"
"""Stands in a column about which no card asks: a nought would say that it was asked."""


class _Sheet:
    """The sheet of one village: a row for each posyandu, and the sum. Small cells are hidden from seats that may not see names."""

    def __init__(self, asked: Asked, language: str) -> None:
        self.language = language
        self.sheet = sheet_rules.sheet_of(recap_rules.sheets(), asked.month)
        scope = queries.Scope(asked.region)
        self.posyandu = queries.posyandus(asked.by, scope) if len(asked.region) == 10 else []
        tallies: queries.Tallies = queries.count(scope, asked.month) if self.posyandu else {}
        self.rows: list[list[str | int]] = [[] for _row in self.posyandu]
        self.total: list[str | int] = []
        none: Mapping[str, int] = {}
        counts = [(str(one.id), tallies.get(one.id, none)) for one in self.posyandu]
        self.children, self.children_total = shown.sexes(counts, hide=not asked.named, blind=asked.blind())
        for column in self.sheet.columns:
            cells = self._column(column, asked, tallies)
            for row, cell in zip(self.rows, cells, strict=False):
                row.append(cell)

    def _column(self, column: sheet_rules.Column, asked: Asked, tallies: Any) -> list[str | int]:
        if column.is_unasked:
            self.total.append(NOT_ASKED)
            return [NOT_ASKED for _one in self.posyandu]
        if column.is_text:
            self.total.append(_("all together") if not self.total else "")
            month = when.format_month(asked.month, self.language)
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
        self, column: sheet_rules.Column, asked: Asked, tallies: Any
    ) -> tuple[Mapping[str, int | None], int | None]:
        if column.of_children and column.of_children[1] in self.children:
            name, sex = column.of_children
            return {key: row[name] for key, row in self.children[sex].items()}, self.children_total[sex][name]
        if column.formula in sheet_rules.ADD_UP:
            both = {one: self._protected(one, asked, tallies) for one in sheet_rules.ADD_UP}
            return shown.alike(both)[column.formula]
        return self._protected(column.formula, asked, tallies)

    def _protected(
        self, formula: str, asked: Asked, tallies: Any
    ) -> tuple[Mapping[str, int | None], int | None]:
        values = {str(one.id): sheet_rules.summed(formula, tallies.get(one.id, {})) for one in self.posyandu}
        whole = sheet_rules.PART_OF.get(formula)
        wholes = (
            {str(one.id): tallies.get(one.id, {}).get(whole, 0) for one in self.posyandu} if whole else None
        )
        return shown.column(values, hide=not asked.named, wholes=wholes)


def _hamlet(posyandu: Any) -> str:
    return f"{posyandu.hamlet.name} ({posyandu.name})" if posyandu.hamlet else str(posyandu.name)


def _heads(sheet: sheet_rules.Sheet, language: str) -> list[dict[str, Any]]:
    """The upper row of heads; a column that stands alone has its own head there, two rows high."""
    found: list[dict[str, Any]] = []
    place = 0
    for group, span in sheet.heads(language):
        words = group or sheet.columns[place].heads(language)[1]
        found.append({"words": words, "span": span, "alone": not group, "text": sheet.columns[place].is_text})
        place += span
    return found


def _longest(words: str) -> int:
    """Letters of the longest word: a head above few columns that is longer than they are wide asks for wider ones."""
    return max(len(word) for word in words.split())


def _context(asked: Asked, language: str) -> dict[str, Any]:
    found = _Sheet(asked, language)
    title, source = found.sheet.words(language)
    wide = {group for group, span in found.sheet.heads(language) if group and _longest(group) > 4 * span}
    path = region_queries.path_names(asked.region).split(", ")
    return {
        "asked": asked,
        "area": asked.area,
        "sheet": found.sheet,
        "language": language,
        "title": title,
        "source": source,
        "heads": _heads(found.sheet, language),
        "columns": [
            {
                "group": group,
                "label": label,
                "formula": one.formula,
                "unasked": one.is_unasked,
                "wide": group in wide,
            }
            for one in found.sheet.columns
            for group, label in [one.heads(language)]
        ],
        "unasked": ", ".join(" ".join(one.heads(language)) for one in found.sheet.columns if one.is_unasked),
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
        **_context(asked, portal_words.language()),
        "tabs": blocks.tabs(asked, "columns"),
        "steps": blocks.steps(asked),
        "print_url": f"{reverse('desk_posyandu_columns_print')}?{query}",
        "csv_url": f"{reverse('desk_posyandu_columns_csv')}?{query}",
    }
    return frame.show(request, "desk/posyandu_recaps/columns.html", context, here=blocks.NAV)


@officer(*READING)
@require_GET
def printed(request: Request) -> HttpResponseBase:
    """The sheet on A4 across with its columns' numbers and signature lines: the official form, in Indonesian."""
    asked = Asked(request)
    with translation.override("id"):
        found = _context(asked, "id")
    context = {
        **found,
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
    language = portal_words.language()
    found = _Sheet(asked, language)
    heads = [one.heads(language) for one in found.sheet.columns]
    head = [f"{group}: {label}" if group else label for group, label in heads]
    name = f"rekap-kolom-{asked.region}-{rules.written(asked.month)}.csv"
    return watch.as_csv(name, head, [*found.rows, found.total] if found.rows else [])
