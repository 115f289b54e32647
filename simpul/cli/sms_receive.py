"""``simpul sms-receive CODE [ID ...]``: what Gammu SMSD runs when a message came (``RunOnReceive``).

The message stands in the environment. It is kept at once, in the database or in the spool while there is none, and read by
the worker. Running it again changes nothing. SMSD waits for it and receives nothing meanwhile, so it does no more than that.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib.actor import MACHINE
from simpul.lib.spool import Spool, SpoolFull
from simpul.messages import actions, transports
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.transports import gammu, requests


def run(args: argparse.Namespace) -> int:
    """Keep the message; 1 when there is none, the gateway is unknown, or it could be kept nowhere."""
    _open_closed_handles()
    try:
        request = gammu.from_environment(_environment(), args.ids)
    except transports.Unreadable as fault:
        print(
            _("There is no message in the environment: %(reason)s") % {"reason": fault.reason},
            file=sys.stderr,
        )
        return 1
    at = timezone.now()
    request = replace(request, received_at=at)
    try:
        return _in_database(args.code, request, at)
    except (DatabaseError, InterfaceError):
        return _in_spool(args.code, request)


def _in_database(code: str, request: transports.RawRequest, at: datetime) -> int:
    gateway = gateway_queries.gateway(code)
    if gateway is None or gateway.kind != "gammu":
        print(_("There is no modem with the code %(code)s.") % {"code": code}, file=sys.stderr)
        return 1
    actions.store_delivery(
        by=MACHINE,
        at=at,
        gateway_id=gateway.id,
        request=request,
        verdict=transports.Verdict(ok=True),
        repeat_key=gammu.repeat_key(gateway_queries.setup_of(gateway), request),
    )
    return 0


def _in_spool(code: str, request: transports.RawRequest) -> int:
    key = gammu.repeat_key(transports.Setup(code, "gammu", "sms"), request)
    try:
        Spool(settings.SIMPUL_SPOOL).add(
            requests.as_record(requests.Spooled("sms", code, True, request, key))
        )
    except (SpoolFull, OSError):
        print(_("The message could be kept neither in the database nor on the disk."), file=sys.stderr)
        return 1
    return 0


def _environment() -> dict[str, str]:
    """The environment as UTF-8, whatever the locale SMSD runs with."""
    return {
        name: os.fsencode(value).decode("utf-8", "replace")
        for name, value in os.environ.items()
        if name.startswith(("SMS_", "DECODED_", "PHONE_"))
    }


def _open_closed_handles() -> None:
    """SMSD closes input and output; a file opened afterwards must not become one of them, where others write."""
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
