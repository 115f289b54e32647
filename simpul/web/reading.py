"""Reading what an address or a form says: keys and page numbers. What is none of these is nothing, never a fault."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from simpul.lib.keys import ring


def key(text: str) -> UUID | None:
    """A key from an address, a hidden field or a choice; None for anything that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def known_key(text: str) -> UUID:
    """A key that has to be one.

    Raises:
        Http404: it is none.
    """
    found = key(text)
    if found is None:
        raise Http404
    return found


def own_key(typed: UUID, purpose: str) -> UUID:
    """The key of a row that is made for an anonymous press, out of the key in its form: the same press gives the same row.

    Nobody chooses the outcome, so a key that was read elsewhere (in the address of a matter) leads to nobody else's receipt.
    """
    marks = bytes.fromhex(ring().blind_index(str(typed), f"form-{purpose}"))
    made = bytearray(typed.bytes[:6] + marks[:10])
    made[6], made[8] = (
        0x70 | made[6] & 0x0F,
        0x80 | made[8] & 0x3F,
    )  # it still sorts by the time it was pressed
    return UUID(bytes=bytes(made))


def page_number(text: str) -> int:
    """The page of a list, from 1 on; 1 for anything that is no number."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
