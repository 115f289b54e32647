"""What the pages of devices share: tabs, tones, and an event in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.people.queries import fields as field_queries
from simpul.regions import queries as region_queries
from simpul.sync.queries import watching
from simpul.sync.rules import outcomes
from simpul.web.desk import words
from simpul.web.policy import Request

HERE = "desk_devices"
LOOKING = ("device.invite", "device.revoke", "event.settle")
TONES = {
    "accepted": "good",
    "conflict": "warn",
    "flagged": "warn",
    "quarantined": "bad",
    "held": "info",
    "stored": "info",
}
LATEST = 4_102_444_800_000
"""The year 2100: what a broken clock says beyond it is shown as it is, not as a date."""
QUIET_INPUTS = frozenset({"source", "observed", "source_words", "said_by"})


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages of this part, with how much waits."""
    waiting = sum(watching.counts(request.by).values())
    pages = [
        ("desk_devices", _("Phones and laptops"), None),
        ("desk_repairs", _("Waiting for a decision"), waiting),
        ("desk_erasures", _("Erased on devices"), None),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == here, "count": count}
        for name, label, count in pages
    ]


def device_moment(at_ms: int, region_code: str) -> str:
    """The device's own clock in words; a clock that cannot be right is said to be so."""
    if not 0 < at_ms < LATEST:
        return _("a clock that cannot be right")
    return words.moment(datetime.fromtimestamp(at_ms / 1000, UTC), region_code)


def act_words(kind: str) -> str:
    """What was done: "visit.record/1" -> "wrote down a visit"."""
    name = kind.partition("/")[0]
    return _(roles.ACTS[name]) if name in roles.ACTS else name


def inputs(given: Mapping[str, Any], *, most: int = 30) -> list[dict[str, Any]]:
    """What was typed, as rows for people; keys, files and what was left empty are not shown."""
    shown = [name for name, value in given.items() if is_for_people(name) and value not in ("", None)]
    return [{"key": label_of(name), "value": _shown(name, given[name])} for name in shown[:most]]


def is_for_people(name: str) -> bool:
    """False for inputs that name rows and files, and for those that stand on every entry."""
    return not name.endswith(("_id", "_ids")) and name not in ("photos", "signature", *QUIET_INPUTS)


def label_of(name: str) -> str:
    """An input's name for people: a register field's question, else the name itself."""
    short = name.removeprefix("f.").removeprefix("a.")
    known = _fields().get(short)
    return known.label(words.language()) if known else short.replace("_", " ").capitalize()


@cache
def _fields() -> dict[str, Any]:
    return {field.key: field for field in field_queries.of_history().values()}


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_ms") and isinstance(value, int):
        return device_moment(value, "")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)[:300]
    return str(value)[:300]


def owner(device: Any) -> str:
    """Whose device it is: the person and the seat, or the desk of a village laptop."""
    if device.seat is None:
        return str(device.desk.name)
    return f"{device.seat.user.full_name}, {desk_queries.seat_label(device.seat)}"


def areas_words(codes: list[str]) -> str:
    """Which places a device is sent, by name."""
    if not codes:
        return _("all of the seat's area")
    return ", ".join(
        region_queries.paths(set(codes)).get(code, code).split(",", maxsplit=1)[0] for code in codes
    )


def event_row(event: Any) -> dict[str, Any]:
    """One event for a list."""
    return {
        "event": event,
        "act": act_words(event.kind),
        "state": _(outcomes.STATES.get(event.state, event.state)),
        "tone": TONES.get(event.state, ""),
        "when": device_moment(event.at_ms, event.region_code),
        "received": words.moment(event.received_at, event.region_code),
    }
