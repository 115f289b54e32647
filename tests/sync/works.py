"""Events as devices send them, ready for the handlers: a stage in Bonto Jai, and for every kind of event one that is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from simpul.accounts.models import User
from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.desks.models import Desk, Seat
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.meetings import actions as meeting_actions
from simpul.outreach import actions as outreach_actions
from simpul.outreach.queries import trip_checks
from simpul.outreach.rules import checks as check_rules
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.people.models import Family, Household, Person
from simpul.programmes.actions import goods, listing, rounds
from simpul.programmes.actions import programmes as programme_acts
from simpul.regions.models import Hamlet
from simpul.sync import handlers
from simpul.sync.rules import chain
from tests import kis
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, actor, assemble

DISTRICT = "730301"
DEVICE = UUID(int=0xD)
LATER = NOW + timedelta(days=2)
_numbers = count(1)


@dataclass
class Stage:
    """Bonto Jai: a facilitator, a supervisor, a post officer; two households; the rest is built when it is asked for."""

    cast: Cast
    seats: dict[str, Seat] = field(default_factory=dict)
    hamlet: Hamlet = field(default=None)  # type: ignore[assignment]
    office: kis.Office = field(default=None)  # type: ignore[assignment]

    @property
    def walker(self) -> Actor:
        """The facilitator."""
        return actor(self.seats["walker"])

    @property
    def chief(self) -> Actor:
        """The supervisor."""
        return actor(self.seats["chief"])

    @property
    def post(self) -> Actor:
        """The post officer of the village."""
        return actor(self.seats["post"])

    @property
    def stranger(self) -> Actor:
        """Somebody of Dungkait, in no seat of Bonto Jai."""
        return actor(self.cast.seats["village_officer"])

    def home(self, name: str = "Daeng Ngemba", **given: Any) -> Household:
        """A household with its head."""
        row = Household.objects.create(
            region_code=given.pop("region", BONTO_JAI),
            hamlet=self.hamlet,
            name=name,
            registered_at=NOW,
            changed_at=NOW,
        )
        row.head = self.person(name, household=row, region=row.region_code, **given)
        row.save()
        return row

    def person(self, name: str = "Sitti", household: Household | None = None, **given: Any) -> Person:
        """A person of the register."""
        nik = given.pop("nik", "")
        return Person.objects.create(
            full_name=name, name_key=name.lower(), region_code=given.pop("region", BONTO_JAI), household=household,
            resident=True, nik=nik, nik_index=people_queries.nik_index(nik), registered_at=NOW, **given,
        )  # fmt: skip


def stage() -> Stage:
    """Build it in the test's database."""
    cast = assemble()
    made = Stage(cast, office=kis.furnish(cast))
    desk = Desk.objects.create(
        code="walkers", name="Fasilitator Bissappu", kind="puskesos", level="district", region_code=DISTRICT, opened_at=NOW
    )  # fmt: skip
    for part, role in (("walker", "facilitator"), ("chief", "supervisor"), ("post", "post_officer")):
        user = User.objects.create(username=f"s-{part}", full_name=part.title(), password="!", created_at=NOW)
        made.seats[part] = Seat.objects.create(user=user, desk=desk, role=role, from_at=NOW)
    made.hamlet = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name="Dusun Pundingin")
    return made


def event(
    kind: str,
    data: Mapping[str, Any],
    *,
    seen: Mapping[str, str] | None = None,
    subject: str = "",
    at: datetime = NOW,
) -> chain.Event:
    """One event of the device of the tests; each has its own number."""
    return chain.make(
        device=DEVICE,
        epoch="00000000aa",
        seq=next(_numbers),
        prev=bytes(32),
        kind=kind,
        at=int(at.timestamp() * 1000),
        subject=subject,
        data=dict(data),
        seen=dict(seen or {}),
        run=bytes(16),
    )


def work(by: Actor, one: chain.Event, *, happened: datetime = NOW, at: datetime = LATER) -> handlers.Work:
    """The event on its way to its handler."""
    device = replace(by, device="dev-test")
    return handlers.Work(device, at, happened, DEVICE, "dev-test", one)


def run(by: Actor, kind: str, data: Mapping[str, Any], **given: Any) -> handlers.Done:
    """Do one event."""
    timing = {name: given.pop(name) for name in ("happened", "at") if name in given}
    return handlers.TABLE[kind].run(work(by, event(kind, data, **given), **timing))


@dataclass
class Sample:
    """An event that is done: by whom, with what, and the line in the journal that its act leaves."""

    by: Actor
    data: dict[str, Any]
    seen: dict[str, str] = field(default_factory=dict)
    line: str = ""


def key() -> str:
    """A new key."""
    return str(uuid4())


# --- what the samples are about -----------------------------------------------------------------------------------------------


def family(here: Stage, home: Household) -> Family:
    """A family card of a household."""
    return people_actions.open_family(
        by=here.walker,
        at=NOW,
        region_code=BONTO_JAI,
        kk="7303010101200001",
        household_id=home.id,
        head_id=home.head_id,
    )


