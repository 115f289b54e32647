"""Stacks of papers: those of a desk, the sheets that were entered, and the receipts to hand back while a stack is open."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from simpul.cases.models import Sheet, Stack
from simpul.cases.queries import receipts as receipt_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound

SHOWN = 30


@dataclass(frozen=True, slots=True)
class SheetReceipt:
    """What the person of one sheet takes home. An anonymous or sealed matter has a 16-digit receipt in place of number and PIN."""

    sheet: Sheet
    number: str
    pin: str
    receipt16: str


def stack_for(by: Actor, stack_id: UUID, *, lock: bool = False) -> Stack:
    """One stack of the actor's desks.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Stack.objects.filter(desk_id__in=by.desk_ids).select_related("kind", "desk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(id=stack_id).first()
    if found is None:
        raise NotFound
    return found


def stacks(by: Actor, limit: int = 30) -> list[Stack]:
    """The stacks of the actor's desks: open ones first, newest first."""
    found = Stack.objects.filter(desk_id__in=by.desk_ids).select_related("kind")
    return list(found.order_by("closed_at", "-opened_at", "-id")[:limit]) if by.desk_ids else []


def sheets(stack: Stack, limit: int = SHOWN) -> list[Sheet]:
    """The sheets entered last, newest first, those taken back among them."""
    found = Sheet.objects.filter(stack=stack).select_related("case__reporter", "case__hamlet")
    return list(found.order_by("-place")[:limit])


def how_many(stack: Stack) -> int:
    """How many sheets were entered and not taken back."""
    return Sheet.objects.filter(stack=stack, undone_at=None).count()


def last_sheet(stack: Stack) -> Sheet | None:
    """The sheet entered last and not taken back."""
    rows = Sheet.objects.filter(stack=stack, undone_at=None).select_related("case")
    return rows.order_by("-place").first()


def number_key(number: str) -> str:
    """A number on paper as it is compared: "012/BLT-II" and "012 / blt II" are one."""
    return "".join(sign for sign in number.upper() if sign.isalnum())[:60]


def same_number(stack: Stack, key: str) -> Sheet | None:
    """The sheet of this stack that has this number already."""
    if not key:
        return None
    return Sheet.objects.filter(stack=stack, number=key, undone_at=None).select_related("case").first()


def receipts(by: Actor, stack: Stack) -> list[SheetReceipt]:
    """The receipts of an open stack, in the order of its sheets, for who opened it; nobody else ever reads a PIN.

    Raises:
        NotFound: it is closed, or somebody else opened it.
    """
    if stack.closed_at is not None or stack.user_id != by.user_id:
        raise NotFound
    found = Sheet.objects.filter(stack=stack, undone_at=None, case__assisted_by=by.name)
    rows = found.select_related("case__reporter", "case__kind", "case__holder").order_by("place")
    return [_receipt(sheet) for sheet in rows]


def _receipt(sheet: Sheet) -> SheetReceipt:
    case = sheet.case
    secret = bool(case.receipt_index)
    found = receipt_queries.derive(case.id, case.visit_id, secret=secret)
    return SheetReceipt(sheet, "" if secret else case.number, found.pin, found.receipt16)
