"""Steps that the acts of the register share, made for one row as for a list of 200,000: a fixed number of queries each.

``observe`` writes what somebody said into the history and sets the columns of the rows given to it; whoever calls saves the rows with
``save_units``. ``join`` and ``leave`` keep ``Belonging`` and the person's present unit in step. None of them asks who may, or writes the
journal: the acts do.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from simpul.journal import actions as journal_actions
from simpul.lib import bulk, text, when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.people.actions import _keys
from simpul.people.models import Belonging, Family, House, Household, Observation, Person, Profile
from simpul.people.queries import fields as field_queries
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history, reach
from simpul.people.rules.history import Said
from simpul.regions import queries as region_queries

Row = House | Household | Family | Person | Profile
_CHUNK = 500
AT_THE_REGISTER = history.Sight()
"""Nothing was seen elsewhere: what stands is on the page, or a list is taken in."""


@dataclass(slots=True)
class Change:
    """Values for one row, read already (``field_queries.read``). ``is_new``: it was just made, and has no history."""

    row: Row
    values: Mapping[str, Any]
    is_new: bool = False


@dataclass(slots=True)
class Observed:
    """What became of the values: columns that changed by row, values that were kept as older, and fields in conflict."""

    changed: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    older: list[tuple[UUID, str]] = field(default_factory=list)
    conflicts: list[tuple[UUID, str]] = field(default_factory=list)
    said_again: int = 0
    added: int = 0
    by_event: bool = False

    @property
    def is_again(self) -> bool:
        """True for an event whose every word was written down before: it changed nothing, and leaves no second line."""
        return self.by_event and bool(self.said_again) and not self.added


LAST_ZONE = "Asia/Jayapura"
"""Where a day begins first: what is not tomorrow there is tomorrow nowhere in the country."""


def local_day(by: Actor, at: datetime) -> date:
    """The date at the actor's place; in the middle of the country when the actor serves everywhere."""
    area = by.served_areas[0]
    return when.local_date(at, region_queries.zone_of(area) if area else "Asia/Makassar")


def last_day(at: datetime) -> date:
    """The latest date that is no future anywhere in the country."""
    return when.local_date(at, LAST_ZONE)


def subject_of(row: Row) -> tuple[str, UUID]:
    """How the history names a row: a profile's values stand under its person."""
    if isinstance(row, Profile):
        return "person", row.person_id
    return type(row).__name__.lower(), row.id


def kept(key: str, value: Any) -> str:
    """A value as the history's column holds it; numbers of persons and cards are sealed."""
    plain = field_rules.as_text(value)
    if key in field_rules.SEALED and plain:
        return base64.urlsafe_b64encode(ring().encrypt(plain, field_queries.SEAL)).decode()
    return plain[:300]


opened = field_queries.opened


def observe(
    changes: Sequence[Change],
    *,
    said: Said,
    by: Actor,
    at: datetime,
    saves: bool = True,
    sight: history.Sight = AT_THE_REGISTER,
) -> Observed:
    """Write what was said into the history, and set the columns whose value stands by it (``rules.history``).

    What a list said of a whole row becomes the first statement of each field that is told anew. ``sight``: what the author had seen, when
    they wrote away from the register.

    The rows are held until the transaction ends and read anew: nobody's word is judged by what stood a moment ago. Two reads for each
    500 rows and one for each kind of them, and at most two writes, however many fields there are. The rows are saved when ``saves``.
    """
    done = Observed(by_event=sight.event_id is not None)
    for start in range(0, len(changes), _CHUNK):
        part = changes[start : start + _CHUNK]
        _hold(part)
        _observe(part, said, by, at, done, sight)
    if saves:
        save_units([change.row for change in changes], done.changed, at)
    return done


