"""The way of a decision on paper: drafted, checked, initialled, signed, by different people. Pure.

Nobody drafts and signs the same letter, and nobody stands twice under one paper (practice of district social offices: the back
office drafts, the manager checks, the head of division initials (paraf) or returns it, the head of the office signs; secondary).
Other words or another decision are another paper: the digest tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STEPS: Mapping[str, str] = {
    "check": _("Check"),
    "initial": _("Initials"),
    "sign": _("Signature"),
}
"""The steps a kind may want, in their order, and what a paper says of them."""


def faults_of_approvals(wanted: object) -> list[str]:
    """What is wrong with the steps that a kind wants; empty when nothing is. A paper that is checked but never signed is none."""
    if not isinstance(wanted, list) or any(step not in STEPS for step in wanted):
        return ["steps"]
    if len(set(wanted)) != len(wanted):
        return ["twice"]
    return ["sign"] if wanted and "sign" not in wanted else []


def in_order(wanted: Collection[str]) -> list[str]:
    """The wanted steps in the order in which they are done."""
    return [step for step in STEPS if step in wanted]


def next_step(needs: Sequence[str], done: Collection[str]) -> str | None:
    """The step a paper waits for; None when it is signed."""
    return next((step for step in in_order(needs) if step not in done), None)


def digest(number: str, decision: str, text: str) -> str:
    """SHA-256 over the matter's number, the decision and the words, in one unambiguous form."""
    whole = json.dumps([number, decision, text.strip()], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
