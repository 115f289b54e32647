"""A pull speaks of sealed lines only: they have positions without gaps, which one sealer gives."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, OperationalError

from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE


def seal_now(at: datetime) -> None:
    """Seal what is not sealed yet. When another one is just doing it, this pull has what was sealed before, and the next one the rest."""
    try:
        journal_actions.seal_journal(by=MACHINE, at=at)
    except (IntegrityError, OperationalError):
        return
