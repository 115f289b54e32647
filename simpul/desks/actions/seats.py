"""Acts on seats and delegations: who may sit where, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.accounts import queries as account_queries
from simpul.desks import queries, rules
from simpul.desks.actions.desks import DeskIsClosed
from simpul.desks.models import Delegation, Desk, Seat
from simpul.journal import actions as journal_actions
from simpul.lib import ids
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.regions import rules as region_rules


class RoleUnseated(Refused):
    """Nobody sits in this role."""

    code = "seat.role_unseated"
    sentence = _("Choose a role from the list.")
    field = "role"


class DeskOutside(Refused):
    """An outside desk has no seats here."""

    code = "seat.desk_outside"
    sentence = _(
        "An outside desk has no seats here. Choose another desk, or issue a personal link to a partner."
    )
    field = "desk_id"


class UserDisabled(Refused):
    """The person's sign-in is switched off."""

    code = "seat.user_disabled"
    sentence = _("This person's sign-in is switched off. Switch it on first.")
    field = "user_id"


class SeatTaken(Refused):
    """The person has this seat."""

    code = "seat.taken"
    sentence = _("This person already has this seat.")
    field = "role"


class SeatClash(Refused):
    """Two of the roles may not meet in one person."""

    code = "seat.clash"
    sentence = _(
        "This person already has a seat whose role must be held by somebody else. Choose another person."
    )
    field = "role"


class SeatAreaUnknown(Refused):
    """An area of the seat is none."""

    code = "seat.area_unknown"
    sentence = _("Choose the areas of this seat from the list.")
    field = "areas"


class SeatEndsBeforeItStarts(Refused):
    """The end lies before the start."""

    code = "seat.ends_before_it_starts"
    sentence = _("The end of the seat must lie after its start.")
    field = "until_at"


class LastAdministrator(Refused):
    """Without an administrator nobody could give a seat again."""

    code = "seat.last_administrator"
    sentence = _("This is the last administrator's seat. Give another person one first.")


class SeatGone(Refused):
    """Somebody else withdrew it first."""

    code = "seat.gone"
    sentence = _("This seat was already withdrawn.")


class DelegationToOneself(Refused):
    """One cannot stand in for oneself."""

    code = "delegation.to_oneself"
    sentence = _("A desk is delegated to another person. Choose a seat of somebody else.")
    field = "to_seat_id"


class DelegationSameDesk(Refused):
    """Somebody at the same desk has its work already."""

    code = "delegation.same_desk"
    sentence = _("This person already sits at this desk and has its work. Choose somebody at another desk.")
    field = "to_seat_id"


class DelegationNotAllowedFor(Refused):
    """The desk's matters are sealed: they pass only to people who took that duty on."""

    code = "delegation.protected"
    sentence = _("The desk for protected matters is delegated only to another focal point.")
    field = "to_seat_id"


class DelegationUndecided(Refused):
    """A delegation stands on a written decision."""

    code = "delegation.undecided"
    sentence = _("Write the number of the decision on which this delegation stands.")
    field = "decision"


class DelegationDates(Refused):
    """The dates make no sense."""

    code = "delegation.dates"
    sentence = _("A delegation ends on or after its first day, not in the past, and after a year at most.")
    field = "to_date"


class DelegationTwice(Refused):
    """The same delegation holds in these days."""

    code = "delegation.twice"
    sentence = _("This desk is already delegated to this person in these days.")
    field = "from_date"


class DelegationOver(Refused):
    """Somebody else ended it first."""

    code = "delegation.over"
    sentence = _("This delegation has already ended.")


