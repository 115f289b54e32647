"""Idle land: the owner's consent first, one group at a time, shared as agreed, given back; use never changes rights."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.community.actions import _works as steps
from simpul.community.actions import land
from simpul.community.models import Harvest, LandInput
from simpul.community.queries import land as land_queries
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.community.works_help import agree, fresh, kinds, offer, till


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


def test_nobody_tills_land_whose_owner_has_not_agreed_to_all_of_its_days(cast: Cast) -> None:
    parcel = offer(cast)
    with pytest.raises(land.OwnerNotAgreed):
        till(cast, parcel)
    consent = agree(cast, parcel, days=50)
    with pytest.raises(land.OwnerNotAgreed):
        till(cast, parcel, days=51)
    with pytest.raises(land.SharesWrong):
        till(cast, parcel, days=50, owner_share=60, village_share=50)
    with pytest.raises(land.TermTurned):
        agree(cast, parcel, days=-1)
    with pytest.raises(steps.WorkWordsMissing):
        agree(cast, parcel, how="spoken")
    land.withdraw_land(by=cast.village_officer, at=NOW, consent_id=consent.id, why="pulang kampung")
    with pytest.raises(land.OwnerNotAgreed):
        till(cast, parcel, days=50)


def test_land_is_tilled_harvested_shared_and_given_back(cast: Cast) -> None:
    parcel = offer(cast)
    agree(cast, parcel)
    use = till(cast, parcel, owner_share=10, village_share=5)
    with pytest.raises(land.LandInUse):
        till(cast, parcel)
    with pytest.raises(land.LandInUse):
        land.remove_land(by=cast.village_head, at=NOW, parcel_id=parcel.id)
    given_: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "use_id": use.id, "day": NOW.date()}
    land.record_input(**given_, what="Benih", value=100_000)
    row = land.record_harvest(**given_, what="Jagung", grams=100_001, value=400_000)
    assert (row.owner_grams, row.village_grams) == (10_000, 5_000)
    with pytest.raises(steps.AmountMissing):
        land.record_harvest(**given_, what="Jagung", grams=0)
    with pytest.raises(steps.AmountMissing):
        land.record_input(**given_, what="Benih", value=-1)
    wrong = land.record_input(**given_, what="Traktor", value=5)
    land.withdraw_input(by=cast.village_officer, at=NOW, entry_id=wrong.id, why="salah kebun")
    land.withdraw_harvest(by=cast.village_officer, at=NOW, entry_id=row.id, why="salah timbang")
    assert LandInput.objects.filter(withdrawn_at=None).count() == 1
    assert Harvest.objects.filter(withdrawn_at=None).count() == 0
    land.end_use(**given_, state="bersih, pematang diperbaiki")
    land.end_use(**given_, state="lagi")
    assert fresh(use).returned_words == "bersih, pematang diperbaiki"
    land.change_land(
        by=cast.village_officer,
        at=NOW,
        parcel_id=parcel.id,
        piece=land.Piece("Kebun atas", 10, "yard", "Hj. Saodah"),
    )
    land.remove_land(by=cast.village_head, at=NOW, parcel_id=parcel.id)
    assert kinds().count("use.end") == 1 and kinds()[-2:] == ["land.change", "land.remove"]


def test_the_public_list_of_land_names_nobody(cast: Cast) -> None:
    parcel = offer(cast)
    assert land_queries.public_listed(DUNGKAIT, NOW.date()) == []
    agree(cast, parcel)
    (row,) = land_queries.public_listed(DUNGKAIT, NOW.date())
    assert row.state == "idle" and "Saodah" not in repr(row)
    with pytest.raises(land.LandPlaceUnknown):
        land.offer_land(by=MACHINE, at=NOW, region_code="9999999999", piece=land.Piece("X", 1, "dry", "Y"))
    with pytest.raises(steps.AmountMissing):
        offer(cast, square_metres=0)


def test_the_neighbour_neither_agrees_nor_tills(cast: Cast) -> None:
    parcel, today = offer(cast), NOW.date()
    given: dict[str, Any] = {"by": cast.neighbour_officer, "at": NOW, "parcel_id": parcel.id}
    with pytest.raises(NotFound):
        land.agree_land(**given, terms=land.Terms("Hj. Saodah", "signed", today, today))
    with pytest.raises(NotFound):
        land.begin_use(**given, tilling=land.Tilling("KWT", "Jagung", today, today))
