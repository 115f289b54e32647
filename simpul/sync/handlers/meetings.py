"""Events of meetings, and what people say besides their matters."""

from __future__ import annotations

from collections.abc import Mapping

from simpul.feedback import actions as feedback_actions
from simpul.feedback.actions import recording
from simpul.meetings import access as meeting_access
from simpul.meetings import actions as meeting_actions
from simpul.sync.handlers.frame import Done, Given, Handler, Input, Work, handler


def _add_attendance(work: Work, given: Given) -> Done:
    meeting = meeting_access.meeting_for(work.by, given["meeting_id"])
    meeting_actions.add_attendance(
        by=work.by,
        at=work.at,
        meeting_id=meeting.id,
        guest=meeting_actions.Guest(
            name=given["name"],
            office=given["office"],
            groups=given["groups"],
            came=given["came"],
            signed=bool(given["signed"]),
            decides=bool(given["decides"]),
            person_id=given["person_id"],
        ),
        attendance_id=given["attendance_id"],
    )
    return Done(region_code=meeting.region_code)


def _mark_attendance(work: Work, given: Given) -> Done:
    meeting = meeting_access.meeting_for(work.by, given["meeting_id"])
    meeting_actions.mark_attendance(
        by=work.by,
        at=work.at,
        meeting_id=meeting.id,
        attendance_id=given["attendance_id"],
        came=given["came"],
        signed=bool(given["signed"]),
    )
    return Done(region_code=meeting.region_code)


def _count_attendance(work: Work, given: Given) -> Done:
    meeting = meeting_access.meeting_for(work.by, given["meeting_id"])
    now = meeting_actions.count_attendance(
        by=work.by,
        at=work.at,
        meeting_id=meeting.id,
        group=given["group"],
        number=given["number"],
        count_id=given["count_id"],
    )
    return Done(facts={"counted": now}, region_code=meeting.region_code)


def _record_feedback(work: Work, given: Given) -> Done:
    """What is sensitive goes to the protected intake; the answer does not tell."""
    feedback_actions.record_feedback(
        by=work.by,
        at=work.at,
        text_given=given["text"],
        region_code=given["region"],
        channel="field",
        codes=given["codes"],
        told=recording.Told(
            sex=given["sex"],
            age_band=given["age_band"],
            disability=given["disability"],
            hamlet_id=given["hamlet"],
            voices=given["voices"] or 1,
        ),
        language=given["language"] or "id",
        received_at=work.happened,
        sensitive=bool(given["sensitive"]),
        record_id=given["record_id"],
    )
    return Done(region_code=given["region"])


_MEETING = Input("meeting_id", "key", True)
_CAME = Input("came", "yes", about="left out for somebody who was asked and has not been seen")

HANDLERS: Mapping[str, Handler] = {
    "attendance.add/1": handler(
        _add_attendance,
        "A line of the attendance list.",
        Input("attendance_id", "new", True),
        _MEETING,
        Input("name", "text"),
        Input("person_id", "person"),
        Input("office", "text"),
        Input("groups", "texts"),
        _CAME,
        Input("signed", "yes"),
        Input("decides", "yes"),
    ),
    "attendance.mark/1": handler(
        _mark_attendance,
        "Somebody who was asked came, or did not.",
        Input("attendance_id", "key", True),
        _MEETING,
        _CAME,
        Input("signed", "yes"),
    ),
    "attendance.count/1": handler(
        _count_attendance,
        "People of a group, counted without their names.",
        Input("count_id", "new", True),
        _MEETING,
        Input("group", "choice", True),
        Input("number", "number", True, "below nought takes some back"),
    ),
    "feedback.record/1": handler(
        _record_feedback,
        "What somebody said that is no matter of its own.",
        Input("record_id", "new", True),
        Input("text", "text", True),
        Input("region", "text", True, "code of the village"),
        Input("hamlet", "key"),
        Input("codes", "texts"),
        Input("sex", "choice"),
        Input("age_band", "choice"),
        Input("disability", "choice"),
        Input("voices", "number"),
        Input("language", "choice"),
        Input("sensitive", "yes"),
    ),
}
