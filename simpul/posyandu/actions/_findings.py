"""Steps of findings: note what an entry or a visit found, join the matter, close what is over. No acts: the act around leaves the line.

Nothing twice: a person (or a household alone) has one open finding of a code. Found again, it counts; the entry that was noted already
changes nothing, so that an act replayed or an entry recomputed does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from simpul.lib.actor import Actor
from simpul.people.models import Household, Person
from simpul.posyandu.actions import _matters, _tasks
from simpul.posyandu.models import Examination, Finding, HomeVisit, Participant, Posyandu
from simpul.posyandu.queries import examinations, forms
from simpul.posyandu.queries import findings as queries
from simpul.posyandu.rules import findings as rules
from simpul.posyandu.rules import visits as visit_rules
from simpul.posyandu.rules.forms_shape import Form

_log = logging.getLogger(__name__)
_REMEMBERED = 24
COLUMNS = (
    *("form", "weight_g", "height_mm", "head_mm", "muac_mm", "waist_mm"),
    *("systolic", "diastolic", "glucose", "oedema", "status"),
)
"""Columns of an entry that the catalogue's needs may name, beside the keys of its answers."""

OVER = "over"  # the entries say so
CORRECTED = "corrected"  # the entry that found it was corrected
BY_VISIT = "visit"  # a visit at home did not see it any more
REGISTER = "register"  # the register's facts changed


