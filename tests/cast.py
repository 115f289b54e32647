"""The cast: one named village with its officers, and the neighbour who must see nothing.

The village is Dungkait (Tapalang Barat, Mamuju); its call centre, working group for shelter, partner institution, approver and
focal point stand over it. The neighbour is Bonto Jai (Bissappu, Bantaeng), with a Puskesos and a manager of its own. All
people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from simpul.accounts.models import User
from simpul.cases.actions import intake
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.models import Case, Kind, Route
from simpul.desks.models import Desk, Institution, Seat
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.regions.models import Hamlet, Region

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10.00 in Mamuju."""

DUNGKAIT = "7602132001"
BOTTENG = "7602122003"
BONTO_JAI = "7303012008"

REGIONS = [
    ("76", "Sulawesi Barat", 1, "provinsi"),
    ("7602", "Mamuju", 2, "kabupaten"),
    ("760212", "Simboro", 3, "kecamatan"),
    ("760213", "Tapalang Barat", 3, "kecamatan"),
    (BOTTENG, "Botteng", 4, "desa"),
    (DUNGKAIT, "Dungkait", 4, "desa"),
    ("73", "Sulawesi Selatan", 1, "provinsi"),
    ("7303", "Bantaeng", 2, "kabupaten"),
    ("730301", "Bissappu", 3, "kecamatan"),
    (BONTO_JAI, "Bonto Jai", 4, "desa"),
]


@dataclass
class Cast:
    """Everybody, by the name their part has in the stories."""

    desks: dict[str, Desk] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    hamlet: Hamlet = field(default=None)  # type: ignore[assignment]
    now: datetime = NOW

    def __getattr__(self, name: str) -> Actor:
        """``cast.admin`` is the actor in that part's seat."""
        if name.startswith("_") or name not in self.seats:
            raise AttributeError(name)
        return actor(self.seats[name])

    def user(self, name: str) -> User:
        """The person who signs in for a part; the password is always ``PASSWORD``."""
        return self.seats[name].user

    def desk(self, code: str) -> Desk:
        """A desk by its code."""
        return self.desks[code]

    def case(self, **given: Any) -> Case:
        """A matter from Dungkait, as a resident would send it; keyword arguments change it."""
        return self.opened(**given).case

    def opened(self, **given: Any) -> intake.Opened:
        """A matter with its receipt."""
        wanted: dict[str, Any] = {
            "by": ANYBODY,
            "at": NOW,
            "kind_code": "complaint",
            "text_given": "Lampu jalan di dusun kami padam sejak sebulan lalu.",
            "region_code": DUNGKAIT,
            "channel": "web",
            "reporter": intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
        }
        wanted.update(given)
        return intake.open_case(**wanted)


PASSWORD = "sampan-kecil-2026"

DESKS = [
    # code, name, kind, level, region, above, protected, outside
    ("leaders-mamuju", "Sekretariat Daerah Mamuju", "leadership", "regency", "7602", None, False, False),
    ("centre", "Call Center Mamuju", "call_centre", "regency", "7602", "leaders-mamuju", False, False),
    ("shelter", "Pokja Hunian", "pokja", "regency", "7602", "centre", False, False),
    ("water", "Pokja Air Bersih", "pokja", "regency", "7602", "centre", False, False),
    ("partner", "Yayasan Atap Bersama", "partner", "partner", "7602", "shelter", False, False),
    ("outside", "Baznas Mamuju", "outside_body", "regency", "7602", "centre", False, True),
    ("protected", "Unit Perlindungan Mamuju", "protected", "regency", "7602", "leaders-mamuju", True, False),
    ("village", "Kantor Desa Dungkait", "village_office", "village", DUNGKAIT, "centre", False, False),
    ("posyandu", "Posyandu Dungkait", "posyandu", "village", DUNGKAIT, "village", False, False),
    ("puskesos", "Puskesos Bonto Jai", "puskesos", "village", BONTO_JAI, "secretariat", False, False),
    ("secretariat", "UPT SPMKS Sipakatau", "secretariat", "regency", "7303", None, False, False),
]

