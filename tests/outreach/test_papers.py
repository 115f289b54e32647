"""A day on paper: rows with keys of their own, numbers printed beforehand, entered once however often they are typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from simpul.cases.actions import intake
from simpul.cases.models import Case, CaseReservation
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.lib.media import CleanFile
from simpul.outreach import access
from simpul.outreach.actions import papering, steps, stopping, visiting
from simpul.outreach.models import Sheet, Trip, Visit
from simpul.outreach.queries import papers
from simpul.outreach.rules import papers as rules
from simpul.people import actions as people_actions
from simpul.programmes.actions import delivering
from simpul.programmes.models import Delivery, Programme, Round, RoundEntry, RoundItem
from tests.cast import BONTO_JAI, NOW, Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def lead(cast: Cast) -> Actor:
    return cast.neighbour_coordinator


@pytest.fixture
def homes(lead: Actor) -> list[Any]:
    return [
        people_actions.open_household(by=lead, at=NOW, region_code=BONTO_JAI, name=name)
        for name in ("Daeng Baji", "Daeng Tarru")
    ]


def printed(lead: Actor, kind: str = "visits", **given: Any) -> Sheet:
    return papering.print_sheet(
        by=lead,
        at=NOW,
        region_code=BONTO_JAI,
        wanted=papering.Wanted(kind=kind, title="Hari pertama", **given),
    )


def enter(lead: Actor, row: Any, **given: Any) -> Any:
    return papering.enter_row(by=lead, at=NOW, row_id=row.id, visited_at=NOW - timedelta(hours=3), **given)


MET = visiting.Found(outcome="met", spoke_to="Daeng Baji", words="Atap bocor.")


def test_a_row_entered_twice_is_one_visit(lead: Actor, homes: list[Any]) -> None:
    sheet = printed(lead, household_ids=[one.id for one in homes])
    row = sheet.rows.get(position=1)
    enter(lead, row, found=MET)
    enter(lead, row, found=MET)
    assert Visit.objects.get().id == row.id
    line = Line.objects.get(kind="row.enter")
    assert line.facts["outcome"] == "met" and line.region_code == BONTO_JAI
    assert Line.objects.get(kind="sheet.print").facts["rows"] == 2


def test_the_same_sheet_is_made_once(lead: Actor, homes: list[Any]) -> None:
    wanted = papering.Wanted(kind="visits", title="Uji", household_ids=[homes[0].id])
    key = uuid7()
    first = papering.print_sheet(by=lead, at=NOW, region_code=BONTO_JAI, wanted=wanted, sheet_id=key)
    again = papering.print_sheet(by=lead, at=NOW, region_code=BONTO_JAI, wanted=wanted, sheet_id=key)
    assert first.code == again.code and Sheet.objects.count() == 1


def test_a_number_on_a_blank_form_is_the_matters_number(lead: Actor) -> None:
    sheet = printed(lead, "cases", lines=2)
    first, second = sheet.rows.order_by("position")
    assert first.number != second.number
    matter = papering.Matter(
        kind_code="social_problem",
        words="Kartu KIS ibu saya mati.",
        reporter=intake.PersonGiven(name="Daeng Baji"),
        answers={"sector": "health"},
    )
    enter(lead, first, matter=matter)
    assert Case.objects.get().number == first.number and Case.objects.get().channel == "paper"
    papering.skip_row(by=lead, at=NOW, row_id=second.id)
    assert CaseReservation.objects.get(number=second.number).state == "returned"
    assert Line.objects.filter(kind="row.skip").count() == 1


def test_aid_handed_over_on_paper_is_a_delivery(lead: Actor, homes: list[Any]) -> None:
    Programme.objects.create(code="beras-uji", kind="aid", authority="Bapanas", name="Beras", name_en="Rice")
    made = Round.objects.create(
        programme_id="beras-uji", name="Beras uji", starts_date=NOW.date(), ends_date=NOW.date(),
        region_code=BONTO_JAI, recorded_at=NOW, recorded_by="uji", changed_at=NOW,
    )  # fmt: skip
    item = RoundItem.objects.create(round=made, position=1, what="beras", unit="kg", per_household=10)
    RoundEntry.objects.create(
        round=made,
        household=homes[0],
        name="Daeng Baji",
        region_code=BONTO_JAI,
        recorded_at=NOW,
        recorded_by="uji",
    )
    sheet = printed(lead, "deliveries", round_id=made.id)
    row = papers.rows(lead, sheet)[0]
    assert row.name == "Daeng Baji" and row.amounts[item.id] == 10
    given = delivering.DeliveryGiven(
        outcome="delivered", delivered_at=NOW, household_id=homes[0].id, lines={item.id: row.amounts[item.id]},
        receiver="self", proofs=("paper",),
    )  # fmt: skip
    enter(lead, row.row, delivery=given)
    assert Delivery.objects.get().id == row.row.id


def test_a_guest_line_becomes_a_guest(lead: Actor) -> None:
    trip = Trip.objects.create(
        purpose="Uji",
        region_code=BONTO_JAI,
        season="dry",
        start_date=NOW.date(),
        end_date=NOW.date(),
        planned_at=NOW,
    )
    stop = trip.stops.create(position=1, region_code=BONTO_JAI, added_at=NOW)
    sheet = printed(lead, "guests", lines=5, stop_id=stop.id)
    enter(lead, sheet.rows.get(position=1), guest=stopping.GuestSaid(name="Daeng Ngai", purpose="KIS"))
    assert stop.guests.get().name == "Daeng Ngai"


# --- refusals ----------------------------------------------------------------------------------------------------------


def test_an_empty_sheet_is_not_printed(lead: Actor) -> None:
    for kind, given in (("visits", {}), ("guests", {}), ("cases", {"lines": 0})):
        with pytest.raises(papering.NothingToPrint):
            printed(lead, kind, **given)
    assert not Sheet.objects.exists()


def test_a_sheet_is_never_longer_than_somebody_can_enter(lead: Actor) -> None:
    for kind in ("guests", "cases"):
        with pytest.raises(papering.TooManyRows):
            printed(lead, kind, lines=rules.MOST_ROWS + 1)
    assert not CaseReservation.objects.exists()


def test_unknown_kinds_and_entries_of_another_kind_are_refused(lead: Actor, homes: list[Any]) -> None:
    with pytest.raises(steps.ChoiceUnknown):
        printed(lead, "poems", lines=3)
    with pytest.raises(steps.ChoiceUnknown):
        printed(lead, "deliveries")
    sheet = printed(lead, household_ids=[homes[0].id])
    with pytest.raises(steps.ChoiceUnknown):
        enter(lead, sheet.rows.get(), guest=stopping.GuestSaid(name="x"))


def test_a_sheet_with_open_rows_is_finished_only_with_a_reason(lead: Actor, homes: list[Any]) -> None:
    sheet = printed(lead, household_ids=[one.id for one in homes])
    with pytest.raises(papering.RowsLeft):
        papering.finish_sheet(by=lead, at=NOW, sheet_id=sheet.id)
    papering.finish_sheet(by=lead, at=NOW, sheet_id=sheet.id, words="Kertas basah kena hujan.")
    papering.finish_sheet(by=lead, at=NOW, sheet_id=sheet.id)
    assert Line.objects.filter(kind="sheet.finish").count() == 1
    with pytest.raises(papering.SheetOver):
        enter(lead, sheet.rows.first(), found=MET)


def test_a_void_sheet_gives_its_numbers_back_and_says_why(lead: Actor) -> None:
    sheet = printed(lead, "cases", lines=3)
    with pytest.raises(steps.WordsMissing):
        papering.void_sheet(by=lead, at=NOW, sheet_id=sheet.id, words=" ")
    papering.void_sheet(by=lead, at=NOW, sheet_id=sheet.id, words="Hanyut di sungai.")
    assert set(CaseReservation.objects.values_list("state", flat=True)) == {"returned"}
    with pytest.raises(papering.SheetOver):
        papering.finish_sheet(by=lead, at=NOW, sheet_id=sheet.id, words="x")
    assert Line.objects.get(kind="sheet.void").inputs["words"] == "Hanyut di sungai."


def test_the_photo_of_a_sheet_is_kept(lead: Actor, homes: list[Any]) -> None:
    sheet = printed(lead, household_ids=[homes[0].id])
    clean = CleanFile(kind="image", mime="image/jpeg", data=b"\xff\xd8 uji \xff\xd9")
    papering.photograph_sheet(by=lead, at=NOW, sheet_id=sheet.id, clean=clean)
    sheet.refresh_from_db()
    assert len(sheet.photo_sha256) == 64 and Line.objects.filter(kind="sheet.photograph").exists()


def test_the_neighbour_prints_and_enters_nothing_here(cast: Cast, lead: Actor, homes: list[Any]) -> None:
    sheet = printed(lead, household_ids=[homes[0].id])
    other = cast.village_officer
    with pytest.raises(NotAllowed):
        printed(other, household_ids=[homes[0].id])
    with pytest.raises(NotFound):
        access.sheet_for(other, sheet.id)
    for act in (
        lambda: enter(other, sheet.rows.get(), found=MET),
        lambda: papering.skip_row(by=other, at=NOW, row_id=sheet.rows.get().id),
        lambda: papering.finish_sheet(by=other, at=NOW, sheet_id=sheet.id),
        lambda: papering.void_sheet(by=other, at=NOW, sheet_id=sheet.id, words="x"),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        papering.skip_row(by=lead, at=NOW, row_id=uuid4())
    assert papers.find(other, sheet.code) is None


def test_who_may_not_print_at_all(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        papering.print_sheet(
            by=cast.pokja,
            at=NOW,
            region_code="7602132001",
            wanted=papering.Wanted(kind="guests", title="x", lines=2),
        )


# --- codes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("K7P4Q2", ("K7P4Q2", None)),
        ("k7p-4q2", ("K7P4Q2", None)),
        ("SMPLK:K7P4Q2:12", ("K7P4Q2", 12)),
        (" k7p 4q2 ", ("K7P4Q2", None)),
        ("K7P4Q", None),
        ("K7P4Q0", None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_codes_are_read_as_people_type_them(said: str, read: Any) -> None:
    assert rules.read(said) == read


def test_a_code_read_from_its_square_finds_the_row(lead: Actor, homes: list[Any]) -> None:
    sheet = printed(lead, household_ids=[one.id for one in homes])
    found = papers.find(lead, rules.qr_text(sheet.code, 2))
    assert found is not None and found[0].id == sheet.id and found[1] == 2
    listed, more = papers.listed(lead)
    assert listed[0].count == listed[0].left == 2 and not more


def test_a_sheet_without_a_title_is_called_by_its_kind(lead: Actor, homes: list[Any]) -> None:
    wanted = papering.Wanted(kind="visits", title="", household_ids=[homes[0].id])
    with translation.override("id"):
        sheet = papering.print_sheet(by=lead, at=NOW, region_code=BONTO_JAI, wanted=wanted)
    assert sheet.title == "rumah yang dikunjungi"
