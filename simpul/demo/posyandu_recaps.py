"""Recaps of the sample's posyandu: months counted for wide areas and trends, the last whole month of Melati closed."""

from __future__ import annotations

from simpul.demo.stage import Stage
from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps
from simpul.posyandu.rules import recaps as rules

MELATI = "Posyandu Melati"


def build(stage: Stage) -> None:
    """After the days of the sample: close the month before this one at Melati, count the months of all."""
    at = stage.ago(0, 9)
    this_month = rules.first_of(at.date())
    recaps.close_recap(
        by=stage.who("ketua.posyandu"),
        at=at,
        posyandu_id=stage.posyandu[MELATI].id,
        month=rules.back(this_month, 1),
    )
    recaps.count_months(by=MACHINE, at=at, months=rules.span(this_month, 6))
