"""Long short messages: cut, joined in any order, with references that repeat; and the way a message takes with two SIMs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.messages import actions, transports
from simpul.messages.models import Correspondent, Delivery, Gateway, Incoming
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import short_length
from simpul.messages.transports import gammu, shortparts
from simpul.messages.transports.incoming import Part

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SIGNS = st.text(st.sampled_from("aZ é€{}[]^\\~|\n😀ŋ中‍"), max_size=400)


@given(SIGNS)
def test_no_sign_is_torn_and_no_part_is_too_long(text: str) -> None:
    cut = shortparts.cut(text)
    assert "".join(cut.parts) == text
    most = (160, 153) if cut.alphabet == "gsm" else (140, 134)
    for part in cut.parts:
        raw = shortparts.encode(part, cut.alphabet)
        assert len(raw) <= most[len(cut.parts) > 1]
        back = shortparts.decode_gsm(raw) if cut.alphabet == "gsm" else raw.decode("utf-16-be")
        assert back == part
    counted = short_length(text)
    assert counted.alphabet == cut.alphabet
    assert counted.parts <= len(cut.parts) <= counted.parts + 1 + counted.parts // 60


@given(st.integers(0, 255), st.integers(1, 255), st.data())
def test_a_header_says_what_was_put_into_it(reference: int, total: int, data: Any) -> None:
    number = data.draw(st.integers(1, total))
    udh = shortparts.header(reference, total, number)
    assert shortparts.part_of(udh) == Part(f"0-{reference}", total, number)
    wide = bytes([6, 8, 4, reference, reference, total, number])
    assert shortparts.part_of(wide) == Part(f"8-{reference * 257}", total, number)
    beside = bytes([len(udh) + 3, 5, 2, 0, 0]) + udh[1:]  # an element of another kind before it
    assert shortparts.part_of(bytes([len(beside) - 1]) + beside[1:]) == Part(f"0-{reference}", total, number)


@given(st.binary(max_size=40))
def test_no_header_raises(udh: bytes) -> None:
    part = shortparts.part_of(udh)
    assert part is None or 1 <= part.number <= part.total <= 255
    shortparts.decode_gsm(udh)


# --- joining --------------------------------------------------------------------------------------------------------


@pytest.fixture
def gateway(hamlet: Any, now: datetime) -> Gateway:
    desk = Desk.objects.create(code="pusat", name="Pusat", kind="centre", opened_at=now)
    return actions.add_gateway(
        by=MACHINE, at=now, code="sim1", kind="gammu", name="Modem", desk_id=desk.id, region_code="7602132001",
        settings={"database": "/nowhere", "zone": "UTC"},
    )  # fmt: skip


def row(gateway: Gateway, id_: int, text: str, udh: bytes, sent: datetime, received: datetime) -> None:
    """One row of a modem, kept and read."""
    columns = dict.fromkeys(gammu._INBOX, "") | {
        "ID": id_, "ReceivingDateTime": f"{sent:%Y-%m-%d %H:%M:%S}", "SenderNumber": "+6281234567890",
        "Coding": "Default_No_Compression", "UDH": udh.hex(), "TextDecoded": text,
    }  # fmt: skip
    request = gammu._request("inbox", list(columns), list(columns.values()))
    setup = transports.Setup("sim1", "gammu", "sms")
    stored = actions.store_delivery(
        by=MACHINE, at=received, gateway_id=gateway.id, request=request, verdict=transports.Verdict(ok=True),
        repeat_key=gammu.repeat_key(setup, request),
    )  # fmt: skip
    if stored.again:  # read it a second time all the same, as after a fault
        Delivery.objects.filter(id=stored.delivery.id).update(state="stored", tries=0, next_try_at=received)
    actions.read_delivery(by=MACHINE, at=received, delivery_id=stored.delivery.id)


def forget() -> None:
    Incoming.objects.all().delete()
    Delivery.objects.all().delete()
    Correspondent.objects.all().delete()


@dataclass(frozen=True)
class Long:
    """A message of several parts; two of them may bear the same reference when hours lie between."""

    texts: tuple[str, ...]
    hour: int


longs = st.builds(
    Long,
    st.lists(st.sampled_from(["a", "b", "c", "ya "]), min_size=2, max_size=4).map(tuple),
    st.integers(0, 9),
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(longs, min_size=1, max_size=3, unique_by=lambda one: one.hour),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_parts_in_any_order_with_one_reference_become_their_messages(
    gateway: Gateway, messages: list[Long], chance: Any, twice: bool
) -> None:
    forget()
    parts = []
    for place, message in enumerate(messages):
        for number, text in enumerate(message.texts, start=1):
            sent = AT + timedelta(hours=message.hour, seconds=4 * number)
            udh = shortparts.header(7, len(message.texts), number)
            parts.append((10 * place + number, text, udh, sent))
    parts = parts * 2 if twice else parts
    chance.shuffle(parts)
    for id_, text, udh, sent in parts:
        row(gateway, id_, text, udh, sent, AT + timedelta(hours=10))
    found = list(Incoming.objects.all())
    assert sorted(one.text for one in found) == sorted("".join(one.texts).strip() for one in messages)
    assert {one.state for one in found} == {"new"}
    assert Correspondent.objects.count() == 1


@pytest.mark.django_db
def test_a_part_that_the_network_brings_twice_is_one_part(gateway: Gateway) -> None:
    header = shortparts.header
    row(gateway, 1, "satu ", header(9, 2, 1), AT, AT)
    row(gateway, 2, "satu ", header(9, 2, 1), AT + timedelta(seconds=90), AT)
    row(gateway, 3, "dua", header(9, 2, 2), AT, AT)
    row(gateway, 4, "dua", header(9, 2, 2), AT + timedelta(seconds=90), AT)
    assert [one.text for one in Incoming.objects.all()] == ["satu dua"]


@pytest.mark.django_db
def test_the_same_long_message_sent_again_is_a_message_of_its_own(gateway: Gateway) -> None:
    for place, later in enumerate((timedelta(), timedelta(hours=2))):
        for number, text in ((1, "satu "), (2, "dua")):
            udh = shortparts.header(9, 2, number)
            row(gateway, 10 * place + number, text, udh, AT + later, AT + later)
    assert [one.text for one in Incoming.objects.all()] == ["satu dua", "satu dua"]


@pytest.mark.django_db
def test_a_part_that_never_comes_leaves_a_mark_and_one_that_is_late_fills_it(gateway: Gateway) -> None:
    row(gateway, 1, "awal", shortparts.header(3, 3, 1), AT, AT)
    row(gateway, 3, "akhir", shortparts.header(3, 3, 3), AT, AT)
    waiting = Incoming.objects.get()
    assert (waiting.state, waiting.text) == ("parts", "awal […] akhir")
    Incoming.objects.update(state="open")  # a person looks at it
    row(
        gateway, 2, "tengah ", shortparts.header(3, 3, 2), AT + timedelta(seconds=8), AT + timedelta(hours=20)
    )
    seen = Incoming.objects.get()
    assert (seen.state, seen.text, seen.hear_tries) == ("new", "awaltengah akhir", 1), "it is looked at again"


@pytest.mark.django_db
def test_a_part_that_comes_after_its_message_was_settled_is_a_message_that_somebody_reads(
    gateway: Gateway,
) -> None:
    row(gateway, 1, "awal", shortparts.header(3, 2, 1), AT, AT)
    Incoming.objects.update(state="settled", outcome="case")
    late = AT + timedelta(hours=1)
    for _again in range(2):
        row(gateway, 2, "akhir", shortparts.header(3, 2, 2), AT + timedelta(seconds=4), late)
    texts = dict(Incoming.objects.values_list("state", "text"))
    assert texts == {"settled": "awal […]", "parts": "[…] akhir"}


@pytest.mark.django_db
def test_parts_of_two_people_are_never_joined(gateway: Gateway, hamlet: Any) -> None:
    row(gateway, 1, "satu", shortparts.header(5, 2, 1), AT, AT)
    Correspondent.objects.update(address="+6281200000000")
    row(gateway, 2, "dua", shortparts.header(5, 2, 2), AT, AT)
    assert {one.state for one in Incoming.objects.all()} == {"parts"}
    assert Incoming.objects.count() == 2


# --- two SIMs -------------------------------------------------------------------------------------------------------


@dataclass
class Sim:
    """What the choice reads of a gateway."""

    code: str
    prefixes: str
    rank: int
    down_since_at: datetime | None
    retry_at: datetime | None
    is_active: bool
    sends: bool
    road: str


past = st.integers(0, 4000).map(lambda ago: AT - timedelta(minutes=ago))
around = st.integers(-30, 30).map(lambda on: AT + timedelta(minutes=on))
sims = st.lists(
    st.builds(
        Sim, st.sampled_from(["tsel", "isat", "xl"]), st.sampled_from(["62811,62812", "62814, +62815", ""]),
        st.integers(0, 3), st.none() | past, around, st.booleans(), st.booleans(), st.sampled_from(["sms", "whatsapp"]),
    ),
    max_size=4, unique_by=lambda sim: sim.code,
)  # fmt: skip
numbers = st.sampled_from(["+6281234567890", "+6281512345678", "1708"])


@given(sims, numbers)
def test_the_way_of_a_message_may_be_tried_fits_and_is_cheapest(found: list[Sim], number: str) -> None:
    ways = gateway_rules.ways(found, road="sms", address=number, at=AT)
    usable = [sim for sim in found if sim.road == "sms" and sim.is_active and sim.sends]
    resting = [
        sim
        for sim in usable
        if sim.down_since_at is not None and sim.retry_at is not None and sim.retry_at > AT
    ]
    assert {way.code for way in ways} == {sim.code for sim in usable} - {sim.code for sim in resting}
    if ways:
        fitting = [way for way in ways if gateway_rules.fits(way, number)]
        assert ways[0].rank == min(way.rank for way in (fitting or ways))
        assert not fitting or gateway_rules.fits(ways[0], number)
    assert gateway_rules.ways(reversed(found), road="sms", address=number, at=AT) == ways


@given(st.integers(0, 6000))
def test_a_gateway_that_is_down_is_tried_again_within_half_an_hour(minutes_down: int) -> None:
    since = AT - timedelta(minutes=minutes_down)
    wait = gateway_rules.next_careful_try(since, AT) - AT
    assert timedelta(minutes=1) <= wait <= timedelta(minutes=30)
