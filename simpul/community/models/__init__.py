"""Tables of the room, by topic."""

from __future__ import annotations

from simpul.community.models.board import Bulletin, BulletinSet, Digest
from simpul.community.models.directory import Agreement, Listing, ListingSet
from simpul.community.models.ideas import (
    Assistance,
    Comment,
    Idea,
    IdeaSet,
    IdeaStep,
    Opinion,
    PhoneCode,
    Statement,
    Voice,
    Voter,
)
from simpul.community.models.land import Harvest, LandInput, LandUse, OwnerConsent, Parcel
from simpul.community.models.planning import PlanRow, PlanRowSet, PlanYear, Ranking
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
    "Agreement",
    "Assistance",
    "Bulletin",
    "BulletinSet",
    "Comment",
    "Digest",
    "Harvest",
    "Idea",
    "IdeaSet",
    "IdeaStep",
    "Labour",
    "LandInput",
    "LandUse",
    "Listing",
    "ListingSet",
    "Material",
    "Money",
    "Opinion",
    "OwnerConsent",
    "Parcel",
    "PhoneCode",
    "Picture",
    "PlanRow",
    "PlanRowSet",
    "PlanYear",
    "Ranking",
    "Rate",
    "Statement",
    "Tool",
    "Voice",
    "Voter",
    "Work",
    "WorkEntry",
    "WorkSet",
]
