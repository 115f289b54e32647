"""Tables of upkeep, by topic."""

from simpul.upkeep.models.breaches import Affected, Authority, Breach
from simpul.upkeep.models.requests import RequestSet, RightsRequest, Tombstone
from simpul.upkeep.models.retention import Destruction, DestructionItem, LegalHold

__all__ = [
    "Affected",
    "Authority",
    "Breach",
    "Destruction",
    "DestructionItem",
    "LegalHold",
    "RequestSet",
    "RightsRequest",
    "Tombstone",
]
