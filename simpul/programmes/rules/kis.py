"""Switched-off KIS cards: the moves of an application, who comes first and why, what the rule of the day wants, and when to ask again.

States and the order of needs follow district practice around Permensos 3/2026 (secondary). What each version of the rule wants is dated
data; this module only reads it. Nothing here decides who is poor: a person decides, the rule says what to bring.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


# --- the application ----------------------------------------------------------------------------------------------------

SUBMITTED = "submitted"
CHECK = "document_check"
REVISION = "revision_requested"
ELIGIBILITY = "eligibility_verification"
AWAITING = "awaiting_approval"
ISSUED = "recommendation_issued"
PROPOSED = "proposed_to_ministry"
MINISTRY_YES = "ministry_approved"
MINISTRY_NO = "ministry_rejected"
REACTIVATED = "reactivated"
COMPLETED = "completed"
REJECTED = "rejected"

STATES: Mapping[str, str] = {
    SUBMITTED: _("Asked for"),
    CHECK: _("Papers are checked"),
    REVISION: _("Papers are missing"),
    ELIGIBILITY: _("Eligibility is verified"),
    AWAITING: _("Waits for approval and signature"),
    ISSUED: _("Letter of recommendation issued"),
    PROPOSED: _("Proposed to Kemensos"),
    MINISTRY_YES: _("Approved by the ministry"),
    MINISTRY_NO: _("Refused by the ministry"),
    REACTIVATED: _("Card is active again"),
    COMPLETED: _("Finished: the data are up to date"),
    REJECTED: _("Refused here"),
}
"""Every state of an application, in the order of its way, with its label."""

PATH = (SUBMITTED, CHECK, ELIGIBILITY, AWAITING, ISSUED, PROPOSED, MINISTRY_YES, REACTIVATED, COMPLETED)
"""The straight way, for the row of steps on a page."""
ENDED = frozenset({COMPLETED, REJECTED, MINISTRY_NO})
RESTORED = frozenset({REACTIVATED, COMPLETED})
AT_MINISTRY = frozenset({PROPOSED})
BY_THE_MINISTRY = frozenset({PROPOSED, MINISTRY_YES, MINISTRY_NO, REACTIVATED, COMPLETED})
"""States that lie behind the proposal: what "proposed" counts."""

NOT_ASKED = ""

MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "card.ask": (frozenset({NOT_ASKED}), SUBMITTED),
    "card.check": (frozenset({SUBMITTED, REVISION}), CHECK),
    "card.revise": (frozenset({CHECK}), REVISION),
    "card.pass": (frozenset({CHECK}), ELIGIBILITY),
    "card.verify": (frozenset({ELIGIBILITY}), AWAITING),
    "card.approve": (frozenset({AWAITING}), ISSUED),
    "card.propose": (frozenset({ISSUED}), PROPOSED),
    "card.grant": (frozenset({PROPOSED}), MINISTRY_YES),
    "card.deny": (frozenset({PROPOSED}), MINISTRY_NO),
    "card.confirm": (frozenset({MINISTRY_YES}), REACTIVATED),
    "card.complete": (frozenset({REACTIVATED}), COMPLETED),
    "card.reject": (frozenset(STATES) - {REJECTED}, REJECTED),
}
"""The one table of moves: from which states an act starts, and the state it leads to. What is not here is refused.

