"""Takalar and Mamuju, loaded from the shipped list, and the people who may and may not change it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from simpul.lib.actor import MACHINE, Actor
from simpul.regions import actions, queries

TAKALAR, MAMUJU = "7305", "7602"
MASSAMATURU = "7305112005"


@pytest.fixture
def administrator() -> Actor:
    """The one role, beside the machine, that keeps the lists."""
    return Actor(role="administrator", name="Nurhayati", strong=True)


@pytest.fixture
def takalar(db: None, now: datetime) -> str:
    """The regency of Massamaturu: 12 districts, 110 villages."""
    actions.load_regions(by=MACHINE, at=now, only=TAKALAR)
    return TAKALAR


@pytest.fixture
def committed(takalar: str) -> None:
    """As if all that was written so far had been committed: from here on, this process remembers what it reads."""
    queries.forget()
    connection.run_on_commit.clear()
    yield
    queries.forget()
