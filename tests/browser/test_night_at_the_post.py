"""A night at the post, told on the pages: three visitors, a letter by delegation that a phone proves without a network, a quarrel that
ends in a kept agreement, an idea that becomes a work, and waste whose fund pays for it before everybody's eyes.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive, Officer, fill, keep_picture, officer

KNOWN = {
    "nik": "7305110101850001",
    "ttl": "Takalar, 1 Januari 1985",
    "jenis_kelamin": "Laki-laki",
    "agama": "Islam",
    "status_kawin": "Kawin",
    "pekerjaan": "Pengojek",
}
"""What the register would say; the applicant is not in it."""
ZONE = ZoneInfo("Asia/Makassar")
LAMPS = "Anak-anak pulang mengaji lewat jalan gelap di samping kebun. Tiga lampu cukup."
BUILT = "Tiga lampu menyala sejak malam ini."
APPLICANT, NEIGHBOUR, AUTHOR = "Malik Daeng Sewang", "Hamzah Daeng Ngalle", "Nurhayati Daeng Kanang"


def now() -> datetime:
    """The time on the post's wall."""
    return datetime.now(ZONE)


def day(ahead: int = 0) -> str:
    """A day as it is typed."""
    return f"{now() + timedelta(days=ahead):%d/%m/%Y}"


def test_a_night_at_the_post(visitor: Arrive, site: Site) -> None:
    head = officer(visitor, site, "kades.massamaturu")
    night = officer(visitor, site, "pos.massamaturu")
    on_duty(head, night)
    number, code = one_visitor_three_matters(visitor, site, head, night)
    proven_without_a_network(visitor, code)
    the_quarrel(head, night)
    work = the_idea(head, night)
    the_waste(visitor, head, night, work)
    in_their_columns(head, number)


# --- the roster -------------------------------------------------------------------------------------------------------


def on_duty(head: Officer, night: Officer) -> None:
    """The head puts one more shift on the roster, over midnight; the officer comes."""
    page = head.page
    page.goto("/meja/pos/jadwal/")
    expect(page.locator("main")).to_contain_text("Daeng Rala")
    keep_picture(page, "pos-1-jadwal")
    began = now() - timedelta(minutes=5)
    page.goto("/meja/pos/jadwal/giliran/")
    ends = began + timedelta(hours=7)
    fill(page, {"day": f"{began:%d/%m/%Y}", "starts": f"{began:%H:%M}", "ends": f"{ends:%H:%M}"})
    main_button(page)
    if page.url.endswith("/giliran/"):
        expect(page.locator("main")).to_contain_text(
            "giliran"
        )  # the regular shift runs now: no second one beside it
    else:
        seat = page.locator("[name=seat] option", has_text="Daeng Rala").first.get_attribute("value")
        fill(page, {"seat": {"value": seat}})
        page.locator("form:has([name=seat]) button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("Daeng Rala")
    page = night.page
    page.goto("/meja/pos/")
    arrive = page.locator("form[action*='/meja/pos/mulai/'] button")
    if arrive.count():
        arrive.first.click()
    expect(page.locator("form[action*='/meja/pos/selesai/'] button")).to_be_visible()


# --- three visitors ---------------------------------------------------------------------------------------------------


def one_visitor_three_matters(visitor: Arrive, site: Site, head: Officer, night: Officer) -> tuple[str, str]:
    """A letter and a quarrel of one person on one receipt; two more visitors; the letter is released in the head's name."""
    page = night.page
    come(page, APPLICANT, "Surat usaha dan batas kebun")
    visit = page.url
    page.locator(".post-doors a").first.click()
    fill(page, {"kata": "keterangan usaha"})
    page.locator("main form button[type=submit]").first.click()
    page.locator("main a[href*='jenis=keterangan_usaha']").first.click()
    fill(page, {"purpose": "Pinjaman bank"})
    page.locator("form[data-draft] button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/meja/surat/[0-9a-f-]{36}/$"))
    letter = page.url
    page.goto(visit)
    page.locator(".post-doors a[href*='dispute']").click()
    page.locator("[name=k_subject]").first.wait_for()
    fill(
        page,
        {
            "k_subject": "land",
            "k_parties": f"{APPLICANT} dan {NEIGHBOUR}",
            "text": "Pagar baru tetangga melewati patok kebun saya kira-kira dua meter. Saya ingin dibicarakan malam hari.",
            "title": "Pagar melewati patok kebun",
        },
    )
    page.locator("#intake button[name=step][value='']").click()
    page.wait_for_url("**/meja/terima/tanda/**")
    keep_picture(page, "pos-2-satu-tanda-terima")
    page.goto(visit)
    expect(page.locator("main .rows li")).to_have_count(2)
    keep_picture(page, "pos-3-satu-kunjungan")
    page.locator(".post-faces button[value='5']").first.click()
    for name, purpose in ((AUTHOR, "Usul lampu jalan"), (NEIGHBOUR, "Menyetor botol")):
        come(page, name, purpose, only_book=True)
    return released(page, letter)


