"""``simpul clock``: the due date of a working-day clock, and the days it skipped with their reasons."""

from __future__ import annotations

import argparse
import json

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from simpul.lib import when
from simpul.lib.errors import Refused
from simpul.lib.workdays import WEEKEND, DueDate
from simpul.regions import queries as region_queries


def run(args: argparse.Namespace) -> int:
    """Print the due date: from this installation's calendar, or from the holiday library where there is none yet."""
    if args.working_days < 1:
        print("--working-days must be at least 1")
        return 2
    week = "123456" if args.six_days else "12345"
    try:
        due = _due(args, week)
    except Refused as refusal:
        print(refusal)
        return 1
    if args.json:
        skipped = [{"date": day.isoformat(), "reason": reason} for day, reason in due.skipped]
        print(json.dumps({"due_date": due.date.isoformat(), "skipped": skipped}, ensure_ascii=False))
        return 0
    with translation.override("id"):
        print(when.format_long_date(due.date))
        for day, reason in due.skipped:
            print(f"  {when.format_long_date(day)}: {_('weekend') if reason == WEEKEND else reason}")
    return 0


def _due(args: argparse.Namespace, week: str) -> DueDate:
    region = args.region.replace(".", "")
    try:
        return region_queries.due_with_reasons(args.start, args.working_days, region, week)
    except DatabaseError:
        return region_queries.due_by_library(args.start, args.working_days, region, week)
