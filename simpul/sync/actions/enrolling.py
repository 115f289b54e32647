"""Acts on devices: a supervisor lets one in, changes what it is sent, locks it when it is lost."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import ids, sealing
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.keys import ring
from simpul.regions import rules as region_rules
from simpul.sync import access
from simpul.sync.models import Device, Envelope, Invitation, ScopeGrant
from simpul.sync.queries import devices

CODE_SIGNS = 10
INVITATION_LASTS = timedelta(minutes=30)
LEASE = timedelta(days=14)
"""How long a device may be used without having spoken with the server: product default, no law; one lost is empty-handed after it."""
RENEW_WHEN_LEFT = LEASE - timedelta(days=1)
KINDS = ("phone", "node")
PURPOSE = "sync.invitation"


class InvitationWithoutSeat(Refused):
    """A phone belongs to a person."""

    code = "device.no_seat"
    sentence = _("Choose whose phone this is. A phone belongs to one person in one seat.")
    field = "seat_id"


PROTECTED = ("administrator", "protection_officer", "custodian", "focal_point")
"""Roles whose work never goes down to a telephone. Who lets devices in could otherwise become them with a telephone of their own."""


class SeatWithoutPhone(Refused):
    """The seat works at the office alone."""

    code = "device.seat_protected"
    sentence = _("This seat works with protected matters at the office. It gets no phone.")
    field = "seat_id"


class AreaOutside(Refused):
    """A device is never sent more than its user may see."""

    code = "device.area_outside"
    sentence = _("Choose areas inside the area of the person or the desk.")
    field = "areas"


class CodeWrong(NotFound):
    """There is no such invitation, or it was used, or its half hour is over: the three look the same."""

    code = "device.code_wrong"
    sentence = _("This code is not valid. Ask your supervisor for a new one; it works once, for 30 minutes.")


class DeviceLocked(Refused):
    """Somebody locked it before."""

    code = "device.locked"
    sentence = _("This device is locked already.")


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and its code, which is shown once."""

    invitation: Invitation
    code: str


def invite_device(
    *,
    by: Actor,
    at: datetime,
    kind: str = "phone",
    seat_id: UUID | None = None,
    desk_id: UUID | None = None,
    areas: Sequence[str] = (),
    label: str = "",
) -> Invited:
    """Let one device in: a code of ten signs that works once and for half an hour.

    Raises:
        NotFound: no such seat or desk, or not for this actor.
        InvitationWithoutSeat, SeatWithoutPhone, AreaOutside.
    """
    seat = desk_queries.seat(seat_id) if seat_id else None
    if kind not in KINDS or (seat_id and seat is None):
        raise NotFound
    if kind == "phone" and seat is None:
        raise InvitationWithoutSeat
    if kind == "phone" and seat is not None and seat.role in PROTECTED:
        raise SeatWithoutPhone
    desk = seat.desk if seat is not None else desk_queries.desk(desk_id or by.desk_id or UUID(int=0))
    if desk is None:
        raise NotFound
    roles.require(by, "device.invite", roles.Place(desk.region_code))
    own = tuple(seat.areas) if seat is not None and seat.areas else (desk.region_code,)
    wanted = _areas_inside(areas, own)
    code = "".join(secrets.choice(ids.ALPHABET) for _sign in range(CODE_SIGNS))
    name = label.strip()[:100] or (seat.user.full_name if seat is not None else desk.name)[:100]
    with transaction.atomic():
        made = Invitation.objects.create(
            kind=kind,
            code_index=code_index(code),
            seat=seat if kind == "phone" else None,
            desk=desk,
            areas=wanted,
            label=name,
            issued_at=at,
            issued_by=by.name[:150],
            expires_at=at + INVITATION_LASTS,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="device.invite",
            subject_kind="invitation",
            subject_id=made.id,
            region_code=desk.region_code,
            facts={"kind": kind, "areas": wanted, "seat": seat_id},
            inputs={"label": name},
        )
    return Invited(made, code)


def code_index(code: str) -> str:
    """What a code, however it is typed, is looked up by."""
    signs = "".join(sign for sign in code.upper()[:40] if sign in ids.ALPHABET)
    return ring().blind_index(signs, PURPOSE)


def _areas_inside(areas: Sequence[str], own: Sequence[str]) -> list[str]:
    wanted = sorted({region_rules.plain_code(code) for code in areas})
    if any(not code or not code.startswith(tuple(own)) for code in wanted):
        raise AreaOutside
    return wanted


def withdraw_invitation(*, by: Actor, at: datetime, invitation_id: UUID) -> None:
    """Take an invitation back that nobody has used.

    Raises:
        NotFound: none that is open, or not for this actor.
    """
    found = access.invitations(by).select_related("desk").filter(id=invitation_id, used_at=None).first()
    if found is None:
        raise NotFound
    roles.require(by, "invitation.withdraw", roles.Place(found.desk.region_code))
    with transaction.atomic():
        if not Invitation.objects.filter(id=found.id, used_at=None, withdrawn_at=None).update(
            withdrawn_at=at
        ):
            return
        journal_actions.record(
            by=by,
            at=at,
            kind="invitation.withdraw",
            subject_kind="invitation",
            subject_id=found.id,
            region_code=found.desk.region_code,
        )


