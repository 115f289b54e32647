"""A table to which rows are added and from which none is ever changed or taken away: the database itself refuses, whoever asks.

Declared beside a table's other constraints, so that it exists on SQLite and PostgreSQL, in migrations and in tests alike. Emptying a whole
database to lay a backup down (``TRUNCATE``, a new file) is no change of a row and stays possible.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table


class AppendOnly(models.BaseConstraint):
    """No update and no delete, by triggers. The message names the table and says "append-only"."""

    def __eq__(self, other: object) -> bool:
        """The same promise by the same name: what migrations and models compare."""
        return isinstance(other, AppendOnly) and self.name == other.name

    def __hash__(self) -> int:
        return hash((AppendOnly, self.name))

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing inside ``CREATE TABLE``: the triggers follow it."""
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """The triggers, for a table that is there; all but the last one run at once."""
        *first, last = self._statements(model, schema_editor)
        for one in first:
            schema_editor.execute(one, None)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Take the triggers away."""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(Statement(f"DROP TRIGGER IF EXISTS {self.name}_delete", table=table), None)
            return Statement(f"DROP TRIGGER IF EXISTS {self.name}_update", table=table)
        return Statement(f"DROP TRIGGER IF EXISTS {self.name} ON %(table)s", table=table)

    def validate(self, *_given: Any, **_more: Any) -> None:
        """A new row is always right."""

    def _statements(self, model: Any, schema_editor: Any) -> list[Statement]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        if schema_editor.connection.vendor == "sqlite":
            return [
                Statement(
                    f"CREATE TRIGGER {self.name}_{word} BEFORE {word.upper()} ON %(table)s "
                    f"BEGIN SELECT RAISE(ABORT, '{self.name}: append-only'); END",
                    table=table,
                )
                for word in ("update", "delete")
            ]
        return [
            Statement(
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"'BEGIN RAISE EXCEPTION ''{self.name}: append-only'' USING ERRCODE = ''restrict_violation''; END'; "
                f"CREATE TRIGGER {self.name} BEFORE UPDATE OR DELETE ON %(table)s "
                f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
                table=table,
            )
        ]
