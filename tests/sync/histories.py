"""Random histories of three phones and one server, played against the real server, with what must hold whatever happens.

A phone writes while it has no network, sends part of it, loses answers, sends twice and in another order; its clock jumps between 1970 and
2036; it is restored from an old backup, and copied; the server is restored from its newest backup; a phone is locked. Then everybody talks
until nothing is left to say, and:

* nothing that left a phone is lost: what the server ever acknowledged is there, once;
* every act is there exactly once: one row for each visit that was not put aside;
* no value disappears unless somebody who had seen it replaced it;
* every chain verifies;
* all phones show the same.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from simpul.accounts.models import User
from simpul.desks.models import Seat
from simpul.lib.actor import MACHINE
from simpul.outreach.models import Visit
from simpul.people.models import Household, Observation
from simpul.people.rules.history import seen_of
from simpul.sync.actions import enrolling, generation, judging, opening
from simpul.sync.models import Device, Envelope, Event
from simpul.sync.queries import short, waiting
from simpul.sync.rules import chain
from tests.cast import NOW
from tests.sync import phone, talking, works

FIELDS = ("income_month", "farm_m2")
PARTS = ("walker", "chief", "second")
EVERYTHING = 10_000
LOOKED_AT = 3
"""In every third history all phones are looked at in the end: it takes as long as the rest."""
FINE = ("accepted", "conflict", "flagged")
COUNTED = {
    "histories": 0,
    "events": 0,
    "forks": 0,
    "restores": 0,
    "server_restores": 0,
    "revoked": 0,
}
"""What was played, for whoever wants to know how much that was."""


@dataclass
class Edit:
    """What somebody wrote into a field, and which values were before their eyes."""

    place: tuple[UUID, str]
    value: str
    seen: frozenset[str]


View = dict[tuple[UUID, str], frozenset[str]]


@dataclass
class Hand:
    """A phone in somebody's hand, what it shows, and the backups that were made of it."""

    phone: phone.Phone
    view: View = field(default_factory=dict)
    shift: int = 0  # of its clock, ms
    backups: list[tuple[phone.Vault, View]] = field(default_factory=list)
    lose: bool = False  # the next answer is lost

    def clock(self) -> int:
        """What this phone believes the time to be."""
        return talking.clock_now() + self.shift


@dataclass
class World:
    """The stage, built once: three people with a phone each, two households."""

    here: works.Stage
    homes: list[Household]
    vaults: list[phone.Vault]

    @classmethod
    def build(cls) -> World:
        """In the test's database."""
        here = works.stage()
        user = User.objects.create(username="s-second", full_name="Nur", password="!", created_at=NOW)
        walker = here.seats["walker"]
        here.seats["second"] = Seat.objects.create(user=user, desk=walker.desk, role=walker.role, from_at=NOW)
        homes = [here.home("Daeng Ngemba"), here.home("Daeng Baso")]
        cache.clear()
        phones = [talking.phone_of(here, part) for part in PARTS]
        for one in phones:
            one.hello()
            one.pull(*(str(home.id) for home in homes))
        return cls(here, homes, [_bare(one.vault) for one in phones])


def _bare(vault: phone.Vault) -> phone.Vault:
    vault.epochs = []
    return vault


