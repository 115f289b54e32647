"""Growth of children by WHO's tables: z-scores by days and by completed months, legal classes, marks of what is not plausible.

``one`` is for a child on a screen, ``scores`` for columns of many. Sources: WHO Child Growth Standards 2006 and 2007, WHO Growth Reference
2007, Permenkes 2/2020; docs/decisions/0071-growth.md says why both ways to count an age are kept.
"""

from simpul.posyandu.rules.growth.ages import BOUNDS, CURRENT, DAYS_OF_MONTH, Bounds, completed_months
from simpul.posyandu.rules.growth.legal import CLASSES, INDEX, classes
from simpul.posyandu.rules.growth.reckon import (
    FLAGS,
    INDICES,
    PMK_MONTH,
    WHO_DAY,
    Scores,
    scores,
)
from simpul.posyandu.rules.growth.single import Growth, flag_names, one

__all__ = [
    "BOUNDS",
    "CLASSES",
    "CURRENT",
    "DAYS_OF_MONTH",
    "FLAGS",
    "INDEX",
    "INDICES",
    "PMK_MONTH",
    "WHO_DAY",
    "Bounds",
    "Growth",
    "Scores",
    "classes",
    "completed_months",
    "flag_names",
    "one",
    "scores",
]
