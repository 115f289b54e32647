"""What one shift hands the next: written by one person, counted again and accepted by another, differences in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Relay, Shift
from simpul.village_post.rules import duty as rules

MOST_CASH = 10**12


class SamePerson(Refused):
    """Two people count."""

    code = "relay.same_person"
    sentence = _(
        "You wrote this hand-over yourself. A colleague of the next shift counts again and accepts it."
    )


class DifferenceUnsaid(Refused):
    """What differs is explained."""

    code = "relay.difference_unsaid"
    sentence = _(
        "What you found differs from what was written. Write in a few words what differs; then accept."
    )
    field = "difference"


class EarlierOpen(Refused):
    """One hand-over at a time."""

    code = "relay.earlier_open"
    sentence = _(
        "The last hand-over has not been accepted yet. Accept it first, or let its writer take it back."
    )


class Accepted(Refused):
    """What two people have signed stays."""

    code = "relay.accepted"
    sentence = _("This hand-over has been accepted and stays as it is. Write a new one.")


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over. Keys and equipment as (name, is it there)."""

    note: str = ""
    items: Sequence[str] = ()
    keys: Sequence[tuple[str, bool]] = ()
    equipment: Sequence[tuple[str, bool]] = ()
    cash: int = 0
    waiting: int = 0


def write_relay(
    *,
    by: Actor,
    at: datetime,
    post_id: UUID,
    handed: Handed,
    written_at: datetime | None = None,
    relay_id: UUID | None = None,
) -> Relay:
    """Write the hand-over of the shift that ends. The same ``relay_id`` again changes nothing.

    Raises:
        EarlierOpen: the last one waits to be accepted.
        _post.WordsMissing: cash below zero or no number.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        post = access.post_for(by, post_id, lock=True)
        roles.require(by, "relay.write", access.place_of(post))
        known = Relay.objects.filter(id=relay_id, post=post).first() if relay_id else None
        if known is not None:
            return known
        if Relay.objects.filter(post=post, accepted_at=None, withdrawn_at=None).exists():
            raise EarlierOpen
        if not 0 <= handed.cash <= MOST_CASH:
            raise _post.WordsMissing(field="cash")
        moment = written_at or at
        shift = (
            Shift.objects.filter(post=post, cancelled_at=None, starts_at__lte=moment)
            .order_by("-starts_at")
            .first()
        )
        relay = Relay.objects.create(
            id=relay_id or uuid7(),
            post=post,
            shift=shift,
            region_code=post.region_code,
            note=text.clean_text(handed.note)[:2000],
            items=[line for line in (text.clean_line(one)[:200] for one in handed.items) if line][:30],
            keys=[[text.clean_line(name)[:80], bool(there)] for name, there in handed.keys][:30],
            equipment=[[text.clean_line(name)[:80], bool(there)] for name, there in handed.equipment][:30],
            cash=handed.cash,
            waiting=handed.waiting,
            written_at=moment,
            written_by=by.name[:150],
            user_id=by.user_id,
        )
        facts = {"cash": relay.cash, "items": len(relay.items), "missing": _missing(relay)}
        _post.line(by, at, "relay.write", "relay", relay, facts=facts, inputs={"note": relay.note})
    return relay


def accept_relay(
    *,
    by: Actor,
    at: datetime,
    relay_id: UUID,
    found_cash: int,
    not_there: Sequence[str] = (),
    difference: str = "",
) -> Relay:
    """Count again and accept what another person handed over. Accepting twice changes nothing.

    Raises:
        SamePerson: who wrote it cannot accept it.
        DifferenceUnsaid: something differs and nobody says why.
        _post.Settled: it was taken back.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        relay = access.relay_for(by, relay_id, lock=True)
        roles.require(by, "relay.accept", access.place_of(relay))
        if relay.accepted_at is not None and relay.accepted_user_id == by.user_id:
            return relay
        if relay.accepted_at is not None or relay.withdrawn_at is not None:
            raise _post.Settled
        if relay.user_id == by.user_id:
            raise SamePerson
        if not 0 <= found_cash <= MOST_CASH:
            raise _post.WordsMissing(field="found_cash")
        said = [(name, there) for name, there in (*relay.keys, *relay.equipment)]
        rupiah, gone = rules.differences(relay.cash, found_cash, said, not_there)
        words = text.clean_line(difference)[:500]
        if (rupiah or gone) and len(words) < 3:
            raise DifferenceUnsaid
        relay.accepted_at, relay.accepted_by, relay.accepted_user_id = at, by.name[:150], by.user_id
        relay.found_cash, relay.found, relay.difference = found_cash, gone, words
        relay.save()
        _post.line(
            by,
            at,
            "relay.accept",
            "relay",
            relay,
            facts={"difference": rupiah, "gone": len(gone)},
            inputs={"words": words},
        )
    return relay


def withdraw_relay(*, by: Actor, at: datetime, relay_id: UUID) -> None:
    """Take one's own hand-over back, to write it again. Doing it twice changes nothing.

    Raises:
        Accepted: two people stand for it.
        SamePerson: it is somebody else's.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        relay = access.relay_for(by, relay_id, lock=True)
        roles.require(by, "relay.withdraw", access.place_of(relay))
        if relay.withdrawn_at is not None:
            return
        if relay.accepted_at is not None:
            raise Accepted
        if relay.user_id != by.user_id and not roles.may(by, "post.set", access.place_of(relay)):
            raise _post.Settled
        relay.withdrawn_at = at
        relay.save(update_fields=["withdrawn_at"])
        _post.line(by, at, "relay.withdraw", "relay", relay)


def _missing(relay: Relay) -> int:
    return sum(1 for _name, there in (*relay.keys, *relay.equipment) if not there)
