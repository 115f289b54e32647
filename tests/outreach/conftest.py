"""The cast with two facilitators and a supervisor in Bissappu, and households of Bonto Jai."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from simpul.accounts.models import User
from simpul.desks.models import Desk, Seat
from simpul.lib.actor import Actor
from simpul.people import queries as people_queries
from simpul.people.models import Household, Person, Profile
from simpul.regions.models import Hamlet
from tests.cast import BONTO_JAI, NOW, Cast, actor, assemble


@dataclass
class Field:
    """Who walks and who oversees, and the hamlet they walk in."""

    cast: Cast
    seats: dict[str, Seat] = field(default_factory=dict)
    hamlet: Hamlet = field(default=None)  # type: ignore[assignment]

    @property
    def arman(self) -> Actor:
        """A facilitator."""
        return actor(self.seats["arman"])

    @property
    def nur(self) -> Actor:
        """Another facilitator of the same place."""
        return actor(self.seats["nur"])

    @property
    def rosdiana(self) -> Actor:
        """Their supervisor."""
        return actor(self.seats["rosdiana"])

    def home(self, name: str = "Daeng Ngemba", region: str = BONTO_JAI, **profile: Any) -> Household:
        """A household with one person; keyword arguments are of the profile, ``nik`` and ``born`` of the person."""
        nik, born = profile.pop("nik", ""), profile.pop("born", None)
        hamlet = self.hamlet if region == BONTO_JAI else None
        row = Household.objects.create(
            region_code=region, hamlet=hamlet, name=name, registered_at=NOW, changed_at=NOW
        )
        person = Person.objects.create(
            full_name=name, name_key=name.lower(), region_code=region, household=row, resident=True,
            nik=nik, nik_index=people_queries.nik_index(nik), birth_date=born, registered_at=NOW,
        )  # fmt: skip
        row.head = person
        row.save()
        if profile:
            Profile.objects.create(person=person, changed_at=NOW, **profile)
        return row


@pytest.fixture
def field_(db: None) -> Field:
    """Everybody."""
    cast = assemble()
    made = Field(cast)
    walking = Desk.objects.create(
        code="walkers", name="Fasilitator Bissappu", kind="puskesos", level="district", region_code="730301", opened_at=NOW
    )  # fmt: skip
    for part, role in (("arman", "facilitator"), ("nur", "facilitator"), ("rosdiana", "supervisor")):
        user = User.objects.create(username=part, full_name=part.title(), password="!", created_at=NOW)
        made.seats[part] = Seat.objects.create(user=user, desk=walking, role=role, from_at=NOW)
    made.hamlet = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name="Dusun Pundingin")
    return made


TODAY = date(2026, 11, 23)
