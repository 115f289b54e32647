"""What persons were given by desks and institutions that a matter of theirs was referred to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from simpul.cases import access
from simpul.cases.models import Hop
from simpul.lib.actor import Actor

MOST = 50


@dataclass(frozen=True, slots=True)
class Gift:
    """One thing that was given: by whom, in which matter, to which person of the register."""

    hop_id: UUID
    case_id: UUID
    number: str
    person_id: UUID
    desk: str
    service: str
    amount: int | None  # whole rupiah
    on_date: date | None
    to: str


def to_persons(by: Actor, person_ids: Collection[UUID]) -> list[Gift]:
    """What referrals gave these persons, the newest first: of matters the actor sees, about them or told by them.

    Whose matter it is stays hidden where the name does: who asked to stay unnamed, and who gave no name, is on no list of a household.
    """
    keys = list(person_ids)
    told = Q(case__about=None, case__reporter__in=keys, case__hide_name=False) & ~Q(case__mode="anonymous")
    rows = (
        Hop.objects.filter(Q(case__about__in=keys) | told, state="answered")
        .exclude(given_service="", given_amount=None)
        .filter(case__in=access.visible(by).values("id"))
        .select_related("case", "to_desk")
        .order_by("-ended_at", "-id")[:MOST]
    )
    return [
        Gift(
            hop_id=one.id,
            case_id=one.case_id,
            number=one.case.number,
            person_id=person_id,
            desk=one.to_desk.name,
            service=one.given_service,
            amount=one.given_amount,
            on_date=one.given_date,
            to=one.given_to,
        )
        for one in rows
        if (person_id := one.case.about_id or one.case.reporter_id) is not None
    ]