class Judged(Protocol):
    """What a rule says of an entry, as far as findings need it."""

    @property
    def rule(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def finding(self) -> str: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and on whom something was found, and the key under which it is noted once."""

    posyandu: Posyandu
    person: Person | None
    household: Household | None
    participant: Participant | None
    on: date
    key: str
    examination: Examination | None = None
    visit: HomeVisit | None = None
    looked: bool = True  # somebody saw it; false: it was read in the register


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    kind: rules.Kind
    level: str
    rule: str = ""
    version: str = ""
    words: str = ""


def note(by: Actor, at: datetime, *, examination: Examination, judgements: Sequence[Judged]) -> list[Finding]:
    """Note what an entry of a card found: open or join, count, close what is over. Returns the open findings it touched.

    An entry that was set aside notes nothing. Noted again (recomputed, replayed), it changes only what changed.
    """
    if not examination.stands:
        return []
    participant = examination.participant
    found = _found_in({one.finding: one for one in judgements if one.finding})
    seen = Seen(
        posyandu=examination.posyandu,
        person=_locked(examination.person),
        household=examination.person.household,
        participant=participant,
        on=examination.date,
        key=f"e:{examination.id}",
        examination=examination,
    )
    _correct(by, at, seen, {one.kind.code for one in found})
    later = examinations.history(participant).filter(stands=True, date__gt=examination.date).exists()
    touched = _take(
        by,
        at,
        seen,
        found,
        fresh=rules.opens_now(examination.date, _tasks.today(examination.region_code, at), later=later),
    )
    if not later:
        _tasks.came(by, at, examination.person, examination.date)
        _clear(by, at, seen, {one.kind.code for one in found}, answers_of(examination))
    return touched


def note_visit(by: Actor, at: datetime, *, visit: HomeVisit, codes: Sequence[str]) -> list[Finding]:
    """Note what a visit at home found, of the person or of the household."""
    known, unknown = rules.known(codes, queries.book())
    _tell_unknown(unknown)
    person = visit.person
    seen = Seen(
        posyandu=visit.posyandu,
        person=_locked(person) if person is not None else None,
        household=visit.household or (person.household if person is not None else None),
        participant=visit.participant,
        on=visit.date,
        key=f"v:{visit.id}",
        visit=visit,
    )
    kinds = [queries.book()[code] for code in known]
    found = [Found(kind, kind.level) for kind in kinds if not kind.guarded]
    fresh = rules.opens_now(visit.date, _tasks.today(visit.region_code, at), later=False)
    return _take(by, at, seen, found, fresh=fresh)


def note_fact(by: Actor, at: datetime, *, seen: Seen, kind: rules.Kind, words: str = "") -> Finding | None:
    """Note what the register says: opens a finding and a task to look, and no matter before somebody has looked."""
    touched = _take(by, at, seen, [Found(kind, kind.level, words=words)], fresh=True)
    return touched[0] if touched else None


def close_by_visit(by: Actor, at: datetime, *, visit: HomeVisit) -> None:
    """The result of a visit closes the loop: its tasks are done, and what it looked for and did not see any more is over."""
    if visit.met and visit.person_id is not None:
        form = forms.checklist(visit.checklist, visit.form_version)
        over = {*visit_rules.over(form, visit.values), rules.MET}
        rows = Finding.objects.filter(person_id=visit.person_id, state="open", last_date__lte=visit.date)
        for finding in rows.exclude(visit=visit).select_for_update(of=("self",)):
            kind = queries.kind(finding.code)
            if kind is not None and _seen_no_more(finding, kind.visit_class, form, visit.values, over):
                finding.facts = {**finding.facts, "closed_visit": str(visit.id)}
                close(by, at, finding, BY_VISIT)
    _tasks.do_by_visit(by, at, visit)


def _seen_no_more(
    finding: Finding, seen: str, form: Form, values: Mapping[str, Any], over: Collection[str]
) -> bool:
    """True when a visit asked about what stands behind a finding and found nothing of it any more."""
    if seen == visit_rules.DANGER_SIGN:
        return visit_rules.signs_gone(form, values, _signs_of(finding))
    if seen not in over or seen == rules.MET:
        return seen in over
    visits, entries = _sources(finding)
    answers = [*(one.values for one in visits), *(one.values for one in entries)]
    keys = {key for given in answers for key in visit_rules.behind(seen, given)}
    return not keys or visit_rules.taken_back(form, seen, values, keys)


def _signs_of(finding: Finding) -> set[str]:
    """The danger signs that stand behind a finding, by their keys; none when one of them is not known by name."""
    visits, entries = _sources(finding)
    if entries or finding.times > len(finding.facts.get("seen", ())):
        return set()
    return {
        sign
        for one in visits
        for sign in visit_rules.danger_signs(forms.checklist(one.checklist, one.form_version), one.values)
    }


def _sources(finding: Finding) -> tuple[list[HomeVisit], list[Examination]]:
    """The visits and entries that found it, without those that were taken back."""
    keys: dict[str, list[str]] = {}
    for one in finding.facts.get("seen", ()):
        door, _colon, key = str(one).partition(":")
        keys.setdefault(door, []).append(key)
    visits = HomeVisit.objects.filter(id__in=keys.get("v", ()), withdrawn_at=None)
    return list(visits), list(Examination.objects.filter(id__in=keys.get("e", ())))


def reopen_by_visit(by: Actor, at: datetime, visit: HomeVisit) -> int:
    """A visit is taken back: what it had closed is open again, unless the same thing was found anew since."""
    if visit.person_id is None:
        return 0
    count = 0
    rows = Finding.objects.filter(state="closed", closed_why=BY_VISIT, facts__closed_visit=str(visit.id))
    for finding in rows.filter(person_id=visit.person_id).select_for_update(of=("self",)):
        if not stands(finding):
            reopen(by, at, finding)
            count += 1
    return count


def stands(finding: Finding) -> bool:
    """True when an open finding of the same code and person (or household alone) is there already."""
    same = (
        {"person_id": finding.person_id}
        if finding.person_id
        else {"person": None, "household_id": finding.household_id}
    )
    return Finding.objects.filter(state="open", code=finding.code, **same).exists()


def reopen(by: Actor, at: datetime, finding: Finding) -> None:
    """Open a finding again, and put its task back on the list."""
    finding.state, finding.closed_at, finding.closed_by, finding.closed_why = "open", None, "", ""
    kept = {key: value for key, value in finding.facts.items() if key != "closed_visit"}
    finding.facts = {**kept, "clear": []}
    finding.save(update_fields=["state", "closed_at", "closed_by", "closed_why", "facts"])
    _open_task(by, at, finding)


def answers_of(examination: Examination) -> dict[str, Any]:
    """An entry's answers and columns, by the names that the catalogue's needs use."""
    return {**examination.values, **{name: getattr(examination, name) for name in COLUMNS}}


def close(by: Actor, at: datetime, finding: Finding, why: str) -> None:
    """End a finding: its task falls away, its matter gets a note and stays open."""
    finding.state, finding.closed_at, finding.closed_by, finding.closed_why = (
        "closed",
        at,
        by.name[:150],
        why[:300],
    )
    finding.save(update_fields=["state", "closed_at", "closed_by", "closed_why", "facts"])
    _tasks.end_of_finding(by, at, finding, note=why)
    _matters.tell_over(at, finding)


def _locked(person: Person) -> Person:
    """The same person, whose cards are held until the end of the transaction: two cadres who find one thing at once stand in line."""
    list(Participant.objects.select_for_update().filter(person=person).order_by("id").values_list("id"))
    return person


def _found_in(by_code: Mapping[str, Judged]) -> list[Found]:
    known, unknown = rules.known(by_code, queries.book())
    _tell_unknown(unknown)
    kinds = [queries.book()[code] for code in known]
    return [
        Found(
            kind,
            rules.level_of(by_code[kind.code].level, kind),
            by_code[kind.code].rule[:40],
            by_code[kind.code].version[:40],
            by_code[kind.code].words,
        )
        for kind in kinds
        if not kind.guarded
    ]


def _tell_unknown(codes: Sequence[str]) -> None:
    for code in codes:
        _log.warning("A finding is not in the catalogue: %s", code)


def _take(by: Actor, at: datetime, seen: Seen, found: Sequence[Found], *, fresh: bool) -> list[Finding]:
    """Open, or count again, each thing that was found; then bring the new ones into matters, and put tasks on the list."""
    if not found:
        return []
    rows = _rows_of(seen, [one.kind.code for one in found])
    touched: list[Finding] = []
    changed: list[Finding] = []
    for one in found:
        row, is_news = _take_one(by, at, seen, one, rows.get(one.kind.code, ()), fresh=fresh)
        if row is None:
            continue
        touched.append(row)
        if is_news:
            changed.append(row)
    if fresh:
        _matters.bring(by, at, changed, looked=seen.looked)
        for row in changed:
            _open_task(by, at, row)
    return touched


def _rows_of(seen: Seen, codes: Iterable[str]) -> dict[str, list[Finding]]:
    """What stands of these codes for the person, or for the household alone; open ones first, then the newest."""
    rows = Finding.objects.filter(code__in=list(codes))
    found: dict[str, list[Finding]] = {}
    for row in (
        rows.filter(**_subject(seen, by_household=False)) | rows.filter(**_subject(seen, by_household=True))
    ).order_by("-state", "-last_date", "-id"):
        found.setdefault(row.code, []).append(row)
    return found


def _subject(seen: Seen, *, by_household: bool) -> dict[str, Any]:
    if by_household:
        return {"person": None, "household": seen.household} if seen.household is not None else {"pk__in": []}
    return {"person": seen.person} if seen.person is not None else {"pk__in": []}


def _take_one(
    by: Actor, at: datetime, seen: Seen, one: Found, rows: Sequence[Finding], *, fresh: bool
) -> tuple[Finding | None, bool]:
    """The row of one finding, and whether it is news. Rows are those of the same code, open ones first."""
    known = next(
        (
            row
            for row in rows
            if seen.key in row.facts.get("seen", ()) and (row.state == "open" or row.closed_why != CORRECTED)
        ),
        None,
    )
    if known is not None:
        return (known, _judged_anew(seen, one, known)) if known.state == "open" else (None, False)
    standing = next((row for row in rows if row.state == "open"), None)
    if standing is not None:
        return standing, _count(seen, one, standing)
    if not fresh:
        return None, False
    whole_house = one.kind.subject == "household" and seen.household is not None
    if not whole_house and seen.person is None and seen.household is None:
        return None, False
    return Finding.objects.create(
        posyandu=seen.posyandu,
        region_code=seen.posyandu.region_code,
        person=None if whole_house else seen.person,
        household=seen.household,
        participant=None if whole_house else seen.participant,
        examination=seen.examination,
        visit=seen.visit,
        code=one.kind.code,
        level=one.level,
        rule=one.rule,
        rule_version=one.version,
        facts={"words": one.words, "seen": [seen.key], "looked": seen.looked},
        found_date=seen.on,
        last_date=seen.on,
    ), True


def _judged_anew(seen: Seen, one: Found, row: Finding) -> bool:
    """The entry that a row stands on was corrected or judged anew: it says so, and is news when it is more serious now.

    What other entries had found besides keeps its level: only the more serious one counts.
    """
    if seen.examination is None or row.examination_id != seen.examination.id:
        return False
    before = row.level
    row.level = one.level if row.times == 1 else rules.worse(row.level, one.level)
    row.rule, row.rule_version = one.rule, one.version
    row.facts = {**row.facts, "words": one.words}
    row.save(update_fields=["level", "rule", "rule_version", "facts"])
    return row.level != before and rules.worse(row.level, before) == row.level


def _count(seen: Seen, one: Found, row: Finding) -> bool:
    """The same thing found again: it counts, and what began to say that it is over begins anew. What the register repeats is no news."""
    if not seen.looked:
        return False
    row.facts = {
        **row.facts,
        "seen": [*row.facts.get("seen", ()), seen.key][-_REMEMBERED:],
        "looked": True,
        "words": one.words or row.facts.get("words", ""),
        **({"clear": []} if seen.on >= row.last_date else {}),
    }
    row.times += 1
    row.found_date = min(row.found_date, seen.on)
    row.last_date = max(row.last_date, seen.on)
    row.level = rules.worse(row.level, one.level)
    row.examination = seen.examination or row.examination
    row.visit = seen.visit or row.visit
    row.save(update_fields=["facts", "times", "found_date", "last_date", "level", "examination", "visit"])
    return True


def _correct(by: Actor, at: datetime, seen: Seen, codes: set[str]) -> None:
    """What this entry alone had found and finds no more, since it was corrected or judged anew."""
    rows = Finding.objects.filter(examination=seen.examination, state="open", visit=None, times=1)
    for row in rows.exclude(code__in=codes).select_for_update(of=("self",)):
        close(by, at, row, CORRECTED)


def _clear(by: Actor, at: datetime, seen: Seen, codes: set[str], values: Mapping[str, Any]) -> None:
    """What the person's open findings say after an entry that did not find them."""
    rows = Finding.objects.filter(person=seen.person, state="open", last_date__lt=seen.on)
    for row in rows.exclude(code__in=codes).select_for_update(of=("self",)):
        kind = queries.kind(row.code)
        if kind is None or not kind.clears or not rules.says_over(kind, values):
            continue
        entries = [*(key for key in row.facts.get("clear", ()) if key != seen.key), seen.key]
        row.facts = {**row.facts, "clear": entries[-_REMEMBERED:]}
        row.save(update_fields=["facts"])
        if len(entries) >= kind.clears:
            close(by, at, row, OVER)


def _open_task(by: Actor, at: datetime, row: Finding) -> None:
    kind = queries.book()[row.code]
    _tasks.open_task(
        by,
        at,
        posyandu=row.posyandu,
        reason=row.code,
        due_date=rules.due(kind, _tasks.today(row.region_code, at)),
        person=row.person,
        household=row.household,
        participant=row.participant,
        finding=row,
    )
