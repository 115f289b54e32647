"""A program that takes matters in with several threads and says each number only after its commit.

``python -m tests.faults.writer --threads 4`` inside an installation (tests/cli/small.py). Each line on standard output is one
acknowledged number and its case's key, written in one piece, so that a test can kill the program at any moment and know
exactly what was promised.
"""

from __future__ import annotations

import argparse
import os
import threading
from uuid import uuid4

from tests.cli import small


def main() -> None:
    """Take matters in until the process is killed, or until ``--count`` were taken in by each thread."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--readers", type=int, default=0)
    args = parser.parse_args()
    small.open_house()
    threads = [threading.Thread(target=_take_in, args=(args.count,)) for _thread in range(args.threads)]
    threads += [threading.Thread(target=_read, daemon=True) for _thread in range(args.readers)]
    for thread in threads:
        thread.start()
    for thread in threads[: args.threads]:
        thread.join()


def _take_in(count: int) -> None:
    from simpul.cases.actions import intake  # noqa: PLC0415 - after Django is ready
    from simpul.lib.actor import ANYBODY  # noqa: PLC0415
    from tests import cast  # noqa: PLC0415

    done = 0
    while not count or done < count:
        case_id = uuid4()
        opened = intake.open_case(
            by=ANYBODY,
            at=cast.NOW,
            kind_code="complaint",
            text_given="Lampu jalan di dusun kami padam sejak sebulan lalu.",
            region_code=cast.DUNGKAIT,
            channel="web",
            reporter=intake.PersonGiven(name="Nurhayati"),
            case_id=case_id,
        )
        os.write(1, f"{opened.number} {case_id}\n".encode())
        done += 1


def _read() -> None:
    """Read while others write: what was there once stays there."""
    from simpul.cases.models import Case  # noqa: PLC0415
    from simpul.journal.models import Line  # noqa: PLC0415

    seen = 0
    while True:
        newest = list(Case.objects.order_by("-received_at", "-id").select_related("kind", "holder")[:30])
        lines = Line.objects.filter(subject_id__in=[case.id for case in newest]).count()
        number = Case.objects.count()
        if number < seen or lines < len(newest):
            os.write(1, b"READER SAW SOMETHING VANISH\n")
            os._exit(3)
        seen = number


if __name__ == "__main__":
    main()
