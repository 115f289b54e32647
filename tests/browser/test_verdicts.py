"""One household, three verdicts: poor for BPS, fit for SDG, unfit for BSPS. Each with its source, and what to ask next."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive, keep_picture, officer

NAME = "Daeng Ngintang"


def test_each_authority_says_its_own(visitor: Arrive, site: Site) -> None:
    """The coordinator finds the household, reads the verdicts side by side, and decides with a reason."""
    page = officer(visitor, site, "koordinator.bontojai").page
    page.goto("/meja/warga/")
    page.locator("main input[name=kata]").fill(NAME)
    page.locator("main form").first.evaluate("form => form.requestSubmit()")
    page.wait_for_load_state()
    page.locator("main").get_by_role("link", name=re.compile(NAME)).first.click()
    expect(page.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    keep_picture(page, "warga-rumah-tangga")
    page.get_by_role("link", name="Penilaian tiap lembaga").click()
    differs = page.locator("main").inner_text()
    for authority, word in (
        ("menurut BPS", "miskin"),
        ("menurut SDG", "layak"),
        ("menurut BSPS", "tidak layak"),
    ):
        assert re.search(rf"{authority}:? ?{word}", differs.replace("\n", " ")), (authority, word)
    for source in ("7,2", "9 m²", "BPS, 14 kriteria"):
        assert source in differs
    expect(page.get_by_role("heading", name="Tanyakan ini dulu")).to_be_visible()
    keep_picture(page, "penilaian-berdampingan")


def test_what_is_asked_next_turns_unknown_into_an_answer(visitor: Arrive, site: Site) -> None:
    """Unknown is no "no": the page names the missing fact, and the verdict changes when it is written down."""
    page = officer(visitor, site, "koordinator.bontojai").page
    page.goto(f"/meja/warga/?kata={NAME}")
    page.locator("main").get_by_role("link", name=re.compile(NAME)).first.click()
    page.get_by_role("link", name="Penilaian tiap lembaga").click()
    before = page.locator("main").inner_text()
    assert "belum diketahui" in before and "dan tidak pernah digabung" in before
    sheet = page.url
    card = page.locator(".verdict[role=listitem]").filter(has_text="Bantuan rumah swadaya")
    expect(card).to_contain_text("belum diketahui")
    expect(card).to_contain_text("Belum diketahui: Bukti hak atas tanah ditunjukkan")
    card.locator("summary").click()
    expect(card).to_contain_text("Minta sertifikat atau surat keterangan tanah dari desa.")
    page.get_by_role("link", name="Kembali").click()
    page.locator("a[href*='/ubah/house/building']").first.click()
    page.locator("[name=land_proof]").first.select_option(label="Ya")
    page.locator("[name=source]").select_option("document")
    page.locator("form[method=post] button[type=submit]").last.click()
    page.goto(sheet)
    card = page.locator(".verdict[role=listitem]").filter(has_text="Bantuan rumah swadaya")
    expect(card).to_contain_text("memenuhi syarat")
    expect(card).not_to_contain_text("belum diketahui")
