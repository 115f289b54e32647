"""Paper: what was printed, and how each person was told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.messages import access, rules
from simpul.messages.actions import _shared
from simpul.messages.models import Message


class NothingToPrint(Refused):
    """Only slips that nobody has told yet are printed."""

    code = "message.nothing_to_print"
    sentence = _("This notice is no longer waiting to be told. Open the list again.")


class AlreadyTold(Refused):
    """Somebody has reported it first."""

    code = "message.already_told"
    sentence = _("%(name)s has already reported how this person was told. Open the list again.")


class TellingUnknown(Refused):
    """A way of telling that the list does not have."""

    code = "message.telling_unknown"
    sentence = _("Choose how the person was told.")
    field = "how"


class NotThroughFamily(Refused):
    """A protected matter is told to the person alone."""

    code = "message.not_through_family"
    sentence = _("This matter is protected. Tell the person alone, not through the family.")
    field = "how"


def print_message(*, by: Actor, at: datetime, message_id: UUID) -> Message:
    """Note that a slip was printed; printing it again keeps the first time. A batch prints one after the other.

    Raises:
        NotFound: no such slip for this actor.
        NothingToPrint: it was told, or went another road, in the meantime.
    """
    message = access.message_for(by, message_id)
    roles.require(by, "message.print", roles.Place(region_code=message.region_code))
    with transaction.atomic():
        waiting = Message.objects.on_paper().filter(id=message_id)
        changed = waiting.update(state="printed", printed_at=message.printed_at or at)
        if changed != 1:
            raise NothingToPrint
        message.refresh_from_db()
        _shared.record(by, at, "message.print", message)
    return message


def tell_message(
    *,
    by: Actor,
    at: datetime,
    message_id: UUID,
    how: str,
    note: str = "",
    told_by: str = "",
    place: roles.Place | None = None,
) -> Message:
    """Report how a person was told: the proof that nobody was forgotten (or that they were not met, and will be again).

    ``at`` is when they were told. ``told_by`` names who told them when that was not the actor (the head of the hamlet).
    ``place`` is the matter's place for those who know the person through it.

    Raises:
        NotFound: no such message for this actor.
        TellingUnknown, NotThroughFamily: ``how`` cannot be.
        AlreadyTold: somebody has reported it first.
    """
    message = access.message_for(by, message_id)
    roles.require(by, "message.tell", _place_of(message, place))
    if how not in rules.HOW_TOLD:
        raise TellingUnknown
    if (message.sealed or message.sensitive) and how not in rules.ONLY_IN_PERSON:
        raise NotThroughFamily
    note = text.clean_line(note, 200)
    teller = text.clean_line(told_by, 150) or by.name
    with transaction.atomic():
        if how != "not_met":
            open_ones = Message.objects.filter(id=message_id, state__in=rules.TELLABLE)
            told = {"state": "told", "told_at": at, "told_by": teller, "told_how": how, "told_note": note}
            if open_ones.update(**told) != 1:
                message.refresh_from_db()
                raise AlreadyTold(name=message.told_by or "Simpul")
        message.refresh_from_db()
        _shared.record(by, at, "message.tell", message, inputs={"told_by": teller, "note": note}, how=how)
    return message


def _place_of(message: Message, place: roles.Place | None) -> roles.Place:
    if place is None:
        return roles.Place(region_code=message.region_code)
    return roles.Place(message.region_code, place.holder_ids, place.chain_ids)
