"""A village node speaks with the server above it whenever that can be reached: its own work and what it carries go up, receipts and the
tables of its area come down. Every step is harmless when it is repeated, and what was cut off goes on in the next turn.
"""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from simpul import __version__
from simpul.cases.actions import reserving
from simpul.cases.queries import reservations
from simpul.journal import actions as journal_actions
from simpul.lib import files, sealing
from simpul.lib.actor import MACHINE
from simpul.sync.actions import carrying, mirroring, upward
from simpul.sync.queries import bundles as queries
from simpul.sync.queries import carried
from simpul.sync.queries import mirror as mirror_queries
from simpul.sync.queries import upward as upward_queries
from simpul.sync.queries.bundles import Above
from simpul.sync.rules import bundles
from simpul.sync.rules.canonical import b64, canonical, unb64

WAIT_SECONDS = 60.0
LARGEST_ANSWER = 400_000_000
MOST_ENVELOPES = 16
PIECE = 500_000
TOKEN_INFO = b"simpul-token"
MIRROR_INFO = b"simpul-mirror"
NUMBERS_INFO = b"simpul-numbers"
NUMBERS = 200
NUMBERS_AT_ONCE = 50
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
"""After a try in vain a node waits one minute, then two, four ... thirty: product default."""


class Unreachable(Exception):  # noqa: N818 - an answer, not a fault
    """Nobody answered, or not as a server of Simpul does. The words are for the page of the node."""


class Locked(Exception):  # noqa: N818
    """The server above has locked this node: it takes what was written before, and gives nothing any more."""


