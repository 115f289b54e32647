"""Which files nobody needs any more: the same bytes are kept once, so another row may still speak of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from simpul.lib.files import FileStore


def store() -> FileStore:
    """Where files are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def unneeded(digests: Collection[str]) -> set[str]:
    """Those of ``digests`` that no row of any table speaks of."""
    left = {digest for digest in digests if digest}
    for model in apps.get_models():
        if not left:
            break
        left -= _needed(model, left)
    return left


def _needed(model: type[models.Model], digests: Collection[str]) -> set[str]:
    found: set[str] = set()
    manager: Any = model._default_manager
    for column in model._meta.concrete_fields:
        if column.name.endswith("sha256") and isinstance(column, models.CharField):
            found |= set(
                manager.filter(**{f"{column.name}__in": list(digests)}).values_list(column.name, flat=True)
            )
        elif column.name == "photos" and isinstance(column, models.JSONField):
            told = manager.annotate(told=Cast(column.name, models.TextField()))
            found |= {digest for digest in digests if told.filter(told__contains=digest).exists()}
    return found