def _hold(changes: Sequence[Change]) -> None:
    """Lock the rows, and take what their columns hold now."""
    by_model: dict[type[Any], list[Change]] = defaultdict(list)
    for change in changes:
        if not change.is_new and change.values:
            by_model[type(change.row)].append(change)
    for model, found in by_model.items():
        columns = sorted({key for change in found for key in change.values})
        keys = [change.row.pk for change in found]
        held = model.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        now = {row["pk"]: row for row in held.values("pk", *columns)}
        for change in found:
            for key in (
                change.values if change.row.pk in now else ()
            ):  # a list saves what it brings at its end
                setattr(change.row, key, now[change.row.pk][key])


def _observe(
    changes: Sequence[Change], said: Said, by: Actor, at: datetime, done: Observed, sight: history.Sight
) -> None:
    known = _histories(changes)
    added: list[Observation] = []
    moved: list[Observation] = []
    for change in changes:
        kind, subject_id = subject_of(change.row)
        for key, value in change.values.items():
            rows = known.get((subject_id, key), [])
            old = getattr(change.row, key)
            first: list[Observation] = []
            if not rows and not change.is_new and old not in (None, ""):
                whole = known.get((subject_id, history.EVERYTHING))
                if whole or old != value:
                    first = [_before(change.row, kind, subject_id, key, old, at, whole[0] if whole else None)]
            rows = [*first, *rows]
            if value in (None, "") and (change.is_new or (not rows and old in (None, ""))):
                continue
            new = _observation(kind, subject_id, key, value, said, by, at, sight)
            if _is_known(rows, new, sight):
                done.said_again += 1
                continue
            added += [*first, new]
            done.added += 1
            moved += _place(change.row, key, rows, new, sight.seen.get(key), done)
    bulk.insert_objects(added)
    old_rows = [one for one in moved if one not in set(added)]
    if old_rows:
        Observation.objects.bulk_update(old_rows, ["state", "rival"], batch_size=_CHUNK)


def _is_known(rows: Sequence[Observation], new: Observation, sight: history.Sight) -> bool:
    """True for what was written down before: by the event it came in by, else by the words, their day and their source."""
    if sight.event_id is not None:
        return any(one.id == new.id for one in rows)
    return history.known([_statement(one) for one in rows], _statement(new))


def _place(
    row: Row, key: str, rows: list[Observation], new: Observation, seen: str | None, done: Observed
) -> list[Observation]:
    """Mark every statement of one field anew, set the column, and tell what happened; the rows whose mark changed."""
    kind, subject_id = subject_of(row)
    statements = history.told([_statement(one) for one in rows], replace(_statement(new), seen=seen))
    everything, moved = [*rows, new], []
    for one, told in zip(everything, statements, strict=True):
        rival = _rival(one, everything, statements) if told.disputed else None
        if (one.state, one.rival) != (told.state, rival) and told.state != "rejected":
            one.state, one.rival = told.state, rival
            moved.append(one)
    column = field_queries.of_history()[kind, key]
    old = getattr(row, key)
    value = field_rules.of_text(column, history.standing(statements, field_rules.as_text(old)))
    if value != old:
        setattr(row, key, value)
        done.changed[row.pk].append(key)
    if new.state == "past":
        done.older.append((subject_id, key))
    elif new.state == "conflict":
        done.conflicts.append((subject_id, key))
    return moved


def _rival(one: Observation, rows: Sequence[Observation], told: Sequence[history.Statement]) -> UUID | None:
    """The statement that one contradicts unseen: the one it contradicts already, while that stands, else the first that does."""
    value = opened(one.field, one.value)
    against = [
        row.id
        for row, state in zip(rows, told, strict=True)
        if state.state == "conflict" and state.value != value
    ]
    return one.rival if one.rival in against else against[0]


def _histories(changes: Sequence[Change]) -> dict[tuple[UUID, str], list[Observation]]:
    subjects = [subject_of(change.row)[1] for change in changes if not change.is_new]
    keys = {key for change in changes for key in change.values}
    found: dict[tuple[UUID, str], list[Observation]] = defaultdict(list)
    if subjects:
        rows = Observation.objects.filter(subject_id__in=subjects, field__in={history.EVERYTHING, *keys})
        for one in rows.order_by("recorded_at", "id"):
            found[one.subject_id, one.field].append(one)
    return found


