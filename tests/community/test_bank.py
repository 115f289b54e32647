"""The acts of the waste bank: what they book, what they refuse and in which words, who may, and that nothing is ever changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.actions import bank as setting
from simpul.community.actions import (
    bank_correcting,
    bank_counter,
    bank_exporting,
    bank_money,
    bank_savers,
    bank_stock,
    erasing,
    moving,
)
from simpul.community.models import Account, Bank, Line, Posting, ReversalAsk, Saver, Standing, Waste
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_audit, bank_public
from simpul.community.queries import bank_counter as counting
from simpul.community.rules import ledger, sharing
from simpul.journal.models import Line as JournalLine
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people.models import Person
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, actor, assemble
from tests.community.bank_help import DAY, Furnished, furnish, opened, work


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def bank(cast: Cast) -> Furnished:
    return furnish(cast)


def balance(saver: Saver) -> int:
    return ledger.held("saver", queries.standing(Account.objects.get(saver=saver).id))


def sound(bank: Bank) -> bool:
    """The trial balance is nought, and every kept sum is what the lines say."""
    return bank_audit.trial(bank).balances and not bank_audit.unproved(bank)


def last_line(kind: str) -> JournalLine:
    return JournalLine.objects.filter(kind=kind).latest("recorded_at")


def person(name: str = "Sitti Hasnah", code: str = DUNGKAIT) -> Person:
    return Person.objects.create(
        full_name=name, name_key=name.lower(), region_code=code, resident=True, registered_at=NOW
    )


# --- opening and setting -------------------------------------------------------------------------------------------------


def test_a_bank_opens_with_its_accounts_and_kinds_once_per_village(cast: Cast) -> None:
    bank = opened(cast)
    assert opened(cast).id == bank.id
    assert set(queries.accounts(bank)) == set(queries.OWN)
    assert bank.wastes.count() == len(queries.first_kinds()) == bank.accounts.filter(role="stock").count()
    assert last_line("bank.open").facts == {"name": "Bank Sampah Sapu Bangun"}
    setting.change_bank(by=cast.secretary, at=NOW, bank_id=bank.id, name="Sapu Bangun", place="Balai dusun")
    assert Bank.objects.get().place == "Balai dusun" and last_line("bank.change").region_code == DUNGKAIT
    with pytest.raises(setting.BankPlaceUnknown):
        setting.open_bank(by=district(cast), at=NOW, region_code=DUNGKAIT[:6], name="Kecamatan")


def district(cast: Cast) -> Any:
    """A seat that serves the whole district."""
    seat = cast.seats["village_officer"]
    return actor(seat).__class__(role="post_officer", region_code="760213", user_id=seat.user_id)


def test_others_can_do_nothing_and_see_nothing(cast: Cast, bank: Furnished) -> None:
    for by in (cast.neighbour_officer, cast.manager, cast.admin, ANYBODY, cast.neighbour_head):
        with pytest.raises(NotFound):
            access.bank_for(by, bank.bank.id)
        with pytest.raises(NotFound):
            bank.weigh((bank.pet, 1000), by=by)
        with pytest.raises(NotFound):
            access.saver_for(by, bank.saver.id)
    with pytest.raises(NotAllowed):
        setting.open_bank(by=cast.neighbour_officer, at=NOW, region_code=DUNGKAIT, name="Bank")
    assert access.bank_for(cast.secretary, bank.bank.id) and access.bank_for(MACHINE, bank.bank.id)


def test_shares_are_decided_by_the_heads_with_a_decision_and_make_the_whole(
    cast: Cast, bank: Furnished
) -> None:
    def share(by: Any = cast.secretary, **given: Any) -> Any:
        said = {
            "from_date": DAY,
            "share": sharing.Share(6000, 1000, 3000),
            "decided": "Musyawarah 3",
            **given,
        }
        return setting.set_sharing(
            by=by,
            at=NOW + timedelta(minutes=1),
            bank_id=bank.bank.id,
            given=setting.SharingGiven(**said),
            sharing_id=KEY,
        )

    with pytest.raises(NotAllowed):
        share(by=cast.village_officer)
    with pytest.raises(setting.ShareNotWhole):
        share(share=sharing.Share(6000, 1000, 2000))
    with pytest.raises(setting.DecisionMissing):
        share(decided="")
    with pytest.raises(NotFound):
        share(meeting_id=uuid4())
    assert share().id == KEY and share().id == KEY
    assert last_line("sharing.set").facts["fund"] == 3000
    assert queries.share_of(queries.sharing_on(bank.bank, DAY)) == sharing.Share(6000, 1000, 3000)
    assert len(queries.sharings(bank.bank)) == 2


KEY = uuid7()


def test_prices_are_dated_and_only_what_changes_is_written(cast: Cast, bank: Furnished) -> None:
    def price(paid: int, day: Any = DAY) -> int:
        return setting.set_prices(
            by=cast.village_officer,
            at=NOW,
            bank_id=bank.bank.id,
            from_date=day,
            given={bank.pet.id: (paid, 4000)},
        )

    assert price(3000) == 0
    assert price(3500, DAY + timedelta(days=30)) == 1
    assert last_line("prices.set").facts["prices"] == {"pet-bersih": 3500}
    assert queries.prices_on([bank.pet.id], DAY)[bank.pet.id].in_per_kg == 3000
    assert queries.prices_on([bank.pet.id], NOW.date())[bank.pet.id].in_per_kg == 3500
    assert len(queries.price_history(bank.pet)) == 2
    with pytest.raises(setting.PriceNotPossible, match="PET"):
        price(99_000_000)
    with pytest.raises(steps.BankChoiceUnknown):
        setting.set_prices(
            by=cast.village_officer, at=NOW, bank_id=bank.bank.id, from_date=DAY, given={uuid4(): (1, 1)}
        )


def test_the_village_edits_its_kinds_and_collectors(cast: Cast, bank: Furnished) -> None:
    by = cast.village_officer
    made = setting.add_waste(
        by=by, at=NOW, bank_id=bank.bank.id, given=setting.WasteGiven("Galon", "plastic"), waste_id=KEY
    )
    assert (
        setting.add_waste(
            by=by, at=NOW, bank_id=bank.bank.id, given=setting.WasteGiven("Galon", "plastic"), waste_id=KEY
        )
        == made
        and Account.objects.filter(waste=made, role="stock").exists()
    )
    with pytest.raises(setting.WasteKnown):
        setting.add_waste(by=by, at=NOW, bank_id=bank.bank.id, given=setting.WasteGiven("galon", "plastic"))
    with pytest.raises(steps.BankChoiceUnknown):
        setting.change_waste(by=by, at=NOW, waste_id=made.id, given=setting.WasteGiven("Galon", "gold"))
    setting.change_waste(
        by=by, at=NOW, waste_id=made.id, given=setting.WasteGiven("Galon bekas", "plastic", is_active=False)
    )
    assert last_line("waste.change").facts["active"] is False and last_line("waste.add")
    assert made.id not in {one.waste.id for one in queries.kinds(bank.bank, DAY)}
    assert made.id in {one.waste.id for one in queries.kinds(bank.bank, DAY, also_closed=True)}
    setting.change_collector(
        by=by, at=NOW, collector_id=bank.collector.id, given=setting.CollectorGiven("UD Maju Jaya", "0812")
    )
    assert [one.name for one, _owed in queries.collectors(bank.bank)] == ["UD Maju Jaya"]
    assert last_line("collector.change") and last_line("collector.add")


def terms(cast: Cast, bank: Furnished, **given: Any) -> Any:
    return setting.set_terms(
        by=cast.secretary, at=NOW, bank_id=bank.bank.id, given=setting.TermsGiven(DAY, **given)
    )


def test_rules_of_the_village_are_set_by_the_heads(cast: Cast, bank: Furnished) -> None:
    with pytest.raises(NotAllowed):
        setting.set_terms(
            by=cast.village_officer, at=NOW, bank_id=bank.bank.id, given=setting.TermsGiven(DAY)
        )
    with pytest.raises(steps.BankChoiceUnknown):
        terms(cast, bank, open_days=[7])
    row = terms(cast, bank, open_days=[6, 5, 5], minimum_grams=500)
    assert row.open_days == [5, 6] and queries.terms_on(bank.bank, DAY).minimum_grams == 500
    assert last_line("terms.set").facts["minimum"] == 500


# --- savers --------------------------------------------------------------------------------------------------------------


def test_savers_are_people_groups_and_classes_each_with_a_number_and_a_secret(
    cast: Cast, bank: Furnished
) -> None:
    resident = person()
    by_register = bank.book("", person_id=resident.id)
    assert (by_register.name, by_register.number) == ("Sitti Hasnah", 2)
    assert len(by_register.token) == 20 and by_register.token != bank.saver.token
    with pytest.raises(bank_savers.SaverKnown, match="2"):
        bank.book("", person_id=resident.id)
    with pytest.raises(bank_savers.GuardianMissing):
        bank.book("Adik", is_minor=True)
    with pytest.raises(bank_savers.GuardianMissing):
        bank.book("Kelas 5 SDN 1", kind="class")
    assert bank.book("Kelas 5 SDN 1", kind="class", guardian="Ibu Ratna").is_minor
    with pytest.raises(NotFound):
        bank.book("", person_id=person(code=BONTO_JAI).id)
    with pytest.raises(steps.BankChoiceUnknown):
        bank.book("Ani", kind="ghost")
    assert last_line("saver.open").inputs == {"name": "Kelas 5 SDN 1", "guardian": "Ibu Ratna"}


def test_a_book_is_changed_closed_at_nought_and_opened_again(cast: Cast, bank: Furnished) -> None:
    by = cast.village_officer
    bank_savers.change_saver(
        by=by, at=NOW, saver_id=bank.saver.id, given=bank_savers.SaverGiven("Nur Hayati")
    )
    old = Saver.objects.get(id=bank.saver.id)
    assert old.name == "Nur Hayati" and last_line("saver.change")
    bank.weigh((bank.pet, 1000))
    with pytest.raises(bank_savers.SaverHasMoney, match=r"Rp2\.100"):
        bank_savers.close_saver(by=by, at=NOW, saver_id=old.id)
    bank_money.record_capital(by=by, at=NOW, bank_id=bank.bank.id, rupiah=50_000, words="Modal desa")
    bank.pay_out(2100)
    bank_savers.close_saver(by=by, at=NOW, saver_id=old.id)
    bank_savers.close_saver(by=by, at=NOW, saver_id=old.id)
    assert JournalLine.objects.filter(kind="saver.close").count() == 1
    assert bank.weigh((bank.pet, 1000)).flags == ["book_closed"]
    bank_savers.reopen_saver(by=by, at=NOW, saver_id=old.id)
    assert Saver.objects.get(id=old.id).closed_at is None and last_line("saver.reopen")
    token = bank_savers.renew_passbook(by=by, at=NOW, saver_id=old.id)
    assert token not in ("", old.token) and last_line("passbook.renew").facts == {"number": 1}
    assert "token" not in str(last_line("passbook.renew").inputs)


# --- deposits and withdrawals ---------------------------------------------------------------------------------------------


def test_a_deposit_of_several_kinds_is_priced_shared_and_numbered(cast: Cast, bank: Furnished) -> None:
    posting = bank.weigh((bank.pet, 1250), (bank.card, 333), posting_id=KEY)
    assert (posting.number, posting.rupiah, posting.grams, posting.flags) == (1, 4250, 1583, [])
    held = queries.holding(bank.bank)
    assert (held.savers, held.costs, held.fund, held.stock) == (2975, 425, 850, 4250)
    assert balance(bank.saver) == 2975 and sound(bank.bank)
    assert bank.weigh((bank.pet, 9999), posting_id=KEY).id == KEY and Posting.objects.count() == 1
    line = last_line("deposit.record")
    assert line.facts["number"] == 1 and line.subject_id == posting.id
    moves, more = bank_audit.moves(Account.objects.get(saver=bank.saver))
    assert (moves[0].balance, more, len(moves)) == (-2975, False, 4)


def test_a_weighing_is_never_refused_but_flagged(cast: Cast, bank: Furnished) -> None:
    terms(cast, bank, minimum_grams=1000, open_days=[5])
    setting.change_waste(
        by=cast.village_officer,
        at=NOW,
        waste_id=bank.card.id,
        given=setting.WasteGiven("Kardus", "paper", is_active=False),
    )
    early = bank.weigh((bank.card, 500), done_at=NOW - timedelta(days=80))
    assert set(early.flags) == {"no_price", "no_sharing", "kind_closed"} and early.rupiah == 0
    now = bank.weigh((bank.pet, 500))
    assert set(now.flags) == {"below_minimum", "closed_day"} and now.rupiah == 1500
    found, _more = queries.postings(bank.bank, queries.Filters(flagged=True))
    assert len(found) == 2 and sound(bank.bank)


@pytest.mark.parametrize(
    ("pairs", "refusal"),
    [
        ([], counting.NothingWeighed),
        ([0], counting.WeightNotPossible),
        ([6_000_000], counting.WeightNotPossible),
    ],
)
def test_what_cannot_have_been_weighed_is_refused(
    bank: Furnished, pairs: list[int], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        bank.weigh(*((bank.pet, grams) for grams in pairs))
    assert not Posting.objects.exists()


def test_strange_kinds_savers_and_times_are_refused(cast: Cast, bank: Furnished) -> None:
    with pytest.raises(NotFound):
        bank.weigh((Waste(id=uuid4()), 100))
    with pytest.raises(NotFound):
        bank.weigh((bank.pet, 100), saver_id=uuid4())
    with pytest.raises(steps.TimeNotCome):
        bank.weigh((bank.pet, 100), done_at=NOW + timedelta(days=2))


def test_donated_waste_is_all_the_funds(cast: Cast, bank: Furnished) -> None:
    assert bank.weigh((bank.pet, 1000), saver_id=None).kind == "donation"
    named = bank.weigh((bank.card, 1000), donated=True)
    assert (named.kind, named.saver_id) == ("donation", bank.saver.id)
    held = queries.holding(bank.bank)
    assert (held.fund, held.savers, held.costs) == (4500, 0, 0) and sound(bank.bank)


def test_a_withdrawal_never_exceeds_the_book_nor_the_box(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 10_000))
    with pytest.raises(bank_counter.BalanceShort, match=r"Rp21\.000"):
        bank.pay_out(21_001)
    with pytest.raises(steps.CashShort, match="Rp0"):
        bank.pay_out(21_000)
    with pytest.raises(steps.BankAmountMissing):
        bank.pay_out(0)
    bank_money.record_capital(
        by=cast.village_officer, at=NOW, bank_id=bank.bank.id, rupiah=100_000, words="Modal desa"
    )
    terms(cast, bank, least_withdrawal=10_000)
    with pytest.raises(bank_counter.BelowLeast, match=r"Rp10\.000"):
        bank.pay_out(5_000)
    assert bank.pay_out(12_000, posting_id=KEY).rupiah == 12_000
    assert bank.pay_out(12_000, posting_id=KEY).id == KEY
    assert bank.pay_out(9_000).rupiah == 9_000  # the whole rest may be less
    assert balance(bank.saver) == 0 and queries.holding(bank.bank).cash == 79_000 and sound(bank.bank)
    with pytest.raises(NotAllowed):
        bank.pay_out(1, by=cadre(cast))
    assert last_line("withdrawal.record").facts["rupiah"] == 9000


def cadre(cast: Cast) -> Any:
    seat = cast.seats["village_officer"]
    return actor(seat).__class__(
        role="cadre", region_code=DUNGKAIT, user_id=uuid7(), name="Kader", seat_id=seat.id
    )


# --- store and money -----------------------------------------------------------------------------------------------------


def test_a_lot_is_sold_with_gain_and_shrinkage_and_paid_later(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 10_000), (bank.card, 4_000))
    sale = bank.sell((bank.pet, 9_800, 4000), (bank.card, 1_000, 1000), empties=True, receipt="N-7")
    assert (sale.rupiah, sale.grams, sale.receipt) == (40_200, 10_800, "N-7")
    held = queries.holding(bank.bank)
    # PET gains 39.200 - 29.400, cardboard loses 1.500 - 1.000; 200 g and 3 kg shrank.
    assert (held.owed, held.margin, held.shrinkage, held.stock) == (40_200, 9_300, 5_100, 0)
    by = cast.village_officer
    paid = bank_stock.record_payment(
        by=by, at=NOW, collector_id=bank.collector.id, rupiah=40_200, receipt="K-1", posting_id=KEY
    )
    assert paid.flags == [] and last_line("payment.record").facts["rupiah"] == 40_200
    assert (
        bank_stock.record_payment(by=by, at=NOW, collector_id=bank.collector.id, rupiah=1, posting_id=KEY)
        == paid
    )
    ahead = bank_stock.record_payment(by=by, at=NOW, collector_id=bank.collector.id, rupiah=800)
    assert ahead.flags == ["paid_ahead"] and sound(bank.bank)
    with pytest.raises(bank_money.ResultShort, match=r"Rp4\.200"):
        bank_money.assign_margin(
            by=cast.secretary, at=NOW, bank_id=bank.bank.id, rupiah=4_201, words="Musyawarah"
        )
    bank_money.assign_margin(
        by=cast.secretary, at=NOW, bank_id=bank.bank.id, rupiah=4_200, words="Musyawarah"
    )
    assert queries.holding(bank.bank).free == 0 and last_line("margin.assign") and sound(bank.bank)


def test_a_sale_may_be_paid_at_once_and_more_than_booked_is_flagged(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 1_000))
    for _time in range(2):
        sale = bank.sell((bank.pet, 1_500, 4000), paid=True, posting_id=KEY)
    assert sale.flags == ["more_than_booked"] and Posting.objects.count() == 3
    held = queries.holding(bank.bank)
    assert (held.cash, held.owed, held.margin) == (6_000, 0, 3_000) and sound(bank.bank)
    for lots in ([], [(bank.pet, 0, 10)], [(bank.pet, 10, 99_000_000)]):
        with pytest.raises(Refused):
            bank.sell(*lots)
    with pytest.raises(NotFound):
        bank.sell((Waste(id=uuid4()), 1, 1))


def test_crafts_and_the_weighed_store(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 10_000))
    given_: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "waste_id": bank.pet.id}
    craft = bank_stock.record_craft(**given_, grams=2_000, words="Lampion pos ronda", posting_id=KEY)
    assert (
        craft.rupiah == 6_000
        and bank_stock.record_craft(**given_, grams=1, words="x", posting_id=KEY) == craft
    )
    with pytest.raises(steps.BankWordsMissing):
        bank_stock.record_craft(**given_, grams=2_000, words="")
    with pytest.raises(bank_stock.LotNotPossible):
        bank_stock.record_craft(**given_, grams=0, words="Lampion")
    less = bank_stock.record_shrinkage(**given_, counted_grams=7_500, words="Basah")
    assert (less.grams, less.rupiah) == (500, 1_500)
    more = bank_stock.record_shrinkage(**given_, counted_grams=8_000)
    assert (more.grams, more.rupiah) == (-500, 0)
    with pytest.raises(bank_stock.LotNotPossible):
        bank_stock.record_shrinkage(**given_, counted_grams=-1)
    stock = queries.stocks(bank.bank)[bank.pet.id]
    assert (stock.grams, stock.rupiah) == (8_000, 22_500) and sound(bank.bank)
    assert last_line("craft.record") and last_line("shrinkage.record")


def test_costs_capital_and_the_cash_count(cast: Cast, bank: Furnished) -> None:
    said: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "bank_id": bank.bank.id}
    bank.weigh((bank.pet, 10_000))
    with pytest.raises(bank_money.CostsShort, match=r"Rp3\.000"):
        bank_money.record_expense(**said, rupiah=3_001, words="Karung")
    with pytest.raises(steps.CashShort):
        bank_money.record_expense(**said, rupiah=3_000, words="Karung")
    bank_money.record_capital(**said, rupiah=20_000, words="Dari kas desa")
    bank_money.record_expense(**said, rupiah=3_000, words="Karung", receipt="12")
    with pytest.raises(bank_money.CapitalShort, match=r"Rp20\.000"):
        bank_money.record_capital(**said, rupiah=20_001, words="Kembali", back=True)
    back = bank_money.record_capital(**said, rupiah=5_000, words="Kembali", back=True)
    assert back.rupiah == -5_000
    with pytest.raises(bank_money.CountNotPossible):
        bank_money.count_cash(**said, counted=-1)
    assert bank_money.count_cash(**said, counted=12_000).rupiah == 0
    assert bank_money.count_cash(**said, counted=11_500, words="Kurang uang kecil").rupiah == -500
    held = queries.holding(bank.bank)
    assert (held.cash, held.costs, held.capital, held.difference) == (11_500, 0, 15_000, 500)
    assert sound(bank.bank)
    for kind in ("expense.record", "capital.record", "cash.count"):
        assert last_line(kind)


def test_the_fund_pays_for_a_work_against_a_receipt(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 100_000))
    bridge = work()
    said: dict[str, Any] = {"by": cast.village_head, "at": NOW, "bank_id": bank.bank.id}
    pay: dict[str, Any] = {"work_id": bridge.id, "words": "Paku dan papan", "receipt": "TB-88"}
    with pytest.raises(NotAllowed):
        bank_money.spend_fund(**{**said, "by": cast.village_officer}, **pay, rupiah=1000)
    with pytest.raises(bank_money.WorkMissing):
        bank_money.spend_fund(**said, **{**pay, "work_id": None}, rupiah=1000)
    with pytest.raises(bank_money.WorkMissing):
        bank_money.spend_fund(**said, **{**pay, "work_id": work(state="called_off").id}, rupiah=1000)
    with pytest.raises(NotFound):
        bank_money.spend_fund(**said, **{**pay, "work_id": work(region=BONTO_JAI).id}, rupiah=1000)
    with pytest.raises(bank_money.ReceiptMissing):
        bank_money.spend_fund(**said, **{**pay, "receipt": ""}, rupiah=1000)
    with pytest.raises(bank_money.FundShort, match=r"Rp60\.000"):
        bank_money.spend_fund(**said, **pay, rupiah=60_001)
    with pytest.raises(steps.CashShort):
        bank_money.spend_fund(**said, **pay, rupiah=60_000)
    bank.sell((bank.pet, 100_000, 4000), paid=True)
    spent = bank_money.spend_fund(**said, **pay, rupiah=45_000, posting_id=KEY)
    assert bank_money.spend_fund(**said, **pay, rupiah=1, posting_id=KEY) == spent
    assert queries.fund_of_works([bridge.id]) == {bridge.id: 45_000}
    assert queries.holding(bank.bank).fund == 15_000 and last_line("fund.spend").facts["rupiah"] == 45_000
    found = bank_public.statement(bank.bank)
    assert [(one.work_title, one.rupiah, one.receipt) for one in found.spent] == [
        ("Jembatan kayu Taludu", 45_000, "TB-88")
    ]
    bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=spent.id, why="Nota keliru")
    assert queries.fund_of_works([bridge.id]) == {} and bank_public.statement(bank.bank).spent == ()
    assert queries.holding(bank.bank).fund == 60_000 and sound(bank.bank)


# --- corrections ----------------------------------------------------------------------------------------------------------


def test_a_slip_is_undone_by_the_one_who_made_it_within_half_an_hour(cast: Cast, bank: Furnished) -> None:
    volunteer = cadre(cast)
    posting = bank.weigh((bank.pet, 10_000), by=volunteer)
    later = NOW + timedelta(minutes=31)
    with pytest.raises(bank_correcting.UndoOver):
        bank_correcting.undo_posting(by=cast.village_officer, at=NOW, posting_id=posting.id)
    with pytest.raises(bank_correcting.UndoOver):
        bank_correcting.undo_posting(by=volunteer, at=later, posting_id=posting.id)
    with pytest.raises(NotAllowed):
        bank_correcting.reverse_posting(by=volunteer, at=NOW, posting_id=posting.id, why="Keliru")
    undone = bank_correcting.undo_posting(by=volunteer, at=NOW, posting_id=posting.id, reversal_id=KEY)
    assert (
        bank_correcting.undo_posting(by=volunteer, at=NOW, posting_id=posting.id, reversal_id=KEY) == undone
    )
    assert (undone.kind, undone.rupiah, balance(bank.saver)) == ("reversal", -30_000, 0)
    assert sound(bank.bank) and last_line("posting.undo").facts["number"] == 2


def test_a_posting_is_reversed_once_with_a_reason_and_a_reversal_never(cast: Cast, bank: Furnished) -> None:
    posting = bank.weigh((bank.pet, 10_000), (bank.card, 100))

    def turn(key: Any = posting.id, why: str = "Salah timbang", **more: Any) -> Posting:
        return bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=key, why=why, **more)

    with pytest.raises(steps.BankWordsMissing):
        turn(why="")
    mirror = turn(reversal_id=KEY)
    assert turn(reversal_id=KEY) == mirror and mirror.reverses_id == posting.id
    with pytest.raises(bank_correcting.ReversedAlready, match="2"):
        turn()
    with pytest.raises(bank_correcting.ReversalOfReversal):
        turn(mirror.id)
    assert queries.holding(bank.bank).stock == 0 and sound(bank.bank)
    assert last_line("posting.reverse").facts["number"] == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Posting.objects.create(
            bank=bank.bank, number=9, kind="reversal", done_at=NOW, recorded_at=NOW, reverses=posting
        )


def test_what_has_left_the_store_or_the_box_is_not_reversed_and_debts_are_flagged(
    cast: Cast, bank: Furnished
) -> None:
    put = bank_money.record_capital(
        by=cast.village_officer, at=NOW, bank_id=bank.bank.id, rupiah=20_000, words="Modal"
    )
    posting = bank.weigh((bank.pet, 10_000))
    paid = bank.pay_out(15_000)
    with pytest.raises(steps.CashShort, match=r"Rp5\.000"):
        bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=put.id, why="Bukan modal")
    sale = bank.sell((bank.pet, 10_000, 4000))
    with pytest.raises(bank_correcting.StockGone, match="PET"):
        bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=posting.id, why="Salah")
    bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=sale.id, why="Batal jual")
    mirror = bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=posting.id, why="Salah")
    assert mirror.flags == ["overdrawn"] and balance(bank.saver) == -15_000
    bank_correcting.reverse_posting(by=cast.secretary, at=NOW, posting_id=paid.id, why="Uang kembali")
    assert balance(bank.saver) == 0 and sound(bank.bank)


def test_above_the_limit_two_people_are_needed(cast: Cast, bank: Furnished) -> None:
    terms(cast, bank, two_people_from=30_000)
    small, large = bank.weigh((bank.card, 100)), bank.weigh((bank.pet, 10_000))
    by = cast.village_officer
    bank_correcting.undo_posting(by=by, at=NOW, posting_id=small.id)
    for act in (bank_correcting.undo_posting, bank_correcting.reverse_posting):
        more = {"why": "Salah"} if act is bank_correcting.reverse_posting else {}
        with pytest.raises(bank_correcting.TwoPeopleNeeded):
            act(by=by, at=NOW, posting_id=large.id, **more)  # type: ignore[operator]
    ask = bank_correcting.ask_reversal(by=by, at=NOW, posting_id=large.id, why="Timbangan rusak", ask_id=KEY)
    assert bank_correcting.ask_reversal(by=by, at=NOW, posting_id=large.id, why="x", ask_id=KEY) == ask
    with pytest.raises(bank_correcting.AskedAlready):
        bank_correcting.ask_reversal(by=cast.secretary, at=NOW, posting_id=large.id, why="Sama")
    with pytest.raises(bank_correcting.SecondPersonNeeded):
        bank_correcting.confirm_reversal(by=by, at=NOW, ask_id=ask.id)
    with pytest.raises(NotFound):
        bank_correcting.confirm_reversal(by=cast.neighbour_head, at=NOW, ask_id=ask.id)
    with pytest.raises(steps.BankWordsMissing):
        bank_correcting.decline_reversal(by=cast.secretary, at=NOW, ask_id=ask.id, why="")
    bank_correcting.decline_reversal(by=cast.secretary, at=NOW, ask_id=ask.id, why="Timbang ulang dulu")
    assert last_line("reversal.decline").inputs == {"why": "Timbang ulang dulu"}
    with pytest.raises(bank_correcting.AskDecided):
        bank_correcting.confirm_reversal(by=cast.village_head, at=NOW, ask_id=ask.id)
    second = bank_correcting.ask_reversal(by=by, at=NOW, posting_id=large.id, why="Sudah ditimbang ulang")
    assert [one.id for one in queries.asks(bank.bank)] == [second.id]
    made = bank_correcting.confirm_reversal(by=cast.secretary, at=NOW, ask_id=second.id)
    assert made.reverses_id == large.id and made.words == "Sudah ditimbang ulang"
    assert ReversalAsk.objects.get(id=second.id).decided_by == cast.secretary.name
    assert sound(bank.bank) and last_line("reversal.ask") and last_line("reversal.confirm")


# --- nothing is ever changed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda: Line.objects.update(rupiah=1),
        lambda: Line.objects.all().delete(),
        lambda: Posting.objects.update(rupiah=1),
        lambda: Posting.objects.filter(lines=None).delete(),
        lambda: Line.objects.create(
            posting=Posting.objects.all()[0],
            from_account=Account.objects.all()[0],
            to_account=Account.objects.all()[0],
            rupiah=5,
        ),
        lambda: Line.objects.create(
            posting=Posting.objects.all()[0],
            from_account=Account.objects.all()[0],
            to_account=Account.objects.all()[1],
            rupiah=-5,
        ),
        lambda: Line.objects.create(
            posting=Posting.objects.all()[0],
            from_account=Account.objects.all()[0],
            to_account=Account.objects.all()[1],
            grams=5,
        ),
    ],
)
def test_the_database_itself_refuses_changes_and_lines_that_do_not_balance(
    cast: Cast, bank: Furnished, change: Callable[[], Any]
) -> None:
    bank.weigh((bank.pet, 1000))
    bank_money.count_cash(by=cast.village_officer, at=NOW, bank_id=bank.bank.id, counted=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
    assert sound(bank.bank)


def test_sums_that_were_spoilt_outside_are_found_and_made_anew(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 1000))
    Standing.objects.filter(account__role="fund").update(rupiah=7)
    Standing.objects.create(account=Account.objects.get(role="cash"), rupiah=5, lines=1)
    assert len(bank_audit.unproved(bank.bank)) == 2 and not bank_audit.trial(bank.bank).balances
    with pytest.raises(NotAllowed):
        bank_correcting.rebuild_standings(by=cast.village_officer, at=NOW, bank_id=bank.bank.id)
    assert bank_correcting.rebuild_standings(by=cast.secretary, at=NOW, bank_id=bank.bank.id) == 2
    assert sound(bank.bank) and last_line("standings.rebuild").facts == {"differed": 2}


class RandomHistories(TestCase):
    """Any history of acts, on the database: trial balance nought, kept sums proved, store and box never below nought."""

    def setUp(self) -> None:
        self.bank = furnish(assemble())

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32), steps_=st.integers(5, 18))
    def test_the_books_always_balance(self, seed: int, steps_: int) -> None:
        draw = random.Random(seed)
        for _step in range(steps_):
            try:
                with transaction.atomic():
                    self._one(draw)
            except Refused:
                pass
        found = self.bank.bank
        assert sound(found)
        assert all(one.grams >= 0 and one.rupiah >= 0 for one in queries.stocks(found).values())
        assert queries.holding(found).cash >= 0
        held = queries.holding(found)
        have = held.cash + held.owed + held.stock + held.shrinkage + held.craft + held.difference
        assert have == held.savers + held.costs + held.fund + held.margin + held.capital
        numbers = list(Posting.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    def _one(self, draw: random.Random) -> None:
        bank, cast = self.bank, self.bank.cast
        said: dict[str, Any] = {"by": cast.secretary, "at": NOW}
        waste = draw.choice([bank.pet, bank.card])
        rupiah, grams = draw.randint(1, 60_000), draw.randint(1, 20_000)
        posting = draw.choice([*Posting.objects.order_by("number"), None])
        acts: list[Callable[[], Any]] = [
            lambda: bank.weigh((waste, grams), (bank.pet, draw.randint(1, 900))),
            lambda: bank.weigh((waste, grams), saver_id=None),
            lambda: bank.sell(
                (waste, grams, draw.randint(0, 9000)), empties=draw.random() < 0.3, paid=draw.random() < 0.7
            ),
            lambda: bank.pay_out(rupiah),
            lambda: bank_money.record_capital(
                **said, bank_id=bank.bank.id, rupiah=rupiah, words="Modal", back=draw.random() < 0.3
            ),
            lambda: bank_money.record_expense(
                **said, bank_id=bank.bank.id, rupiah=rupiah // 9 + 1, words="Karung"
            ),
            lambda: bank_money.count_cash(**said, bank_id=bank.bank.id, counted=rupiah),
            lambda: bank_money.assign_margin(
                **said, bank_id=bank.bank.id, rupiah=rupiah // 9 + 1, words="Rapat"
            ),
            lambda: bank_stock.record_craft(**said, waste_id=waste.id, grams=grams, words="Hiasan"),
            lambda: bank_stock.record_shrinkage(**said, waste_id=waste.id, counted_grams=grams),
            lambda: bank_stock.record_payment(**said, collector_id=bank.collector.id, rupiah=rupiah),
            lambda: posting and bank_correcting.reverse_posting(**said, posting_id=posting.id, why="Keliru"),
        ]
        draw.choice(acts)()


# --- what everybody reads, and what a person may ask for ------------------------------------------------------------------


def test_the_public_statement_hides_few_savers_and_names_nobody(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 2000))
    assert bank_public.statement(bank.bank).months == ()
    for name in ("Ani", "Budi", "Cici", "Dedi"):
        bank.weigh((bank.pet, 1000), saver_id=bank.book(name).id)
    taken = bank.weigh((bank.card, 700), saver_id=None)
    bank_correcting.undo_posting(by=cast.village_officer, at=NOW, posting_id=taken.id)
    found = bank_public.statement(bank.bank)
    assert [(one.first, one.grams, one.others) for one in found.months] == [("2026-11", 6000, 0)]
    assert found.fund == 3600 and found.kinds == {"pet-bersih": "Botol PET bersih"}
    assert "Ani" not in str(found)
    assert [one.id for one in bank_public.banks()] == [bank.bank.id]


def test_the_tonnage_is_exported_with_a_line(cast: Cast, bank: Furnished) -> None:
    bank.weigh((bank.pet, 2500))
    bank.sell((bank.pet, 2000, 4000), empties=True)
    rows = bank_exporting.export_tonnage(by=cast.village_officer, at=NOW, bank_id=bank.bank.id, year=2026)
    assert [(one.month, one.group, one.came, one.sold, one.lost) for one in rows] == [
        ("2026-11", "plastic", 2500, 2000, 500)
    ]
    assert last_line("tonnage.export").facts == {"year": 2026, "rows": 1}
    with pytest.raises(NotAllowed):
        bank_exporting.export_tonnage(by=cadre(cast), at=NOW, bank_id=bank.bank.id, year=2026)


def test_a_person_is_emptied_out_of_the_pass_book_and_the_sums_stay(cast: Cast, bank: Furnished) -> None:
    mother, child = person("Ibu Rahma"), person("Rahma Kecil")
    own = bank.book("", person_id=mother.id)
    childs = bank.book("", person_id=child.id, is_minor=True, guardian_id=mother.id)
    bank.weigh((bank.pet, 1000), saver_id=own.id)
    assert {(one[0], one[1]) for one in moving.COLUMNS} >= {(Saver, "person"), (Saver, "guardian_person")}
    erasing.blank_community(by=MACHINE, at=NOW, person_id=mother.id, words=["Ibu Rahma"])
    own, childs = Saver.objects.get(id=own.id), Saver.objects.get(id=childs.id)
    assert "Rahma" not in own.name + own.name_key and own.person_id is None
    assert childs.name == "Rahma Kecil" and childs.guardian == "" and childs.guardian_person_id is None
    assert balance(own) == 2100 and sound(bank.bank)


def test_the_neighbour_can_book_nothing_here(cast: Cast, bank: Furnished) -> None:
    said: dict[str, Any] = {"by": cast.neighbour_officer, "at": NOW}
    weighed = [counting.Weighed(bank.pet.id, 100)]
    acts: list[Callable[[], Any]] = [
        lambda: setting.add_collector(**said, bank_id=bank.bank.id, given=setting.CollectorGiven("UD Lain")),
        lambda: bank_counter.record_deposit(**said, bank_id=bank.bank.id, weighed=weighed),
        lambda: bank_counter.record_withdrawal(**said, saver_id=bank.saver.id, rupiah=1),
        lambda: bank_stock.record_sale(
            **said, collector_id=bank.collector.id, lots=[bank_stock.Lot(bank.pet.id, 1, 1)]
        ),
        lambda: bank_savers.close_saver(**said, saver_id=bank.saver.id),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert not Posting.objects.exists()
