"""A person decides: about an entry that was put aside, about a question that two phones raise."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.sync import access
from simpul.sync.actions import _outcomes, judging
from simpul.sync.models import Envelope, Event, Task
from simpul.sync.queries import devices
from simpul.sync.rules import outcomes

ANSWERS = ("seen", "set_aside", "first", "second", "both", "neither")
"""What a person may say to a question; which of them make sense depends on its kind."""


class DecisionUnknown(Refused):
    """Not one of the decisions offered."""

    code = "sync.decision_unknown"
    sentence = _("Choose what to do with this entry.")
    field = "decision"


class WordsMissing(Refused):
    """Leaving something aside needs a reason."""

    code = "sync.words_missing"
    sentence = _("Write in a few words why, so that whoever wrote the entry understands it.")
    field = "words"


class SettledBefore(Refused):
    """Somebody else was faster."""

    code = "sync.settled_before"
    sentence = _("Somebody has decided about this already. Load the page again to see what.")


class ErasedMeanwhile(Refused):
    """Its content was erased."""

    code = "sync.erased_meanwhile"
    sentence = _("The content of this entry was erased. It can only be left aside.")


class EntryProtected(Refused):
    """It is about a matter that only its focal point reads: nobody else may let it disappear."""

    code = "sync.entry_protected"
    sentence = _("This entry is about a protected matter, which you cannot read here. Enter it after all.")


def settle_event(*, by: Actor, at: datetime, event_id: UUID, decision: str, words: str = "") -> Event:
    """Enter an entry after all, as its witness, or leave it aside with a reason; it stays on record either way.

    Raises:
        NotFound: no such entry for this actor.
        DecisionUnknown, WordsMissing, EntryProtected, SettledBefore, ErasedMeanwhile; and, to enter it, whatever the act itself refuses.
    """
    row = access.events(by).select_related("device__desk", "device__seat__user").filter(id=event_id).first()
    if row is None:
        raise NotFound
    roles.require(by, "event.settle", roles.Place(row.region_code))
    if decision not in outcomes.DECISIONS:
        raise DecisionUnknown
    if decision == "set_aside" and not words.strip():
        raise WordsMissing
    if decision == "set_aside" and not access.reads(by, row):
        raise EntryProtected
    open_states = ("quarantined", "held") if decision != "seen" else ("flagged", "conflict")
    with transaction.atomic():
        taken = Event.objects.filter(id=row.id, state__in=open_states, settled_at=None).update(
            settled_at=at, settled_by=by.name[:150], settled_words=words.strip()[:300]
        )
        if not taken:
            raise SettledBefore
        if decision == "apply":
            _apply(by, at, row)
        elif decision == "set_aside" and row.state == "held":
            Event.objects.filter(id=row.id).update(state="quarantined", reason="set_aside", judged_at=at)
        Task.objects.filter(event=row, state="open").update(
            state="settled",
            decision=decision,
            settled_at=at,
            settled_by=by.name[:150],
            settled_words=words.strip()[:300],
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="event.settle",
            subject_kind="event",
            subject_id=row.id,
            region_code=row.region_code,
            facts={"decision": decision, "kind": row.kind, "device": devices.code_of(row.device_id)},
            inputs={"words": words},
        )
    row.refresh_from_db()
    return row


def _apply(by: Actor, at: datetime, row: Event) -> None:
    if not row.body:
        raise ErasedMeanwhile
    found = _outcomes.witnessed(row.device, row, at, by)
    judging.write_outcome(MACHINE, at, row.device, row, found)


def settle_question(
    *, by: Actor, at: datetime, task_id: UUID, decision: str = "seen", words: str = ""
) -> Task:
    """Answer a question. One about an entry that was put aside is settled with that entry (``settle_event``): it would wait for ever.

    A gap that will never be filled (a phone is lost, and with it an envelope) is answered with ``apply``: what came after it is judged.

    Raises:
        NotFound: no such question for this actor.
        DecisionUnknown, SettledBefore.
    """
    task = access.tasks(by).select_related("event").filter(id=task_id).first()
    if task is None:
        raise NotFound
    roles.require(by, "question.settle", roles.Place(task.region_code))
    if task.event is not None and task.event.settled_at is None and task.event.state == "quarantined":
        if decision == "seen":
            raise DecisionUnknown
        settle_event(by=by, at=at, event_id=task.event.id, decision=decision, words=words)
        task.refresh_from_db()
        return task
    if decision not in (*ANSWERS, *(("apply",) if task.kind == "broken" else ())):
        raise DecisionUnknown
    with transaction.atomic():
        taken = Task.objects.filter(id=task.id, state="open").update(
            state="settled",
            decision=decision,
            settled_at=at,
            settled_by=by.name[:150],
            settled_words=words.strip()[:300],
        )
        if not taken:
            raise SettledBefore
        if task.event_id and not Task.objects.filter(event_id=task.event_id, state="open").exists():
            Event.objects.filter(id=task.event_id, state__in=("flagged", "conflict"), settled_at=None).update(
                settled_at=at, settled_by=by.name[:150], settled_words=words.strip()[:300]
            )
        if task.device_id and decision == "apply" and (task.kind, task.facts.get("why")) == ("broken", "gap"):
            Envelope.objects.filter(
                device_id=task.device_id, epoch=task.facts["epoch"], reached=False
            ).update(reached=True)
        journal_actions.record(
            by=by,
            at=at,
            kind="question.settle",
            subject_kind="question",
            subject_id=task.id,
            region_code=task.region_code,
            facts={"decision": decision, "kind": task.kind},
            inputs={"words": words},
        )
    task.refresh_from_db()
    return task
