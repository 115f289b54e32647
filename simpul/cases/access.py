"""Which cases an actor may see: ``visible(by)`` and ``get_for(by, id)`` are one rule.

Ordinary matters are seen by the desks on their chain and, for roles that oversee, by everybody who serves the area.
Restricted matters are seen by their chain only, never by area alone; one that names readers is confined: until it is freed its
chain sees nothing of it, and the readers do. Sealed matters are seen by the focal points of their area and by readers named to
them. Whoever is excluded (the accused, and their desk) sees nothing at all, and nothing tells them so: unknown and forbidden look
the same.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from simpul.cases.models import (
    BreakGlass,
    Case,
    CaseDesk,
    CaseSet,
    Exclusion,
    IdentityRequest,
    Publication,
    Reader,
)
from simpul.cases.models.publishing import PublicationSet
from simpul.desks.models import Seat
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.roles import ROLES, Place

AREA_ROLES = frozenset({"supervisor", "manager", "approver", "centre_admin", "coordinator", "focal_point"})
"""Roles that oversee an area and see its ordinary matters whichever desk holds them."""

KEEPING_ROLES = frozenset({"administrator", "protection_officer"})
"""Roles that keep the installation and its records, and read no matter, whichever desk they sit at."""

RELEASING_ROLES = frozenset({"approver", "manager", "head", "coordinator", "focal_point"})


def visible(by: Actor) -> CaseSet:
    """The cases this actor may see. Empty for the public (who follow by receipt) and for roles that only administer."""
    if by.role == SYSTEM:
        return Case.objects.all()
    role = ROLES.get(by.role)
    if role is None or by.role in KEEPING_ROLES or not by.desk_ids or (role.strong and not by.strong):
        return Case.objects.none()
    # Cheap tests stand first: a database that looks at row after row asks for the chain only where they leave it open.
    seen = Q()
    if by.role == "focal_point":
        seen |= _in_area(by)
    elif by.role in AREA_ROLES:
        seen |= Q(sensitivity="normal") & _in_area(by)
    seen |= ~Q(sensitivity="sealed") & ~_confined() & _on_chain(by)
    seen |= ~Q(sensitivity="normal") & _named(by)
    return Case.objects.filter(seen).exclude(_excluded(by))


def get_for(by: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """One case, if this actor may see it.

    Args:
        lock: hold the row for the rest of the transaction.

    Raises:
        NotFound: there is no such case, or not for this actor.
    """
    rows = visible(by).select_related("kind", "holder", "acting", "reporter", "about", "hamlet")
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(id=case_id).first()
    if case is None:
        raise NotFound
    return case


def kept_away(by: Actor) -> Q:
    """The cases this actor, or a desk of theirs, is kept away from: for acts that reach cases the actor need not see."""
    return _excluded(by)


def place_of(case: Case) -> Place:
    """Where a case is, in the words of the role table."""
    return Place(
        region_code=case.region_code,
        holder_ids=frozenset({case.holder_id, case.acting_id}),
        chain_ids=frozenset(case.chain.values_list("desk_id", flat=True)),
    )


def sees_reporter(by: Actor, case: Case, *, at: datetime | None = None) -> bool:
    """True when the actor may see who reported: not when the person asked to stay unnamed, unless the custodian granted it."""
    if by.role == "partner" or case.mode == "anonymous":
        return False
    if not case.hide_name or by.role in {SYSTEM, "focal_point"}:
        return True
    moment = at or timezone.now()
    return case.identity_requests.filter(
        granted=True, asked_by_user_id=by.user_key, until_at__gt=moment
    ).exists()


def sealed_for_glass(by: Actor, case_id: UUID) -> Case:
    """A sealed case of the actor's area that they do not see, for breaking the glass in an emergency.

    Raises:
        NotFound: unknown, open to the actor anyway, outside their area, or about them: all look the same.
    """
    role = ROLES.get(by.role)
    if role is None or by.user_id is None or (role.strong and not by.strong):
        raise NotFound
    closed = Case.objects.filter(_in_area(by), id=case_id, sensitivity="sealed").exclude(_excluded(by))
    case = closed.select_related("kind", "holder", "acting", "hamlet").select_for_update(of=("self",)).first()
    if case is None or visible(by).filter(id=case_id).exists():
        raise NotFound
    return case


def identity_requests(by: Actor) -> QuerySet[IdentityRequest]:
    """Wishes to see who reported that this actor decides on: those of their area, for the custodian, never about themselves."""
    if by.role != "custodian" or not by.strong:
        return IdentityRequest.objects.none()
    cases = Case.objects.filter(_in_area(by)).exclude(_excluded(by))
    return IdentityRequest.objects.filter(case__in=cases.values("id"))


def publications(by: Actor) -> PublicationSet:
    """Publications an officer may work on: of the cases they see, or waiting for release in their area."""
    mine = Q(case__in=visible(by).values("id"))
    role = ROLES.get(by.role)
    if by.role in RELEASING_ROLES and role is not None and (by.strong or not role.strong):
        area = areas.inside_any(by.served_areas)
        about_me = Case.objects.filter(_excluded(by)).values("id")
        mine |= Q(area, ~Q(case__in=about_me), case__sensitivity="normal")
    return Publication.objects.filter(mine)


def released() -> PublicationSet:
    """What the public may read."""
    return Publication.objects.released()


def _on_chain(by: Actor) -> Q:
    return Q(Exists(CaseDesk.objects.filter(case=OuterRef("pk"), desk_id__in=by.desk_ids)))


def confined() -> CaseSet:
    """Restricted matters that name readers: their chain sees nothing of them until they are freed."""
    return Case.objects.filter(_confined())


def _confined() -> Q:
    return Q(sensitivity="restricted") & Q(Exists(Reader.objects.filter(case=OuterRef("pk"))))


def _in_area(by: Actor) -> Q:
    return areas.inside_any(by.served_areas)


def _named(by: Actor) -> Q:
    now = timezone.now()
    named = Reader.objects.filter(Q(until_at=None) | Q(until_at__gt=now), user_id=by.user_key)
    glass = BreakGlass.objects.filter(user_id=by.user_key, until_at__gt=now)
    return Q(id__in=named.values("case_id")) | Q(id__in=glass.values("case_id"))


def _excluded(by: Actor) -> Q:
    """What is about the actor: themselves, a desk of this seat, or a desk at which they sit in another seat."""
    seats = Seat.objects.filter(user_id=by.user_key, withdrawn_at=None).values("desk_id")
    about = Exclusion.objects.filter(
        Q(user_id=by.user_key) | Q(desk_id__in=by.desk_ids) | Q(desk_id__in=seats), lifted_at=None
    )
    return Q(id__in=about.values("case_id"))
