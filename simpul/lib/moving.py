"""Letting rows that point at one row point at another, and back again: for two persons who turn out to be one, or two after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction

Column = tuple[type[models.Model], str]
Moved = dict[str, list[str]]


def label(column: Column) -> str:
    """How a column is named in what was moved: "cases.Case.reporter"."""
    return f"{column[0]._meta.label}.{column[1]}"


def move(
    columns: Sequence[Column],
    *,
    origin: UUID,
    target: UUID,
    only: Mapping[str, Sequence[str]] | None = None,
) -> Moved:
    """Point every row at ``target`` that points at ``origin``; returns the keys of those that moved, by column.

    With ``only``, no others than these (to put back what was moved). A row that may exist once only for the target stays where
    it is: nothing is lost, and it is found through the origin.
    """
    moved: Moved = {}
    for column in columns:
        model, name = column
        rows = model._base_manager.filter(**{name: origin})
        is_key = (
            model._meta.pk.name == name
        )  # a row that has the other's key for its own: there is one at most
        if only is not None:
            keys = list(only.get(label(column), ()))
            rows = rows if is_key and keys else rows.filter(pk__in=keys)
        done = [
            key for key in rows.order_by("pk").values_list("pk", flat=True) if _one(model, key, name, target)
        ]
        if done:
            moved[label(column)] = [str(key) for key in done]
    return moved


def _one(model: type[models.Model], key: Any, name: str, target: UUID) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=key).update(**{name: target})
    except IntegrityError:
        return False
    return True
