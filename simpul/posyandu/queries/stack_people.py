"""A stack of lists of those looked after (data sasaran): who each line is, found in the register or new, and what must be asked first.

A NIK with the same name, or one name with one birth date, is that person. Everything less sure is asked: whoever types says who is meant,
or that it is somebody new. A fixed number of queries for a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.people.queries import matching
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Participant, Posyandu
from simpul.posyandu.queries import participants, stacks
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import growth
from simpul.posyandu.rules import participants as card_rules
from simpul.posyandu.rules import stacks as sheet_rules

NEW = "new"
"""Chosen instead of a person: somebody whom the register does not have; of a mother, that only her name is kept."""
_ALIKE = 0.9
_CHOICES = 6
_MOST = 400
_MOTHER_YEARS = range(10, 61)
"""How old a mother may be in the year of birth."""


@dataclass(frozen=True, slots=True)
class Line:
    """One name of the paper list. ``person`` is None for somebody new. ``card``: the open card that is in the way."""

    typed: stacks.Typed
    read: rules.Read
    person: Person | None = None
    mother: Person | None = None
    card: Participant | None = None
    choices: tuple[stacks.Choice, ...] = ()
    chosen: str = ""
    may_be_new: bool = True
    mothers: tuple[stacks.Choice, ...] = ()
    mother_chosen: str = ""

    @property
    def born(self) -> date | None:
        """The birth date: the register's, else what was typed."""
        known = self.person.birth_date if self.person is not None else None
        return known or stacks.day_of(self.read, sheet_rules.BORN)

    def said(self, key: str) -> str:
        """What was typed about the person, as text."""
        return str(self.read.values.get(key, ""))

    def details(self, sheet: rules.Form) -> dict[str, Any]:
        """What the card keeps of the line; the mother's name only where she is not tied to the card."""
        kept = sheet_rules.kept_on_card(sheet)
        found = {key: value for key, value in self.read.values.items() if key in kept}
        if self.mother is not None:
            found.pop(sheet_rules.MOTHER, None)
        return found

    @property
    def sure(self) -> list[str]:
        """What enrolling need not ask again."""
        found = ["twins"] if "twins.person_name" in self.typed.sure else []
        if self.chosen == NEW or "another.person_name" in self.typed.sure:
            found.append("another")
        return found


def saved(by: Actor, ids: Iterable[UUID]) -> dict[UUID, Participant]:
    """Lines that are saved, by their keys."""
    return {one.id: one for one in access.participants(by).filter(id__in=list(ids))}


def read(
    by: Actor, posyandu: Posyandu, sheet: rules.Form, typed: Sequence[stacks.Typed], today: date
) -> list[Line]:
    """Each line read for the person it means."""
    letter = sheet.code[-1]
    lines = [Line(one, rules.read(sheet, one.raw, sure=one.sure)) for one in typed]
    known = _known(by, lines)
    unsure = [one for one in lines if not _exact(one, known, letter) and one.said(sheet_rules.NAME)]
    alike = dict(
        zip(
            [one.typed.number for one in unsure],
            _alike(by, unsure, letter, posyandu.region_code),
            strict=True,
        )
    )
    mothers = _mothers(by, posyandu, lines) if sheet.field(sheet_rules.MOTHER) is not None else {}
    found = [_found(one, known, alike.get(one.typed.number, []), letter) for one in lines]
    found = [_with_mother(one, mothers) for one in found]
    cards = participants.open_at([one.person.id for one in found if one.person is not None], letter)
    above = stacks.Before()
    return [_checked(one, posyandu, letter, cards, above, today) for one in found]


# --- who it is


def _known(by: Actor, lines: Sequence[Line]) -> dict[str, list[Person]]:
    """Persons of the register by the NIK and the names that were typed."""
    numbers = [stacks.named(one.said(sheet_rules.NIK)).index for one in lines]
    keys = [stacks.named(one.said(sheet_rules.NAME)).key for one in lines]
    rows = people_access.visible(by).select_related("hamlet", "household")
    found: dict[str, list[Person]] = {}
    for one in rows.filter(nik_index__in=[index for index in numbers if index])[:_MOST]:
        found.setdefault(one.nik_index, []).append(one)
    for one in rows.filter(name_key__in=[key for key in keys if key], life="here")[:_MOST]:
        found.setdefault(one.name_key, []).append(one)
    return found


