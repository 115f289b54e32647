"""What every story of the sample stands on: desks, actors, hamlets, a clock of its own and a seeded draw."""

from __future__ import annotations

import tomllib
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from simpul.lib.actor import Actor
from simpul.lib.media import CleanFile

if TYPE_CHECKING:
    from simpul.cases.actions.intake import Opened

CATALOGUE = Path(__file__).parent / "catalogue"
ZONE = ZoneInfo("Asia/Makassar")
"""All four places live by Central Indonesian Time (WITA)."""
DAYS = 150
"""How far back the sample reaches: five months."""
_OPENS, _CLOSES = time(8, 0), time(15, 45)

Story = Generator[datetime, datetime, None]
"""A story yields the moment of its next step and goes on when that moment has come; what lies in the future is never told."""


def read(name: str) -> dict[str, Any]:
    """A file of the catalogue."""
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Stage:
    """The sample while it is being built."""

    now: datetime
    rng: Random
    free_days: frozenset[date] = frozenset()
    desks: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    seats: dict[str, Any] = field(default_factory=dict)
    hamlets: dict[str, list[Any]] = field(default_factory=dict)
    households: dict[str, Any] = field(default_factory=dict)
    posyandu: dict[str, Any] = field(default_factory=dict)  # by name
    cadres: dict[str, Any] = field(default_factory=dict)  # by user name, or by name without an account
    photos: dict[str, CleanFile] = field(default_factory=dict)
    voice: bytes = b""
    receipts: dict[str, dict[str, str]] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    cases: int = 0
    phones: int = 100

    def who(self, username: str) -> Actor:
        """The actor in the seat of a user name; ``mitra-...`` is the partner behind a personal link."""
        return self.actors[username]

    def desk(self, code: str) -> Any:
        """The key of a desk."""
        return self.desks[code].id

    def hamlet(self, region_code: str, rng: Random) -> Any:
        """One of the village's hamlets, or None where the sample knows none."""
        known = self.hamlets.get(region_code)
        return rng.choice(known) if known else None

    def phone(self) -> str:
        """The next number of a range that no operator gives out."""
        self.phones += 1
        return f"0812-0000-{self.phones:04d}"

    def keep(self, name: str, opened: Opened) -> None:
        """Remember a receipt that the sign-in sheet shows."""
        self.receipts[name] = {"number": opened.number, "pin": opened.pin, "receipt16": opened.receipt16}

    # --- time -------------------------------------------------------------------------------------------------------

    def is_free(self, day: date) -> bool:
        """True on weekends and holidays."""
        return day.isoweekday() > 5 or day in self.free_days

    def ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment on a working day, ``days`` working days before today (0: today, or the last working day before)."""
        day = self.now.astimezone(ZONE).date()
        while self.is_free(day):
            day -= timedelta(days=1)
        for _step in range(days):
            day -= timedelta(days=1)
            while self.is_free(day):
                day -= timedelta(days=1)
        return datetime.combine(day, time(hour, minute), ZONE)

    def nights_ago(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment ``days`` calendar days before today, also on weekends and at night."""
        day = self.now.astimezone(ZONE).date() - timedelta(days=days)
        return datetime.combine(day, time(hour, minute), ZONE)

    def office(self, after: datetime, rng: Random, *, days: float = 0.0) -> datetime:
        """A moment in office hours, some ``days`` after another, a little by chance."""
        moment = (after + timedelta(days=days, minutes=rng.randint(7, 95))).astimezone(ZONE)
        while True:
            if self.is_free(moment.date()) or moment.time() > _CLOSES:
                early = time(8, rng.randint(2, 50))
                moment = datetime.combine(moment.date() + timedelta(days=1), early, ZONE)
            elif moment.time() < _OPENS:
                moment = datetime.combine(moment.date(), time(8, rng.randint(2, 50)), ZONE)
            else:
                return moment
