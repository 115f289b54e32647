"""A pilot posyandu's day, told on the pages: a phone at the table, a laptop in the evening, a door three days later.

The sample's last day at Melati (forty children, six pregnant women, twelve elders) is read back from its recap. Then today's own day is
held, with a doubtful number and a severe child, and what it found is followed: a matter, a visit, the sheets, and e-PPGBM's list.
"""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive, fill, keep_picture, officer

CADRE, CHAIR, MIDWIFE, HEAD = "kader.melati", "ketua.posyandu", "bidan.massamaturu", "kades.massamaturu"


def test_a_posyandu_day(visitor: Arrive, site: Site, tmp_path: Path) -> None:
    phone = officer(partial(visitor, phone=True), site, CADRE).page
    home = at_melati(phone)
    the_sample_adds_up(phone)
    a_day_on_the_phone(phone)
    followed_up(phone)
    laptop = officer(visitor, site, CHAIR).page
    sheets_and_recap(laptop, home)
    eppgbm_there_and_back(officer(visitor, site, MIDWIFE).page, tmp_path)
    eyes(officer(visitor, site, HEAD).page, home)


def at_melati(page: Page) -> str:
    """The first page of the posyandu: what comes next, the gap of cadres, the other pages."""
    page.goto("/meja/posyandu/")
    page.locator("main a", has_text="Posyandu Melati").first.click()
    page.wait_for_url(re.compile(r"/meja/posyandu/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("Langkah berikutnya")
    keep_picture(page, "posyandu-1-melati")
    return page.url


def the_sample_adds_up(page: Page) -> None:
    """The last day: everybody counted once, D = N + T + O + B."""
    page.goto("/meja/posyandu-hari/")
    days_of_melati(page)
    page.locator("main .row__link", has_text="12 ").first.click()
    page.get_by_role("link", name="Rekap hari ini").click()
    main = page.locator("main")
    expect(main).to_contain_text("Jumlahnya cocok")
    for words in (r"B · \D*37", r"A · \D*6", r"D · \D*12"):
        assert re.search(words, " ".join(main.inner_text().split())), words


def days_of_melati(page: Page) -> None:
    """A cadre of one posyandu is led to its days at once; who has several chooses."""
    choice = page.locator("main .pos-steps a", has_text="Melati")
    if "/meja/posyandu-hari/" in page.url and choice.count():
        choice.first.click()
        page.wait_for_load_state()


# --- the day on a phone -------------------------------------------------------------------------------------------------


def a_day_on_the_phone(page: Page) -> None:
    """Two children: a number typed in grams is asked about, a severe child is seen at once; then the day is closed."""
    page.goto("/meja/posyandu-hari/")
    days_of_melati(page)
    page.get_by_role("button", name="Buka posyandu hari ini").click()
    page.wait_for_load_state()
    off_schedule = page.get_by_role("button", name="Tetap buka")  # asked on every day but the 12th
    if off_schedule.count():
        off_schedule.click()
    page.wait_for_url(re.compile(r"/posyandu-hari/hari/[0-9a-f-]{36}/"))
    day = page.url
    for name in ("Akbar", "Haikal"):
        page.goto(day)
        page.locator("main .pos-steps a", has_text="Pendaftaran").first.click()
        page.fill("#kata", name)
        page.get_by_role("button", name="Cari").click()
        page.get_by_role("button", name=re.compile(name)).click()
    measured(page, day, "Akbar", {"weight": "12000", "height": "89,5"})
    doubt = page.locator("#d-weight")
    expect(doubt).to_contain_text("12")
    assert page.locator("[name=weight]").input_value() == "12000"
    keep_picture(page, "posyandu-2-ragu")
    doubt.locator("button[name=use]").first.click()
    expect(page.locator("h1")).not_to_contain_text("Akbar")  # the next one in the queue
    measured(page, day, "Haikal", {"weight": "5,3", "height": "72,0"})
    while page.locator("[name=sure]").count():
        for answer in page.locator("label.pos-sure").all():
            answer.click()
        saved(page)
    expect(page.locator("main")).to_contain_text("Segera ke petugas kesehatan")
    keep_picture(page, "posyandu-3-segera")
    page.goto(day)
    page.get_by_role("link", name="Tutup hari").click()
    fill_check(page)
    expect(page.locator("main")).to_contain_text("Jumlahnya cocok")


def measured(page: Page, day: str, name: str, values: dict[str, str]) -> None:
    """Step 2 for somebody in the queue."""
    page.goto(day)
    page.locator("main .pos-steps a", has_text="Pengukuran").first.click()
    expect(page.locator("main")).to_contain_text(name)
    page.get_by_text("Panggil dan mulai").first.click()
    page.locator("[name=weight]").wait_for()
    expect(page.locator("h1")).to_contain_text(name)
    fill(page, values)
    saved(page)


def saved(page: Page) -> None:
    """On to the next step of the same person, unless something is asked."""
    page.locator("button[name=go][value=on]").click()
    page.wait_for_load_state()


def fill_check(page: Page) -> None:
    """The closing check: those who still wait have gone home."""
    for name in ("unfinished", "tools", "vaccines", "reported"):
        box = page.locator(f"[name={name}]")
        if box.count():
            page.locator(f"label[for={box.get_attribute('id')}]").click()
    page.locator("main form").get_by_role("button", name="Tutup hari").click()
    page.wait_for_load_state()


# --- what follows ---------------------------------------------------------------------------------------------------------


def followed_up(page: Page) -> None:
    """The severe child is a matter in the health office's hands; a child that stayed away is visited at home and leaves the list."""
    page.goto("/meja/posyandu-tugas/temuan/")
    page.locator("main a", has_text="Haikal").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"SPL-\d{4}-\d{5}-\w"))
    page.locator("main a[href*='/meja/kasus/']").first.click()
    page.wait_for_url(re.compile(r"/meja/kasus/"))
    expect(page.locator("main")).to_contain_text("Dinas Kesehatan Takalar")
    page.goto("/meja/posyandu-tugas/")
    keep_picture(page, "posyandu-4-kunjungan")
    missed = page.locator("main a", has_text="Tidak datang ke posyandu").first
    missed.click()
    page.wait_for_load_state()
    visit = page.locator("main a[href*='posyandu-kunjungan']").first
    visit.click()
    page.wait_for_load_state()
    outcome = page.locator("[name=outcome]")
    outcome.fill("Ibu di kebun pada hari posyandu. Anak sehat.")
    page.get_by_role("button", name="Simpan kunjungan").click()
    page.wait_for_url(re.compile(r"/posyandu-kunjungan/satu/"))
    expect(page.locator("main")).to_contain_text("Ibu di kebun")
    for words, field in (("Rumah tidak layak huni", "Perumahan"), ("Anak tidak bersekolah", "Pendidikan")):
        page.goto("/meja/posyandu-tugas/temuan/")
        page.locator("main a", has_text=words).first.click()
        page.locator("main a[href*='/meja/kasus/']").first.click()
        page.wait_for_url(re.compile(r"/meja/kasus/"))
        expect(page.locator("main")).to_contain_text(field)


