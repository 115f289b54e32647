"""The rows of invented matters as the acts would have left them: chain, hops, clocks, lines, messages, words, publications.

Seven of ten are closed, three of twenty answered, three of twenty open (most of these young). Times run from the oldest to now, so
that keys grow with time as they do in life.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simpul.cli.bench.bulk import Table
from simpul.cli.bench.words import Vocabulary
from simpul.lib import ids

DAYS = 1000
PREFIX = "SPL"
KINDS = {
    "complaint": 30, "complaint_light": 8, "aid_complaint": 14, "information": 10, "aspiration": 5, "idea": 3, "social_problem": 12,
    "kis_reactivation": 6, "letter_request": 5, "dispute": 2, "spm_request": 2, "ppid_request": 1, "rights_request": 1,
    "complaint_oversight": 1, "protected_report": 0.5,
}  # fmt: skip
CHANNELS = {"web": 40, "desk": 25, "phone": 15, "whatsapp": 12, "sms": 5, "paper": 3}
OPEN_STATES = {"new": 25, "working": 45, "offered": 15, "waiting": 10, "handed_in": 5}


@dataclass
class House:
    """What the matters stand on: keys as 32 hex digits."""

    regions: dict[str, list[str]]  # regency: its villages
    names: dict[str, str]  # village: its name
    desks: dict[str, dict[str, str]]  # regency: {"centre": key, "pokja-1": key, ..., "protected": key}
    partner: str
    seats: dict[str, str]  # desk: a seat of it
    users: dict[str, str]  # desk: a user of it
    restricted: frozenset[str]
    groups: dict[str, str]  # kind: its group
    decisions: dict[str, str]  # kind: a favourable decision


@dataclass
class Matter:
    """One matter while its rows are made."""

    key: str
    number: str
    kind: str
    regency: str
    village: str
    received: datetime
    centre: str
    holder: str
    acting: str
    state: str
    sensitivity: str
    channel: str
    answered: datetime | None
    closed: datetime | None
    title: str = ""
    text: str = ""
    stems: str = ""
    person: str | None = None
    name: str = ""


@dataclass
class Tables:
    """Every table that is filled."""

    person: Table = field(
        default_factory=lambda: Table("people.Person", "id full_name name_key region_code registered_at")
    )
    contact: Table = field(
        default_factory=lambda: Table(
            "people.Contact",
            "id person_id as_typed address",
            channel="phone",
            safe_to_call=True,
            safe_to_write=True,
        )
    )
    case: Table = field(
        default_factory=lambda: Table(
            "cases.Case",
            "id number receipt_index kind_id state is_open decision title text region_code channel mode reporter_id "
            "received_at recorded_at changed_at sensitivity holder_id acting_id first_desk_id seat_id handler_name "
            "due_at turn_due_at first_disposed_at first_answered_at hours_to_answer answered_at closed_at rating outside_hours",
            kind_version=1,
        )
    )
    chain: Table = field(default_factory=lambda: Table("cases.CaseDesk", "case_id desk_id since_at"))
    words: Table = field(default_factory=lambda: Table("cases.CaseWords", "case_id words"))
    hop: Table = field(
        default_factory=lambda: Table(
            "cases.Hop",
            "id case_id position from_desk_id to_desk_id state sent_at accepted_at ended_at",
            sent_by="Petugas",
            note="Mohon ditindaklanjuti.",
        )
    )
    clock: Table = field(
        default_factory=lambda: Table(
            "cases.Clock",
            "id case_id desk_id key amount started_at due_at stopped_at raise_at",
            unit="working_days",
            rule_version="kind/1",
            source="Permenpan RB 62/2018",
        )
    )
    answer: Table = field(
        default_factory=lambda: Table(
            "cases.Answer", "id case_id text decision desk_id at", by_name="Petugas Pusat Layanan"
        )
    )
    note: Table = field(
        default_factory=lambda: Table("cases.Note", "id case_id text desk_id at", by_name="Petugas")
    )
    line: Table = field(
        default_factory=lambda: Table(
            "journal.Line",
            "id kind subject_id region_code at recorded_at user_id desk_id role actor_name facts inputs position",
            subject_kind="case",
            salt=b"0" * 16,
            digest=b"1" * 32,
        )
    )
    message: Table = field(
        default_factory=lambda: Table(
            "simpul_messages.Message",
            "id subject_id once_key asked_key text_key to_name to_person_id region_code body state queued_at next_try_at told_at",
            subject_kind="case",
            road="slip",
            language="id",
        )
    )
    publication: Table = field(
        default_factory=lambda: Table(
            "cases.Publication",
            "id case_id slug kind_code group region_code place_words title text answer decision received_date answered_date "
            "prepared_at released_at",
            state="released",
            desk_name="Pokja",
            prepared_by="Petugas",
            released_by="Pemeriksa",
        )
    )
    publication_words: Table = field(
        default_factory=lambda: Table("cases.PublicationWords", "publication_id words")
    )

    def all(self) -> list[Table]:
        """In an order in which keys exist before they are named."""
        return list(vars(self).values())


class Writer:
    """Makes the rows of one matter after another."""

    def __init__(self, house: House, rng: Random, now: datetime, total: int, vocabulary: Vocabulary) -> None:
        self.house, self.rng, self.now, self.total, self.words = (
            house,
            rng,
            now.replace(tzinfo=None, microsecond=0),
            total,
            vocabulary,
        )
        self.tables = Tables()
        self.series: Counter[str] = Counter()
        self.position = 1000
        self._kinds, self._kind_weights = list(KINDS), list(KINDS.values())

    def matter(self, place: int) -> None:
        """The rows of the matter at a place in time: 0 is the oldest."""
        one = self._plan(place)
        self._person(one)
        self._case(one)
        self._way(one)
        self._clocks(one)
        self._told(one)
        if one.answered and one.sensitivity == "normal" and self.rng.random() < 0.36:
            self._publish(one)

    # --- the matter -----------------------------------------------------------------------------------------------------

    def _plan(self, place: int) -> Matter:
        draw = self.rng
        received = self.now - timedelta(
            seconds=int((1 - place / self.total) * DAYS * 86_400) + draw.randint(60, 3600)
        )
        kind = draw.choices(self._kinds, self._kind_weights)[0]
        regency = draw.choice(list(self.house.desks))
        desks = self.house.desks[regency]
        young = place > self.total * 0.9
        chance = draw.random()
        is_open = chance < (0.9 if young else 0.0667)
        answered = None if is_open else received + timedelta(hours=draw.randint(4, 500))
        if answered and answered > self.now:
            answered = self.now - timedelta(minutes=draw.randint(1, 600))
        is_closed = answered is not None and draw.random() < 0.824
        state = (
            draw.choices(list(OPEN_STATES), list(OPEN_STATES.values()))[0]
            if is_open
            else "closed"
            if is_closed
            else "answered"
        )
        sensitivity = (
            "sealed"
            if kind == "protected_report"
            else "restricted"
            if kind in self.house.restricted
            else "normal"
        )
        centre = desks["protected"] if sensitivity == "sealed" else desks["centre"]
        referred = sensitivity != "sealed" and state != "new" and draw.random() < 0.6
        holder = desks[f"pokja-{draw.randint(1, 4)}"] if referred and state != "offered" else centre
        acting = (
            desks[f"pokja-{draw.randint(1, 4)}"] if state == "offered" and sensitivity != "sealed" else holder
        )
        month = (received + timedelta(hours=8)).strftime("%y%m")
        self.series[month] += 1
        number = ids.format_case_number(PREFIX, 2000 + int(month[:2]), int(month[2:]), self.series[month])
        title, words, stems = self.words.story()
        return Matter(
            self._key(received), number, kind, regency, draw.choice(self.house.regions[regency]), received, centre, holder, acting,
            state, sensitivity, draw.choices(list(CHANNELS), list(CHANNELS.values()))[0], answered, answered if is_closed else None,
            title, words, stems,
        )  # fmt: skip

    def _person(self, one: Matter) -> None:
        if self.rng.random() < 0.06:
            return
        one.name, one.person = self.words.name(), self._key(one.received)
        self.tables.person.add(one.person, one.name, one.name.lower(), one.village, _at(one.received))
        phone = f"08{self.rng.randint(10**9, 10**10 - 1)}"
        self.tables.contact.add(self._key(one.received), one.person, phone, "+62" + phone[1:])

    def _case(self, one: Matter) -> None:
        draw = self.rng
        secret = one.sensitivity == "sealed" or one.person is None
        is_open = one.answered is None
        due = one.received + timedelta(days=draw.randint(7, 30))
        disposed = one.received + timedelta(hours=draw.randint(1, 60)) if one.state != "new" else None
        hours = max(1, int((one.answered - one.received).total_seconds() / 3600)) if one.answered else None
        taken = is_open and one.state == "working"
        seat = self.house.seats.get(one.holder) if taken and draw.random() < 0.3 else None
        self.tables.case.add(
            one.key, one.number, f"{draw.getrandbits(248):062x}00" if secret else "", one.kind, one.state, int(is_open),
            self.house.decisions[one.kind] if one.answered else "", one.title, one.text, one.village, one.channel,
            "self" if one.person else "anonymous", one.person, _at(one.received), _at(one.received),
            _at(one.closed or one.answered or disposed or one.received), one.sensitivity, one.holder, one.acting, one.centre, seat,
            "Petugas" if taken else "", _at(due) if is_open and one.state != "waiting" else None,
            _at(one.received + timedelta(days=draw.randint(3, 9))) if is_open and one.state != "waiting" else None,
            _at(disposed), _at(one.answered), hours, _at(one.answered), _at(one.closed),
            draw.choice((3, 4, 5, 5, None, None, None)) if one.answered else None, int(draw.random() < 0.2),
        )  # fmt: skip
        if one.sensitivity != "sealed":
            self.tables.words.add(
                one.key,
                " ".join(f"{one.number.lower().replace('-', ' ')} {one.name.lower()} {one.stems}".split()),
            )

    def _way(self, one: Matter) -> None:
        """Who held it, and the lines of the journal."""
        add, moment = self.tables.chain.add, one.received
        add(one.key, one.centre, _at(moment))
        self._line(one, "case.open", moment, one.centre, json.dumps({"title": one.title, "text": one.text}))
        if one.acting != one.centre:
            moment += timedelta(hours=self.rng.randint(1, 30))
            end = one.answered if one.acting == one.holder else None
            add(one.key, one.acting, _at(moment))
            state = "offered" if one.state == "offered" else "answered" if one.answered else "accepted"
            self.tables.hop.add(
                self._key(moment),
                one.key,
                1,
                one.centre,
                one.acting,
                state,
                _at(moment),
                None if state == "offered" else _at(moment),
                _at(end),
            )
            self._line(one, "case.refer", moment, one.centre)
            if state != "offered":
                self._line(one, "case.accept", moment + timedelta(hours=3), one.acting)
        elif one.state != "new":
            self._line(one, "case.claim", moment + timedelta(hours=5), one.centre)
        if self.rng.random() < 0.25:
            self.tables.note.add(
                self._key(moment), one.key, self.rng.choice(self.words.sentences)[0], one.holder, _at(moment)
            )
            self._line(one, "case.note", moment, one.holder)
        if one.answered:
            self.tables.answer.add(
                self._key(one.answered),
                one.key,
                self.words.story()[1],
                self.house.decisions[one.kind],
                one.holder,
                _at(one.answered),
            )
            self._line(one, "case.answer", one.answered, one.holder)
        if one.closed:
            self._line(one, "case.finish", one.closed, one.holder)

    def _clocks(self, one: Matter) -> None:
        ended = _at(one.answered)
        add, begun, disposed = (
            self.tables.clock.add,
            _at(one.received),
            _at(one.received + timedelta(hours=20)),
        )
        screen = ended or (None if one.state == "new" else disposed)
        due = _at(one.received + timedelta(days=5))
        add(
            self._key(one.received),
            one.key,
            one.centre,
            "screen",
            3,
            begun,
            due,
            screen,
            None if screen else due,
        )
        add(
            self._key(one.received),
            one.key,
            one.centre,
            "answer",
            14,
            begun,
            _at(one.received + timedelta(days=20)),
            ended,
            None,
        )
        if one.state != "new":
            due = _at(one.received + timedelta(days=8))
            add(
                self._key(one.received),
                one.key,
                one.acting,
                "hop" if one.state == "offered" else "work",
                5,
                disposed,
                due,
                ended,
                None if ended else due,
            )

    def _told(self, one: Matter) -> None:
        """What the person was told: a receipt, and the answer."""
        if one.person is None:
            return
        self._message(one, "receipt", one.received)
        if one.answered and self.rng.random() < 0.7:
            self._message(one, "answer", one.answered)

    def _publish(self, one: Matter) -> None:
        key, answered = self._key(one.received), one.answered or one.received
        released = min(self.now, answered + timedelta(hours=self.rng.randint(2, 90)))
        self.tables.publication.add(
            key, one.key, f"{self.rng.getrandbits(56):014x}00", one.kind, self.house.groups[one.kind], one.village,
            self.house.names[one.village], one.title, one.text, self.words.story()[1], self.house.decisions[one.kind],
            _at(one.received)[:10], _at(answered)[:10], _at(answered), _at(released),
        )  # fmt: skip
        self.tables.publication_words.add(key, one.stems)

    # --- parts ----------------------------------------------------------------------------------------------------------

    def _line(self, one: Matter, kind: str, at: datetime, desk: str, inputs: str = "{}") -> None:
        self.position += 1
        moment = _at(min(at, self.now))
        user = self.house.users.get(desk)
        self.tables.line.add(
            self._key(at), kind, one.key, one.village, moment, moment, user, desk, "centre_admin" if user else "public", "Petugas",
            json.dumps({"state": one.state, "number": one.number, "kind": one.kind}), inputs, self.position,
        )  # fmt: skip

    def _message(self, one: Matter, text_key: str, at: datetime) -> None:
        told = at < self.now - timedelta(days=30)
        body = f"Laporan {one.number} sudah kami terima. Terima kasih. Jawaban paling lambat dalam empat belas hari kerja."
        self.tables.message.add(
            self._key(at), one.key, f"{one.key}:{text_key}:1", text_key, text_key, one.name, one.person, one.village, body,
            "told" if told else "queued", _at(at), _at(at), _at(at) if told else None,
        )  # fmt: skip

    def _key(self, at: datetime) -> str:
        """A UUIDv7 of a moment, as 32 hex digits. It ends in 00, where copies have their marks (``bulk.multiply``)."""
        bits = self.rng.getrandbits(66)
        return f"{int((at - _EPOCH).total_seconds() * 1000):012x}7{bits & 0xFFF:03x}{8 + (bits >> 12 & 3):x}{bits >> 14:013x}00"


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all moments here are UTC without saying so, as the tables' text has them


def _at(moment: datetime | None) -> Any:
    """A moment as both databases read it."""
    return moment.isoformat(" ") if moment is not None else None
