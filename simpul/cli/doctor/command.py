"""Ask everything in order and print it."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cli.doctor import database, keeping, service
from simpul.cli.doctor.finding import Finding, bad

logger = logging.getLogger(__name__)

Check = Callable[[datetime], Iterator[Finding]]

ALWAYS: tuple[Check, ...] = (keeping.disk, service.spool, keeping.copies, keeping.settings_safe)
WITH_DATABASE: tuple[Check, ...] = (
    database.migrations,
    database.seals,
    keeping.files,
    keeping.keys,
    keeping.clock,
    service.queue,
    service.messages,
    service.routes,
    service.seats,
    service.calendar,
    service.node,
)
MARKS = {"ok": "  ok  ", "warn": " !    ", "bad": " !!!  "}


def run(args: argparse.Namespace) -> int:
    """Print every finding; 1 when something is bad."""
    findings = examine(timezone.now())
    healthy = all(finding.level != "bad" for finding in findings)
    if args.json:
        print(
            json.dumps(
                {"ok": healthy, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False
            )
        )
    else:
        for finding in findings:
            print(f"{MARKS[finding.level]} {finding.sentence}")
            if finding.advice:
                print(f"        -> {finding.advice}")
    return 0 if healthy else 1


def examine(at: datetime) -> list[Finding]:
    """All findings. What needs the tables is asked only when the database is whole and has its tables."""
    findings = list(_asked(database.whole, at))
    if all(finding.level != "bad" for finding in findings):
        for check in WITH_DATABASE:
            found = list(_asked(check, at))
            findings += found
            if check is database.migrations and any(finding.level != "ok" for finding in found):
                break
    for check in ALWAYS:
        findings += _asked(check, at)
    return findings


def _asked(check: Check, at: datetime) -> Iterator[Finding]:
    """The findings of one check; a check that fails is a finding itself and does not hide the others."""
    try:
        yield from check(at)
    except Exception as fault:  # the doctor must come to the end of its list
        logger.exception("The check %s failed", check.__name__)
        said = {"name": check.__name__, "fault": type(fault).__name__}
        yield bad(
            "doctor",
            _("The check %(name)s could not be made (%(fault)s).") % said,
            _("Look into the message above, and report it."),
        )
