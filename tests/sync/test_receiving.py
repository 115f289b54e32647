"""What is signed well is kept; what is not says so; nothing that was changed, cut, foreign or of another time harms anything."""

from __future__ import annotations

import dataclasses
import random
import zlib

import pytest

from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.lib.keys import ring
from simpul.sync.actions import opening, receiving
from simpul.sync.models import Envelope, Event, Task
from simpul.sync.queries import hello
from simpul.sync.rules import chain, clocks, heads, segments
from simpul.sync.rules.canonical import b64
from tests.cast import NOW
from tests.sync import talking, works
from tests.sync.phone import Closed, Phone, signed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]


@pytest.fixture
def here(db: None) -> works.Stage:
    return works.stage()


@pytest.fixture
def phone(here: works.Stage) -> Phone:
    return talking.phone_of(here)


def written(phone: Phone, here: works.Stage, count: int, each: int = 2) -> list[segments.Envelope]:
    """So many segments of visits."""
    home = here.home()
    for number in range(count * each):
        phone.act(
            "visit.record/1",
            lambda own: {"visit_id": own(0), "household_id": str(home.id), "outcome": "met"},
            subject=f"household:{home.id}",
        )
        if number % each == each - 1:
            phone.close()
    return [one.envelope for one in phone.epoch.closed]


def keep(*envelopes: segments.Envelope, road: str = "direct") -> list[str]:
    kept = receiving.keep_envelopes(by=MACHINE, at=NOW, envelopes=envelopes, road=road)
    return [one.state for one in kept.receipts]


def again(phone: Phone, one: segments.Envelope, **changed: object) -> segments.Envelope:
    """An envelope with something changed, signed by its device."""
    bare = dataclasses.replace(one, **changed)  # type: ignore[arg-type]
    return dataclasses.replace(bare, signature=signed(phone.vault.sign, bare.signed))


def test_envelopes_are_kept_once_in_any_order_and_reached_when_nothing_is_missing(
    here: works.Stage, phone: Phone
) -> None:
    one, two, three = written(phone, here, 3)
    assert keep(three, one, three) == ["stored", "stored", "stored"] and Envelope.objects.count() == 2
    assert hello.have(phone.vault.device, hello.edges_of(phone.vault.device)) == [
        [phone.epoch.name, 2, b64(one.head)]
    ]
    assert keep(two, one, road="bundle") == ["stored", "duplicate"]
    assert not Envelope.objects.filter(reached=False).exists()
    assert hello.have(phone.vault.device, hello.edges_of(phone.vault.device)) == [
        [phone.epoch.name, 6, b64(three.head)]
    ]
    opened = opening.open_envelopes(by=MACHINE, at=NOW)
    assert (opened.envelopes, opened.events, opened.broken) == (3, 6, 0)
    assert opening.open_envelopes(by=MACHINE, at=NOW).envelopes == 0
    assert not any(bytes(row.sealed) for row in Envelope.objects.all())
    assert Line.objects.filter(kind="envelopes.keep").count() == 2
    assert Line.objects.filter(kind="envelopes.open").count() == 1


def test_the_run_is_never_stored(here: works.Stage, phone: Phone) -> None:
    keep(*written(phone, here, 1))
    opening.open_envelopes(by=MACHINE, at=NOW)
    row = Event.objects.first()
    assert row is not None and bytes(row.salt) == chain.salt_of(phone.run, row.epoch, row.seq)
    stored = [bytes(value) for value in Event.objects.values_list("salt", flat=True)]
    assert phone.run not in stored and phone.run.hex() not in str(list(Event.objects.values()))


@pytest.mark.parametrize("part", ["sealed", "head", "prev", "first", "epoch", "signature"])
def test_what_was_changed_on_its_way_is_refused_and_named(here: works.Stage, phone: Phone, part: str) -> None:
    (one,) = written(phone, here, 1)
    other = {
        "sealed": one.sealed[:-1] + bytes([one.sealed[-1] ^ 1]),
        "head": bytes(32),
        "prev": bytes(32),
        "first": 7,
        "epoch": "00000000ff",
        "signature": bytes(64),
    }[part]
    assert keep(dataclasses.replace(one, **{part: other})) == ["refused"]  # type: ignore[arg-type]
    assert not Envelope.objects.exists()
    assert keep(one) == ["stored"]


def test_an_envelope_that_does_not_hold_what_it_says_is_kept_and_a_person_is_asked(
    here: works.Stage, phone: Phone
) -> None:
    one, two = written(phone, here, 2)
    broken = [
        again(phone, one, sealed=one.sealed[:-1] + bytes([one.sealed[-1] ^ 1])),
        again(phone, one, head=bytes(range(32))),
        again(phone, one, sealed=sealing.seal(ring().seal_public(), b"no segment", one.info)),
        again(phone, one, sealed=sealing.seal(ring().seal_public(), future(), one.info)),
    ]
    assert set(keep(*broken)) <= {"stored", "fork"}
    assert opening.open_envelopes(by=MACHINE, at=NOW).broken == 4
    assert sorted(Envelope.objects.values_list("fault", flat=True)) == [
        "future",
        "outside",
        "sealed",
        "truncated",
    ]
    assert Task.objects.filter(kind="broken", state="open").count() == 4
    assert all(bytes(row.sealed) for row in Envelope.objects.filter(state="broken"))
    keep(one, two)
    assert opening.open_envelopes(by=MACHINE, at=NOW).events == 4


def future() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(b'{"v":2}') + packer.flush()


