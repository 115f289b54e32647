"""Deliveries: facts that are flagged and never refused, corrections, proof, possible doubles, minutes of handing over."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from PIL import Image

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.people.models import Family, Household, Person
from simpul.programmes.actions import (
    _rounds,
    delivering,
    doubles,
    erasing,
    goods,
    handovers,
    listing,
    moving,
    rounds,
)
from simpul.programmes.models import Benefit, Delivery, Double, Handover, RoundEntry
from simpul.programmes.queries import deliveries as queries
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.queries import handovers as handover_queries
from simpul.programmes.rules import handovers as handover_rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.programmes.rounds import GIVEN, Scene, deliver, given, home, scene, seat


@pytest.fixture
def here(db: None) -> Scene:
    """The round in Dungkait."""
    return scene()


@pytest.fixture(autouse=True)
def files(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the test's own."""
    monkeypatch.setattr(settings, "SIMPUL_FILES", tmp_path / "files")


def photo() -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


# --- recording ------------------------------------------------------------------------------------------------------------


def test_another_household_under_the_key_of_a_delivery_does_not_vanish_into_it(here: Scene) -> None:
    made = deliver(here)
    with pytest.raises(NotFound):
        deliver(here, here.homes[1], delivery_id=made.id)
    assert Delivery.objects.count() == 1


def test_a_delivery_is_written_down_once_with_its_line_and_the_benefit(here: Scene) -> None:
    key = uuid7()
    made = deliver(here, delivery_id=key)
    assert deliver(here, delivery_id=key) == made and Delivery.objects.count() == 1
    assert made.flags == [] and made.entry_id == here.entries[here.homes[0].id].id
    assert made.region_code == DUNGKAIT and made.hamlet_id == here.cast.hamlet.id
    line = Line.objects.get(kind="delivery.record")
    assert line.subject_id == here.homes[0].id and line.facts["delivery"] == str(key)
    benefit = Benefit.objects.get()
    assert (benefit.programme_id, benefit.household_id, benefit.state) == (
        "bpnt",
        here.homes[0].id,
        "receives",
    )
    assert made.benefit_id == benefit.id


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"household_id": None}, delivering.ReceiverMissing),
        ({"lines": {}}, delivering.NothingHanded),
        ({"outcome": "lost"}, _rounds.RoundChoiceUnknown),
        ({"receiver": "cat"}, _rounds.RoundChoiceUnknown),
        ({"household_id": uuid7()}, NotFound),
    ],
)
def test_what_says_nothing_is_refused(here: Scene, change: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        delivering.record_delivery(
            by=here.officer, at=NOW, round_id=here.round.id, given=replace(given(here), **change)
        )
    with pytest.raises(_rounds.AmountWrong):
        deliver(here, much=-3)
    with pytest.raises(NotFound):
        delivering.record_delivery(
            by=here.officer,
            at=NOW,
            round_id=here.round.id,
            given=replace(given(here), lines={uuid7(): Decimal(1)}),
        )


def test_who_has_nothing_to_do_with_it_writes_none_down(here: Scene) -> None:
    for by in (ANYBODY, here.cast.neighbour_manager, here.cast.pokja, here.cast.administrator):
        with pytest.raises(NotFound):
            deliver(here, by=by)


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"proofs": ()}, "no_proof"),
        ({"receiver": "proxy"}, "no_authority"),
        ({"delivered_at": NOW - timedelta(days=60)}, "outside_period"),
        ({"delivered_at": NOW + timedelta(days=2)}, "clock_ahead"),
        ({"much": 12}, "more_than_due"),
        ({"much": 1000}, "beyond_allotment"),
    ],
)
def test_what_does_not_fit_is_flagged_and_kept(here: Scene, change: dict[str, Any], flag: str) -> None:
    assert flag in deliver(here, **change).flags


def test_who_is_not_on_the_list_or_struck_off_it_is_flagged(here: Scene) -> None:
    assert deliver(here, here.stranger).flags == ["not_listed"]
    entry = here.entries[here.homes[1].id]
    listing.strike_entry(by=here.officer, at=NOW, entry_id=entry.id, reason="Sudah pindah")
    assert deliver(here, here.homes[1]).flags == ["struck_off"]


def test_a_phone_that_comes_late_is_heard_after_the_round_is_closed(here: Scene) -> None:
    rounds.close_round(by=here.chief, at=NOW, round_id=here.round.id)
    assert deliver(here).flags == ["after_close"]


