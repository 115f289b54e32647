"""From which states another room's finished work may answer a matter.

A card that is active again, or refused, is the answer to the matter in which it was asked for, wherever that matter stands: even after
a first answer ("proposed to the ministry"), and after its reaction time passed in silence. What was merged or withdrawn stays as it is.
"""

from __future__ import annotations

from simpul.cases.rules import moves

SETTLED_FROM = frozenset(
    {moves.NEW, moves.WORKING, moves.OFFERED, moves.WAITING, moves.HANDED_IN, moves.ANSWERED, moves.CLOSED}
)
