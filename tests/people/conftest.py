"""A village with two hamlets, and the actors who may and may not register people there."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.desks.models import Institution
from simpul.lib.actor import Actor
from simpul.regions.models import Hamlet, Region

DUNGKAIT = "7602132001"
BONTO_JAI = "7303012008"


@pytest.fixture
def village(db: Any) -> Region:
    """Dungkait in Mamuju."""
    Institution.objects.update_or_create(
        id=1, defaults={"name": "Pemerintah Kabupaten Mamuju", "short_name": "Mamuju", "region_code": "7602"}
    )
    return Region.objects.create(
        code=DUNGKAIT, name="Dungkait", level=4, kind="desa", search_key="dungkait", source="test"
    )


@pytest.fixture
def hamlet(village: Region) -> Hamlet:
    """Dusun Taludu."""
    return Hamlet.objects.create(village=village, kind="dusun", name="Dusun Taludu")


@pytest.fixture
def officer() -> Actor:
    """The counter in Mamuju."""
    return Actor(role="front_office", name="Ilham", region_code="7602")


@pytest.fixture
def neighbour() -> Actor:
    """A counter in Bantaeng, which must see nothing of Mamuju."""
    return Actor(role="front_office", name="Baso", region_code="7303")
