"""Legal classes of a z-score: Permenkes 2/2020 on standards of anthropometry of children.

Bounds are read on scores rounded to two decimals. "-2 up to +1" is normal with both bounds, so -2.00 and 1.00 are normal, -3.00 is the
milder of the two, 2.00 and 3.00 are not yet over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

LAST_CLASSED_MONTH = 227
"""Body mass index by age is classed until the 19th birthday ("5 to 18 years")."""

NUTRITION = ("severely_wasted", "wasted", "normal", "overweight_risk", "overweight", "obese")
YOUTH = ("severely_wasted", "wasted", "normal", "overweight", "obese", "obese")
"""Body mass index from 5 to 18 years: no class of risk, and above 2 all are obese."""
CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bb_u": ("severely_underweight", "underweight", "normal", *["overweight_risk"] * 3),
        "tb_u": ("severely_stunted", "stunted", *["normal"] * 3, "tall"),
        "bb_tb": NUTRITION,
        "imt_u": NUTRITION,
    }
)
"""Index -> its class for each of the six steps below."""
INDEX = MappingProxyType({"bb_u": "waz", "tb_u": "haz", "bb_tb": "whz", "imt_u": "baz"})
WEIGHT_BASED = frozenset({"bb_u", "bb_tb", "imt_u"})


def step(score: float) -> int:
    """``steps`` for one score."""
    hundredths = round(float(score) * 100)
    return sum((hundredths >= -300, hundredths >= -200, hundredths > 100, hundredths > 200, hundredths > 300))


def steps(score: NDArray[np.float64]) -> NDArray[np.intp]:
    """0 below -3; 1 below -2; 2 up to 1; 3 up to 2; 4 up to 3; 5 above. Not to be asked for scores that are missing."""
    hundredths = np.rint(score * 100)
    found: NDArray[np.intp] = (
        (hundredths >= -300).astype(np.intp)
        + (hundredths >= -200)
        + (hundredths > 100)
        + (hundredths > 200)
        + (hundredths > 300)
    )
    return found


def classes(
    name: str,
    score: NDArray[np.float64],
    *,
    child: NDArray[np.bool_],
    youth: NDArray[np.bool_],
    oedema: NDArray[np.bool_],
) -> NDArray[np.object_]:
    """Classes of one index (``bb_u``, ``tb_u``, ``bb_tb``, ``imt_u``); "" where there is none.

    ``child`` are rows up to 60 months, ``youth`` those above, who have a class for body mass index alone. A child with oedema has no
    score by weight and is counted below -3 (WHO), so its class is the gravest one.
    """
    labels = np.array((*CLASSES[name], ""), dtype=object)
    at = np.where(np.isnan(score), len(labels) - 1, steps(score))
    if name in WEIGHT_BASED:
        at = np.where(oedema, 0, at)
    found = labels[np.where(child, at, len(labels) - 1)]
    if name == "imt_u" and youth.any():
        found = np.where(youth, np.array((*YOUTH, ""), dtype=object)[at], found)
    return found
