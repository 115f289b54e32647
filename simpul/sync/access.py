"""Which devices, entries and questions somebody may see: those of the area they oversee, and their own devices."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.models import Case, Kind
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.sync.models import Device, Event, Invitation, Task


def devices(by: Actor) -> QuerySet[Device]:
    """Devices at the desks of the area for those who may lock them; for everybody else those of their own seat."""
    return Device.objects.filter(_at_desks(by, "device.revoke") | Q(seat_id=by.seat_id or _NO_SEAT))


def device_for(by: Actor, device_id: UUID) -> Device:
    """One device.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = devices(by).select_related("seat__user", "desk").filter(id=device_id).first()
    if found is None:
        raise NotFound
    return found


def invitations(by: Actor) -> QuerySet[Invitation]:
    """Invitations to desks of the area, for those who may invite."""
    return Invitation.objects.filter(_at_desks(by, "device.invite"))


def events(by: Actor) -> QuerySet[Event]:
    """Entries of devices for those who settle them: in their area, whoever wrote them."""
    return Event.objects.filter(_inside(by, "event.settle"))


def reads(by: Actor, event: Event) -> bool:
    """True when somebody who settles an entry may read what was typed in it.

    Of a matter only those who may see that matter. One that is not here yet is read when its kind is an ordinary one and nobody ticked
    danger: what becomes a sealed matter once it is entered is shown to nobody before.
    """
    if not event.kind.startswith(("case.", "feedback.")) or not event.body:
        return True
    data = json.loads(event.body).get("d", {})
    if event.kind.startswith("feedback."):
        return not data.get("sensitive")
    try:
        case_id = UUID(str(data.get("case_id")))
    except ValueError:
        case_id = _NO_SEAT
    if Case.objects.filter(id=case_id).exists():
        return bool(case_access.visible(by).filter(id=case_id).exists())
    kind = Kind.objects.filter(code=str(data.get("kind", ""))[:60]).first()
    return kind is not None and kind.sensitivity == "normal" and not data.get("triage")


def tasks(by: Actor) -> QuerySet[Task]:
    """Questions about entries of devices, for those who settle them in the area."""
    return Task.objects.filter(_inside(by, "question.settle"))


def _at_desks(by: Actor, act: str) -> Q:
    scope = roles.scope_of(by, act)
    if scope is roles.Scope.ALL:
        return Q(pk__isnull=False)  # an empty Q would vanish in an "or"
    if scope is None:
        return Q(pk__in=[])
    return areas.inside_any(by.served_areas, "desk__region_code")


def _inside(by: Actor, act: str) -> Q:
    scope = roles.scope_of(by, act)
    if scope is roles.Scope.ALL:
        return Q(pk__isnull=False)
    return Q(pk__in=[]) if scope is None else areas.inside_any(by.served_areas)


_NO_SEAT = UUID(int=0)
