"""A stack of paper visit sheets: whom each line means, what must be asked about it first. A fixed number of queries for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Family, Household
from simpul.people.queries import residents
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, HomeVisit, Participant, Posyandu
from simpul.posyandu.queries import forms_grid, stacks
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import stacks as sheet_rules

_MOST = 400
_CHOICES = 8
_FITS = {1: "A", 2: "A", 3: "B", 4: "B", 5: "C", 6: "D", 7: "D"}
"""The form whose card a checklist is about."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of the stack: what it says, whom it was to, and who else may be meant."""

    typed: stacks.Typed
    read: rules.Read
    participant: Participant | None = None
    household: Household | None = None
    choices: tuple[stacks.Choice, ...] = ()
    chosen: str = ""

    @property
    def date(self) -> date | None:
        """The day of the visit."""
        return stacks.day_of(self.read, sheet_rules.ON)

    @property
    def met(self) -> bool:
        """Whether somebody was there."""
        return self.read.values.get(sheet_rules.MET) is not False

    @property
    def answers(self) -> dict[str, Any]:
        """The answers of the checklist alone."""
        return {key: value for key, value in self.read.values.items() if key not in sheet_rules.ABOUT_VISIT}


@dataclass(frozen=True, slots=True)
class _Subject:
    """Somebody or a family that a name leads to. ``sure``: exactly so."""

    value: str
    sure: bool
    participant: Participant | None = None
    household: Household | None = None

    def as_choice(self) -> stacks.Choice:
        person = self.participant.person if self.participant is not None else None
        return stacks.Choice(self.value, person, self.household)


def cadres(posyandu: Posyandu) -> tuple[rules.Option, ...]:
    """Who may have made a visit: cadres and board of the posyandu, also those whose term ended, since paper is older than today."""
    rows = Cadre.objects.filter(posyandu=posyandu).order_by("name", "id")
    return tuple(rules.Option(str(one.id), one.name, one.name) for one in rows[:_MOST])


def saved(by: Actor, ids: Iterable[UUID]) -> dict[UUID, HomeVisit]:
    """Lines that are saved, by their keys."""
    rows = access.visits(by).filter(id__in=list(ids)).select_related("person", "household")
    return {one.id: one for one in rows}


def read(
    by: Actor, posyandu: Posyandu, sheet: rules.Form, typed: Sequence[stacks.Typed], today: date
) -> list[Line]:
    """Each line read for the one it means."""
    number = int(sheet.code[-1])
    names = {one.number: stacks.named(one.raw.get(sheet_rules.WHO, "")) for one in typed}
    look = _families if number == 0 else _people
    found = look(by, posyandu, number, names)
    lines = [_line(sheet, one, found.get(one.number, []), names[one.number]) for one in typed]
    return _asked_of_all(posyandu, number, lines, today)


def _line(sheet: rules.Form, typed: stacks.Typed, found: Sequence[_Subject], name: stacks.Named) -> Line:
    exact = [one for one in found if one.sure]
    chosen = next((one for one in found if one.value == typed.pick), None)
    if chosen is None and len(exact) == 1:
        chosen = exact[0]
    card = chosen.participant if chosen is not None else None
    on = stacks.day_of(rules.read(sheet, typed.raw), sheet_rules.ON)
    read = rules.read(
        sheet,
        typed.raw,
        sex=card.person.sex or "" if card is not None else "",
        age_months=_months(card, on),
        before=_before(sheet, card, on),
        sure=typed.sure,
    )
    faults, questions = [], []
    if name.typed and not found:
        words = _(
            "Nobody with this name or NIK is on the list of this posyandu. Check it, or put the person on the list first."
        )
        if sheet.code == "visit_0":
            words = _("No family of the village has this name, member or number. Check it.")
        faults.append(rules.Fault("nobody", sheet_rules.WHO, words))
    elif name.typed and chosen is None:
        words = (
            _("Several are called so. Choose who is meant.")
            if exact
            else _("Nobody is called exactly so. Choose who is meant.")
        )
        questions.append(rules.Question("which", sheet_rules.WHO, words, must=True))
    asks = len(exact) != 1
    return Line(
        typed,
        stacks.with_more(read, typed.sure, faults=faults, questions=questions),
        card,
        chosen.household if chosen is not None else None,
        tuple(one.as_choice() for one in (exact or found)[:_CHOICES]) if asks else (),
        chosen.value if chosen is not None else "",
    )


