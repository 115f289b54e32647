"""A message centre of an operator or aggregator through SMPP 3.4.

One bound connection carries both ways. ``listen`` holds it, in a thread of the worker: it keeps every message before it answers
for it, asks for a sign of life, and comes back by itself. ``send`` goes through that connection when this process holds it,
else through one of its own that lasts for one message.

smpplib binds and writes what we send; frames are read here, so that a frame that smpplib cannot parse is kept like any other.

Settings: ``host``, ``port``, ``tls``, ``system_type``, ``source`` (number, short code or name), ``long`` ("parts", or "payload"
for centres that cut long messages themselves), ``coding`` (what data coding 0 means: "gsm" or "latin1"), ``receipt_ids``
("same", or "decimal" for centres whose receipts name in decimal what they named in hexadecimal).
Secrets: ``system_id``, ``password``.
"""

from __future__ import annotations

import hashlib
import select
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from smpplib import client as smpp_client
from smpplib import consts, exceptions, smpp

from simpul.messages.transports import shortparts, smppdu
from simpul.messages.transports.incoming import RawRequest, Reading, Setup, Verdict
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, Unreachable

METHOD = "smpp"
WAIT_SECONDS = 10.0
"""How long a connection, a bind or the answer to one message may take."""

ALIVE_SECONDS = 30.0
"""A connection that was silent for so long is asked whether it lives."""

BACK_OFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between tries to come back; the last repeats."""

NO_TLS = frozenset({"", "0", "no", "none", "false", "tidak"})

HEALTH_SECONDS = 10.0
TICK_SECONDS = 0.5

_TRY_AGAIN = (
    0x64  # ESME_RX_T_APPN: a temporary fault of ours; the centre keeps the message and sends it again
)
_NEVER = frozenset(
    {0x01, 0x0B, 0x50, 0x51, 0x65, 0x66}
)  # length, destination (three kinds), refused for good (two)
_CODINGS = {"gsm": consts.SMPP_ENCODING_DEFAULT, "ucs2": consts.SMPP_ENCODING_ISO10646}


class Keeper(Protocol):
    """What ``listen`` needs of those who have a database."""

    def keep(self, request: RawRequest) -> object | None:
        """Keep a message for good, and give it a name; None when it could not be kept, now."""

    def taken(self, kept: object) -> None:
        """The centre was told that we have it: the same bytes are a new message from now on."""

    def health(self, answers: bool, reason: str) -> bool:
        """How the connection does, told every few seconds; False ends listening."""


class _Client(smpp_client.Client):
    """smpplib's client with a checked name of the host, for TLS."""

    def _create_socket(self) -> socket.socket:
        family = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0][0]
        raw = socket.socket(family, socket.SOCK_STREAM)
        raw.settimeout(self.timeout)
        if self._ssl_context is None:
            return raw
        return self._ssl_context.wrap_socket(raw, server_hostname=self.host)


