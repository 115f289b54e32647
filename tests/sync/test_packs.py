"""Packs: what they hold, how small they are, that only their key opens them, when they are made and let go; dense columns."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as some

from simpul.jobs import packing as packing_jobs
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.people.models import Household, Person
from simpul.sync.actions import packing
from simpul.sync.models import Device, Erasure, Pack
from simpul.sync.queries import packs, projection, short
from simpul.sync.rules import dense
from simpul.sync.rules.canonical import unb64
from simpul.sync.rules.columns import ColumnsUnreadable
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.sync import works
from tests.sync.test_projection import device, seal
from tests.sync.works import LATER, run

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "sync" / "dense.json"
ORDER = {"persons": ("household", "households", "count")}


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> works.Stage:
    """Bonto Jai, with a data folder of its own."""
    settings.SIMPUL_DATA = tmp_path
    return works.stage()


def build(areas: tuple[str, ...] = ("730301",), role: str = "facilitator", at: Any = LATER) -> Pack:
    return packing.build_pack(by=MACHINE, at=at, role=role, areas=areas)


def read(row: Pack) -> dict[str, Any]:
    """A pack as a device reads it."""
    return packs.opened(packs.read(row.hash, 0, row.size), unb64(row.key))


# --- what is in it ------------------------------------------------------------------------------------------------------------


def test_a_pack_holds_what_a_first_pull_would(here: works.Stage) -> None:
    home = here.home()
    here.person("Rahma", household=home)
    here.home("Jauh", region=DUNGKAIT)
    works.rice(here, home)
    cursor = seal()
    one = device(here)
    told = read(build())
    pulled = projection.changes(one, 0, 100, at=LATER)
    assert told["cursor"] == cursor == pulled["cursor"]
    assert told["book"] == pulled["book"]
    apart = (*projection.OWN, "households", "persons", "contacts", "families", "benefits")
    whole = {
        name: dense.tables_of({name: table})[name]
        for name, table in pulled["tables"].items()
        if name not in apart
    }
    assert {name: rows for name, rows in told["tables"].items() if name in whole} == whole
    assert {row["household"] for row in told["tables"]["persons"]} == {short.of(home.id)}
    line = Line.objects.get(kind="pack.build")
    assert line.facts["households"] == 1


def test_a_household_is_called_by_its_head_again(here: works.Stage) -> None:
    home, other = (
        here.home("Daeng Ngemba", household_relation="bdt/1"),
        here.home("Daeng Baso", household_relation="bdt/1"),
    )
    Household.objects.filter(id=other.id).update(name="Rumah di ujung")
    row = build()
    plain = {one["id"]: one for one in read(row)["tables"]["households"]}
    assert (plain[short.of(home.id)]["name"], plain[short.of(home.id)]["head"]) == (
        "Daeng Ngemba",
        short.of(home.head_id),
    )
    assert (plain[short.of(other.id)]["name"], plain[short.of(other.id)]["head"]) == (
        "Rumah di ujung",
        short.of(other.head_id),
    )
    tables = {"households": [dict(one) for one in plain.values()], "persons": read(row)["tables"]["persons"]}
    thin = {one["id"]: one for one in dense.thinned(tables)["households"]}
    assert "name" not in thin[short.of(home.id)]
    assert "name" in thin[short.of(other.id)]


def test_only_its_key_opens_it_and_every_part_of_it_counts(here: works.Stage) -> None:
    here.home()
    row = build()
    data = packs.read(row.hash, 0, row.size)
    assert b"Ngemba" not in data
    with pytest.raises(InvalidTag):
        packs.opened(data, bytes(32))
    with pytest.raises(InvalidTag):
        packs.opened(data[:-1], unb64(row.key))
    assert packs.read(row.hash, 3, 9) == data[3:9]
    assert packs.read("0" * 64, 0, 9) == b""
    assert packs.size_of(row.hash) == len(data)
    assert packs.size_of("0" * 64) is None


def test_a_device_gets_the_pack_of_its_role_and_areas(here: works.Stage) -> None:
    here.home()
    one, chief, other = device(here), device(here, "chief"), device(here, areas=[BONTO_JAI])
    assert packs.pack_for(one) is None
    row = build()
    found = packs.pack_for(one)
    assert found is not None
    assert (found.hash, found.size, found.households) == (row.hash, row.size, 1)
    assert found.key == unb64(row.key)
    assert packs.pack_for(chief) is None
    assert packs.pack_for(other) is None
    node = Device.objects.create(**{**_plain(one), "kind": "node", "seat": None})
    assert packs.pack_for(node) is None


def _plain(one: Device) -> dict[str, Any]:
    return {
        name: getattr(one, name)
        for name in (
            "desk",
            "label",
            "sign_algorithm",
            "sign_public",
            "seal_public",
            "enrolled_at",
            "enrolled_by",
            "lease_until",
        )
    }


def test_what_happens_after_a_pack_comes_with_the_next_pull(here: works.Stage) -> None:
    home = here.home()
    seal()
    told = read(build())
    run(
        here.walker,
        "household.change/1",
        {"household_id": short.of(home.id), "f.goats": "2"},
        seen={"goats": ""},
    )
    seal()
    answer = projection.changes(device(here), told["cursor"], 100, at=LATER)
    rows = dense.tables_of(answer["tables"])["households"]
    assert [row["f"]["goats"] for row in rows] == ["2"]


def test_nobody_but_the_system_makes_packs_and_only_of_real_scopes(here: works.Stage) -> None:
    with pytest.raises(NotFound):
        packing.build_pack(by=here.chief, at=NOW, role="facilitator", areas=("730301",))
    with pytest.raises(NotFound):
        packing.forget_packs(by=here.chief, at=NOW)
    for role, areas in (("nobody", ("73",)), ("facilitator", ()), ("facilitator", ("",))):
        with pytest.raises(NotFound):
            packing.build_pack(by=MACHINE, at=NOW, role=role, areas=areas)


# --- when ---------------------------------------------------------------------------------------------------------------------


def test_packs_are_made_for_scopes_in_use_when_something_happened(here: works.Stage) -> None:
    home = here.home()
    device(here)
    assert packing_jobs.build(NOW).done == 1
    assert packing_jobs.build(NOW + timedelta(hours=1)).done == 0
    tomorrow = NOW + timedelta(days=1)
    seal()
    row = Pack.objects.get()
    Pack.objects.filter(id=row.id).update(cursor=projection.newest_position())
    assert packing_jobs.build(tomorrow).done == 0, "nothing happened"
    run(
        here.walker,
        "visit.record/1",
        {"visit_id": works.key(), "household_id": str(home.id), "outcome": "met"},
    )
    seal()
    assert packing_jobs.build(tomorrow).done == 1
    packs.store().delete(packs.newest("facilitator", ("730301",)).hash)  # type: ignore[union-attr]
    assert packing_jobs.build(tomorrow).done == 1, "a restored server has no files"
    assert packing_jobs.build(tomorrow + timedelta(days=8)).done == 1, "after a week in any case"


def test_old_packs_are_let_go(here: works.Stage) -> None:
    device(here)
    first, second = build(at=NOW), build(at=NOW + timedelta(days=1))
    unused = build(areas=(DUNGKAIT,), at=NOW)
    assert packing.forget_packs(by=MACHINE, at=NOW + timedelta(days=2)) == 0
    assert packing.forget_packs(by=MACHINE, at=NOW + timedelta(days=20)) == 2
    assert list(Pack.objects.values_list("id", flat=True)) == [second.id]
    assert not packs.store().exists(first.hash)
    assert not packs.store().exists(unused.hash)
    assert packs.store().exists(second.hash)


def test_a_pack_that_holds_somebody_who_was_erased_is_made_anew(here: works.Stage) -> None:
    home = here.home()
    device(here)
    assert packing_jobs.build(NOW).done == 1
    first = Pack.objects.get()
    Erasure.objects.create(
        subject=f"person:{home.head_id}", region_code=DUNGKAIT, ordered_at=NOW + timedelta(minutes=1)
    )
    assert packing_jobs.build(NOW + timedelta(minutes=2)).done == 0, "of another area"
    Person.objects.filter(id=home.head_id).update(erased_at=NOW)
    Erasure.objects.create(
        subject=f"person:{home.head_id}", region_code=BONTO_JAI, ordered_at=NOW + timedelta(minutes=3)
    )
    assert packing_jobs.build(NOW + timedelta(minutes=4)).done == 1
    assert not packs.store().exists(first.hash)
    assert read(Pack.objects.get())["tables"]["persons"] == []


# --- dense columns ------------------------------------------------------------------------------------------------------------

KEYS = some.text("0123456789abcdef", min_size=10, max_size=10)
HOMES = some.lists(
    some.tuples(KEYS | some.uuids().map(str), some.lists(KEYS, max_size=4)),
    max_size=6,
    unique_by=lambda one: one[0],
)


@given(HOMES, some.lists(KEYS, max_size=3), some.booleans())
def test_dense_columns_give_the_rows_again(
    homes: list[tuple[str, list[str]]], loose: list[str], shuffled: bool
) -> None:
    households = [{"id": key, "count": len(people)} for key, people in homes]
    persons: list[dict[str, Any]] = [{"id": one, "household": key} for key, people in homes for one in people]
    persons += [{"id": one} for one in loose]
    if shuffled:
        persons.reverse()
    tables = {"households": households, "persons": persons}
    packed = json.loads(json.dumps(dense.pack(tables, ORDER)))
    assert dense.tables_of(packed) == tables


def test_dense_columns_are_used_where_they_fit() -> None:
    tables = {
        "households": [{"id": "0123456789", "count": 2}, {"id": "abcdef0123", "count": 0}],
        "persons": [
            {"id": "00000000aa", "household": "0123456789"},
            {"id": "00000000bb", "household": "0123456789"},
            {"id": "00000000cc"},
        ],
    }
    packed = dense.pack(tables, ORDER)
    assert packed["persons"]["c"]["household"] == {"of": "households", "by": "count"}
    assert packed["persons"]["c"]["id"] == {"x": "AAAAAKoAAAAAuwAAAADM", "w": 5}
    kept = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert kept == {"packed": packed, "tables": tables}


@pytest.mark.parametrize(
    "broken",
    [
        {"t": {"n": 1, "c": {"id": {"x": "AAA", "w": 5}}}},
        {"t": {"n": 1, "c": {"id": {"x": "AAAAAAA", "w": 0}}}},
        {"t": {"n": 1, "c": {"id": {"x": "+", "w": 5}}}},
        {
            "h": {"n": 1, "c": {"id": ["a"], "count": [3]}},
            "t": {"n": 2, "c": {"home": {"of": "h", "by": "count"}}},
        },
    ],
)
def test_broken_columns_are_said_to_be_so(broken: dict[str, Any]) -> None:
    with pytest.raises(ColumnsUnreadable):
        dense.tables_of(broken)


# --- size ---------------------------------------------------------------------------------------------------------------------


def test_a_household_costs_few_bytes(here: works.Stage) -> None:
    """A guard against a column that nobody needs; the benchmark measures 8,000 (``simpul bench packs``)."""
    empty = build().size
    for number in range(300):
        here.person(
            f"Anak {number}", household=here.home(f"Kepala {number}"), sex="L", household_relation="bdt/3"
        )
    assert Household.objects.count() == 300
    assert (build().size - empty) / 300 < 45
    assert empty < 60_000
