"""What both installations of the node's tests do, as small steps that print what they saw."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from simpul.accounts.models import User
from simpul.cases.actions import handling, intake
from simpul.cases.models import Case
from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk, Seat
from simpul.jobs import nodes
from simpul.lib.actor import MACHINE, Actor
from simpul.outreach import actions as outreach_actions
from simpul.outreach.models import Visit
from simpul.people import actions as people_actions
from simpul.people.models import Contact, Household, Observation, Person
from simpul.sync.actions import enrolling
from simpul.sync.models import Event, Parent
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, actor

DAY = date(2026, 11, 23)


def now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


def said(source: str = "visit") -> people_actions.Said:
    """A word of this month."""
    return people_actions.Said(source, DAY, "", "")


def settle(cast: Cast) -> None:
    """Two villages: ours, and a neighbour whom our laptop must never hold."""
    user = User.objects.create(username="fasilitator", full_name="Rina Sari", password="!", created_at=NOW)
    walking = Desk.objects.create(
        code="walkers", name="Fasilitator Dungkait", kind="puskesos", level="village", region_code=DUNGKAIT, opened_at=NOW
    )  # fmt: skip
    seat = Seat.objects.create(user=user, desk=walking, role="facilitator", from_at=NOW)
    by = actor(seat)
    for number in range(12):
        _home(by, f"Keluarga {number}", DUNGKAIT, nik="7602132001900001" if number == 0 else "")
    _home(actor(cast.seats["neighbour"]), "Tetangga Rahasia", BONTO_JAI)
    cast.case()
    cast.case(
        region_code=BONTO_JAI, text_given="Urusan tetangga yang rahasia.",
        reporter=intake.PersonGiven(name="Tetangga Rahasia"),
    )  # fmt: skip


def _home(by: Actor, name: str, region: str, nik: str = "") -> None:
    person = people_actions.register_person(
        by=by, at=NOW, full_name=name, sex="P", nik=nik, region_code=region
    ).person
    people_actions.open_household(
        by=by,
        at=NOW,
        region_code=region,
        said=said(),
        name=name,
        head_id=person.id,
        values={"members_said": 4},
    )


def invite() -> str:
    """A supervisor lets a laptop in."""
    desk = Desk.objects.get(code="walkers")
    made = enrolling.invite_device(
        by=MACHINE, at=now(), kind="node", desk_id=desk.id, areas=[DUNGKAIT], label="Laptop Dungkait"
    )
    return made.code


def officer() -> Actor:
    """The facilitator of the village."""
    seat = Seat.objects.select_related("user").get(user__username="fasilitator")
    found = desk_queries.actor_for(seat.user, seat.id, strong=True, at=now())
    if found is None:
        raise LookupError("nobody sits there")
    return found


def work(round_name: str) -> dict[str, Any]:
    """What an officer does in a day at the laptop; returns the keys of what was made."""
    by = officer()
    home = Household.objects.filter(region_code=DUNGKAIT).order_by("name").first()
    if home is None:
        raise LookupError("no household")
    person = people_actions.register_person(
        by=by, at=now(), full_name=f"Anak {round_name}", sex="L", region_code=DUNGKAIT
    ).person
    people_actions.join_household(
        by=by, at=now(), household_id=home.id, person_id=person.id, relation="3", said=said()
    )
    people_actions.add_contact(
        by=by, at=now(), person_id=person.id, channel="phone", as_typed="0812-9000-1122"
    )
    people_actions.change_household(
        by=by, at=now(), household_id=home.id, changes={"members_said": 5 + len(round_name)}, said=said()
    )
    opened = intake.open_case(
        by=by,
        at=now(),
        kind_code="complaint",
        text_given=f"Jembatan patah, {round_name}.",
        region_code=DUNGKAIT,
        channel="desk",
        reporter=intake.PersonGiven(name=f"Anak {round_name}", person_id=person.id),
    )
    handling.note_case(by=by, at=now(), case_id=opened.case.id, text=f"Sudah difoto, {round_name}.")
    visit = outreach_actions.record_visit(
        by=by,
        at=now(),
        household_id=home.id,
        visited_at=now() - timedelta(minutes=5),
        found=outreach_actions.Found("met", f"Ibu {round_name}"),
    )
    return {
        "home": str(home.id),
        "person": str(person.id),
        "case": str(opened.case.id),
        "number": opened.number,
        "pin": opened.pin,
        "visit": str(visit.id),
    }


def seen(made: dict[str, Any]) -> dict[str, Any]:
    """How often each thing that was made is here, and how."""
    case = Case.objects.filter(id=made["case"]).first()
    home = Household.objects.filter(id=made["home"]).first()
    return {
        "person": Person.objects.filter(id=made["person"], household_id=made["home"]).count(),
        "contacts": Contact.objects.filter(person_id=made["person"], is_current=True).count(),
        "members": home.members_said if home else None,
        "told": Observation.objects.filter(
            subject_id=made["home"], field="members_said", state="current"
        ).count(),
        "conflicts": Observation.objects.filter(subject_id=made["home"], state="conflict").count(),
        "number": case.number if case else "",
        "notes": case.notes.count() if case else 0,
        "clocks": case.clocks.count() if case else 0,
        "visits": Visit.objects.filter(id=made["visit"]).count(),
    }


def states() -> dict[str, str]:
    """What the server made of the node's events."""
    return {
        f"{one.seq} {one.kind}": f"{one.state} {one.reason}".strip()
        for one in Event.objects.order_by("received_at", "seq")
    }


def tell(value: Any) -> None:
    """Print a value for the test that asked."""
    print(json.dumps(value))


def talk() -> str:
    """One conversation of the laptop; "" when it went well, else why not."""
    try:
        nodes.talk(now())
    except nodes.Unreachable as fault:
        return str(fault) or "unreachable"
    return ""


def is_judged() -> bool:
    """Whether the server has decided about everything it has."""
    return Parent.objects.get().judged