def give_seat(
    *,
    by: Actor,
    at: datetime,
    user_id: UUID,
    desk_id: UUID,
    role: str,
    title: str = "",
    areas: Sequence[str] = (),
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    seat_id: UUID | None = None,
) -> Seat:
    """Give a person a role at a desk, from now or ``from_at`` on, for good or until ``until_at``.

    Raises:
        NotFound: there is no such person or desk.
        Refused: the role has no seats, the desk takes none, the person has this seat or one that may not stand beside it.
    """
    roles.require(by, "seat.give")
    with transaction.atomic():
        user, desk = account_queries.user(user_id), Desk.objects.filter(id=desk_id).first()
        if user is None or desk is None:
            raise NotFound
        start = from_at or at
        if not user.is_active:
            raise UserDisabled
        _check_seat(desk, role, areas, start, until_at)
        _make_room(user_id, desk_id, role, at)
        seat = Seat.objects.create(
            id=seat_id or ids.uuid7_at(at), user_id=user_id, desk=desk, role=role, title=title.strip()[:100],
            areas=sorted(set(areas)), from_at=start, until_at=until_at,
        )  # fmt: skip
        journal_actions.record(
            by=by,
            at=at,
            kind="seat.give",
            subject_kind="seat",
            subject_id=seat.id,
            facts={
                "role": role,
                "desk": desk.name,
                "desk_id": desk.id,
                "from": start,
                "until": until_at,
                "areas": seat.areas,
                "to_self": by.user_id == user_id,
            },
            inputs={"user_id": user_id, "name": user.full_name, "title": seat.title},
            region_code=desk.region_code,
        )
    return seat


def withdraw_seat(*, by: Actor, at: datetime, seat_id: UUID, reason: str = "") -> Seat:
    """Take a seat back, end the person's sessions and the delegations from and to this seat.

    Raises:
        NotFound: there is no such seat.
        SeatGone: it was withdrawn already.
        LastAdministrator: nobody else could give seats.
    """
    roles.require(by, "seat.withdraw")
    with transaction.atomic():
        seat = Seat.objects.select_related("desk", "user").filter(id=seat_id).first()
        if seat is None:
            raise NotFound
        if seat.role == "administrator" and not _other_administrator(seat, at):
            raise LastAdministrator
        if Seat.objects.filter(id=seat_id, withdrawn_at=None).update(withdrawn_at=at) != 1:
            raise SeatGone
        Delegation.objects.filter(Q(seat_id=seat_id) | Q(to_seat_id=seat_id), ended_at=None).update(
            ended_at=at
        )
        account_actions.end_sessions(by=by, at=at, user_id=seat.user_id)
        seat.withdrawn_at = at
        journal_actions.record(
            by=by,
            at=at,
            kind="seat.withdraw",
            subject_kind="seat",
            subject_id=seat_id,
            facts={"role": seat.role, "desk": seat.desk.name, "desk_id": seat.desk_id},
            inputs={"user_id": seat.user_id, "name": seat.user.full_name, "reason": reason},
            region_code=seat.desk.region_code,
        )
    return seat


def give_delegation(
    *,
    by: Actor,
    at: datetime,
    seat_id: UUID,
    to_seat_id: UUID,
    decision: str,
    from_date: date,
    to_date: date,
) -> Delegation:
    """Lend the work of a seat's desk to another person, in writing and with dates.

    Whoever administers or manages the area may do it; anybody else only for their own seat. The other person works in
    their own role: a delegation hands over matters, never powers.

    Raises:
        NotFound: there is no such current seat, or it is not the actor's to lend.
        Refused: it is the same person or desk, without a decision, or with impossible dates.
    """
    seat, to_seat = _current(seat_id, at), _current(to_seat_id, at)
    roles.require(by, "delegation.give", _place(seat))
    if not _may_lend(by, "delegation.give", seat):
        raise NotAllowed
    _check_delegation(seat, to_seat, decision, from_date, to_date, queries.today_at(seat.desk, at))
    with transaction.atomic():
        given = Delegation.objects.create(
            seat=seat, to_seat=to_seat, decision=decision.strip()[:120], from_date=from_date, to_date=to_date
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="delegation.give",
            subject_kind="seat",
            subject_id=seat_id,
            facts={
                "desk": seat.desk.name,
                "to_seat": to_seat_id,
                "decision": given.decision,
                "from": from_date,
                "to": to_date,
            },
            inputs={"of": seat.user.full_name, "to_name": to_seat.user.full_name},
            region_code=seat.desk.region_code,
        )
    return given


