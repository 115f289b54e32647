"""Feedback over time: trends by week and code, rumours with their spread and answer, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.feedback import actions as feedback_actions
from simpul.feedback import rules
from simpul.feedback.queries import trends as queries
from simpul.journal import actions as journal_actions
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.web.desk import area, feedback, frame, watch, words
from simpul.web.desk import feedback_forms as forms
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

LENGTHS = (4, 12, 26)
SPLITS = {"sex": rules.SEXES, "age_band": rules.AGE_BANDS, "disability": rules.DISABILITIES}


# --- trends -------------------------------------------------------------------------------------------------------------


@officer("feedback.code")
@require_GET
def trends(request: Request) -> HttpResponseBase:
    """How often each code was given in each week; each bar opens its list."""
    mondays, narrowed = _asked(request)
    region = narrowed.code
    weeks = rules.spans(mondays, feedback.zone_of(request))
    found = queries.trends(request.by, weeks, region)
    split = request.GET.get("pecah", "sex")
    split = split if split in queries.SPLITS else "sex"
    context = {
        "tabs": feedback.tabs(request, "desk_feedback_trends"),
        "lengths": [
            {
                "label": _("%(n)s weeks") % {"n": n},
                "url": f"?minggu={n}&wilayah={region}",
                "current": n == len(mondays),
            }
            for n in LENGTHS
        ],
        "area": narrowed,
        "weeks": [_short(day) for day in mondays],
        "columns": list(
            zip(
                [_short(day) for day in mondays],
                queries.recorded(request.by, weeks, region),
                strict=True,
            )
        ),
        "bars": [_bar(one, mondays, region) for one in found[:12]],
        "rows": [_row(one, mondays, region) for one in found],
        "split": _split(request, found, weeks, split, region),
        "kept": {"minggu": str(len(mondays)), "wilayah": region},
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/feedback/trends.html", context, here=feedback.HERE)


def _short(day: date) -> str:
    """A Monday without its year: twelve of them stand in a row."""
    return when.format_short_date(day, portal_words.language()).rsplit(" ", 1)[0]


def _asked(request: Request) -> tuple[list[date], area.Area]:
    given = request.POST if request.method == "POST" else request.GET
    count = given.get("minggu", "")
    length = int(count) if count in {str(n) for n in LENGTHS} else LENGTHS[1]
    return rules.weeks(feedback.today(request), length), area.read(request.by, given.get("wilayah", ""))


def _list_url(code: str, region: str, first: date, last: date) -> str:
    asked = {"kode": code, "wilayah": region, "sejak": first.isoformat(), "sampai": last.isoformat()}
    return f"{reverse('desk_feedback')}?{urlencode({key: value for key, value in asked.items() if value})}"


def _bar(one: queries.Trend, mondays: Sequence[date], region: str) -> tuple[str, int, str, str]:
    url = _list_url(one.code.code, region, mondays[0], mondays[-1] + timedelta(days=6))
    tone = "warn" if one.rise > 2 and one.code.type in ("complaint", "belief") else ""
    return portal_words.said(one.code, "name"), one.total, url, tone


def _row(one: queries.Trend, mondays: Sequence[date], region: str) -> dict[str, Any]:
    name = portal_words.said(one.code, "name")
    return {
        "name": name,
        "type": _(rules.TYPES[one.code.type]),
        "total": one.total,
        "url": _list_url(one.code.code, region, mondays[0], mondays[-1] + timedelta(days=6)),
        "weeks": [
            (times, _list_url(one.code.code, region, day, day + timedelta(days=6)))
            for day, times in zip(mondays, one.weeks, strict=True)
        ],
        "line": one.weeks,
        "line_words": _("%(name)s: %(numbers)s") % {"name": name, "numbers": ", ".join(map(str, one.weeks))},
        "rises": one.rise,
    }


def _split(
    request: Request, found: Sequence[queries.Trend], weeks: queries.Spans, split: str, region: str
) -> dict[str, Any]:
    """The most frequent codes by who said it, or where."""
    counted = queries.split(request.by, weeks, split, region)
    keys = sorted({key for row in counted.values() for key in row})
    names = {key: _(label) for key, label in SPLITS.get(split, {}).items()}
    if split == "place":
        names = region_queries.paths(keys)
    elif split == "channel":
        names = {key: _(label) for key, label in rules.CHANNELS.items()}
    labels = {
        "sex": _("Who"),
        "age_band": _("Age"),
        "disability": _("Disability"),
        "place": _("Village"),
        "channel": _("Road"),
    }
    base = {"minggu": str(len(weeks)), "wilayah": region}
    return {
        "tabs": [
            {"label": label, "url": f"?{urlencode({**base, 'pecah': key})}#pecah", "current": key == split}
            for key, label in labels.items()
        ],
        "head": [(names.get(key) or _("not said")).split(",", maxsplit=1)[0] for key in keys],
        "rows": [
            (
                portal_words.said(one.code, "name"),
                [counted.get(one.code.code, {}).get(key, 0) for key in keys],
            )
            for one in found[:15]
        ],
    }


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The trends as CSV: no words of residents, small weeks hidden also by difference, and a line in the journal first."""
    at = timezone.now()
    mondays, narrowed = _asked(request)
    region = narrowed.code
    found = queries.safe_trends(request.by, rules.spans(mondays, feedback.zone_of(request)), region)
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(by=request.by, at=at, what="umpan-balik", rows=len(found), purpose=purpose)
    head = [_("Type"), _("Category"), _("Code"), _("Name"), _("Total"), *(day.isoformat() for day in mondays)]
    rows = []
    for one, safe in found:
        shown = {row.key: row.whole for row in safe.rows}
        times = [None if safe.withheld else shown.get(str(place), 0) for place in range(len(mondays))]
        code = one.code
        rows.append(
            [
                _(rules.TYPES[code.type]),
                portal_words.said(code, "category_name"),
                code.code,
                portal_words.said(code, "name"),
                "" if safe.whole is None else safe.whole,
                *("" if number is None else number for number in times),
            ]
        )
    rows.append(
        [_("An empty cell hides a number from one to four, or one that would give such a number away.")]
    )
    return watch.as_csv(f"simpul-umpan-balik-{at:%Y%m%d}.csv", head, rows)


