"""What the pages of a meeting share: its head with tabs, what is open, the last entry, and how an act's refusal is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.meetings import access, queries, rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request
from simpul.web.portal import words as portal_words

HERE = "desk_meetings"
READING = ("meeting.plan", "package.make")
TONES = {"planned": "info", "held": "warn", "closed": "good", "withdrawn": ""}
OUTCOME_TONES = {"in": "good", "out": "bad", "deferred": "warn"}


def meeting_or_404(request: Request, meeting_id: UUID) -> Any:
    """The meeting, if this seat may see it."""
    return trying.found(access.meeting_for, request, meeting_id)


def kind_name(code: str) -> str:
    """The kind in the reader's language."""
    known = queries.all_kinds().get(code)
    return str(portal_words.said(known, "name")) if known else code


def may(request: Request, act: str, meeting: Any) -> bool:
    """True when the seat may do this in this meeting."""
    return roles.may(request.by, act, access.place_of(meeting))


def show(
    request: Request, meeting: Any, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one meeting."""
    left = queries.left_open(meeting)
    tabs = [
        ("desk_meeting", _("Names"), len(left.undecided)),
        ("desk_meeting_attendance", _("Attendance"), None),
        ("desk_meeting_objections", _("Usul and sanggah"), len(left.unanswered)),
        ("desk_meeting_minutes", _("Minutes"), None),
    ]
    newer = queries.newer_version(meeting) if meeting.state == "closed" else None
    base = {
        "meeting": meeting,
        "kind": kind_name(meeting.kind),
        "state": _(rules.STATES[meeting.state]),
        "tone": TONES[meeting.state],
        "when": words.moment(meeting.held_at or meeting.planned_at, meeting.region_code),
        "where": region_queries.path_names(meeting.region_code),
        "is_open": meeting.state in ("planned", "held"),
        "left": left,
        "newer": newer,
        "may_run": may(request, "attendance.add", meeting),
        "last": _last(request, meeting),
        "tabs": [
            {
                "label": label,
                "url": reverse(name, args=[meeting.id]),
                "current": name == here,
                **({"count": count} if count and meeting.state in ("planned", "held") else {}),
            }
            for name, label, count in tabs
        ],
        "back_to": here,
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


def _last(request: Request, meeting: Any) -> dict[str, Any] | None:
    """What this officer wrote down last, for the button that takes it back."""
    found = queries.last_entry(request.by, meeting) if may(request, "entry.withdraw", meeting) else None
    if found is None:
        return None
    kind, row = found
    return {"kind": kind, "id": row.id, "words": entry_words(kind, row)}


def entry_words(kind: str, row: Any) -> str:
    """One entry in a few words."""
    if kind == "attendance":
        return _("Attendance: %(name)s") % {"name": row.name}
    if kind == "count":
        return f"{_(rules.GROUPS.get(row.group, row.group))} {row.number:+d}"
    if kind == "item":
        return _("Name: %(name)s") % {"name": row.name}
    if kind == "objection":
        return f"{_(rules.OBJECTIONS[row.kind])}: {row.about_name}"
    return f"{row.item.name}: {_(rules.OUTCOMES[row.outcome])}"
