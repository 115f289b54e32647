"""From tier to tier: pass a refused or silent matter on, notice silence, and send without consent where a life asks for it.

Silence of a desk of the house is first met by asking the next desk, where the kind does so by itself; else the matter is shown to
the desk above (``escalation``) and the next desk is proposed to the holder. An outside body that never answers is passed over in
the same way when its own promise has run out; one that took the matter on and stays silent is raised once, to the desk above the
holder, and the next desk is proposed, for it may still be at work.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import _consents, _tiers, escalation, referral, steps
from simpul.cases.models import Case, Clock, ConsentOverride, Hop
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.queries import tiers as queries
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class NothingToPassOn(Refused):
    """Nobody has refused, and nobody's time has run out."""

    code = "case.nothing_to_pass_on"
    sentence = _(
        "The desk that was asked still has time to answer. Wait for it, or call the matter back and choose another desk."
    )


class NoDeskLeft(Refused):
    """The route has come to its end."""

    code = "case.no_desk_left"
    sentence = _(
        "Every desk of the route was asked and none took the matter. Decide it yourself, choose another desk by hand, "
        "or ask the desk above yours for help."
    )


class ExtractMissing(Refused):
    """Another institution reads an extract, and there is none yet."""

    code = "case.extract_missing"
    sentence = _("Write what the other institution may read: it sees only this.")
    field = "extract"


def pass_on_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    extract: str = "",
    taken: _consents.ConsentTaken | None = None,
) -> Hop:
    """Ask the next desk of the route, after a refusal or when the time of the last one has run out. Nothing is typed again.

    Args:
        extract: what another institution may read, where the last hand-over had none.
        taken: a consent given now, where none stands.

    Raises:
        NotYourTurn, NothingToPassOn, NoDeskLeft, ExtractMissing, NoConsentToRefer, NotFound; the refusals of ``give_consent``.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.pass_on", case_id)
        if case.holder_id not in by.desk_ids and by.role != "focal_point":
            raise referral.NotYourTurn
        hops = list(case.hops.select_related("from_desk", "to_desk").order_by("position"))
        clocks = list(case.clocks.filter(stopped_at=None).select_related("case"))
        last = queries.last_asked(hops, at, clocks)
        if last is None:
            raise NothingToPassOn
        found = queries.proposal(case, last, at, more_extract=extract)
        if found is None:
            raise NoDeskLeft
        if "extract" in found.missing:
            raise ExtractMissing
        if last.ended_at is None:
            _tiers.end_silent(case, last, by, at)
        return _tiers.pass_on(case, by, at, found, extract=extract, taken=taken)


def note_silence(*, by: Actor, at: datetime, clock_id: UUID) -> Hop | None:
    """Notice, once, that a receiver let its time run out; ask the next desk where the kind does so by itself.

    Returns the new hop, or None when the holder has to decide, no desk is left, or the silence is over.
    """
    roles.require(by, "silence.note")
    with transaction.atomic():
        clock = (
            Clock.objects.filter(id=clock_id, stopped_at=None, hop__silent_at=None)
            .select_related("case", "hop__to_desk")
            .first()
        )
        if clock is None or clock.hop is None:
            return None
        case = access.get_for(by, clock.case_id, lock=True)
        hop = clock.hop
        if case.state not in queries.PASSABLE or not queries.is_silent(clock, hop, at):
            return None
        Hop.objects.filter(id=hop.id).update(silent_at=at)
        hop.silent_at = at
        steps.journal(
            by, at, "silence.note", case, {"desk": hop.to_desk.name, "hop": hop.position, "state": hop.state}
        )
        return _after_silence(case, clock, hop, by, at)


def _after_silence(case: Case, clock: Clock, hop: Hop, by: Actor, at: datetime) -> Hop | None:
    """Ask the next desk, or raise and propose. Who took a matter on is never passed over by a machine."""
    found = queries.proposal(case, hop, at)
    if hop.state == "offered" and found is not None and found.by_itself:
        _tiers.end_silent(case, hop, by, at)
        return _tiers.pass_on(case, by, at, found)
    if hop.state == "offered" and found is None and case.kind.falls_through == "self":
        _nobody_left(case, hop, by, at)
        return None
    if hop.state == "accepted":
        above = clock_queries.desks_above(case.holder)
        if above:
            escalation.raise_level(case, clock, 1, above[0], by, at)
    steps.tell_desk(
        case,
        case.holder,
        "desk_silent",
        at,
        once=str(hop.position),
        values={"silent": hop.to_desk.name, "next": found.desk.name if found else ""},
    )
    return None


def _nobody_left(case: Case, hop: Hop, by: Actor, at: datetime) -> None:
    """The last desk of the route was silent too: the holder gets the turn back, and supervision sees it."""
    _tiers.end_silent(case, hop, by, at)
    steps.move(case, "silence.note", at, acting=case.holder, untaken_at=at)
    steps.start_turn(case, "work", case.holder, at)
    steps.tell_desk(case, case.holder, "desk_untaken", at, once=str(hop.position))


def override_consent(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> ConsentOverride:
    """Decide that this matter may go to other institutions although the person was not asked, and say why.

    For those in danger who cannot be asked (UU 27/2022 art. 20(2)(d), vital interest). The reason is kept for ever with the matter.

    Raises:
        NotFound, WordsMissing: the reason takes at least 20 letters.
    """
    with transaction.atomic():
        case = steps.begin(by, "consent.override", case_id)
        why = steps.words(reason, field="reason", at_least=20)
        made = ConsentOverride.objects.create(
            case=case, reason=why, by_name=by.name, by_user_id=by.user_id, at=at
        )
        Case.objects.filter(id=case.id).update(changed_at=at)
        steps.journal(by, at, "consent.override", case, inputs={"reason": why})
        return made
