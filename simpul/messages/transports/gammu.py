"""Modems of this building through Gammu SMSD and its SQL tables (SQLite or PostgreSQL).

Every row is handed over as a raw request of its own, so that it is kept before SMSD is told that it was read. What
``RunOnReceive`` puts into the environment is read too, for modems whose tables are not polled: a gateway uses one of the
two, chosen by its setting ``receive`` ("database", or "command").

Settings: ``database`` (path of the SQLite file, or a ``postgresql://`` address), ``phone_id`` (``PhoneID`` of SMSD, when
several modems share the tables), ``zone`` (the time zone of the machine SMSD runs on), ``send_after`` and ``send_before``
(local times that keep nights quiet, even when a modem comes back at two in the morning).

Times carry no zone: SMSD 1.42 writes its machine's local time. On PostgreSQL some of them come from the server's clock.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from simpul.messages.transports import shortparts, wire
from simpul.messages.transports.gammutables import Tables, columns, opened, zone_of
from simpul.messages.transports.incoming import (
    Heard,
    Pulse,
    RawRequest,
    Reading,
    Report,
    Setup,
    Unreadable,
    Verdict,
)
from simpul.messages.transports.outgoing import Outgoing, Rejected, Sent, Unreachable

METHOD = "gammu"
BATCH = 500
SILENT_AFTER = timedelta(minutes=3)
"""SMSD renews its row every minute (``StatusFrequency``) and promises to be back within seconds: this is a dead modem."""

RUN_AGAIN = timedelta(minutes=5)
"""SMSD may run its command a second time after two minutes; without an id this is how long the same words are a repeat."""

_INBOX = (
    "ID",
    "ReceivingDateTime",
    "Text",
    "SenderNumber",
    "Coding",
    "UDH",
    "SMSCNumber",
    "Class",
    "TextDecoded",
    "RecipientID",
)
_SENT = (
    "ID",
    "SequencePosition",
    "Status",
    "StatusError",
    "SendingDateTime",
    "DeliveryDateTime",
    "DestinationNumber",
    "CreatorID",
    "UpdatedInDB",
)
_STATUSES = {
    "SendingOK": "sent",
    "SendingOKNoReport": "sent",
    "DeliveryPending": "sent",
    "DeliveryUnknown": "sent",
    "DeliveryOK": "delivered",
    "DeliveryFailed": "failed",
    "SendingError": "failed",
    "Error": "failed",
}
_REFERENCE = 36  # the length of our references; rows of other programs have other creators


# --- rows ---------------------------------------------------------------------------------------------------------


def _request(table: str, names: Sequence[str], row: Sequence[object]) -> RawRequest:
    said = {"table": table, "row": {name: _plain(value) for name, value in zip(names, row, strict=True)}}
    return RawRequest(METHOD, json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


def _plain(value: object) -> object:
    return str(value) if isinstance(value, datetime) else value


# --- polling --------------------------------------------------------------------------------------------------------


def polls_inbox(setup: Setup) -> bool:
    """True when this gateway hears through the tables, and not through the command that SMSD runs."""
    return bool(setup.settings.get("database")) and setup.settings.get("receive", "database") == "database"


def poll(setup: Setup) -> list[RawRequest]:
    """What SMSD has received and nobody has taken yet, oldest first, each row as a request of its own.

    Raises:
        Unreachable: the tables do not answer.
    """
    if not polls_inbox(setup):
        return []
    mine, values = _mine("RecipientID", setup)
    query = (
        f'SELECT {columns(_INBOX)} FROM inbox WHERE "Processed" = \'false\'{mine} ORDER BY "ID" LIMIT {BATCH}'  # noqa: S608 - names of columns
    )
    with opened(setup) as tables:
        return [_request("inbox", _INBOX, row) for row in tables.rows(query, values)]


def holds(setup: Setup) -> int:
    """How many rows SMSD has received and nobody has taken yet: its own count, for the reconciliation.

    Raises:
        Unreachable: the tables do not answer.
    """
    if not polls_inbox(setup):
        return 0
    mine, values = _mine("RecipientID", setup)
    with opened(setup) as tables:
        found = tables.rows(f"SELECT count(*) FROM inbox WHERE \"Processed\" = 'false'{mine}", values)  # noqa: S608 - no value in it
    return int(str(found[0][0]))


def acknowledge(setup: Setup, requests: Sequence[RawRequest]) -> None:
    """Tell SMSD that these rows were taken. Called after they are kept, never before.

    Raises:
        Unreachable: the tables do not answer; the rows come again and are known by their keys.
    """
    ids = [_said(request)["row"]["ID"] for request in requests]
    if ids:
        with opened(setup) as tables:
            for one in ids:
                tables.change('UPDATE inbox SET "Processed" = \'true\' WHERE "ID" = ?', [one])


def reports(setup: Setup) -> tuple[list[RawRequest], str]:
    """What became of our messages since the cursor, and the cursor for the next time.

    The tables count time in seconds. So a row is handed over one round after the newest one was seen: by then its second is
    over, and no other row can still appear in it.

    Raises:
        Unreachable: the tables do not answer.
    """
    done, _, ready = setup.cursor.partition("|")
    mine, values = _mine("SenderID", setup)
    ours = f'length("CreatorID") = {_REFERENCE}{mine}'
    with opened(setup) as tables:
        newest = tables.rows(f'SELECT MAX("UpdatedInDB") FROM sentitems WHERE {ours}', values)[0][0]  # noqa: S608
        after = 'AND "UpdatedInDB" > ?' if done else ""
        shown = columns(_SENT)
        if tables.is_postgres:  # this one time is the server's, so the server says its zone
            shown = shown.replace('"SendingDateTime"', '"SendingDateTime"::timestamptz')
        query = (
            f'SELECT {shown} FROM sentitems WHERE {ours} {after} AND "UpdatedInDB" <= ? '  # noqa: S608
            'ORDER BY "UpdatedInDB", "ID", "SequencePosition"'
        )
        rows = tables.rows(query, [*values, *([done] if done else []), ready]) if ready else []
    found = [_request("sentitems", _SENT, row) for row in rows]
    return found, f"{ready}|{_plain(newest) or ''}"


def pulse(setup: Setup, at: datetime) -> Pulse:
    """How the modem does: battery, signal, and whether SMSD has renewed its row lately.

    Raises:
        Unreachable: the tables do not answer.
    """
    with opened(setup) as tables:
        fault, battery, signal = _health(tables, setup)
    return Pulse(at, battery=battery, signal=signal, fault=fault)


def _health(tables: Tables, setup: Setup) -> tuple[str, int | None, int | None]:
    mine, values = _mine("ID", setup)
    query = (
        f'SELECT "TimeOut", "Battery", "Signal" FROM phones WHERE 1 = 1{mine} ORDER BY "TimeOut" DESC LIMIT 1'  # noqa: S608
    )
    rows = tables.rows(query, values)
    if not rows:
        return "no_modem", None, None
    until, battery, signal = rows[0]
    seen = until if isinstance(until, datetime) else _time(str(until))
    is_silent = seen is None or tables.now(zone_of(setup)) - seen > SILENT_AFTER
    return "modem_silent" if is_silent else "", _percent(battery), _percent(signal)


def _mine(column: str, setup: Setup) -> tuple[str, list[object]]:
    phone = str(setup.settings.get("phone_id") or "")
    return (f' AND "{column}" = ?', [phone]) if phone else ("", [])


def _percent(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 100 else None


def from_environment(values: Mapping[str, str], ids: Sequence[str]) -> RawRequest:
    """What SMSD tells the command it runs: variables, and the ids of rows or files.

    Raises:
        Unreadable: there is no message in it.
    """
    count = values.get("SMS_MESSAGES", "")
    if not count.isdigit() or not 1 <= int(count) <= shortparts.MOST_PARTS:
        raise Unreadable("SMS_MESSAGES names no message")
    messages = [
        {
            "number": values.get(f"SMS_{place}_NUMBER", ""),
            "text": values.get(f"SMS_{place}_TEXT", ""),
            "class": values.get(f"SMS_{place}_CLASS", ""),
            "reference": values.get(f"SMS_{place}_REFERENCE", ""),
        }
        for place in range(1, int(count) + 1)
    ]
    parts = values.get("DECODED_PARTS", "")
    most = min(int(parts), shortparts.MOST_PARTS) if parts.isdigit() else 0
    decoded = [values.get(f"DECODED_{place}_TEXT", "") for place in range(1, most + 1)]
    said = {
        "table": "command",
        "phone": values.get("PHONE_ID", ""),
        "messages": messages,
        "decoded": [text for text in decoded if text],
        "ids": list(ids),
    }
    said["once"] = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]
    return RawRequest(METHOD, json.dumps(said, sort_keys=True).encode())


def repeat_key(setup: Setup, request: RawRequest) -> str:
    """What makes a row the same one: its id and its time (ids begin again when somebody makes the tables anew)."""
    said = _said(request)
    row = said.get("row", {})
    if said["table"] == "inbox":
        return f"in:{row.get('ID')}:{row.get('ReceivingDateTime')}"
    if said["table"] == "sentitems":
        when = row.get("DeliveryDateTime") or row.get("SendingDateTime")
        return f"out:{row.get('ID')}:{row.get('SequencePosition')}:{row.get('Status')}:{when}"
    window = RUN_AGAIN.total_seconds()
    moment = (
        ""
        if said.get("ids") or request.received_at is None
        else int(request.received_at.timestamp() // window)
    )
    return f"run:{said.get('once')}:{moment}"


# --- reading --------------------------------------------------------------------------------------------------------


def check(setup: Setup, request: RawRequest, at: datetime) -> Verdict:
    """Nothing of a modem comes through the web."""
    return Verdict(ok=False, reason="this gateway is not heard by a web address", status=404)


def read(setup: Setup, request: RawRequest) -> Reading:
    """One row, or what ``RunOnReceive`` was told."""
    said = _said(request)
    try:
        if said["table"] == "inbox":
            return Reading(heard=(_heard(setup, said["row"]),))
        if said["table"] == "sentitems":
            return Reading(reports=(_report(setup, said["row"]),))
        return _from_command(setup, said)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise Unreadable(f"a row without what it needs ({type(fault).__name__})") from fault


def _said(request: RawRequest) -> dict[str, Any]:
    said = wire.parsed(request.body)
    if not isinstance(said, dict) or said.get("table") not in ("inbox", "sentitems", "command"):
        raise Unreadable("no row of Gammu SMSD")
    if said["table"] != "command" and not isinstance(said.get("row"), dict):
        raise Unreadable("no row of Gammu SMSD")
    return said


def _heard(setup: Setup, row: Mapping[str, Any]) -> Heard:
    udh = _bytes(row["UDH"])
    is_binary = row["Coding"] == "8bit"
    return Heard(
        channel="sms",
        address=str(row["SenderNumber"] or ""),
        kind="binary" if is_binary else "text",
        external_id=f"{row['ID']}@{row['ReceivingDateTime']}",
        sent_at=_moment(setup, row["ReceivingDateTime"]),
        text="" if is_binary else str(row["TextDecoded"] or ""),
        data={"hex": str(row["Text"])[:2000]} if is_binary else {},
        part=shortparts.part_of(udh),
    )


def _report(setup: Setup, row: Mapping[str, Any]) -> Report:
    status = _STATUSES.get(str(row["Status"]))
    at = _moment(setup, row.get("DeliveryDateTime")) or _moment(setup, row["SendingDateTime"])
    if status is None or at is None:
        raise Unreadable("a sent row in a state that is not known")
    error = row.get("StatusError")
    return Report(
        external_id=str(row["CreatorID"]),
        status=status,
        at=at,
        recipient=str(row.get("DestinationNumber") or ""),
        part=int(row["SequencePosition"]),
        code=str(error) if isinstance(error, int) and error >= 0 else "",
        detail=str(row["Status"]),
    )


def _from_command(setup: Setup, said: Mapping[str, Any]) -> Reading:
    """What the command was told; nothing when the same messages are polled from the tables.

    SMSD runs its command for delivery reports too; they carry the number of our message and a word, and are no message.
    """
    if polls_inbox(setup):
        return Reading()
    messages = [one for one in said["messages"] if not _is_report(one)]
    if messages and said["decoded"]:  # a long message, joined by SMSD already
        messages = [{"number": messages[0]["number"], "text": "".join(map(str, said["decoded"]))}]
    heard = tuple(
        Heard(
            channel="sms",
            address=str(message["number"] or ""),
            kind="text",
            once=f"{said['once']}-{place}",
            once_within=None if said["ids"] else RUN_AGAIN,
            text=str(message["text"] or ""),
        )
        for place, message in enumerate(messages)
    )
    return Reading(heard=heard)


def _is_report(message: Mapping[str, Any]) -> bool:
    is_numbered = str(message.get("reference") or "0") != "0"
    return is_numbered and message["text"] in ("Delivered", "Pending", "Failed", "Unknown")


def _bytes(digits: object) -> bytes:
    try:
        return bytes.fromhex(str(digits or ""))
    except ValueError:
        return b""


def _moment(setup: Setup, value: object) -> datetime | None:
    """A time as a moment; without a zone it is one of the machine SMSD runs on."""
    found = _time(str(value or ""))
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone_of(setup))).astimezone(UTC)
    except OverflowError:
        return None


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:32])
    except ValueError:
        return None


def fetch(setup: Setup, source: Mapping[str, object], most_bytes: int) -> bytes:
    """A short message has no files."""
    raise Rejected("no files on this road")


# --- sending --------------------------------------------------------------------------------------------------------


def send(setup: Setup, outgoing: Outgoing) -> Sent:
    """Put one message into SMSD's outbox, whole or not at all. The same reference is put there once.

    Raises:
        Unreachable: the tables do not answer, or the modem is silent.
        Rejected: nobody's number, or longer than a short message can be.
    """
    try:
        cut = shortparts.cut(outgoing.body)
    except ValueError as fault:
        raise Rejected("too long for a short message") from fault
    if not outgoing.to_address.strip():
        raise Rejected("no number")
    with opened(setup) as tables:
        silence = _health(tables, setup)[0]
        if silence:
            raise Unreachable(silence)  # SMSD's outbox would take it, and keep it until the modem is mended
        tables.begin_alone(outgoing.reference)
        if not _is_there(tables, outgoing.reference):
            _put(tables, setup, outgoing, cut)
        tables.change("COMMIT")
    return Sent(external_id=outgoing.reference, parts=len(cut.parts))


def _is_there(tables: Tables, reference: str) -> bool:
    return any(
        tables.rows(f'SELECT 1 FROM {table} WHERE "CreatorID" = ? LIMIT 1', [reference])  # noqa: S608 - two names
        for table in ("outbox", "sentitems")
    )


def _put(tables: Tables, setup: Setup, outgoing: Outgoing, cut: shortparts.Cut) -> None:
    coding = "Default_No_Compression" if cut.alphabet == "gsm" else "Unicode_No_Compression"
    total = len(cut.parts)
    reference = zlib.crc32(outgoing.reference.encode()) & 0xFF
    headers = [
        shortparts.header(reference, total, number).hex().upper() if total > 1 else ""
        for number in range(1, total + 1)
    ]
    first = {
        "DestinationNumber": outgoing.to_address,
        "TextDecoded": cut.parts[0],
        "CreatorID": outgoing.reference,
        "Coding": coding,
        "UDH": headers[0],
        "MultiPart": "true" if total > 1 else "false",
        "SenderID": str(setup.settings.get("phone_id") or "") or None,
        "DeliveryReport": "yes" if setup.settings.get("delivery_reports", True) else "default",
    }
    quiet = {"SendAfter": setup.settings.get("send_after"), "SendBefore": setup.settings.get("send_before")}
    first |= {column: str(value) for column, value in quiet.items() if value}
    marks = ", ".join("?" * len(first))
    sql = f'INSERT INTO outbox ({columns(list(first))}) VALUES ({marks}) RETURNING "ID"'  # noqa: S608 - names of columns
    row_id = tables.rows(sql, list(first.values()))[0][0]
    for number in range(2, total + 1):
        tables.change(
            'INSERT INTO outbox_multipart ("ID", "SequencePosition", "TextDecoded", "Coding", "UDH") VALUES (?, ?, ?, ?, ?)',
            [row_id, number, cut.parts[number - 1], coding, headers[number - 1]],
        )
