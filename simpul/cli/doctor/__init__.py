"""``simpul doctor``: look at everything an installation stands on, and say in one sentence each what is wrong and what to do."""

from simpul.cli.doctor.command import run

__all__ = ["run"]
