"""The questions of a kind: what an answer must look like, how sensitive it makes the matter, and what a kind must hold.

Nothing but a missing required answer or an unreadable value is refused: eligibility is never decided by validation. Who does not
know may say so wherever the answer is not required ("tidak tahu" is an answer, and differs from leaving the field empty).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from simpul.cases.rules import decisions
from simpul.lib import money, text, when

UNKNOWN = "unknown"
"""What is kept when the person said that they do not know."""

FIELD_TYPES = ("text", "long", "choice", "choices", "date", "number", "yes_no", "money")
SENSITIVITIES = ("normal", "restricted", "sealed")
"""From open to closed: a matter takes the most closed of all that apply."""

CLOCK_UNITS = ("working_days", "calendar_days", "hours")
CLOCK_KEYS = ("screen", "verify", "follow_up", "answer", "protect")

_NOT_KNOWN = frozenset(
    {
        "tidak tahu",
        "tak tahu",
        "belum tahu",
        "tidak diketahui",
        "unknown",
        "not known",
        "do not know",
        "don't know",
    }
)
_YES = frozenset({"yes", "ya", "y", "true", "1", "iya"})
_NO = frozenset({"no", "tidak", "n", "false", "0", "bukan", "belum"})
_SHORT, _LONG, _CODE = 200, 5000, re.compile(r"[a-z][a-z0-9_]{0,39}")


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


REQUIRED = _("Please answer this question.")
NOT_A_DATE = _("Write the date as day/month/year, for example 22/11/2026.")
NOT_A_NUMBER = _("Write a whole number, for example 4.")
NOT_MONEY = _("Write the amount in rupiah, for example 50.000.")
NOT_OFFERED = _("Choose one of the answers offered.")
NOT_YES_NO = _("Choose yes or no.")
TOO_LONG = _("This answer is too long. Please shorten it, or put the rest into your story.")


class _Wrong(Exception):  # noqa: N818 - carries a sentence, and never leaves this file
    """An answer that cannot be read; the first argument is the sentence."""


def check_answers(
    fields: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The cleaned answers, and for each that cannot stand a sentence in the source language, to be translated by the door.

    Keys that are no field of the kind are dropped. Empty answers are left out. Dates are kept as ISO text, money as whole
    rupiah, numbers as int, yes and no as "yes" and "no", several choices as a list in the order of the options.
    """
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        key, required = str(field["key"]), bool(field.get("required"))
        try:
            value = _read(field, answers.get(key))
        except _Wrong as wrong:
            errors[key] = str(wrong)
            continue
        if value in (None, "", []) or (required and value == UNKNOWN):
            if required:
                errors[key] = REQUIRED
            continue
        clean[key] = value
    return clean, errors


def _read(field: Mapping[str, Any], given: Any) -> Any:
    """One answer in the form it is kept in; None for none."""
    if given is None or (isinstance(given, str) and not text.clean_text(given)):
        return None
    if isinstance(given, str) and field["type"] not in ("text", "long"):
        given = text.clean_line(given)
        if given.casefold() in _NOT_KNOWN:
            return UNKNOWN
    return _READERS[str(field["type"])](field, given)


def _words(limit: int, clean: Callable[[str], str]) -> Callable[[Mapping[str, Any], Any], str]:
    def read(_field: Mapping[str, Any], given: Any) -> str:
        kept = clean(given if isinstance(given, str) else str(given))
        if len(kept) > limit:
            raise _Wrong(TOO_LONG)
        return kept

    return read


def _choice(field: Mapping[str, Any], given: Any) -> str:
    if str(given) not in _values(field):
        raise _Wrong(NOT_OFFERED)
    return str(given)


def _choices(field: Mapping[str, Any], given: Any) -> list[str]:
    wanted = (
        {given}
        if isinstance(given, str)
        else {str(item) for item in given}
        if isinstance(given, list | tuple)
        else {""}
    )
    wanted -= {""} if isinstance(given, list | tuple) else set()
    offered = _values(field)
    if not wanted <= set(offered):
        raise _Wrong(NOT_OFFERED)
    return [value for value in offered if value in wanted]


def _date(_field: Mapping[str, Any], given: Any) -> str:
    day = when.parse_date(str(given))
    if day is None or not 1900 <= day.year <= 2100:
        raise _Wrong(NOT_A_DATE)
    return day.isoformat()


def _number(_field: Mapping[str, Any], given: Any) -> int:
    plain = str(given).replace(".", "").strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,9}", plain):
        raise _Wrong(NOT_A_NUMBER)
    return int(plain)


def _money(_field: Mapping[str, Any], given: Any) -> int:
    amount = None if isinstance(given, bool) else money.parse_rupiah(str(given))
    if amount is None:
        raise _Wrong(NOT_MONEY)
    return amount


def _yes_no(_field: Mapping[str, Any], given: Any) -> str:
    said = str(given).casefold()
    if said in _YES:
        return "yes"
    if said in _NO:
        return "no"
    raise _Wrong(NOT_YES_NO)


