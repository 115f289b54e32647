"""The telephone log: what is written down, what is owed, who may read it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from simpul.cases.actions import protection
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import access, actions, transports
from simpul.messages.actions import _hearing
from simpul.messages.models import Call, Correspondent, Delivery, Gateway
from simpul.messages.queries import calls as queries
from simpul.messages.rules import calls as rules
from tests.cast import NOW, Cast, assemble

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def sim(cast: Cast) -> Gateway:
    """The telephone of the call centre."""
    return Gateway.objects.create(
        code="hp-1", kind="android", road="sms", name="Telkomsel", number="08111222333", desk=cast.desk("centre"),
        region_code="7602", added_at=NOW,
    )  # fmt: skip


def log(cast: Cast, **given: Any) -> Call:
    wanted: dict[str, Any] = {
        "by": cast.admin,
        "at": NOW,
        "number": "0812-4455-6677",
        "started_at": NOW - timedelta(minutes=4),
        "notes": "Beras belum datang di Taludu.",
        "outcome": "information",
    }
    return actions.log_call(**(wanted | given))


def ring(sim: Gateway, at: datetime, external_id: str = "a", address: str = "+6281244556677") -> int:
    """A telephone reports a call that nobody took."""
    delivery = Delivery.objects.create(
        gateway=sim,
        received_at=at,
        method="POST",
        body=b"{}",
        size=2,
        digest="",
        repeat_key=str(uuid4()),
        next_try_at=at,
    )
    heard = transports.Heard("sms", address, "missed_call", external_id=external_id, is_missed_call=True)
    return _hearing.keep(sim, delivery, heard)


# --- rules ------------------------------------------------------------------------------------------------------------


def test_the_quick_times_are_those_of_the_place() -> None:
    makassar = ZoneInfo("Asia/Makassar")
    found = rules.quick_times(NOW, makassar)
    assert found["hour"] == NOW + timedelta(hours=1)
    assert found["afternoon"] == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert found["morning"] == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert "afternoon" not in rules.quick_times(NOW + timedelta(hours=6), makassar)


def test_a_call_missed_at_night_is_called_back_in_the_morning() -> None:
    night = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    due = rules.missed_due(night, zone=ZoneInfo("Asia/Makassar"), quiet_from=time(20), quiet_to=time(7))
    assert due == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


# --- writing a call down ----------------------------------------------------------------------------------------------


def test_a_call_is_logged_once_with_its_caller_and_a_line_without_names(cast: Cast, sim: Gateway) -> None:
    key = uuid7()
    call = log(cast, call_id=key, gateway_id=sim.id, caller_name="Nurhayati", language="mdr")
    again = log(cast, call_id=key, notes="lain")
    assert Call.objects.get() == call == again
    assert (call.correspondent.channel, call.correspondent.address) == ("phone", "+6281244556677")  # type: ignore[union-attr]
    assert (call.gateway, call.language, call.agent_name) == (sim, "mdr", "Ratna Dewi")
    assert call.ended_at == NOW
    line = Line.objects.get(kind="call.log")
    assert "Nurhayati" not in str(line.facts) + str(line.inputs)
    with pytest.raises(NotFound):
        log(cast, by=cast.second_admin, call_id=key)


def test_two_spellings_are_one_caller_and_a_withheld_number_is_nobody(cast: Cast) -> None:
    first, second = log(cast), log(cast, number="+62 812 4455 6677")
    assert first.correspondent == second.correspondent
    hidden = log(cast, number="", is_withheld=True)
    assert (hidden.correspondent, hidden.number_typed, hidden.is_withheld) == (None, "", True)
    assert log(cast, number="12x").correspondent is None
    assert Correspondent.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": ""}, "call.number_missing"),
        ({"outcome": "case", "notes": ""}, "call.notes_missing"),
        ({"notes": "x" * 6000}, "call.notes_too_long"),
        ({"started_at": NOW + timedelta(minutes=1)}, "call.times_wrong"),
        ({"ended_at": NOW - timedelta(hours=1)}, "call.times_wrong"),
        ({"started_at": NOW - timedelta(days=1), "ended_at": NOW}, "call.times_wrong"),
        ({"outcome": "dance"}, "call.choice_unknown"),
        ({"outcome": "no_answer"}, "call.choice_unknown"),
        ({"direction": "sideways"}, "call.choice_unknown"),
        ({"outcome": "callback"}, "callback.wrong_time"),
        ({"outcome": "callback", "callback_due_at": NOW}, "callback.wrong_time"),
        ({"callback_due_at": NOW + timedelta(days=31)}, "callback.wrong_time"),
        ({"number": "", "is_withheld": True, "callback_due_at": LATER}, "callback.nobody"),
    ],
)
def test_what_is_refused_leaves_nothing(cast: Cast, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        log(cast, **given)
    assert refusal.value.code == code
    assert not Call.objects.exists()
    assert not Line.objects.filter(kind="call.log").exists()


def test_residents_partners_and_keepers_log_no_calls(cast: Cast) -> None:
    for by in (ANYBODY, cast.partner, cast.administrator, cast.custodian):
        with pytest.raises(NotAllowed):
            log(cast, by=by)


# --- who reads it -----------------------------------------------------------------------------------------------------


def test_the_neighbour_and_other_roles_see_no_call(cast: Cast) -> None:
    call = log(cast)
    for by in (cast.admin, cast.second_admin, cast.manager, cast.focal):
        assert access.calls(by).filter(id=call.id).exists(), by.role
    for by in (cast.neighbour, cast.neighbour_manager, cast.partner, cast.administrator, cast.custodian):
        assert not access.calls(by).exists(), by.role
    with pytest.raises(NotFound):
        access.call_for(cast.neighbour, call.id)


def test_a_sealed_call_is_open_to_its_writer_until_it_belongs_to_a_matter(cast: Cast) -> None:
    call = log(cast, sealed=True, outcome="case")
    assert access.call_for(cast.admin, call.id)
    assert access.call_for(cast.focal, call.id)
    for by in (cast.second_admin, cast.manager):
        assert not access.calls(by).exists()
    actions.attach_call(
        by=cast.admin, at=NOW, call_id=call.id, subject_kind="case", subject_id=uuid4(), sealed=True
    )
    assert not access.calls(cast.admin).exists()
    assert access.call_for(cast.focal, call.id)


# --- changing and tying -----------------------------------------------------------------------------------------------


def test_a_call_is_corrected_and_a_seal_stays(cast: Cast) -> None:
    call = log(cast)
    changed = actions.change_call(
        by=cast.second_admin,
        at=LATER,
        call_id=call.id,
        changes={"notes": "Sudah datang.", "outcome": "prank"},
    )
    assert (changed.notes, changed.outcome) == ("Sudah datang.", "prank")
    assert Line.objects.get(kind="call.change").facts["changed"] == ["notes", "outcome"]
    with pytest.raises(actions.CallNotesMissing):
        actions.change_call(
            by=cast.admin, at=LATER, call_id=call.id, changes={"notes": "", "outcome": "case"}
        )
    with pytest.raises(NotFound):
        actions.change_call(by=cast.neighbour, at=LATER, call_id=call.id, changes={"notes": "x"})
    sealed = log(cast, sealed=True)
    actions.change_call(by=cast.admin, at=LATER, call_id=sealed.id, changes={"sealed": False})
    sealed.refresh_from_db()
    assert sealed.sealed


def test_a_call_belongs_to_one_matter(cast: Cast) -> None:
    call, case = log(cast, outcome="case"), cast.case()
    for _turn in range(2):
        actions.attach_call(by=cast.admin, at=NOW, call_id=call.id, subject_kind="case", subject_id=case.id)
    with pytest.raises(actions.CallAttached):
        actions.attach_call(by=cast.admin, at=NOW, call_id=call.id, subject_kind="case", subject_id=uuid4())
    with pytest.raises(NotFound):
        actions.attach_call(
            by=cast.neighbour, at=NOW, call_id=call.id, subject_kind="case", subject_id=case.id
        )
    assert queries.of_subject(case.id) == [call]
    assert Line.objects.filter(kind="call.attach", subject_id=case.id).exists()


def test_sealing_a_matter_closes_its_calls(cast: Cast) -> None:
    call, case = log(cast, outcome="case"), cast.case()
    actions.attach_call(by=cast.admin, at=NOW, call_id=call.id, subject_kind="case", subject_id=case.id)
    protection.seal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Menyangkut anak")
    assert not access.calls(cast.admin).exists()
    assert access.call_for(cast.focal, call.id).sealed


# --- call-backs -------------------------------------------------------------------------------------------------------


def test_a_promise_is_due_is_tried_in_vain_and_is_kept(cast: Cast) -> None:
    call = log(cast, outcome="callback", callback_due_at=LATER, callback_why="Jadwal beras")
    assert queries.owed(cast.admin, NOW) == queries.Owed(0, 1, [])
    assert queries.owed(cast.second_admin, LATER).first == [call]
    assert queries.owed(cast.pokja, LATER).due == 0
    tomorrow = LATER + timedelta(days=1)
    actions.keep_callback(
        by=cast.admin, at=LATER, call_id=call.id, result="not_reached", next_due_at=tomorrow
    )
    call.refresh_from_db()
    assert (call.callback_due_at, call.callback_tries, call.callback_done_at) == (tomorrow, 1, None)
    actions.keep_callback(by=cast.second_admin, at=tomorrow, call_id=call.id, result="reached")
    call.refresh_from_db()
    assert (call.callback_result, call.callback_done_by) == ("reached", "Yusuf Tandi")
    with pytest.raises(actions.NothingPromised):
        actions.keep_callback(by=cast.admin, at=tomorrow, call_id=call.id, result="reached")
    assert [line.facts["result"] for line in Line.objects.filter(kind="callback.keep").order_by("at")] == [
        "not_reached",
        "reached",
    ]


def test_giving_up_needs_a_reason_and_a_new_promise_a_moment(cast: Cast) -> None:
    call = log(cast, outcome="callback", callback_due_at=LATER)
    with pytest.raises(actions.GivingUpReason):
        actions.keep_callback(by=cast.admin, at=LATER, call_id=call.id, result="gave_up")
    with pytest.raises(actions.PromiseWrong):
        actions.keep_callback(by=cast.admin, at=LATER, call_id=call.id, result="not_reached")
    with pytest.raises(actions.CallChoiceUnknown):
        actions.keep_callback(by=cast.admin, at=LATER, call_id=call.id, result="perhaps")
    with pytest.raises(NotFound):
        actions.keep_callback(by=cast.neighbour, at=LATER, call_id=call.id, result="reached")
    actions.keep_callback(by=cast.admin, at=LATER, call_id=call.id, result="gave_up", reason="Nomor mati")
    call.refresh_from_db()
    assert (call.callback_result, call.callback_why) == ("gave_up", "Nomor mati")


def test_a_promise_can_be_made_afterwards(cast: Cast) -> None:
    call = log(cast)
    actions.promise_callback(by=cast.admin, at=NOW, call_id=call.id, due_at=LATER, why="Tanya dinas")
    assert queries.owed(cast.admin, LATER).due == 1
    assert Line.objects.filter(kind="callback.promise", subject_id=call.id).exists()
    with pytest.raises(actions.PromiseWrong):
        actions.promise_callback(by=cast.admin, at=NOW, call_id=call.id, due_at=NOW)
    hidden = log(cast, number="", is_withheld=True)
    with pytest.raises(actions.NobodyToCall):
        actions.promise_callback(by=cast.admin, at=NOW, call_id=hidden.id, due_at=LATER)
    with pytest.raises(NotFound):
        actions.promise_callback(by=cast.neighbour, at=NOW, call_id=call.id, due_at=LATER)


# --- calls that nobody took -------------------------------------------------------------------------------------------


def test_five_missed_calls_are_one_debt_that_talking_pays(cast: Cast, sim: Gateway) -> None:
    assert [ring(sim, NOW + timedelta(minutes=n), str(n)) for n in range(5)] == [1, 1, 1, 1, 1]
    assert ring(sim, NOW, "0") == 0
    assert Call.objects.filter(direction="missed").count() == 5
    due = queries.owed(cast.admin, LATER)
    assert (due.due, due.waiting) == (1, 1)
    log(cast, at=LATER, started_at=LATER - timedelta(minutes=2))
    assert queries.owed(cast.admin, LATER).waiting == 0
    assert set(Call.objects.filter(direction="missed").values_list("callback_result", flat=True)) == {
        "called_again",
        "",
    }


def test_a_missed_call_without_a_number_owes_nothing(cast: Cast, sim: Gateway) -> None:
    assert ring(sim, NOW, "x", address="") == 1
    call = Call.objects.get()
    assert (call.is_withheld, call.callback_due_at, call.correspondent) == (True, None, None)


def test_a_missed_call_that_is_reported_late_is_no_debt_after_a_talk(cast: Cast, sim: Gateway) -> None:
    log(cast)
    delivery_at = NOW + timedelta(minutes=1)
    heard = transports.Heard(
        "sms", "081244556677", "missed_call", external_id="late", is_missed_call=True,
        sent_at=NOW - timedelta(hours=2),
    )  # fmt: skip
    delivery = Delivery.objects.create(
        gateway=sim, received_at=delivery_at, method="POST", body=b"", size=0, digest="", repeat_key="k",
        next_try_at=NOW,
    )  # fmt: skip
    assert _hearing.keep(sim, delivery, heard) == 1
    assert queries.owed(cast.admin, LATER).waiting == 0


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_log_is_found_by_number_name_and_outcome(cast: Cast) -> None:
    call = log(cast, caller_name="Nurhayati")
    log(cast, number="0853 1111 2222", outcome="prank")
    for given in ({"words": "081244556677"}, {"words": "nurha"}, {"outcome": "information"}):
        assert queries.log(cast.admin, queries.Filters(**given)).rows == [call]
    assert queries.earlier(cast.admin, "0812 4455 6677") == [call]
    assert queries.earlier(cast.neighbour, "0812 4455 6677") == []
    assert queries.log(cast.admin, queries.Filters(since=LATER)).rows == []
    loose = log(cast, outcome="case", sealed=True)
    assert queries.log(cast.admin, queries.Filters(view="loose")).rows == [loose]
    assert loose not in queries.whole_log(cast.focal, queries.Filters(), 100)
    assert queries.counts(cast.focal, NOW)["sealed"] == 1


def test_languages_are_data() -> None:
    assert list(queries.spoken())[:2] == ["id", "mdr"]
