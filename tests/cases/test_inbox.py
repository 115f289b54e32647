"""The inbox and the case page: the right rows, the right offers, and a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.cases.actions import handling, referral
from simpul.cases.models import Case
from simpul.cases.queries import case as page_queries
from simpul.cases.queries import inbox
from simpul.cases.queries.inbox import Filters
from simpul.lib.errors import NotFound
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=1)


def numbers(page: inbox.Page) -> list[str]:
    return [row.number for row in page.rows]


def test_a_matter_is_in_the_inbox_of_the_desk_whose_turn_it_is(cast: Cast) -> None:
    case = cast.case()
    assert numbers(inbox.inbox(cast.admin, Filters(), NOW)) == [case.number]
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon"
    )
    assert numbers(inbox.inbox(cast.admin, Filters(), NOW)) == []
    assert numbers(inbox.inbox(cast.admin, Filters(view="sent"), NOW)) == [case.number]
    assert numbers(inbox.inbox(cast.pokja, Filters(view="offered"), NOW)) == [case.number]


def test_late_matters_come_first_and_say_so(cast: Cast) -> None:
    early = cast.case()
    cast.case(at=NOW + timedelta(days=20))
    at = NOW + timedelta(days=40)
    assert numbers(inbox.inbox(cast.admin, Filters(), at))[0] == early.number
    assert early.number in numbers(inbox.inbox(cast.admin, Filters(view="late"), at))


def test_filters_live_in_the_address_and_nonsense_is_passed_over(cast: Cast) -> None:
    case = cast.case()
    cast.case(kind_code="information")
    assert numbers(inbox.inbox(cast.admin, Filters(kind="complaint"), NOW)) == [case.number]
    assert (
        len(numbers(inbox.inbox(cast.admin, Filters(region="x", state="y", urgency="z", order="q"), NOW)))
        == 2
    )
    assert numbers(inbox.inbox(cast.admin, Filters(region="7303"), NOW)) == []


def test_words_find_what_the_actor_may_see_and_nothing_else(cast: Cast) -> None:
    case = cast.case(text_given="Pipa air bersih di Taludu bocor besar")
    assert [row.id for row in inbox.find(cast.admin, "pipa bocor")] == [case.id]
    assert [row.id for row in inbox.find(cast.admin, case.number.lower().replace("-", " "))] == [case.id]
    assert inbox.find(cast.neighbour_manager, "pipa bocor") == []
    assert inbox.find(cast.neighbour_manager, case.number) == []


def test_a_number_is_found_as_officers_say_it(cast: Cast) -> None:
    case = cast.case()
    prefix, month, sequence, letter = case.number.split("-")
    for said in (
        f"{month} {int(sequence)}",
        f"{prefix} {month}-{int(sequence)}",
        f"{month}{sequence}",
        f"{month}/{sequence} {letter}",
    ):
        assert [row.id for row in inbox.find(cast.admin, said)] == [case.id]
    assert inbox.find(cast.neighbour_manager, f"{month} {int(sequence)}") == []


def test_the_turn_list_follows_the_clock_that_a_row_shows(cast: Cast) -> None:
    slow = cast.case()
    soon = cast.case(kind_code="information")
    Case.objects.filter(id=slow.id).update(due_at=LATER + timedelta(days=9), turn_due_at=LATER)
    Case.objects.filter(id=soon.id).update(due_at=LATER + timedelta(days=2), turn_due_at=None)
    cause = cast.case()
    Case.objects.filter(id=cause.id).update(due_at=None, turn_due_at=None)
    assert numbers(inbox.inbox(cast.admin, Filters(), NOW)) == [slow.number, soon.number, cause.number]
    assert inbox.neighbours(cast.admin, Filters(), NOW, soon.id) == (slow.id, cause.id)


def test_the_neighbours_inbox_stays_empty(cast: Cast) -> None:
    cast.case()
    for view in inbox.VIEWS:
        assert inbox.inbox(cast.neighbour_manager, Filters(view=view), LATER).rows == []


def test_counts_agree_with_the_views(cast: Cast) -> None:
    cast.case()
    taken = cast.case()
    handling.claim_case(by=cast.admin, at=NOW, case_id=taken.id)
    found = inbox.counts(cast.admin, NOW)
    assert (found["turn"], found["mine"], found["offered"]) == (2, 1, 0)
    assert inbox.counts(cast.administrator, NOW).get("turn", 0) == 0


@pytest.mark.parametrize("many", [3, 30])
def test_a_list_costs_the_same_queries_however_long_it_is(
    cast: Cast, many: int, django_assert_max_num_queries: Any
) -> None:
    for _turn in range(many):
        cast.case()
    with django_assert_max_num_queries(6):
        page = inbox.inbox(cast.admin, Filters(), NOW)
        for row in page.rows:
            _ = (row.kind.name, row.holder.name, row.acting.name, row.hamlet)


def test_neighbouring_rows_let_an_officer_read_on(cast: Cast) -> None:
    first, second, third = cast.case(), cast.case(), cast.case()
    before, after = inbox.neighbours(cast.admin, Filters(order="old"), NOW, second.id)
    assert {before, after} == {first.id, third.id}
    assert inbox.neighbours(cast.admin, Filters(order="old"), NOW, cast.desk("centre").id) == (None, None)


def test_the_page_offers_exactly_what_this_desk_may_do_now(cast: Cast) -> None:
    case = cast.case()
    offers = page_queries.case_page(cast.admin, case.id, NOW).offers
    assert {"case.claim", "case.refer", "question.ask", "case.answer", "case.note"} <= offers
    assert not offers & {"case.accept", "case.decline", "case.verify", "publication.prepare", "case.unseal"}
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon"
    )
    assert {"case.accept", "case.decline"} <= page_queries.case_page(cast.pokja, case.id, NOW).offers
    waiting = page_queries.case_page(cast.admin, case.id, NOW).offers
    assert "case.recall" in waiting
    assert not waiting & {"case.accept", "case.refer", "case.answer"}


def test_a_page_is_not_found_for_whoever_may_not_see_it(cast: Cast) -> None:
    case = cast.case()
    for part in ("neighbour", "neighbour_manager", "other_pokja", "administrator"):
        with pytest.raises(NotFound):
            page_queries.case_page(getattr(cast, part), case.id, NOW)


def test_a_hidden_name_stays_hidden_on_the_page(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    page = page_queries.case_page(cast.admin, case.id, NOW)
    assert not page.sees_reporter
    assert page.contacts == []


@pytest.mark.parametrize("notes", [1, 25])
def test_a_case_page_costs_the_same_queries_however_much_happened(
    cast: Cast, notes: int, django_assert_max_num_queries: Any
) -> None:
    case = cast.case()
    for turn in range(notes):
        handling.note_case(by=cast.admin, at=NOW, case_id=case.id, text=f"Catatan ke-{turn}")
    with django_assert_max_num_queries(20):
        page = page_queries.case_page(cast.admin, case.id, NOW)
        assert len(page.notes) == notes
    assert Case.objects.count() == 1