``rejected`` can be reached from every state (district practice, secondary).
"""


def target(act: str, state: str) -> str | None:
    """The state after ``act`` from ``state``; None when the move is not declared."""
    sources, leads_to = MOVES.get(act, (frozenset(), ""))
    return leads_to if state in sources else None


def acts_from(state: str) -> tuple[str, ...]:
    """The acts that may start from a state, in the order of the table."""
    return tuple(act for act, (sources, _target) in MOVES.items() if state in sources)


# --- doors --------------------------------------------------------------------------------------------------------------

TO_VISIT = "to_visit"
FOUND = "visited_found"
NOT_FOUND = "not_found"
MOVED = "moved"
DEAD = "dead"
REFUSED_TO_ASK = "refused_to_ask"
ASKED = "asked"

DOORS: Mapping[str, str] = {
    TO_VISIT: _("To visit"),
    FOUND: _("Met at home"),
    NOT_FOUND: _("Nobody was there"),
    MOVED: _("Moved away"),
    DEAD: _("Has died"),
    REFUSED_TO_ASK: _("Does not want to ask"),
    ASKED: _("Has asked"),
}
VISITED = frozenset(DOORS) - {TO_VISIT}
FINDINGS = (FOUND, NOT_FOUND, MOVED, DEAD, REFUSED_TO_ASK)
"""What can be written down about a door; ``asked`` comes from asking alone."""
REACHED = frozenset({FOUND, REFUSED_TO_ASK, ASKED})
"""Doors behind which the person was spoken to."""
CONSENTS = ("spoken", "ticked", "paper")

# --- need ---------------------------------------------------------------------------------------------------------------

NEEDS: Mapping[str, str] = {
    "emergency": _("Medical emergency"),
    "catastrophic": _("Life-threatening illness"),
    "treatment": _("Under treatment now"),
    "chronic": _("Chronic illness"),
    "pregnant": _("Pregnant"),
    "child": _("Child"),
    "elderly": _("Elderly"),
    "disabled": _("Has a disability"),
    "unknown": _("Not known yet"),
    "none": _("Healthy at the moment"),
}
"""Needs in the order in which doors are visited. Unknown stands before "healthy": nobody has looked yet."""

_WHY: Mapping[str, str] = {
    "emergency": _("an emergency: treatment cannot wait for a card"),
    "catastrophic": _("a life-threatening illness: without the card the treatment stops"),
    "treatment": _("is under treatment now"),
    "chronic": _("a chronic illness that needs medicine every month"),
    "pregnant": _("is pregnant: the birth has a date"),
    "child": _("a child, who falls ill quickly"),
    "elderly": _("an elderly person"),
    "disabled": _("a person with a disability"),
    "unknown": _("nobody has asked yet how this person is"),
    "none": _("is healthy at the moment"),
}
_SOURCES: Mapping[str, str] = {
    "list": _("by the list"),
    "register": _("by the register"),
    "door": _("seen at the door"),
    "": "",
}
ELDERLY_AGE = 60
"""UU 13/1998 art. 1: 60 years and above (unconfirmed for this purpose)."""
CHILD_AGE = 18
_REASON_WORDS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("emergency", ("gawat darurat", "darurat", "igd", "icu", "emergency")),
    (
        "catastrophic",
        (
            "katastropik",
            "cuci darah",
            "hemodialisa",
            "gagal ginjal",
            "kanker",
            "jantung",
            "stroke",
            "talasemia",
            "thalasemia",
            "leukemia",
            "hemofilia",
            "catastrophic",
        ),
    ),
    ("treatment", ("rawat inap", "rawat jalan", "kontrol", "berobat", "operasi", "treatment")),
    (
        "chronic",
        ("kronis", "menahun", "diabetes", "gula", "hipertensi", "darah tinggi", "tbc", "asma", "chronic"),
    ),
    ("pregnant", ("hamil", "melahirkan", "bumil", "pregnant")),
    ("disabled", ("disabilitas", "difabel", "cacat", "disabled")),
    ("elderly", ("lansia", "lanjut usia", "elderly")),
    ("child", ("anak", "balita", "bayi", "child")),
    ("none", ("sehat", "tidak sakit", "healthy")),
)


def rank(need: str) -> int:
    """The place of a need in the order of doors: 0 comes first. An unheard-of need ranks as unknown."""
    order = tuple(NEEDS)
    return order.index(need if need in NEEDS else "unknown")


def why(need: str, source: str) -> tuple[str, str]:
    """Why a door stands where it stands: the reason and where it is known from, both to be translated where they are shown."""
    return _WHY.get(need, _WHY["unknown"]), _SOURCES.get(source, "")


_DENIED = re.compile(
    r"\b(?:tidak|tdk|bukan|tanpa|kurang|not)\s+"
    r"(?:(?:ada|sedang|dalam|punya|memiliki|menderita|sakit|penyakit|keadaan|gawat)\s+)*(?!sakit\b)\w+"
)
"""What the words deny says nothing: "tidak sehat" is not healthy, "tidak hamil" is not pregnant. "Tidak sakit" is healthy."""


def need_from_words(words: str) -> str:
    """The need that a list's own words tell of; "" when they tell none. A sign begins a word: "koperasi" is no "operasi"."""
    told = _DENIED.sub(" ", " ".join(words.casefold().split()))
    return next(
        (need for need, signs in _REASON_WORDS if any(re.search(rf"\b{sign}", told) for sign in signs)), ""
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows about a person's need. None is unknown, never no."""

    chronic: bool | None = None
    catastrophic: bool | None = None
    pregnant: bool | None = None
    disabled: bool | None = None
    birth_date: date | None = None


def need_from_register(known: Known, today: date) -> str:
    """The most pressing need the register tells of; "" when it tells none. The register never says that somebody is healthy."""
    age = age_on(known.birth_date, today)
    told = {
        "catastrophic": known.catastrophic is True,
        "chronic": known.chronic is True,
        "pregnant": known.pregnant is True,
        "child": age is not None and age < CHILD_AGE,
        "elderly": age is not None and age >= ELDERLY_AGE,
        "disabled": known.disabled is True,
    }
    return next((need for need, true in told.items() if true), "")


def age_on(born: date | None, day: date) -> int | None:
    """Whole years of age on a day; None when the birth date is unknown or lies ahead."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# --- what the rule of the day wants -------------------------------------------------------------------------------------

LETTER_WISHES = ("required", "optional", "no")
EXCLUDED: Mapping[str, str] = {
    "civil_servant": _("Civil servant"),
    "army": _("Army"),
    "police": _("Police"),
    "village_official": _("Village official"),
}
"""Positions a rule may leave out; the same codes as ``people.Profile.office``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of the reactivation rule: who says it, for which days, and what it wants."""

    code: str
    name: str
    authority: str
    source: str
    confidence: str
    from_date: date
    until_date: date | None
    facility_letter: str
    village_letter: str
    chronic_required: bool
    off_from: date | None = None
    off_until: date | None = None
    excludes: tuple[str, ...] = ()
    follow_up_days: int = 14
    duty_months: int = 6
    followed: bool = True


DEFAULT = Rule(
    code="",
    name=_("No rule is known for this day"),
    authority="",
    source="",
    confidence="unconfirmed",
    from_date=date(2000, 1, 1),
    until_date=None,
    facility_letter="required",
    village_letter="required",
    chronic_required=False,
)
"""Asks for both letters: what is brought too much harms nobody as much as a second way to the office."""


class UnreadableRuleError(ValueError):
    """A row of the catalogue is wrong; the sentence says which and why (a fault of who wrote the file)."""


def rules_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Read the rows of the catalogue.

    Raises:
        UnreadableRuleError: a row without source, with unknown wishes, or with days the wrong way round.
    """
    return tuple(_rule_from(row) for row in rows)


def _rule_from(row: Mapping[str, Any]) -> Rule:
    code = str(row.get("code", "?"))
    if not row.get("source") or not row.get("authority") or "from" not in row:
        raise UnreadableRuleError(f"{code}: a rule needs authority, source and the day from which it holds")
    if row["facility_letter"] not in LETTER_WISHES or row["village_letter"] not in LETTER_WISHES:
        raise UnreadableRuleError(f"{code}: a letter is required, optional or no")
    if row.get("until") is not None and row["until"] < row["from"]:
        raise UnreadableRuleError(f"{code}: it ends before it begins")
    if not set(row.get("excludes", ())) <= set(EXCLUDED):
        raise UnreadableRuleError(f"{code}: unknown position in excludes")
    return Rule(
        code=code,
        name=row["name"],
        authority=row["authority"],
        source=row["source"],
        confidence=row["confidence"],
        from_date=row["from"],
        until_date=row.get("until"),
        facility_letter=row["facility_letter"],
        village_letter=row["village_letter"],
        chronic_required=bool(row["chronic_required"]),
        off_from=row.get("off_from"),
        off_until=row.get("off_until"),
        excludes=tuple(row.get("excludes", ())),
        follow_up_days=int(row.get("follow_up_days", 14)),
        duty_months=int(row.get("duty_months", 6)),
        followed=bool(row.get("followed", True)),
    )


def in_force(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """The versions that hold on a day, the newest first."""
    held = [
        rule
        for rule in rules
        if rule.from_date <= day and (rule.until_date is None or day <= rule.until_date)
    ]
    return tuple(sorted(held, key=lambda rule: rule.from_date, reverse=True))


def followed(rules: Iterable[Rule], day: date) -> Rule:
    """The version the desk follows on a day: the newest of those in force that are marked so; else ``DEFAULT``."""
    return next((rule for rule in in_force(rules, day) if rule.followed), DEFAULT)


def differing(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """Versions in force on a day that want other letters, or another illness, than the one that is followed."""
    ours = followed(rules, day)
    return tuple(
        rule for rule in in_force(rules, day) if rule.code != ours.code and _wishes(rule) != _wishes(ours)
    )


def _wishes(rule: Rule) -> tuple[object, ...]:
    return rule.facility_letter, rule.village_letter, rule.chronic_required


@dataclass(frozen=True, slots=True)
class Given:
    """What an application holds so far, for ``missing`` and ``doubts``."""

    facility_letter: bool = False
    village_letter: bool = False
    need: str = "unknown"
    off_date: date | None = None
    office: str = ""
    """A position of the person or of somebody on the same family card; "" is unknown, "none" is none."""


def missing(rule: Rule, given: Given) -> tuple[str, ...]:
    """The papers the rule requires that are not there: "facility_letter", "village_letter"."""
    lacking = []
    if rule.facility_letter == "required" and not given.facility_letter:
        lacking.append("facility_letter")
    if rule.village_letter == "required" and not given.village_letter:
        lacking.append("village_letter")
    return tuple(lacking)


_ILL = frozenset({"emergency", "catastrophic", "treatment", "chronic"})


def doubts(rule: Rule, given: Given) -> tuple[str, ...]:
    """What speaks against the application by this rule: "not_chronic", "outside_window", "excluded". Advice: a person decides.

    Unknown is never held against anybody.
    """
    found = []
    if rule.chronic_required and given.need not in _ILL | {"unknown"}:
        found.append("not_chronic")
    if given.off_date is not None and (
        (rule.off_from is not None and given.off_date < rule.off_from)
        or (rule.off_until is not None and given.off_date > rule.off_until)
    ):
        found.append("outside_window")
    if given.office in rule.excludes:
        found.append("excluded")
    return tuple(found)


DOUBTS: Mapping[str, str] = {
    "not_chronic": _("This version of the rule wants a chronic or life-threatening illness."),
    "outside_window": _("This card was switched off outside the days this version of the rule is about."),
    "excluded": _("The family holds a position that this version of the rule leaves out."),
}
LETTERS: Mapping[str, str] = {
    "facility_letter": _("Letter of the health facility"),
    "village_letter": _("Letter of the village (SKTM)"),
}
BRING = (_("Identity card (KTP)"), _("Family card (KK)"), _("The KIS card, if it is still there"))
"""What everybody brings, whatever the rule of the day."""

# --- time ---------------------------------------------------------------------------------------------------------------


def needs_follow_up(proposed: date | None, chased: date | None, today: date, days: int) -> bool:
    """True when the ministry was last heard or asked more than ``days`` days ago ("Perlu Tindak Lanjut")."""
    last = max((day for day in (proposed, chased) if day is not None), default=None)
    return last is not None and today > last + timedelta(days=days)


def duty_until(activated: date, months: int) -> date:
    """The last day of the duty to bring the family's data up to date: so many calendar months after the card became active."""
    year, month = divmod(activated.month - 1 + months, 12)
    year, month = activated.year + year, month + 1
    return date(year, month, min(activated.day, calendar.monthrange(year, month)[1]))


# --- the list and the register ------------------------------------------------------------------------------------------

SURE = 0.9
"""The same bound from which a list of residents calls two rows one person."""
DOUBTFUL = 0.5


def verdict(scores: Sequence[float]) -> str:
    """What the best candidates' scores (0..1, falling) say: "sure" (one clear person), "doubtful" (a person decides) or "none"."""
    if not scores or scores[0] < DOUBTFUL:
        return "none"
    alone = len(scores) == 1 or scores[1] < SURE
    return "sure" if scores[0] >= SURE and alone else "doubtful"
