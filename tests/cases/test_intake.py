"""Taking a matter in: the receipt, the first desk, the clocks, and what is refused."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from simpul.cases import access
from simpul.cases.actions import intake
from simpul.cases.models import Case, Clock, Kind, Link
from simpul.cases.queries import receipts
from simpul.journal.models import Line
from simpul.lib import ids
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from simpul.people.models import Contact, Person
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast


def test_a_resident_gets_a_number_and_a_pin_that_fit_together(cast: Cast) -> None:
    opened = cast.opened()
    assert ids.parse_case_number(opened.number, "SPL") is not None
    assert receipts.pin_fits(opened.case, opened.pin)
    assert not receipts.pin_fits(opened.case, "000001") and not receipts.pin_fits(None, opened.pin)
    assert opened.receipt16 == ""


def test_numbers_of_one_month_follow_each_other_without_a_gap(cast: Cast) -> None:
    numbers = [ids.parse_case_number(cast.opened().number, "SPL") for _turn in range(3)]
    assert [number.sequence for number in numbers if number] == [1, 2, 3]
    assert {(number.year % 100, number.month) for number in numbers if number} == {(26, 11)}


def test_the_month_of_a_number_is_the_month_of_the_place(cast: Cast) -> None:
    late_evening_utc = NOW.replace(day=30, hour=20)  # already 1 December in Mamuju
    number = ids.parse_case_number(cast.opened(at=late_evening_utc).number, "SPL")
    assert number is not None and (number.month, number.sequence) == (12, 1)


def test_it_starts_at_the_first_desk_of_its_route_and_waits_for_it(cast: Cast) -> None:
    case = cast.case()
    assert (case.holder.code, case.acting.code, case.state) == ("centre", "centre", "new")


def test_the_promise_is_stamped_with_the_rule_of_that_day(cast: Cast) -> None:
    case = cast.case()
    clock = Clock.objects.get(case=case, key="answer")
    assert (clock.amount, clock.unit) == (14, "working_days")
    assert clock.rule_version == f"complaint/{case.kind_version}"
    assert clock.due_at == Case.objects.get(id=case.id).due_at
    Kind.objects.filter(code="complaint").update(clocks=[])
    assert Clock.objects.get(id=clock.id).due_at == clock.due_at


def test_the_line_in_the_journal_says_who_and_what(cast: Cast) -> None:
    case = cast.case(by=cast.admin, channel="phone")
    line = Line.objects.get(kind="case.open", subject_id=case.id)
    assert (line.actor_name, line.facts["channel"], line.inputs["text"]) == ("Ratna Dewi", "phone", case.text)


def test_the_same_act_again_returns_the_same_receipt_and_opens_nothing(cast: Cast) -> None:
    case_id = uuid4()
    first, second = cast.opened(case_id=case_id), cast.opened(case_id=case_id)
    assert (first.number, first.pin) == (second.number, second.pin)
    assert second.again
    assert Case.objects.count() == 1


def test_an_officer_cannot_fetch_another_persons_receipt_by_its_id(cast: Cast) -> None:
    case = cast.case()
    with pytest.raises(NotFound):
        cast.opened(by=cast.admin, case_id=case.id)


def test_an_anonymous_report_has_a_16_digit_receipt_and_no_person(cast: Cast) -> None:
    opened = cast.opened(mode="anonymous")
    assert opened.pin == "" and len(opened.receipt16) == 16
    assert opened.case.reporter is None
    assert Person.objects.count() == 0


def test_name_and_phone_are_optional(cast: Cast) -> None:
    assert cast.case(reporter=None).reporter is None


def test_a_neighbour_reports_for_somebody_else(cast: Cast) -> None:
    case = cast.case(
        by=cast.neighbour,
        kind_code="social_problem",
        region_code=BONTO_JAI,
        channel="desk",
        mode="proxy",
        relation="tetangga",
        about=intake.PersonGiven(name="Daeng Nginga"),
        answers={"sector": "economy"},
    )
    assert case.reporter and case.about
    assert case.about.full_name == "Daeng Nginga"
    assert Contact.objects.filter(person=case.reporter).count() == 1


def test_one_visit_with_two_matters_shares_one_pin_and_links_them(cast: Cast) -> None:
    visit = intake.open_visit(by=cast.village_officer, at=NOW, channel="desk")
    letter = cast.opened(by=cast.village_officer, visit_id=visit.id, channel="desk")
    quarrel = cast.opened(by=cast.village_officer, visit_id=visit.id, channel="desk")
    assert letter.pin == quarrel.pin and letter.number != quarrel.number
    assert Link.objects.filter(kind="visit").count() == 1


def test_opening_a_visit_twice_with_one_id_opens_one(cast: Cast) -> None:
    visit_id = uuid4()
    first = intake.open_visit(by=cast.admin, at=NOW, channel="desk", visit_id=visit_id)
    second = intake.open_visit(by=cast.admin, at=NOW, channel="desk", visit_id=visit_id)
    assert first == second
    assert Line.objects.filter(kind="visit.open").count() == 1


def test_words_of_violence_seal_the_matter_until_a_person_has_judged(cast: Cast) -> None:
    opened = cast.opened(text_given="Anak tetangga saya dipukuli dan diperkosa pamannya, tolong.")
    case = opened.case
    assert (case.sensitivity, case.screening, case.holder.code) == ("sealed", "flagged", "protected")
    assert len(opened.receipt16) == 16 and opened.pin == ""
    assert not access.visible(cast.admin).filter(id=case.id).exists()
    assert access.visible(cast.focal).filter(id=case.id).exists()
    assert "diperkosa" not in " ".join(Message.objects.values_list("body", flat=True))


def test_the_accused_officer_and_their_desk_cannot_see_it(cast: Cast) -> None:
    party = intake.PartyGiven(
        "accused", "Ratna Dewi", user_id=cast.admin.user_id, desk_id=cast.desk("shelter").id
    )
    case = cast.case(parties=[party])
    assert not access.visible(cast.admin).filter(id=case.id).exists()
    assert not access.visible(cast.pokja).filter(id=case.id).exists()
    assert access.visible(cast.second_admin).filter(id=case.id).exists()


def test_the_neighbour_sees_nothing(cast: Cast) -> None:
    case = cast.case()
    for somebody in (
        cast.neighbour,
        cast.neighbour_coordinator,
        cast.neighbour_manager,
        ANYBODY,
        cast.administrator,
    ):
        assert not access.visible(somebody).filter(id=case.id).exists()
        with pytest.raises(NotFound):
            access.get_for(somebody, case.id)


def test_another_working_group_sees_nothing_of_a_matter_that_is_not_in_its_field(cast: Cast) -> None:
    assert not access.visible(cast.other_pokja).exists() or cast.case()
    assert not access.visible(cast.other_pokja).exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text_given": "  \u200b "}, intake.TextMissing),
        ({"region_code": "9999999999"}, intake.PlaceUnknown),
        ({"kind_code": "nothing"}, intake.KindUnknown),
        ({"kind_code": "ppid_request", "mode": "anonymous"}, intake.AnonymousNotPossible),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_a_sentence(
    cast: Cast, given: dict[str, str], refusal: type[intake.Refused]
) -> None:
    with pytest.raises(refusal) as caught:
        cast.case(**given)
    assert len(str(caught.value)) > 20
    assert not Case.objects.exists() and not Person.objects.exists()


def test_no_desk_and_no_route_is_refused_and_says_who_must_act(cast: Cast) -> None:
    Kind.objects.get(code="complaint").routes.all().delete()
    cast.desk("centre").__class__.objects.filter(code="centre").update(closed_at=NOW)
    with pytest.raises(intake.NobodyThere):
        cast.case()


def test_an_officer_of_another_area_may_not_take_a_matter_in_here(cast: Cast) -> None:
    with pytest.raises(NotFound):
        cast.case(by=cast.neighbour)


def test_wrong_answers_to_the_kinds_questions_come_back_by_field(cast: Cast) -> None:
    with pytest.raises(intake.AnswersWrong) as caught:
        cast.case(kind_code="aid_complaint", answers={"failure": "made up"})
    assert "failure" in caught.value.errors


def test_a_paper_keeps_its_own_number_and_date(cast: Cast) -> None:
    paper = intake.Paper(number="14/P/XI", written_date=date(2026, 11, 19), writer="Kepala dusun")
    case = cast.case(by=cast.village_officer, channel="paper", paper=paper)
    assert (case.paper_number, case.paper_date, case.paper_writer) == (
        "14/P/XI",
        date(2026, 11, 19),
        "Kepala dusun",
    )
    assert case.region_code == DUNGKAIT
