"""Doors of the sample: a supervisor gives them to a facilitator, who goes there; some is checked, sent back, looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from simpul.demo.stage import Stage, Story
from simpul.outreach import actions
from simpul.outreach.queries import checks, doors

BONTO_JAI = "7303012008"
WALKS, OVERSEES = "fasilitator.bissappu", "supervisor.bissappu"
ROUND = "2026-Q4"
DOORS = 14
_FOUND = (
    ("met", "Ibu rumah tangga", "Semua ada di rumah. Air diambil dari sumur tetangga."),
    ("met", "Kepala keluarga", "Kerja di kebun orang. Belum pernah didata."),
    ("nobody_home", "", "Tetangga bilang pulang sore."),
    ("met", "Nenek", "Tinggal berdua dengan cucu."),
    ("moved", "Tetangga", "Pindah ke Makassar bulan lalu."),
    ("met", "Kepala keluarga", "Kartu keluarga belum diperbarui."),
)


def all_doors(stage: Stage) -> list[tuple[str, Story]]:
    """Every story of doors with its name."""
    return [("jemput bola: satu dusun", hamlet(stage))]


def hamlet(stage: Stage) -> Story:
    """Fourteen doors: some visited, submitted, approved, one sent back, a sample drawn."""
    at = yield stage.ago(12, 8, 30)
    walks, oversees = stage.who(WALKS), stage.who(OVERSEES)
    found = doors.of_hamlet(oversees, BONTO_JAI, at.date(), limit=DOORS)
    homes = [one.household for one in found]
    if not homes:
        return
    actions.assign_households(
        by=oversees,
        at=at,
        seat_id=stage.seats[WALKS].id,
        household_ids=[one.id for one in homes],
        note="Belum pernah didatangi",
        due_date=(stage.now + timedelta(days=7)).date(),
        round_name=ROUND,
    )
    for place, (home, said) in enumerate(zip(homes, _FOUND, strict=False)):
        at = yield stage.ago(10 - place, 9, 15 + place)
        outcome, who, words = said
        actions.record_visit(
            by=walks, at=at, household_id=home.id, visited_at=at, found=actions.Found(outcome, who, words)
        )
        if outcome in ("met", "moved"):
            _submit(walks, at + timedelta(minutes=20), home, 1 if outcome == "met" else 2)
    at = yield stage.ago(3, 10)
    _judge(oversees, at)


def _submit(walks: Any, at: datetime, home: Any, presence: int) -> None:
    check = checks.current(home.id)
    if check is None:
        return
    said: dict[str, Any] = {"by": walks, "verification_id": check.id}
    people = (
        [actions.PersonSaid(1, person_id=one.id) for one in checks.members(home)] if presence == 1 else []
    )
    actions.take_verification(**said, at=at)
    actions.submit_verification(**said, at=at + timedelta(minutes=15), presence=presence, persons=people)


def _judge(oversees: Any, at: datetime) -> None:
    """The oldest is approved, a sample of the rest is looked at, one is sent back."""
    waiting = checks.waiting(oversees)
    if len(waiting) < 3:
        return
    actions.approve_verification(by=oversees, at=at, verification_id=waiting[0].id)
    actions.return_verification(
        by=oversees,
        at=at,
        verification_id=waiting[1].id,
        note="Satu anggota keluarga belum diisi dengan benar",
    )
    sample = actions.draw_sample(
        by=oversees,
        at=at,
        region_code="730301",
        since=(at - timedelta(days=20)).date(),
        until=at.date(),
        percent=50,
        seed=20261125,
    )
    rows = checks.sample_rows(oversees, sample.id)
    actions.review_sample(by=oversees, at=at + timedelta(hours=3), row_id=rows[0].id, result="agree")
