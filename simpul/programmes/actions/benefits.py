"""Acts on benefits: write down what a person, a family or a household gets, and that it ended. Listed never means receives."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.access import programmes as access
from simpul.programmes.models import Benefit, Programme

STATES = ("proposed", "listed", "receives", "ended", "refused")


class BenefitWrong(Refused):
    """A benefit that cannot be kept."""

    code = "benefit.wrong"
    sentence = _(
        "Choose a programme from the list, and how it stands: proposed, listed, receives, ended or refused."
    )
    field = "programme"


class BenefitSourceMissing(Refused):
    """Where it is known from is part of what is known."""

    code = "benefit.source_missing"
    sentence = _(
        "Write where this is known from: a card that was shown, a list with its date, the family itself."
    )
    field = "source"


class BenefitDatesWrong(Refused):
    """It cannot end before it began, or begin in the future."""

    code = "benefit.dates_wrong"
    sentence = _("The days do not fit: it cannot end before it began, and only a proposal can lie ahead.")
    field = "until_date"


class BenefitTwice(Refused):
    """The same benefit stands there already."""

    code = "benefit.twice"
    sentence = _("This is written down already. End it first if it changed.")
    field = "programme"


def record_benefit(
    *,
    by: Actor,
    at: datetime,
    programme: str,
    scope: str,
    receiver_id: UUID,
    state: str,
    source: str,
    since_date: date | None = None,
    until_date: date | None = None,
    note: str = "",
) -> Benefit:
    """Write down what somebody gets. ``scope`` is person, family or household.

    Raises:
        NotFound: no such receiver, or not for this actor.
        BenefitWrong, BenefitSourceMissing, BenefitDatesWrong, BenefitTwice: see their sentences.
    """
    receiver = access.receiver_for(by, scope, receiver_id)
    roles.require(by, "benefit.record", roles.Place(region_code=receiver.region_code))
    known = Programme.objects.filter(code=programme, is_active=True).exclude(kind="criterion").first()
    if known is None or state not in STATES:
        raise BenefitWrong
    said = text.clean_line(source, 150)
    if len(said) < 3:
        raise BenefitSourceMissing
    _check_days(state, since_date, until_date, at)
    with transaction.atomic():
        open_rows = Benefit.objects.filter(
            programme=known, until_date=None, state=state, **{f"{scope}_id": receiver_id}
        )
        if open_rows.exclude(state="ended").exists():
            raise BenefitTwice
        made = Benefit.objects.create(
            programme=known,
            region_code=receiver.region_code,
            state=state,
            since_date=since_date,
            until_date=until_date,
            source=said,
            note=text.clean_line(note, 300),
            recorded_at=at,
            recorded_by=by.name,
            **{f"{scope}_id": receiver_id},
        )
        _line(by, at, "benefit.record", made, scope, receiver_id)
    return made


def _check_days(state: str, since: date | None, until: date | None, at: datetime) -> None:
    backwards = since is not None and until is not None and until < since
    ahead = since is not None and since > at.date() and state != "proposed"
    if backwards or ahead:
        raise BenefitDatesWrong


def end_benefit(*, by: Actor, at: datetime, benefit_id: UUID, until_date: date, source: str) -> Benefit:
    """Say that somebody gets it no more, from when, and where that is known from.

    Raises:
        NotFound: no such benefit, or not for this actor.
        BenefitSourceMissing, BenefitDatesWrong: see their sentences.
    """
    with transaction.atomic():
        known = access.benefit_for(by, benefit_id, lock=True)
        roles.require(by, "benefit.end", roles.Place(region_code=known.region_code))
        said = text.clean_line(source, 150)
        if len(said) < 3:
            raise BenefitSourceMissing
        if known.since_date is not None and until_date < known.since_date:
            raise BenefitDatesWrong
        Benefit.objects.filter(id=benefit_id).update(state="ended", until_date=until_date, source=said)
        known.refresh_from_db()
        scope = next(one for one in ("person", "family", "household") if getattr(known, f"{one}_id"))
        _line(by, at, "benefit.end", known, scope, getattr(known, f"{scope}_id"))
    return known


def _line(by: Actor, at: datetime, kind: str, benefit: Benefit, scope: str, receiver_id: UUID) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=scope,
        subject_id=receiver_id,
        facts={"programme": benefit.programme_id, "state": benefit.state},
        inputs={"source": benefit.source, "since": benefit.since_date, "until": benefit.until_date},
        region_code=benefit.region_code,
    )
