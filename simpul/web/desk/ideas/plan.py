"""The village plan of a year: its days, the lists RKPDes and DU-RKP, their rows and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.access import ideas as access
from simpul.community.actions import planning as actions
from simpul.community.queries import planning as queries
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import planning as rules
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.ideas import forms, shared
from simpul.web.policy import Request, officer

TONES = {"draft": "", "set": "brand", "sent": "info", "funded": "good", "unfunded": "warn", "dropped": "bad"}


def asked_year(request: Request, code: str) -> int:
    """The year of the address, else the plan that is being worked on."""
    given = request.GET.get("tahun", "") or request.POST.get("tahun", "")
    if given.isascii() and given.isdigit() and 2000 < int(given) < 2100:
        return int(given)
    return queries.working_year(code, shared.today(code))


def url(code: str, year: int) -> str:
    """The page of a year's plan."""
    return f"{reverse('desk_plan')}?desa={code}&tahun={year}"


@officer(*shared.READING)
@require_GET
def year(request: Request) -> HttpResponseBase:
    """One year's plan: where the work on it stands, meetings, both lists with their sums."""
    code = shared.village(request)
    if not code:
        known = {"villages": [(one, shared.place_name(one)) for one in queries.villages(request.by)]}
        return shared.show(request, "desk/ideas/villages.html", "desk_plan", known)
    number = asked_year(request, code)
    days = queries.calendar(code, number)
    own = queries.year_of(code, number)
    now = rules.phase(days, shared.today(code))
    phases = (
        ("ideas", _("Ideas"), days.ideas_until),
        ("talks", _("Hamlet talks"), days.talks_until),
        ("musrenbang", _("Musrenbang"), days.musrenbang),
        ("setting", _("Set by regulation"), days.ends),
    )
    order = [name for name, _label, _day in phases]
    place = order.index(now) if now in order else (-1 if now == "before" else len(order))
    context = {
        "code": code,
        "where": shared.place_name(code),
        "year": number,
        "years": sorted({*queries.years(request.by, code), number, number + 1, number - 1}, reverse=True),
        "own": own,
        "days": days,
        "phase": _(rules.PHASES[now]),
        "steps": [
            {
                "title": label,
                "when": _("until %(day)s") % {"day": words.day(day)},
                "state": "done" if index < place else "now" if index == place else "next",
                "text": "",
            }
            for index, (_name, label, day) in enumerate(phases)
        ],
        "lists": [_list(request, code, number, which) for which in rules.LISTS],
        "meetings": [
            (one, words.moment(one.held_at or one.planned_at, code), queries.present_by_group(one)[0])
            for one in queries.meetings(request.by, code, 8)
        ],
        "may_write": shared.may(request, "planrow.add", code),
        "may_meet": shared.may(request, "meeting.plan", code),
        "usual": own is None,
    }
    return shared.show(request, "desk/ideas/plan.html", "desk_plan", context)


def _list(request: Request, code: str, number: int, which: str) -> dict[str, Any]:
    plan = queries.plan(request.by, code, number, which)
    return {
        "which": which,
        "name": _(rules.LISTS[which]),
        "plan": plan,
        "groups": [
            (
                _(idea_rules.FIELDS[field]),
                [
                    {
                        "row": one,
                        "state": _(rules.STATES[one.state]),
                        "tone": TONES[one.state],
                        "source": _(rules.SOURCES[one.source]),
                    }
                    for one in rows
                ],
                sums.total,
            )
            for field, rows, sums in plan.by_field
        ],
        "drafts": sum(one.state == "draft" for one in plan.rows),
    }


def _known(request: Request) -> str:
    code = shared.village(request)
    if not code:
        raise Http404
    return code


@officer("calendar.set")
def days(request: Request) -> HttpResponseBase:
    """Set the days of a plan and its ceiling."""
    code = _known(request)
    number = asked_year(request, code)
    own = queries.year_of(code, number)
    first = forms.first_days(queries.calendar(code, number), own.ceiling if own else None)
    form = forms.DaysForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.set_calendar(
            by=request.by,
            at=timezone.now(),
            region_code=code,
            calendar=form.calendar(number),
            ceiling=form.cleaned_data["ceiling"],
        ),
    ):
        messages.success(request, _("The days are set."))
        return redirect(url(code, number))
    return _ask(
        request,
        form,
        code,
        number,
        _("Days of the plan of %(year)s") % {"year": number},
        _("Save"),
        lead=_(
            "Usual are 1 July to 30 September of the year before (Permendesa 21/2020). A village may set its own."
        ),
    )


def _ask(
    request: Request, form: Any, code: str, number: int, heading: str, button: str, **more: Any
) -> HttpResponseBase:
    context = {
        "heading": heading,
        "button": button,
        "back": url(code, number),
        "hidden": {"desa": code, "tahun": number},
        **more,
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("planrow.add")
def new_row(request: Request) -> HttpResponseBase:
    """A new row, from an idea (``ide``) or without one."""
    code = _known(request)
    number = asked_year(request, code)
    key = reading.key(request.GET.get("ide", "") or request.POST.get("ide", ""))
    idea = shared.idea_or_404(request, key) if key else None
    if idea is not None and "tahun" not in request.GET and "tahun" not in request.POST:
        number = idea.year
    first: dict[str, Any] = {"pattern": "self", "source": "dd", "field": "development"}
    if idea is not None:
        hamlet = idea.hamlet.name if idea.hamlet else ""
        first |= {
            "activity": idea.title,
            "field": idea.field,
            "location": idea.place or hamlet,
            "benefits": idea.benefits[:200],
            "hamlet": str(idea.hamlet_id or ""),
        }
    form = forms.RowForm(request.POST if request.method == "POST" else None, initial=first, village=code)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.add_planrow(
            by=request.by,
            at=timezone.now(),
            region_code=code,
            year=number,
            given=form.row(),
            idea_id=idea.id if idea else None,
            row_id=form.cleaned_data["row_id"],
        ),
    ):
        messages.success(request, _("The row stands in the draft. The author is told when the plan is set."))
        return redirect(url(code, number))
    return _ask(
        request,
        form,
        code,
        number,
        _("New row of the plan of %(year)s") % {"year": number},
        _("Add"),
        lead=_("From the idea “%(title)s”") % {"title": idea.title} if idea else "",
        hidden={"desa": code, "tahun": number, **({"ide": idea.id} if idea else {})},
    )