def test_a_household_that_moved_is_still_delivered_to_by_who_carried_its_name(here: Scene) -> None:
    Household.objects.filter(id=here.homes[0].id).update(region_code=BONTO_JAI)
    made = deliver(here)
    assert "moved_area" in made.flags and made.region_code == DUNGKAIT


def test_not_being_at_home_needs_no_proof_and_dying_does(here: Scene) -> None:
    nobody: dict[str, Any] = {"much": None, "proofs": ()}
    assert deliver(here, outcome="absent", **nobody).flags == []
    assert deliver(here, here.homes[1], outcome="dead", **nobody).flags == ["no_proof"]
    assert deliver(here, here.homes[2], outcome="refused", words="Merasa sudah cukup", **nobody).flags == []
    assert Benefit.objects.count() == 0


def test_goods_count_against_the_hands_they_came_from_whatever_arrives_first(here: Scene) -> None:
    deliver(here)
    goods.allot_goods(
        by=here.chief,
        at=NOW,
        item_id=here.rice.id,
        holder=seat(here.officer),
        quantity=Decimal(40),
        out_at=NOW,
    )
    held = goods_queries.balance_of(here.rice.id)
    assert held.left_with(seat(here.officer)) == 30 and held.in_store == 60


# --- correcting -----------------------------------------------------------------------------------------------------------


def correct(
    here: Scene, old: Delivery, why: str = "Salah rumah", new_id: UUID | None = None, **change: Any
) -> Delivery:
    """What really happened."""
    return delivering.correct_delivery(
        by=here.officer,
        at=NOW,
        delivery_id=old.id,
        given=given(here, change.pop("unit", None), **change),
        why=why,
        new_id=new_id,
    )


def test_a_correction_is_a_new_delivery_and_the_old_one_stays(here: Scene) -> None:
    old = deliver(here)
    key = uuid7()
    new = correct(here, old, unit=here.homes[1], new_id=key)
    assert correct(here, old, unit=here.homes[1], new_id=key) == new
    old.refresh_from_db()
    assert (old.state, old.why, new.corrects_id, new.flags) == ("corrected", "Salah rumah", old.id, [])
    assert goods_queries.balance_of(here.rice.id).given == 10
    with pytest.raises(delivering.AlreadyCorrected):
        correct(here, old)
    with pytest.raises(_rounds.RoundWordsMissing):
        correct(here, new, why="")
    with pytest.raises(NotFound):
        delivering.correct_delivery(
            by=here.cast.neighbour_manager, at=NOW, delivery_id=new.id, given=given(here), why="Salah"
        )
    assert Line.objects.filter(kind="delivery.correct").count() == 1


def test_the_benefit_ends_when_nothing_was_received_after_all(here: Scene) -> None:
    old = deliver(here)
    correct(here, old, outcome="absent", much=None, proofs=())
    assert Benefit.objects.get().state == "ended"


# --- proof ----------------------------------------------------------------------------------------------------------------


def test_proof_may_come_later_and_takes_the_flag_away(here: Scene) -> None:
    made = deliver(here, proofs=())
    assert made.flags == ["no_proof"]
    key = uuid7()
    said: dict[str, Any] = {
        "by": here.officer, "at": NOW, "delivery_id": made.id, "kind": "thumb_photo",
        "data": photo(), "declared_name": "jempol.jpg",
    }  # fmt: skip
    proof = delivering.attach_proof(**said, proof_id=key)
    assert delivering.attach_proof(**said, proof_id=key) == proof == delivering.attach_proof(**said)
    made.refresh_from_db()
    assert made.flags == [] and made.proofs == ["thumb_photo"]
    assert queries.proof_file(here.officer, proof.id)[1]
    with pytest.raises(NotFound):
        queries.proof_file(here.cast.neighbour_manager, proof.id)
    with pytest.raises(NotFound):
        delivering.attach_proof(**{**said, "by": here.cast.neighbour_manager})
    with pytest.raises(_rounds.RoundChoiceUnknown):
        delivering.attach_proof(**{**said, "kind": "song"})


# --- doubles --------------------------------------------------------------------------------------------------------------


def test_two_deliveries_to_one_household_are_a_task_and_two_halves_are_none(here: Scene) -> None:
    deliver(here, much=5)
    assert deliver(here, much=5).flags == []
    assert Double.objects.count() == 0
    assert "possible_double" in deliver(here).flags
    assert Double.objects.count() == 2


