"""What the forms of a dispute do: each function calls one act with what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from simpul.mediation.actions import agreeing, evidence, following, meeting, opening, parties, referring
from simpul.mediation.queries import agreements
from simpul.web.policy import Request

PROTECTED = object()
"""Mediation ended because somebody has to be protected."""


def said(request: Request, dispute: Any) -> dict[str, Any]:
    """What every act is told."""
    return {"by": request.by, "at": timezone.now(), "dispute_id": dispute.id}


def _key(text: str) -> UUID | None:
    return UUID(text) if text else None


def change(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Correct the register."""
    opening.change_dispute(**said(request, dispute), given=dispute_given(form))


def dispute_given(form: Any) -> opening.DisputeGiven:
    """What the register says, from a form."""
    names = ("subject", "about", "place", "confidentiality")
    return opening.DisputeGiven(**{name: form.cleaned_data[name] for name in names})


def screen(request: Request, dispute: Any, _item: Any, form: Any) -> object:
    """Ask the questions of safety again."""
    clear = opening.screen_dispute(**said(request, dispute), answers=form.answers())
    return None if clear else PROTECTED


def _party(form: Any) -> parties.PartyGiven:
    names = ("name", "role", "resident", "address", "phone", "spoken_by", "spoken_basis")
    given = {name: form.cleaned_data[name] for name in names}
    return parties.PartyGiven(**given, person_id=form.person_id())


