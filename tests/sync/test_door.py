"""A phone talks with the server: enrolled, heard, answered."""

from __future__ import annotations

import pytest

from simpul.outreach.models import Visit
from tests.sync import talking, works

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.urls("tests.sync.urls")]


@pytest.fixture
def here(db: None) -> works.Stage:
    return works.stage()


def visit(home: object) -> dict[str, object]:
    return {"household_id": str(home.id), "outcome": "met", "words": "Atap bocor."}  # type: ignore[attr-defined]


def test_what_is_written_on_a_phone_is_done_once_and_answered(here: works.Stage) -> None:
    home = here.home()
    one = talking.phone_of(here)
    for _time in range(3):
        one.act(
            "visit.record/1", lambda own: {"visit_id": own(0), **visit(home)}, subject=f"household:{home.id}"
        )
    assert one.sync()
    assert [line[3] for line in one.vault.outcomes.values()] == ["accepted"] * 3, one.vault.outcomes
    assert Visit.objects.filter(household=home).count() == 3
    assert one.sync() and Visit.objects.count() == 3
