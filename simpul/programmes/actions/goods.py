"""Acts on the goods of a round: what came in, went out, came back or was lost; a wrong row is corrected by a new one.

Handing out is a decision and may be refused; what came back and what was lost are facts, written down as they are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _rounds
from simpul.programmes.models import Movement, RoundItem
from simpul.programmes.queries import goods
from simpul.programmes.rules import rounds as rules


class StoreShort(Refused):
    """Nothing is handed out that is not there."""

    code = "goods.store_short"
    sentence = _("The store holds only %(left)s %(unit)s. Write down first what came in.")
    field = "quantity"


class HolderUnnamed(Refused):
    """Goods are always in somebody's hands."""

    code = "goods.holder_unnamed"
    sentence = _("Say who takes the goods: a trip, a device, or an officer.")
    field = "holder"


class CorrectionOfCorrection(Refused):
    """One row, one correction at a time: the first row is corrected again."""

    code = "goods.correction_of_correction"
    sentence = _("This row is itself a correction. Correct the first row instead.")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who gave goods and who took them, in words."""

    handed_by: str = ""
    taken_by: str = ""


def receive_goods(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    quantity: Decimal,
    source: str,
    received_date: date,
    document: str = "",
    movement_id: UUID | None = None,
) -> Movement:
    """Write down that goods came into the store of a round.

    Raises:
        NotFound, _rounds.RoundClosed, _rounds.AmountWrong, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        item = _item(by, "goods.receive", item_id)
        if (known := _known(movement_id, item)) is not None:
            return known
        noon = datetime.combine(received_date, time(12), desk_queries.zone_of(item.round.region_code))
        return _write(
            by,
            at,
            "goods.receive",
            Movement(
                id=movement_id or uuid7(),
                item=item,
                kind="received",
                quantity=_rounds.amount(quantity),
                moved_at=noon,
                source=_rounds.words(source, field="source", most=150),
                document=text.clean_line(document, 100),
            ),
        )


def allot_goods(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    holder: rules.Holder,
    quantity: Decimal,
    out_at: datetime,
    hands: Hands = Hands(),
    movement_id: UUID | None = None,
) -> Movement:
    """Hand goods from the store to a trip, a device or an officer.

    Raises:
        StoreShort: the store holds less.
        NotFound, HolderUnnamed, _rounds.RoundClosed, _rounds.AmountWrong.
    """
    with transaction.atomic():
        item = _item(by, "goods.allot", item_id)
        if (known := _known(movement_id, item)) is not None:
            return known
        much = _rounds.amount(quantity)
        kind, key = _named(holder)
        left = goods.balance_of(item.id).in_store
        if much > left:
            raise StoreShort(left=rules.plain(left), unit=item.unit)
        return _write(
            by,
            at,
            "goods.allot",
            Movement(
                id=movement_id or uuid7(),
                item=item,
                kind="allotted",
                holder_kind=kind,
                holder_key=key,
                quantity=much,
                moved_at=out_at,
                handed_by=text.clean_line(hands.handed_by, 150) or by.name[:150],
                taken_by=text.clean_line(hands.taken_by, 150),
            ),
        )


def return_goods(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    holder: rules.Holder,
    quantity: Decimal,
    back_at: datetime,
    hands: Hands = Hands(),
    movement_id: UUID | None = None,
) -> Movement:
    """Write down that a trip, a device or an officer brought goods back to the store. Also after the round was closed: it is a fact.

    Raises:
        NotFound, HolderUnnamed, _rounds.AmountWrong.
    """
    with transaction.atomic():
        item = _item(by, "goods.return", item_id, open_only=False)
        if (known := _known(movement_id, item)) is not None:
            return known
        kind, key = _named(holder)
        return _write(
            by,
            at,
            "goods.return",
            Movement(
                id=movement_id or uuid7(),
                item=item,
                kind="returned",
                holder_kind=kind,
                holder_key=key,
                quantity=_rounds.amount(quantity),
                moved_at=back_at,
                handed_by=text.clean_line(hands.handed_by, 150),
                taken_by=text.clean_line(hands.taken_by, 150) or by.name[:150],
            ),
        )


