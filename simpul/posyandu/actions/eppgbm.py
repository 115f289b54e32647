"""What a portion of e-PPGBM's export means: weighings of children, computed again here, with both judgements side by side.

The file, its columns and its progress are the import's own (``people.rules.imports``); this is its taker for the kind ``eppgbm``. Children
are found by NIK, else by name and birth date in the village; nobody merely alike is taken for the same. Look-ups are the same number of
queries for any portion; writing costs what recording a weighing costs. What was measured long ago opens no matter: it is history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from simpul.lib import text
from simpul.people.actions import persons as person_actions
from simpul.people.models import Person
from simpul.people.queries import persons as person_queries
from simpul.people.rules import imports
from simpul.posyandu.actions import examinations, participants
from simpul.posyandu.models import Comparison, Examination, Participant, Posyandu
from simpul.posyandu.rules import eppgbm as rules

_SPACE = UUID("6f0f7c0e-5b0a-5f0e-9a51-6a3b8f7f2d11")
"""Keys of what a list brings are made of the list and the row, so that a portion taken again makes nothing twice."""
_COLUMNS = ("weight_g", "height_mm", "muac_mm")
_RECENT = timedelta(days=62)
"""A weighing this young when the list came is followed up; an older one is history."""

_REMARKS = ("name_otherwise", "birth_otherwise")
"""Doubts that leave a row taken in: the NIK says who it is."""
_OF_BIRTH = ("birth_otherwise", "child_turned")
_DOUBTED = (
    {"name_otherwise": "full_name"}
    | dict.fromkeys(("nik_of_another", "nik_of_twin"), "nik_printed")
    | dict.fromkeys(_OF_BIRTH, "birth_date")
)


@dataclass(slots=True)
class _Known:
    """Rows of ours that a portion may be about."""

    posts: dict[str, list[Posyandu]]
    people: person_queries.Met
    places: dict[UUID, Participant] = field(default_factory=dict)  # person -> the open form B or C
    weighed: dict[tuple[UUID, date], list[Examination]] = field(default_factory=dict)
    seen: dict[str, tuple[str, date | None]] = field(default_factory=dict)  # blind NIK -> who had it first
    called: dict[tuple[str, date], str] = field(
        default_factory=dict
    )  # blind NIK, day weighed -> name on the list


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that can be taken in: where, and who as far as known."""

    row: imports.Row
    post: Posyandu
    person: Person | None


class WeighingTaker:
    """Takes portions of e-PPGBM's export in."""

    def take(self, portion: imports.Portion) -> imports.Outcome:
        """Take a portion in; or only say what would become of it."""
        outcome = imports.Outcome()
        known = _known(portion)
        for row in portion.rows:
            found = _placed(row, known, outcome)
            if found is None:
                continue
            if portion.dry:
                outcome.became[row.number] = _would_become(found, known)
            else:
                self._take_one(portion, found, known, outcome)
        return outcome

    def pass_over(self, rows: Sequence[imports.Row]) -> None:
        """Nothing to remember: every row is found again by child and day."""

    def _take_one(
        self, portion: imports.Portion, found: _Row, known: _Known, outcome: imports.Outcome
    ) -> None:
        row, said = found.row, found.row.values
        person = found.person or _register(portion, found)
        place = known.places.get(person.id) or _enrol(portion, found, person)
        known.places[person.id] = place
        _remember(known, said, person)
        day: date = said["measured_date"]
        before = known.weighed.setdefault((person.id, day), [])
        same = next((one for one in before if _is_same(one, said)), None)
        if same is None and before:
            outcome.note(row.number, "weighed_twice")
        examination = same or _record(portion, row, place)
        if same is None:
            before.append(examination)
        outcome.became[row.number] = "unchanged" if same is not None else "added"
        _compare(portion, row, examination)


