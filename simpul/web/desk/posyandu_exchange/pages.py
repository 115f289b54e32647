"""``/meja/posyandu-tukar/``: what is connected, what waits and was sent, what can be taken as a file, which lists came from e-PPGBM."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import Refused
from simpul.people.rules import imports as import_rules
from simpul.posyandu.access import exchange as access
from simpul.posyandu.actions import shipments as actions
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import recaps as recap_rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.posyandu_exchange import said
from simpul.web.desk.posyandu_recaps.asked import month_words
from simpul.web.policy import Request, officer

HERE = "desk_posyandu_exchange"
SYSTEMS = {"dhis2": "DHIS2", "satusehat": "SATUSEHAT"}
KINDS = {
    "values": gettext_noop("Figures of the month"),
    "tracker": gettext_noop("Children weighed, one by one"),
    "bundle": gettext_noop("Days of people with a NIK"),
}
STATES = {
    "waiting": (gettext_noop("Waiting"), "info"),
    "sent": (gettext_noop("Sent"), "good"),
    "refused": (gettext_noop("Refused"), "bad"),
    "dropped": (gettext_noop("Taken out"), ""),
}
MONTHS = 24
_SHOWN = 50


def months() -> list[tuple[str, str]]:
    """The months that can be chosen, the newest first."""
    first = recap_rules.first_of(timezone.localdate())
    return [(recap_rules.written(one), month_words(one)) for one in reversed(recap_rules.span(first, MONTHS))]


def read_month(text: str) -> date:
    """The month an address or a form names; the last whole one when it cannot be read."""
    return recap_rules.read_month(text) or recap_rules.back(recap_rules.first_of(timezone.localdate()), 1)


@officer("shipments.prepare", "export.record", "connection.set")
@require_GET
def home(request: Request) -> HttpResponseBase:
    """Everything of the exchange on one page."""
    named = roles.may_somewhere(request.by, "examination.read")
    state = request.GET.get("keadaan", "")
    rows = access.shipments(request.by)
    waiting, refused = rows.filter(state="waiting").count(), rows.filter(state="refused").count()
    if state in STATES:
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(kind="bundle")
    shown = list(rows[:_SHOWN])
    connections = list(access.connections(request.by))
    on = {one.system for one in connections if one.on}
    own = {one.system for one in connections if one.region_code == request.by.region_code}
    may_set = roles.may_somewhere(request.by, "connection.set")
    names = queries.posyandu_names(shown)
    context = {
        "connections": [_connection(request, one, named=named) for one in connections],
        "has_dhis2": "dhis2" in on,
        "has_satusehat": "satusehat" in on,
        "unset": [pair for pair in SYSTEMS.items() if pair[0] not in own] if may_set else [],
        "may_send": roles.may_somewhere(request.by, "shipments.prepare"),
        "months": months(),
        "month": recap_rules.written(read_month("")),
        "named": named,
        "shipments": [_shipment(one, names, named=named) for one in shown],
        "heaps": [_heap(one) for one in queries.heaps(access.shipments(request.by))]
        if state not in STATES
        else [],
        "more": max(0, rows.count() - _SHOWN),
        "waiting": waiting,
        "refused": refused,
        "state": state,
        "states": [(code, _(label)) for code, (label, _tone) in STATES.items()],
        "batches": [_batch(one) for one in access.batches(request.by)[:20]],
        "may_import": roles.may_somewhere(request.by, "batch.open"),
    }
    return frame.show(request, "desk/posyandu_exchange/home.html", context, here=HERE)


def _connection(request: Request, one: Any, *, named: bool) -> dict[str, Any]:
    kinds = actions.KINDS[one.system]
    return {
        "one": one,
        "name": SYSTEMS[one.system],
        "area": region_queries.path_names(one.region_code),
        "kinds": [(kind, _(KINDS[kind])) for kind in kinds if named or kind not in actions.NAMED],
        "unnamed": [_(KINDS[kind]) for kind in kinds if not named and kind in actions.NAMED],
        "changed": words.day(one.changed_at.date()),
        "may_set": request.by.region_code == one.region_code
        and roles.may_somewhere(request.by, "connection.set"),
    }


def _shipment(one: Any, names: Mapping[str, str], *, named: bool) -> dict[str, Any]:
    state, tone = STATES[one.state]
    line = one.examination if named else None
    return {
        "one": one,
        "system": SYSTEMS[one.connection.system],
        "kind": _(KINDS[one.kind]),
        "month": month_words(one.month),
        "person": line.person.full_name if line else "",
        "person_url": reverse("desk_posyandu_person", args=[line.participant_id]) if line else "",
        "state": _(state),
        "tone": tone,
        "said": said.of_parcel(one, named=named),
        "left_out": ", ".join(names.get(key, key) for key in one.left_out),
        "when": _when(one),
    }


def _heap(one: Mapping[str, Any]) -> dict[str, Any]:
    state, tone = STATES[one["state"]]
    return {
        "system": SYSTEMS[one["connection__system"]],
        "kind": _(KINDS["bundle"]),
        "month": month_words(one["month"]),
        "state": _(state),
        "code": one["state"],
        "tone": tone,
        "n": one["n"],
    }


def _when(one: Any) -> str:
    if one.state == "waiting" and one.tries:
        return _("next try %(when)s") % {"when": words.moment(one.next_at, one.region_code)}
    return words.moment(one.done_at or one.prepared_at, one.region_code)


def _batch(one: Any) -> dict[str, Any]:
    done = one.state == "done"
    return {
        "one": one,
        "when": words.day(one.started_at.date()),
        "state": "" if done else _(import_rules.STATES[one.state]),
        "url": reverse("desk_posyandu_differences" if done else "desk_imports_one", args=[one.id]),
    }


@officer("shipments.prepare")
@require_POST
def prepare(request: Request) -> HttpResponseBase:
    """Put a month into the queue."""
    key = reading.known_key(request.POST.get("sambungan", ""))
    row = trying.found(access.connection_for, request, key)
    try:
        found = actions.prepare_shipments(
            by=request.by,
            at=timezone.now(),
            connection_id=row.id,
            kind=request.POST.get("jenis", ""),
            month=read_month(request.POST.get("bulan", "")),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(HERE)
    waits = ngettext(
        "%(n)s parcel waits and goes out by itself.",
        "%(n)s parcels wait and go out by themselves.",
        found.parcels,
    )
    messages.success(request, waits % {"n": found.parcels})
    if found.without_nik:
        left = ngettext(
            "%(n)s entry is of somebody without a NIK and cannot be sent.",
            "%(n)s entries are of people without a NIK and cannot be sent.",
            found.without_nik,
        )
        messages.warning(request, left % {"n": found.without_nik})
    if found.left:
        more = _("%(n)s entries are left: prepare this month once more when these are sent.")
        messages.warning(request, more % {"n": found.left})
    return redirect(HERE)


@officer("shipment.retry")
@require_POST
def retry(request: Request, shipment_id: UUID) -> HttpResponseBase:
    """Send a parcel again."""
    return trying.attempt(
        request,
        lambda: actions.retry_shipment(by=request.by, at=timezone.now(), shipment_id=shipment_id),
        reverse(HERE),
    )


@officer("shipment.drop")
@require_POST
def drop(request: Request, shipment_id: UUID) -> HttpResponseBase:
    """Take a parcel out of the queue."""
    return trying.attempt(
        request,
        lambda: actions.drop_shipment(by=request.by, at=timezone.now(), shipment_id=shipment_id),
        reverse(HERE),
    )
