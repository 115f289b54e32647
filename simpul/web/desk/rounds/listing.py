"""The list of a round: how far it is by hamlet, its names, bringing names in, one entry, and the list on paper."""

from __future__ import annotations

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

from simpul.meetings import queries as meeting_queries
from simpul.programmes.actions import listing
from simpul.programmes.queries import deliveries as delivery_queries
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.queries import rounds as queries
from simpul.programmes.rules import deliveries as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.rounds import forms, pages, shared
from simpul.web.policy import Request, officer

FILTERS = ("keadaan", "wilayah", "dusun", "kata")
COLUMNS = ("delivered", "refused", "absent", "not_found", "moved", "dead", "waiting")
MOST_BOXES = 300


@officer(*shared.READING)
@require_GET
def names(request: Request, round_id: UUID) -> HttpResponseBase:
    """One round: its progress, its figures by hamlet, and the names, narrowed by what the address says."""
    row = shared.round_or_404(request, round_id)
    page = queries.page(request.by, row.id)
    given = request.GET
    filters = queries.Filters(
        status=given.get("keadaan", "") if given.get("keadaan", "") in (*COLUMNS, "withdrawn") else "",
        region=given.get("wilayah", "") if given.get("wilayah", "").isdigit() else "",
        hamlet=str(reading.key(given.get("dusun", "")) or ""),
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    found, more = queries.entries(request.by, row.id, filters)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    context = {
        "page": page,
        "places": [_place(row, one) for one in page.places],
        "stats": [
            {
                "code": code,
                "label": shared.status_words(code),
                "number": page.totals.get(code, 0),
                "tone": shared.TONES[code],
            }
            for code in COLUMNS
            if page.totals.get(code, 0)
        ],
        "rows": [_row(one, page) for one in found],
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "statuses": [
            *((code, shared.status_words(code)) for code in COLUMNS),
            ("withdrawn", _("struck off")),
        ],
        "decided_by": _decided(row),
        "may_list": row.state == "open" and shared.may(request, "entries.list", row.region_code),
        "may_close": row.state == "open" and shared.may_here(request, "round.close", row.region_code),
        "may_reopen": row.state == "closed" and shared.may_here(request, "round.reopen", row.region_code),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(request, row, "desk/rounds/round.html", "desk_round", context)


def _decided(row: Any) -> dict[str, str]:
    if row.meeting_id is not None:
        return {"text": _("a musyawarah"), "url": reverse("desk_meeting", args=[row.meeting_id])}
    parts = (row.authority, row.document, words.day(row.document_date))
    return {"text": ", ".join(part for part in parts if part), "url": ""}


def _place(row: Any, one: queries.Place) -> dict[str, Any]:
    kept = {"wilayah": one.region_code, **({"dusun": str(one.hamlet_id)} if one.hamlet_id else {})}
    return {
        "name": ", ".join(part for part in (one.hamlet or _("no hamlet"), one.region) if part),
        "url": f"{reverse('desk_round', args=[row.id])}?{urlencode(kept)}",
        "paper_url": f"{reverse('desk_round_print', args=[row.id])}?{urlencode(kept)}",
        "listed": one.listed,
        "served": one.counts.get("delivered", 0),
        "refused": one.counts.get("refused", 0),
        "absent": one.counts.get("absent", 0),
        "gone": sum(one.counts.get(code, 0) for code in ("not_found", "moved", "dead")),
        "waiting": one.counts.get("waiting", 0),
    }


def _row(one: queries.EntryRow, page: queries.Page) -> dict[str, Any]:
    entry = one.entry
    newest = one.deliveries[0] if one.deliveries else None
    return {
        "one": entry,
        "url": reverse("desk_round_entry", args=[entry.id]),
        "hamlet": entry.hamlet.name if entry.hamlet else "",
        "due": shared.due_words(one.due, [item for item, _held in page.goods]),
        "status": _("struck off") if entry.state == "withdrawn" else shared.status_words(one.status),
        "tone": "bad" if entry.state == "withdrawn" else shared.TONES[one.status],
        "when": words.short_day(newest.delivered_at, newest.region_code) if newest else "",
        "flags": [_(rules.FLAGS[code]) for code in newest.flags if code in rules.FLAGS] if newest else [],
        "record_url": ""
        if entry.state == "withdrawn" or one.status == "delivered"
        else f"{reverse('desk_round_record', args=[entry.round_id])}?nama={entry.id}",
    }


@officer("entries.list")
def bring(request: Request, round_id: UUID) -> HttpResponseBase:
    """Bring names in: a decided list, or households of the register by ticking."""
    row = shared.round_or_404(request, round_id)
    if not shared.may(request, "entries.list", row.region_code):
        raise Http404
    step = request.POST.get("langkah", "") if request.method == "POST" else ""
    form = forms.FromMeetingForm(
        request.POST if step == "musyawarah" else None,
        meetings=pages.closed_meetings(request),
        initial={"meeting": str(row.meeting_id or "")},
    )
    if (
        step == "musyawarah"
        and form.is_valid()
        and trying.run(form, lambda: _from_meeting(request, row, form))
    ):
        return redirect("desk_round", round_id=row.id)
    if step == "warga":
        return trying.attempt(request, lambda: _ticked(request, row), reverse("desk_round", args=[row.id]))
    return _bring(request, row, form)


def _from_meeting(request: Request, row: Any, form: Any) -> None:
    meeting_id = reading.key(form.cleaned_data["meeting"])
    _say(
        request,
        listing.list_entries(by=request.by, at=timezone.now(), round_id=row.id, meeting_id=meeting_id),
    )


def _ticked(request: Request, row: Any) -> None:
    keys = [reading.known_key(one) for one in request.POST.getlist("household")]
    given = [listing.EntryGiven(household_id=one) for one in keys]
    _say(request, listing.list_entries(by=request.by, at=timezone.now(), round_id=row.id, entries=given))


def _say(request: Request, done: listing.Listed) -> None:
    number = len(done.made)
    text = ngettext("%(n)s name was put on the list.", "%(n)s names were put on the list.", number)
    messages.success(request, text % {"n": number})
    if done.there:
        more = ngettext("%(n)s was there already.", "%(n)s were there already.", done.there)
        messages.info(request, more % {"n": done.there})
    if done.unknown:
        names = ", ".join(done.unknown[:20])
        messages.warning(
            request,
            _("Not listed, because the register does not know them or their data stand still: %(names)s")
            % {"names": names},
        )


def _bring(request: Request, row: Any, form: Any) -> HttpResponseBase:
    villages = villages_of(request, row)
    given = request.GET
    code = given.get("desa", "") if given.get("desa", "") in dict(villages) else ""
    code = code or (villages[0][0] if len(villages) == 1 else "")
    hamlets = region_queries.hamlets(code) if code else []
    chosen = next((one.id for one in hamlets if str(one.id) == given.get("dusun", "")), None)
    typed = given.get("kata", "").replace("\x00", "").strip()[:100]
    on_list = queries.listed_households(row.id)
    found = meeting_queries.of_hamlet(request.by, code, chosen, typed, MOST_BOXES) if code else []
    context = {
        "form": form,
        "meetings": len(form.fields["meeting"].choices) > 1,
        "villages": villages,
        "village": code,
        "hamlets": [(str(one.id), one.name) for one in hamlets],
        "hamlet": str(chosen or ""),
        "words": typed,
        "rows": [{"one": one, "there": one.household_id in on_list} for one in found],
    }
    status = 422 if form.errors else 200
    return shared.show(request, row, "desk/rounds/bring.html", "", context, status)


def villages_of(request: Request, row: Any) -> list[tuple[str, str]]:
    """Villages of the round inside the seat's area."""
    codes = [one for one in request.by.served_areas if one.startswith(row.region_code)] or [row.region_code]
    found: dict[str, str] = {}
    while codes and len(found) < 300:
        code = codes.pop(0)
        if len(code) == 10:
            region = region_queries.find_region(code)
            found[code] = region.name if region else code
        else:
            codes += [one.code for one in region_queries.children(code)]
    return sorted(found.items(), key=lambda pair: pair[1])


@officer(*shared.READING)
def entry(request: Request, entry_id: UUID) -> HttpResponseBase:
    """One entry: what it should get, what was brought, and changing the amounts."""
    found = _entry(request, entry_id)
    row = shared.round_or_404(request, found.entry.round_id)
    items = goods_queries.items(row.id)
    here = found.entry.region_code
    post = request.POST if request.method == "POST" else None
    form = forms.AmountsForm(post, items=items, due=found.due, initial={"note": found.entry.note})
    may_change = (
        row.state == "open"
        and found.entry.state == "listed"
        and shared.may_here(request, "entry.change", here)
    )
    if post is not None and not may_change:
        raise Http404
    if form.is_valid() and trying.run(
        form,
        lambda: listing.change_entry(
            by=request.by,
            at=timezone.now(),
            entry_id=found.entry.id,
            amounts=form.amounts(),
            note=form.cleaned_data["note"],
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_round_entry", entry_id=entry_id)
    return _show_entry(request, row, found, form, may_change)


def _entry(request: Request, entry_id: UUID) -> queries.EntryRow:
    return trying.found(queries.entry, request, entry_id)


def _show_entry(
    request: Request, row: Any, found: queries.EntryRow, form: Any, may_change: bool
) -> HttpResponseBase:
    one = found.entry
    brought = delivery_queries.of_household(request.by, one.household_id) if one.household_id else []
    context = {
        "entry": one,
        "form": form,
        "due": shared.due_words(found.due, form.items),
        "status": _("struck off") if one.state == "withdrawn" else shared.status_words(found.status),
        "tone": "bad" if one.state == "withdrawn" else shared.TONES[found.status],
        "region": region_queries.path_names(one.region_code),
        "household_url": reverse("desk_register_household", args=[one.household_id])
        if one.household_id
        else "",
        "record_url": f"{reverse('desk_round_record', args=[row.id])}?nama={one.id}",
        "deliveries": [shared.delivery(each) for each in brought],
        "may_change": may_change,
        "may_record": one.state == "listed" and shared.may_here(request, "delivery.record", one.region_code),
    }
    return shared.show(request, row, "desk/rounds/entry.html", "", context, 422 if form.errors else 200)


@officer("entry.strike")
@require_POST
def strike(request: Request, entry_id: UUID) -> HttpResponseBase:
    """Strike an entry off."""

    def act() -> None:
        listing.strike_entry(
            by=request.by, at=timezone.now(), entry_id=entry_id, reason=request.POST.get("why", "")
        )
        messages.success(request, _("Struck off. The entry stays to be seen, with the reason."))

    return trying.attempt(request, act, reverse("desk_round_entry", args=[entry_id]))


@officer(*shared.READING)
@require_GET
def flagged(request: Request, round_id: UUID) -> HttpResponseBase:
    """Deliveries that do not fit: not on the list, without proof, more than due."""
    row = shared.round_or_404(request, round_id)
    flag = request.GET.get("tanda", "")
    found = delivery_queries.shown(queries.flagged(request.by, row.id, flag if flag in rules.FLAGS else ""))
    context = {
        "rows": [shared.delivery(one) for one in found],
        "flag": flag,
        "flags": [(code, _(label)) for code, label in rules.FLAGS.items()],
    }
    return shared.show(request, row, "desk/rounds/flagged.html", "desk_round_flagged", context)


@officer(*shared.READING)
@require_GET
def paper(request: Request, round_id: UUID) -> HttpResponseBase:
    """The list of a village or a hamlet on A4, to sign and to bring back."""
    row = shared.round_or_404(request, round_id)
    code = request.GET.get("wilayah", "")
    code = code if code.isdigit() and code.startswith(row.region_code) else row.region_code
    hamlet_id = reading.key(request.GET.get("dusun", ""))
    found = queries.to_print(request.by, row.id, code, hamlet_id)
    items = goods_queries.items(row.id)
    context = {
        "round": row,
        "where": region_queries.path_names(code),
        "hamlet": next((one.entry.hamlet.name for one in found if hamlet_id and one.entry.hamlet), ""),
        "printed": words.moment(timezone.now(), row.region_code),
        "rows": [
            {
                "code": one.entry.id.hex[-6:].upper(),
                "name": one.entry.name,
                "hamlet": one.entry.hamlet.name if one.entry.hamlet else "",
                "due": shared.due_words(one.due, items),
                "done": one.status == "delivered",
            }
            for one in found
        ],
        "empty_lines": range(len(found) + 1, len(found) + 6),
        "outcomes": [_(rules.OUTCOMES[one]) for one in rules.OUTCOMES],
    }
    return frame.show(request, "desk/rounds/print.html", context, here=shared.HERE)
