"""Bantaeng, told on the pages: a neighbour reports an elder who was left alone. One desk refuses, nobody lets go, help comes."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import Site
from tests.browser.people import Arrive, Receipt, Resident, keep_picture, officer

TOLD = (
    "Di ujung jalan tani ada kakek yang tinggal sendiri sejak istrinya meninggal. Sudah beberapa hari kami yang antar nasi. "
    "Kakinya bengkak dan ia tidak kuat ke puskesmas. Saya hanya tetangga, tolong dilihat."
)
VISITED = "Dikunjungi. Tinggal sendiri, makan dari tetangga, kaki bengkak. Belum pernah terdata."
REFUSED = "Kuota permakanan tahun ini habis. Dapat diusulkan tahun depan."
EXTRACT = (
    "Lansia tinggal sendiri, tanpa penghasilan, rumah bocor. Mohon bantuan makan harian dan perbaikan rumah."
)
HELPED = (
    "Kakek kini menerima makan harian dari Baznas selama enam bulan, dan atap rumahnya diganti bersama warga. "
    "Terima kasih sudah peduli pada tetangga."
)


def test_the_elder_who_was_left_alone(visitor: Arrive, site: Site) -> None:
    counter = officer(visitor, site, "fo.bontojai")
    receipt = at_the_counter(counter)
    facilitator = officer(visitor, site, "fasilitator.bissappu")
    visited(facilitator, counter, receipt)
    supervisor = officer(visitor, site, "supervisor.bissappu")
    manager = officer(visitor, site, "manajer.bantaeng")
    upwards(supervisor, manager, receipt)
    refused(visitor, site, manager, receipt)
    outside_body(manager, receipt)
    back_down(manager, supervisor, facilitator, receipt)
    coordinator = settled(visitor, site, receipt)
    neighbour_told(counter, visitor, receipt)
    closed(coordinator, receipt)


def at_the_counter(counter: people.Officer) -> Receipt:
    """The neighbour comes to the village counter and speaks for somebody else."""
    receipt = counter.take_in(
        picture="bantaeng-1-loket",
        channel="desk",
        kind_code="social_problem",
        k_sector="economy",
        k_ppks="8",
        k_urgent_need="Makan harian dan periksa kaki",
        text=TOLD,
        title="Kakek tinggal sendiri, tidak makan teratur",
        region="Bonto Jai",
        hamlet="Dusun Kayu Loe",
        place="Rumah kayu di ujung jalan tani",
        urgency="urgent",
        mode="proxy",
        name="Syamsiah Daeng Te'ne",
        address="Warung dekat pertigaan",
        about_name="Daeng Tarring",
        relation="tetangga",
        needs="Sulit berjalan",
        consent="spoken",
    )
    counter.open_matter(receipt.number)
    counter.do("ambil")
    counter.do(
        "teruskan",
        to_desk_id={"label": "Tim Fasilitator Bissappu"},
        note="Mohon kunjungan hari ini atau besok; tetangga menunggu di warung.",
    )
    return receipt


def visited(facilitator: people.Officer, counter: people.Officer, receipt: Receipt) -> None:
    """The facilitator goes and sees, and writes down what was found."""
    facilitator.open_matter(receipt.number, view="offered")
    facilitator.do("terima")
    facilitator.do("catatan", text=VISITED)
    assert VISITED in facilitator.read()
    keep_picture(facilitator.page, "bantaeng-2-fasilitator")
    facilitator.do(
        "teruskan",
        to_desk_id={"label": "Supervisor Kecamatan Bissappu"},
        note="Asesmen selesai. Perlu permakanan dan perbaikan rumah; di luar kemampuan desa.",
    )
    counter.open_matter(receipt.number)
    assert "Supervisor Kecamatan Bissappu" in counter.read()


def upwards(supervisor: people.Officer, manager: people.Officer, receipt: Receipt) -> None:
    """The supervisor checks the visit; the manager of the regency's service takes it from there."""
    supervisor.open_matter(receipt.number, view="offered")
    supervisor.do("terima")
    supervisor.do(
        "teruskan",
        to_desk_id={"label": "UPT SPMKS Sipakatau"},
        note="Asesmen diperiksa, sesuai. Mohon dirujuk.",
    )
    manager.open_matter(receipt.number, view="offered")
    manager.do("terima")
    manager.do("teruskan", to_desk_id={"label": "Dinas Sosial Bantaeng"}, note="Mohon permakanan lansia.")


