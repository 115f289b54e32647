"""``/meja/rujukan/``: the directory of services, each desk's promise and record, decisions on paper, what nobody took."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from simpul.cases.queries import approvals as approval_queries
from simpul.cases.queries import records as record_queries
from simpul.cases.queries import tiers as tier_queries
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.lib import money
from simpul.regions import queries as region_queries
from simpul.web.desk import area, frame, inbox, words
from simpul.web.desk.referral import on_case
from simpul.web.policy import Request, officer

HERE = "desk_referral"
UNITS = {
    "working_days": lambda n: ngettext("%(n)s working day", "%(n)s working days", n),
    "calendar_days": lambda n: ngettext("%(n)s calendar day", "%(n)s calendar days", n),
    "hours": lambda n: ngettext("%(n)s hour", "%(n)s hours", n),
}


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages of this part."""
    waiting = len(approval_queries.waiting(request.by))
    lost = len(tier_queries.untaken(request.by))
    rows = (
        ("desk_referral", _("Services"), 0),
        ("desk_referral_desks", _("Desks"), 0),
        ("desk_referral_papers", _("Decisions on paper"), waiting),
        ("desk_referral_untaken", _("Nobody took it"), lost),
    )
    return [
        {"url": reverse(name), "label": f"{label} ({n})" if n else label, "current": name == here}
        for name, label, n in rows
    ]


@officer(*on_case.PAGES)
@require_GET
def directory(request: Request) -> HttpResponseBase:
    """Who gives what in a place, and what it needs."""
    place = area.read(request.by, request.GET.get("wilayah", ""))
    sector = request.GET.get("bidang", "")
    asked = request.GET.get("kata", "")[:100]
    found = desk_queries.services(sector=sector, region_code=place.code, words=asked)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault(_(desk_rules.SECTORS[one.sector]), []).append(service_row(one))
    context = {
        "tabs": tabs(request, "desk_referral"),
        "groups": list(groups.items()),
        "count": len(found),
        "sectors": [(key, _(label)) for key, label in desk_rules.SECTORS.items()],
        "sector": sector,
        "words": asked,
        "area": place,
        "filtered": bool(sector or asked or place.shown),
    }
    return frame.show(request, "desk/referral/directory.html", context, here=HERE)


def service_row(one: Any) -> dict[str, Any]:
    """A service as the directory shows it."""
    return {
        "row": one,
        "name": words.said(one, "name"),
        "desk_url": reverse("desk_referral_desk", args=[one.desk.code]),
        "time": time_words(one),
        "cost": cost_words(one),
        "sure": _(desk_rules.CONFIDENCES.get(one.confidence, "")) if one.confidence != "confirmed" else "",
        "place": region_queries.path_names(one.region_code) if one.region_code else "",
        "hours": [one.hours] if one.hours else desk_queries.hours_text(one.desk),
    }


def time_words(one: Any) -> str:
    """The promise of a service; "" when none is known."""
    promise = UNITS[one.unit](one.amount) % {"n": one.amount} if one.amount else ""
    return ". ".join(part for part in (promise, one.time_note) if part)


def cost_words(one: Any) -> str:
    """What it costs; "" when it is not known."""
    if one.cost is None:
        return ""
    return money.rupiah(one.cost) if one.cost else _("Free of charge")


@officer(*on_case.PAGES)
@require_GET
def desks(request: Request) -> HttpResponseBase:
    """Every desk with its promise and what it did in a year."""
    at = timezone.now()
    place = area.read(request.by, request.GET.get("wilayah", ""))
    home = place.code or (request.by.region_code or "")[:4]
    chain = desk_rules.region_chain(home)
    found = [
        one
        for one in desk_queries.desks_visible(request.by).open()
        if one.region_code.startswith(home) or one.region_code in chain
    ]
    tallies = record_queries.tallies([one.id for one in found], at)
    found.sort(key=lambda one: (-tallies.get(one.id, record_queries.Tally()).received, one.name))
    context = {
        "tabs": tabs(request, "desk_referral_desks"),
        "area": place,
        "rows": [
            {
                "desk": one,
                "url": reverse("desk_referral_desk", args=[one.code]),
                "promise": promise_words(one),
                "tally": tallies.get(one.id, record_queries.Tally()),
            }
            for one in found[:200]
        ],
        "waiting": record_queries.waiting_outside(request.by, at),
    }
    return frame.show(request, "desk/referral/desks.html", context, here=HERE)


def promise_words(one: Any) -> str:
    """What a desk promised: to say yes or no, and to do its part."""
    if one.outside:
        return UNITS["working_days"](one.their_days) % {"n": one.their_days}
    both = {"hop": one.hop_days, "work": one.work_days}
    return _("%(hop)s to accept, %(work)s to do its part") % both


