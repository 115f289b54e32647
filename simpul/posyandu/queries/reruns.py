"""Judging entries again by the rules in force, or by a version that is only considered: whose result changes. Nothing is written.

What was measured and the scores of growth stay as they are stored; judged is what rules say of them. An entry whose results stay the same
under another version is no change: it keeps the version it was judged with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from simpul.posyandu.models import Examination, Participant
from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import book as rules
from simpul.posyandu.rules import judging

CHUNK = 200
"""People at a time."""
_COLUMNS = (
    "weight_g",
    "height_mm",
    "measured",
    "oedema",
    "head_mm",
    "muac_mm",
    "waist_mm",
    "systolic",
    "diastolic",
    "glucose",
)
_KEPT = ("results", "status", "two_t", "bgm", "refer")


@dataclass(frozen=True, slots=True)
class _Grown:
    """What is stored of a child's growth, as judging takes it."""

    month: Mapping[str, int | None]
    day: Mapping[str, int | None]
    classes: Mapping[str, str]
    disagree: Sequence[str]


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that is judged otherwise now."""

    row: Examination
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    judgements: tuple[judging.Judgement, ...]
    versions: Mapping[str, tuple[str, str]]

    @property
    def differences(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """(rule, classes before, classes after) of every rule that says something else; the classes are equal where only what follows
        from them differs: level, referral, finding.
        """
        old, new = _by_rule(self.before["results"]), _by_rule(self.after["results"])
        other = {str(one[0]) for one in _said(self.before["results"]) ^ _said(self.after["results"])}
        return [(rule, old.get(rule, ()), new.get(rule, ())) for rule in sorted(other)]


@dataclass
class Tally:
    """What a re-run came to: entries looked at, changed, and how often a rule says something else."""

    looked: int = 0
    changed: int = 0
    referred: int = 0  # referred now and not before
    released: int = 0  # referred before and not now
    kinds: Counter[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=Counter)
    first: list[Change] = field(default_factory=list)

    def take(self, change: Change, keep: int) -> None:
        """Count one change and keep the first ones."""
        self.changed += 1
        self.referred += bool(change.after["refer"]) and not change.before["refer"]
        self.released += bool(change.before["refer"]) and not change.after["refer"]
        self.kinds.update(change.differences)
        if len(self.first) < keep:
            self.first.append(change)


def _by_rule(results: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in results:
        rule = str(one.get("rule", ""))
        found[rule] = tuple(sorted((*found.get(rule, ()), str(one.get("code", "")))))
    return found


def size(rows: QuerySet[Examination], since: date) -> int:
    """How many entries a re-run from a day on looks at."""
    return rows.filter(date__gte=since).count()


def tally(
    rows: QuerySet[Examination],
    region_code: str,
    since: date,
    wished: Mapping[str, str] | None = None,
    *,
    keep: int = 50,
) -> Tally:
    """Count what would change from a day on; ``wished`` are versions that are only considered: rule -> version."""
    found = Tally(looked=size(rows, since))
    for change in changes(rows, region_code, since, wished):
        found.take(change, keep)
    return found


def changes(
    rows: QuerySet[Examination],
    region_code: str,
    since: date,
    wished: Mapping[str, str] | None = None,
    *,
    lock: bool = False,
) -> Iterator[Change]:
    """Entries of these from a day on that are judged otherwise, card by card in the order of their days.

    Every later entry of a card sees the new status of the earlier ones, as two weighings in a row need it. A card is one person on one
    form, wherever it was measured; changed are the entries of the area alone. With ``lock`` people's cards and entries are held from
    before they are read until the transaction ends, cards first, as the acts that write entries do: nothing is judged that changes
    before it is stored.
    """
    choices = rulebook.choices_touching(region_code)
    instead = _instead(wished or {})
    people = rows.filter(date__gte=since).order_by("person_id").values_list("person_id", flat=True)
    keys = list(dict.fromkeys(people.iterator(chunk_size=5000)))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = (
            Examination.objects.filter(person_id__in=chunk, stands=True)
            .select_related("participant", "person")
            .order_by("person_id", "form", "date", "recorded_at", "id")
        )
        if lock:
            cards = Participant.objects.filter(person_id__in=chunk).order_by("id")
            list(cards.select_for_update(of=("self",)).values_list("id", flat=True))
            found = found.select_for_update(of=("self",))
        for _key, lines in groupby(found, key=lambda one: (one.person_id, one.form)):
            yield from _card(list(lines), region_code, since, choices, instead)


def _instead(wished: Mapping[str, str]) -> dict[str, rules.Version]:
    found = {}
    for code, version in wished.items():
        rule = rulebook.rule(code)
        known = rule.version(version) if rule is not None else None
        if known is not None:
            found[code] = known
    return found


def _card(
    lines: Sequence[Examination],
    region_code: str,
    since: date,
    choices: tuple[rules.Choice, ...],
    instead: Mapping[str, rules.Version],
) -> Iterator[Change]:
    past: list[judging.Past] = []
    for row in lines:
        line = judging.Past(row.date, row.weight_g, row.height_mm, row.age_months, row.status, row.values)
        here = row.date >= since and row.region_code.startswith(region_code)
        if here and "before_birth" not in row.flags:
            change = _again(row, [one for one in past if one.date < row.date], choices, instead)
            if change is not None:
                line = replace(line, status=change.after["status"])
                yield change
        past.insert(0, line)


def _again(
    row: Examination,
    past: Sequence[judging.Past],
    choices: tuple[rules.Choice, ...],
    instead: Mapping[str, rules.Version],
) -> Change | None:
    book = rulebook.made(row.region_code, row.date, choices)
    if instead:
        book = replace(book, versions={**book.versions, **instead})
    subject = judging.Subject(
        row.form,
        row.person.sex,
        row.person.birth_date,
        row.age_days,
        row.age_months,
        row.participant.details,
        row.region_code,
    )
    columns = {name: getattr(row, name) for name in _COLUMNS}
    found = judging.judge(subject, row.date, row.values, columns, _grown(row), past, book)
    before: dict[str, Any] = {name: getattr(row, name) for name in _KEPT}
    status, twice, below = judging.card_status(found)
    if row.form == "B" and row.age_months is not None and row.age_months > 60:
        status, twice, below = row.status, row.two_t, row.bgm
    after: dict[str, Any] = {
        "results": judging.kept(found),
        "status": status,
        "two_t": twice,
        "bgm": below,
        "refer": any(one.refer for one in found),
    }
    same = all(before[name] == after[name] for name in _KEPT if name != "results")
    if same and _said(before["results"]) == _said(after["results"]):
        return None
    return Change(row, before, after, found, _versions(before["results"], after["results"]))


def _said(results: Iterable[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    """What results say, without the version that says it."""
    return {
        tuple(one.get(name, "") for name in ("rule", "code", "level", "refer", "finding")) for one in results
    }


def _versions(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> dict[str, tuple[str, str]]:
    old = {str(one.get("rule")): str(one.get("version", "")) for one in before}
    new = {str(one["rule"]): str(one["version"]) for one in after}
    return {
        rule: (old.get(rule, ""), new.get(rule, ""))
        for rule in sorted(old.keys() | new.keys())
        if old.get(rule, "") != new.get(rule, "")
    }


def _grown(row: Examination) -> _Grown | None:
    """The stored scores; nothing where none was worked out."""
    month = {name: getattr(row, f"{name}_m") for name in ("waz", "haz", "whz", "baz")}
    day = {name: getattr(row, name) for name in ("waz", "haz", "whz", "baz", "hcz", "acz")}
    classes = {name: getattr(row, name) for name in ("bb_u", "tb_u", "bb_tb", "imt_u")}
    if not any(value is not None for value in (*month.values(), *day.values())) and not any(classes.values()):
        return None
    marks = [flag.removeprefix("methods:") for flag in row.flags if flag.startswith("methods:")]
    return _Grown(month, day, classes, marks)
