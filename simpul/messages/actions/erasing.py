"""Emptying messages: at a person's wish, or because their time is over. Whether it may be done is decided by ``upkeep``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.messages.models import Call, Correspondent, Delivery, Incoming, Message, Status
from simpul.messages.queries import keeping as queries


def blank_messages(
    *, by: Actor, at: datetime, person_id: UUID, case_ids: Collection[UUID]
) -> erasing.Emptied:
    """Empty what was said to a person and by them, their addresses, and the raw deliveries it came in.

    That something was sent, by which road, when and for which price stays: bills and figures stay true.
    """
    roles.require(by, "messages.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        _outgoing(queries.messages_to(person_id, case_ids), done)
        senders = Correspondent.objects.filter(person_id=person_id)
        wrote = Incoming.objects.filter(
            models.Q(correspondent__in=senders.values("id")) | models.Q(subject_id__in=list(case_ids))
        )
        _incoming(wrote, done)
        called = Call.objects.filter(
            models.Q(correspondent__in=senders.values("id")) | models.Q(subject_id__in=list(case_ids))
        )
        _calls(called, done)
        for sender in senders:
            done.subjects.add(sender.id)
            values = erasing.emptied(Correspondent) | {"address": f"erased-{sender.id}", "contact_id": None}
            done.count("messages.Correspondent", Correspondent.objects.filter(id=sender.id).update(**values))
        _record(by, at, "messages.blank", person_id, done)
    return done


def destroy_messages(*, by: Actor, at: datetime, what: str, ids: Collection[UUID]) -> erasing.Emptied:
    """Destroy the content of messages or calls whose time is over; that there was one stays, for bills and figures.

    Raises:
        KeyError: ``what`` is neither message, incoming, delivery nor call.
    """
    roles.require(by, "messages.destroy")
    keys, done = list(ids), erasing.Emptied()
    with transaction.atomic():
        if what == "message":
            _outgoing(Message.objects.filter(id__in=keys), done)
        elif what == "incoming":
            _incoming(Incoming.objects.filter(id__in=keys), done)
        elif what == "delivery":
            raw = Delivery.objects.filter(id__in=keys)
            done.count("messages.Delivery", raw.update(**erasing.emptied(Delivery), size=0))
        elif what == "call":
            _calls(Call.objects.filter(id__in=keys), done)
        else:
            raise KeyError(what)
        _record(by, at, "messages.destroy", None, done)
    return done


def _outgoing(found: models.QuerySet[Message], done: erasing.Emptied) -> None:
    names = {name for name in found.values_list("external_id", flat=True) if name}
    reported = Status.objects.filter(external_id__in=names).exclude(recipient="")
    done.count("messages.Status", reported.update(recipient=""))
    found.filter(state__in=("queued", "printed")).update(state="held")
    erasing.empty_rows(Message.objects.filter(id__in=_keys(found)), done)


def _incoming(found: models.QuerySet[Incoming], done: erasing.Emptied) -> None:
    keys = _keys(found)
    raw = Delivery.objects.filter(
        id__in=Incoming.objects.filter(id__in=keys).exclude(delivery=None).values("delivery_id")
    )
    done.count("messages.Delivery", raw.update(**erasing.emptied(Delivery)))
    Incoming.objects.filter(id__in=keys).update(parts={}, screen_words=[])
    erasing.empty_rows(Incoming.objects.filter(id__in=keys), done, seen={"simpul_messages.Message"})


def _calls(found: models.QuerySet[Call], done: erasing.Emptied) -> None:
    erasing.empty_rows(Call.objects.filter(id__in=_keys(found)), done, keep=("agent",))


def _keys(found: models.QuerySet[Any]) -> list[UUID]:
    return list(found.values_list("id", flat=True))


def _record(by: Actor, at: datetime, kind: str, person_id: UUID | None, done: erasing.Emptied) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="person" if person_id else "installation",
        subject_id=person_id or journal_actions.NOWHERE,
        facts={"rows": done.rows},
    )
