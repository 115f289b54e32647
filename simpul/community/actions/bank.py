"""Setting the waste bank up: the bank, what is set from a day on, how value is shared, kinds, prices, collectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.models import Account, Bank, Collector, Sharing, Terms, Waste, WastePrice
from simpul.community.models.bank import WASTE_GROUPS
from simpul.community.queries import bank as queries
from simpul.community.rules import prices, sharing
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.meetings import access as meeting_access
from simpul.regions import queries as region_queries


class BankPlaceUnknown(Refused):
    """A waste bank is a village's."""

    code = "bank.place_unknown"
    sentence = _("Choose the village of this waste bank.")
    field = "region_code"


class ShareNotWhole(Refused):
    """Shares that do not make the whole."""

    code = "bank.share_not_whole"
    sentence = _("The three shares must make 100 percent together. Change one of them.")
    field = "fund_bp"


class DecisionMissing(Refused):
    """Nobody shares other people's money without a decision."""

    code = "bank.decision_missing"
    sentence = _("Name the meeting that decided this: choose it, or write its day and number.")
    field = "decided"


class PriceNotPossible(Refused):
    """A price nobody pays."""

    code = "bank.price_not_possible"
    sentence = _("The price of %(name)s cannot be right. Write whole rupiah for one kilogram.")


class WasteKnown(Refused):
    """Two kinds of one name."""

    code = "bank.waste_known"
    sentence = _("There is a kind with this name already.")
    field = "name"


def open_bank(
    *, by: Actor, at: datetime, region_code: str, name: str, place: str = "", bank_id: UUID | None = None
) -> Bank:
    """Open the waste bank of a village, with its accounts and the first kinds. A village has one: a second time gives that one.

    Raises:
        BankPlaceUnknown, steps.BankWordsMissing.
        NotAllowed: not the actor's to do there.
    """
    roles.require(by, "bank.open", roles.Place(region_code=region_code))
    if len(region_code) != 10 or region_queries.find_region(region_code) is None:
        raise BankPlaceUnknown
    with transaction.atomic():
        known = Bank.objects.filter(region_code=region_code).first()
        if known is not None:
            return known
        bank = Bank.objects.create(
            **steps.written(by, at, bank_id),
            region_code=region_code,
            name=steps.words(name, field="name", most=120),
            place=text.clean_line(place, 150),
        )
        Account.objects.bulk_create(Account(bank=bank, role=role) for role in queries.OWN)
        wastes = [
            Waste(bank=bank, position=place_, **one) for place_, one in enumerate(queries.first_kinds())
        ]
        Waste.objects.bulk_create(wastes)
        Account.objects.bulk_create(Account(bank=bank, role="stock", waste=one) for one in wastes)
        steps.line(by, at, "bank.open", ("bank", bank.id), bank, {"name": bank.name})
    return bank


def change_bank(*, by: Actor, at: datetime, bank_id: UUID, name: str, place: str = "") -> None:
    """Change the bank's name and place.

    Raises:
        NotFound, steps.BankWordsMissing.
    """
    with transaction.atomic():
        bank = steps.begin(by, "bank.change", bank_id)
        bank.name = steps.words(name, field="name", most=120)
        bank.place = text.clean_line(place, 150)
        bank.save(update_fields=["name", "place"])
        steps.line(by, at, "bank.change", ("bank", bank.id), bank, {"name": bank.name})


@dataclass(frozen=True, slots=True)
class TermsGiven:
    """What is set from a day on."""

    from_date: date
    minimum_grams: int = 0
    open_days: Collection[int] = ()
    hours: str = ""
    two_people_from: int = 0
    least_withdrawal: int = 0


