"""Gateways: adding and changing them, and what they say of their own health."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages.models import Gateway
from simpul.messages.rules import gateways as rules
from simpul.messages.transports import checks
from simpul.regions import queries as region_queries


class GatewayCodeTaken(Refused):
    """The code is part of the webhook's address and belongs to another gateway."""

    code = "gateway.code_taken"
    sentence = _("Another gateway already has this code. Choose another one.")
    field = "code"


class GatewayCodeWrong(Refused):
    """The code stands in an address."""

    code = "gateway.code_wrong"
    sentence = _("Write the code with small letters, digits and hyphens, at most 40 of them.")
    field = "code"


class GatewayIncomplete(Refused):
    """Something that this kind cannot do without is missing."""

    code = "gateway.incomplete"
    sentence = _("Fill in %(name)s: without it this gateway cannot work.")


class GatewaySettingWrong(Refused):
    """A setting that its transport cannot read."""

    code = "gateway.setting_wrong"
    sentence = _("This cannot be read. Look at the example beside it.")


_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MISSING = {"name": _("the name"), "code": _("the code")}


class GatewayFields(TypedDict, total=False):
    """What can be said of a gateway beside its kind and place."""

    number: str
    operator: str
    prefixes: str
    kind_code: str
    menu: bool
    sends: bool
    is_active: bool
    rank: int
    part_rupiah: int
    parts_per_minute: int


def add_gateway(
    *,
    by: Actor,
    at: datetime,
    code: str,
    kind: str,
    name: str,
    desk_id: UUID,
    region_code: str = "",
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    more: GatewayFields | None = None,
) -> Gateway:
    """Add a gateway; what ``more`` does not name is as usual.

    Raises:
        GatewayCodeTaken, GatewayCodeWrong: the code belongs to another one, or fits in no address.
        GatewayIncomplete: no name or code.
        GatewaySettingWrong: a setting, or the beginnings of numbers, cannot be read.
        NotFound: no such desk or region.
        KeyError: an unknown kind (a fault of the door).
    """
    roles.require(by, "gateway.add")
    known = rules.KINDS[kind]
    desk = desk_queries.desk(desk_id)
    place = region_code or desk_queries.institution().region_code
    if desk is None or region_queries.find_region(place) is None:
        raise NotFound
    for label, value in (("name", name), ("code", code)):
        if not value.strip():
            raise GatewayIncomplete(field=label, name=_MISSING[label])
    if not _CODE.fullmatch(code):
        raise GatewayCodeWrong
    _check(kind, settings or {}, (more or {}).get("prefixes", ""))
    with transaction.atomic():
        if Gateway.objects.filter(code=code).exists():
            raise GatewayCodeTaken
        gateway = Gateway.objects.create(
            code=code,
            kind=kind,
            road=known.road,
            name=text.clean_line(name, 100),
            desk=desk,
            region_code=place,
            settings=dict(settings or {}),
            secrets=json.dumps(dict(secrets or {})),
            added_at=at,
            **(more or {}),
        )
        _line(by, at, "gateway.add", gateway, of=kind)
    return gateway


def change_gateway(*, by: Actor, at: datetime, gateway_id: UUID, changes: Mapping[str, Any]) -> Gateway:
    """Change a gateway; ``secrets`` that are empty stay as they are, so that a form need not show them.

    The journal keeps which fields changed and never their secrets.

    Raises:
        NotFound: no such gateway, desk or region.
        GatewayIncomplete: no name.
        GatewaySettingWrong: a setting, or the beginnings of numbers, cannot be read.
    """
    roles.require(by, "gateway.change")
    gateway = Gateway.objects.filter(id=gateway_id).first()
    if gateway is None:
        raise NotFound
    columns = dict(changes)
    if "name" in columns and not columns["name"].strip():
        raise GatewayIncomplete(field="name", name=_MISSING["name"])
    _check(gateway.kind, columns.get("settings", {}), columns.get("prefixes", ""))
    new_secrets = {name: value for name, value in columns.pop("secrets", {}).items() if value}
    if new_secrets:
        columns["secrets"] = json.dumps({**json.loads(gateway.secrets or "{}"), **new_secrets})
    if "desk_id" in columns and desk_queries.desk(columns["desk_id"]) is None:
        raise NotFound
    if "region_code" in columns and region_queries.find_region(columns["region_code"]) is None:
        raise NotFound
    with transaction.atomic():
        Gateway.objects.filter(id=gateway_id).update(**columns)
        gateway.refresh_from_db()
        _line(by, at, "gateway.change", gateway, changed=sorted(columns))
    return gateway


def _check(kind: str, settings: Mapping[str, Any], prefixes: str) -> None:
    for name in checks.wrong(kind, settings) if settings else ():
        raise GatewaySettingWrong(field=f"set_{name}")
    if not checks.are_prefixes(prefixes):
        raise GatewaySettingWrong(field="prefixes")


def report_gateway(
    *,
    by: Actor,
    at: datetime,
    gateway_id: UUID,
    answers: bool,
    reason: str = "",
    battery: int | None = None,
    signal: int | None = None,
    cursor: str | None = None,
) -> bool:
    """Note a sign of life, or silence; returns True when its state changed (up to down, or back).

    Only a change leaves a line: the health of a modem is asked every few seconds.
    """
    roles.require(by, "gateway.report")
    gateway = Gateway.objects.filter(id=gateway_id).first()
    if gateway is None:
        raise NotFound
    was_down = gateway.down_since_at is not None
    columns: dict[str, Any] = {}
    if battery is not None:
        columns["battery"] = battery
    if signal is not None:
        columns["signal"] = signal
    if cursor is not None:
        columns["cursor"] = cursor[:200]
    if answers:
        columns |= {"heard_at": at, "down_since_at": None, "down_reason": "", "retry_at": None}
    else:
        since = gateway.down_since_at or at
        columns |= {
            "down_since_at": since,
            "down_reason": reason[:200],
            "retry_at": rules.next_careful_try(since, at),
        }
    with transaction.atomic():
        Gateway.objects.filter(id=gateway_id).update(**columns)
        if was_down is answers:
            _line(by, at, "gateway.report", gateway, answers=answers, reason=reason[:200])
    return was_down is answers


def _line(by: Actor, at: datetime, kind: str, gateway: Gateway, **facts: Any) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="gateway",
        subject_id=gateway.id,
        region_code=gateway.region_code,
        facts={"gateway": gateway.code, **facts},
    )
