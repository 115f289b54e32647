"""A list of e-PPGBM beside ours: which way of counting ages it follows, which classes differ, and whose."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from simpul.journal import actions as journal_actions
from simpul.posyandu.access import exchange as access
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import eppgbm as rules
from simpul.web import reading
from simpul.web.desk import frame, trying, watch, words
from simpul.web.desk.posyandu_exchange import pages
from simpul.web.policy import Request, officer

PAGE = 50
INDEX_WORDS = {
    "bb_u": gettext_noop("Weight for age (BB/U)"),
    "tb_u": gettext_noop("Height for age (TB/U)"),
    "bb_tb": gettext_noop("Weight for height (BB/TB)"),
}
METHOD_WORDS = {
    "who-day": gettext_noop("The printed scores follow WHO's way: age in days."),
    "pmk-month": gettext_noop("The printed scores follow the regulation's way: age in completed months."),
    "": gettext_noop("The printed scores do not tell which way of counting ages was used."),
}


def _class(index: str, code: Any) -> str:
    """A class in the words of the sheet itself; what is no class of ours stays as it was written."""
    if code == rules.OUTLIER:
        return "Outlier"
    return rules.WORDS[index].get(str(code or ""), str(code or _("no class")))


@officer("examination.read")
@require_GET
def one(request: Request, batch_id: UUID) -> HttpResponseBase:
    """The report of one list."""
    batch = trying.found(access.batch_for, request, batch_id)
    rows = access.comparisons(request.by, batch)
    index = request.GET.get("indeks", "")
    shown = rows.filter(different=True)
    if index in rules.INDICES:
        shown = _of(shown, index)
    number = reading.page_number(request.GET.get("page", ""))
    total = shown.count()
    method = queries.method(request.by, batch)
    context = {
        "batch": batch,
        "all": rows.count(),
        "different": rows.filter(different=True).count(),
        "method": method,
        "method_words": _(METHOD_WORDS[method.likely]),
        "tables": [_table(name, counted) for name, counted in queries.tally(request.by, batch).items()],
        "rows": [_row(row) for row in shown[(number - 1) * PAGE : number * PAGE]],
        "total": total,
        "index": index,
        "indices": [(code, _(said)) for code, said in INDEX_WORDS.items()],
        "older_url": f"?indeks={index}&page={number + 1}" if number * PAGE < total else "",
        "newer_url": f"?indeks={index}&page={number - 1}" if number > 1 else "",
    }
    return frame.show(request, "desk/posyandu_exchange/differences.html", context, here=pages.HERE)


def _of(rows: Any, index: str) -> Any:
    """Rows that differ in one index; both databases read a JSON list as text."""
    return rows.filter(differs__icontains=f'"{index}"')


def _table(index: str, counted: Any) -> dict[str, Any]:
    theirs = sorted({pair[0] for pair in counted}, key=lambda code: _order(index, code))
    ours = sorted({pair[1] for pair in counted}, key=lambda code: _order(index, code))
    return {
        "name": _(INDEX_WORDS[index]),
        "heads": [_class(index, code) for code in ours],
        "rows": [
            {
                "name": _class(index, code),
                "cells": [
                    {"n": counted.get((code, mine), 0), "differs": bool(code and mine) and code != mine}
                    for mine in ours
                ],
            }
            for code in theirs
        ],
    }


def _order(index: str, code: str) -> tuple[int, str]:
    known = list(rules.WORDS[index])
    return (known.index(code), "") if code in known else (len(known), code)


def _row(row: Any) -> dict[str, Any]:
    line = row.examination
    return {
        "row": row.row,
        "name": line.person.full_name,
        "url": reverse("desk_posyandu_person", args=[line.participant_id]),
        "posyandu": line.posyandu.name,
        "day": words.day(line.date),
        "pairs": [
            {
                "name": _(INDEX_WORDS[index]),
                "theirs": _class(index, row.theirs.get(index)),
                "ours": _class(index, row.ours.get(index)),
                "their_z": _score(row.theirs.get(score)),
                "our_z": _score(row.ours.get(f"{score}_m")),
                "day_z": _score(row.ours.get(score)),
            }
            for index, (score, _field) in rules.INDICES.items()
            if index in row.differs
        ],
    }


def _score(hundredths: Any) -> str:
    """A score in the reader's way of writing numbers, with a true minus."""
    if hundredths is None:
        return ""
    return number_format(Decimal(hundredths) / 100, 2).replace("-", "\u2212")


@officer("export.record")
@require_POST
def export(request: Request, batch_id: UUID) -> HttpResponseBase:
    """Every row of the list with both judgements, as CSV."""
    batch = trying.found(access.batch_for, request, batch_id)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        messages.error(request, _("Write what the file is for; it is written down with your name."))
        return redirect("desk_posyandu_differences", batch_id=batch.id)
    rows = access.comparisons(request.by, batch).filter(examination__person__restricted_at=None)
    lines = []
    for row in rows.iterator(chunk_size=2000):
        line = row.examination
        cells: list[Any] = [row.row, line.person.full_name, line.posyandu.name, line.date.isoformat()]
        for index, (score, _field) in rules.INDICES.items():
            cells += [
                _class(index, row.theirs.get(index)),
                rules.z_number(row.theirs.get(score)),
                _class(index, row.ours.get(index)),
                rules.z_number(row.ours.get(f"{score}_m")),
                rules.z_number(row.ours.get(score)),
                _("yes") if index in row.differs else "",
            ]
        lines.append(cells)
    journal_actions.record_export(
        by=request.by, at=timezone.now(), what="eppgbm-beda", rows=len(lines), purpose=purpose
    )
    head = [_("Row"), _("Name"), _("Posyandu"), _("Day")]
    for short in ("BB/U", "TB/U", "BB/TB"):
        head += [
            f"{short} e-PPGBM",
            f"ZS {short} e-PPGBM",
            short,
            f"ZS {short} ({_('months')})",
            f"ZS {short} ({_('days')})",
            f"{short} {_('differs')}",
        ]
    return watch.as_csv(f"beda-eppgbm-{batch.started_at:%Y%m%d}.csv", head, lines)
