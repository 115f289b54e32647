"""Numbers that no letter took at release: set aside for a post without a network, given back, or void with their reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.actions import _numbers
from simpul.letters.models import NumberBlock, TakenNumber
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import numbers as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7


class CountWrong(Refused):
    """A block has a bounded size."""

    code = "numbers.count_wrong"
    sentence = _("Set aside between 1 and %(most)s numbers at once.")
    field = "count"


class TypeMissing(Refused):
    """Where each kind of letter has its own numbers, the kind has to be said."""

    code = "numbers.type_missing"
    sentence = _("In this village each kind of letter has numbers of its own. Choose the kind of letter.")
    field = "type"


class BlockReturned(Refused):
    """What was given back is not given back twice."""

    code = "block.returned"
    sentence = _("These numbers were given back already.")


class NumberUsed(Refused):
    """A used number is made void by cancelling its letter."""

    code = "number.used"
    sentence = _(
        "Number %(number)s is on a letter. Cancel the letter; its number then stays, void with the reason."
    )
    field = "number"


class NumberVoid(Refused):
    """A void number is void already."""

    code = "number.is_void"
    sentence = _("Number %(number)s is void already.")
    field = "number"


class NumberFar(Refused):
    """A slip of the pen would make thousands of numbers void."""

    code = "number.far"
    sentence = _(
        "The last number is %(last)s. At most %(most)s numbers are made void at once; look at the number again."
    )
    field = "number"


def reserve_block(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    count: int,
    holder: str,
    why: str = "",
    type_code: str = "",
    block_id: UUID | None = None,
) -> NumberBlock:
    """Set the next numbers aside for a post or device that will write letters without a network.

    Args:
        holder: which post or device has them.
        type_code: the kind of letter, where each kind has numbers of its own.
        block_id: made by the door: the same id again sets nothing more aside.

    Raises:
        CountWrong, TypeMissing, steps.WordsMissing.
    """
    roles.require(by, "block.reserve", roles.Place(region_code=region_code))
    if not 1 <= count <= rules.MOST_RESERVED:
        raise CountWrong(most=rules.MOST_RESERVED)
    who = steps.words(holder, field="holder", most=120)
    series, year = _series(region_code, type_code, at)
    with transaction.atomic():
        held = _numbers.hold(region_code, series, year)
        known = NumberBlock.objects.filter(id=block_id, region_code=region_code).first() if block_id else None
        if known is not None:
            return known
        block = NumberBlock.objects.create(
            id=block_id or uuid7(),
            region_code=region_code,
            series=series,
            year=year,
            first=held.last + 1,
            last=held.last + count,
            holder=who,
            why=text.clean_line(why)[:200],
            reserved_at=at,
            reserved_by=by.name[:150],
        )
        _numbers.put(held, region_code, series, year, at, count, state="reserved", block=block)
        facts = {"series": series, "year": year, "first": block.first, "last": block.last}
        _line(by, at, "block.reserve", block, facts, {"holder": who, "why": block.why})
        return block


def return_block(*, by: Actor, at: datetime, block_id: UUID, why: str) -> int:
    """Give a block back: what no letter used becomes void with the reason. Returns how many that were.

    Raises:
        BlockReturned, steps.WordsMissing.
        NotFound: no such block of this actor's villages.
    """
    with transaction.atomic():
        rows = NumberBlock.objects.filter(access.inside(by), id=block_id)
        block = rows.select_for_update(of=("self",)).first()
        if block is None:
            raise NotFound
        roles.require(by, "block.return", roles.Place(region_code=block.region_code))
        if block.returned_at is not None:
            raise BlockReturned
        reason = steps.words(why, field="why")
        left = TakenNumber.objects.filter(block=block, state="reserved").update(state="void", why=reason)
        block.returned_at = at
        block.save()
        _line(by, at, "block.return", block, {"void": left}, {"why": reason})
        return left


def void_number(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    why: str,
    number: int | None = None,
    type_code: str = "",
) -> list[int]:
    """Make a number void with its reason: one that is set aside, or the next ones up to ``number``.

    A village that begins with Simpul in the middle of a year makes the numbers of its paper book void in one go; a number that was
    written on a letter by hand is passed over. A used number is made void by cancelling its letter. Returns the numbers.

    Raises:
        NumberUsed, NumberVoid, NumberFar, TypeMissing, steps.WordsMissing.
    """
    roles.require(by, "number.void", roles.Place(region_code=region_code))
    reason = steps.words(why, field="why")
    series, year = _series(region_code, type_code, at)
    with transaction.atomic():
        held = _numbers.hold(region_code, series, year)
        wanted = held.last + 1 if number is None else number
        if wanted <= held.last:
            done = [_void_one(region_code, series, year, wanted, reason, at)]
        else:
            count = wanted - held.last
            if count > MOST_VOID:
                raise NumberFar(last=held.last, most=MOST_VOID)
            rows = _numbers.put(held, region_code, series, year, at, count, state="void", why=reason)
            done = [row.number for row in rows]
        journal_actions.record(
            by=by,
            at=at,
            kind="number.void",
            subject_kind="letter_series",
            subject_id=journal_actions.NOWHERE,
            region_code=region_code,
            facts={"series": series, "year": year, "first": done[0], "last": done[-1]},
            inputs={"why": reason},
        )
        return done


MOST_VOID = 5000


def _void_one(region_code: str, series: str, year: int, number: int, reason: str, at: datetime) -> int:
    """A number that exists: only one that is set aside becomes void here. One that nobody can explain is explained now."""
    rows = TakenNumber.objects.filter(region_code=region_code, series=series, year=year, number=number)
    row = rows.select_for_update().first()
    if row is None and number < 1:
        raise NumberFar(last=0, most=MOST_VOID)
    if row is None:
        row = TakenNumber(region_code=region_code, series=series, year=year, number=number, taken_at=at)
    elif row.state == "used":
        raise NumberUsed(number=number)
    elif row.state == "void":
        raise NumberVoid(number=number)
    row.state, row.why = "void", reason
    row.save()
    return number


def _series(region_code: str, type_code: str, at: datetime) -> tuple[str, int]:
    """The series of today's numbers in a village, and the year.

    Raises:
        TypeMissing: each kind has its own, and none was said.
    """
    office = steps.office_of(region_code)
    if office.series_mode == "types" and type_queries.find(type_code, region_code) is None:
        raise TypeMissing
    return rules.series_key(office.series_mode, type_code), steps.day_of(region_code, at).year


def _line(
    by: Actor, at: datetime, kind: str, block: NumberBlock, facts: dict[str, object], inputs: dict[str, str]
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="letter_block",
        subject_id=block.id,
        region_code=block.region_code,
        facts=facts,
        inputs=inputs,
    )
