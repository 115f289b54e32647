"""Publishing: two people, no personal data, and what disappears again."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from simpul.cases.actions import files, handling, intake, protection, publishing
from simpul.cases.models import Case, Publication, PublicationVersion, PublicationWords
from simpul.cases.queries import files as file_queries
from simpul.cases.queries import publishing as queries
from simpul.cases.rules import publication as rules
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=1)
WORDS = {
    "title": "Lampu jalan padam",
    "text": "Warga melaporkan lampu jalan padam sejak sebulan.",
    "answer": "Lampu sudah diganti oleh dinas.",
}


def answered(cast: Cast, **given_: Any) -> Case:
    """A matter that was answered by the call centre."""
    case = cast.case(**given_)
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    handling.answer_case(by=cast.admin, at=NOW, case_id=case.id, text=WORDS["answer"], decision="upheld")
    return Case.objects.get(id=case.id)


def prepared(cast: Cast, case: Case, **changes: Any) -> Publication:
    """The matter offered for release."""
    return publishing.prepare_publication(by=cast.admin, at=LATER, case_id=case.id, **{**WORDS, **changes})


def released(cast: Cast, **given_: Any) -> Publication:
    """The matter on the portal."""
    publication = prepared(cast, answered(cast, **given_))
    publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)
    publication.refresh_from_db()
    return publication


# --- the way to the public ------------------------------------------------------------------------------------------


def test_what_one_prepares_another_releases_and_then_the_public_reads_it(cast: Cast) -> None:
    case = answered(cast)
    publication = prepared(cast, case)
    assert queries.for_public().rows == () and queries.public_one(publication.slug) is None
    assert [one.id for one in queries.awaiting_release(cast.approver)] == [publication.id]
    publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)
    (shown,) = queries.for_public().rows
    assert (shown.title, shown.desk_name, shown.decision) == (
        "Lampu jalan padam",
        "Call Center Mamuju",
        "upheld",
    )
    assert "Dungkait" in shown.place_words and "Taludu" not in shown.place_words
    assert queries.public_one(publication.slug) == shown
    assert queries.feed() == [shown]
    kinds = list(
        Line.objects.filter(subject_id=case.id, kind__startswith="publication").values_list("kind", flat=True)
    )
    assert sorted(kinds) == ["publication.prepare", "publication.release"]


def test_nobody_releases_what_they_prepared(cast: Cast) -> None:
    case = answered(cast)
    publication = prepared(cast, case)
    Publication.objects.filter(id=publication.id).update(prepared_by_user_id=cast.approver.user_id)
    with pytest.raises(publishing.OwnPublication):
        publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)
    assert queries.for_public().rows == ()


def test_a_returned_publication_is_prepared_again(cast: Cast) -> None:
    case = answered(cast)
    publication = prepared(cast, case)
    publishing.return_publication(
        by=cast.approver, at=LATER, publication_id=publication.id, reason="Judul terlalu umum."
    )
    assert [one.id for one in queries.returned_to(cast.admin)] == [publication.id]
    with pytest.raises(publishing.PublicationMoved):
        publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)
    again = prepared(cast, case, title="Lampu jalan padam di Dungkait")
    assert (again.id, again.state, again.return_reason) == (publication.id, "offered", "")


def test_who_may_not_prepare_or_release(cast: Cast) -> None:
    case = answered(cast)
    for by in (cast.neighbour, cast.neighbour_manager, cast.administrator, cast.pokja, ANYBODY):
        with pytest.raises(NotFound):
            publishing.prepare_publication(by=by, at=LATER, case_id=case.id, **WORDS)
    publication = prepared(cast, case)
    for by in (cast.admin, cast.neighbour_manager, cast.pokja, ANYBODY):
        for act in (publishing.release_publication,):
            with pytest.raises(NotFound):
                act(by=by, at=LATER, publication_id=publication.id)
        for act_with_reason in (publishing.return_publication, publishing.withdraw_publication):
            with pytest.raises(NotFound):
                act_with_reason(by=by, at=LATER, publication_id=publication.id, reason="Tidak perlu.")
    with pytest.raises(NotAllowed):
        publishing.correct_publication(
            by=cast.admin, at=LATER, publication_id=publication.id, reason="Salah.", **WORDS
        )


# --- what is never published ----------------------------------------------------------------------------------------


def test_unanswered_restricted_and_never_published_kinds_are_refused(cast: Cast) -> None:
    with pytest.raises(publishing.NotPublishable):
        prepared(cast, cast.case())
    unfit = answered(cast)
    for column, value in (("sensitivity", "restricted"),):
        Case.objects.filter(id=unfit.id).update(**{column: value})
        with pytest.raises(publishing.NotPublishable):
            prepared(cast, unfit)
    Case.objects.filter(id=unfit.id).update(sensitivity="normal", kind_id="letter_request")
    with pytest.raises(publishing.NotPublishable):
        prepared(cast, unfit)


def test_a_matter_sealed_after_it_was_prepared_is_not_released_and_a_published_one_disappears(
    cast: Cast,
) -> None:
    publication = released(cast)
    protection.seal_case(
        by=cast.admin, at=LATER, case_id=publication.case_id, reason="Ternyata ada kekerasan."
    )
    publication.refresh_from_db()
    assert publication.state == "withdrawn"
    assert queries.public_one(publication.slug) is None and queries.for_public(words="lampu").rows == ()
    with pytest.raises(NotFound):
        publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)


@pytest.mark.parametrize(
    "left",
    [
        "NIK 7602134708850002 sudah dicek",
        "hubungi 0812-4455-6677",
        "Nurhayati sudah menerima",
        "milik Ibu Nurhayati",
        "surel nur@contoh.id",
    ],
)
def test_what_still_points_to_a_person_is_refused_and_named(cast: Cast, left: str) -> None:
    case = answered(cast)
    with pytest.raises(publishing.PersonalDataLeft) as refused:
        prepared(cast, case, answer=f"{WORDS['answer']} {left}")
    assert refused.value.left[0].part == "answer" and refused.value.left[0].span.text in left
    assert not Publication.objects.exists()


def test_an_office_number_is_kept_when_somebody_looked_at_it_and_an_identity_number_never(cast: Cast) -> None:
    case = answered(cast)
    publication = prepared(cast, case, answer="Hubungi kantor di 0426-21000.", reviewed=["0426-21000"])
    assert "0426-21000" in publication.answer
    with pytest.raises(publishing.PersonalDataLeft):
        prepared(cast, case, answer="NIK 7602134708850002.", reviewed=["7602134708850002"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    province=st.sampled_from(["7602", "7303", "3171", "7305"]),
    rest=st.integers(0, 9_999),
    day=st.integers(1, 71),
    month=st.integers(1, 12),
    year=st.integers(0, 99),
    serial=st.integers(1, 9999),
    separator=st.sampled_from(["", " ", ".", "-"]),
    before=st.sampled_from(["", "NIK ", "NIK: ", "ktp no. ", "(", "a/n "]),
)
def test_no_nik_survives_however_it_is_written(
    province: str, rest: int, day: int, month: int, year: int, serial: int, separator: str, before: str
) -> None:
    number = f"{province}{rest % 100:02d}{day:02d}{month:02d}{year:02d}{serial:04d}"
    written = separator.join([number[:6], number[6:12], number[12:]])
    left = rules.left_in(
        {"answer": f"Sudah diperiksa, {before}{written} benar."}, (), reviewed=[written, number]
    )
    assert left
    _spans, blackened = rules.suggested(f"Sudah diperiksa, {before}{written} benar.", ())
    assert number not in "".join(filter(str.isdigit, blackened))


def test_suggestions_start_from_the_case_and_blacken_its_people(cast: Cast) -> None:
    case = answered(
        cast,
        text_given="Saya Nurhayati, HP 0812-4455-6677, tetangga saya Daeng Sikki tidak dapat beras.",
        parties=[intake.PartyGiven(role="affected", name="Daeng Sikki")],
    )
    found = queries.suggestions(cast.admin, case.id)
    assert {"title", "text", "answer"} == set(found)
    for word in ("Nurhayati", "0812-4455-6677", "Sikki"):
        assert word not in found["text"].blackened
    with pytest.raises(NotFound):
        queries.suggestions(cast.neighbour, case.id)


@pytest.mark.parametrize(
    ("part", "words", "refusal"),
    [
        ("title", "  ", publishing.WordsMissing),
        ("text", "", publishing.WordsMissing),
        ("answer", "-", publishing.WordsMissing),
        ("title", "x" * 151, publishing.WordsTooLong),
        ("answer", "x" * 5001, publishing.WordsTooLong),
    ],
)
def test_the_public_reads_whole_texts(cast: Cast, part: str, words: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        prepared(cast, answered(cast), **{part: words})


def test_a_hamlet_is_named_only_where_enough_people_live() -> None:
    assert rules.place_words("Dungkait", "Taludu") == "Dungkait"
    assert rules.place_words("Dungkait", "Taludu", 120) == "Dungkait"
    assert rules.place_words("Dungkait", "Taludu", 900) == "Taludu, Dungkait"


# --- correcting and withdrawing -------------------------------------------------------------------------------------


def test_a_correction_is_shown_and_the_old_words_are_kept(cast: Cast) -> None:
    publication = released(cast)
    publishing.correct_publication(
        by=cast.approver,
        at=LATER,
        publication_id=publication.id,
        title="Lampu jalan menyala lagi",
        text=WORDS["text"],
        answer="Lampu diganti pada hari Senin.",
        reason="Tanggal keliru",
    )
    shown = queries.public_one(publication.slug)
    assert shown is not None and (shown.title, shown.correction_words) == (
        "Lampu jalan menyala lagi",
        "Tanggal keliru",
    )
    assert shown.corrected_at is not None
    assert PublicationVersion.objects.get(publication=publication).answer == WORDS["answer"]
    assert [one.slug for one in queries.for_public(words="menyala").rows] == [publication.slug]
    with pytest.raises(publishing.PersonalDataLeft):
        publishing.correct_publication(
            by=cast.approver,
            at=LATER,
            publication_id=publication.id,
            reason="Nama",
            **{**WORDS, "text": "Nurhayati melapor."},
        )


def test_a_withdrawn_publication_is_gone_at_once_and_its_log_stays(cast: Cast) -> None:
    publication = released(cast)
    publishing.withdraw_publication(
        by=cast.manager, at=LATER, publication_id=publication.id, reason="Diminta pelapor"
    )
    assert queries.public_one(publication.slug) is None
    assert queries.for_public(words="lampu").rows == () and not PublicationWords.objects.exists()
    assert PublicationVersion.objects.get(publication=publication).reason == "Diminta pelapor"
    with pytest.raises(publishing.PublicationMoved):
        publishing.withdraw_publication(
            by=cast.manager, at=LATER, publication_id=publication.id, reason="Lagi"
        )


# --- photos ---------------------------------------------------------------------------------------------------------


def photo(colour: str = "white") -> bytes:
    """A small JPEG."""
    target = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(target, "JPEG")
    return target.getvalue()


def test_only_masked_photos_go_along_and_a_new_mask_replaces_the_public_copy(cast: Cast) -> None:
    case = cast.case()
    attachment = files.attach_case(
        by=cast.admin, at=NOW, case_id=case.id, data=photo(), declared_name="foto.jpg"
    )
    handling.answer_case(by=cast.admin, at=NOW, case_id=case.id, text=WORDS["answer"], decision="upheld")
    with pytest.raises(publishing.PhotoNotMasked):
        prepared(cast, case, photo_ids=[attachment.id])
    masked = files.mask_photo(by=cast.admin, at=NOW, attachment_id=attachment.id, boxes=[(0, 0, 0.5, 1)])
    publication = prepared(cast, case, photo_ids=[attachment.id])
    publishing.release_publication(by=cast.approver, at=LATER, publication_id=publication.id)
    shown = Image.open(io.BytesIO(file_queries.public_photo(publication.slug, masked.masked_sha256)))
    assert max(shown.getpixel((20, 50))) < 30 and min(shown.getpixel((180, 50))) > 220
    with pytest.raises(NotFound):
        file_queries.public_photo(publication.slug, attachment.sha256)
    files.mask_photo(by=cast.admin, at=LATER, attachment_id=attachment.id, boxes=[(0, 0, 1, 1)])
    publication.refresh_from_db()
    assert publication.photos != [masked.masked_sha256] and len(publication.photos) == 1


# --- the portal's list ----------------------------------------------------------------------------------------------


def test_the_list_is_filtered_and_paged_without_counting(cast: Cast, django_assert_num_queries: Any) -> None:
    slugs = [released(cast, text_given=f"Lampu nomor {turn} padam").slug for turn in range(5)]
    with django_assert_num_queries(1):
        first = queries.for_public(limit=2)
    second = queries.for_public(limit=2, after=first.after)
    third = queries.for_public(limit=2, after=second.after)
    read = [one.slug for page in (first, second, third) for one in page.rows]
    assert sorted(read) == sorted(slugs) and len(set(read)) == 5 and third.after == ""
    assert len(queries.for_public(group="complaint", region_code="7602", decision="upheld").rows) == 5
    assert queries.for_public(region_code="7303").rows == () == queries.for_public(group="idea").rows
    assert queries.for_public(decision="rejected").rows == ()
    assert queries.for_public(since=(NOW + timedelta(days=9)).date()).rows == ()
    assert len(queries.for_public(after="nonsense").rows) == 5
    found = queries.for_public(words="lampu jalan", limit=3)
    rest = queries.for_public(words="lampu jalan", limit=3, after=found.after)
    assert len(found.rows) == 3 and len(rest.rows) == 2 and rest.after == ""
