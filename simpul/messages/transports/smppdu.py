"""What a frame of SMPP 3.4 says: messages, parts of messages, receipts.

Read here and not by smpplib, which refuses a frame for an optional field it does not expect: a message must not be lost for
the sake of a field that nobody reads.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from simpul.messages.transports import shortparts
from simpul.messages.transports.incoming import Heard, Part, RawRequest, Reading, Report, Setup, Unreadable

RESPONSE = 0x80000000
GENERIC_NACK = 0x80000000
SUBMIT_SM = 0x00000004
DELIVER_SM = 0x00000005
UNBIND = 0x00000006
ENQUIRE_LINK = 0x00000015
DATA_SM = 0x00000103
LARGEST = 70_000
"""Bytes of a frame: the longest payload has 65,535."""

_KIND = 0x3C  # of esm_class: 0 for a message, others for receipts and acknowledgements
_RECEIPTS = frozenset({0x04, 0x20})
_WITH_HEADER = 0x40
_WORDS = {
    "ENROUTE": "sent",
    "ACCEPTD": "sent",
    "UNKNOWN": "sent",
    "DELIVRD": "delivered",
    "EXPIRED": "failed",
    "DELETED": "failed",
    "UNDELIV": "failed",
    "REJECTD": "failed",
}
_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
_ID = re.compile(r"\bid:\s*([^\s]{1,65})", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([A-Z]{2,8})", re.IGNORECASE)
_ERROR = re.compile(r"\berr:\s*([0-9A-Za-z]{1,8})", re.IGNORECASE)
_TAGS = {
    0x001E: "receipted_message_id",
    0x020C: "sar_msg_ref_num",
    0x020E: "sar_total_segments",
    0x020F: "sar_segment_seqnum",
    0x0424: "message_payload",
    0x0427: "message_state",
}


def unnumbered(body: bytes) -> bytes:
    """A frame in hex without its number."""
    return body[:24] + body[32:]


def name_of(setup: Setup, name: str, *, ours: bool) -> str:
    """A message's name in one form, for centres that answer in hexadecimal and report in decimal."""
    if setup.settings.get("receipt_ids") != "decimal":
        return name
    try:
        return format(int(name, 16 if ours else 10), "x")
    except ValueError:
        return name


@dataclass(frozen=True, slots=True)
class Carried:
    """What a deliver_sm or data_sm carries; ``more`` holds the optional fields that we use, by name."""

    sender_ton: int
    sender: str
    esm_class: int
    coding: int
    words: bytes
    more: Mapping[str, bytes]


def read(setup: Setup, request: RawRequest) -> Reading:
    """What one frame says.

    Raises:
        Unreadable: no frame, or one of another kind.
    """
    try:
        carried = carried_by(bytes.fromhex(request.body.decode("ascii")))
    except (ValueError, struct.error) as fault:
        raise Unreadable("no frame of SMPP") from fault
    if carried.esm_class & _KIND in _RECEIPTS:
        return Reading(reports=(_report(setup, carried, request),))
    if carried.esm_class & _KIND:
        return Reading()  # a handset's own acknowledgement, which nobody asked for
    return Reading(heard=(_heard(setup, carried, request),))


def carried_by(frame: bytes) -> Carried:
    """Take a frame apart. Optional fields that nobody knows, and a torn end of them, are passed over.

    Raises:
        ValueError, struct.error: it is none that carries a message, or ends too early.
    """
    _length, command, _status, _sequence = struct.unpack(">LLLL", frame[:16])
    if command not in (DELIVER_SM, DATA_SM):
        raise ValueError("another kind of frame")
    cursor = _Cursor(frame, 16)
    cursor.text()  # service type
    sender_ton, _npi, sender = cursor.byte(), cursor.byte(), cursor.text()
    cursor.skip(2)
    cursor.text()  # destination
    esm_class = cursor.byte()
    words = b""
    if command == DELIVER_SM:
        cursor.skip(2)
        cursor.text()  # schedule
        cursor.text()  # validity
        cursor.skip(2)
        coding = cursor.byte()
        cursor.skip(1)
        words = cursor.take(cursor.byte())
    else:
        cursor.skip(1)
        coding = cursor.byte()
    more = cursor.fields()
    return Carried(sender_ton, sender, esm_class, coding, words or more.get("message_payload", b""), more)


