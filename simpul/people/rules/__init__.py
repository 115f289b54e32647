"""Pure decisions about people, by topic."""

from simpul.people.rules.reach import (
    CHANNELS,
    OWNERS,
    SEXES,
    UNKNOWN_NAME,
    Detail,
    Reach,
    SafeRoad,
    Wants,
    is_no_name,
    is_opaque,
    mask_contact,
    mask_email,
    safe_road,
)

__all__ = [
    "CHANNELS",
    "OWNERS",
    "SEXES",
    "UNKNOWN_NAME",
    "Detail",
    "Reach",
    "SafeRoad",
    "Wants",
    "is_no_name",
    "is_opaque",
    "mask_contact",
    "mask_email",
    "safe_road",
]
