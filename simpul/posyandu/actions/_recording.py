"""Steps of the acts on entries: what an entry comes to, which others it stands beside, and what an older one changes in the later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from simpul.posyandu.models import Examination, Participant
from simpul.posyandu.queries import examinations as queries
from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import book, growth, judging, kms
from simpul.posyandu.rules import examinations as rules

INDICES = ("waz", "haz", "whz", "baz", "hcz", "acz")
BY_MONTH = ("waz", "haz", "whz", "baz")
CLASSES = ("bb_u", "tb_u", "bb_tb", "imt_u")
DERIVED = (
    "age_days",
    "age_months",
    *INDICES,
    *(f"{name}_m" for name in BY_MONTH),
    *CLASSES,
    "status",
    "two_t",
    "bgm",
    "refer",
    "results",
    "flags",
)
"""Columns that are worked out: what is saved again when an older entry changes what a later one means."""


@dataclass(frozen=True, slots=True)
class Card:
    """What an entry is judged with: the card's form and head, and who it is."""

    form: str
    sex: str
    birth_date: date | None
    details: dict[str, Any]
    region_code: str


def card_of(participant: Participant) -> Card:
    """The card as the rules take it."""
    person = participant.person
    return Card(
        participant.form,
        person.sex,
        person.birth_date,
        dict(participant.details),
        participant.region_code,
    )


def derive(row: Examination, card: Card, past: Sequence[kms.Past]) -> tuple[judging.Judgement, ...]:
    """Work out everything that follows from a row's figures, the card and the earlier lines; nothing is saved here.

    The rules are those in force at the posyandu on the day of the entry; each result keeps the version it was made with.
    """
    row.age_days, row.age_months = rules.age(card.birth_date, row.date)
    grown = _growth(row, card)
    for name in INDICES:
        setattr(row, name, grown.day.get(name) if grown else None)
    for name in BY_MONTH:
        setattr(row, f"{name}_m", grown.month.get(name) if grown else None)
    for name in CLASSES:
        setattr(row, name, grown.classes.get(name, "") if grown else "")
    found = rulebook.rulebook(row.region_code, row.date)
    marks = rules.marks(form=row.form, sex=card.sex, birth_date=card.birth_date, on=row.date)
    judged = _judge(row, card, past, grown, found) if "before_birth" not in marks else ()
    row.status, row.two_t, row.bgm = judging.card_status(judged)
    own = [
        flag
        for flag in row.flags
        if not flag.startswith(("grow:", "methods:")) and flag not in _COMPUTED_FLAGS
    ]
    said_other = ["said_other"] if row.said_status and row.status and row.said_status != row.status else []
    row.flags = rules.joined(
        own,
        [
            *marks,
            *said_other,
            *(f"grow:{flag}" for flag in (grown.flags if grown else ())),
            *(f"methods:{name}" for name in (grown.disagree if grown else ())),
        ],
    )
    row.results = judging.kept(judged)
    row.refer = any(one.refer for one in judged)
    return judged


_COMPUTED_FLAGS = ("before_birth", "no_birth_date", "no_sex", "said_other")


def _growth(row: Examination, card: Card) -> growth.Growth | None:
    if row.form not in rules.GROWTH_FORMS or card.sex not in ("L", "P"):
        return None
    if card.birth_date is None or card.birth_date > row.date:
        return None
    return growth.one(
        sex=card.sex,
        birth_date=card.birth_date,
        measured_date=row.date,
        weight_g=row.weight_g,
        height_mm=row.height_mm,
        measured=row.measured,
        oedema=row.oedema,
        head_mm=row.head_mm,
        muac_mm=row.muac_mm,
    )


def _judge(
    row: Examination,
    card: Card,
    past: Sequence[kms.Past],
    grown: growth.Growth | None,
    found: book.RuleBook,
) -> tuple[judging.Judgement, ...]:
    subject = judging.Subject(
        form=card.form,
        sex=card.sex,
        birth_date=card.birth_date,
        age_days=row.age_days,
        age_months=row.age_months,
        details=card.details,
        region_code=row.region_code,
    )
    columns = {column: getattr(row, column) for column in rules.COLUMNS.values()}
    return judging.judge(subject, row.date, row.values, columns, grown, past, found)


def past_of(rows: Sequence[Examination], on: date) -> list[kms.Past]:
    """The entries that count before a day, newest first."""
    earlier = sorted((one for one in rows if one.date < on), key=lambda one: one.date, reverse=True)
    return [
        kms.Past(
            date=one.date,
            weight_g=one.weight_g,
            height_mm=one.height_mm,
            age_months=one.age_months,
            status=one.status,
            values=one.values,
        )
        for one in earlier
    ]


def rework(participant: Participant, since: date) -> list[tuple[Examination, tuple[judging.Judgement, ...]]]:
    """Work the entries from a day on out again, in the order of their dates, as if they had been written down in order.

    Returns each row whose results changed, with what it is judged now.
    """
    card = card_of(participant)
    rows = list(queries.history(participant).filter(stands=True).order_by("date", "recorded_at", "id"))
    changed = []
    for row in rows:
        if row.date < since:
            continue
        before = {name: getattr(row, name) for name in DERIVED}
        judged = derive(row, card, past_of(rows, row.date))
        if any(getattr(row, name) != before[name] for name in DERIVED):
            row.save(update_fields=list(DERIVED))
            changed.append((row, judged))
    return changed
