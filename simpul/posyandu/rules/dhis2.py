"""DHIS2's data value sets and tracker: our figures and weighings in its shapes. Pure.

Sources (secondary): DHIS2 developer manual, sections "Data value sets" (JSON, CSV with the columns ``dataelement,period,orgunit,
catoptcombo,attroptcombo,value,storedby,lastupdated,comment,followup``, ADX of IHE QRPH) and "Tracker". Identifiers are of the receiving
server and stand in the connection's mapping; what has none is left out and counted.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax import saxutils

UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
"""A DHIS2 identifier: eleven letters and digits, the first a letter."""

CSV_HEADINGS = (
    "dataelement",
    "period",
    "orgunit",
    "catoptcombo",
    "attroptcombo",
    "value",
    "storedby",
    "lastupdated",
    "comment",
    "followup",
)
ADX_NAMESPACE = "urn:ihe:qrph:adx:2015"


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of one unit in one month."""

    element: str
    org_unit: str
    value: int
    combo: str = ""


@dataclass(frozen=True, slots=True)
class ValueSet:
    """What is sent for one month: values, and what had no identifier of the other side (figures and units, by our names)."""

    data_set: str
    month: date
    values: tuple[Value, ...]
    unmapped: tuple[str, ...] = ()
    complete_date: date | None = None


def is_uid(text: str) -> bool:
    """True for an identifier that a DHIS2 server could have given."""
    return bool(UID.fullmatch(text))


def period(month: date) -> str:
    """The month as DHIS2 names it: ``202611``."""
    return f"{month:%Y%m}"


def value_set(
    data_set: str,
    month: date,
    figures: Mapping[str, Mapping[str, int | None]],
    elements: Mapping[str, str],
    units: Mapping[str, str],
    *,
    complete_date: date | None = None,
) -> ValueSet:
    """Figures by unit (``{posyandu: {"S": 40, ...}}``) with the identifiers of the other side.

    ``elements`` maps a figure to ``element`` or ``element.combo``; ``units`` a posyandu to its organisation unit. A figure that is unknown
    (None) is not sent: nothing is not nought.
    """
    values: list[Value] = []
    unmapped: dict[str, None] = {}
    for unit, found in sorted(figures.items()):
        place = units.get(unit, "")
        if not place:
            unmapped[unit] = None
            continue
        for name, number in found.items():
            element, _dot, combo = elements.get(name, "").partition(".")
            if not element:
                unmapped[name] = None
            elif number is not None:
                values.append(Value(element, place, number, combo))
    return ValueSet(data_set, month, tuple(values), tuple(unmapped), complete_date)


def as_json(found: ValueSet) -> dict[str, Any]:
    """The body of ``POST /api/dataValueSets``: one set for all units, each value with its own."""
    body: dict[str, Any] = {
        "dataSet": found.data_set,
        "period": period(found.month),
        "dataValues": [
            {
                "dataElement": one.element,
                "period": period(found.month),
                "orgUnit": one.org_unit,
                **({"categoryOptionCombo": one.combo} if one.combo else {}),
                "value": str(one.value),
            }
            for one in found.values
        ],
    }
    if found.complete_date is not None:
        body["completeDate"] = found.complete_date.isoformat()
    return body


def as_csv(found: ValueSet) -> str:
    """The same as CSV, with DHIS2's headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADINGS)
    for one in found.values:
        writer.writerow(
            [one.element, period(found.month), one.org_unit, one.combo, "", one.value, "", "", "", ""]
        )
    return out.getvalue()


def as_adx(found: ValueSet, exported: str) -> str:
    """The same as ADX: one group for each unit, with the period ``2026-11-01/P1M``. ``exported`` is an ISO 8601 moment."""
    groups: dict[str, list[Value]] = {}
    for one in found.values:
        groups.setdefault(one.org_unit, []).append(one)
    quote = saxutils.quoteattr
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<adx xmlns={quote(ADX_NAMESPACE)} exported={quote(exported)}>",
    ]
    for unit, values in groups.items():
        lines.append(
            f"  <group orgUnit={quote(unit)} period={quote(f'{found.month:%Y-%m}-01/P1M')} dataSet={quote(found.data_set)}>"
        )
        for one in values:
            combo = f" categoryOptionCombo={quote(one.combo)}" if one.combo else ""
            lines.append(
                f"    <dataValue dataElement={quote(one.element)}{combo} value={quote(str(one.value))}/>"
            )
        lines.append("  </group>")
    lines.append("</adx>")
    return "\n".join(lines) + "\n"


# --- tracker ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Child:
    """A child with its weighings, as tracker needs them: attributes and values by our names."""

    uid: str
    org_unit: str
    enrolled: date
    attributes: Mapping[str, str]
    events: Sequence[tuple[str, date, Mapping[str, str]]]  # key, day, values
    enrolment: str = ""


def uid_of(key: str) -> str:
    """An identifier of DHIS2's shape made of one of our keys: the same key always gives the same, so that sending twice updates.

    Eleven signs of the 62 that DHIS2 uses, from the 128 bits of the key (62^10 * 52 is about 2^65: a clash needs billions of rows).
    """
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    signs = letters + "0123456789"
    number = int("".join(sign for sign in key if sign in "0123456789abcdefABCDEF") or "0", 16)
    number ^= number >> 61  # the upper half of our keys is a time; both halves must count
    found = letters[number % 52]
    number //= 52
    for _place in range(10):
        found += signs[number % 62]
        number //= 62
    return found


def tracker(children: Iterable[Child], program: Mapping[str, Any]) -> dict[str, Any]:
    """The body of ``POST /api/tracker``: tracked entities with their enrolment and events.

    ``program``: ``program``, ``stage``, ``type`` (tracked entity type), ``attributes`` and ``elements`` (our name -> identifier).
    """
    wanted: Mapping[str, str] = program.get("attributes", {})
    elements: Mapping[str, str] = program.get("elements", {})
    entities = []
    for child in children:
        events = [
            {
                "event": uid_of(key),
                "program": program["program"],
                "programStage": program["stage"],
                "orgUnit": child.org_unit,
                "occurredAt": day.isoformat(),
                "status": "COMPLETED",
                "dataValues": [
                    {"dataElement": elements[name], "value": value}
                    for name, value in values.items()
                    if value != "" and elements.get(name)
                ],
            }
            for key, day, values in child.events
        ]
        enrolment = {
            "enrollment": uid_of(child.enrolment or child.uid[::-1]),
            "program": program["program"],
            "orgUnit": child.org_unit,
            "enrolledAt": child.enrolled.isoformat(),
            "occurredAt": child.enrolled.isoformat(),
            "status": "ACTIVE",
            "events": events,
        }
        entities.append(
            {
                "trackedEntity": uid_of(child.uid),
                "trackedEntityType": program["type"],
                "orgUnit": child.org_unit,
                "attributes": [
                    {"attribute": wanted[name], "value": value}
                    for name, value in child.attributes.items()
                    if value != "" and wanted.get(name)
                ],
                "enrollments": [enrolment],
            }
        )
    return {"trackedEntities": entities}
