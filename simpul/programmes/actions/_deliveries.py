"""Steps that the acts on deliveries share: setting one aside, finding doubles, the benefit that goes with it, proof, the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from simpul import roles
from simpul.lib.actor import Actor
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _rounds, benefits
from simpul.programmes.models import Benefit, Delivery, Double
from simpul.programmes.queries import deliveries as queries
from simpul.programmes.rules import deliveries as rules


def line(
    by: Actor,
    at: datetime,
    kind: str,
    delivery: Delivery,
    facts: Mapping[str, Any],
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line, about the household or the person it was brought to."""
    subject_kind = "household" if delivery.household_id else "person"
    subject_id = delivery.household_id or delivery.person_id or delivery.id
    said = {
        "receiver": delivery.receiver_name,
        "authority": delivery.authority,
        "witness": delivery.witness,
        "words": delivery.words,
        **(inputs or {}),
    }
    _rounds.line(by, at, kind, subject_kind, subject_id, delivery.region_code, facts, said)


def set_aside(by: Actor, at: datetime, delivery: Delivery, state: str, why: str) -> None:
    """Let a delivery count no more: corrected, wrong or returned. Its benefit ends with it, and tasks about it are settled by that."""
    delivery.state, delivery.why = state, why[:300]
    delivery.save()
    open_tasks = queries.open_doubles_of(delivery.id)
    open_tasks.update(
        state="settled", decision="corrected", wrong=delivery, settled_at=at, settled_by=by.name[:150]
    )
    _end_benefit(by, at, delivery)


def find_doubles(made: Delivery, at: datetime) -> None:
    """Make a task of every delivery that stands and may be one too many together with this one."""
    if made.outcome != "delivered":
        return
    new = queries.as_given([made])[0]
    found = rules.doubles(new, queries.as_given(queries.comparable(made)))
    for key, reason in found:
        Double.objects.get_or_create(
            first_id=key,
            second=made,
            defaults={
                "round_id": made.round_id,
                "region_code": made.region_code,
                "kind": reason,
                "found_at": at,
            },
        )
    if found:
        made.flags = [*made.flags, "possible_double"]
        made.save(update_fields=["flags"])


def proved(delivery: Delivery, kind: str) -> None:
    """A file came: its kind is proof now, and what was missing may be missing no more."""
    delivery.proofs = list(rules.known([*delivery.proofs, kind], rules.PROOFS))
    still = rules.missing_proof(
        delivery.outcome,
        receiver=delivery.receiver,
        proofs=delivery.proofs,
        witness=delivery.witness,
        authority=delivery.authority,
        words=delivery.words,
    )
    delivery.flags = [
        one for one in delivery.flags if one not in ("no_proof", "no_authority") or one in still
    ]
    delivery.save(update_fields=["proofs", "flags"])


def note_benefit(by: Actor, at: datetime, made: Delivery) -> None:
    """Write down that the unit receives the programme's aid, unless that is known or the actor may not."""
    if made.outcome != "delivered":
        return
    scope = "person" if made.person_id else "household"
    receiver_id = made.person_id or made.household_id
    may = roles.may(by, "benefit.record", access.place_of(made.region_code))
    programme = made.round.programme
    known = Benefit.objects.filter(
        programme=programme, state="receives", until_date=None, **{f"{scope}_id": receiver_id}
    )
    seen = made.person if made.person_id else made.household
    if receiver_id is None or seen is None or not may or programme.kind != "aid" or not programme.is_active:
        return
    if known.exists() or not by.serves(seen.region_code):
        return
    if made.person is not None and (made.person.restricted_at or made.person.erased_at):
        return
    day = min(_rounds.day_at(made.region_code, made.delivered_at), at.date())
    benefit = benefits.record_benefit(
        by=by,
        at=at,
        programme=programme.code,
        scope=scope,
        receiver_id=receiver_id,
        state="receives",
        source=(gettext("Handed over in the round %(name)s") % {"name": made.round.name})[:150],
        since_date=day,
    )
    made.benefit_id = benefit.id
    made.save(update_fields=["benefit_id"])


def _end_benefit(by: Actor, at: datetime, delivery: Delivery) -> None:
    """End the benefit this delivery had brought, when no other delivery stands for it."""
    benefit = (
        Benefit.objects.filter(id=delivery.benefit_id, until_date=None).first()
        if delivery.benefit_id
        else None
    )
    if benefit is None:
        return
    other = Delivery.objects.standing().filter(
        Q(household_id=delivery.household_id),
        Q(person_id=delivery.person_id),
        round__programme_id=benefit.programme_id,
        outcome="delivered",
    )
    heir = other.exclude(id=delivery.id).order_by("delivered_at").first()
    if heir is not None:
        Delivery.objects.filter(id=heir.id).update(benefit_id=benefit.id)
    elif roles.may(by, "benefit.end", access.place_of(benefit.region_code)) and by.serves(
        benefit.region_code
    ):
        benefits.end_benefit(
            by=by,
            at=at,
            benefit_id=benefit.id,
            until_date=benefit.since_date or at.date(),
            source=gettext("The delivery was corrected or brought back"),
        )
