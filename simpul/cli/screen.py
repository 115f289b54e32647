"""``simpul screen``: one household of a file, or every household of a region, under every authority's rule.

The form of the file: docs/operations/screen.md. Advice only: a person decides.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.errors import Refused
from simpul.programmes.queries import catalogue, household_file, reports, screening, sheets, verdicts, words


def run(args: argparse.Namespace) -> int:
    """Screen a file, or with ``--all`` a region."""
    if args.all == bool(args.file):
        print(_("Give one file, or --all with --region."), file=sys.stderr)
        return 2
    try:
        return _region(args) if args.all else _file(args)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1


def rules_of(on: date, region_code: str) -> list[catalogue.Rule]:
    """The rules of this installation; those that ship where there is none."""
    try:
        return catalogue.rules_in_force(on, region_code)
    except DatabaseError:
        return catalogue.shipped_in_force(on, region_code)


def _file(args: argparse.Namespace) -> int:
    today = args.on or timezone.localdate()
    try:
        text = sys.stdin.read() if str(args.file) == "-" else args.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        print(_("The file cannot be opened: %(what)s") % {"what": fault}, file=sys.stderr)
        return 2
    given = household_file.read_text(text, today)
    on = args.on or given.on or today
    region = args.region.replace(".", "") or given.region_code
    rules = rules_of(on, region)
    began = time.perf_counter()
    sheet = verdicts.judge_record(given.record, rules, on)
    spent = (time.perf_counter() - began) * 1000
    for warning in given.warnings:
        print(warning, file=sys.stderr)
    found = {**reports.sheet(sheet), "warnings": given.warnings, "compute_ms": round(spent, 2)}
    if args.json:
        print(json.dumps(found, ensure_ascii=False, default=str))
    else:
        _print_sheet(found)
    return 0


def _print_sheet(found: dict[str, Any]) -> None:
    for row in found["verdicts"]:
        whose = f" · {row['whose']}" if row["whose"] else ""
        print(f"{_sign(row['verdict'])} {row['authority']}: {row['name']}{whose}")
        print(f"    {row['words']}" + (f" · {row['tally']}" if row["tally"] else ""))
        reasons = [f"{one['name']}: {one['words']}" for one in row["used"][:4]]
        if reasons:
            print(f"    {_('because')}: {'; '.join(reasons)}")
        for one in row["missing"][:2]:
            print(f"    ? {one['ask']} ({one['cost_words']})")
        if row["flip"]:
            print(f"    ⇄ {row['flip']['words']}")
        print(f"    {row['source']}; {row['valid_from_words']}; {row['confidence_words']}")
    if found["differences"]:
        print()
        print(_("Where the authorities differ"))
    for one in found["differences"]:
        answers = "; ".join(f"{row['authority']}: {row['words']}" for row in one["rows"])
        whose = f" ({one['whose']})" if one["whose"] else ""
        print(f"  {one['name']}{whose}: {answers}. {one['why']}")
    if found["ask_next"]:
        print()
        print(_("Ask this next"))
    for number, one in enumerate(found["ask_next"][:8], 1):
        whose = f"{one['whose']}: " if one["whose"] else ""
        print(f"  {number}. {whose}{one['ask']} ({one['cost_words']})")
    print()
    print(_("Advice only: a person decides and signs."))


def _sign(word: str) -> str:
    return {"yes": "✓", "no": "✗", "unknown": "?"}[word]


# --- a region --------------------------------------------------------------------------------------------------------


def _region(args: argparse.Namespace) -> int:
    region = args.region.replace(".", "")
    if not region:
        print(_("--all needs --region CODE."), file=sys.stderr)
        return 2
    on = args.on or timezone.localdate()
    if args.compare:
        return _compare(args, region, on)
    found = screening.screen(region, on)
    began = time.perf_counter()
    files = sheets.write(found, args.out, parquet=args.format == "parquet") if args.out else []
    result = {
        "region_code": region,
        "date": on.isoformat(),
        "sizes": dict(screening.sizes(found)),
        "counts": found.counts(),
        "crossed": screening.crossed(found),
        "seconds_reading": round(found.seconds_reading, 2),
        "seconds_judging": round(found.seconds_judging, 2),
        "seconds_writing": round(time.perf_counter() - began, 2),
        "files": [str(path) for path in files],
    }
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    _print_region(result)
    return 0


def _print_region(result: dict[str, Any]) -> None:
    sizes = result["sizes"]
    print(
        _("%(persons)s people, %(families)s family cards, %(households)s households")
        % {"persons": sizes["person"], "families": sizes["family"], "households": sizes["household"]}
    )
    print(f"{'':34}{_('yes'):>9}{_('no'):>9}{_('not known'):>14}")
    for row in result["counts"]:
        print(f"{row['programme'][:33]:34}{row['yes']:>9}{row['no']:>9}{row['unknown']:>14}")
    print()
    print(_("In by one rule and out by another (households)"))
    for row in result["crossed"]:
        if row["first_only"] or row["second_only"]:
            print(
                f"  {row['first']} ✓ {row['second']} ✗: {row['first_only']};  "
                f"{row['first']} ✗ {row['second']} ✓: {row['second_only']}"
            )
    for path in result["files"]:
        print(path)


def _compare(args: argparse.Namespace, region: str, on: date) -> int:
    before, after = sheets.two_versions(args.compare, region, on)
    changed, of = screening.compare(region, on, before, after)
    path = sheets.write_changed(changed, args.out, args.compare) if args.out else None
    result = {
        "programme": args.compare,
        "before": before.given.version,
        "after": after.given.version,
        "subjects": of,
        "changed": len(changed),
        "moves": sheets.moves(changed),
        "files": [str(path)] if path else [],
    }
    if args.json:
        rows = [
            {
                "unit": one.unit,
                "id": str(one.key),
                "household": str(one.household),
                "before": one.before,
                "after": one.after,
            }
            for one in changed
        ]
        print(json.dumps({**result, "rows": rows}, ensure_ascii=False))
        return 0
    print(
        _("%(programme)s: from %(before)s to %(after)s, %(changed)s of %(of)s verdicts change")
        % {**result, "of": of, "programme": words.programme_name(args.compare)}
    )
    for move, count in result["moves"].items():
        print(f"  {move}: {count}")
    return 0
