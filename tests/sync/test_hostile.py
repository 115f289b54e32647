"""What a device or a carrier may not do: stop the others, fill the memory, act where it never was."""

from __future__ import annotations

import json
import zlib
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from simpul.cases.models import Kind
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.keys import ring
from simpul.outreach.models import Visit
from simpul.people.models import Household
from simpul.sync import access
from simpul.sync.actions import judging, opening, receiving, settling
from simpul.sync.models import Envelope, Event, Task
from simpul.sync.queries import waiting, watching
from simpul.sync.rules import chain, segments
from simpul.sync.rules.canonical import b64
from tests.cast import DUNGKAIT
from tests.sync import talking, works
from tests.sync.phone import Phone, signed
from tests.web.desk_pages import BACKEND, words

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]
RUN = bytes(range(16))


@pytest.fixture
def here(db: None) -> works.Stage:
    cache.clear()
    return works.stage()


@pytest.fixture
def phone(here: works.Stage) -> Phone:
    return talking.phone_of(here)


def document(phone: Phone, **other: Any) -> dict[str, Any]:
    """The inside of a segment with one event, as somebody writes it who keeps to no rules."""
    return {
        "v": 1, "d": str(phone.vault.device), "e": "00000000ab", "a": 1,
        "p": b64(chain.genesis(phone.vault.device, "00000000ab")), "o": 0, "r": [[1, b64(RUN)]],
        "k": ["visit.record/1"], "i": [[0, 1]], "t": [1_790_000_000_000], "c": [{"u": [""]}],
    } | other  # fmt: skip


