"""The people who bring switched-off KIS cards back in Bonto Jai, and a list of cards: for tests of acts, pages and the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from simpul.accounts.models import User
from simpul.desks.models import Seat
from simpul.lib.actor import MACHINE, Actor
from simpul.people import actions as people_actions
from simpul.people.models import Person
from simpul.programmes.actions import kis
from simpul.programmes.models import Card, Deactivation
from simpul.regions.models import Hamlet
from tests.cast import BONTO_JAI, NOW, PASSWORD, Cast, actor

OFF = date(2026, 9, 1)
"""The day on which the cards of the tests were switched off."""

PARTS = [
    # part, role, desk, user name, full name
    ("walker", "facilitator", "puskesos", "fasilitator", "Rosmini Hamid"),
    ("other_walker", "facilitator", "puskesos", "fasilitator2", "Kamal Udin"),
    ("checker", "back_office", "secretariat", "belakang", "Nurlina Sari"),
    ("overseer", "supervisor", "secretariat", "pengawas", "Syamsul Bahri"),
    ("head", "head", "secretariat", "kadis", "Andi Mappatoba"),
]


@dataclass
class Office:
    """Everybody of the story, by part; the neighbours of the cast are there too."""

    cast: Cast
    seats: dict[str, Seat] = field(default_factory=dict)
    hamlets: dict[str, Hamlet] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        """``office.walker`` is the actor in that part's seat."""
        if name.startswith("_") or name not in self.seats:
            raise AttributeError(name)
        return actor(self.seats[name])


def furnish(cast: Cast) -> Office:
    """Seat everybody who is needed, in the cast's Puskesos and secretariat, and name two hamlets of Bonto Jai."""
    office = Office(cast)
    hashed = make_password(PASSWORD)
    for part, role, desk, username, full_name in PARTS:
        user = User.objects.create(username=username, full_name=full_name, password=hashed, created_at=NOW)
        office.seats[part] = Seat.objects.create(user=user, desk=cast.desks[desk], role=role, from_at=NOW)
    cast.seats.update(office.seats)  # so that tests of pages can sit in them
    office.seats["manager"] = cast.seats["neighbour_manager"]
    office.seats["coordinator"] = cast.seats["neighbour_coordinator"]
    office.seats["front"] = cast.seats["neighbour"]
    for name in ("Beloparang", "Sunggumanai"):
        office.hamlets[name] = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name=name)
    return office


def row(number: int, name: str, **given: Any) -> kis.CardRow:
    """One row of a list for Bonto Jai."""
    return kis.CardRow(**{"row": number, "name": name, "region_code": BONTO_JAI, **given})


def load(
    rows: Sequence[kis.CardRow], *, by: Actor = MACHINE, at: datetime = NOW, match: bool = True
) -> Deactivation:
    """A list with these rows, its people looked up."""
    group = kis.load_deactivation(
        by=by, at=at, source="Kemensos, SK 3/HUK/2026", off_date=OFF, region_code=BONTO_JAI[:4]
    )
    kis.list_cards(by=by, at=at, deactivation_id=group.id, rows=rows)
    if match:
        kis.match_cards(by=by, at=at, deactivation_id=group.id)
    return group


def card(name: str) -> Card:
    """The card of a name."""
    return Card.objects.get(name=name)


def resident(name: str, **given: Any) -> Person:
    """Somebody of the register in Bonto Jai."""
    wanted = {"full_name": name, "region_code": BONTO_JAI, **given}
    return people_actions.register_person(by=MACHINE, at=NOW, **wanted).person


WAY = (
    ("check_card", "checker", {}),
    ("pass_card", "checker", {}),
    ("verify_card", "checker", {"words": "Keluarga buruh tani, rumah kayu; desil 3."}),
    ("approve_card", "manager", {"recommendation": "440/17/DINSOS/2026"}),
    ("propose_card", "checker", {}),
    ("grant_card", "checker", {}),
    ("confirm_card", "walker", {}),
    ("complete_card", "walker", {"words": "Data dimutakhirkan di SIKS-NG."}),
)
"""The straight way of an application, by whom, with what."""


def go(office: Office, card_id: Any, upto: str, *, at: datetime = NOW) -> None:
    """Walk an application that was asked for along the straight way, up to and with one act."""
    letters = kis.LetterWords(
        facility="Puskesmas Bissappu", facility_letter="12/PKM/2026", village_letter="SKTM/4/2026"
    )
    kis.note_letters(by=office.walker, at=at, card_id=card_id, letters=letters)
    for act, part, given in WAY:
        getattr(kis, act)(by=getattr(office, part), at=at, card_id=card_id, **given)
        if act == upto:
            return