def _row_or_404(request: Request, row_id: UUID) -> Any:
    return trying.found(access.plan_row_for, request, row_id)


@officer(*shared.READING)
def row(request: Request, row_id: UUID) -> HttpResponseBase:
    """One row: shown, or changed as long as it is a draft."""
    found = _row_or_404(request, row_id)
    first = {
        name: getattr(found, name) for name in ("list", "field", "activity", "location", "volume", "benefits")
    }
    first |= {
        name: getattr(found, name)
        for name in (
            "beneficiaries",
            "time",
            "cost",
            "source",
            "self_cost",
            "executor",
            "pattern",
            "note",
            "position",
        )
    }
    first["hamlet"] = str(found.hamlet_id or "")
    editable = found.state == "draft" and shared.may(request, "planrow.change", found.region_code)
    form = (
        forms.RowForm(
            request.POST if request.method == "POST" else None, initial=first, village=found.region_code
        )
        if editable
        else None
    )
    if (
        form is not None
        and form.is_valid()
        and trying.run(
            form,
            lambda: actions.change_planrow(
                by=request.by, at=timezone.now(), row_id=found.id, given=form.row()
            ),
        )
    ):
        messages.success(request, _("Changed."))
        return redirect(url(found.region_code, found.year))
    context = {
        "row": found,
        "state": _(rules.STATES[found.state]),
        "tone": TONES[found.state],
        "list": _(rules.LISTS[found.list]),
        "field": _(idea_rules.FIELDS[found.field]),
        "source": _(rules.SOURCES[found.source]),
        "pattern": _(rules.PATTERNS[found.pattern]),
        "money": queries.money_of(found),
        "back": url(found.region_code, found.year),
        "may_decide": _choices(request, found) != [],
    }
    if form is None:
        return frame.show(request, "desk/ideas/row.html", context, here=shared.HERE)
    return shared.form_page(request, "desk/ideas/row.html", form, context)


def _choices(request: Request, found: Any) -> list[tuple[str, str]]:
    if not shared.may(request, "planrow.decide", found.region_code):
        return []
    offered = ("funded", "unfunded", "dropped", "draft")
    return [
        (one, _(rules.STATES[one]) if one != "draft" else _("Back to a draft: take the decision back"))
        for one in offered
        if rules.may_become(found.state, one)
    ]


@officer("planrow.decide")
def decide(request: Request, row_id: UUID) -> HttpResponseBase:
    """What became of a row."""
    found = _row_or_404(request, row_id)
    offered = _choices(request, found)
    if not offered:
        raise Http404
    form = forms.DecideForm(request.POST if request.method == "POST" else None, states=offered)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.decide_planrow(
            by=request.by,
            at=timezone.now(),
            row_id=found.id,
            state=form.cleaned_data["state"],
            reason=form.cleaned_data["reason"],
            decided_date=form.cleaned_data["day"],
        ),
    ):
        messages.success(request, _("Written down. Where it came from an idea, the author is told."))
        return redirect(url(found.region_code, found.year))
    return _ask(
        request,
        form,
        found.region_code,
        found.year,
        _("What became of it?"),
        _("Write down"),
        lead=found.activity,
    )


def _list_page(
    request: Request, heading: str, button: str, lead: str, act: Callable[..., int], day: str
) -> HttpResponseBase:
    code = _known(request)
    number = asked_year(request, code)
    form = forms.NumberForm(
        request.POST if request.method == "POST" else None, initial={"day": shared.today(code)}
    )
    done: list[int] = []

    def run() -> None:
        given: dict[str, date] = {day: form.cleaned_data["day"]}
        done.append(
            act(
                by=request.by,
                at=timezone.now(),
                region_code=code,
                year=number,
                number=form.cleaned_data["number"],
                **given,
            )
        )

    if form.is_valid() and trying.run(form, run):
        messages.success(request, _("%(n)s rows. The authors are told.") % {"n": done[0]})
        return redirect(url(code, number))
    return _ask(request, form, code, number, heading, button, lead=lead)


@officer("planlist.set")
def set_list(request: Request) -> HttpResponseBase:
    """Set the draft rows of the RKPDes by village regulation."""
    return _list_page(
        request,
        _("Set the plan by village regulation"),
        _("Set it"),
        _("All draft rows of the RKP list are set. What is added later is set by a second press."),
        actions.set_planlist,
        "regulation_date",
    )


@officer("planlist.send")
def send_list(request: Request) -> HttpResponseBase:
    """The DU-RKP list went to the camat."""
    return _list_page(
        request,
        _("The list went to the camat"),
        _("Write down"),
        _("Print the DU-RKP list, let it be signed, and write down the number of the letter it went with."),
        actions.send_planlist,
        "sent_date",
    )
