"""A pile of paper typed in on a laptop: a line of cards is saved when it is left, a stack of visits by its button; no draft grows old.

Told in a real browser, because the keys, the saving of one line and the drafts are work of the page itself.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive, officer

CADRE = "kader.melati"
PASTE = """(cell, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""


def test_paper_is_typed_in(visitor: Arrive, site: Site) -> None:
    page = officer(visitor, site, CADRE).page
    forms = at_forms(page)
    cards(page)
    a_stack_of_visits(page, forms)
    phone = officer(partial(visitor, phone=True), site, CADRE).page
    for code in ("kunjungan/2", "sasaran/B"):
        phone.goto(f"{forms}tumpukan/{code}/")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def at_forms(page: Page) -> str:
    """The forms of the cadre's posyandu."""
    page.goto("/meja/posyandu-formulir/")
    if not re.search(r"[0-9a-f-]{36}/$", page.url):
        page.locator("main a", has_text="Melati").first.click()
    page.wait_for_url(re.compile(r"/posyandu-formulir/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("Dihitung dari yang sudah dicatat")
    return page.url


def today() -> date:
    """The day at the posyandu."""
    return datetime.now(ZoneInfo("Asia/Makassar")).date()


def drafts(page: Page) -> dict[str, object]:
    """What this tab keeps of forms that are not sent."""
    found = page.evaluate("Object.fromEntries(Object.entries(sessionStorage))")
    return {
        key: json.loads(text)
        for key, text in found.items()
        if key.startswith("simpul.draft.") and text != "{}"
    }


def cell(line: Locator, key: str) -> Locator:
    return line.locator(f'[data-cell][name$=":{key}"]')


def cards(page: Page) -> None:
    """A line of the card grid: asked about grams, corrected, saved; an old choice does not come back over a newer one."""
    row = page.locator(".sheet-list__row", has_text="Kartu Pemeriksaan Bayi").first
    row.get_by_role("link", name="Isi setumpuk").click()
    page.fill("#tanggal", f"{today() - timedelta(days=1):%d/%m/%Y}")
    page.get_by_role("button", name="Tampilkan").click()
    page.wait_for_load_state()
    number = next(  # a child of two years or more, so that 12 kg are usual
        at for at, head in enumerate(page.locator("[data-line] th").all()) if "tahun" in head.inner_text()
    )
    line, below = page.locator("[data-line]").nth(number), page.locator("[data-line]").nth(number + 1)
    cell(line, "weight").fill("12000")
    cell(line, "weight").press("Enter")
    expect(cell(below, "weight")).to_be_focused()
    expect(line).to_have_attribute("data-state", "kept")
    line.get_by_role("button", name="Pakai 12,0").click()
    expect(line).to_have_attribute("data-state", "saved")
    expect(cell(line, "weight")).to_have_value("12,0")
    cell(line, "vitamin_a").select_option("ya")
    page.wait_for_timeout(2300)
    assert "vitamin_a" in json.dumps(drafts(page)) and len(json.dumps(drafts(page))) < 400
    page.reload()
    expect(cell(line, "vitamin_a")).to_have_value("ya")
    cell(line, "vitamin_a").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        cell(line, "vitamin_a").press("Enter")
    page.wait_for_function("!Object.keys(sessionStorage).some((key) => key.startsWith('simpul.draft.'))")
    other = page.context.new_page()
    other.goto(page.url)
    newer = other.locator("[data-line]").nth(number)
    cell(newer, "vitamin_a").select_option("tidak")
    with other.expect_response(lambda answer: answer.request.method == "POST"):
        cell(newer, "vitamin_a").press("Enter")
    other.close()
    page.reload()
    expect(cell(line, "vitamin_a")).to_have_value("tidak")


def a_stack_of_visits(page: Page, forms: str) -> None:
    """Two sheets pasted from a spreadsheet: one is asked about and chosen, one has nobody; the good one is saved once."""
    page.goto(forms)
    page.locator(".sheet-list__row", has_text="Kunjungan Rumah 4").get_by_role(
        "link", name="Isi setumpuk"
    ).click()
    page.wait_for_url(re.compile("tumpukan="))
    lines = page.locator("[data-line]")
    day = f"{today() - timedelta(days=2):%d-%m-%Y}"
    cell(lines.nth(0), "stack_who").evaluate(PASTE, f"Akbar\t{day}\t\tya\nTidak Dikenal\t{day}\t\tya")
    expect(lines.nth(1)).to_contain_text("ada dalam daftar posyandu ini")
    choose(lines.nth(0))
    cell(lines.nth(0), "danger_breathing").select_option("ya")
    cell(lines.nth(0), "danger_breathing").press("Enter")
    expect(lines.nth(0)).to_have_attribute("data-state", "ready")
    page.wait_for_timeout(2300)
    page.reload()
    expect(cell(lines.nth(1), "stack_who")).to_have_value("Tidak Dikenal")
    expect(cell(lines.nth(0), "danger_breathing")).to_have_value("ya")
    cell(lines.nth(0), "stack_who").focus()
    cell(lines.nth(0), "stack_who").press("Enter")
    choose(lines.nth(0))
    page.get_by_role("button", name="Simpan baris yang sudah benar").click()
    expect(page.locator("main")).to_contain_text("1 baris tersimpan")
    expect(lines.nth(0)).to_contain_text("Tanda bahaya")
    lines.nth(1).locator("[data-clear]").click()
    expect(lines.nth(1)).to_have_attribute("data-state", "")
    expect(cell(lines.nth(1), "stack_who")).to_have_value("")


def choose(line: Locator) -> None:
    """The first of those who may be meant: the sample has several whose name begins so."""
    pick = line.locator("select.pgrid__pick")
    pick.select_option(index=1)
    expect(line.locator(".pgrid__found")).to_contain_text(" · ")
