"""What comes down: for whom, how much, what changed, what is gone; in how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE, SYSTEM
from simpul.outreach import actions as outreach_actions
from simpul.people import actions as people_actions
from simpul.people.models import Batch, Contact, House, Household, Observation, Person, Profile
from simpul.people.queries import matching
from simpul.people.rules.history import seen_hash, seen_of
from simpul.sync.models import Device
from simpul.sync.queries import projection, short
from simpul.sync.queries import view as views
from simpul.sync.rules import columns
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.sync import works
from tests.sync.works import LATER, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> works.Stage:
    """Bonto Jai."""
    return works.stage()


def device(here: works.Stage, part: str = "walker", **given: Any) -> Device:
    """A telephone of somebody of the stage."""
    seat = here.seats[part]
    return Device.objects.create(
        **{
            "kind": "phone", "seat": seat, "desk": seat.desk, "label": part, "sign_algorithm": "ed25519", "sign_public": b"",
            "seal_public": b"", "enrolled_at": NOW, "enrolled_by": "x", "lease_until": NOW, **given,
        }
    )  # fmt: skip


def seal() -> int:
    """Freeze the journal, as a pull does first."""
    journal_actions.seal_journal(by=MACHINE, at=LATER)
    return projection.newest_position()


def pull(one: Device, cursor: int = 0, most: int = 1000, **given: Any) -> dict[str, Any]:
    return projection.changes(one, cursor, most, at=LATER, **given)


def rows(answer: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found = answer["tables"].get(table, {"n": 0, "c": {}})
    return columns.rows_of(found["c"], found["n"])


def by_id(answer: dict[str, Any], table: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows(answer, table)}


# --- the first time -----------------------------------------------------------------------------------------------------------


def test_the_first_pull_has_an_index_of_everybody_of_the_area(here: works.Stage) -> None:
    home, far = (
        here.home(birth_date=NOW.date().replace(year=1980), sex="L"),
        here.home("Jauh", region=DUNGKAIT),
    )
    loose = here.person("Tanpa Rumah")
    seal()
    answer = pull(device(here))
    assert rows(answer, "households") == [
        {
            "id": short.of(home.id),
            "region": BONTO_JAI,
            "hamlet": str(here.hamlet.id),
            "count": 1,
            "name": "Daeng Ngemba",
            "head": short.of(home.head_id),
        }
    ]
    assert rows(answer, "persons") == [
        {
            "id": short.of(home.head_id),
            "household": short.of(home.id),
            "name": "Daeng Ngemba",
            "birth": "1980",
            "sex": "L",
        },
        {"id": short.of(loose.id), "name": "Tanpa Rumah"},
    ]
    assert short.of(far.id) not in str(answer)
    assert answer["cursor"] == projection.newest_position()
    assert {"places", "hamlets", "kinds", "fields", "lists", "rules", "rounds", "entries"} <= set(
        answer["whole"]
    )
    assert any(one["code"] == BONTO_JAI for one in rows(answer, "places"))


def test_who_asked_that_their_data_stand_still_is_not_in_it_and_names_no_household(here: works.Stage) -> None:
    home = here.home()
    Person.objects.filter(id=home.head_id).update(restricted_at=NOW)
    erased = here.person("Terhapus")
    Person.objects.filter(id=erased.id).update(erased_at=NOW)
    seal()
    answer = pull(device(here))
    assert rows(answer, "persons") == []
    assert rows(answer, "households") == [
        {"id": short.of(home.id), "region": BONTO_JAI, "hamlet": str(here.hamlet.id), "count": 0}
    ]
    assert "Ngemba" not in str(answer)
    assert "Ngemba" not in str(pull(device(here), projection.newest_position(), asked=[short.of(home.id)]))


def test_rows_that_clash_have_their_whole_keys(here: works.Stage) -> None:
    home = here.home()
    twin = works.UUID(int=(1 << 100) | (home.id.int & ((1 << 40) - 1)))
    Household.objects.create(id=twin, region_code=BONTO_JAI, name="Kembar", registered_at=NOW, changed_at=NOW)
    seal()
    assert set(by_id(pull(device(here)), "households")) == {str(home.id), str(twin)}


def test_a_pull_goes_to_phones_of_seats_that_are_not_over(here: works.Stage) -> None:
    one = device(here)
    type(here.seats["walker"]).objects.filter(id=here.seats["walker"].id).update(withdrawn_at=NOW)
    one.refresh_from_db()
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - the refusal says what it is
        pull(one)
    assert refusal.type.__name__ == "NotFound"


# --- what changed -------------------------------------------------------------------------------------------------------------


def test_a_change_brings_whole_rows_with_what_contradicts(here: works.Stage) -> None:
    home = here.home()
    home.house = House.objects.create(
        region_code=BONTO_JAI, floor="bdt/6", address="RT 2", latitude=-5.5, longitude=119.9, changed_at=NOW
    )
    home.save()
    Profile.objects.create(person_id=home.head_id, works=False, changed_at=NOW)
    Contact.objects.create(
        person_id=home.head_id, channel="phone", as_typed="0812", owner="own", safe_to_call=False
    )
    cursor = seal()
    for by, value in ((here.walker, "2"), (here.chief, "3")):
        run(
            by,
            "household.change/1",
            {"household_id": str(home.id), "f.meals_per_day": value},
            seen={"meals_per_day": ""},
        )
    seal()
    answer = pull(device(here), cursor)
    (row,) = rows(answer, "households")
    assert row["f"]["meals_per_day"] in ("2", "3")
    assert row["doubt"] == {"meals_per_day": ["2", "3"]}
    assert row["hf"] == {"floor": "bdt/6", "address": "RT 2"}
    assert (row["lat"], row["lon"], row["address"]) == (-5_500_000, 119_900_000, "RT 2")
    assert "persons" not in answer["tables"], "nothing was said of them"
    asked = pull(device(here), cursor, asked=[row["id"]])
    (person,) = rows(asked, "persons")
    assert person["f"]["works"] == "no"
    (contact,) = rows(asked, "contacts")
    assert contact["safe_call"] is False
    assert "safe_write" not in contact, "nobody asked"
    assert answer["gone"] == {}
    assert not answer["more"]


def test_the_values_that_come_down_make_the_hashes_that_go_up(here: works.Stage) -> None:
    home = here.home()
    cursor = seal()
    for by, value in ((here.walker, "2"), (here.chief, "3")):
        run(
            by,
            "household.change/1",
            {"household_id": str(home.id), "f.meals_per_day": value},
            seen={"meals_per_day": ""},
        )
    seal()
    (row,) = rows(pull(device(here), cursor), "households")
    settled = run(here.walker, "household.change/1", {"household_id": row["id"], "f.meals_per_day": "4", "f.goats": "1"},
                  seen={"meals_per_day": seen_of(row["doubt"]["meals_per_day"]), "goats": seen_hash("")})  # fmt: skip
    assert settled.state in ("accepted", "conflict")
    home.refresh_from_db()
    assert home.goats == 1
    assert Observation.objects.filter(subject_id=home.id, field="goats", state="conflict").count() == 0


def test_a_cursor_moves_without_gaps_and_in_parts(here: works.Stage) -> None:
    homes = [here.home(f"Rumah {number}") for number in range(5)]
    cursor = seal()
    for home in homes:
        run(
            here.walker,
            "visit.record/1",
            {"visit_id": works.key(), "household_id": str(home.id), "outcome": "met"},
        )
    seal()
    one, seen, rounds = device(here), set(), 0
    more = True
    while more:
        answer = pull(one, cursor, most=2)
        seen |= set(by_id(answer, "households"))
        assert answer["cursor"] > cursor
        cursor, more, rounds = answer["cursor"], answer["more"], rounds + 1
    assert seen == {short.of(home.id) for home in homes}
    assert rounds == 3
    assert rows(pull(one, cursor), "households") == []


def test_a_list_that_was_taken_in_comes_down_though_one_line_speaks_of_it(
    here: works.Stage, monkeypatch: Any
) -> None:
    here.home("Sudah lama")
    cursor = seal()
    batch = Batch.objects.create(
        kind="residents", region_code=BONTO_JAI, file_name="daftar", size=1, started_at=NOW, started_by="x"
    )
    home = here.home("Dari daftar")
    journal_actions.record(
        by=MACHINE, at=NOW, kind="batch.run", subject_kind="batch", subject_id=batch.id, region_code=BONTO_JAI
    )
    Household.objects.filter(name="Sudah lama").update(changed_at=NOW - timedelta(days=1))
    Person.objects.filter(full_name="Sudah lama").update(registered_at=NOW - timedelta(days=1))
    seal()
    answer = pull(device(here), cursor)
    assert set(by_id(answer, "households")) == {short.of(home.id)}
    assert set(by_id(answer, "persons")) == {short.of(home.head_id)}
    monkeypatch.setattr(projection, "MOST_OF_A_LIST", 0)
    everything = pull(device(here), cursor)
    assert len(rows(everything, "households")) == 2
    assert {"households", "persons", "work"} <= set(everything["whole"])


def test_who_moved_away_is_gone(here: works.Stage) -> None:
    home, wife = here.home(), here.person("Rahma")
    people_actions.join_household(by=here.walker, at=NOW, household_id=home.id, person_id=wife.id)
    cursor = seal()
    people_actions.record_move(by=here.walker, at=NOW, person_ids=[wife.id])
    seal()
    answer = pull(device(here), cursor)
    assert answer["gone"]["persons"] == [short.of(wife.id)]
    assert by_id(answer, "households")[short.of(home.id)]["count"] == 1


def test_who_was_taken_in_by_another_area_is_gone_too(here: works.Stage) -> None:
    home, far = here.home(), here.home("Jauh", region=DUNGKAIT)
    wife = here.person("Rahma", household=home)
    cursor = seal()
    system = works.Actor(role=SYSTEM, name="x", strong=True)
    people_actions.record_arrival(
        by=system, at=NOW, household_id=far.id, who=people_queries_asked(), person_id=wife.id
    )
    seal()
    answer = pull(device(here), cursor)
    assert short.of(wife.id) in answer["gone"]["persons"]
    assert short.of(far.id) not in str(answer["tables"])


def people_queries_asked() -> Any:
    """Nothing is told of somebody who is known."""
    return matching.Asked(name="Rahma")


def test_what_a_stranger_does_elsewhere_does_not_come_down(here: works.Stage) -> None:
    cursor = seal()
    far = here.home("Jauh", region=DUNGKAIT)
    system = works.Actor(role=SYSTEM, name="x", strong=True)
    people_actions.change_household(by=system, at=NOW, household_id=far.id, changes={"goats": 3})
    seal()
    answer = pull(device(here), cursor)
    assert answer["gone"] == {}
    assert "households" not in answer["tables"]


# --- the seat's own -----------------------------------------------------------------------------------------------------------


def test_todays_work_comes_with_its_reason_and_the_whole_rows_it_is_about(here: works.Stage) -> None:
    home = here.home()
    outreach_actions.assign_households(
        by=here.chief,
        at=NOW,
        seat_id=here.walker.seat_id,
        household_ids=[home.id],
        due_date=(NOW - timedelta(days=3)).date(),
    )
    works.card(here)
    cursor = seal()
    answer = pull(device(here), cursor)
    work = rows(answer, "work")
    assert [one["kind"] for one in work] == ["visit", "kis"]
    assert work[0]["household"] == short.of(home.id)
    assert work[0]["why"], "the reason is in words"
    assert by_id(answer, "households")[short.of(home.id)]["f"] == {}
    assert len(rows(answer, "kis")) == 1
    again = pull(device(here), cursor, own_digest=answer["own"])
    assert "work" not in again["tables"]
    assert again["whole"] == []
    assert rows(pull(device(here, "chief"), cursor), "work") == []


def test_every_kind_of_work(here: works.Stage) -> None:
    verification = works.verification(here, taken=False)
    home = here.home("Rumah beras")
    works.rice(here, home)
    trip, stop = works.trip(here)
    outreach_actions.add_member(
        by=here.chief, at=NOW, trip_id=trip.id, member=outreach_actions.Member(seat_id=here.walker.seat_id)
    )
    outreach_actions.list_doors(
        by=here.chief, at=NOW, trip_id=trip.id, household_ids=[home.id], reason="need"
    )
    outreach_actions.record_promise(
        by=here.walker,
        at=NOW,
        trip_id=trip.id,
        words="Terpal dikirim.",
        promised_at=NOW,
        household_id=home.id,
    )
    outreach_actions.open_accompaniment(by=here.walker, at=NOW, what="kis", household_id=home.id)
    seal()
    one = device(here)
    found = {row["kind"]: row for row in rows(pull(one, projection.newest_position()), "work")}
    assert {"verification", "trip_door", "promise", "accompaniment"} <= set(found)
    assert found["verification"]["ref"] == str(verification.id)
    assert {row["id"] for row in rows(pull(one, projection.newest_position()), "trips")} == {str(trip.id)}
    post = rows(pull(device(here, "post"), projection.newest_position()), "work")
    assert "delivery" in {row["kind"] for row in post}
    assert stop.id


def test_matters_come_without_hidden_names_and_sealed_ones_never(here: works.Stage) -> None:
    shown = works.matter(here)
    hidden = works.matter(here)
    type(hidden).objects.filter(id=hidden.id).update(hide_name=True)
    sealed = works.matter(here)
    type(sealed).objects.filter(id=sealed.id).update(sensitivity="sealed")
    seal()
    found = by_id(pull(device(here), projection.newest_position()), "cases")
    assert set(found) == {str(shown.id), str(hidden.id)}
    assert found[str(shown.id)]["person"] == short.of(shown.reporter_id)
    assert "person" not in found[str(hidden.id)]


def test_the_words_are_in_the_readers_language(here: works.Stage) -> None:
    works.matter(here)
    seal()
    one = device(here)
    (case,) = rows(pull(one, projection.newest_position()), "cases")
    user = here.seats["walker"].user
    user.language = "en"
    user.save()
    one.refresh_from_db()
    (english,) = rows(pull(Device.objects.get(id=one.id), projection.newest_position()), "cases")
    assert english["state_words"] in ("Nobody has taken it on yet", "A desk is at work on it")
    assert case["state_words"] != english["state_words"]


def test_rounds_lists_and_goods(here: works.Stage) -> None:
    home, other = here.home(), here.home("Kedua")
    made, item = works.rice(here, home, other)
    one = device(here, "post", id=works.DEVICE)
    works.allotted(here, item)
    cursor = seal()
    run(here.post, "delivery.record/1", works.delivery(here, made, item, home))
    seal()
    first = pull(one)
    (row,) = rows(first, "rounds")
    assert row["items"] == [{"id": str(item.id), "what": "Beras", "unit": "kg", "each": 1000}]
    entries = {entry["household"]: entry for entry in rows(first, "entries")}
    assert entries[short.of(home.id)]["given"] is True
    assert "given" not in entries[short.of(other.id)]
    (lot,) = rows(first, "goods")
    assert (lot["quantity"], lot["given"]) == (5000, 1000)
    answer = pull(one, cursor)
    assert {entry["household"]: entry.get("given") for entry in rows(answer, "entries")} == {
        short.of(home.id): True
    }


# --- how much it asks ---------------------------------------------------------------------------------------------------------


def test_a_fixed_number_of_queries_however_many_households(here: works.Stage) -> None:
    for number in range(3):
        here.home(f"Rumah {number}")
    seal()
    one = device(here)
    view = views.of_device(one, LATER)
    counted = []
    for more in (0, 60):
        for number in range(more):
            here.home(f"Lagi {number}")
        with CaptureQueriesContext(
            connection,
        ) as index:
            projection.everything(view, views.Names())
        with CaptureQueriesContext(connection) as whole:
            keys = list(Household.objects.values_list("id", flat=True))
            projection.down_register.whole(view, keys, [], views.Names())
        counted.append((len(index), len(whole)))
    assert counted[0] == counted[1]
    assert counted[0][0] < 40
    assert counted[0][1] < 25
