"""Acts on who the people of a list are: the sure ones in bulk, the doubtful ones by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people import access as people_access
from simpul.programmes.access import kis as access
from simpul.programmes.actions import _kis
from simpul.programmes.models import Card
from simpul.programmes.queries import kis_match
from simpul.programmes.rules import kis as rules

if TYPE_CHECKING:
    from simpul.people.models import Person

PORTION = 1000


class NoSuchCandidate(Refused):
    """A person of the register whom the page did not offer, and the actor does not see."""

    code = "card.no_such_candidate"
    sentence = _("Choose one of the persons shown, or say that none of them is the one.")
    field = "person"


@dataclass(frozen=True, slots=True)
class Matched:
    """How many of a portion are sure, doubtful, or not in the register."""

    sure: int
    doubtful: int
    none: int
    more: bool


def match_cards(
    *, by: Actor, at: datetime, deactivation_id: UUID, again: bool = False, limit: int = PORTION
) -> Matched:
    """Look a portion of a list's people up in the register; with ``again`` those too who were not found before.

    Sure ones are tied to their person, and their need is read from the register where the list told none. Nothing that a person decided
    is touched.

    Raises:
        NotFound: no such list for this actor.
    """
    group = access.list_for(by, deactivation_id)
    roles.require(by, "cards.match", roles.Place(region_code=group.region_code))
    with transaction.atomic():
        open_states = ["new", "none"] if again else ["new"]
        rows = Card.objects.filter(deactivation=group, match__in=open_states, matched_by="")
        cards = list(rows.order_by("id")[: limit + 1])
        found = _matched(cards[:limit], at, by, group.region_code)
        journal_actions.record(
            by=by,
            at=at,
            kind="cards.match",
            subject_kind="deactivation",
            subject_id=group.id,
            region_code=group.region_code,
            facts={"sure": found["sure"], "doubtful": found["doubtful"], "none": found["none"]},
        )
    return Matched(found["sure"], found["doubtful"], found["none"], len(cards) > limit)


_CHANGED = (
    "match",
    "score",
    "candidates",
    "matched_at",
    "person",
    "need",
    "need_source",
    "rank",
    "hamlet",
    "region_code",
    "address",
    "landmark",
    "changed_at",
)


def _matched(cards: Sequence[Card], at: datetime, by: Actor, region_code: str) -> dict[str, int]:
    """Decide each card by its candidates and store them, some hundred rows a query."""
    likely = kis_match.likely(cards, region_code)
    counts = {"sure": 0, "doubtful": 0, "none": 0}
    sure: list[UUID] = []
    for card in cards:
        candidates = likely[card.id]
        card.match = rules.verdict([one.score for one in candidates])
        card.matched_at = card.changed_at = at
        card.score = candidates[0].score if candidates and card.match != "none" else None
        counts[card.match] += 1
        if card.match == "sure":
            card.person_id = candidates[0].person_id
            sure.append(candidates[0].person_id)
        card.candidates = (
            [
                {"person": str(one.person_id), "score": one.score, "reasons": list(one.reasons)}
                for one in candidates
                if one.score >= rules.DOUBTFUL
            ]
            if card.match == "doubtful"
            else []
        )
    known = kis_match.known_needs(sure)
    people = kis_match.persons(sure)
    for card in cards:
        if card.person_id is not None:
            _take_over(card, people[card.person_id], known[card.person_id], _kis.today_of(by, at))
    Card.objects.bulk_update(cards, list(_CHANGED), batch_size=200)
    return counts


def _take_over(card: Card, person: Person, known: rules.Known, today: date) -> None:
    """What the register knows and the list does not: where the door is, and how the person is."""
    card.hamlet_id = card.hamlet_id or person.hamlet_id
    card.address = card.address or person.address[:200]
    card.landmark = card.landmark or person.landmark
    if len(person.region_code) > len(card.region_code) and person.region_code.startswith(card.region_code):
        card.region_code = person.region_code
    told = rules.need_from_register(known, today)
    if told and (card.need == "unknown" or (card.need_source == "list" and rules.rank(told) < card.rank)):
        card.need, card.need_source, card.rank = told, "register", rules.rank(told)


def match_card(*, by: Actor, at: datetime, card_id: UUID, person_id: UUID | None) -> Card:
    """Decide who the person of a card is: one of the register, or (None) nobody of it. It can be decided anew until somebody asks.

    Raises:
        NotFound: no such card for this actor.
        CardMoved: the person has asked already; their matter names them.
        NoSuchCandidate: a person who was not offered and whom the actor does not see.
    """
    with transaction.atomic():
        card = _kis.begin(by, "card.match", card_id)
        if card.state:
            raise _kis.CardMoved(state=_kis.state_words(card.state))
        person = _offered(by, person_id) if person_id is not None else None
        score = next((one["score"] for one in card.candidates if one["person"] == str(person_id)), None)
        before = {"match": card.match, "person": str(card.person_id or "")}
        card.person = person
        if person is not None:
            today = _kis.today_of(by, at)
            _take_over(card, person, kis_match.known_needs([person.id])[person.id], today)
        _kis.change(
            card,
            at,
            person=person,
            match="decided" if person is not None else "none",
            score=score,
            matched_by=by.name,
            matched_at=at,
            need=card.need,
            need_source=card.need_source,
            rank=card.rank,
            hamlet=card.hamlet,
            address=card.address,
            landmark=card.landmark,
        )
        _kis.line(
            by,
            at,
            "card.match",
            card,
            {"found": person is not None, **before},
            {"person": str(person_id or "")},
        )
    return card


def _offered(by: Actor, person_id: UUID) -> Person:
    """A person whom the page offered, or whom the actor looked for: in both cases one whom they see in the register."""
    found = people_access.visible(by).filter(id=person_id).first()
    if found is None:
        raise NoSuchCandidate
    return found
