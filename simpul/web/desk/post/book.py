"""The guest book: found by words and days, corrected, printed in its columns (400.10.1.2), as a file."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.village_post.actions import guests as actions
from simpul.village_post.queries import guests as queries
from simpul.village_post.rules import guests as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.post import forms, shared, visits
from simpul.web.policy import Request, officer

HERE = "desk_post_book"
COLUMNS = (
    *("nomor", "tanggal", "nama", "jenis_kelamin", "alamat", "lembaga", "telepon", "keperluan", "bertemu"),
    *("orang", "masuk", "keluar", "di_luar_jam", "kepuasan", "saran"),
)
READING = ("visitor.change", "visitor.blank")


def _filters(request: Request) -> tuple[queries.Filters, dict[str, str]]:
    form = forms.BookForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    kept = {
        name: request.GET[name][:100]
        for name in ("kata", "dari", "sampai", "ditarik")
        if request.GET.get(name)
    }
    return (
        queries.Filters(
            words=given.get("kata") or "",
            first=given.get("dari"),
            last=given.get("sampai"),
            taken_back=bool(request.GET.get("ditarik")),
            page=reading.page_number(request.GET.get("page", "")),
        ),
        kept,
    )


@officer(*READING)
@require_GET
def book(request: Request) -> HttpResponseBase:
    """The book, newest first."""
    post = shared.post_or_404(request)
    filters, kept = _filters(request)
    page = queries.book(request.by, post, filters)
    context = {
        "rows": [_row(one) for one in page.rows],
        "total": page.total,
        "filters": {name: request.GET.get(name, "")[:100] for name in ("kata", "dari", "sampai")},
        "filtered": bool(kept),
        "query": urlencode(kept),
        "days": post.visitor_days,
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(request, post, "desk/post/book.html", HERE, context)


def _row(one: Any) -> dict[str, Any]:
    return {
        "one": one,
        "number": f"{one.number}/{one.year}",
        "day": words.day(one.day),
        "came": shared.clock(one.came_at, one.region_code),
        "left": shared.clock(one.left_at, one.region_code),
        "sex": _(rules.SEXES[one.sex]) if one.sex else "",
        "face": rules.RATINGS[one.rating][0] if one.rating else "",
        "face_words": _(rules.RATINGS[one.rating][1]) if one.rating else "",
        "url": reverse("desk_post_visitor", args=[one.id]),
        "flags": bool(one.flags),
    }


@officer("visitors.export")
@require_GET
def paper(request: Request) -> HttpResponseBase:
    """The book on A4 across, in its official columns, with the lines for both signatures."""
    post = shared.post_or_404(request)
    filters, _kept = _filters(request)
    found = queries.lines(request.by, post, filters)
    _note(request, "paper", len(found), post)
    context = {
        "rows": [_row(one) for one in found],
        "first": words.day(filters.first),
        "last": words.day(filters.last),
        "institution": desk_queries.institution().name,
    }
    return shared.show(request, post, "desk/post/book_print.html", HERE, context)


@officer("visitors.export")
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The same lines as CSV, with numbers a spreadsheet cannot run."""
    post = shared.post_or_404(request)
    filters, _kept = _filters(request)
    found = queries.lines(request.by, post, filters)
    _note(request, "csv", len(found), post)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="buku-tamu-{timezone.now():%Y%m%d}.csv"'
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    sheet.writerow(COLUMNS)
    for one in found:
        row = _row(one)
        cells = [
            row["number"],
            one.day.isoformat(),
            one.name,
            row["sex"],
            one.address,
            one.institution,
            one.phone,
        ]
        cells += [one.purpose, one.met, one.people, row["came"], row["left"]]
        cells += ["ya" if one.outside_hours else "tidak", one.rating or "", one.words]
        sheet.writerow([text.neutralise_cell(cell) for cell in cells])
    return answer


def _note(request: Request, what: str, lines: int, post: Any) -> None:
    """That a list of names left the screen is written down."""
    actions.export_visitors(by=request.by, at=timezone.now(), post_id=post.id, what=what, lines=lines)


@officer("visitor.change")
def visitor(request: Request, visitor_id: UUID) -> HttpResponseBase:
    """One line: correct it, take it back, put it back, or remove its name at the visitor's wish."""
    found = visits.visitor_or_404(request, visitor_id)
    first = {name: getattr(found, name) for name in forms.VisitorForm.base_fields if hasattr(found, name)}
    form = forms.VisitorForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_visitor(
            by=request.by, at=timezone.now(), visitor_id=visitor_id, guest=form.guest()
        ),
    ):
        messages.success(request, _("Corrected."))
        return redirect(HERE)
    context = {
        "visitor": found,
        "row": _row(found),
        "form": form,
        "may_blank": shared.may(request, "visitor.blank", found) and found.blanked_at is None,
    }
    return shared.show(
        request, found.post, "desk/post/visitor.html", HERE, context, 422 if form.errors else 200
    )


@officer("visitor.withdraw", "visitor.blank")
@require_POST
def act(request: Request, visitor_id: UUID, step: str) -> HttpResponseBase:
    """Take a line back, put it back, remove its name."""
    steps = {
        "tarik": actions.withdraw_visitor,
        "pulihkan": actions.restore_visitor,
        "hapus-nama": actions.blank_visitor,
    }
    if step not in steps:
        raise Http404
    return trying.attempt(
        request,
        lambda: steps[step](by=request.by, at=timezone.now(), visitor_id=visitor_id),
        reverse("desk_post_visitor", args=[visitor_id]),
    )
