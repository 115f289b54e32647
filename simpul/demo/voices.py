"""What the people of Mamuju say besides their matters, over twelve weeks: coded, with one rumour and one thing that changed."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from simpul.demo.stage import Stage, read
from simpul.feedback import actions as feedback_actions
from simpul.feedback.actions import recording
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7

COUNT = 96
VILLAGES = ["7602132001", "7602122003", "7602011003", "7602132002", "7602012010"]
WEEKS = (0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10)
"""How many weeks ago: more and more is said."""

CHANNELS = ("field", "field", "desk", "phone", "whatsapp", "sms", "paper")
_SEED = 26


def tell(stage: Stage, by: Actor, villages: list[str]) -> None:
    """Record, code, answer the rumour, and write down what changed. A draw of its own leaves the other stories as they are."""
    given, rng = read("voices"), Random(_SEED)
    weights = [often for _words, _codes, often in given["said"]]
    rumour: UUID | None = None
    for place in range(COUNT):
        words, codes, _often = rng.choices(given["said"], weights)[0]
        record = _record(stage, by, rng, words, codes if place % 12 else [], rng.choice(villages))
        if codes == ["b-revenge"] and record is not None:
            rumour = feedback_actions.note_rumour(
                by=by,
                at=record.received_at,
                record_id=record.id,
                rumour_id=rumour,
                words="" if rumour else given["rumour"],
            ).id
    if rumour is not None:
        feedback_actions.answer_rumour(
            by=by,
            at=stage.ago(4, 10),
            rumour_id=rumour,
            verdict="untrue",
            answer=given["answer"],
            public=True,
        )
    _change(stage, by, given)


def _record(stage: Stage, by: Actor, rng: Random, words: str, codes: list[str], village: str) -> Any:
    moment = stage.now - timedelta(weeks=rng.choice(WEEKS), days=rng.randint(0, 6), hours=rng.randint(1, 9))
    hamlet = stage.hamlet(village, rng)
    told = recording.Told(
        sex=rng.choice(("female", "female", "male", "")),
        age_band=rng.choice(("", "18-29", "30-59", "30-59", "60")),
        hamlet_id=hamlet.id if hamlet is not None else None,
    )
    return feedback_actions.record_feedback(
        by=by,
        at=moment,
        text_given=words,
        region_code=village,
        channel=rng.choice(CHANNELS),
        codes=codes,
        told=told,
        record_id=uuid7(),
    ).record


def _change(stage: Stage, by: Actor, given: dict[str, Any]) -> None:
    day = stage.now.date()
    feedback_actions.note_change(
        by=by,
        at=stage.now,
        words=given["change"],
        codes=given["change_codes"],
        since_date=day - timedelta(days=70),
        until_date=day - timedelta(days=30),
        region_code=by.region_code,
        decided_by=given["decided_by"],
        decided_date=day - timedelta(days=12),
        public=True,
    )
