"""The random histories can say no: designs that other systems have, planted into this one, fall within a few of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from simpul.people import actions as people_actions
from simpul.sync.actions import opening
from simpul.sync.rules import segments
from tests.sync import histories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls"), pytest.mark.slow]


def play() -> None:
    histories.Histories.world = histories.World.build()
    settings = hypothesis.settings(
        max_examples=120,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    run_state_machine_as_test(histories.Histories, settings=settings)


class _AnyHash(set[bytes]):
    """Every hash is known as soon as one is."""

    def __contains__(self, _digest: object) -> bool:
        return len(self) > 0


def test_an_event_named_by_device_and_number_alone_is_lost_after_a_restore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = opening._known

    def known(device_id: UUID, found: list[segments.Segment]) -> dict[tuple[str, int], set[bytes]]:
        named: dict[tuple[str, int], set[bytes]] = defaultdict(_AnyHash)
        for key, digests in real(device_id, found).items():
            named[key] = _AnyHash(digests)
        return named

    monkeypatch.setattr(opening, "_known", known)
    with pytest.raises(AssertionError, match="is lost"):
        play()


def test_a_register_in_which_the_last_writer_wins_overwrites_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = people_actions.change_household

    def change(**given: Any) -> Any:
        return real(**{**given, "seen": None, "event_id": None})

    monkeypatch.setattr(people_actions, "change_household", change)
    with pytest.raises(AssertionError, match="disappeared unseen"):
        play()
