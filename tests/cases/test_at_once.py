"""Several people at the same moment, on a real server: numbers without gaps, one matter for one press, no lost move."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from simpul.cases.actions import handling, intake, shaping, steps
from simpul.cases.models import Case, NumberSeries
from simpul.journal.models import Line
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from tests.cast import NOW, Cast, assemble

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time is how SQLite works"),
]

THREADS = 8


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """The results of all, begun together; a refusal is a result too."""
    ready = threading.Barrier(min(len(work), THREADS))

    def run(one: Callable[[], Any]) -> Any:
        ready.wait(timeout=30)
        try:
            return one()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, work))


def test_eight_counters_give_two_hundred_numbers_without_a_gap(cast: Cast) -> None:
    def many() -> list[str]:
        return [cast.opened().number for _turn in range(25)]

    given = [number for numbers in at_once([many] * THREADS) for number in numbers]
    assert len(set(given)) == THREADS * 25
    assert sorted(int(number.split("-")[2]) for number in given) == list(range(1, THREADS * 25 + 1))
    assert NumberSeries.objects.get().last == THREADS * 25
    assert Line.objects.filter(kind="case.open").count() == THREADS * 25


def test_a_button_pressed_eight_times_at_once_opens_one_matter_and_uses_one_number(cast: Cast) -> None:
    case_id = uuid7()
    found = at_once([lambda: cast.opened(case_id=case_id)] * THREADS)
    assert {(type(one), one.number, one.pin) for one in found} == {
        (intake.Opened, found[0].number, found[0].pin)
    }
    assert sum(not one.again for one in found) == 1
    assert Case.objects.count() == 1 and NumberSeries.objects.get().last == 1


def test_two_officers_answer_at_once_and_the_person_gets_one_answer(cast: Cast) -> None:
    case = cast.case()
    done = at_once(
        [
            lambda by=by: handling.answer_case(  # type: ignore[misc]
                by=by, at=NOW, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
            )
            for by in (cast.admin, cast.second_admin)
        ]
    )
    assert sum(isinstance(one, steps.MoveRefused | steps.ChangedMeanwhile) for one in done) == 1
    assert Case.objects.get(id=case.id).given.count() == 1


def test_two_matters_merged_into_each_other_at_once_leave_one_of_them(cast: Cast) -> None:
    first, second = cast.case(), cast.case()
    at = NOW + timedelta(hours=1)
    done = at_once(
        [
            lambda one=one, other=other: shaping.merge_case(  # type: ignore[misc]
                by=cast.admin, at=at, case_id=one.id, into_id=other.id, reason="Sama"
            )
            for one, other in ((first, second), (second, first))
        ]
    )
    assert sum(isinstance(one, Refused) for one in done) == 1
    assert Case.objects.filter(state="merged").count() == 1
