"""Many rows with one statement: the same rows as ``bulk_create`` writes, the same constraints, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from simpul.journal.models import Line
from simpul.lib import bulk
from simpul.lib.ids import uuid7
from simpul.people.models import Batch, Belonging, Family, House, MatchKey, Observation, Person, Profile

NOW = datetime(2026, 11, 25, 3, 4, 5, 678901, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def person(**given: Any) -> Person:
    """Somebody not saved yet."""
    values = {
        "full_name": "Baso\tDg. \\N 'Ngalle'\n\"é\"",
        "name_key": "baso",
        "registered_at": NOW,
        "resident": True,
    }
    return Person(**values | given)


def stored(model: Any) -> list[dict[str, Any]]:
    """The table's rows without their keys, as they are read back."""
    return [
        {
            field.attname: getattr(one, field.attname)
            for field in model._meta.concrete_fields
            if field.attname != "id"
        }
        for one in model.objects.order_by("pk")
    ]


def key_of_nobody() -> None:
    """A foreign key that leads nowhere, and the end of the transaction, at which that is seen."""
    bulk.insert_many(MatchKey, ("person_id", "key"), [(uuid7(), 1)])
    connection.check_constraints()


def raw(model: Any, column: str) -> list[Any]:
    """What the table holds, not read through the field."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {column} FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608 - names of our own
        return [row[0] for row in cursor.fetchall()]


def made(at: datetime) -> dict[Any, list[Any]]:
    """New rows of the register: every kind of column, empty and filled."""
    house = House(id=uuid7(), region_code="7602132001", floor="bdt/6", floor_area_dm2=3750, changed_at=at)
    family = Family(
        id=uuid7(),
        kk="7602132001090001",
        region_code="7602132001",
        decile=None,
        listed=True,
        registered_at=at,
        changed_at=at,
    )
    bare = Family(
        id=uuid7(), region_code="7602132001", decile=10, listed=None, registered_at=at, changed_at=at
    )
    people = [
        person(
            nik="7602130511780001",
            birth_date=date(1978, 11, 5),
            birth_date_rough=True,
            family=family,
            family_relation="kk/1",
        ),
        person(full_name="", sex="L", died_date=date(2025, 1, 1), life="dead", erased_at=at),
    ]
    profiles = [Profile(person=people[0], works=False, income_month=3_000_000_000, changed_at=at)]
    said = [
        Observation(
            subject_kind="family",
            subject_id=family.id,
            field="*",
            source="import",
            observed_date=date(2026, 9, 30),
            recorded_at=at,
        )
    ]
    batch = [
        Batch(
            kind="residents",
            file_name="a.csv",
            size=7,
            sha256="ab",
            region_code="7602132001",
            state="mapping",
            mapping={"nik": 3, "x": None},
            headings=["a\\b", '"'],
            started_at=at,
            started_by="Ilham",
        )
    ]
    return {
        House: [house],
        Family: [family, bare],
        Person: people,
        Profile: profiles,
        Observation: said,
        Batch: batch,
    }


def test_the_rows_are_those_of_bulk_create() -> None:
    for model, rows in made(NOW).items():
        model.objects.bulk_create(rows)
    wanted = {model: stored(model) for model in made(NOW)}
    for model in (Profile, Person, House, Family, Observation, Batch):
        model.objects.all().delete()
    for rows in made(NOW).values():
        assert bulk.insert_objects(rows) == len(rows)
        assert not any(one._state.adding for one in rows)
    for model, expected in wanted.items():
        differing = {"person_id", "family_id", "subject_id"}
        for one, other in zip(expected, stored(model), strict=True):
            assert {key: value for key, value in one.items() if key not in differing} == {
                key: value for key, value in other.items() if key not in differing
            }
    head = Person.objects.get(nik_index="", life="here")
    assert (head.nik, head.family, head.profile.works) == (
        "7602130511780001",
        Family.objects.get(listed=True),
        False,
    )
    assert not any(b"7602130511780001" in bytes(value) for value in raw(Person, "nik"))
    assert min(len(bytes(value)) for value in raw(Person, "nik")) == 0  # nothing is stored for nothing


def test_columns_that_are_not_named_take_their_default() -> None:
    one = person()
    one.save()
    family = Family.objects.create(region_code="7602132001", registered_at=NOW, changed_at=NOW)
    columns = ("person_id", "family_id", "recorded_at")
    assert bulk.insert_many(Belonging, columns, [(one.id, family.id, NOW)] * 3) == 3
    assert len({row.id for row in Belonging.objects.all()}) == 3
    assert {
        (row.relation, row.from_date, row.household_id, row.recorded_at) for row in Belonging.objects.all()
    } == {("", None, None, NOW)}
    assert bulk.insert_many(MatchKey, ("person_id", "key"), ((one.id, key) for key in (0, 2**63 - 1))) == 2
    assert set(one.match_keys.values_list("key", flat=True)) == {0, 2**63 - 1}
    assert bulk.insert_many(MatchKey, ("person_id", "key"), []) == 0
    assert bulk.insert_objects([]) == 0


def test_what_breaks_a_constraint_is_refused_and_the_transaction_keeps_nothing() -> None:
    one = person()
    one.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert_many(Belonging, ("person_id", "recorded_at"), [(one.id, NOW)])  # in no unit
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert_objects([one])  # a key that is there already
    with pytest.raises(IntegrityError), transaction.atomic():
        key_of_nobody()
    assert Belonging.objects.count() == MatchKey.objects.count() == 0
    assert Person.objects.count() == 1


def test_what_is_not_the_models_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        bulk.insert_many(MatchKey, ("person_id", "colour"), [(uuid7(), 1)])
    with pytest.raises(ValueError, match="each column"):
        bulk.insert_many(MatchKey, ("person_id", "key"), [(uuid7(),)])
    with pytest.raises(ValueError, match="one model"):
        bulk.insert_objects([MatchKey(key=1)])  # the database makes its key
    with pytest.raises(ValueError, match="one model"):
        bulk.insert_objects([person(), Line()])
