"""Rounds of aid: opening and closing, goods and their balance, the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.people.models import Household
from simpul.programmes.actions import _rounds, goods, listing, rounds
from simpul.programmes.models import Movement, Round, RoundEntry
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.queries import rounds as queries
from simpul.programmes.rules import rounds as rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.meetings import conftest as meetings
from tests.programmes.rounds import GIVEN, Scene, deliver, home, scene, seat


@pytest.fixture
def here(db: None) -> Scene:
    """The round in Dungkait."""
    return scene()


def allot(here: Scene, much: object = 40, **more: Any) -> Movement:
    """Rice for the village officer."""
    return goods.allot_goods(
        by=here.chief,
        at=NOW,
        item_id=here.rice.id,
        holder=seat(here.officer),
        quantity=much,  # type: ignore[arg-type]
        out_at=NOW,
        **more,
    )


# --- the round ------------------------------------------------------------------------------------------------------------


def test_a_round_is_opened_once_and_leaves_a_line(here: Scene) -> None:
    key = uuid7()
    first = rounds.open_round(by=here.chief, at=NOW, given=GIVEN, round_id=key)
    again = rounds.open_round(by=here.chief, at=NOW, given=GIVEN, round_id=key)
    assert first == again and Round.objects.filter(id=key).count() == 1
    assert Line.objects.filter(kind="round.open", subject_id=key).count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"programme": "no-such"}, rounds.RoundProgrammeUnknown),
        ({"ends_date": date(2026, 10, 1)}, rounds.RoundDatesWrong),
        ({"authority": "", "document": ""}, rounds.RoundUndecided),
        ({"name": ""}, _rounds.RoundWordsMissing),
        ({"region_code": "7602999999"}, NotFound),
        ({"meeting_id": uuid7()}, NotFound),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(here: Scene, change: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        rounds.open_round(by=here.chief, at=NOW, given=replace(GIVEN, **change))


def test_who_serves_elsewhere_or_only_hands_out_opens_none_and_sees_none(here: Scene) -> None:
    for by in (ANYBODY, here.officer, here.cast.neighbour_manager, here.cast.pokja):
        with pytest.raises(NotFound):
            rounds.open_round(by=by, at=NOW, given=GIVEN)
    assert [one.round for one in queries.listed(here.officer)[0]] == [here.round]
    assert queries.listed(here.cast.neighbour_manager)[0] == []
    with pytest.raises(NotFound):
        queries.page(here.cast.neighbour_manager, here.round.id)


def test_a_wide_round_is_seen_in_a_village_with_its_own_names_only(here: Scene) -> None:
    wide = rounds.open_round(by=here.chief, at=NOW, given=replace(GIVEN, region_code="7602"))
    other = home("Jauh", "7602122003")
    listing.list_entries(
        by=here.chief,
        at=NOW,
        round_id=wide.id,
        entries=[listing.EntryGiven(household_id=one.id) for one in (here.homes[0], other)],
    )
    assert queries.page(here.officer, wide.id).listed == 1
    assert queries.page(here.chief, wide.id).listed == 2
    with pytest.raises(NotFound):
        rounds.change_round(by=here.officer, at=NOW, round_id=wide.id, given=GIVEN)


def test_a_round_is_changed_while_it_is_open(here: Scene) -> None:
    changed = rounds.change_round(
        by=here.chief, at=NOW, round_id=here.round.id, given=replace(GIVEN, name="Beras akhir tahun")
    )
    assert changed.name == "Beras akhir tahun"
    assert Line.objects.filter(kind="round.change").count() == 1


def test_a_round_closes_when_goods_balance_or_the_difference_is_explained(here: Scene) -> None:
    allot(here)
    with pytest.raises(rounds.GoodsDiffer):
        rounds.close_round(by=here.chief, at=NOW, round_id=here.round.id)
    closed = rounds.close_round(
        by=here.chief, at=NOW, round_id=here.round.id, explanation="Empat karung masih di balai."
    )
    assert closed.state == "closed" and closed.explanation
    with pytest.raises(_rounds.RoundClosed):
        allot(here)
    with pytest.raises(_rounds.RoundClosed):
        rounds.add_goods(
            by=here.chief,
            at=NOW,
            round_id=here.round.id,
            what="Telur",
            unit="piece",
            per_household=Decimal(5),
        )
    again = rounds.reopen_round(by=here.chief, at=NOW, round_id=here.round.id, why="Ada yang terlewat")
    assert again.state == "open"
    with pytest.raises(NotFound):
        rounds.reopen_round(by=here.chief, at=NOW, round_id=here.round.id, why="Ada yang terlewat")


def test_goods_of_a_round_are_named_with_a_unit_of_the_list(here: Scene) -> None:
    with pytest.raises(_rounds.RoundChoiceUnknown):
        rounds.add_goods(
            by=here.chief, at=NOW, round_id=here.round.id, what="Beras", unit="sack", per_household=Decimal(1)
        )
    changed = rounds.change_goods(
        by=here.chief, at=NOW, item_id=here.rice.id, what="Beras medium", per_household=Decimal("7.5")
    )
    assert (changed.what, changed.per_household) == ("Beras medium", Decimal("7.50"))
    key = uuid7()
    for _time in range(2):
        made = rounds.add_goods(
            by=here.chief,
            at=NOW,
            round_id=here.round.id,
            what="Minyak",
            unit="litre",
            per_household=Decimal(2),
            item_id=key,
        )
    assert made.position == 2 and here.round.items.count() == 2


# --- goods ----------------------------------------------------------------------------------------------------------------


def test_goods_are_received_handed_out_given_brought_back_and_lost(here: Scene) -> None:
    allot(here)
    deliver(here)
    goods.return_goods(
        by=here.officer,
        at=NOW,
        item_id=here.rice.id,
        holder=seat(here.officer),
        quantity=Decimal(25),
        back_at=NOW,
    )
    goods.write_off_goods(
        by=here.chief,
        at=NOW,
        item_id=here.rice.id,
        holder=seat(here.officer),
        quantity=Decimal(5),
        lost_at=NOW,
        reason="Satu karung basah di sungai",
    )
    held = goods_queries.balance_of(here.rice.id)
    assert (held.received, held.allotted, held.given, held.lost) == (100, 40, 10, 5)
    assert held.in_store == 85 and held.on_the_way == 0 and held.is_even
    assert rounds.close_round(by=here.chief, at=NOW, round_id=here.round.id).state == "closed"
    assert set(Line.objects.filter(kind__startswith="goods.").values_list("kind", flat=True)) >= {
        "goods.add",
        "goods.receive",
        "goods.allot",
        "goods.return",
        "goods.write_off",
    }


def test_what_came_in_is_written_down_with_where_from(here: Scene) -> None:
    said: dict[str, Any] = {
        "at": NOW, "item_id": here.rice.id, "quantity": Decimal(5), "source": "Baznas", "received_date": NOW.date(),
        "movement_id": uuid7(),
    }  # fmt: skip
    assert goods.receive_goods(by=here.chief, **said) == goods.receive_goods(by=here.chief, **said)
    assert goods_queries.balance_of(here.rice.id).received == 105
    with pytest.raises(_rounds.RoundWordsMissing):
        goods.receive_goods(by=here.chief, **{**said, "movement_id": None, "source": ""})
    with pytest.raises(NotFound):
        goods.receive_goods(by=here.officer, **said)


def test_no_more_is_handed_out_than_the_store_holds(here: Scene) -> None:
    with pytest.raises(goods.StoreShort) as told:
        allot(here, 101)
    assert "100" in str(told.value)
    for much in (0, -1, "x", "1.234", 1.5, None):
        with pytest.raises(_rounds.AmountWrong):
            allot(here, much)


def test_the_same_movement_sent_twice_is_one(here: Scene) -> None:
    key = uuid7()
    assert allot(here, movement_id=key) == allot(here, movement_id=key)
    assert goods_queries.balance_of(here.rice.id).allotted == 40


@pytest.mark.parametrize(
    "holder", [rules.STORE, rules.Holder("seat", "x"), rules.Holder("boat", "1"), rules.Holder("trip")]
)
def test_goods_go_into_named_hands(here: Scene, holder: rules.Holder) -> None:
    with pytest.raises(goods.HolderUnnamed):
        goods.allot_goods(
            by=here.chief, at=NOW, item_id=here.rice.id, holder=holder, quantity=Decimal(1), out_at=NOW
        )


def test_a_wrong_row_is_corrected_by_a_new_one(here: Scene) -> None:
    row = allot(here)
    goods.correct_goods(by=here.chief, at=NOW, movement_id=row.id, quantity=Decimal(30), why="Salah hitung")
    assert goods_queries.balance_of(here.rice.id).allotted == 30
    change = goods.correct_goods(
        by=here.chief, at=NOW, movement_id=row.id, quantity=Decimal(0), why="Tidak jadi berangkat"
    )
    held = goods_queries.balance_of(here.rice.id)
    assert held.allotted == 0 and held.in_store == 100
    assert Movement.objects.get(id=row.id).quantity == 40
    with pytest.raises(goods.CorrectionOfCorrection):
        goods.correct_goods(
            by=here.chief, at=NOW, movement_id=change.id, quantity=Decimal(1), why="Salah lagi"
        )
    with pytest.raises(NotFound):
        goods.correct_goods(
            by=here.officer, at=NOW, movement_id=row.id, quantity=Decimal(1), why="Salah lagi"
        )


def test_a_loss_is_written_down_with_its_reason(here: Scene) -> None:
    with pytest.raises(_rounds.RoundWordsMissing):
        goods.write_off_goods(
            by=here.chief,
            at=NOW,
            item_id=here.rice.id,
            holder=rules.STORE,
            quantity=Decimal(1),
            lost_at=NOW,
            reason="",
        )


def test_what_a_seat_carries_is_told_to_its_pack(here: Scene) -> None:
    allot(here)
    deliver(here)
    (one,) = goods_queries.carried(here.officer, seat_ids=[here.officer.seat_id or uuid7()])
    assert (one.allotted, one.left, one.what) == (40, 30, "Beras")
    assert goods_queries.carried(here.officer) == []


# --- the list -------------------------------------------------------------------------------------------------------------


def test_households_are_listed_once(here: Scene) -> None:
    again = listing.list_entries(
        by=here.officer,
        at=NOW,
        round_id=here.round.id,
        entries=[listing.EntryGiven(household_id=one.id) for one in (*here.homes, here.stranger)],
    )
    assert len(again.made) == 1 and again.there == 3
    assert Line.objects.filter(kind="entries.list").count() == 2
    with pytest.raises(listing.NobodyToList):
        listing.list_entries(by=here.officer, at=NOW, round_id=here.round.id)


def test_a_household_outside_the_round_or_the_seat_is_not_listed(here: Scene) -> None:
    for by in (here.officer, here.chief):
        with pytest.raises(NotFound):
            listing.list_entries(
                by=by,
                at=NOW,
                round_id=here.round.id,
                entries=[listing.EntryGiven(household_id=here.elsewhere.id)],
            )
    assert here.elsewhere.region_code == BONTO_JAI


def test_the_list_of_a_musyawarah_becomes_the_list_of_the_round(here: Scene) -> None:
    meeting = meetings.held(here.cast)
    known = meetings.name(here.cast, meeting, "Baco", household_id=here.stranger.id)
    unknown = meetings.name(here.cast, meeting, "Tanpa Data")
    out = meetings.name(here.cast, meeting, "Sudah Mampu", household_id=home("Mampu").id)
    meetings.decide(here.cast, meeting, known)
    meetings.decide(here.cast, meeting, unknown)
    meetings.decide(here.cast, meeting, out, "out", "sudah mampu")
    gone = home("Pindah")
    meetings.decide(here.cast, meeting, meetings.name(here.cast, meeting, "Pindah", household_id=gone.id))
    meetings.actions.close_meeting(by=here.officer, at=NOW, meeting_id=meeting.id)
    Household.objects.filter(id=gone.id).update(region_code=BONTO_JAI)
    made = listing.list_entries(by=here.officer, at=NOW, round_id=here.round.id, meeting_id=meeting.id)
    assert [one.household_id for one in made.made] == [here.stranger.id]
    assert made.unknown == ("Tanpa Data", "Pindah") and made.made[0].meeting_id == meeting.id


def test_an_entry_gets_its_own_amount_and_is_struck_off_with_a_reason(here: Scene) -> None:
    entry = here.entries[here.homes[0].id]
    listing.change_entry(by=here.officer, at=NOW, entry_id=entry.id, amounts={here.rice.id: Decimal(20)})
    assert queries.entry(here.officer, entry.id).due == {here.rice.id: Decimal(20)}
    with pytest.raises(_rounds.RoundWordsMissing):
        listing.strike_entry(by=here.officer, at=NOW, entry_id=entry.id, reason="")
    struck = listing.strike_entry(by=here.officer, at=NOW, entry_id=entry.id, reason="Sudah pindah ke kota")
    assert struck.state == "withdrawn" and RoundEntry.objects.filter(id=entry.id).exists()
    assert (
        listing.strike_entry(by=here.officer, at=NOW, entry_id=entry.id, reason="lagi").reason
        == struck.reason
    )
    rows, _more = queries.entries(here.officer, here.round.id, queries.Filters(status="withdrawn"))
    assert [one.entry.id for one in rows] == [entry.id]


def test_who_got_it_is_not_struck_off(here: Scene) -> None:
    deliver(here)
    with pytest.raises(listing.EntryServed):
        listing.strike_entry(
            by=here.officer, at=NOW, entry_id=here.entries[here.homes[0].id].id, reason="Sudah pindah"
        )


def test_the_page_counts_by_hamlet_and_outcome(here: Scene) -> None:
    deliver(here)
    deliver(here, here.homes[1], None, outcome="absent", proofs=())
    deliver(here, here.stranger)
    page = queries.page(here.officer, here.round.id)
    assert page.totals == {"delivered": 1, "absent": 1, "waiting": 1}
    assert (page.listed, page.served, page.percent, page.unlisted) == (3, 1, 33, 1)
    assert [(one.region_code, one.hamlet, one.listed) for one in page.places] == [
        (DUNGKAIT, "Dusun Taludu", 3)
    ]
    rows, more = queries.entries(here.officer, here.round.id, queries.Filters(status="absent"))
    assert [one.entry.name for one in rows] == ["Rusli"] and not more
    assert len(queries.to_print(here.officer, here.round.id, DUNGKAIT, here.cast.hamlet.id)) == 3
