"""Readings of transports as plain JSON, so that golden samples can stand beside the deliveries they belong to."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any


def as_json(value: Any) -> Any:
    """A reading without what says nothing: empty texts, empty lists, None and False."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((one.name, as_json(getattr(value, one.name))) for one in fields(value))
        return {name: kept for name, kept in pairs if kept not in ("", None, [], {}, False)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    return value
