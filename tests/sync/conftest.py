"""The cast, for everything that devices send."""

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody of the village and its neighbour."""
    return assemble()
