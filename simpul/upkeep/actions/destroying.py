"""Destroying records whose time is over: proposed, approved by two, done in portions, written down (UU 27/2022 art. 44, UU 43/2009)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import erasing as case_erasing
from simpul.feedback.actions import erasing as feedback_erasing
from simpul.journal import actions as journal_actions
from simpul.lib import erasing, text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages.actions import erasing as message_erasing
from simpul.people.actions import erasing as people_erasing
from simpul.upkeep import access
from simpul.upkeep.actions import _shared
from simpul.upkeep.models import Destruction, DestructionItem
from simpul.upkeep.queries import catalogue
from simpul.upkeep.queries import retention as queries
from simpul.upkeep.rules import retention as rules


class ClassUnknown(Refused):
    """Only what the retention catalogue names, and no copies: those go by themselves."""

    code = "destruction.class_unknown"
    sentence = _("Choose what should be destroyed.")
    field = "what"


class NothingDue(Refused):
    """Nothing is old enough, or all of it is held."""

    code = "destruction.nothing_due"
    sentence = _("Nothing of this is due: its time is not over, or it is under a legal hold.")


class OwnProposal(Refused):
    """Nobody approves what they proposed."""

    code = "destruction.own_proposal"
    sentence = _("You proposed this list yourself. Two other people approve it.")


class ApprovedAlready(Refused):
    """Two people, not one twice."""

    code = "destruction.approved_already"
    sentence = _("You approved this list already. The second approval is somebody else's.")


class WitnessNeeded(Refused):
    """One of the two does not run the service."""

    code = "destruction.witness_needed"
    sentence = _("The second approval is the head's, or the data-protection officer's.")


class NotWaiting(Refused):
    """The list has moved on."""

    code = "destruction.not_waiting"
    sentence = _("This list does not wait for an approval any more.")


class RefusalWordsMissing(Refused):
    """A refusal says why."""

    code = "destruction.words_missing"
    sentence = _("Write why this must not be destroyed.")
    field = "why"


def propose_destruction(*, by: Actor, at: datetime, what: str) -> Destruction:
    """Make a list of what is due: its keys are fixed by a digest, so that what is approved is what is destroyed.

    A list holds what is due in the whole installation, so it is proposed and approved by who serves all of it.

    Raises:
        NotAllowed: not the actor's to do.
        ClassUnknown, NothingDue.
    """
    whole = access.installation()
    roles.require(by, "destruction.propose", whole)
    rule = catalogue.classes().get(what)
    if rule is None or rule.routine:
        raise ClassUnknown
    with transaction.atomic():
        keys = queries.due(what, at)
        if not keys:
            raise NothingDue
        destruction = Destruction.objects.create(
            what=what,
            region_code=whole.region_code,
            until_date=timezone.localdate(at),
            rows=len(keys),
            digest=rules.list_digest(what, keys),
            source=rule.source,
            proposed_at=at,
            proposed_by=by.name[:150],
            proposed_user_id=by.user_id,
        )
        DestructionItem.objects.bulk_create(
            [DestructionItem(destruction=destruction, subject_id=key) for key in keys], batch_size=500
        )
        _record(by, at, "destruction.propose", destruction)
    return destruction


def approve_destruction(*, by: Actor, at: datetime, destruction_id: UUID) -> Destruction:
    """Approve a list: the first of two, or the second, which lets the worker begin.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        OwnProposal, ApprovedAlready, WitnessNeeded, NotWaiting.
    """
    destruction = access.destruction_for(by, destruction_id)
    roles.require(by, "destruction.approve", roles.Place(region_code=destruction.region_code))
    if by.user_id is None or by.user_id == destruction.proposed_user_id:
        raise OwnProposal
    if by.user_id == destruction.first_user_id:
        raise ApprovedAlready
    waiting = Destruction.objects.filter(id=destruction_id, state="proposed", second_at=None)
    with transaction.atomic():
        if destruction.first_at is None:
            changed = waiting.filter(first_at=None).update(
                first_at=at, first_by=by.name[:150], first_user_id=by.user_id, first_role=by.role
            )
        else:
            if not rules.two_enough((destruction.first_role, by.role)):
                raise WitnessNeeded
            changed = waiting.exclude(first_at=None).update(
                second_at=at,
                second_by=by.name[:150],
                second_user_id=by.user_id,
                second_role=by.role,
                state="approved",
            )
        if changed != 1:
            raise NotWaiting
        _record(by, at, "destruction.approve", destruction)
    destruction.refresh_from_db()
    return destruction


def refuse_destruction(*, by: Actor, at: datetime, destruction_id: UUID, why: str) -> Destruction:
    """Stop a list before the second approval.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        RefusalWordsMissing, NotWaiting.
    """
    destruction = access.destruction_for(by, destruction_id)
    roles.require(by, "destruction.refuse", roles.Place(region_code=destruction.region_code))
    reason = text.clean_line(why)[:300]
    if not reason:
        raise RefusalWordsMissing
    with transaction.atomic():
        changed = Destruction.objects.filter(id=destruction_id, state="proposed").update(
            state="refused", refused_at=at, refused_by=by.name[:150], refused_why=reason
        )
        if changed != 1:
            raise NotWaiting
        _record(by, at, "destruction.refuse", destruction, {"why": reason})
    destruction.refresh_from_db()
    return destruction


_Destroyer = Callable[[datetime, Collection[UUID]], erasing.Emptied]
_DESTROYERS: dict[str, _Destroyer] = {
    "matters": lambda at, keys: case_erasing.destroy_matters(by=MACHINE, at=at, case_ids=keys),
    "messages": lambda at, keys: message_erasing.destroy_messages(
        by=MACHINE, at=at, what="message", ids=keys
    ),
    "incoming": lambda at, keys: message_erasing.destroy_messages(
        by=MACHINE, at=at, what="incoming", ids=keys
    ),
    "calls": lambda at, keys: message_erasing.destroy_messages(by=MACHINE, at=at, what="call", ids=keys),
    "deliveries": lambda at, keys: message_erasing.destroy_messages(
        by=MACHINE, at=at, what="delivery", ids=keys
    ),
    "feedback": lambda at, keys: feedback_erasing.destroy_feedback(by=MACHINE, at=at, ids=keys),
    "consents": lambda at, keys: people_erasing.destroy_records(by=MACHINE, at=at, what="consent", ids=keys),
    "flags": lambda at, keys: people_erasing.destroy_records(by=MACHINE, at=at, what="flag", ids=keys),
    "list_faults": lambda at, keys: people_erasing.destroy_records(
        by=MACHINE, at=at, what="list_fault", ids=keys
    ),
}


def destroy_portion(*, by: Actor, at: datetime, destruction_id: UUID, limit: int = 200) -> int:
    """Destroy the next part of an approved list; what was held or changed since is spared. Returns how many are left.

    Raises:
        NotFound: no such approved list.
    """
    roles.require(by, "portion.destroy")
    destruction = Destruction.objects.filter(id=destruction_id, state__in=("approved", "running")).first()
    if destruction is None:
        raise NotFound
    gone: set[str] = set()
    with transaction.atomic():
        waiting = destruction.items.filter(outcome="").order_by("id")
        keys = list(waiting.values_list("subject_id", flat=True)[:limit])
        free = queries.still_due(destruction.what, at, keys)
        if free:
            done = _DESTROYERS[destruction.what](at, free)
            journal_actions.redact_lines(
                by=MACHINE, at=at, subject_ids=done.subjects | free, reason="destruction"
            )
            gone = _shared.bury_files(done.files, "destroyed", at)
            if destruction.what == "matters":
                _shared.bury("case", free, "destroyed", at)
        destruction.items.filter(subject_id__in=free).update(outcome="destroyed")
        destruction.items.filter(subject_id__in=set(keys) - free).update(outcome="spared")
        left = destruction.items.filter(outcome="").count()
        destruction.destroyed += len(free)
        destruction.spared += len(set(keys) - free)
        destruction.files += len(gone)
        destruction.state = "running" if left else "done"
        destruction.done_at = None if left else at
        destruction.save()
        _record(by, at, "portion.destroy", destruction, facts={"portion": len(free), "left": left})
    _shared.delete_files(gone)
    return left


def destroy_copies(*, by: Actor, at: datetime) -> int:
    """Let copies go whose time is over (raw deliveries, wrong values of lists): no archive, so nobody has to approve. Returns how many."""
    roles.require(by, "copies.destroy")
    total = 0
    for what, keys in queries.routine_due(at).items():
        with transaction.atomic():
            _DESTROYERS[what](at, keys)
            journal_actions.record(
                by=by,
                at=at,
                kind="copies.destroy",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"what": what, "rows": len(keys)},
            )
        total += len(keys)
    return total


def _record(
    by: Actor,
    at: datetime,
    kind: str,
    destruction: Destruction,
    inputs: dict[str, str] | None = None,
    *,
    facts: dict[str, int] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="destruction",
        subject_id=destruction.id,
        region_code=destruction.region_code,
        facts={
            "what": destruction.what,
            "rows": destruction.rows,
            "digest": destruction.digest,
            **(facts or {}),
        },
        inputs=inputs,
    )