def _months(card: Participant | None, on: date | None) -> int | None:
    born = card.person.birth_date if card is not None else None
    return growth.completed_months(born, on) if born is not None and on is not None and born <= on else None


def _before(sheet: rules.Form, card: Participant | None, on: date | None) -> Mapping[str, Any] | None:
    """The last measures, for the one checklist that asks for weight and height."""
    measured = card is not None and on is not None and sheet.field("weight") is not None
    return forms_grid.before(card, on) if measured and card is not None and on is not None else None


# --- whom a name means


def _people(
    by: Actor, posyandu: Posyandu, number: int, names: Mapping[int, stacks.Named]
) -> dict[int, list[_Subject]]:
    rows = access.participants(by).filter(
        posyandu=posyandu, person__restricted_at=None, person__erased_at=None
    )
    rows = rows.exclude(person__life="merged").select_related("person__hamlet", "person__household")
    keys = {one.key for one in names.values() if one.key}
    indexes = {one.index for one in names.values() if one.index}
    exact = list(rows.filter(Q(person__name_key__in=keys) | Q(person__nik_index__in=indexes))[:_MOST])
    found = {
        line: _cards(number, [one for one in exact if _is(one, name)], sure=True)
        for line, name in names.items()
    }
    open_names = [one for line, one in names.items() if not found[line] and one.is_searched]
    if open_names:
        like = Q(pk__in=[])
        for name in open_names:
            like |= Q(person__name_key__contains=name.key)
        near = list(rows.filter(like).order_by("person__name_key")[:_MOST])
        for line, name in names.items():
            if not found[line] and name.is_searched:
                fitting = [one for one in near if name.key in one.person.name_key]
                found[line] = _cards(number, fitting, sure=False)[:_CHOICES]
    return found


def _is(card: Participant, name: stacks.Named) -> bool:
    if name.index:
        return bool(card.person.nik_index == name.index)
    return bool(name.key) and bool(card.person.name_key == name.key)


def _cards(number: int, rows: Sequence[Participant], *, sure: bool) -> list[_Subject]:
    """One card for each person: the one that the checklist is about, else an open one, else the newest."""

    def rank(card: Participant) -> tuple[bool, bool, date]:
        return card.closed_date is None, card.form == _FITS.get(number), card.opened_date

    best: dict[UUID, Participant] = {}
    for one in sorted(rows, key=rank):
        best[one.person_id] = one
    ordered = sorted(best.values(), key=lambda one: (one.person.name_key, str(one.person_id)))
    return [_Subject(str(one.person_id), sure, participant=one) for one in ordered]


def _families(
    by: Actor, posyandu: Posyandu, _number: int, names: Mapping[int, stacks.Named]
) -> dict[int, list[_Subject]]:
    rows = people_access.households(by).filter(region_code=posyandu.region_code, ended_date=None)
    rows = rows.select_related("hamlet")
    like = Q(pk__in=[])
    for name in names.values():
        if name.is_searched:
            like |= Q(name__icontains=name.typed)
    by_name = list(rows.filter(like)[:_MOST])
    of_members = _of_members(by, [one.key for one in names.values() if one.key])
    of_cards = _of_cards(by, [residents.kk_index(one.typed) for one in names.values() if one.index])
    ids = {one for group in (*of_members.values(), *of_cards.values()) for one in group}
    more = {one.id: one for one in (*by_name, *rows.filter(id__in=ids))}
    found = {}
    for line, name in names.items():
        if name.index:
            keys = of_cards.get(residents.kk_index(name.typed), [])
            found[line] = [_Subject(str(one), True, household=more[one]) for one in keys if one in more]
            continue
        same = [one for one in by_name if text.name_key(one.name) == name.key and name.key]
        subjects = [_Subject(str(one.id), True, household=one) for one in same]
        known = {one.value for one in subjects}
        others = [more[one] for one in of_members.get(name.key, []) if one in more]
        others += [
            one for one in by_name if name.is_searched and name.typed.casefold() in one.name.casefold()
        ]
        for one in others:
            if str(one.id) not in known:
                known.add(str(one.id))
                subjects.append(_Subject(str(one.id), False, household=one))
        found[line] = subjects
    return found