_READERS: Mapping[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "text": _words(_SHORT, text.clean_line),
    "long": _words(_LONG, text.clean_text),
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "number": _number,
    "yes_no": _yes_no,
    "money": _money,
}


def _values(field: Mapping[str, Any]) -> list[str]:
    return [str(option["value"]) for option in field.get("options", ())]


def sensitivity_from(
    kind_sensitivity: str, fields: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]
) -> str:
    """How closed a matter is: the most closed of its kind and of every chosen option.

    The PPKS categories marked as sensitive restrict a matter; violence, trafficking and child victims seal it (Permensos 8/2012;
    UU 12/2022; the default of each category is unconfirmed and can be changed).
    """
    found = [kind_sensitivity]
    for field in fields:
        chosen = answers.get(str(field["key"]))
        picked = set(chosen) if isinstance(chosen, list) else {chosen}
        found += [
            str(option.get("sensitivity", "normal"))
            for option in field.get("options", ())
            if option["value"] in picked
        ]
    return max(found, key=SENSITIVITIES.index)


def routing_values(fields: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]) -> list[str]:
    """The answers that may choose the first desk: those of fields with ``routes``, in the order of the form."""
    found: list[str] = []
    for field in fields:
        if field.get("routes"):
            value = answers.get(str(field["key"]))
            found += (
                [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []
            )
    return found


def public_answers(fields: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those that are personal: for partners, search and publication."""
    kept = {str(field["key"]) for field in fields if not field.get("personal")}
    return {key: value for key, value in answers.items() if key in kept}


# --- what a kind must hold ------------------------------------------------------------------------------------------


def faults_of_fields(fields: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a list of fields, as short English notes for the administrator; empty when nothing is."""
    faults: list[str] = []
    keys = [str(field.get("key", "")) for field in fields]
    faults += [f"{key or '?'}: key" for key in keys if not _CODE.fullmatch(key)]
    faults += [f"{key}: twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    for field in fields:
        key, kind = field.get("key", "?"), field.get("type")
        if kind not in FIELD_TYPES:
            faults.append(f"{key}: type")
        if not str(field.get("label", "")).strip() or not str(field.get("label_en", "")).strip():
            faults.append(f"{key}: label")
        if kind in ("choice", "choices"):
            faults += _faults_of_options(str(key), field.get("options") or ())
    return faults


def _faults_of_options(key: str, options: Sequence[Any]) -> list[str]:
    values = [str(option.get("value", "")) for option in options if isinstance(option, Mapping)]
    if (
        not values
        or len(values) != len(options)
        or not all(values)
        or len(set(values)) != len(values)
        or UNKNOWN in values
    ):
        return [f"{key}: options"]
    wrong = [
        option
        for option in options
        if option.get("sensitivity", "normal") not in SENSITIVITIES or not option.get("label")
    ]
    return [f"{key}: options"] if wrong else []


def faults_of_clocks(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with a list of clocks. A matter without a promise to the person ("answer") is wrong too."""
    faults: list[str] = []
    for row in rows:
        key, amount = row.get("key", "?"), row.get("amount")
        if key not in CLOCK_KEYS:
            faults.append(f"{key}: key")
        if row.get("unit") not in CLOCK_UNITS:
            faults.append(f"{key}: unit")
        if isinstance(amount, bool) or not isinstance(amount, int) or not 1 <= amount <= 1000:
            faults.append(f"{key}: amount")
        if not str(row.get("source", "")).strip() or len(str(row.get("source", ""))) > 200:
            faults.append(f"{key}: source")
    if not any(row.get("key") == "answer" for row in rows):
        faults.append("answer: missing")
    return faults


def faults_of_decisions(chosen: Sequence[str]) -> list[str]:
    """Decisions that are not in the one list, or none at all."""
    return [f"{item}: unknown" for item in chosen if item not in decisions.DECISIONS] or (
        [] if chosen else ["none"]
    )


def read_catalogue(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The kinds of a catalogue file as columns: options spelled out, the general service standard filled in.

    Raises:
        ValueError: the file does not say what it must; the message names kind and place.
    """
    general = data.get("standard", {})
    return [_columns(row, general) for row in data["kinds"]]


def _columns(row: Mapping[str, Any], general: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(row)
    columns["fields"] = [_field(field) for field in row.get("fields", ())]
    columns["standard"] = {**general, **row.get("standard", {})}
    faults = [
        *faults_of_fields(columns["fields"]),
        *faults_of_clocks(row.get("clocks", ())),
        *faults_of_decisions(row.get("decisions", ())),
        *([] if row.get("sensitivity", "normal") in SENSITIVITIES else ["sensitivity"]),
    ]
    if faults:
        raise ValueError(f"kind {row.get('code')}: {', '.join(faults)}")
    return columns


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(field)
    if "options" in field:
        kept["options"] = [_option(option) for option in field["options"]]
    return kept


def _option(option: Sequence[str]) -> dict[str, str]:
    names = ("value", "label", "label_en", "sensitivity")
    return dict(zip(names, option, strict=False))
