"""Saying where another system is and who we are there, and trying it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.messages.transports import calls
from simpul.posyandu.access import exchange as access
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.actions import _wire
from simpul.posyandu.models import Connection, Shipment
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2

ACCOUNT: Mapping[str, tuple[str, ...]] = {
    "dhis2": ("data_set", "program", "stage", "type"),
    "satusehat": ("organization", "location", "practitioner", "vaccine_system"),
}
"""What a connection says of us besides its address, by system."""
NAMES: Mapping[str, tuple[str, ...]] = {
    "dhis2": ("elements", "units", "attributes", "event_elements"),
    "satusehat": ("vaccines",),
}


class SystemUnknown(Refused):
    """One of the systems that are spoken to."""

    code = "connection.system_unknown"
    sentence = _("Choose DHIS2 or SATUSEHAT.")
    field = "system"


class AddressUnsafe(Refused):
    """Health data goes over an encrypted line."""

    code = "connection.address"
    sentence = _(
        "Write an address that begins with https://. http:// works only in networks that this server trusts (SIMPUL_WEBHOOK_NETWORKS)."
    )
    field = "url"


class AccountMissing(Refused):
    """Nobody is let in without a name."""

    code = "connection.account"
    sentence = _("Write the user (or client id) and its password; they come from whoever runs that system.")
    field = "user"


class NameUnreadable(Refused):
    """Identifiers of DHIS2 have eleven signs."""

    code = "connection.name"
    sentence = _(
        "“%(name)s” is no identifier of DHIS2: it has eleven letters and digits. Copy it from there."
    )
    field = "elements"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying: let in or not, and the other side's own words, shortened."""

    ok: bool
    said: str


@sensitive_variables("secret")
def set_connection(
    *,
    by: Actor,
    at: datetime,
    system: str,
    region_code: str,
    url: str = "",
    user: str = "",
    secret: str = "",
    account: Mapping[str, str] | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    on: bool = True,
) -> Connection:
    """Set the connection of an area to a system, or switch it off (its secret goes). An empty ``secret`` keeps the stored one, unless the
    address is now another place: a password is never carried where it was not meant for.

    Raises:
        SystemUnknown, AddressUnsafe, AccountMissing, NameUnreadable.
    """
    roles.require(by, "connection.set", roles.Place(region_code))
    if system not in queries.SYSTEMS:
        raise SystemUnknown
    with transaction.atomic():
        posyandu_access.hold_region(region_code)
        rows = Connection.objects.select_for_update().filter(system=system, region_code=region_code)
        row = rows.first() or Connection(id=uuid7(), system=system, region_code=region_code, changed_at=at)
        moved = on and not calls.same_place(row.url, _address(url))
        kept = row.secret if on and not moved else ""
        if moved:  # what was sent is called otherwise at another place
            Shipment.objects.filter(connection_id=row.id).update(remote_ids={}, remote_id="")
        row.url = _address(url) if on else row.url
        row.user = text.clean_line(user)[:100]
        row.secret = (secret or kept) if on else ""
        if on and not (row.user and row.secret):
            raise AccountMissing
        row.account = {key: text.clean_line((account or {}).get(key, ""))[:200] for key in ACCOUNT[system]}
        row.names = _names(system, names or {})
        row.on, row.changed_at, row.changed_by = on, at, by.name[:150]
        row.save()
        facts = {"system": system, "on": on, "url": row.url}
        _line(by, at, "connection.set", row, facts)
    return row


def _address(url: str) -> str:
    clean = text.clean_line(url)[:200].rstrip("/")
    try:
        told = urlsplit(clean)
    except ValueError:
        raise AddressUnsafe from None
    if told.scheme == "https" and told.hostname:
        return clean
    if told.scheme == "http" and _is_inside(told.hostname or ""):
        return clean
    raise AddressUnsafe


def _is_inside(host: str) -> bool:
    """True for an address in a network that this installation trusts without encryption (``SIMPUL_WEBHOOK_NETWORKS``)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    networks = (ipaddress.ip_network(name, strict=False) for name in settings.SIMPUL_WEBHOOK_NETWORKS)
    return any(address in network for network in networks)


def _names(system: str, given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for group in NAMES[system]:
        rows = {str(ours)[:60]: text.clean_line(theirs)[:60] for ours, theirs in given.get(group, {}).items()}
        found[group] = {ours: theirs for ours, theirs in rows.items() if theirs}
        if system == "dhis2":
            for theirs in found[group].values():
                if not all(dhis2.is_uid(part) for part in theirs.split(".")) or theirs.count(".") > 1:
                    refusal = NameUnreadable(name=theirs)
                    refusal.field = group
                    raise refusal
    return found


def try_connection(*, by: Actor, at: datetime, connection_id: UUID) -> Tried:
    """Knock at the other side with our account; nothing is sent.

    Raises:
        NotFound: no such connection for this actor.
    """
    row = access.connection_for(by, connection_id)
    for area in access.areas_over(by, row):
        roles.require(by, "connection.try", roles.Place(area))
    tried = knock(row)
    with transaction.atomic():
        _line(by, at, "connection.try", row, {"ok": tried.ok}, {"said": tried.said})
    return tried


def knock(row: Connection) -> Tried:
    """Whether the other side lets our account in."""
    if row.system == "satusehat":
        try:
            _wire.token(row)
        except _wire.Fault as fault:
            return Tried(ok=False, said=_wire.told(row, fault))
        return Tried(ok=True, said="")
    try:
        answer = _wire.ask("GET", f"{row.url}/api/me", headers=_wire.basic(row))
    except _wire.Fault as fault:
        return Tried(ok=False, said=_wire.told(row, fault))
    return Tried(ok=answer.ok, said="" if answer.ok else _wire.told(row, _wire.refused(answer)))


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    row: Connection,
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="connection",
        subject_id=row.id,
        facts=facts,
        inputs=inputs,
        region_code=row.region_code,
    )
