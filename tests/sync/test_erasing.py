"""An erasure reaches events and devices: bodies go, hashes stay, each device confirms once, and who has not is listed."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.lib.ids import uuid7
from simpul.people import actions as people_actions
from simpul.sync.actions import enrolling, erasing
from simpul.sync.models import (
    AwaitedFile,
    Blob,
    Device,
    Envelope,
    Erasure,
    ErasureReceipt,
    Event,
    ScopeGrant,
    Task,
)
from simpul.sync.queries import erasures
from simpul.sync.rules import chain
from simpul.upkeep.actions import erasing as upkeep_erasing
from simpul.upkeep.models import Tombstone
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.web.desk_pages import sit, words

EPOCH = "0123456789"


def device(cast: Cast, seat: str, *areas: str) -> Device:
    found = cast.seats[seat]
    made = Device.objects.create(
        kind="phone", seat=found, desk=found.desk, label=f"HP {seat}", areas=list(areas), sign_algorithm="ed25519",
        sign_public=secrets.token_bytes(32), seal_public=b"\x04" + secrets.token_bytes(64), enrolled_at=NOW,
        enrolled_by="uji", lease_until=NOW + timedelta(days=14),
    )  # fmt: skip
    ScopeGrant.objects.create(
        device=made, version=1, areas=list(areas) or [found.desk.region_code], from_at=NOW
    )
    return made


def event(owner: Device, seq: int, data: dict[str, Any], subject: str = "") -> Event:
    """An event as it is kept, and really chained."""
    before = Event.objects.filter(device=owner, seq=seq - 1).first()
    prev = bytes(before.hash) if before else chain.genesis(owner.id, EPOCH)
    made = chain.make(
        device=owner.id, epoch=EPOCH, seq=seq, prev=prev, kind="visit.record/1", at=1_790_000_000_000,
        subject=subject, data=data, seen=None, run=secrets.token_bytes(16),
    )  # fmt: skip
    envelope = Envelope.objects.create(
        device=owner, name=secrets.token_hex(32), epoch=EPOCH, first=seq, last=seq, prev=made.prev, head=made.hash,
        key="00000000", sealed=b"", signature=b"", road="direct", received_at=NOW, state="opened",
    )  # fmt: skip
    return Event.objects.create(
        device=owner, envelope=envelope, epoch=EPOCH, seq=seq, hash=made.hash, prev=made.prev, kind=made.kind,
        at_ms=made.at, subject=subject, body=json.dumps(made.body), body_hash=made.body_hash, salt=made.salt,
        received_at=NOW, state="accepted",
    )  # fmt: skip


def erased(person_id: UUID, region: str = BONTO_JAI) -> str:
    Tombstone.objects.create(
        subject_kind="person", subject_id=person_id, why="erased", region_code=region, at=NOW
    )
    return f"person:{person_id}"


def order() -> int:
    return erasing.order_erasures(by=MACHINE, at=NOW)


def test_the_body_goes_and_the_chain_still_verifies(cast: Cast) -> None:
    phone, person = device(cast, "neighbour"), uuid7()
    about = event(phone, 1, {"person_id": person.hex[-10:], "words": "Atap bocor"}, "household:1234567890")
    other = event(phone, 2, {"person_id": str(uuid7()), "words": "Sehat"})
    erased(person)
    assert order() == 1
    about.refresh_from_db()
    other.refresh_from_db()
    assert (about.body, bytes(about.salt)) == ("", b"") and about.erased_at == NOW and "Sehat" in other.body
    kept = chain.Event(
        phone.id,
        EPOCH,
        1,
        bytes(about.prev),
        about.kind,
        about.at_ms,
        about.subject,
        bytes(about.body_hash),
        None,
        b"",
    )
    assert kept.hash == bytes(about.hash) == bytes(other.prev)
    line = Line.objects.get(kind="erasures.order")
    assert line.facts["events"] == 1 and line.subject_id == person


def test_every_device_that_may_hold_a_copy_is_asked_once(cast: Cast) -> None:
    here = device(cast, "neighbour")
    moved = device(cast, "neighbour_coordinator", DUNGKAIT)
    ScopeGrant.objects.create(
        device=moved, version=0, areas=[BONTO_JAI], from_at=NOW - timedelta(days=90), until_at=NOW
    )
    elsewhere = device(cast, "village_officer")
    subject = erased(uuid7())
    assert (order(), order()) == (1, 0)
    assert [row[1] for row in erasures.orders_for(here.id)] == [subject]
    assert [row[1] for row in erasures.orders_for(moved.id)] == [subject], "what it once held counts"
    assert erasures.orders_for(elsewhere.id) == []


def test_a_device_confirms_once_and_who_has_not_is_listed(cast: Cast) -> None:
    first, second = device(cast, "neighbour"), device(cast, "neighbour_coordinator")
    erased(uuid7())
    order()
    key = Erasure.objects.get().id
    confirm = {"by": MACHINE, "at": NOW, "device_id": first.id, "erasure_ids": [key, uuid7()]}
    assert [erasing.confirm_erasures(**confirm), erasing.confirm_erasures(**confirm)] == [1, 0]
    assert Line.objects.filter(kind="erasures.confirm").count() == 1
    assert erasures.orders_for(first.id) == []
    standing = erasures.standings(cast.neighbour_manager)[0]
    assert (standing.asked, standing.done, standing.missing) == (2, 1, 1)
    assert [one.id for one in standing.owing] == [second.id]
    page = words(sit(cast, "neighbour_manager").get("/meja/perangkat/penghapusan/"))
    assert "HP neighbour_coordinator" in page and "1/2" in page
    assert "HP neighbour" not in words(sit(cast, "manager").get("/meja/perangkat/penghapusan/"))


def test_only_the_machine_orders_and_confirms(cast: Cast) -> None:
    for act in (
        lambda: erasing.order_erasures(by=cast.neighbour_manager, at=NOW),
        lambda: erasing.confirm_erasures(
            by=cast.neighbour_manager, at=NOW, device_id=uuid7(), erasure_ids=[]
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not ErasureReceipt.objects.exists()


def test_an_older_copy_brings_nobody_back(
    cast: Cast, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SIMPUL_DATA = tmp_path
    by = cast.neighbour_coordinator
    person = people_actions.register_person(
        by=by, at=NOW, full_name="Daeng Baji", region_code=BONTO_JAI
    ).person
    erased(person.id)
    with django_capture_on_commit_callbacks(execute=True):
        order()
    told = tmp_path / erasing.LIST
    told.write_text(told.read_text() + '{"subject": "per')  # the disk failed in the middle of a line
    Tombstone.objects.all().delete()  # what a restore of yesterday's copy does
    assert erasing.repeat_erasures(by=MACHINE, at=NOW) == 1
    person.refresh_from_db()
    assert person.erased_at is not None and "Baji" not in person.full_name
    assert Line.objects.filter(kind="erasure.repeat", subject_id=person.id).count() == 1
    assert erasing.repeat_erasures(by=MACHINE, at=NOW) == 0


def test_only_the_machine_repeats_erasures(cast: Cast) -> None:
    for act in (
        lambda: erasing.repeat_erasures(by=cast.neighbour_manager, at=NOW),
        lambda: upkeep_erasing.repeat_erasure(by=cast.neighbour_manager, at=NOW, person_id=uuid7()),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- pages of devices --------------------------------------------------------------------------------------------------


def test_a_supervisor_lets_a_phone_in_and_sees_the_code_once(cast: Cast) -> None:
    client = sit(cast, "neighbour_coordinator")
    assert "Belum ada HP" in words(client.get("/meja/perangkat/"))
    given = {"seat": str(cast.seats["neighbour"].id), "label": "Samsung biru"}
    page = client.post("/meja/perangkat/baru/", given)
    assert (
        page.status_code == 200 and "/lapangan/#daftar=" not in words(page) and b"device-qr" in page.content
    )
    assert Line.objects.filter(kind="device.invite").count() == 1


def test_the_page_of_a_phone_says_how_its_clock_stands(cast: Cast) -> None:
    phone = device(cast, "neighbour")
    page = words(sit(cast, "neighbour_coordinator").get(f"/meja/perangkat/{phone.id}/"))
    assert "sama dengan di sini" in page and "kanan" not in page


def test_a_lost_phone_is_locked_from_its_page(cast: Cast) -> None:
    phone = device(cast, "neighbour")
    client = sit(cast, "neighbour_coordinator")
    assert "HP neighbour" in words(client.get("/meja/perangkat/"))
    client.post(f"/meja/perangkat/{phone.id}/kunci/", {"why": "Jatuh di sungai."})
    phone.refresh_from_db()
    assert phone.state == "revoked"
    assert "Jatuh di sungai" in words(client.get(f"/meja/perangkat/{phone.id}/"))


def test_a_phone_is_given_other_villages_and_more_time(cast: Cast) -> None:
    phone = device(cast, "neighbour")
    client = sit(cast, "neighbour_coordinator")
    client.post(f"/meja/perangkat/{phone.id}/wilayah/", {"areas": [BONTO_JAI]})
    client.post(f"/meja/perangkat/{phone.id}/perpanjang/")
    phone.refresh_from_db()
    assert phone.areas == [BONTO_JAI] and phone.scope_version > 1
    assert phone.lease_until > NOW + enrolling.LEASE - timedelta(days=1)


def test_the_neighbour_sees_no_device_of_here(cast: Cast) -> None:
    phone = device(cast, "neighbour")
    client = sit(cast, "manager")
    assert "HP neighbour" not in words(client.get("/meja/perangkat/"))
    for path in ("", "kunci/", "wilayah/", "perpanjang/"):
        answer = (
            client.post(f"/meja/perangkat/{phone.id}/{path}")
            if path
            else client.get(f"/meja/perangkat/{phone.id}/")
        )
        assert answer.status_code == 404


def test_what_comes_after_an_erasure_is_emptied_when_it_was_decided_about(cast: Cast) -> None:
    """Written in the hills before the phone heard of it; its photo comes last of all, and is not kept."""
    phone = device(cast, "neighbour")
    person = uuid7()
    erased(person)
    order()
    late = event(phone, 1, {"person_ids": [str(person)], "words": "Sakit keras"})
    other = event(phone, 2, {"person_ids": [str(uuid7())], "words": "Sehat"})
    Event.objects.all().update(state="quarantined", reason="not_found", words="Tidak dikenal")
    for row in (late, other):
        Task.objects.create(kind="repair", event=row, device=phone, opened_at=NOW, facts={"x": 1})
    AwaitedFile.objects.create(
        device=phone, event=late, digest="a" * 64, kind="visit", key=uuid7(), asked_at=NOW
    )
    for row in Event.objects.all():
        erasing.empty_late(row, NOW)
    late.refresh_from_db()
    other.refresh_from_db()
    assert (late.body, late.words, late.state, late.erased_at) == ("", "", "erased", NOW)
    assert (other.state, "Sehat" in other.body) == ("quarantined", True)
    assert list(Task.objects.order_by("event__seq").values_list("state", "facts")) == [
        ("settled", {}),
        ("open", {"x": 1}),
    ]
    assert (Blob.objects.get().state, Blob.objects.get().fault) == ("refused", "erased")
    assert AwaitedFile.objects.get().fault == "erased"
