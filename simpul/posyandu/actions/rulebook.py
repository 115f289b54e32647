"""Acts on rules: an area follows another version from a day on, and ends it; entries are judged again. What ships is never changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.access import rulebook as access
from simpul.posyandu.actions import _findings
from simpul.posyandu.models import Examination, Rejudgement, Rerun, RuleChoice
from simpul.posyandu.queries import reruns, rulebook

MOST = 10_000
"""Entries that one re-run looks at: more would hold everybody else up."""
_BATCH = 500


class ChoiceUnknown(Refused):
    """A version that does not exist cannot be followed."""

    code = "rulechoice.unknown"
    sentence = _("Choose one of the versions of this rule.")
    field = "version"


class ChoiceIncomplete(Refused):
    """A choice is a decision: it needs a reason and days in the right order."""

    code = "rulechoice.incomplete"
    sentence = _("Write why, in a few words, and give days in the right order.")
    field = "reason"


class ChoiceTooEarly(Refused):
    """A version cannot be followed before it begins."""

    code = "rulechoice.too_early"
    sentence = _("This version begins on %(day)s. Choose that day or a later one.")
    field = "from_date"


class ChoiceTaken(Refused):
    """Two choices for one area cannot begin on the same day."""

    code = "rulechoice.taken"
    sentence = _("This area has a choice from that day already. End it first, or choose another day.")
    field = "from_date"


class RerunIncomplete(Refused):
    """Results are changed for a reason, from a day that has come."""

    code = "rerun.incomplete"
    sentence = _("Write why entries are judged again, and a first day that is not in the future.")
    field = "reason"


class RerunTooLarge(Refused):
    """Too many entries at once."""

    code = "rerun.too_large"
    sentence = _(
        "That would be %(found)s entries, and one run takes %(most)s. Choose a later first day or a smaller area."
    )
    field = "since"


def set_rulechoice(
    *,
    by: Actor,
    at: datetime,
    rule: str,
    version: str,
    region_code: str,
    from_date: date,
    until_date: date | None = None,
    reason: str,
    choice_id: UUID | None = None,
) -> RuleChoice:
    """An area follows a version from a day on. Results that are stored stay until somebody has them judged again.

    Raises:
        NotAllowed: the area is not this actor's.
        ChoiceUnknown, ChoiceIncomplete, ChoiceTooEarly, ChoiceTaken: see there.
    """
    roles.require(by, "rulechoice.set", roles.Place(region_code=region_code))
    known = rulebook.rule(rule)
    wanted = known.version(version) if known is not None else None
    if wanted is None:
        raise ChoiceUnknown
    why = text.clean_line(reason)
    if len(why) < 5 or (until_date is not None and until_date < from_date):
        raise ChoiceIncomplete(field="reason" if len(why) < 5 else "until_date")
    if wanted.valid_from is not None and from_date < wanted.valid_from:
        raise ChoiceTooEarly(day=wanted.valid_from.strftime("%d/%m/%Y"))
    with transaction.atomic():
        posyandu_access.hold_region(region_code)
        again = RuleChoice.objects.filter(id=choice_id).first() if choice_id is not None else None
        if again is not None:
            if (again.rule, again.region_code) != (rule, region_code):
                raise NotFound
            return again
        same = RuleChoice.objects.filter(
            rule=rule, region_code=region_code, from_date=from_date, ended_at=None
        )
        if same.exists():
            raise ChoiceTaken
        choice = RuleChoice.objects.create(
            id=choice_id or uuid7(),
            rule=rule,
            version=version,
            region_code=region_code,
            from_date=from_date,
            until_date=until_date,
            reason=why[:300],
            set_at=at,
            set_by=by.name,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="rulechoice.set",
            subject_kind="rule_choice",
            subject_id=choice.id,
            region_code=region_code,
            facts={"rule": rule, "version": version, "from": from_date.isoformat(), "reason": choice.reason},
        )
    return choice


def end_rulechoice(*, by: Actor, at: datetime, choice_id: UUID, until_date: date, why: str) -> RuleChoice:
    """A choice counts until a day and no longer; the day before its first one takes it back altogether. Ended, it stays ended.

    Raises:
        NotFound: no such choice for this actor.
        ChoiceIncomplete: no reason, or a day before that.
    """
    with transaction.atomic():
        choice = access.choice_for(by, choice_id, lock=True)
        roles.require(by, "rulechoice.end", roles.Place(region_code=choice.region_code))
        if choice.ended_at is not None:
            return choice
        said = text.clean_line(why)
        if len(said) < 5 or until_date < choice.from_date - timedelta(days=1):
            raise ChoiceIncomplete(field="why" if len(said) < 5 else "until_date")
        choice.until_date, choice.ended_at = until_date, at
        choice.ended_by, choice.ended_why = by.name, said[:300]
        choice.save(update_fields=["until_date", "ended_at", "ended_by", "ended_why"])
        journal_actions.record(
            by=by,
            at=at,
            kind="rulechoice.end",
            subject_kind="rule_choice",
            subject_id=choice.id,
            region_code=choice.region_code,
            facts={
                "rule": choice.rule,
                "version": choice.version,
                "until": until_date.isoformat(),
                "why": choice.ended_why,
            },
        )
    return choice


def apply_rerun(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    since_date: date,
    reason: str,
    rerun_id: UUID | None = None,
) -> Rerun:
    """Judge the entries of an area from a day on again by the rules in force; what changed is stored, what was before is kept beside it.

    Findings follow: what is found anew opens as if it had been judged so at first, and only the latest entry of a card ends one.

    Raises:
        NotAllowed: the area is not this actor's.
        RerunIncomplete, RerunTooLarge: see there.
    """
    roles.require(by, "rerun.apply", roles.Place(region_code=region_code))
    with transaction.atomic():
        posyandu_access.hold_region(region_code)
        again = Rerun.objects.filter(id=rerun_id).first() if rerun_id is not None else None
        if again is not None:
            if again.region_code != region_code:
                raise NotFound
            return again
        why = text.clean_line(reason)
        if len(why) < 5 or since_date > at.date():
            raise RerunIncomplete(field="reason" if len(why) < 5 else "since")
        rows = access.judged(by).filter(areas.inside(region_code))
        looked = reruns.size(rows, since_date)
        if looked > MOST:
            raise RerunTooLarge(found=looked, most=MOST)
        rerun = Rerun.objects.create(
            id=rerun_id or uuid7(),
            region_code=region_code,
            from_date=since_date,
            until_date=at.date(),
            reason=why[:300],
            looked=looked,
            made_at=at,
            made_by=by.name,
        )
        changed = list(reruns.changes(rows, region_code, since_date, lock=True))
        _store(rerun, changed, at)
        for change in changed:
            _findings.note(by, at, examination=change.row, judgements=change.judgements)
        rerun.changed = len(changed)
        rerun.save(update_fields=["changed"])
        journal_actions.record(
            by=by,
            at=at,
            kind="rerun.apply",
            subject_kind="rerun",
            subject_id=rerun.id,
            region_code=region_code,
            facts={
                "since": since_date.isoformat(),
                "looked": looked,
                "changed": rerun.changed,
                "reason": rerun.reason,
            },
        )
    return rerun


def _store(rerun: Rerun, changed: list[reruns.Change], at: datetime) -> None:
    """The new results in the entries, and both in a row beside them."""
    for change in changed:
        for name, value in change.after.items():
            setattr(change.row, name, value)
    Rejudgement.objects.bulk_create(
        [
            Rejudgement(
                rerun=rerun,
                examination=change.row,
                region_code=change.row.region_code,
                before=dict(change.before),
                after=dict(change.after),
                versions={rule: list(pair) for rule, pair in change.versions.items()},
                made_at=at,
            )
            for change in changed
        ],
        batch_size=_BATCH,
    )
    Examination.objects.bulk_update(
        [change.row for change in changed],
        ["results", "status", "two_t", "bgm", "refer"],
        batch_size=_BATCH,
    )
