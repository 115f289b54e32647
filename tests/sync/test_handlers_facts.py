"""What edits, facts and receipts from the hills become: conflicts, doubles, twins, numbers, times, short keys, files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from simpul.cases.actions import handling, reserving
from simpul.cases.models import Attachment, Case, Question
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound, Refused
from simpul.outreach.models import Visit
from simpul.people.models import Consent, Contact, House, Household, Person
from simpul.people.rules.history import seen_hash
from simpul.programmes.models import Delivery, Proof
from simpul.sync import handlers
from simpul.sync.handlers.frame import EventUnreadable
from simpul.sync.queries import short
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.sync import samples, works
from tests.sync.works import LATER, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> works.Stage:
    """Bonto Jai."""
    return works.stage()


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


# --- edits --------------------------------------------------------------------------------------------------------------------


def test_two_values_of_authors_who_had_not_seen_each_other_are_both_kept(here: works.Stage) -> None:
    home = here.home()
    first = run(
        here.walker,
        "household.change/1",
        {"household_id": str(home.id), "f.meals_per_day": "2"},
        seen={"meals_per_day": ""},
    )
    second = run(
        here.chief,
        "household.change/1",
        {"household_id": str(home.id), "f.meals_per_day": "3"},
        seen={"meals_per_day": ""},
    )
    assert first.state == "accepted"
    assert (second.state, second.reason) == ("conflict", "two_values")
    assert sorted(second.facts["fields"]["meals_per_day"]) == ["2", "3"]
    assert [(one.kind, one.subject, one.region_code) for one in second.tasks] == [
        ("conflict", f"household:{home.id}", BONTO_JAI)
    ]


def test_an_edit_that_saw_what_stands_takes_its_place_whatever_the_clock_says(here: works.Stage) -> None:
    home = here.home()
    run(
        here.walker,
        "household.change/1",
        {"household_id": str(home.id), "f.meals_per_day": "2"},
        seen={"meals_per_day": ""},
    )
    done = run(
        here.chief, "household.change/1", {"household_id": str(home.id), "f.meals_per_day": "3", "observed": "1970-01-02"},
        seen={"meals_per_day": seen_hash("2")}, happened=datetime(1970, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    assert done.state == "accepted"
    home.refresh_from_db()
    assert home.meals_per_day == 3


def test_different_fields_are_united(here: works.Stage) -> None:
    home = here.home()
    for name, value in (("fridge", "yes"), ("goats", "3")):
        done = run(
            here.walker,
            "household.change/1",
            {"household_id": str(home.id), f"f.{name}": value},
            seen={name: ""},
        )
        assert done.state == "accepted"
    home.refresh_from_db()
    assert (home.fridge, home.goats) == (True, 3)


def test_two_numbers_of_one_person_become_a_question(here: works.Stage) -> None:
    person = here.person()
    for address, state in (("0813-1111-2222", "accepted"), ("0813-9999-8888", "conflict")):
        done = run(here.walker, "contact.add/1", {"contact_id": works.key(), "person_id": str(person.id), "address": address,
                                                  "seen_contacts": [works.key()]})  # fmt: skip
        assert done.state == state
    assert done.facts == {"fields": {"contact": ["0813-9999-8888", "0813-1111-2222"]}}
    assert Contact.objects.filter(person=person, is_current=True).count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("f.nonsense", "1"), ("f.meals_per_day", "many"), ("f.fridge", "perhaps"), ("f.floor_area_dm2", 5)],
)
def test_a_value_that_is_none_is_named(here: works.Stage, name: str, value: object) -> None:
    with pytest.raises(EventUnreadable) as refusal:
        run(here.walker, "household.change/1", {"household_id": str(here.home().id), name: value})
    assert name in str(refusal.value)


def test_a_number_outside_its_range_is_refused_with_its_own_sentence(here: works.Stage) -> None:
    with pytest.raises(Refused) as refusal:
        run(here.walker, "household.change/1", {"household_id": str(here.home().id), "f.meals_per_day": "99"})
    assert refusal.value.code == "field.number_impossible"


# --- households ---------------------------------------------------------------------------------------------------------------


def test_a_household_with_its_house_and_what_was_seen(here: works.Stage) -> None:
    sample = samples.SAMPLES["household.open/1"](here)
    run(sample.by, "household.open/1", sample.data)
    home = Household.objects.get(id=sample.data["household_id"])
    assert (home.name, home.fridge, home.meals_per_day, home.income_month) == ("Daeng Baso", False, 2, 750000)
    house = House.objects.get(id=sample.data["house_id"])
    assert (house.latitude, house.longitude) == (-5.512345, 119.912345)
    assert (house.floor, house.floor_area_dm2, house.address, house.landmark) == (
        "bdt/6",
        2250,
        "RT 2",
        "dekat sumur",
    )


def test_one_household_of_two_phones_is_linked_and_not_overwritten(here: works.Stage) -> None:
    here.home(nik="7303014107800001")
    twin = here.person("Daeng Ngemba", nik="7303014107800001")
    done = run(
        here.walker,
        "household.open/1",
        {"household_id": works.key(), "region": BONTO_JAI, "head_id": str(twin.id)},
    )
    assert (done.state, done.reason) == ("flagged", "twice")
    assert [one.kind for one in done.tasks] == ["twice"]


def test_nobody_is_moved_by_whose_word_arrived_last(here: works.Stage) -> None:
    first, second = here.home("A"), here.home("B")
    person = here.person("Rahma", household=first)
    data = {"household_id": str(second.id), "person_id": str(person.id)}
    assert run(here.walker, "household.join/1", data).state == "accepted"  # no sight: told as at the register
    person.refresh_from_db()
    data = {"household_id": str(first.id), "person_id": str(person.id)}
    other = run(here.walker, "household.join/1", data, seen={"household_id": samples.UNSEEN})
    assert (other.state, other.reason) == ("conflict", "lives_elsewhere")
    short_seen = run(
        here.walker, "household.join/1", data, seen={"household_id": seen_hash(short.of(second.id))}
    )
    assert short_seen.state == "accepted"


# --- short keys ---------------------------------------------------------------------------------------------------------------


def test_a_short_key_is_one_row_of_the_area_or_none(here: works.Stage) -> None:
    home = here.home()
    far = here.home("Jauh", region=DUNGKAIT)
    visit = {"visit_id": works.key(), "outcome": "met"}
    assert (
        run(here.walker, "visit.record/1", {**visit, "household_id": short.of(home.id)}).state == "accepted"
    )
    with pytest.raises(NotFound):
        run(here.walker, "visit.record/1", {**visit, "household_id": short.of(far.id)})
    clash = UUID(int=(1 << 100) | (home.id.int & ((1 << 40) - 1)))
    Household.objects.create(
        id=clash, region_code=BONTO_JAI, name="Kembar", registered_at=NOW, changed_at=NOW
    )
    with pytest.raises(EventUnreadable):
        run(here.walker, "visit.record/1", {**visit, "household_id": short.of(home.id)})
    assert short.clashing_in(here.walker) == {short.of(home.id)}


def test_a_short_subject_is_written_out_where_it_was_held(here: works.Stage) -> None:
    home, far = here.home(), here.home("Jauh", region=DUNGKAIT)
    assert short.whole_subject(f"household:{short.of(home.id)}", [BONTO_JAI]) == f"household:{home.id}"
    assert short.whole_subject(f"household:{short.of(far.id)}", [BONTO_JAI]) == f"household:{far.id}"
    assert short.whole_subject("household:0000000000", [BONTO_JAI]) == "household:0000000000"
    assert short.whole_subject("epoch:aa", [BONTO_JAI]) == "epoch:aa"
    assert short.region_of(f"household:{far.id}") == DUNGKAIT
    assert short.region_of("epoch:aa") == ""


def test_a_fact_follows_its_household_when_the_area_is_widened(here: works.Stage) -> None:
    far = here.home("Jauh", region=DUNGKAIT)
    data = {"visit_id": works.key(), "household_id": str(far.id), "outcome": "met"}
    with pytest.raises(NotFound):
        run(here.walker, "visit.record/1", data)
    wide = works.replace(here.walker, areas=("730301", DUNGKAIT))
    assert run(wide, "visit.record/1", data).region_code == DUNGKAIT


# --- times --------------------------------------------------------------------------------------------------------------------


def test_times_move_with_the_clock_and_never_lie_ahead(here: works.Stage) -> None:
    home = here.home()
    future = datetime(2036, 1, 1, tzinfo=UTC)  # the phone's clock is ten years ahead; its offset was measured
    data = {
        "visit_id": works.key(),
        "household_id": str(home.id),
        "outcome": "met",
        "visited_ms": ms(future - timedelta(hours=3)),
    }
    run(here.walker, "visit.record/1", data, at=LATER, happened=NOW)  # the event itself says NOW
    visit = Visit.objects.get()
    assert visit.visited_at == LATER  # ahead of everything: now
    event = works.event("visit.record/1", {**data, "visit_id": works.key()}, at=future)
    handlers.TABLE["visit.record/1"].run(works.work(here.walker, event, happened=NOW))
    assert Visit.objects.exclude(id=visit.id).get().visited_at == NOW - timedelta(hours=3)


def test_a_day_that_is_still_to_come_is_today(here: works.Stage) -> None:
    home = here.home()
    done = run(
        here.walker,
        "household.change/1",
        {"household_id": str(home.id), "f.goats": "2", "observed": "2036-01-01"},
    )
    assert done.state == "accepted"
    with pytest.raises(EventUnreadable):
        run(here.walker, "visit.record/1", {"visit_id": works.key(), "household_id": str(home.id), "outcome": "met",
                                            "visited_ms": 2**52})  # fmt: skip


# --- matters ------------------------------------------------------------------------------------------------------------------


def test_a_number_that_was_handed_over_is_the_matters_number(here: works.Stage) -> None:
    (kept,) = reserving.reserve_numbers(by=MACHINE, at=NOW, region_code=BONTO_JAI, count=1, for_device="d")
    sample = samples.SAMPLES["case.open/1"](here)
    done = run(
        here.walker, "case.open/1", {**sample.data, "case_id": str(kept.case_id), "number": kept.number}
    )
    assert done.facts == {"number": kept.number}
    case = Case.objects.get(id=kept.case_id)
    assert (case.number, case.received_at, case.device_at) == (kept.number, NOW, NOW)


def test_a_sealed_matter_tells_no_number(here: works.Stage) -> None:
    data = {
        "case_id": works.key(),
        "kind": "protected_report",
        "text": "Tetangga memukul anaknya.",
        "region": DUNGKAIT,
        "mode": "anonymous",
    }
    done = run(here.stranger, "case.open/1", data)
    assert done.facts == {}
    assert Case.objects.get(id=data["case_id"]).sensitivity == "sealed"


def test_what_is_added_answers_the_open_question(here: works.Stage) -> None:
    case = works.matter(here)
    handling.ask_question(by=here.chief, at=NOW, case_id=case.id, text="Sejak kapan jembatan itu putus?")
    data = {"addition_id": works.key(), "case_id": str(case.id), "text": "Sejak banjir."}
    for _twice in range(2):
        assert run(here.walker, "case.add/1", data).state == "accepted"
    assert Question.objects.get().reply == "Sejak banjir."
    assert Line.objects.filter(kind="question.reply").count() == 1
    assert not Line.objects.filter(kind="case.note").exists()


# --- aid ----------------------------------------------------------------------------------------------------------------------


def test_a_possible_double_is_kept_and_becomes_a_question(here: works.Stage) -> None:
    home = here.home()
    made, item = works.rice(here, home)
    works.allotted(here, item)
    first = run(here.post, "delivery.record/1", works.delivery(here, made, item, home))
    second = run(here.post, "delivery.record/1", works.delivery(here, made, item, home))
    assert first.state == "accepted"
    assert (second.state, second.reason) == ("flagged", "possible_double")
    assert [one.kind for one in second.tasks] == ["double"]
    assert Delivery.objects.count() == 2


def test_a_door_where_somebody_has_asked_is_flagged(here: works.Stage) -> None:
    asked = samples.SAMPLES["card.ask/1"](here)
    run(here.walker, "card.ask/1", asked.data)
    data = {"door_id": works.key(), "card_id": asked.data["card_id"], "outcome": "visited_found"}
    done = run(here.walker, "door.record/1", data)
    assert (done.state, done.reason) == ("flagged", "door.settled")


# --- files --------------------------------------------------------------------------------------------------------------------


def photo() -> bytes:
    """A small photo."""
    kept = BytesIO()
    Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
    return kept.getvalue()


def test_files_are_attached_when_they_come(here: works.Stage) -> None:
    home = here.home()
    made, item = works.rice(here, home)
    works.allotted(here, item)
    delivered = run(
        here.post, "delivery.record/1", {**works.delivery(here, made, item, home), "thumbs": ["aa" * 32]}
    )
    opened = run(here.walker, "case.open/1", samples.SAMPLES["case.open/1"](here).data)
    agreed = run(here.walker, "consent.give/1", samples.SAMPLES["consent.give/1"](here).data)
    for done in (delivered, opened, agreed):
        (wanted,) = done.files
        for _twice in range(2):
            if wanted.kind != "case" or not _twice:
                handlers.attach(
                    by=here.walker, at=LATER, kind=wanted.kind, key=wanted.key, data=photo(), name="foto.jpg"
                )
    assert Proof.objects.get().kind == "thumb_photo"
    assert Attachment.objects.get().by_name == here.walker.name
    assert Consent.objects.get().evidence_mime == "image/jpeg"
    with pytest.raises(NotFound):
        handlers.attach(by=here.walker, at=LATER, kind="consent", key=uuid4(), data=photo(), name="foto.jpg")


def test_a_visit_keeps_the_names_of_its_photos(here: works.Stage) -> None:
    sample = samples.SAMPLES["visit.record/2"](here)
    done = run(sample.by, "visit.record/2", sample.data)
    assert [one.sha256 for one in done.files] == sample.data["photos"]
    with pytest.raises(EventUnreadable):
        run(sample.by, "visit.record/1", {**sample.data, "visit_id": works.key()})


def test_a_person_with_telephone_and_home_stands_or_falls_as_one(here: works.Stage) -> None:
    sample = samples.SAMPLES["person.register/1"](here)
    with pytest.raises(Refused):
        run(here.walker, "person.register/1", {**sample.data, "phone": "no digits"})
    assert not Person.objects.filter(id=sample.data["person_id"]).exists()
    run(here.walker, "person.register/1", sample.data)
    person = Person.objects.get(id=sample.data["person_id"])
    assert person.household_relation == "bdt/3"
    assert person.contacts.get().address == "+6281233445566"
