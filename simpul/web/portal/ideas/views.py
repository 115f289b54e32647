"""The list of ideas, one idea with its path, one's own idea by its receipt, and the village plan for everybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.cases.queries import following as following_queries
from simpul.community.queries import ideas as queries
from simpul.community.queries import planning as plan_queries
from simpul.community.queries import works as work_queries
from simpul.community.rules import ideas as rules
from simpul.community.rules import planning as plan_rules
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.policy import Request, public, resident
from simpul.web.portal import follow_forms, follow_proof, words
from simpul.web.portal.directory import views as directory_views
from simpul.web.portal.ideas import forms, shared

FILTERS = ("tempat", "dusun", "bidang", "keadaan", "cari", "urut")


def state_words(state: str) -> str:
    """A state in the reader's language."""
    return _(rules.STATES[state])


def group_words() -> list[tuple[str, str]]:
    """The filters of the list."""
    return [
        ("talk", _("Talked about")),
        ("plan", _("In the plan")),
        ("works", _("Being built")),
        ("done", _("Done")),
        ("later", _("Put off")),
        ("no", _("Not taken up")),
    ]


TONES = {"done": "good", "works": "good", "funded": "good", "deferred": "warn"}


def row(found: queries.Row) -> dict[str, Any]:
    """One idea in a list."""
    idea = found.idea
    return {
        "idea": idea,
        "url": reverse("idea", args=[idea.code]),
        "state": state_words(idea.state),
        "tone": TONES.get(idea.state, ""),
        "field": _(rules.FIELDS[idea.field]),
        "where": region_queries.path_names(idea.region_code).split(",", maxsplit=1)[0],
        "voices": found.voices,
    }


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """Published ideas, narrowed by what the address says."""
    given = request.GET
    region, asked = directory_views.place(given.get("tempat", ""))
    villages = queries.public_villages()
    if not region and len(villages) == 1:
        region = villages[0]
    number = reading.page_number(given.get("page", ""))
    group = given.get("keadaan", "") if given.get("keadaan", "") in queries.PUBLIC_GROUPS else ""
    page = queries.public_ideas(
        region=region,
        group=group,
        hamlet=str(reading.key(given.get("dusun", "")) or ""),
        field=given.get("bidang", "") if given.get("bidang", "") in rules.FIELDS else "",
        words=given.get("cari", "").replace("\x00", "").strip()[:80],
        order=given.get("urut", ""),
        page=number,
    )
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    counts = queries.public_counts(region)
    context = {
        "rows": [row(one) for one in page.rows],
        "groups": [(code, name, counts[code]) for code, name in group_words() if counts[code]],
        "group": group,
        "fields": [(code, _(name)) for code, name in rules.FIELDS.items()],
        "hamlets": forms.hamlets(region),
        "given": {name: given.get(name, "") for name in FILTERS},
        "place": asked,
        "filtered": bool(kept),
        "region": region if len(region) == 10 else "",
        "older_url": f"?{urlencode({**kept, 'page': number + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': number - 1})}" if number > 1 else "",
    }
    return render(request, "portal/ideas/list.html", context)


def path_steps(idea: Any) -> list[dict[str, str]]:
    """The path of an idea for the line of knots."""
    return [
        {
            "title": _("Received") if one.state == "new" else state_words(one.state),
            "when": words.day_words(one.at, idea.region_code),
            "text": one.reason,
            "state": one.standing,
        }
        for one in queries.path_of(idea)
    ]


@public
@require_GET
def one(request: Request, code: str) -> HttpResponseBase:
    """One idea: its words, its path, support, sentences, talk."""
    return page(request, shared.idea_or_404(code))


