"""Acts at the door: who goes where, what was found, taking the last finding back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.programmes.access import kis as access
from simpul.programmes.actions import _kis
from simpul.programmes.models import Card, CardDoor
from simpul.programmes.rules import kis as rules

MOST_AT_ONCE = 5000


class SeatUnfit(Refused):
    """Doors are given to somebody who walks to them, in the area where they stand."""

    code = "cards.seat_unfit"
    sentence = _("Choose a facilitator who serves this place. %(name)s does not.")
    field = "seat"


class FindingUnknown(Refused):
    """One of the findings, one of the needs, one of the ways to consent."""

    code = "door.finding_unknown"
    sentence = _("Choose what you found at the door from the list.")
    field = "found"


class DoorSettled(Refused):
    """The person has asked already; what is found later is written on the application."""

    code = "door.settled"
    sentence = _("This person has already asked for the card. Write news on the application instead.")


class NothingToUndo(Refused):
    """No finding that could be taken back."""

    code = "door.nothing_to_undo"
    sentence = _("There is nothing to take back: no visit is written down, or the person has asked since.")


def assign_cards(
    *,
    by: Actor,
    at: datetime,
    seat_id: UUID | None,
    card_ids: Sequence[UUID] = (),
    deactivation_id: UUID | None = None,
    hamlet_id: UUID | None = None,
    region_code: str = "",
    hamlet_unknown: bool = False,
) -> int:
    """Give doors to a facilitator's seat: some cards, or every open door of a hamlet or village. None takes them away again.

    ``hamlet_unknown`` takes of a village only the doors whose hamlet nobody knows.
    Returns how many doors changed hands. Doors where somebody has asked stay with whoever asked.

    Raises:
        NotFound: no such seat, or no such cards for this actor.
        SeatUnfit: the seat is no facilitator's, or serves another place.
    """
    if not roles.may_somewhere(by, "cards.assign"):
        roles.require(by, "cards.assign")
    rows = access.visible(by).filter(state="")
    if card_ids:
        rows = rows.filter(id__in=list(card_ids)[:MOST_AT_ONCE])
    elif deactivation_id is not None and (hamlet_id is not None or region_code):
        rows = rows.filter(deactivation_id=deactivation_id).inside(region_code)
        if hamlet_id is not None:
            rows = rows.filter(hamlet_id=hamlet_id)
        elif hamlet_unknown:
            rows = rows.filter(hamlet=None)
    else:
        raise NotFound
    others = rows.exclude(seat_id=seat_id) if seat_id is not None else rows.exclude(seat=None)
    with transaction.atomic():
        found = list(others.values_list("id", "region_code")[:MOST_AT_ONCE])
        for region in {region for _id, region in found}:
            roles.require(by, "cards.assign", roles.Place(region_code=region))
        name = _fit_seat(seat_id, {region for _id, region in found}, at)
        changed = Card.objects.filter(id__in=[card_id for card_id, _region in found], state="").update(
            seat_id=seat_id, assigned_at=at if seat_id else None, changed_at=at
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="cards.assign",
            subject_kind="seat" if seat_id else "deactivation",
            subject_id=seat_id or deactivation_id or by.seat_id or journal_actions.NOWHERE,
            region_code=found[0][1] if found else by.served_areas[0],
            facts={"doors": changed, "to": name},
            inputs={"cards": [str(card_id) for card_id, _region in found[:200]]},
        )
    return changed


def _fit_seat(seat_id: UUID | None, regions: set[str], at: datetime) -> str:
    """The name of who sits there.

    Raises:
        NotFound, SeatUnfit.
    """
    if seat_id is None:
        return ""
    seat = desk_queries.seat(seat_id)
    if seat is None or seat.withdrawn_at is not None:
        raise NotFound
    name = str(seat.user.full_name)
    areas = tuple(seat.areas) or (seat.desk.region_code,)
    serves = all(any(region.startswith(area) for area in areas) for region in regions)
    if seat.role != "facilitator" or not serves:
        raise SeatUnfit(name=name)
    return name


def record_door(
    *,
    by: Actor,
    at: datetime,
    card_id: UUID,
    found: str,
    need: str = "",
    need_words: str = "",
    consent: str = "",
    words: str = "",
    door_id: UUID | None = None,
    found_at: datetime | None = None,
) -> CardDoor:
    """Write down what was found at a door. A fact is never refused because it comes late; the same ``door_id`` again changes nothing.

    Args:
        found_at: when somebody stood at the door, if not now; what was found later stands on the card, whichever is written down first.
        need: how the person is, as seen or told there; "" leaves what was known.
        consent: how they agreed that we ask for them: spoken, ticked, paper.

    Raises:
        NotFound: no such card for this actor.
        FindingUnknown: a value that no form offers.
        DoorSettled: the person has asked already.
    """
    if found not in rules.FINDINGS or (need and need not in rules.NEEDS):
        raise FindingUnknown(field="need" if found in rules.FINDINGS else "found")
    if consent and consent not in rules.CONSENTS:
        raise FindingUnknown(field="consent")
    with transaction.atomic():
        card = _kis.begin(by, "door.record", card_id)
        known = CardDoor.objects.filter(id=door_id, card=card).first() if door_id else None
        if known is not None:
            return known
        if card.state:
            raise DoorSettled
        moment = min(found_at or at, at)
        later = card.doors.filter(undone_at=None, at__gt=moment).order_by("at", "id").first()
        stood = later.before if later else _standing(card)
        told = _told(found, need, _kis.line_of(need_words, 300), consent, moment)
        door = CardDoor.objects.create(
            id=door_id or uuid7(),
            card=card,
            found=found,
            need=need,
            need_words=_kis.line_of(need_words, 300),
            consent=consent,
            words=_kis.line_of(words, 500),
            before=stood,
            at=moment,
            by_name=by.name,
            seat_id=by.seat_id,
        )
        if later is None:
            _kis.change(card, at, **told)
        else:
            _before_another(card, at, later, told)
        _kis.line(
            by, at, "door.record", card, {"found": found}, {"need": need, "words": words, "consent": consent}
        )
    return door


def _told(found: str, need: str, need_words: str, consent: str, moment: datetime) -> dict[str, Any]:
    """The card's columns by what was found; what nobody said stays."""
    told: dict[str, Any] = {"door": found, "door_at": moment}
    if consent:
        told["consent"] = consent
    if need:
        told |= {"need": need, "need_source": "door", "need_words": need_words, "rank": rules.rank(need)}
    return told


