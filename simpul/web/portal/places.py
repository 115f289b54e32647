"""Finding a village or district by what people type, inside the area of this installation."""

from __future__ import annotations

from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries

MOST = 8


def find(typed: str) -> list[tuple[str, str]]:
    """(code, words) of what was typed: a code that was chosen, or names that may be meant, best first."""
    home = desk_queries.institution().region_code
    if typed.isdigit():
        known = len(typed) in (6, 10) and typed.startswith(home[:4])
        path = region_queries.path_names(typed) if known else ""
        return [(typed, path)] if path else []
    found = region_queries.search_villages(typed, inside=home, within=home[:4], limit=MOST)
    return [(one.code, one.path) for one in found]


def own_village() -> str:
    """The village of an office that serves only one; "" elsewhere."""
    home = desk_queries.institution().region_code
    return region_queries.path_names(home) if len(home) == 10 else ""
