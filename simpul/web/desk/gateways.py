"""The page of the gateways: does each answer, since when not and why, and what to do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul import roles
from simpul.lib import money
from simpul.messages.queries import gateways as queries
from simpul.web.desk import frame, words
from simpul.web.policy import Request, officer

ROADS = {
    "sms": gettext_noop("SMS"),
    "whatsapp": gettext_noop("WhatsApp"),
    "telegram": gettext_noop("Telegram"),
    "email": gettext_noop("E-mail"),
}

FAULTS = {
    "modem_silent": (
        gettext_noop("The modem's program has not been heard for some minutes."),
        gettext_noop(
            "Look whether the modem has power and its cable is in place. Then start the program again: systemctl restart gammu-smsd."
        ),
    ),
    "no_modem": (
        gettext_noop("The modem's program has never been heard."),
        gettext_noop("Start the program, and compare its PhoneID with that of this gateway."),
    ),
    "database_unreachable": (
        gettext_noop("The database of the modem's program does not answer."),
        gettext_noop("Look whether its file or server is there, and whether Simpul may read and write it."),
    ),
    "bind refused": (
        gettext_noop("The operator does not let us in."),
        gettext_noop("Compare system id and password with the operator's letter, then ask the operator."),
    ),
    "the centre is silent": (
        gettext_noop("The operator's computer has stopped answering."),
        gettext_noop("It is tried again every minute. If it lasts an hour, call the operator."),
    ),
    "answered 401": (
        gettext_noop("The gateway does not know our user name or password."),
        gettext_noop("An administrator compares them under Administration, Gateways."),
    ),
}
"""What is known of a fault by how its reason begins: in words, and what to do."""

UNKNOWN = (
    gettext_noop("It does not answer."),
    gettext_noop(
        "Look whether the phone, modem or line is on. It is tried again by itself at least every half hour."
    ),
)

SIGNALS = (
    (60, gettext_noop("good")),
    (30, gettext_noop("fair")),
    (1, gettext_noop("weak")),
    (0, gettext_noop("none")),
)
BATTERIES = (
    (50, gettext_noop("good")),
    (20, gettext_noop("charge it soon")),
    (0, gettext_noop("charge it now")),
)


@officer("incoming.settle")
def gateways(request: Request) -> HttpResponseBase:
    """Every gateway of the seat's desks and area, those that are down first."""
    at = timezone.now()
    rows = [_row(one, at) for one in queries.health(request.by, at)]
    context = {
        "rows": rows,
        "down": sum(1 for row in rows if row["is_down"]),
        "may_manage": roles.may_somewhere(request.by, "gateway.change"),
    }
    return frame.show(request, "desk/roads/page.html", context, here="desk_roads")


def _row(health: queries.Health, at: datetime) -> dict[str, Any]:
    gateway = health.gateway
    why, help_ = _fault(gateway.down_reason)
    is_down = gateway.down_since_at is not None
    return {
        "gateway": gateway,
        "health": health,
        "road": _(ROADS.get(gateway.road, gateway.road)),
        "is_down": is_down,
        "is_new": not is_down and gateway.heard_at is None,
        "since": words.moment(gateway.down_since_at, gateway.region_code),
        "since_age": words.age(gateway.down_since_at, at) if gateway.down_since_at else "",
        "why": why,
        "help": help_,
        "heard": words.age(gateway.heard_at, at) if gateway.heard_at else "",
        "battery": _level(gateway.battery, BATTERIES),
        "signal": _level(gateway.signal, SIGNALS),
        "cost": money.rupiah(health.cost_rupiah),
        "others": _others(gateway, at) if is_down else "",
    }


def _fault(reason: str) -> tuple[str, str]:
    why, help_ = next((said for start, said in FAULTS.items() if reason.startswith(start)), UNKNOWN)
    return _(why), _(help_)


def _others(gateway: Any, at: datetime) -> str:
    """Who carries its messages meanwhile."""
    if not gateway.sends:
        return ""
    names = [
        way.name
        for way in queries.ways(gateway.road, "", at)
        if way.id != gateway.id and not way.down_since_at
    ]
    if names:
        return _("Meanwhile its messages leave by %(name)s.") % {"name": names[0]}
    return _(
        "No other gateway carries its messages; they wait, and after half an hour take the next safe road."
    )


def _level(value: int | None, steps: tuple[tuple[int, str], ...]) -> dict[str, Any]:
    """A percentage with a word and a tone: never colour alone."""
    if value is None:
        return {}
    place = next((number for number, (least, _word) in enumerate(steps) if value >= least), len(steps) - 1)
    tone = "good" if place == 0 else "warn" if place == 1 else "bad"
    return {"value": value, "word": _(steps[place][1]), "tone": tone}
