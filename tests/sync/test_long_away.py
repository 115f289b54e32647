"""A phone that was in the hills for 180 days, and a feed that eight writers write into at once."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from simpul.jobs import syncing
from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE
from simpul.outreach.models import Visit
from simpul.people import actions as people_actions
from simpul.people.models import Household
from simpul.sync import handlers
from simpul.sync.actions import enrolling
from simpul.sync.models import Device
from simpul.sync.queries import devices, projection, short
from simpul.sync.rules import columns
from tests.sync import talking, works

AWAY = timedelta(days=180)


@pytest.mark.django_db
@pytest.mark.urls("tests.sync.urls")
def test_a_phone_that_was_away_for_half_a_year_brings_everything_and_gets_everything() -> None:
    cache.clear()
    here = works.stage()
    home, other = here.home(), here.home("Daeng Baso")
    phone = talking.phone_of(here)
    phone.hello()
    phone.pull()
    back = round(AWAY / timedelta(milliseconds=1))
    phone.clock = lambda: talking.clock_now() - back
    for number in range(120):
        phone.act(
            "visit.record/1",
            lambda own: {
                "visit_id": own(0),
                "household_id": str(home.id),
                "outcome": "met",
                "words": "Atap.",
            },
            subject=f"household:{home.id}",
        )
        if number % 40 == 0:
            phone.unlock()
    phone.close()
    Device.objects.update(
        lease_until=timezone.now() - timedelta(days=160), last_seen_at=timezone.now() - AWAY
    )
    enrolling.change_scope(
        by=here.chief, at=timezone.now(), device_id=phone.vault.device, areas=[home.region_code]
    )
    Household.objects.filter(id=other.id).update(name="Daeng Baso Tua")
    journal_actions.record(
        by=MACHINE, at=timezone.now(), kind="household.change", subject_kind="household", subject_id=other.id,
        region_code=other.region_code,
    )  # fmt: skip
    phone.clock = talking.clock_now
    assert phone.sync()
    assert syncing.turn(timezone.now())[1] == []  # more than a push does at once
    assert phone.sync()
    assert {line[3] for line in phone.vault.outcomes.values()} == {"accepted"}
    old = Visit.objects.filter(visited_at__lt=timezone.now() - AWAY + timedelta(days=1))
    assert old.count() == 120 and not phone.locked_out and phone.vault.scope_version == 2
    phone.pull()
    assert phone.vault.rows["households"][short.of(other.id)]["name"] == "Daeng Baso Tua"
    assert Device.objects.get().lease_until > timezone.now()


def test_the_first_version_of_every_kind_is_still_taken() -> None:
    """As long as a device may have been away; the first half year of this service is not over."""
    assert all(version == 1 for version in handlers.oldest().values())


WRITERS = 8
EACH = 12


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_pull_beside_eight_writers_misses_nothing() -> None:
    cache.clear()
    here = works.stage()
    homes = [here.home(f"Daeng {number}") for number in range(WRITERS)]
    device = _device(here)
    seen: dict[str, str] = {}
    cursor = projection.newest_position() or 1
    stop = threading.Event()
    threads = [
        threading.Thread(target=_write, args=(here, home.id, number)) for number, home in enumerate(homes)
    ]
    sealer = threading.Thread(target=_seal, args=(stop,))
    for thread in (*threads, sealer):
        thread.start()
    while any(thread.is_alive() for thread in threads):
        cursor = _pull(device, cursor, seen)
    stop.set()
    sealer.join()
    journal_actions.seal_journal(by=MACHINE, at=timezone.now())
    for _time in range(20):
        cursor = _pull(device, cursor, seen)
    assert seen == {short.of(home.id): str(number * 1000 + EACH - 1) for number, home in enumerate(homes)}
    assert cursor == projection.newest_position()


def _device(here: works.Stage) -> devices.Row:
    made = talking.phone_of(here)
    found = devices.device(made.vault.device)
    assert found is not None
    return found


def _write(here: works.Stage, home: UUID, number: int) -> None:
    """One writer: an edit after the other, each in a transaction that lasts for a while."""
    chance = random.Random(number)
    try:
        for turn in range(EACH):
            people_actions.change_household(
                by=here.chief,
                at=timezone.now(),
                household_id=home,
                changes={"farm_m2": number * 1000 + turn},
                said=people_actions.Said("visit", timezone.now().date(), "", "Nurhayati"),
            )
            threading.Event().wait(chance.random() / 50)
    finally:
        connection.close()


def _seal(stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            journal_actions.seal_journal(by=MACHINE, at=timezone.now())
            stop.wait(0.02)
    finally:
        connection.close()


def _pull(device: devices.Row, cursor: int, seen: dict[str, str]) -> int:
    told = projection.changes(device, cursor, 7, own_digest="")
    table = told["tables"].get("households", {"n": 0, "c": {}})
    for row in columns.rows_of(table["c"], table["n"]):
        if "farm_m2" in row.get("f", {}):
            seen[row["id"]] = row["f"]["farm_m2"]
    return int(told["cursor"])