def page(request: Request, idea: Any, status: int = 200, **wrong: Any) -> HttpResponse:
    """The page of an idea; ``wrong`` holds a form that was refused."""
    voter = shared.voter_of(request, idea.region_code)
    view, told = queries.opinions_view(idea)
    mine = queries.opinions_of(voter, idea)
    open_now = idea.state in rules.VOICED
    context = {
        "idea": idea,
        "state": state_words(idea.state),
        "tone": TONES.get(idea.state, ""),
        "field": _(rules.FIELDS[idea.field]),
        "where": region_queries.path_names(idea.region_code),
        "name": queries.public_name(idea),
        "proposed": words.day_words(idea.proposed_at, idea.region_code),
        "steps": path_steps(idea),
        "voices": queries.voices_of([idea.id])[idea.id],
        "supports": queries.supports(voter, idea),
        "known": voter is not None,
        "open_now": open_now,
        "may_speak": idea.state not in ("merged", "withdrawn"),
        "joined": len(queries.joined_with(idea)),
        "statements": [
            {"one": told[share.statement], "share": share, "mine": mine.get(told[share.statement].id)}
            for share in view.all
        ],
        "groups": [_group(group, told) for group in view.groups],
        "common": [told[key].words for key in view.common],
        "answered": view.people,
        "comments": [
            {"one": row, "when": words.day_words(row.written_at, idea.region_code)}
            for row in queries.comments_of(idea)
        ],
        "works": work_queries.public_of_idea(idea.id),
        "comment_form": forms.CommentForm(),
        "sentence_form": forms.SentenceForm(),
        "plan_rows": [
            (row, _(plan_rules.STATES[row.state]))
            for row in plan_queries.rows_of(idea)
            if row.state not in ("draft", "dropped")
        ],
        **wrong,
    }
    return render(request, "portal/ideas/idea.html", context, status=status)


def _group(group: Any, told: dict[str, Any]) -> dict[str, Any]:
    """One group of opinion: what most of it agrees with, and what it does not."""
    shown = [one for one in group.shares if one.agree is not None and one.answered]
    return {
        "letter": group.letter,
        "people": group.people,
        "agrees": [told[one.statement].words for one in shown if one.agree / one.answered >= 0.6],
        "disagrees": [told[one.statement].words for one in shown if one.disagree / one.answered >= 0.6],
    }


@resident
def mine(request: Request) -> HttpResponseBase:
    """One's own idea by its receipt, also before anybody else can read it."""
    at = timezone.now()
    if request.method == "POST" and "keluar" in request.POST:
        follow_proof.forget(request)
        return redirect("ideas")
    form = follow_forms.ProveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and follow_proof.prove(request, form, at):
        return redirect("idea_mine")
    proof = follow_proof.kept(request, at)
    if not proof:
        return render(request, "portal/ideas/prove.html", {"form": form}, status=422 if form.errors else 200)
    try:
        idea = queries.idea_of_case(following_queries.case_of(proof))
    except NotFound:
        follow_proof.forget(request)
        return redirect("idea_mine")
    if idea is None:
        return redirect("follow_matter")
    context = {
        "idea": idea,
        "state": state_words(idea.state),
        "steps": path_steps(idea),
        "voices": queries.voices_of([idea.id])[idea.id],
        "public_url": reverse("idea", args=[idea.code]) if idea.published_at and not idea.hidden_at else "",
        "into": idea.merged_into,
    }
    return render(request, "portal/ideas/mine.html", context)


@public
@require_GET
def plan(request: Request) -> HttpResponse:
    """The plan of a village that was set, and the list for the camat, row by row."""
    given = request.GET
    region, asked = directory_views.place(given.get("tempat", ""))
    villages = queries.public_villages()
    if not region and len(villages) == 1:
        region = villages[0]
    code = region if len(region) == 10 else ""
    years = plan_queries.public_years(code) if code else []
    zone = desk_queries.zone_of(code or desk_queries.institution().region_code)
    today = timezone.now().astimezone(zone).date()
    typed = given.get("tahun", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    year = year or (years[0] if years else today.year + 1)
    days = plan_queries.calendar(code, year)
    context = {
        "code": code,
        "where": region_queries.path_names(code) if code else "",
        "place": asked,
        "villages": [(one, region_queries.path_names(one)) for one in villages],
        "years": years,
        "year": year,
        "phase": _(plan_rules.PHASES[plan_rules.phase(days, today)]),
        "days": [
            (_("Ideas are taken until"), words.date_words(days.ideas_until)),
            (_("Hamlets talk until"), words.date_words(days.talks_until)),
            (_("Musrenbang"), words.date_words(days.musrenbang)),
            (_("The plan is set at the latest"), words.date_words(days.ends)),
        ],
        "lists": [_list(code, year, which) for which in plan_rules.LISTS] if code else [],
    }
    return render(request, "portal/ideas/plan.html", context)


def _list(code: str, year: int, which: str) -> dict[str, Any]:
    found = plan_queries.public_plan(code, year, which)
    return {
        "name": _(plan_rules.LISTS[which]),
        "rows": [
            (
                one,
                _(rules.FIELDS[one.field]),
                _(plan_rules.STATES[one.state]),
                _(plan_rules.SOURCES[one.source]),
            )
            for one in found.rows
        ],
        "sums": found.sums,
    }
