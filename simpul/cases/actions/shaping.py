"""Giving a matter its right shape: another kind, merged, linked, split."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul.cases import access, search
from simpul.cases.actions import intake, protection, referral, steps
from simpul.cases.models import Case, Clock, Link
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import kinds as kind_rules
from simpul.cases.rules import moves
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

LINK_KINDS = ("related", "duplicate", "split", "visit", "appeal")


class CannotMerge(Refused):
    """These two are not one matter."""

    code = "case.cannot_merge"
    sentence = _("These two cannot be merged: %(why)s")


def classify_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    kind_code: str,
    answers: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Change the kind. The old promise stays when it is earlier: a person never waits longer because we sorted wrongly.

    A kind or answer that is more closed closes the matter; one that is more open does not open it (``unseal_case`` does).

    Raises:
        KindUnknown, AnswersWrong, MoveRefused.
    """
    with transaction.atomic():
        case = steps.begin(by, "case.classify", case_id)
        kind = kind_queries.get_kind(kind_code)
        if kind is None or not kind.is_active:
            raise intake.KindUnknown
        clean, errors = kind_rules.check_answers(kind.fields, {**case.answers, **(answers or {})})
        wrong = {key: why for key, why in errors.items() if why != kind_rules.REQUIRED}
        if wrong:  # what nobody knows yet may stay open; what is given must fit
            raise intake.AnswersWrong(wrong)
        why = steps.free_words(reason, field="reason")
        before, old_due = case.kind.name, case.due_at
        steps.change(case, at, kind=kind, kind_version=kind.version, answers={**case.answers, **clean})
        _restart_kind_clocks(case, at)
        keep_earlier(case, old_due)
        protection.close_at_least(
            case, at, kind_rules.sensitivity_from(kind.sensitivity, kind.fields, case.answers)
        )
        search.index_case(case)
        steps.journal(by, at, "case.classify", case, {"from": before, "to": kind.name}, {"reason": why})


def _restart_kind_clocks(case: Case, at: datetime) -> None:
    """The clocks of the new kind, from the moments that were: what the case has left behind does not start again."""
    Clock.objects.filter(case=case, stopped_at=None, key__in=_kind_keys()).update(stopped_at=at)
    steps.start_kind_clocks(case, "received", case.received_at, case.first_desk)
    if case.first_disposed_at is not None:
        steps.start_kind_clocks(case, "disposed", case.first_disposed_at, case.holder)
        steps.stop_clocks(case, "disposed", at)
    if case.sensitivity == "sealed":
        protection.start_protection(case, at)


def merge_case(*, by: Actor, at: datetime, case_id: UUID, into_id: UUID, reason: str) -> None:
    """Fold a case into another that is the same matter: its people follow the other one, which keeps the earlier promise."""
    with transaction.atomic():
        _lock_in_order(case_id, into_id)
        case = steps.begin(by, "case.merge", case_id)
        main = access.get_for(by, into_id, lock=True)
        why = _why_not_merge(case, main)
        if why:
            raise CannotMerge(why=why)
        said = steps.free_words(reason, field="reason")
        referral.supersede_hops(case, by, at)
        due = _promised(case)
        steps.move(
            case,
            "case.merge",
            at,
            merged_into=main,
            closed_at=at,
            decision="merged",
            decision_words=said,
        )
        steps.stop_clocks(case, "ended", at)
        Link.objects.get_or_create(case=case, other=main, kind="duplicate", defaults={"made_at": at})
        keep_earlier(main, due)
        steps.tell(case, "merged", at, once="1", values={"other": steps.shown_number(main)})
        steps.journal(by, at, "case.merge", case, {"into": steps.shown_number(main)}, {"reason": said})


def _lock_in_order(*case_ids: UUID) -> None:
    """Hold both rows in one order, whichever way round two officers merge them at once."""
    list(Case.objects.filter(id__in=case_ids).order_by("id").select_for_update().values_list("id", flat=True))


def _promised(case: Case) -> datetime | None:
    """When the person was promised an answer, also while the clock stands still for their reply."""
    due = Clock.objects.filter(case=case, key=clock_rules.ANSWER, stopped_at=None).order_by("due_at")
    return due.values_list("due_at", flat=True).first()


def link_case(*, by: Actor, at: datetime, case_id: UUID, other_id: UUID, kind: str = "related") -> None:
    """Say that two cases belong together."""
    with transaction.atomic():
        case = steps.begin(by, "case.link", case_id)
        other = access.get_for(by, other_id)
        if other.id == case.id or kind not in LINK_KINDS:
            raise NotFound
        Link.objects.get_or_create(case=case, other=other, kind=kind, defaults={"made_at": at})
        steps.journal(by, at, "case.link", case, {"other": steps.shown_number(other), "kind": kind})


def unlink_case(*, by: Actor, at: datetime, case_id: UUID, other_id: UUID) -> None:
    """Take a link away, whichever of the two made it."""
    with transaction.atomic():
        case = steps.begin(by, "case.unlink", case_id)
        other = access.get_for(by, other_id)
        pair = Q(case=case, other=other) | Q(case=other, other=case)
        Link.objects.filter(pair, kind__in=("related", "duplicate")).delete()
        steps.journal(by, at, "case.unlink", case, {"other": steps.shown_number(other)})


def split_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    kind_code: str,
    text: str,
    title: str = "",
    answers: Mapping[str, object] | None = None,
) -> intake.Opened:
    """Take a second matter out of one: a linked new case, received when the first was, with its own receipt and clocks."""
    with transaction.atomic():
        case = steps.begin(by, "case.split", case_id)
        opened = intake.open_case(
            by=by,
            at=case.received_at,
            kind_code=kind_code,
            text_given=text,
            title=title,
            region_code=case.region_code,
            channel=case.channel,
            answers=answers,
            mode=case.mode,
            reporter=intake.PersonGiven(person_id=case.reporter_id) if case.reporter_id else None,
            about=intake.PersonGiven(person_id=case.about_id) if case.about_id else None,
            hamlet_id=case.hamlet_id,
            place=case.place,
            hide_name=case.hide_name,
            language=case.language,
            origin=case,
        )
        Link.objects.create(case=opened.case, other=case, kind="split", made_at=at)
        steps.journal(
            by,
            at,
            "case.split",
            case,
            {"number": steps.shown_number(opened.case), "kind": kind_code},
            {"text": opened.case.text},
        )
        return opened


def keep_earlier(case: Case, due: datetime | None) -> None:
    """Never let a promise move away: the running answer clock takes the earlier of its own moment and ``due``."""
    if due is None:
        return
    Clock.objects.filter(case=case, key=clock_rules.ANSWER, stopped_at=None, due_at__gt=due).update(
        due_at=due
    )
    steps.refresh_due(case)


def _kind_keys() -> tuple[str, ...]:
    return (clock_rules.ANSWER, clock_rules.SCREEN, clock_rules.FOLLOW_UP, clock_rules.PROTECT)


def _why_not_merge(case: Case, main: Case) -> str:
    if main.id == case.id:
        return str(_("it is the same matter."))
    if case.is_incident or main.is_incident:
        return str(_("one of them is a shared cause; join the matter to it instead."))
    if main.merged_into_id is not None:
        return str(_("the other one was itself merged; choose the one it went into."))
    if "sealed" in {case.sensitivity, main.sensitivity} and case.sensitivity != main.sensitivity:
        return str(_("one of them is sealed."))
    if main.state in (moves.CLOSED, moves.WITHDRAWN):
        return str(_("the other one has ended."))
    if main.region_code[:4] != case.region_code[:4]:
        return str(_("they are about different regencies."))
    return ""