def matter(here: Stage, by: Actor | None = None) -> Case:
    """A matter that the officer took in, at the officer's own desk."""
    officer = by or here.walker
    return intake.open_case(
        by=officer,
        at=NOW,
        kind_code="complaint",
        text_given="Jembatan ke dusun putus sejak banjir.",
        region_code=BONTO_JAI,
        channel="field",
        desk_id=officer.desk_id,
        reporter=intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
    ).case


def trip(here: Stage, *, started: bool = True) -> tuple[Any, Any]:
    """A trip with one stop in Bonto Jai."""
    made = outreach_actions.plan_trip(
        by=here.chief,
        at=NOW,
        region_code=DISTRICT,
        plan=outreach_actions.TripPlan(
            "Layanan antar ke desa",
            "wet",
            NOW.date(),
            NOW.date() + timedelta(days=2),
            safety_name="Sekretaris camat",
        ),
    )
    stop = outreach_actions.add_stop(
        by=here.chief, at=NOW, trip_id=made.id, stop=outreach_actions.StopPlan(BONTO_JAI)
    )
    answers = {
        one.code: check_rules.Answer(ok=True, number=one.number) for one in trip_checks.questions(DISTRICT)
    }
    outreach_actions.check_trip(by=here.chief, at=NOW, trip_id=made.id, answers=answers)
    if started:
        outreach_actions.start_trip(by=here.chief, at=NOW, trip_id=made.id, started_at=NOW)
    return made, stop


def rice(here: Stage, *homes: Household) -> tuple[Any, Any]:
    """A round of rice, ten kilos a household, with these on its list."""
    programme_acts.load_programmes(by=MACHINE, at=NOW)
    manager = here.cast.neighbour_manager
    made = rounds.open_round(
        by=manager,
        at=NOW,
        given=rounds.RoundGiven(
            programme="bpnt", name="Beras", region_code=BONTO_JAI, starts_date=date(2026, 11, 1),
            ends_date=date(2026, 12, 31), authority="Dinas Sosial", document="460/12/2026",
        ),
    )  # fmt: skip
    item = rounds.add_goods(
        by=manager, at=NOW, round_id=made.id, what="Beras", unit="kg", per_household=Decimal(10)
    )
    goods.receive_goods(
        by=manager, at=NOW, item_id=item.id, quantity=Decimal(100), source="Bulog", received_date=NOW.date()
    )
    if homes:
        listing.list_entries(
            by=manager,
            at=NOW,
            round_id=made.id,
            entries=[listing.EntryGiven(household_id=one.id) for one in homes],
        )
    return made, item


def allotted(here: Stage, item: Any) -> None:
    """Goods of the item in the hands of the device."""
    goods.allot_goods(
        by=here.cast.neighbour_manager,
        at=NOW,
        item_id=item.id,
        holder=goods.rules.Holder("device", str(DEVICE)),
        quantity=Decimal(50),
        out_at=NOW,
    )


def meeting(here: Stage) -> Any:
    """A musyawarah that has begun."""
    made = meeting_actions.plan_meeting(
        by=here.post,
        at=NOW,
        kind="beneficiary_list",
        region_code=BONTO_JAI,
        planned_at=NOW,
        plan=meeting_actions.Plan(title="Musyawarah daftar BLT", quorum_people=0, quorum_groups=()),
    )
    meeting_actions.hold_meeting(
        by=here.post, at=NOW, meeting_id=made.id, held_at=NOW, chair="Muh. Rusli", minute_taker="Ilham"
    )
    return made


def attendance(here: Stage, made: Any) -> Any:
    """Somebody who was asked to it."""
    return meeting_actions.add_attendance(
        by=here.post, at=NOW, meeting_id=made.id, guest=meeting_actions.Guest(name="Hasna", came=None)
    )


def card(here: Stage) -> Any:
    """A switched-off card at the facilitator's door."""
    group = kis.load([kis.row(1, "Hasnah")])
    one = group.cards.get()
    type(one).objects.filter(id=one.id).update(seat_id=here.walker.seat_id)
    return one


def verification(here: Stage, *, taken: bool) -> Any:
    """A household of a round of verification, on the facilitator's list."""
    home = here.home()
    outreach_actions.assign_households(
        by=here.chief, at=NOW, seat_id=here.walker.seat_id, household_ids=[home.id], round_name="2026-Q4"
    )
    row = home.verifications.get()
    if taken:
        outreach_actions.take_verification(by=here.walker, at=NOW, verification_id=row.id)
    return row


def delivery(here: Stage, made: Any, item: Any, home: Household) -> dict[str, Any]:
    """The inputs of rice that was handed over and signed for."""
    return {
        "delivery_id": key(), "round_id": str(made.id), "household_id": str(home.id), f"l.{item.id}": 1000,
        "outcome": "delivered", "to": "self", "proof": ["signature"], "delivered_ms": int(NOW.timestamp() * 1000),
    }  # fmt: skip


def public_matter(here: Stage) -> Case:
    """A matter of a resident, which lies at the Puskesos."""
    return intake.open_case(
        by=ANYBODY, at=NOW, kind_code="complaint", text_given="Lampu jalan padam.", region_code=BONTO_JAI, channel="web",
        reporter=intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
    ).case  # fmt: skip


Builder = Callable[[Stage], Sample]
ELSEWHERE = DUNGKAIT