def _exact(line: Line, known: dict[str, list[Person]], letter: str) -> Person | None:
    """The one person whom a line means beyond doubt."""
    name = stacks.named(line.said(sheet_rules.NAME)).key
    born = stacks.day_of(line.read, sheet_rules.BORN)
    owners = _owners(line, known)
    if owners:
        same = [one for one in owners if one.name_key == name or (born and one.birth_date == born)]
        return same[0] if len(same) == 1 and len(owners) == 1 else None
    fitting = [one for one in known.get(name, []) if born and one.birth_date == born]
    fitting = [one for one in fitting if _sex_fits(one, line, letter) and not _other_nik(one, line)]
    return fitting[0] if len(fitting) == 1 and name else None


def _owners(line: Line, known: dict[str, list[Person]]) -> list[Person]:
    index = stacks.named(line.said(sheet_rules.NIK)).index
    return known.get(index, []) if index else []


def _sex_of(line: Line, letter: str) -> str:
    return "P" if letter == "A" else line.said(sheet_rules.SEX)


def _sex_fits(person: Person, line: Line, letter: str) -> bool:
    sex = _sex_of(line, letter)
    return not sex or not person.sex or person.sex == sex


def _other_nik(person: Person, line: Line) -> bool:
    """Two different numbers are two persons, or one of them is wrong: somebody says which."""
    index = stacks.named(line.said(sheet_rules.NIK)).index
    return bool(index and person.nik_index and person.nik_index != index)


def _alike(by: Actor, lines: Sequence[Line], letter: str, region_code: str) -> list[list[Person]]:
    asked = [
        matching.Asked(
            name=one.said(sheet_rules.NAME),
            nik=one.said(sheet_rules.NIK),
            sex=_sex_of(one, letter),
            birth_date=stacks.day_of(one.read, sheet_rules.BORN),
            region_code=region_code,
        )
        for one in lines
    ]
    found = matching.who_all(by, asked) if asked else []
    return [[one.person for one in some if one.score >= _ALIKE] for some in found]


def _found(line: Line, known: dict[str, list[Person]], alike: Sequence[Person], letter: str) -> Line:
    exact = _exact(line, known, letter)
    if exact is not None:
        return replace(line, person=exact, chosen=str(exact.id))
    owners = _owners(line, known)
    name = stacks.named(line.said(sheet_rules.NAME)).key
    others = [one for one in (*known.get(name, []), *alike) if name and _sex_fits(one, line, letter)]
    candidates = list({one.id: one for one in (owners or others)}.values())[:_CHOICES]
    chosen = next((one for one in candidates if str(one.id) == line.typed.pick), None)
    new = not owners
    choices = tuple(stacks.Choice(str(one.id), one) for one in candidates)
    if chosen is not None or not candidates or (new and line.typed.pick == NEW):
        value = str(chosen.id) if chosen is not None else NEW if candidates else ""
        return replace(line, person=chosen, choices=choices, chosen=value, may_be_new=new)
    words = _("The register has somebody who may be meant. Choose the person, or that this is somebody new.")
    if owners:
        words = _(
            "This NIK stands in the register under another name. Choose the person, or correct the NIK."
        )
    question = rules.Question("which", sheet_rules.NAME, words, must=True)
    read = stacks.with_more(line.read, line.typed.sure, questions=[question])
    return replace(line, read=read, choices=choices, may_be_new=new)


# --- the mother


def _mothers(by: Actor, posyandu: Posyandu, lines: Sequence[Line]) -> dict[str, list[Person]]:
    keys = {stacks.named(one.said(sheet_rules.MOTHER)).key for one in lines} - {""}
    rows = people_access.visible(by).filter(name_key__in=keys, life="here", region_code=posyandu.region_code)
    found: dict[str, list[Person]] = {}
    for one in rows.exclude(sex="L").select_related("hamlet", "household")[:_MOST]:
        found.setdefault(one.name_key, []).append(one)
    return found


def _with_mother(line: Line, mothers: dict[str, list[Person]]) -> Line:
    """The woman in the child's household who is called so. Another one is asked about, because messages about the child go to the mother
    and a new child joins her household; she can always be left a mere name."""
    fitting = [
        one
        for one in mothers.get(stacks.named(line.said(sheet_rules.MOTHER)).key, [])
        if _may_be_mother(one, line)
    ][:_CHOICES]
    if not fitting:
        return line
    choices = tuple(stacks.Choice(str(one.id), one) for one in fitting)
    if line.typed.mother == NEW:
        return replace(line, mothers=choices, mother_chosen=NEW)
    chosen = next((one for one in fitting if str(one.id) == line.typed.mother), None)
    at_home = [one for one in fitting if _live_together(one, line.person)]
    if chosen is None and len(at_home) == 1:
        chosen = at_home[0]
    if chosen is not None:
        return replace(line, mother=chosen, mothers=choices, mother_chosen=str(chosen.id))
    words = _("A woman of the village is called so. Choose her if she is the mother, or keep only the name.")
    if len(fitting) > 1:
        words = _("Several women of the village are called so. Choose the mother, or keep only the name.")
    question = rules.Question("mother", sheet_rules.MOTHER, words, must=True)
    read = stacks.with_more(line.read, line.typed.sure, questions=[question])
    return replace(line, read=read, mothers=choices)


