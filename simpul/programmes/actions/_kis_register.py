"""The step that lets the register know that a card is active again."""

from __future__ import annotations

from datetime import date, datetime

from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people import actions as people_actions
from simpul.programmes.models import Card


def say_active(card: Card, by: Actor, at: datetime, day: date) -> str:
    """Write the card's state, and its number, into the person's profile, with whose word it is: "said", or why not.

    The card works whether or not the register can be written: a person whose data stand still, or who lives elsewhere, keeps their card.
    """
    if card.person_id is None:
        return "no_person"
    changes = {"kis_state": "active"} | ({"kis_number": card.kis_number} if card.kis_number else {})
    try:
        people_actions.change_profile(
            by=by,
            at=at,
            person_id=card.person_id,
            changes=changes,
            said=people_actions.Said(
                source="officer",
                observed_date=day,
                source_words=card.deactivation.name[:100],
                said_by=by.name,
            ),
        )
    except Refused as refusal:
        return refusal.code
    return "said"
