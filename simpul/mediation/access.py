"""Which disputes an actor may read, and of which they may know that there are such.

Content is for the mediators, the village head, the secretary and the officer who took it in; with narrow confidentiality for the
mediators and the head alone. Others of the office see number, state and next date (``listed``). When a dispute went the protected way,
its matter is sealed: then those who may see the sealed matter see it, and nobody else knows of it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.mediation.models import Agreement, Dispute, DisputeSet, Evidence, Mediator, Obligation

HEADS = frozenset({"head"})
"""Roles that answer for every dispute of their area, and see who read it."""
KEEPERS = frozenset({"secretary"})
"""Roles that keep the register, and read what is not narrow."""


def visible(by: Actor) -> DisputeSet:
    """Disputes whose content this actor may read."""
    if by.role == SYSTEM:
        return Dispute.objects.all()
    if not roles.may_somewhere(by, "dispute.read"):
        return Dispute.objects.none()
    sealed = case_access.visible(by).filter(sensitivity="sealed")
    return Dispute.objects.filter(
        (_unsealed(by) & areas.inside_any(by.served_areas) & _mine(by)) | Q(case__in=sealed.values("id"))
    )


def listed(by: Actor) -> DisputeSet:
    """Disputes that stand in the register which this actor may see: number, state, next date."""
    if by.role == SYSTEM:
        return Dispute.objects.all()
    if not roles.may_somewhere(by, "dispute.open"):
        return Dispute.objects.none()
    return Dispute.objects.filter(_unsealed(by) & areas.inside_any(by.served_areas))


def dispute_for(by: Actor, dispute_id: UUID, *, lock: bool = False) -> Dispute:
    """One dispute, if this actor may read it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = visible(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("case")
    found = rows.filter(id=dispute_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(dispute: Dispute) -> roles.Place:
    """Where a dispute lies, for the role table."""
    return roles.Place(dispute.region_code)


def may_audit(by: Actor, dispute: Dispute) -> bool:
    """True for whoever may see who read a dispute: the head of its village."""
    return by.role in HEADS and visible(by).filter(id=dispute.id).exists()


def evidence_for(by: Actor, evidence_id: UUID) -> Evidence:
    """A file of a dispute this actor may read.

    Raises:
        NotFound: no such file for this actor.
    """
    found = Evidence.objects.filter(
        id=evidence_id, withdrawn_at=None, dispute__in=visible(by).values("id")
    ).first()
    if found is None:
        raise NotFound
    return found


def obligations(by: Actor) -> QuerySet[Obligation]:
    """Obligations of agreements in force that this actor may read."""
    return Obligation.objects.filter(
        agreement__state="signed", agreement__dispute__in=visible(by).values("id"), withdrawn_at=None
    )


def public_agreement(token: str) -> Agreement:
    """A signed agreement by the token of its public page.

    Raises:
        NotFound: there is none, it was never signed, or its dispute is protected.
    """
    rows = Agreement.objects.exclude(state="draft").exclude(dispute__state="protected")
    rows = rows.exclude(dispute__case__sensitivity="sealed")
    found = rows.filter(token=token).select_related("dispute").first() if len(token) == 22 else None
    if found is None:
        raise NotFound
    return found


def _unsealed(by: Actor) -> Q:
    away = Case.objects.filter(case_access.kept_away(by)).values("id")
    return ~Q(state="protected") & ~Q(case__sensitivity="sealed") & ~Q(case__in=away)


def _mine(by: Actor) -> Q:
    """The head; the secretary and who took it in unless it is narrow; mediators while they mediate."""
    if by.role in HEADS:
        return Q()
    mediating = Mediator.objects.filter(
        dispute=OuterRef("pk"), account_id=by.user_key, ended_at=None, withdrawn_at=None
    )
    own = (
        Q(confidentiality="usual")
        if by.role in KEEPERS
        else Q(confidentiality="usual", taken_by_id=by.user_key)
    )
    return Q(Exists(mediating)) | own
