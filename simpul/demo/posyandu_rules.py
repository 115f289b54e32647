"""A choice of a rule's version in Takalar that was made and ended: the older card was still in use for a month."""

from __future__ import annotations

from simpul.demo.stage import Stage
from simpul.posyandu.actions import rulebook

TAKALAR = "7305"


def build(stage: Stage) -> None:
    """The regency followed the older card on signs of tuberculosis, and ended it when the new cards had come."""
    chosen, ended = stage.ago(88, 9), stage.ago(60, 10)
    by = stage.who("manajer.takalar")
    choice = rulebook.set_rulechoice(
        by=by,
        at=chosen,
        rule="tbc",
        version="older-card",
        region_code=TAKALAR,
        from_date=chosen.date(),
        reason="Kartu lama masih dipakai di semua posyandu, kartu baru belum dicetak",
    )
    rulebook.end_rulechoice(
        by=by,
        at=ended,
        choice_id=choice.id,
        until_date=ended.date(),
        why="Kartu baru sudah dibagikan",
    )
