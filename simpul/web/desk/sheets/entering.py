"""Entering a sheet: every row of the paper is a row of the page; what was entered stays, what is refused says why beside its row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.cases.actions import intake
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.lib import media
from simpul.lib.errors import NotFound, Refused
from simpul.outreach.actions import papering, stopping, visiting
from simpul.outreach.queries import papers
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import papers as rules
from simpul.programmes.actions import delivering
from simpul.programmes.queries import goods
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.upkeep.queries import files as file_queries
from simpul.web.desk import frame, trying, words
from simpul.web.desk.sheets import forms, pages
from simpul.web.forms import choices
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

LARGEST_PHOTO = 12 * 1024 * 1024


class RowUnreadable(Refused):
    """Something on the row is no number or no time."""

    code = "sheet.row_unreadable"
    sentence = _("Write the amount as a number and the time as 14:30.")


@officer("row.enter")
def grid(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """The rows of a sheet, to be typed from the paper."""
    sheet = pages.sheet_or_404(request, sheet_id)
    faults: dict[int, str] = {}
    if request.method == "POST":
        faults, done = _save(request, sheet)
        if done:
            said = ngettext("%(n)s row was entered.", "%(n)s rows were entered.", done) % {"n": done}
            messages.success(request, said)
        if not faults:
            return redirect("desk_sheet", sheet_id=sheet.id)
    rows = papers.rows(request.by, sheet)
    items = _items(sheet)
    left = rules.left_open(one.row.state for one in rows)
    zone = desk_queries.zone_of(sheet.region_code)
    context = {
        "sheet": sheet,
        "code": rules.shown(sheet.code),
        "kind": _(rules.KINDS[sheet.kind]),
        "state": _(rules.STATES[sheet.state]),
        "tone": pages.TONES[sheet.state],
        "printed": words.moment(sheet.printed_at, sheet.region_code),
        "day": request.POST.get("hari") or sheet.printed_at.astimezone(zone).date().isoformat(),
        "rows": [_shown(request, sheet, one, items, faults) for one in rows],
        "items": items,
        "left": left,
        "done": len(rows) - left,
        "total": len(rows),
        "outcomes": choices.pairs(_outcomes(sheet.kind)),
        "receivers": choices.pairs(delivery_rules.RECEIVERS),
        "kinds": _kinds() if sheet.kind == "cases" else [],
        "end_form": forms.EndForm(),
        "open": sheet.state == "printed",
    }
    return frame.show(
        request, "desk/sheets/grid.html", context, status=422 if faults else 200, here=pages.HERE
    )


def _items(sheet: Any) -> list[Any]:
    return goods.items(sheet.round_id) if sheet.round_id else []


def _outcomes(kind: str) -> Mapping[str, Any]:
    return {"visits": door_rules.OUTCOMES, "deliveries": delivery_rules.OUTCOMES}.get(kind, {})


def _kinds() -> list[tuple[str, str]]:
    """Kinds of matters that a blank form can carry: those without questions that must be answered."""
    return [
        (one.code, portal_words.said(one, "name"))
        for one in kind_queries.kinds_active()
        if not any(field.get("required") for field in one.fields)
    ]


def _shown(
    request: Request, sheet: Any, one: papers.Row, items: list[Any], faults: Mapping[int, str]
) -> dict[str, Any]:
    position = one.row.position
    given = {
        name.partition("-")[0]: value
        for name, value in request.POST.items()
        if name.endswith(f"-{position}") and position in faults
    }
    outcome = _outcomes(sheet.kind).get(one.row.outcome, "")
    return {
        "one": one,
        "position": position,
        "given": given,
        "fault": faults.get(position, ""),
        "state": {"entered": _("entered"), "blank": _("blank"), "open": ""}[one.row.state],
        "outcome": _(outcome) if outcome else "",
        "amounts": [
            {
                "item": item,
                "name": f"jumlah{place}",
                "due": given.get(f"jumlah{place}", one.amounts.get(item.id, "")),
            }
            for place, item in enumerate(items)
        ],
    }


def _save(request: Request, sheet: Any) -> tuple[dict[int, str], int]:
    """Enter every row in which something stands; returns what was refused by row, and how many went in."""
    given = request.POST
    at = timezone.now()
    items = _items(sheet)
    faults: dict[int, str] = {}
    done = 0
    for one in papers.rows(request.by, sheet):
        position = one.row.position
        if one.row.state != "open":
            continue
        try:
            if given.get(f"kosong-{position}"):
                papering.skip_row(by=request.by, at=at, row_id=one.row.id)
                done += 1
            elif said := _said(sheet, one, given, items):
                moment = _moment(sheet, given, position, at)
                papering.enter_row(by=request.by, at=at, row_id=one.row.id, visited_at=moment, **said(moment))
                done += 1
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            faults[position] = str(refusal)
    return faults, done


def _moment(sheet: Any, given: Any, position: int, at: datetime) -> datetime:
    """When it happened by the paper: the day at the top, the time of the row or noon; never after now."""
    zone = desk_queries.zone_of(sheet.region_code)
    said_day, said_clock = given.get("hari", "").strip(), given.get(f"jam-{position}", "").strip()
    try:
        day = parse_date(said_day) if said_day else at.astimezone(zone).date()
        clock = parse_time(said_clock.replace(".", ":")) if said_clock else time(12)
    except ValueError:
        day = clock = None
    if day is None or clock is None:
        raise RowUnreadable
    return min(datetime.combine(day, clock, tzinfo=zone), at)


def _said(sheet: Any, one: papers.Row, given: Any, items: list[Any]) -> Any:
    """What stands on a row, as a function of the moment; nothing for a row that was left empty."""
    position = one.row.position

    def typed(name: str, most: int = 300) -> str:
        return str(given.get(f"{name}-{position}", "")).strip()[:most]

    if sheet.kind == "visits" and typed("hasil"):
        found = visiting.Found(
            outcome=typed("hasil"), spoke_to=typed("dengan", 150), words=typed("catatan", 2000)
        )
        return lambda _moment: {"found": found}
    if sheet.kind == "deliveries" and typed("hasil"):
        return lambda moment: {"delivery": _delivery(sheet, one, typed, moment, items)}
    if sheet.kind == "guests" and typed("nama"):
        guest = stopping.GuestSaid(
            name=typed("nama", 150), origin=typed("asal", 100), purpose=typed("perlu", 200)
        )
        return lambda _moment: {"guest": guest}
    if sheet.kind == "cases" and typed("kata", 5000):
        person = intake.PersonGiven(name=typed("nama", 150), phone=typed("hp", 40))
        matter = papering.Matter(kind_code=typed("jenis", 40), words=typed("kata", 5000), reporter=person)
        return lambda _moment: {"matter": matter}
    return None


def _delivery(
    sheet: Any, one: papers.Row, typed: Any, moment: datetime, items: list[Any]
) -> delivering.DeliveryGiven:
    lines: dict[UUID, Decimal] = {}
    for place, item in enumerate(items):
        said = typed(f"jumlah{place}").replace(",", ".")
        try:
            amount = Decimal(said) if said else Decimal(0)
        except InvalidOperation:
            raise RowUnreadable from None
        if amount and typed("hasil") == "delivered":
            lines[item.id] = amount
    return delivering.DeliveryGiven(
        outcome=typed("hasil"),
        delivered_at=moment,
        household_id=one.row.household_id,
        lines=lines,
        receiver=typed("penerima") or ("self" if lines else ""),
        receiver_name=typed("dengan", 150),
        proofs=("paper", "signature") if lines else ("paper",),
        words=typed("catatan", 500),
        trip_id=sheet.trip_id,
        stop_id=sheet.stop_id,
    )


@officer("sheet.photograph")
@require_POST
def photo(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """Keep the photo of the filled paper."""
    sheet = pages.sheet_or_404(request, sheet_id)
    sent = request.FILES.get("foto")
    if sent is None or (sent.size or 0) > LARGEST_PHOTO:
        messages.error(request, _("Choose a photo of at most 12 MB."))
        return redirect("desk_sheet", sheet_id=sheet.id)
    data, name, most = sent.read(), sent.name or "", settings.SIMPUL_MAX_FILE
    return trying.attempt(
        request,
        lambda: papering.photograph_sheet(
            by=request.by,
            at=timezone.now(),
            sheet_id=sheet.id,
            clean=media.inspect_and_clean(data, name, max_bytes=most),
        ),
        reverse("desk_sheet", args=[sheet.id]),
    )


@officer("row.enter")
@require_GET
def picture(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """The photo of the paper."""
    sheet = pages.sheet_or_404(request, sheet_id)
    if not sheet.photo_sha256:
        raise Http404
    data = file_queries.store().read(sheet.photo_sha256)
    return HttpResponse(data, content_type=sheet.photo_mime)


@officer("sheet.finish")
@require_POST
def finish(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """Finish the sheet."""
    sheet = pages.sheet_or_404(request, sheet_id)
    said = request.POST.get("words", "")
    return trying.attempt(
        request,
        lambda: papering.finish_sheet(by=request.by, at=timezone.now(), sheet_id=sheet.id, words=said),
        reverse("desk_sheet", args=[sheet.id]),
    )


@officer("sheet.void")
@require_POST
def void(request: Request, sheet_id: UUID) -> HttpResponseBase:
    """Declare the sheet void."""
    sheet = pages.sheet_or_404(request, sheet_id)
    said = request.POST.get("words", "")
    return trying.attempt(
        request,
        lambda: papering.void_sheet(by=request.by, at=timezone.now(), sheet_id=sheet.id, words=said),
        reverse("desk_sheet", args=[sheet.id]),
    )
