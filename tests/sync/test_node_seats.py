"""Events of a village node are judged as the seat that acted there, and a node speaks for seats of its own areas alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.people.models import Household
from simpul.sync.actions import judging, opening, receiving
from simpul.sync.models import Device, Event, ScopeGrant
from simpul.sync.rules import chain, segments
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.sync.bundle_parts import RUN, Phone

SOON = NOW + timedelta(minutes=1)


def node(cast: Cast) -> Phone:
    """A laptop of the village."""
    laptop = Phone()
    Device.objects.create(
        id=laptop.id, kind="node", desk=cast.desk("village"), label="Laptop Dungkait", areas=[DUNGKAIT],
        sign_algorithm="ed25519", sign_public=laptop.public, seal_public=sealing.public_of(laptop.seal),
        enrolled_at=NOW, enrolled_by="Uji", lease_until=NOW + timedelta(days=14),
    )  # fmt: skip
    return laptop


def send(laptop: Phone, kind: str, data: dict[str, Any], subject: str = "") -> Event:
    """One event on its way, opened and judged."""
    event = chain.make(
        device=laptop.id, epoch=laptop.epoch, seq=laptop.seq + 1,
        prev=laptop.head or chain.genesis(laptop.id, laptop.epoch), kind=kind,
        at=int(NOW.timestamp() * 1000), subject=subject, data=data, seen=None, run=RUN,
    )  # fmt: skip
    laptop.seq, laptop.head = event.seq, event.hash
    to = ring().seal_public()
    packed = segments.pack(segments.Segment(laptop.id, laptop.epoch, (event,), 0), [(1, RUN)])
    sealed = sealing.seal(to, packed, segments.info_of(laptop.id, laptop.epoch, event.seq, 1))
    bare = segments.Envelope(
        laptop.id, laptop.epoch, event.seq, 1, event.prev, event.hash, sealing.key_id(to), sealed, b""
    )
    signed = segments.Envelope(
        bare.device, bare.epoch, bare.first, 1, bare.prev, bare.head, bare.key, sealed, laptop.sign.sign(bare.signed)
    )  # fmt: skip
    receiving.keep_envelopes(by=MACHINE, at=SOON, envelopes=[signed])
    opening.open_envelopes(by=MACHINE, at=SOON)
    judging.judge_events(by=MACHINE, at=SOON, device_id=laptop.id)
    return Event.objects.get(device_id=laptop.id, seq=event.seq)


def opened(seat: Any, region: str = DUNGKAIT) -> dict[str, Any]:
    return {"household_id": str(uuid7()), "region": region, "name": "Rumah", "by.seat": str(seat)}


def test_the_seat_that_acted_is_the_author(cast: Cast) -> None:
    seat = cast.seats["village_officer"]
    found = send(node(cast), "household.open/1", opened(seat.id))
    assert (found.state, found.reason, found.words) == ("accepted", "", "")
    assert Household.objects.count() == 1
    line = Line.objects.get(kind="household.open")
    assert (line.seat_id, line.actor_name) == (seat.id, "Ilham Rasyid")


@pytest.mark.parametrize("who", ["neighbour", "nobody", "garbage"])
def test_a_seat_of_elsewhere_is_put_aside(cast: Cast, who: str) -> None:
    seat = {"neighbour": cast.seats["neighbour"].id, "nobody": uuid7(), "garbage": "x"}[who]
    found = send(node(cast), "household.open/1", opened(seat, BONTO_JAI))
    assert (found.state, found.reason) == ("quarantined", "seat")
    assert not Household.objects.exists()


def test_a_seat_that_is_over_is_looked_at(cast: Cast) -> None:
    seat = cast.seats["village_officer"]
    Seat.objects.filter(id=seat.id).update(
        from_at=NOW - timedelta(days=9), until_at=NOW + timedelta(seconds=30)
    )
    found = send(node(cast), "household.open/1", opened(seat.id))
    assert (found.state, found.reason) == ("flagged", "seat")


def test_a_note_is_kept_whoever_wrote_it(cast: Cast) -> None:
    data = {
        "line_id": str(uuid7()),
        "kind": "user.add",
        "region": DUNGKAIT,
        "told": "{}",
        "by.seat": str(uuid7()),
    }
    found = send(node(cast), "line.note/1", data)
    assert found.state == "accepted"
    assert found.facts["kind"] == "user.add"


def test_an_area_that_was_taken_away_counts_for_what_happened_before(cast: Cast) -> None:
    laptop = node(cast)
    Device.objects.filter(id=laptop.id).update(areas=[BONTO_JAI])
    grant = ScopeGrant.objects.create(
        device_id=laptop.id, version=1, areas=[DUNGKAIT], from_at=NOW - timedelta(days=9), until_at=SOON
    )
    seat = cast.seats["village_officer"]
    assert send(laptop, "household.open/1", opened(seat.id)).state == "accepted"
    ScopeGrant.objects.filter(id=grant.id).update(until_at=NOW - timedelta(days=1))
    found = send(laptop, "household.open/1", opened(seat.id))
    assert (found.state, found.reason) == ("quarantined", "seat")
