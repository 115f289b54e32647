"""The decisions an answer or an end can carry, with their English words (translated where they are shown).

Every end names one of these (OpenSPP's rule: a decision is required to close), so that figures can tell "helped" from "sent on".
Which of them a kind offers is data: ``Kind.decisions``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


DECISIONS: Mapping[str, str] = {
    "upheld": _("Upheld"),
    "partly_upheld": _("Partly upheld"),
    "rejected": _("Not upheld"),
    "given": _("Information given"),
    "partly_given": _("Information partly given"),
    "not_available": _("Information not available"),
    "not_held": _("Information not held here"),
    "adopted": _("Adopted"),
    "deferred": _("Deferred"),
    "noted": _("Noted"),
    "not_adopted": _("Not adopted"),
    "helped": _("Helped"),
    "partly_helped": _("Partly helped"),
    "not_eligible": _("Criteria not met"),
    "not_found": _("Person not found"),
    "reactivated": _("Card active again"),
    "proposed": _("Proposed to the ministry"),
    "issued": _("Letter issued"),
    "settled": _("Settled"),
    "partly_settled": _("Partly settled"),
    "not_settled": _("Not settled"),
    "done": _("Done"),
    "partly_done": _("Partly done"),
    "granted": _("Granted"),
    "partly_granted": _("Partly granted"),
    "refused": _("Refused"),
    "registered": _("Registered by the supervisor"),
    "not_registered": _("Not registered"),
    "protected": _("Person protected"),
    "not_confirmed": _("Not confirmed"),
    "referred": _("Referred to a body that accepted it"),
    "redirected": _("Not our authority; directed elsewhere"),
    "withdrawn": _("Withdrawn"),
    "merged": _("Merged into another matter"),
}
"""Decision -> its words in English."""

_BY_THE_PERSON = frozenset({"withdrawn", "merged"})
FAVOURABLE = frozenset(
    {
        "upheld",
        "partly_upheld",
        "given",
        "partly_given",
        "adopted",
        "helped",
        "partly_helped",
        "reactivated",
        "issued",
    }
    | {
        "settled",
        "partly_settled",
        "done",
        "partly_done",
        "granted",
        "partly_granted",
        "registered",
        "protected",
    }
)
"""Decisions that gave the person at least a part of what they asked for."""


def is_answer(decision: str) -> bool:
    """True for a decision that an answer can carry: nobody answers "merged" or takes a matter back in the person's name."""
    return decision in DECISIONS and decision not in _BY_THE_PERSON


def fits(decision: str, of_kind: Sequence[str]) -> bool:
    """True for a decision that can answer a matter of this kind: one that the kind lists, or any where it lists none."""
    return is_answer(decision) and (not of_kind or decision in of_kind)


def is_end(decision: str) -> bool:
    """True for a decision with which a matter can be closed."""
    return decision in DECISIONS and decision != "merged"


def words(decision: str) -> str:
    """The English words of a decision, to be translated by the page; the code itself for one that is no longer known."""
    return DECISIONS.get(decision, decision)
