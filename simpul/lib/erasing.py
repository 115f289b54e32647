"""Emptying the personal columns of a row, as its table declares them: what is added to a table tomorrow is emptied too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

ERASED = "[dihapus]"
"""What stands where a name has to stand and was erased."""


def emptied(model: type[models.Model], *, keep: Iterable[str] = ()) -> dict[str, Any]:
    """New values for the columns that ``model.personal_data`` names: empty text, nothing, nought, or an empty list.

    ``keep`` names columns that stay as they are, each for a reason that the caller states.

    Raises:
        TypeError: a column that can be neither empty nor unknown; it has to be kept, or its row deleted.
    """
    kept = set(keep)
    values: dict[str, Any] = {}
    for name in model.personal_data:  # type: ignore[attr-defined]
        if name in kept:
            continue
        column = model._meta.get_field(name)
        if not isinstance(column, models.Field):
            raise TypeError(f"{model.__name__}.{name} is no column")
        if column.is_relation and not column.null:
            continue  # a key that must point somewhere points to a row that is emptied itself
        values[name] = _nothing(column)
    return values


_OFFICERS = ("_by", "by_name", "user_id")


def officers(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that name who worked on a row: an officer's own name is not the resident's to erase."""
    return tuple(name for name in model.personal_data if name.endswith(_OFFICERS))  # type: ignore[attr-defined]


def _nothing(column: models.Field[Any, Any]) -> Any:
    if column.null:
        return None
    if isinstance(column, models.JSONField):
        return column.get_default() if column.has_default() else {}
    if isinstance(column, models.CharField | models.TextField):
        return "" if column.blank or isinstance(column, models.TextField) else ERASED[: column.max_length]
    if isinstance(column, models.BinaryField):
        return "" if column.has_default() and column.get_default() == "" else b""
    raise TypeError(
        f"{column.model.__name__}.{column.name} cannot be empty: keep it for a reason, or delete the row"
    )


def empty_rows(
    rows: models.QuerySet[Any], done: Emptied, *, keep: Iterable[str] = (), seen: set[str] | None = None
) -> None:
    """Empty rows and everything of the same room that hangs on them. Rows that stand for a file go altogether.

    Tables and columns are found by what the models declare, so a table that is added tomorrow is emptied too. Officers' names stay.
    """
    model = rows.model
    walked = (seen or set()) | {model._meta.label}
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    done.subjects |= {key for key in keys if isinstance(key, UUID)}
    for link in model._meta.related_objects:
        child = link.related_model
        if isinstance(child, str) or child._meta.app_label != model._meta.app_label:
            continue
        if child._meta.label not in walked:
            below = child._default_manager.filter(**{f"{link.field.name}__in": keys})
            empty_rows(below, done, keep=keep, seen=walked)
    mine = model._default_manager.filter(pk__in=keys)
    files = [column.name for column in model._meta.concrete_fields if column.name.endswith("sha256")]
    for row in mine.values_list(*files) if files else ():
        done.files |= {digest for digest in row if digest}
    values = {} if files else emptied(model, keep=(*officers(model), *keep))
    if files:
        done.count(model._meta.label, mine.delete()[0])
    elif values:
        done.count(model._meta.label, mine.update(**values))


def empty_room(
    room: str, points_to: str, key: UUID, done: Emptied, *, keep: Iterable[str] = (), skip: Iterable[str] = ()
) -> None:
    """Empty every row of a room that points to one row elsewhere ("people.Person"), with what hangs on it; ``skip`` names tables."""
    passed = frozenset(skip)
    for model in apps.get_app_config(room).get_models():
        if model.__name__ in passed or not hasattr(model, "personal_data"):
            continue
        for column in model._meta.concrete_fields:
            if _points(column, points_to):
                empty_rows(model._default_manager.filter(**{column.name: key}), done, keep=keep, seen=set())


def _points(column: models.Field[Any, Any], label: str) -> bool:
    aim: Any = column.related_model
    return aim is not None and aim._meta.label == label


