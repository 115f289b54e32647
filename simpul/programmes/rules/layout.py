"""How an area's register is laid out in columns for ``vectors``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass
class Columns:
    """An area's register as columns. Row numbers link the tables; -1 is "none".

    ``numbers`` hold values with ``facts.MOST`` for unknown; ``flags`` 1, 0 or -1; ``codes`` indexes into ``tables`` (index 0 is "");
    ``receives`` is keyed "scope.programme" as flags. ``keys`` are what the rows are called outside.
    """

    on: date
    sizes: dict[str, int]
    links: dict[str, npt.NDArray[np.int64]]
    numbers: dict[str, Ints] = field(default_factory=dict)
    flags: dict[str, npt.NDArray[np.int8]] = field(default_factory=dict)
    codes: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)
    marks: npt.NDArray[np.int64] | None = None  # bit n is PPKS category n
    receives: dict[str, npt.NDArray[np.int8]] = field(default_factory=dict)
    keys: dict[str, list[Any]] = field(default_factory=dict)
    regions: list[str] = field(default_factory=list)  # of households