def end_delegation(*, by: Actor, at: datetime, delegation_id: UUID) -> None:
    """End a delegation before its last day, at once.

    Raises:
        NotFound: there is none, or it is not the actor's to end.
        DelegationOver: it ended already.
    """
    given = Delegation.objects.select_related("seat__desk", "to_seat").filter(id=delegation_id).first()
    if given is None:
        raise NotFound
    roles.require(by, "delegation.end", _place(given.seat))
    if not _may_lend(by, "delegation.end", given.seat):
        raise NotAllowed
    with transaction.atomic():
        if Delegation.objects.filter(id=delegation_id, ended_at=None).update(ended_at=at) != 1:
            raise DelegationOver
        journal_actions.record(
            by=by,
            at=at,
            kind="delegation.end",
            subject_kind="seat",
            subject_id=given.seat_id,
            facts={"desk": given.seat.desk.name, "to_seat": given.to_seat_id, "decision": given.decision},
            region_code=given.seat.desk.region_code,
        )


def _check_seat(
    desk: Desk, role: str, areas: Sequence[str], start: datetime, until_at: datetime | None
) -> None:
    if role not in roles.ROLES or role in rules.NEVER_SEATED:
        raise RoleUnseated
    if desk.is_closed:
        raise DeskIsClosed
    if desk.outside:
        raise DeskOutside
    if not all(area and region_rules.is_prefix(area) for area in areas):
        raise SeatAreaUnknown
    if until_at is not None and until_at <= start:
        raise SeatEndsBeforeItStarts


def _make_room(user_id: UUID, desk_id: UUID, role: str, at: datetime) -> None:
    """Refuse a second such seat; lay a seat that ran out to rest, so that it can be given anew."""
    held = list(Seat.objects.select_for_update().filter(user_id=user_id, withdrawn_at=None))
    for seat in held:
        if seat.desk_id == desk_id and seat.role == role:
            if seat.until_at is None or seat.until_at > at:
                raise SeatTaken
            Seat.objects.filter(id=seat.id).update(withdrawn_at=seat.until_at)
    current = [seat.role for seat in held if seat.until_at is None or seat.until_at > at]
    if rules.clash(role, current):
        raise SeatClash


def _other_administrator(seat: Seat, at: datetime) -> bool:
    others = Seat.objects.current(at).filter(role="administrator", until_at=None)
    return others.exclude(id=seat.id).exists()


def _current(seat_id: UUID, at: datetime) -> Seat:
    seat = Seat.objects.current(at).select_related("desk", "user").filter(id=seat_id).first()
    if seat is None:
        raise NotFound
    return seat


def _place(seat: Seat) -> roles.Place:
    return roles.Place(region_code=seat.desk.region_code, holder_ids=frozenset({seat.desk_id}))


def _may_lend(by: Actor, act: str, seat: Seat) -> bool:
    """Own seats, or any in reach of those who manage; a role that may do it only at its own desk lends only its own seat."""
    scope = roles.scope_of(by, act)
    return seat.id == by.seat_id or (scope is not None and scope >= roles.Scope.AREA)


def _check_delegation(
    seat: Seat, to_seat: Seat, decision: str, from_date: date, to_date: date, today: date
) -> None:
    if seat.user_id == to_seat.user_id:
        raise DelegationToOneself
    if seat.desk_id == to_seat.desk_id:
        raise DelegationSameDesk
    if seat.desk.protected and to_seat.role != "focal_point":
        raise DelegationNotAllowedFor
    if not decision.strip():
        raise DelegationUndecided
    if rules.delegation_fault(from_date, to_date, today):
        raise DelegationDates
    same = Delegation.objects.filter(seat=seat, to_seat=to_seat, ended_at=None)
    if same.filter(from_date__lte=to_date, to_date__gte=from_date).exists():
        raise DelegationTwice
