"""A list of KIS cards that were switched off in Bonto Jai, and what became of some of them: doors, letters, the ministry, cards that work.

All people are made up; their NIK are of no real person (serials above 9,000). Nobody who appears here is ill. Some of the list are people
of the sample's register, so that their households' pages, the order of doors and the figures show their cards.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from simpul.demo import households
from simpul.demo.stage import Stage, Story, read
from simpul.lib import ids
from simpul.people.queries import register
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis as queries

VILLAGE = "7303012008"
REGENCY = "7303"
_LIST_AGO = 60
_WALKER, _SUPERVISOR = "fasilitator.bissappu", "supervisor.bissappu"
_CHECKER, _MANAGER = "sekretariat.bantaeng", "manajer.bantaeng"


@dataclass(frozen=True, slots=True)
class Plan:
    """One person of the list: ``upto`` is the last thing that happened to the card."""

    name: str
    sex: str
    born: date
    hamlet: int
    reason: str
    landmark: str
    upto: str
    visit: str = ""
    nik: str = ""
    hamlet_id: Any = None


def all_stories(stage: Stage) -> list[tuple[str, Story]]:
    """The list first, then each card that somebody has begun with."""
    data = read("kis")
    day = stage.nights_ago(_LIST_AGO, 10).date()
    plans = [_plan(row) for row in data["people"]]
    plans += _residents(stage, day, {plan.name for plan in plans})
    told: list[tuple[str, Story]] = [("kis: daftar", _list(stage, data, plans, day))]
    for place, plan in enumerate(plans):
        if plan.upto or plan.visit:
            told.append((f"kis: {plan.name}", _walk(stage, plan, place)))
    return told


def _plan(row: dict[str, Any]) -> Plan:
    return Plan(
        row["name"],
        row["sex"],
        row["born"],
        row["hamlet"],
        row.get("reason", ""),
        row.get("landmark", ""),
        row.get("upto", ""),
        row.get("visit", ""),
    )


_UPTO = ("complete", "propose", "ask", "", "verify", "confirm", "", "check", "", "propose", "ask", "")
"""How far the cards of people of the register have come, one after the other."""


def _residents(stage: Stage, day: date, taken: set[str]) -> list[Plan]:
    """One person each of a dozen households that were registered before the list came, the household with a story first."""
    by = stage.who(_MANAGER)
    found: list[Plan] = []
    hamlets = [hamlet.id for hamlet in stage.hamlets.get(VILLAGE, [])]
    told = stage.households.get(households.CARD_OFF)
    for key in sorted(stage.households.values(), key=lambda one: one != told):
        page = register.page_of(by, key, stage.now.date())
        home = page.household
        if (
            home.region_code != VILLAGE
            or home.registered_at.date() >= day
            or home.hamlet_id not in hamlets[:2]
        ):
            continue
        known = [one.person for one in page.members if one.here and one.person.nik and one.person.birth_date]
        person = known[-1 if len(found) % 3 == 1 else 0] if known else None
        born = person.birth_date if person else None
        if person is None or born is None or person.full_name in taken or len(found) == len(_UPTO):
            continue
        taken.add(person.full_name)
        found.append(
            Plan(
                name=person.full_name,
                sex=person.sex,
                born=born,
                hamlet=0,
                reason="",
                landmark="",
                upto=_UPTO[len(found)],
                nik=person.nik,
                hamlet_id=home.hamlet_id,
            )
        )
    return found


def _nik(plan: Plan, place: int) -> str:
    if plan.nik:
        return plan.nik
    day = plan.born.day + (40 if plan.sex == "P" else 0)
    return f"730301{day:02d}{plan.born:%m%y}{9001 + place:04d}"


def _list(stage: Stage, data: dict[str, Any], plans: list[Plan], day: date) -> Story:
    """The manager takes the list in; next day the supervisor gives the doors to the facilitator."""
    rng = Random(_LIST_AGO)
    at = yield stage.nights_ago(_LIST_AGO - 1, 9, 10)
    manager = stage.who(_MANAGER)
    group = kis.load_deactivation(
        by=manager,
        at=at,
        source=data["source"],
        decree=data["decree"],
        name=data["name"],
        off_date=day,
        region_code=REGENCY,
    )
    hamlets = stage.hamlets.get(VILLAGE, [])
    rows = [
        kis.CardRow(
            row=place + 2,
            name=plan.name,
            region_code=VILLAGE,
            nik=_nik(plan, place),
            kis_number=f"00{27_000_000_000 + place * 7919:011d}",
            sex=plan.sex,
            birth_date=plan.born,
            hamlet_id=plan.hamlet_id or (hamlets[plan.hamlet].id if hamlets else None),
            landmark=plan.landmark,
            off_reason=plan.reason,
        )
        for place, plan in enumerate(plans)
    ]
    kis.list_cards(by=manager, at=at, deactivation_id=group.id, rows=rows)
    kis.match_cards(by=manager, at=at, deactivation_id=group.id)
    at = yield stage.office(at, rng, days=1)
    for hamlet in hamlets[:2]:  # the third is still to be given out
        kis.assign_cards(
            by=stage.who(_SUPERVISOR),
            at=at,
            seat_id=stage.seats[_WALKER].id,
            deactivation_id=group.id,
            hamlet_id=hamlet.id,
        )


_WAY = ("check", "pass", "verify", "approve", "propose", "grant", "confirm", "complete")
_DAYS = {
    "check": 1,
    "pass": 0,
    "verify": 1,
    "approve": 1,
    "propose": 1,
    "grant": 12,
    "confirm": 2,
    "complete": 9,
}


def _walk(stage: Stage, plan: Plan, place: int) -> Story:
    """A visit, perhaps the asking, then the office's steps until ``upto``."""
    at = yield stage.nights_ago(_LIST_AGO - 4 - place % 20, 9 + place % 6, (place * 7) % 60)
    walker, rng = stage.who(_WALKER), Random(place)
    card = queries.find(walker, plan.name, REGENCY)
    if card is None:
        return
    found = plan.visit or "visited_found"
    kis.record_door(
        by=walker, at=at, card_id=card, found=found, consent="spoken" if plan.upto else "", words=""
    )
    if not plan.upto:
        return
    at += timedelta(minutes=12)
    stage.cases += 1
    kis.ask_card(by=walker, at=at, card_id=card, phone=stage.phone(), case_id=ids.uuid7_at(at))
    if plan.upto == "ask":
        return
    at = yield stage.office(at, rng, days=1)
    kis.note_letters(
        by=walker,
        at=at,
        card_id=card,
        letters=kis.LetterWords(
            facility="Puskesmas Bissappu",
            facility_letter=f"440/{100 + place}/PKM-BSP",
            facility_date=at.date(),
            decile=1 + place % 4,
        ),
    )
    yield from _office(stage, plan, place, card, at)


