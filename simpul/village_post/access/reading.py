"""Which reading corners, books, members and loans an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.village_post.access import _inside
from simpul.village_post.models import BookCopy, BookTitle, Loan, Reader, ReadingCorner, Stocktake

READING = ("copy.lend",)


def corners(by: Actor) -> QuerySet[ReadingCorner]:
    """Reading corners of this actor's area."""
    return _inside.rows(by, ReadingCorner, READING)


def corner_for(by: Actor, corner_id: UUID, *, lock: bool = False) -> ReadingCorner:
    """One corner. Raises NotFound."""
    found: ReadingCorner = _inside.one(corners(by), corner_id, lock=lock)
    return found


def title_for(by: Actor, title_id: UUID, *, lock: bool = False) -> BookTitle:
    """One title. Raises NotFound."""
    rows = _inside.rows(by, BookTitle, READING, "corner__region_code").select_related("corner")
    found: BookTitle = _inside.one(rows, title_id, lock=lock)
    return found


def copy_for(by: Actor, copy_id: UUID, *, lock: bool = False) -> BookCopy:
    """One copy. Raises NotFound."""
    rows = _inside.rows(by, BookCopy, READING, "corner__region_code").select_related("corner", "title")
    found: BookCopy = _inside.one(rows, copy_id, lock=lock)
    return found


def reader_for(by: Actor, reader_id: UUID, *, lock: bool = False) -> Reader:
    """One member. Raises NotFound."""
    rows = _inside.rows(by, Reader, READING, "corner__region_code").select_related("corner")
    found: Reader = _inside.one(rows, reader_id, lock=lock)
    return found


def loan_for(by: Actor, loan_id: UUID, *, lock: bool = False) -> Loan:
    """One loan. Raises NotFound."""
    rows = _inside.rows(by, Loan, READING, "copy__corner__region_code")
    found: Loan = _inside.one(
        rows.select_related("copy__corner", "copy__title", "reader"), loan_id, lock=lock
    )
    return found


def stocktake_for(by: Actor, stocktake_id: UUID, *, lock: bool = False) -> Stocktake:
    """One taking of stock. Raises NotFound."""
    rows = _inside.rows(by, Stocktake, READING, "corner__region_code").select_related("corner")
    found: Stocktake = _inside.one(rows, stocktake_id, lock=lock)
    return found


def public_corner(corner_id: UUID) -> ReadingCorner:
    """A corner as everybody may see it: open ones alone. Raises NotFound."""
    found = ReadingCorner.objects.filter(id=corner_id, closed_at=None).first()
    if found is None:
        raise NotFound
    return found


def place(region_code: str, by: Actor) -> roles.Place:
    """Where something of the corner lies, for the role table."""
    return roles.Place(region_code, by.desk_ids, by.desk_ids)
