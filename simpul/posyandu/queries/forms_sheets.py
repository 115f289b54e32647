"""The official sheets as they are printed, empty or filled: heads, columns with their groups and steps, lines, totals.

One builder for all forms: what a sheet looks like is in the catalogue, what stands in its cells comes from cards, entries and visits.
Sheets are official papers and speak Indonesian.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Examination, HomeVisit, Participant, Posyandu
from simpul.posyandu.queries import forms_cells as cells
from simpul.posyandu.queries import forms_grid as grid
from simpul.posyandu.rules import forms as rules

MOST = 500
VISITS_BESIDE = 4
"""Visits that stand beside one another on a checklist."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its words, the step of the day whose colour it has, how wide it is against the others."""

    head: str
    step: int = 0
    wide: int = 1
    upright: bool = False  # its words stand upright: lying they would break within a word


@dataclass(frozen=True, slots=True)
class Group:
    """Words over neighbouring columns, and over how many; empty words for none."""

    words: str
    span: int
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet, with the groups over its columns."""

    title: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    empty: int = 0
    total: tuple[str, ...] = ()

    @property
    def has_groups(self) -> bool:
        """Whether there is a line of groups."""
        return any(one.words for one in self.groups)

    @property
    def blank(self) -> range:
        """Lines without anything."""
        return range(self.empty)


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a checklist: the question and its answers, one a visit."""

    label: str
    cells: tuple[str, ...]
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a checklist."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet ready to be printed."""

    form: rules.Form
    head: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    blocks: tuple[Block, ...] = ()
    visits: tuple[str, ...] = ()  # dates over the answers of a checklist


# --- cards


def card(by: Actor, participant: Participant, form: rules.Form) -> Sheet:
    """A card with all its lines, oldest first, and some empty ones."""
    rows = access.examinations(by).filter(participant=participant, stands=True)
    entries = list(rows.order_by("-date", "-recorded_at")[:MOST])[::-1]
    if form.code == "card_lansia":
        entries = [one for one in entries if any(key.startswith(("aks_", "skilas_")) for key in one.values)]
    months = {one.id: grid.months_of(participant, one.date) for one in entries}
    tables = []
    for part, title in _parts(form):
        fitting = [one for one in entries if _in_part(form, part, one, months[one.id])]
        lines = tuple(_line(form.columns(part), one, participant) for one in fitting)
        tables.append(_table(form, title, form.columns(part), lines, max(3, form.lines - len(lines))))
    return Sheet(form, _head(form, cells.of_person(participant)), tuple(tables))


def _parts(form: rules.Form) -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in form.parts] or [("", "")]


def _in_part(form: rules.Form, part: str, entry: Examination, months: int | None) -> bool:
    if not part:
        return True
    if form.code == "card_C":
        young = months is None or months < 15 * 12
        return young == (part == "6-14")
    own = [one.key for one in form.row if one.parts == (part,)]
    other = [one.key for one in form.row if one.parts and part not in one.parts]
    if any(key in entry.values for key in own):
        return True
    return part == form.parts[0].code and not any(key in entry.values for key in other)


def _line(columns: Sequence[rules.Field], entry: Examination, participant: Participant) -> tuple[str, ...]:
    return tuple(cells.of_entry(one, entry, participant) for one in columns)


