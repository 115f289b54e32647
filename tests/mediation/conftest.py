"""The cast, and a quarrel in Dungkait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from simpul.cases.actions import intake
from simpul.mediation.actions import agreeing, following, meeting, opening, parties
from simpul.mediation.models import Agreement, Dispute, Obligation, Party
from simpul.mediation.queries import screen
from tests.cast import NOW, Cast, assemble

SAFE = {one.key: "no" for one in screen.questions()}
DUE = date(2026, 12, 20)


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


def matter(cast: Cast, **given: Any) -> Any:
    """A quarrel taken in at the village's counter."""
    return cast.case(
        **{
            "by": cast.village_officer,
            "channel": "desk",
            "kind_code": "dispute",
            "text_given": "Batas kebun digeser saudara sepupu saya sejak pagar baru.",
            "answers": {"subject": "land", "parties": "Dua keluarga"},
            "reporter": intake.PersonGiven(name="Mansyur", phone="0812-4455-6678"),
            "consent": "spoken",
            **given,
        }
    )


def dispute(cast: Cast, by: Any = None, **given: Any) -> Dispute:
    """A dispute in the register."""
    said = opening.DisputeGiven(
        **{"subject": "land", "about": "Batas kebun di Taludu", "place": "Kebun", **given}
    )
    opened = opening.open_dispute(
        by=by or cast.village_officer, at=NOW, case_id=matter(cast).id, answers=SAFE, given=said
    )
    assert opened.dispute is not None
    return opened.dispute


def party(cast: Cast, one: Dispute, name: str = "Mansyur", role: str = "complainant", **given: Any) -> Party:
    """A party of it."""
    said = parties.PartyGiven(name=name, role=role, **given)
    return parties.record_party(by=cast.village_officer, at=NOW, dispute_id=one.id, given=said)


def mediator(cast: Cast, one: Dispute, name: str = "Haji Tompo", **given: Any) -> Any:
    """A mediator of it, named by the head."""
    said = parties.MediatorGiven(name=name, decision_number="01/2026", **given)
    return parties.name_mediator(by=cast.village_head, at=NOW, dispute_id=one.id, given=said)


def session(cast: Cast, one: Dispute) -> Any:
    """A session that has begun."""
    planned = meeting.plan_session(
        by=cast.village_officer, at=NOW, dispute_id=one.id, planned_at=NOW, place="Balai desa"
    )
    assert meeting.hold_session(
        by=cast.village_officer, at=NOW, dispute_id=one.id, session_id=planned.id, held_at=NOW, answers=SAFE
    )
    return planned


def ready(cast: Cast, **given: Any) -> tuple[Dispute, Party, Party]:
    """A dispute with two parties, a mediator and a session."""
    one = dispute(cast, **given)
    first = party(cast, one)
    second = party(cast, one, "Jufri", "respondent")
    mediator(cast, one)
    session(cast, one)
    return one, first, second


def drafted(
    cast: Cast, one: Dispute, owes: Party, gets: Party, *, parts: int = 1, amount: int | None = 900_000
) -> Agreement:
    """A draft with one clause, everybody's mark under it."""
    by = cast.village_officer
    draft = agreeing.draft_agreement(
        by=by, at=NOW, dispute_id=one.id, preamble="Sepakat damai.", place="Balai desa"
    )
    clause = agreeing.Clause("Mengganti rugi pagar", owes.id, DUE, gets.id, amount, parts)
    agreeing.add_obligation(by=by, at=NOW, dispute_id=one.id, agreement_id=draft.id, clause=clause)
    marks(cast, one, draft)
    return draft


def marks(cast: Cast, one: Dispute, draft: Agreement) -> None:
    """Everybody signs."""
    said: dict[str, Any] = {
        "by": cast.village_officer,
        "at": NOW,
        "dispute_id": one.id,
        "agreement_id": draft.id,
    }
    for side in Party.objects.filter(dispute=one, withdrawn_at=None):
        agreeing.note_signature(**said, part="party", party_id=side.id, mark="thumb")
    for led in one.mediators.filter(withdrawn_at=None, ended_at=None):
        agreeing.note_signature(**said, part="mediator", mediator_id=led.id)
    for name in ("Saksi Satu", "Saksi Dua"):
        agreeing.note_signature(**said, part="witness", name=name)


def signed(cast: Cast, **given: Any) -> tuple[Dispute, Agreement, list[Obligation]]:
    """A signed agreement."""
    one, first, second = ready(cast)
    draft = drafted(cast, one, second, first, **given)
    agreeing.sign_agreement(by=cast.village_officer, at=NOW, dispute_id=one.id, agreement_id=draft.id)
    return (
        Dispute.objects.get(id=one.id),
        Agreement.objects.get(id=draft.id),
        list(draft.obligations.filter(withdrawn_at=None).order_by("position")),
    )


def pay(cast: Cast, one: Dispute, row: Obligation, amount: int | None, **more: Any) -> Any:
    """A payment."""
    return following.record_fulfilment(
        by=cast.village_officer,
        at=NOW + timedelta(days=1),
        dispute_id=one.id,
        obligation_id=row.id,
        done_date=NOW.date(),
        amount=amount,
        **more,
    )
