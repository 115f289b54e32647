"""Installations to back up, restore and examine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse
from uuid import uuid4

import psycopg
import pytest

from simpul.cli.backup import postgres
from tests.cli.small import Installation

ON_POSTGRES = bool(os.environ.get("DATABASE_URL"))


@pytest.fixture
def new_database() -> Iterator[Iterator[str]]:
    """Addresses of empty databases on the test's server, taken away afterwards; "" each time when the suite runs on SQLite."""
    made: list[str] = []
    yield _databases(made)
    for name in made:
        with psycopg.connect(**postgres.parameters_of(os.environ["DATABASE_URL"]), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _databases(made: list[str]) -> Iterator[str]:
    while True:
        if not ON_POSTGRES:
            yield ""
            continue
        name = f"simpul_keep_{uuid4().hex[:12]}"
        address = os.environ["DATABASE_URL"]
        with psycopg.connect(**postgres.parameters_of(address), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        made.append(name)
        yield urlparse(address)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite installation that tests copy, because filling takes seconds."""
    data = tmp_path_factory.mktemp("template") / "data"
    made = Installation(data).run(module="tests.cli.small")
    assert made.returncode == 0, made.stderr
    return data


@pytest.fixture
def on_sqlite(tmp_path: Path, sqlite_template: Path) -> Installation:
    """A filled installation on SQLite, whatever the suite runs on."""
    shutil.copytree(sqlite_template, tmp_path / "data")
    return Installation(tmp_path / "data")


@pytest.fixture
def installation(request: pytest.FixtureRequest, tmp_path: Path, new_database: Iterator[str]) -> Installation:
    """A filled installation on the database that the suite runs on."""
    if not ON_POSTGRES:
        return request.getfixturevalue("on_sqlite")
    filled = Installation(tmp_path / "data", next(new_database))
    made = filled.run(module="tests.cli.small")
    assert made.returncode == 0, made.stderr
    return filled


@pytest.fixture
def empty(tmp_path: Path, new_database: Iterator[str]) -> Installation:
    """A machine with nothing on it but the program, and an empty database on PostgreSQL."""
    return Installation(tmp_path / "elsewhere" / "data", next(new_database))
