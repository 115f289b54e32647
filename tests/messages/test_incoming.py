"""What becomes of an incoming message: claimed once, put before a person, settled by one of them, and taken up again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages import actions
from simpul.messages.actions import incoming as incoming_actions
from simpul.messages.models import Correspondent, Incoming, Message
from simpul.messages.queries import incoming as queries
from tests import cast as cast_module
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
Arrive = Callable[..., Incoming]


@pytest.fixture
def cast(db: Any) -> Cast:
    """The village with its officers."""
    return cast_module.assemble()


@pytest.fixture
def arrive(cast: Cast, now: datetime) -> Arrive:
    """A message of Nurhayati at the call centre."""
    return lambda number=1, **more: make(cast, now, number, **more)


def make(cast: Cast, at: datetime, number: int = 1, **more: Any) -> Incoming:
    who, _new = Correspondent.objects.get_or_create(
        channel="whatsapp",
        scope="",
        address="+6281244556677",
        defaults={"desk": cast.desk("centre"), "region_code": cast_module.DUNGKAIT, "first_at": at},
    )
    columns: dict[str, Any] = {
        "channel": "whatsapp",
        "once_key": f"wa:{number}",
        "kind": "text",
        "text": "Jembatan putus.",
        "received_at": at + number * MINUTE,
        "hear_at": at,
        "correspondent": who,
    }
    return Incoming.objects.create(**(columns | more))


def who() -> Correspondent:
    return Correspondent.objects.get()


# --- the machine ------------------------------------------------------------------------------------------------------


def test_a_message_is_claimed_once_and_again_only_after_its_wait(arrive: Arrive, now: datetime) -> None:
    message = arrive()
    claimed = actions.claim_incoming(by=MACHINE, at=now, incoming_id=message.id)
    assert claimed is not None and claimed.hear_tries == 1
    assert actions.claim_incoming(by=MACHINE, at=now, incoming_id=message.id) is None
    assert queries.to_hear(now) == []
    later = now + incoming_actions.HEAR_AGAIN[0]
    again = actions.claim_incoming(by=MACHINE, at=later, incoming_id=message.id)
    assert again is not None and again.hear_tries == 2


def test_one_whose_parts_do_not_come_is_claimed_when_its_wait_is_over(arrive: Arrive, now: datetime) -> None:
    message = arrive(state="parts", hear_at=now + 15 * MINUTE)
    assert actions.claim_incoming(by=MACHINE, at=now, incoming_id=message.id) is None
    claimed = actions.claim_incoming(by=MACHINE, at=now + 15 * MINUTE, incoming_id=message.id)
    assert claimed is not None and claimed.state == "new"


def test_nobody_but_the_machine_claims_and_opens(arrive: Arrive, cast: Cast, now: datetime) -> None:
    message = arrive()
    for actor in (cast.admin, cast.focal, cast.administrator):
        with pytest.raises(NotFound):
            actions.claim_incoming(by=actor, at=now, incoming_id=message.id)
        with pytest.raises(NotFound):
            actions.open_incoming(by=actor, at=now, incoming_id=message.id)


def test_an_open_message_waits_and_a_protected_one_waits_apart(arrive: Arrive, now: datetime) -> None:
    ordinary, protected = arrive(2), arrive(1)
    actions.open_incoming(by=MACHINE, at=now, incoming_id=ordinary.id)
    actions.open_incoming(by=MACHINE, at=now, incoming_id=protected.id, sealed=True, screen_words=["dipukul"])
    assert (who().waiting_since_at, who().sealed_since_at) == (ordinary.received_at, protected.received_at)
    protected.refresh_from_db()
    assert (protected.state, protected.sealed, protected.screen_words) == ("open", True, ["dipukul"])
    line = Line.objects.get(kind="incoming.open", subject_id=ordinary.id)
    assert line.facts == {"channel": "whatsapp", "kind": "text", "sealed": False}
    assert "Jembatan" not in str(line.facts) + str(line.inputs)
    Incoming.objects.filter(id=ordinary.id).update(state="settled")
    with pytest.raises(NotFound):
        actions.open_incoming(by=MACHINE, at=now, incoming_id=ordinary.id)


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_message_is_settled_by_one_person_and_the_second_is_told_by_whom(
    arrive: Arrive, cast: Cast, now: datetime
) -> None:
    message = arrive(state="open")
    done = actions.settle_incoming(
        by=cast.admin, at=now, incoming_id=message.id, outcome="no_action", note="Salah kirim."
    )
    assert (done.state, done.outcome, done.settled_by, done.note) == (
        "settled",
        "no_action",
        "Ratna Dewi",
        "Salah kirim.",
    )
    assert who().waiting_since_at is None
    assert Line.objects.get(kind="incoming.settle").facts["outcome"] == "no_action"
    with pytest.raises(actions.AlreadySettled) as told:
        actions.settle_incoming(by=cast.second_admin, at=now, incoming_id=message.id, outcome="spam")
    assert "Ratna Dewi" in str(told.value)


def test_laying_aside_needs_a_reason(arrive: Arrive, cast: Cast, now: datetime) -> None:
    message = arrive(state="open")
    with pytest.raises(actions.ReasonMissing):
        actions.settle_incoming(
            by=cast.admin, at=now, incoming_id=message.id, outcome="no_action", note=" - "
        )
    with pytest.raises(KeyError):
        actions.settle_incoming(by=cast.admin, at=now, incoming_id=message.id, outcome="burnt")


def test_who_may_not_see_a_message_may_not_settle_it(arrive: Arrive, cast: Cast, now: datetime) -> None:
    ordinary, protected = arrive(1, state="open"), arrive(2, state="open", sealed=True)
    for actor, message in [
        (cast.neighbour, ordinary),
        (cast.pokja, ordinary),
        (cast.administrator, ordinary),
        (cast.admin, protected),
    ]:
        with pytest.raises(NotFound):
            actions.settle_incoming(by=actor, at=now, incoming_id=message.id, outcome="spam")
        with pytest.raises(NotFound):
            actions.reopen_incoming(by=actor, at=now, incoming_id=message.id)
    assert (
        actions.settle_incoming(by=cast.focal, at=now, incoming_id=protected.id, outcome="spam").outcome
        == "spam"
    )


def test_what_was_laid_aside_is_taken_up_again_and_a_matter_is_not(
    arrive: Arrive, cast: Cast, now: datetime
) -> None:
    message = arrive(state="open")
    actions.settle_incoming(by=cast.admin, at=now, incoming_id=message.id, outcome="spam")
    again = actions.reopen_incoming(by=cast.second_admin, at=now, incoming_id=message.id)
    assert (again.state, again.outcome, again.settled_by) == ("open", "", "")
    assert who().waiting_since_at == message.received_at
    assert Line.objects.get(kind="incoming.reopen").actor_name == "Yusuf Tandi"
    actions.settle_incoming(by=cast.admin, at=now, incoming_id=message.id, outcome="case")
    with pytest.raises(NotFound):
        actions.reopen_incoming(by=cast.admin, at=now, incoming_id=message.id)


@pytest.mark.django_db(transaction=True)
def test_two_acts_on_one_conversation_do_not_hide_who_waits(now: datetime) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: PostgreSQL alone can lose this")
    cast = cast_module.assemble()
    for turn in range(6):
        first, second = make(cast, now, 2 * turn, state="open"), make(cast, now, 2 * turn + 1)
        start = threading.Barrier(2)

        def settle(message: Incoming = first, start: threading.Barrier = start) -> None:
            start.wait()
            actions.settle_incoming(by=cast.admin, at=now, incoming_id=message.id, outcome="spam")
            connections.close_all()

        def opened(message: Incoming = second, start: threading.Barrier = start) -> None:
            start.wait()
            actions.open_incoming(by=MACHINE, at=now, incoming_id=message.id)
            connections.close_all()

        threads = [threading.Thread(target=act) for act in (settle, opened)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        oldest = min(Incoming.objects.filter(state="open").values_list("received_at", flat=True))
        assert who().waiting_since_at == oldest


# --- sealed with its matter -------------------------------------------------------------------------------------------


def test_everything_said_in_a_matter_is_closed_with_it_and_nothing_else(
    arrive: Arrive, cast: Cast, now: datetime
) -> None:
    case_id = uuid4()
    settled = {"state": "settled", "outcome": "case", "subject_kind": "case", "subject_id": case_id}
    inside, outside = arrive(1, **settled), arrive(2, state="open")
    told = Message.objects.create(
        subject_kind="correspondent", subject_id=who().id, once_key="a", asked_key="free", text_key="free", body="Sudah.",
        road="whatsapp", language="id", state="sent", queued_at=now, next_try_at=now, answers=inside,
    )  # fmt: skip
    for by in (cast.admin, cast.focal, cast.manager):
        with pytest.raises(NotAllowed):
            actions.seal_incoming(by=by, at=now, subject_id=case_id)
    assert actions.seal_incoming(by=MACHINE, at=now, subject_id=case_id) == 2
    assert actions.seal_incoming(by=MACHINE, at=now, subject_id=case_id) == 0
    for row in (inside, outside, told):
        row.refresh_from_db()
    assert (inside.sealed, outside.sealed, told.sealed, told.sensitive) == (True, False, True, True)
    assert Line.objects.filter(kind="incoming.seal", subject_id=case_id).count() == 1
