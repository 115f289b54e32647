"""Random histories of phones and server: see ``histories``. ``SIMPUL_HISTORIES=5000`` plays that many."""

from __future__ import annotations

import os

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.sync import histories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]

PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate)
"""Without making a failure smaller, which takes minutes here; ``SIMPUL_SHRINK=1`` does."""
if os.environ.get("SIMPUL_SHRINK"):
    PHASES = (*PHASES, hypothesis.Phase.shrink)


def test_whatever_happens_nothing_is_lost_doubled_or_overwritten_unseen() -> None:
    histories.Histories.world = histories.World.build()
    examples, steps = histories.how_many()
    settings = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=PHASES,
    )
    run_state_machine_as_test(histories.Histories, settings=settings)
    print("histories played:", histories.COUNTED)
