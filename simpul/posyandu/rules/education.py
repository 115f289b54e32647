"""Education and telling families: kinds of media, bounds, and what a message may say. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


KINDS: Mapping[str, str] = {
    "leaflet": _("Leaflet"),
    "poster": _("Poster"),
    "flipchart": _("Flip chart"),
    "film": _("Film"),
    "tool": _("Tool or model"),
}
MOST_DAYS = 7
"""A family is told at most so many days ahead, or after a missed day; unconfirmed, each posyandu chooses."""
MOST_WORDS = 2000


def names_for(form: str, name: str, mother: bool) -> str:
    """Whom a message names: a child to its mother. Nobody else: a phone is shared, and who is pregnant or ill is nobody's business.

    >>> names_for("B", "Nur Aisyah", True)
    'Nur Aisyah'
    >>> names_for("A", "Sitti Hawang", False)
    ''
    """
    return name if form == "B" and mother else ""
