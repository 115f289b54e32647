"""Consents: what they may be asked for, whether one stands, what a person gave, and the paper they take home."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.files import FileStore
from simpul.people import access
from simpul.people.models import Consent, Person
from simpul.people.rules import consent as rules

_FILE = Path(__file__).parents[1] / "catalogue" / "purposes.toml"


@lru_cache(maxsize=1)
def purposes() -> dict[str, rules.Purpose]:
    """What consent can be asked for, by code, in the order of the catalogue."""
    return rules.read_purposes(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def store() -> FileStore:
    """Where papers and recordings are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def standing(person_id: UUID, purpose: str, scope: str = "", *, at: datetime | None = None) -> Consent | None:
    """The newest consent of a person that stands for this purpose: a general one, or one for ``scope`` (a matter's or desk's id).

    None for a person whose data stand still or were erased (UU 27/2022 art. 41, 43), whatever they once agreed to.
    """
    moment = at or timezone.now()
    rows = Consent.objects.filter(
        person_id=person_id,
        purpose=purpose,
        scope__in={"", scope},
        person__restricted_at=None,
        person__erased_at=None,
    )
    for one in rows.order_by("-given_at", "-id"):
        if is_standing(one, at=moment):
            return one
    return None


def is_standing(one: Consent, *, at: datetime) -> bool:
    """True while this consent was neither withdrawn nor ran out."""
    return rules.stands(
        given_at=one.given_at,
        until_date=one.until_date,
        withdrawn_at=one.withdrawn_at,
        at=at,
        today=timezone.localdate(at),
    )


def consents_of(by: Actor, person_id: UUID, *, through_matter: bool = False) -> list[Consent]:
    """Everything a person agreed to, newest first, withdrawn ones too.

    With ``through_matter`` the caller has checked that the person belongs to a matter the actor sees.

    Raises:
        NotFound: the actor does not see this person.
    """
    if not through_matter:
        access.person_for(by, person_id)
    return list(Consent.objects.filter(person_id=person_id).order_by("-given_at", "-id"))


def consent_for(by: Actor, consent_id: UUID) -> Consent:
    """One consent of a person the actor sees, for its receipt and its proof.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    one = Consent.objects.select_related("person").filter(id=consent_id).first()
    if one is None:
        raise NotFound
    access.person_for(by, one.person_id)
    return one


def evidence(by: Actor, consent_id: UUID) -> tuple[bytes, str]:
    """The photographed paper or the recording, and its type.

    Raises:
        NotFound: none was taken, or not for this actor.
    """
    one = consent_for(by, consent_id)
    if not one.evidence_sha256:
        raise NotFound
    return store().read(one.evidence_sha256), one.evidence_mime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person takes home: what they agreed to, when, and until when a withdrawal has to be finished (UU 27/2022 art. 24, 40)."""

    consent: Consent
    person: Person
    purpose: rules.Purpose | None
    stands: bool
    stopped_by_at: datetime | None


def receipt(by: Actor, consent_id: UUID, *, at: datetime) -> Receipt:
    """The receipt of one consent, or of its withdrawal.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    one = consent_for(by, consent_id)
    stopped = one.withdrawn_at + rules.WITHDRAWN_WITHIN if one.withdrawn_at else None
    return Receipt(one, one.person, purposes().get(one.purpose), is_standing(one, at=at), stopped)


def running_out(by: Actor, at: datetime, days: int = 30, limit: int = 50) -> list[Consent]:
    """Consents of persons the actor sees that run out within some days and were not withdrawn, soonest first."""
    today = timezone.localdate(at)
    rows = Consent.objects.filter(
        Q(until_date__gte=today, until_date__lte=today + timedelta(days=days)),
        withdrawn_at=None,
        person__in=access.visible(by),
    )
    return list(rows.select_related("person").order_by("until_date")[:limit])


def standing_counts(person_ids: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, int]:
    """How many consents of each person stand, in one query. The caller has checked that its actor sees the persons."""
    moment = at or timezone.now()
    counted: dict[UUID, int] = {}
    for one in Consent.objects.filter(person_id__in=list(person_ids), withdrawn_at=None):
        if is_standing(one, at=moment):
            counted[one.person_id] = counted.get(one.person_id, 0) + 1
    return counted
