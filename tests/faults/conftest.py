"""The installations of the commands' tests serve the faults as well."""

from tests.cli.conftest import empty, installation, new_database, on_sqlite, sqlite_template

__all__ = ["empty", "installation", "new_database", "on_sqlite", "sqlite_template"]
