"""Each event is judged once, by the act it asks for; what is put aside blocks nothing it need not; a person decides about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from simpul.accounts.models import User
from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.outreach.models import Visit
from simpul.people.models import Household, Person
from simpul.people.rules.history import seen_hash
from simpul.sync import access, handlers
from simpul.sync.actions import enrolling, judging, opening, receiving, settling
from simpul.sync.models import Device, Event, Task
from simpul.sync.queries import waiting
from tests.cast import DUNGKAIT
from tests.sync import talking, works
from tests.sync.phone import Phone

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]


@pytest.fixture
def here(db: None) -> works.Stage:
    return works.stage()


@pytest.fixture
def phone(here: works.Stage) -> Phone:
    return talking.phone_of(here)


def visit(phone: Phone, home: Household | UUID) -> None:
    key = home.id if isinstance(home, Household) else home
    phone.act(
        "visit.record/1",
        lambda own: {"visit_id": own(0), "household_id": str(key), "outcome": "met"},
        subject=f"household:{key}",
    )


def outcomes(phone: Phone) -> list[tuple[str, str]]:
    """State and reason of what the phone wrote, in order."""
    assert phone.sync()
    lines = sorted(phone.vault.outcomes.values(), key=lambda line: (line[0], line[1]))
    return [(line[3], line[4]) for line in lines]


def raising(fault: Exception) -> Callable[[handlers.Work], handlers.Done]:
    def run(_work: handlers.Work) -> handlers.Done:
        raise fault

    return run


def planted(monkeypatch: pytest.MonkeyPatch, kind: str, run: Any, *, fact: bool = True) -> None:
    table = {**handlers.TABLE, kind: replace(handlers.TABLE[kind], run=run, fact=fact)}
    monkeypatch.setattr(handlers, "TABLE", table)


# --- accepted, put aside, held --------------------------------------------------------------------------------------


def test_what_the_rules_refuse_is_put_aside_with_its_words_and_blocks_nothing(
    here: works.Stage, phone: Phone
) -> None:
    home = here.home()
    phone.act("visit.record/1", {"visit_id": "no key", "household_id": str(home.id), "outcome": "met"})
    visit(phone, home)
    assert outcomes(phone) == [("quarantined", "event.unreadable"), ("accepted", "")]
    row = Event.objects.get(state="quarantined")
    assert "visit_id" in row.words and row.region_code
    task = Task.objects.get(kind="repair")
    assert task.event_id == row.id and access.tasks(here.chief).filter(id=task.id).exists()
    assert not access.tasks(here.walker).exists() and not access.tasks(here.stranger).exists()
    assert Line.objects.filter(kind="events.judge", facts__state="quarantined").count() == 1


def test_later_events_on_what_was_not_brought_into_the_world_wait_for_it(
    here: works.Stage, phone: Phone
) -> None:
    born: list[str] = []

    def opened(own: Callable[[int], str]) -> dict[str, Any]:
        born.append(own(0))
        return {"household_id": own(0), "region": "nowhere", "name": "Daeng Baso"}

    phone.act("household.open/1", opened, subject=lambda own: f"household:{own(0)}")
    visit(phone, UUID(born[0]))
    visit(phone, here.home())
    states = outcomes(phone)
    assert [state for state, _reason in states] == ["quarantined", "held", "accepted"]
    row = Event.objects.get(state="quarantined")
    settling.settle_event(
        by=here.chief, at=timezone.now(), event_id=row.id, decision="set_aside", words="Salah desa."
    )
    judging.judge_events(by=MACHINE, at=timezone.now(), device_id=phone.vault.device)
    assert [state for state, _reason in outcomes(phone)] == ["quarantined", "quarantined", "accepted"]
    line = next(line for line in phone.vault.outcomes.values() if line[1] == 1)
    assert line[5] == "Salah desa."


def test_a_fault_of_the_program_is_tried_again_and_holds_its_subject_alone(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = here.home(), here.home("Daeng Baso")
    with monkeypatch.context() as patch:
        planted(patch, "household.change/1", raising(ZeroDivisionError()))
        phone.act("household.change/1", {"household_id": str(one.id)}, subject=f"household:{one.id}")
        visit(phone, one)
        visit(phone, other)
        assert outcomes(phone) == [("held", "fault"), ("held", "waits"), ("accepted", "")]
        at = timezone.now()
        for minutes in (2, 10, 30):
            judging.judge_events(by=MACHINE, at=at + timedelta(minutes=minutes), device_id=phone.vault.device)
        assert Event.objects.get(reason="fault").tries == 4
        assert Task.objects.filter(kind="repair", facts__fault="ZeroDivisionError").count() == 1
    assert waiting.to_judge(at + timedelta(hours=3)) == [phone.vault.device]
    judging.judge_events(by=MACHINE, at=at + timedelta(hours=3), device_id=phone.vault.device)
    assert [state for state, _reason in outcomes(phone)][1:] == ["accepted", "accepted"]


def test_many_that_wait_do_not_keep_the_rest_waiting(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = here.home(), here.home("Daeng Baso")
    planted(monkeypatch, "household.change/1", raising(ZeroDivisionError()))
    for _time in range(6):
        phone.act("household.change/1", {"household_id": str(home.id)}, subject=f"household:{home.id}")
    outcomes(phone)
    visit(phone, other)
    monkeypatch.setattr("simpul.api.sync.talking.JUDGE_MOST", 2)
    assert outcomes(phone)[-1] == ("accepted", "")


def test_a_database_that_is_busy_is_no_fault_of_the_event(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(phone, here.home())
    with monkeypatch.context() as patch:
        planted(patch, "visit.record/1", raising(OperationalError("locked")))
        assert outcomes(phone) == [("stored", "")]
    judging.judge_events(by=MACHINE, at=timezone.now(), device_id=phone.vault.device)
    assert outcomes(phone) == [("accepted", "")]


def test_a_kind_of_a_newer_app_waits_for_the_update_and_a_person_sees_it(
    here: works.Stage, phone: Phone
) -> None:
    phone.act("garden.water/7", {"words": "baru"})
    assert outcomes(phone) == [("held", "newer")]
    assert Task.objects.filter(kind="repair").count() == 1


def test_two_workers_judge_an_event_once(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    visit(phone, home)
    phone.close()
    sent = [one.envelope for one in phone.epoch.closed]
    receiving.keep_envelopes(by=MACHINE, at=timezone.now(), envelopes=sent)
    opening.open_envelopes(by=MACHINE, at=timezone.now())
    stale = Event.objects.select_related("envelope").get()
    device = Device.objects.select_related("desk", "seat__user").get()
    assert judging.judge_events(by=MACHINE, at=timezone.now(), device_id=device.id) == [stale.id]
    assert judging._judge(MACHINE, timezone.now(), device, stale) is None
    assert Visit.objects.count() == 1
    with pytest.raises(NotAllowed):
        judging.judge_events(by=here.chief, at=timezone.now(), device_id=device.id)


def test_nothing_is_judged_before_what_was_written_before_it(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    visit(phone, home)
    phone.close()
    visit(phone, home)
    phone.close()
    first, second = (one.envelope for one in phone.epoch.closed)
    for envelope, states in ((second, ["stored"]), (first, ["accepted", "accepted"])):
        receiving.keep_envelopes(by=MACHINE, at=timezone.now(), envelopes=[envelope], road="bundle")
        opening.open_envelopes(by=MACHINE, at=timezone.now())
        judging.judge_events(by=MACHINE, at=timezone.now(), device_id=phone.vault.device)
        assert list(Event.objects.order_by("seq").values_list("state", flat=True)) == states


# --- who, where, when -----------------------------------------------------------------------------------------------


def test_a_fact_about_a_household_that_moved_away_is_kept_and_the_new_area_told(
    here: works.Stage, phone: Phone
) -> None:
    home = here.home()
    visit(phone, home)
    assert outcomes(phone) == [("accepted", "")]
    Household.objects.filter(id=home.id).update(region_code=DUNGKAIT)
    Person.objects.filter(household=home).update(region_code=DUNGKAIT)
    visit(phone, home)
    assert outcomes(phone)[-1] == ("flagged", "moved")
    task = Task.objects.get(kind="moved")
    assert task.region_code == DUNGKAIT and Visit.objects.filter(household=home).count() == 2


def test_a_decision_about_what_moved_away_waits_in_the_new_area(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(monkeypatch, "household.change/1", raising(NotFound()), fact=False)
    home = here.home()
    visit(phone, home)
    outcomes(phone)
    Household.objects.filter(id=home.id).update(region_code=DUNGKAIT)
    phone.act("household.change/1", {"household_id": str(home.id)}, subject=f"household:{home.id}")
    assert outcomes(phone)[-1] == ("quarantined", "moved")
    assert Event.objects.get(reason="moved").region_code == DUNGKAIT


def test_what_was_never_in_the_hands_of_this_device_is_not_done(here: works.Stage, phone: Phone) -> None:
    visit(phone, here.home(region=DUNGKAIT))
    visit(phone, works.UUID(int=5))
    assert outcomes(phone) == [("quarantined", "not_found"), ("quarantined", "not_found")]
    assert not Visit.objects.exists()


@pytest.mark.parametrize("year", [1970, 1999, 2036])
def test_a_clock_that_goes_wrong_is_noted_and_nothing_is_refused_for_it(here: works.Stage, year: int) -> None:
    now = timezone.now()
    shift = round((now.replace(year=year, day=1) - now).total_seconds() * 1000)
    phone = talking.phone_of(here, clock=lambda: talking.clock_now() + shift)
    visit(phone, here.home())
    phone.close()  # before it ever heard the server's time
    visit(phone, here.home("Daeng Baso"))
    assert outcomes(phone) == [("flagged", "clock"), ("flagged", "clock")]
    visit(phone, here.home("Daeng Kulle"))  # the offset is known by now
    assert outcomes(phone)[-1] == ("accepted", "")
    assert Task.objects.filter(kind="clock").count() == 1
    assert all(abs(one.visited_at - now) < timedelta(minutes=5) for one in Visit.objects.all())


def test_what_a_locked_phone_sends_later_is_put_aside_and_what_was_here_stands(
    here: works.Stage, phone: Phone
) -> None:
    home = here.home()
    visit(phone, home)
    outcomes(phone)
    enrolling.revoke_device(by=here.chief, at=timezone.now(), device_id=phone.vault.device, why="hilang")
    visit(phone, home)
    visit(phone, home)
    told = phone.hello()
    assert told is not None and phone.locked_out and "token" not in told
    assert phone.push(phone.unsent(told["have"]), "carry")["received"][0][1] == "stored"
    phone.hello()
    lines = sorted(phone.vault.outcomes.values(), key=lambda line: line[1])
    assert [line[3:5] for line in lines] == [
        ["accepted", ""],
        ["quarantined", "revoked"],
        ["quarantined", "revoked"],
    ]
    assert Task.objects.filter(kind="revoked").count() == 1 and Visit.objects.count() == 1


def test_who_lost_the_seat_writes_nothing_new_and_loses_nothing(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    visit(phone, home)
    phone.hello()
    Seat.objects.filter(id=here.seats["walker"].id).update(until_at=timezone.now())
    told = phone.hello()
    assert told is not None and phone.locked_out
    phone.push(phone.unsent(told["have"]), "carry")
    phone.hello()
    assert [line[3:5] for line in phone.vault.outcomes.values()] == [["flagged", "seat"]]
    User.objects.filter(id=here.seats["walker"].user_id).update(is_active=False)
    visit(phone, home)
    told = phone.hello()
    assert told is not None
    phone.push(phone.unsent(told["have"]), "carry")
    phone.hello()
    assert Event.objects.filter(state="quarantined", reason="seat").count() == 1


def test_an_edit_over_a_value_that_was_not_seen_keeps_both(here: works.Stage, phone: Phone) -> None:
    home, other = here.home(), talking.phone_of(here, "chief")
    for hand, value in ((phone, "500000"), (other, "750000")):
        hand.act(
            "household.change/1",
            {"household_id": str(home.id), "f.income_month": value},
            subject=f"household:{home.id}",
            seen={"income_month": seen_hash("")},
        )
    assert outcomes(phone) == [("accepted", "")]
    assert outcomes(other)[0][0] == "conflict"
    assert Task.objects.filter(kind="conflict").count() == 1


# --- a person decides -----------------------------------------------------------------------------------------------


def aside(here: works.Stage) -> tuple[Event, Phone]:
    """A visit by a post officer, whose role does not write visits down."""
    phone = talking.phone_of(here, "post")
    visit(phone, here.home())
    outcomes(phone)
    return Event.objects.get(state="quarantined"), phone


def test_a_supervisor_enters_it_after_all_as_its_witness(here: works.Stage) -> None:
    row, phone = aside(here)
    assert access.events(here.chief).filter(id=row.id).exists()
    done = settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="apply")
    assert (done.state, done.settled_by) == ("accepted", here.chief.name)
    line = Line.objects.get(kind="visit.record")
    assert line.user_id == here.chief.user_id and line.device == phone.vault.device.hex[-12:]
    assert Task.objects.get(kind="repair").decision == "apply"
    with pytest.raises(settling.SettledBefore):
        settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="apply")
    assert outcomes(phone) == [("accepted", "")]


def test_leaving_aside_needs_words_and_a_known_decision_and_the_right_person(here: works.Stage) -> None:
    row, _phone = aside(here)
    with pytest.raises(settling.WordsMissing):
        settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="set_aside")
    with pytest.raises(settling.DecisionUnknown):
        settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="eat")
    for by in (here.walker, here.stranger):
        with pytest.raises(NotFound):
            settling.settle_event(by=by, at=timezone.now(), event_id=row.id, decision="apply")
    Event.objects.filter(id=row.id).update(body=b"")
    with pytest.raises(settling.ErasedMeanwhile):
        settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="apply")
    settling.settle_event(
        by=here.chief, at=timezone.now(), event_id=row.id, decision="set_aside", words="Bukan wilayah kita."
    )
    assert Line.objects.filter(kind="event.settle").count() == 1 and not Visit.objects.exists()


def test_what_was_flagged_is_looked_at_once(here: works.Stage) -> None:
    phone = talking.phone_of(here, clock=lambda: 5)
    visit(phone, here.home())
    phone.close()
    outcomes(phone)
    row = Event.objects.get()
    settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="seen")
    with pytest.raises(settling.SettledBefore):
        settling.settle_event(by=here.chief, at=timezone.now(), event_id=row.id, decision="seen")
    task = Task.objects.get(kind="clock")
    settled = settling.settle_question(by=here.chief, at=timezone.now(), task_id=task.id)
    assert settled.state == "settled" and settled.settled_by == here.chief.name
    with pytest.raises(settling.SettledBefore):
        settling.settle_question(by=here.chief, at=timezone.now(), task_id=task.id)
    with pytest.raises(settling.DecisionUnknown):
        settling.settle_question(by=here.chief, at=timezone.now(), task_id=task.id, decision="apply")
    with pytest.raises(NotFound):
        settling.settle_question(by=here.walker, at=timezone.now(), task_id=task.id)
    assert Line.objects.filter(kind="question.settle").count() == 1


def test_a_gap_that_will_never_be_filled_is_passed_over_by_a_person(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    visit(phone, home)
    phone.close()
    visit(phone, home)
    phone.close()
    last = phone.epoch.closed[-1].envelope
    now = timezone.now()
    receiving.keep_envelopes(by=MACHINE, at=now, envelopes=[last])
    opening.open_envelopes(by=MACHINE, at=now)
    opening.notice_gaps(by=MACHINE, at=now + timedelta(days=4))
    task = Task.objects.get(kind="broken")
    settling.settle_question(by=here.chief, at=now, task_id=task.id, decision="apply", words="HP tenggelam.")
    judging.judge_events(by=MACHINE, at=now, device_id=phone.vault.device)
    assert Visit.objects.count() == 1
