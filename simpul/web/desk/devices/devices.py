"""Devices: the list, letting one in, one device, locking it, more time, other villages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.sync.actions import enrolling
from simpul.sync.queries import watching
from simpul.sync.rules import outcomes
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.devices import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.LOOKING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Who has which phone or village laptop, those that need somebody first."""
    at = timezone.now()
    rows = [_row(one) for one in watching.devices(request.by, at)]
    safe = watching.safe_until()
    context = {
        "tabs": shared.tabs(request, "desk_devices"),
        "rows": rows,
        "safe": words.moment(safe, request.by.served_areas[0]) if safe else "",
        "may_invite": roles.may_somewhere(request.by, "device.invite"),
    }
    return frame.show(request, "desk/devices/list.html", context, here=shared.HERE)


def _row(row: watching.DeviceRow) -> dict[str, Any]:
    device = row.device
    seen = device.last_seen_at
    return {
        "device": device,
        "url": reverse("desk_device", args=[device.id]),
        "owner": shared.owner(device),
        "areas": shared.areas_words(device.areas),
        "seen": words.moment(seen, device.desk.region_code) if seen else _("not heard of yet"),
        "quiet": row.quiet,
        "lease_over": row.lease_over,
        "waiting": row.waiting,
        "icon": "house" if device.kind == "node" else "phone",
    }


@officer("device.invite")
def invite(request: Request) -> HttpResponseBase:
    """Let a phone or a village laptop in: afterwards its code and QR are shown, once."""
    at = timezone.now()
    node = (request.POST or request.GET).get("jenis") == "laptop"
    post = request.POST if request.method == "POST" else None
    form: Any = forms.NodeForm(post, by=request.by) if node else forms.InviteForm(post, by=request.by, at=at)
    if form.is_valid():
        made: list[enrolling.Invited] = []
        given = form.cleaned_data

        def act() -> None:
            made.append(
                enrolling.invite_device(
                    by=request.by,
                    at=at,
                    kind="node" if node else "phone",
                    seat_id=reading.key(given.get("seat", "")),
                    desk_id=reading.key(given.get("desk", "")),
                    label=given["label"],
                )
            )

        if trying.run(form, act):
            return _code(request, made[0], node)
    context = {"form": form, "node": node, "tabs": shared.tabs(request, "desk_devices")}
    return frame.show(
        request, "desk/devices/invite.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


def _code(request: Request, invited: enrolling.Invited, node: bool) -> HttpResponseBase:
    """The page that is shown once: whoever has the code may let one device in."""
    server = request.build_absolute_uri("/").rstrip("/")
    context = {
        "code": invited.code,
        "parts": [invited.code[:5], invited.code[5:]],
        "link": f"{server}/lapangan/#daftar={invited.code}",
        "server": server,
        "node": node,
        "until": words.moment(invited.invitation.expires_at, request.by.served_areas[0]),
        "label": invited.invitation.label,
    }
    return frame.show(request, "desk/devices/code.html", context, here=shared.HERE)


def _page(request: Request, device_id: UUID) -> watching.DevicePage:
    return trying.found(watching.device_page, request, device_id)


@officer(*shared.LOOKING)
@require_GET
def one(request: Request, device_id: UUID) -> HttpResponseBase:
    """One device: whose it is, how far behind, what it sent."""
    page = _page(request, device_id)
    device = page.device
    at = timezone.now()
    place = roles.Place(region_code=device.desk.region_code)
    counted = [
        (_(outcomes.STATES[code]), str(page.counts.get(code) or ""), shared.TONES.get(code, ""))
        for code in outcomes.STATES
    ]
    context = {
        "page": page,
        "device": device,
        "owner": shared.owner(device),
        "areas": shared.areas_words(device.areas),
        "seen": words.moment(device.last_seen_at, device.desk.region_code) if device.last_seen_at else "",
        "lease": words.moment(device.lease_until, device.desk.region_code),
        "lease_over": device.lease_until < at,
        "enrolled": words.moment(device.enrolled_at, device.desk.region_code),
        "revoked": words.moment(device.revoked_at, device.desk.region_code) if device.revoked_at else "",
        "safe": words.moment(page.safe_until, device.desk.region_code) if page.safe_until else "",
        "counts": [row for row in counted if row[1]],
        "events": [shared.event_row(event) for event in page.newest],
        "offset_seconds": round(abs(device.clock_offset_ms) / 1000) if device.clock_offset_ms else 0,
        "ahead": bool(device.clock_offset_ms and device.clock_offset_ms > 0),
        "revoke_form": forms.RevokeForm(),
        "scope_form": _scope_form(device, None),
        "may_revoke": device.state == "active" and roles.may(request.by, "device.revoke", place),
        "may_renew": device.state == "active" and roles.may(request.by, "lease.renew", place),
        "may_scope": device.state == "active" and roles.may(request.by, "scope.change", place),
    }
    return frame.show(request, "desk/devices/one.html", context, here=shared.HERE)


def _scope_form(device: Any, post: Any) -> forms.ScopeForm:
    served = (device.seat.areas if device.seat else []) or [device.desk.region_code]
    return forms.ScopeForm(post, initial={"areas": device.areas}, options_of=forms.parts_of(served))


@officer("device.revoke")
@require_POST
def revoke(request: Request, device_id: UUID) -> HttpResponseBase:
    """Lock a device that is lost."""
    device = _page(request, device_id).device
    why = request.POST.get("why", "")
    return trying.attempt(
        request,
        lambda: enrolling.revoke_device(by=request.by, at=timezone.now(), device_id=device.id, why=why),
        reverse("desk_device", args=[device.id]),
    )


@officer("lease.renew")
@require_POST
def renew(request: Request, device_id: UUID) -> HttpResponseBase:
    """Give a device more time without a network."""
    device = _page(request, device_id).device
    return trying.attempt(
        request,
        lambda: enrolling.renew_lease(by=request.by, at=timezone.now(), device_id=device.id),
        reverse("desk_device", args=[device.id]),
    )


@officer("scope.change")
@require_POST
def rescope(request: Request, device_id: UUID) -> HttpResponseBase:
    """Send a device other villages from now on; what it has not sent yet still travels."""
    device = _page(request, device_id).device
    form = _scope_form(device, request.POST)
    if form.is_valid() and trying.run(
        form,
        lambda: enrolling.change_scope(
            by=request.by, at=timezone.now(), device_id=device.id, areas=form.cleaned_data["areas"]
        ),
    ):
        messages.success(request, _("The phone is told when it next talks to the server."))
    elif form.errors:
        messages.error(request, _("Choose from the answers shown."))
    return redirect("desk_device", device_id=device.id)
