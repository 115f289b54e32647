"""Writing many rows at once: straight into the tables, because a benchmark needs a million matters in minutes.

Constant columns are worked out once from the model; what differs comes as rows already in the database's own form: keys as 32 hex
digits, moments as UTC text, truth as 0 and 1. SQLite takes them by ``executemany``, PostgreSQL by ``COPY``. Indexes that are no
constraint are taken away first and built again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import NOT_PROVIDED

BATCH = 5000


def sqlite() -> bool:
    """True on SQLite."""
    return connection.vendor == "sqlite"


class Table:
    """Rows for one table. ``varying`` names the attributes that ``add`` gets, in their order."""

    def __init__(self, label: str, varying: str, **constants: Any) -> None:
        model = _table_of(label)
        names = varying.split()
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in names and not _numbered(field)]
        self.name = model._meta.db_table
        self.columns = [fields[name].column for name in names] + [field.column for field in rest]
        self.constants = tuple(_stored(field, constants.get(field.attname, NOT_PROVIDED)) for field in rest)
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Keep one row for the next ``flush``."""
        self.rows.append(values + self.constants)

    def flush(self) -> None:
        """Write what was kept."""
        rows, self.rows = self.rows, []
        if not rows:
            return
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if sqlite():
                marks = ", ".join("?" for _column in self.columns)
                cursor.connection.executemany(f'INSERT INTO "{self.name}" ({columns}) VALUES ({marks})', rows)  # noqa: S608 - names of our own tables
            else:
                with cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
                    copy.write("".join("\t".join(map(_copied, row)) + "\n" for row in rows))


def _table_of(label: str) -> Any:
    """The table to be loaded. Loading is the bench's one exception (tests/house/writing.py): it measures writing itself."""
    return next(model for model in apps.get_models() if model._meta.label == label)


def _numbered(field: Any) -> bool:
    return field.get_internal_type() in ("BigAutoField", "AutoField")


def _stored(field: Any, given: Any) -> Any:
    value = field.get_default() if given is NOT_PROVIDED else given
    stored = field.get_db_prep_save(value, connection)
    adapted = getattr(stored, "obj", stored)  # bytes or a JSON value, wrapped for psycopg
    if isinstance(adapted, bytes | memoryview):
        return bytes(adapted)
    if adapted is not stored or isinstance(adapted, dict | list):
        return str(adapted).replace("'", '"')
    return int(stored) if isinstance(stored, bool) else stored


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes | memoryview):
        return "\\\\x" + bytes(value).hex()
    return str(value).replace("\\", "\\\\")


# --- the same rows again, about others -------------------------------------------------------------------------------

_KEYS = frozenset(
    {"id", "case_id", "person_id", "reporter_id", "subject_id", "to_person_id", "publication_id"}
)
_ONCE: dict[str, str] = {
    # A value that must be unique: what a copy has in its place.
    "number": "'S' || {letter} || substr(number, 3)",
    "receipt_index": "CASE receipt_index WHEN '' THEN '' ELSE substr(receipt_index, 1, 62) || {hex} END",
    "slug": "substr(slug, 1, 14) || {hex}",
    "once_key": "once_key || {hex}",
    "position": "position + {copy} * 10000000",
}


def multiply(tables: Sequence[Table], times: int) -> None:
    """Copy all rows until there are ``times`` as many, inside the database: keys and unique values get marks of their copy."""
    for copy in range(1, times):
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                chosen = ", ".join(_copied_column(column, copy, table) for column in table.columns)
                columns = ", ".join(f'"{column}"' for column in table.columns)
                cursor.execute(
                    f'INSERT INTO "{table.name}" ({columns}) SELECT {chosen} FROM "{table.name}" WHERE {_is_first(table)}'  # noqa: S608 - names of our own tables
                )


def _is_first(table: Table) -> str:
    """Rows that are no copies: their keys end in 00."""
    key = next(name for name in ("id", "case_id", "publication_id") if name in table.columns)
    return f"substr({key}, 31) = '00'" if sqlite() else f"right({key}::text, 2) = '00'"


def _copied_column(column: str, copy: int, table: Table) -> str:
    mark = f"'{copy:02x}'"
    if column in _ONCE and not (column == "position" and table.name.endswith("hop")):
        return _ONCE[column].format(letter=f"'{chr(64 + copy)}'", hex=mark, copy=copy)
    if column not in _KEYS:
        return f'"{column}"'
    return (
        f"substr({column}, 1, 30) || {mark}"
        if sqlite()
        else f"(substr({column}::text, 1, 34) || {mark})::uuid"
    )


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Load tables with their plain indexes away, then build them and let the planner look at what is there."""
    made = _indexes(tables)
    with connection.cursor() as cursor:
        for name, _sql in made:
            cursor.execute(f'DROP INDEX "{name}"')
        _fast(cursor, on=True)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _name, sql in made:
                cursor.execute(sql)
            _fast(cursor, on=False)
            cursor.execute("ANALYZE" if sqlite() else "VACUUM ANALYZE")
            if sqlite():
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()


def _indexes(tables: Sequence[str]) -> list[tuple[str, str]]:
    marks = ", ".join("%s" for _table in tables)
    asked = (
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%%' AND tbl_name IN ({marks})"  # noqa: S608 - marks only
        if sqlite()
        else f"SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE 'CREATE INDEX%%' AND tablename IN ({marks})"  # noqa: S608 - marks only
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, list(tables))
        return [(str(name), str(sql)) for name, sql in cursor.fetchall()]


def _fast(cursor: Any, *, on: bool) -> None:
    """What loading may skip: the disk's word after each batch, and looking up keys that were just made."""
    if sqlite():
        cursor.execute(f"PRAGMA synchronous = {'OFF' if on else 'FULL'}")
        cursor.execute(f"PRAGMA foreign_keys = {'OFF' if on else 'ON'}")
        cursor.execute(f"PRAGMA cache_size = {-400_000 if on else -65_536}")
    else:
        cursor.execute(f"SET session_replication_role = {'replica' if on else 'DEFAULT'}")
        cursor.execute(f"SET synchronous_commit = {'off' if on else 'on'}")
        cursor.execute("SET maintenance_work_mem = '256MB'")


def flush_all(tables: Sequence[Table]) -> None:
    """Write what all tables kept, in one transaction."""
    with transaction.atomic():
        for table in tables:
            table.flush()
