"""Writing what a portion of a list of residents means: a fixed number of statements for any number of rows.

New rows are written in whole, with one statement in the history each (``field`` "*": everything the row held at first, from this list).
What differs from rows we know goes through the history (``_units.observe``), so that the newest word stands and the old one is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from simpul.lib import areas, bulk
from simpul.people.actions import _keys, _residents, _units
from simpul.people.models import Belonging, Family, Observation, Person, Suspicion
from simpul.people.queries import matching
from simpul.people.rules import history, match_levels
from simpul.people.rules import imports as rules
from simpul.people.rules.history import Said

_CHUNK = 500
ALIKE_FROM = 0.5
"""From this likeness on two rows are worth a person's look (``people/rules/match_levels``)."""


class ResidentTaker:
    """Takes residents and families in: persons, situations, family cards, households, houses."""

    def __init__(self) -> None:
        self._reader = _residents.Reader()

    def pass_over(self, rows: Sequence[rules.Row]) -> None:
        """Remember rows that were taken in before."""
        self._reader.pass_over(rows)

    def take(self, portion: rules.Portion) -> rules.Outcome:
        """Take a portion in, or only try it."""
        plan = self._reader.plan(portion)
        said = said_by(portion)
        _note_alike(plan)
        if portion.dry:
            if plan.said:
                with transaction.atomic():  # the history decides what would change, and is put back
                    _observe(plan, said)
                    transaction.set_rollback(True)
        else:
            _write_new(plan, said)
            _observe(plan, said)
            _save(plan)
            if plan.joins:
                _units.join(plan.joins, said=said, at=portion.at, why="corrected")
            _write_alike(plan)
            refresh_keys(plan)
        _tell(plan)
        return plan.outcome


def said_by(portion: rules.Portion) -> Said:
    """Whose word a list is."""
    batch = portion.batch
    return Said(
        source="import",
        observed_date=batch.as_of_date or portion.at.date(),
        source_words=batch.source_words or batch.file_name,
        said_by=batch.started_by,
    )


def refresh_keys(plan: _residents.Plan) -> None:
    """Keep the keys by which persons are matched up to date: the one call for a whole portion."""
    changed = [
        plan.subjects[key]
        for key, columns in plan.touched.items()
        if key[0] == "Person" and not columns.isdisjoint(_keys.COLUMNS)
    ]
    moved = [one.person for one in plan.joins if isinstance(one.unit, Family)]
    _keys.write_keys(list({one.id: one for one in (*plan.persons, *changed, *moved)}.values()))


def _write_new(plan: _residents.Plan, said: Said) -> None:
    """Everything that was not there before. Foreign keys are checked at the end of the transaction, so the order is free."""
    bulk.insert_objects(plan.houses)
    bulk.insert_objects(plan.households)
    bulk.insert_objects(plan.families)
    bulk.insert_objects(plan.persons)
    bulk.insert_objects(plan.profiles)
    bulk.insert_many(
        Belonging,
        ("person_id", "household_id", "family_id", "relation", "source", "recorded_at"),
        _belongings(plan, said),
    )
    by = plan.portion.by.name[:150]
    told = (said.source, said.words, said.said_by, said.observed_date, plan.portion.at, by)
    bulk.insert_many(
        Observation,
        ("subject_kind", "subject_id", "field", *_TOLD),
        (
            (kind, one.id, history.EVERYTHING, *told)
            for kind, rows in (
                ("house", plan.houses),
                ("household", plan.households),
                ("family", plan.families),
                ("person", plan.persons),
            )
            for one in rows
        ),
    )


_TOLD = ("source", "source_words", "said_by", "observed_date", "recorded_at", "recorded_by")


def _belongings(plan: _residents.Plan, said: Said) -> Iterator[tuple[Any, ...]]:
    words, at = (said.source_words or said.source)[:100], plan.portion.at
    for one in plan.persons:
        if one.household_id:
            yield one.id, one.household_id, None, one.household_relation, words, at
        if one.family_id:
            yield one.id, None, one.family_id, one.family_relation, words, at


