"""What comes down to a device: snapshots of the things of its scope."""

from __future__ import annotations

from typing import Any

from simpul.sync.models import Device


def changes(device: Device, cursor: int, _most: int) -> dict[str, Any]:
    """What changed in the scope of a device since its cursor."""
    return {
        "v": 1,
        "cursor": cursor,
        "scope_version": device.scope_version,
        "tables": {},
        "gone": {},
        "more": False,
    }
