"""What every test of the posyandu starts from."""

from __future__ import annotations

import pytest

from tests.cast import Cast, assemble
from tests.posyandu import day_help


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """Two posyandu of the village, one of the neighbour, a mother with a child."""
    return day_help.furnish(cast)
