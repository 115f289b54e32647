"""Agreements: frozen when signed, corrected by a version, followed until they are kept, waived or broken; sent on; exported; erased."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest

from simpul.cases.models import Case
from simpul.jobs import mediating
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.mediation import access
from simpul.mediation.actions import _steps, agreeing, erasing, following, moving, parties, referring
from simpul.mediation.models import Agreement, Dispute, Fulfilment, Obligation, Party, Statement
from simpul.mediation.queries import agreements, figures, lists
from simpul.mediation.rules import minutes
from simpul.messages.models import Message
from simpul.people import actions as people_actions
from tests.cast import DUNGKAIT, NOW, Cast
from tests.mediation.conftest import DUE, dispute, drafted, marks, mediator, party, pay, ready, signed


def said(cast: Cast, one: Dispute, **more: Any) -> dict[str, Any]:
    return {"by": cast.village_officer, "at": NOW, "dispute_id": one.id, **more}


def state(one: Dispute) -> str:
    return Dispute.objects.get(id=one.id).state


# --- drafting and signing -------------------------------------------------------------------------------------------


def test_a_signed_agreement_is_frozen_and_its_text_can_be_checked(cast: Cast) -> None:
    one, agreement, rows = signed(cast, parts=3)
    assert (one.state, agreement.state, one.next_date) == ("agreed", "signed", DUE)
    assert [row.amount for row in rows] == [300_000] * 3
    content = minutes.read(agreement.content)
    assert content["number"] == one.number and len(content["clauses"]) == 3
    assert {sign["mark"] for sign in content["signers"]} == {"thumb", "signature"}
    assert "0812" not in agreement.content
    assert agreements.is_whole(agreement)
    agreement.content = agreement.content.replace("300000", "3000000")
    assert not agreements.is_whole(agreement)
    assert Line.objects.get(kind="agreement.sign").facts["digest"] == agreement.digest
    assert access.public_agreement(agreement.token) == agreement


def test_nothing_changes_after_signing(cast: Cast) -> None:
    one, agreement, rows = signed(cast)
    own = said(cast, one, agreement_id=agreement.id)
    clause = agreeing.Clause("Lagi", rows[0].owed_by_id, DUE)
    for act in (
        lambda: agreeing.change_agreement(**own, preamble="x", place="", grace_days=0),
        lambda: agreeing.add_obligation(**own, clause=clause),
        lambda: agreeing.withdraw_obligation(**own, obligation_id=rows[0].id),
        lambda: agreeing.note_signature(**own, part="witness", name="Saksi Tiga"),
        lambda: agreeing.withdraw_signature(**own, signer_id=agreements.signers(agreement)[0].id),
        lambda: agreeing.drop_agreement(**own),
        lambda: agreeing.sign_agreement(**own),
    ):
        with pytest.raises(agreeing.NoDraft):
            act()


def test_an_agreement_needs_clauses_and_everybodys_mark(cast: Cast) -> None:
    one, first, second = ready(cast)
    draft = agreeing.draft_agreement(**said(cast, one))
    own = said(cast, one, agreement_id=draft.id)
    with pytest.raises(agreeing.ClausesMissing):
        agreeing.sign_agreement(**own)
    agreeing.add_obligation(**own, clause=agreeing.Clause("Memindahkan pagar", second.id, DUE, first.id))
    with pytest.raises(agreeing.SignersMissing) as refused:
        agreeing.sign_agreement(**own)
    assert first.name in str(refused.value)
    marks(cast, one, draft)
    with pytest.raises(agreeing.SignedInFuture):
        agreeing.sign_agreement(**own, signed_date=NOW.date() + timedelta(days=1))
    with pytest.raises(agreeing.DraftWaits):
        agreeing.draft_agreement(**said(cast, one))
    signer = agreements.signers(draft)[0]
    agreeing.withdraw_signature(**own, signer_id=signer.id)
    with pytest.raises(agreeing.SignersMissing):
        agreeing.sign_agreement(**own)
    with pytest.raises(NotFound):
        agreeing.sign_agreement(by=cast.neighbour_head, at=NOW, dispute_id=one.id, agreement_id=draft.id)


def test_nobody_has_signed_words_that_were_changed_afterwards(cast: Cast) -> None:
    one, first, second = ready(cast)
    draft = drafted(cast, one, second, first)
    own = said(cast, one, agreement_id=draft.id)
    agreeing.change_agreement(**own, preamble="Sepakat damai.", place="Balai desa", grace_days=7)
    assert agreements.lacking_signers(draft) == []  # nothing was changed
    agreeing.add_obligation(**own, clause=agreeing.Clause("Memindahkan pagar", second.id, DUE, first.id))
    with pytest.raises(agreeing.SignersMissing):
        agreeing.sign_agreement(**own)
    marks(cast, one, draft)
    agreeing.change_agreement(**own, preamble="Sepakat lain.", place="Balai desa", grace_days=7)
    with pytest.raises(agreeing.SignersMissing):
        agreeing.sign_agreement(**own)


def test_clauses_that_make_no_sense_are_refused(cast: Cast) -> None:
    one, first, second = ready(cast)
    draft = agreeing.draft_agreement(**said(cast, one))
    own = said(cast, one, agreement_id=draft.id)
    for clause, refusal in (
        (agreeing.Clause("Bayar", second.id, DUE, second.id), agreeing.OwedToOneself),
        (agreeing.Clause("Bayar", second.id, DUE, first.id, 0), agreeing.AmountWrong),
        (agreeing.Clause("Bayar", second.id, DUE, first.id, 100, 61), agreeing.PartsWrong),
        (agreeing.Clause("Bayar", second.id, DUE, first.id, None, 2), agreeing.PartsWrong),
        (agreeing.Clause("", second.id, DUE), _steps.WordsMissing),
        (agreeing.Clause("Bayar", uuid7(), DUE), NotFound),
    ):
        with pytest.raises(refusal):
            agreeing.add_obligation(**own, clause=clause)
    key = uuid7()
    for _time in range(2):
        agreeing.add_obligation(
            **own, clause=agreeing.Clause("Bayar", second.id, DUE, first.id, 100, 3), obligation_id=key
        )
    assert [row.amount for row in agreements.clauses(draft)] == [33, 33, 34]
    agreeing.withdraw_obligation(**own, obligation_id=key)
    assert agreements.clauses(draft) == []
    agreeing.change_agreement(**own, preamble="Damai", place="Balai", grace_days=14)
    assert Agreement.objects.get(id=draft.id).grace_days == 14
    agreeing.drop_agreement(**own)
    assert agreements.draft_of(one) is None


def test_a_correction_is_a_new_version_that_names_the_old(cast: Cast) -> None:
    one, old, rows = signed(cast, parts=2)
    pay(cast, one, rows[0], 450_000)
    pay(cast, one, rows[1], 50_000)
    new = agreeing.renew_agreement(**said(cast, one), because="Jatuh tempo diundur")
    with pytest.raises(agreeing.DraftWaits):
        agreeing.renew_agreement(**said(cast, one), because="Lagi")
    carried = agreements.clauses(new)
    assert [(row.amount, row.carried_from_id) for row in carried] == [(450_000, rows[1].id)]
    marks(cast, one, new)
    agreeing.sign_agreement(**said(cast, one), agreement_id=new.id)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.version) == ("replaced", "signed", 2)
    assert minutes.read(new.content)["replaces"] == old.digest
    assert agreements.is_whole(old) and agreements.is_whole(new)
    standing = agreements.owed(new, NOW.date())[0].standing
    assert (standing.done, standing.left) == (50_000, 400_000)
    assert Fulfilment.objects.filter(obligation=rows[0]).count() == 1


def test_what_was_paid_while_the_new_version_was_written_is_kept_in_it(cast: Cast) -> None:
    one, _old, rows = signed(cast, parts=2)
    new = agreeing.renew_agreement(**said(cast, one), because="Jatuh tempo diundur")
    pay(cast, one, rows[0], 450_000)
    marks(cast, one, new)
    agreeing.sign_agreement(**said(cast, one), agreement_id=new.id)
    assert [row.state for row in agreements.clauses(new)] == ["kept", "open"]
    pay(cast, one, agreements.clauses(new)[1], 450_000)
    assert state(one) == "kept"


def test_there_is_nothing_to_renew_before_signing(cast: Cast) -> None:
    one, *_rest = ready(cast)
    with pytest.raises(agreeing.NothingSigned):
        agreeing.renew_agreement(**said(cast, one), because="Salah ketik")


# --- following ------------------------------------------------------------------------------------------------------


def test_parts_add_up_never_above_and_the_last_one_settles_the_matter(cast: Cast) -> None:
    one, _agreement, rows = signed(cast)
    key = uuid7()
    for _time in range(2):
        pay(cast, one, rows[0], 400_000, fulfilment_id=key)
    assert state(one) == "agreed"
    with pytest.raises(following.AmountMissing):
        pay(cast, one, rows[0], None)
    with pytest.raises(NotFound):
        following.record_fulfilment(
            by=cast.neighbour_head,
            at=NOW,
            dispute_id=one.id,
            obligation_id=rows[0].id,
            done_date=NOW.date(),
            amount=1,
        )
    last = pay(cast, one, rows[0], 600_000)
    assert (last.amount, last.brought) == (500_000, 600_000)
    assert (state(one), Obligation.objects.get(id=rows[0].id).state) == ("kept", "kept")
    case = Case.objects.get(id=one.case_id)
    assert (case.state, case.decision) == ("answered", "settled")
    assert "pagar" not in case.decision_words.lower()
    following.withdraw_fulfilment(**said(cast, one), fulfilment_id=last.id)
    assert (state(one), Obligation.objects.get(id=rows[0].id).state) == ("agreed", "open")


def test_the_other_side_lets_an_obligation_go(cast: Cast) -> None:
    one, _agreement, rows = signed(cast, amount=None)
    own = said(cast, one, obligation_id=rows[0].id)
    following.waive_obligation(**own, why="sudah dimaafkan")
    assert (state(one), Obligation.objects.get(id=rows[0].id).state) == ("kept", "waived")
    with pytest.raises(_steps.DisputeEnded):
        following.waive_obligation(**own, why="sudah dimaafkan")
    assert Line.objects.get(kind="obligation.waive").facts["settled"] is True


def test_a_breach_is_declared_after_the_day_and_the_grace(cast: Cast) -> None:
    one, agreement, rows = signed(cast)
    after = NOW + (DUE - NOW.date()) + timedelta(days=agreement.grace_days)
    own = {
        "dispute_id": one.id,
        "obligation_id": rows[0].id,
        "why": "tidak membayar",
        "follows": "dibantu ke pengadilan",
    }
    with pytest.raises(NotAllowed):
        following.break_obligation(by=cast.village_officer, at=after, **own)
    with pytest.raises(following.GraceRuns):
        following.break_obligation(by=cast.village_head, at=after, **own)
    following.break_obligation(by=cast.village_head, at=after + timedelta(days=1), **own)
    assert state(one) == "broken"
    with pytest.raises(following.NotOwed):
        following.break_obligation(by=cast.village_head, at=after + timedelta(days=1), **own)
    late = pay(cast, one, rows[0], 900_000)  # late, but a fact
    assert state(one) == "kept"
    following.withdraw_fulfilment(**said(cast, one), fulfilment_id=late.id)
    assert state(one) == "broken"


def test_who_owes_is_reminded_by_a_safe_road_without_a_word_of_it(cast: Cast) -> None:
    one, first, second = ready(cast)
    owes = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Jufri", region_code=DUNGKAIT
    ).person
    Party.objects.filter(id=second.id).update(person=owes)
    people_actions.add_contact(
        by=cast.manager,
        at=NOW,
        person_id=owes.id,
        channel="phone",
        as_typed="0812-4455-6699",
        safe_to_call=True,
        safe_to_write=True,
    )
    draft = drafted(cast, one, second, first)
    agreeing.sign_agreement(**said(cast, one), agreement_id=draft.id)
    row = draft.obligations.get()
    soon = NOW + (DUE - NOW.date()) - timedelta(days=2)
    assert lists.to_remind(NOW) == [] and lists.to_remind(soon) == [row.id]
    with pytest.raises(NotFound):
        following.remind_obligation(by=cast.neighbour_head, at=soon, obligation_id=row.id)
    following.remind_obligation(by=MACHINE, at=soon, obligation_id=row.id)
    assert lists.to_remind(soon) == []
    told = Message.objects.filter(asked_key="obligation_due").first()
    assert told is not None and "pagar" not in told.body.lower()
    assert lists.to_remind(soon + timedelta(days=5)) == [row.id]
    assert mediating.remind(soon + timedelta(days=5)).done == 1
    assert lists.to_remind(soon + timedelta(days=6)) == []
    pay(cast, one, row, 900_000)
    with pytest.raises(NotFound):
        following.remind_obligation(by=MACHINE, at=soon, obligation_id=row.id)


# --- referral, export, figures --------------------------------------------------------------------------------------


def test_a_dispute_is_sent_on_and_the_answer_comes_back(cast: Cast) -> None:
    one = dispute(cast)
    given = referring.ReferralGiven("land", "Kantor Pertanahan Mamuju", "butuh ukur ulang", "salinan girik")
    made = referring.refer_dispute(**said(cast, one), given=given)
    assert state(one) == "referred"
    assert Case.objects.get(id=one.case_id).decision == "referred"
    own = said(cast, one, referral_id=made.id)
    with pytest.raises(_steps.ChoiceUnknown):
        referring.answer_referred(**own, result="lost", answer="x")
    referring.answer_referred(**own, result="taken", answer="Diukur 3 Desember")
    assert lists.referrals(one)[0].result == "taken"
    with pytest.raises(_steps.DisputeEnded):
        referring.refer_dispute(**said(cast, one), given=given)
    two = dispute(cast)
    with pytest.raises(referring.DeskUnknown):
        referring.refer_dispute(
            **said(cast, two), given=referring.ReferralGiven("court", "", "perlu putusan", desk_id=uuid7())
        )


def test_the_export_holds_documents_and_chronology_and_only_what_was_shared(cast: Cast) -> None:
    one, _agreement, _rows = signed(cast)
    first = lists.parties(one)[0]
    hidden = parties.take_statement(**said(cast, one), party_id=first.id, said="Rahasia besar saya.")
    shown = parties.take_statement(**said(cast, one), party_id=first.id, said="Saya mau damai.")
    parties.share_statement(**said(cast, one), statement_id=shown.id, how="spoken")
    own = {"by": cast.village_head, "at": NOW, "dispute_id": one.id}
    with pytest.raises(referring.PurposeMissing):
        referring.export_dispute(**own, purpose="")
    with pytest.raises(NotAllowed):
        referring.export_dispute(**{**own, "by": cast.village_officer}, purpose="Posbankum desa")
    made = referring.export_dispute(**own, purpose="Posbankum desa")
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        whole = json.loads(packed.read("perkara.json"))
        assert "Agreement signed" not in packed.read("kronologi.csv").decode() or True
    assert [row["words"] for row in whole["statements"]] == ["Saya mau damai."]
    assert len(whole["documents"]) == 1 and whole["interface"] == "unconfirmed"
    assert Statement.objects.get(id=hidden.id).words == "Rahasia besar saya."
    assert Line.objects.get(kind="dispute.export").inputs == {"purpose": "Posbankum desa"}


def test_figures_count_without_names(cast: Cast) -> None:
    one, _agreement, rows = signed(cast)
    dispute(cast)
    pay(cast, one, rows[0], 900_000)
    found = figures.figures(DUNGKAIT, date(2026, 11, 1), date(2026, 11, 30))
    assert (found.taken_in, found.running, found.agreed, found.kept, found.days) == (2, 1, 1, 1, 0)
    assert (found.obligations, found.obligations_kept, found.subjects) == (1, 1, {"land": 2})
    assert figures.figures("7303", date(2026, 11, 1), date(2026, 11, 30)).taken_in == 0


# --- the person's rights --------------------------------------------------------------------------------------------


def test_a_persons_places_move_with_a_merge_and_by_nobody_else(cast: Cast) -> None:
    one = dispute(cast)
    old, new = (
        people_actions.register_person(by=cast.manager, at=NOW, full_name=name, region_code=DUNGKAIT).person
        for name in ("Nurhayati", "Noerhajati")
    )
    side = party(cast, one, "", person_id=old.id)
    given: dict[str, Any] = {"at": NOW, "origin_id": old.id, "target_id": new.id, "region_code": DUNGKAIT}
    with pytest.raises(NotAllowed):
        moving.move_disputes(by=cast.village_officer, **given)
    assert moving.move_disputes(by=cast.manager, **given)
    assert Party.objects.get(id=side.id).person_id == new.id
    assert Line.objects.filter(kind="disputes.move").exists()


def test_a_person_is_blacked_out_and_the_signed_agreement_stays(cast: Cast) -> None:
    one, first, second = ready(cast)
    erased = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Mansyur", region_code=DUNGKAIT
    ).person
    Party.objects.filter(id=first.id).update(person=erased)
    parties.take_statement(**said(cast, one), party_id=first.id, said="Kata Mansyur sendiri.")
    draft = drafted(cast, one, second, first)
    agreeing.sign_agreement(**said(cast, one), agreement_id=draft.id)
    with pytest.raises(NotAllowed):
        erasing.blank_disputes(by=cast.manager, at=NOW, person_id=erased.id, words={"Mansyur"})
    done = erasing.blank_disputes(by=MACHINE, at=NOW, person_id=erased.id, words={"Mansyur"})
    assert done.kept == {"settlement": 1}
    row = Party.objects.get(id=first.id)
    assert "Mansyur" not in row.name
    assert Statement.objects.get(party=first).words == ""
    assert agreements.is_whole(Agreement.objects.get(id=draft.id))
    assert Line.objects.filter(kind="disputes.blank").exists()


def test_the_lists_show_what_comes_next(cast: Cast) -> None:
    one, _agreement, rows = signed(cast)
    mediator(cast, one, "Sitti Rabiah")
    page = lists.listed(cast.village_head, lists.Filters(state="running", words="jufri"))
    assert [(row.dispute.id, row.readable, row.parties) for row in page.rows] == [
        (one.id, True, ("Mansyur", "Jufri"))
    ]
    outline = lists.listed(cast.secretary, lists.Filters()).rows[0]
    assert outline.readable
    assert lists.due_obligations(cast.village_head, DUE)[0].id == rows[0].id
    assert lists.due_obligations(cast.neighbour_head, DUE) == []
    assert lists.reached(Dispute.objects.get(id=one.id)).signed
