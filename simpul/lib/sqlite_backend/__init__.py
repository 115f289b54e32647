"""Django's SQLite backend on a current SQLite, safe for several threads of one server process.

``ENGINE = "simpul.lib.sqlite_backend"`` is all a settings file needs. Importing this package puts ``pysqlite3`` in the
place of the standard library's ``sqlite3`` for the whole process, because Django imports that name in four modules, and
because two copies of SQLite in one process do not see each other's locks on one file: so the settings import it first.
``base`` (which Django imports next) then builds on it. Where ``pysqlite3`` is missing the standard library serves, and
``base`` refuses several connections on a version known to lose commits.
"""

from __future__ import annotations

import sys

try:
    import pysqlite3
    import pysqlite3.dbapi2
except ImportError:  # no wheel for this machine: the standard library's own, judged by its version in base.py
    import sqlite3 as driver
else:
    driver = pysqlite3
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

SAFE_VERSION = (3, 51, 3)
"""Older versions lost acknowledged commits in write-ahead mode with several connections (measured on 3.40.1)."""


def sqlite_version() -> str:
    """The SQLite library in use, such as ``"3.53.4"``."""
    return str(driver.sqlite_version)


def is_safe_version() -> bool:
    """True when this SQLite may serve several connections at once."""
    return tuple(int(part) for part in sqlite_version().split(".")) >= SAFE_VERSION
