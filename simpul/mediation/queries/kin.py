"""What the register knows about ties between people: households, family cards, relations; and who else could mediate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from simpul.desks.models import Seat
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.mediation.models import Dispute, Mediator, Party
from simpul.mediation.rules import conflicts
from simpul.people import access as people_access
from simpul.people.models import Person, Relation

OFFICES = ("head", "secretary", "post_officer", "cadre")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody of the office who could mediate, with what ties them to a party (none for those named first)."""

    account_id: UUID
    name: str
    role: str
    ties: tuple[str, ...]


def person_here(by: Actor, person_id: UUID | None) -> Person | None:
    """A person of the register whom this actor may see; None for anybody else."""
    if person_id is None:
        return None
    return people_access.visible(by).filter(id=person_id, restricted_at=None).first()


def persons_named(by: Actor, region_code: str, words: str, limit: int = 12) -> list[Person]:
    """Residents of the village whose name holds these words: to tie a party to the register."""
    key = text.search_key(words).strip()
    if len(key) < 3:
        return []
    rows = people_access.visible(by).filter(region_code=region_code, restricted_at=None, life="here")
    found = rows.filter(Q(name_key__contains=text.name_key(words)) | Q(full_name__icontains=words.strip()))
    return list(found.select_related("hamlet").order_by("full_name", "id")[:limit])


def known_of(name: str, person: Person | None, spoken_by: str = "") -> conflicts.Known:
    """One person as the rule of conflicts reads them."""
    related: set[UUID] = set()
    if person is not None:
        rows = Relation.objects.filter(Q(person=person) | Q(other=person), until_date=None)
        for one, other in rows.values_list("person_id", "other_id"):
            related |= {one, other} - {person.id}
    return conflicts.Known(
        key=person.id if person else None,
        name_key=text.name_key(name),
        household=person.household_id if person else None,
        family=person.family_id if person else None,
        speaker_key=text.name_key(spoken_by) if spoken_by else "",
        related=frozenset(related),
    )


def parties_known(dispute: Dispute) -> list[conflicts.Known]:
    """The parties of a dispute, as the rule of conflicts reads them."""
    rows = Party.objects.filter(dispute=dispute, withdrawn_at=None).select_related("person")
    return [known_of(one.name, one.person, one.spoken_by) for one in rows]


def mediators_standing(dispute: Dispute) -> Iterable[Mediator]:
    """Those who mediate now."""
    rows = Mediator.objects.filter(dispute=dispute, withdrawn_at=None, ended_at=None)
    return rows.select_related("person").order_by("-leads", "recorded_at", "id")


def proposals(dispute: Dispute, limit: int = 8) -> list[Proposal]:
    """Who of the office could mediate: those without any tie first. People with an account only; others are written by name."""
    parties = parties_known(dispute)
    seats = Seat.objects.filter(
        desk__region_code=dispute.region_code, role__in=OFFICES, withdrawn_at=None, user__is_active=True
    ).select_related("user")
    held = {one.account_id for one in mediators_standing(dispute)}
    rows: dict[UUID, Proposal] = {}
    for seat in seats.order_by("user__full_name", "id"):
        if seat.user_id in held or seat.user_id in rows:
            continue
        name = seat.user.full_name
        ties = conflicts.found(known_of(name, None), parties)
        rows[seat.user_id] = Proposal(seat.user_id, name, seat.role, ties)
    return sorted(rows.values(), key=lambda one: (len(one.ties), one.name))[:limit]


def account_named(dispute: Dispute, account_id: UUID | None) -> str:
    """The name of somebody who signs in at this village; "" for anybody else."""
    if account_id is None:
        return ""
    found = Seat.objects.filter(
        desk__region_code=dispute.region_code, user_id=account_id, withdrawn_at=None, user__is_active=True
    )
    return str(found.values_list("user__full_name", flat=True).first() or "")