def test_envelopes_of_others_are_not_ours(here: works.Stage, phone: Phone) -> None:
    (one,) = written(phone, here, 1)
    foreign = again(phone, one, key="ffffffff")
    unknown = dataclasses.replace(one, device=works.DEVICE)
    assert keep(foreign, unknown) == ["refused", "refused"]  # nothing stands above this server
    assert not Envelope.objects.exists()


def test_two_histories_under_one_name_are_both_kept_and_shown(here: works.Stage, phone: Phone) -> None:
    written(phone, here, 1)
    copy = phone.vault.copy()
    twin = Phone(copy, phone.wire, phone.clock, random.Random(3))
    home = here.home("Daeng Baso")
    for hand in (phone, twin):
        hand.act(
            "visit.record/1", lambda own: {"visit_id": own(0), "household_id": str(home.id), "outcome": "met"}
        )
        hand.close()
    mine, other = phone.epoch.closed[-1].envelope, twin.epoch.closed[-1].envelope
    assert keep(phone.epoch.closed[0].envelope, mine, other) == ["stored", "fork", "fork"]
    opening.open_envelopes(by=MACHINE, at=NOW)
    assert Event.objects.filter(seq=3).count() == 2 and Event.objects.filter(is_fork=True).count() == 1
    assert Task.objects.filter(kind="fork", state="open").count() == 1
    assert hello.forks(phone.vault.device) == [[phone.epoch.name, 3]]
    told = hello.have(phone.vault.device, hello.edges_of(phone.vault.device))
    assert sorted(line[2] for line in told) == sorted(b64(one.head) for one in (mine, other))


def test_a_history_cut_at_other_places_is_no_fork(here: works.Stage, phone: Phone) -> None:
    """A phone restored while its last segment was open closes it elsewhere: the same events, in other envelopes."""
    written(phone, here, 1, each=4)
    whole = phone.epoch.closed[0].envelope
    twin = Phone(phone.vault.copy(), phone.wire, phone.clock, random.Random(3))
    epoch = twin.epoch
    parts = [Closed(twin._sealed(epoch, epoch.events[:1])), Closed(twin._sealed(epoch, epoch.events[1:]))]
    first, rest = (one.envelope for one in parts)
    keep(whole)
    opening.open_envelopes(by=MACHINE, at=NOW)
    keep(first, rest)
    opening.open_envelopes(by=MACHINE, at=NOW)
    assert Event.objects.count() == 4 and not Event.objects.filter(is_fork=True).exists()
    assert not Task.objects.filter(kind="fork").exists()
    told = hello.have(
        phone.vault.device, hello.edges_of(phone.vault.device), [[epoch.name, 2, b64(epoch.hashes[1])]]
    )
    assert [epoch.name, 2, b64(epoch.hashes[1])] in told


def test_what_follows_on_the_middle_of_an_envelope_is_reached(here: works.Stage, phone: Phone) -> None:
    written(phone, here, 1, each=4)
    keep(phone.epoch.closed[0].envelope)
    opening.open_envelopes(by=MACHINE, at=NOW)
    rest = phone._sealed(phone.epoch, phone.epoch.events[2:])
    assert keep(rest) == ["stored"]
    assert Envelope.objects.get(first=3).reached


def test_only_the_machine_keeps_and_opens(here: works.Stage) -> None:
    with pytest.raises(NotAllowed):
        receiving.keep_envelopes(by=here.chief, at=NOW, envelopes=[])
    with pytest.raises(NotAllowed):
        opening.open_envelopes(by=here.chief, at=NOW)
    with pytest.raises(NotAllowed):
        opening.notice_gaps(by=here.chief, at=NOW)


def test_what_nothing_leads_to_is_asked_about_after_days_and_judged_when_a_person_says_so(
    here: works.Stage, phone: Phone
) -> None:
    _one, two = written(phone, here, 2)
    keep(two)
    assert opening.notice_gaps(by=MACHINE, at=NOW) == 0
    assert opening.notice_gaps(by=MACHINE, at=NOW + 4 * clocks.AHEAD) == 1
    assert opening.notice_gaps(by=MACHINE, at=NOW + 5 * clocks.AHEAD) == 1
    task = Task.objects.get()
    assert task.facts["why"] == "gap" and Line.objects.filter(kind="gaps.notice").count() == 1


# --- the rules ------------------------------------------------------------------------------------------------------


def test_reach_needs_a_path_from_the_beginning() -> None:
    begin, a, b, c = b"g", b"a", b"b", b"c"
    one, two, three = heads.Edge(1, 2, begin, a), heads.Edge(3, 4, a, b), heads.Edge(5, 6, b, c)
    assert heads.reached([three, two], {(0, begin)}) == set()
    assert heads.reached([three, one, two], {(0, begin)}) == {one, two, three}
    fork = heads.Edge(3, 5, a, b"x")
    assert heads.ends([one, two, three, fork]) == [(6, c), (5, b"x")]
    assert heads.forks([one, two, three, fork]) == [3]


def test_a_wrong_clock_is_put_right_as_far_as_is_known() -> None:
    now_ms = round(NOW.timestamp() * 1000)
    assert clocks.moment(now_ms - 60_000, 0, NOW) == NOW - clocks.timedelta(minutes=1)
    assert clocks.moment(now_ms + 3_600_000, 3_600_000, NOW) == NOW
    assert clocks.moment(now_ms + 3_600_000, None, NOW) == NOW
    assert clocks.moment(5, None, NOW) == NOW and clocks.is_wild(5, None, NOW)
    assert clocks.is_wild(chain.LARGEST_TIME, None, NOW) and not clocks.is_wild(now_ms, None, NOW)
    assert not clocks.is_wild(now_ms + 10**12, 10**12, NOW)
    assert clocks.moment(0, -(2**53), NOW) == NOW
