"""A referral refused by one agency is taken by the next, on the pages, without a word typed twice."""

from __future__ import annotations

from tests.browser.conftest import Site
from tests.browser.people import Arrive, Officer, Receipt, keep_picture, officer

TOLD = "Dapur kami terbakar kemarin sore. Seng dan peralatan masak habis, anak dua masih sekolah dasar."
NOTE = "Dapur habis terbakar; mohon bantuan seng dan alat masak."
EXTRACT = "Keluarga empat orang, dapur terbakar. Mohon bantuan seng dan alat masak."


def test_refused_by_one_taken_by_the_next(visitor: Arrive, site: Site) -> None:
    counter = officer(visitor, site, "fo.bontojai")
    receipt = brought(counter)
    manager = officer(visitor, site, "manajer.bantaeng")
    sent_out(counter, manager, receipt)
    agency = officer(visitor, site, "dinsos.bantaeng")
    agency.open_matter(receipt.number, view="offered")
    agency.do("tolak", reason="Kuota bantuan bencana tahun ini habis.")
    manager.open_matter(receipt.number, view="turn")
    read = manager.read()
    assert "Kuota bantuan bencana tahun ini habis." in read
    assert "Baznas Bantaeng" in read
    manager.do("balasan", reply="refused", words="Dana bencana sudah terserap bulan ini.")
    manager.open_matter(receipt.number)
    keep_picture(manager.page, "rujukan-1-pindah-ke-bsb")
    manager.do("balasan", reply="accepted", words="BSB survei lokasi hari ini.")
    manager.do(
        "balasan",
        reply="answered",
        words="Seng dan alat masak diserahkan.",
        given_service="Bahan dapur",
        given_amount="2.350.000",
        given_to="Rosmiati",
    )
    manager.open_matter(receipt.number)
    read = manager.read()
    for words in ("BSB Bantaeng", "Rp2.350.000", "Menunggu lembaga lain"):
        assert words in read
    looked_up(manager)


def brought(counter: Officer) -> Receipt:
    """The family comes to the village counter."""
    return counter.take_in(
        channel="desk",
        kind_code="social_problem",
        k_sector="housing",
        k_ppks="21",
        text=TOLD,
        title="Dapur terbakar, alat masak habis",
        region="Bonto Jai",
        hamlet="Dusun Kayu Loe",
        place="Dekat lapangan",
        mode="self",
        name="Rosmiati Daeng Kanang",
        consent="spoken",
    )


def sent_out(counter: Officer, manager: Officer, receipt: Receipt) -> None:
    """The village asks the district, and the district asks the agency: the one time that anything is written."""
    counter.open_matter(receipt.number)
    counter.do("ambil")
    counter.do("teruskan", to_desk_id={"label": "UPT SPMKS Sipakatau"}, note=NOTE)
    manager.open_matter(receipt.number, view="offered")
    manager.do("terima")
    manager.do(
        "teruskan",
        to_desk_id={"label": "Dinas Sosial Bantaeng"},
        note=NOTE,
        extract=EXTRACT,
        consent="ticked",
        given_by="Rosmiati Daeng Kanang",
    )


def looked_up(manager: Officer) -> None:
    """The directory, and the record of the desk that refused."""
    page = manager.page
    page.goto("/meja/rujukan/?kata=zakat")
    assert "Baznas Bantaeng" in page.inner_text("main")
    page.locator("main a", has_text="Baznas Bantaeng").first.click()
    page.wait_for_load_state()
    read = page.inner_text("main")
    assert "Dana bencana sudah terserap bulan ini." in read
    assert "10 hari kerja" in read
