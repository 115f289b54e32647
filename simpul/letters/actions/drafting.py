"""Drafting: the facts of the register as they are now, the answers, what was corrected; requirements seen; the RT or RW asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _letters as steps
from simpul.letters.actions import _matter
from simpul.letters.actions.requesting import Upload
from simpul.letters.models import Confirmation, Letter, Requirement
from simpul.letters.queries import bodies
from simpul.letters.queries import requests as queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import flow, variables
from simpul.letters.rules import types as type_rules
from simpul.lib import media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access

HOW_CONFIRMED = ("paper", "phone", "present")
MARKS = ("wanted", "shown", "missing", "waived")
LONGEST_FACT = 300


class ValuesMissing(Refused):
    """A letter without all its words is no letter."""

    code = "letter.values_missing"
    sentence = _(
        "Still missing for this letter: %(names)s. Fill these in; what you have typed is kept when you save."
    )


class AnswersWrong(Refused):
    """Answers that cannot be read; the page shows which."""

    code = "letter.answers_wrong"
    sentence = _("Look at these answers again: %(names)s.")

    def __init__(self, faults: Mapping[str, str], names: str) -> None:
        super().__init__(names=names)
        self.faults = dict(faults)


class ReasonMissing(Refused):
    """Letting somebody off needs its reason."""

    code = "requirement.reason_missing"
    sentence = _("Write why this need not be shown.")
    field = "why"


@dataclass(frozen=True, slots=True)
class Drafted:
    """The letter as it was kept, and what is still missing for it."""

    letter: Letter
    missing: tuple[str, ...]


def draft_letter(
    *,
    by: Actor,
    at: datetime,
    letter_id: UUID,
    inputs: Mapping[str, str],
    corrections: Mapping[str, str] | None = None,
    purpose: str | None = None,
    subject_name: str | None = None,
    person_id: UUID | None = None,
    finish: bool = True,
) -> Drafted:
    """Write the letter: gather the register's facts anew, keep answers and corrections, take the newest text of its kind.

    Args:
        inputs: answers by the keys of ``bodies.questions_of``.
        corrections: places of the text that the register does not know, or knows wrongly; stored with this letter alone.
        person_id: whom the register's facts are about, when not who asked.
        finish: pass it on when nothing is missing; otherwise it is kept as it is, unfinished.

    Raises:
        ValuesMissing, AnswersWrong: only with ``finish``; the door keeps what was typed.
        NotFound: no such letter, or no such person, for this actor.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.draft", letter_id)
        letter.version = type_queries.current(letter.type, letter.region_code) or letter.version
        if person_id is not None:
            letter.person = people_access.person_for(by, person_id)
        faults = _answer(letter, inputs, finish=finish)
        letter.facts = steps.packed(_facts(by, letter, corrections or {}, at))
        if purpose is not None:
            letter.purpose = text.clean_line(purpose)[:300]
        if subject_name is not None:
            letter.subject_name = text.clean_line(subject_name)[:150]
        done = bodies.filled(letter)
        if finish:
            _refuse_unfinished(letter, faults, done)
            letter.state, letter.drafted_at = flow.DRAFTED, at
        letter.drafted_by, letter.drafted_by_id, letter.changed_at = by.name[:150], by.user_id, at
        letter.checked_at, letter.checked_by, letter.checked_by_id = None, "", None
        letter.save()
        _matter.take_on(letter, by, at)
        steps.line(
            by,
            at,
            "letter.draft",
            letter,
            facts={
                "finished": finish,
                "missing": list(done.missing),
                "version": str(letter.version_id or ""),
            },
            inputs={"corrected": sorted(corrections or {}), "purpose": letter.purpose},
        )
        return Drafted(letter, done.missing)


def _answer(letter: Letter, given: Mapping[str, str], *, finish: bool) -> dict[str, str]:
    """Keep the answers that can be read. Returns what is wrong with the others, by question."""
    asked = bodies.questions_of(letter.version) if letter.version is not None else ()
    clean, faults = type_rules.read_answers(asked, given, strict=finish)
    letter.inputs = steps.packed(clean)
    return faults


def _facts(by: Actor, letter: Letter, corrections: Mapping[str, str], at: datetime) -> dict[str, str]:
    """What the register says now, and over it what an officer corrected. Only names that a text may use are kept."""
    found = type_queries.facts_for(
        by, letter.person_id, letter.region_code, at=at, name=letter.subject_name or letter.applicant_name
    )
    for name, value in corrections.items():
        clean = text.clean_line(value)[:LONGEST_FACT]
        if name in variables.NAMES and name not in variables.PENDING and clean:
            found[name] = clean
    return found