def packed(said: dict[str, Any]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(json.dumps(said).encode()) + packer.flush()


def sent(phone: Phone, inside: bytes, count: int = 1) -> segments.Envelope:
    """The inside as an envelope that is signed well."""
    device, epoch = phone.vault.device, "00000000ab"
    to = ring().seal_public()
    sealed = sealing.seal(to, inside, segments.info_of(device, epoch, 1, count))
    try:
        head = segments.unpack(inside).head
    except segments.SegmentUnreadable:
        head = bytes(32)
    bare = segments.Envelope(
        device, epoch, 1, count, chain.genesis(device, epoch), head, sealing.key_id(to), sealed, bytes(64)
    )
    return segments.Envelope(
        device, epoch, 1, count, bare.prev, head, bare.key, sealed, signed(phone.vault.sign, bare.signed)
    )


@pytest.mark.parametrize(
    "other",
    [
        {"i": [[0, 10**12]]},
        {"i": [[0, -1], [0, 2]]},
        {"i": [[0, True]]},
        {"c": [{"u": ["household:\x00"]}]},
        {"c": [{"u": [""], "d:text": {"=": "a" * 200_000}}], "i": [[0, 50]], "t": [1] * 50, "r": [[1, b64(RUN)]]},
    ],
    ids=["a billion", "less than nothing", "yes", "a sign no table takes", "one value for fifty"],
)  # fmt: skip
def test_a_segment_that_would_be_larger_than_it_looks_is_broken(phone: Phone, other: dict[str, Any]) -> None:
    said = document(phone, **other)
    if len(said["t"]) == 50:
        said["c"][0]["u"] = {"=": ""}
    with pytest.raises(segments.SegmentUnreadable) as fault:
        segments.unpack(packed(said))
    assert fault.value.reason == "broken"


@pytest.mark.parametrize("key", ["\ud800aaaaaaa", "ABCDEF01", ["a"] * 8])
def test_a_header_that_cannot_be_named_is_broken(phone: Phone, key: Any) -> None:
    framed = segments.write([sent(phone, packed(document(phone)))])
    length = int.from_bytes(framed[5:9], "big")
    header = json.dumps(json.loads(framed[9 : 9 + length]) | {"k": key}).encode()
    for spelled in (header, b"[" * 3_000):
        with pytest.raises(segments.SegmentUnreadable):
            segments.read(b"SMPL1" + len(spelled).to_bytes(4, "big") + spelled + framed[9 + length :])


def test_an_envelope_that_cannot_be_stored_is_put_aside_and_stops_nobody(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    bad = sent(phone, packed(document(phone)))
    phone.act("visit.record/1", {"outcome": "met"})
    phone.close()
    good = phone.epoch.closed[0].envelope
    receiving.keep_envelopes(by=MACHINE, at=now, envelopes=[bad, good])
    insert = opening.bulk.insert_many

    def fails(model: Any, names: Any, rows: Any) -> None:
        if any(row[3] == "00000000ab" for row in rows):
            raise ValueError("the database does not take this")
        insert(model, names, rows)

    monkeypatch.setattr(opening.bulk, "insert_many", fails)
    found = opening.open_envelopes(by=MACHINE, at=now)
    assert (found.events, found.broken) == (1, 1)
    assert Event.objects.get().epoch == phone.epoch.name
    broken = Envelope.objects.get(state="broken")
    assert (broken.name, broken.fault) == (bad.name, "fault ValueError")
    assert Task.objects.get(kind="broken").facts["why"] == "fault ValueError"
    assert opening.open_envelopes(by=MACHINE, at=now).envelopes == 0


def test_what_moved_away_opens_nothing_else_where_it_went(here: works.Stage, phone: Phone) -> None:
    """A device says of which household an entry is; the inputs name another, that it never had."""
    moved = here.home("Daeng Tompo")
    phone.sync()
    works.people_actions.change_household(
        by=here.walker, at=timezone.now(), household_id=moved.id, changes={"name": "Tompo"}
    )
    Household.objects.filter(id=moved.id).update(region_code=DUNGKAIT)
    strange = here.home("Orang Dungkait", region=DUNGKAIT)
    phone.act(
        "visit.record/1",
        lambda own: {"visit_id": own(0), "household_id": str(strange.id), "outcome": "met"},
        subject=f"household:{moved.id}",
    )
    phone.act(
        "case.note/1",
        lambda own: {"note_id": own(0), "case_id": str(uuid4()), "text": "x"},
        subject=f"household:{moved.id}",
    )
    phone.act(
        "visit.record/1",
        lambda own: {"visit_id": own(0), "household_id": str(moved.id), "outcome": "met"},
        subject=f"household:{moved.id}",
    )
    phone.sync()
    states = [(row.state, row.reason) for row in Event.objects.order_by("seq")]
    assert states == [("quarantined", "moved"), ("quarantined", "moved"), ("flagged", "moved")]
    assert list(Visit.objects.values_list("household_id", flat=True)) == [moved.id]
    phone.act(
        "household.change/1",
        {"household_id": str(moved.id), "f.meals_per_day": "1"},
        subject=f"household:{moved.id}",
        seen={"meals_per_day": "00000000"},
    )
    works.people_actions.change_household(
        by=here.stranger, at=timezone.now(), household_id=moved.id, changes={"meals_per_day": 3}
    )
    phone.sync()
    last = Event.objects.order_by("seq").last()
    assert last is not None and (last.state, last.reason, last.facts) == ("flagged", "moved", {})
    assert Task.objects.filter(event=last, kind="conflict").exists(), "who may see both values decides"


def test_sensitive_feedback_that_is_put_aside_is_not_read(here: works.Stage) -> None:
    row = Event(kind="feedback.record/1", body='{"d": {"text": "x", "sensitive": true}}')
    assert not access.reads(here.chief, row)
    row.body = '{"d": {"text": "x"}}'
    assert access.reads(here.chief, row)


def put_aside(here: works.Stage, kind: str) -> Task:
    """A matter that could not be taken in: its village is none."""
    phone = talking.phone_of(here)
    phone.act(
        "case.open/1",
        lambda own: {
            "case_id": own(0),
            "kind": kind,
            "region": "nowhere",
            "text": "Saya dipukul oleh suami.",
        },
    )
    phone.sync()
    return Task.objects.get(kind="repair")


def test_a_protected_matter_that_is_put_aside_is_read_by_nobody_and_cannot_disappear(
    here: works.Stage,
) -> None:
    sealed = Kind.objects.filter(sensitivity="sealed").values_list("code", flat=True)[0]
    task = put_aside(here, sealed)
    found = watching.question(here.chief, task.id)
    assert found.protected and found.inputs == {}
    with pytest.raises(settling.EntryProtected):
        settling.settle_question(
            by=here.chief, at=timezone.now(), task_id=task.id, decision="set_aside", words="Bukan."
        )
    client = Client()
    client.force_login(here.seats["chief"].user, backend=BACKEND)
    session = client.session
    session["seat"] = str(here.seats["chief"].id)
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa"}]
    session.save()
    with override_settings(ROOT_URLCONF="simpul.urls"):
        page = words(client.get(reverse("desk_repair", args=[task.id])))
    assert "dipukul" not in page and "perkara yang dilindungi" in page


def test_an_ordinary_entry_is_read_and_its_question_settles_it(here: works.Stage) -> None:
    ordinary = Kind.objects.filter(sensitivity="normal", is_active=True).values_list("code", flat=True)[0]
    task = put_aside(here, ordinary)
    assert watching.question(here.chief, task.id).inputs["text"]
    with pytest.raises(settling.DecisionUnknown):
        settling.settle_question(by=here.chief, at=timezone.now(), task_id=task.id, decision="seen")
    done = settling.settle_question(
        by=here.chief, at=timezone.now(), task_id=task.id, decision="set_aside", words="Desa salah."
    )
    row = Event.objects.get()
    assert done.state == "settled" and row.settled_at is not None and row.settled_words == "Desa salah."


def test_however_many_wait_at_the_front_what_is_behind_them_is_judged(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PAGE", 2)
    for _turn in range(5):
        phone.act("visit.dream/1", {})
    home = here.home()
    for _turn in range(3):
        phone.act(
            "visit.record/1",
            lambda own: {"visit_id": own(0), "household_id": str(home.id), "outcome": "met"},
            subject=f"household:{home.id}",
        )
    phone.close()
    now = timezone.now()
    receiving.keep_envelopes(by=MACHINE, at=now, envelopes=[one.envelope for one in phone.epoch.closed])
    opening.open_envelopes(by=MACHINE, at=now)
    judging.judge_events(by=MACHINE, at=now, device_id=phone.vault.device, limit=7)
    judging.judge_events(by=MACHINE, at=now, device_id=phone.vault.device, limit=2)
    states = list(Event.objects.order_by("seq").values_list("state", flat=True))
    assert states == ["held"] * 5 + ["accepted"] * 3
