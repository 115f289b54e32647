"""A duty changes hands when both agree: one asks, in return for another duty or for none, the other takes it or declines."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import _post
from simpul.village_post.models import Duty, Offer


class NotYours(Refused):
    """Only one's own duty is offered, and only for one of the colleague's."""

    code = "offer.not_yours"
    sentence = _("You can only offer a duty of your own, in return for a duty of the colleague you ask.")
    field = "in_return"


class TooLate(Refused):
    """The shift is over, somebody has come already, or the roster changed."""

    code = "offer.too_late"
    sentence = _("This duty can no longer change hands: its shift is over or the roster was changed.")


class AskedAlready(Refused):
    """One question about a duty at a time."""

    code = "offer.open"
    sentence = _("A colleague has been asked about this duty already. Withdraw that question first.")


class OnBoth(Refused):
    """Somebody would stand twice on one shift."""

    code = "offer.on_both"
    sentence = _("One of the two is on that shift already. Choose another colleague or another duty.")
    field = "to_seat"


def offer_duty(
    *,
    by: Actor,
    at: datetime,
    duty_id: UUID,
    to_seat_id: UUID,
    in_return_id: UUID | None = None,
    why: str = "",
    offer_id: UUID | None = None,
) -> Offer:
    """Ask a colleague to take one's duty over. Nothing changes until they agree. The same ``offer_id`` again changes nothing.

    Raises:
        NotYours, TooLate, AskedAlready, OnBoth, NotFound, NotAllowed.
    """
    with transaction.atomic():
        duty = access.duty_for(by, duty_id, lock=True)
        roles.require(by, "duty.offer", access.place_of(duty.shift))
        known = Offer.objects.filter(id=offer_id, duty=duty).first() if offer_id else None
        if known is not None:
            return known
        if duty.seat_id != by.seat_id:
            raise NotYours
        _check(duty, at)
        to_seat = _post.seat_of(by, at, to_seat_id)
        if _stands(duty, to_seat.id):
            raise OnBoth
        back = access.duty_for(by, in_return_id) if in_return_id else None
        if back is not None:
            if back.seat_id != to_seat.id:
                raise NotYours
            _check(back, at)
            if _stands(back, duty.seat_id):
                raise OnBoth
        if duty.offers.filter(state="asked").exists():
            raise AskedAlready
        offer = Offer.objects.create(
            id=offer_id or uuid7(),
            duty=duty,
            to_seat=to_seat,
            in_return=back,
            why=text.clean_line(why)[:200],
            asked_at=at,
        )
        _post.line(by, at, "duty.offer", "shift", duty.shift, facts={"to": str(to_seat.id)})
    return offer


def take_duty(*, by: Actor, at: datetime, offer_id: UUID) -> Duty:
    """Agree: the duty is now one's own, and the one in return is the colleague's. Agreeing twice changes nothing.

    Raises:
        TooLate: the shift is over, or the roster was changed.
        _post.Settled: it was declined or withdrawn.
        NotFound: the question was put to somebody else.
        NotAllowed.
    """
    with transaction.atomic():
        offer = _mine(by, offer_id)
        roles.require(by, "duty.take", access.place_of(offer.duty.shift))
        if offer.state == "taken":
            return Duty.objects.get(taken_from=offer.duty)
        if offer.state != "asked":
            raise _post.Settled
        _check(offer.duty, at)
        if offer.in_return is not None:
            _check(offer.in_return, at)
        new = _hand_over(offer.duty, offer.to_seat_id, by.name, at)
        if offer.in_return is not None:
            _hand_over(offer.in_return, offer.duty.seat_id, offer.duty.name, at)
        offer.state, offer.answered_at = "taken", at
        offer.save(update_fields=["state", "answered_at"])
        _post.line(by, at, "duty.take", "shift", offer.duty.shift, facts={"from": str(offer.duty.seat_id)})
    return new


def decline_duty(*, by: Actor, at: datetime, offer_id: UUID, answer: str = "") -> None:
    """Say no; the duty stays where it was. Saying it again changes nothing.

    Raises:
        _post.Settled: it was taken or withdrawn.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        offer = _mine(by, offer_id)
        roles.require(by, "duty.decline", access.place_of(offer.duty.shift))
        if offer.state == "declined":
            return
        if offer.state != "asked":
            raise _post.Settled
        offer.state, offer.answered_at, offer.answer = "declined", at, text.clean_line(answer)[:200]
        offer.save(update_fields=["state", "answered_at", "answer"])
        _post.line(by, at, "duty.decline", "shift", offer.duty.shift)


def withdraw_offer(*, by: Actor, at: datetime, offer_id: UUID) -> None:
    """Take one's own question back before it is answered.

    Raises:
        _post.Settled: it was answered meanwhile.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        offer = access.offer_for(by, offer_id, lock=True)
        roles.require(by, "offer.withdraw", access.place_of(offer.duty.shift))
        if offer.duty.seat_id != by.seat_id:
            raise NotFound
        if offer.state == "withdrawn":
            return
        if offer.state != "asked":
            raise _post.Settled
        offer.state, offer.answered_at = "withdrawn", at
        offer.save(update_fields=["state", "answered_at"])
        _post.line(by, at, "offer.withdraw", "shift", offer.duty.shift)


def _mine(by: Actor, offer_id: UUID) -> Offer:
    offer = access.offer_for(by, offer_id, lock=True)
    if offer.to_seat_id != by.seat_id:
        raise NotFound
    return offer


def _check(duty: Duty, at: datetime) -> None:
    shift = duty.shift
    if duty.ended_at or duty.came_at or shift.cancelled_at or shift.ends_at <= at:
        raise TooLate


def _stands(duty: Duty, seat_id: UUID) -> bool:
    return Duty.objects.filter(
        shift_id=duty.shift_id, seat_id=seat_id, ended_at=None, part="officer"
    ).exists()


def _hand_over(old: Duty, seat_id: UUID, name: str, at: datetime) -> Duty:
    """A new duty in place of the old one; who was on call for that shift now has it."""
    if _stands(old, seat_id):
        raise OnBoth
    Duty.objects.filter(shift_id=old.shift_id, seat_id=seat_id, ended_at=None).update(ended_at=at)
    new = Duty.objects.create(
        shift_id=old.shift_id, seat_id=seat_id, name=name[:150], part=old.part, made_at=at
    )
    Duty.objects.filter(id=old.id).update(ended_at=at, taken_over_by=new)
    return new
