"""The cast, a kind of letter, and letters of Dungkait in every state."""

from __future__ import annotations

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()
