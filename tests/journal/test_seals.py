"""Seals: nobody changes, removes or slips in a line unseen, and what is redacted stays sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from simpul.journal import actions, queries
from simpul.journal.models import Line, Seal
from simpul.lib import ids
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotFound

pytestmark = pytest.mark.django_db

OFFICER = Actor(role="protection_officer", name="Sitti Aminah", user_id=uuid4(), strong=True)


def write(now: datetime, count: int, **inputs: Any) -> list[Line]:
    """That many lines, recorded one second apart."""
    lines = []
    for number in range(count):
        line = actions.record(
            by=MACHINE,
            at=now,
            kind="export.record",
            subject_kind="installation",
            subject_id=uuid4(),
            facts={"number": number},
            inputs=inputs or {"purpose": f"laporan {number}"},
        )
        Line.objects.filter(id=line.id).update(recorded_at=now + timedelta(seconds=number))
        lines.append(line)
    return lines


def seal(now: datetime, limit: int = 5000) -> Seal | None:
    return actions.seal_journal(by=MACHINE, at=now, limit=limit)


def found() -> list[tuple[str, int | None]]:
    return [(damage.what, damage.position) for damage in queries.damages()]


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def sealed(now: datetime) -> list[Line]:
    """Nine lines in three seals."""
    lines = write(now, 9)
    for _turn in range(3):
        seal(now, limit=3)
    return lines


def test_positions_have_no_gap_and_follow_the_clock_of_recording(now: datetime) -> None:
    written = write(now, 7)
    seal(now, limit=4)
    seal(now, limit=4)
    order = list(Line.objects.order_by("position").values_list("id", "position"))
    assert order == [(line.id, position) for position, line in enumerate(written, start=1)]
    assert list(Seal.objects.order_by("number").values_list("first_position", "last_position")) == [
        (1, 4),
        (5, 7),
    ]


def test_nothing_to_seal_makes_no_seal(now: datetime) -> None:
    assert seal(now) is None
    write(now, 1)
    assert seal(now) is not None
    assert seal(now) is None


def test_only_the_machine_seals(now: datetime) -> None:
    write(now, 1)
    for by in (ANYBODY, OFFICER):
        with pytest.raises(NotFound):
            actions.seal_journal(by=by, at=now)


def test_a_second_sealer_at_the_same_moment_changes_nothing(now: datetime, sealed: list[Line]) -> None:
    twin = Seal.objects.get(number=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(
            number=4,
            first_position=twin.first_position,
            last_position=twin.last_position,
            leaves=twin.leaves,
            root=twin.root,
            previous=twin.previous,
            signature=twin.signature,
            sealed_at=now,
        )
    assert found() == []


def test_an_untouched_journal_has_no_damage(sealed: list[Line]) -> None:
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "case.open"},
        {"subject_kind": "case"},
        {"subject_id": UUID(int=7)},
        {"region_code": "7602"},
        {"at": datetime.fromisoformat("2026-11-25T01:00:01+00:00")},
        {"recorded_at": datetime.fromisoformat("2026-11-25T01:00:00.500000+00:00")},
        {"user_id": UUID(int=1)},
        {"seat_id": UUID(int=1)},
        {"desk_id": UUID(int=1)},
        {"role": "administrator"},
        {"actor_name": "Orang Lain"},
        {"device": "tautan"},
        {"facts": {"number": 4, "more": True}},
        {"digest": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_line_is_named_whatever_was_edited(sealed: list[Line], change: dict[str, Any]) -> None:
    Line.objects.filter(position=5).update(**change)
    assert found() == [("a line was edited", 5)]
    assert [damage.line_id for damage in queries.damages()] == [sealed[4].id]


@pytest.mark.parametrize("change", [{"inputs": {"purpose": "lain"}}, {"salt": bytes(16)}, {"inputs": None}])
def test_edited_inputs_are_named(sealed: list[Line], change: dict[str, Any]) -> None:
    Line.objects.filter(position=2).update(**change)
    assert found() == [("the inputs of a line were edited", 2)]


def test_a_removed_line_is_named(sealed: list[Line]) -> None:
    Line.objects.filter(position=4).delete()
    assert found() == [("a line was removed", 4)]


def test_a_line_slipped_in_behind_the_last_seal_is_named(now: datetime, sealed: list[Line]) -> None:
    extra = write(now + timedelta(minutes=1), 1)[0]
    for position in (10, 0, -3):
        Line.objects.filter(id=extra.id).update(position=position)
        assert [(damage.what, damage.position, damage.line_id) for damage in queries.damages()] == [
            ("a line carries a position that no seal covers", position, extra.id)
        ]


def test_a_line_cannot_take_the_place_of_another(now: datetime, sealed: list[Line]) -> None:
    extra = write(now, 1)[0]
    Line.objects.filter(position=5).delete()
    Line.objects.filter(id=extra.id).update(position=5)
    assert found() == [("a line was edited", 5)]


@pytest.mark.parametrize("sealed_too", [False, True], ids=["waiting", "sealed"])
def test_a_backdated_line_is_shown_but_not_called_certain(
    now: datetime, sealed: list[Line], sealed_too: bool
) -> None:
    extra = write(now - timedelta(days=2), 1)[0]
    if sealed_too:
        seal(now)
    damage = next(queries.damages())
    assert (damage.line_id, damage.certain) == (extra.id, False)
    assert damage.what.startswith("1 lines are older than the seal before them")


def test_one_line_with_a_clock_far_ahead_does_not_accuse_all_that_follow(
    now: datetime, sealed: list[Line]
) -> None:
    write(now + timedelta(days=400), 1)
    write(now + timedelta(minutes=3), 3)
    seal(now)
    write(now + timedelta(minutes=6), 3)
    seal(now)
    assert found() == []


SEAL_FAULTS: dict[str, tuple[Callable[[], object], set[str]]] = {
    "removed": (lambda: Seal.objects.filter(number=2).delete(), {"seal 2 is missing"}),
    "root": (
        lambda: Seal.objects.filter(number=2).update(root=bytes(32)),
        {
            "the signature of seal 2 is not ours",
            "the hashes kept by seal 2 do not give its root",
            "seal 3 is not chained to the one before",
        },
    ),
    "signature": (
        lambda: Seal.objects.filter(number=2).update(signature=b"\x01" + bytes(64)),
        {"the signature of seal 2 is not ours"},
    ),
    "key that is not here": (
        lambda: Seal.objects.filter(number=2).update(signature=b"\x09" + bytes(64)),
        {"the signature of seal 2 is not ours"},
    ),
    "hashes cut": (
        lambda: Seal.objects.filter(number=3).update(leaves=b"\x00" * 33),
        {"the hashes kept by seal 3 do not give its root"},
    ),
    "range": (
        lambda: Seal.objects.filter(number=3).update(last_position=8),
        {
            "the signature of seal 3 is not ours",
            "the hashes kept by seal 3 do not give its root",
            "a line was removed",
            "a line carries a position that no seal covers",
        },
    ),
    "chain": (
        lambda: Seal.objects.filter(number=2).update(previous=bytes(32)),
        {
            "seal 2 is not chained to the one before",
            "the signature of seal 2 is not ours",
            "seal 3 is not chained to the one before",
        },
    ),
}


@pytest.mark.parametrize("fault", SEAL_FAULTS)
def test_a_broken_seal_is_named(sealed: list[Line], fault: str) -> None:
    change, expected = SEAL_FAULTS[fault]
    change()
    assert expected <= {what for what, _position in found()}


def test_a_journal_that_was_cut_off_is_told_by_a_seal_that_was_noted(sealed: list[Line]) -> None:
    from_copy = Seal.objects.get(number=3)
    noted = queries.rules.seal_digest(**queries.rules.seal_fields(from_copy))
    assert queries.has_seal(3, noted)
    Line.objects.filter(position__gte=7).delete()
    Seal.objects.filter(number=3).delete()
    assert found() == []
    assert not queries.has_seal(3, noted)


# --- redaction ------------------------------------------------------------------------------------------------------


def test_a_redacted_line_keeps_its_seal_and_loses_what_was_typed(now: datetime, sealed: list[Line]) -> None:
    actions.redact_line(by=OFFICER, at=now, line_id=sealed[3].id, reason="permintaan warga")
    line = Line.objects.get(id=sealed[3].id)
    assert (line.inputs, bytes(line.salt), line.redacted_at) == (None, b"", now)
    assert line.facts == {"number": 3}
    assert found() == []
    told = Line.objects.get(kind="line.redact")
    assert (told.facts, told.inputs) == ({"line": str(line.id)}, {"reason": "permintaan warga"})


def test_a_redaction_that_no_line_tells_of_is_an_edit(now: datetime, sealed: list[Line]) -> None:
    Line.objects.filter(position=2).update(inputs=None, salt=b"", redacted_at=now)
    assert found() == [("the inputs of a line were taken away without a redaction", 2)]


def test_a_redacted_line_cannot_be_filled_again(now: datetime, sealed: list[Line]) -> None:
    actions.redact_line(by=OFFICER, at=now, line_id=sealed[1].id, reason="permintaan warga")
    Line.objects.filter(position=2).update(inputs={"purpose": "karangan"})
    assert found() == [("the inputs of a line were taken away without a redaction", 2)]


def test_a_line_is_redacted_once_and_by_few(now: datetime, sealed: list[Line]) -> None:
    with pytest.raises(NotFound):
        actions.redact_line(by=ANYBODY, at=now, line_id=sealed[0].id, reason="")
    actions.redact_line(by=OFFICER, at=now, line_id=sealed[0].id, reason="sekali")
    for line_id in (sealed[0].id, ids.uuid7()):
        with pytest.raises(NotFound):
            actions.redact_line(by=OFFICER, at=now, line_id=line_id, reason="lagi")


def test_who_looked_at_a_protected_record_is_on_record(now: datetime) -> None:
    subject = uuid4()
    actions.record_view(by=OFFICER, at=now, subject_kind="case", subject_id=subject, why="keberatan")
    [line] = queries.timeline([subject])
    assert (line.kind, line.actor_name, line.inputs) == ("view.record", "Sitti Aminah", {"why": "keberatan"})
    with pytest.raises(NotFound):
        actions.record_view(by=ANYBODY, at=now, subject_kind="case", subject_id=subject)


def test_a_line_is_written_only_for_an_act(now: datetime) -> None:
    with pytest.raises(KeyError):
        actions.record(by=MACHINE, at=now, kind="case.invent", subject_kind="case", subject_id=uuid4())
