"""Steps of the telephone that several acts share: whose number it is, the debt of a missed call, the journal line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import phone, text
from simpul.lib.actor import Actor
from simpul.messages import transports
from simpul.messages.models import Call, Correspondent, Gateway
from simpul.messages.rules import calls as rules
from simpul.messages.rules import incoming as incoming_rules

if TYPE_CHECKING:
    from simpul.desks.models import Desk

_CALLS = UUID("0d5d0a5e-6c1b-5d0f-8a5e-ca11ca11ca11")


def caller(
    number: str, *, desk: Desk, region_code: str, at: datetime, gateway: Gateway | None, name: str = ""
) -> Correspondent | None:
    """Who has this number, made when they call for the first time; None for a number that cannot be dialled.

    A number on a telephone is shown, not proved: it never opens anything.
    """
    address = phone.normalise(number).e164
    if not address:
        return None
    who, _is_new = Correspondent.objects.get_or_create(
        channel="phone",
        scope="",
        address=address,
        defaults={
            "number": address[:20],
            "shown_name": text.clean_line(name)[:150],
            "desk": desk,
            "region_code": region_code,
            "gateway": gateway,
            "first_at": at,
        },
    )
    return who


def mark(who: Correspondent | None, at: datetime, *, outgoing: bool) -> None:
    """Remember when somebody was last heard, or last called."""
    if who is None:
        return
    column = "last_out_at" if outgoing else "last_in_at"
    known = getattr(who, column)
    if known is None or known < at:
        Correspondent.objects.filter(id=who.id).update(**{column: at})


def pay_missed(who: Correspondent | None, by_name: str, at: datetime, *, result: str) -> int:
    """Somebody was heard: what was owed to them for calls that were missed is paid. Promises that were spoken stay."""
    if who is None:
        return 0
    owed = Call.objects.filter(correspondent=who, direction="missed", callback_done_at=None)
    return owed.exclude(callback_due_at=None).update(
        callback_done_at=at, callback_done_by=by_name[:150], callback_result=result
    )


def note_missed(gateway: Gateway, heard: transports.Heard, at: datetime) -> int:
    """A telephone reports a call that nobody took: it is logged once, and owed a call-back.

    Who calls five times is owed one call-back, the first. A withheld number is logged and cannot be called back.
    Returns 0 when this call is known already.
    """
    once = incoming_rules.once_key(gateway.code, heard.external_id, heard.once)
    call_id = uuid5(_CALLS, once)
    if Call.objects.filter(id=call_id).exists():
        return 0
    number = (heard.number or heard.address).strip()
    rang_at = min(heard.sent_at or at, at)
    who = caller(number, desk=gateway.desk, region_code=gateway.region_code, at=rang_at, gateway=gateway)
    mark(who, rang_at, outgoing=False)
    _call, is_new = Call.objects.get_or_create(
        id=call_id,
        defaults={
            "correspondent": who,
            "number_typed": number[:40],
            "is_withheld": not number,
            "caller_name": text.clean_line(heard.shown_name)[:150],
            "direction": "missed",
            "gateway": gateway,
            "desk_id": gateway.desk_id,
            "region_code": gateway.region_code,
            "started_at": rang_at,
            "ended_at": rang_at,
            "outcome": "missed",
            "callback_due_at": None if who is None or _is_owed(who, rang_at) else _when(gateway, at),
        },
    )
    return int(is_new)


def _is_owed(who: Correspondent, rang_at: datetime) -> bool:
    """True when this person waits for a call-back already, or was talked with after this call: it was reported late."""
    waits = Call.objects.filter(correspondent=who, callback_done_at=None).exclude(callback_due_at=None)
    talked = [code for code, outcome in rules.OUTCOMES.items() if outcome.talked]
    later = Call.objects.filter(correspondent=who, started_at__gt=rang_at, outcome__in=talked)
    return waits.exists() or later.exists()


def _when(gateway: Gateway, at: datetime) -> datetime:
    home = desk_queries.institution()
    return rules.missed_due(
        at,
        zone=desk_queries.zone_of(gateway.region_code),
        quiet_from=home.quiet_from,
        quiet_to=home.quiet_to,
    )


def line(by: Actor, at: datetime, kind: str, call: Call, **facts: object) -> None:
    """One line on the call: what was decided, never who called or what was said."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="call",
        subject_id=call.id,
        region_code=call.region_code,
        facts={"direction": call.direction, "outcome": call.outcome, **facts},
    )
