"""The agreement: its draft with clauses and signatures, the frozen version, the PDF; and what became of each obligation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import money, typeset
from simpul.lib.errors import NotFound
from simpul.mediation.queries import agreements, entries
from simpul.mediation.rules import steps, words
from simpul.web.desk import words as desk_words
from simpul.web.desk.mediation import pdf as paper
from simpul.web.desk.mediation import shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def agreement(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """The draft, and the version in force with the older ones."""
    dispute = shared.dispute_or_404(request, dispute_id)
    runs = shared.runs(dispute)
    draft = agreements.draft_of(dispute)
    signed = agreements.versions(dispute)
    may_draft = runs and shared.may(request, "agreement.draft", dispute)
    context = {
        "draft": _draft(draft, dispute) if draft else None,
        "versions": [_version(request, one, dispute) for one in signed],
        "may_draft": may_draft,
        "may_begin": may_draft and draft is None and not signed,
        "may_renew": may_draft and draft is None and bool(signed),
        "begin": shared.act_url(dispute, "naskah"),
        "renew": shared.act_url(dispute, "perbaiki"),
    }
    return shared.show(request, dispute, "desk/mediation/agreement.html", "desk_dispute_agreement", context)


def _draft(draft: Any, dispute: Any) -> dict[str, Any]:
    return {
        "one": draft,
        "clauses": [_clause(one, dispute) for one in agreements.clauses(draft)],
        "signers": [
            {
                "one": one,
                "part": _(words.PARTS[one.part]),
                "mark": _(words.MARKS[one.mark]),
                "drop": shared.act_url(dispute, "hapus-tanda", one.id),
            }
            for one in agreements.signers(draft)
        ],
        "lacking": agreements.lacking_signers(draft),
        "add": shared.act_url(dispute, "kewajiban", draft.id),
        "note": shared.act_url(dispute, "tanda", draft.id),
        "sign": shared.act_url(dispute, "tanda-tangani", draft.id),
        "drop": shared.act_url(dispute, "hapus-naskah", draft.id),
        "pdf": reverse("desk_dispute_pdf", args=[dispute.id, draft.id]),
    }


def _clause(one: Any, dispute: Any) -> dict[str, Any]:
    return {
        "one": one,
        "amount": money.rupiah(one.amount) if one.amount else "",
        "due": desk_words.day(one.due_date),
        "drop": shared.act_url(dispute, "hapus-kewajiban", one.id),
    }


def _version(request: Request, one: Any, dispute: Any) -> dict[str, Any]:
    link = _link(request, one)
    return {
        "one": one,
        "stands": one.state == "signed",
        "whole": agreements.is_whole(one),
        "signed": desk_words.day(one.signed_date),
        "register_until": desk_words.day(steps.register_until(one.signed_date)),
        "clauses": [_clause(row, dispute) for row in agreements.clauses(one)],
        "pdf": reverse("desk_dispute_pdf", args=[dispute.id, one.id]),
        "link": link,
        "qr": mark_safe(typeset.qr_svg(link)),  # noqa: S308 - made here of an address
    }


def _link(request: Request, one: Any) -> str:
    return request.build_absolute_uri(reverse("portal_settlement", args=[one.token]))


@officer(*shared.READING)
@require_GET
def as_pdf(request: Request, dispute_id: UUID, agreement_id: UUID) -> HttpResponseBase:
    """The record of settlement on paper; a draft says that it is one."""
    dispute = shared.dispute_or_404(request, dispute_id)
    try:
        one = entries.find(dispute, "agreement", agreement_id)
    except NotFound as missing:
        raise Http404 from missing
    response = HttpResponse(paper.settlement(one, _link(request, one)), content_type="application/pdf")
    name = f"perdamaian-{dispute.number.replace('/', '-')}-v{one.version}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@officer(*shared.READING)
@require_GET
def followed(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Each obligation of the version in force: what was done, what is late, what is to do."""
    dispute = shared.dispute_or_404(request, dispute_id)
    standing = agreements.standing_of(dispute)
    rows = agreements.owed(standing, shared.today(dispute)) if standing else []
    sums = [one for one in rows if one.row.amount]
    whole = sum(one.row.amount or 0 for one in sums)
    done = sum(one.standing.done for one in sums)
    context = {
        "standing": standing,
        "rows": [_owed(one, dispute) for one in rows],
        "whole": money.rupiah(whole) if whole else "",
        "done": money.rupiah(done),
        "share": round(100 * done / whole) if whole else 0,
        "settled": sum(one.row.state in ("kept", "waived") for one in rows),
        "may_write": dispute.state in ("agreed", "broken", "kept")
        and shared.may(request, "fulfilment.record", dispute),
        "may_waive": shared.runs(dispute) and shared.may(request, "obligation.waive", dispute),
        "may_break": shared.runs(dispute) and shared.may(request, "obligation.break", dispute),
    }
    return shared.show(request, dispute, "desk/mediation/followed.html", "desk_dispute_followed", context)


def _owed(one: Any, dispute: Any) -> dict[str, Any]:
    row = one.row
    return {
        "one": row,
        "amount": money.rupiah(row.amount) if row.amount else "",
        "done": money.rupiah(one.standing.done),
        "left": money.rupiah(one.standing.left),
        "share": round(100 * one.standing.done / row.amount) if row.amount else 0,
        "due": desk_words.day(row.due_date),
        "late": one.late,
        "breakable": one.breakable,
        "state": _(words.OBLIGATION_STATES[row.state]),
        "tone": shared.OBLIGATION_TONES[row.state],
        "open": row.state in ("open", "broken"),
        "pay": shared.act_url(dispute, "bayar", row.id),
        "waive": shared.act_url(dispute, "relakan", row.id),
        "break": shared.act_url(dispute, "ingkar", row.id),
        "parts": [
            {
                "one": part,
                "amount": money.rupiah(part.amount) if part.amount is not None else "",
                "brought": money.rupiah(part.brought) if part.brought else "",
                "day": desk_words.day(part.done_date),
                "drop": shared.act_url(dispute, "batal-bayar", part.id),
            }
            for part in one.done
        ],
    }
