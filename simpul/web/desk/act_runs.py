"""What each act of the case page calls: the values of its form, put into one act's own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from simpul.cases.actions import afterwards, files, handling, incidents, protection, referral, shaping
from simpul.lib.actor import Actor


def accept(by: Actor, at: datetime, case_id: UUID, _form: Any) -> None:
    """``accept_case``."""
    referral.accept_case(by=by, at=at, case_id=case_id)


def decline(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``decline_case``."""
    referral.decline_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def return_it(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``return_case``."""
    referral.return_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def recall(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``recall_case``."""
    referral.recall_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def claim(by: Actor, at: datetime, case_id: UUID, _form: Any) -> None:
    """``claim_case``."""
    handling.claim_case(by=by, at=at, case_id=case_id)


def release(by: Actor, at: datetime, case_id: UUID, _form: Any) -> None:
    """``release_case``."""
    handling.release_case(by=by, at=at, case_id=case_id)


def ask(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``ask_question``."""
    handling.ask_question(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def reply(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``reply_question``."""
    handling.reply_question(by=by, at=at, case_id=case_id, **form.cleaned_data)


def note(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``note_case``."""
    handling.note_case(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def draft(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``draft_case``."""
    handling.draft_case(by=by, at=at, case_id=case_id, text=form.cleaned_data["text"])


def hand_in(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``hand_in_case``."""
    handling.hand_in_case(by=by, at=at, case_id=case_id, draft=form.cleaned_data["draft"])


def verify(by: Actor, at: datetime, case_id: UUID, _form: Any) -> None:
    """``verify_case``."""
    handling.verify_case(by=by, at=at, case_id=case_id)


def send_back(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``send_back_case``."""
    handling.send_back_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def answer(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``answer_case``."""
    handling.answer_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def close(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``close_case``."""
    handling.close_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def reopen(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``reopen_case``."""
    afterwards.reopen_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def appeal(by: Actor, at: datetime, case_id: UUID, form: Any) -> Any:
    """``appeal_case``."""
    return afterwards.appeal_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def withdraw(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``withdraw_case``."""
    afterwards.withdraw_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def classify(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``classify_case``."""
    given = form.cleaned_data
    shaping.classify_case(
        by=by,
        at=at,
        case_id=case_id,
        kind_code=given["kind_code"],
        answers=form.answers,
        reason=given["reason"],
    )


def merge(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``merge_case``."""
    shaping.merge_case(
        by=by,
        at=at,
        case_id=case_id,
        into_id=form.cleaned_data["other"].id,
        reason=form.cleaned_data["reason"],
    )


def link(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``link_case``."""
    shaping.link_case(
        by=by, at=at, case_id=case_id, other_id=form.cleaned_data["other"].id, kind=form.cleaned_data["kind"]
    )


def unlink(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``unlink_case``."""
    shaping.unlink_case(by=by, at=at, case_id=case_id, other_id=form.cleaned_data["other_id"])


def split(by: Actor, at: datetime, case_id: UUID, form: Any) -> Any:
    """``split_case``."""
    return shaping.split_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def attach(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``attach_case``."""
    for file in form.cleaned_data["uploads"]:
        file.seek(0)  # the form has read it to judge it
        files.attach_case(by=by, at=at, case_id=case_id, data=file.read(), declared_name=file.name or "")


def remove_file(by: Actor, at: datetime, _case_id: UUID, form: Any) -> None:
    """``remove_attachment``."""
    files.remove_attachment(by=by, at=at, **form.cleaned_data)


def seal(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``seal_case``."""
    readers = [UUID(user_id) for user_id in form.cleaned_data["reader_ids"]]
    protection.seal_case(
        by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"], reader_ids=readers
    )


def unseal(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``unseal_case``."""
    protection.unseal_case(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def screen(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``screen_case``."""
    given = form.cleaned_data
    protection.screen_case(
        by=by, at=at, case_id=case_id, sensitive=given["sensitive"] == "yes", reason=given["reason"]
    )


def exclude(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``exclude_case``."""
    given = form.cleaned_data
    whom = {name: UUID(given[name]) if given[name] else None for name in ("user_id", "desk_id")}
    protection.exclude_case(by=by, at=at, case_id=case_id, reason=given["reason"], **whom)


def readmit(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``readmit_case``."""
    protection.readmit_case(by=by, at=at, case_id=case_id, **form.cleaned_data)


def ask_identity(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``ask_identity``."""
    protection.ask_identity(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def open_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``open_incident``."""
    incidents.open_incident(by=by, at=at, case_id=case_id, **form.cleaned_data)


def join_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``join_incident``."""
    incidents.join_incident(by=by, at=at, case_id=case_id, incident_id=UUID(form.cleaned_data["incident_id"]))


def leave_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``leave_incident``."""
    incidents.leave_incident(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def answer_incident(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``answer_incident``."""
    incidents.answer_incident(by=by, at=at, incident_id=case_id, **form.cleaned_data)