# --- rumours ------------------------------------------------------------------------------------------------------------


@officer("feedback.code")
def rumours(request: Request) -> HttpResponseBase:
    """What goes round, where it was heard, and what we say."""
    return _show_rumours(request, {})


@officer("rumour.answer")
@require_POST
def answer_rumour(request: Request, rumour_id: UUID) -> HttpResponseBase:
    """Say what is true."""
    form = forms.RumourForm(request.POST, auto_id=f"r{rumour_id.hex}_%s")
    if form.is_valid():
        try:
            feedback_actions.answer_rumour(
                by=request.by, at=timezone.now(), rumour_id=rumour_id, **form.cleaned_data
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The answer is kept, for everybody who is asked."))
            return redirect("desk_feedback_rumours")
    return _show_rumours(request, {rumour_id: form}, 422)


def _show_rumours(request: Request, wrong: dict[UUID, Any], status: int = 200) -> HttpResponse:
    rows = [
        {
            "spread": one,
            "verdict": portal_words.verdict_words(one.rumour.verdict),
            "tone": {"unknown": "warn", "untrue": "bad", "true": "good"}.get(one.rumour.verdict, ""),
            "first": words.short_day(one.rumour.first_heard_at, one.rumour.region_code),
            "last": words.short_day(one.last_at, one.rumour.region_code),
            "form": wrong.get(one.rumour.id)
            or forms.RumourForm(
                initial={
                    "verdict": one.rumour.verdict,
                    "answer": one.rumour.answer,
                    "public": one.rumour.answer_public,
                },
                auto_id=f"r{one.rumour.id.hex}_%s",
            ),
            "open": one.rumour.id in wrong,
        }
        for one in queries.rumours(request.by)
    ]
    context = {
        "tabs": feedback.tabs(request, "desk_feedback_rumours"),
        "rows": rows,
        "may_answer": roles.may_somewhere(request.by, "rumour.answer"),
        "wrong": next(iter(wrong.values()), None),
    }
    return frame.show(request, "desk/feedback/rumours.html", context, status=status, here=feedback.HERE)


# --- what changed -------------------------------------------------------------------------------------------------------


@officer("feedback.record")
def changes(request: Request) -> HttpResponseBase:
    """What changed because of what people said: to be told to those who said it."""
    may = roles.may_somewhere(request.by, "change.note")
    form = _change_form(request) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        given = dict(form.cleaned_data)
        place = given.pop("place") or request.by.served_areas[0]
        try:
            feedback_actions.note_change(by=request.by, at=timezone.now(), region_code=place, **given)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Written down. Tell those who said it."))
            return redirect("desk_feedback_changes")
    context = {
        "tabs": feedback.tabs(request, "desk_feedback_changes"),
        "rows": _change_rows(request),
        "form": form,
        "groups": feedback.code_groups(form["codes"]) if form is not None else [],
        "may_withdraw": roles.may_somewhere(request.by, "change.withdraw"),
    }
    status = 422 if form is not None and form.errors else 200
    return frame.show(request, "desk/feedback/changes.html", context, status=status, here=feedback.HERE)


def _change_form(request: Request) -> forms.ChangeForm:
    day = feedback.today(request)
    first = {"since_date": day - timedelta(days=30), "until_date": day, "decided_date": day}
    return forms.ChangeForm(request.POST if request.method == "POST" else None, initial=first, by=request.by)


def _change_rows(request: Request) -> list[dict[str, Any]]:
    found = queries.changes(request.by)
    paths = region_queries.paths({one.region_code for one in found})
    return [
        {
            "row": one,
            "place": paths.get(one.region_code, ""),
            "codes": [portal_words.said(code, "name") for code in one.codes.all()],
            "since": words.day(one.since_date),
            "until": words.day(one.until_date),
            "decided": words.day(one.decided_date),
        }
        for one in found
    ]


@officer("change.withdraw")
@require_POST
def withdraw_change(request: Request, change_id: UUID) -> HttpResponseBase:
    """Take back that something changed."""
    try:
        feedback_actions.withdraw_change(
            by=request.by, at=timezone.now(), change_id=change_id, reason=request.POST.get("reason", "")
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. It is not published any more."))
    return redirect("desk_feedback_changes")
