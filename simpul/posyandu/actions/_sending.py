"""Sending one parcel: the call, and what follows from its answer. Steps of the act ``send_shipment``, no acts.

What is written into ``Shipment.answer``: the other side's own words, a few counts, or a code of ``queries.exchange``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from simpul.messages.transports.calls import Answer
from simpul.posyandu.actions import _wire
from simpul.posyandu.models import Examination, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2, satusehat

_WAIT = (1, 5, 15, 60, 240, 720)
"""Minutes until the next try; the last one again and again, for two weeks."""
MOST_TRIES = 40
_ASK_AGAIN = timedelta(minutes=1)


def tried(row: Shipment, at: datetime) -> dict[str, Any]:
    """Make the call and say what follows from it."""
    sending: Callable[[Shipment, datetime], dict[str, Any]] = _SENDERS[row.kind]
    try:
        return sending(row, at)
    except _wire.Fault as fault:
        tries = row.tries + 1
        if not fault.again or tries >= MOST_TRIES:
            return {
                "state": "refused",
                "answer": _wire.told(row.connection, fault),
                "tries": tries,
                "next_at": None,
            }
        wait = timedelta(minutes=_WAIT[min(tries, len(_WAIT)) - 1])
        return {"answer": _wire.told(row.connection, fault), "tries": tries, "next_at": at + wait}


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
    found = queries.value_set(row.connection, row.month, (row.region_code,))
    if not found.values:
        raise _wire.Fault(queries.NOTHING, again=False)
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
    body, missing = queries.tracked(row.connection, row.month, (row.region_code,))
    if not body["trackedEntities"]:
        raise _wire.Fault(queries.NOTHING, again=False)
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
    """A day of a person; what was sent before is changed there under the numbers it got, and what was taken back is marked so."""
    rows = Examination.objects.select_related("person", "participant", "posyandu")
    examination = rows.get(shipments=row)
    person = examination.person
    if person.restricted_at is not None or not person.nik or not (examination.stands or row.remote_ids):
        raise _wire.Fault(queries.TAKEN_BACK, again=False)
    headers = _wire.token(row.connection)
    came = queries.attended(examination)
    number = _wire.patient_number(row.connection, came.patient.nik, headers)
    site = queries.site(row.connection)
    body, parts = satusehat.bundle_of(
        site, satusehat.known_as(came, number), row.remote_ids, void=not examination.stands
    )
    answer = _wire.post(f"{row.connection.url}{_wire.FHIR}", body, headers)
    if not answer.ok:
        raise _wire.refused(answer)
    ids = {**row.remote_ids, **satusehat.numbers_in(answer.json(), parts)}
    return _done(at, body, len(body["entry"]), "", remote_ids=ids)


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