@officer(*on_case.PAGES)
@require_GET
def desk(request: Request, code: str) -> HttpResponseBase:
    """One desk: what it promises, what it needs, what it did."""
    at = timezone.now()
    found = desk_queries.by_code(code)
    if found is None:
        raise Http404
    desk_queries.desk_for(request.by, found.id)
    record = record_queries.record_of(request.by, found.id, at)
    context = {
        "tabs": tabs(request, ""),
        "desk": found,
        "kind": _(desk_rules.DESK_KINDS[found.kind].name) if found.kind in desk_rules.DESK_KINDS else "",
        "place": region_queries.path_names(found.region_code) if found.region_code else _("Everywhere"),
        "promises": _promises(found),
        "hours": desk_queries.hours_text(found),
        "services": [service_row(one) for one in desk_queries.services(desk_id=found.id)],
        "record": record,
        "stats": _stats(record),
        "refusals": [
            {
                "number": one.number,
                "url": reverse("desk_case", args=[one.hop.case_id]),
                "why": one.hop.reason,
                "from": one.hop.from_desk.name,
                "when": words.short_day(one.hop.ended_at, one.hop.case.region_code),
            }
            for one in record.refusals
        ],
    }
    return frame.show(request, "desk/referral/desk.html", context, here=HERE)


def _promises(found: Any) -> list[tuple[str, str]]:
    days = UNITS["working_days"]
    if found.outside:
        return [(_("To answer a referral"), days(found.their_days) % {"n": found.their_days})]
    return [
        (_("To accept or decline"), days(found.hop_days) % {"n": found.hop_days}),
        (_("To do its part"), days(found.work_days) % {"n": found.work_days}),
    ]


def _stats(record: record_queries.Record) -> list[dict[str, Any]]:
    tally = record.tally
    share = "–" if tally.share_accepted is None else f"{tally.share_accepted}%"
    rows = (
        (tally.received, _("referred to it"), "", ""),
        (tally.accepted, _("accepted"), _("%(share)s of those decided") % {"share": share}, ""),
        (tally.refused, _("refused"), _("with a reason"), ""),
        (tally.silent, _("left lying"), _("until the next desk was asked"), "bad" if tally.silent else ""),
        (_decimal(record.days_to_accept), _("days to accept"), _("half were accepted faster"), ""),
        (_decimal(record.days_to_answer), _("days to answer"), _("half were answered faster"), ""),
        (tally.open_now, _("lie there now"), "", ""),
    )
    found = [
        {"number": number, "label": label, "note": note, "tone": tone} for number, label, note, tone in rows
    ]
    if record.gave_rupiah:
        found.append(
            {"number": money.rupiah(record.gave_rupiah), "label": _("given in money"), "note": "", "tone": ""}
        )
    return found


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace(".", "," if words.language() == "id" else ".")


@officer("case.refer")
@require_GET
def entry(request: Request) -> HttpResponseBase:
    """What the desk that is chosen in a form needs and promises: a fragment beside the form, or a page of its own."""
    asked = next((value for name, value in request.GET.items() if name.endswith("to_desk_id")), "")
    try:
        found = desk_queries.desk(UUID(str(asked))) if asked else None
    except ValueError:
        found = None
    if found is not None and not desk_queries.desks_visible(request.by).filter(id=found.id).exists():
        found = None
    at: datetime = timezone.now()
    context: dict[str, Any] = {"desk": found}
    if found is not None:
        context |= {
            "url": reverse("desk_referral_desk", args=[found.code]),
            "promises": _promises(found),
            "services": [service_row(one) for one in desk_queries.services(desk_id=found.id)],
            "tally": record_queries.tallies([found.id], at).get(found.id, record_queries.Tally()),
        }
    return frame.show(request, "desk/referral/_entry.html", context)


@officer(*on_case.PAGES)
@require_GET
def untaken(request: Request) -> HttpResponseBase:
    """Matters that every desk of their route refused or left lying."""
    at = timezone.now()
    found = tier_queries.untaken(request.by)
    context = {"tabs": tabs(request, "desk_referral_untaken"), "rows": inbox.rows(found, request, at)}
    return frame.show(request, "desk/referral/untaken.html", context, here=HERE)


@officer(*on_case.PAGES)
@require_GET
def papers(request: Request) -> HttpResponseBase:
    """Decisions that wait for this seat's check, initials or signature."""
    at = timezone.now()
    found = approval_queries.waiting(request.by)
    context = {
        "tabs": tabs(request, "desk_referral_papers"),
        "rows": [
            {
                **on_case.paper_parts(one, one.approval.case.region_code),
                "case": one.approval.case,
                "case_url": reverse("desk_case", args=[one.approval.case_id]),
                "age": words.age(one.approval.proposed_at, at),
            }
            for one in found
        ],
    }
    return frame.show(request, "desk/referral/papers.html", context, here=HERE)


@officer()
@require_GET
def paper(request: Request, approval_id: UUID) -> HttpResponseBase:
    """One version of a decision, as it is printed: the words, the names and offices under them, the digest."""
    found = approval_queries.paper_for(request.by, approval_id)
    if found is None:
        raise Http404
    case = found.approval.case
    context = {
        "paper": on_case.paper_parts(found, case.region_code),
        "case": case,
        "kind_words": words.said(case.kind, "name"),
        "place_words": region_queries.path_names(case.region_code),
        "needs": [_(on_case.STEPS[step]) for step in found.approval.needs],
        "institution": desk_queries.institution(),
    }
    return frame.show(request, "desk/referral/paper.html", context, here=HERE)
