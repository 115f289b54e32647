"""Goods of a posyandu: received, handed out, brought back, broken, mended, written off, counted. Movements only grow.

The three balances of a row change with its movement in one transaction, under a lock; the database refuses a balance below nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.models import Cadre, Posyandu, StockItem, StockMove
from simpul.posyandu.queries import stock as queries
from simpul.posyandu.rules import stock as rules


class HasFewer(Refused):
    """Nobody brings back more than they have."""

    code = "stock.has_fewer"
    sentence = _("By the book, %(have)s of these are with %(name)s. Check the name and the number.")
    field = "number"


class NobodyTook(Refused):
    """What comes back one day is handed to somebody by name."""

    code = "stock.nobody_took"
    sentence = _("Choose who takes it: it should come back one day.")
    field = "cadre"


class NameTaken(Refused):
    """Goods of the catalogue are taken in under their own name."""

    code = "stock.name_taken"
    sentence = _("%(name)s is on the list already. Choose it there.")
    field = "name"


@dataclass(frozen=True, slots=True)
class MoveGiven:
    """What is said of a movement: how many, when, with whom, from or to which office."""

    number: int = 1
    done_date: date = date.min
    cadre_id: UUID | None = None
    whom: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ItemGiven:
    """Which goods: a code of the catalogue, or a name of their own with group and unit."""

    code: str = ""
    name: str = ""
    group: str = "other"
    unit: str = ""
    used_up: bool = False


def receive_stock(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    item: ItemGiven,
    given: MoveGiven,
    move_id: UUID | None = None,
) -> StockMove:
    """Take goods in. The first time something comes it gets its row. The same ``move_id`` again changes nothing.

    Raises:
        NameTaken, rules.NumberWrong, steps.DayAhead, steps.WordMissing, steps.ChoiceNotThere, steps.PosyanduClosed.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "stock.receive", posyandu_id)
        known: StockMove | None = steps.again(StockMove, move_id, kind="receive")
        if known is not None and known.item.posyandu_id != posyandu.id:
            raise NotAllowed
        if known is not None:
            return known
        row = _row(posyandu, item, at)
        made = rules.change("receive", given.number)
        return _move(by, at, "receive", row, made, given, move_id)


def issue_stock(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    given: MoveGiven,
    straight: bool = False,
    move_id: UUID | None = None,
) -> StockMove:
    """Hand goods out: to a cadre, or used up on a day. ``straight``: they went to the cadre without ever lying here, so they are
    taken in and handed out at once.

    Raises:
        NobodyTook, rules.NotEnough, rules.NumberWrong, steps.DayAhead, steps.ChoiceNotThere.
    """
    with transaction.atomic():
        row = _begin(by, "stock.issue", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="issue")
        if known is not None:
            return known
        if given.cadre_id is None and not row.used_up:
            raise NobodyTook
        if straight:
            _move(by, at, "receive", row, rules.change("receive", given.number), given, None, quiet=True)
        made = rules.change("issue", given.number, used_up=row.used_up)
        return _move(by, at, "issue", row, made, given, move_id)


def return_stock(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    given: MoveGiven,
    whole: bool = True,
    move_id: UUID | None = None,
) -> StockMove:
    """Take back what a cadre had, usable or broken.

    Raises:
        HasFewer, rules.NumberWrong, steps.DayAhead, steps.ChoiceNotThere.
    """
    with transaction.atomic():
        row = _begin(by, "stock.return", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="return")
        if known is not None:
            return known
        _has(row, given)
        made = rules.change("return", given.number, whole=whole)
        return _move(by, at, "return", row, made, given, move_id)


def break_stock(
    *, by: Actor, at: datetime, item_id: UUID, given: MoveGiven, move_id: UUID | None = None
) -> StockMove:
    """Write down that usable goods broke.

    Raises:
        rules.NotEnough, rules.NumberWrong, steps.DayAhead.
    """
    with transaction.atomic():
        row = _begin(by, "stock.break", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="break")
        if known is not None:
            return known
        return _move(by, at, "break", row, rules.change("break", given.number), given, move_id)


def mend_stock(
    *, by: Actor, at: datetime, item_id: UUID, given: MoveGiven, move_id: UUID | None = None
) -> StockMove:
    """Write down that broken goods were mended.

    Raises:
        rules.NotEnough, rules.NumberWrong, steps.DayAhead.
    """
    with transaction.atomic():
        row = _begin(by, "stock.mend", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="mend")
        if known is not None:
            return known
        return _move(by, at, "mend", row, rules.change("mend", given.number), given, move_id)


def write_off_stock(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    given: MoveGiven,
    place: str = "broken",
    move_id: UUID | None = None,
) -> StockMove:
    """Write goods off: broken ones, usable ones that are gone, or what somebody lost. Why is always said.

    Raises:
        HasFewer, rules.NotEnough, rules.NumberWrong, steps.DayAhead, steps.WordMissing, steps.ChoiceNotThere.
    """
    with transaction.atomic():
        row = _begin(by, "stock.write_off", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="write_off")
        if known is not None:
            return known
        steps.words(given.words, field="words", most=200)
        steps.chosen(place, rules.PLACES, "place")
        if place == "out":
            _has(row, given)
        made = rules.change("write_off", given.number, place=place)
        return _move(by, at, "write_off", row, made, given, move_id)


