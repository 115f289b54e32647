"""Asking for a letter: one act for every door, one receipt, and the same press changes nothing."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from simpul.cases.actions import intake
from simpul.journal.models import Line
from simpul.letters.actions import requesting
from simpul.letters.models import Letter
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from tests.cast import BONTO_JAI, Cast
from tests.letters import desk


def photo() -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "JPEG")
    return kept.getvalue()


def test_the_same_press_gives_the_same_letter_and_receipt(cast: Cast) -> None:
    desk.kind(requirements=["R1", "R3"])
    key = uuid7()
    first = desk.asked(cast, letter_id=key, inputs={"nama_usaha": "Kios Harapan"})
    again = desk.asked(cast, letter_id=key, inputs={"nama_usaha": "Kios Harapan"})
    assert first.opened is not None and again.opened is not None
    assert (first.letter.id, first.opened.number, first.opened.pin) == (
        again.letter.id,
        again.opened.number,
        again.opened.pin,
    )
    assert Letter.objects.count() == 1
    assert first.letter.person_id == first.opened.case.reporter_id
    assert sorted(first.letter.shown.values_list("code", flat=True)) == ["R1", "R3"]
    line = Line.objects.get(kind="letter.request")
    assert "Kios" not in str(line.facts)


def test_residents_ask_by_themselves_only_for_what_may_be_asked_so(
    cast: Cast, settings: object, tmp_path: object
) -> None:
    settings.SIMPUL_FILES = tmp_path  # type: ignore[attr-defined]
    desk.kind(requirements=[{"code": "R3"}])
    desk.kind("jual_beli", self_service=False)
    given = desk.asked(
        cast,
        by=ANYBODY,
        channel="kiosk",
        requirements={"R3": requesting.Upload(photo()), "R9": requesting.Upload(b"x")},
    )
    assert given.opened is not None and given.opened.pin
    assert given.letter.shown.get().file_mime == "image/jpeg"
    with pytest.raises(requesting.ComeToThePost):
        desk.asked(cast, by=ANYBODY, channel="web", type_code="jual_beli")
    with pytest.raises(requesting.TypeUnknown):
        desk.asked(cast, by=ANYBODY, channel="web", type_code="surat_sakti")
    with pytest.raises(requesting.NameMissing):
        desk.asked(cast, applicant=intake.PersonGiven(phone="0812-4455-6677"))


def test_a_letter_joins_a_matter_that_is_there(cast: Cast) -> None:
    desk.kind("panggilan_mediasi", self_service=False)
    case = cast.case(kind_code="complaint", desk_id=cast.desk("village").id)
    joined = desk.asked(
        cast,
        type_code="panggilan_mediasi",
        case_id=case.id,
        applicant=intake.PersonGiven(name="Kantor Desa Dungkait"),
    )
    assert joined.opened is None
    assert joined.letter.case_id == case.id
    assert joined.letter.person is None


def test_who_may_not_ask_here(cast: Cast) -> None:
    desk.kind()
    for by in (cast.neighbour_officer, cast.partner, cast.election):
        with pytest.raises(NotFound):
            desk.asked(cast, by=by)
    hidden = cast.case(region_code=BONTO_JAI)
    with pytest.raises(NotFound):
        desk.asked(cast, case_id=hidden.id)