def _refuse_unfinished(letter: Letter, faults: Mapping[str, str], done: bodies.Filled) -> None:
    names = bodies.labels(letter.version, (get_language() or "id")[:2])
    wrong = {key: fault for key, fault in faults.items() if fault != "missing"}
    wrong |= dict.fromkeys(done.unreadable, "unreadable")
    if wrong:
        raise AnswersWrong(wrong, ", ".join(names.get(key, key) for key in wrong))
    lacking = tuple(dict.fromkeys([*done.missing, *faults]))
    if lacking:
        raise ValuesMissing(names=", ".join(names.get(key, key) for key in lacking))


def confirm_letter(
    *,
    by: Actor,
    at: datetime,
    letter_id: UUID,
    name: str,
    office: str,
    how: str,
    agrees: bool,
    words: str = "",
    confirmed_at: datetime | None = None,
    confirmation_id: UUID | None = None,
) -> Confirmation:
    """Write down what the head of the RT or RW says about the request. What was said is a fact; the last answer counts.

    Raises:
        steps.WordsMissing, steps.ChoiceUnknown, steps.LetterMoved.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.confirm", letter_id)
        known = Confirmation.objects.filter(id=confirmation_id).first() if confirmation_id else None
        if known is not None and known.letter_id != letter.id:
            raise NotFound
        if known is not None:
            return known
        if how not in HOW_CONFIRMED:
            raise steps.ChoiceUnknown(field="how")
        said = Confirmation.objects.create(
            id=confirmation_id or uuid7(),
            letter=letter,
            name=steps.words(name, field="name", most=150, least=2),
            office=steps.words(office, field="office", most=60, least=2),
            how=how,
            agrees=agrees,
            words=text.clean_line(words)[:300],
            confirmed_at=min(confirmed_at or at, at),
            recorded_by=by.name[:150],
        )
        Letter.objects.filter(id=letter.id).update(changed_at=at)
        facts = {"agrees": agrees, "how": how}
        steps.line(
            by, at, "letter.confirm", letter, facts=facts, inputs={"name": said.name, "words": said.words}
        )
        return said


def mark_requirement(
    *, by: Actor, at: datetime, letter_id: UUID, code: str, state: str, why: str = ""
) -> Requirement:
    """Say of one requirement that it was seen, is missing, or need not be shown and why; "wanted" takes the mark back.

    Raises:
        ReasonMissing, steps.ChoiceUnknown, steps.LetterMoved, NotFound.
    """
    with transaction.atomic():
        letter = steps.begin(by, "requirement.mark", letter_id)
        if state not in MARKS:
            raise steps.ChoiceUnknown(field="state")
        row = _wanted(letter, code)
        reason = text.clean_line(why)[:200]
        if state == "waived" and len(reason) < 3:
            raise ReasonMissing
        row.state, row.why = state, reason
        row.checked_at, row.checked_by = (None, "") if state == "wanted" else (at, by.name[:150])
        row.save()
        Letter.objects.filter(id=letter.id).update(changed_at=at)
        facts = {"code": code, "state": state}
        steps.line(by, at, "requirement.mark", letter, facts=facts, inputs={"why": reason})
        return row


def photograph_requirement(
    *, by: Actor, at: datetime, letter_id: UUID, code: str, upload: Upload
) -> Requirement:
    """Keep a photo of what was shown, made anew without hidden data; it counts as seen. A newer photo takes the place of an older.

    Raises:
        lib.media.FileRefused, steps.LetterMoved, NotFound.
    """
    clean = media.inspect_and_clean(upload.data, upload.name, max_bytes=settings.SIMPUL_MAX_FILE)
    with transaction.atomic():
        letter = steps.begin(by, "requirement.photograph", letter_id)
        row = _wanted(letter, code)
        row.file_sha256, row.file_mime = queries.store().put(clean.data), clean.mime
        row.state, row.why, row.checked_at, row.checked_by = "shown", "", at, by.name[:150]
        row.save()
        Letter.objects.filter(id=letter.id).update(changed_at=at)
        facts = {"code": code, "size": len(clean.data)}
        steps.line(by, at, "requirement.photograph", letter, facts=facts)
        return row


def _wanted(letter: Letter, code: str) -> Requirement:
    """A requirement of this letter; one that its kind got since it was asked for is added.

    Raises:
        NotFound: its kind does not want this.
    """
    row = Requirement.objects.filter(letter=letter, code=code).select_for_update().first()
    if row is None and letter.version is not None and code in queries.requirement_codes(letter.version):
        row = Requirement.objects.create(letter=letter, code=code)
    if row is None:
        raise NotFound
    return row
