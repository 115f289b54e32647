"""Every main page as it looks: fits a phone, says nothing in the wrong language, is usable by everybody, and stays light."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.people import Arrive, Officer, Partner, Resident
from tests.browser.test_public import go_on, the_receipt, write_report

PUBLIC_KB, DESK_KB = 35, 120
HEADERS = 600
"""About what the head of an answer weighs."""

PUBLIC = ("/", "/lapor/", "/lapor/?soal=complaint", "/lapor/cerita/?jenis=complaint", "/lapor/cerita/?jenis=protected_report",
    "/lacak/", "/jawaban/", "/layanan/", "/layanan/complaint/", "/angka/", "/privasi/", "/aksesibilitas/", "/tidak-ada/")  # fmt: skip
VILLAGE = ("/layanan/surat/", "/surat/periksa/", "/ide/", "/ide/baru/", "/ide/rencana/", "/karya/", "/lahan/", "/bank-sampah/",
    "/direktori/", "/papan/", "/baca/", "/kotak-pemilu/", "/angka/pos/")  # fmt: skip
ACCOUNT = ("/akun/", "/akun/kursi/", "/akun/sandi/", "/akun/faktor-kedua/")
DESK = ("/meja/", "/meja/?view=all", "/meja/?view=late", "/meja/terima/", "/meja/cari/?q=air", "/meja/bantuan/", "/meja/terbitan/",
    "/meja/pemberitahuan/", "/meja/pantau/")  # fmt: skip
SOCIAL = ("/meja/warga/", "/meja/warga/orang/", "/meja/warga/dusun/", "/meja/warga/baru/", "/meja/impor/", "/meja/impor/baru/",
    "/meja/ganda/", "/meja/program/", "/meja/program/saringan/", "/meja/kis/", "/meja/kis/rumah/", "/meja/rujukan/", "/meja/rencana/",
    "/meja/musyawarah/", "/meja/jemput/", "/meja/jangkauan/", "/meja/jangkauan/?program=pkh", "/meja/hak/", "/meja/perangkat/",
    "/meja/perangkat/baru/", "/meja/perangkat/perbaikan/", "/meja/perangkat/penghapusan/", "/meja/lembar/", "/meja/lembar/baru/",
    "/meja/jangkauan/tersentuh/", "/meja/perjalanan/", "/meja/pendampingan/", "/meja/penyaluran/", "/meja/bundel/",
    "household")  # fmt: skip
POST = ("/meja/pos/", "/meja/pos/jadwal/", "/meja/pos/serah-terima/", "/meja/pos/buku-tamu/", "/meja/pos/pengaturan/", "/meja/surat/",
    "/meja/surat/baru/", "/meja/surat/kepala/", "/meja/surat/nomor/", "/meja/surat/mandat/",
    "/meja/surat/pengaturan/", "/meja/surat/jenis/",
    "/meja/surat/register/", "/meja/surat/register/kunci/", "/meja/sengketa/", "/meja/ide/", "/meja/ide/rencana/", "/meja/karya/",
    "/meja/karya/baru/", "/meja/karya/harga/", "/meja/lahan/", "/meja/bank-sampah/", "/meja/bank-sampah/timbang/",
    "/meja/bank-sampah/dana/", "/meja/bank-sampah/neraca/", "/meja/ronda/", "/meja/ronda/kejadian/", "/meja/baca/", "/meja/papan/",
    "/meja/direktori/", "/meja/angka-desa/")  # fmt: skip
GUARD = ("/meja/perlindungan/", "/meja/?view=sealed")
MANAGE = ("/kelola/", "/kelola/lembaga/", "/kelola/meja/", "/kelola/orang/", "/kelola/orang/tambah/", "/kelola/kursi/",
    "/kelola/delegasi/", "/kelola/tautan/", "/kelola/jenis/", "/kelola/jenis/complaint/", "/kelola/jalur/", "/kelola/kalender/",
    "/kelola/kalender/hitung/", "/kelola/teks/", "/kelola/wilayah/", "/kelola/publikasi/", "/kelola/jurnal/",
    "/kelola/kesehatan/")  # fmt: skip
"""Addresses of the main pages, door by door."""

ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|from|which|please|search|report|answer|answered|follow|save|change|cancel|continue|back|"
    r"next|previous|open|close|closed|send|received|waiting|desk|seat|user|password|sign (?:in|out)|due|late|overdue|day|days|"
    r"nobody|everything|nothing|yes|none|unknown|required|optional|settings|language|print|attach|note|file|files)\b",
    re.IGNORECASE,
)
"""Words of an English interface that mean nothing in Indonesian."""
INDONESIAN = re.compile(
    r"\b(yang|dan|dengan|untuk|tidak|dari|Anda|kami|belum|sudah|atau|pada|oleh|laporan|jawaban|warga|lacak|lapor|simpan|ubah|"
    r"batal|kembali|lanjut|cari|kirim|masuk|keluar|meja|kursi|sandi|terlambat|hari|semua|wajib|opsional|cetak|lampirkan|berkas)\b",
    re.IGNORECASE,
)
"""Words of an Indonesian interface; English pages may hold them only in what people wrote and in names."""

CHROME = (
    "label, legend, button, summary, thead th, caption, dt, nav, .btn, .govuk-hint, .govuk-label, .empty, .notice__title, "
    ".section-title, main > h1, main > h2, .page-head h1, .lede, .govuk-button"
)
"""What the program itself says: headings, labels, buttons, menus, hints."""
TOLD = "/jawaban/", "/kasus/"
"""In links to these stand the words of people, in whatever language they spoke."""


@dataclass
class Walk:
    """What one visitor's walk through the pages found, told all at once."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note what the browser complains about while the pages load."""
        self.page.on("console", self._heard)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.say("console", said.text)

    def say(self, what: str, words: str) -> None:
        """Note a fault of the page one is on."""
        if not re.search(
            "status of (404|422)", words
        ):  # a page that is not there and a misspelt village, both on purpose
            self.faults.append(f"{self.page.url} {what}: {words[:300]}")

    def look(self, path: str, check: Callable[[Walk], None]) -> None:
        """Go there and check."""
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status not in (200, 404):
            self.say("status", str(answer.status))
        check(self)


