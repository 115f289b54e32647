"""Parcels for other systems: prepared by a person for a month, sent by the worker, and sent again until the other side has answered.

The call stands outside every transaction; what came of it is written after it. A parcel is built from the rows as they are when it is sent,
so what was corrected meanwhile goes out corrected. Sending again changes nothing there: identifiers are made of our own keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import exchange as access
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import _sending
from simpul.posyandu.models import Connection, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import recaps as recap_rules

KINDS: Mapping[str, tuple[str, ...]] = {"dhis2": ("values", "tracker"), "satusehat": ("bundle",)}
NAMED = ("tracker", "bundle")
"""Kinds in which people have names: prepared by who may see what was measured."""
LABELS: Mapping[str, Any] = {
    "data_set": _("Data set"),
    "program": _("Tracker program"),
    "stage": _("Program stage"),
    "type": _("Tracked entity type"),
    "organization": _("Organisation ID"),
    "elements": _("Figures"),
    "units": _("Organisation units"),
    "event_elements": _("Values of a weighing"),
}
"""What these are called in the form."""
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


class NamesMissing(Refused):
    """Without identifiers of the other side there is nothing that it could take."""

    code = "shipment.names_missing"
    sentence = _(
        "The connection does not say yet: %(what)s. Whoever administers the regency adds it under Connections."
    )


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

    Over the connection of a wider area a seat sends its own villages alone.

    Raises:
        NotFound: no such connection for this actor.
        SwitchedOff, KindUnknown, NamesMissing, NamesNeeded, MonthAhead, NothingThere.
    """
    row = access.connection_for(by, connection_id)
    over = access.areas_over(by, row)
    for area in over:
        roles.require(by, "shipments.prepare", roles.Place(area))
    month = recap_rules.first_of(month)
    if not row.on:
        raise SwitchedOff
    if kind not in KINDS[row.system]:
        raise KindUnknown
    if kind in NAMED and not any(roles.may_somewhere(by, act) for act in posyandu_access.NAMED):
        raise NamesNeeded
    if lacking := queries.lacking(row, kind):
        raise NamesMissing(what=LABELS[lacking])
    if month > at.date():
        raise MonthAhead
    with transaction.atomic():
        if kind == "bundle":
            lines, without = queries.to_queue(row, month, over)
            never = lines.filter(sent_at=None).count()
            keys = dict(lines.values_list("id", "region_code")[:_MOST])
            _queue_lines(by, at, row, month, keys)
            prepared = Prepared(len(keys), without, left=max(0, never - len(keys)))
        else:
            for area in over:
                _queue(by, at, row, kind, month, area)
            prepared = Prepared(len(over))
        if not prepared.parcels:
            raise NothingThere
        facts = {
            "kind": kind,
            "month": recap_rules.written(month),
            "parcels": prepared.parcels,
            "without_nik": prepared.without_nik,
        }
        _line(by, at, "shipments.prepare", "connection", row.id, over[0], facts)
    return prepared


def _queue(by: Actor, at: datetime, row: Connection, kind: str, month: date, area: str) -> None:
    wanted = {
        "connection": row,
        "kind": kind,
        "month": month,
        "region_code": area,
        "examination": None,
    }
    values = _waiting(by, at)
    Shipment.objects.update_or_create(
        defaults=values, create_defaults={"id": uuid7(), **wanted, **values}, **wanted
    )


def _queue_lines(by: Actor, at: datetime, row: Connection, month: date, keys: Mapping[UUID, str]) -> None:
    """One parcel for each line: those that were sent before wait again."""
    values = _waiting(by, at)
    again = Shipment.objects.filter(connection=row, examination_id__in=list(keys))
    known = set(again.values_list("examination_id", flat=True))
    again.update(**values)
    Shipment.objects.bulk_create(
        [
            Shipment(
                id=uuid7(),
                connection=row,
                kind="bundle",
                month=month,
                region_code=area,
                examination_id=key,
                **values,
            )
            for key, area in keys.items()
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
        "left_out": [],
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
    changes = _sending.tried(row, at)
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
