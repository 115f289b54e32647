"""A waste bank in Dungkait for tests: prices, a rule of sharing, a saver, a collector, a work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from simpul.community.actions import bank as setting
from simpul.community.actions import bank_counter, bank_savers, bank_stock
from simpul.community.models import Bank, Collector, Posting, Saver, Waste, Work
from simpul.community.queries import bank_counter as counting
from simpul.community.rules import sharing
from tests.cast import DUNGKAIT, NOW, Cast

DAY = date(2026, 10, 1)


@dataclass
class Furnished:
    """The bank and what stands in it."""

    cast: Cast
    bank: Bank
    pet: Waste
    card: Waste
    saver: Saver
    collector: Collector

    def weigh(self, *pairs: tuple[Waste, int], **given: Any) -> Posting:
        """A deposit; of the one saver unless told otherwise."""
        wanted: dict[str, Any] = {
            "by": self.cast.village_officer,
            "at": NOW,
            "bank_id": self.bank.id,
            "saver_id": self.saver.id,
            "weighed": [counting.Weighed(waste.id, grams) for waste, grams in pairs],
        }
        return bank_counter.record_deposit(**{**wanted, **given})

    def sell(self, *lots: tuple[Waste, int, int], empties: bool = False, **given: Any) -> Posting:
        """A sale to the one collector."""
        wanted: dict[str, Any] = {
            "by": self.cast.village_officer,
            "at": NOW,
            "collector_id": self.collector.id,
            "lots": [bank_stock.Lot(waste.id, grams, per_kg, empties) for waste, grams, per_kg in lots],
        }
        return bank_stock.record_sale(**{**wanted, **given})

    def pay_out(self, rupiah: int, **given: Any) -> Posting:
        """A withdrawal of the one saver."""
        wanted: dict[str, Any] = {"by": self.cast.village_officer, "at": NOW, "saver_id": self.saver.id}
        return bank_counter.record_withdrawal(**{**wanted, "rupiah": rupiah, **given})

    def book(self, name: str, **given: Any) -> Saver:
        """Another pass book."""
        return bank_savers.open_saver(
            by=self.cast.village_officer,
            at=NOW,
            bank_id=self.bank.id,
            given=bank_savers.SaverGiven(name=name, **given),
        )


def opened(cast: Cast) -> Bank:
    """A bank as it is right after opening."""
    return setting.open_bank(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, name="Bank Sampah Sapu Bangun"
    )


def furnish(cast: Cast) -> Furnished:
    """Prices from October on, 70/10/20, one saver and one collector."""
    bank = opened(cast)
    pet, card = (bank.wastes.get(code=code) for code in ("pet-bersih", "kardus"))
    setting.set_prices(
        by=cast.village_officer,
        at=NOW,
        bank_id=bank.id,
        from_date=DAY,
        given={pet.id: (3000, 4000), card.id: (1500, 2000)},
    )
    setting.set_sharing(
        by=cast.village_head,
        at=NOW,
        bank_id=bank.id,
        given=setting.SharingGiven(DAY, sharing.Share(7000, 1000, 2000), "Musyawarah desa 28 September 2026"),
    )
    saver = bank_savers.open_saver(
        by=cast.village_officer, at=NOW, bank_id=bank.id, given=bank_savers.SaverGiven("Nurhayati")
    )
    collector = setting.add_collector(
        by=cast.village_officer, at=NOW, bank_id=bank.id, given=setting.CollectorGiven("UD Maju")
    )
    return Furnished(cast, bank, pet, card, saver, collector)


def work(title: str = "Jembatan kayu Taludu", region: str = DUNGKAIT, **given: Any) -> Work:
    """A work that the fund can pay for."""
    return Work.objects.create(
        region_code=region, title=title, recorded_at=NOW, changed_at=NOW, published_at=NOW, **given
    )
