"""A KIS card that was switched off comes back, told on the pages: from a hamlet nobody walked to yet to a card that works."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.conftest import Site
from tests.browser.people import Arrive, fill, keep_picture, officer

HAMLET = "Dusun Pundingin"
HOME = "/meja/kis/"


def test_a_switched_off_card_comes_back(visitor: Arrive, site: Site) -> None:
    supervisor = officer(visitor, site, "supervisor.bissappu")
    name = doors_are_given(supervisor)
    facilitator = officer(visitor, site, "fasilitator.bissappu")
    at_the_door(facilitator, name)
    asked(facilitator)
    secretariat = officer(visitor, site, "sekretariat.bantaeng")
    checked(secretariat, name)
    manager = officer(visitor, site, "manajer.bantaeng")
    signed(manager, name)
    proposed_and_granted(secretariat, name)
    works_again(facilitator, name)
    seen_by_the_supervisor(supervisor, name)


def press(page: Page, slug: str, **given: object) -> None:
    """Open a step of the card's page, fill it in, and press it."""
    step = page.locator(f"#do-{slug}")
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    fill(step, given, prefix=f"{slug}-")
    step.locator("button[type=submit]").click()
    page.wait_for_load_state()


def one_press(page: Page, title: str) -> None:
    """A step without questions."""
    page.get_by_role("button", name=title, exact=True).click()
    page.wait_for_load_state()


def doors_are_given(supervisor: people.Officer) -> str:
    """The supervisor sees the gap, and gives the hamlet that nobody walks to to the facilitator."""
    page = supervisor.page
    page.goto(HOME)
    expect(page.get_by_text(re.compile(r"orang masih menunggu didatangi"))).to_be_visible()
    keep_picture(page, "kis-1-pengawas")
    page.get_by_role("link", name="Kartu nonaktif (contoh), Bantaeng").click()
    form = page.locator("#bagi form")
    option = form.locator("option", has_text=HAMLET)
    form.locator("[name=part]").select_option(value=str(option.get_attribute("value")))
    seat = form.locator("option", has_text="Arman Sese")
    form.locator("[name=seat]").select_option(value=str(seat.get_attribute("value")))
    form.get_by_role("button").click()
    expect(page.get_by_text(re.compile(r"\d+ rumah sudah dibagikan"))).to_be_visible()
    return "Hj. Murni"


def at_the_door(facilitator: people.Officer, name: str) -> None:
    """The facilitator finds the door with why it stands there, prints the pack, and writes down what was found."""
    page = facilitator.page
    page.goto(HOME)
    expect(page.get_by_role("heading", name="Rumah saya")).to_be_visible()
    keep_picture(page, "kis-2-rumah")
    page.get_by_role("link", name="Bekal jalan (A4)").click()
    expect(page.get_by_text(re.compile(rf"\d+\. {name}")).first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name=re.compile(name)).first.click()
    press(page, "pintu", found="visited_found", need="chronic", need_words="Obat habis minggu depan")
    expect(page.get_by_text("Kunjungan dicatat.")).to_be_visible()


def asked(facilitator: people.Officer) -> None:
    """With the person's consent the card is asked for; the receipt is given, the letter noted."""
    page = facilitator.page
    press(page, "minta", consent="spoken", phone="0812-0000-7755", words="Saya perlu obat setiap bulan.")
    expect(page.locator(".slip")).to_contain_text("PIN")
    keep_picture(page, "kis-3-tanda", of=page.locator(".slip"))
    page.get_by_role("link", name="Kembali ke kartu").click()
    press(page, "surat", facility="Puskesmas Bissappu", facility_letter="440/77/PKM", decile="2")
    expect(page.get_by_text("440/77/PKM").first).to_be_visible()


def card_of(who: people.Officer, name: str) -> Page:
    """The card, found by its name."""
    page = who.page
    page.goto(f"{HOME}semua/?kata={name.rsplit(maxsplit=1)[-1]}")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", name=re.compile(name))).to_be_visible()
    return page


def checked(secretariat: people.Officer, name: str) -> None:
    """The back office checks the papers and why the person is eligible."""
    page = card_of(secretariat, name)
    one_press(page, "Mulai periksa berkas")
    one_press(page, "Berkas lengkap")
    press(page, "layak", words="Buruh tani, tercatat di DTSEN desil 2, dikunjungi fasilitator.")
    expect(page.get_by_text("Sekarang orang lain menyetujui")).to_be_visible()
    expect(page.locator("#do-setujui")).to_have_count(0)


def signed(manager: people.Officer, name: str) -> None:
    """Somebody else approves and signs."""
    page = card_of(manager, name)
    press(page, "setujui", recommendation="460/77/SPMKS/2026")
    expect(page.locator("h1")).to_contain_text("Surat Rekomendasi Terbit")
    keep_picture(page, "kis-4-kartu")


def proposed_and_granted(secretariat: people.Officer, name: str) -> None:
    """Proposed to the ministry, which approves."""
    page = card_of(secretariat, name)
    press(page, "usulkan")
    expect(page.locator("h1")).to_contain_text("Diusulkan ke Kemensos")
    press(page, "keputusan", decision="grant", words="Disetujui di SIKS-NG")
    expect(page.locator("h1")).to_contain_text("Disetujui Kemensos")


def works_again(facilitator: people.Officer, name: str) -> None:
    """The facilitator has seen that the card works; the data duty begins, and is kept."""
    page = card_of(facilitator, name)
    press(page, "aktif")
    expect(page.locator("h1")).to_contain_text("Kartu Aktif Kembali")
    page.goto(f"{HOME}kewajiban/")
    expect(page.get_by_role("link", name=re.compile(name))).to_be_visible()


def seen_by_the_supervisor(supervisor: people.Officer, name: str) -> None:
    """The supervisor sees one more card that is active again, and nobody waits in that hamlet unseen."""
    page = supervisor.page
    page.goto(f"{HOME}semua/?keadaan=reactivated")
    expect(page.get_by_role("link", name=re.compile(name))).to_be_visible()
