"""Parcels for other systems: prepared by a person for a month, sent by the worker, and sent again until the other side has answered.

The call stands outside every transaction; what came of it is written after it. A parcel is built from the rows as they are when it is sent,
so what was corrected meanwhile goes out corrected. Sending again changes nothing there: identifiers are made of our own keys.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.messages.transports.calls import Answer
from simpul.posyandu.access import exchange as access
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import _wire
from simpul.posyandu.models import Connection, Examination, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2, satusehat
from simpul.posyandu.rules import recaps as recap_rules

KINDS: Mapping[str, tuple[str, ...]] = {"dhis2": ("values", "tracker"), "satusehat": ("bundle",)}
NAMED = ("tracker", "bundle")
"""Kinds in which people have names: prepared by who may see what was measured."""
_WAIT = (1, 5, 15, 60, 240, 720)
"""Minutes until the next try; the last one again and again, for two weeks."""
_MOST_TRIES = 40
_ASK_AGAIN = timedelta(minutes=1)
_MOST = 5000


class KindUnknown(Refused):
    """What a system takes."""

    code = "shipment.kind_unknown"
    sentence = _("This system does not take that. Choose one of the kinds shown.")
    field = "kind"


class MonthAhead(Refused):
    """A month is sent when it is there."""

    code = "shipment.month_ahead"
    sentence = _("This month has not begun. Choose an earlier one.")
    field = "month"


class NamesNeeded(Refused):
    """Who may not read names may not send them."""

    code = "shipment.names_needed"
    sentence = _(
        "This names people. A midwife or an officer of the health centre sends it; you can send the figures."
    )
    field = "kind"


class SwitchedOff(Refused):
    """Nothing goes out over a connection that is off."""

    code = "shipment.off"
    sentence = _("This connection is switched off. Switch it on first.")


class NothingThere(Refused):
    """An empty parcel says nothing."""

    code = "shipment.nothing"
    sentence = _("There is nothing to send for this month: nobody was measured, or nobody has a NIK.")
    field = "month"


class SentAlready(Refused):
    """What has arrived cannot be called back."""

    code = "shipment.sent"
    sentence = _("This has been sent. Correct the rows here and send the month again.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many parcels wait now, how many people cannot be sent because they have no NIK, and how many lines are left for the next time."""

    parcels: int
    without_nik: int = 0
    left: int = 0


def prepare_shipments(*, by: Actor, at: datetime, connection_id: UUID, kind: str, month: date) -> Prepared:
    """Put the parcels of a month into the queue: one of all figures or children (DHIS2), one for each line of a card (SATUSEHAT).

    A month that was sent before is sent again: the other side keeps the newer.

    Raises:
        NotFound: no such connection for this actor.
        SwitchedOff, KindUnknown, MonthAhead, NothingThere.
    """
    row = access.connection_for(by, connection_id)
    roles.require(by, "shipments.prepare", roles.Place(row.region_code))
    month = recap_rules.first_of(month)
    if not row.on:
        raise SwitchedOff
    if kind not in KINDS[row.system]:
        raise KindUnknown
    if kind in NAMED and not any(roles.may_somewhere(by, act) for act in posyandu_access.NAMED):
        raise NamesNeeded
    if month > at.date():
        raise MonthAhead
    with transaction.atomic():
        if kind == "bundle":
            lines, without = queries.to_queue(row, month)
            never = lines.filter(sent_at=None).count()
            keys = list(lines.values_list("id", flat=True)[:_MOST])
            _queue_lines(by, at, row, month, keys)
            prepared = Prepared(len(keys), without, left=max(0, never - len(keys)))
        else:
            _queue(by, at, row, kind, month)
            prepared = Prepared(1)
        if not prepared.parcels:
            raise NothingThere
        facts = {
            "kind": kind,
            "month": recap_rules.written(month),
            "parcels": prepared.parcels,
            "without_nik": prepared.without_nik,
        }
        _line(by, at, "shipments.prepare", "connection", row.id, row.region_code, facts)
    return prepared


