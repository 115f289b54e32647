"""The waste bank of the sample, in Massamaturu: ten weeks of weighing, lots sold, and what the fund paid for. All people are made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from simpul.community.access import works as work_access
from simpul.community.actions import bank as setting
from simpul.community.actions import (
    bank_correcting,
    bank_counter,
    bank_money,
    bank_savers,
    bank_stock,
)
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_counter as counting
from simpul.community.rules import sharing
from simpul.demo import works
from simpul.demo.stage import Stage, Story

MASSAMATURU = "7305112005"
OFFICER, SECOND, SECRETARY, HEAD = (
    "pos.massamaturu",
    "pos2.massamaturu",
    "sekdes.massamaturu",
    "kades.massamaturu",
)
BEGAN = 70
"""Days ago."""
PRICES = {
    "pet-bersih": (3000, 4200),
    "pet-campur": (1800, 2600),
    "gelas-plastik": (3500, 4800),
    "plastik-keras": (1500, 2200),
    "kardus": (1400, 2000),
    "kertas": (1600, 2300),
    "besi": (3500, 4700),
    "kaleng": (1500, 2100),
    "aluminium": (11000, 14000),
    "botol-kaca": (300, 500),
    "jelantah": (4500, 6000),
}
SAVERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Hasna Daeng Kebo", {}),
    ("Syarifuddin Daeng Nai", {}),
    ("Rahmatia Daeng Lebang", {}),
    ("Kelas 5 SDN Massamaturu", {"kind": "class", "guardian": "Ibu Nurhidayah"}),
    ("Kelompok Wanita Tani Taruttuka", {"kind": "group", "guardian": "Daeng Sunggu"}),
    ("Muh. Fajar", {"is_minor": True, "guardian": "Hasna Daeng Kebo"}),
    ("Baharuddin Daeng Tarru", {}),
    ("RT 02 Bontosunggu", {"kind": "hamlet", "guardian": "Abd. Kadir"}),
    ("Salmawati", {}),
    ("Irwan Daeng Gassing", {}),
)
BROUGHT = (
    (("pet-bersih", 2400), ("kardus", 5200)),
    (("gelas-plastik", 1350),),
    (("jelantah", 3000), ("kaleng", 1200)),
    (("pet-bersih", 6150), ("kertas", 8400), ("kardus", 3300)),
    (("pet-campur", 9800), ("plastik-keras", 4100)),
    (("pet-bersih", 850),),
    (("besi", 12500), ("aluminium", 640)),
    (("kardus", 11000), ("botol-kaca", 7500)),
    (("pet-bersih", 1975), ("jelantah", 1500)),
)


def all_waste(stage: Stage) -> list[tuple[str, Story]]:
    """The bank's story with its name."""
    return [("bank sampah: Sapu Bangun", bank(stage))]


