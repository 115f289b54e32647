"""Gateways: the list with their health, adding one by its kind, changing, switching off, and trying one with a message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.desks import queries as desk_queries
from simpul.messages import actions as message_actions
from simpul.messages.queries import gateway_health
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import templates as template_queries
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import templates as template_rules
from simpul.web.manage import fields, frame
from simpul.web.manage import gateway_words as words
from simpul.web.manage.gateway_forms import GatewayForm, TryForm
from simpul.web.manage.gateway_templates import rows_of, text_name
from simpul.web.policy import Request, officer

ACTS = ("gateway.add", "gateway.change", "gateway.try", "template.change")
HERE = "manage_gateways"

HOOKS = {"whatsapp": "hook_whatsapp_code", "telegram": "hook_telegram_code", "sms": "hook_sms"}
"""Road -> the address of its webhook."""


@officer("gateway.change")
@require_GET
def gateways(request: Request) -> HttpResponse:
    """Every gateway with how it does."""
    found = gateway_health.health(timezone.now())
    context = {
        "rows": [_row(one) for one in found],
        "down": [one.gateway.name for one in found if one.state == "down"],
        "kinds": _kinds() if not found else [],
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/gateways.html", context, here=HERE)


def _row(health: gateway_health.GatewayHealth) -> dict[str, Any]:
    gateway = health.gateway
    label, tone = words.STATES[health.state]
    kind = words.KINDS.get(gateway.kind)
    return {
        "health": health,
        "gateway": gateway,
        "kind": words.kind_name(gateway.kind),
        "icon": kind.icon if kind else "knot",
        "state": label,
        "tone": tone,
        "missing": ", ".join(str(words.field_label(name)) for name in health.missing),
        "late": health.state in ("down", "incomplete") or health.broken > 0,
    }


def _kinds() -> list[dict[str, Any]]:
    return [
        {"kind": kind, "name": one.name, "told": one.told, "icon": one.icon}
        for kind, one in words.KINDS.items()
        if kind in gateway_rules.KINDS
    ]


@officer("gateway.add")
@require_GET
def choose_kind(request: Request) -> HttpResponse:
    """Which kind of gateway is added."""
    return frame.show(request, "manage/gateway_kinds.html", {"kinds": _kinds()}, here=HERE)


@officer("gateway.add")
def add_gateway(request: Request, kind: str) -> HttpResponse:
    """Add a gateway of a kind."""
    if kind not in gateway_rules.KINDS or kind not in words.KINDS:
        raise Http404
    initial = {
        "desk_id": _usual_desk(request),
        "region_code": desk_queries.institution().region_code,
        "menu": True,
        "sends": True,
        "rank": 10,
        "parts_per_minute": 0,
        "part_rupiah": 0,
        "set_profile": "plain",
    }
    form = GatewayForm(frame.sent(request), kind=kind, by=request.by, initial=initial)

    def run(values: dict[str, Any]) -> frame.Done:
        made = message_actions.add_gateway(
            by=request.by,
            at=timezone.now(),
            code=values["code"],
            kind=kind,
            name=values["name"],
            desk_id=form.desk(),
            region_code=values["region_code"],
            settings=form.settings(),
            secrets=form.secrets(),
            more=form.plain(),  # type: ignore[arg-type]
        )
        return _(
            "The gateway was added. Now tell its provider the address below, and send a test message."
        ), reverse("manage_gateway", args=[made.id])

    page = frame.Ask(
        here=HERE,
        title=_("Add: %(kind)s") % {"kind": words.kind_name(kind)},
        button=_("Add the gateway"),
        back=reverse("manage_gateway_kinds"),
        intro=str(words.KINDS[kind].intro),
        layout=form.layout(),
    )
    return frame.ask(request, page, form, run)


def _usual_desk(request: Request) -> str:
    """The call centre, else the counter, else nobody: whoever adds the gateway chooses."""
    found = list(
        desk_queries.desks_visible(request.by).filter(closed_at=None, outside=False).order_by("code")
    )
    usual = [one for kind in ("call_centre", "secretariat", "puskesos") for one in found if one.kind == kind]
    return str(usual[0].id) if usual else ""


@officer("gateway.change")
@require_GET
def gateway(request: Request, gateway_id: UUID) -> HttpResponse:
    """One gateway: how it does, the address for its provider, its set-up without secrets, and its templates."""
    health = _health(gateway_id)
    found = health.gateway
    takes_templates = found.road in template_rules.ROADS
    context = {
        **_row(health),
        "webhook": _webhook(request, found),
        "facts": _facts(found),
        "takes_templates": takes_templates,
        "templates": rows_of(found) if takes_templates else [],
        "without": [text_name(key) for key in template_queries.without_template(found.id)]
        if takes_templates
        else [],
        "changes": frame.changes(request.by, *ACTS, about=[found.id]),
    }
    return frame.show(request, "manage/gateway.html", context, here=HERE)


def _health(gateway_id: UUID) -> gateway_health.GatewayHealth:
    found = gateway_health.health_of(gateway_id, timezone.now())
    if found is None:
        raise Http404
    return found


def _webhook(request: Request, found: Any) -> str:
    """The address that its provider calls; "" for a kind that is asked by us."""
    if gateway_rules.KINDS[found.kind].hears != "webhook" or found.road not in HOOKS:
        return ""
    return request.build_absolute_uri(reverse(HOOKS[found.road], args=[found.code]))


def _facts(found: Any) -> list[dict[str, Any]]:
    known = gateway_rules.KINDS[found.kind]
    kept = gateway_health.given(found)
    return [
        {"key": _("Desk that listens"), "value": found.desk.name},
        {"key": _("Area"), "value": fields.area_label(found.region_code)},
        {"key": _("Its number or address"), "value": found.number},
        *([{"key": _("Operator of the SIM"), "value": found.operator}] if known.road == "sms" else []),
        {"key": _("Answers keywords"), "value": _("yes") if found.menu else _("no")},
        {"key": _("Sends messages too"), "value": _("yes") if found.sends else _("no")},
        *(
            {"key": words.field_label(name), "value": str(found.settings.get(name) or "")[:80]}
            for name in known.settings
        ),
        *(
            {
                "key": words.field_label(name),
                "value": _("kept, not shown") if kept.get(name) else _("missing"),
            }
            for name in known.secrets
        ),
    ]


@officer("gateway.change")
def change_gateway(request: Request, gateway_id: UUID) -> HttpResponse:
    """Change a gateway; a secret that is left empty stays."""
    found = _health(gateway_id).gateway
    initial = {name: getattr(found, name) for name in ("name", "number", "operator", "prefixes", "kind_code")}
    initial |= {
        name: getattr(found, name) for name in ("menu", "sends", "rank", "part_rupiah", "parts_per_minute")
    }
    initial |= {"desk_id": str(found.desk_id), "region_code": found.region_code}
    initial |= {f"set_{name}": value for name, value in found.settings.items()}
    form = GatewayForm(
        frame.sent(request),
        kind=found.kind,
        by=request.by,
        changed=found,
        has=gateway_health.given(found),
        initial=initial,
    )

    def run(values: dict[str, Any]) -> frame.Done:
        known = gateway_rules.KINDS[found.kind].settings
        others = {name: value for name, value in found.settings.items() if name not in known}
        changes = {
            **form.plain(),
            "name": values["name"],
            "desk_id": form.desk(),
            "region_code": values["region_code"],
            "settings": {**others, **form.settings()},
        }
        if form.secrets():
            changes["secrets"] = form.secrets()
        message_actions.change_gateway(
            by=request.by, at=timezone.now(), gateway_id=gateway_id, changes=changes
        )
        return _("The gateway was changed."), reverse("manage_gateway", args=[gateway_id])

    page = frame.Ask(
        here=HERE,
        title=_("Change %(name)s") % {"name": found.name},
        button=_("Save"),
        back=reverse("manage_gateway", args=[gateway_id]),
        layout=form.layout(),
    )
    return frame.ask(request, page, form, run)


@officer("gateway.change")
@require_POST
def switch(request: Request, gateway_id: UUID) -> HttpResponse:
    """Switch a gateway off, or on again: its messages and its code stay."""
    found = gateway_queries.gateway_by_id(gateway_id)
    if found is None:
        raise Http404
    active = request.POST.get("ke") == "nyala"
    if active is not found.is_active:
        message_actions.change_gateway(
            by=request.by, at=timezone.now(), gateway_id=gateway_id, changes={"is_active": active}
        )
    messages.success(
        request,
        _("The gateway is on.")
        if active
        else _("The gateway is off: it neither hears nor sends. What came stays."),
    )
    return redirect("manage_gateway", gateway_id=gateway_id)


@officer("gateway.try")
def try_gateway(request: Request, gateway_id: UUID) -> HttpResponse:
    """Send one test message; what the provider says stands on the page."""
    found = _health(gateway_id).gateway
    form = TryForm(frame.sent(request), initial={})
    extra: dict[str, Any] = {}

    def run(values: dict[str, Any]) -> HttpResponse:
        tried = message_actions.try_gateway(
            by=request.by, at=timezone.now(), gateway_id=gateway_id, to=values["to"]
        )
        extra["tried"] = tried
        unknown = words.UNREACHABLE if tried.result == "unreachable" else ""
        extra["advice"] = words.advice(tried.reason) or unknown
        context = {"page": page, "form": form, **extra}
        return frame.show(request, page.template, context, here=HERE)

    page = frame.Ask(
        here=HERE,
        title=_("Test %(name)s") % {"name": found.name},
        button=_("Send the test message"),
        back=reverse("manage_gateway", args=[gateway_id]),
        intro=_("One message goes out now, whatever the hour. It stands in no conversation."),
        template="manage/gateway_try.html",
    )
    return frame.ask(request, page, form, run)
