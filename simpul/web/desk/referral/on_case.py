"""What the page of a case tells of its referral: who is next, what nobody took, both clocks, the decision on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext, pgettext_lazy

from simpul import roles
from simpul.cases.queries import approvals as approval_queries
from simpul.cases.queries import tiers as tier_queries
from simpul.cases.queries.case import CasePage
from simpul.cases.rules import approvals as approval_rules
from simpul.cases.rules import moves
from simpul.lib import money
from simpul.lib.actor import Actor
from simpul.web.desk import words

PAGES = ("case.refer", "case.verify", "decision.sign")
"""Acts of which one is enough to read the directory and the records of desks."""

STEPS: Mapping[str, str] = {
    "propose": gettext_noop("Draft"),
    "return": gettext_noop("Return"),
    **approval_rules.STEPS,
}
WAITS: Mapping[str, Any] = {
    "check": gettext_lazy("Waits to be checked"),
    "initial": gettext_lazy("Waits for initials"),
    "sign": gettext_lazy("Waits for the signature"),
}
PAPER_STATES: Mapping[str, Any] = {
    "open": pgettext_lazy("paper", "On its way"),
    "signed": pgettext_lazy("paper", "Signed"),
    "returned": pgettext_lazy("paper", "Returned"),
    "void": pgettext_lazy("paper", "Void: other words came after it"),
}
MISSING: Mapping[str, Any] = {
    "extract": gettext_lazy("what they may read"),
    "consent": gettext_lazy("the person's consent"),
}


def may_read(by: Actor) -> bool:
    """True for seats that may read the directory and the records."""
    return any(roles.may_somewhere(by, act) for act in PAGES)


def record_url(by: Actor, desk: Any) -> str:
    """The address of a desk's record, for those who may read it."""
    return reverse("desk_referral_desk", args=[desk.code]) if may_read(by) else ""


def parts(by: Actor, page: CasePage, at: datetime) -> dict[str, Any]:
    """What the templates of a case show of its referral."""
    case = page.case
    can_refer = "case.refer" in page.offers
    return {
        "next_desk": _next_desk(page) if "case.pass_on" in page.offers else None,
        "untaken": case.untaken_at is not None and case.state in (moves.NEW, moves.WORKING),
        "untaken_by": [
            {"desk": hop.to_desk.name, "how": str(words.HOPS[hop.state][1]), "why": hop.reason}
            for hop in page.hops
            if hop.state in ("declined", "silent")
        ],
        "outside_words": _outside_words(page),
        "override": page.override,
        "papers": [paper_parts(paper, case.region_code) for paper in page.papers],
        "wants_paper": bool(case.kind.approvals) and case.is_open,
        "paper_steps": [_(STEPS[step]) for step in case.kind.approvals],
        "same_person": tier_queries.duplicates(by, case) if can_refer else [],
    }


def _next_desk(page: CasePage) -> dict[str, Any] | None:
    found = page.proposal
    if found is None:
        return None
    after = found.after
    state = after.state if after.ended_at is not None else "silent"
    return {
        "desk": found.desk.name,
        "after": after.to_desk.name,
        "how": str(words.HOPS[state][1]),
        "why": after.reason,
        "missing": ", ".join(str(MISSING[one]) for one in found.missing),
    }


def _outside_words(page: CasePage) -> str:
    if page.outside_days is None:
        return ""
    days = page.outside_days
    return ngettext("%(n)s day so far", "%(n)s days so far", days) % {"n": days}


def hop_words(hop: Any) -> str:
    """What stands under a knot: the reason or the answer, and what was given."""
    given = given_words(hop)
    told = (hop.answer or hop.reason) if hop.state == "answered" else hop.reason or hop.note
    return f"{told} ({given})" if given else str(told)


def given_words(hop: Any) -> str:
    """What the person got: service, amount, day, hands."""
    found = (
        hop.given_service,
        money.rupiah(hop.given_amount) if hop.given_amount is not None else "",
        words.day(hop.given_date),
        _("to %(who)s") % {"who": hop.given_to} if hop.given_to else "",
    )
    return ", ".join(part for part in found if part)


def paper_parts(paper: approval_queries.Paper, region_code: str) -> dict[str, Any]:
    """One version of a decision with the names under it."""
    one = paper.approval
    return {
        "row": one,
        "state": str(PAPER_STATES.get(one.state, one.state)),
        "tone": {"signed": "good", "returned": "warn", "void": ""}.get(one.state, "info"),
        "waits": str(WAITS.get(paper.waits_for or "", "")),
        "mine": paper.mine,
        "decision": words.decision_words(one.decision),
        "url": reverse("desk_referral_paper", args=[one.id]),
        "short": one.digest[:12],
        "steps": [
            {
                "what": _(STEPS[step.step]),
                "who": step.by_name,
                "position": step.position,
                "words": step.words,
                "when": words.moment(step.at, region_code),
                "same": step.digest == one.digest,
            }
            for step in paper.steps
        ],
    }
