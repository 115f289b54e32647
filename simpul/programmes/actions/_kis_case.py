"""The step that answers a card's matter: the person hears what became of the card, whichever desk holds the matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import translation

from simpul.cases.actions import settling
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.models import Card


def settle(card: Card, by: Actor, at: datetime, decision: str, words: Callable[[], str]) -> dict[str, str]:
    """Answer the matter, in its own language. What happened to a card is a fact: when its matter was withdrawn or merged meanwhile,
    the fact stands all the same, and the line says why nobody was told."""
    if card.case is None:
        return {"told": "no_case"}
    with translation.override(card.case.language or "id"):
        said = words()
    try:
        settling.settle_case(by=by, at=at, case_id=card.case.id, text=said, decision=decision)
    except Refused as refusal:
        return {"told": refusal.code}
    return {"told": "answered"}
