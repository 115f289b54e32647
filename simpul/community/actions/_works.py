"""Steps that the acts on works and idle land share: begin on a locked row, find an entry again, cleaned words, the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import works as access
from simpul.community.models import Work
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7


class WorkWordsMissing(Refused):
    """A text the act cannot do without."""

    code = "work.words_missing"
    sentence = _("Write at least a few words, so that others understand it later.")


class WorkChoiceUnknown(Refused):
    """A value that is not offered."""

    code = "work.choice_unknown"
    sentence = _("Choose one of the answers that are offered.")


class WorkCalledOff(Refused):
    """A work that was called off takes nothing more."""

    code = "work.called_off"
    sentence = _("This work was called off. Plan a new one if it is done after all.")


class DayNotYet(Refused):
    """Only what happened is written down."""

    code = "work.day_not_yet"
    sentence = _("This day lies in the future. Write down the day on which it happened.")


class AmountMissing(Refused):
    """No amount."""

    code = "work.amount_missing"
    sentence = _("Write an amount above nought.")


class WhyMissing(Refused):
    """What is taken back says why."""

    code = "work.why_missing"
    sentence = _("Say why this is taken back.")
    field = "why"


def begin(by: Actor, act: str, work_id: UUID) -> Work:
    """The work for an act, locked: seen by the actor and allowed by the role table.

    Raises:
        NotFound: unknown, hidden or not allowed: the three look the same.
    """
    found = access.work_for(by, work_id, lock=True)
    roles.require(by, act, access.place_of(found.region_code))
    return found


def begin_writing(by: Actor, act: str, work_id: UUID) -> Work:
    """The work for a line of its book. Facts come late: only a work that was called off takes none.

    Raises:
        NotFound, WorkCalledOff.
    """
    found = begin(by, act, work_id)
    if found.state == "called_off":
        raise WorkCalledOff
    return found


def again(table: type[models.Model], entry_id: UUID | None, **owner: Any) -> Any:
    """The row that was written under this key before, so that a press that repeats itself changes nothing.

    Raises:
        NotFound: the key belongs to something else.
    """
    found: Any = table._default_manager.filter(pk=entry_id).first() if entry_id else None
    if found is not None and any(getattr(found, name) != value for name, value in owner.items()):
        raise NotFound
    return found


def written(by: Actor, at: datetime, entry_id: UUID | None) -> dict[str, Any]:
    """The columns every entry has."""
    return {
        "id": entry_id or uuid7(),
        "recorded_at": at,
        "recorded_by": by.name[:150],
        "user_id": by.user_key,
    }


def words(given: str, *, field: str, most: int = 150, least: int = 2) -> str:
    """A cleaned line; ``least`` 0 lets it be empty.

    Raises:
        WorkWordsMissing, text.TooLong.
    """
    clean = text.clean_line(given, most)
    if len(clean) < least:
        raise WorkWordsMissing(field=field)
    return clean


def choice(value: str, table: Mapping[str, str] | Iterable[str], *, field: str) -> str:
    """A value of the table.

    Raises:
        WorkChoiceUnknown: it is not in it.
    """
    if value not in table:
        raise WorkChoiceUnknown(field=field)
    return value


def happened(day: date, at: datetime, region_code: str, *, field: str = "day") -> date:
    """A day that has come at the place.

    Raises:
        DayNotYet: it has not.
    """
    if day > at.astimezone(desk_queries.zone_of(region_code)).date():
        raise DayNotYet(field=field)
    return day


def withdraw(found: Any, at: datetime, why: str) -> bool:
    """Take an entry back, with its reason; False when it was taken back before.

    Raises:
        WhyMissing: no reason.
    """
    if found.withdrawn_at is not None:
        return False
    found.withdrawn_why = text.clean_line(why, 300)
    if len(found.withdrawn_why) < 3:
        raise WhyMissing
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at", "withdrawn_why"])
    return True


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    region_code: str,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        region_code=region_code,
        facts=facts,
        inputs=inputs,
    )
