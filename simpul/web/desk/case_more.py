"""What else stands beside a case: its calls, and the decisions by which its clocks stood still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.cases.queries import talking
from simpul.community.queries import ideas as idea_queries
from simpul.community.queries import works as work_queries
from simpul.letters.queries import letters as letter_queries
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.mediation.queries import lists as dispute_queries
from simpul.messages.queries import calls as call_queries
from simpul.messages.rules import calls as call_rules
from simpul.posyandu.queries import requests as request_queries
from simpul.programmes.queries import plans as plan_queries
from simpul.programmes.rules import plans as plan_rules
from simpul.regions import queries as region_queries
from simpul.web.desk import talk_words, words
from simpul.web.desk.letters import shared as letter_shared


def calls(by: Actor, case: Any) -> list[dict[str, Any]]:
    """The calls of a matter, newest first: when, by whom, in which language. Their numbers stand on the call's own page."""
    if by.role == "partner":
        return []
    names = call_queries.spoken()
    found = []
    for call in call_queries.of_subject(case.id):
        outcome = call_rules.OUTCOMES.get(call.outcome)
        found.append(
            {
                "id": call.id if roles.may_somewhere(by, "call.log") else None,
                "when": words.moment(call.started_at, case.region_code),
                "outcome": _(outcome.words) if outcome else "",
                "language": names.get(call.language, {}).get(words.language(), call.language),
                "by": call.agent_name,
            }
        )
    return found


def talks(by: Actor, case: Any, *, sees_reporter: bool) -> list[dict[str, str]]:
    """The conversations with the person: the channel, and where everything that was said stands."""
    if not roles.may_somewhere(by, "incoming.settle"):
        return []
    found = talking.talks_of(by, case, sees_reporter=sees_reporter)
    return [
        {"url": reverse("desk_talk", args=[who.id]), "channel": words.of(talk_words.CHANNELS, who.channel)}
        for who in found
    ]


def suspensions(region_code: str, clocks: Sequence[Any]) -> list[dict[str, str]]:
    """The suspensions of the place that fall into the life of these clocks."""
    zone = region_queries.zone_of(region_code)
    begins = min(when.local_date(clock.started_at, zone) for clock in clocks)
    ends = max(when.local_date(clock.due_at, zone) for clock in clocks)
    rows = region_queries.suspensions(region_code).filter(from_date__lte=ends, to_date__gte=begins)
    return [
        {"from": words.day(row.from_date), "to": words.day(row.to_date), "decision": row.decision}
        for row in rows[:10]
    ]


def plans(by: Actor, case: Any) -> dict[str, Any]:
    """The rehabilitation plans made of a matter, and where to make one; nothing for kinds that never need one."""
    if case.kind.group not in ("social", "protection") or not roles.may_somewhere(by, "plan.open"):
        return {}
    named = case.about_id or case.reporter_id
    return {
        "rows": [
            {"url": reverse("desk_plan", args=[one.id]), "state": _(plan_rules.STATES[one.state])}
            for one in plan_queries.of_case(by, case.id)
        ],
        "new": f"{reverse('desk_plan_new')}?kasus={case.id}" if named and case.is_open else "",
    }


def letters(by: Actor, case: Any) -> dict[str, Any]:
    """The letters of a matter for those who work on letters, and where to write one where a letter was asked for."""
    if not roles.may_somewhere(by, "letter.draft"):
        return {}
    rows = [letter_shared.row(one) for one in letter_queries.of_case(by, case.id)]
    asks = case.kind_id == "letter_request" and case.is_open and len(case.region_code) == 10
    new = f"{reverse('desk_letter_new')}?kasus={case.id}" if asks and by.serves(case.region_code) else ""
    return {"rows": rows, "new": new} if rows or new else {}


def village(by: Actor, case: Any) -> list[dict[str, str]]:
    """Where the matter goes on in the village: its dispute, its idea, the works it led to; or where it is taken up there."""
    found: list[dict[str, str]] = []
    if case.kind_id == "dispute" and roles.may_somewhere(by, "dispute.open"):
        dispute = dispute_queries.dispute_of_case(by, case.id)
        if dispute is not None:
            url = reverse("desk_dispute", args=[dispute.id])
            found.append({"url": url, "icon": "scales", "label": dispute.number})
        elif case.is_open and by.serves(case.region_code) and not dispute_queries.is_taken_in(case.id):
            url = reverse("desk_dispute_open", args=[case.id])
            found.append(
                {"url": url, "icon": "scales", "label": _("Ask the questions of safety, then mediate")}
            )
    if case.kind_id in ("idea", "aspiration") and roles.may_somewhere(by, "idea.adopt"):
        idea = idea_queries.idea_of_case(case.id)
        if idea is not None:
            found.append({"url": reverse("desk_idea", args=[idea.id]), "icon": "idea", "label": idea.title})
        elif case.is_open and by.serves(case.region_code):
            url = reverse("desk_idea_adopt", args=[case.id])
            found.append({"url": url, "icon": "idea", "label": _("Make an idea of this matter")})
    if case.kind_id == "spm_request" and roles.may_somewhere(by, "fieldrequest.mark"):
        found += _field_request(by, case)
    if roles.may_somewhere(by, "work.plan"):
        found += [
            {"url": reverse("desk_work", args=[one.id]), "icon": "house", "label": one.title}
            for one in work_queries.of_case(by, case.id)
        ]
    return found


def _field_request(by: Actor, case: Any) -> list[dict[str, str]]:
    """The request of a posyandu that a matter is, or where it is taken up as one."""
    request = request_queries.of_case(by, case.id)
    if request is not None:
        url = reverse("desk_posyandu_request", args=[request.id])
        return [{"url": url, "icon": "hand", "label": _("Request for a posyandu service")}]
    may_join = roles.may(by, "fieldrequest.join", roles.Place(region_code=case.region_code))
    if not case.is_open or not may_join or request_queries.is_joined(case.id):
        return []
    url = reverse("desk_posyandu_request_join", args=[case.id])
    return [{"url": url, "icon": "hand", "label": _("Take up as a request of the posyandu")}]


def wish_url(by: Actor, case: Any, *, sees_reporter: bool) -> str:
    """Where the wish about personal data that a matter holds is taken up, or stands already; "" for other kinds, and for others."""
    if case.kind_id != "rights_request" or not roles.may_somewhere(by, "request.open"):
        return ""
    named = case.about_id or (case.reporter_id if sees_reporter else None)
    return reverse("desk_rights_case", args=[case.id]) if named else ""
