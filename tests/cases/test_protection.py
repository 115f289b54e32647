"""What keeps a matter safe: screening, seals, exclusions, broken glass, hidden names."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from simpul.cases import access, search
from simpul.cases.actions import following, handling, intake, protection
from simpul.cases.models import BreakGlass, Case, CaseWords, Clock, IdentityRequest, Reader
from simpul.cases.queries import protection as queries
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages.models import Message
from tests.cast import NOW, Cast

WHY = "Anak ini dalam bahaya malam ini juga."
LATER = NOW + timedelta(hours=1)
DANGER = "Petugas minta ditemani tidur supaya kami dapat bantuan."


def sees(cast: Cast, part: str, case: Case) -> bool:
    """Whether somebody of the cast sees a case."""
    return access.visible(getattr(cast, part)).filter(id=case.id).exists()


# --- screening ------------------------------------------------------------------------------------------------------


def test_a_flagged_matter_is_closed_until_somebody_judges_it(cast: Cast) -> None:
    case = cast.case(text_given=DANGER)
    assert (case.sensitivity, case.screening, case.holder.code) == ("sealed", "flagged", "protected")
    assert sees(cast, "focal", case)
    assert not any(
        sees(cast, part, case) for part in ("admin", "manager", "approver", "village_officer", "neighbour")
    )
    assert [one.id for one in queries.flagged(cast.focal)] == [case.id]


def test_judged_harmless_it_goes_where_it_would_have_gone_and_lost_no_time(cast: Cast) -> None:
    case = cast.case(text_given=DANGER)
    due = Clock.objects.get(case=case, key="answer").due_at
    protection.screen_case(
        by=cast.focal,
        at=NOW + timedelta(days=2),
        case_id=case.id,
        sensitive=False,
        reason="Hanya kutipan lagu.",
    )
    case.refresh_from_db()
    assert (case.sensitivity, case.screening, case.holder.code, case.acting.code) == (
        "normal",
        "judged",
        "centre",
        "centre",
    )
    assert Clock.objects.get(case=case, key="answer").due_at == due == case.due_at
    assert not Clock.objects.filter(case=case, key="protect", stopped_at=None).exists()
    assert sees(cast, "admin", case)
    assert search.find_cases(cast.admin, "ditemani tidur") == [case.id]
    line = Line.objects.get(kind="case.screen")
    assert line.facts["sensitive"] is False and line.inputs["reason"] == "Hanya kutipan lagu."


def test_judged_sensitive_it_stays_sealed(cast: Cast) -> None:
    case = cast.case(text_given=DANGER)
    protection.screen_case(
        by=cast.focal, at=LATER, case_id=case.id, sensitive=True, reason="Korban butuh perlindungan."
    )
    case.refresh_from_db()
    assert (case.sensitivity, case.screening, case.holder.code) == ("sealed", "judged", "protected")
    assert queries.flagged(cast.focal) == []


def test_it_is_judged_once(cast: Cast) -> None:
    case = cast.case(text_given=DANGER)
    protection.screen_case(
        by=cast.focal, at=LATER, case_id=case.id, sensitive=True, reason="Sudah diperiksa."
    )
    with pytest.raises(protection.AlreadyJudged):
        protection.screen_case(
            by=cast.focal, at=LATER, case_id=case.id, sensitive=False, reason="Sudah diperiksa."
        )


def test_words_added_later_are_judged_without_moving_the_matter(cast: Cast) -> None:
    opened = cast.opened()
    seen = following.follow_case(
        by=ANYBODY, at=NOW, number_or_receipt=opened.number, pin=opened.pin, address_hash="here"
    )
    following.add_case(by=ANYBODY, at=LATER, proof=seen.proof, words="Tukang lampunya mengancam saya.")
    Case.objects.filter(id=opened.case.id).update(holder=cast.desk("shelter"), acting=cast.desk("shelter"))
    protection.screen_case(
        by=cast.focal, at=LATER, case_id=opened.case.id, sensitive=False, reason="Hanya kiasan."
    )
    case = Case.objects.get(id=opened.case.id)
    assert (case.screening, case.sensitivity, case.holder.code) == ("judged", "normal", "shelter")


def test_a_kind_that_is_always_sealed_cannot_be_opened_by_a_judgement(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given=DANGER)
    with pytest.raises(protection.SealedByKind):
        protection.unseal_case(by=cast.focal, at=LATER, case_id=case.id, reason="Salah pilih jenis.")
    assert Case.objects.get(id=case.id).sensitivity == "sealed"


# --- seals ----------------------------------------------------------------------------------------------------------


def test_sealing_takes_a_matter_out_of_lists_and_search_at_once(cast: Cast) -> None:
    desk = cast.desk("protected")
    desk.email = "perlindungan@contoh.invalid"
    desk.save()
    case = cast.case()
    assert search.find_cases(cast.admin, "lampu jalan") == [case.id]
    protection.seal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Ternyata ada kekerasan.")
    case.refresh_from_db()
    assert (case.sensitivity, case.holder.code, case.acting.code) == ("sealed", "protected", "protected")
    assert not CaseWords.objects.filter(case=case).exists()
    assert search.find_cases(cast.admin, "lampu jalan") == [] == search.find_cases(cast.focal, "lampu jalan")
    assert search.find_cases(cast.admin, case.number) == []
    assert search.find_cases(cast.focal, case.number) == [case.id]
    assert not sees(cast, "admin", case) and not sees(cast, "manager", case)
    assert (
        Clock.objects.filter(case=case, key="protect", unit="hours", amount=24, stopped_at=None).count() == 1
    )
    assert Line.objects.filter(kind="case.seal", subject_id=case.id).count() == 1


def test_messages_that_nobody_has_got_yet_are_held_back(cast: Cast) -> None:
    case = cast.case(
        reporter=intake.PersonGiven(name="Nurhayati", email="nur@contoh.invalid", safe_to_write=True)
    )
    waiting = Message.objects.filter(subject_id=case.id, state="queued")
    assert waiting.exists()
    protection.seal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Ternyata ada kekerasan.")
    assert not waiting.exclude(text_key="desk_protected").exists()
    assert all(case.number not in message.body for message in Message.objects.filter(subject_id=case.id))


def test_readers_named_to_it_see_it_and_only_they(cast: Cast) -> None:
    case = cast.case()
    protection.seal_case(
        by=cast.admin,
        at=LATER,
        case_id=case.id,
        reason="Ternyata ada kekerasan.",
        reader_ids=[cast.manager.user_id],
    )
    assert sees(cast, "manager", case) and not sees(cast, "approver", case)
    protection.unseal_case(by=cast.focal, at=LATER, case_id=case.id, reason="Sudah aman dan selesai.")
    assert not Reader.objects.filter(case=case).exists()
    assert search.find_cases(cast.focal, "lampu jalan") == [case.id]


def test_what_sealing_and_unsealing_refuse(cast: Cast) -> None:
    case = cast.case()
    with pytest.raises(protection.NotSealed):
        protection.unseal_case(by=cast.focal, at=NOW, case_id=case.id, reason="Tidak perlu.")
    with pytest.raises(protection.ReaderUnknown):
        protection.seal_case(
            by=cast.admin, at=NOW, case_id=case.id, reason="Ada bahaya.", reader_ids=[uuid4()]
        )
    protection.seal_case(by=cast.admin, at=NOW, case_id=case.id, reason="Ada bahaya.")
    with pytest.raises(protection.AlreadySealed):
        protection.seal_case(by=cast.focal, at=NOW, case_id=case.id, reason="Ada bahaya.")
    with pytest.raises(NotFound):
        protection.unseal_case(by=cast.admin, at=NOW, case_id=case.id, reason="Tidak perlu.")


def test_every_look_at_a_sealed_matter_leaves_a_line(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given="Saya takut pulang.")
    assert protection.view_sealed_case(by=cast.focal, at=LATER, case_id=case.id, why="Memulai").id == case.id
    line = Line.objects.get(kind="case.view_sealed")
    assert (line.subject_id, line.actor_name) == (case.id, "Hamida Yunus")
    for part in ("admin", "manager", "neighbour", "neighbour_manager", "administrator", "protection_officer"):
        with pytest.raises(NotFound):
            protection.view_sealed_case(by=getattr(cast, part), at=LATER, case_id=case.id)
    with pytest.raises(protection.NotSealed):
        protection.view_sealed_case(by=cast.focal, at=LATER, case_id=cast.case().id)


# --- exclusions -----------------------------------------------------------------------------------------------------


def test_a_person_kept_away_sees_nothing_and_nothing_tells_them(cast: Cast) -> None:
    case = cast.case()
    protection.exclude_case(
        by=cast.manager, at=LATER, case_id=case.id, reason="Ia dilaporkan.", user_id=cast.second_admin.user_id
    )
    assert sees(cast, "admin", case) and not sees(cast, "second_admin", case)
    assert search.find_cases(cast.second_admin, case.number) == []
    with pytest.raises(NotFound):
        handling.claim_case(by=cast.second_admin, at=LATER, case_id=case.id)


def test_a_desk_kept_away_loses_the_matter_to_the_protected_desk(cast: Cast) -> None:
    case = cast.case()
    protection.exclude_case(
        by=cast.manager,
        at=LATER,
        case_id=case.id,
        reason="Meja ini dilaporkan.",
        desk_id=cast.desk("centre").id,
    )
    case.refresh_from_db()
    assert case.holder.code == "protected" == case.acting.code
    assert not sees(cast, "admin", case) and sees(cast, "focal", case)


def test_an_exclusion_is_lifted_with_a_reason(cast: Cast) -> None:
    case = cast.case()
    made = protection.exclude_case(
        by=cast.manager, at=LATER, case_id=case.id, reason="Ia dilaporkan.", user_id=cast.second_admin.user_id
    )
    protection.readmit_case(
        by=cast.manager, at=LATER, case_id=case.id, exclusion_id=made.id, reason="Salah orang."
    )
    assert sees(cast, "second_admin", case)
    with pytest.raises(NotFound):
        protection.readmit_case(
            by=cast.manager, at=LATER, case_id=case.id, exclusion_id=made.id, reason="Salah orang."
        )
    assert Line.objects.filter(kind__in=("case.exclude", "case.readmit"), subject_id=case.id).count() == 2


def test_the_last_pair_of_eyes_stays(cast: Cast) -> None:
    sealed = cast.case(kind_code="protected_report", text_given="Saya takut pulang.")
    with pytest.raises(protection.NobodyLeft):
        protection.exclude_case(
            by=cast.focal, at=LATER, case_id=sealed.id, reason="Ia dilaporkan.", user_id=cast.focal.user_id
        )
    assert sees(cast, "focal", sealed)
    open_one = cast.case()
    for part in ("admin", "second_admin"):
        protection.exclude_case(
            by=cast.manager,
            at=LATER,
            case_id=open_one.id,
            reason="Ia dilaporkan.",
            user_id=getattr(cast, part).user_id,
        )
    with pytest.raises(protection.NobodyLeft):
        protection.exclude_case(
            by=cast.manager,
            at=LATER,
            case_id=open_one.id,
            reason="Ia dilaporkan.",
            user_id=cast.approver.user_id,
        )


def test_somebody_must_be_named(cast: Cast) -> None:
    case = cast.case()
    for wrong in (
        {},
        {"user_id": uuid4()},
        {"desk_id": uuid4()},
        {"user_id": cast.admin.user_id, "desk_id": cast.desk("water").id},
    ):
        with pytest.raises(protection.NobodyToExclude):
            protection.exclude_case(
                by=cast.manager, at=LATER, case_id=case.id, reason="Ia dilaporkan.", **wrong
            )
    with pytest.raises(NotAllowed):
        protection.exclude_case(
            by=cast.admin,
            at=LATER,
            case_id=case.id,
            reason="Ia dilaporkan.",
            user_id=cast.second_admin.user_id,
        )


# --- emergencies ----------------------------------------------------------------------------------------------------


def test_breaking_the_glass_opens_for_four_hours_alerts_and_is_written_down(cast: Cast) -> None:
    desk = cast.desk("protected")
    desk.email = "perlindungan@contoh.invalid"
    desk.save()
    case = cast.case(kind_code="protected_report", text_given="Saya takut pulang.")
    before = Message.objects.filter(text_key="desk_protected").count()
    assert queries.sealed_by_number(cast.manager, case.number) == case.id
    glass = protection.break_glass_case(by=cast.manager, at=NOW, case_id=case.id, reason=WHY)
    assert glass.until_at == NOW + timedelta(hours=4)
    assert Message.objects.filter(text_key="desk_protected").count() == before + 1
    assert [one.id for one in queries.broken_glass(cast.focal, NOW)] == [glass.id]
    line = Line.objects.get(kind="case.break_glass")
    assert (line.inputs["reason"], line.actor_name) == (WHY, "Marwah Tahir")


@pytest.mark.parametrize(
    "part",
    ["admin", "approver", "village_officer", "neighbour", "neighbour_manager", "administrator", "custodian"],
)
def test_who_may_not_break_it_learns_nothing(cast: Cast, part: str) -> None:
    case = cast.case(kind_code="protected_report", text_given="Saya takut pulang.")
    by = getattr(cast, part)
    assert queries.sealed_by_number(by, case.number) is None
    for target in (case.id, uuid4()):
        with pytest.raises(NotFound):
            protection.break_glass_case(by=by, at=NOW, case_id=target, reason=WHY)
    assert not BreakGlass.objects.exists()


def test_the_one_complained_about_cannot_break_it(cast: Cast) -> None:
    party = intake.PartyGiven(role="accused", name="Marwah Tahir", user_id=cast.manager.user_id)
    case = cast.case(kind_code="protected_report", text_given="Saya takut pulang.", parties=[party])
    with pytest.raises(NotFound):
        protection.break_glass_case(by=cast.manager, at=NOW, case_id=case.id, reason=WHY)


def test_an_emergency_needs_a_reason_and_a_sealed_matter(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given="Saya takut pulang.")
    with pytest.raises(protection.ReasonTooShort):
        protection.break_glass_case(by=cast.manager, at=NOW, case_id=case.id, reason="perlu")
    with pytest.raises(NotFound):
        protection.break_glass_case(by=cast.manager, at=NOW, case_id=cast.case().id, reason=WHY)


# --- who reported ---------------------------------------------------------------------------------------------------


def test_a_hidden_name_is_shown_to_the_asker_alone_for_seven_days(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    assert not access.sees_reporter(cast.admin, case, at=NOW)
    request = protection.ask_identity(
        by=cast.admin, at=NOW, case_id=case.id, reason="Perlu mengantar bantuan ke rumahnya."
    )
    assert [one.id for one in queries.identity_requests(cast.custodian)] == [request.id]
    protection.decide_identity(
        by=cast.custodian,
        at=NOW,
        request_id=request.id,
        granted=True,
        reason="Bantuan tidak dapat diantar tanpa nama.",
    )
    assert access.sees_reporter(cast.admin, case, at=NOW + timedelta(days=6))
    assert not access.sees_reporter(cast.admin, case, at=NOW + timedelta(days=8))
    assert not access.sees_reporter(cast.second_admin, case, at=NOW)
    assert Line.objects.filter(kind__in=("identity.ask", "identity.decide"), subject_id=case.id).count() == 2


def test_a_refusal_shows_nothing_and_is_kept(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    request = protection.ask_identity(
        by=cast.admin, at=NOW, case_id=case.id, reason="Perlu mengantar bantuan ke rumahnya."
    )
    decided = protection.decide_identity(
        by=cast.custodian,
        at=NOW,
        request_id=request.id,
        granted=False,
        reason="Nama tidak diperlukan untuk lampu jalan.",
    )
    assert decided.granted is False and decided.until_at is None
    assert not access.sees_reporter(cast.admin, case, at=NOW)
    with pytest.raises(NotFound):
        protection.decide_identity(by=cast.custodian, at=NOW, request_id=request.id, granted=True, reason=WHY)


def test_what_asking_and_deciding_refuse(cast: Cast) -> None:
    with pytest.raises(protection.NotHidden):
        protection.ask_identity(by=cast.admin, at=NOW, case_id=cast.case().id, reason=WHY)
    case = cast.case(hide_name=True)
    with pytest.raises(protection.ReasonTooShort):
        protection.ask_identity(by=cast.admin, at=NOW, case_id=case.id, reason="ingin tahu")
    request = protection.ask_identity(by=cast.admin, at=NOW, case_id=case.id, reason=WHY)
    with pytest.raises(protection.RequestWaits):
        protection.ask_identity(by=cast.admin, at=NOW, case_id=case.id, reason=WHY)
    for part in ("admin", "manager", "focal", "neighbour_manager"):
        with pytest.raises(NotFound):
            protection.decide_identity(
                by=getattr(cast, part), at=NOW, request_id=request.id, granted=True, reason=WHY
            )
    IdentityRequest.objects.filter(id=request.id).update(asked_by_user_id=cast.custodian.user_id)
    with pytest.raises(protection.OwnRequest):
        protection.decide_identity(by=cast.custodian, at=NOW, request_id=request.id, granted=True, reason=WHY)


def test_the_public_can_do_none_of_it(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    for call in (
        lambda: protection.seal_case(by=ANYBODY, at=NOW, case_id=case.id, reason=WHY),
        lambda: protection.screen_case(by=ANYBODY, at=NOW, case_id=case.id, sensitive=True, reason=WHY),
        lambda: protection.break_glass_case(by=ANYBODY, at=NOW, case_id=case.id, reason=WHY),
        lambda: protection.view_sealed_case(by=ANYBODY, at=NOW, case_id=case.id),
        lambda: protection.ask_identity(by=ANYBODY, at=NOW, case_id=case.id, reason=WHY),
    ):
        with pytest.raises(NotFound):
            call()
