"""What the acts of duty, counter and guests share. Steps, no acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.village_post.models import Duty, Shift


class WordsMissing(Refused):
    """A reason or a name cannot be left out."""

    code = "post.words_missing"
    sentence = _("Write a few words here.")


class AlreadyThere(Refused):
    """The key stands for something else."""

    code = "post.key_taken"
    sentence = _("This was already written down at another post. Load the page again.")


class Settled(Refused):
    """Somebody was quicker."""

    code = "post.settled"
    sentence = _("This has been settled meanwhile. Load the page again to see how it stands.")


def words(given: str, *, field: str, most: int = 200, least: int = 2) -> str:
    """One cleaned line that cannot be left out. Raises ``WordsMissing``."""
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordsMissing(field=field)
    return clean


def names(given: list[str] | tuple[str, ...], *, most: int = 30) -> list[str]:
    """Cleaned names of keys or things, each once."""
    clean = (text.clean_line(one)[:80] for one in given)
    return list(dict.fromkeys(one for one in clean if one))[:most]


def seat_of(by: Actor, at: datetime, seat_id: UUID) -> Seat:
    """A seat of the area that is held now. Raises ``NotFound``."""
    found = next((one for one in desk_queries.seats_visible(by, at) if one.id == seat_id), None)
    if found is None:
        raise NotFound
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: str,
    row: Any,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. Names and words go into ``inputs``, which can be removed."""
    shift: Shift | None = row.shift if isinstance(row, Duty) else None
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject,
        subject_id=row.id,
        facts=facts,
        inputs=inputs,
        region_code=shift.region_code if shift is not None else row.region_code,
    )
