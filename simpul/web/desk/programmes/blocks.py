"""The verdicts as a page lays them out: one card a programme, one line an answer, people with the same answer on one line."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.programmes.queries import words

KINDS = ("poverty", "house", "aid")
TONES = {"yes": "brand", "no": "", "unknown": "warn"}
SIGNS = {"yes": "check", "no": "cross", "unknown": "warning"}
NAMED_GAPS = 2
"""Facts that a line names before it counts the others."""


def groups(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cards by what sort of programme it is."""
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        programmes: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["kind"] == kind:
                programmes.setdefault(row["programme"], []).append(dressed(row))
        if programmes:
            blocks = [{"first": same[0], "lines": _lines(same)} for same in programmes.values()]
            found.append({"kind": kind, "name": words.kind(kind), "programmes": blocks})
    return found


def dressed(row: dict[str, Any]) -> dict[str, Any]:
    """A verdict with the colour and sign of its answer, each missing fact once, and the source once where all facts share it."""
    once = {(one["fact"], one["whose"]): one for one in row["missing"]}
    sources = {(one["source"], one["date_words"]) for one in row["used"]}
    shared = ", ".join(text for text in next(iter(sources)) if text) if len(sources) == 1 else ""
    return {
        **row,
        "missing": list(once.values()),
        "tone": TONES[row["verdict"]],
        "sign": SIGNS[row["verdict"]],
        "shared_source": shared if len(row["used"]) > 1 else "",
    }


def _lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line for each answer: who is judged alike, and lacks the same facts, stands together."""
    same_facts = Counter(_gaps_of(row) for row in rows)
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        gaps: Any = _gaps_of(row)
        if same_facts[gaps] < 2:
            gaps = tuple((one["fact"], _elsewhere(one, row)) for one in row["missing"])
        deciding = [one["fact"] for one in row["used"][:1]] if not gaps and not row["tally"] else []
        found.setdefault((row["verdict"], row["tally"], gaps, *deciding), []).append(row)
    return [_line(same) for same in found.values()]


def _gaps_of(row: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((one["fact"], one["whose"]) for one in row["missing"])


def _line(rows: list[dict[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    alike = len(rows) > 1 and len({_gaps_of(row) for row in rows}) == 1
    return {
        "rows": rows,
        "names": [row["whose"] for row in rows if row["whose"]],
        "words": first["words"],
        "tone": first["tone"],
        "sign": first["sign"],
        "reason": _reason(rows),
        "missing": first["missing"] if alike else _own(first),
        "common": _common(rows),
        "amounts": first["amounts"] if len({str(row["amounts"]) for row in rows}) == 1 else [],
    }


def _common(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The facts of several people at once, when they are the very same ones: those of the whole family, say."""
    said = {
        str(
            (
                sorted((one["fact"], one["whose"], one["words"]) for one in row["used"]),
                (row["flip"] or {}).get("words"),
            )
        )
        for row in rows
    }
    return {**rows[0], "whose": ""} if len(rows) > 1 and len(said) == 1 else None


def _own(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing, without a name before the facts of the one who is judged."""
    return [{**one, "whose": _elsewhere(one, row)} for one in row["missing"]]


def _elsewhere(one: dict[str, Any], row: dict[str, Any]) -> str:
    """Whose fact it is, when it is not the one judged."""
    return "" if one["whose"] == row["whose"] else str(one["whose"])


def _reason(rows: list[dict[str, Any]]) -> str:
    """Why, in one line: how many signs, else what is missing, else the fact that decided."""
    first = rows[0]
    if first["tally"]:
        return str(first["tally"])
    if first["verdict"] == "unknown":
        return _gaps([one["name"] for one in first["missing"]])
    if not first["used"]:
        return ""
    fact = first["used"][0]
    values = list(dict.fromkeys(row["used"][0]["words"] for row in rows if row["used"]))
    whose = _elsewhere(fact, first) if len(rows) == 1 else ""
    said = f"{fact['name']}: {', '.join(value for value in values if value)}"
    return f"{whose}: {said}" if whose else said


def _gaps(names: list[str]) -> str:
    once = list(dict.fromkeys(names))
    named = ", ".join(once[:NAMED_GAPS])
    more = len(once) - NAMED_GAPS
    if more > 0:
        more_words = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        named = f"{named}, {more_words}"
    return _("Missing: %(facts)s") % {"facts": named} if named else ""