def told_room(
    room: str, points_to: str, key: UUID, *, skip: Iterable[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """What a room holds about one row elsewhere, by table: plain values for the person's own copy, keys and officers left out.

    ``skip`` names tables, or columns ("Participant.mother") by which rows are another person's.
    """
    passed = frozenset(skip)
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_app_config(room).get_models():
        for column in model._meta.concrete_fields:
            if not _points(column, points_to) or passed & {model.__name__, f"{model.__name__}.{column.name}"}:
                continue
            rows = model._default_manager.filter(**{column.name: key}).order_by("pk")[:1000]
            told = [told_row(row) for row in rows]
            if told:
                found[str(model._meta.verbose_name)] = told
    return found


def told_row(row: models.Model, leave: Iterable[str] = ()) -> dict[str, Any]:
    """One row as plain values; keys, look-up indexes, officers' names and what is empty are left out."""
    passed = {*leave, *(officers(type(row)) if hasattr(row, "personal_data") else ())}
    return {
        column.name: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if not (column.primary_key or column.is_relation or isinstance(column, models.UUIDField))
        and column.name not in passed
        and not column.name.endswith(("_index", "_key", "sha256"))
        and getattr(row, column.attname) not in (None, "", b"", [], {})
    }


def mask_rows(rows: models.QuerySet[Any], words: Iterable[str], done: Emptied) -> None:
    """Black out words in the personal texts of rows that are mostly somebody else's, and of what hangs on them in the same room."""
    model, found = rows.model, frozenset(words)
    keys = list(rows.values_list("pk", flat=True))
    if not keys or not found:
        return
    for link in model._meta.related_objects:
        child = link.related_model
        same = not isinstance(child, str) and child._meta.app_label == model._meta.app_label
        if same and child is not model and not isinstance(child, str):
            mask_rows(child._default_manager.filter(**{f"{link.field.name}__in": keys}), found, done)
    columns = [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.unique
    ]
    for row in model._default_manager.filter(pk__in=keys):
        changed = {
            name: masked
            for name in columns
            if (masked := _masked(getattr(row, name), found)) != getattr(row, name)
        }
        if changed:
            done.subjects |= {row.pk} if isinstance(row.pk, UUID) else set()
            done.count(model._meta.label, model._default_manager.filter(pk=row.pk).update(**changed))


def _masked(value: Any, words: frozenset[str]) -> Any:
    if isinstance(value, str):
        return without(value, words)
    if isinstance(value, list):
        return [_masked(one, words) for one in value]
    if isinstance(value, dict):
        return {key: _masked(one, words) for key, one in value.items()}
    return value


def without(text: str, words: Iterable[str], mark: str = "█████") -> str:
    """``text`` with every one of ``words`` blacked out, whatever their capitals; the longest first."""
    for word in sorted({word for word in words if word}, key=len, reverse=True):
        lowered, wanted, place = text.casefold(), word.casefold(), 0
        if len(lowered) != len(text):  # a sign that grows when folded: compare as typed
            text = text.replace(word, mark)
            continue
        pieces = []
        while (found := lowered.find(wanted, place)) >= 0:
            pieces += [text[place:found], mark]
            place = found + len(wanted)
        text = "".join([*pieces, text[place:]])
    return text


@dataclass(slots=True)
class Emptied:
    """What one room did for an erasure: rows by table, files nobody there needs any more, subjects whose journal lines hold inputs.

    ``kept`` says what stayed and by which ground (a key of ``upkeep/catalogue/grounds.toml``).
    """

    rows: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    subjects: set[UUID] = field(default_factory=set)
    kept: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int) -> None:
        """Note that so many rows of a table were emptied or deleted."""
        if number:
            self.rows[what] = self.rows.get(what, 0) + number

    def keep(self, ground: str, number: int) -> None:
        """Note that so many rows stay by a ground."""
        if number:
            self.kept[ground] = self.kept.get(ground, 0) + number

    def add(self, other: Emptied) -> None:
        """Join what another room did."""
        for what, number in other.rows.items():
            self.count(what, number)
        for ground, number in other.kept.items():
            self.keep(ground, number)
        self.files |= other.files
        self.subjects |= other.subjects
