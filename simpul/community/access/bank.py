"""The waste bank: its books are open to the seats of its village that keep it or decide about it, and to nobody else."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.community.models import Account, Bank, BankSet, Collector, Posting, ReversalAsk, Saver, Waste
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound

READING = ("deposit.record", "fund.spend")


def inside(by: Actor, column: str = "region_code") -> Q:
    """Rows inside the area of this seat."""
    if by.role == SYSTEM:
        return Q()
    if not any(roles.may_somewhere(by, act) for act in READING):
        return Q(pk__in=[])
    return areas.inside_any(by.served_areas, column)


def banks(by: Actor) -> BankSet:
    """Banks of the actor's area."""
    return Bank.objects.filter(inside(by))


def bank_for(by: Actor, bank_id: UUID, *, lock: bool = False) -> Bank:
    """One bank, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = banks(by)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=bank_id).first()
    if found is None:
        raise NotFound
    return found


def place_of(bank: Bank) -> roles.Place:
    """Where a bank lies, for the role table."""
    return roles.Place(region_code=bank.region_code)


def savers(by: Actor) -> QuerySet[Saver]:
    """Pass books of the actor's area."""
    return Saver.objects.filter(inside(by, "bank__region_code"))


def saver_for(by: Actor, saver_id: UUID) -> Saver:
    """One pass book.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = savers(by).select_related("bank", "hamlet", "account").filter(id=saver_id).first()
    if found is None:
        raise NotFound
    return found


def posting_for(by: Actor, posting_id: UUID) -> Posting:
    """One posting.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Posting.objects.filter(inside(by, "bank__region_code"))
    rows = rows.select_related("bank", "saver", "collector", "work", "reverses", "reversed_by")
    found = rows.filter(id=posting_id).first()
    if found is None:
        raise NotFound
    return found


def ask_for(by: Actor, ask_id: UUID) -> ReversalAsk:
    """One asked reversal.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = ReversalAsk.objects.filter(inside(by, "posting__bank__region_code")).select_related(
        "posting__bank"
    )
    found = rows.filter(id=ask_id).first()
    if found is None:
        raise NotFound
    return found


def account_for(by: Actor, account_id: UUID) -> Account:
    """One account.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Account.objects.filter(inside(by, "bank__region_code"))
    found = rows.select_related("bank", "saver", "collector", "waste").filter(id=account_id).first()
    if found is None:
        raise NotFound
    return found


def waste_for(by: Actor, waste_id: UUID) -> Waste:
    """One kind of waste.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = (
        Waste.objects.filter(inside(by, "bank__region_code"))
        .select_related("bank")
        .filter(id=waste_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def collector_for(by: Actor, collector_id: UUID) -> Collector:
    """One collector.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Collector.objects.filter(inside(by, "bank__region_code")).select_related("bank", "account")
    found = rows.filter(id=collector_id).first()
    if found is None:
        raise NotFound
    return found
