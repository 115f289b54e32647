"""What an emergency changes for matters: danger first, names last, clocks by decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simpul.cases.actions import intake, suspending
from simpul.cases.models import Case, Clock, Kind
from simpul.cases.queries import triage as triage_queries
from simpul.cases.rules import triage as rules
from simpul.journal.models import Line
from simpul.lib import workdays
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.regions import actions as region_actions
from simpul.regions.models import Emergency, Suspension
from tests.cast import BONTO_JAI, NOW, Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def emergency(cast: Cast) -> Emergency:
    return region_actions.declare_emergency(
        by=cast.manager, at=NOW, region_code="7602", name="Gempa Mamuju", decision_number="1",
        decision_date=date(2026, 11, 22), decided_by="Bupati Mamuju",
    )  # fmt: skip


def nameless(code: str) -> str:
    """A kind that needs a name."""
    Kind.objects.filter(code=code).update(anonymous_allowed=False)
    return code


def test_a_tick_raises_and_never_lowers() -> None:
    asked = triage_queries.questions()
    assert rules.urgency("normal", ["water_food"], asked) == "danger"
    assert rules.urgency("normal", ["disabled"], asked) == "urgent"
    assert rules.urgency("danger", ["disabled"], asked) == "danger"
    assert rules.urgency("urgent", [], asked) == "urgent"
    assert rules.known(["shelter", "x", "life"], asked) == ["life", "shelter"]
    assert all(one.source and one.confidence for one in asked)


def test_what_is_ticked_makes_a_matter_first(cast: Cast) -> None:
    case = cast.case(triage=["trapped", "nonsense"])
    assert (case.urgency, case.triage) == ("danger", ["trapped"])


def test_a_kind_that_needs_a_name_takes_none_while_it_lasts(cast: Cast, emergency: Emergency) -> None:
    kind = nameless("information")
    assert cast.case(kind_code=kind, mode="anonymous", reporter=None)
    with pytest.raises(intake.AnonymousNotPossible):
        cast.case(kind_code=kind, mode="anonymous", reporter=None, region_code=BONTO_JAI)
    region_actions.end_emergency(by=cast.manager, at=NOW, emergency_id=emergency.id, decision="2")
    with pytest.raises(intake.AnonymousNotPossible):
        cast.case(kind_code=kind, mode="anonymous", reporter=None)


def test_a_number_alone_reaches_somebody(cast: Cast, emergency: Emergency) -> None:
    case = cast.case(reporter=intake.PersonGiven(phone="0812 9999 8888"))
    assert case.reporter is not None
    assert case.reporter.full_name == "Tidak diketahui"


def test_an_emergency_that_asks_for_names_changes_nothing_about_them(
    cast: Cast, emergency: Emergency
) -> None:
    Emergency.objects.update(relaxes_identity=False)
    with pytest.raises(intake.AnonymousNotPossible):
        cast.case(kind_code=nameless("information"), mode="anonymous", reporter=None)


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_running_clocks_stand_still_once_and_late_ones_stay_late(cast: Cast) -> None:
    case, other = cast.case(), cast.case(region_code=BONTO_JAI)
    late = cast.case()
    Clock.objects.filter(case=late).update(due_at=NOW - timedelta(days=1))
    before = {clock.id: clock.due_at for clock in Clock.objects.all()}
    decided = NOW + timedelta(hours=1)
    stop = region_actions.add_suspension(
        by=cast.manager, at=decided, region_code="7602", from_date=date(2026, 11, 24),
        to_date=date(2026, 12, 7), decision="Bupati Mamuju, 1",
    )  # fmt: skip
    fresh = cast.case(at=decided + timedelta(minutes=1))
    stamped = Case.objects.get(id=fresh.id).due_at
    moved = suspending.suspend_clocks(by=cast.manager, at=decided, suspension_id=stop.id)
    assert moved == Clock.objects.filter(case=case).exclude(unit="hours").count() > 0
    case.refresh_from_db()
    answer = Clock.objects.get(case=case, key="answer")
    assert answer.due_at - before[answer.id] >= timedelta(days=14)
    assert case.due_at == answer.due_at
    assert answer.suspensions[0]["decision"] == "Bupati Mamuju, 1"
    fresh.refresh_from_db()
    assert fresh.due_at == stamped
    assert abs((answer.due_at - stamped).days) <= 1
    for untouched in (other, late):
        for clock in Clock.objects.filter(case=untouched, key="answer"):
            assert clock.suspensions == []
    assert suspending.suspend_clocks(by=cast.manager, at=decided, suspension_id=stop.id) == 0
    assert Line.objects.filter(kind="clocks.suspend", subject_id=stop.id).count() == 2


def test_who_may_not_suspend(cast: Cast) -> None:
    stop = Suspension.objects.create(
        region_code="7602", from_date=date(2026, 11, 24), to_date=date(2026, 12, 7), decision="x"
    )
    for by in (cast.admin, cast.neighbour_manager, cast.pokja):
        with pytest.raises(NotAllowed):
            suspending.suspend_clocks(by=by, at=NOW, suspension_id=stop.id)
    with pytest.raises(NotFound):
        suspending.suspend_clocks(by=cast.manager, at=NOW, suspension_id=uuid7())


def test_the_days_given_are_those_that_would_have_counted() -> None:
    stop = (date(2026, 11, 28), date(2026, 12, 6), "SK")
    calendar = workdays.Calendar(
        holidays={}, week=frozenset({1, 2, 3, 4, 5}), zone="Asia/Makassar", suspended=(stop,)
    )
    began = NOW
    due = NOW + timedelta(days=9)  # Wednesday 2 December: three working days lie in the suspension
    assert suspending.extra_days("working_days", began, due, stop, calendar) == 7
    assert suspending.extra_days("calendar_days", began, due, stop, calendar) == 9
    assert suspending.extra_days("working_days", began, NOW + timedelta(days=2), stop, calendar) == 0
