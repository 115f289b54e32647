"""Matching: is this the same person? Pure. What others use; its parts are ``match_record``, ``match_levels`` and ``match_sql``."""

from simpul.people.rules.match_levels import (
    COMPARED,
    DOUBT,
    SURE,
    Likeness,
    Weights,
    compare,
    contradicts,
    is_guarded,
    levels,
    reasons,
)
from simpul.people.rules.match_record import Name, Record, date_of, keys_of, names_of, record

__all__ = [
    "COMPARED",
    "DOUBT",
    "SURE",
    "Likeness",
    "Name",
    "Record",
    "Weights",
    "compare",
    "contradicts",
    "date_of",
    "is_guarded",
    "keys_of",
    "levels",
    "names_of",
    "reasons",
    "record",
]