# --- the laptop -----------------------------------------------------------------------------------------------------------


def sheets_and_recap(page: Page, home: str) -> None:
    """The official sheets with their columns; the month adds up and is closed; the growth chart of a child."""
    posyandu = home.rstrip("/").rsplit("/", 1)[-1]
    for code, heading in (
        ("card_A", "Ibu Hamil"),
        ("card_B", "Bayi"),
        ("card_D", "Lansia"),
        ("visit_1", "Hamil"),
    ):
        page.goto(f"/meja/posyandu-formulir/{posyandu}/{code}/cetak/")
        expect(page.locator("body")).to_contain_text(re.compile(heading, re.IGNORECASE))
    page.goto(f"/meja/posyandu-rekap/{posyandu}/")
    expect(page.locator("main")).to_contain_text("Jumlahnya cocok")
    keep_picture(page, "posyandu-5-skdn")
    page.goto(f"/meja/posyandu-sasaran/{posyandu}/?kata=Syifa")
    page.locator("main a", has_text="Syifa").first.click()
    page.get_by_role("link", name="Grafik pertumbuhan").first.click()
    expect(page.locator("main svg").first).to_be_visible()
    keep_picture(page, "posyandu-6-grafik")


def eppgbm_there_and_back(page: Page, folder: Path) -> None:
    """The month goes out as e-PPGBM's sheet; one class is changed; taken in again, the difference is shown and nothing is doubled."""
    page.goto("/meja/posyandu-tukar/")
    page.select_option("#bulan", index=0)
    page.locator("#purpose").fill("laporan bulanan puskesmas")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("e-PPGBM")).click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 30 and rows[0][11] == "Pukesmas"
    rows[1][rows[0].index("TB/U")] = (
        "Sangat Pendek" if rows[1][rows[0].index("TB/U")] != "Sangat Pendek" else "Normal"
    )
    sent = folder / "eppgbm.csv"
    with sent.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    page.goto("/meja/impor/baru/")
    fill(page, {"kind": "eppgbm"})
    page.set_input_files("main input[type=file]", str(sent))
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name=re.compile("Coba")).click()
    take_in = page.get_by_role("button", name=re.compile("Ambil|Masukkan|Muat"))
    take_in.wait_for(timeout=60_000)
    take_in.first.click()
    different = page.get_by_role("link", name="Lihat perbedaannya")
    different.wait_for(timeout=60_000)
    different.first.click()
    expect(page.locator("main")).to_contain_text(f"1 dari {len(rows) - 1} penimbangan dinilai berbeda")
    expect(page.locator("main")).to_contain_text("umur dalam bulan penuh")
    keep_picture(page, "posyandu-7-eppgbm")


def eyes(page: Page, home: str) -> None:
    """The head sees figures and the institution, and nobody's weight."""
    page.goto("/meja/posyandu-angka/")
    expect(page.locator("main")).to_contain_text("Posyandu Melati")
    posyandu = home.rstrip("/").rsplit("/", 1)[-1]
    answer = page.goto(f"/meja/posyandu-sasaran/{posyandu}/")
    assert answer is not None and answer.status == 404
