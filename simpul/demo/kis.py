"""A list of KIS cards that were switched off in Bonto Jai, and what became of some of them: doors, letters, the ministry, cards that work.

All people are made up; their NIK are of no real person (serials above 9,000). Nobody who appears here is ill.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from simpul.demo.stage import Stage, Story, read
from simpul.lib import ids
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


def all_stories(stage: Stage) -> list[tuple[str, Story]]:
    """The list first, then each card that somebody has begun with."""
    data = read("kis")
    plans = [_plan(row) for row in data["people"]]
    day = stage.nights_ago(_LIST_AGO, 10).date()
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


def _nik(plan: Plan, place: int) -> str:
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
            hamlet_id=hamlets[plan.hamlet].id if hamlets else None,
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