def write_off_goods(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    holder: rules.Holder,
    quantity: Decimal,
    lost_at: datetime,
    reason: str,
    movement_id: UUID | None = None,
) -> Movement:
    """Write down that goods were lost or damaged, and how; in the store or in other hands. Also after the round was closed.

    Raises:
        NotFound, _rounds.AmountWrong, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        item = _item(by, "goods.write_off", item_id, open_only=False)
        if (known := _known(movement_id, item)) is not None:
            return known
        kind, key = ("store", "") if holder.is_store else _named(holder)
        return _write(
            by,
            at,
            "goods.write_off",
            Movement(
                id=movement_id or uuid7(),
                item=item,
                kind="lost",
                holder_kind=kind,
                holder_key=key,
                quantity=_rounds.amount(quantity),
                moved_at=lost_at,
                reason=_rounds.words(reason, field="reason"),
            ),
        )


def correct_goods(
    *,
    by: Actor,
    at: datetime,
    movement_id: UUID,
    quantity: Decimal,
    why: str,
    correction_id: UUID | None = None,
) -> Movement:
    """Say what the quantity of a row should have been: a new row carries the difference, the old one stays.

    Raises:
        CorrectionOfCorrection: the row is a correction itself.
        NotFound, _rounds.AmountWrong, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        old = Movement.objects.filter(id=movement_id).first()
        if old is None:
            raise NotFound
        item = _item(by, "goods.correct", old.item_id, open_only=False)
        if (known := _known(correction_id, item)) is not None:
            return known
        if old.corrects_id is not None:
            raise CorrectionOfCorrection
        said = _rounds.words(why, field="why")
        now = old.quantity + (old.corrections.aggregate(total=Sum("quantity"))["total"] or Decimal(0))
        change = _rounds.amount(quantity, zero=True) - now
        if change == 0:
            raise _rounds.AmountWrong
        return _write(
            by,
            at,
            "goods.correct",
            Movement(
                id=correction_id or uuid7(),
                item=item,
                kind=old.kind,
                holder_kind=old.holder_kind,
                holder_key=old.holder_key,
                quantity=change,
                moved_at=old.moved_at,
                source=old.source,
                document=old.document,
                reason=said,
                corrects=old,
            ),
        )


def _item(by: Actor, act: str, item_id: UUID, *, open_only: bool = True) -> RoundItem:
    """The item with its round locked, so that two who hand out at once do not hand out more than there is."""
    item = _rounds.item_of(item_id)
    if act == "goods.return":  # who brings back to a store of a wider area serves only a part of it
        found = access.round_for(by, item.round_id, lock=True)
        roles.require(by, act, access.place_of(_own_part(by, found.region_code)))
    else:
        found = _rounds.begin(by, act, item.round_id, open_only=open_only)
    item.round = found
    return item


def _own_part(by: Actor, region_code: str) -> str:
    """The round's area, or the actor's own part of it."""
    if by.serves(region_code):
        return region_code
    return next((code for code in by.served_areas if code.startswith(region_code)), region_code)


def _known(movement_id: UUID | None, item: RoundItem) -> Movement | None:
    known = Movement.objects.filter(id=movement_id).first() if movement_id else None
    if known is not None and known.item_id != item.id:
        raise NotFound
    return known


def _named(holder: rules.Holder) -> tuple[str, str]:
    if holder.is_store or holder.kind not in rules.HOLDERS or not holder.key.strip():
        raise HolderUnnamed
    key = holder.key.strip()
    if holder.kind in ("trip", "seat"):
        try:
            key = str(UUID(key))
        except ValueError as odd:
            raise HolderUnnamed from odd
    return holder.kind, key[:64]


def _write(by: Actor, at: datetime, act: str, made: Movement) -> Movement:
    made.recorded_at, made.recorded_by = at, by.name[:150]
    made.save(force_insert=True)
    facts = {
        "movement": str(made.id),
        "item": str(made.item_id),
        "quantity": rules.plain(made.quantity),
        "holder": made.holder_kind,
    }
    words = {
        "source": made.source,
        "reason": made.reason,
        "handed_by": made.handed_by,
        "taken_by": made.taken_by,
    }
    found = made.item.round
    _rounds.line(by, at, act, "round", found.id, found.region_code, facts, words)
    return made
