"""What the acts of a meeting share: begin on a locked row, find an entry again, write the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.meetings import access
from simpul.meetings.models import Decision, Entry, Meeting

OPEN = ("planned", "held")


class MeetingClosed(Refused):
    """A closed list is never changed."""

    code = "meeting.closed"
    sentence = _(
        "This meeting is closed, and nothing in it can be changed. Make a new version to correct it."
    )


class MeetingNotHeld(Refused):
    """The meeting has not begun."""

    code = "meeting.not_held"
    sentence = _("Start the meeting first.")


class MeetingHeld(Refused):
    """The meeting has begun already, or was called off."""

    code = "meeting.held"
    sentence = _("This can only be done before the meeting has begun.")


class WordsMissing(Refused):
    """An entry needs words."""

    code = "meeting.words_missing"
    sentence = _("Write a few words here.")


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "meeting.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class KeyTaken(Refused):
    """The key of an entry stands in another meeting."""

    code = "meeting.key_taken"
    sentence = _("This was already written down in another meeting. Load the page again.")


def begin(by: Actor, act: str, meeting_id: UUID, states: Collection[str] = OPEN) -> Meeting:
    """Lock the meeting, ask for permission, and see that it is in a state in which the act makes sense.

    Raises:
        NotFound, NotAllowed: there is none for this actor, or the role may not do this here.
        MeetingClosed, MeetingNotHeld, MeetingHeld: it is too late, or too early.
    """
    meeting = access.meeting_for(by, meeting_id, lock=True)
    roles.require(by, act, access.place_of(meeting))
    if meeting.state in states:
        return meeting
    if meeting.state == "closed":
        raise MeetingClosed
    if meeting.state == "planned" and "held" in states:
        raise MeetingNotHeld
    raise MeetingHeld


def again(table: type[Entry], entry_id: UUID | None, meeting: Meeting) -> Any:
    """The entry that was written under this key before, so that a press or a phone that repeats itself changes nothing.

    Raises:
        KeyTaken: the key belongs to another meeting.
    """
    found: Any = table._default_manager.filter(id=entry_id).first() if entry_id else None
    if found is None:
        return None
    owner = found.item.meeting_id if table is Decision else found.meeting_id
    if owner != meeting.id:
        raise KeyTaken
    return found


def written(by: Actor, at: datetime, entry_id: UUID | None) -> dict[str, Any]:
    """The columns every entry has."""
    own: dict[str, Any] = {"recorded_at": at, "recorded_by": by.name[:150], "user_id": by.user_key}
    return {**own, "id": entry_id} if entry_id else own


def words(given: str, *, field: str, most: int, least: int = 2) -> str:
    """One cleaned line that cannot be left out.

    Raises:
        WordsMissing: nothing is left.
    """
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordsMissing(field=field)
    return clean


def entry(meeting: Meeting, table: type[Entry], entry_id: UUID) -> Any:
    """One entry of this meeting that stands.

    Raises:
        NotFound: there is none.
    """
    found: Any = table._default_manager.filter(id=entry_id, withdrawn_at=None).first()
    if found is None or found.meeting_id != meeting.id:
        raise NotFound
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    meeting: Meeting,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. Names and reasons go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="meeting",
        subject_id=meeting.id,
        facts=facts,
        inputs=inputs,
        region_code=meeting.region_code,
    )
