"""Emptying a person out of disputes. A signed agreement stays: it is the proof of what others are owed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.mediation.models import (
    Agreement,
    Attendance,
    Dispute,
    Evidence,
    Fulfilment,
    Mediator,
    Obligation,
    Party,
    Referral,
    Session,
    Signer,
    Statement,
    Summons,
)


def blank_disputes(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty where a person was a party or mediated: their own rows altogether, their name in what belongs to others too.

    Kept: signed agreements with their obligations, by which others are owed something (KUHPerdata art. 1338, UU 43/2009), and the answers
    to the questions of safety, which belong to the protected matter.
    """
    roles.require(by, "disputes.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        own = Party.objects.filter(person_id=person_id)
        keys = list(own.values_list("id", flat=True))
        led = Mediator.objects.filter(person_id=person_id)
        disputes = set(own.values_list("dispute_id", flat=True)) | set(
            led.values_list("dispute_id", flat=True)
        )
        for rows in (
            Statement.objects.filter(party_id__in=keys),
            Summons.objects.filter(party_id__in=keys),
            Attendance.objects.filter(party_id__in=keys),
            Evidence.objects.filter(party_id__in=keys),
        ):
            erasing.empty_rows(rows, done)
        for model, held in ((Party, own), (Mediator, led)):
            values = erasing.emptied(model, keep=erasing.officers(model))
            done.count(model._meta.label, held.update(**values))
        _black_out(disputes, words, done)
        done.keep(
            "settlement", Agreement.objects.filter(dispute_id__in=disputes).exclude(state="draft").count()
        )
        done.subjects |= disputes
        journal_actions.record(
            by=by,
            at=at,
            kind="disputes.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done


def _black_out(disputes: Collection[UUID], words: Collection[str], done: erasing.Emptied) -> None:
    """Names in the texts of others: what the dispute is about, minutes, notes. Not in signed agreements and what hangs on them."""
    own = {"dispute_id__in": disputes}
    for model, column in (
        (Dispute, "about"),
        (Dispute, "ended_why"),
        (Session, "minutes"),
        (Statement, "words"),
        (Referral, "why"),
        (Referral, "sent"),
        (Referral, "answer"),
        (Signer, "name"),
        (Fulfilment, "words"),
        (Obligation, "waived_why"),
        (Obligation, "broken_why"),
    ):
        if model is Dispute:
            narrowed = {"id__in": disputes}
        elif model is Statement:
            narrowed = {"party__dispute_id__in": disputes}
        elif model in (Signer, Obligation):
            narrowed = {"agreement__dispute_id__in": disputes}
        elif model is Fulfilment:
            narrowed = {"obligation__agreement__dispute_id__in": disputes}
        else:
            narrowed = dict(own)
        number = 0
        for row in model._default_manager.filter(**narrowed):
            before = getattr(row, column)
            after = erasing.without(before, words)
            if after != before:
                setattr(row, column, after)
                row.save(update_fields=[column])
                number += 1
        done.count(model._meta.label, number)