def record_party(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Write down a party."""
    parties.record_party(**said(request, dispute), given=_party(form), party_id=form.key())


def change_party(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Correct a party."""
    parties.change_party(**said(request, dispute), party_id=item.id, given=_party(form))


def withdraw_party(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a party out."""
    parties.withdraw_party(**said(request, dispute), party_id=item.id)


def take_statement(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Take a statement."""
    words = form.cleaned_data["said"]
    parties.take_statement(**said(request, dispute), party_id=item.id, said=words, statement_id=form.key())


def share(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Share a statement."""
    parties.share_statement(**said(request, dispute), statement_id=item.id, how=form.cleaned_data["how"])


def unshare(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Close a statement again."""
    parties.share_statement(**said(request, dispute), statement_id=item.id, how="", shared=False)


def withdraw_statement(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a statement back."""
    parties.withdraw_statement(**said(request, dispute), statement_id=item.id)


def name_mediator(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Name a mediator."""
    names = ("name", "office", "leads", "decision_number", "decision_date", "interest", "parties_agree")
    given = parties.MediatorGiven(
        **{name: form.cleaned_data[name] for name in names},
        account_id=form.account_id(),
        person_id=form.person_id(),
    )
    parties.name_mediator(**said(request, dispute), given=given, mediator_id=form.key())


def end_mediator(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Let a mediator go."""
    parties.end_mediator(**said(request, dispute), mediator_id=item.id, why=form.cleaned_data["why"])


def issue(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Issue a summons."""
    given = form.cleaned_data
    session = form.sessions.get(given["session"])
    meeting.issue_summons(
        **said(request, dispute),
        party_id=UUID(given["party"]),
        come_at=session.planned_at if session else form.moment(),
        place=session.place if session else given["place"],
        session_id=session.id if session else None,
        issued_date=given["issued_date"],
        summons_id=form.key(),
    )


def deliver(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Write a delivery down."""
    given = form.cleaned_data
    meeting.deliver_summons(
        **said(request, dispute),
        summons_id=item.id,
        result=given["result"],
        delivered_at=form.moment(),
        delivered_by=given["delivered_by"],
        how=given["how"],
        to=given["to"],
    )


def appear(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Write down whether they came."""
    given = form.cleaned_data
    meeting.answer_summons(
        **said(request, dispute), summons_id=item.id, appeared=given["appeared"], excuse=given["excuse"]
    )


def withdraw_summons(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a summons back."""
    meeting.withdraw_summons(**said(request, dispute), summons_id=item.id)


def plan(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Plan a session."""
    meeting.plan_session(
        **said(request, dispute),
        planned_at=form.moment(),
        place=form.cleaned_data["place"],
        session_id=form.key(),
    )


def move(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Move a session."""
    meeting.move_session(
        **said(request, dispute),
        session_id=item.id,
        planned_at=form.moment(),
        place=form.cleaned_data["place"],
    )


def cancel(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Call a session off."""
    meeting.cancel_session(**said(request, dispute), session_id=item.id, why=form.cleaned_data["why"])


def hold(request: Request, dispute: Any, item: Any, form: Any) -> object:
    """Start a session, or end mediation for somebody's safety."""
    begun = meeting.hold_session(
        **said(request, dispute), session_id=item.id, held_at=form.moment(), answers=form.answers()
    )
    return reverse("desk_dispute_room", args=[dispute.id, item.id]) if begun else PROTECTED


def add_file(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Keep a file."""
    given = form.cleaned_data
    evidence.add_evidence(
        **said(request, dispute),
        data=given["file"].read(),
        declared_name=given["file"].name,
        title=given["title"],
        source=given["source"],
        party_id=_key(given["party"]),
        evidence_id=form.key(),
    )


def drop_file(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Take a file out."""
    evidence.withdraw_evidence(**said(request, dispute), evidence_id=item.id, why=form.cleaned_data["why"])


def draft(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Begin the draft, or change it."""
    names = ("preamble", "place", "grace_days")
    given = {name: form.cleaned_data[name] for name in names}
    held = agreements.draft_of(dispute)
    if held is None:
        agreeing.draft_agreement(**said(request, dispute), **given, agreement_id=form.key())
    else:
        agreeing.change_agreement(**said(request, dispute), **given, agreement_id=held.id)


def drop_draft(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Remove the draft."""
    agreeing.drop_agreement(**said(request, dispute), agreement_id=item.id)


def add_clause(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Add a clause."""
    given = form.cleaned_data
    clause = agreeing.Clause(
        given["what"],
        UUID(given["owed_by"]),
        given["due_date"],
        _key(given["owed_to"]),
        given["amount"],
        given["parts"],
    )
    agreeing.add_obligation(
        **said(request, dispute), agreement_id=item.id, clause=clause, obligation_id=form.key()
    )


def drop_clause(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a clause out."""
    agreeing.withdraw_obligation(
        **said(request, dispute), agreement_id=item.agreement_id, obligation_id=item.id
    )


def note_signer(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Note a signature."""
    given = form.cleaned_data
    agreeing.note_signature(
        **said(request, dispute),
        **form.signer(),
        agreement_id=item.id,
        name=given["name"],
        mark=given["mark"],
        signer_id=form.key(),
    )


def drop_signer(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a signature back."""
    agreeing.withdraw_signature(**said(request, dispute), agreement_id=item.agreement_id, signer_id=item.id)


def sign(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Freeze the agreement."""
    day = form.cleaned_data["signed_date"]
    agreeing.sign_agreement(**said(request, dispute), agreement_id=item.id, signed_date=day)


def renew(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Begin a new version."""
    because = form.cleaned_data["why"]
    agreeing.renew_agreement(**said(request, dispute), because=because, agreement_id=form.key())


def pay(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Write a payment or deed down."""
    given = form.cleaned_data
    following.record_fulfilment(
        **said(request, dispute),
        obligation_id=item.id,
        done_date=given["done_date"],
        amount=given.get("amount"),
        said=given["said"],
        evidence_id=_key(given["evidence"]),
        fulfilment_id=form.key(),
    )


def withdraw_payment(request: Request, dispute: Any, item: Any, _form: Any) -> None:
    """Take a payment back."""
    following.withdraw_fulfilment(**said(request, dispute), fulfilment_id=item.id)


def waive(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """The other side lets it go."""
    following.waive_obligation(**said(request, dispute), obligation_id=item.id, why=form.cleaned_data["why"])


def break_it(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Declare a breach."""
    given = form.cleaned_data
    following.break_obligation(
        **said(request, dispute), obligation_id=item.id, why=given["why"], follows=given["follows"]
    )


def refer(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Send it on."""
    names = ("body", "office", "why", "sent", "sent_date", "ends_mediation")
    given = {name: form.cleaned_data[name] for name in names}
    referring.refer_dispute(
        **said(request, dispute),
        given=referring.ReferralGiven(**given, desk_id=_key(form.cleaned_data["desk"])),
        referral_id=form.key(),
    )


def reply(request: Request, dispute: Any, item: Any, form: Any) -> None:
    """Write an answer down."""
    given = form.cleaned_data
    referring.answer_referred(
        **said(request, dispute),
        referral_id=item.id,
        result=given["result"],
        answer=given["answer"],
        answered_date=given["answered_date"],
    )


def end(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """End it without an agreement."""
    given = form.cleaned_data
    opening.end_dispute(**said(request, dispute), outcome=given["outcome"], why=given["why"])


def reopen(request: Request, dispute: Any, _item: Any, form: Any) -> None:
    """Take it up again."""
    opening.reopen_dispute(**said(request, dispute), why=form.cleaned_data["why"])
