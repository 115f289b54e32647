"""Acts on personal links: how a partner's focal point works here without an account.

The link holds 32 random bytes, of which only a keyed index is stored; the PIN is told by another way and stored as an argon2
hash. A try is counted before the PIN is looked at, so that many tries at once are still five.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries, rules
from simpul.desks.actions.desks import DeskIsClosed
from simpul.desks.models import Desk, PersonalLink
from simpul.journal import actions as journal_actions
from simpul.lib import crypto, ids
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.keys import ring

PURPOSE = "desks.personal_link"


class HolderNameless(Refused):
    """A link belongs to a person."""

    code = "link.holder_nameless"
    sentence = _("Write the name of the person who will use this link.")
    field = "holder_name"


class LinkDeskUnusable(Refused):
    """Only partners work by link."""

    code = "link.desk_unusable"
    sentence = _("Personal links are for partner institutions that work here. Choose the desk of a partner.")
    field = "desk_id"


class LinkDaysInvalid(Refused):
    """A link ends."""

    code = "link.days_invalid"
    sentence = _("A link is valid for 1 to 366 days.")
    field = "days"


class LinkGone(Refused):
    """Somebody else withdrew it first."""

    code = "link.gone"
    sentence = _("This link was already withdrawn.")


class LinkRefused(Refused):
    """Unknown, expired, withdrawn, resting or the wrong PIN: nobody learns which."""

    code = "link.refused"
    sentence = _(
        "This link and PIN do not open anything. Check both. After five wrong tries the link rests for 15 minutes. "
        "If it still does not open, ask the office that sent it for a new one."
    )
    field = "pin"


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A new link. ``token`` and ``pin`` are told once, by two different ways, and kept nowhere."""

    link: PersonalLink
    token: str
    pin: str


def issue_link(
    *,
    by: Actor,
    at: datetime,
    desk_id: UUID,
    holder_name: str,
    holder_contact: str = "",
    days: int = rules.LINK_DAYS,
    link_id: UUID | None = None,
) -> IssuedLink:
    """Make a personal link to a partner's desk for one person, valid for some days.

    Raises:
        NotFound: there is no such desk.
        Refused: the desk is not a partner's or is closed, the holder has no name, or the days are out of bounds.
    """
    roles.require(by, "link.issue")
    with transaction.atomic():
        desk = Desk.objects.filter(id=desk_id).first()
        if desk is None:
            raise NotFound
        if desk.is_closed:
            raise DeskIsClosed
        if desk.kind != "partner" or desk.outside:
            raise LinkDeskUnusable
        if not holder_name.strip():
            raise HolderNameless
        if not 1 <= days <= rules.LONGEST_LINK_DAYS:
            raise LinkDaysInvalid
        token, pin = secrets.token_urlsafe(32), ids.new_pin()
        link = PersonalLink.objects.create(
            id=link_id or ids.uuid7_at(at), desk=desk, holder_name=holder_name.strip()[:150],
            holder_contact=holder_contact.strip()[:150], token_index=ring().blind_index(token, PURPOSE),
            pin_hash=crypto.hash_pin(pin), issued_at=at, expires_at=at + timedelta(days=days),
        )  # fmt: skip
        journal_actions.record(
            by=by,
            at=at,
            kind="link.issue",
            subject_kind="link",
            subject_id=link.id,
            facts={"desk": desk.name, "desk_id": desk.id, "expires": link.expires_at},
            inputs={"holder_name": link.holder_name, "holder_contact": link.holder_contact},
            region_code=desk.region_code,
        )
    return IssuedLink(link, token, pin)


def withdraw_link(*, by: Actor, at: datetime, link_id: UUID) -> None:
    """Withdraw a link; whoever has it open loses it with the next click.

    Raises:
        NotFound: there is no such link.
        LinkGone: it was withdrawn already.
    """
    roles.require(by, "link.withdraw")
    with transaction.atomic():
        link = PersonalLink.objects.select_related("desk").filter(id=link_id).first()
        if link is None:
            raise NotFound
        if PersonalLink.objects.filter(id=link_id, withdrawn_at=None).update(withdrawn_at=at) != 1:
            raise LinkGone
        journal_actions.record(
            by=by,
            at=at,
            kind="link.withdraw",
            subject_kind="link",
            subject_id=link_id,
            facts={"desk": link.desk.name, "desk_id": link.desk_id},
            region_code=link.desk.region_code,
        )


def open_link(*, by: Actor, at: datetime, token: str, pin: str) -> Actor:
    """Let the holder of a link and its PIN in, and return who they are from then on. ``by`` is whoever stands at the door.

    Five wrong PINs, then a quarter of an hour. The same refusal, after the same work, for everything that does not open.

    Raises:
        LinkRefused: the link is unknown, expired, withdrawn or resting, or the PIN is wrong.
    """
    roles.require(Actor(role="partner", strong=True), "link.open")
    link = (
        PersonalLink.objects.select_related("desk")
        .filter(token_index=ring().blind_index(token[:200], PURPOSE))
        .first()
    )
    may_try = link is not None and queries.is_live(link, at) and _count_try(link.id, at)
    right = crypto.verify_pin(ids.clean_pin(pin), link.pin_hash if link is not None and may_try else None)
    if link is None or not right:
        raise LinkRefused
    partner = queries.actor_of_link(link)
    with transaction.atomic():
        live = PersonalLink.objects.filter(id=link.id, withdrawn_at=None)
        if live.update(wrong_tries=0, locked_until=None, last_opened_at=at) != 1:
            raise LinkRefused
        journal_actions.record(
            by=partner,
            at=at,
            kind="link.open",
            subject_kind="link",
            subject_id=link.id,
            facts={"desk": link.desk.name, "desk_id": link.desk_id, "wrong_tries_before": link.wrong_tries},
            region_code=link.desk.region_code,
        )
    return partner


def _count_try(link_id: UUID, at: datetime) -> bool:
    """Use up one of the five tries before the PIN is compared; False while the link rests. The fifth starts the rest.

    A rest that is over gives five new tries. This stays written when the PIN is then refused.
    """
    row = PersonalLink.objects.filter(id=link_id)
    row.filter(locked_until__lte=at).update(wrong_tries=0, locked_until=None)
    used = row.filter(Q(locked_until=None), wrong_tries__lt=rules.TRIES).update(
        wrong_tries=F("wrong_tries") + 1
    )
    if used != 1:
        return False
    row.filter(wrong_tries__gte=rules.TRIES).update(locked_until=at + rules.WAIT)
    return True
