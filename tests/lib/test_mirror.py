"""Rows of one installation on another: what is newer above comes, what was written here and is not known above stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.lib import mirror
from simpul.people.actions import mirroring
from simpul.people.models import Belonging, Household, Person
from simpul.regions.models import Hamlet
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble

SCOPE = mirror.Scope((DUNGKAIT,), frozenset(), NOW)
TABLE = next(one for one in mirroring.TABLES if one.model is Household)
UNDER = next(one for one in mirroring.TABLES if one.model is Belonging)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def home(name: str = "Rumah", region: str = DUNGKAIT) -> Household:
    return Household.objects.create(region_code=region, name=name, registered_at=NOW, changed_at=NOW)


def as_above(**changed: Any) -> mirror.Part:
    """The rows as the server above has them, some of them changed there."""
    part = mirror.dump(TABLE, TABLE.rows(SCOPE))
    for key, row in part.rows.items():
        part.rows[key] = [changed.get(name, value) for name, value in zip(part.columns, row, strict=True)]
    return part


def base_of(part: mirror.Part) -> dict[str, dict[str, str]]:
    return {TABLE.name: {key: mirror.digest(row) for key, row in part.rows.items()}}


def lay(part: mirror.Part, base: Any, *, settled: bool = True, apart: set[str] | None = None) -> mirror.Done:
    ground = mirror.Ground(base, settled, frozenset(apart or ()))
    return mirror.lay((TABLE,), {TABLE.name: part}, ground)


def test_a_row_that_stayed_as_it_came_takes_the_newer_word(cast: Cast) -> None:
    one = home()
    base = base_of(as_above())
    done = lay(as_above(name="Nama baru"), base, settled=False)
    assert Household.objects.get(id=one.id).name == "Nama baru"
    assert done.written[TABLE.name][str(one.id)] != base[TABLE.name][str(one.id)]


def test_what_was_changed_here_stays_until_it_is_settled_above(cast: Cast) -> None:
    one = home()
    part, base = as_above(name="Dari induk"), base_of(as_above())
    Household.objects.filter(id=one.id).update(name="Dari desa")
    assert lay(part, base, settled=False).kept == 1
    assert Household.objects.get(id=one.id).name == "Dari desa"
    assert lay(part, base, apart={str(one.id)}).kept == 1
    assert Household.objects.get(id=one.id).name == "Dari desa"
    assert lay(part, base).kept == 0
    assert Household.objects.get(id=one.id).name == "Dari induk"


def test_what_left_the_area_goes_and_what_is_new_here_stays(cast: Cast) -> None:
    gone, own = home("Pindah"), home("Baru di sini")
    base = {TABLE.name: {str(gone.id): base_of(as_above())[TABLE.name][str(gone.id)]}}
    done = lay(mirror.Part(TABLE.columns, {}, [str(gone.id)]), base, settled=False)
    assert done.gone[TABLE.name] == [str(gone.id)]
    assert list(Household.objects.values_list("id", flat=True)) == [own.id]


def test_rows_made_under_other_keys_give_way(cast: Cast) -> None:
    one = home()
    person = Person.objects.create(
        full_name="Rabasia", name_key="rabasia", region_code=DUNGKAIT, household=one, registered_at=NOW
    )
    here = Belonging.objects.create(
        person=person, household=one, relation="1", from_date=NOW.date(), source="visit", recorded_at=NOW
    )
    part = mirror.dump(UNDER, UNDER.rows(SCOPE))
    (row,) = part.rows.values()
    row[part.columns.index("id")] = "01900000-0000-7000-8000-000000000009"
    part.rows = {"01900000-0000-7000-8000-000000000009": row}
    roots = frozenset({str(person.id)})
    mirror.lay((UNDER,), {}, mirror.Ground({}, settled=False, roots=roots))
    assert Belonging.objects.filter(id=here.id).exists()
    mirror.lay((UNDER,), {UNDER.name: part}, mirror.Ground({}, settled=True, roots=roots))
    assert [str(key) for key in Belonging.objects.values_list("id", flat=True)] == list(part.rows)
    assert here.id not in Belonging.objects.values_list("id", flat=True)


def test_a_snapshot_holds_nothing_that_leads_outside(cast: Cast) -> None:
    inside, outside = home(), home("Tetangga", BONTO_JAI)
    hamlet = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name="Jauh")
    stranger = Person.objects.create(
        full_name="Orang luar",
        name_key="orang luar",
        region_code=BONTO_JAI,
        household=outside,
        registered_at=NOW,
    )
    Household.objects.filter(id=inside.id).update(head=stranger, hamlet=hamlet)
    parts = mirror.snapshot(mirroring.TABLES, SCOPE)
    (row,) = parts[TABLE.name].rows.values()
    assert row[parts[TABLE.name].columns.index("head_id")] is None
    assert row[parts[TABLE.name].columns.index("hamlet_id")] is None
    assert "Orang luar" not in str(parts)


def test_sums_name_what_differs() -> None:
    digests = {str(number): f"{number:016x}" for number in range(500)}
    before = mirror.sums(digests, 16)
    assert mirror.sums(dict(reversed(digests.items())), 16) == before
    after = mirror.sums({**digests, "7": "f" * 16}, 16)
    assert [place for place in range(16) if before[place] != after[place]] == [mirror.bucket("7", 16)]


def test_a_row_comes_back_as_it_went(cast: Cast) -> None:
    one = home()
    Household.objects.filter(id=one.id).update(changed_at=NOW + timedelta(microseconds=1))
    part = as_above()
    Household.objects.all().delete()
    done = lay(part, {})
    assert mirror.dump(TABLE, TABLE.rows(SCOPE)).rows == part.rows
    assert done.clashes == 0