def bank(stage: Stage) -> Story:
    """Ten weeks: opened and set, weighed twice a week, two lots sold, paid out, corrected, spent."""
    at = yield stage.ago(BEGAN, 19)
    made = _open(stage, at)
    kinds = {one.code: one.id for one in made.wastes.all()}
    books = [_book(stage, at, made.id, name, given) for name, given in SAVERS]
    collector = setting.add_collector(
        by=stage.who(OFFICER),
        at=at,
        bank_id=made.id,
        given=setting.CollectorGiven("UD Sumber Rejeki Pattallassang", "0813-5500-7788", "Pattallassang"),
    ).id
    for week in range(10):
        at = yield stage.ago(BEGAN - 2 - 7 * week, 17)
        for place in range(4 + week % 3):
            number = (3 * week + 2 * place) % len(books)
            at += timedelta(minutes=6)
            _weigh(stage, at, made.id, kinds, BROUGHT[(week + place) % len(BROUGHT)], books[number])
        if week in (4, 8):
            at = yield stage.ago(BEGAN - 4 - 7 * week, 10)
            _sell(stage, at, made, collector)
            bank_counter.record_withdrawal(
                by=stage.who(OFFICER), at=at + timedelta(hours=1), saver_id=books[week // 4], rupiah=15_000
            )
    yield from _end(stage, made, kinds, books)


def _open(stage: Stage, at: Any) -> Any:
    by = stage.who(OFFICER)
    made = setting.open_bank(
        by=by,
        at=at,
        region_code=MASSAMATURU,
        name="Bank Sampah Sapu Bangun Massamaturu",
        place="Samping Pos Pintar",
    )
    codes = {one.code: one.id for one in made.wastes.all()}
    day = queries.day_of(made, at)
    given = {codes[code]: pair for code, pair in PRICES.items()}
    setting.set_prices(by=by, at=at, bank_id=made.id, from_date=day, given=given)
    setting.set_sharing(
        by=stage.who(HEAD),
        at=at,
        bank_id=made.id,
        given=setting.SharingGiven(
            day, sharing.Share(7000, 1000, 2000), "Musyawarah desa tentang Sapu Bangun"
        ),
    )
    setting.set_terms(
        by=stage.who(SECRETARY),
        at=at,
        bank_id=made.id,
        given=setting.TermsGiven(
            day, 200, (), "16.00-21.00", two_people_from=250_000, least_withdrawal=5_000
        ),
    )
    bank_money.record_capital(by=by, at=at, bank_id=made.id, rupiah=300_000, words="Modal awal dari kas desa")
    return made


def _book(stage: Stage, at: Any, bank_id: UUID, name: str, given: dict[str, Any]) -> UUID:
    said = bank_savers.SaverGiven(name=name, **given)
    return bank_savers.open_saver(by=stage.who(OFFICER), at=at, bank_id=bank_id, given=said).id


def _weigh(
    stage: Stage,
    at: Any,
    bank_id: UUID,
    kinds: dict[str, UUID],
    brought: Iterable[tuple[str, int]],
    saver_id: UUID | None,
) -> Any:
    return bank_counter.record_deposit(
        by=stage.who(SECOND if at.day % 2 else OFFICER),
        at=at,
        bank_id=bank_id,
        weighed=[counting.Weighed(kinds[code], grams) for code, grams in brought],
        saver_id=saver_id,
    )


def _sell(stage: Stage, at: Any, bank_: Any, collector: UUID) -> None:
    """Everything in the store but what nobody asked for; a little has dried since."""
    asked = {
        one.waste.id: one.price.out_per_kg
        for one in queries.kinds(bank_, queries.day_of(bank_, at))
        if one.price
    }
    lots = [
        bank_stock.Lot(key, stock.grams - stock.grams // 60, asked[key], empties=True)
        for key, stock in queries.stocks(bank_).items()
        if stock.grams > 3_000 and key in asked
    ]
    bank_stock.record_sale(
        by=stage.who(OFFICER), at=at, collector_id=collector, lots=lots, paid=True, receipt=f"SR-{at:%m%d}"
    )


def _end(stage: Stage, made: Any, kinds: dict[str, UUID], books: list[UUID]) -> Story:
    """The last days: a slip undone, something given away, lanterns for the post, the box counted, the fund spent."""
    by = stage.who(OFFICER)
    at = yield stage.ago(6, 20)
    slip = _weigh(stage, at, made.id, kinds, [("pet-bersih", 24_000)], books[0])
    writer = stage.who(SECOND if at.day % 2 else OFFICER)
    bank_correcting.undo_posting(by=writer, at=at + timedelta(minutes=3), posting_id=slip.id)
    _weigh(stage, at + timedelta(minutes=4), made.id, kinds, [("pet-bersih", 2_400)], books[0])
    _weigh(stage, at + timedelta(minutes=20), made.id, kinds, [("kardus", 9_000)], None)
    bank_stock.record_craft(
        by=by,
        at=at + timedelta(minutes=40),
        waste_id=kinds["pet-bersih"],
        grams=1_500,
        words="Lampion dan hiasan Pos Pintar",
    )
    at = yield stage.ago(5, 20)
    bank_money.record_expense(
        by=by, at=at, bank_id=made.id, rupiah=12_000, words="Karung dan tali", receipt="118"
    )
    bank_money.count_cash(
        by=by, at=at, bank_id=made.id, counted=queries.holding(made).cash - 500, words="Kurang uang kecil"
    )
    at = yield stage.ago(3, 9)
    work = work_access.visible(stage.who(HEAD)).filter(id=works.GARDEN).exclude(state="called_off").first()
    if work is not None:
        held = queries.holding(made)
        bank_money.spend_fund(
            by=stage.who(HEAD),
            at=at,
            bank_id=made.id,
            work_id=work.id,
            rupiah=min(held.fund, held.cash) * 6 // 10 // 1000 * 1000,
            words="Semen dan cat",
            receipt="TB-0417",
        )
