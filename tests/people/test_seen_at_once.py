"""Eight devices bring their edits of one field at the same moment, on a real server: every value is kept."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from simpul.cases.actions import reserving
from simpul.lib.actor import MACHINE
from simpul.lib.ids import uuid7
from simpul.people import actions
from simpul.people.models import Contact, ContactDoubt, Household, Observation
from simpul.people.queries import seen
from tests.cases.test_at_once import THREADS, at_once
from tests.cast import Cast, assemble
from tests.people.register import DUNGKAIT, actor, home, said

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time is how SQLite works"),
]
NOW = timezone.now()
BY = actor("facilitator", DUNGKAIT)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def test_nobody_covers_what_arrives_at_the_same_moment(cast: Cast) -> None:
    lived = home(BY, NOW)
    told = seen.seen_hashes("household", lived.household)
    value_of = {uuid7(): str(number) for number in range(3, 3 + THREADS)}

    def edit(event_id: Any, value: str) -> Any:
        return actions.change_household(
            by=BY,
            at=NOW,
            household_id=lived.household.id,
            changes={"farm_m2": value},
            said=said(NOW.date()),
            seen=told,
            event_id=event_id,
        )

    at_once([partial(edit, event, value) for event, value in value_of.items()] * 2)  # and every one twice
    rows = Observation.objects.filter(subject_id=lived.household.id, field="farm_m2")
    assert {(one.value, one.state) for one in rows} == {(value, "conflict") for value in value_of.values()}
    assert rows.count() == THREADS
    assert str(Household.objects.get(id=lived.household.id).farm_m2) in value_of.values()


def test_numbers_and_allotments_at_the_same_moment(cast: Cast) -> None:
    lived = home(BY, NOW)
    contact = actions.add_contact(
        by=BY, at=NOW, person_id=lived.head.id, channel="phone", as_typed="081200000000"
    )
    told = seen.seen_hashes("contact", contact)

    def number(turn: int) -> Any:
        return actions.change_contact(
            by=BY,
            at=NOW,
            contact_id=contact.id,
            changes={"as_typed": f"08121111000{turn}"},
            seen=told,
            event_id=uuid7(),
        )

    at_once([partial(number, turn) for turn in range(THREADS)])
    assert Contact.objects.filter(person=lived.head, is_current=True).count() == THREADS
    assert ContactDoubt.objects.count() == THREADS - 1

    key = uuid7()
    given = at_once(
        [
            lambda: reserving.reserve_numbers(
                by=MACHINE, at=NOW, region_code=DUNGKAIT, count=5, allotment_id=key
            )
        ]
        * THREADS
    )
    assert all(one == given[0] for one in given)
