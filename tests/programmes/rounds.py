"""A round of rice in Dungkait, as several tests need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from simpul.lib.actor import MACHINE, Actor
from simpul.people.models import Household
from simpul.programmes.actions import delivering, goods, listing, rounds
from simpul.programmes.actions import programmes as programme_acts
from simpul.programmes.models import Delivery, Round, RoundItem
from simpul.programmes.rules import rounds as rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble

GIVEN = rounds.RoundGiven(
    programme="bpnt",
    name="Beras bantuan triwulan IV",
    region_code=DUNGKAIT,
    starts_date=date(2026, 11, 1),
    ends_date=date(2026, 12, 31),
    period="Triwulan IV 2026",
    authority="Dinas Sosial Mamuju",
    document="460/12/2026",
    storage="Balai desa",
)


@dataclass
class Scene:
    """The cast with a round, ten kilos of rice a household, three households on the list and one that is not."""

    cast: Cast
    round: Round
    rice: RoundItem
    homes: list[Household]
    stranger: Household
    elsewhere: Household
    entries: dict[UUID, Any] = field(default_factory=dict)

    @property
    def chief(self) -> Actor:
        """The manager of the regency."""
        return self.cast.manager

    @property
    def officer(self) -> Actor:
        """Who hands out in the village."""
        return self.cast.village_officer


def home(name: str, code: str = DUNGKAIT, hamlet: Any = None) -> Household:
    """A household of one name."""
    return Household.objects.create(
        name=name, region_code=code, hamlet=hamlet, registered_at=NOW, changed_at=NOW
    )


def scene(*, received: int = 100) -> Scene:
    """Build it in the test's database."""
    cast = assemble()
    programme_acts.load_programmes(by=MACHINE, at=NOW)
    row = rounds.open_round(by=cast.manager, at=NOW, given=GIVEN)
    rice = rounds.add_goods(
        by=cast.manager, at=NOW, round_id=row.id, what="Beras", unit="kg", per_household=Decimal(10)
    )
    if received:
        goods.receive_goods(
            by=cast.manager,
            at=NOW,
            item_id=rice.id,
            quantity=Decimal(received),
            source="Bulog Mamuju",
            received_date=NOW.date(),
        )
    homes = [home(name, hamlet=cast.hamlet) for name in ("Hasnah", "Rusli", "Sitti")]
    made = listing.list_entries(
        by=cast.village_officer,
        at=NOW,
        round_id=row.id,
        entries=[listing.EntryGiven(household_id=one.id) for one in homes],
    )
    return Scene(
        cast,
        row,
        rice,
        homes,
        home("Baco"),
        home("Daeng", BONTO_JAI),
        {one.household_id: one for one in made.made if one.household_id},
    )


def given(
    here: Scene, unit: Household | None = None, much: object = 10, **more: Any
) -> delivering.DeliveryGiven:
    """What happened at a door: rice handed over and signed for, unless told otherwise."""
    said: dict[str, Any] = {
        "outcome": "delivered",
        "delivered_at": NOW - timedelta(hours=1),
        "household_id": (unit or here.homes[0]).id,
        "lines": {here.rice.id: much} if much else {},
        "receiver": "self",
        "proofs": ("signature",),
        **more,
    }
    return delivering.DeliveryGiven(**said)


def deliver(
    here: Scene, unit: Household | None = None, much: object = 10, by: Any = None, **more: Any
) -> Delivery:
    """Write it down."""
    key = more.pop("delivery_id", None)
    at = more.pop("at", NOW)
    return delivering.record_delivery(
        by=by or here.officer,
        at=at,
        round_id=here.round.id,
        given=given(here, unit, much, **more),
        delivery_id=key,
    )


def seat(actor: Actor) -> rules.Holder:
    """An officer's hands."""
    return rules.Holder("seat", str(actor.seat_id))