def _queue(by: Actor, at: datetime, row: Connection, kind: str, month: date) -> None:
    wanted = {
        "connection": row,
        "kind": kind,
        "month": month,
        "region_code": row.region_code,
        "examination": None,
    }
    values = _waiting(by, at)
    Shipment.objects.update_or_create(
        defaults=values, create_defaults={"id": uuid7(), **wanted, **values}, **wanted
    )


def _queue_lines(by: Actor, at: datetime, row: Connection, month: date, keys: Sequence[UUID]) -> None:
    """One parcel for each line: those that were sent before wait again."""
    values = _waiting(by, at)
    again = Shipment.objects.filter(connection=row, examination_id__in=keys)
    known = set(again.values_list("examination_id", flat=True))
    again.update(**values)
    Shipment.objects.bulk_create(
        [
            Shipment(
                id=uuid7(),
                connection=row,
                kind="bundle",
                month=month,
                region_code=row.region_code,
                examination_id=key,
                **values,
            )
            for key in keys
            if key not in known
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _waiting(by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "state": "waiting",
        "tries": 0,
        "next_at": at,
        "answer": "",
        "remote_id": "",
        "prepared_at": at,
        "prepared_by": by.name[:150],
        "done_at": None,
    }


def drop_shipment(*, by: Actor, at: datetime, shipment_id: UUID) -> Shipment:
    """Take a parcel out of the queue.

    Raises:
        NotFound, SentAlready.
    """
    return _settle_by_hand(by, at, shipment_id, "shipment.drop", {"state": "dropped", "next_at": None})


def retry_shipment(*, by: Actor, at: datetime, shipment_id: UUID) -> Shipment:
    """Put a refused or dropped parcel into the queue again, after what it was refused for has been mended.

    Raises:
        NotFound, SentAlready.
    """
    back = {"state": "waiting", "tries": 0, "next_at": at, "answer": "", "remote_id": ""}
    return _settle_by_hand(by, at, shipment_id, "shipment.retry", back)


def _settle_by_hand(
    by: Actor, at: datetime, shipment_id: UUID, act: str, changes: Mapping[str, Any]
) -> Shipment:
    with transaction.atomic():
        row = access.shipment_for(by, shipment_id, lock=True)
        roles.require(by, act, roles.Place(row.region_code))
        if row.state == "sent":
            raise SentAlready
        if row.state == changes["state"] and act == "shipment.drop":
            return row
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        _line(by, at, act, "shipment", row.id, row.region_code, {"kind": row.kind})
    return row


# --- sending ----------------------------------------------------------------------------------------------------------


def send_shipment(*, by: Actor, at: datetime, shipment_id: UUID) -> Shipment:
    """Send one parcel, or ask what became of one that the other side is working on; asked for by the worker.

    Raises:
        NotFound: there is no such parcel.
    """
    roles.require(by, "shipment.send")
    row = access.shipment_for(by, shipment_id)
    if row.state != "waiting":
        return row
    changes = _tried(row, at)
    with transaction.atomic():
        fresh = access.shipment_for(by, shipment_id, lock=True)
        if fresh.state != "waiting":
            return fresh
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save()
        facts = {"kind": fresh.kind, "state": fresh.state, "rows": fresh.rows, "tries": fresh.tries}
        _line(by, at, "shipment.send", "shipment", fresh.id, fresh.region_code, facts)
    return fresh


def _tried(row: Shipment, at: datetime) -> dict[str, Any]:
    """Make the call and say what follows from it."""
    sending: Callable[[Shipment, datetime], dict[str, Any]] = _SENDERS[row.kind]
    try:
        return sending(row, at)
    except _wire.Fault as fault:
        tries = row.tries + 1
        if not fault.again or tries >= _MOST_TRIES:
            return {"state": "refused", "answer": str(fault)[:300], "tries": tries, "next_at": None}
        wait = timedelta(minutes=_WAIT[min(tries, len(_WAIT)) - 1])
        return {"answer": str(fault)[:300], "tries": tries, "next_at": at + wait}


def _done(at: datetime, body: Mapping[str, Any], rows: int, said: str, **more: Any) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return {
        "state": "sent",
        "digest": digest,
        "rows": rows,
        "answer": said[:300],
        "next_at": None,
        "done_at": at,
        **more,
    }


def _send_values(row: Shipment, at: datetime) -> dict[str, Any]:
    found = queries.value_set(row.connection, row.month)
    body = dhis2.as_json(found)
    answer = _wire.post(f"{row.connection.url}/api/dataValueSets", body, _wire.basic(row.connection))
    told = _dhis2_told(answer)
    counts = _wire.as_object(told.get("importCount"))
    conflicts = _wire.as_list(told.get("conflicts"))
    if not answer.ok or told.get("status") == "ERROR" or conflicts:
        first = conflicts[0].get("value", "") if conflicts and isinstance(conflicts[0], dict) else ""
        raise _wire.Fault(first[:200] or _wire.words(answer), again=_wire.is_busy(answer))
    said = f"imported {counts.get('imported', 0)}, updated {counts.get('updated', 0)}, ignored {counts.get('ignored', 0)}"
    return _done(at, body, len(found.values), said, left_out=list(found.unmapped))


def _send_tracker(row: Shipment, at: datetime) -> dict[str, Any]:
    if row.remote_id:
        return _ask_tracker(row, at)
    body, missing = queries.tracked(row.connection, row.month)
    url = f"{row.connection.url}/api/tracker?async=true&atomicMode=ALL&importStrategy=CREATE_AND_UPDATE"
    answer = _wire.post(url, body, _wire.basic(row.connection))
    job = _wire.as_object(answer.json().get("response")).get("id")
    if not answer.ok or not isinstance(job, str):
        raise _wire.refused(answer)
    return {
        "remote_id": job[:80],
        "rows": len(body["trackedEntities"]),
        "left_out": missing,
        "next_at": at + _ASK_AGAIN,
        "digest": hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest(),
    }


def _ask_tracker(row: Shipment, at: datetime) -> dict[str, Any]:
    url = f"{row.connection.url}/api/tracker/jobs/{row.remote_id}/report"
    answer = _wire.ask("GET", url, headers=_wire.basic(row.connection))
    if answer.status == 404:
        raise _wire.Fault("404", again=True)
    report = answer.json()
    if not answer.ok:
        raise _wire.refused(answer)
    if report.get("status") == "OK":
        stats = _wire.as_object(report.get("stats"))
        said = f"created {stats.get('created', 0)}, updated {stats.get('updated', 0)}, ignored {stats.get('ignored', 0)}"
        return {"state": "sent", "answer": said, "next_at": None, "done_at": at}
    errors = _wire.as_list(_wire.as_object(report.get("validationReport")).get("errorReports"))
    first = _wire.as_object(errors[0]) if errors else {}
    raise _wire.Fault(str(first.get("message") or report.get("status") or "")[:200], again=False)


def _send_bundle(row: Shipment, at: datetime) -> dict[str, Any]:
    rows = Examination.objects.select_related("person", "participant", "posyandu")
    examination = rows.get(shipments=row)
    if not examination.stands or not examination.person.nik or examination.person.restricted_at is not None:
        raise _wire.Fault("taken back", again=False)
    headers = _wire.token(row.connection)
    came = queries.attended(examination)
    number = _wire.patient_number(row.connection, came.patient.nik, headers)
    body = satusehat.bundle(queries.site(row.connection), satusehat.known_as(came, number))
    answer = _wire.post(f"{row.connection.url}{_wire.FHIR}", body, headers)
    if not answer.ok:
        raise _wire.refused(answer)
    return _done(at, body, len(body["entry"]), str(answer.status))


def _dhis2_told(answer: Answer) -> dict[str, Any]:
    """The import summary: newer servers wrap it in ``response``."""
    found = answer.json()
    inner = found.get("response")
    return inner if isinstance(inner, dict) else found


_SENDERS: Mapping[str, Callable[[Shipment, datetime], dict[str, Any]]] = {
    "values": _send_values,
    "tracker": _send_tracker,
    "bundle": _send_bundle,
}


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: str,
    key: UUID,
    region_code: str,
    facts: Mapping[str, Any],
) -> None:
    journal_actions.record(
        by=by, at=at, kind=kind, subject_kind=subject, subject_id=key, facts=facts, region_code=region_code
    )
