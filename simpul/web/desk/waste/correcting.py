"""Taking a posting back: at once at the scale, with a reason, or with a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.community.actions import bank_correcting
from simpul.community.queries import bank as queries
from simpul.community.rules import reversing
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.waste import forms, home, proof, shared
from simpul.web.policy import Request, officer


@officer("posting.undo")
@require_POST
def undo(request: Request, posting_id: UUID) -> HttpResponseBase:
    """Undo what this person has just stored; then weigh again."""

    def act() -> None:
        bank_correcting.undo_posting(
            by=request.by,
            at=timezone.now(),
            posting_id=posting_id,
            reversal_id=reading.key(request.POST.get("kunci", "")),
        )
        messages.success(request, _("Undone. Nothing of it counts any more."))

    return trying.attempt(request, act, reverse("desk_waste_posting", args=[posting_id]))


@officer("posting.reverse", "reversal.ask")
def turn_back(request: Request, posting_id: UUID) -> HttpResponseBase:
    """Reverse with a reason; above the limit, ask a second person."""
    one = proof.posting_or_404(request, posting_id)
    limit = queries.terms_on(one.bank, queries.day_of(one.bank, one.recorded_at)).two_people_from
    two = reversing.needs_two(one.rupiah, limit) or not shared.may(request, "posting.reverse")
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    now = timezone.now()

    def act() -> None:
        why, key = form.cleaned_data["why"], form.cleaned_data["key"]
        if two:
            bank_correcting.ask_reversal(by=request.by, at=now, posting_id=one.id, why=why, ask_id=key)
        else:
            bank_correcting.reverse_posting(
                by=request.by, at=now, posting_id=one.id, why=why, reversal_id=key
            )

    if form.is_valid() and trying.run(form, act):
        messages.success(request, _("Asked. A second person agrees or declines.") if two else _("Reversed."))
        return redirect("desk_waste_posting", posting_id=one.id)
    row = shared.posting(one)
    facts = [(row["number"], f"{row['kind']} · {row['who']} · {row['rupiah']}")]
    lead = _(
        "Nothing is deleted: a second posting takes this one back, and both stay in the book with your reason."
    )
    return home.small(
        request,
        one.bank,
        form,
        _("Ask to reverse it") if two else _("Reverse it"),
        reverse("desk_waste_posting", args=[one.id]),
        _("Ask") if two else _("Reverse"),
        lead=lead,
        facts=facts,
    )


@officer("reversal.confirm")
@require_POST
def confirm(request: Request, ask_id: UUID) -> HttpResponseBase:
    """Agree as the second person."""

    def act() -> None:
        bank_correcting.confirm_reversal(
            by=request.by,
            at=timezone.now(),
            ask_id=ask_id,
            reversal_id=reading.key(request.POST.get("kunci", "")),
        )
        messages.success(request, _("Reversed."))

    return trying.attempt(request, act, reverse("desk_waste"))


@officer("reversal.decline")
@require_POST
def decline(request: Request, ask_id: UUID) -> HttpResponseBase:
    """Decline as the second person."""

    def act() -> None:
        bank_correcting.decline_reversal(
            by=request.by, at=timezone.now(), ask_id=ask_id, why=request.POST.get("alasan", "")[:300]
        )
        messages.success(request, _("Declined. The posting stands."))

    return trying.attempt(request, act, reverse("desk_waste"))
