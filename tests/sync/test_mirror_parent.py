"""The tables of an area, asked for by sums and laid down in one go."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from simpul.lib import sealing
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed
from simpul.people.models import Household
from simpul.sync.actions import mirroring, opening, receiving
from simpul.sync.models import Device, Mirrored, Parent
from simpul.sync.queries import mirror as queries
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast
from tests.sync.bundle_parts import Phone
from tests.sync.test_carrying import below


def laptop(cast: Cast) -> Device:
    phone = Phone()
    return Device.objects.create(
        id=phone.id, kind="node", desk=cast.desk("village"), label="Laptop", areas=[DUNGKAIT], enrolled_by="Uji",
        sign_algorithm="ed25519", sign_public=phone.public, seal_public=sealing.public_of(phone.seal),
        enrolled_at=NOW, lease_until=NOW + timedelta(days=14),
    )  # fmt: skip


def ask(device: Device) -> dict[str, object]:
    """As it crosses the wire."""
    sums = queries.own_sums(queries.base())
    told = queries.answer(device, {"mark": "", "scope_version": 1, "sums": sums}, NOW)
    return dict(json.loads(json.dumps(told)))


def test_tables_come_once_and_then_what_differs(cast: Cast) -> None:
    for region in (DUNGKAIT, BONTO_JAI):
        Household.objects.create(region_code=region, name=region, registered_at=NOW, changed_at=NOW)
    cast.case()
    device = laptop(cast)
    below()
    told = ask(device)
    assert BONTO_JAI not in json.dumps(told["tables"]["people.Household"])  # type: ignore[index]
    with pytest.raises(NotAllowed):
        mirroring.mirror_parent(by=ANYBODY, at=NOW, told=told, known={}, settled=True)
    done = mirroring.mirror_parent(by=MACHINE, at=NOW, told=told, known={}, settled=True)
    assert (done.kept, done.clashes) == (0, 0)
    assert Mirrored.objects.filter(table="people.Household").count() == 1
    assert ask(device)["tables"] == {}
    Household.objects.filter(region_code=DUNGKAIT).update(name="Baru")
    assert set(ask(device)["tables"]) == {"people.Household"}  # type: ignore[call-overload]
    assert Parent.objects.get().mirrored_at == NOW


def test_what_left_the_area_is_named(cast: Cast) -> None:
    home = Household.objects.create(region_code=DUNGKAIT, name="Rumah", registered_at=NOW, changed_at=NOW)
    device = laptop(cast)
    below()
    mirroring.mirror_parent(by=MACHINE, at=NOW, told=ask(device), known={}, settled=True)
    Household.objects.filter(id=home.id).update(region_code=BONTO_JAI)
    known = queries.base()
    parts = queries.parts_of(ask(device), known)
    assert parts["people.Household"].gone == [str(home.id)]


def test_what_nobody_has_opened_is_not_decided(cast: Cast) -> None:
    phone = Phone()
    device = phone.known(cast)
    receiving.keep_envelopes(by=MACHINE, at=NOW, envelopes=[phone.envelope(3)])
    assert queries.undecided(device) == 3
    opening.open_envelopes(by=MACHINE, at=NOW)
    assert queries.undecided(device) == 3
