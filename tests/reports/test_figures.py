"""Figures: defined once, counted in the database, without small groups where everybody reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.actions import handling, shaping
from simpul.cases.models import Case
from simpul.messages.models import Message
from simpul.reports import rules
from simpul.reports.queries import counts, inside, public
from simpul.web.portal import figures as portal_figures
from tests.cast import BOTTENG, DUNGKAIT, NOW, Cast, assemble

MAKASSAR = ZoneInfo("Asia/Makassar")
QUARTER = rules.Quarter(2026, 4)
LATER = NOW + timedelta(days=60)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def asked(**given: Any) -> inside.Asked:
    return inside.Asked(NOW - timedelta(days=1), LATER, **given)


def answer(cast: Cast, case: Case, days: int) -> None:
    handling.claim_case(by=cast.admin, at=NOW + timedelta(days=1), case_id=case.id)
    handling.answer_case(
        by=cast.admin,
        at=NOW + timedelta(days=1 + days),
        case_id=case.id,
        text="Sudah dikerjakan.",
        decision="upheld",
    )


def test_days_run_from_disposition_and_from_receipt(cast: Cast) -> None:
    for days in (1, 3, 10):
        answer(cast, cast.case(), days)
    cast.case()
    found = inside.headline(cast.manager, asked(), LATER)
    assert (found.received, found.followed, found.open, found.overdue) == (4, 3, 1, 1)
    assert found.value("share_followed") == 75
    assert (found.from_disposition.median, found.from_disposition.p90) == (3.0, 10.0)
    assert found.value("mean_days") == round((1 + 3 + 10) / 3, 1)
    assert (found.from_receipt.median, found.from_receipt.p90) == (4.0, 11.0)


def test_a_loop_is_closed_by_proof_alone(cast: Cast) -> None:
    told, delivered, sent, rated = (cast.case() for _turn in range(4))
    for case in (told, delivered, sent, rated):
        answer(cast, case, 1)
    messages = {row.subject_id: row for row in Message.objects.filter(asked_key="answer")}
    Message.objects.filter(id=messages[told.id].id).update(told_at=NOW)
    Message.objects.filter(id=messages[delivered.id].id).update(state="sent", receipt="delivered")
    Message.objects.filter(id=messages[sent.id].id).update(state="sent", receipt="accepted")
    Case.objects.filter(id=rated.id).update(rating=4)
    nobody = cast.case(mode="anonymous", reporter=None)
    answer(cast, nobody, 1)
    found = inside.headline(cast.manager, asked(), LATER)
    assert (found.to_tell, found.told, found.value("share_told")) == (4, 3, 75)
    assert (found.rated, found.value("share_satisfied"), found.mean_rating) == (1, 100, 4)


def test_nothing_gives_no_shares_and_no_days(cast: Cast) -> None:
    found = inside.headline(cast.manager, asked(), NOW)
    assert [found.value(key) for key in rules.MEASURES] == [
        0,
        None,
        None,
        None,
        None,
        None,
        None,
        0,
        0,
        None,
        None,
        None,
        0,
    ]


def test_groups_open_their_matters_and_only_those_one_may_see(cast: Cast) -> None:
    here, there = cast.case(hamlet_id=cast.hamlet.id), cast.case(region_code=BOTTENG)
    cast.case(text_given="Anak tetangga dipukuli dan diperkosa pamannya.")
    answer(cast, here, 2)
    rows = {one.key: one for one in inside.groups(cast.manager, asked(dimension="place"), LATER)}
    assert (rows[DUNGKAIT].received, rows[DUNGKAIT].followed, rows[DUNGKAIT].days.median) == (1, 1, 2.0)  # type: ignore[union-attr]
    assert (rows[BOTTENG].overdue, set(rows)) == (1, {DUNGKAIT, BOTTENG})
    found, more = inside.behind(cast.manager, asked(dimension="place", key=BOTTENG, figure="overdue"), LATER)
    assert ([case.id for case in found], more) == ([there.id], False)
    by_hamlet = asked(dimension="hamlet", key=str(cast.hamlet.id), figure="followed")
    assert [case.id for case in inside.behind(cast.manager, by_hamlet, LATER)[0]] == [here.id]
    assert [case.id for case in inside.behind(cast.manager, asked(dimension="hamlet", key=""), LATER)[0]] == [
        there.id
    ]
    assert inside.behind(cast.manager, asked(dimension="desk", key="no-uuid"), LATER) == ([], False)
    assert inside.groups(cast.neighbour_manager, asked(), LATER) == []
    assert inside.behind(cast.neighbour_manager, asked(), LATER)[0] == []


def test_a_merged_matter_is_followed_up_with_the_one_it_was_merged_into(cast: Cast) -> None:
    main, twin, other = cast.case(), cast.case(), cast.case()
    shaping.merge_case(by=cast.admin, at=NOW, case_id=twin.id, into_id=main.id, reason="Laporan yang sama.")
    answer(cast, main, 1)
    found = inside.headline(cast.manager, asked(), LATER)
    assert (found.received, found.followed, found.from_disposition.count) == (3, 2, 1)
    assert [one.followed for one in inside.groups(cast.manager, asked(), LATER)] == [2]
    left, _more = inside.behind(cast.manager, asked(figure="not_followed"), LATER)
    assert [one.id for one in left] == [other.id]
    followed, _more = inside.behind(cast.manager, asked(figure="followed"), LATER)
    assert {one.id for one in followed} == {main.id, twin.id}


def test_a_region_narrows_the_figures(cast: Cast) -> None:
    cast.case()
    cast.case(region_code=BOTTENG)
    assert inside.headline(cast.manager, asked(region=BOTTENG), LATER).received == 1


def test_the_public_reads_no_small_group_nor_one_it_could_work_out(cast: Cast) -> None:
    for _turn in range(9):
        cast.case()
    for _turn in range(2):
        cast.case(region_code=BOTTENG)
    found = public.tables(QUARTER, MAKASSAR, NOW)
    assert [row.whole for row in found.by["place"].rows] == [None, None]
    assert [row.whole for row in found.by["kind"].rows] == [11]
    assert public.hamlets(QUARTER, DUNGKAIT, found, MAKASSAR, NOW) is None


def test_hamlets_are_shown_of_a_village_that_is_shown(cast: Cast) -> None:
    for _turn in range(6):
        cast.case(hamlet_id=cast.hamlet.id)
    for _turn in range(7):
        cast.case()
    found = public.tables(QUARTER, MAKASSAR, NOW)
    shown = public.hamlets(QUARTER, DUNGKAIT, found, MAKASSAR, NOW)
    assert shown is not None
    assert sorted((row.key, row.whole) for row in shown.rows) == [("", 7), (str(cast.hamlet.id), 6)]


def test_a_mean_or_a_share_of_a_few_is_not_told(cast: Cast) -> None:
    few = [cast.case() for _turn in range(4)]
    for case in few:
        answer(cast, case, 1)
    Case.objects.filter(id__in=[case.id for case in few]).update(rating=2)
    found = public.whole(NOW - timedelta(days=1), LATER, NOW)
    told = {one["key"]: one["number"] for one in portal_figures.numbers(found, rules.MEASURES)}
    assert told["received"] == "< 5"
    for key in (
        "share_followed",
        "median_days",
        "p90_days",
        "mean_days",
        "median_days_received",
        "mean_rating",
    ):
        assert told[key] == "–", key
    assert told["share_satisfied"] == told["share_told"] == "–"
    fifth = cast.case()
    answer(cast, fifth, 1)
    Case.objects.filter(id=fifth.id).update(rating=2)
    found = public.whole(NOW - timedelta(days=1), LATER, NOW)
    told = {one["key"]: one["number"] for one in portal_figures.numbers(found, rules.MEASURES)}
    assert (told["received"], told["share_followed"], told["mean_rating"]) == ("5", "100%", "2,0")


def test_sealed_and_restricted_matters_are_in_no_public_figure(cast: Cast) -> None:
    cast.case(text_given="Anak tetangga dipukuli dan diperkosa pamannya.")
    Case.objects.filter(id=cast.case().id).update(sensitivity="restricted")
    assert public.whole(NOW - timedelta(days=1), LATER, NOW).received == 0
    assert public.tables(QUARTER, MAKASSAR, NOW).by["kind"].whole == 0


def test_the_number_of_queries_does_not_grow(cast: Cast, django_assert_num_queries: Any) -> None:
    for turn in range(8):
        cast.case(region_code=(DUNGKAIT, BOTTENG)[turn % 2])
    with django_assert_num_queries(4):
        public.whole(NOW - timedelta(days=1), LATER, NOW)
    with django_assert_num_queries(4):
        public.tables(QUARTER, MAKASSAR, NOW)
    with django_assert_num_queries(2):
        inside.groups(cast.manager, asked(), NOW)


# --- periods and words --------------------------------------------------------------------------------------------------


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)))
def test_quarters_follow_one_another_without_gap_or_overlap(day: date) -> None:
    quarter = rules.quarter_of(day)
    assert quarter.first_date <= day < quarter.end_date
    assert quarter.next().before() == quarter and quarter.end_date == quarter.next().first_date
    found = rules.finished_quarters(day)
    assert len(found) == rules.QUARTERS_BACK and found[0].end_date <= day < found[0].next().end_date
    assert all(later.before() == earlier for later, earlier in pairwise(found))


def test_a_quarter_of_an_address_is_one_that_is_over() -> None:
    found = rules.finished_quarters(date(2026, 11, 25))
    assert rules.read_quarter("2026-2", found).code == "2026-2"
    for wrong in ("2026-4", "", "x", "2030-1"):
        assert rules.read_quarter(wrong, found).code == "2026-3"
    begins, ends = public.moments(found[0], MAKASSAR)
    assert (begins, ends) == (
        datetime(2026, 6, 30, 16, tzinfo=UTC), datetime(2026, 9, 30, 16, tzinfo=UTC),
    )  # fmt: skip


def test_every_figure_has_its_definition() -> None:
    assert all(
        one.name and one.meaning and one.form in ("count", "share", "days", "rating")
        for one in rules.MEASURES.values()
    )
    assert rules.share(None, 5) is rules.share(1, 0) is rules.share(1, None) is None


def test_percentiles_are_values_that_occurred() -> None:
    assert counts._percentile([(1, 5), (40, 5)], 10, 0.5) == 1
    assert counts._percentile([(1, 5), (40, 5)], 10, 0.9) == 40
    assert counts._percentile([], 0, 0.9) == 0
