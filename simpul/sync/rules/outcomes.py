"""What may become of an event, and which questions it may raise. Source: domain rules of offline work, 4, 5 and 7."""

from __future__ import annotations


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STATES = {
    "stored": _("received, not judged yet"),
    "accepted": _("accepted"),
    "conflict": _("accepted, a person has to choose between two values"),
    "flagged": _("accepted, a person should look at it"),
    "quarantined": _("put aside, a person has to decide"),
    "held": _("waits for an earlier entry"),
    "erased": _("erased"),
}
"""Of one event. A repeat is no state: it gets the receipt of the first. A fork is a mark beside the state (``is_fork``)."""

FINAL = frozenset({"accepted", "conflict", "flagged", "quarantined", "erased"})
"""What a device need not ask about again."""

TASKS = {
    "repair": _("an entry that could not be applied"),
    "conflict": _("two values, one field"),
    "double": _("two deliveries that may be one"),
    "twice": _("a household that may be registered twice"),
    "state": _("two decisions at once"),
    "fork": _("one phone, two histories"),
    "moved": _("work on a household that moved to another area"),
    "clock": _("a time that cannot be right"),
    "broken": _("an envelope that does not hold what it says"),
    "revoked": _("entries of a phone that was locked"),
}
"""Questions for a person, with their plain words."""

DECISIONS = {
    "apply": _("enter it after all"),
    "set_aside": _("leave it aside; it stays on record"),
    "seen": _("looked at, nothing to do"),
}
"""What a person may decide about an event that was put aside or flagged."""
