"""Tables of the room, by topic."""

from __future__ import annotations

from simpul.letters.models.letters import Confirmation, Letter, LetterSet, Requirement
from simpul.letters.models.numbers import NumberBlock, Series, TakenNumber
from simpul.letters.models.offices import Mandate, Office, VillageKey
from simpul.letters.models.registers import Expedition, IncomingLetter
from simpul.letters.models.types import LetterType, TypeVersion

__all__ = [
    "Confirmation",
    "Expedition",
    "IncomingLetter",
    "Letter",
    "LetterSet",
    "LetterType",
    "Mandate",
    "NumberBlock",
    "Office",
    "Requirement",
    "Series",
    "TakenNumber",
    "TypeVersion",
    "VillageKey",
]