def fits(walk: Walk) -> None:
    """Nothing sticks out to the right, on the narrowest phone and on a screen."""
    for size in (DESKTOP, PHONE):
        walk.page.set_viewport_size(size)  # type: ignore[arg-type]
        wide = walk.page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            who = walk.page.evaluate(
                "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
                ".slice(0, 3).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40)).join(' | ')"
            )
            walk.say(f"overflow at {size['width']}", f"{wide} px wide: {who}")


def usable(walk: Walk) -> None:
    """The automatic part of an accessibility check, at the phone's size."""
    found: Sequence[dict[str, Any]] = Axe().run(walk.page).response["violations"]
    for fault in found:
        where = "; ".join(node["html"][:140] for node in fault["nodes"][:2])
        walk.say("axe", f"{fault['id']}: {where}")


def read(walk: Walk, wrong: re.Pattern[str], parts: str = "body") -> None:
    """No word of the other language in what can be seen."""
    seen = walk.page.evaluate(
        """parts => [...document.querySelectorAll(parts)].filter(e => e.checkVisibility()).map(e => {
            const copy = e.cloneNode(true);
            copy.querySelectorAll('[lang], .words, blockquote, textarea, code, select, .row__title, .row__meta, ' +
                '[href*="/jawaban/"], [href*="/kasus/"], .rail__brand').forEach(e => e.remove());
            return e.closest('[lang]:not(html), .words, blockquote') ? '' : copy.textContent; })""",
        parts,
    )
    seen = [text.replace("SP4N-LAPOR", "") for text in seen]  # the national system's name in every language
    words = sorted({m[0] for text in seen for m in wrong.finditer(text)})
    if words:
        about = next(text for text in seen if wrong.search(text))
        at = wrong.search(about)
        assert at
        line = " ".join(about[max(0, at.start() - 60) : at.end() + 60].split())
        walk.say("language", f"{', '.join(words)} in “{line}”")


def indonesian(walk: Walk) -> None:
    """Check everything on an Indonesian page."""
    fits(walk)
    read(
        walk, ENGLISH, "body" if "/meja/" not in walk.page.url and "/kelola/" not in walk.page.url else CHROME
    )
    usable(walk)


