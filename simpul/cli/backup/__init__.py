"""``simpul backup`` and what ``simpul restore`` needs of it: one encrypted file with everything an installation is."""

import argparse
import importlib
from collections.abc import Callable


def run(args: argparse.Namespace) -> int:
    """Write a copy. Loaded only now: ``lay`` is a program of its own, and begins before the tables are known."""
    command: Callable[[argparse.Namespace], int] = importlib.import_module("simpul.cli.backup.command").run
    return command(args)
