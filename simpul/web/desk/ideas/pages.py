"""The list of ideas, one idea with its path, what waits to be read or told, what was put off, the trace of assisted entry, figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.community.actions import idea_path
from simpul.community.queries import figures_ideas
from simpul.community.queries import ideas as queries
from simpul.community.queries import planning as plan_queries
from simpul.community.queries import works as work_queries
from simpul.community.rules import ideas as rules
from simpul.community.rules import planning as plan_rules
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, trying, words
from simpul.web.desk.ideas import shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("keadaan", "bidang", "dusun", "tahun", "wilayah", "kata")


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Ideas of the area, narrowed by what the address says."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    year = given.get("tahun", "")
    filters = queries.Filters(
        state=given.get("keadaan", "") if given.get("keadaan", "") in rules.STATES else "",
        field=given.get("bidang", "") if given.get("bidang", "") in rules.FIELDS else "",
        region=narrowed.code,
        hamlet=str(reading.key(given.get("dusun", "")) or ""),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    page = queries.listed(request.by, filters)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    own = shared.own_village(request)
    context = {
        "rows": [shared.row(one) for one in page.rows],
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "area": narrowed,
        "states": choices.pairs(rules.STATES),
        "fields": choices.pairs(rules.FIELDS),
        "hamlets": [(str(one.id), one.name) for one in region_queries.hamlets(own)] if own else [],
        "matters": _matters(request),
        "may_take": roles.may_somewhere(request.by, "assistance.begin"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(request, "desk/ideas/list.html", "desk_ideas", context)


def _matters(request: Request) -> list[dict[str, Any]]:
    if not roles.may_somewhere(request.by, "idea.adopt"):
        return []
    return [
        {
            "case": one,
            "url": reverse("desk_idea_adopt", args=[one.id]),
            "when": words.age(one.received_at, timezone.now()),
        }
        for one in queries.matters(request.by, 10)
    ]


@officer(*shared.READING)
@require_GET
def one(request: Request, idea_id: UUID) -> HttpResponseBase:
    """One idea: its words, its path, what can be done now, talk, voices, plan."""
    idea = shared.idea_or_404(request, idea_id)
    steps = queries.steps_of(idea)
    heard = queries.heard_of(steps)
    view, told = queries.opinions_view(idea)
    may_moderate = shared.may(request, "idea.publish", idea.region_code)
    context = {
        "idea": idea,
        "state": shared.state_words(idea.state),
        "tone": shared.TONES[idea.state],
        "field": _(rules.FIELDS[idea.field]),
        "where": region_queries.path_names(idea.region_code),
        "channel": _(rules.CHANNELS.get(idea.channel, idea.channel)),
        "proposed": words.moment(idea.proposed_at, idea.region_code),
        "steps": shared.path_steps(idea),
        "news": [
            {
                "step": step,
                "title": shared.step_words(step.kind),
                "when": words.short_day(step.happened_at, idea.region_code),
                "heard": heard[step.id],
                "by": step.recorded_by,
            }
            for step in steps
        ],
        "moves": _moves(request, idea),
        "voices": queries.voices_of([idea.id])[idea.id],
        "joined": queries.joined_with(idea),
        "alike": queries.alike(request.by, idea) if idea.state in rules.MERGEABLE and may_moderate else [],
        "comments": [
            {"one": row, "when": words.short_day(row.written_at, idea.region_code)}
            for row in queries.comments_of(idea, shown_only=False)
        ],
        "statements": queries.statements_of(idea, shown_only=False),
        "view": view,
        "shares": [(told[share.statement], share) for share in view.all],
        "rankings": [
            (row, _(plan_rules.LEVELS[row.level]), _(plan_rules.OUTCOMES[row.outcome]))
            for row in plan_queries.rankings_of(idea)
        ],
        "plan_rows": [(row, _(plan_rules.STATES[row.state])) for row in plan_queries.rows_of(idea)],
        "works": work_queries.of_idea(request.by, idea.id),
        "may_work": shared.may(request, "work.plan", idea.region_code)
        and rules.may_become(idea.state, "works"),
        "may_moderate": may_moderate,
        "may_take": shared.may(request, "comment.write", idea.region_code),
        "may_tell": shared.may(request, "step.tell", idea.region_code),
        "may_plan": shared.may(request, "planrow.add", idea.region_code),
        "public_url": reverse("idea", args=[idea.code]) if idea.published_at and not idea.hidden_at else "",
    }
    return shared.show(request, "desk/ideas/idea.html", "", context)


def _moves(request: Request, idea: Any) -> list[dict[str, Any]]:
    """What this seat may do with the idea now: one link each."""
    found: list[tuple[str, str, str, str]] = []
    hidden = idea.hidden_at is not None
    if idea.state == "new" or (hidden and idea.state != "withdrawn"):
        found.append(("tampilkan", "idea.publish", _("Put it on the public page"), "globe"))
    if idea.state in ("open", "talked", "ranked"):
        found.append(("dusun", "idea.advance", _("Talked over in the hamlet"), "people"))
    if idea.state in ("open", "talked", "ranked", "planned", "proposed", "funded"):
        found.append(("mulai", "idea.advance", _("The work has begun"), "house"))
    if idea.state == "works":
        found.append(("selesai", "idea.advance", _("It is done"), "check"))
    if idea.state == "deferred":
        found.append(("bawa", "idea.carry", _("Carry over to the next plan"), "arrow"))
    if rules.may_become(idea.state, "deferred"):
        found.append(("tunda", "idea.defer", _("Put off"), "clock"))
    if rules.may_become(idea.state, "rejected"):
        found.append(("tolak", "idea.reject", _("Do not take it up"), "cross"))
    if rules.may_become(idea.state, "withdrawn"):
        found.append(("tarik", "idea.withdraw", _("Take it back for the author"), "arrow-back"))
    if idea.state in ("rejected", "withdrawn", "deferred"):
        found.append(("buka", "idea.reopen", _("Take it up again"), "arrow-back"))
    if idea.state == "merged":
        found.append(("pisah", "idea.part", _("Part it again"), "arrow-back"))
    if idea.published_at and not hidden:
        found.append(("sembunyikan", "idea.hide", _("Take it off the public page"), "lock"))
    return [
        {"url": reverse("desk_idea_step", args=[idea.id, name]), "label": label, "icon": icon}
        for name, act, label, icon in found
        if shared.may(request, act, idea.region_code) and not (name == "dusun" and idea.state == "talked")
    ]


@officer("idea.publish", "comment.judge")
@require_GET
def waiting(request: Request) -> HttpResponseBase:
    """What nobody has read yet: ideas, comments, sentences; the oldest first."""
    new = queries.listed(request.by, queries.Filters(state="new"))
    now = timezone.now()
    context = {
        "rows": [shared.row(one) for one in reversed(new.rows)],
        "comments": [(one, words.age(one.written_at, now)) for one in queries.comments_waiting(request.by)],
        "statements": queries.statements_waiting(request.by),
    }
    return shared.show(request, "desk/ideas/waiting.html", "desk_ideas_waiting", context)


@officer(*shared.READING)
@require_GET
def untold(request: Request) -> HttpResponseBase:
    """Authors whom no message reached: somebody goes and tells them."""
    rows = [
        {
            "step": one,
            "title": shared.step_words(one.kind),
            "when": words.short_day(one.happened_at, one.idea.region_code),
        }
        for one in queries.untold(request.by)
    ]
    return shared.show(request, "desk/ideas/untold.html", "desk_ideas_untold", {"rows": rows})


@officer(*shared.READING)
def deferred(request: Request) -> HttpResponseBase:
    """Ideas that were put off, to be carried over to the next plan together."""
    code = shared.village(request)
    if request.method == "POST":
        chosen = [key for key in (reading.key(one) for one in request.POST.getlist("ide")) if key]

        def act() -> None:
            number = idea_path.carry_ideas(
                by=request.by, at=timezone.now(), region_code=code, idea_ids=chosen
            )
            messages.success(request, _("%(n)s carried over. Their authors are told.") % {"n": number})

        return trying.attempt(request, act, f"{reverse('desk_ideas_deferred')}?desa={code}")
    page = queries.listed(request.by, queries.Filters(state="deferred", region=code))
    rows = []
    for found in page.rows:
        steps = [one for one in queries.steps_of(found.idea) if one.kind == "deferred"]
        rows.append({**shared.row(found), "reason": steps[-1].reason if steps else ""})
    context = {
        "rows": rows,
        "code": code,
        "may_carry": bool(code) and shared.may(request, "ideas.carry", code),
        "year": plan_queries.next_year(code, shared.today(code)) if code else 0,
    }
    return shared.show(request, "desk/ideas/deferred.html", "desk_ideas_deferred", context)


@officer(*shared.READING)
@require_GET
def trace(request: Request) -> HttpResponseBase:
    """Who wrote for whom, why, until when, and what came of it."""
    rows = [(one, words.moment(one.began_at, one.region_code)) for one in queries.assistances(request.by)]
    return shared.show(request, "desk/ideas/trace.html", "desk_ideas", {"rows": rows})


@officer(*shared.READING)
@require_GET
def figures(request: Request) -> HttpResponseBase:
    """Ideas by state, and how many authors heard each step."""
    code = shared.village(request) or request.by.served_areas[0]
    year = request.GET.get("tahun", "")
    now_year = shared.today(code).year
    wanted = int(year) if year.isascii() and year.isdigit() and 2000 < int(year) < 2100 else now_year
    zone = desk_queries.zone_of(code)
    since = datetime(wanted, 1, 1, tzinfo=zone)
    until = datetime(wanted + 1, 1, 1, tzinfo=zone)
    found = figures_ideas.figures(code, since, until)
    context = {
        "found": found,
        "year": wanted,
        "years": range(now_year, now_year - 4, -1),
        "where": region_queries.path_names(code),
        "states": [
            (shared.state_words(one), found.by_state[one]) for one in rules.STATES if one in found.by_state
        ],
        "fields": [
            (_(rules.FIELDS[one]), number) for one, number in found.by_field.items() if one in rules.FIELDS
        ],
        "told": [
            (shared.step_words(kind), heard, owed) for kind, (heard, owed) in found.told_by_step.items()
        ],
    }
    return shared.show(request, "desk/ideas/figures.html", "desk_ideas_figures", context)
