"""Reading what an address or a form says: keys and page numbers. What is none of these is nothing, never a fault."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404


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


def page_number(text: str) -> int:
    """The page of a list, from 1 on; 1 for anything that is no number."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
