"""Golden samples of verdicts: the shipped rules on the golden households, and on the same with half of what is known taken away."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

from simpul.people.rules.records import FamilyRecord, HouseholdRecord, PersonRecord
from simpul.programmes.queries import catalogue, household_file
from simpul.programmes.rules import criteria, subjects, verdicts

SCREEN = Path(__file__).parents[1] / "vectors" / "screen"


def verdicts_samples() -> dict[str, Any]:
    """The shipped rules on the golden households, and on the same with facts taken away."""
    vocabulary = catalogue.vocabulary()
    used: dict[str, Any] = {}
    households = []
    for path in sorted(SCREEN.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        on = date.fromisoformat(case["on"])
        rules = catalogue.shipped_in_force(on, case["region"])
        record = household_file.read(case["household"], on).record
        for forgetful in (0, 1):
            plain = (
                _forgotten(_record(record), random.Random(f"{path.stem} {forgetful}"))
                if forgetful
                else _record(record)
            )
            judged = []
            for rule in rules:
                name = f"{rule.programme_id} {hashlib.sha256(repr((rule.node, rule.figures)).encode()).hexdigest()[:6]}"
                used[name] = {
                    "unit": rule.unit,
                    "criteria": criteria.plain(rule.node),
                    "figures": dict(rule.figures),
                }
                for subject in subjects.subjects(household_of(plain), rule.unit, on):
                    judged.append(_judged(name, rule, subject, vocabulary))
            households.append(
                {"name": f"{path.stem} {forgetful}", "on": case["on"], "record": plain, "judged": judged}
            )
    book = {
        "facts": {
            key: {"type": one.type, "cost": one.cost, "derived": one.derived}
            for key, one in vocabulary.facts.items()
        },
        "meanings": {
            column: {code: sorted(some) for code, some in rows.items()}
            for column, rows in vocabulary.meanings.items()
        },
        "receipts": dict(vocabulary.receipts),
    }
    return {"book": book, "rules": used, "households": households}


def _judged(name: str, rule: catalogue.Rule, subject: subjects.Subject, vocabulary: Any) -> list[Any]:
    found = verdicts.judge(rule.node, subject, vocabulary, rule.figures)
    key = subject.key({"pupil": "person"}.get(rule.unit, rule.unit))
    reasons = [_fact(one.seen) for one in found.used if one.seen]
    missing = [[one.seen.fact, one.seen.subject_key, one.cost] for one in found.missing]
    return [name, key, found.word, reasons, missing]


def _fact(seen: verdicts.Seen) -> list[Any]:
    return [seen.fact, seen.subject_key, seen.value, seen.state]


def _record(record: HouseholdRecord) -> dict[str, Any]:
    return {
        "key": record.key,
        "values": _values(record.values),
        "house_key": record.house_key,
        "house": _values(record.house),
        "house_persons": record.house_persons,
        "receives": dict(record.receives),
        "families": [
            {"key": one.key, "here": one.here, "values": _values(one.values), "receives": dict(one.receives)}
            for one in record.families
        ],
        "members": [
            {
                "key": one.key,
                "name": one.name,
                "birth": one.birth_date.isoformat() if one.birth_date else None,
                "rough": one.birth_rough,
                "here": one.here,
                "family": one.family,
                "heads_household": one.heads_household,
                "heads_family": one.heads_family,
                "values": _values(one.values),
                "marks": sorted(one.marks),
                "receives": dict(one.receives),
            }
            for one in record.members
        ],
    }


def _values(values: Any) -> dict[str, Any]:
    return {
        key: one.isoformat() if isinstance(one, date) else one
        for key, one in sorted(values.items())
        if one is not None and one != ""
    }


def _forgotten(plain: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same household, of which half the facts are not known."""
    for part in (
        plain["values"],
        plain["house"],
        *(one["values"] for one in (*plain["families"], *plain["members"])),
    ):
        for key in list(part):
            if chance.random() < 0.5:
                del part[key]
    for one in plain["members"]:
        one["rough"] = chance.random() < 0.5
        one["birth"] = one["birth"] if chance.random() < 0.7 else None
    return plain


def household_of(plain: dict[str, Any]) -> HouseholdRecord:
    """The record of a sample."""
    return HouseholdRecord(
        **{key: one for key, one in plain.items() if key not in ("families", "members")},
        families=tuple(FamilyRecord(**one) for one in plain["families"]),
        members=tuple(
            PersonRecord(
                **{key: one for key, one in each.items() if key not in ("birth", "rough", "marks")},
                birth_date=date.fromisoformat(each["birth"]) if each["birth"] else None,
                birth_rough=each["rough"],
                marks=frozenset(each["marks"]),
            )
            for each in plain["members"]
        ),
    )