def enrol_device(
    *,
    by: Actor,
    at: datetime,
    code: str,
    algorithm: str,
    sign_public: bytes,
    seal_public: bytes,
    label: str = "",
    app_version: str = "",
) -> Device:
    """Take a device in by its invitation. The same keys with the same code again get the same device: the answer may have been lost.

    Raises:
        CodeWrong: unknown, withdrawn, over, or used by another device.
        KeyUnreadable: one of the keys is none.
    """
    roles.require(by, "device.enrol")
    sealing.check_public(algorithm, sign_public)
    sealing.check_public(sealing.P256, seal_public)
    with transaction.atomic():
        found = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("desk", "seat__user", "device")
            .filter(code_index=code_index(code), withdrawn_at=None, expires_at__gt=at)
            .first()
        )
        if found is None:
            raise CodeWrong
        if found.device is not None:
            if bytes(found.device.sign_public) == sign_public:
                return found.device
            raise CodeWrong
        device = Device.objects.create(
            kind=found.kind,
            seat=found.seat,
            desk=found.desk,
            label=(label.strip() or found.label)[:100],
            areas=found.areas,
            sign_algorithm=algorithm,
            sign_public=sign_public,
            seal_public=seal_public,
            enrolled_at=at,
            enrolled_by=found.issued_by,
            lease_until=at + LEASE,
            app_version=app_version[:40],
        )
        ScopeGrant.objects.create(device=device, version=1, areas=found.areas or _given(device), from_at=at)
        Invitation.objects.filter(id=found.id).update(used_at=at, device=device)
        journal_actions.record(
            by=by,
            at=at,
            kind="device.enrol",
            subject_kind="device",
            subject_id=device.id,
            region_code=device.desk.region_code,
            facts={"kind": device.kind, "areas": device.areas, "seat": device.seat_id},
            inputs={"label": device.label, "let_in_by": found.issued_by},
        )
    return device


def _given(device: Device) -> list[str]:
    seat = device.seat
    return list(seat.areas) if seat is not None and seat.areas else [device.desk.region_code]


def change_scope(*, by: Actor, at: datetime, device_id: UUID, areas: Sequence[str]) -> Device:
    """Change which areas a device is sent. What it still holds unsent travels all the same; the old areas stay on record.

    Raises:
        NotFound: no such device for this actor.
        AreaOutside, DeviceLocked.
    """
    device = access.device_for(by, device_id)
    roles.require(by, "scope.change", roles.Place(device.desk.region_code))
    if device.state != "active":
        raise DeviceLocked
    own = tuple(device.seat.areas) if device.seat is not None and device.seat.areas else ()
    wanted = _areas_inside(areas, own or (device.desk.region_code,))
    if wanted == sorted(device.areas):
        return device
    with transaction.atomic():
        Device.objects.filter(id=device.id).update(areas=wanted, scope_version=F("scope_version") + 1)
        device.refresh_from_db(fields=["areas", "scope_version"])
        ScopeGrant.objects.filter(device=device, until_at=None).update(until_at=at)
        ScopeGrant.objects.create(
            device=device, version=device.scope_version, areas=wanted or _given(device), from_at=at
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="scope.change",
            subject_kind="device",
            subject_id=device.id,
            region_code=device.desk.region_code,
            facts={"areas": wanted, "version": device.scope_version},
        )
    return device


def revoke_device(*, by: Actor, at: datetime, device_id: UUID, why: str) -> Device:
    """Lock a lost or returned device: what it had sent until now stands, later entries are put aside for a person.

    Raises:
        NotFound: no such device for this actor.
        DeviceLocked: it is locked already.
    """
    device = access.device_for(by, device_id)
    roles.require(by, "device.revoke", roles.Place(device.desk.region_code))
    with transaction.atomic():
        heads = Envelope.objects.filter(device=device).values_list("epoch").annotate(Max("last"))
        locked = Device.objects.filter(id=device.id, state="active").update(
            state="revoked",
            revoked_at=at,
            revoked_why=why.strip()[:200],
            known_heads=dict(heads),
            lease_until=at,
        )
        if not locked:
            raise DeviceLocked
        ScopeGrant.objects.filter(device=device, until_at=None).update(until_at=at)
        journal_actions.record(
            by=by,
            at=at,
            kind="device.revoke",
            subject_kind="device",
            subject_id=device.id,
            region_code=device.desk.region_code,
            facts={"heads": dict(heads)},
            inputs={"why": why},
        )
    device.refresh_from_db()
    return device


def renew_lease(*, by: Actor, at: datetime, device_id: UUID) -> datetime:
    """Give a device that spoke with the server another fortnight; once a day is enough. Returns until when it may be used.

    A locked device, and one whose person has lost the seat, get nothing.
    """
    roles.require(by, "lease.renew")
    device = Device.objects.select_related("seat__user", "desk").get(id=device_id)
    over = device.seat is not None and devices.actor_of(device, at)[0] is None
    if device.state != "active" or over or device.lease_until > at + RENEW_WHEN_LEFT:
        return device.lease_until
    with transaction.atomic():
        Device.objects.filter(id=device.id, state="active").update(lease_until=at + LEASE)
        journal_actions.record(
            by=by,
            at=at,
            kind="lease.renew",
            subject_kind="device",
            subject_id=device.id,
            region_code=device.desk.region_code,
            facts={"until": at + LEASE},
        )
    return at + LEASE
