"""These tests read the sentences as they stand in the code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Refusals in the source language."""
    with translation.override("en"):
        yield
