"""``simpul demo``: load the sample regency, once, and print its sign-ins every time."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from django.conf import settings
from django.utils import timezone

from simpul.cli import house
from simpul.demo import build, sheet


def run(args: argparse.Namespace) -> int:
    """Load the sample into an empty demo; with ``--if-empty`` leave a loaded one, and a real installation, as they are."""
    if settings.SIMPUL_KIND == "real":
        print("This is a real installation: no sample data is loaded.", file=sys.stderr)
        return 0 if args.if_empty else 1
    house.compile_words()
    house.migrate()
    if build.is_foreign():
        print(
            "The database belongs to a real installation: sample data is never loaded into it.",
            file=sys.stderr,
        )
        return 0 if args.if_empty else 1
    loaded = build.is_loaded()
    if loaded and not args.if_empty:
        print(
            "The sample is loaded already. To begin anew, stop Simpul and remove the data folder.",
            file=sys.stderr,
        )
    if not loaded:
        _load(args.cases)
    _print(args, sheet.read(), new=not loaded)
    return 1 if loaded and not args.if_empty else 0


def _load(cases: int) -> None:
    """Fill the catalogues, then play the sample's five months."""
    began, now = time.monotonic(), timezone.now()
    print("Loading the sample regency (one or two minutes, once) ...", file=sys.stderr, flush=True)
    house.fill_catalogues(now)
    built = build.load(now, cases, say=lambda line: print(f"  {line}", file=sys.stderr, flush=True))
    sheet.write(built)
    for refused in built.refused:
        print(f"  not told to its end: {refused}", file=sys.stderr)
    print(f"  {built.cases} matters in {time.monotonic() - began:.0f} seconds.", file=sys.stderr, flush=True)


def _print(args: argparse.Namespace, said: dict[str, Any], *, new: bool) -> None:
    if args.json:
        print(json.dumps({**said, "loaded_now": new}, ensure_ascii=False))
    else:
        print(sheet.as_text(said))