class _Cursor:
    """Reads a frame from left to right."""

    def __init__(self, frame: bytes, place: int) -> None:
        self.frame = frame
        self.place = place

    def take(self, size: int) -> bytes:
        """So many bytes."""
        piece = self.frame[self.place : self.place + size]
        if len(piece) < size:
            raise ValueError("the frame ends too early")
        self.place += size
        return piece

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        self.take(size)

    def byte(self) -> int:
        """A number of one byte."""
        return self.take(1)[0]

    def text(self) -> str:
        """A text that ends with NUL."""
        end = self.frame.find(b"\x00", self.place)
        if end < 0:
            raise ValueError("the frame ends too early")
        found = self.frame[self.place : end]
        self.place = end + 1
        return found.decode("latin-1")

    def fields(self) -> dict[str, bytes]:
        """The optional fields that we use."""
        found: dict[str, bytes] = {}
        while self.place + 4 <= len(self.frame):
            tag, size = struct.unpack(">HH", self.take(4))
            value = self.frame[self.place : self.place + size]
            self.place += size
            if tag in _TAGS and len(value) == size:
                found.setdefault(_TAGS[tag], value)
        return found


def _heard(setup: Setup, carried: Carried, request: RawRequest) -> Heard:
    words = carried.words
    part = _segment(carried.more)
    if carried.esm_class & _WITH_HEADER and words:
        size = 1 + words[0]
        part, words = shortparts.part_of(words[:size]) or part, words[size:]
    text = _decoded(setup, words, carried.coding)
    sender = carried.sender.strip()
    international = carried.sender_ton == 1 and sender.isascii() and sender.isdigit()
    moment = request.received_at.isoformat() if request.received_at else ""
    return Heard(
        channel="sms",
        address=f"+{sender}" if international else sender,
        kind="binary" if text is None else "text",
        once=hashlib.sha256(unnumbered(request.body) + moment.encode()).hexdigest()[:40],
        text=text or "",
        data={"hex": words.hex()[:2000]} if text is None else {},
        part=part,
    )


def _segment(more: Mapping[str, bytes]) -> Part | None:
    """The part, when the centre says so in fields of its own."""
    if not {"sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum"} <= set(more):
        return None
    total, number = (
        int.from_bytes(more[name], "big") for name in ("sar_total_segments", "sar_segment_seqnum")
    )
    if not 1 <= number <= total <= shortparts.MOST_PARTS:
        return None
    return Part(f"sar-{int.from_bytes(more['sar_msg_ref_num'][:2], 'big')}", total, number)


def _decoded(setup: Setup, words: bytes, coding: int) -> str | None:
    """The text; None for what is none."""
    if coding & 0xF0 == 0xF0:  # a message class: one bit tells the alphabet
        coding = 4 if coding & 0x04 else 0
    if coding == 0 and setup.settings.get("coding") != "latin1":
        text = shortparts.decode_gsm(words)
    elif coding in (0, 3):
        text = words.decode("latin-1")
    elif coding == 1:
        text = words.decode("ascii", "replace")
    elif coding == 8:
        text = words.decode("utf-16-be", "replace")
    else:
        return None
    return text.replace("\x00", "")


def _report(setup: Setup, carried: Carried, request: RawRequest) -> Report:
    text = carried.words.decode("latin-1")
    said = carried.more.get("receipted_message_id", b"").partition(b"\x00")[0].decode("latin-1")
    state = carried.more.get("message_state", b"")
    word = _STATES.get(state[0], "") if len(state) == 1 else ""
    word = word or _found(_STATE, text).upper()
    status = next((meaning for known, meaning in _WORDS.items() if word and known.startswith(word)), "")
    name = said or _found(_ID, text)
    if not name or not status:
        raise Unreadable("a receipt without a message or a state")
    return Report(
        external_id=name_of(setup, name, ours=False),
        status=status,
        at=_moment(request),
        recipient=carried.sender,
        code=_found(_ERROR, text),
        detail=word,
    )


def _moment(request: RawRequest) -> datetime:
    """When the receipt came: the date in its text has neither zone nor seconds."""
    if request.received_at is None:
        raise Unreadable("a receipt without a time")
    return request.received_at


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
