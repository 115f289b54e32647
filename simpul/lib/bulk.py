"""Inserting very many rows with one statement: for lists of 200,000 residents, where ``bulk_create`` spends most of its time building SQL.

The values go through the model's own fields (encrypted text is encrypted, keys and moments take the database's form), but column by
column instead of value by value, and the database gets them by ``executemany`` (SQLite) or ``COPY`` (PostgreSQL), inside the caller's
transaction. Constraints, foreign keys and defaults are the same as with ``bulk_create``; what is not known here is refused, never guessed:
fields that set themselves on saving, and keys that only the database makes are left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, models

_NONE = type(None)
_PLAIN: dict[type[Any], frozenset[type[Any]]] = {
    models.CharField: frozenset({str}),
    models.TextField: frozenset({str}),
    models.BooleanField: frozenset({bool, _NONE}),
    models.IntegerField: frozenset({int, _NONE}),
    models.BigIntegerField: frozenset({int, _NONE}),
    models.PositiveIntegerField: frozenset({int, _NONE}),
    models.PositiveSmallIntegerField: frozenset({int, _NONE}),
}
"""Values that these fields hand to the database as they are."""
_REPEATED = frozenset({date, datetime, _NONE})
"""Values of which a column holds many times the same: each is prepared once."""


def insert_many(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows whose values stand in the order of ``columns`` (attribute names: ``person_id``); columns not named take their default.

    Returns how many rows were written. Nothing is asked first and nothing is done in the rows' objects.

    Raises:
        ValueError: a column is not the model's, a row is too short or too long, or a field sets itself on saving.
        IntegrityError: a constraint is broken; foreign keys are checked at the end of the transaction.
    """
    given = [tuple(row) for row in rows]
    if any(len(row) != len(columns) for row in given):
        raise ValueError("A row does not have one value for each column.")
    if not given:
        return 0
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    _check(fields, columns)
    names = list(columns)
    values = [
        _prepared(fields[name], column) for name, column in zip(names, zip(*given, strict=True), strict=True)
    ]
    for name, field in fields.items():
        if name not in columns and not _left_to_database(field):
            names.append(name)
            values.append(_defaults(field, len(given)))
    _write(model._meta.db_table, [fields[name].column for name in names], zip(*values, strict=True))
    return len(given)


def insert_objects(objects: Sequence[models.Model]) -> int:
    """Insert new objects of one model that carry their keys already, as ``bulk_create`` does; they count as saved afterwards.

    Raises:
        ValueError: they are of several models, or their key is the database's to make.
        IntegrityError: a constraint is broken.
    """
    if not objects:
        return 0
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields]
    if any(type(one) is not model or one.pk is None for one in objects):
        raise ValueError("Only objects of one model that have their keys can be inserted together.")
    read: Callable[[models.Model], tuple[Any, ...]] = attrgetter(*names)
    written = insert_many(model, names, map(read, objects))
    for one in objects:
        one._state.adding = False
        one._state.db = connection.alias
    return written


def _check(fields: dict[str, Any], columns: Sequence[str]) -> None:
    if unknown := [name for name in columns if name not in fields]:
        raise ValueError(f"No such columns: {', '.join(unknown)}.")
    for field in fields.values():
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            raise ValueError(f"{field.attname} sets itself on saving; use bulk_create.")


def _left_to_database(field: Any) -> bool:
    return isinstance(field, models.AutoField) or field.has_db_default()


def _defaults(field: Any, count: int) -> list[Any]:
    if callable(field.default):
        return _prepared(field, [field.get_default() for _place in range(count)])
    return _prepared(field, [field.get_default()]) * count


def _prepared(field: Any, values: Sequence[Any]) -> list[Any]:
    """A column's values in the database's form."""
    kinds = set(map(type, values))
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if kinds <= _PLAIN.get(type(target), frozenset()):
        return list(values)
    if type(target) is models.UUIDField and kinds <= {UUID, _NONE}:
        if connection.features.has_native_uuid_field:
            return list(values)
        return [None if value is None else value.hex for value in values]
    if type(target) in (models.DateField, models.DateTimeField) and kinds <= _REPEATED:
        known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return [known[value] for value in values]
    return [field.get_db_prep_save(value, connection) for value in values]


def _write(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    name = connection.ops.quote_name
    into = f"{name(table)} ({', '.join(map(name, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608 - names of our own tables
