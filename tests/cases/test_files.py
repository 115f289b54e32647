"""Files: judged by their bytes, kept by content, never served to who may not see the matter."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from simpul.cases.actions import files, following
from simpul.cases.models import Attachment, Case
from simpul.cases.queries import files as queries
from simpul.journal.models import Line
from simpul.lib import media
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from tests.cast import NOW, Cast


def photo() -> bytes:
    """A small JPEG with a place in its hidden data."""
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    Image.new("RGB", (300, 200), "white").save(target, "JPEG", exif=exif)
    return target.getvalue()


def proof_for(cast: Cast) -> tuple[Case, str]:
    """A matter and the proof of its owner."""
    opened = cast.opened()
    seen = following.follow_case(
        by=ANYBODY, at=NOW, number_or_receipt=opened.number, pin=opened.pin, address_hash="here"
    )
    return opened.case, seen.proof


def test_a_photo_is_made_anew_without_hidden_data_and_under_a_name_of_ours(cast: Cast) -> None:
    case = cast.case()
    kept = files.attach_case(
        by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="../../IMG Ibu Nurhayati.jpg"
    )
    assert (kept.kind, kept.mime, kept.name, kept.from_resident) == (
        "photo",
        "image/jpeg",
        "photo-1.jpg",
        False,
    )
    assert b"Kamera Rahasia" not in queries.read(kept) and len(kept.sha256) == 64
    assert Line.objects.get(kind="case.attach").facts["kind"] == "photo"


def test_a_resident_attaches_to_their_own_matter_only(cast: Cast) -> None:
    case, proof = proof_for(cast)
    kept = files.attach_case(
        by=ANYBODY, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg", proof=proof
    )
    assert kept.from_resident and queries.own_attachment(proof, kept.id) == kept
    other = cast.case()
    for case_id, given in ((other.id, proof), (case.id, ""), (other.id, "")):
        with pytest.raises(NotFound):
            files.attach_case(
                by=ANYBODY, at=NOW, case_id=case_id, data=photo(), declared_name="a.jpg", proof=given
            )
    _other, others_proof = proof_for(cast)
    with pytest.raises(NotFound):
        queries.own_attachment(others_proof, kept.id)


def test_a_residents_own_page_does_not_serve_the_officers_files(cast: Cast) -> None:
    case, proof = proof_for(cast)
    internal = files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")
    with pytest.raises(NotFound):
        queries.own_attachment(proof, internal.id)


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.jpg", media.FileEmpty),
        (b"MZ" + b"\0" * 200, "foto.jpg", media.FileRefused),
        (b"<script>alert(1)</script>", "foto.jpg", media.FileRefused),
        (photo()[:200], "foto.jpg", media.FileDamaged),
    ],
)
def test_each_bad_file_has_its_own_sentence_and_nothing_is_kept(
    cast: Cast, data: bytes, name: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        files.attach_case(by=cast.admin, at=NOW, case_id=cast.case().id, data=data, declared_name=name)
    assert not Attachment.objects.exists()


def test_a_matter_holds_a_bounded_number_of_files(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    case = cast.case()
    for _turn in range(2):
        files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")
    with pytest.raises(files.TooManyFiles):
        files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")


def test_who_does_not_see_the_matter_gets_no_file(cast: Cast) -> None:
    case = cast.case()
    kept = files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")
    assert queries.attachment_for(cast.approver, kept.id) == kept
    for by in (cast.neighbour, cast.partner, cast.administrator, cast.custodian, ANYBODY):
        with pytest.raises(NotFound):
            queries.attachment_for(by, kept.id)
    with pytest.raises(NotFound):
        files.attach_case(by=cast.neighbour, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")


def test_a_removed_file_is_served_no_more(cast: Cast) -> None:
    case = cast.case()
    kept = files.attach_case(by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="a.jpg")
    with pytest.raises(NotFound):
        files.remove_attachment(by=cast.neighbour, at=NOW, attachment_id=kept.id, reason="Bukan foto ini.")
    files.remove_attachment(by=cast.admin, at=NOW, attachment_id=kept.id, reason="Bukan foto ini.")
    for again in (
        lambda: queries.attachment_for(cast.admin, kept.id),
        lambda: files.remove_attachment(
            by=cast.admin, at=NOW, attachment_id=kept.id, reason="Bukan foto ini."
        ),
    ):
        with pytest.raises(NotFound):
            again()
    assert queries.attachments_of([case.id]) == []
    assert Line.objects.get(kind="attachment.remove").inputs["reason"] == "Bukan foto ini."


def test_boxes_must_lie_inside_the_photo(cast: Cast) -> None:
    kept = files.attach_case(
        by=cast.admin, at=NOW, case_id=cast.case().id, data=photo(), declared_name="a.jpg"
    )
    with pytest.raises(NotFound):
        queries.read(kept, masked=True)
    for boxes in ([(0, 0, 2, 1)], [(0, 0, 1)], [(0, 0, float("nan"), 1)], [(0.1, 0.1, 0.2, 0.2)] * 41):
        with pytest.raises(files.BoxesWrong):
            files.mask_photo(by=cast.admin, at=NOW, attachment_id=kept.id, boxes=boxes)  # type: ignore[arg-type]
    masked = files.mask_photo(by=cast.admin, at=NOW, attachment_id=kept.id, boxes=[])
    assert masked.masked_sha256 and queries.read(masked, masked=True)
    assert Line.objects.get(kind="photo.mask").facts["boxes"] == 0


def test_only_photos_are_blacked_out(cast: Cast) -> None:
    kept = files.attach_case(
        by=cast.admin, at=NOW, case_id=cast.case().id, data=photo(), declared_name="a.jpg"
    )
    Attachment.objects.filter(id=kept.id).update(kind="pdf")
    with pytest.raises(files.NotAPhoto):
        files.mask_photo(by=cast.admin, at=NOW, attachment_id=kept.id, boxes=[])
