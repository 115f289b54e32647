"""What the register knows about ties between people: households, family cards, relations; and who else could mediate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.desks.models import Seat
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.mediation import access
from simpul.mediation.models import Dispute, Mediator, Party
from simpul.mediation.rules import conflicts
from simpul.people.models import Person, Relation

OFFICES = ("head", "secretary", "post_officer", "cadre")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody of the office who could mediate, with what ties them to a party (none for those named first)."""

    account_id: UUID
    name: str
    role: str
    ties: tuple[str, ...]


def person_here(dispute: Dispute, person_id: UUID | None) -> Person | None:
    """A resident of the dispute's village whose data may be used; None for anybody else. The caller reads the dispute already."""
    if person_id is None:
        return None
    return _residents(dispute).filter(id=person_id).first()


def persons_named(by: Actor, dispute: Dispute, words: str, limit: int = 12) -> list[Person]:
    """Residents of the village whose name holds these words: to tie a party or a mediator to the register."""
    if len(words.strip()) < 3 or not roles.may(by, "party.record", access.place_of(dispute)):
        return []
    rows = _residents(dispute).filter(
        Q(name_key__contains=text.name_key(words)) | Q(full_name__icontains=words.strip())
    )
    return list(rows.select_related("hamlet").order_by("full_name", "id")[:limit])


def _residents(dispute: Dispute) -> QuerySet[Person]:
    rows = Person.objects.filter(region_code=dispute.region_code, life="here", restricted_at=None)
    return rows.filter(erased_at=None)


def known_by_name(dispute: Dispute, name: str) -> conflicts.Known:
    """A mediator who is written by name: what the register knows of the one resident of that name, never that they are a party."""
    found = list(_residents(dispute).filter(name_key=text.name_key(name))[:2])
    known = known_of(name, found[0] if len(found) == 1 else None)
    return replace(known, key=None)


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
        ties = conflicts.found(known_by_name(dispute, name), parties)
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
