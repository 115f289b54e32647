"""The fixed choices of the room, with their English words (translated where they are shown)."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


SUBJECTS: Mapping[str, str] = {
    "inheritance": _("Inheritance"),
    "debt": _("Debt"),
    "land": _("Land or boundary"),
    "family": _("Family"),
    "neighbour": _("Neighbours"),
    "livestock": _("Livestock"),
    "damage": _("Damage or loss"),
    "work": _("Work and wages"),
    "honour": _("Honour and words"),
    "other": _("Something else"),
}
ROLES: Mapping[str, str] = {
    "complainant": _("Brought it"),
    "respondent": _("The other side"),
    "other": _("Concerned too"),
}
STATES: Mapping[str, str] = {
    "open": _("Being mediated"),
    "agreed": _("Agreement runs"),
    "kept": _("Settled and kept"),
    "broken": _("Agreement broken"),
    "failed": _("No agreement"),
    "withdrawn": _("Withdrawn"),
    "referred": _("Sent on"),
    "protected": _("On the protected way"),
}
CONFIDENTIALITY: Mapping[str, str] = {
    "usual": _("Mediators, village head, secretary, and who took it in"),
    "narrow": _("Mediators and village head only"),
}
SESSION_STATES: Mapping[str, str] = {
    "planned": _("Planned"),
    "held": _("Under way"),
    "ended": _("Ended"),
    "called_off": _("Called off"),
}
OUTCOMES: Mapping[str, str] = {
    "agreed": _("They agreed"),
    "partly": _("They agreed in part"),
    "next": _("Another session"),
    "failed": _("No agreement"),
    "withdrawn": _("Withdrawn"),
}
PARTS: Mapping[str, str] = {
    "party": _("Party"),
    "mediator": _("Mediator"),
    "witness": _("Witness"),
    "head": _("Village head"),
    "other": _("Somebody else"),
}
HOW_DELIVERED: Mapping[str, str] = {
    "hand": _("By hand"),
    "family": _("To the family"),
    "rt": _("Through the RT"),
    "message": _("By message"),
}
DELIVERIES: Mapping[str, str] = {
    "received": _("Received"),
    "refused": _("Refused to take it"),
    "not_found": _("Nobody was met"),
}
APPEARED: Mapping[str, str] = {
    "came": _("Came"),
    "excused": _("Excused"),
    "absent": _("Did not come"),
}
MARKS: Mapping[str, str] = {"signature": _("Signature"), "thumb": _("Thumb mark")}
OBLIGATION_STATES: Mapping[str, str] = {
    "open": _("Still owed"),
    "kept": _("Kept"),
    "waived": _("Waived"),
    "broken": _("Not kept"),
}
BODIES: Mapping[str, str] = {
    "kecamatan": _("Sub-district (kecamatan)"),
    "police": _("Police"),
    "land": _("Land office (BPN)"),
    "court": _("District court"),
    "religious": _("Religious court"),
    "legal_aid": _("Legal aid (Posbankum, LBH)"),
    "uptd_ppa": _("UPTD PPA (women and children)"),
    "other": _("Another body"),
}
RESULTS: Mapping[str, str] = {
    "taken": _("Taken on"),
    "returned": _("Sent back"),
    "finished": _("Finished"),
}
SHARED: Mapping[str, str] = {"spoken": _("Agreed by word"), "written": _("Agreed in writing")}
