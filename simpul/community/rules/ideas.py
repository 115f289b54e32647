"""Ideas: their states and moves, the path everybody sees, what a voice is worth, and how long an officer may write for somebody.

Sources: the path from idea to village plan (idea, hamlet talk, musdes, musrenbangdes ranking, RKPDes, DU-RKP to the camat, budget, work;
secondary), the five fields of village spending (secondary), assisted entry with a reason and a window of 30 minutes (the practice of
participation platforms, secondary). That a deferred idea is carried over and its author told why is this house's own rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


FIELDS: Mapping[str, str] = {
    "government": _("Village government"),
    "development": _("Development"),
    "guidance": _("Community guidance"),
    "empowerment": _("Empowerment"),
    "emergency": _("Disasters and urgent needs"),
}
"""The five bidang of village spending, by the codes the kind "idea" uses."""

STATES: Mapping[str, str] = {
    "new": _("Waits to be read"),
    "open": _("Discussed by residents"),
    "talked": _("Talked over in the hamlet"),
    "ranked": _("Ranked in the musrenbang"),
    "planned": _("In the village plan"),
    "proposed": _("Proposed to the camat"),
    "funded": _("Money is there"),
    "works": _("Being built"),
    "done": _("Done"),
    "deferred": _("Put off to a later year"),
    "rejected": _("Not taken up"),
    "merged": _("Joined with another idea"),
    "withdrawn": _("Taken back by its author"),
}
MOVES: Mapping[str, tuple[str, ...]] = {
    "open": ("new",),
    "talked": ("open",),
    "ranked": ("open", "talked"),
    "planned": ("open", "talked", "ranked"),
    "proposed": ("open", "talked", "ranked", "planned"),
    "funded": ("planned", "proposed"),
    "works": ("open", "talked", "ranked", "planned", "proposed", "funded"),
    "done": ("works",),
    "deferred": ("open", "talked", "ranked", "planned", "proposed", "funded"),
    "rejected": ("new", "open", "talked", "ranked"),
    "withdrawn": ("new", "open", "talked", "ranked", "deferred"),
}
"""State -> from which states an idea comes to it. Merging, reopening and carrying over have acts of their own."""

PATH = ("new", "open", "talked", "ranked", "planned", "proposed", "funded", "works", "done")
SKIPPED = frozenset({"talked", "proposed"})
"""Steps of the path that many ideas never take: they are shown only where they were taken."""
ENDED = frozenset({"deferred", "rejected", "merged", "withdrawn"})
MERGEABLE = frozenset({"new", "open", "talked", "ranked", "deferred"})
VOICED = frozenset({"open", "talked", "ranked", "planned", "proposed", "deferred"})
"""States in which voices, comments and opinions are taken."""
TELLING = frozenset(
    {"open", "talked", "ranked", "planned", "proposed", "funded", "works", "done", "deferred", "rejected"}
)
"""Steps of which the author is told, beside merging, parting and carrying over."""
REASONED = frozenset({"deferred", "rejected"})
"""Steps that cannot be taken without a reason in words: whoever proposed it has a right to hear it."""
CASE_DECISIONS: Mapping[str, str] = {"planned": "adopted", "deferred": "deferred", "rejected": "not_adopted"}
"""Which step answers the matter the idea came with, and by which decision of its kind."""

CHANNELS: Mapping[str, str] = {
    "web": _("from the public page"),
    "desk": _("at the counter"),
    "phone": _("by telephone"),
    "whatsapp": _("from WhatsApp"),
    "sms": _("by SMS"),
    "email": _("by e-mail"),
    "telegram": _("from Telegram"),
    "paper": _("on paper"),
    "field": _("on a visit"),
    "open311": _("from another program"),
    "lapor": _("from SP4N-LAPOR"),
}
ASSISTED_FOR = timedelta(minutes=30)
CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CODES_AN_HOUR = 3
VOTER_LASTS = timedelta(hours=12)
"""How long a device is believed after its code was right, before it is asked again."""

_CODE = re.compile(r"[a-z2-7]{8}")


def may_become(state: str, wanted: str) -> bool:
    """True when an idea in ``state`` may come to ``wanted``."""
    return state in MOVES.get(wanted, ())


def is_code(text: str) -> bool:
    """True for what can be the code of an idea's page."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class PathStep:
    """One knot of the path on an idea's page."""

    state: str
    standing: str  # done, now, next
    at: datetime | None = None
    reason: str = ""


def path(state: str, taken: Sequence[tuple[str, datetime, str]]) -> tuple[PathStep, ...]:
    """The path of an idea as everybody sees it: what was reached, where it is now, what comes.

    Args:
        state: where the idea stands.
        taken: its steps in order: (state or kind, when, reason). An end (deferred, rejected, merged, withdrawn) stands after what was
            reached, and nothing follows it.
    """
    reached: dict[str, tuple[datetime | None, str]] = {}
    for kind, moment, words in taken:
        if kind in PATH or kind == state:
            reached[kind] = (moment, words)
    unknown: tuple[datetime | None, str] = (None, "")
    furthest = max((PATH.index(one) for one in reached if one in PATH), default=0)
    place = PATH.index(state) if state in PATH else furthest
    shown: list[PathStep] = []
    for one in PATH[: place + 1]:
        at, reason = reached.get(one, unknown)
        if one == state:
            shown.append(PathStep(one, "done" if one == "done" else "now", at, reason))
        elif at is not None or one not in SKIPPED:
            shown.append(PathStep(one, "done", at, reason))
    if state in ENDED:
        at, reason = reached.get(state, unknown)
        return (*shown, PathStep(state, "now", at, reason))
    coming = [one for one in PATH[place + 1 :] if one not in SKIPPED]
    return (*shown, *(PathStep(one, "next") for one in coming))


def same_words(first: str, second: str) -> float:
    """How alike two texts are by their words, from 0 to 1 (shared words over all words): to find ideas said twice.

    Args:
        first, second: search keys (``lib.text.search_key``) of the texts.
    """
    one = {word for word in first.split() if len(word) > 2}
    two = {word for word in second.split() if len(word) > 2}
    return len(one & two) / len(one | two) if one | two else 0.0


LOOKS_ALIKE = 0.34
"""From here on two titles are offered as perhaps the same idea; a person decides."""


def assistance_open(began_at: datetime, until_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """True while an officer may write for the person: within the window, and before it was ended."""
    return began_at <= now < until_at and (ended_at is None or now < ended_at)


def told_share(owed: Iterable[bool]) -> tuple[int, int]:
    """(heard, owed) over the steps of which authors were to be told."""
    rows = list(owed)
    return sum(rows), len(rows)
