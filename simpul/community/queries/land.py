"""Idle land as desk and portal show it: where each parcel stands, its uses, harvests and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Sum

from simpul.community.access import works as access
from simpul.community.models import Harvest, LandInput, LandUse, OwnerConsent, Parcel
from simpul.community.rules import land as rules
from simpul.lib import areas
from simpul.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """A parcel with where it stands on a day."""

    parcel: Parcel
    state: str
    use: LandUse | None
    consent: OwnerConsent | None


def listed(by: Actor, today: date, *, region: str = "", state: str = "") -> list[Standing]:
    """Parcels of the actor's area; what must be given back comes first. The number of database queries is fixed."""
    rows = access.parcels(by).select_related("hamlet")
    if region:
        rows = rows.filter(areas.inside(region))
    found = [_standing(one, today) for one in rows.prefetch_related(*_beside()).order_by("name", "id")[:500]]
    order = ["overdue", "due", "idle", "used", "no_consent"]
    kept = [one for one in found if not state or one.state == state]
    return sorted(kept, key=lambda one: order.index(one.state))


def _beside() -> list[Prefetch]:
    return [
        Prefetch(
            "uses",
            LandUse.objects.filter(withdrawn_at=None, returned_date=None),
            to_attr="running",
        ),
        Prefetch(
            "consents",
            OwnerConsent.objects.filter(withdrawn_at=None).order_by("-to_date"),
            to_attr="standing",
        ),
    ]


def _standing(parcel: Any, today: date) -> Standing:
    use = parcel.running[0] if parcel.running else None
    consent = parcel.standing[0] if parcel.standing else None
    state = rules.state_of(
        consent_until=consent.to_date if consent else None,
        used_until=use.until_date if use else None,
        today=today,
    )
    return Standing(parcel, state, use, consent)


@dataclass(frozen=True, slots=True)
class Told:
    """One parcel with its story."""

    standing: Standing
    consents: Sequence[OwnerConsent]
    uses: Sequence[Any]


def told(by: Actor, parcel_id: UUID, today: date) -> Told:
    """One parcel with consents, uses, costs and harvests.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    parcel = access.parcel_for(by, parcel_id)
    rows = access.parcels(by).select_related("hamlet").prefetch_related(*_beside())
    uses = (
        LandUse.objects.filter(parcel=parcel, withdrawn_at=None)
        .prefetch_related(
            Prefetch("inputs", LandInput.objects.order_by("given_date", "recorded_at")),
            Prefetch("harvests", Harvest.objects.order_by("harvested_date", "recorded_at")),
        )
        .order_by("-started_date")
    )
    return Told(
        standing=_standing(rows.get(id=parcel.id), today),
        consents=list(OwnerConsent.objects.filter(parcel=parcel).order_by("-from_date", "-recorded_at")),
        uses=list(uses),
    )


@dataclass(frozen=True, slots=True)
class PublicLand:
    """What everybody may read of idle land: nobody's name, no phone."""

    name: str
    hamlet: str
    square_metres: int
    ground: str
    state: str
    crop: str
    until: date | None
    harvested_grams: int


def public_listed(region_code: str, today: date) -> list[PublicLand]:
    """Land that looks for somebody, and land that bears already, of one village or a wider area."""
    rows = Parcel.objects.filter(
        areas.inside(region_code) if region_code else areas.inside(""), removed_at=None
    )
    sums = dict(
        Harvest.objects.filter(withdrawn_at=None, use__parcel__in=rows)
        .values_list("use__parcel_id")
        .annotate(total=Sum("grams"))
    )
    found = []
    for one in rows.select_related("hamlet").prefetch_related(*_beside()).order_by("name", "id")[:500]:
        stands = _standing(one, today)
        if stands.state == "no_consent":
            continue
        found.append(
            PublicLand(
                name=one.name,
                hamlet=one.hamlet.name if one.hamlet else "",
                square_metres=one.square_metres,
                ground=one.ground,
                state=stands.state,
                crop=stands.use.crop if stands.use else "",
                until=stands.use.until_date
                if stands.use
                else stands.consent.to_date
                if stands.consent
                else None,
                harvested_grams=sums.get(one.id, 0),
            )
        )
    return found
