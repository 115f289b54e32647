"""The cast with the coding frame loaded."""

from __future__ import annotations

import pytest

from simpul.feedback import actions
from simpul.lib.actor import MACHINE
from tests.cast import NOW, Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, the neighbour, and the frame that ships."""
    made = assemble()
    actions.load_frame(by=MACHINE, at=NOW)
    return made
