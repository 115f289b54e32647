"""Periodic work on letters: telling people before a letter ends, and letting go of photos whose time is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from simpul.jobs.turns import LIMIT, Outcome, Stopwatch, each
from simpul.letters.actions import reminding
from simpul.letters.queries import proof
from simpul.lib.actor import MACHINE
from simpul.upkeep.queries import files as file_queries


def remind(at: datetime) -> Outcome:
    """Tell applicants whose letters end within days, each once."""
    watch = Stopwatch(at)
    return each(
        "letters-end",
        proof.ending(at, LIMIT),
        lambda key: reminding.remind_expiry(by=MACHINE, at=watch.now(), letter_id=key),
        watch,
    )


def drop_photos(at: datetime) -> Outcome:
    """Forget photos of requirements after their time; a file goes when no row of any table speaks of it any more."""
    watch = Stopwatch(at)

    def drop(key: UUID) -> None:
        digests = reminding.drop_photos(by=MACHINE, at=watch.now(), letter_id=key)
        for digest in file_queries.unneeded(digests):
            file_queries.store().delete(digest)

    return each("letter-photos", proof.with_old_photos(at, LIMIT), drop, watch)
