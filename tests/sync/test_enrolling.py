"""Devices are let in by a supervisor, once, for half an hour; their scope changes; a lost one is locked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.sync.actions import enrolling
from simpul.sync.models import Device, Invitation, ScopeGrant
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.sync import works


@pytest.fixture
def here(db: None) -> works.Stage:
    return works.stage()


def keys() -> tuple[bytes, bytes]:
    seal = ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw(), sealing.public_of(seal)


def enrol(code: str, *, at=NOW, pair: tuple[bytes, bytes] | None = None) -> Device:
    sign, seal = pair or keys()
    return enrolling.enrol_device(
        by=MACHINE,
        at=at,
        code=code,
        algorithm="ed25519",
        sign_public=sign,
        seal_public=seal,
        app_version="1.0",
    )


def invited(here: works.Stage, **given: object) -> enrolling.Invited:
    wanted = {"by": here.chief, "at": NOW, "seat_id": here.seats["walker"].id, **given}
    return enrolling.invite_device(**wanted)  # type: ignore[arg-type]


def test_a_supervisor_lets_a_phone_in_and_it_works_once(here: works.Stage) -> None:
    made = invited(here, areas=[BONTO_JAI], label="HP Arman")
    assert len(made.code) == 10 and made.code not in str(Invitation.objects.values_list())
    device = enrol(f"{made.code[:5]}-{made.code[5:].lower()}")
    assert (device.kind, device.label, device.areas) == ("phone", "HP Arman", [BONTO_JAI])
    assert device.lease_until == NOW + enrolling.LEASE and device.enrolled_by == here.chief.name
    assert ScopeGrant.objects.get(device=device).areas == [BONTO_JAI]
    with pytest.raises(enrolling.CodeWrong):
        enrol(made.code)
    kinds = set(Line.objects.values_list("kind", flat=True))
    assert {"device.invite", "device.enrol"} <= kinds


def test_a_lost_answer_to_the_enrolment_gives_the_same_device_again(here: works.Stage) -> None:
    made, pair = invited(here), keys()
    assert enrol(made.code, pair=pair) == enrol(made.code, pair=pair)
    assert Device.objects.count() == 1


def test_old_withdrawn_and_invented_codes_look_the_same(here: works.Stage) -> None:
    made = invited(here)
    with pytest.raises(enrolling.CodeWrong):
        enrol(made.code, at=NOW + timedelta(minutes=31))
    enrolling.withdraw_invitation(by=here.chief, at=NOW, invitation_id=made.invitation.id)
    enrolling.withdraw_invitation(by=here.chief, at=NOW, invitation_id=made.invitation.id)
    for code in (made.code, "22222ABCDE", "", "x" * 500):
        with pytest.raises(enrolling.CodeWrong):
            enrol(code)


def test_keys_that_are_none_are_refused(here: works.Stage) -> None:
    made = invited(here)
    for pair in ((b"short", keys()[1]), (keys()[0], b"\x04" + bytes(64))):
        with pytest.raises(sealing.KeyUnreadable):
            enrol(made.code, pair=pair)


def test_who_may_not_invite_and_where(here: works.Stage) -> None:
    for by in (here.walker, here.stranger, here.cast.admin):
        with pytest.raises(NotAllowed):
            invited(here, by=by)
    with pytest.raises(enrolling.AreaOutside):
        invited(here, areas=[DUNGKAIT])
    with pytest.raises(enrolling.AreaOutside):
        invited(here, areas=["", "nowhere"])
    with pytest.raises(enrolling.InvitationWithoutSeat):
        invited(here, seat_id=None)
    with pytest.raises(NotFound):
        invited(here, kind="drone")
    with pytest.raises(NotFound):
        enrolling.withdraw_invitation(by=here.walker, at=NOW, invitation_id=invited(here).invitation.id)


def test_a_node_belongs_to_a_desk(here: works.Stage) -> None:
    made = invited(here, kind="node", seat_id=None, desk_id=here.chief.desk_id, label="Laptop desa")
    device = enrol(made.code)
    assert device.kind == "node" and device.seat is None


def test_a_scope_changes_and_the_old_one_stays_on_record(here: works.Stage) -> None:
    device = enrol(invited(here).code)
    changed = enrolling.change_scope(by=here.chief, at=NOW, device_id=device.id, areas=[BONTO_JAI])
    assert changed.scope_version == 2 and changed.areas == [BONTO_JAI]
    enrolling.change_scope(by=here.chief, at=NOW, device_id=device.id, areas=[BONTO_JAI])
    grants = list(ScopeGrant.objects.order_by("version").values_list("version", "until_at"))
    assert grants == [(1, NOW), (2, None)]
    with pytest.raises(enrolling.AreaOutside):
        enrolling.change_scope(by=here.chief, at=NOW, device_id=device.id, areas=[DUNGKAIT])
    with pytest.raises(NotFound):
        enrolling.change_scope(by=here.stranger, at=NOW, device_id=device.id, areas=[])
    with pytest.raises(NotAllowed):
        enrolling.change_scope(by=here.walker, at=NOW, device_id=device.id, areas=[])


def test_a_lost_phone_is_locked_once_and_gets_no_lease(here: works.Stage) -> None:
    device = enrol(invited(here).code)
    with pytest.raises(NotAllowed):
        enrolling.revoke_device(by=here.walker, at=NOW, device_id=device.id, why="hilang")
    locked = enrolling.revoke_device(by=here.chief, at=NOW, device_id=device.id, why="hilang di sungai")
    assert locked.state == "revoked" and locked.known_heads == {}
    with pytest.raises(enrolling.DeviceLocked):
        enrolling.revoke_device(by=here.chief, at=NOW, device_id=device.id, why="lagi")
    with pytest.raises(enrolling.DeviceLocked):
        enrolling.change_scope(by=here.chief, at=NOW, device_id=device.id, areas=[])
    later = NOW + timedelta(days=20)
    assert enrolling.renew_lease(by=MACHINE, at=later, device_id=device.id) == NOW


def test_a_lease_goes_on_once_a_day_while_the_seat_lasts(here: works.Stage) -> None:
    device = enrol(invited(here).code)
    assert (
        enrolling.renew_lease(by=MACHINE, at=NOW + timedelta(hours=2), device_id=device.id)
        == NOW + enrolling.LEASE
    )
    later = NOW + timedelta(days=30)
    assert enrolling.renew_lease(by=MACHINE, at=later, device_id=device.id) == later + enrolling.LEASE
    assert Line.objects.filter(kind="lease.renew").count() == 1
    Seat.objects.filter(id=device.seat_id).update(withdrawn_at=later)
    much_later = later + timedelta(days=30)
    assert enrolling.renew_lease(by=MACHINE, at=much_later, device_id=device.id) < much_later
    with pytest.raises(NotAllowed):
        enrolling.renew_lease(by=here.chief, at=NOW, device_id=device.id)
    with pytest.raises(NotAllowed):
        enrol_as(here)


def enrol_as(here: works.Stage) -> None:
    sign, seal = keys()
    enrolling.enrol_device(
        by=here.walker, at=NOW, code="x", algorithm="ed25519", sign_public=sign, seal_public=seal
    )


@pytest.mark.parametrize("role", enrolling.PROTECTED)
def test_nobody_becomes_a_protected_seat_with_a_phone(here: works.Stage, role: str) -> None:
    Seat.objects.filter(id=here.seats["walker"].id).update(role=role)
    with pytest.raises(enrolling.SeatWithoutPhone):
        invited(here)
    assert not Invitation.objects.exists()