def _statement(one: Observation) -> history.Statement:
    return history.Statement(
        opened(one.field, one.value),
        one.observed_date,
        one.source,
        one.source_words,
        state=one.state,
        disputed=one.rival is not None,
    )


def _observation(
    kind: str,
    subject_id: UUID,
    key: str,
    value: Any,
    said: Said,
    by: Actor,
    at: datetime,
    sight: history.Sight,
) -> Observation:
    return Observation(
        id=sight.key(subject_id, key) or uuid7(),
        subject_kind=kind,
        subject_id=subject_id,
        field=key,
        value=kept(key, value),
        source=said.source,
        source_words=said.words,
        said_by=said.said_by[:150],
        observed_date=said.observed_date,
        recorded_at=at,
        recorded_by=by.name[:150],
    )


def _before(
    row: Row, kind: str, subject_id: UUID, key: str, old: Any, at: datetime, whole: Observation | None
) -> Observation:
    """What stood in the column before its history began: the word of the list that brought the whole row (``whole``), or nobody's.

    Nobody's word is of the day on which the row was written down.
    """
    if whole is not None:
        return Observation(
            subject_kind=kind,
            subject_id=subject_id,
            field=key,
            value=kept(key, old),
            source=whole.source,
            source_words=whole.source_words,
            said_by=whole.said_by,
            observed_date=whole.observed_date,
            recorded_at=min(whole.recorded_at, at - timedelta(microseconds=1)),
            recorded_by=whole.recorded_by,
        )
    since = getattr(row, "registered_at", None) or getattr(row, "changed_at", None) or at
    return Observation(
        subject_kind=kind,
        subject_id=subject_id,
        field=key,
        value=kept(key, old),
        source=history.BEFORE,
        observed_date=since.date(),
        recorded_at=min(since, at - timedelta(microseconds=1)),
    )


def save_units(rows: Iterable[Row], changed: Mapping[UUID, Sequence[str]], at: datetime) -> None:
    """Save the columns that changed, with the keys that look-ups use: one statement for each kind of row and 500 of them."""

    def own(row: Row) -> list[str]:
        return [
            name for name in changed.get(row.pk, ()) if hasattr(row, name)
        ]  # a profile has its person's key

    by_model: dict[type[Any], list[Any]] = defaultdict(list)
    for row in rows:
        if own(row):
            by_model[type(row)].append(row)
    for model, found in by_model.items():
        columns = {name for row in found for name in own(row)}
        for name in _DERIVED.keys() & columns:
            columns.add(_DERIVED[name])
            for row in found:
                derive(row, name)
        if model is not Person:
            columns.add("changed_at")
            for row in found:
                row.changed_at = at
        model.objects.bulk_update(found, sorted(columns), batch_size=_CHUNK)
        if model is Person and _keys.COLUMNS & columns:
            _keys.write_keys(found)


_DERIVED = {"nik": "nik_index", "kk": "kk_index", "full_name": "name_key"}


def derive(row: Any, name: str) -> None:
    """Set the key of a look-up from the value it is made of."""
    if name == "full_name":
        row.name_key = "" if reach.is_no_name(row.full_name) else text.name_key(row.full_name)[:150]
    elif name == "nik":
        row.nik_index = ring().blind_index(row.nik, "nik") if row.nik else ""
    else:
        row.kk_index = ring().blind_index(row.kk, "kk") if row.kk else ""


# --- belonging --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Joining:
    """A person who joins a household or a family from a day on; a day nobody knows is None."""

    person: Person
    unit: Household | Family
    relation: str = ""
    from_date: date | None = None
    is_new: bool = False  # the person was just made and belongs nowhere yet
    key: UUID | None = None  # of the belonging that is made