class Histories(RuleBasedStateMachine):
    """Everything that may happen."""

    world: World  # set by the test

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.base = connection.savepoint() if connection.in_atomic_block else None
        self.chance = random.Random(20261125 + COUNTED["histories"])
        self.hands: list[Hand] = []
        self.edits: dict[bytes, Edit] = {}
        self.visits: dict[bytes, UUID] = {}
        self.written: dict[bytes, chain.Event] = {}
        self.left: set[bytes] = set()
        self.copies: list[str] = []
        self.counter = 1000
        COUNTED["histories"] += 1

    @initialize()
    def begin(self) -> None:
        """Everybody takes their phone."""
        for vault in self.world.vaults:
            self._take(vault.copy())

    def _take(self, vault: phone.Vault, view: View | None = None) -> Hand:
        hand = Hand(None)  # type: ignore[arg-type]
        hand.phone = phone.Phone(vault, self._wire(hand), hand.clock, self.chance)
        hand.view = dict(view or {})
        self.hands.append(hand)
        return hand

    def _wire(self, hand: Hand) -> phone.Wire:
        inside = talking.inside()

        def wire(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> phone.Answer:
            answer = inside(method, path, body, headers)
            if path in ("push", "carry") and answer.status == 200:
                self._note_left()
            if hand.lose:
                hand.lose = False
                raise phone.LostAnswer
            return answer

        return wire

    def _note_left(self) -> None:
        self.left |= {bytes(one) for one in Event.objects.values_list("hash", flat=True)}

    # --- what people do ---

    @rule(who=st.integers(0, 9), home=st.integers(0, 1), what=st.integers(0, 1))
    def edit(self, who: int, home: int, what: int) -> None:
        """Somebody writes a value that nobody has written before, over what their phone shows."""
        hand, house = self._hand(who), self.world.homes[home]
        self.counter += 1
        place, value = (house.id, FIELDS[what]), str(self.counter)
        shown = hand.view.get(place, frozenset())
        event = hand.phone.act(
            "household.change/1",
            {"household_id": str(house.id), f"f.{FIELDS[what]}": value},
            subject=f"household:{house.id}",
            seen={FIELDS[what]: seen_of(shown)},
        )
        self.written[event.hash] = event
        self.edits[event.hash] = Edit(place, value, shown)
        hand.view[place] = frozenset({value})

    @rule(who=st.integers(0, 9), home=st.integers(0, 1))
    def visit(self, who: int, home: int) -> None:
        """A fact."""
        hand, house = self._hand(who), self.world.homes[home]
        event = hand.phone.act(
            "visit.record/1",
            lambda own: {
                "visit_id": own(0),
                "household_id": str(house.id),
                "outcome": "met",
                "words": "Atap.",
            },
            subject=f"household:{house.id}",
        )
        self.written[event.hash] = event
        self.visits[event.hash] = UUID(event.data["visit_id"])

    @rule(who=st.integers(0, 9), first=st.integers(0, 1), visits=st.integers(0, 2), edits=st.integers(1, 3))
    def work(self, who: int, first: int, visits: int, edits: int) -> None:
        """Some of both, as on a walk."""
        for number in range(visits):
            self.visit(who=who, home=(first + number) % 2)
        for number in range(edits):
            self.edit(who=who, home=(first + number // 2) % 2, what=number % 2)

    @rule(who=st.integers(0, 9), edits=st.integers(1, 3), most=st.integers(0, 3))
    def work_and_sync(self, who: int, edits: int, most: int) -> None:
        """A walk that ends where there is a signal, for some seconds at least."""
        self.work(who=who, first=edits % 2, visits=1, edits=edits)
        hand = self._hand(who)
        if hand.phone.sync(most or None) and not most:
            self._look(hand)

    @rule(who=st.integers(0, 9), lost=st.booleans())
    def sync(self, who: int, lost: bool) -> None:
        """Talk with the server; the answer to the first request, or to the first push, may be lost."""
        hand = self._hand(who)
        hand.lose = lost
        if hand.phone.sync():
            self._look(hand)

    @rule(who=st.integers(0, 9))
    def lose_a_push(self, who: int) -> None:
        """Everything arrives, and the answer to the push does not."""
        hand = self._hand(who)
        told = hand.phone.hello()
        assert told is not None
        waiting_ones = hand.phone.unsent(told["have"])
        if waiting_ones:
            hand.lose = True
            with contextlib.suppress(phone.LostAnswer):
                hand.phone.push(waiting_ones, self._path(hand))

    @rule(who=st.integers(0, 9), most=st.integers(1, 2))
    def sync_a_part(self, who: int, most: int) -> None:
        """The link breaks after some envelopes."""
        self._hand(who).phone.sync(most)

    @rule(who=st.integers(0, 9), seed=st.integers(0, 5))
    def send_again_in_any_order(self, who: int, seed: int) -> None:
        """Everything the phone holds, sent or not, in another order, one by one, as carriers bring it."""
        hand = self._hand(who)
        hand.phone.close()
        held = [one.envelope for epoch in hand.phone.vault.epochs for one in epoch.closed]
        random.Random(seed).shuffle(held)
        for one in held[:6]:
            hand.phone.push([one], "carry")

    @rule(who=st.integers(0, 9))
    def look(self, who: int) -> None:
        """What the server shows comes down; what was written here and not sent stays on top."""
        self._look(self._hand(who))

    @rule(who=st.integers(0, 9), year=st.sampled_from((1970, 1999, 2019, 2025, 2026, 2027, 2036)))
    def jump(self, who: int, year: int) -> None:
        """The clock of a phone jumps."""
        now = timezone.now()
        self._hand(who).shift = round((now.replace(year=year, day=1) - now) / timedelta(milliseconds=1))

    @rule(who=st.integers(0, 9))
    def relock(self, who: int) -> None:
        """The phone is locked and unlocked: the segment closes, another run begins."""
        hand = self._hand(who)
        hand.phone.close()
        hand.phone.unlock()

    # --- what goes wrong ---

    @rule(who=st.integers(0, 9))
    def back_up_phone(self, who: int) -> None:
        """Someone copies the phone's storage away."""
        hand = self._hand(who)
        hand.backups.append((hand.phone.vault.copy(), dict(hand.view)))

    @rule(who=st.integers(0, 9))
    def restore_phone(self, who: int) -> None:
        """The phone wakes up as it was: it may write numbers again that it has used already."""
        hand = self._hand(who)
        if not hand.backups:
            return
        vault, view = hand.backups[-1]
        hand.phone.vault, hand.view = vault.copy(), dict(view)
        hand.phone.unlock()
        COUNTED["restores"] += 1

    @precondition(lambda self: len(self.hands) < 5)
    @rule(who=st.integers(0, 9))
    def clone_phone(self, who: int) -> None:
        """The same vault in two hands."""
        hand = self._hand(who)
        self._take(hand.phone.vault.copy(), hand.view)

    @precondition(lambda self: self.base is not None and len(self.copies) < 3)
    @rule()
    def back_up_server(self) -> None:
        """A verified copy: what is in it may be forgotten by the phones."""
        now = timezone.now()
        self.copies.append(connection.savepoint())
        generation.mark_backup(by=MACHINE, at=now, began_at=now + generation.MARGIN, name="uji")

    @precondition(lambda self: bool(self.copies))
    @rule(often=st.integers(0, 2))
    def restore_server(self, often: int) -> None:
        """The server is what it was at its newest copy: once in a while."""
        if often:
            return
        connection.savepoint_rollback(self.copies[-1])
        cache.clear()
        held = {
            one.event.hash for hand in self.hands for epoch in hand.phone.vault.epochs for one in epoch.events
        }
        here = {bytes(one) for one in Event.objects.values_list("hash", flat=True)}
        self.left &= (
            held | here
        )  # what the server lost and whose phone was set back as well is nowhere: nobody could keep it
        COUNTED["server_restores"] += 1

    @precondition(lambda self: not Device.objects.filter(state="revoked").exists())
    @rule(who=st.integers(0, 2), often=st.integers(0, 5))
    def revoke(self, who: int, often: int) -> None:
        """A phone is locked: once in a while."""
        if often == 0:
            enrolling.revoke_device(
                by=MACHINE, at=timezone.now(), device_id=self.world.vaults[who].device, why="hilang"
            )
            COUNTED["revoked"] += 1

    # --- what must hold ---

    def teardown(self) -> None:
        """Everybody talks until nothing is left to say, and then everything must hold."""
        try:
            if self.hands:
                self._settle()
                self._check()
        finally:
            if self.base is not None:
                connection.savepoint_rollback(self.base)

    def _settle(self) -> None:
        for hand in self.hands:
            hand.lose, hand.shift = False, 0
            hand.phone.sync(EVERYTHING)
        now = timezone.now() + timedelta(minutes=5)
        opening.open_envelopes(by=MACHINE, at=now)
        for device_id in waiting.to_judge(now):
            judging.judge_events(by=MACHINE, at=now, device_id=device_id)

    def _check(self) -> None:
        rows = list(Event.objects.select_related("device"))
        here = {bytes(row.hash): row for row in rows}
        COUNTED["events"] += len(rows)
        COUNTED["forks"] += sum(row.is_fork for row in rows)
        assert len(here) == len(rows), "an event is there twice"
        held = {
            one.event.hash for hand in self.hands for epoch in hand.phone.vault.epochs for one in epoch.events
        }
        assert self.left | held <= set(here), "an event that left a phone, or that a phone holds, is lost"
        assert not Envelope.objects.exclude(state="opened").exists(), "an envelope was not opened"
        reached = Event.objects.filter(envelope__reached=True)
        assert not reached.filter(state="stored").exists(), "an event was not judged"
        self._check_chains(rows)
        self._check_acts(here)
        self._check_values(here)
        if COUNTED["histories"] % LOOKED_AT == 0:
            self._check_phones()

    def _check_phones(self) -> None:
        """What every phone shows is what stands in the register: one value, or all that stand against each other."""
        stand = standing()
        for hand in self.hands:
            if hand.phone.locked_out:
                continue
            hand.phone.pull(*(str(home.id) for home in self.world.homes))
            rows = hand.phone.vault.rows["households"]
            for home in self.world.homes:
                row = rows[short.of(home.id)]
                for name in FIELDS:
                    shown = (
                        row.get("doubt", {}).get(name) or [row["f"][name]] if name in row.get("f", {}) else []
                    )
                    assert frozenset(shown) == stand.get((home.id, name), frozenset()), (name, shown)

    def _check_chains(self, rows: list[Event]) -> None:
        known: dict[tuple[UUID, str], set[bytes]] = defaultdict(set)
        for row in rows:
            known[(row.device_id, row.epoch)].add(bytes(row.hash))
        for row in rows:
            event = waiting.as_event(row)
            assert event.hash == bytes(row.hash) and event.is_whole(), "a chain does not verify"
            begins = chain.genesis(row.device_id, row.epoch)
            if row.envelope.reached:
                assert event.prev in known[(row.device_id, row.epoch)] | {begins}, "a chain has a gap"

    def _check_acts(self, here: Mapping[bytes, Event]) -> None:
        for digest, visit_id in self.visits.items():
            row = here.get(digest)
            if row is None:
                continue
            wanted = 1 if row.state in FINE else 0
            assert Visit.objects.filter(id=visit_id).count() == wanted, (row.state, row.reason)
            assert row.state in FINE or row.reason in ("revoked", "waits"), (row.state, row.reason)
        assert Visit.objects.count() == sum(
            here[digest].state in FINE for digest in self.visits if digest in here
        ), "a visit is there that nobody made"

    def _check_values(self, here: Mapping[bytes, Event]) -> None:
        done = [one for digest, one in self.edits.items() if digest in here and here[digest].state in FINE]
        stand = standing()
        replaced: dict[tuple[UUID, str], set[str]] = defaultdict(set)
        for one in done:
            replaced[one.place] |= one.seen
        for one in done:
            alive = one.value in stand.get(one.place, frozenset())
            assert alive or one.value in replaced[one.place], (
                f"{one} disappeared unseen; {stand.get(one.place)} stand"
            )

    # --- small things ---

    def _hand(self, who: int) -> Hand:
        return self.hands[who % len(self.hands)]

    def _path(self, hand: Hand) -> str:
        return "carry" if hand.phone.locked_out else "push"

    def _look(self, hand: Hand) -> None:
        shown = dict(standing())
        pending = {(line[0], line[1]) for line in hand.phone.open_outcomes()}
        for epoch in hand.phone.vault.epochs:
            for one in epoch.events:
                edit = self.edits.get(one.event.hash)
                if edit is not None and (epoch.name, one.event.seq) in pending:
                    shown[edit.place] = frozenset({edit.value})
        hand.view = shown


def standing() -> View:
    """What the register shows of each field: one value, or all that stand against each other."""
    found: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    torn: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    rows = Observation.objects.filter(field__in=FIELDS, state__in=("current", "conflict"))
    for row in rows:
        (torn if row.state == "conflict" else found)[(row.subject_id, row.field)].add(row.value)
    return {key: frozenset(torn.get(key) or found[key]) for key in {*found, *torn}}


def how_many() -> tuple[int, int]:
    """Histories and steps of each; more when the environment asks for a long run."""
    return int(os.environ.get("SIMPUL_HISTORIES", "40")), int(os.environ.get("SIMPUL_HISTORY_STEPS", "30"))


_Any = Any