def _known(portion: imports.Portion) -> _Known:
    rows = [row.values for row in portion.rows]
    villages = {said["village"] for said in rows}
    posts: dict[str, list[Posyandu]] = {}
    for one in Posyandu.objects.filter(region_code__in=villages, closed_date=None).order_by("name"):
        posts.setdefault(one.region_code, []).append(one)
    indexes = {person_queries.nik_index(said["nik_printed"]) for said in rows if said.get("nik_printed")}
    births = {pair for said in rows for pair in _named(said)}
    people = person_queries.met_in_list(portion.batch.region_code, indexes, births)
    ids = {one.id for one in people.by_nik.values()} | {
        one.id for found in people.by_birth.values() for one in found
    }
    known = _Known(posts, people)
    places = Participant.objects.select_related("posyandu", "person").filter(
        person_id__in=ids, form__in="BC", closed_date=None
    )
    known.places = {one.person_id: one for one in places.order_by("-form")}
    days = {said["measured_date"] for said in rows}
    for line in Examination.objects.filter(person_id__in=ids, date__in=days).order_by("recorded_at"):
        known.weighed.setdefault((line.person_id, line.date), []).append(line)
    return known


def _placed(row: imports.Row, known: _Known, outcome: imports.Outcome) -> _Row | None:
    """Where a row belongs and whom it is about; None when it cannot be taken in, and why is noted."""
    said = row.values
    if not any(said.get(name) for name in _COLUMNS):
        outcome.note(row.number, "nothing_measured", refused=True)
        return None
    named, posts = str(said.get("posyandu_name", "")), known.posts.get(said["village"], [])
    post = next((one for one in posts if _bare(one.name) == _bare(named)), None)
    if post is None and len(posts) == 1:
        outcome.note(row.number, "posyandu_only", field="posyandu_name", value=named)
        post = posts[0]
    if post is None:
        outcome.note(row.number, "posyandu_unknown", field="posyandu_name", value=named, refused=True)
        return None
    person, doubt = _person(said, known)
    if doubt:
        remark = doubt in _REMARKS
        value = said["birth_date"].isoformat() if doubt in _OF_BIRTH else said["full_name"][:150]
        outcome.note(row.number, doubt, field=_DOUBTED.get(doubt, ""), value=value, refused=not remark)
        if not remark:
            return None
    place = known.places.get(person.id) if person else None
    if place is not None and place.posyandu_id != post.id:
        outcome.note(row.number, "child_elsewhere", field="posyandu_name", value=place.posyandu.name)
    if said["measured_date"] < said["birth_date"]:
        outcome.note(row.number, "measured_before_birth", value=said["measured_date"].isoformat())
    return _Row(row, post, person)


def _named(said: Mapping[str, Any]) -> tuple[tuple[str, date], ...]:
    """Name and birth date of a row; the second time with day and month the other way round, where that is a date."""
    name, born = text.name_key(said["full_name"])[:150], said["birth_date"]
    turned = rules.turned(born)
    return ((name, born),) if turned is None else ((name, born), (name, turned))


def _person(said: Mapping[str, Any], known: _Known) -> tuple[Person | None, str]:
    """Whom a row is about: by NIK, else the only one of this name and birth date; and what is doubtful about it ("" for nothing)."""
    mine, *turned = _named(said)
    if number := said.get("nik_printed"):
        index = person_queries.nik_index(number)
        person = known.people.by_nik.get(index)
        first = (person.name_key, person.birth_date) if person else known.seen.setdefault(index, mine)
        doubt = rules.doubt_of(mine, first)
        if _is_twin(said, known, index, person, other_name=doubt == "name_otherwise"):
            return None, "nik_of_twin"
        if person is not None or doubt:
            return person, doubt
    here = _alike(said, known, mine)
    if number:
        here = [
            one for one in here if not one.nik_index
        ]  # another NIK is another child: a namesake, or a twin
    if len(here) > 1:
        here = [one for one in here if one.id in known.places] or here
    if not number and not here and any(_alike(said, known, pair) for pair in turned):
        return None, "child_turned"
    return (here[0], "") if len(here) == 1 else (None, "child_several" if here else "")


def _is_twin(
    said: Mapping[str, Any], known: _Known, index: str, person: Person | None, *, other_name: bool
) -> bool:
    """True when one NIK stands for two children born on one day: nobody is weighed twice on a day under two names."""
    name, day = _named(said)[0][0], said["measured_date"]
    first = known.called.setdefault((index, day), name)
    before = known.weighed.get((person.id, day), []) if person else []
    apart = bool(before) and not any(_is_same(one, said) for one in before)
    return other_name and (apart or first != name)


