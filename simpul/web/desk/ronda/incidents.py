"""What happened in a night: the list, one incident with the text to copy and who was told; and the door to a protected matter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import ronda_incidents as actions
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_kinds
from simpul.village_post.queries import ronda_nights as night_queries
from simpul.village_post.rules import ronda as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.ronda import forms, nights, shared
from simpul.web.policy import Request, officer

FILTERS = ("jenis", "keadaan", "kata")


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """What happened in the area, the newest first."""
    given = request.GET
    kept = {name: given[name].replace("\x00", "")[:60] for name in FILTERS if given.get(name)}
    page = reading.page_number(given.get("page", ""))
    rows, more = night_queries.incidents(
        request.by,
        night_queries.Filters(kept.get("jenis", ""), kept.get("keadaan", ""), kept.get("kata", ""), page),
    )
    context = {
        "rows": [
            {
                "one": one,
                "kind": shared.kind_name(one.kind),
                "icon": ronda_kinds.kinds()[one.kind].icon,
                "when": words.moment(one.happened_at, one.region_code),
                "severity": _(rules.SEVERITIES[one.severity]),
                "tone": shared.SEVERITY_TONES[one.severity],
                "told": nights.told_words(one.told_rows, one.region_code),
            }
            for one in rows
        ],
        "kinds": [
            (code, shared.kind_name(code)) for code, one in ronda_kinds.kinds().items() if not one.protected
        ],
        "states": [("open", _("open")), ("closed", _("closed"))],
        "filters": {name: kept.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "tabs": shared.top_tabs("desk_ronda_incidents"),
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/ronda/incidents.html", context)


def night_of(request: Request) -> Any:
    """The night in the address, when the page was opened from its book."""
    key = reading.key(request.GET.get("malam", ""))
    return trying.found(access.night_for, request, key) if key else None


def code_of(request: Request, night: Any) -> str:
    """The village: of the night, else of the seat."""
    if night is not None:
        return str(night.post.region_code)
    code = request.by.served_areas[0]
    if len(code) == 10:
        return code
    post = access.posts(request.by).order_by("name").first()
    if post is None:
        raise Http404
    return post.region_code


@officer("watchincident.report")
def new(request: Request) -> HttpResponseBase:
    """Write an incident down."""
    night = night_of(request)
    code = code_of(request, night)
    zone = queries.zone_of(code)
    now = timezone.now()
    here = now.astimezone(zone)
    first = {"day": here.date(), "clock": here.strftime("%H.%M")}
    form = forms.IncidentForm(request.POST if request.method == "POST" else None, initial=first, zone=zone)
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.report_watchincident(
                by=request.by,
                at=now,
                region_code=code,
                happened_at=form.happened_at(),
                given=form.given(),
                night_id=night.id if night else None,
                incident_id=form.cleaned_data["once"],
            )
        ),
    ):
        messages.success(request, _("Written down. Now tell whom it concerns."))
        return redirect("desk_ronda_incident", watchincident_id=made[0].id)
    context = {"form": form, "back": _back(night), "night_key": str(night.id) if night else ""}
    return shared.show(request, "desk/ronda/incident_new.html", context, 422 if form.errors else 200)


def _back(night: Any) -> str:
    return reverse("desk_ronda_night", args=[night.id]) if night else reverse("desk_ronda_incidents")


@officer("watchincident.protect")
def protect(request: Request) -> HttpResponseBase:
    """Open a protected matter: its words are stored there and nowhere else."""
    night = night_of(request)
    code = code_of(request, night)
    if not roles.may_somewhere(request.by, "case.open"):
        raise Http404
    form = forms.ProtectForm(request.POST if request.method == "POST" else None)
    made: list[Any] = []
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.protect_watchincident(
                by=request.by,
                at=now,
                region_code=code,
                happened_at=now,
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                night_id=night.id if night else None,
                incident_id=form.cleaned_data["once"],
            )
        ),
    ):
        kind = ronda_kinds.kinds()[form.cleaned_data["kind"]]
        text = str(words.said(kind, "text")).format(post=night.post.name if night else "-")
        return shared.show(
            request, "desk/ronda/protected.html", {"opened": made[0], "text": text, "back": _back(night)}
        )
    context = {"form": form, "back": _back(night)}
    return shared.show(request, "desk/ronda/protect.html", context, 422 if form.errors else 200)


@officer(*shared.READING)
def one(request: Request, watchincident_id: UUID) -> HttpResponseBase:
    """An incident: what was done, who was told, the text to copy, the end."""
    incident = trying.found(access.incident_for, request, watchincident_id)
    kind = ronda_kinds.kinds()[incident.kind]
    form = forms.ToldForm(request.POST if request.method == "POST" else None, proposed=kind.tell)
    if form.is_valid() and trying.run(form, lambda: _tell(request, incident, form.cleaned_data)):
        messages.success(request, _("Written down."))
        return redirect("desk_ronda_incident", watchincident_id=incident.id)
    told = night_queries.told_of(incident)
    when = words.moment(incident.happened_at, incident.region_code)
    context = {
        "incident": incident,
        "kind": shared.kind_name(incident.kind),
        "first": words.said(kind, "first"),
        "when": when,
        "severity": _(rules.SEVERITIES[incident.severity]),
        "tone": shared.SEVERITY_TONES[incident.severity],
        "text": night_queries.text_of(incident, when, words.language()),
        "told": [
            {
                "one": row,
                "body": _(rules.BODIES[row.body]),
                "road": _(rules.ROADS[row.road]),
                "hour": words.moment(row.told_at, incident.region_code),
            }
            for row in told
        ],
        "form": form,
        "close": forms.CloseForm(),
        "may_raise": incident.case_id is None and roles.may_somewhere(request.by, "case.open"),
    }
    return shared.show(request, "desk/ronda/incident.html", context, 422 if form.errors else 200)


def _tell(request: Request, incident: Any, said: Any) -> None:
    now = timezone.now()
    zone = queries.zone_of(incident.region_code)
    told_at = now
    if said["clock"] is not None:
        night = rules.night_of(incident.happened_at.astimezone(zone))
        told_at = rules.moment_in_night(night, said["clock"], zone)
    actions.tell_watchincident(
        by=request.by,
        at=now,
        incident_id=incident.id,
        body=said["body"],
        told_at=told_at,
        road=said["road"],
        name=said["name"],
        reply=said["reply"],
        told_id=said["once"],
    )


@officer("watchincident.change")
def change(request: Request, watchincident_id: UUID) -> HttpResponseBase:
    """Complete what is known."""
    incident = trying.found(access.incident_for, request, watchincident_id)
    names = ("severity", "place", "persons", "words", "first_action")
    form = forms.IncidentForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(incident, name) for name in names},
        zone=None,
        old=True,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_watchincident(
            by=request.by,
            at=timezone.now(),
            incident_id=incident.id,
            **{name: form.cleaned_data[name] for name in names},
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_ronda_incident", watchincident_id=incident.id)
    back = reverse("desk_ronda_incident", args=[incident.id])
    return shared.form_page(
        request, form, _("Complete the incident"), back, _("Save"), intro=shared.kind_name(incident.kind)
    )


@officer("watchincident.close")
@require_POST
def act(request: Request, watchincident_id: UUID, step: str) -> HttpResponseBase:
    """Close an incident, open it again, or make a matter of it."""
    incident = trying.found(access.incident_for, request, watchincident_id)
    by: dict[str, Any] = {"by": request.by, "at": timezone.now(), "incident_id": incident.id}
    steps = {
        "tutup": lambda: actions.close_watchincident(**by, outcome=request.POST.get("outcome", "")),
        "buka": lambda: actions.reopen_watchincident(**by),
        "urusan": lambda: actions.raise_watchincident(**by),
    }
    if step not in steps or (step == "urusan" and not roles.may_somewhere(request.by, "case.open")):
        raise Http404
    return trying.attempt(request, steps[step], reverse("desk_ronda_incident", args=[incident.id]))