def _live_together(woman: Person, child: Person | None) -> bool:
    return child is not None and bool(child.household_id) and child.household_id == woman.household_id


def _may_be_mother(woman: Person, line: Line) -> bool:
    born, hers = line.born, woman.birth_date
    if line.person is not None and line.person.id == woman.id:
        return False
    return born is None or hers is None or born.year - hers.year in _MOTHER_YEARS


# --- what is asked


def _checked(
    line: Line,
    posyandu: Posyandu,
    letter: str,
    cards: dict[UUID, Participant],
    above: stacks.Before,
    today: date,
) -> Line:
    faults = [*_missing(line, letter, today)]
    questions = [*_doubts(line, letter, today)]
    card = cards.get(line.person.id) if line.person is not None else None
    if card is not None and card.id != line.typed.id:
        faults.append(_in_the_way(card, posyandu))
    else:
        card = None
    first = _double(line, above)
    if first is not None and line.person is not None:
        words = _("Line %(line)s is the same person. Empty one of the two.")
        faults.append(rules.Fault("double", sheet_rules.NAME, words, {"line": str(first)}))
    elif first is not None:
        words = _("Line %(line)s has the same name. Are they two people?")
        questions.append(rules.Question("double", sheet_rules.NAME, words, {"line": str(first)}))
    read = stacks.with_more(line.read, line.typed.sure, faults=faults, questions=questions)
    return replace(line, read=read, card=card)


def _in_the_way(card: Participant, posyandu: Posyandu) -> rules.Fault:
    facts = {"name": card.person.full_name, "posyandu": card.posyandu.name}
    if card.posyandu_id == posyandu.id:
        return rules.Fault(
            "on_list", sheet_rules.NAME, _("%(name)s is on the list of this posyandu already."), facts
        )
    words = _("%(name)s is on the list of %(posyandu)s. Take the card over, so that its history comes along.")
    return rules.Fault("elsewhere", sheet_rules.NAME, words, facts)


def _missing(line: Line, letter: str, today: date) -> Iterable[rules.Fault]:
    """What enrolling cannot do without."""
    nik = line.said(sheet_rules.NIK)
    if nik and not stacks.is_number(nik):
        yield rules.Fault(
            "nik",
            sheet_rules.NIK,
            _("A NIK has 16 digits. Correct it, or leave it empty: it may come later."),
        )
    born = stacks.day_of(line.read, sheet_rules.BORN)
    if born is not None and born > today:
        yield rules.Fault("ahead", sheet_rules.BORN, _("This birth date lies ahead. Correct it."))
    unread = {one.field for one in line.read.faults}
    if line.person is not None:
        if letter == "B" and line.person.birth_date is None:
            words = _("The register has no birth date of this child. Write it into the register first.")
            yield rules.Fault("register", sheet_rules.BORN, words)
        return
    if letter != "A" and not line.said(sheet_rules.SEX) and sheet_rules.SEX not in unread:
        yield rules.Fault("needed", sheet_rules.SEX, _("This must be answered."))
    if letter in ("B", "C") and born is None and sheet_rules.BORN not in unread:
        words = _(
            "For a child the birth date is needed. If only the month is known, take its middle and ask for the papers."
        )
        yield rules.Fault("needed", sheet_rules.BORN, words)


def _doubts(line: Line, letter: str, today: date) -> Iterable[rules.Question]:
    typed = stacks.day_of(line.read, sheet_rules.BORN)
    known = line.person.birth_date if line.person is not None else None
    if typed is not None and known is not None and typed != known:
        words = _("The register has the birth date %(date)s, and it stays. Is it the same person?")
        yield rules.Question("birth", sheet_rules.BORN, words, {"date": f"{known:%d-%m-%Y}"})
    born = line.born
    if letter == "A" or born is None or born > today:
        return
    fitting = card_rules.form_of_age(growth.completed_months(born, today))
    if fitting and fitting != letter:
        words = _("At this age form %(form)s is used. Is it so?")
        yield rules.Question("age", sheet_rules.BORN, words, {"form": fitting})


def _double(line: Line, above: stacks.Before) -> int | None:
    """An earlier line with the same person; of newcomers, with the same name and no other birth date."""
    if line.person is not None:
        return above.first(line.person.id, line.typed.number)
    name = stacks.named(line.said(sheet_rules.NAME)).key
    return above.first(name, line.typed.number) if name else None
