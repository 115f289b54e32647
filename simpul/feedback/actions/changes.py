"""Acts on what changed because people spoke: note it, and take it back when it turns out not to be so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.feedback import access, rules
from simpul.feedback.actions import _shared
from simpul.feedback.models import Change
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries


class PeriodWrong(Refused):
    """The period of the feedback ends before it begins, or lies ahead."""

    code = "change.period_wrong"
    sentence = _("The feedback came before the decision: check the dates.")
    field = "until_date"


class WhoMissing(Refused):
    """Somebody decided it."""

    code = "change.who_missing"
    sentence = _("Write who decided this: an office or a meeting is enough.")
    field = "decided_by"


def note_change(
    *,
    by: Actor,
    at: datetime,
    words: str,
    codes: Sequence[str],
    since_date: date,
    until_date: date,
    region_code: str,
    decided_by: str,
    decided_date: date,
    public: bool = False,
) -> Change:
    """Write down what changed because of feedback: by which codes, of which time and place, who decided it and when.

    Raises:
        NotAllowed: not for this place.
        NotFound: no such place.
        WordsMissing, CodesUnknown, PeriodWrong, WhoMissing, PersonalWords.
    """
    roles.require(by, "change.note", roles.Place(region_code))
    said = _shared.words(words, field="words")
    who = text.clean_line(decided_by)[:150]
    if len(who) < 2:
        raise WhoMissing
    if since_date > until_date or decided_date < since_date or decided_date > at.date():
        raise PeriodWrong
    if public:
        _shared.fit_for_all(said, field="words")
    if region_queries.find_region(region_code) is None:
        raise NotFound
    with transaction.atomic():
        chosen = _shared.known_codes(codes)
        if not chosen:
            raise _shared.CodesUnknown(most=rules.MOST_CODES)
        change = Change.objects.create(
            words=said,
            since_date=since_date,
            until_date=until_date,
            region_code=region_code,
            decided_by=who,
            decided_date=decided_date,
            is_public=public,
            noted_at=at,
            noted_by=by.name,
        )
        change.codes.set(chosen)
        _shared.line(
            by,
            at,
            "change.note",
            change.id,
            about="change",
            region_code=region_code,
            facts={"codes": [one.code for one in chosen], "public": public},
            inputs={"words": said},
        )
    return change


def withdraw_change(*, by: Actor, at: datetime, change_id: UUID, reason: str) -> None:
    """Take back that something changed; officers still read that it was said, and why not any more.

    Raises:
        NotFound: no such change for this actor, or taken back already.
        WordsMissing: no reason.
    """
    with transaction.atomic():
        change = access.changes(by).filter(id=change_id, withdrawn_at=None).first()
        if change is None:
            raise NotFound
        roles.require(by, "change.withdraw", roles.Place(change.region_code))
        why = _shared.words(reason, field="reason", most=200)
        Change.objects.filter(id=change_id).update(withdrawn_at=at, withdraw_reason=why)
        _shared.line(
            by,
            at,
            "change.withdraw",
            change.id,
            about="change",
            region_code=change.region_code,
            inputs={"reason": why},
        )
