"""The act on minutes of handing over (BAST): freeze what a stop or a village of a round got, with digest and signature."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _rounds
from simpul.programmes.models import Handover, Round
from simpul.programmes.queries import handovers as queries
from simpul.programmes.rules import handovers as rules

MOST_SIGNERS = 8


class NothingToHandOver(Refused):
    """Minutes tell what was handed over."""

    code = "handover.nothing"
    sentence = _("No delivery is written down there yet, so there is nothing to put in the minutes.")


class SignersMissing(Refused):
    """Minutes are signed by those who gave and those who saw."""

    code = "handover.signers_missing"
    sentence = _("Write at least two people who sign: who handed over, and who received or was witness.")
    field = "signers"


@dataclass(frozen=True, slots=True)
class HandoverGiven:
    """What the minutes are about: a stop of a trip, or a village (or hamlet's village) of a round."""

    region_code: str
    handed_date: date
    signers: Sequence[tuple[str, str]]  # office, name
    stop_id: UUID | None = None
    trip_id: UUID | None = None
    place: str = ""
    stop: str = ""  # the stop in words


def make_handover(
    *, by: Actor, at: datetime, round_id: UUID, given: HandoverGiven, handover_id: UUID | None = None
) -> Handover:
    """Freeze the deliveries of a stop, or of a village of a round, as minutes with digest and signature.

    Minutes that exist for the same stop or village are replaced by a new version; when nothing changed, those that exist are returned.

    Raises:
        NothingToHandOver, SignersMissing, NotFound.
    """
    with transaction.atomic():
        found = access.round_for(by, round_id, lock=True)
        roles.require(by, "handover.make", access.place_of(given.region_code))
        known = Handover.objects.filter(id=handover_id).first() if handover_id else None
        if known is not None:
            return access.handover_for(by, known.id)
        if not given.region_code.startswith(found.region_code):
            raise NotFound
        signers = _signers(given.signers)
        old = queries.newest(round_id, given.region_code, given.stop_id)
        number = old.number if old else _number(found, at)
        content = queries.content(
            found,
            number=number,
            version=old.version + 1 if old else 1,
            replaces=old.digest if old else "",
            region_code=given.region_code,
            stop_id=given.stop_id,
            stop=text.clean_line(given.stop, 150),
            place=text.clean_line(given.place, 150),
            handed_date=given.handed_date,
            signers=signers,
        )
        if not content.rows:
            raise NothingToHandOver
        if old is not None and rules.same(old.content, content):
            return old
        made = _freeze(by, at, found, given, content, old, handover_id)
        facts = {
            "handover": str(made.id),
            "digest": made.digest,
            "version": made.version,
            "rows": len(content.rows),
        }
        _rounds.line(by, at, "handover.make", "round", found.id, made.region_code, facts)
    return made


def _freeze(
    by: Actor,
    at: datetime,
    found: Round,
    given: HandoverGiven,
    content: rules.Content,
    old: Handover | None,
    key: UUID | None,
) -> Handover:
    words = rules.canonical(content)
    digest = rules.digest(words)
    return Handover.objects.create(
        id=key or uuid7(),
        round=found,
        region_code=given.region_code,
        stop_id=given.stop_id,
        trip_id=given.trip_id,
        number=content.number,
        version=content.version,
        replaces=old,
        content=words,
        digest=digest,
        signature=ring().sign(digest.encode()).hex(),
        token=secrets.token_urlsafe(16),
        signers=[list(one) for one in content.signers],
        made_at=at,
        made_by=by.name[:150],
    )


def _signers(given: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    cleaned = [
        (text.clean_line(office, 100), text.clean_line(name, 150)) for office, name in given[:MOST_SIGNERS]
    ]
    found = tuple((office, name) for office, name in cleaned if len(name) >= 2)
    if len(found) < 2:
        raise SignersMissing
    return found


def _number(found: Round, at: datetime) -> str:
    """The next number of the round; it is locked, so no two get the same."""
    position = Handover.objects.filter(round=found, version=1).count() + 1
    return rules.number(found.id, position, _rounds.day_at(found.region_code, at).year)