def _observe(plan: _residents.Plan, said: Said) -> None:
    """Put what differs into the history of the rows we know. Persons and their situations share their keys: one after the other."""
    if not plan.said:
        return
    for profiles in (False, True):
        found = {key: values for key, values in plan.said.items() if (key[0] == "Profile") is profiles}
        if not found:
            continue
        changes = [_units.Change(plan.subjects[key], values) for key, values in found.items()]
        done = _units.observe(changes, said=said, by=plan.portion.by, at=plan.portion.at, saves=False)
        plan.outcome.doubtful += len(done.conflicts)
        for key, values in found.items():
            if columns := done.changed.get(key[1]):
                plan.touched.setdefault(key, set()).update(columns)
            for name, value in values.items():
                if getattr(plan.subjects[key], name) != value:
                    shown = "" if name in ("nik", "kk") else str(value)
                    plan.outcome.note(plan.numbers[key][0], "register_newer", field=name, value=shown)


def _save(plan: _residents.Plan) -> None:
    """Save the columns that changed of rows we know."""
    known = {key: columns for key, columns in plan.touched.items() if key[1] not in plan.fresh}
    for profiles in (False, True):
        changed = {
            key: sorted(columns) for key, columns in known.items() if (key[0] == "Profile") is profiles
        }
        rows = [plan.subjects[key] for key in changed]
        _units.save_units(rows, {key[1]: columns for key, columns in changed.items()}, plan.portion.at)


def _note_alike(plan: _residents.Plan) -> None:
    """Find persons who are very much like the new ones. Nobody is taken for somebody else: a person decides.

    The list is told of those of its own area alone: it is no way to find out whether a number or a name stands elsewhere (UU 24/2013
    art. 79). The pair itself is left all the same, for who serves both places.
    """
    _ask_matcher(plan)
    _same_name_and_day(plan)
    base = plan.portion.batch.region_code
    here = [person for known, person in plan.alike if known.region_code.startswith(base)]
    for number in {plan.numbers[_residents.subject_key(person)][0] for person in here}:
        plan.outcome.note(number, "maybe_same", field="full_name")
        plan.outcome.doubtful += 1


def _ask_matcher(plan: _residents.Plan) -> None:
    """New persons without a NIK go through the matcher of the counter, which forgives spelling."""
    bare = [one for one in plan.persons if not one.nik and one.name_key]
    cards = {one.id: one.kk for one in plan.families}
    asked = [
        matching.Asked(
            name=one.full_name,
            kk=cards.get(one.family_id, "") if one.family_id else "",
            sex=one.sex,
            birth_date=one.birth_date,
            birth_place=one.birth_place,
            address=one.address,
            region_code=one.region_code,
        )
        for one in bare
    ]
    for person, found in zip(bare, matching.who_all(plan.portion.by, asked, limit=1), strict=True):
        plan.alike += [(one.person, person) for one in found if one.score >= ALIKE_FROM]


def _same_name_and_day(plan: _residents.Plan) -> None:
    """The others are compared with who has the same name and birth date in the regency: one query."""
    said = {one.id for _known, one in plan.alike}
    wanted = [
        one
        for one in plan.persons
        if one.name_key and one.birth_date and not one.birth_date_rough and one.nik and one.id not in said
    ]
    if not wanted:
        return
    base = plan.portion.batch.region_code[:4]
    near = Person.objects.listed().filter(areas.inside(base), name_key__in={one.name_key for one in wanted})
    by_who: dict[tuple[str, Any], list[Person]] = defaultdict(list)
    for one in near:
        by_who[one.name_key, one.birth_date].append(one)
    for person in wanted:
        for one in by_who.get((person.name_key, person.birth_date), ()):
            both = bool(one.nik_index and one.nik_index != person.nik_index)
            if not (both and one.region_code != person.region_code):
                plan.alike.append((one, person))


def _write_alike(plan: _residents.Plan) -> None:
    """Leave each pair for a person to decide, in the form in which the search over the register leaves them."""
    if not plan.alike:
        return
    cards = matching.cards_of([one for pair in plan.alike for one in pair[:2]])
    rows = []
    for known, new in plan.alike:
        likeness = matching.compared(known, new, cards=cards)
        first, second = sorted((known.id, new.id))
        rows.append(
            Suspicion(
                first_id=first,
                second_id=second,
                region_code=new.region_code,
                score=max(likeness.score, ALIKE_FROM),
                reasons=list(match_levels.reasons(likeness)),
                found_at=plan.portion.at,
            )
        )
    Suspicion.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)


def _tell(plan: _residents.Plan) -> None:
    """Say for each row whether it changed anything."""
    became = plan.outcome.became
    for key in plan.touched:
        for number in plan.numbers.get(key, ()):
            if became.get(number) == "unchanged":
                became[number] = "changed"