def join(joinings: Sequence[Joining], *, said: Said, at: datetime, why: str = "moved") -> list[Belonging]:
    """Let persons join units; where they belonged before ends on that day. The persons are saved."""
    made: list[Belonging] = []
    for kind in ("household", "family"):
        rows = [one for one in joinings if isinstance(one.unit, Household) == (kind == "household")]
        if not rows:
            continue
        _end(
            [one.person for one in rows if not one.is_new],
            kind,
            until={one.person.id: one.from_date or said.observed_date for one in rows},
            why=why,
        )
        for one in rows:
            setattr(one.person, kind, one.unit)
            setattr(one.person, f"{kind}_relation", one.relation)
            one.person.resident = True
            made.append(
                Belonging(
                    id=one.key or uuid7(),
                    person=one.person,
                    household=one.unit if isinstance(one.unit, Household) else None,
                    family=one.unit if isinstance(one.unit, Family) else None,
                    relation=one.relation,
                    from_date=one.from_date,
                    source=(said.source_words or said.source)[:100],
                    recorded_at=at,
                )
            )
        Person.objects.bulk_update(
            [one.person for one in rows], [kind, f"{kind}_relation", "resident"], batch_size=_CHUNK
        )
        if kind == "family":  # the card's number is in their keys
            _keys.write_keys([one.person for one in rows])
    return Belonging.objects.bulk_create(made, batch_size=_CHUNK)


def joined(key: UUID | None, person_id: UUID) -> Belonging | None:
    """What was made before with this key; None when there is nothing yet.

    Raises:
        NotFound: the key is somebody else's.
    """
    found = Belonging.objects.filter(id=key).first() if key else None
    if found is not None and found.person_id != person_id:
        raise NotFound
    return found


def leave(persons: Sequence[Person], kinds: Sequence[str], *, on: date, why: str) -> list[UUID]:
    """Let persons leave their household or family on a day. Gives the ids of the belongings that ended; the persons are saved."""
    ended: list[UUID] = []
    for kind in kinds:
        ended += _end(persons, kind, until={one.id: on for one in persons}, why=why)
        for person in persons:
            setattr(person, kind, None)
            setattr(person, f"{kind}_relation", "")
    columns = [column for kind in kinds for column in (kind, f"{kind}_relation")]
    Person.objects.bulk_update(persons, columns, batch_size=_CHUNK)
    return ended


def _end(persons: Sequence[Person], kind: str, *, until: Mapping[UUID, date], why: str) -> list[UUID]:
    open_rows = list(
        Belonging.objects.filter(
            person_id__in=[one.id for one in persons], until_date=None, **{f"{kind}__isnull": False}
        )
    )
    for row in open_rows:
        day = until[row.person_id]
        row.until_date = max(day, row.from_date) if row.from_date else day
        row.why_ended = why
    Belonging.objects.bulk_update(open_rows, ["until_date", "why_ended"], batch_size=_CHUNK)
    return [row.id for row in open_rows]


# --- the line ---------------------------------------------------------------------------------------------------------------


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    *,
    region_code: str,
    said: Said | None = None,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line, with who said it. Numbers of persons and cards never stand in it."""
    told = {"source": said.source, "observed_date": said.observed_date.isoformat()} if said else {}
    safe = {key: value for key, value in (inputs or {}).items() if key not in field_rules.SEALED}
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        region_code=region_code,
        facts={**told, **(facts or {})},
        inputs={**safe, **({"said_by": said.said_by, "source_words": said.source_words} if said else {})},
    )


def line_of_change(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    region_code: str,
    *,
    said: Said,
    new: Mapping[str, Any],
    done: Observed,
) -> None:
    """Write the line of what was told: which fields, what became of them; their values stand in the inputs alone."""
    if done.is_again:
        return
    facts = {
        "fields": sorted(new),
        "older": sorted(key for _subject, key in done.older),
        "conflicts": sorted(key for _subject, key in done.conflicts),
    }
    inputs = {key: str(value) for key, value in new.items()}
    line(by, at, kind, subject, region_code=region_code, said=said, facts=facts, inputs=inputs)
