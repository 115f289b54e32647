"""What was said about the rows of a list: on a page, and as a sheet to correct and send again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from simpul.journal import actions as journal_actions
from simpul.people.queries import imports as queries
from simpul.web.desk import frame, trying
from simpul.web.desk.imports import pages
from simpul.web.policy import Request, officer

PER_PAGE = 50


@officer("batch.open")
@require_GET
def listed(request: Request, batch_id: UUID) -> HttpResponseBase:
    """Faults and remarks, row by row; ``?hanya=ditolak`` leaves the refused rows alone."""
    batch = _batch(request, batch_id)
    only = request.GET.get("hanya") == "ditolak"
    page = Paginator(queries.faults(batch, refused=True if only else None), PER_PAGE).get_page(
        request.GET.get("page")
    )
    language = get_language() or "id"
    rows = []
    for fault in page:
        wrong, to_do = queries.in_words(fault)
        label = queries.label(batch.kind, fault.field, language) if fault.field else ""
        rows.append({"fault": fault, "field": label, "wrong": wrong, "to_do": to_do})
    context = {"batch": batch, "rows": rows, "page": page, "only": only}
    return frame.show(request, "desk/imports/faults.html", context, here=pages.HERE)


@officer("batch.open")
@require_GET
def sheet(request: Request, batch_id: UUID) -> HttpResponseBase:
    """The rows concerned with their own columns, what is wrong and what to do. Who took it stands in the journal."""
    batch = _batch(request, batch_id)
    rows = queries.faults_sheet(batch, get_language() or "id")
    first = next(rows, [])  # a file whose time is over is found missing here, before anything is sent
    journal_actions.record_view(
        by=request.by, at=timezone.now(), subject_kind="batch", subject_id=batch.id, why="catatan.csv"
    )
    answer = StreamingHttpResponse(_lines(first, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="catatan-{batch.id}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, words: str) -> str:
        """The line itself."""
        return words


def _lines(first: list[Any], rows: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield str(writer.writerow(first))
    for row in rows:
        yield str(writer.writerow(row))


def _batch(request: Request, batch_id: UUID) -> Any:
    return trying.found(queries.batch_for, request, batch_id)
