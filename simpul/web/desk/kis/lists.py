"""The lists: how far each has come, by hamlet and by facilitator; who goes where; the spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import kis as access
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis as queries
from simpul.programmes.rules import kis as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, frame, trying, watch, words
from simpul.web.desk.kis import forms, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

HERE = "desk_kis"


@officer(*shared.READING)
@require_GET
def overview(request: Request) -> HttpResponseBase:
    """Every list of the area and how far it has come; a facilitator goes straight to their doors."""
    if not shared.oversees(request):
        return redirect("desk_kis_doors")
    whole = queries.progress(request.by)
    found = queries.lists(request.by)
    places = region_queries.paths({group.region_code for group, _progress in found})
    context = {
        "tabs": shared.tabs(request, HERE),
        "whole": whole,
        "bars": bars(whole, ""),
        "gap": gap_words(whole),
        "lists": [_list_row(group, done, places) for group, done in found],
        "hamlets": parts(queries.by_hamlet(request.by)[:30], None),
        "facilitators": parts(queries.by_facilitator(request.by), None),
        "waits": _waits(request),
        "upload_url": upload_url(request),
    }
    return frame.show(request, "desk/kis/overview.html", context, here=HERE)


def upload_url(request: Request) -> str:
    """Where a list is taken in; "" for those who may not."""
    if not roles.may_somewhere(request.by, "batch.open"):
        return ""
    return f"{reverse('desk_imports_new')}?jenis=kis"


def gap_words(progress: queries.Progress) -> str:
    """The sentence that matters: how many were switched off, and for how many nobody has asked."""
    if not progress.listed:
        return ""
    return _(
        "%(off)s off, %(asked)s asked, %(restored)s active again: %(gap)s people still wait for somebody to come."
    ) % {
        "off": words_of(progress.listed),
        "asked": words_of(progress["asked"]),
        "restored": words_of(progress["restored"]),
        "gap": words_of(progress.waits),
    }


def words_of(number: int) -> str:
    """A number with points between the thousands."""
    return f"{number:,}".replace(",", ".")


def bars(progress: queries.Progress, base: str) -> list[tuple[Any, ...]]:
    """The way of a list as bars, each opening its cards."""
    link = f"{reverse('desk_kis_cards')}?{base}"
    asked = f"{link}&keadaan=" if base else f"{link}keadaan="
    return [
        (_("On the list"), progress.listed, ""),
        (_("Found in the register"), progress["matched"], ""),
        (_("Door visited"), progress["visited"], ""),
        (_("Asked for"), progress["asked"], f"{asked}asked"),
        (_("Proposed to Kemensos"), progress["proposed"], f"{asked}proposed"),
        (_("Card is active again"), progress["restored"], f"{asked}restored", "good"),
        (_("Refused"), progress["refused"], f"{asked}refused", "bad"),
    ]


def _list_row(group: Any, done: queries.Progress, places: dict[str, str]) -> dict[str, Any]:
    return {
        "group": group,
        "url": reverse("desk_kis_list", args=[group.id]),
        "place": places.get(group.region_code, group.region_code).split(",", maxsplit=1)[0],
        "off": words.day(group.off_date),
        "done": done,
        "asked_share": done.share("asked"),
    }


def parts(found: Sequence[queries.Part], list_id: UUID | None) -> list[dict[str, Any]]:
    """Hamlets or facilitators as rows, each opening its cards."""
    places = region_queries.paths({part.region_code for part in found if part.region_code})
    rows = []
    for part in found:
        kept = {"daftar": str(list_id)} if list_id else {}
        if part.hamlet_id:
            kept["dusun"] = str(part.hamlet_id)
        elif part.region_code:
            kept["wilayah"] = part.region_code
        elif part.seat_id:
            kept["petugas"] = str(part.seat_id)
        else:
            kept["petugas"] = "-"
        village = places.get(part.region_code, part.region_code).split(",", maxsplit=1)[0]
        rows.append(
            {
                "part": part,
                "done": part.progress,
                "name": part.name
                or (village and _("%(village)s, hamlet not known") % {"village": village})
                or _("Given to nobody yet"),
                "village": village if part.name else "",
                "url": f"{reverse('desk_kis_cards')}?{urlencode(kept)}",
                "asked_share": part.progress.share("asked"),
            }
        )
    return rows


def _waits(request: Request) -> list[dict[str, Any]]:
    """What waits for an office's hand, by the state it waits in."""
    counts = queries.to_do(request.by)
    shown = (
        ("check", rules.SUBMITTED, "card.check"),
        ("eligibility", rules.ELIGIBILITY, "card.verify"),
        ("approval", rules.AWAITING, "card.approve"),
        ("propose", rules.ISSUED, "card.propose"),
        ("confirm", rules.MINISTRY_YES, "card.confirm"),
    )
    return [
        {
            "label": shared.state_words(state),
            "number": counts[name],
            "url": f"{reverse('desk_kis_cards')}?keadaan={state}",
            "mine": roles.may_somewhere(request.by, act),
        }
        for name, state, act in shown
    ]


