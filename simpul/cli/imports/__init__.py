"""``simpul import KIND FILE``: one module for each kind of file."""

from simpul.cli.imports.command import run

__all__ = ["run"]
