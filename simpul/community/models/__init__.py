"""Tables of the room, by topic."""

from __future__ import annotations

from simpul.community.models.land import Harvest, LandInput, LandUse, OwnerConsent, Parcel
from simpul.community.models.works import (
    Labour,
    Material,
    Money,
    Picture,
    Rate,
    Tool,
    Work,
    WorkEntry,
    WorkSet,
)

__all__ = [
    "Harvest",
    "Labour",
    "LandInput",
    "LandUse",
    "Material",
    "Money",
    "OwnerConsent",
    "Parcel",
    "Picture",
    "Rate",
    "Tool",
    "Work",
    "WorkEntry",
    "WorkSet",
]
