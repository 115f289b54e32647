"""From the request to the release: who drafts, checks, approves, releases; what is refused, in words; what can be taken up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.cases.models import Answer, Case
from simpul.journal.models import Line
from simpul.letters.actions import (
    _approval,
    _authority,
    _letters,
    cancelling,
    checking,
    drafting,
    mandates,
    offices,
    releasing,
)
from simpul.letters.models import Letter, TakenNumber
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from tests.cast import DUNGKAIT, NOW, Cast
from tests.letters import desk

TODAY = NOW.date()
PLACES = "Menerangkan bahwa {nama} punya usaha {nama_usaha}, dipakai untuk {keperluan}. {tgl_surat|tanggal}"
BUSINESS = [{"code": "nama_usaha", "type": "text", "label": "Nama usaha", "required": True}]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> Any:
    """Files of a test stay with it."""
    settings.SIMPUL_FILES = tmp_path
    return tmp_path


def drafted(cast: Cast, **given: Any) -> Letter:
    """A letter that waits for the secretary."""
    letter = desk.asked(cast, **given).letter
    drafting.draft_letter(
        by=cast.village_officer, at=NOW, letter_id=letter.id, inputs={"nama_usaha": "Kios Harapan"}
    )
    return Letter.objects.get(id=letter.id)


def ways(cast: Cast, **given: Any) -> None:
    """How Dungkait writes letters."""
    said = offices.OfficeGiven(
        pattern="{kode_klasifikasi}/{urut:3}/{singkatan|kode_desa}/{bulan_romawi}/{tahun}", **given
    )
    offices.set_office(by=cast.village_head, at=NOW, region_code=DUNGKAIT, given=said)


def mandate(cast: Cast, part: str = "village_officer", **given: Any) -> Any:
    """A mandate of the head for the post officer."""
    wanted: dict[str, Any] = {
        "by": cast.village_head,
        "at": NOW,
        "region_code": DUNGKAIT,
        "seat_id": cast.seats[part].id,
        "decision_number": "188/12/2026",
        "decision_date": TODAY,
        "title": "Petugas Pos",
        "acts": ["receive", "draft", "release"],
        "from_date": TODAY,
        "to_date": TODAY + timedelta(days=30),
        **given,
    }
    return mandates.give_mandate(**wanted)


def states(letter: Letter) -> str:
    """Where a letter is now."""
    return Letter.objects.get(id=letter.id).state


def test_the_whole_way_gives_one_number_a_file_and_an_answer(cast: Cast, files: Any) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    ways(cast, short_code="DKT", signer_name="Sulaeman Hakim", signer_title="Kepala Desa Dungkait")
    letter = drafted(cast)
    assert letter.state == "drafted"
    checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    checking.approve_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    done = releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    assert done.number == "500.3/001/DKT/XI/2026"
    assert (done.authority, done.signer_title) == ("own", "Kepala Desa Dungkait")
    assert done.valid_until is not None and done.valid_until.month == 12
    assert "Kios Harapan" in done.body and len(done.digest) == 64
    assert FileStore(files).exists(done.pdf_sha256)
    case = Case.objects.get(id=letter.case_id)
    assert (case.state, case.decision) == ("answered", "issued")
    line = Line.objects.get(kind="letter.release")
    assert line.facts["number"] == done.number and line.facts["told"] == "answered"
    cancelling.hand_over_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert Letter.objects.get(id=letter.id).received_name == "Nurhayati"


def test_what_is_missing_is_named_and_nothing_typed_is_lost(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = desk.asked(cast).letter
    with pytest.raises(drafting.ValuesMissing, match="Nama usaha"):
        drafting.draft_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, inputs={})
    kept = drafting.draft_letter(
        by=cast.village_officer,
        at=NOW,
        letter_id=letter.id,
        inputs={},
        corrections={"pekerjaan": "Petani", "nomor_surat": "1", "apa_saja": "x"},
        finish=False,
    )
    assert kept.missing == ("nama_usaha",)
    assert kept.letter.state == "requested"
    facts = _letters.unpacked(Letter.objects.get(id=letter.id).facts)
    assert facts["pekerjaan"] == "Petani" and "nomor_surat" not in facts and "apa_saja" not in facts


def test_four_eyes_and_the_secretary_first(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)
    with pytest.raises(checking.NotAChecker):
        checking.check_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    with pytest.raises(_authority.MandateMissing):
        checking.approve_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    mandate(cast)
    with pytest.raises(_authority.CheckMissing):
        releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    done = releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert (done.authority, done.signer_name, done.signer_title) == ("an", "Ilham Rasyid", "Petugas Pos")
    assert done.mandate is not None


def test_a_delegate_works_alone_only_where_the_village_says_so(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    ways(cast, check_first=False)
    mandate(cast)
    letter = drafted(cast)
    with pytest.raises(_authority.OwnWork):
        releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert TakenNumber.objects.count() == 0
    ways(cast, check_first=True, alone=True)
    assert releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id).authority == "an"


def test_nobody_stands_under_a_letter_of_a_day_his_mandate_does_not_carry(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    ways(cast, alone=True)
    held = mandate(cast)
    letters = [drafted(cast) for _letter in range(2)]
    for one in letters:
        checking.approve_letter(by=cast.village_officer, at=NOW, letter_id=one.id)
        assert Letter.objects.get(id=one.id).authority == "an"
    late = releasing.release_letter(
        by=cast.village_head, at=NOW + timedelta(days=40), letter_id=letters[0].id
    )
    assert (late.authority, late.mandate, late.signer_name) == ("own", None, cast.village_head.name)
    mandates.end_mandate(by=cast.village_head, at=NOW, mandate_id=held.id, why="Kembali bertugas")
    with pytest.raises(_authority.MandateEnded):
        releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letters[1].id)
    done = releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letters[1].id)
    assert (done.authority, done.mandate) == ("own", None)


def test_the_head_may_write_and_release_what_he_wrote(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = desk.asked(cast).letter
    drafting.draft_letter(
        by=cast.village_head, at=NOW, letter_id=letter.id, inputs={"nama_usaha": "Kios Harapan"}
    )
    done = releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    assert (done.authority, done.signer_name) == ("own", "Sulaeman Hakim")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (
            {"from_date": TODAY - timedelta(days=9), "to_date": TODAY - timedelta(days=1)},
            _authority.MandateOver,
        ),
        ({"from_date": TODAY + timedelta(days=1)}, _authority.MandateEarly),
        ({"types": ["domisili"]}, _authority.MandateOtherType),
        ({"acts": ["receive", "draft"]}, _authority.MandateOtherAct),
    ],
)
def test_a_mandate_ends_at_its_dates_types_and_acts(cast: Cast, given: Any, refusal: Any) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    desk.kind("domisili")
    ways(cast, check_first=False)
    mandate(cast, **given)
    letter = desk.asked(cast).letter
    drafting.draft_letter(
        by=cast.secretary, at=NOW, letter_id=letter.id, inputs={"nama_usaha": "Kios Harapan"}
    )
    with pytest.raises(refusal, match="188/12/2026"):
        releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert states(letter) == "drafted"


def test_an_ended_mandate_carries_nothing_and_is_not_ended_twice(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    ways(cast, check_first=False)
    given = mandate(cast)
    mandates.end_mandate(by=cast.secretary, at=NOW, mandate_id=given.id, why="Pindah tugas")
    with pytest.raises(mandates.MandateEnded):
        mandates.end_mandate(by=cast.secretary, at=NOW, mandate_id=given.id, why="Pindah tugas")
    letter = drafted(cast)
    with pytest.raises(_authority.MandateEnded):
        releasing.release_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert Line.objects.filter(kind="mandate.end").count() == 1


def test_a_mandate_is_refused_in_words(cast: Cast) -> None:
    with pytest.raises(mandates.DatesBackwards):
        mandate(cast, to_date=TODAY - timedelta(days=1))
    with pytest.raises(mandates.DatesTooLong):
        mandate(cast, to_date=TODAY + timedelta(days=400))
    with pytest.raises(mandates.SeatUnfit):
        mandate(cast, "election")
    with pytest.raises(mandates.SeatUnfit):
        mandate(cast, "neighbour_officer")
    with pytest.raises(mandates.OwnMandate):
        mandate(cast, "secretary", by=cast.secretary)
    with pytest.raises(_letters.ChoiceUnknown):
        mandate(cast, acts=[])
    with pytest.raises(NotFound):
        mandate(cast, by=cast.village_officer)
    with pytest.raises(NotFound):
        mandate(cast, by=cast.neighbour_head)
    given = mandate(cast)
    with pytest.raises(NotFound):
        mandates.end_mandate(by=cast.neighbour_head, at=NOW, mandate_id=given.id, why="Bukan desa saya")


def test_requirements_and_the_rt_come_before_approval(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS, requirements=["R1", "R3"])
    ways(cast, confirm_first=True)
    letter = drafted(cast)
    mark = {"by": cast.village_officer, "at": NOW, "letter_id": letter.id}
    with pytest.raises(_approval.RequirementsOpen):
        checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    drafting.mark_requirement(**mark, code="R1", state="shown")
    with pytest.raises(drafting.ReasonMissing):
        drafting.mark_requirement(**mark, code="R3", state="waived")
    with pytest.raises(NotFound):
        drafting.mark_requirement(**mark, code="R9", state="shown")
    drafting.mark_requirement(**mark, code="R3", state="waived", why="KTP hilang, ada laporan")
    with pytest.raises(_approval.ConfirmationMissing):
        checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    say = {**mark, "name": "Daeng Bali", "office": "Ketua RT 02", "how": "phone"}
    drafting.confirm_letter(**say, agrees=False, words="Belum kenal")
    with pytest.raises(_approval.Disagrees):
        checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    drafting.confirm_letter(**say, agrees=True)
    assert checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id).state == "checked"


def test_back_for_correction_and_on_again(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)
    checking.check_letter(by=cast.secretary, at=NOW, letter_id=letter.id)
    checking.approve_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    back = checking.return_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Nama usaha keliru")
    assert (back.state, back.approved_at, back.checked_by_id) == ("returned", None, None)
    with pytest.raises(_letters.LetterMoved):
        checking.approve_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    drafting.draft_letter(
        by=cast.village_officer, at=NOW, letter_id=letter.id, inputs={"nama_usaha": "Kios Harapan Baru"}
    )
    assert states(letter) == "drafted"


def test_a_refusal_tells_the_applicant_and_may_be_taken_up_again(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)
    with pytest.raises(_authority.MandateMissing):
        checking.refuse_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, why="Bukan warga")
    with pytest.raises(_letters.WordsMissing):
        checking.refuse_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why=" ")
    checking.refuse_letter(by=cast.village_head, at=NOW, letter_id=letter.id, why="Usahanya belum ada")
    case = Case.objects.get(id=letter.case_id)
    assert (case.state, case.decision) == ("answered", "rejected")
    assert "Usahanya belum ada." in Answer.objects.get(case=case).text
    checking.resume_letter(by=cast.village_officer, at=NOW, letter_id=letter.id)
    assert states(letter) == "returned"
    drafting.draft_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, inputs={"nama_usaha": "Kios"})
    releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    assert Case.objects.get(id=letter.case_id).decision == "issued"


def test_withdrawn_by_who_asked(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = desk.asked(cast).letter
    checking.withdraw_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, why="Sudah tidak perlu")
    assert states(letter) == "withdrawn"
    with pytest.raises(_letters.LetterMoved):
        releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)


def test_a_cancelled_letter_keeps_its_number_void_with_the_reason(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)
    releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    with pytest.raises(NotFound):
        cancelling.cancel_letter(by=cast.village_officer, at=NOW, letter_id=letter.id, why="Salah nama")
    cancelling.cancel_letter(by=cast.secretary, at=NOW, letter_id=letter.id, why="Salah nama")
    kept = TakenNumber.objects.get()
    assert (kept.state, kept.why, kept.number) == ("void", "Salah nama", 1)
    other = drafted(cast)
    assert releasing.release_letter(by=cast.village_head, at=NOW, letter_id=other.id).taken.number == 2  # type: ignore[union-attr]


def test_two_letters_on_one_matter_are_answered_together(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    first = drafted(cast)
    second = desk.asked(cast, case_id=first.case_id).letter
    releasing.release_letter(by=cast.village_head, at=NOW, letter_id=first.id)
    assert Case.objects.get(id=first.case_id).state != "answered"
    checking.refuse_letter(by=cast.village_head, at=NOW, letter_id=second.id, why="Sudah ada satu")
    case = Case.objects.get(id=first.case_id)
    assert (case.state, case.decision) == ("answered", "issued")


def test_the_neighbour_sees_and_does_nothing(cast: Cast) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)
    for act in (checking.check_letter, checking.approve_letter, releasing.release_letter):
        for by in (
            cast.neighbour_head,
            cast.neighbour_officer,
            cast.partner,
            cast.election,
            cast.administrator,
        ):
            with pytest.raises(NotFound):
                act(by=by, at=NOW, letter_id=letter.id)


def test_what_sealing_refuses_releases_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.kind(body=PLACES, inputs=BUSINESS)
    letter = drafted(cast)

    def full(letter: Letter, *, at: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("simpul.letters.actions._sealing.seal", full)
    with pytest.raises(OSError, match="no space"):
        releasing.release_letter(by=cast.village_head, at=NOW, letter_id=letter.id)
    assert states(letter) == "drafted"
    assert TakenNumber.objects.count() == 0
