"""The box as its supervisor and the village see it: stages, reports with their days, one report, figures."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import NotFound
from simpul.regions import queries as region_queries
from simpul.village_post.access import election as access
from simpul.village_post.actions import election as actions
from simpul.village_post.queries import election as queries
from simpul.village_post.rules import election as rules
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.election import forms
from simpul.web.policy import Request, officer

HERE = "desk_box"
READING = ("report.receive", "report.file", "stage.open")
TONES = {
    "filed": "warn",
    "received": "info",
    "registered": "info",
    "asking": "info",
    "decided": "good",
    "forwarded": "good",
}


@officer(*READING)
@require_GET
def box(request: Request) -> HttpResponseBase:
    """Stages and reports: numbers, days and states; never what is sealed."""
    at = timezone.now()
    supervises = roles.may_somewhere(request.by, "report.receive")
    context = {
        "stages": [_stage(one, at) for one in queries.stages(request.by)],
        "reports": [_report(one) for one in queries.reports(request.by, at)],
        "supervises": supervises,
        "keeper": access.keeper_of(request.by) if supervises else None,
        "may_open": roles.may_somewhere(request.by, "stage.open"),
        "keepers": access.keepers(request.by).exists()
        if roles.may_somewhere(request.by, "stage.open")
        else False,
        "may_file": roles.may_somewhere(request.by, "report.file"),
    }
    return frame.show(request, "desk/election/box.html", context, here=HERE)


def _stage(one: Any, at: Any) -> dict[str, Any]:
    is_open = queries.is_open(one, at)
    if one.closed_at:
        state, tone = _("closed"), ""
    elif is_open:
        state, tone = _("open"), "good"
    elif queries.today(one.region_code, at) < one.from_date:
        state, tone = _("not begun"), "info"
    else:
        state, tone = _("over, not closed yet"), "warn"
    return {
        "stage": one,
        "url": reverse("desk_box_stage", args=[one.id]),
        "kind": _(rules.KINDS[one.kind]),
        "where": region_queries.path_names(one.region_code),
        "first": words.day(one.from_date),
        "last": words.day(one.to_date),
        "keeper": one.keeper.name,
        "state": state,
        "tone": tone,
        "is_open": is_open,
    }


def _report(seen: Any) -> dict[str, Any]:
    one, days = seen.report, seen.days
    return {
        "report": one,
        "url": reverse("desk_box_report", args=[one.id]),
        "number": f"{one.number}/{one.filed_at:%Y}",
        "stage": one.stage.name,
        "filed": words.moment(one.filed_at, one.region_code),
        "state": _(rules.STATES[one.state]),
        "tone": TONES[one.state],
        "days": _days(days),
        "late": bool(days and days.left < 0),
        "soon": bool(days and 0 <= days.left <= 2),
        "outcome": _(rules.OUTCOMES[one.outcome]) if one.outcome else "",
    }


def _days(days: Any) -> str:
    """ "3 working days left, until 2 December 2026"."""
    if days is None:
        return ""
    if days.left < 0:
        return _("over since %(day)s") % {"day": words.day(days.last)}
    if days.left == 0:
        return _("today is the last day")
    if days.unit == rules.WORKING:
        said = ngettext(
            "%(n)s working day left, until %(day)s", "%(n)s working days left, until %(day)s", days.left
        )
    else:
        said = ngettext("%(n)s day left, until %(day)s", "%(n)s days left, until %(day)s", days.left)
    return said % {"n": days.left, "day": words.day(days.last)}


# --- key and stages -------------------------------------------------------------------------------------------------


@officer("keeper.enrol")
def key(request: Request) -> HttpResponseBase:
    """The supervisor's key is made in the browser; only its public half and its wrapped private half arrive here."""
    if request.method == "POST":
        given = request.POST

        def act() -> None:
            actions.enrol_keeper(
                by=request.by,
                at=timezone.now(),
                public=plain(given.get("public", "")),
                wrapped=plain(given.get("wrapped", "")),
                salt=plain(given.get("salt", "")),
                turns=int(given.get("turns", "0")) if given.get("turns", "").isdigit() else 0,
            )
            messages.success(
                request, _("Your key is there. Keep the passphrase: nobody can give it back to you.")
            )

        return trying.attempt(request, act, reverse(HERE))
    context = {
        "keeper": access.keeper_of(request.by),
        "turns": rules.TURNS,
        "shortest": rules.SHORTEST_PASSPHRASE,
    }
    return frame.show(request, "desk/election/key.html", context, here=HERE)