SEATS = [
    # part, role, desk, user name, full name
    ("admin", "centre_admin", "centre", "ratna", "Ratna Dewi"),
    ("second_admin", "centre_admin", "centre", "yusuf", "Yusuf Tandi"),
    ("approver", "approver", "centre", "hasan", "Hasan Basri"),
    ("manager", "manager", "leaders-mamuju", "marwah", "Marwah Tahir"),
    ("pokja", "pokja", "shelter", "andi", "Andi Saldi"),
    ("other_pokja", "pokja", "water", "lina", "Lina Marlina"),
    ("partner", "partner", "partner", "grace", "Grace Palit"),
    ("focal", "focal_point", "protected", "ibu.perlindungan", "Hamida Yunus"),
    ("custodian", "custodian", "leaders-mamuju", "penjaga", "Rahim Latif"),
    ("village_officer", "post_officer", "village", "ilham", "Ilham Rasyid"),
    ("village_head", "head", "village", "kades", "Sulaeman Hakim"),
    ("secretary", "secretary", "village", "sekdes", "Nurjannah Saleng"),
    ("election", "election_supervisor", "village", "pkd", "Rustam Effendi"),
    ("cadre", "cadre", "posyandu", "kader", "Hasniah Lino"),
    ("second_cadre", "cadre", "posyandu", "kader2", "Rahmania Puang"),
    ("posyandu_chair", "coordinator", "posyandu", "ketua.posyandu", "Kartini Salu"),
    ("midwife", "health_officer", "posyandu", "bidan", "Irmawati Tasrif"),
    ("administrator", "administrator", "leaders-mamuju", "pengelola", "Dian Pratiwi"),
    ("protection_officer", "protection_officer", "leaders-mamuju", "pdp", "Sitti Aminah"),
    ("neighbour", "front_office", "puskesos", "tetangga", "Baso Daeng"),
    ("neighbour_officer", "post_officer", "puskesos", "pos.tetangga", "Kamaruddin Sila"),
    ("neighbour_cadre", "cadre", "puskesos", "kader.tetangga", "Nurmiati Baso"),
    ("neighbour_head", "head", "puskesos", "kades.tetangga", "Abdul Rauf"),
    ("neighbour_coordinator", "coordinator", "puskesos", "koordinator", "Jumriah Saleh"),
    ("neighbour_manager", "manager", "secretariat", "manajer", "Asdar Nur"),
]


def actor(seat: Seat, *, strong: bool = True) -> Actor:
    """The actor of a seat, with its second factor passed."""
    desk = seat.desk
    return Actor(
        role=seat.role,
        name=seat.user.full_name,
        user_id=seat.user_id,
        seat_id=seat.id,
        desk_id=desk.id,
        desk_ids=frozenset({desk.id}),
        region_code=desk.region_code,
        strong=strong,
    )


def assemble() -> Cast:
    """Build the cast in the test's database."""
    cast = Cast()
    Region.objects.bulk_create(
        Region(
            code=code,
            name=name,
            level=level,
            kind=kind,
            search_key=name.lower(),
            zone="Asia/Makassar" if level == 1 else "",
            source="test",
        )
        for code, name, level, kind in REGIONS
    )
    cast.hamlet = Hamlet.objects.create(village_id=DUNGKAIT, kind="dusun", name="Dusun Taludu")
    Institution.objects.update_or_create(
        id=1, defaults={"name": "Pemerintah Kabupaten Mamuju", "short_name": "Mamuju", "region_code": "7602"}
    )
    _furnish(cast)
    _seat(cast)
    kind_actions.load_kinds(by=MACHINE, at=NOW)
    Route.objects.bulk_create(
        Route(
            kind=kind,
            region_code=region,
            position=0,
            desk=cast.desks[first if region == "7602" else "puskesos"],
        )
        for kind in Kind.objects.all()
        for first in ["protected" if kind.sensitivity == "sealed" else "centre"]
        for region in ("7602", "7303")
    )
    return cast


def _furnish(cast: Cast) -> None:
    for code, name, kind, level, region, _above, protected, outside in DESKS:
        cast.desks[code] = Desk(
            code=code,
            name=name,
            kind=kind,
            level=level,
            region_code=region,
            protected=protected,
            outside=outside,
            opened_at=NOW,
            email=f"{code}@contoh.invalid" if code in {"outside", "partner"} else "",
        )
    for desk in cast.desks.values():
        desk.save()
    for code, _name, _kind, _level, _region, above, _protected, _outside in DESKS:
        if above:
            cast.desks[code].above = cast.desks[above]
            cast.desks[code].save()


def _seat(cast: Cast) -> None:
    hashed = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=username, full_name=full_name, password=hashed, created_at=NOW)
        for _part, _role, _desk, username, full_name in SEATS
    )
    seats = Seat.objects.bulk_create(
        Seat(user=user, desk=cast.desks[desk], role=role, from_at=NOW)
        for user, (_part, role, desk, _username, _full_name) in zip(users, SEATS, strict=True)
    )
    cast.seats = {row[0]: seat for row, seat in zip(SEATS, seats, strict=True)}


def seat_id(cast: Cast, part: str) -> UUID:
    """The key of a part's seat."""
    return cast.seats[part].id
