"""What switched-off cards tell the rules about their persons: that the card is off, that a letter is there, that it is an emergency.

The register has no columns for papers of an application; the card has them. What the register knows itself stands first, and a paper
that is not there is *unknown*, never "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.people.rules.records import HouseholdRecord, Saying
from simpul.programmes.models import Card
from simpul.programmes.queries import kis
from simpul.programmes.rules import kis as rules

_FROM = {"list": "import", "door": "visit"}


def told(by: Actor, record: HouseholdRecord) -> HouseholdRecord:
    """The record with what the cards of its members tell, as far as this actor sees these cards."""
    cards = kis.of_persons(by, [UUID(one.key) for one in record.members if not one.withheld])
    if not cards:
        return record
    facts = {
        str(key): _facts(one for one in cards if one.person_id == key)
        for key in {one.person_id for one in cards}
    }
    said = dict(record.said)
    members = []
    for one in record.members:
        values = dict(one.values)
        for column, (value, saying) in facts.get(one.key, {}).items():
            if values.get(column) in (None, ""):
                values[column], said[one.key, column] = value, saying
        members.append(replace(one, values=values))
    return replace(record, members=tuple(members), said=said)


def _facts(cards: Iterable[Card]) -> dict[str, tuple[Any, Saying]]:
    """Column -> its value and where it is known from; of several cards the one that was switched off last."""
    found: dict[str, tuple[Any, Saying]] = {}
    for card in sorted(cards, key=lambda one: one.off_date):
        if card.state not in rules.RESTORED:
            found["kis_state"] = "inactive", Saying("import", card.deactivation.name, card.off_date)
        if card.facility_letter:
            words = f"{card.facility} {card.facility_letter}".strip()
            found["facility_letter"] = True, Saying("document", words, card.facility_date)
        if card.village_letter:
            found["village_letter"] = True, Saying("document", card.village_letter, card.village_date)
        if card.need == "emergency":
            found["emergency"] = True, Saying(_FROM.get(card.need_source, ""), card.need_words)
    return found