def test_the_same_people_in_two_households_are_a_task(here: Scene) -> None:
    card = Family.objects.create(
        region_code=DUNGKAIT, household=here.homes[0], registered_at=NOW, changed_at=NOW
    )
    Person.objects.create(
        full_name="Anak Hasnah", name_key="anak hasnah", household=here.homes[1], family=card,
        registered_at=NOW, region_code=DUNGKAIT,
    )  # fmt: skip
    deliver(here)
    deliver(here, here.homes[1])
    assert Double.objects.get().kind == "family"


def test_two_people_of_one_household_who_each_get_their_own_are_no_double(here: Scene) -> None:
    people = [
        Person.objects.create(
            full_name=name, name_key=name, household=here.homes[0], registered_at=NOW, region_code=DUNGKAIT
        )
        for name in ("Kakek", "Nenek")
    ]
    listing.list_entries(
        by=here.officer,
        at=NOW,
        round_id=here.round.id,
        entries=[listing.EntryGiven(person_id=one.id) for one in people],
    )
    for one in people:
        assert deliver(here, person_id=one.id).flags == []
    assert Double.objects.count() == 0
    assert "possible_double" in deliver(here, person_id=people[0].id).flags


def double(here: Scene) -> Double:
    """A household that got it twice."""
    deliver(here)
    deliver(here)
    return Double.objects.get()


def test_a_person_decides_which_of_two_is_right(here: Scene) -> None:
    task = double(here)
    assert [one.double for one in queries.open_doubles(here.officer)] == [task]
    said: dict[str, Any] = {"at": NOW, "double_id": task.id, "words": "Dicatat dua kali oleh dua petugas"}
    with pytest.raises(NotFound):
        doubles.settle_double(by=here.officer, decision="both_right", **said)
    with pytest.raises(doubles.WrongUnnamed):
        doubles.settle_double(by=here.chief, decision="one_wrong", **said)
    with pytest.raises(_rounds.RoundChoiceUnknown):
        doubles.settle_double(by=here.chief, decision="perhaps", **said)
    settled = doubles.settle_double(by=here.chief, decision="one_wrong", wrong_id=task.second_id, **said)
    assert settled.state == "settled" and settled.wrong_id == task.second_id
    assert Delivery.objects.get(id=task.second_id).state == "wrong"
    assert goods_queries.balance_of(here.rice.id).given == 10
    assert Benefit.objects.get().state == "receives"
    again = doubles.settle_double(by=here.chief, decision="both_right", **said)
    assert again.decision == "one_wrong" and queries.open_doubles(here.officer) == []
    assert Line.objects.filter(kind="double.settle").count() == 1


def test_both_can_be_right_and_one_can_come_back(here: Scene) -> None:
    task = double(here)
    doubles.settle_double(
        by=here.chief, at=NOW, double_id=task.id, decision="both_right", words="Dua keluarga di satu rumah"
    )
    assert goods_queries.balance_of(here.rice.id).given == 20
    deliver(here)
    third = queries.open_doubles(here.chief)[0].double
    doubles.settle_double(
        by=here.chief,
        at=NOW,
        double_id=third.id,
        decision="returned",
        words="Dikembalikan",
        wrong_id=third.second_id,
    )
    assert goods_queries.balance_of(here.rice.id).given == 20
    assert queries.open_doubles(here.chief) == []


# --- minutes --------------------------------------------------------------------------------------------------------------


def minutes(here: Scene, **change: Any) -> Handover:
    """Minutes of Dungkait."""
    said: dict[str, Any] = {
        "region_code": DUNGKAIT,
        "handed_date": NOW.date(),
        "signers": [("Kepala desa", "Muh. Rusli"), ("Petugas", "Ilham Rasyid")],
        **change,
    }
    key = said.pop("handover_id", None)
    by = said.pop("by", here.officer)
    return handovers.make_handover(
        by=by, at=NOW, round_id=here.round.id, given=handovers.HandoverGiven(**said), handover_id=key
    )


