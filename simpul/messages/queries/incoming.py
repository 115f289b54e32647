"""What came in: what is due for the machine, and conversations as people read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.messages.models import Delivery, Incoming, IncomingFile


def deliveries_due(at: datetime, limit: int = 500) -> list[UUID]:
    """Raw deliveries to be read now, oldest first."""
    found = Delivery.objects.due(at).order_by("next_try_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def to_hear(at: datetime, limit: int = 500) -> list[UUID]:
    """Messages the machine looks at next, oldest first: whole ones, and those whose missing parts will not come."""
    found = Incoming.objects.filter(state__in=("new", "parts"), hear_at__lte=at).order_by("hear_at", "id")
    return list(found.values_list("id", flat=True)[:limit])


def files_due(at: datetime, limit: int = 200) -> list[UUID]:
    """Files to be fetched now."""
    found = IncomingFile.objects.filter(state__in=("waiting", "fetching", "cleaning"), next_try_at__lte=at)
    return list(found.order_by("next_try_at", "id").values_list("id", flat=True)[:limit])


def gateway_of_file(file_id: UUID) -> UUID | None:
    """The gateway that a file has to be fetched from."""
    found = IncomingFile.objects.filter(id=file_id).values_list("incoming__gateway_id", flat=True)
    return found.first()


def incoming(incoming_id: UUID) -> Incoming | None:
    """One message with its sender, for rooms above that have checked who asks."""
    return Incoming.objects.select_related("correspondent", "gateway").filter(id=incoming_id).first()