def count_stock(
    *,
    by: Actor,
    at: datetime,
    item_id: UUID,
    good: int,
    broken: int,
    given: MoveGiven,
    move_id: UUID | None = None,
) -> StockMove:
    """Write down what was counted here, usable and broken; the book is put right by the difference, which stays readable.

    Raises:
        rules.NumberWrong, steps.DayAhead.
    """
    with transaction.atomic():
        row = _begin(by, "stock.count", item_id)
        known: StockMove | None = steps.again(StockMove, move_id, item_id=row.id, kind="count")
        if known is not None:
            return known
        made = rules.counted(queries.balance(row), good, broken)
        told = MoveGiven(good + broken, given.done_date, None, given.whom, given.words)
        return _move(by, at, "count", row, made, told, move_id)


# --- steps -----------------------------------------------------------------------------------------------------------------------


def _begin(by: Actor, act: str, item_id: UUID) -> StockItem:
    """Lock the row of the goods and ask for permission."""
    row = own_access.item_for(by, item_id, lock=True)
    roles.require(by, act, own_access.place(row.posyandu))
    return row


def _row(posyandu: Posyandu, item: ItemGiven, at: datetime) -> StockItem:
    """The row of these goods, made when they come for the first time. The posyandu is locked."""
    if item.code:
        kit = queries.kits().get(item.code)
        if kit is None:
            raise steps.ChoiceNotThere(field="code")
        rows = posyandu.stock.select_for_update()
        row = rows.filter(code=kit.code).first() or rows.filter(code="", name=kit.name).first()
        return row or StockItem.objects.create(
            posyandu=posyandu,
            code=kit.code,
            name=kit.name,
            group=kit.group,
            unit=kit.unit,
            used_up=kit.used_up,
            changed_at=at,
        )
    name = steps.words(item.name, field="name", most=100)
    key = text.search_key(name)
    twin = next((kit for kit in queries.kits().values() if text.search_key(kit.name) == key), None)
    if twin is not None:
        raise NameTaken(name=twin.name)
    rows = posyandu.stock.select_for_update().filter(code="")
    same = next((one for one in rows if text.search_key(one.name) == key), None)
    return same or StockItem.objects.create(
        posyandu=posyandu,
        name=name,
        group=steps.chosen(item.group, rules.GROUPS, "group"),
        unit=steps.line_of(item.unit, 20) or "buah",
        used_up=item.used_up,
        changed_at=at,
    )


def _cadre(row: StockItem, cadre_id: UUID | None) -> Cadre | None:
    if cadre_id is None:
        return None
    cadre = Cadre.objects.filter(id=cadre_id, posyandu_id=row.posyandu_id).first()
    if cadre is None:
        raise steps.ChoiceNotThere(field="cadre")
    return cadre


def _has(row: StockItem, given: MoveGiven) -> None:
    """The cadre has so many."""
    cadre = _cadre(row, given.cadre_id)
    if cadre is None:
        raise NobodyTook
    have = queries.held_of(row, cadre)
    if given.number > have:
        raise HasFewer(have=have, name=cadre.name)


def _move(
    by: Actor,
    at: datetime,
    kind: str,
    row: StockItem,
    made: rules.Change,
    given: MoveGiven,
    move_id: UUID | None,
    *,
    quiet: bool = False,
) -> StockMove:
    """Write the movement and the balances. ``quiet``: the act writes the line for its second movement alone."""
    steps.done(given.done_date, row.posyandu, at)
    cadre = _cadre(row, given.cadre_id)
    new = rules.after(queries.balance(row), made)
    move = StockMove.objects.create(
        id=move_id or uuid7(),
        item=row,
        kind=kind,
        number=given.number,
        good=made.good,
        broken=made.broken,
        out=made.out,
        done_date=given.done_date,
        cadre=cadre if kind != "receive" else None,
        whom=steps.line_of(given.whom, 100),
        words=steps.line_of(given.words, 200),
        recorded_at=at,
        recorded_by=by.name[:150],
    )
    row.good, row.broken, row.out, row.changed_at = new.good, new.broken, new.out, at
    row.save(update_fields=["good", "broken", "out", "changed_at"])
    if quiet:
        return move
    facts = {
        "item": row.code or row.name,
        "number": given.number,
        "good": made.good,
        "broken": made.broken,
        "out": made.out,
        "left": new.good,
    }
    inputs = {"name": cadre.name if cadre else "", "words": move.words}
    steps.line(by, at, f"stock.{kind}", row.posyandu, facts=facts, inputs=inputs, subject=("stock", row.id))
    return move