def refused(visitor: Arrive, site: Site, manager: people.Officer, receipt: Receipt) -> None:
    """The agency says no with a reason; the matter is still in the manager's hands."""
    agency = officer(visitor, site, "dinsos.bantaeng")
    agency.open_matter(receipt.number, view="offered")
    agency.do("tolak", picture="bantaeng-3-skpd-menolak", reason=REFUSED)
    manager.open_matter(receipt.number, view="turn")
    assert REFUSED in manager.read()
    keep_picture(manager.page, "bantaeng-4-kembali-ke-manajer")


def outside_body(manager: people.Officer, receipt: Receipt) -> None:
    """Baznas does not use the system: the letter goes out, and what they say is written down, with their own clock."""
    manager.do(
        "teruskan",
        picture="bantaeng-5-rujuk-baznas",
        to_desk_id={"label": "Baznas Bantaeng"},
        note="SKPD menolak karena kuota; rujuk ke Baznas.",
        extract=EXTRACT,
        consent="ticked",
        outside_number="BZ-014",
    )
    manager.do(
        "balasan", reply="accepted", words="Baznas menerima; survei minggu ini.", outside_number="BZ-014"
    )
    manager.do(
        "balasan",
        picture="bantaeng-6-balasan-baznas",
        reply="answered",
        words="Bantuan makan enam bulan dan atap baru disetujui; atap dipasang bersama warga.",
    )
    assert "atap dipasang bersama warga" in manager.read()


def back_down(
    manager: people.Officer, supervisor: people.Officer, facilitator: people.Officer, receipt: Receipt
) -> None:
    """The answer climbs down the way it went up; the facilitator looks again."""
    steps = (
        (manager, "Baznas memberi makan enam bulan dan atap baru."),
        (supervisor, "Hasil rujukan diperiksa, lengkap."),
        (facilitator, "Dikunjungi lagi: atap terpasang, makan diantar tiap hari."),
    )
    for who, words in steps:
        who.open_matter(receipt.number)
        who.do("jawab-rujukan", answer=words, outcome="done")


def settled(visitor: Arrive, site: Site, receipt: Receipt) -> people.Officer:
    """One hands the work in, another verifies it and answers."""
    office = officer(visitor, site, "bo.bontojai")
    office.open_matter(receipt.number)
    office.do("serahkan", draft=HELPED)
    coordinator = officer(visitor, site, "koordinator.bontojai")
    coordinator.open_matter(receipt.number, view="verify")
    assert HELPED in coordinator.read(), "whoever verifies reads what was handed in"
    keep_picture(coordinator.page, "bantaeng-7-verifikasi")
    coordinator.do("verifikasi")
    coordinator.do("jawab", decision="helped", text=HELPED)
    assert HELPED in coordinator.read()
    return coordinator


def neighbour_told(counter: people.Officer, visitor: Arrive, receipt: Receipt) -> None:
    """The neighbour has no phone: she is told in person, and can read it with her slip on a borrowed one."""
    page = people.tell_in_person(
        counter, "Syamsiah Daeng Te'ne", "Nurjannah, di loket", picture="bantaeng-8-pemberitahuan"
    )
    expect(page.locator("main li.row", has_text="Syamsiah Daeng Te'ne")).to_have_count(0)
    neighbour = Resident(visitor(phone=True))
    seen = neighbour.follow(receipt).inner_text("main")
    assert HELPED in seen
    assert not re.search(r"Kuota|DTSEN|BZ-014", seen)
    neighbour.rate(5, "Alhamdulillah, beliau sudah duduk di teras lagi.")
    keep_picture(neighbour.page, "bantaeng-9-lacak")
    assert "5 dari 5" in neighbour.page.inner_text("main")


def closed(coordinator: people.Officer, receipt: Receipt) -> None:
    """Settled, with the decision that stays in the figures."""
    coordinator.open_matter(receipt.number)
    coordinator.do("tutup", decision="helped", reason="Tuntas. Kunjungan lanjutan dijadwalkan fasilitator.")
    assert "Ditutup" in coordinator.read()
    keep_picture(coordinator.page, "bantaeng-10-tuntas")
