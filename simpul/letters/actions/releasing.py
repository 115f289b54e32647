"""Release: the number, the frozen text, the signed file and the state, all in one transaction. Afterwards nothing in the letter changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _approval, _authority, _matter, _numbers, _sealing
from simpul.letters.actions import _letters as steps
from simpul.letters.actions.drafting import ValuesMissing
from simpul.letters.models import Letter, NumberBlock, Office, TakenNumber
from simpul.letters.queries import bodies
from simpul.letters.queries import requests as queries
from simpul.letters.rules import flow, texts, variables
from simpul.letters.rules import numbers as number_rules
from simpul.letters.rules import types as type_rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused


class BlockUnfit(Refused):
    """A number that was set aside fits its own series and year only."""

    code = "letter.block_unfit"
    sentence = _(
        "These numbers were set aside for another series or year. Choose another block, or the next number."
    )
    field = "block"


class NumberGone(Refused):
    """The number is on a letter already, void, or was never in the block."""

    code = "letter.number_gone"
    sentence = _(
        "Number %(number)s is not free in this block. Look at the letter again, or choose the next number."
    )
    field = "number"


class BlockEmpty(Refused):
    """Every number of the block is used or void."""

    code = "letter.block_empty"
    sentence = _("No number of this block is free any more. Use the next number.")
    field = "block"


class DayImpossible(Refused):
    """Only a letter that was written without a network has an earlier date."""

    code = "letter.day_impossible"
    sentence = _("The date of the letter lies ahead, or before its numbers were set aside. Look at it again.")
    field = "letter_date"


@dataclass(frozen=True, slots=True)
class _Slot:
    """Which number a release takes: the next one of today, or one that was set aside."""

    day: date
    block: NumberBlock | None = None
    number: int | None = None


def release_letter(
    *,
    by: Actor,
    at: datetime,
    letter_id: UUID,
    block_id: UUID | None = None,
    number: int | None = None,
    letter_date: date | None = None,
) -> Letter:
    """Give the letter its number, freeze and sign it, and tell the applicant. What nobody approved yet is approved in the same press.

    What a delegate approved whose mandate does not carry the day of the letter (it ran out, or was ended) is approved anew by who releases.

    Args:
        block_id: numbers that were set aside for a post without a network; the letter was written by hand with one of them.
        number: the very number on that paper; without it the block's lowest free one.
        letter_date: the date on that paper; without a block a letter has today's date, in village time.

    Raises:
        one of _authority's refusals: neither the head nor a mandate for this kind on that day.
        ValuesMissing, one of _approval's refusals.
        BlockUnfit, BlockEmpty, NumberGone, DayImpossible, steps.LetterMoved.
        what sealing raises: nothing is released then.
    """
    with transaction.atomic():
        letter = steps.begin(by, "letter.release", letter_id)
        office = steps.office_of(letter.region_code)
        slot = _slot(letter, at, block_id, number, letter_date)
        right = _authority.demand(by, letter.region_code, letter.type.code, slot.day)
        if letter.state != flow.APPROVED or not _authority.still_signs(letter, slot.day):
            _approval.approve(letter, by, at, office, right)
        else:
            _approval.see_fit(letter, office)
        _number(letter, office, slot, at)
        _freeze(letter, office)
        _sealing.seal(letter, at=at)
        letter.state, letter.released_at, letter.changed_at = flow.RELEASED, at, at
        letter.released_by = by.name[:150]
        letter.save()
        told = _matter.settle(letter, by, at)
        steps.line(
            by,
            at,
            "letter.release",
            letter,
            facts={
                "number": letter.number,
                "type": letter.type.code,
                "date": slot.day.isoformat(),
                "digest": letter.digest,
                "released_by_mandate": right.mandate.decision_number if right.mandate is not None else "",
                **_approval.authority_facts(letter),
                **told,
            },
        )
        return letter


def _slot(
    letter: Letter, at: datetime, block_id: UUID | None, number: int | None, letter_date: date | None
) -> _Slot:
    today = steps.day_of(letter.region_code, at)
    if block_id is None:
        if letter_date not in (None, today):
            raise DayImpossible
        return _Slot(today)
    rows = NumberBlock.objects.filter(id=block_id, region_code=letter.region_code)
    block = rows.select_for_update().first()
    if block is None:
        raise NotFound
    day = letter_date or today
    if not steps.day_of(letter.region_code, block.reserved_at) <= day <= today:
        raise DayImpossible
    if block.year != day.year:
        raise BlockUnfit
    return _Slot(day, block, number)


def _number(letter: Letter, office: Office, slot: _Slot, at: datetime) -> None:
    """Take the number, under the lock of its series, and print it."""
    series = number_rules.series_key(office.series_mode, letter.type.code)
    archive = letter.version.archive_code if letter.version is not None else ""

    def printed(number: int) -> str:
        given = number_rules.Given(number, slot.day, archive, letter.region_code, office.short_code)
        return number_rules.render(office.pattern, given)[:120]

    if slot.block is not None:
        letter.taken = _from_block(slot.block, series, slot.number)
        letter.taken.printed = printed(letter.taken.number)
        letter.taken.save()
    else:
        held = _numbers.hold(letter.region_code, series, slot.day.year)
        letter.taken = _numbers.take(held, letter.region_code, series, slot.day.year, at, printed)
    letter.number, letter.letter_date = letter.taken.printed, slot.day


def _from_block(block: NumberBlock, series: str, number: int | None) -> TakenNumber:
    """One number of a block, used from now on."""
    if block.series != series:
        raise BlockUnfit
    free = TakenNumber.objects.filter(block=block, state="reserved").select_for_update()
    found = (free.filter(number=number) if number is not None else free.order_by("number")).first()
    if found is None:
        raise BlockEmpty if number is None else NumberGone(number=number)
    found.state = "used"
    return found


def _freeze(letter: Letter, office: Office) -> None:
    """The text as it will stand for ever, made of what is stored.

    Raises:
        ValuesMissing: a place has no value.
    """
    version, day = letter.version, letter.letter_date
    if version is None or day is None:
        raise ValuesMissing(names="")
    letter.valid_until = type_rules.last_day(day, version.validity_amount, version.validity_unit)
    done = bodies.filled(
        letter,
        variables.release_values(
            heading=version.heading,
            number=letter.number,
            letter_date=day,
            valid_until=letter.valid_until,
            authority=letter.authority,
            signer_name=letter.signer_name,
            signer_title=letter.signer_title,
            signer_number=letter.signer_number,
            head_title=office.signer_title or queries.head_title(letter.region_code),
        ),
    )
    if not done.whole:
        names = bodies.labels(version, (get_language() or "id")[:2])
        lacking = (*done.missing, *done.unreadable)
        raise ValuesMissing(names=", ".join(names.get(key, key) for key in lacking))
    letter.body = json.dumps(texts.to_data(done.body), ensure_ascii=False)