class Session:
    """One bound connection. Only its own thread reads; any thread may submit."""

    def __init__(self, setup: Setup) -> None:
        asked = str(setup.settings.get("tls") or "").strip().lower()
        context = None if asked in NO_TLS else ssl.create_default_context()
        host, port = str(setup.settings.get("host") or ""), _port(setup)
        self.client = _Client(host, port, WAIT_SECONDS, ssl_context=context, allow_unknown_opt_params=True)
        self.setup = setup
        self.heard_at = time.monotonic()
        self._asked_at = 0.0
        self._writing = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}

    def open(self, how: str) -> None:
        """Connect and bind: as ``transceiver`` or ``transmitter``.

        Raises:
            Unreachable: nobody answers, or the centre does not let us in.
        """
        try:
            self.client.connect()
            getattr(self.client, f"bind_{how}")(
                system_id=self.setup.secrets.get("system_id", ""),
                password=self.setup.secrets.get("password", ""),
                system_type=str(self.setup.settings.get("system_type") or ""),
            )
        except exceptions.PDUError as fault:
            self.close()
            raise Unreachable(f"bind refused {fault.args[-1]}") from fault
        except _BROKEN as fault:
            self.close()
            raise Unreachable("no connection") from fault
        self.heard_at = time.monotonic()

    def close(self, *, politely: bool = False) -> None:
        """End the connection; whoever waits for an answer learns that none will come."""
        link, self.client._socket = self.client._socket, None  # smpplib's own way asks for an answer first
        if link is not None:
            try:
                if politely:
                    link.sendall(struct.pack(">LLLL", 16, smppdu.UNBIND, 0, 0x7FFFFFFF))
                link.close()
            except OSError:
                link.close()  # the other side was faster
        for waiting in list(self._waiting.values()):
            waiting.end(None, b"")

    def submit(self, values: Mapping[str, Any], *, read_here: bool) -> str:
        """Hand over one part; returns what the centre calls it. ``read_here``: no other thread reads this connection.

        Raises:
            Unreachable: no answer in time, or the centre is busy.
            Rejected: the centre will never take it.
        """
        waiting = _Waiting()
        with self._writing:  # smpplib counts without a lock
            pdu = smpp.make_pdu("submit_sm", client=self.client, **values)
        self._waiting[pdu.sequence] = waiting
        try:
            self._write(pdu.generate())
            ends = time.monotonic() + WAIT_SECONDS
            while read_here and not waiting.done.is_set() and time.monotonic() < ends:
                self.turn(None, TICK_SECONDS)
            if not waiting.done.wait(0 if read_here else WAIT_SECONDS) or waiting.status is None:
                raise Unreachable("no answer")
        finally:
            self._waiting.pop(pdu.sequence, None)
        if waiting.status:
            reason = f"refused {waiting.status:#04x}"
            raise Rejected(reason) if waiting.status in _NEVER else Unreachable(reason)
        return waiting.body.partition(b"\x00")[0].decode("ascii", "replace")

    def turn(self, keeper: Keeper | None, seconds: float) -> None:
        """Wait a moment for one frame and deal with it.

        Raises:
            Unreachable: the connection is lost.
        """
        link = self.client._socket
        if link is None:
            raise Unreachable("closed")
        try:
            pending = getattr(link, "pending", None)
            if (pending and pending()) or select.select([link], [], [], seconds)[0]:
                self._deal_with(_frame(link), keeper)
                self.heard_at, self._asked_at = time.monotonic(), 0.0
            self._ask_whether_alive()
        except (OSError, ValueError) as fault:
            raise Unreachable("connection lost") from fault

    def _deal_with(self, frame: bytes, keeper: Keeper | None) -> None:
        _length, command, status, sequence = struct.unpack(">LLLL", frame[:16])
        if command in (smppdu.DELIVER_SM, smppdu.DATA_SM):
            self._take(frame, command, sequence, keeper)
        elif command == smppdu.ENQUIRE_LINK:
            self._answer(command, sequence)
        elif command == smppdu.UNBIND:
            self._answer(command, sequence)
            raise Unreachable("the centre ended the connection")
        elif command in (smppdu.SUBMIT_SM | smppdu.RESPONSE, smppdu.GENERIC_NACK):
            waiting = self._waiting.get(sequence)
            if waiting is not None:
                waiting.end(status, frame[16:])

    def _take(self, frame: bytes, command: int, sequence: int, keeper: Keeper | None) -> None:
        """Keep first, answer then: what is not kept stays with the centre."""
        kept = None if keeper is None else keeper.keep(RawRequest(METHOD, frame.hex().encode()))
        self._answer(command, sequence, _TRY_AGAIN if kept is None else 0, b"\x00")
        if keeper is not None and kept is not None:
            keeper.taken(kept)

    def _answer(self, command: int, sequence: int, status: int = 0, body: bytes = b"") -> None:
        head = struct.pack(">LLLL", 16 + len(body), command | smppdu.RESPONSE, status, sequence)
        self._write(head + body)

    def _ask_whether_alive(self) -> None:
        now = time.monotonic()
        if self._asked_at and now - self._asked_at > WAIT_SECONDS:
            raise Unreachable("the centre is silent")
        if not self._asked_at and now - self.heard_at > ALIVE_SECONDS:
            self._asked_at = now
            with self._writing:
                frame = smpp.make_pdu("enquire_link", client=self.client).generate()
            self._write(frame)

    def _write(self, data: bytes) -> None:
        link = self.client._socket
        if link is None:
            raise Unreachable("closed")
        try:
            with self._writing:
                link.sendall(data)
        except OSError as fault:
            raise Unreachable("connection lost") from fault


