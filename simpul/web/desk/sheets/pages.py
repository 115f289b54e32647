"""Field sheets: which are out, a new one, and the paper itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.cases.queries import receipts
from simpul.outreach import access
from simpul.outreach.actions import papering
from simpul.outreach.queries import doors, papers
from simpul.outreach.rules import papers as rules
from simpul.programmes.queries import goods
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.outreach import shared as outreach_shared
from simpul.web.desk.sheets import forms
from simpul.web.policy import Request, officer

HERE = "desk_sheets"
TONES = {"printed": "warn", "finished": "good", "void": ""}


@officer("sheet.print")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Sheets that are out, then the entered ones; a code from a paper opens its sheet."""
    said = request.GET.get("kode", "").strip()
    found = papers.find(request.by, said) if said else None
    if found is not None:
        sheet, position = found
        return redirect(f"{reverse('desk_sheet', args=[sheet.id])}{f'#b-{position}' if position else ''}")
    number = reading.page_number(request.GET.get("page", ""))
    rows, more = papers.listed(request.by, page=number)
    paths = region_queries.paths({one.region_code for one in rows})
    context = {
        "rows": [_row(one, paths) for one in rows],
        "said": said,
        "older_url": f"?page={number + 1}" if more else "",
        "newer_url": f"?page={number - 1}" if number > 1 else "",
    }
    return frame.show(request, "desk/sheets/list.html", context, here=HERE)


def _row(sheet: Any, paths: dict[str, str]) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "code": rules.shown(sheet.code),
        "url": reverse("desk_sheet", args=[sheet.id]),
        "kind": _(rules.KINDS[sheet.kind]),
        "state": _(rules.STATES[sheet.state]),
        "tone": TONES[sheet.state],
        "place": paths.get(sheet.region_code, sheet.region_code).split(",", maxsplit=1)[0],
        "when": words.moment(sheet.printed_at, sheet.region_code),
        "done": sheet.count - sheet.left,
    }


@officer("sheet.print")
def new(request: Request) -> HttpResponseBase:
    """Choose what shall be printed."""
    place = outreach_shared.place(request)
    post = request.POST if request.method == "POST" else None
    first = {"kind": request.GET.get("jenis", ""), "stop": request.GET.get("singgah", "")}
    form = forms.SheetForm(post, initial=first, by=request.by, village=place.code) if place.code else None
    if form is not None and form.is_valid():
        made: list[Any] = []
        given = form.cleaned_data
        wanted = papering.Wanted(
            kind=given["kind"],
            title=given["title"],
            household_ids=_households(request, place.code, given) if given["kind"] == "visits" else (),
            lines=given["lines"] or 0,
            round_id=reading.key(given["round"]),
            hamlet_id=reading.key(given["hamlet"]),
            stop_id=reading.key(given["stop"]),
        )

        def act() -> None:
            made.append(
                papering.print_sheet(by=request.by, at=timezone.now(), region_code=place.code, wanted=wanted)
            )

        if trying.run(form, act):
            return redirect("desk_sheet_print", sheet_id=made[0].id)
    status = 422 if form is not None and form.errors else 200
    context = {"form": form, "place": place}
    return frame.show(request, "desk/sheets/new.html", context, status=status, here=HERE)


def _households(request: Request, village: str, given: dict[str, Any]) -> list[UUID]:
    """The doors that need somebody most, as many as the sheet shall have rows."""
    most = given["lines"] or rules.MOST_ROWS
    today = outreach_shared.today(request)
    found = doors.of_hamlet(request.by, village, today, reading.key(given["hamlet"]), limit=most)
    return [one.household.id for one in found]


def sheet_or_404(request: Request, sheet_id: UUID) -> Any:
    """The sheet, if this seat may see it."""
    return trying.found(access.sheet_for, request, sheet_id)


@officer("sheet.print")
@require_GET
def paper(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """The paper: rows with their squares, blank lines, slips to tear off; at the end the return sheet."""
    sheet = sheet_or_404(request, sheet_id)
    rows = papers.rows(request.by, sheet)
    items = goods.items(sheet.round_id) if sheet.round_id else []
    if not rows:
        messages.error(request, _("This sheet has no rows any more."))
    context = {
        "sheet": sheet,
        "code": rules.shown(sheet.code),
        "qr_text": rules.qr_text(sheet.code),
        "kind": _(rules.KINDS[sheet.kind]),
        "place": region_queries.path_names(sheet.region_code),
        "printed": words.moment(sheet.printed_at, sheet.region_code),
        "items": items,
        "rows": [
            {
                "one": one,
                "qr": rules.qr_text(sheet.code, one.row.position),
                "amounts": [one.amounts.get(item.id, "") for item in items],
                "pin": receipts.derive(one.row.case_id, None, secret=False).pin if one.row.case_id else "",
            }
            for one in rows
        ],
    }
    return frame.show(request, "desk/sheets/paper.html", context, here=HERE)