def _office(
    stage: Stage, plan: Plan, place: int, card: Any, at: datetime
) -> Generator[datetime, datetime, None]:
    """The steps of the office, one after another."""
    rng = Random(1000 + place)
    checker, manager, walker = stage.who(_CHECKER), stage.who(_MANAGER), stage.who(_WALKER)
    if plan.upto in ("revise", "reject"):
        at = yield stage.office(at, rng, days=1)
        kis.check_card(by=checker, at=at, card_id=card)
        at = yield stage.office(at, rng, days=1)
        if plan.upto == "revise":
            kis.revise_card(
                by=checker, at=at, card_id=card, missing="Fotokopi KK terbaru; dapat diminta di kantor desa."
            )
        else:
            kis.reject_card(
                by=checker, at=at, card_id=card, reason="Iuran sudah ditanggung oleh tempat kerja suami."
            )
        return
    steps: dict[str, Any] = {
        "check": lambda at: kis.check_card(by=checker, at=at, card_id=card),
        "pass": lambda at: kis.pass_card(by=checker, at=at, card_id=card),
        "verify": lambda at: kis.verify_card(
            by=checker,
            at=at,
            card_id=card,
            words="Penghasilan tidak tetap, tercatat di DTSEN, dikunjungi petugas.",
        ),
        "approve": lambda at: kis.approve_card(
            by=manager, at=at, card_id=card, recommendation=f"460/{200 + place}/SPMKS/{at:%Y}"
        ),
        "propose": lambda at: kis.propose_card(by=checker, at=at, card_id=card),
        "grant": lambda at: kis.grant_card(by=checker, at=at, card_id=card),
        "confirm": lambda at: kis.confirm_card(by=walker, at=at, card_id=card),
        "complete": lambda at: kis.complete_card(
            by=walker, at=at, card_id=card, words="Data keluarga dimutakhirkan operator desa."
        ),
    }
    for name in _WAY:
        at = yield stage.office(at, rng, days=_DAYS[name])
        steps[name](at)
        if name == plan.upto:
            return