# --- the wire -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Wire:
    """Calls to one server: no redirects, bounded answers, one meaning for every failure."""

    url: str
    token: str = ""
    requests: int = 0
    sent: int = 0
    got: int = 0

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        kind: str = "application/json",
        fine: Sequence[int] = (200, 201),
    ) -> tuple[int, bytes]:
        """One call; the status and the body when the status is one of ``fine``.

        Raises:
            Unreachable, Locked.
        """
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise Unreachable("no web address")
        headers = {"Content-Type": kind, "User-Agent": f"Simpul-node/{__version__}"}
        if self.token:
            headers["Authorization"] = f"Simpul {self.token}"
        asked = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            f"{self.url}/sync/v1/{path}", data=body, headers=headers, method=method
        )
        self.requests += 1
        self.sent += len(body or b"")
        try:
            with _opener().open(asked, timeout=WAIT_SECONDS) as answer:
                data = answer.read(LARGEST_ANSWER)
                status = answer.status
        except urllib.error.HTTPError as fault:
            with fault:
                data, status = fault.read(1_000_000), fault.code
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise Unreachable(type(fault).__name__) from None
        self.got += len(data)
        if status == 410:
            raise Locked
        if status not in fine:
            raise Unreachable(f"status {status}")
        return status, data

    def json(self, method: str, path: str, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A call that gives and gets an object.

        Raises:
            Unreachable, Locked.
        """
        body = None if said is None else json.dumps(said, separators=(",", ":")).encode()
        _status, data = self.ask(method, path, body)
        try:
            found = json.loads(data)
        except ValueError:
            raise Unreachable("no answer of Simpul") from None
        if not isinstance(found, dict):
            raise Unreachable("no answer of Simpul")
        return found


def _opener() -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


# --- being let in ---------------------------------------------------------------------------------------------------


def enrol(url: str, code: str, label: str) -> tuple[upward.Joined, dict[str, Any]]:
    """Ask the server above to let this node in, by the code of an invitation; what it said besides.

    Raises:
        Unreachable: nobody answered; or the code is not valid ("status 404").
    """
    sign = Ed25519PrivateKey.generate()
    secret = secrets.token_bytes(32)
    seal = sealing.private_from(secret, b"node")
    said = Wire(url.rstrip("/")).json(
        "POST",
        "enrol",
        {
            "code": code,
            "algorithm": sealing.ED25519,
            "sign": b64(sign.public_key().public_bytes_raw()),
            "seal": b64(sealing.public_of(seal)),
            "name": label,
            "app": f"node {__version__}",
        },
    )
    joined = upward.Joined(
        url=url,
        device_id=_uuid(said["device"]),
        areas=[one["code"] for one in said["areas"]],
        seal_public=unb64(said["server"]["seal"]),
        sign_public=unb64(said["server"]["sign"]),
        generation=str(said["server"].get("generation", ""))[:16],
        lease_until=_time(said.get("lease_until")),
        keys={"sign": sign.private_bytes_raw().hex(), "seal": secret.hex()},
    )
    return joined, said


def _uuid(said: Any) -> UUID:
    try:
        return UUID(said)
    except (TypeError, ValueError, AttributeError):
        raise Unreachable("no answer of Simpul") from None


def _time(said: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None


# --- one conversation -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Talk:
    """What one conversation did."""

    written: int = 0
    pushed: int = 0
    carried: int = 0
    files: int = 0
    letters: int = 0
    numbers: int = 0
    rows: int = 0
    requests: int = 0
    sent: int = 0
    got: int = 0
    waits: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)


def is_due(at: datetime) -> bool:
    """Whether this installation has a server above it, and whether it is time to try again."""
    parent = queries.parent()
    if parent is None:
        return False
    if not parent.tries:
        return True
    wait = min(FIRST_WAIT * 2 ** (parent.tries - 1), LONGEST_WAIT)
    last = parent.tried_at or parent.enrolled_at
    return at >= last + wait


def talk(at: datetime, *, mirror: bool = True) -> Talk:
    """Write what was done here, then speak with the server above. What fails is noted and tried again later.

    Raises:
        Unreachable, Locked: noted already.
    """
    while journal_actions.seal_journal(by=MACHINE, at=at) is not None:
        pass
    done = Talk()
    while count := upward.write_lines(by=MACHINE, at=at):
        done.written += count
    parent = queries.parent()
    if parent is None:
        return done
    wire = Wire(parent.url)
    try:
        told = _hello(wire, parent, at)
        if orders := told.get("erase"):
            erased = upward.obey_erasures(by=MACHINE, at=at, orders=orders)
            told = _hello(wire, parent, at, erased) if erased else told
        have = _have(told, parent)
        carrying.note_missing(by=MACHINE, at=at, epoch=parent.epoch, after=have)
        have = _push(wire, parent, have, at, done)
        _hand_on(wire, at, done)
        _send_files(wire, at, done)
        _fetch_letters(wire, at, done)
        _fetch_numbers(wire, parent, at, done)
        judged = _pull(wire, parent, have, at, done) if mirror else True
        _note(told, parent, have, judged, at, done)
    except Unreachable as fault:
        upward.note_parent(by=MACHINE, at=at, told=None, fault=str(fault))
        raise
    except Locked:
        upward.note_parent(by=MACHINE, at=at, told=None, fault="locked")
        raise
    finally:
        done.requests, done.sent, done.got = wire.requests, wire.sent, wire.got
    return done


def _hello(wire: Wire, parent: Above, at: datetime, erased: Sequence[str] = ()) -> dict[str, Any]:
    first = max(1, parent.seq - 499)
    said: dict[str, Any] = {
        "device": str(parent.device_id),
        "at": int(at.timestamp() * 1000),
        "nonce": b64(secrets.token_bytes(16)),
        "heads": [[parent.epoch, parent.seq, b64(bytes(parent.head))]] if parent.seq else [],
        "open": [[parent.epoch, number] for number in range(first, parent.seq + 1)],
        "cursor": 0,
        "generation": parent.generation,
        "scope_version": parent.scope_version,
        "pack": "",
        "app": f"node {__version__}",
        "persisted": True,
        "unsent": queries.waiting().own_events,
        "erased": list(erased),
        "letters": 0,
    }
    sign = queries.own_key(parent)
    said["sig"] = b64(sign.sign(canonical(["simpul-hello", 1, said])))
    told = wire.json("POST", "hello", said)
    try:
        wire.token = _token(told["token"], parent)
    except (KeyError, ValueError, sealing.CannotOpen):
        raise Unreachable("no answer of Simpul") from None
    return told


def _token(said: str, parent: Above) -> str:
    return sealing.unseal(queries.own_seal_key(parent), unb64(said), TOKEN_INFO).decode()


def _have(told: Mapping[str, Any], parent: Above) -> int:
    """Up to which number the server above has this node's history without a gap."""
    heads = [row[1] for row in told.get("have", []) if row[0] == parent.epoch]
    return max((number for number in heads if number <= parent.seq), default=0)


def _push(wire: Wire, parent: Above, have: int, at: datetime, done: Talk) -> int:
    """This node's own envelopes after what the server has, in order: one at first, then up to sixteen a request."""
    most = 1
    while True:
        rows = carried.own_after(parent, have, most)
        if not rows:
            return have
        body = bundles.joined([bytes(one.content) for one in rows])
        _status, data = wire.ask("POST", "push", body, kind="application/x-simpul-envelopes")
        answer = json.loads(data)
        there = {name for name, state, _why in answer["received"] if state in ("stored", "duplicate", "fork")}
        if not there.issuperset(one.name for one in rows):
            raise Unreachable("work was refused")
        carrying.note_forwarded(by=MACHINE, at=at, names=sorted(there))
        done.pushed += len(rows)
        done.outcomes.update(row[3] for row in answer.get("outcomes", []))
        have = rows[-1].last or have
        most = min(MOST_ENVELOPES, most * 2)


def _hand_on(wire: Wire, at: datetime, done: Talk) -> None:
    """What is carried for others: envelopes and sealed files, as they came.

    What the server above cannot read or finds too large is passed over, alone: nothing that somebody handed over nearby may stop this
    node's own work. What it refuses for good counts as handed on; its device keeps it until it hears that it is safe.
    """
    for kind in ("envelope", "blob"):
        last = None
        while True:
            some = carried.others_after(kind, last, MOST_ENVELOPES)
            if not some:
                break
            last = some[-1].id
            received = _handed(wire, some)
            there = {name for name, state, why in received if state in ARRIVED or why in FOR_GOOD}
            carrying.note_forwarded(by=MACHINE, at=at, names=sorted(there))
            done.carried += sum(state in ARRIVED for _name, state, _why in received)


ARRIVED = frozenset({"stored", "held", "duplicate", "fork", "here"})
FOR_GOOD = frozenset({"signature", "foreign"})


def _handed(wire: Wire, some: Sequence[Any]) -> list[tuple[str, str, str]]:
    """What the server above said of each; of those that it cannot take together, of each alone."""
    content = bundles.joined([bytes(one.content) for one in some])
    status, answer = wire.ask(
        "POST", "carry", content, kind="application/x-simpul-envelopes", fine=(200, 400, 413)
    )
    if status == 200:
        return [(name, state, why) for name, state, why in json.loads(answer)["received"]]
    return [] if len(some) == 1 else [line for one in some for line in _handed(wire, [one])]


def _send_files(wire: Wire, at: datetime, done: Talk) -> None:
    """Files of this node's own events, after the events, small ones first, in pieces that go on where they stopped."""
    store = files.FileStore(settings.SIMPUL_FILES)
    for name in carried.own_files(500):
        if store.exists(name) and _send_file(wire, name, store.read(name)):
            carrying.note_forwarded(by=MACHINE, at=at, names=[name])
            done.files += 1


def _send_file(wire: Wire, sha: str, content: bytes) -> bool:
    have = 0
    for _turn in range(len(content) // PIECE + 5):
        piece = content[have : have + PIECE]
        path = f"blob/{sha}?offset={have}&size={len(content)}"
        _status, data = wire.ask("PUT", path, piece, kind="application/octet-stream", fine=(200, 409))
        told = json.loads(data)
        if told["state"] == "here":
            return True
        if told["state"] == "refused":
            return False
        have = int(told["have"])
    return False


def _fetch_letters(wire: Wire, at: datetime, done: Talk) -> None:
    """Letters for the devices that this node carries for, on their way back."""
    ids = carried.devices()
    newest = queries.highest_letters(ids)
    for device_id in ids:
        after = newest.get(str(device_id), 0)
        told = wire.json("GET", f"mail/{device_id}?after={after}")
        found = [
            bundles.Letter(device_id, number, unb64(sealed)) for number, sealed in told.get("letters", [])
        ]
        done.letters += carrying.keep_letters(by=MACHINE, at=at, letters=found)


def _fetch_numbers(wire: Wire, parent: Above, at: datetime, done: Talk) -> None:
    """Numbers for matters that will be taken in here, with the receipts that hold above: enough for weeks alone."""
    for _turn in range(NUMBERS // NUMBERS_AT_ONCE):
        if reservations.held_here() > NUMBERS - NUMBERS_AT_ONCE:
            return
        key = uuid5(
            parent.device_id, f"numbers:{reservations.ever_here()}"
        )  # the same again after a lost answer
        said = {"count": NUMBERS_AT_ONCE, "id": str(key)}
        _status, data = wire.ask("POST", "numbers", json.dumps(said).encode(), fine=(200, 400))
        told = json.loads(data)
        if "sealed" not in told:
            return  # the server above thinks that this node holds enough
        plain = sealing.unseal(queries.own_seal_key(parent), unb64(told["sealed"]), NUMBERS_INFO)
        given = [
            reserving.Reserved(UUID(one["case_id"]), one["number"], one["pin"], one["receipt16"])
            for one in json.loads(plain)["numbers"]
        ]
        done.numbers += reserving.keep_numbers(by=MACHINE, at=at, given=given)


def _pull(wire: Wire, parent: Above, have: int, at: datetime, done: Talk) -> bool:
    """The tables of the area; returns whether the server above has decided about everything that it has of this node."""
    known = mirror_queries.base()
    asked = {
        "mark": parent.mirror_mark,
        "scope_version": parent.scope_version,
        "sums": mirror_queries.own_sums(known),
    }
    _status, sealed = wire.ask("POST", "mirror", json.dumps(asked).encode())
    try:
        plain = sealing.unseal(queries.own_seal_key(parent), sealed, MIRROR_INFO)
        told = json.loads(zlib.decompress(plain, -15))
    except (sealing.CannotOpen, ValueError, zlib.error):
        raise Unreachable("no answer of Simpul") from None
    settled = told["waiting"] == 0 and have >= parent.seq
    laid = mirroring.mirror_parent(
        by=MACHINE, at=at, told=told, known=known, settled=settled, apart=upward_queries.apart()
    )
    done.rows = sum(
        known.get(table, {}).get(key) != digest
        for table, written in laid.written.items()
        for key, digest in written.items()
    )
    return bool(told["waiting"] == 0)


def _note(told: Mapping[str, Any], parent: Above, have: int, judged: bool, at: datetime, done: Talk) -> None:
    safe = [row[1] for row in told.get("safe", []) if row[0] == parent.epoch]
    states = Counter(row[3] for row in told.get("outcomes", [])) + done.outcomes
    upward.note_parent(
        by=MACHINE,
        at=at,
        told=upward.Told(
            have_seq=have,
            safe_seq=max(safe, default=0),
            judged=judged,
            outcomes=dict(states),
            generation=str(told.get("generation", ""))[:16],
            lease_until=_time(told.get("lease_until")),
        ),
    )


# --- periodic work --------------------------------------------------------------------------------------------------


def speak(at: datetime) -> int:
    """Speak with the server above when there is one and it is time; how many things moved. What cannot be reached is no failure."""
    if not is_due(at):
        return 0
    try:
        done = talk(at)
    except (Unreachable, Locked):
        return 0
    carrying.forget_carried(by=MACHINE, at=timezone.now())
    return done.written + done.pushed + done.carried + done.files + done.letters + done.rows
