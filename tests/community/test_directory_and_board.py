"""The directory with its consents, and the notice board with the group's text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.community.actions import _ideas as steps
from simpul.community.actions import board, directory
from simpul.community.models import Agreement, Listing
from simpul.community.queries import board as board_queries
from simpul.community.queries import directory as queries
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from tests.cast import DUNGKAIT, NOW, Cast, assemble

DAY = date(2026, 11, 23)


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


def listing(cast: Cast, **more: Any) -> Listing:
    key = more.pop("listing_id", None)
    said: dict[str, Any] = {
        "kind": "produce",
        "name": "Jagung pulut",
        "offers": "jagung, tepung jagung",
        "months": (11, 12, 1),
        "contact_name": "Daeng Ngai",
        "contact_phone": "0812-4455-6677",
        **more,
    }
    return directory.add_listing(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        given=directory.ListingGiven(**said),
        listing_id=key,
    )


def agree(cast: Cast, row: Listing) -> Agreement:
    return directory.give_agreement(
        by=cast.village_officer, at=NOW, listing_id=row.id, given_by="Daeng Ngai", how="spoken"
    )


def phone_of(row: Listing) -> str:
    found = queries.public_line(row.id)
    return found.contact_phone if found else "-"


def test_a_contact_is_shown_only_while_its_owner_agrees(cast: Cast) -> None:
    key = uuid7()
    row = listing(cast, listing_id=key)
    assert listing(cast, listing_id=key) == row
    assert phone_of(row) == ""
    agreed = agree(cast, row)
    assert agree(cast, row) == agreed and "menolak" in agreed.words
    assert phone_of(row) == "0812-4455-6677"
    directory.withdraw_agreement(by=cast.village_officer, at=NOW, listing_id=row.id, why="pindah usaha")
    assert phone_of(row) == ""
    assert queries.agreements_of(row)[0].withdrawn_why == "pindah usaha"


def test_another_number_needs_consent_anew(cast: Cast) -> None:
    row = listing(cast)
    agree(cast, row)
    same = directory.ListingGiven(
        "produce", "Jagung", contact_name="Daeng Ngai", contact_phone="0812-4455-6677"
    )
    directory.change_listing(by=cast.village_officer, at=NOW, listing_id=row.id, given=same)
    assert phone_of(row) == "0812-4455-6677"
    other = directory.ListingGiven("produce", "Jagung", contact_name="Sitti", contact_phone="0813-4455-6677")
    directory.change_listing(by=cast.village_officer, at=NOW, listing_id=row.id, given=other)
    assert phone_of(row) == ""


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"kind": "bank"}, steps.IdeaChoiceUnknown),
        ({"parcel_id": uuid7()}, steps.IdeaChoiceUnknown),
        ({"work_id": uuid7()}, steps.IdeaChoiceUnknown),
        ({"name": ""}, steps.IdeaWordsMissing),
        ({"kind": "market"}, directory.MarketDaysMissing),
        ({"contact_phone": "12"}, directory.ContactUnreadable),
        ({"person_id": uuid4()}, NotFound),
    ],
)
def test_what_is_wrong_in_a_line_is_said(cast: Cast, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        listing(cast, **wrong)


def test_consent_needs_a_contact_and_a_line_that_stands(cast: Cast) -> None:
    row = listing(cast, contact_phone="")
    with pytest.raises(directory.ContactMissing):
        agree(cast, row)
    directory.end_listing(by=cast.village_officer, at=NOW, listing_id=row.id, why="tutup")
    assert queries.public_line(row.id) is None
    with pytest.raises(directory.ListingEnded):
        agree(cast, row)
    directory.restore_listing(by=cast.village_officer, at=NOW, listing_id=row.id)
    assert queries.public_line(row.id) is not None


def test_seasons_market_days_and_words_find_a_line(cast: Cast) -> None:
    listing(cast)
    listing(cast, kind="market", name="Pasar Selasa", offers="", months=(), weekdays=(2,))
    assert [one.listing.name for one in queries.public_lines(region=DUNGKAIT, words="tepung")] == [
        "Jagung pulut"
    ]
    assert [one.listing.name for one in queries.public_lines(kind="produce", month=6)] == []
    assert [one.name for one in queries.produce_in(DUNGKAIT, 12)] == ["Jagung pulut"]
    assert [one.name for one in queries.markets_on(DUNGKAIT, 2)] == ["Pasar Selasa"]
    assert queries.markets_on(DUNGKAIT, 3) == []


def bulletin(cast: Cast, **more: Any) -> Any:
    key = more.pop("bulletin_id", None)
    said: dict[str, Any] = {
        "kind": "notice",
        "title": "Kerja bakti",
        "words": "Minggu pukul 07.00 di masjid.",
        "from_date": DAY,
        "until_date": DAY + timedelta(days=3),
        **more,
    }
    return board.add_bulletin(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        given=board.BulletinGiven(**said),
        bulletin_id=key,
    )


def test_an_announcement_stands_from_its_first_day_to_its_last(cast: Cast) -> None:
    key = uuid7()
    row = bulletin(cast, bulletin_id=key)
    assert bulletin(cast, bulletin_id=key) == row
    assert board_queries.public(DUNGKAIT, DAY) == [row]
    assert board_queries.public(DUNGKAIT, DAY + timedelta(days=4)) == []
    board.end_bulletin(by=cast.village_officer, at=NOW, bulletin_id=row.id)
    assert board_queries.public(DUNGKAIT, DAY) == []
    board.restore_bulletin(by=cast.village_officer, at=NOW, bulletin_id=row.id)
    changed = board.BulletinGiven("schedule", "Kerja bakti pindah", "Senin pagi.", DAY, DAY)
    board.change_bulletin(by=cast.village_officer, at=NOW, bulletin_id=row.id, given=changed)
    assert board_queries.public(DUNGKAIT, DAY)[0].title == "Kerja bakti pindah"
    with pytest.raises(board.BulletinDaysTurned):
        bulletin(cast, until_date=DAY - timedelta(days=1))


def test_what_was_copied_into_the_group_is_kept(cast: Cast) -> None:
    key = uuid7()
    for _press in range(2):
        board.share_digest(
            by=cast.village_officer,
            at=NOW,
            region_code=DUNGKAIT,
            body="*Kabar desa*\n- Kerja bakti",
            digest_id=key,
        )
    assert [one.id for one in board_queries.digests(cast.secretary, DUNGKAIT)] == [key]
    assert Line.objects.filter(kind="digest.share").count() == 1
    with pytest.raises(board.NothingShared):
        board.share_digest(by=cast.village_officer, at=NOW, region_code=DUNGKAIT, body=" ")


def test_the_neighbour_keeps_neither_directory_nor_board(cast: Cast) -> None:
    row, notice = listing(cast), bulletin(cast)
    by = cast.neighbour_officer
    with pytest.raises(NotFound):
        directory.end_listing(by=by, at=NOW, listing_id=row.id)
    with pytest.raises(NotFound):
        board.end_bulletin(by=by, at=NOW, bulletin_id=notice.id)
    assert queries.kept(by) == [] and board_queries.kept(by, day=DAY) == []
