"""A damaged page: the doctor names it, and nothing is migrated or served on top of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from simpul.cli.backup import sqlite
from tests.cli.small import Installation

pytestmark = pytest.mark.slow


def damage(database: Path) -> None:
    """Overwrite one page in the middle of a table with noise, as a dying disk does."""
    sqlite.release(database)
    connection = sqlite.connect(database)
    page = int(
        connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cases_case'").fetchone()[0]
    )
    size = int(connection.execute("PRAGMA page_size").fetchone()[0])
    connection.close()
    with database.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"\xa5" * size)


def forget_a_migration(database: Path) -> None:
    """Make the installation look like one of an older program."""
    connection = sqlite.connect(database, read_only=False)
    last = connection.execute(
        "SELECT id FROM django_migrations WHERE app = 'cases' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    connection.execute("DELETE FROM django_migrations WHERE id = ?", last)
    connection.close()


def test_the_doctor_names_a_damaged_database(on_sqlite: Installation) -> None:
    damage(on_sqlite.data / "simpul.sqlite3")
    done = on_sqlite.run("doctor", "--json")
    assert done.returncode == 1
    bad = [f for f in json.loads(done.stdout)["findings"] if f["level"] == "bad" and f["about"] == "database"]
    assert len(bad) == 1 and bad[0]["sentence"].startswith("The database is damaged")
    assert "simpul restore" in bad[0]["advice"]


def test_a_damaged_database_is_refused_before_it_is_migrated(on_sqlite: Installation) -> None:
    database = on_sqlite.data / "simpul.sqlite3"
    forget_a_migration(database)
    damage(database)
    before = hashlib.sha256(database.read_bytes()[100:]).hexdigest()
    done = on_sqlite.run("serve", "--port", "8931", "--no-worker")
    assert done.returncode == 1
    assert "The database is damaged and was not touched" in done.stdout
    sqlite.release(database)
    assert (
        hashlib.sha256(database.read_bytes()[100:]).hexdigest() == before
    )  # only the header knows of the log that was opened


def test_a_file_that_is_no_database_is_named_too(on_sqlite: Installation) -> None:
    (on_sqlite.data / "simpul.sqlite3").write_bytes(b"\x00" * 8192 + b"noise" * 1000)
    done = on_sqlite.run("doctor", "--json")
    assert done.returncode == 1
    assert "damaged" in json.loads(done.stdout)["findings"][0]["sentence"]


def test_a_missing_database_is_never_made_anew_in_silence(on_sqlite: Installation) -> None:
    (on_sqlite.data / "simpul.sqlite3").unlink()
    for part in on_sqlite.data.glob("simpul.sqlite3-*"):
        part.unlink()
    done = on_sqlite.run("doctor", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["sentence"] == "There is no database in the data folder."
    assert not (on_sqlite.data / "simpul.sqlite3").exists()
