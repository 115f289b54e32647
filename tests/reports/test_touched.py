"""Nobody forgotten: a meeting counts a household once, two periods tell a story that the rows repeat, and nothing protected is in it."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.cases.actions import intake
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.outreach import actions as outreach_actions
from simpul.outreach.models import Guest, Trip, Visit
from simpul.people import actions as people_actions
from simpul.people.models import Person
from simpul.programmes.models import Delivery, Programme, Round, RoundEntry
from simpul.reports.queries import touched
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
YEAR = touched.Asked(BONTO_JAI, NOW.date() - timedelta(days=364), NOW.date())
HOME = "/meja/jangkauan/tersentuh/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def lead(cast: Cast) -> Actor:
    return cast.neighbour_coordinator


def home(cast: Cast, name: str) -> tuple[Any, Person]:
    by = cast.neighbour_coordinator
    person = people_actions.register_person(by=by, at=NOW, full_name=name, region_code=BONTO_JAI).person
    house = people_actions.open_household(by=by, at=NOW, region_code=BONTO_JAI, name=name)
    people_actions.join_household(by=by, at=NOW, household_id=house.id, person_id=person.id)
    return house, person


def visit(lead: Actor, household: Any, when: datetime = NOW, outcome: str = "met") -> Visit:
    found = outreach_actions.Found(outcome=outcome)
    return outreach_actions.record_visit(
        by=lead, at=NOW, household_id=household.id, visited_at=when, found=found
    )


def counted(lead: Actor, asked: touched.Asked = YEAR) -> dict[str, int]:
    total = touched.table(lead, asked).total
    keys = ("households", "reached", "people", "first", "untouched", "never")
    return {key: total.count(key) for key in keys}


def test_a_household_counts_once_however_often_it_was_met(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    home(cast, "Daeng Tarru")
    for days in (1, 30, 60):
        visit(lead, house, NOW - timedelta(days=days))
    assert counted(lead) == {
        "households": 2, "reached": 1, "people": 1, "first": 1, "untouched": 1, "never": 1,
    }  # fmt: skip


def test_a_closed_door_is_no_meeting(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house, outcome="nobody_home")
    assert counted(lead)["reached"] == 0 and counted(lead)["never"] == 1


def test_who_was_met_before_is_not_met_for_the_first_time(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house, NOW - timedelta(days=500))
    visit(lead, house, NOW - timedelta(days=5))
    assert (counted(lead)["reached"], counted(lead)["first"]) == (1, 0)


def test_two_periods_tell_how_many_more_were_met(cast: Cast, lead: Actor) -> None:
    for number in range(5):
        house, _ = home(cast, f"Daeng Nomor {'abcde'[number]}")
        visit(lead, house, NOW - timedelta(days=3))
        if number < 2:
            visit(lead, house, NOW - timedelta(days=400))
    now, before = touched.periods(lead, YEAR)
    assert touched.table(lead, YEAR.before()).total.count("people") == 2
    assert (before.total.count("people"), now.total.count("people")) == (2, 5)
    assert now.total.count("first") == 3
    again = {one.household for one in now.touches}
    assert len(again) == 5, "the rows behind the figure give the figure"


def test_281_became_880_and_the_rows_say_so(cast: Cast, lead: Actor) -> None:
    """The story of Halong: both figures come out of rows in a guest book, a name that comes twice counts once."""
    trip = Trip.objects.create(
        purpose="Pak Sotarsa", region_code=BONTO_JAI, season="dry", start_date=NOW.date(), end_date=NOW.date(),
        planned_at=NOW,
    )  # fmt: skip
    stop = trip.stops.create(position=1, region_code=BONTO_JAI, added_at=NOW)
    for people, when in ((281, NOW - timedelta(days=400)), (880, NOW - timedelta(days=20))):
        names = [f"Tamu {number}" for number in range(people)] + ["Tamu 0", "TAMU 1"]
        stop.guests.bulk_create(
            Guest(stop=stop, name=name, origin="Uren", came_at=when, recorded_at=NOW) for name in names
        )
    now, before = touched.table(lead, YEAR), touched.table(lead, YEAR.before())
    assert (before.total.count("people"), now.total.count("people")) == (281, 880)
    assert len(now.touches) == 882, "each row of the guest book can be opened"


def test_months_without_anybody_are_counted_to_the_end_of_the_period(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house, NOW - timedelta(days=200))
    assert counted(lead)["untouched"] == 1
    longer = touched.Asked(BONTO_JAI, YEAR.since, YEAR.until, months=12)
    assert counted(lead, longer)["untouched"] == 0


def test_a_person_and_their_household_are_one(cast: Cast, lead: Actor) -> None:
    house, person = home(cast, "Daeng Baji")
    visit(lead, house)
    cast.case(
        by=cast.neighbour,
        kind_code="social_problem",
        region_code=BONTO_JAI,
        channel="desk",
        consent="spoken",
        answers={"sector": "health"},
        reporter=intake.PersonGiven(person_id=person.id, name=person.full_name),
    )
    assert (counted(lead)["reached"], counted(lead)["people"]) == (1, 1)


def round_with(household: Any, lead: Actor) -> Round:
    Programme.objects.create(code="beras-uji", kind="aid", authority="Bapanas", name="Beras", name_en="Rice")
    made = Round.objects.create(
        programme_id="beras-uji", name="Beras uji", starts_date=NOW.date(), ends_date=NOW.date(),
        region_code=BONTO_JAI, recorded_at=NOW, recorded_by="uji", changed_at=NOW,
    )  # fmt: skip
    RoundEntry.objects.create(
        round=made, household=household, name="Daeng Baji", region_code=BONTO_JAI, recorded_at=NOW,
        recorded_by="uji",
    )  # fmt: skip
    return made


def test_listed_is_not_got_and_got_is_a_meeting(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    made = round_with(house, lead)
    asked = touched.Asked(BONTO_JAI, NOW.date(), NOW.date(), "beras-uji")
    total = touched.table(lead, asked).total
    assert [total.count(key) for key in ("listed", "delivered", "waiting", "reached")] == [1, 0, 1, 0]
    Delivery.objects.create(
        round=made, household=house, region_code=BONTO_JAI, outcome="delivered", delivered_at=NOW,
        by_name="uji", recorded_at=NOW,
    )  # fmt: skip
    total = touched.table(lead, asked).total
    assert [total.count(key) for key in ("listed", "delivered", "waiting", "reached")] == [1, 1, 0, 1]


def test_a_sealed_matter_is_in_no_figure(cast: Cast, lead: Actor) -> None:
    _, person = home(cast, "Daeng Baji")
    case = cast.case(
        by=cast.neighbour, kind_code="social_problem", region_code=BONTO_JAI, channel="desk", consent="spoken",
        answers={"sector": "health"},
        reporter=intake.PersonGiven(person_id=person.id, name=person.full_name),
    )  # fmt: skip
    type(case).objects.filter(id=case.id).update(sensitivity="sealed")
    assert counted(lead)["reached"] == 0


def test_what_trips_cost_is_divided_by_whom_they_met(cast: Cast, lead: Actor) -> None:
    assert touched.travel(lead, YEAR).trips == 0
    trip = Trip.objects.create(
        purpose="Uji", region_code=BONTO_JAI, season="dry", start_date=NOW.date(), end_date=NOW.date(),
        state="closed", fuel_actual=100_000, cost_actual=51_000, planned_at=NOW,
    )  # fmt: skip
    stop = trip.stops.create(position=1, region_code=BONTO_JAI, added_at=NOW)
    for name in ("Daeng Baji", "Daeng Tarru", "daeng tarru"):
        stop.guests.create(name=name, came_at=NOW, recorded_at=NOW)
    found = touched.travel(lead, YEAR)
    assert (found.trips, found.people, found.cost, found.cost_each) == (1, 2, 151_000, 75_500)


def test_the_page_asks_the_same_number_of_questions_for_one_household_and_for_ten(
    cast: Cast, lead: Actor, django_assert_max_num_queries: Any
) -> None:

    house, _ = home(cast, "Daeng Baji")
    visit(lead, house)
    with CaptureQueriesContext(connection) as few:
        touched.table(lead, YEAR)
    for number in range(9):
        more, _ = home(cast, f"Daeng Lain {'abcdefghi'[number]}")
        visit(lead, more)
    with CaptureQueriesContext(connection) as many:
        touched.table(lead, YEAR)
    assert len(many) == len(few)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_each_number_opens_to_its_meetings(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house)
    client = sit(cast, "neighbour_coordinator")
    asked = {"dari": YEAR.since.isoformat(), "sampai": YEAR.until.isoformat(), "wilayah": BONTO_JAI}
    page = client.get(HOME, asked)
    assert page.status_code == 200 and "Tidak ada yang terlupa" in words(page)
    opened = words(client.get(f"{HOME}rumah-tangga/", {**asked, "angka": "reached"}))
    assert "Daeng Baji" in opened and "kunjungan" in opened


@pytest.mark.parametrize(
    "given", [{"dari": "x"}, {"dari": "2026-13-40"}, {"bulan": "-1"}, {"dari": "2099-01-01"}]
)
def test_what_cannot_be_read_is_left_at_its_first_value(cast: Cast, given: dict[str, str]) -> None:
    assert sit(cast, "neighbour_coordinator").get(HOME, given).status_code == 200


def test_the_rows_leave_with_a_line_and_give_the_figure_again(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house)
    client = sit(cast, "neighbour_manager")
    given = {
        "dari": YEAR.since.isoformat(),
        "sampai": YEAR.until.isoformat(),
        "wilayah": BONTO_JAI,
        "purpose": "Rapat",
    }
    answer = client.post(f"{HOME}ekspor/", given)
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert any(str(house.id) in row for row in rows)
    assert Line.objects.get(kind="export.record").facts["what"] == "tersentuh"


def test_who_leads_without_the_register_reads_no_small_group(cast: Cast) -> None:
    by = cast.manager
    for number in range(7):
        house = people_actions.open_household(by=by, at=NOW, region_code=DUNGKAIT, name=f"Rumah {number}")
        if number < 2:
            visit(by, house)
    asked = touched.Asked(DUNGKAIT, YEAR.since, YEAR.until)
    shown, split = touched.overview(cast.approver, asked, ("reached", "never"))
    assert split == "hamlet" and (shown.whole, shown.parts) == (7, (None, None))
    page = sit(cast, "approver").get(HOME, {"wilayah": DUNGKAIT})
    assert page.status_code == 200 and "disembunyikan" in words(page)
    assert b"/tersentuh/rumah-tangga/" not in page.content
    other, _ = touched.overview(cast.neighbour_manager, asked, ("reached",))
    assert not other.rows


def test_the_neighbour_sees_nothing_of_it(cast: Cast, lead: Actor) -> None:
    house, _ = home(cast, "Daeng Baji")
    visit(lead, house)
    trip = Trip.objects.create(
        purpose="Uji",
        region_code=BONTO_JAI,
        season="dry",
        start_date=NOW.date(),
        end_date=NOW.date(),
        planned_at=NOW,
    )
    trip.stops.create(position=1, region_code=BONTO_JAI, added_at=NOW).guests.create(
        name="Tamu", came_at=NOW, recorded_at=NOW
    )
    found = touched.table(cast.manager, YEAR)
    assert not found.touches and found.total.people == 0 and not found.places
    assert touched.table(lead, YEAR).total.people == 2
    asked = {"wilayah": BONTO_JAI}
    client = sit(cast, "manager")
    assert "Daeng Baji" not in words(client.get(HOME, asked))
    assert "Daeng Baji" not in words(client.get(f"{HOME}rumah-tangga/", {**asked, "angka": "reached"}))
