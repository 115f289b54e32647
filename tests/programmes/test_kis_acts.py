"""Acts on switched-off cards: the list, the match, doors, asking; and who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people.models import Person, Profile
from simpul.programmes.access import kis as access
from simpul.programmes.actions import kis
from simpul.programmes.models import Card, CardDoor, Deactivation
from simpul.programmes.queries import kis as queries
from simpul.programmes.rules import kis as rules
from tests import kis as story
from tests.cast import DUNGKAIT, NOW, assemble

NIK = "7303015504850001"


@pytest.fixture
def office(db: None) -> story.Office:
    return story.furnish(assemble())


@pytest.fixture
def group(office: story.Office) -> Deactivation:
    hamlet = office.hamlets["Beloparang"].id
    return story.load(
        [
            story.row(
                2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15), sex="P", hamlet_id=hamlet
            ),
            story.row(3, "Sangkala", off_reason="cuci darah", hamlet_id=hamlet),
            story.row(4, "Nurbaya", off_reason="hamil", hamlet_id=office.hamlets["Sunggumanai"].id),
        ]
    )


def line(kind: str) -> Line:
    return Line.objects.filter(kind=kind).order_by("-recorded_at", "-id")[0]


def given_to(office: story.Office, name: str, part: str = "walker") -> Card:
    found = story.card(name)
    kis.assign_cards(by=office.overseer, at=NOW, seat_id=office.seats[part].id, card_ids=[found.id])
    return found


def asked(office: story.Office, name: str = "Hasnah Daeng Bau", **given_: Any) -> Card:
    found = given_to(office, name)
    kis.ask_card(**{"by": office.walker, "at": NOW, "card_id": found.id, "consent": "spoken", **given_})
    return Card.objects.get(id=found.id)


# --- the list -----------------------------------------------------------------------------------------------------------


def test_a_list_is_one_however_often_it_comes(office: story.Office, group: Deactivation) -> None:
    again = story.load([story.row(9, "Hasnah Daeng Bau", nik=NIK), story.row(10, "Rahmatia")])
    assert again.id == group.id
    assert Card.objects.count() == 4
    assert line("cards.list").facts == {"added": 1, "changed": 0, "unchanged": 1, "refused": 0}
    assert line("deactivation.load").facts["new"] is False


def test_a_row_that_comes_again_fills_what_was_empty_and_overwrites_nothing(
    office: story.Office, group: Deactivation
) -> None:
    story.load([story.row(2, "Hasna", nik=NIK, kis_number="0001234567890", address="RT 2", sex="L")])
    found = story.card("Hasnah Daeng Bau")
    assert (found.kis_number, found.address, found.sex) == ("0001234567890", "RT 2", "P")


def test_rows_of_another_regency_without_name_or_twice_are_left_out_each_with_its_reason(
    office: story.Office,
) -> None:
    group = story.load([])
    listed = kis.list_cards(
        by=office.overseer,
        at=NOW,
        deactivation_id=group.id,
        rows=[
            story.row(2, "Orang Mamuju", region_code=DUNGKAIT),
            story.row(3, ""),
            story.row(4, "Bunga", kis_number="77"),
            story.row(5, "Bunga", kis_number="77"),
        ],
    )
    assert listed.faults == {2: "other_region", 3: "full_name_missing", 5: "twice_in_list"}
    assert listed.became == {2: "refused", 3: "refused", 4: "added", 5: "unchanged"}
    assert Deactivation.objects.get(id=group.id).listed == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "  "},
        {"off_date": NOW.date() + timedelta(days=3)},
        {"off_date": date(2010, 1, 1)},
        {"region_code": "7399"},
    ],
)
def test_a_list_needs_who_switched_off_where_and_a_day_that_can_be(
    office: story.Office, wrong: dict[str, Any]
) -> None:
    said = {"source": "Kemensos", "off_date": story.OFF, "region_code": "7303", **wrong}
    with pytest.raises(kis.ListUnclear):
        kis.load_deactivation(by=story.MACHINE, at=NOW, **said)


def test_who_may_not_load_a_list(office: story.Office, group: Deactivation) -> None:
    for by in (office.walker, office.front, office.head, office.cast.manager):
        with pytest.raises(NotFound):
            kis.load_deactivation(by=by, at=NOW, source="Kemensos", off_date=story.OFF, region_code="7303")
        with pytest.raises(NotFound):
            kis.list_cards(by=by, at=NOW, deactivation_id=group.id, rows=[])
        with pytest.raises(NotFound):
            kis.match_cards(by=by, at=NOW, deactivation_id=group.id)


# --- the register -------------------------------------------------------------------------------------------------------


def test_sure_people_are_tied_and_their_need_is_read_from_the_register(office: story.Office) -> None:
    person = story.resident("Hasnah Dg Bau", nik=NIK, birth_date=date(1985, 4, 15), landmark="Samping masjid")
    Profile.objects.create(person=person, chronic="bdt/5", changed_at=NOW)
    story.resident("Nurbaya", hamlet_id=office.hamlets["Sunggumanai"].id)
    group = story.load(
        [
            story.row(2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15)),
            story.row(3, "Nurbaya"),
            story.row(4, "Orang Baru", nik="7303011203900002"),
        ]
    )
    hasnah, nurbaya, new = (story.card(name) for name in ("Hasnah Daeng Bau", "Nurbaya", "Orang Baru"))
    assert (hasnah.match, hasnah.person_id, hasnah.landmark) == ("sure", person.id, "Samping masjid")
    assert (hasnah.need, hasnah.need_source, hasnah.rank) == ("chronic", "register", rules.rank("chronic"))
    assert (nurbaya.match, nurbaya.person, len(nurbaya.candidates)) == ("doubtful", None, 1)
    assert (new.match, new.person) == ("none", None)
    assert line("cards.match").facts == {"sure": 1, "doubtful": 1, "none": 1}
    assert kis.match_cards(by=office.overseer, at=NOW, deactivation_id=group.id).more is False
    later = story.resident("Orang Baru", nik="7303011203900002")
    kis.match_cards(by=office.overseer, at=NOW, deactivation_id=group.id, again=True)
    assert story.card("Orang Baru").person_id == later.id


def test_a_person_decides_the_doubtful_ones(office: story.Office) -> None:
    person = story.resident("Nurbaya")
    story.load([story.row(3, "Nurbaya")])
    found = story.card("Nurbaya")
    kis.match_card(by=office.checker, at=NOW, card_id=found.id, person_id=person.id)
    found.refresh_from_db()
    assert (found.match, found.person_id, found.matched_by) == ("decided", person.id, "Nurlina Sari")
    assert line("card.match").facts["found"] is True
    kis.match_card(by=office.checker, at=NOW, card_id=found.id, person_id=None)
    found.refresh_from_db()
    assert (found.match, found.person) == ("none", None)
    with pytest.raises(kis.NoSuchCandidate):
        kis.match_card(by=office.checker, at=NOW, card_id=found.id, person_id=uuid4())
    with pytest.raises(NotFound):
        kis.match_card(by=office.walker, at=NOW, card_id=found.id, person_id=None)


def test_who_was_asked_for_is_not_decided_anew(office: story.Office, group: Deactivation) -> None:
    with pytest.raises(kis.CardMoved):
        kis.match_card(by=office.checker, at=NOW, card_id=asked(office).id, person_id=None)


# --- doors --------------------------------------------------------------------------------------------------------------


def test_doors_of_no_known_hamlet_are_given_without_the_rest_of_the_village(
    office: story.Office, group: Deactivation
) -> None:
    lost = story.card("Nurbaya")
    Card.objects.filter(id=lost.id).update(hamlet_id=None)
    given = kis.assign_cards(
        by=office.overseer,
        at=NOW,
        seat_id=office.seats["walker"].id,
        deactivation_id=group.id,
        region_code=lost.region_code,
        hamlet_unknown=True,
    )
    assert given == 1
    assert list(access.visible(office.walker).values_list("id", flat=True)) == [lost.id]


def test_a_hamlet_is_given_to_a_facilitator_who_then_sees_its_doors_and_no_others(
    office: story.Office, group: Deactivation
) -> None:
    changed = kis.assign_cards(
        by=office.overseer,
        at=NOW,
        seat_id=office.seats["walker"].id,
        deactivation_id=group.id,
        hamlet_id=office.hamlets["Beloparang"].id,
    )
    assert changed == 2
    assert sorted(access.visible(office.walker).values_list("name", flat=True)) == [
        "Hasnah Daeng Bau",
        "Sangkala",
    ]
    assert access.visible(office.other_walker).count() == 0
    assert access.visible(office.overseer).count() == 3
    assert access.visible(office.cast.manager).count() == 0
    assert access.visible(office.cast.administrator).count() == 0
    assert line("cards.assign").facts == {"doors": 2, "to": "Rosmini Hamid"}
    assert (
        kis.assign_cards(by=office.overseer, at=NOW, seat_id=None, card_ids=[story.card("Sangkala").id]) == 1
    )
    assert access.visible(office.walker).count() == 1


def test_doors_go_to_facilitators_of_the_place_alone(office: story.Office, group: Deactivation) -> None:
    ids = [story.card("Sangkala").id]
    for seat in (office.seats["checker"], office.cast.seats["village_officer"]):
        with pytest.raises(kis.SeatUnfit):
            kis.assign_cards(by=office.overseer, at=NOW, seat_id=seat.id, card_ids=ids)
    with pytest.raises(NotFound):
        kis.assign_cards(by=office.overseer, at=NOW, seat_id=uuid4(), card_ids=ids)
    with pytest.raises(NotFound):
        kis.assign_cards(by=office.overseer, at=NOW, seat_id=office.seats["walker"].id)
    with pytest.raises(NotAllowed):
        kis.assign_cards(by=office.walker, at=NOW, seat_id=office.seats["walker"].id, card_ids=ids)


def test_what_was_found_earlier_and_arrives_later_does_not_cover_what_was_found_since(
    office: story.Office, group: Deactivation
) -> None:
    found = given_to(office, "Sangkala")
    noon = NOW - timedelta(hours=2)
    told: dict[str, Any] = {"by": office.walker, "at": NOW, "card_id": found.id}
    kis.record_door(found="visited_found", found_at=noon, **told)
    kis.record_door(
        found="not_found", need="emergency", consent="spoken", found_at=noon - timedelta(days=1), **told
    )
    found.refresh_from_db()
    assert (found.door, found.door_at, found.need, found.consent) == (
        "visited_found",
        noon,
        "emergency",
        "spoken",
    )
    kis.record_door(found="moved", need="chronic", found_at=NOW + timedelta(days=4000), **told)
    found.refresh_from_db()
    assert (found.door, found.door_at, found.need) == ("moved", NOW, "chronic")  # no clock stands ahead
    for stands, need in (("visited_found", "emergency"), ("not_found", "emergency")):
        kis.undo_door(by=office.walker, at=NOW, card_id=found.id)
        found.refresh_from_db()
        assert (found.door, found.need) == (stands, need)


def test_what_was_found_is_kept_once_and_can_be_taken_back(office: story.Office, group: Deactivation) -> None:
    found = given_to(office, "Sangkala")
    door_id = uuid4()
    for _press in range(2):
        kis.record_door(by=office.walker, at=NOW, card_id=found.id, found="not_found", door_id=door_id)
    kis.record_door(
        by=office.walker,
        at=NOW + timedelta(hours=5),
        card_id=found.id,
        found="visited_found",
        need="emergency",
        need_words="sesak sejak kemarin",
        consent="spoken",
    )
    found.refresh_from_db()
    assert (found.door, found.need, found.need_source, found.rank) == (
        "visited_found",
        "emergency",
        "door",
        0,
    )
    assert CardDoor.objects.filter(card=found).count() == 2
    assert line("door.record").facts["found"] == "visited_found"
    kis.undo_door(by=office.walker, at=NOW, card_id=found.id)
    found.refresh_from_db()
    assert (found.door, found.need, found.need_source, found.consent) == (
        "not_found",
        "catastrophic",
        "list",
        "",
    )
    assert found.door_at == NOW
    kis.undo_door(by=office.walker, at=NOW, card_id=found.id)
    found.refresh_from_db()
    assert (found.door, found.door_at) == ("to_visit", None)
    assert line("door.undo").facts["found"] == "not_found"
    with pytest.raises(kis.NothingToUndo):
        kis.undo_door(by=office.walker, at=NOW, card_id=found.id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"found": "asleep"}, "found"),
        ({"found": "asked"}, "found"),
        ({"found": "dead", "need": "rich"}, "need"),
        ({"found": "visited_found", "consent": "nod"}, "consent"),
    ],
)
def test_a_finding_no_form_offers_is_refused(
    office: story.Office, group: Deactivation, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(kis.FindingUnknown) as refused:
        kis.record_door(by=office.overseer, at=NOW, card_id=story.card("Sangkala").id, **wrong)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_who_may_not_write_at_a_door(office: story.Office, group: Deactivation) -> None:
    found = given_to(office, "Sangkala")
    for by in (office.other_walker, office.head, office.cast.manager, office.cast.administrator):
        with pytest.raises(NotFound):
            kis.record_door(by=by, at=NOW, card_id=found.id, found="not_found")
        with pytest.raises(NotFound):
            kis.undo_door(by=by, at=NOW, card_id=found.id)


def test_after_asking_news_goes_on_the_application(office: story.Office, group: Deactivation) -> None:
    found = asked(office)
    with pytest.raises(kis.DoorSettled):
        kis.record_door(by=office.walker, at=NOW, card_id=found.id, found="moved")
    with pytest.raises(kis.NothingToUndo):
        kis.undo_door(by=office.walker, at=NOW, card_id=found.id)


# --- asking -------------------------------------------------------------------------------------------------------------


def test_asking_opens_a_matter_with_a_receipt_and_ties_it_to_the_card(
    office: story.Office, group: Deactivation
) -> None:
    found = given_to(office, "Sangkala")
    case_id = uuid4()
    given_ = {"by": office.walker, "at": NOW, "card_id": found.id, "consent": "ticked", "case_id": case_id}
    done = kis.ask_card(**given_, phone="0812-0000-7001")
    again = kis.ask_card(**given_)
    assert (again.opened.number, again.opened.pin) == (done.opened.number, done.opened.pin)
    assert Case.objects.filter(kind_id="kis_reactivation").count() == 1
    found.refresh_from_db()
    case = Case.objects.get(id=case_id)
    assert (found.state, found.door, found.case_id, found.consent) == (
        "submitted",
        "asked",
        case_id,
        "ticked",
    )
    assert (found.person, found.match) == (case.reporter, "decided")
    assert case.answers["reason"] == "catastrophic"
    assert case.urgency == "urgent"
    assert line("card.ask").facts["case"] == done.opened.number


def test_somebody_else_may_ask_for_a_person(office: story.Office, group: Deactivation) -> None:
    found = asked(
        office,
        "Nurbaya",
        asker=kis_person("Baso", phone="081200007002"),
        relation="suami",
        words="Istri saya akan melahirkan bulan depan.",
    )
    case = found.case
    assert case is not None
    assert (case.mode, case.relation, case.reporter.full_name, case.about) == (
        "proxy",
        "suami",
        "Baso",
        found.person,
    )  # type: ignore[union-attr]
    assert case.answers["reason"] == "birth"


def kis_person(name: str, **given_: Any) -> Any:
    return intake.PersonGiven(name=name, **given_)


def test_nobodys_card_is_asked_for_without_consent_and_the_dead_ask_nothing(
    office: story.Office, group: Deactivation
) -> None:
    found = given_to(office, "Nurbaya")
    with pytest.raises(kis.ConsentMissing):
        kis.ask_card(by=office.walker, at=NOW, card_id=found.id)
    kis.record_door(by=office.walker, at=NOW, card_id=found.id, found="dead")
    with pytest.raises(kis.CannotBeAsked):
        kis.ask_card(by=office.walker, at=NOW, card_id=found.id, consent="spoken")
    assert not Case.objects.exists()
    with pytest.raises(NotFound):
        kis.ask_card(by=office.other_walker, at=NOW, card_id=found.id, consent="spoken")


def test_one_person_is_asked_for_once_whatever_list_they_stand_on(office: story.Office) -> None:
    story.resident("Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15))
    story.load([story.row(2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15))])
    asked(office)
    other = kis.load_deactivation(
        by=office.manager, at=NOW, source="BPJS", off_date=date(2026, 10, 1), region_code="7303"
    )
    kis.list_cards(
        by=office.manager,
        at=NOW,
        deactivation_id=other.id,
        rows=[story.row(2, "Hasnah Bau", nik=NIK, birth_date=date(1985, 4, 15))],
    )
    kis.match_cards(by=office.manager, at=NOW, deactivation_id=other.id)
    twin = story.card("Hasnah Bau")
    assert twin.match == "sure"
    with pytest.raises(kis.AlreadyAsked):
        kis.ask_card(by=office.front, at=NOW, card_id=twin.id, consent="spoken")


def test_letters_are_noted_with_their_days(office: story.Office, group: Deactivation) -> None:
    found = asked(office)
    kis.note_letters(
        by=office.walker,
        at=NOW,
        card_id=found.id,
        letters=kis.LetterWords(
            facility="RSUD", facility_letter="9/RS", facility_date=date(2026, 11, 20), decile=3
        ),
    )
    found.refresh_from_db()
    assert (found.facility, found.facility_letter, found.decile) == ("RSUD", "9/RS", 3)
    assert line("letters.note").facts["brought"] == ["facility_letter"]
    for wrong in (kis.LetterWords(facility_date=date(2026, 12, 1)), kis.LetterWords(decile=11)):
        with pytest.raises(kis.DateImpossible):
            kis.note_letters(by=office.walker, at=NOW, card_id=found.id, letters=wrong)
    kis.reject_card(by=office.manager, at=NOW, card_id=found.id, reason="Pindah ke kabupaten lain")
    with pytest.raises(kis.CardMoved):
        kis.note_letters(by=office.walker, at=NOW, card_id=found.id, letters=kis.LetterWords())


def test_a_list_tells_nothing_of_people_elsewhere_or_of_who_wants_no_list(office: story.Office) -> None:
    elsewhere = story.resident("Hasnah Dg Bau", nik=NIK, birth_date=date(1985, 4, 15), region_code=DUNGKAIT)
    still = story.resident("Nurbaya", birth_date=date(1990, 2, 3))
    Person.objects.filter(id=still.id).update(restricted_at=NOW)
    story.load(
        [
            story.row(2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15)),
            story.row(3, "Nurbaya", birth_date=date(1990, 2, 3)),
        ]
    )
    cards = [story.card("Hasnah Daeng Bau"), story.card("Nurbaya")]
    assert [(one.match, one.person, one.candidates) for one in cards] == [("none", None, [])] * 2
    for card, person in zip(cards, (elsewhere, still), strict=True):
        with pytest.raises(kis.NoSuchCandidate):
            kis.match_card(by=office.checker, at=NOW, card_id=card.id, person_id=person.id)


def test_a_doubtful_person_is_shown_to_who_serves_their_village(office: story.Office) -> None:
    found = story.resident("Nurbaya")
    story.load([story.row(3, "Nurbaya")])
    ((_card, likely),), _total = queries.doubtful(office.checker)
    assert [one["person"] for one in likely] == [found]
    Person.objects.filter(id=found.id).update(region_code="7303012009")  # moved since the list was matched
    ((_card, likely),), _total = queries.doubtful(office.coordinator)
    assert likely == []


def test_who_passed_the_papers_does_not_approve_when_another_found_them_eligible(
    office: story.Office,
) -> None:
    story.load([story.row(2, "Hasnah Daeng Bau", hamlet_id=office.hamlets["Beloparang"].id)])
    card = asked(office)
    story.go(office, card.id, "pass_card")
    kis.verify_card(by=office.coordinator, at=NOW, card_id=card.id, words="Keluarga buruh tani.")
    also_head = replace(office.manager, user_id=office.checker.user_id)
    with pytest.raises(kis.OwnCheck):
        kis.approve_card(by=also_head, at=NOW, card_id=card.id, recommendation="440/17")
    kis.approve_card(by=office.manager, at=NOW, card_id=card.id, recommendation="440/17")