def _before_another(card: Card, at: datetime, later: CardDoor, told: dict[str, Any]) -> None:
    """A finding that arrives late stands before the one that was made after it: that one keeps the card, but for what it did not say."""
    plain = {**told, "door_at": told["door_at"].isoformat()}
    CardDoor.objects.filter(id=later.id).update(before={**later.before, **plain})
    after = card.doors.filter(undone_at=None, at__gte=later.at)
    left = {} if after.exclude(need="").exists() else {name: told[name] for name in _NEED if name in told}
    if "consent" in told and not after.exclude(consent="").exists():
        left["consent"] = told["consent"]
    if left:
        _kis.change(card, at, **left)


_NEED = ("need", "need_source", "need_words", "rank")
_KEPT = ("door", "need", "need_source", "need_words", "rank", "consent")


def _standing(card: Card) -> dict[str, object]:
    kept: dict[str, object] = {name: getattr(card, name) for name in _KEPT}
    return kept | {"door_at": card.door_at.isoformat() if card.door_at else ""}


def undo_door(*, by: Actor, at: datetime, card_id: UUID) -> None:
    """Take the last finding at a door back: a wrong tap, a neighbour's house. What stood before stands again; both stay in the journal.

    Raises:
        NotFound: no such card for this actor.
        NothingToUndo: nothing was found, or the person has asked since.
    """
    with transaction.atomic():
        card = _kis.begin(by, "door.undo", card_id)
        last = card.doors.filter(undone_at=None).order_by("-at", "-id").first()
        if last is None or card.state:
            raise NothingToUndo
        CardDoor.objects.filter(id=last.id).update(undone_at=at, undone_by=by.name)
        changes = {name: last.before.get(name, getattr(card, name)) for name in _KEPT}
        stood = str(last.before.get("door_at") or "")
        changes["door_at"] = datetime.fromisoformat(stood) if stood else None
        _kis.change(card, at, **changes)
        _kis.line(by, at, "door.undo", card, {"found": last.found, "now": card.door})