def test_minutes_freeze_the_list_with_digest_and_signature(here: Scene) -> None:
    with pytest.raises(handovers.NothingToHandOver):
        minutes(here)
    deliver(here)
    with pytest.raises(handovers.SignersMissing):
        minutes(here, signers=[("Kepala desa", "Muh. Rusli")])
    with pytest.raises(NotFound):
        minutes(here, by=here.cast.neighbour_manager)
    key = uuid7()
    made = minutes(here, handover_id=key)
    assert minutes(here, handover_id=key) == made == minutes(here)
    assert made.number.startswith("001/BAST/") and made.version == 1
    assert handover_queries.is_genuine(made) and handover_queries.by_token(made.token) == made
    read = handover_rules.read(made.content)
    assert read["rows"][0]["name"] == "Hasnah" and read["totals"][0]["quantity"] == "10"
    Handover.objects.filter(id=made.id).update(content=made.content.replace("Hasnah", "Hasanah"))
    assert not handover_queries.is_genuine(Handover.objects.get(id=made.id))


def test_a_change_makes_a_new_version(here: Scene) -> None:
    deliver(here)
    first = minutes(here)
    deliver(here, here.homes[1])
    second = minutes(here)
    assert (second.version, second.replaces_id, second.number) == (2, first.id, first.number)
    assert handover_queries.of_round(here.officer, here.round.id) == [second]
    assert handover_rules.read(second.content)["replaces"] == first.digest


def test_minutes_of_a_stop_hold_that_stop_only(here: Scene) -> None:
    stop, trip = uuid7(), uuid7()
    deliver(here, stop_id=stop, trip_id=trip)
    deliver(here, here.homes[1])
    made = minutes(here, stop_id=stop, trip_id=trip, stop="Dusun Taludu")
    assert len(handover_rules.read(made.content)["rows"]) == 1
    assert [one.delivery.stop_id for one in queries.of_stop(here.officer, stop)] == [stop]
    assert (
        len(queries.of_trip(here.officer, trip)) == 1
        and len(queries.of_household(here.officer, here.homes[0].id)) == 1
    )


def test_data_that_stand_still_are_on_no_list(here: Scene) -> None:
    head = Person.objects.create(
        full_name="Hasnah", name_key="hasnah", registered_at=NOW, region_code=DUNGKAIT
    )
    Household.objects.filter(id=here.homes[0].id).update(head=head)
    deliver(here)
    Person.objects.filter(id=head.id).update(restricted_at=NOW)
    assert queries.of_household(here.officer, here.homes[0].id) == []
    again = listing.list_entries(
        by=here.officer,
        at=NOW,
        round_id=rounds.open_round(by=here.chief, at=NOW, given=GIVEN).id,
        entries=[listing.EntryGiven(household_id=here.homes[0].id)],
    )
    assert again.made == () and again.unknown == ("Hasnah",)
    assert home("Lain").name == "Lain"


# --- the person goes ------------------------------------------------------------------------------------------------------


def resident(here: Scene, name: str) -> Person:
    """Somebody of the first household."""
    return Person.objects.create(
        full_name=name,
        name_key=name.lower(),
        household=here.homes[0],
        registered_at=NOW,
        region_code=DUNGKAIT,
    )


def test_who_is_erased_leaves_goods_without_a_name(here: Scene) -> None:
    person = resident(here, "Nenek Rahasia")
    listing.list_entries(
        by=here.officer, at=NOW, round_id=here.round.id, entries=[listing.EntryGiven(person_id=person.id)]
    )
    own = deliver(here, person_id=person.id, receiver_name="Nenek Rahasia", words="Nenek Rahasia sakit")
    delivering.attach_proof(
        by=here.officer, at=NOW, delivery_id=own.id, kind="thumb_photo", data=photo(), declared_name="x.jpg"
    )
    whole = deliver(here, receiver_name="Nenek Rahasia", receiver="family")
    done = erasing.blank_benefits(
        by=MACHINE, at=NOW, person_id=person.id, household_id=here.homes[0].id, words=["Nenek Rahasia"]
    )
    own.refresh_from_db()
    whole.refresh_from_db()
    assert own.person_id is None and "Rahasia" not in f"{own.receiver_name}{own.words}{whole.receiver_name}"
    assert own.files.count() == 0 and done.files
    assert not RoundEntry.objects.filter(name__contains="Rahasia").exists()
    assert goods_queries.balance_of(here.rice.id).given == 20


def test_what_one_row_of_a_person_got_goes_to_the_other(here: Scene) -> None:
    first, second = resident(here, "Nenek"), resident(here, "Nenek Sitti")
    made = deliver(here, person_id=first.id)
    moved = moving.move_benefits(
        by=MACHINE, at=NOW, origin_id=first.id, target_id=second.id, region_code=DUNGKAIT
    )
    made.refresh_from_db()
    assert made.person_id == second.id and "programmes.Delivery.person" in moved
