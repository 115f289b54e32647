"""A sheet as it is typed in from paper: one line per card of a posyandu, with what is saved already and what still has questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Examination, PaperLine, Participant, Posyandu
from simpul.posyandu.rules import examinations as entry_rules
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import growth

MOST_LINES = 400
ELDER_MONTHS = 720
SHEETS = ("card_A", "card_B", "card_C", "card_D", "card_lansia")
"""Sheets that are typed in line by line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One card on the sheet: what stands in its cells, what is saved, what was kept with open questions."""

    participant: Participant
    months: int | None
    raw: Mapping[str, str] = field(default_factory=dict)
    entry: Examination | None = None
    kept: bool = False
    seen: str = ""  # the mark of all this, to be given back by whoever saves the line


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever saves a line had before the eyes, as marks: the entry that counts, and the line that was kept with questions."""

    entry: str = ""
    kept: str = ""

    def __str__(self) -> str:
        return f"{self.entry}.{self.kept}" if self.entry or self.kept else ""


ENTRY = ":entry"
"""Under this key a kept line remembers which entry its writer had before the eyes: the page shows the line in its place."""


def seen_of(text: str) -> Seen:
    """The marks as a page gives them back; of anything else, that nothing was seen."""
    entry, _dot, kept = text[:40].partition(".")
    return Seen(entry, kept)


def entry_mark(form: rules.Form, entry: Examination | None) -> str:
    """The mark of what an entry says in the cells of a sheet."""
    return entry_rules.fingerprint(entry.values, keys(form)) if entry is not None else ""


def kept_mark(raw: Mapping[str, str]) -> str:
    """The mark of a line that was kept word for word."""
    return entry_rules.fingerprint(raw, raw)


def keys(form: rules.Form) -> frozenset[str]:
    """The answers that stand in the cells of a sheet, also the second number of a pair."""
    shown = cells(form)
    return frozenset((*(one.key for one in shown), *(one.beside for one in shown if one.beside)))


def written_keys(form: rules.Form, entry: Examination) -> list[str]:
    """The answers of an entry that a page shows in the cells: those that are emptied when they come back empty."""
    shown = [one for one in cells(form) if one.key in entry.values]
    return [key for one in shown for key in (one.key, one.beside) if key in entry.values]


def typed_words(kept: Mapping[str, str]) -> dict[str, str]:
    """What was typed on a kept line."""
    return {key: text for key, text in kept.items() if key != ENTRY}


def letter_of(form_code: str) -> str:
    """The form (A to D) whose cards a sheet is about."""
    return "D" if form_code == "card_lansia" else form_code[-1]


def lines(by: Actor, posyandu: Posyandu, form: rules.Form, day: date) -> list[Line]:
    """All lines of a sheet in the order of names; cards that were open on the day. A fixed number of database queries."""
    rows = access.participants(by).filter(posyandu=posyandu, form=letter_of(form.code), opened_date__lte=day)
    rows = rows.exclude(closed_date__lt=day).select_related("person__hamlet", "mother")
    found = list(rows.order_by("person__name_key", "id")[:MOST_LINES])
    months = {one.id: months_of(one, day) for one in found}
    if form.code == "card_lansia":
        found = [one for one in found if (months[one.id] or 0) >= ELDER_MONTHS]
    ids = [one.id for one in found]
    entries = {one.participant_id: one for one in _entries(ids, day)}
    kept = {
        one.participant_id: one.raw
        for one in PaperLine.objects.filter(participant__in=ids, form=form.code, date=day)
    }
    return [_line(form, one, months[one.id], entries.get(one.id), kept.get(one.id)) for one in found]


def _line(
    form: rules.Form,
    participant: Participant,
    months: int | None,
    entry: Examination | None,
    kept: Mapping[str, str] | None,
) -> Line:
    if kept is None:
        seen = Seen(entry_mark(form, entry))
        return Line(participant, months, written(form, entry), entry, seen=str(seen))
    raw = typed_words(kept)
    seen = Seen(kept.get(ENTRY, ""), kept_mark(raw))
    return Line(participant, months, raw or written(form, entry), entry, kept=True, seen=str(seen))


def _entries(ids: Sequence[UUID], day: date) -> list[Examination]:
    rows = Examination.objects.filter(participant__in=ids, date=day, stands=True)
    return list(rows.order_by("recorded_at"))


def entry_of(participant: Participant, day: date) -> Examination | None:
    """The entry of a card that counts on a day."""
    found = _entries([participant.id], day)
    return found[-1] if found else None


def written(form: rules.Form, entry: Examination | None) -> dict[str, str]:
    """An entry as it would be typed on the sheet; the second number of a pair stands in the cell of the first."""
    if entry is None:
        return {}
    found = {
        one.key: rules.written(one, entry.values[one.key])
        for one in form.row
        if one.type != rules.COMPUTED and one.key in entry.values
    }
    for one in form.row:
        if one.beside and one.key in found and one.beside in found:
            found[one.key] = f"{found[one.key]}/{found.pop(one.beside)}"
    return found


def months_of(participant: Participant, day: date) -> int | None:
    """Completed months of the person on a day."""
    born = participant.person.birth_date
    return growth.completed_months(born, day) if born is not None and born <= day else None


def cells(form: rules.Form) -> list[rules.Field]:
    """What is typed on a line, in the order of the sheet: the columns, and measures that have none of their own."""
    beside = {one.beside for one in form.row if one.beside}
    extra = {"measured", "oedema", "cholesterol", "haemoglobin", "height"}
    return [
        one
        for one in form.row
        if one.type != rules.COMPUTED and one.key not in beside and (one.printed or one.key in extra)
    ]


def before(participant: Participant, day: date) -> dict[str, Any]:
    """The last measures before a day, for the questions: by the form's keys, with the days since."""
    row = (
        Examination.objects.filter(person_id=participant.person_id, stands=True, date__lt=day)
        .exclude(weight_g=None, height_mm=None)
        .order_by("-date")
        .first()
    )
    if row is None:
        return {}
    return {
        "weight": row.weight_g,
        "height": row.height_mm,
        "head": row.head_mm,
        "measured": row.measured,
        "days": (day - row.date).days,
    }


def read_line(
    participant: Participant,
    form: rules.Form,
    day: date,
    raw: Mapping[str, str],
    sure: Collection[str] = (),
) -> rules.Read:
    """What was typed on a line, read for this person."""
    return rules.read(
        form,
        raw,
        sex=participant.person.sex or "",
        age_months=months_of(participant, day),
        before=before(participant, day),
        sure=sure,
    )