def come(page: Page, name: str, purpose: str, *, only_book: bool = False) -> None:
    """Somebody comes to the counter."""
    page.goto("/meja/pos/")
    fill(page, {"name": name, "purpose": purpose})
    page.locator(f"button[name=langkah][value='{'' if only_book else 'urusan'}']").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(name)


def released(page: Page, letter: str) -> tuple[str, str]:
    """The draft, and the release by the officer's mandate: "a.n." on the paper. Returns the number and the signed code."""
    page.goto(letter)
    page.locator("a[href$='/konsep/']").first.click()
    fill(page, {"isi-nama_usaha": "Kios bensin eceran"})
    for field in page.locator("main form [name^='data-']").all():
        if field.input_value() == "":
            field.fill(KNOWN.get(str(field.get_attribute("name"))[5:], "Dusun Taruttuka"))
    page.get_by_role("button", name="Selesai dan teruskan").click()
    page.wait_for_url(letter)
    for want in ("R1", "R2", "R3"):
        page.locator(f"form[action$='/syarat/{want}/'] button[value=shown]").first.click()
        page.wait_for_load_state()
    keep_picture(page, "pos-4-surat")
    page.locator("#do-terbitkan summary").click()
    page.locator("#do-terbitkan form button[type=submit]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("atas nama kepala desa")
    keep_picture(page, "pos-5-terbit")
    number = page.locator("h1").inner_text()
    key = letter.rstrip("/").rpartition("/")[2]
    answer = page.request.get(f"/meja/surat/register/surat/{key}/pdf/")
    assert answer.ok and answer.body().startswith(b"%PDF")
    page.goto(f"/meja/surat/register/surat/{key}/keadaan/")
    page.locator("details:has(.book__code) summary").click()
    return number, page.locator("details:has(.book__code) code").inner_text()


def main_button(page: Page) -> None:
    """The button of the page's form."""
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.wait_for_load_state()


def proven_without_a_network(visitor: Arrive, code: str) -> None:
    """A phone that has opened the checking page once reads the square of the paper while there is no network."""
    page = visitor(phone=True)
    page.goto("/surat/periksa/")
    expect(page.locator("[data-letter-kept]")).to_be_visible()
    page.reload()
    page.context.set_offline(True)
    page.reload()
    for text, words in ((code, "Asli dan berlaku"), (code[:40] + "A" + code[41:], "Tidak asli")):
        page.locator("#kode").fill(text)
        page.get_by_role("button", name="Periksa surat ini").click()
        expect(page.locator("[data-letter-result]")).to_contain_text(words)
        if words.startswith("Asli"):
            keep_picture(page, "pos-6-asli-tanpa-jaringan")
    page.context.set_offline(False)


# --- the quarrel ------------------------------------------------------------------------------------------------------


def the_quarrel(head: Officer, night: Officer) -> None:
    """Safety first; both sides, a mediator, a summons and a session; an agreement in parts, paid and kept."""
    page = night.page
    page.goto("/meja/sengketa/")
    page.locator("main a", has_text="Pagar melewati patok kebun").last.click()
    if "/buka/" not in page.url:
        page.locator("main a[href*='/meja/sengketa/buka/']").first.click()
    fill(page, {"subject": "land", "about": "Pagar antara dua kebun"})
    for question in page.locator("[name^='s_'][value=no]").all():
        question.check(force=True)
    main_button(page)
    page.wait_for_url(re.compile(r"/meja/sengketa/[0-9a-f-]{36}/$"))
    home = page.url
    for side in (APPLICANT, NEIGHBOUR):
        act(page, home, "pihak", name=side)
    ask(head.page, home, "penengah", {"name": "Imam dusun Daeng Rate", "leads": True})
    act(page, home, "rencana", day=day(), clock=f"{now() - timedelta(minutes=2):%H:%M}", place="Pos Pintar")
    page.goto(f"{home}lakukan/panggil/")
    page.get_by_label(NEIGHBOUR).check(force=True)
    main_button(page)
    page.goto(f"{home}sidang/")
    expect(page.locator("main")).to_contain_text(NEIGHBOUR)
    keep_picture(page, "pos-7-panggilan")
    step(
        page,
        "antar",
        result="received",
        day=day(),
        clock=f"{now() - timedelta(minutes=2):%H:%M}",
        how="hand",
        to=NEIGHBOUR,
    )
    page.goto(f"{home}sidang/")
    step(page, "mulai", safe=True, day=day(), clock=f"{now() - timedelta(minutes=1):%H:%M}")
    if "/sidang/" not in page.url or page.url.endswith("/sidang/"):
        page.goto(f"{home}sidang/")
        page.locator("main a[href*='/sidang/']").last.click()
    for here in page.locator("#hadir button[value=ya]").all():
        here.click()
        page.wait_for_load_state()
    page.locator("[name=minutes]").fill("Patok diukur bersama. Pagar digeser; ganti bibit dibayar dua kali.")
    keep_picture(page, "pos-8-pertemuan")
    page.locator("form:has([name=minutes]) details summary").click()
    page.locator("[name=outcome][value=agreed]").check(force=True)
    page.locator("form:has([name=minutes]) details button[type=submit]").click()
    page.wait_for_url(re.compile("/kesepakatan/"))
    the_agreement(page, head.page, home)


def the_agreement(page: Page, of_head: Page, home: str) -> None:
    """A deed and a debt in two parts; everybody signs; both are done, and the matter has its answer."""
    act(page, home, "naskah", preamble="Kedua pihak sepakat menjaga patok.", place="Pos Pintar", grace_days=7)
    page.goto(f"{home}kesepakatan/")
    sides = {"owed_by": {"label": NEIGHBOUR}, "owed_to": {"label": APPLICANT}}
    step(page, "kewajiban", what="Menggeser pagar ke patok", due_date=day(3), parts=1, **sides)
    page.goto(f"{home}kesepakatan/")
    step(page, "kewajiban", what="Mengganti bibit", amount="200.000", due_date=day(3), parts=2, **sides)
    for who, name in (
        (APPLICANT, ""),
        (NEIGHBOUR, ""),
        ("Imam dusun", ""),
        ("Saksi", "Ketua RT 04"),
        ("Saksi", "Daeng Bali"),
    ):
        page.goto(f"{home}kesepakatan/")
        page.locator("main a[href*='/lakukan/tanda/']").first.click()
        page.locator("[name=who] ~ label, label", has_text=who).first.click()
        fill(page, {"name": name})
        main_button(page)
    page.goto(f"{home}kesepakatan/")
    step(page, "tanda-tangani", signed_date=day())
    page.goto(f"{home}kesepakatan/")
    keep_picture(page, "pos-9-berita-acara")
    page.goto(f"{home}tindak-lanjut/")
    for _turn in range(3):
        page.locator("main a[href*='/lakukan/bayar/']").first.click()
        fill(page, {"done_date": day()})
        if page.locator("[name=amount]").count():
            fill(page, {"amount": "100.000"})
        main_button(page)
        page.goto(f"{home}tindak-lanjut/")
    keep_picture(page, "pos-10-ditepati")
    page.goto(home)
    expect(page.locator("main")).to_contain_text("Selesai dan ditepati")


def step(page: Page, slug: str, *, safe: bool = False, **given: object) -> None:
    """Follow the link of a step on the page, fill its form in, and press its button."""
    page.locator(f"main a[href*='/lakukan/{slug}/']").first.click()
    if safe:
        for question in page.locator("[name^='s_'][value=no]").all():
            question.check(force=True)
    fill(page, given)
    main_button(page)
    assert f"/lakukan/{slug}/" not in page.url, page.inner_text("main")


def act(page: Page, home: str, slug: str, **given: object) -> None:
    """One step of a dispute, by its own page."""
    ask(page, home, slug, given)


def ask(page: Page, home: str, slug: str, given: dict[str, object]) -> None:
    """Open a step's page, fill it in, and press its button."""
    page.goto(f"{home}lakukan/{slug}/")
    fill(page, given)
    main_button(page)
    assert f"/lakukan/{slug}/" not in page.url, page.inner_text("main")


# --- the idea -----------------------------------------------------------------------------------------------------------


def the_idea(head: Officer, night: Officer) -> str:
    """Written for somebody present, shown, planned as a work, built; its author hears each step. Returns the work's address."""
    page = night.page
    page.goto("/meja/ide/bantu/")
    fill(page, {"name": AUTHOR, "reason": "no_reading"})
    main_button(page)
    title = "Lampu di jalan pulang mengaji"
    fill(
        page,
        {
            "title": title,
            "words": LAMPS,
            "field": "development",
        },
    )
    main_button(page)
    page.wait_for_url(re.compile(r"/meja/ide/[0-9a-f-]{36}/$"))
    idea = page.url
    ask_idea(page, idea, "tampilkan")
    page.goto(idea)
    page.locator("main a[href*='/meja/karya/baru/?usulan=']").click()
    expect(page.locator("[name=title]")).to_have_value(title)
    main_button(page)
    work = page.url
    for name, answers in (
        ("mulai", {"day": day()}),
        ("selesai", {"day": day(), "result": BUILT}),
    ):
        page.goto(f"{work}langkah/{name}/")
        fill(page, answers)
        main_button(page)
    page.goto(f"{work}catat/tenaga/")
    fill(page, {"day": day(), "name": "Pemuda Taruttuka", "people": 6, "half_days": "1", "named": True})
    main_button(page)
    head.page.goto(work)
    head.page.locator("form[action$='/langkah/tampilkan/'] button").click()
    page.goto(idea)
    expect(page.locator("main")).to_contain_text(BUILT)
    keep_picture(page, "pos-11-usulan")
    return work


def ask_idea(page: Page, idea: str, name: str) -> None:
    """A step of an idea, with a word to the author where it asks for one."""
    page.goto(f"{idea}langkah/{name}/")
    main_button(page)


# --- the waste ----------------------------------------------------------------------------------------------------------


def the_waste(visitor: Arrive, head: Officer, night: Officer, work: str) -> None:
    """Bottles are weighed into a pass book; the fund pays for the lamps; everybody can read it."""
    page = night.page
    page.goto("/meja/bank-sampah/timbang/?q=Salmawati")
    if "/timbang/" in page.url and "?q=" in page.url:
        page.locator(".waste-pick a").first.click()
    page.locator("[name^='g-']").first.fill("12,5")
    page.locator("[name^='g-']").nth(1).fill("3")
    keep_picture(page, "pos-12-timbang")
    main_button(page)
    page.wait_for_url(re.compile("/meja/bank-sampah/catatan/"))
    expect(page.locator("main")).to_contain_text("15,5 kg")
    of_head = head.page
    of_head.goto("/meja/bank-sampah/dana/bayar/")
    key = work.rstrip("/").rpartition("/")[2]
    fill(of_head, {"work": key, "rupiah": "5.000", "words": "Kabel lampu", "receipt": "KW-17"})
    main_button(of_head)
    assert "/bayar/" not in of_head.url, of_head.inner_text("main")
    of_head.goto("/meja/bank-sampah/neraca/")
    expect(of_head.locator("main")).to_contain_text("seimbang: rupiah dan setiap jenis")
    anybody = visitor(phone=True)
    anybody.goto("/bank-sampah/")
    anybody.locator("main a", has_text="Massamaturu").first.click()
    expect(anybody.locator("main")).to_contain_text("Lampu di jalan pulang mengaji")
    expect(anybody.locator("main")).to_contain_text("Rp5.000")
    expect(anybody.locator("main")).not_to_contain_text("Salmawati")
    keep_picture(anybody, "pos-13-dana", full=True)
    anybody.locator("main a", has_text="Lampu di jalan pulang mengaji").first.click()
    expect(anybody.locator("main")).to_contain_text("Dari bank sampah")
    expect(anybody.locator("main")).to_contain_text("3 hari orang kerja")
    keep_picture(anybody, "pos-14-karya")


# --- the registers ------------------------------------------------------------------------------------------------------

COLUMNS = {
    "/meja/surat/register/agenda/cetak/": (
        "nomor urut",
        "surat masuk",
        "surat keluar",
        "ditujukan kepada",
        "isi singkat",
    ),
    "/meja/surat/register/ekspedisi/cetak/": (
        "tanggal pengiriman",
        "tanggal dan nomor surat",
        "ditujukan kepada",
    ),
    "/meja/pos/buku-tamu/cetak/": ("hari dan jam", "nama", "alamat", "keperluan", "tanda tangan"),
    "/meja/sengketa/buku/": ("tanggal", "para pihak", "perihal", "keadaan"),
    "/meja/ide/rencana/cetak/": ("nama proyek", "lokasi", "sumber dana", "pelaksana", "manfaat"),
}


def in_their_columns(head: Officer, number: str) -> None:
    """Each register prints in its columns; the letter of tonight stands in the agenda."""
    page = head.page
    for path, columns in COLUMNS.items():
        page.goto(path)
        heads = page.locator("main table thead").first.inner_text().lower()
        assert [one for one in columns if one not in heads] == [], path
    page.goto("/meja/surat/register/agenda/cetak/")
    expect(page.locator("main")).to_contain_text(number)
    keep_picture(page, "pos-15-agenda")
