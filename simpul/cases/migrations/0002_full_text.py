"""Full-text search over the stems of cases and publications, inside the database itself.

SQLite: an FTS5 table beside each table of words, without a copy of the text, kept in step by triggers, so that no write, cascade
or restore can leave it behind. PostgreSQL: an index over the words as lexemes. Both compare whole stems that the program made, so
the two databases find the same rows.

A later migration that lets Django rebuild one of these tables on SQLite drops its triggers: it must call ``make`` of its own copy
of these statements again.
"""

from django.db import migrations

TABLES = ("cases_casewords", "cases_publicationwords")

SQLITE = (
    """
    CREATE VIRTUAL TABLE {table}_fts USING fts5(
        words, content='{table}', content_rowid='id', detail=none, tokenize='unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TRIGGER {table}_after_insert AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_fts(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER {table}_after_delete AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_fts({table}_fts, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER {table}_after_update AFTER UPDATE ON {table} BEGIN
        INSERT INTO {table}_fts({table}_fts, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO {table}_fts(rowid, words) VALUES (new.id, new.words);
    END
    """,
    "INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')",
)
SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS {table}_after_update",
    "DROP TRIGGER IF EXISTS {table}_after_delete",
    "DROP TRIGGER IF EXISTS {table}_after_insert",
    "DROP TABLE IF EXISTS {table}_fts",
)
POSTGRESQL = (
    "CREATE INDEX IF NOT EXISTS {table}_lexemes ON {table} USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
POSTGRESQL_BACK = ("DROP INDEX IF EXISTS {table}_lexemes",)


def make(apps, schema_editor):
    """Build the indexes; first take away what a broken run may have left."""
    vendor = schema_editor.connection.vendor
    run(schema_editor, SQLITE_BACK + SQLITE if vendor == "sqlite" else POSTGRESQL)


def unmake(apps, schema_editor):
    """Take the indexes away again."""
    run(schema_editor, SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK)


def run(schema_editor, statements):
    """Each statement for each table."""
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            for statement in statements:
                cursor.execute(statement.format(table=table))


class Migration(migrations.Migration):
    """The index beside the tables of words."""

    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
