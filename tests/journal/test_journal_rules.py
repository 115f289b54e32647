"""What is hashed must come back from both databases exactly as it went in, or honest lines would look edited."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.journal import actions, queries, rules
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.uuids()
    | st.decimals(allow_nan=False)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
mappings = st.dictionaries(st.text(max_size=12), values, max_size=6)


@given(mappings)
def test_cleaning_twice_is_cleaning_once_and_survives_json(given_values: dict[str, Any]) -> None:
    clean = rules.jsonable(given_values)
    assert rules.canonical(rules.jsonable(clean)) == rules.canonical(clean)
    assert rules.canonical(json.loads(json.dumps(clean))) == rules.canonical(clean)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(facts=mappings, inputs=mappings)
def test_whatever_is_recorded_is_never_taken_for_an_edit(
    facts: dict[str, Any], inputs: dict[str, Any]
) -> None:
    actions.record(
        by=MACHINE,
        at=NOW,
        kind="export.record",
        subject_kind="installation",
        subject_id=uuid4(),
        facts=facts,
        inputs=inputs,
    )
    actions.seal_journal(by=MACHINE, at=NOW)
    assert [damage for damage in queries.damages() if damage.certain] == []


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    data=st.data(),
)
def test_one_edited_or_removed_line_is_found_wherever_it_is(sizes: list[int], data: st.DataObject) -> None:
    Line.objects.all().delete()
    queries.Seal.objects.all().delete()
    for size in sizes:
        for _turn in range(size):
            actions.record(
                by=MACHINE, at=NOW, kind="turn.claim", subject_kind="installation", subject_id=uuid4()
            )
        actions.seal_journal(by=MACHINE, at=NOW)
    position = data.draw(st.integers(1, sum(sizes)))
    if data.draw(st.booleans()):
        Line.objects.filter(position=position).delete()
    else:
        Line.objects.filter(position=position).update(actor_name="lain")
    assert [damage.position for damage in queries.damages()] == [position]


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        (1e22, 10**22),
        (-0.0, 0.0),
        (0.1, 0.1),
        (math.inf, "inf"),
        ("nol\x00byte", "nol\ufffdbyte"),
        ("\ud83d", "?"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.50"), "1.50"),
        ({3, "a", 1}, ["a", 1, 3]),
        ((1, (2,)), [1, [2]]),
    ],
    ids=str,
)
def test_values_are_kept_in_a_form_both_databases_give_back(given_value: Any, kept: Any) -> None:
    assert repr(rules.jsonable({"x": given_value})["x"]) == repr(kept)


def test_the_salt_keeps_a_redacted_input_from_being_guessed() -> None:
    typed = {"nik": "7602132001000001"}
    assert rules.inputs_digest(typed, b"a" * 16) != rules.inputs_digest(typed, b"b" * 16)


def test_the_digest_of_a_seal_covers_every_field() -> None:
    base = {"number": 2, "first_position": 4, "last_position": 6, "root": bytes(32), "previous": bytes(32)}
    changes = {"number": 3, "first_position": 5, "last_position": 7, "root": b"x" * 32, "previous": b"x" * 32}
    seen = {rules.seal_digest(**{**base, name: value}) for name, value in changes.items()}  # type: ignore[arg-type]
    assert len(seen | {rules.seal_digest(**base)}) == 6  # type: ignore[arg-type]