def _head(form: rules.Form, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((one.label, values.get(one.key, "")) for one in form.head if one.printed)


def _table(
    form: rules.Form,
    title: str,
    columns: Sequence[rules.Field],
    rows: tuple[tuple[str, ...], ...],
    empty: int,
    total: tuple[str, ...] = (),
) -> Table:
    names = {one.code: one.title for one in form.sections}
    groups: list[tuple[str, int]] = []
    for one in columns:
        words = names.get(one.section, "") if names.get(one.section) != title else ""
        if words and groups and groups[-1][0] == words:
            groups[-1] = (words, groups[-1][1] + 1)
        else:
            groups.append((words, 1))
    return Table(
        title,
        tuple(Column(one.head, one.step, _width(one), _stands(one, len(columns))) for one in columns),
        tuple(Group(words, span, _longest(words) * len(columns) > LETTERS * span) for words, span in groups),
        rows,
        empty,
        total,
    )


MANY_COLUMNS = 14
"""A table with more columns has narrow ones, and their heads stand upright."""
LETTERS = 170
"""Letters of a head that stand beside one another over the width of a sheet."""
LYING = {2: 7, 3: 10}
"""The longest word that a wider column of such a table holds lying."""


def _stands(one: rules.Field, columns: int) -> bool:
    return columns > MANY_COLUMNS and _longest(one.head) > LYING.get(
        _width(one), 0 if _width(one) == 1 else 99
    )


def _longest(words: str) -> int:
    return max((len(word) for word in words.split()), default=0)


_WORDED = frozenset(
    ("date", "person_birth", "class_bb_u", "class_tb_u", "class_bb_tb", "class_head", "class_imt_u")
)
"""Columns with a day, or with a class of growth in words ("Normal", "Gizi kurang"): no word is broken in them."""


def _width(one: rules.Field) -> int:
    if one.key in ("person_name", "person_address", "husband", "mother_name", "father_name", "member_name"):
        return 4
    if one.key in ("person_nik", "education", "member_nik"):
        return 3
    return 2 if one.type in (rules.TEXT, rules.MANY) or one.key in _WORDED else 1


# --- lists and recaps


def listed(by: Actor, posyandu: Posyandu, form: rules.Form, on: date) -> Sheet:
    """A list of those looked after (data sasaran) on a day."""
    people = _people(by, posyandu, form, on)
    rows = tuple(
        tuple(_of_list(one.key, number, participant, on) for one in form.columns())
        for number, participant in enumerate(people, 1)
    )
    return Sheet(form, (), (_table(form, "", form.columns(), rows, 0 if rows else form.lines),))


def _of_list(key: str, number: int, participant: Participant, on: date) -> str:
    if key == "number":
        return str(number)
    return cells.of_person(participant, on).get(key, "")


def _people(by: Actor, posyandu: Posyandu, form: rules.Form, on: date) -> list[Participant]:
    rows = access.participants(by).filter(
        posyandu=posyandu, form=grid.letter_of(form.code), opened_date__lte=on
    )
    rows = rows.exclude(closed_date__lt=on).select_related("person__hamlet", "mother")
    return list(rows.order_by("person__name_key", "id")[:MOST])


def recap(by: Actor, posyandu: Posyandu, form: rules.Form, first: date, last: date) -> Sheet:
    """Who came in a month, with what result, and who was referred; the last line adds up."""
    people = _people(by, posyandu, form, last)
    entries: dict[UUID, list[Examination]] = {}
    rows = Examination.objects.filter(
        participant__in=[one.id for one in people], date__range=(first, last), stands=True
    ).exclude(source="import")
    for entry in rows.order_by("date"):
        entries.setdefault(entry.participant_id, []).append(entry)
    lines = tuple(
        _recap_line(form, number, one, entries.get(one.id, []), last) for number, one in enumerate(people, 1)
    )
    counted = tuple(
        str(sum(line[place] == cells.TICK for line in lines))
        if one.key.startswith(("came", "result", "referred"))
        else "Jumlah"
        if one.key == "person_name"
        else ""
        for place, one in enumerate(form.columns())
    )
    table = _table(form, "", form.columns(), lines, 0 if lines else form.lines, counted if lines else ())
    return Sheet(form, (), (table,))


def _recap_line(
    form: rules.Form, number: int, participant: Participant, entries: Sequence[Examination], on: date
) -> tuple[str, ...]:
    came = bool(entries)
    problem = any(cells.is_problem(one) for one in entries)
    referred = any(one.refer or one.values.get("refer_slip") is True for one in entries)
    ticks = {
        "came_yes": came,
        "came_no": not came,
        "result_normal": came and not problem,
        "result_problem": came and problem,
        "referred_yes": came and referred,
        "referred_no": came and not referred,
    }
    return tuple(
        (cells.TICK if ticks[one.key] else "")
        if one.key in ticks
        else _of_list(one.key, number, participant, on)
        for one in form.columns()
    )


# --- checklists


def checklist(form: rules.Form, visits: Sequence[HomeVisit], person_values: Mapping[str, str]) -> Sheet:
    """A checklist with up to four visits beside one another, oldest first; columns without a visit stay empty."""
    kept = list(visits)[-VISITS_BESIDE:]
    blank = VISITS_BESIDE - len(kept)
    names = {one.code: one.title for one in form.sections}
    blocks: list[Block] = []
    for section in form.sections:
        fields = [one for one in form.row if one.section == section.code and one.printed]
        if section.code == "members":
            continue
        answers = tuple(_answers(fields, kept, blank))
        if answers:
            blocks.append(Block(names[section.code], answers))
    tables: tuple[Table, ...] = ()
    if "members" in names:
        columns = form.columns("members")
        columns = tuple(one for one in columns if one.section == "members")
        rows = cells.members(kept[-1]) if kept else ()
        lines = tuple(tuple(row.get(one.key, "") for one in columns) for row in rows)
        tables = (_table(form, names["members"], columns, lines, max(2, form.lines - len(lines))),)
    dates = (*(cells.day(one.date) for one in kept), *("" for _number in range(blank)))
    return Sheet(form, _head(form, person_values), tables, tuple(blocks), dates)


def _answers(fields: Iterable[rules.Field], visits: Sequence[HomeVisit], blank: int) -> Iterable[Answer]:
    done: set[str] = set()
    by_group: dict[str, list[rules.Field]] = {}
    listed_fields = list(fields)
    for one in listed_fields:
        if one.group:
            by_group.setdefault(one.group, []).append(one)
    for one in listed_fields:
        if one.group:
            if one.group not in done:
                done.add(one.group)
                yield Answer(one.group_label, _three(by_group[one.group], visits, blank))
            continue
        found = tuple(cells.of_visit(one, visit) for visit in visits)
        yield Answer(one.label, (*found, *("" for _number in range(blank))), one.danger)


def _three(fields: Sequence[rules.Field], visits: Sequence[HomeVisit], blank: int) -> tuple[str, ...]:
    found = []
    for visit in visits:
        parts = [cells.of_visit(one, visit) for one in fields]
        found.append(", ".join(part for part in parts if part))
    return (*found, *("" for _number in range(blank)))


def empty(form: rules.Form) -> Sheet:
    """A sheet without anything written on it."""
    if form.layout == "checklist":
        return checklist(form, (), {})
    tables = tuple(_table(form, title, form.columns(part), (), form.lines) for part, title in _parts(form))
    return Sheet(form, _head(form, {}), tables)


def visits_of(by: Actor, visit: HomeVisit) -> list[HomeVisit]:
    """The visits that stand on one checklist: of the same person (or family) with the same checklist, up to this one."""
    rows = access.visits(by).filter(checklist=visit.checklist, withdrawn_at=None, date__lte=visit.date)
    if visit.person_id is not None:
        rows = rows.filter(person=visit.person)
    else:
        rows = rows.filter(household=visit.household, person=None)
    return list(rows.order_by("-date", "-recorded_at")[:VISITS_BESIDE])[::-1]
