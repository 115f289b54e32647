"""``simpul backup`` and what ``simpul restore`` needs of it: one encrypted file with everything an installation is."""

from simpul.cli.backup.command import run

__all__ = ["run"]