# --- cards --------------------------------------------------------------------------------------------------------------

KEPT = ("daftar", "dusun", "wilayah", "petugas", "pintu", "keadaan", "kebutuhan", "kata")


def filters_of(request: Request) -> tuple[queries.Filters, area.Area]:
    """What the address says; anything that cannot be read is passed over."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    door, state, need = given.get("pintu", ""), given.get("keadaan", ""), given.get("kebutuhan", "")
    found = queries.Filters(
        deactivation_id=reading.key(given.get("daftar", "")),
        hamlet_id=reading.key(given.get("dusun", "")),
        region=narrowed.code,
        seat_id=reading.key(given.get("petugas", "")),
        nobody=given.get("petugas") == "-",
        door=door if door in rules.DOORS else "",
        state=state if state in rules.STATES or state in queries.STATE_GROUPS else "",
        need=need if need in rules.NEEDS else "",
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    return found, narrowed


@officer(*shared.READING)
@require_GET
def everybody(request: Request) -> HttpResponseBase:
    """Every card this seat sees, those in the greatest need first, narrowed by what the address says."""
    filters, narrowed = filters_of(request)
    return frame.show(
        request, "desk/kis/cards.html", _table(request, filters, narrowed, "desk_kis_cards"), here=HERE
    )


def _table(request: Request, filters: queries.Filters, narrowed: area.Area, here: str) -> dict[str, Any]:
    page = queries.listed(request.by, filters)
    day = shared.today(request)
    places = shared.places_of(page.rows)
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    groups = queries.lists(request.by)
    return {
        "tabs": shared.tabs(request, here),
        "rows": [shared.row(card, places, day) for card in page.rows],
        "total": page.total,
        "filters": {name: request.GET.get(name, "") for name in KEPT},
        "filtered": bool(kept),
        "area": narrowed,
        "choices": {
            "list": [(str(group.id), group.name) for group, _done in groups],
            "door": choices.pairs(rules.DOORS),
            "state": [("none", _("Not asked for yet")), *choices.pairs(rules.STATES)],
            "need": choices.pairs(rules.NEEDS),
            "seat": [("-", _("Given to nobody yet")), *forms.seats(request.by, timezone.now())],
        },
        "oversees": shared.oversees(request),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }


@officer("cards.assign")
@require_GET
def one(request: Request, list_id: UUID) -> HttpResponseBase:
    """One list: its way, its hamlets and facilitators, and who goes where."""
    return _one(request, list_id)


def _one(request: Request, list_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponseBase:
    group = trying.found(access.list_for, request, list_id)
    at = timezone.now()
    done = queries.progress(request.by, list_id)
    hamlets = queries.by_hamlet(request.by, list_id)
    context = {
        "tabs": shared.tabs(request, HERE),
        "group": group,
        "place": region_queries.path_names(group.region_code),
        "off": words.day(group.off_date),
        "loaded": words.moment(group.loaded_at, group.region_code),
        "done": done,
        "bars": bars(done, urlencode({"daftar": str(list_id)})),
        "gap": gap_words(done),
        "hamlets": parts(hamlets, list_id),
        "facilitators": parts(queries.by_facilitator(request.by, list_id), list_id),
        "form": form or forms.assign_form(request.by, at, hamlets),
        "unlooked": done.listed - done["matched"] - done["doubtful"],
        "may_match": roles.may_somewhere(request.by, "cards.match"),
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/kis/list.html", context, status=status, here=HERE)


@officer("cards.assign")
@require_POST
def assign(request: Request, list_id: UUID) -> HttpResponseBase:
    """Give every open door of a hamlet to a facilitator, or take them away again."""
    at = timezone.now()
    form = forms.assign_form(request.by, at, queries.by_hamlet(request.by, list_id), request.POST)
    if form.is_valid():
        region, _sep, hamlet = form.cleaned_data["part"].partition(":")
        try:
            number = kis.assign_cards(
                by=request.by,
                at=at,
                seat_id=reading.key(form.cleaned_data["seat"]),
                deactivation_id=list_id,
                hamlet_id=reading.key(hamlet),
                region_code=region,
                hamlet_unknown=not hamlet,
            )
        except NotFound as hidden:
            raise Http404 from hidden
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = ngettext("%(n)s door changed hands.", "%(n)s doors changed hands.", number)
            messages.success(request, said % {"n": number})
            return redirect("desk_kis_list", list_id=list_id)
    return _one(request, list_id, form=form, status=422)


@officer("cards.match")
@require_POST
def match_again(request: Request, list_id: UUID) -> HttpResponseBase:
    """Look those up again who were not found: the register may have grown since."""
    try:
        found = kis.match_cards(by=request.by, at=timezone.now(), deactivation_id=list_id, again=True)
    except NotFound as hidden:
        raise Http404 from hidden
    messages.success(
        request,
        _("%(sure)s found, %(doubtful)s to decide, %(none)s not in the register.")
        % {"sure": found.sure, "doubtful": found.doubtful, "none": found.none},
    )
    return redirect("desk_kis_list", list_id=list_id)


@officer("export.record")
@require_POST
def export(request: Request, list_id: UUID) -> HttpResponseBase:
    """The list as CSV, without NIK and without illness; a line in the journal first."""
    group = trying.found(access.list_for, request, list_id)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        messages.error(request, _("Write what the list is for; it is kept with your name."))
        return redirect("desk_kis_list", list_id=list_id)
    at = timezone.now()
    cards = list(queries.exported(request.by, list_id))
    journal_actions.record_export(by=request.by, at=at, what="kis", rows=len(cards), purpose=purpose)
    head = [
        _("Name"),
        _("KIS card number"),
        _("Village"),
        _("Hamlet"),
        _("Address"),
        _("Facilitator"),
        _("At the door"),
        _("Application"),
        _("Since"),
        _("Case number"),
        _("Proposed on"),
        _("Active since"),
        _("Data duty until"),
    ]
    places = shared.places_of(cards)
    rows = (_export_row(card, places) for card in cards)
    return watch.as_csv(f"kis-{group.off_date:%Y%m%d}-{at:%Y%m%d}.csv", head, rows)


def _export_row(card: Any, places: dict[str, str]) -> list[Any]:
    def iso(day: Any) -> str:
        return day.isoformat() if day else ""

    return [
        card.name,
        card.kis_number,
        places.get(card.region_code, card.region_code).split(",", maxsplit=1)[0],
        card.hamlet.name if card.hamlet_id else "",
        card.address,
        card.seat.user.full_name if card.seat_id else "",
        _(rules.DOORS.get(card.door, card.door)),
        shared.state_words(card.state),
        iso(card.state_at.date() if card.state_at else None),
        card.case.number if card.case_id and card.case.sensitivity != "sealed" else "",
        iso(card.proposed_date),
        iso(card.reactivated_date),
        iso(card.data_due_date),
    ]