def _alike(said: Mapping[str, Any], known: _Known, pair: tuple[str, date]) -> list[Person]:
    """People of a name and a birth date: those of the row's village, else all."""
    alike = known.people.by_birth.get(pair, [])
    return [one for one in alike if one.region_code == said["village"]] or alike


def _bare(name: str) -> str:
    """A posyandu's name without "posyandu", case, blanks and signs."""
    folded = "".join(sign for sign in name.casefold() if sign.isalnum())
    return folded.removeprefix("posyandu")


def _would_become(found: _Row, known: _Known) -> str:
    said = found.row.values
    if found.person is None:
        return "added"
    before = known.weighed.get((found.person.id, said["measured_date"]), [])
    return "unchanged" if any(_is_same(one, said) for one in before) else "added"


def _is_same(one: Examination, said: Mapping[str, Any]) -> bool:
    """True when a weighing of ours says what the row says."""
    return all(getattr(one, name) == said.get(name) for name in _COLUMNS)


def _key(portion: imports.Portion, row: imports.Row, what: str) -> UUID:
    return uuid5(_SPACE, f"{portion.batch.id}|{row.number}|{what}")


def _register(portion: imports.Portion, found: _Row) -> Person:
    """Write a child down that nobody here knows."""
    said = found.row.values
    wanted = {
        "by": portion.by,
        "at": portion.at,
        "full_name": said["full_name"],
        "sex": said.get("sex", ""),
        "birth_date": said["birth_date"],
        "region_code": said["village"],
        "address": said.get("address", ""),
        "person_id": _key(portion, found.row, "person"),
    }
    try:
        return person_actions.register_person(**wanted, nik=said.get("nik_printed", "")).person
    except person_actions.NikUnreadable:
        return person_actions.register_person(**wanted).person


def _enrol(portion: imports.Portion, found: _Row, person: Person) -> Participant:
    """Put a child on the list of its posyandu."""
    said = found.row.values
    details = {
        "birth_weight": said.get("birth_weight_g"),
        "birth_length": said.get("birth_length_mm"),
        "mother_name": said.get("parent_name"),
    }
    return participants.enrol_participant(
        by=portion.by,
        at=portion.at,
        posyandu_id=found.post.id,
        person_id=person.id,
        form="B",
        details={name: value for name, value in details.items() if value},
        opened_date=max(said["birth_date"], min(said["measured_date"], portion.at.date())),
        participant_id=_key(portion, found.row, "participant"),
        sure=("twins", "elsewhere"),
    )


def _remember(known: _Known, said: Mapping[str, Any], person: Person) -> None:
    """A child that was new in this row is known in the next."""
    if person.nik_index:
        known.people.by_nik.setdefault(person.nik_index, person)
    alike = known.people.by_birth.setdefault((text.name_key(said["full_name"])[:150], said["birth_date"]), [])
    if all(one.id != person.id for one in alike):
        alike.append(person)


def _record(portion: imports.Portion, row: imports.Row, place: Participant) -> Examination:
    said = row.values
    values = {
        "weight": said.get("weight_g"),
        "height": said.get("height_mm"),
        "measured": said.get("measured_how"),
        "muac": said.get("muac_mm"),
    }
    return examinations.record_examination(
        by=portion.by,
        at=portion.at,
        participant_id=place.id,
        date=said["measured_date"],
        values={name: value for name, value in values.items() if value},
        source="import",
        flags=tuple(fault.code for fault in row.faults if fault.code == "weight_grams"),
        examination_id=_key(portion, row, "examination"),
        follow_up=portion.at.date() - said["measured_date"] <= _RECENT,
    )


def _compare(portion: imports.Portion, row: imports.Row, examination: Examination) -> None:
    ours = {name: getattr(examination, name) for name in rules.compare({}, {}).ours}
    found = rules.compare(row.values, ours)
    Comparison.objects.update_or_create(
        batch_id=portion.batch.id,
        row=row.number,
        defaults={
            "examination": examination,
            "region_code": examination.region_code,
            "theirs": dict(found.theirs),
            "ours": dict(found.ours),
            "differs": list(found.differs),
            "different": bool(found.differs),
        },
    )
