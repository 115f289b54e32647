"""Which connections, parcels and comparisons an actor may see: those of the area of the seat."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.people.models import Batch
from simpul.people.queries import imports as import_queries
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Comparison, Connection, Shipment

SENDING = ("connection.set", "shipments.prepare")


def connections(by: Actor) -> QuerySet[Connection]:
    """Connections of the area; for who may send also those of a wider one, over which the own villages go."""
    rows: QuerySet[Connection] = access.rows(by, Connection, SENDING)
    if roles.may_somewhere(by, "shipments.prepare"):
        wider = {area[:length] for area in by.served_areas for length in range(len(area))}
        rows = rows | Connection.objects.filter(region_code__in=wider)
    return rows.order_by("system", "region_code")


def areas_over(by: Actor, row: Connection) -> tuple[str, ...]:
    """The areas an actor may send over a connection: its own whole area, or the parts of it that the seat serves."""
    if by.serves(row.region_code):
        return (row.region_code,)
    return tuple(area for area in by.served_areas if area.startswith(row.region_code))


def connection_for(by: Actor, connection_id: UUID, *, lock: bool = False) -> Connection:
    """One connection. Raises ``NotFound``."""
    found: Connection = access.one(connections(by), connection_id, lock=lock)
    return found


def shipments(by: Actor) -> QuerySet[Shipment]:
    """Parcels of the area, the newest first."""
    rows: QuerySet[Shipment] = access.rows(by, Shipment, SENDING)
    return rows.select_related("connection", "examination__person").order_by("-prepared_at", "-id")


def shipment_for(by: Actor, shipment_id: UUID, *, lock: bool = False) -> Shipment:
    """One parcel. Raises ``NotFound``."""
    found: Shipment = access.one(shipments(by), shipment_id, lock=lock)
    return found


def batches(by: Actor) -> QuerySet[Batch]:
    """Lists of e-PPGBM of the area whose names this seat may see."""
    rows = import_queries.batches(by).filter(kind="eppgbm")
    named = any(roles.may_somewhere(by, act) for act in access.NAMED)
    return rows if named else rows.none()


def batch_for(by: Actor, batch_id: UUID) -> Batch:
    """One list. Raises ``NotFound``."""
    found: Batch = access.one(batches(by), batch_id)
    return found


def comparisons(by: Actor, batch: Batch) -> QuerySet[Comparison]:
    """Rows of a list with both judgements, in the order of the sheet."""
    rows: QuerySet[Comparison] = access.rows(by, Comparison, access.NAMED)
    return (
        rows.filter(batch=batch)
        .select_related("examination__person", "examination__posyandu")
        .order_by("row")
    )