def _of_members(by: Actor, keys: Sequence[str]) -> dict[str, list[UUID]]:
    rows = people_access.visible(by).filter(name_key__in=keys, life="here").exclude(household=None)
    found: dict[str, list[UUID]] = {}
    for key, household in rows.values_list("name_key", "household_id")[:_MOST]:
        found.setdefault(key, []).append(household)
    return found


def _of_cards(by: Actor, indexes: Sequence[str]) -> dict[str, list[UUID]]:
    rows: Iterable[Family] = people_access.families(by).filter(kk_index__in=indexes).exclude(household=None)
    found: dict[str, list[UUID]] = {}
    for one in rows:
        if one.household_id is not None:
            found.setdefault(one.kk_index, []).append(one.household_id)
    return found


# --- what is asked of the lines together


def _asked_of_all(posyandu: Posyandu, number: int, lines: Sequence[Line], today: date) -> list[Line]:
    written = _written(posyandu, number, lines)
    above = stacks.Before()
    return [_with_questions(one, written, above, today) for one in lines]


def _subject_key(line: Line) -> tuple[str, date] | None:
    return (line.chosen, line.date) if line.chosen and line.date is not None else None


def _written(posyandu: Posyandu, number: int, lines: Sequence[Line]) -> set[tuple[str, date]]:
    """Visits with this checklist that are written down already for the same and the same day."""
    keys = [one for one in map(_subject_key, lines) if one is not None]
    if not keys:
        return set()
    rows = HomeVisit.objects.filter(
        posyandu=posyandu, checklist=number, withdrawn_at=None, date__in={day for _who, day in keys}
    ).exclude(id__in=[one.typed.id for one in lines])
    column = "household_id" if number == 0 else "person_id"
    return {(str(who), day) for who, day in rows.values_list(column, "date")}


def _with_questions(line: Line, written: set[tuple[str, date]], above: stacks.Before, today: date) -> Line:
    faults, questions = [], []
    told, later = (stacks.day_of(line.read, key) for key in (sheet_rules.TOLD, sheet_rules.NEXT))
    if line.date is not None and line.date > today:
        faults.append(
            rules.Fault("ahead", sheet_rules.ON, _("This day lies ahead. Write the day of the visit."))
        )
    if told is not None and told > today:
        words = _("The day of the report lies ahead. Write the day on which you told the health worker.")
        faults.append(rules.Fault("ahead", sheet_rules.TOLD, words))
    if line.date is not None and later is not None and later <= line.date:
        words = _("The next visit lies before this one. Check both dates.")
        faults.append(rules.Fault("before", sheet_rules.NEXT, words))
    if not line.met and line.answers:
        words = _("Nobody was there, but answers are typed. Empty them, or say that somebody was there.")
        questions.append(rules.Question("nobody_there", sheet_rules.MET, words, must=True))
    if line.met and not line.answers and line.read.is_whole:
        words = _("No question of the sheet has an answer. Is it so?")
        questions.append(rules.Question("no_answers", sheet_rules.MET, words))
    key = _subject_key(line)
    first = above.first(key, line.typed.number) if key is not None else None
    if first is not None:
        words = _("Line %(line)s is a visit to the same on the same day. Were there two visits?")
        questions.append(rules.Question("double", sheet_rules.ON, words, {"line": str(first)}))
    elif key in written:
        words = _("A visit with this sheet is written down for this day already. Is this another one?")
        questions.append(rules.Question("again", sheet_rules.ON, words))
    read = stacks.with_more(line.read, line.typed.sure, faults=faults, questions=questions)
    return Line(line.typed, read, line.participant, line.household, line.choices, line.chosen)
