"""``simpul work``: the worker alone."""

from __future__ import annotations

import argparse
import signal
import threading

from django.utils import timezone

from simpul.jobs import schedule
from simpul.jobs.worker import THREADS, Worker


def run(args: argparse.Namespace) -> int:
    """Do what is due once, or until the process is asked to stop."""
    if args.once:
        for name in schedule.run_due(timezone.now()):
            print(name)
        return 0
    stop = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: stop.set())
    Worker(THREADS).run_forever(stop)
    return 0
