"""``simpul bundle export|import|inspect FILE``: carry sealed work and receipts on a stick, in a text, by hand."""

from simpul.cli.bundle.command import run

__all__ = ["run"]
