"""A village laptop hands out numbers and receipts of the server above, so that they hold there."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.cases.actions import reserving
from simpul.cases.models import Case, CaseReservation
from simpul.cases.queries import receipts, reservations
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed
from simpul.lib.ids import uuid7
from tests.cast import NOW, Cast, assemble

GIVEN = [
    reserving.Reserved(uuid7(), f"SPL-2611-0090{number}-K", f"71940{number}", f"123456789012345{number}")
    for number in (1, 2)
]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.SIMPUL_NODE = True
    return assemble()


def test_numbers_of_the_server_above_are_kept_once(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        reserving.keep_numbers(by=ANYBODY, at=NOW, given=GIVEN)
    assert reserving.keep_numbers(by=MACHINE, at=NOW, given=GIVEN) == 2
    assert reserving.keep_numbers(by=MACHINE, at=NOW, given=GIVEN) == 0
    assert (reservations.held_here(), reservations.ever_here()) == (2, 2)
    assert Line.objects.filter(kind="numbers.keep").count() == 1


def test_a_matter_takes_the_next_with_its_key_and_its_pin(cast: Cast) -> None:
    reserving.keep_numbers(by=MACHINE, at=NOW, given=GIVEN)
    press = uuid7()
    opened = cast.opened(case_id=press)
    assert (opened.case.id, opened.number, opened.pin) == (GIVEN[0].case_id, GIVEN[0].number, GIVEN[0].pin)
    again = cast.opened(case_id=press)
    assert (again.again, again.case.id, again.pin) == (True, GIVEN[0].case_id, GIVEN[0].pin)
    assert Case.objects.count() == 1
    assert receipts.pin_fits(opened.case, GIVEN[0].pin)
    assert CaseReservation.objects.get(case_id=GIVEN[0].case_id).state == "used"
    assert reservations.held_here() == 1


def test_an_anonymous_one_gets_the_long_receipt_that_came_with_it(cast: Cast) -> None:
    reserving.keep_numbers(by=MACHINE, at=NOW, given=GIVEN)
    opened = cast.opened(mode="anonymous", reporter=None)
    assert (opened.pin, opened.receipt16) == ("", GIVEN[0].receipt16)


def test_when_none_is_left_the_laptop_counts_where_the_server_never_does(cast: Cast) -> None:
    assert cast.opened().number.startswith("SPL-2611-5000001-")
    assert not reservations.is_from_above(Case.objects.get().id)
