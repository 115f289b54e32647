"""What every test gets: a fixed time, no network, and the same random choices on every build server."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from simpul.cli import tables

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

NEAR = ("127.", "::1", "localhost")


USES_A_DATABASE = frozenset(
    {"db", "transactional_db", "django_db_reset_sequences", "django_db_setup", "live_server"}
)
STARTS_PROGRAMS = frozenset({"bench", "browser", "cli", "demo", "faults"})
"""Folders whose tests start Simpul itself, which finds its database by the environment."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs PostgreSQL when the suite runs on SQLite; beside a run on SQLite, leave out what one run shows."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        if os.environ.get("SIMPUL_BESIDE_SQLITE"):
            once = [one for one in items if not _asks_a_database(one) or one.get_closest_marker("once")]
            config.hook.pytest_deselected(items=once)
            left_out = {one.nodeid for one in once}
            items[:] = [one for one in items if one.nodeid not in left_out]
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: python -m tests.postgres")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


def _asks_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db") or USES_A_DATABASE & set(getattr(item, "fixturenames", ())):
        return True
    return bool(STARTS_PROGRAMS & set(item.path.parts))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tables as the models declare them (``--nomigrations``), and what the migrations do beside; ``cli.tables`` says why."""
    with django_db_blocker.unblock(), override_settings(MIGRATION_MODULES={}):
        tables.finish_tables()
        tables.note_applied()


@pytest.fixture
def now() -> datetime:
    """Wednesday 25 November 2026, 09:00 in Makassar."""
    return datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Let tests reach this machine only: a test that needs the internet fails on the village's box."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_far(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_far(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        _refuse_far(socket.AF_INET, (host,))
        return look_up(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()


def _refuse_far(family: int, address: Any) -> None:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0]
    if host in (None, "", b"", "0.0.0.0", "::"):  # noqa: S104 - means "here" when it is listened on
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not name.startswith(NEAR):
        message = f"A test tried to reach {name}. Tests use this machine only: give the transport a fake."
        raise NetworkForbiddenError(message)