def english(walk: Walk) -> None:
    """Check the words on an English page."""
    fits(walk)
    if not any(part in walk.page.url for part in TOLD):
        read(walk, INDONESIAN, CHROME)


def walked(page: Page, paths: Sequence[str], check: Callable[[Walk], None]) -> None:
    """Walk the pages, then tell every fault."""
    walk = Walk(page)
    walk.watch()
    for path in paths:
        walk.look(path, check)
    assert not walk.faults, "\n".join(dict.fromkeys(walk.faults))


def switch_to_english(page: Page) -> None:
    """Use the switch that every page has."""
    page.goto("/bahasa/?ke=en&kembali=/")


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("", PUBLIC),
        ("admin.mamuju", (*DESK, "case")),
        ("ppa.mamuju", (*GUARD, *ACCOUNT)),
        ("koordinator.bontojai", SOCIAL),
        ("", VILLAGE),
        ("kades.massamaturu", POST),
        ("pengelola", MANAGE),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_fit_read_well_and_are_usable(
    visitor: Arrive, site: Site, username: str, paths: tuple[str, ...], language: str
) -> None:
    page = visitor()
    if username:
        Officer(page, site, username)
    if "case" in paths:
        page.goto("/meja/?view=all")
        case = page.locator('main a[href*="/kasus/"]').first.get_attribute("href") or ""
        paths = (*paths[:-1], case, f"{case.partition('?')[0]}?cetak=1")
    if "household" in paths:
        page.goto("/meja/warga/?q=Ngintang")
        home = page.locator('main a[href*="/warga/rt/"]').first.get_attribute("href") or ""
        key = home.rstrip("/").rpartition("/")[2]
        paths = (
            *paths[:-1],
            home,
            f"{home}kunjungan/",
            f"/meja/warga/{key}/penilaian/",
            f"/meja/warga/{key}/bantuan/",
        )
    if language == "en":
        switch_to_english(page)
    walked(page, paths, indonesian if language == "id" else english)


@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_of_a_matter_of_ones_own_look_right_too(visitor: Arrive, site: Site, language: str) -> None:
    """The pages one reaches only by doing something: a report being written, its receipt, following it, the partner's link."""
    page = visitor(phone=True)
    if language == "en":
        switch_to_english(page)
    check = indonesian if language == "id" else english
    walk = Walk(page)
    walk.watch()
    write_report(page, name="", look=lambda: check(walk))
    go_on(page)
    check(walk)
    receipt = the_receipt(page)
    page.goto(f"{page.url.rstrip('/')}/cetak/a6/")
    check(walk)
    Resident(page).follow(receipt)
    check(walk)
    partner = Partner(page, site, "Yayasan Atap")
    check(walk)
    partner.open()
    check(walk)
    assert not walk.faults, "\n".join(dict.fromkeys(walk.faults))


@pytest.mark.parametrize(
    ("username", "paths", "budget"),
    [
        ("", (*PUBLIC, *VILLAGE), PUBLIC_KB),
        ("admin.mamuju", DESK, DESK_KB),
        ("kades.massamaturu", POST, DESK_KB),
        ("pengelola", MANAGE, DESK_KB),
    ],
)
def test_pages_stay_light(
    visitor: Arrive, site: Site, username: str, paths: tuple[str, ...], budget: int
) -> None:
    """Everything one page needs, nothing in the cache, text packed as servers pack it (RFC 1952), with room for headers."""
    page = visitor()
    if username:
        Officer(page, site, username)
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    arrived: list[Response] = []

    def note(answer: Response) -> None:
        arrived.append(answer)

    page.on("response", note)
    heavy = {}
    for path in paths:
        arrived.clear()
        page.goto(path, wait_until="load")
        carried = sum(map(_carried, arrived))
        if carried > budget * 1024:
            heavy[path] = round(carried / 1024)
    assert not heavy, f"over {budget} KB: {heavy}"


def _carried(answer: Response) -> int:
    """Bytes on the line for one answer."""
    if answer.status >= 300 and answer.status != 404:
        return HEADERS
    try:
        body = answer.body()
    except PlaywrightError:  # the tail of the page before, which counted there
        return 0
    packed = re.match("text/|application/(json|javascript)|image/svg", answer.headers.get("content-type", ""))
    return HEADERS + (len(gzip.compress(body, 6)) if packed else len(body))