def set_terms(
    *, by: Actor, at: datetime, bank_id: UUID, given: TermsGiven, terms_id: UUID | None = None
) -> Terms:
    """Set the least weight, opening days and limits from a day on. What was valid before stays valid for the days before.

    Raises:
        NotFound, steps.BankChoiceUnknown.
    """
    with transaction.atomic():
        bank = steps.begin(by, "terms.set", bank_id)
        known = steps.again(Terms, terms_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        limits = (given.minimum_grams, given.two_people_from, given.least_withdrawal)
        if not set(given.open_days) <= set(range(7)) or min(limits) < 0 or max(limits) > steps.MOST_RUPIAH:
            raise steps.BankChoiceUnknown
        row = Terms.objects.create(
            **steps.written(by, at, terms_id),
            bank=bank,
            from_date=given.from_date,
            minimum_grams=min(given.minimum_grams, prices.MOST_GRAMS),
            open_days=sorted(set(given.open_days)),
            hours=text.clean_line(given.hours, 100),
            two_people_from=given.two_people_from,
            least_withdrawal=given.least_withdrawal,
        )
        facts = {"from": row.from_date, "minimum": row.minimum_grams, "two": row.two_people_from}
        steps.line(by, at, "terms.set", ("bank", bank.id), bank, facts)
    return row


@dataclass(frozen=True, slots=True)
class SharingGiven:
    """Shares in basis points, from a day on, with the decision behind them."""

    from_date: date
    share: sharing.Share
    decided: str = ""
    meeting_id: UUID | None = None


def set_sharing(
    *, by: Actor, at: datetime, bank_id: UUID, given: SharingGiven, sharing_id: UUID | None = None
) -> Sharing:
    """Set how the value of deposits is shared from a day on, as a meeting decided it.

    Raises:
        ShareNotWhole, DecisionMissing.
        NotFound: no such bank, or no such meeting, for this actor.
    """
    with transaction.atomic():
        bank = steps.begin(by, "sharing.set", bank_id)
        known = steps.again(Sharing, sharing_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not given.share.is_whole:
            raise ShareNotWhole
        meeting = meeting_access.meeting_for(by, given.meeting_id) if given.meeting_id else None
        decided = text.clean_line(given.decided, 200) or (meeting.title if meeting else "")
        if len(decided) < 5:
            raise DecisionMissing
        row = Sharing.objects.create(
            **steps.written(by, at, sharing_id),
            bank=bank,
            from_date=given.from_date,
            saver_bp=given.share.saver,
            costs_bp=given.share.costs,
            fund_bp=given.share.fund,
            meeting=meeting,
            decided=decided,
        )
        facts = {
            "from": row.from_date,
            "saver": row.saver_bp,
            "costs": row.costs_bp,
            "fund": row.fund_bp,
            "decided": row.decided,
        }
        steps.line(by, at, "sharing.set", ("bank", bank.id), bank, facts)
    return row


@dataclass(frozen=True, slots=True)
class WasteGiven:
    """What is said of a kind."""

    name: str
    group: str = "other"
    hint: str = ""
    position: int | None = None
    is_active: bool = True


def add_waste(
    *, by: Actor, at: datetime, bank_id: UUID, given: WasteGiven, waste_id: UUID | None = None
) -> Waste:
    """Take another kind from now on.

    Raises:
        NotFound, WasteKnown, steps.BankChoiceUnknown, steps.BankWordsMissing.
    """
    with transaction.atomic():
        bank = steps.begin(by, "waste.add", bank_id)
        known = steps.again(Waste, waste_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        key = waste_id or uuid7()
        row = Waste(id=key, bank=bank, code=f"jenis-{key.hex[-12:]}", position=bank.wastes.count())
        _fill_waste(row, given)
        row.save(force_insert=True)
        Account.objects.create(bank=bank, role="stock", waste=row)
        steps.line(by, at, "waste.add", ("waste", row.id), bank, {"name": row.name, "group": row.group})
    return row


def change_waste(*, by: Actor, at: datetime, waste_id: UUID, given: WasteGiven) -> None:
    """Change a kind's name, group, hint and place, or take it no more.

    Raises:
        NotFound, WasteKnown, steps.BankChoiceUnknown, steps.BankWordsMissing.
    """
    with transaction.atomic():
        row = access.waste_for(by, waste_id)
        bank = steps.begin(by, "waste.change", row.bank_id)
        _fill_waste(row, given)
        row.save()
        facts = {"name": row.name, "group": row.group, "active": row.is_active}
        steps.line(by, at, "waste.change", ("waste", row.id), bank, facts)


def _fill_waste(row: Waste, given: WasteGiven) -> None:
    if given.group not in WASTE_GROUPS:
        raise steps.BankChoiceUnknown(field="group")
    row.name = steps.words(given.name, field="name", most=80, least=2)
    if Waste.objects.filter(bank_id=row.bank_id, name__iexact=row.name).exclude(id=row.id).exists():
        raise WasteKnown
    row.group = given.group
    row.hint = text.clean_line(given.hint, 150)
    row.is_active = given.is_active
    if given.position is not None:
        row.position = max(0, min(given.position, 999))


def set_prices(
    *, by: Actor, at: datetime, bank_id: UUID, from_date: date, given: Mapping[UUID, tuple[int, int]]
) -> int:
    """Set prices from a day on: for each kind what a saver gets and what a collector should pay, for one kilogram.

    Only what changes is written; returns how many. Earlier days keep their prices, and what was posted is not touched.

    Raises:
        NotFound, PriceNotPossible, steps.BankChoiceUnknown.
    """
    with transaction.atomic():
        bank = steps.begin(by, "prices.set", bank_id)
        wastes = {one.id: one for one in bank.wastes.filter(id__in=given)}
        if len(wastes) != len(given):
            raise steps.BankChoiceUnknown
        valid = queries.prices_on(list(given), from_date)
        rows = []
        for key, (paid, asked) in given.items():
            if not (0 <= paid <= prices.MOST_PER_KG and 0 <= asked <= prices.MOST_PER_KG):
                raise PriceNotPossible(name=wastes[key].name)
            old = valid.get(key)
            if old is None or (old.in_per_kg, old.out_per_kg) != (paid, asked):
                row = WastePrice(waste_id=key, from_date=from_date, in_per_kg=paid, out_per_kg=asked)
                for name, value in steps.written(by, at, None).items():
                    setattr(row, name, value)
                rows.append(row)
        WastePrice.objects.bulk_create(rows)
        if rows:
            facts = {"from": from_date, "prices": {wastes[one.waste_id].code: one.in_per_kg for one in rows}}
            steps.line(by, at, "prices.set", ("bank", bank.id), bank, facts)
    return len(rows)


@dataclass(frozen=True, slots=True)
class CollectorGiven:
    """Who buys."""

    name: str
    phone: str = ""
    place: str = ""
    is_active: bool = True


def add_collector(
    *, by: Actor, at: datetime, bank_id: UUID, given: CollectorGiven, collector_id: UUID | None = None
) -> Collector:
    """Write down who buys lots of this bank.

    Raises:
        NotFound, steps.BankWordsMissing.
    """
    with transaction.atomic():
        bank = steps.begin(by, "collector.add", bank_id)
        known = steps.again(Collector, collector_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        row = Collector(id=collector_id or uuid7(), bank=bank)
        _fill_collector(row, given)
        row.save(force_insert=True)
        Account.objects.create(bank=bank, role="collector", collector=row)
        steps.line(by, at, "collector.add", ("collector", row.id), bank, inputs={"name": row.name})
    return row


def change_collector(*, by: Actor, at: datetime, collector_id: UUID, given: CollectorGiven) -> None:
    """Change what is said of a collector, or sell to them no more.

    Raises:
        NotFound, steps.BankWordsMissing.
    """
    with transaction.atomic():
        row = access.collector_for(by, collector_id)
        bank = steps.begin(by, "collector.change", row.bank_id)
        _fill_collector(row, given)
        row.save()
        steps.line(by, at, "collector.change", ("collector", row.id), bank, inputs={"name": row.name})


def _fill_collector(row: Collector, given: CollectorGiven) -> None:
    row.name = steps.words(given.name, field="name", most=120)
    row.phone = text.clean_line(given.phone, 40)
    row.place = text.clean_line(given.place, 150)
    row.is_active = given.is_active