class _Waiting:
    """Somebody who waits for the answer to one part."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.status: int | None = None
        self.body = b""

    def end(self, status: int | None, body: bytes) -> None:
        """The answer; None when the connection broke before it came."""
        if not self.done.is_set():
            self.status, self.body = status, body
            self.done.set()


_BROKEN = (exceptions.ConnectionError, exceptions.UnknownCommandError, OSError, struct.error, ValueError)
_LIVE: dict[str, Session] = {}
"""The connections that this process listens on, by gateway."""


def _frame(link: socket.socket) -> bytes:
    """One whole frame. A length that no frame has ends the connection, as the standard asks."""
    head = _exactly(link, 4)
    length = int.from_bytes(head, "big")
    if not 16 <= length <= smppdu.LARGEST:
        raise ValueError("no frame of SMPP")
    return head + _exactly(link, length - 4)


def _exactly(link: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = link.recv(size - len(data))
        if not piece:
            raise OSError("closed by the other side")
        data += piece
    return data


def _port(setup: Setup) -> int:
    said = str(setup.settings.get("port") or "2775")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 5 else 2775


# --- listening ------------------------------------------------------------------------------------------------------


def listen(setup: Setup, keeper: Keeper, stop: threading.Event) -> None:
    """Hold the connection until ``stop`` is set or the keeper says that it is enough."""
    failures = 0
    while not stop.is_set():
        session = Session(setup)
        try:
            session.open("transceiver")
            failures = 0
            _LIVE[setup.code] = session
            if not _hold(session, keeper, stop):
                return
        except Unreachable as fault:
            if not keeper.health(False, fault.reason):
                return
        finally:
            _LIVE.pop(setup.code, None)
            session.close(politely=True)
        stop.wait(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
        failures += 1


def _hold(session: Session, keeper: Keeper, stop: threading.Event) -> bool:
    told_at = 0.0
    while not stop.is_set():
        if time.monotonic() - told_at > HEALTH_SECONDS:
            told_at = time.monotonic()
            if not keeper.health(True, ""):
                return False
        session.turn(keeper, TICK_SECONDS)
    return True


# --- what a provider offers -----------------------------------------------------------------------------------------


def check(setup: Setup, request: RawRequest, at: datetime) -> Verdict:
    """Nothing of a message centre comes through the web."""
    return Verdict(ok=False, reason="this gateway is not heard by a web address", status=404)


def read(setup: Setup, request: RawRequest) -> Reading:
    """One frame: a message, a part of one, or a receipt."""
    return smppdu.read(setup, request)


def repeat_key(setup: Setup, request: RawRequest) -> str:
    """The frame without its number: a centre that did not hear our answer sends it again under another one."""
    return "open:" + hashlib.sha256(smppdu.unnumbered(request.body)).hexdigest()[:40]


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """A short message has no files."""
    raise Rejected("no files on this road")


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Submit one message. Its receipt is asked for with the last part, whose name it gets.

    Raises:
        Unreachable: no connection, no answer in time, or the centre is busy.
        Rejected: the centre will never take it.
    """
    try:
        cut = shortparts.cut(outgoing.body)
    except ValueError as fault:
        raise Rejected("too long for a short message") from fault
    live = _LIVE.get(setup.code)
    if live is not None:
        return _submit_all(live, setup, outgoing, cut, read_here=False)
    passing = Session(setup)
    passing.open("transmitter")
    try:
        return _submit_all(passing, setup, outgoing, cut, read_here=True)
    finally:
        passing.close(politely=True)


def _submit_all(
    session: Session, setup: Setup, outgoing: Outgoing, cut: shortparts.Cut, *, read_here: bool
) -> Sent:
    common = {**_addresses(setup, outgoing.to_address), "data_coding": _CODINGS[cut.alphabet]}
    name, total = "", len(cut.parts)
    if total > 1 and setup.settings.get("long") == "payload":
        payload = shortparts.encode(outgoing.body, cut.alphabet)
        values = {**common, "short_message": b"", "message_payload": payload, "registered_delivery": 1}
        name = session.submit(values, read_here=read_here)
        return Sent(external_id=smppdu.name_of(setup, name, ours=True), parts=total)
    reference = zlib.crc32(outgoing.reference.encode()) & 0xFF
    for number, part in enumerate(cut.parts, start=1):
        header = shortparts.header(reference, total, number) if total > 1 else b""
        values = {
            **common,
            "short_message": header + shortparts.encode(part, cut.alphabet),
            "esm_class": consts.SMPP_GSMFEAT_UDHI if header else consts.SMPP_MSGTYPE_DEFAULT,
            "registered_delivery": int(number == total),
        }
        name = session.submit(values, read_here=read_here)
    return Sent(external_id=smppdu.name_of(setup, name, ours=True), parts=total)


def _addresses(setup: Setup, to_address: str) -> dict[str, Any]:
    source_ton, source_npi, source = _address(str(setup.settings.get("source") or setup.number))
    ton, npi, destination = _address(to_address)
    return {
        "source_addr_ton": source_ton,
        "source_addr_npi": source_npi,
        "source_addr": source,
        "dest_addr_ton": ton,
        "dest_addr_npi": npi,
        "destination_addr": destination,
    }


def _address(text: str) -> tuple[int, int, str]:
    """Type, plan and signs of a number (international when it begins with +), a short code, or a name."""
    plain = text.replace(" ", "").replace("-", "")
    if plain.startswith("+"):
        return consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN, plain[1:21]
    if plain.isascii() and plain.isdigit():
        return consts.SMPP_TON_UNK, consts.SMPP_NPI_ISDN, plain[:20]
    return consts.SMPP_TON_ALNUM, consts.SMPP_NPI_UNK, text[:11]
