"""Which files the tables speak of. A column that holds the hash of a file says so in its name, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

_NAME = "sha256"
_LISTS = "photos"


def referenced() -> set[str]:
    """The hashes of all files that some row still needs; rows that were removed (``removed_at``) need none."""
    return {digest for model in apps.get_models() for digest in _of(model) if digest}


def _of(model: type[models.Model]) -> Iterator[str]:
    single = [
        field.name
        for field in model._meta.concrete_fields
        if field.name.endswith(_NAME) and isinstance(field, models.CharField)
    ]
    many = [
        field.name
        for field in model._meta.concrete_fields
        if field.name == _LISTS and isinstance(field, models.JSONField)
    ]
    if not (single or many):
        return
    rows: Any = model._default_manager.all()
    if any(field.name == "removed_at" for field in model._meta.concrete_fields):
        rows = rows.filter(removed_at=None)
    for row in rows.order_by("pk").values_list(*single, *many).iterator(chunk_size=2000):
        for value in row:
            yield from ([value] if isinstance(value, str) else [str(item) for item in value or []])
