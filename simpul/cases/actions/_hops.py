"""What a hand-over is made of: the offer, its end, its clocks, and the desks it cannot go to. Steps, no acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import steps
from simpul.cases.models import Case, Exclusion, Hop, Reader
from simpul.cases.rules import clocks as clock_rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7

if TYPE_CHECKING:
    from simpul.desks.models import Desk


class DeskUnfit(Refused):
    """The matter cannot go to that desk."""

    code = "case.desk_unfit"
    sentence = _("The matter cannot be handed to %(desk)s: %(why)s Choose another desk.")
    field = "to_desk_id"


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes along with a hand-over."""

    note: str
    extract: str = ""
    shares_contact: bool = False
    consent: str = ""
    their_due_date: date | None = None
    outside_number: str = ""
    service_id: UUID | None = None
    hop_id: UUID | None = None


def offer(case: Case, by: Actor, at: datetime, act: str, desk: Desk, sent: Sent) -> Hop:
    """Write the hop, move the case, start the clocks, let the desk see it and tell whom it concerns. The line is the act's."""
    hop = Hop.objects.create(
        id=sent.hop_id or uuid7(),
        case=case,
        position=(case.hops.aggregate(top=Max("position"))["top"] or 0) + 1,
        from_desk=case.holder,
        to_desk=desk,
        state="offered",
        sent_at=at,
        sent_by=by.name,
        note=sent.note,
        extract=sent.extract,
        shares_contact=sent.shares_contact,
        consent=sent.consent[:12],
        outside_number=sent.outside_number,
        their_due_date=sent.their_due_date,
        service_id=sent.service_id,
        tier=case.hops.filter(state__in=("declined", "silent")).count(),
    )
    _dispose(case, at)
    owing = case.holder if desk.outside else desk
    steps.move(case, act, at, acting=owing, seat_id=None, handler_name="", untaken_at=None)
    steps.stop_clocks(case, "hop_ended", at)
    steps.start_turn(case, clock_rules.HOP, owing, at, hop)
    if desk.outside:
        _start_their_clock(case, hop, desk, at)
    steps.join_chain(case, desk, at, extract_only=desk.level == "partner")
    steps.tell_desk(
        case,
        desk,
        "desk_referred",
        at,
        once=str(hop.position),
        values={"extract": hop.extract or case.title},
    )
    steps.tell(case, "assigned", at, once=str(hop.position), values={"desk": desk.name})
    return hop


def end(case: Case, hop: Hop, by: Actor, at: datetime, state: str, **columns: Any) -> None:
    """End an open hop, once, and stop its clocks."""
    open_hop = Hop.objects.filter(id=hop.id, ended_at=None)
    if open_hop.update(state=state, ended_at=at, ended_by=by.name, **columns) != 1:
        raise steps.ChangedMeanwhile
    hop.state, hop.ended_at = state, at
    for name, value in columns.items():
        setattr(hop, name, value)
    steps.stop_clocks(case, "hop_ended", at, hop=hop)


def check_desk(case: Case, desk: Desk) -> None:
    """Refuse a desk that is closed, already holds the matter, is kept away from it, or may not hold sealed matters."""
    why: Any = ""
    if desk.closed_at is not None:
        why = _("it is closed.")
    elif desk.id == case.holder_id or case.hops.filter(state="accepted", from_desk=desk).exists():
        why = _("it already has this matter on its chain; return it instead.")
    elif Exclusion.objects.filter(case=case, desk=desk, lifted_at=None).exists():
        why = _("it is kept away from this matter.")
    elif case.sensitivity == "sealed" and not desk.protected:
        why = _("sealed matters go to protected desks only.")
    elif case.sensitivity == "restricted" and Reader.objects.filter(case=case).exists():
        why = _("it is kept to named people until the head releases it.")
    if why:
        raise DeskUnfit(desk=desk.name, why=why)


def _dispose(case: Case, at: datetime) -> None:
    """The first hand-over: verification is over, and the official measure (laju) starts to count."""
    if case.first_disposed_at is None:
        steps.change(case, at, first_disposed_at=at)
        steps.start_kind_clocks(case, "disposed", at, case.holder)
    steps.stop_clocks(case, "disposed", at)


def _start_their_clock(case: Case, hop: Hop, desk: Desk, at: datetime) -> None:
    days = max(1, desk.their_days)
    rule = clock_rules.Rule(
        clock_rules.THEIRS,
        "working_days",
        days,
        False,
        f"desk/{desk.code}",
        str(_("The outside body's own promise")),
    )
    clock = steps.start_clock(case, rule, at, desk, hop)
    if hop.their_due_date is None:
        due = steps.calendar_of(desk, at, case.region_code).local_date(clock.due_at)
        Hop.objects.filter(id=hop.id).update(their_due_date=due)
