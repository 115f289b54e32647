"""Who is acting: the one value that doors make and every act, list and look-up takes as ``by``.

An actor is plain data, so that rules and the role table can be asked without a database, and so that an act replayed
from a phone or a village node carries exactly what it was allowed with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one seat (or the public, or the machine), at one moment.

    ``region_code`` is the area the seat serves, as a dotless Kemendagri prefix ("7602"); "" is everywhere.
    ``areas`` lists several such prefixes for staff who serve more than one; empty means ``region_code`` alone.
    ``desk_ids`` holds the desks whose work is this actor's: the seat's own, and those delegated today.
    ``strong`` is true when the session passed a second factor.
    """

    role: str
    name: str = ""
    user_id: UUID | None = None
    seat_id: UUID | None = None
    desk_id: UUID | None = None
    desk_ids: frozenset[UUID] = field(default_factory=frozenset)
    region_code: str = ""
    areas: tuple[str, ...] = ()
    person_id: UUID | None = None
    device: str = ""
    strong: bool = False
    delegated_from: UUID | None = None

    def serves(self, region_code: str) -> bool:
        """True when ``region_code`` lies inside the area of this seat."""
        return any(region_code.startswith(area) for area in self.served_areas)

    @property
    def served_areas(self) -> tuple[str, ...]:
        """The region prefixes of this seat, never empty; "" is everywhere."""
        return self.areas or (self.region_code,)

    @property
    def user_key(self) -> UUID:
        """The user's id for look-ups; the nil id, which nobody has, when nobody is signed in."""
        return self.user_id or _NOBODY

    @property
    def is_public(self) -> bool:
        """True for a resident who is not signed in."""
        return self.role == PUBLIC


_NOBODY = UUID(int=0)
PUBLIC = "public"
SYSTEM = "system"

ANYBODY = Actor(role=PUBLIC, name="")
"""A resident at the public door."""

MACHINE = Actor(role=SYSTEM, name="Simpul")
"""The installation itself: the worker, the demo, the command line."""
