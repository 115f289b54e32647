"""Rehabilitation plans: states, moves, and what must be there before the next step. Pure.

received -> assessment -> service_planning -> in_service -> monitoring -> closed. Nobody is referred unless an assessment says so, and no
plan is closed without a monitoring record. Source: district rehabilitation practice after Permensos 7/2021 (ATENSI); secondary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STATES: Mapping[str, str] = {
    "received": _("Received"),
    "assessment": _("Being assessed"),
    "planning": _("Services being planned"),
    "in_service": _("In service"),
    "monitoring": _("Being watched over"),
    "closed": _("Closed"),
}
ORDER = tuple(STATES)

MOVES: Mapping[str, Mapping[str, str]] = {
    "plan.assess": {
        "received": "assessment",
        "assessment": "assessment",
        "planning": "planning",
        "in_service": "in_service",
        "monitoring": "monitoring",
    },
    "goal.add": {
        "assessment": "planning",
        "planning": "planning",
        "in_service": "in_service",
        "monitoring": "in_service",
    },
    "plan.begin": {"planning": "in_service"},
    "plan.monitor": {"in_service": "monitoring", "monitoring": "monitoring"},
    "plan.close": {
        "received": "closed",
        "assessment": "closed",
        "planning": "closed",
        "in_service": "closed",
        "monitoring": "closed",
    },
    "plan.reopen": {"closed": "in_service"},
}
"""Which act leads from which state to which; what is not listed is refused."""

CLUSTERS: Mapping[str, str] = {
    "children": _("Children"),
    "disability": _("People with disabilities"),
    "deviance": _("Social deviance and trafficking"),
    "drugs": _("Victims of drugs"),
    "elderly": _("Elderly"),
    "disaster": _("Disaster and other needs"),
}
"""The five clusters of ATENSI, and the rest (Permensos 7/2021; secondary)."""

CLUSTER_OF: Mapping[int, str] = {
    **dict.fromkeys((1, 2, 3, 4, 6, 7), "children"),
    **dict.fromkeys((5, 9), "disability"),
    8: "elderly",
    **dict.fromkeys((10, 11, 12, 13, 15, 18, 19), "deviance"),
    **dict.fromkeys((16, 17), "drugs"),
    **dict.fromkeys((14, 20, 21, 22, 23, 24, 25, 26), "disaster"),
}
"""Which cluster a PPKS category is looked after in, unless somebody chooses another (unconfirmed: a proposal, changed on the page)."""

SERVICES: Mapping[str, str] = {
    "living": _("Help to live decently"),
    "care": _("Social care and care of children"),
    "family": _("Support of the family"),
    "therapy": _("Therapy"),
    "vocational": _("Learning a trade"),
    "aid": _("Social aid"),
    "access": _("Help with access"),
}
"""The seven services of ATENSI (Permensos 7/2021; secondary)."""

AREAS: Mapping[str, str] = {
    "health": _("Health"),
    "safety": _("Safety"),
    "family_ties": _("Family and neighbours"),
    "income": _("Income and food"),
    "schooling": _("School and skills"),
    "housing": _("House"),
    "papers": _("Identity papers"),
    "mind": _("Feelings and behaviour"),
}
LEVELS: Mapping[str, str] = {
    "": _("Not looked at"),
    "0": _("No need"),
    "1": _("Some need"),
    "2": _("Great need"),
    "3": _("Danger"),
}
GOAL_STATES: Mapping[str, str] = {
    "open": _("Not reached yet"),
    "reached": _("Goal reached"),
    "partly": _("Partly reached"),
    "dropped": _("Dropped"),
}
MEASURE_STATES: Mapping[str, str] = {
    "planned": _("Planned"),
    "running": _("Running"),
    "given": _("Given"),
    "not_given": _("Not given"),
}
WAYS: Mapping[str, str] = {
    "home": _("At home"),
    "office": _("At the office"),
    "phone": _("By phone"),
    "agency": _("At an agency"),
}
RESULTS: Mapping[str, str] = {
    "met": _("Met"),
    "not_met": _("Not met"),
    "moved": _("Put off"),
}
DIRECTIONS: Mapping[str, str] = {"better": _("Better"), "same": _("The same"), "worse": _("Worse")}
OUTCOMES: Mapping[str, str] = {
    "reached": _("The goals were reached"),
    "partly": _("The goals were partly reached"),
    "referred": _("Another agency took over"),
    "refused": _("The person wants no help"),
    "moved": _("The person moved away"),
    "died": _("The person died"),
}
WITHOUT_SERVICE = frozenset({"refused", "moved", "died"})
"""Outcomes with which a plan may end before any service began."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision about a plan needs to know of it."""

    state: str
    assessments: int = 0
    open_goals: int = 0
    goals: int = 0
    measures: int = 0
    monitorings: int = 0
    needs_referral: bool = False


def target(act: str, state: str) -> str | None:
    """The state an act leads to from ``state``; None when the act is not allowed there."""
    return MOVES.get(act, {}).get(state)


def missing_to_begin(standing: Standing) -> str:
    """What is missing before services begin: "assessment", "goal", "measure", or "" when nothing is."""
    if not standing.assessments:
        return "assessment"
    if not standing.goals:
        return "goal"
    return "" if standing.measures else "measure"


def missing_to_close(standing: Standing, outcome: str) -> str:
    """What is missing before the plan may be closed with this outcome: "monitoring", "goals", or "".

    No closing without a monitoring record; goals are ended first, so that each says what came of it. A person who refuses, moved away or
    died ends the plan in any state, since nobody can be watched over any more.
    """
    if outcome in WITHOUT_SERVICE:
        return ""
    if standing.state not in ("in_service", "monitoring"):
        return "monitoring"
    if not standing.monitorings:
        return "monitoring"
    return "goals" if standing.open_goals else ""


def next_step(standing: Standing) -> str:
    """What to do next, as the name of an act: what the page puts first."""
    if standing.state == "received" or not standing.assessments:
        return "plan.assess"
    if standing.state == "assessment" or not standing.goals:
        return "goal.add"
    if standing.state == "planning":
        return "measure.add" if not standing.measures else "plan.begin"
    if standing.state == "in_service":
        return "plan.monitor"
    return "plan.close" if standing.state == "monitoring" else ""


def next_review(today: date, days: Sequence[date]) -> date | None:
    """The next day on which something is due: the earliest of the given days from today on, else the latest one missed."""
    coming = [day for day in days if day >= today]
    return min(coming) if coming else max(days, default=None)
