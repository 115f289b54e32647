"""The levels of ``match_levels`` in SQL, for whole lists at once: what Splink is told. Pure text.

``MACROS`` are DuckDB's; on Spark the same names are functions of ``match_levels`` (``people.linkage``). Conditions stand from the
highest level down, so that Splink numbers them as ``match_levels`` does.
"""

from __future__ import annotations

from typing import Any

from simpul.people.rules import match_levels

MACROS = (
    """create or replace macro simpul_slips(a, b) as case
      when a = b then 0 when levenshtein(a, b) > 2 then 3 when damerau_levenshtein(a, b) <= 1 then 1 else 2 end""",
    """create or replace macro simpul_word(a, b) as case
      when a = b then 1.0::float
      when jaro_winkler_similarity(a, b, 0.8) = 0 then (case
        when (starts_with(a, b) and (length(b) = 1 or length(b) >= 3)) or (starts_with(b, a) and (length(a) = 1 or length(a) >= 3))
          then 0.88::float else 0.0::float end)
      when greatest(length(a), length(b)) >= 5 and simpul_slips(a, b) <= 1 then 0.95::float
      when greatest(length(a), length(b)) >= 8 and least(length(a), length(b)) >= 7 and left(a, 1) = left(b, 1)
        and simpul_slips(a, b) <= 2 then 0.9::float
      when (starts_with(a, b) and (length(b) = 1 or length(b) >= 3)) or (starts_with(b, a) and (length(a) = 1 or length(a) >= 3))
        then 0.88::float else 0.0::float end""",
    """create or replace macro simpul_within(s, t) as
      list_min(list_transform(s, lambda x: list_max(list_transform(t, lambda y: simpul_word(x, y)))))""",
    """create or replace macro simpul_alike(s, t) as
      case when len(s) < len(t) then simpul_within(s, t) when len(s) > len(t) then simpul_within(t, s)
      else least(simpul_within(s, t), simpul_within(t, s)) end""",
    """create or replace macro simpul_like(a, b) as jaro_winkler_similarity(a, b)""",
    """create or replace macro simpul_share(s, t) as list_has_any(s, t)""",
    """create or replace macro simpul_inside(s, t) as list_has_all(s, t) or list_has_all(t, s)""",
)
"""What DuckDB is taught before the first comparison."""

_PLAUSIBLE = "simpul_alike(core_l, core_r)"
_LONG = "greatest(length(compact_l), length(compact_r))"
_HEAD = "left(plain_l, 12) = left(plain_r, 12)"
_NEIGHBOUR = (
    f"({_HEAD} and ((substr(plain_l, 13, 2) = '00' and substr(plain_r, 13, 2) = '00') "
    "or abs(cast(right(plain_l, 4) as int) - cast(right(plain_r, 4) as int)) = 1))"
)
_OTHER_DAY = "coalesce(fits_l and fits_r and substr(plain_l, 7, 6) <> substr(plain_r, 7, 6), false)"
_WEAK = "(weak_l or weak_r)"
_YEARS = "abs(cast(left(born_l, 4) as int) - cast(left(born_r, 4) as int))"
_SWAPPED = (
    "(left(born_l, 4) = left(born_r, 4) and substr(born_l, 5, 2) = right(born_r, 2) "
    "and right(born_l, 2) = substr(born_r, 5, 2))"
)
_KK = "(kk_l = kk_r)"
_KK_DIGIT = "(simpul_slips(kk_l, kk_r) <= 1)"

CONDITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": (
        "full_l is null or full_r is null",
        (
            "full_l = full_r",
            "flat_l = flat_r or compact_l = compact_r",
            (
                f"({_LONG} >= 6 and simpul_slips(compact_l, compact_r) <= case when {_LONG} >= 12 then 2 else 1 end) "
                f"or (len(core_l) = len(core_r) and {_PLAUSIBLE} >= 0.9::float)"
            ),
            f"{_PLAUSIBLE} = 1.0::float",
            f"{_PLAUSIBLE} >= 0.85::float or simpul_inside(words_l, words_r)",
            "simpul_share(core_l, core_r)",
        ),
    ),
    "nik": (
        "nik_l is null or nik_r is null",
        (
            "nik_l = nik_r",
            "plain_l = plain_r",
            _NEIGHBOUR,
            "right(plain_l, 10) = right(plain_r, 10)",
            f"not {_OTHER_DAY} and simpul_slips(nik_l, nik_r) <= 1",
            f"not {_OTHER_DAY} and simpul_slips(nik_l, nik_r) <= 2",
            _HEAD,
        ),
    ),
    "birth": (
        "born_l is null or born_r is null",
        (
            f"born_l = born_r and not {_WEAK}",
            "born_l = born_r",
            (
                f"not ({_WEAK} and {_YEARS} <> 100) and ({_SWAPPED} or simpul_slips(born_l, born_r) <= 1 "
                f"or ({_YEARS} in (1, 100) and right(born_l, 4) = right(born_r, 4)))"
            ),
            f"{_WEAK} and {_YEARS} <= 1",
            f"{_YEARS} <= 1",
        ),
    ),
    "sex": ("sex_l is null or sex_r is null", ("sex_l = sex_r",)),
    "place": (
        "place_l is null or place_r is null",
        ("place_l = place_r", "simpul_like(place_l, place_r) >= 0.9"),
    ),
    "home": (
        f"not coalesce({_KK}, false) and not coalesce({_KK_DIGIT}, false) and (region_l is null or region_r is null)",
        (
            _KK,
            _KK_DIGIT,
            "region_l = region_r and simpul_like(address_l, address_r) >= 0.9",
            "region_l = region_r",
            "left(region_l, 6) = left(region_r, 6)",
            "left(region_l, 4) = left(region_r, 4)",
        ),
    ),
}
"""For each value: when it is missing, then the conditions of its levels from the highest to level 1."""


def comparisons(weights: match_levels.Weights | None) -> list[dict[str, Any]]:
    """Splink's comparisons with our levels; m and u where they are learned already."""
    return [_comparison(compared, weights) for compared in CONDITIONS]


def _comparison(compared: str, weights: match_levels.Weights | None) -> dict[str, Any]:
    missing, conditions = CONDITIONS[compared]
    found: list[dict[str, Any]] = [
        {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for level, condition in zip(range(len(conditions), -1, -1), (*conditions, "ELSE"), strict=True):
        name = match_levels.level_name(compared, level)
        one: dict[str, Any] = {"sql_condition": condition, "label_for_charts": name}
        if weights is not None:
            one |= {"m_probability": weights.m[compared][name], "u_probability": weights.u[compared][name]}
        found.append(one)
    return {"output_column_name": compared, "comparison_levels": found}


def guarded() -> str:
    """The condition under which the guards of ``match_levels`` forbid to decide, over columns ``gamma_...``."""
    bare = f"({_guard(match_levels.BARE)} and (len(core_l) = 1 or len(core_r) = 1))"
    borrowed = f"({_guard(match_levels.BORROWED)} and (inside_l or inside_r))"
    return " or ".join((*(f"({_guard(guard)})" for guard in match_levels.GUARDS), bare, borrowed))


def _guard(guard: match_levels.Guard) -> str:
    return " and ".join(
        f"gamma_{compared} in ({', '.join(str(level) for level in levels)})"
        for compared, levels in guard.items()
    )


def term(weights: match_levels.Weights, shared: str) -> str:
    """The correction for how common the shared name is; ``shared`` is the column with its share."""
    cases = " ".join(
        f"when gamma_name = {level} then log2({weights.u['name'][match_levels.level_name('name', level)]!r} / {shared})"
        for level in match_levels.TERM_LEVELS
    )
    return f"case {cases} else 0 end"