@officer("keeper.retire")
@require_POST
def retire(request: Request, keeper_id: UUID) -> HttpResponseBase:
    """Take no more reports with this key."""

    def act() -> None:
        actions.retire_keeper(by=request.by, at=timezone.now(), keeper_id=keeper_id)
        messages.success(
            request, _("The key is retired. Reports sealed to it stay readable with its passphrase.")
        )

    return trying.attempt(request, act, reverse("desk_box_key"))


def plain(text: str) -> bytes:
    """Base64 as bytes; nothing for what is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


@officer("stage.open")
def new_stage(request: Request) -> HttpResponseBase:
    """Open the box for a stage."""
    keepers = access.keepers(request.by)
    if not keepers:
        messages.info(request, _("First a supervisor of this area makes a key; then a stage can be opened."))
        return redirect(HERE)
    own = access.keeper_of(request.by)
    first: dict[str, Any] = {"region_code": request.by.served_areas[0], "kind": "general"}
    if own is not None:
        first["keeper"] = str(own.id)
    form = forms.StageForm(request.POST if request.method == "POST" else None, initial=first, keepers=keepers)
    if form.is_valid() and trying.run(form, lambda: _open(request, form)):
        messages.success(request, _("The box is open from its first to its last day."))
        return redirect(HERE)
    context = {"form": form, "clocks": [(form[f"days_{k}"], form[f"unit_{k}"]) for k, _l in forms.CLOCKS]}
    return frame.show(
        request, "desk/election/stage_new.html", context, status=422 if form.errors else 200, here=HERE
    )


def _open(request: Request, form: forms.StageForm) -> None:
    given = form.cleaned_data
    actions.open_stage(
        by=request.by,
        at=timezone.now(),
        region_code=given["region_code"],
        name=given["name"],
        kind=given["kind"],
        from_date=given["from_date"],
        to_date=given["to_date"],
        keeper_id=reading.known_key(given["keeper"]),
        days=form.days(),
    )


def stage_or_404(request: Request, stage_id: UUID) -> Any:
    """The stage, if this seat may see it."""
    try:
        return access.stages(request.by).get(id=access.stage_for(request.by, stage_id).id)
    except NotFound as missing:
        raise Http404 from missing


@officer(*READING)
def stage(request: Request, stage_id: UUID) -> HttpResponseBase:
    """One stage: its days with their sources, its figures, and for who opened it: other days, closing."""
    found = stage_or_404(request, stage_id)
    at = timezone.now()
    form = forms.DaysForm(
        request.POST if request.method == "POST" else None,
        initial={"from_date": found.from_date, "to_date": found.to_date},
    )
    may_change = roles.may(request.by, "stage.extend", access.place_of(found)) and found.closed_at is None
    if (
        request.method == "POST"
        and may_change
        and form.is_valid()
        and trying.run(form, lambda: _extend(request, found, form))
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_box_stage", stage_id=stage_id)
    clocks = rules.read_clocks(found.clocks)
    context = {
        "row": _stage(found, at),
        "clocks": [_clock(label, getattr(clocks, name)) for name, label in forms.CLOCKS],
        "counted": _counted(found) if may_change or found.closed_at else None,
        "form": form,
        "may_change": may_change,
        "may_close": roles.may(request.by, "stage.close", access.place_of(found)) and found.closed_at is None,
        "file_url": reverse("desk_box_file", args=[found.id])
        if roles.may_somewhere(request.by, "report.file")
        else "",
        "public_url": request.build_absolute_uri(reverse("portal_box_file", args=[found.id])),
    }
    return frame.show(
        request, "desk/election/stage.html", context, status=422 if form.errors else 200, here=HERE
    )


def _clock(label: Any, clock: Any) -> dict[str, Any]:
    sure = {
        "confirmed": _("confirmed"),
        "unconfirmed": _("unconfirmed: check it"),
        "own": _("set by the supervisor"),
    }
    return {
        "label": label,
        "days": clock.days,
        "unit": forms.UNITS[clock.unit],
        "source": clock.source,
        "sure": sure[clock.confidence],
    }


def _counted(found: Any) -> dict[str, Any]:
    counted = queries.counted(found)
    names = {**rules.OUTCOMES, "open": _("not decided yet")}
    return {
        "total": counted.exact["reports"],
        "late": counted.exact["late"],
        "withheld": counted.categories.withheld,
        "categories": [
            (_(rules.CATEGORIES[row.key]), row.whole, row.parts[0]) for row in counted.categories.rows
        ],
        "outcomes": [(_(names[row.key]), row.whole) for row in counted.outcomes.rows],
    }


def _extend(request: Request, found: Any, form: forms.DaysForm) -> None:
    given = form.cleaned_data
    actions.extend_stage(
        by=request.by,
        at=timezone.now(),
        stage_id=found.id,
        from_date=given["from_date"],
        to_date=given["to_date"],
    )


@officer("stage.close")
@require_POST
def close_stage(request: Request, stage_id: UUID) -> HttpResponseBase:
    """Close a stage when all is decided."""

    def act() -> None:
        actions.close_stage(
            by=request.by, at=timezone.now(), stage_id=stage_id, words=request.POST.get("words", "")[:500]
        )
        messages.success(request, _("The stage is closed. Its figures stay."))

    return trying.attempt(request, act, reverse("desk_box_stage", args=[stage_id]))


# --- one report -----------------------------------------------------------------------------------------------------


@officer("report.receive", "report.file")
@require_GET
def report(request: Request, report_id: UUID) -> HttpResponseBase:
    """One report: for the supervisor with what is sealed, to be opened in the browser; for the village number, days and state."""
    found, seen = _seen(request, report_id)
    sealed = _sealed(request, report_id)
    context = {
        "row": _report(seen),
        "report": found,
        "known": words.day(found.known_date),
        "file_by": words.day(found.file_by_date),
        "steps": [
            {
                "what": _(rules.STATES[one.what]),
                "when": words.moment(one.at, found.region_code),
                "who": one.by_name,
                "note": one.note,
            }
            for one in found.steps.order_by("at", "id")
        ],
        "source": seen.days.source if seen.days else "",
        "sealed": sealed,
        "supervises": roles.may(request.by, "report.register", access.place_of(found)),
        "forms": _forms(found),
        "category": _(rules.CATEGORIES[found.category]) if found.category else "",
    }
    return frame.show(request, "desk/election/report.html", context, here=HERE)


def _seen(request: Request, report_id: UUID) -> tuple[Any, Any]:
    found = trying.found(access.report_for, request, report_id)
    return found, queries.Seen(found, queries.days_of(found, timezone.now()))


def _sealed(request: Request, report_id: UUID) -> dict[str, Any] | None:
    """What the browser needs to open it, for the seat whose key it is; None for everybody else."""
    try:
        content, keeper = access.sealed_for(request.by, report_id)
    except NotFound:
        return None
    if not content:
        return {"destroyed": True}
    report_stage = access.report_for(request.by, report_id).stage_id
    return {
        "content": _text(content),
        "wrapped": _text(keeper.wrapped),
        "salt": _text(keeper.salt),
        "public": _text(keeper.public),
        "turns": keeper.turns,
        "info": rules.info(report_stage).decode(),
        "labels": json.dumps([[one.key, _(one.label)] for one in rules.FORM], ensure_ascii=False),
    }


def _text(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


def _forms(found: Any) -> dict[str, Any]:
    """The forms of what may be done now."""
    shown: dict[str, Any] = {"receive": rules.may("report.receive", found.state)}
    shown["ask"] = rules.may("statements.ask", found.state)
    if rules.may("report.register", found.state):
        shown["register"] = forms.RegisterForm()
    if rules.may("report.decide", found.state):
        shown["decide"] = forms.DecideForm(registered=found.registered_at is not None)
    if rules.may("report.forward", found.state):
        shown["forward"] = forms.ForwardForm()
    return shown


@officer("report.receive")
@require_POST
def act(request: Request, report_id: UUID, step: str) -> HttpResponseBase:
    """Receive, register, ask for statements, decide, forward."""
    found, _unused = _seen(request, report_id)
    given = request.POST
    at = timezone.now()
    said: dict[str, Any] = {"by": request.by, "at": at, "report_id": report_id}
    runs: dict[str, Any] = {
        "terima": lambda: actions.receive_report(**said),
        "keterangan": lambda: actions.ask_statements(**said),
        "daftar": lambda: actions.register_report(
            **said, category=given.get("category", ""), register_number=given.get("register_number", "")
        ),
        "putus": lambda: actions.decide_report(
            **said, outcome=given.get("outcome", ""), answer=given.get("answer", "")
        ),
        "teruskan": lambda: actions.forward_report(
            **said, forwarded_to=given.get("forwarded_to", ""), answer=given.get("answer", "")
        ),
    }
    if step not in runs:
        raise Http404
    return trying.attempt(request, runs[step], reverse("desk_box_report", args=[found.id]))


@officer("report.receive", "report.file")
@require_GET
def paper(request: Request) -> HttpResponseBase:
    """The register of reports on paper: number, days, states; no content."""
    rows = [_report(one) for one in reversed(queries.reports(request.by, timezone.now()))]
    return frame.show(request, "desk/election/register.html", {"rows": rows}, here=HERE)
