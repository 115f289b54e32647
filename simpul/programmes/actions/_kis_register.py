"""The step that lets the register know that a card is active again."""

from __future__ import annotations

from datetime import date, datetime

from simpul.lib.actor import Actor
from simpul.programmes.models import Card


def say_active(card: Card, by: Actor, at: datetime, day: date) -> None:
    """Write the card's state into the person's profile, with who said it; nothing for somebody who is not in the register."""
