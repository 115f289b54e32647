"""The public pages as residents use them: on a small phone, without a script, with a slip of paper, and in a hurry."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive, Receipt, Resident, keep_picture

STORY = "Jembatan kayu di dekat masjid patah sejak hujan besar. Anak sekolah harus memutar."


def go_on(page: Page) -> Page:
    """Press the page's own button."""
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    return page


def write_report(page: Page, *, name: str = "Rahmat", look: Callable[[], None] = lambda: None) -> list[str]:
    """From the front page to the check, the way links and buttons lead; the pages that were seen."""
    seen = []

    def note() -> None:
        seen.append(page.locator("h1").first.inner_text())
        look()

    page.goto("/")
    page.locator('main a[href="/lapor/"]').first.click()
    note()
    page.locator('main a[href*="soal=complaint"]').click()
    note()
    page.locator('main a[href$="jenis=complaint"]').click()
    note()
    page.fill("[name=text]", STORY)
    go_on(page)
    note()
    page.fill("[name=region]", "Dunkait")  # a typing error does no harm
    page.fill("[name=place]", "Dusun Salu Batu, dekat masjid")
    go_on(page)
    if page.locator("main [name=region][type=radio]").count():
        page.locator("main label", has_text="Dungkait").first.click()
        go_on(page)
    while "/pelapor/" not in page.url:
        note()
        go_on(page)
    note()
    page.locator("[name=mode][value=self]").check(force=True)
    page.fill("[name=name]", name)
    go_on(page)
    if "/serupa/" in page.url:
        note()
        go_on(page)
    note()
    assert "/periksa/" in page.url
    return seen


def the_receipt(page: Page) -> Receipt:
    """Number and PIN as they stand on the page."""
    words = re.sub(r"\s+", " ", page.locator("section.receipt").inner_text())
    number = re.search(r"SPL ?-? ?(\d{4}) ?-? ?(\d{5}) ?-? ?([A-Z])", words)
    pin = re.search(r"(\d{3}) ?(\d{3})(?!\d)", words[words.index("PIN") :])
    assert number, words
    assert pin, words
    return Receipt("-".join(("SPL", *number.groups())), "".join(pin.groups()))


def test_a_report_on_a_phone_without_a_script(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True, scripts=False)
    seen = write_report(page)
    assert len(seen) <= 7, seen
    keep_picture(page, "warga-2-periksa")
    assert STORY in page.inner_text("main")

    page.locator('main a[href*="/lapor/cerita/"]').first.click()
    assert page.locator("[name=text]").input_value() == STORY
    page.fill("[name=text]", STORY + " Tolong segera.")
    go_on(page)
    assert "/periksa/" in page.url
    assert "Tolong segera." in page.inner_text("main")

    go_on(page)
    receipt = the_receipt(page)
    keep_picture(page, "warga-3-tanda-terima")
    address = page.url
    again = visitor(phone=True, scripts=False)
    again.goto(address)
    assert the_receipt(again) == receipt, "whoever has the address has the receipt"

    for size in ("a6", "58"):
        page.goto(f"{address.rstrip('/')}/cetak/{size}/")
        slip = re.sub(r"\D", "", page.inner_text("main"))
        assert receipt.pin in slip

    resident = Resident(again)
    resident.follow(receipt)
    assert "Tolong segera." in again.inner_text("main")
    assert resident.due()


def test_going_back_or_pressing_twice_sends_once(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True)
    write_report(page, name="Jufri")
    send = page.locator("main form button[type=submit]").last
    send.dblclick()
    # Not wait_for_url: the second press gives up the journey that the first one began, and that is no failure.
    expect(page).to_have_url(re.compile("/terima-kasih/"), timeout=15_000)
    page.wait_for_load_state()
    first = the_receipt(page)
    page.go_back()
    page.wait_for_load_state()
    if "/periksa/" in page.url and page.locator("[name=lapor]").count():
        go_on(page)
        page.wait_for_url("**/terima-kasih/**")
        assert the_receipt(page) == first, "the same report keeps its one number"
    page.goto("/lapor/periksa/")
    assert page.locator("[name=lapor]").count() == 0, "nothing is left that could be sent a second time"


def test_a_wrong_pin_and_an_unknown_number_are_told_the_same(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True, scripts=False)
    known = site.demo["receipts"]["mamuju"]["number"]  # type: ignore[index]
    said = []
    for number in (known, "SPL-2611-09999-A"):
        page.goto("/lacak/")
        page.fill("[name=number]", number)
        page.fill("[name=pin]", "000000")
        go_on(page)
        assert "/laporan/" not in page.url
        said.append(page.locator(".govuk-error-summary").inner_text())
    assert said[0] == said[1]
    assert page.locator("[name=number]").input_value() == "SPL-2611-09999-A", "what was typed stays"


def test_english_by_a_switch_and_back(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True, scripts=False)
    page.goto("/lacak/")
    page.locator(".language a").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Follow my report")
    assert "/lacak/" in page.url, "the switch leads back to the page one was on"
    page.locator('.site-nav a[href="/lapor/"]').click()
    expect(page.locator("h1")).to_have_text("What is it about?")
    page.locator(".language a").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_leaving_a_page_about_violence_leaves_nothing(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True)
    page.route(
        "https://www.bmkg.go.id/**", lambda route: route.fulfill(body="cuaca", content_type="text/plain")
    )
    page.goto("/lapor/cerita/?jenis=protected_report")
    page.fill("[name=text]", "Tetangga saya dipukul suaminya tadi malam.")
    go_on(page)
    button = page.locator(".exit-page__button")
    expect(button).to_be_visible()
    keep_picture(page, "warga-5-tinggalkan")
    button.click()
    page.wait_for_url("https://www.bmkg.go.id/**")
    page.goto("/lapor/periksa/")
    assert "dipukul" not in page.inner_text("body"), "the draft is gone from this device"


def test_every_fault_is_told_beside_its_field_and_nothing_typed_is_lost(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True)
    page.goto("/lapor/cerita/?jenis=complaint")
    page.fill("[name=text]", "")
    go_on(page)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    summary.locator("a").first.click()
    expect(page.locator("[name=text]")).to_be_focused()
    page.fill("[name=text]", "🙏 Sumur kami kering \u202e sejak lama")
    go_on(page)
    page.fill("[name=region]", "Zzzyyyxxx")
    page.fill("[name=place]", "Dusun Taludu")
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert page.locator("[name=place]").input_value() == "Dusun Taludu"
