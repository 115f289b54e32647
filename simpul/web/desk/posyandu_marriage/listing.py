"""The list of children to be accompanied, and one child. Opening either leaves a line in the journal, before anything is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.posyandu.access import marriage as access
from simpul.posyandu.actions import marriage as actions
from simpul.posyandu.queries import marriage as queries
from simpul.posyandu.rules import marriage as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_marriage import shared
from simpul.web.policy import Request, officer

SHOWN = ("", *rules.LIVE, rules.ENDED, rules.WITHDRAWN)


@officer(*shared.WATCHING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Who is to be accompanied and why, those without support first."""
    at = timezone.now()
    mine = list(access.posyandus(request.by).filter(closed_date=None).order_by("region_code", "name"))
    key = reading.key(request.GET.get("posyandu", ""))
    posyandu = next((one for one in mine if one.id == key), mine[0] if len(mine) == 1 else None)
    state = request.GET.get("keadaan", "")
    state = state if state in SHOWN else ""
    page = reading.page_number(request.GET.get("page", ""))
    actions.look_marriages(by=request.by, at=at, posyandu_id=posyandu.id if posyandu is not None else None)
    found, more = queries.listed(
        request.by, posyandu_id=posyandu.id if posyandu is not None else None, state=state, page=page
    )
    query = f"posyandu={posyandu.id}&" if posyandu is not None else ""
    context = {
        "posyandu": posyandu,
        "mine": mine,
        "state": state,
        "states": [(code, shared.STATES[code][0]) for code in SHOWN[1:]],
        "rows": [_row(request, line) for line in found],
        "older_url": f"?{query}keadaan={state}&page={page + 1}" if more else "",
        "newer_url": f"?{query}keadaan={state}&page={page - 1}" if page > 1 else "",
    }
    return shared.show(request, "desk/posyandu_marriage/list.html", context)


def _row(request: Request, line: queries.Line) -> dict[str, Any]:
    risk, step = line.risk, line.next_step
    on = shared.today(timezone.now(), risk.region_code)
    return {
        "one": risk,
        "years": shared.years(risk.person.birth_date, on),
        "reasons": shared.reasons(line.reasons),
        "state": shared.state(risk),
        "step": step,
        "step_day": words.day(step.due_date) if step is not None else "",
        "late": step is not None and step.due_date < on,
    }


@officer(*shared.WATCHING)
@require_GET
def one(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """One child: the reasons with source and date, the support, requests to courts."""
    at = timezone.now()
    risk = trying.found(access.risk_for, request, marriagerisk_id)
    actions.look_marriages(by=request.by, at=at, risk_id=risk.id)
    (line,) = queries.lines(request.by, [risk])
    on = shared.today(at, risk.region_code)
    context = {
        **_row(request, line),
        "risk": risk,
        "live": risk.state in rules.LIVE,
        "goal": shared.GOALS.get(risk.goal, ""),
        "outcome": shared.OUTCOMES.get(risk.outcome, ""),
        "of_age": words.day(rules.of_age_date(risk.person.birth_date)) if risk.person.birth_date else "",
        "ended": words.moment(risk.ended_at, risk.region_code),
        "steps": [
            {
                "one": step,
                "due": words.day(step.due_date),
                "done": words.day(step.done_date),
                "late": _late(step, on),
            }
            for step in risk.steps.filter(withdrawn_at=None).order_by("due_date", "id")
        ],
        "courts": [
            {
                "one": row,
                "seen": words.day(row.seen_date),
                "decision": shared.DECISIONS[row.decision],
                "decided": words.day(row.decided_date),
            }
            for row in risk.dispensations.filter(withdrawn_at=None).order_by("-seen_date", "-id")
        ],
        "back": f"{reverse('desk_posyandu_marriage')}?posyandu={risk.posyandu_id}",
    }
    return shared.show(request, "desk/posyandu_marriage/child.html", context)


def _late(step: Any, on: Any) -> bool:
    return step.done_date is None and step.due_date < on


@officer("marriages.sweep")
@require_POST
def look_again(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Refresh the list from what is held."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    back = f"{reverse('desk_posyandu_marriage')}?posyandu={posyandu.id}"

    def look() -> None:
        count = actions.sweep_marriages(by=request.by, at=timezone.now(), posyandu_id=posyandu.id)["listed"]
        text = ngettext(
            "%(count)s child was put on the list.", "%(count)s children were put on the list.", count
        )
        messages.success(request, text % {"count": count})

    return trying.attempt(request, look, back)
