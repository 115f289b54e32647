"""``simpul <command>``: read the command, prepare the ground, hand over to the command's own module.

Commands print for people; with ``--json`` one JSON document on standard output and messages on standard error. Exit status:
0 done, 1 the answer is "no" or something was refused (with a sentence), 2 wrong use.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from simpul import __version__
from simpul.cli import ground, plain

COMMANDS: dict[str, tuple[str, str]] = {
    # command: (module, what it does)
    "init": ("install", "set up a real installation"),
    "demo": ("demo", "load the sample regency (fictional residents)"),
    "serve": ("serve", "serve the pages, with the worker"),
    "work": ("work", "run the worker alone"),
    "sms-receive": ("sms_receive", "keep a message that Gammu SMSD has received (RunOnReceive)"),
    "doctor": ("doctor", "check database, seals, files, keys, clock, disk, queue"),
    "backup": ("backup", "write a consistent, encrypted, verified copy"),
    "restore": ("restore", "put such a copy back"),
    "clock": ("clock", "count working days to a due date"),
    "import": ("imports", "take in a file of another system; tries it first"),
    "bundle": ("bundle", "carry work and receipts by hand: export, import or inspect a bundle"),
    "match": ("match", "find the same persons in a list"),
    "screen": ("screen", "judge a household, or a region, by every authority's rule"),
    "growth": ("growth", "reckon z-scores and classes of children in a list"),
    "letter": ("letter", "check a letter's file or code, or write the keys it is checked with"),
    "bench": ("bench", "measure, and print figures and ratios"),
}

PLAIN = frozenset({"growth"})
"""Commands that need neither Django nor an installation: they start at once."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simpul.settings")
    parser = argparse.ArgumentParser(
        prog="simpul", description="One counter for everything a resident brings."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    runners: dict[str, str] = {}
    for name, (module, about) in COMMANDS.items():
        part = commands.add_parser(name, help=about, description=about)
        arguments: Callable[[argparse.ArgumentParser], None] = getattr(ground, f"{module}_arguments")
        arguments(part)
        part.add_argument(
            "--language",
            choices=("id", "en"),
            help="language of the answers (default: LANG, else Indonesian)",
        )
        runners[name] = module
    args = parser.parse_args(argv)
    refused = ground.prepare(args)
    if refused:
        print(refused, file=sys.stderr)
        return 1
    if args.command in PLAIN:
        plain.begin(args.language)
    else:
        importlib.import_module("django").setup()
        importlib.import_module("simpul.cli.speech").begin(args.language)
    run: Callable[[argparse.Namespace], int] = importlib.import_module(
        f"simpul.cli.{runners[args.command]}"
    ).run
    return run(args)
