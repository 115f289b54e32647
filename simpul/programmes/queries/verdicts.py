"""Every authority's verdict on one household, side by side: for the right unit, with reasons, and with what they disagree on.

Conflicts are shown, never averaged. All of it is advice: a person decides and signs (``actions.deciding``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.queries import records as people_records
from simpul.people.rules.records import HouseholdRecord
from simpul.programmes.models import Decision
from simpul.programmes.queries import catalogue, kis_facts, screening
from simpul.programmes.rules import facts, rows, subjects, verdicts


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule on one subject."""

    rule: catalogue.Rule
    subject: subjects.Subject
    subject_key: str
    whose: str  # a person's name, a family's head; "" for the household and the house
    verdict: verdicts.Verdict
    amounts: tuple[tuple[str, int], ...] = ()  # (per, rupiah) of what it would give

    @property
    def word(self) -> str:
        """yes, no or unknown."""
        return self.verdict.word


@dataclass(frozen=True, slots=True)
class Difference:
    """A matter on which the authorities answer differently for this household."""

    attribute: catalogue.Attribute
    rows: tuple[Judged, ...]
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask next: what it costs, and how many verdicts wait for it."""

    missing: verdicts.Missing
    waits: int


@dataclass
class Sheet:
    """Everything about one household on one day."""

    record: HouseholdRecord
    on: date
    judged: list[Judged]
    positions: list[Judged]
    differences: list[Difference]
    questions: list[Question]
    decisions: list[Decision] = field(default_factory=list)


def side_by_side(by: Actor, household_id: UUID, on: date) -> Sheet:
    """The verdicts on a household that this actor may see; with what its members' switched-off cards tell.

    Raises:
        NotFound: there is no such household, or not for this actor.
    """
    household = people_access.household_for(by, household_id)
    record = kis_facts.told(by, record_of(by, household.id, on))
    sheet = judge_record(record, catalogue.rules_in_force(on, household.region_code), on)
    sheet.decisions = decisions_of(household.id)
    return sheet


def record_of(by: Actor, household_id: UUID, on: date) -> HouseholdRecord:
    """A household's record, as far as this actor may read it, with what its people receive on the day."""
    record = people_records.records([household_id], by=by)[household_id]
    told = [one for one in record.members if not one.withheld]
    keys = [
        UUID(key) for key in (record.key, *(one.key for one in record.families), *(one.key for one in told))
    ]
    found: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for programme, scope, key, value in screening.receipts(on, keys=keys):
        known = found[(scope, str(key))]
        known[programme] = known.get(programme, False) or value
    return replace(
        record,
        receives=found[("household", record.key)],
        families=tuple(replace(one, receives=found[("family", one.key)]) for one in record.families),
        members=tuple(replace(one, receives=found[("person", one.key)]) for one in record.members),
    )


def judge_record(record: HouseholdRecord, rules: Sequence[catalogue.Rule], on: date) -> Sheet:
    """Every rule on every subject of a record."""
    vocabulary = catalogue.vocabulary()
    every = [
        _judged(rule, subject, vocabulary)
        for rule in rules
        for subject in subjects.subjects(record, rule.unit, on)
    ]
    shown = [one for one in every if one.rule.programme.kind in rows.SHOWN]
    positions = [one for one in every if one.rule.programme.kind == "position"]
    return Sheet(record, on, shown, positions, _differences(every, record), _questions(shown))


def _judged(rule: catalogue.Rule, subject: subjects.Subject, vocabulary: facts.Vocabulary) -> Judged:
    verdict = verdicts.judge(rule.node, subject, vocabulary, rule.figures)
    amounts = _amounts(rule, subject, vocabulary) if verdict.value is not False else ()
    return Judged(rule, subject, subject_key(rule.unit, subject), whose(rule.unit, subject), verdict, amounts)


def _amounts(
    rule: catalogue.Rule, subject: subjects.Subject, vocabulary: facts.Vocabulary
) -> tuple[tuple[str, int], ...]:
    """What it would give, by period; parts that depend on unknown facts are left out."""
    totals: dict[str, int] = defaultdict(int)
    for given, row in zip(rule.given.amounts, catalogue.amounts_of(rule), strict=True):
        totals[given["per"]] += verdicts.amount([row], subject, vocabulary, rule.figures)
    return tuple((per, total) for per, total in totals.items() if total)


def subject_key(unit: str, subject: subjects.Subject) -> str:
    """The key of whom a verdict is about."""
    return subject.key({"pupil": "person"}.get(unit, unit))


def whose(unit: str, subject: subjects.Subject) -> str:
    """A name for whom a verdict is about; "" for the household and its house."""
    if unit in ("person", "pupil") and subject.person:
        return subject.person.name
    if unit == "family" and subject.family:
        people = subject.members("family")
        head = next((one for one in people if one.heads_family), people[0] if people else None)
        return head.name if head else ""
    return ""


def _differences(every: Iterable[Judged], record: HouseholdRecord) -> list[Difference]:
    """The matters on which known answers about the same subject disagree."""
    by_code: dict[str, list[Judged]] = defaultdict(list)
    for one in every:
        by_code[one.rule.programme_id].append(one)
    found = []
    for attribute in catalogue.attributes():
        judged = [one for code in attribute.rows for one in by_code.get(code, [])]
        if attribute.code == "unit":
            if sum(family.here for family in record.families) > 1 and len(judged) > 1:
                found.append(Difference(attribute, tuple(judged)))
            continue
        by_subject: dict[str, list[Judged]] = defaultdict(list)
        for one in judged:
            by_subject[one.subject_key].append(one)
        for rows_ in by_subject.values():
            if _disagree(attribute, rows_):
                found.append(Difference(attribute, tuple(rows_), rows_[0].whose))
    return found


def _disagree(attribute: catalogue.Attribute, judged: Sequence[Judged]) -> bool:
    answers = {
        (one.verdict.value is True) != (one.rule.programme_id in attribute.against)
        for one in judged
        if one.verdict.value is not None
    }
    needed = not attribute.needs or any(
        one.rule.programme_id == attribute.needs and one.verdict.value is True for one in judged
    )
    return len(answers) > 1 and needed


def _questions(judged: Iterable[Judged]) -> list[Question]:
    """What to ask next: cheapest first, then what most verdicts wait for. Numbers that the district has not set are no question."""
    waits: dict[tuple[str, str], list[verdicts.Missing]] = defaultdict(list)
    for one in judged:
        for missing in one.verdict.missing:
            if missing.seen.state != "no_figure":
                waits[_asked(missing.seen)].append(missing)
    found = [Question(rows_[0], len(rows_)) for rows_ in waits.values()]
    return sorted(found, key=lambda one: (facts.COSTS.index(one.missing.cost), -one.waits))


def _asked(seen: verdicts.Seen) -> tuple[str, str]:
    """One question settles a column, whatever is worked out of it."""
    fact = catalogue.vocabulary().facts.get(seen.fact)
    return seen.subject_key, f"{fact.scope}.{fact.of}" if fact and fact.of else seen.fact


def decisions_of(household_id: UUID) -> list[Decision]:
    """What people decided about a household, the newest first."""
    return list(
        Decision.objects.filter(household_id=household_id)
        .select_related("programme", "version")
        .order_by("-decided_at")[:50]
    )


def facts_before(judged: Judged) -> list[dict[str, Any]]:
    """The facts a verdict had before it, plain, for keeping with a decision."""
    return [
        {"fact": one.seen.fact, "value": one.seen.value, "holds": one.value}
        for one in judged.verdict.used
        if one.seen is not None
    ]
