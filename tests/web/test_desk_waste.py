"""The pages of the waste bank, as a volunteer, an officer and the head walk them; and what everybody reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.community.actions import bank_correcting, bank_money
from simpul.community.models import Bank, Posting, ReversalAsk, Saver, Sharing, Waste
from simpul.journal.models import Line as JournalLine
from simpul.people.models import Person
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.community.bank_help import Furnished, furnish, work
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/bank-sampah/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def bank(cast: Cast) -> Furnished:
    return furnish(cast)


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


@pytest.fixture
def head(cast: Cast) -> Client:
    return sit(cast, "village_head")


def weigh(client: Client, bank: Furnished, **kilograms: str) -> Any:
    fields = {f"g-{getattr(bank, name).id.hex}": typed for name, typed in kilograms.items()}
    return client.post(f"{HOME}timbang/{bank.saver.id}/", fields)


def test_a_village_without_a_bank_is_taught_and_opens_one(cast: Cast, officer: Client, head: Client) -> None:
    assert "Belum ada bank sampah" in words(officer.get(HOME))
    assert officer.get(f"{HOME}buka/").status_code == 200
    assert officer.post(f"{HOME}buka/", {"name": "", "place": ""}).status_code == 422
    assert officer.post(f"{HOME}buka/", {"name": "Sapu Bangun", "place": "Balai"}).url == HOME
    found = Bank.objects.get()
    page = words(officer.get(HOME))
    assert found.region_code == DUNGKAIT and "Tentukan harga" in page
    kind = found.wastes.get(code="pet-bersih")
    day = {"from_date": "1/10/2026"}
    wrong = officer.post(f"{HOME}harga/ubah/", {**day, f"i-{kind.id.hex}": "tiga ribu"})
    assert wrong.status_code == 422
    assert officer.post(f"{HOME}harga/ubah/", {**day, f"i-{kind.id.hex}": "3.000"}).status_code == 302
    assert "Rp3.000" in words(officer.get(f"{HOME}harga/")) and "Rp3.000" in words(
        officer.get(f"{HOME}harga/cetak/")
    )
    share = {**day, "saver_bp": "70", "costs_bp": "12,5", "fund_bp": "17.5", "decided": "Musdes 28 September"}
    assert officer.get(f"{HOME}aturan/bagi-hasil/").status_code == 404
    assert head.post(f"{HOME}aturan/bagi-hasil/", {**share, "fund_bp": "20"}).status_code == 422
    assert head.post(f"{HOME}aturan/bagi-hasil/", share).url == f"{HOME}aturan/"
    assert Sharing.objects.get().costs_bp == 1250 and "12,5%" in words(head.get(f"{HOME}aturan/"))


def test_the_scale_several_kinds_running_total_slip_and_undo(bank: Furnished, officer: Client) -> None:
    assert "Nurhayati" not in words(officer.get(f"{HOME}timbang/"))
    assert officer.get(f"{HOME}timbang/?q=nurha").url == f"{HOME}timbang/{bank.saver.id}/"
    assert officer.get(f"{HOME}timbang/?q=1").url.endswith(f"{bank.saver.id}/")
    assert "Tidak ada buku" in words(officer.get(f"{HOME}timbang/?q=siapa"))
    page = officer.get(f"{HOME}timbang/{bank.saver.id}/")
    assert "Rp3.000 / kg" in words(page)
    running = officer.post(
        f"{HOME}timbang/hitung/",
        {"buku": str(bank.saver.id), f"g-{bank.pet.id.hex}": "1,25", f"g-{bank.card.id.hex}": "333 g"},
    )
    assert "Rp4.250" in words(running) and "Rp2.975" in words(running) and not Posting.objects.exists()
    assert weigh(officer, bank, pet="1.250").status_code == 422
    assert weigh(officer, bank).status_code == 422
    answer = weigh(officer, bank, pet="1,25", card="333 g")
    posting = Posting.objects.get()
    assert answer.url == f"{HOME}catatan/{posting.id}/" and posting.grams == 1583
    page_words = words(officer.get(answer.url))
    assert "Rp4.250" in page_words and "Urungkan" in page_words and "BS-000001" in page_words
    for size in ("58", "a4"):
        assert "Rp2.975" in words(officer.get(f"{answer.url}nota/{size}/"))
    assert officer.get(f"{answer.url}nota/a6/").status_code == 404
    assert "Nurhayati" in words(officer.get(f"{HOME}timbang/"))
    officer.post(f"{answer.url}urungkan/")
    assert Posting.objects.count() == 2 and "dibalik oleh BS-000002" in words(officer.get(HOME))


def test_sending_the_form_twice_stores_once(bank: Furnished, officer: Client) -> None:
    page = officer.get(f"{HOME}timbang/{bank.saver.id}/")
    key = page.context["form"]["key"].value()
    for _time in range(2):
        fields = {f"g-{bank.pet.id.hex}": "2", "key": key, "donated": "on", "day": "20/11/2026"}
        assert officer.post(f"{HOME}timbang/{bank.saver.id}/", fields).status_code == 302
    assert Posting.objects.get().kind == "donation"
    assert officer.post(f"{HOME}timbang/sumbangan/", {f"g-{bank.pet.id.hex}": "2"}).status_code == 302
    assert "Dana pembangunan" in words(officer.get(HOME)) or "dana pembangunan" in words(officer.get(HOME))


def test_pass_books_are_opened_changed_printed_and_paid_out(
    cast: Cast, bank: Furnished, officer: Client
) -> None:
    person = Person.objects.create(
        full_name="Sitti Hasnah",
        name_key="siti hasna",
        region_code=DUNGKAIT,
        resident=True,
        registered_at=NOW,
    )
    assert "Sitti Hasnah" in words(officer.get(f"{HOME}buku/baru/?warga={person.id}"))
    made = officer.post(f"{HOME}buku/baru/", {"kind": "person", "person": str(person.id), "name": ""})
    saver = Saver.objects.get(person=person)
    assert made.url == f"{HOME}buku/{saver.id}/"
    child = {"kind": "person", "name": "Adik", "is_minor": "on"}
    refused = officer.post(f"{HOME}buku/baru/", child)
    assert refused.status_code == 422 and "orang dewasa" in words(refused)
    assert officer.post(f"{HOME}buku/baru/", {**child, "guardian": "Ibu Ratna"}).status_code == 302
    listed = words(officer.get(f"{HOME}buku/"))
    assert "0001" in listed and "Adik" in listed and "Ibu Ratna" in listed
    assert "Tidak ada buku" in words(officer.get(f"{HOME}buku/?kata=zzz"))
    assert officer.post(f"{made.url}ubah/", {"kind": "person", "name": "Sitti H."}).url == made.url
    weigh(officer, bank, pet="10")
    here = f"{HOME}buku/{bank.saver.id}/"
    assert "Rp21.000" in words(officer.get(here))
    too_much = officer.post(f"{here}tarik/", {"rupiah": "30000"})
    assert too_much.status_code == 422 and "Rp21.000" in words(too_much)
    officer.post(f"{HOME}kas/modal/", {"way": "in", "rupiah": "50.000", "words": "Kas desa"})
    assert officer.post(f"{here}tarik/", {"rupiah": "21.000"}).status_code == 302
    printed = officer.get(f"{here}cetak/")
    token = Saver.objects.get(id=bank.saver.id).token
    assert "<svg" in printed.content.decode() and "Rp21.000" in words(printed)
    officer.post(f"{here}tutup/")
    assert Saver.objects.get(id=bank.saver.id).closed_at is not None
    assert "0001" not in words(officer.get(f"{HOME}buku/")) and "0001" in words(
        officer.get(f"{HOME}buku/?tutup=1")
    )
    officer.post(f"{here}buka-lagi/")
    officer.post(f"{here}kode-baru/")
    assert Saver.objects.get(id=bank.saver.id).token != token


def test_store_sale_payment_crafts_and_weighing_the_store(bank: Furnished, officer: Client) -> None:
    assert "Gudang kosong" in words(officer.get(f"{HOME}gudang/"))
    weigh(officer, bank, pet="10", card="4")
    pet = bank.pet.id.hex
    lot = {"collector": str(bank.collector.id), f"g-{pet}": "9", f"p-{pet}": "4000", "receipt": "N-1"}
    assert officer.get(f"{HOME}gudang/jual/").status_code == 200
    assert officer.post(f"{HOME}gudang/jual/", {**lot, f"g-{pet}": ""}).status_code == 422
    assert officer.post(f"{HOME}gudang/jual/", lot).status_code == 302
    assert "Rp36.000" in words(officer.get(f"{HOME}gudang/"))
    pay = f"{HOME}pengepul/{bank.collector.id}/bayar/"
    assert 'value="36000"' in officer.get(pay).content.decode()
    assert officer.post(pay, {"rupiah": "36000"}).status_code == 302
    assert (
        officer.post(
            f"{HOME}gudang/kerajinan/", {"waste": str(bank.card.id), "grams": "1", "words": ""}
        ).status_code
        == 422
    )
    assert (
        officer.post(
            f"{HOME}gudang/kerajinan/", {"waste": str(bank.card.id), "grams": "1", "words": "Hiasan pos"}
        ).status_code
        == 302
    )
    assert (
        officer.post(f"{HOME}gudang/timbang/", {"waste": str(bank.card.id), "grams": "2,9"}).status_code
        == 302
    )
    assert "2,9 kg" in words(officer.get(f"{HOME}gudang/"))
    changed = {"name": "UD Maju Terus", "phone": "", "place": "", "is_active": "on"}
    assert officer.post(f"{HOME}pengepul/{bank.collector.id}/", changed).status_code == 302
    assert officer.post(f"{HOME}pengepul/baru/", {**changed, "name": "Bank Sampah Induk"}).status_code == 302
    assert "Bank Sampah Induk" in words(officer.get(f"{HOME}gudang/"))
    made = officer.post(f"{HOME}jenis/baru/", {"name": "Galon", "group": "plastic", "is_active": "on"})
    assert made.status_code == 302
    kind = Waste.objects.get(name="Galon")
    assert (
        officer.post(f"{HOME}jenis/{kind.id}/", {"name": "Galon bekas", "group": "plastic"}).status_code
        == 302
    )
    assert not Waste.objects.get(id=kind.id).is_active


def test_cash_costs_fund_and_the_public_statement(
    cast: Cast, bank: Furnished, officer: Client, head: Client
) -> None:
    bridge = work()
    for name in ("Ani", "Budi", "Cici", "Dedi"):
        bank.weigh((bank.pet, 20_000), saver_id=bank.book(name).id)
    bank.weigh((bank.pet, 20_000))
    bank.sell((bank.pet, 100_000, 4000), paid=True)
    assert officer.post(f"{HOME}kas/biaya/", {"rupiah": "10000", "words": "Karung"}).status_code == 302
    assert officer.post(f"{HOME}kas/hitung/", {"counted": "389500"}).status_code == 302
    assert "Rp389.500" in words(officer.get(f"{HOME}kas/"))
    assert officer.get(f"{HOME}dana/bayar/").status_code == 404
    pay = {"work": str(bridge.id), "rupiah": "45000", "words": "Paku dan papan", "receipt": "TB-88"}
    assert "Jembatan kayu Taludu" in words(head.get(f"{HOME}dana/bayar/"))
    assert head.post(f"{HOME}dana/bayar/", {**pay, "receipt": ""}).status_code == 422
    assert head.post(f"{HOME}dana/bayar/", {**pay, "rupiah": "99000000"}).status_code == 422
    assert head.post(f"{HOME}dana/bayar/", pay).url == f"{HOME}dana/"
    assert head.post(f"{HOME}dana/hasil/", {"rupiah": "50000", "words": "Musdes"}).status_code == 302
    assert "TB-88" in words(head.get(f"{HOME}dana/"))
    public = Client().get(f"/bank-sampah/{DUNGKAIT}/")
    seen = words(public)
    assert "Rp65.000" in seen and "Jembatan kayu Taludu" in seen and "TB-88" in seen and "100 kg" in seen
    assert "Ani" not in seen and "Nurhayati" not in seen
    assert reverse("work", args=[bridge.id]) in public.content.decode()
    assert "Sapu Bangun" in words(Client().get("/bank-sampah/"))
    for strange in ("7303012008", "7303", "abc"):
        assert Client().get(f"/bank-sampah/{strange}/").status_code == 404
    answer = officer.post(f"{HOME}sipsn/", {"tahun": "2026"})
    assert "2026-11,Plastik,0.100000,0.100000" in answer.content.decode()
    assert JournalLine.objects.filter(kind="tonnage.export").exists()


def test_the_page_behind_the_code_shows_a_sum_and_no_name(bank: Furnished) -> None:
    bank.weigh((bank.pet, 10_000))
    seen = words(Client().get(f"/bank-sampah/buku/{bank.saver.token}/"))
    assert "Rp21.000" in seen and "0001" in seen and "Nurhayati" not in seen
    assert Client().get("/bank-sampah/buku/AAAAAAAAAAAAAAAAAAAA/").status_code == 404
    assert Client().get("/bank-sampah/buku/x/").status_code == 404


def test_every_figure_down_to_its_lines(bank: Furnished, officer: Client, head: Client) -> None:
    posting = bank.weigh((bank.pet, 10_000))
    page = officer.get(f"{HOME}neraca/")
    assert "seimbang" in words(page) and "terbukti" in words(page)
    fund = next(row for row in page.context["rows"] if "Dana" in row["name"])["accounts"][0][1]
    assert "BS-000001" in words(officer.get(f"{HOME}neraca/akun/{fund}/"))
    assert "Buku 0001" in words(officer.get(f"{HOME}catatan/{posting.id}/"))
    assert "BS-000001" in words(officer.get(f"{HOME}catatan/?jenis=deposit"))
    assert "BS-000001" not in words(officer.get(f"{HOME}catatan/?tanda=1"))
    assert officer.post(f"{HOME}neraca/hitung-ulang/").status_code == 404
    assert head.post(f"{HOME}neraca/hitung-ulang/").status_code == 302


def test_a_large_posting_is_reversed_by_two(
    cast: Cast, bank: Furnished, officer: Client, head: Client
) -> None:
    head.post(
        f"{HOME}aturan/ketentuan/",
        {"from_date": "1/10/2026", "two_people_from": "30000", "open_days": ["0", "5"], "minimum": "0,5"},
    )
    posting = bank.weigh((bank.pet, 10_000))
    small = bank.weigh((bank.pet, 1_000))
    page = f"{HOME}catatan/{posting.id}/"
    assert "diperlukan dua orang" in words(officer.get(page))
    assert officer.post(f"{page}balik/", {"why": "Timbangan rusak"}).status_code == 302
    ask = ReversalAsk.objects.get()
    officer.post(f"{HOME}persetujuan/{ask.id}/setuju/")
    assert ReversalAsk.objects.get().state == "open"
    assert "Timbangan rusak" in words(head.get(HOME))
    head.post(f"{HOME}persetujuan/{ask.id}/tolak/", {"alasan": "Timbang ulang"})
    assert ReversalAsk.objects.get().state == "declined"
    second = bank_correcting.ask_reversal(by=cast.village_officer, at=NOW, posting_id=posting.id, why="Sudah")
    head.post(f"{HOME}persetujuan/{second.id}/setuju/")
    assert Posting.objects.get(reverses=posting).words == "Sudah"
    assert officer.post(f"{HOME}catatan/{small.id}/balik/", {"why": "Keliru"}).status_code == 302
    assert Posting.objects.get(reverses=small).words == "Keliru"


def test_others_find_nothing(cast: Cast, bank: Furnished) -> None:
    posting = bank.weigh((bank.pet, 1000))
    neighbour = sit(cast, "neighbour_officer")
    for path in (
        f"buku/{bank.saver.id}/",
        f"timbang/{bank.saver.id}/",
        f"catatan/{posting.id}/",
        f"catatan/{posting.id}/nota/58/",
        f"catatan/{posting.id}/balik/",
        f"jenis/{bank.pet.id}/",
        f"pengepul/{bank.collector.id}/",
        f"pengepul/{bank.collector.id}/bayar/",
        "neraca/",
        "buku/",
    ):
        assert neighbour.get(f"{HOME}{path}").status_code == 404, path
    assert "Belum ada bank sampah" in words(neighbour.get(HOME))
    for part in ("admin", "administrator", "manager"):
        assert sit(cast, part).get(HOME).status_code == 404


def test_pages_cost_a_fixed_number_of_queries(
    cast: Cast, bank: Furnished, officer: Client, django_assert_max_num_queries: Any
) -> None:
    def count(path: str) -> int:
        with django_assert_max_num_queries(60) as counted:
            assert officer.get(f"{HOME}{path}").status_code == 200
        return len(counted)

    bank.weigh((bank.pet, 1000))
    paths = ("", "buku/", "catatan/", f"buku/{bank.saver.id}/", "gudang/", "neraca/", "kas/", "timbang/")
    before = {path: count(path) for path in paths}
    for name in ("Ani", "Budi", "Cici"):
        bank.weigh((bank.pet, 1000), (bank.card, 500), saver_id=bank.book(name).id)
        bank.weigh((bank.card, 700))
    bank_money.count_cash(by=cast.village_officer, at=NOW, bank_id=bank.bank.id, counted=0)
    after = {path: count(path) for path in paths}
    assert all(after[path] <= before[path] + 1 for path in paths), (before, after)
