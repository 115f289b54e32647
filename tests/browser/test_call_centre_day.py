"""One working day of the call centre: twelve contacts over every road, through the real protocols, and nobody left unanswered.

One is sensitive, one comes twice, one hides its number, one is paper, and the power fails in the middle.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from tests.browser import people
from tests.browser.centre import Office, Phone, World, a_photo, a_voice, number_in
from tests.browser.conftest import DESKTOP, free_port
from tests.browser.people import Officer, keep_picture
from tests.hooks import senders
from tests.messages.test_mailbox import Sink
from tests.peers import dovecot, webapi
from tests.peers.gammu import Modem

RICE, FRIEND, RIVER = "6281230001001", "6281230001002", "6281230001003"
HIDDEN = "ID.13491208655302741918"
LAMP, SECRET, LONG = "+6281290002001", "+6285190002002", "+6281290002003"
NEIGHBOUR = "+6289590002004"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The installation and everybody around it, on SQLite, in a folder that a mail server may enter."""
    root = Path(tempfile.mkdtemp(prefix="simpul-day-"))
    root.chmod(0o755)
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"SIMPUL_TESTING", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    env.update(SIMPUL_DATA=str(root / "data"), SIMPUL_REPORTS_PER_HOUR="1000")
    office = Office(root / "data", env)
    letters = Sink()
    smtp = Controller(letters, hostname="127.0.0.1", port=free_port())
    (root / "mail").mkdir()
    (root / "sms").mkdir()
    sims = Modem(root / "sms", "SIM1"), Modem(root / "sms", "SIM2")
    try:
        with (
            webapi.serving(webapi.CloudApi()) as whatsapp,
            webapi.serving(webapi.BotApi()) as telegram,
            webapi.serving(Phone()) as phone,
            dovecot.imap_server(root / "mail") as mailbox,
            sims[0].running(),
            sims[1].running(),
        ):
            smtp.start()
            outside = World(office, whatsapp, telegram, phone, sims, mailbox, letters, smtp.port)  # type: ignore[arg-type]
            office.prepare()
            office.add_gateways(outside.gateways())
            office.start()
            yield outside
    finally:
        office.stop()
        smtp.stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def sit(browser: Browser, world: World) -> Iterator[Callable[[str], Officer]]:
    """Somebody of the office at their own computer."""
    contexts = []

    def down(username: str) -> Officer:
        context = browser.new_context(
            viewport=DESKTOP,  # type: ignore[arg-type]
            locale="id-ID",
            base_url=world.office.url,
            bypass_csp=bool(os.environ.get("SIMPUL_SHOTS")),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return Officer(page, world.office.site, username)

    yield down
    for context in contexts:
        context.close()


def soon(found: Callable[[], Any], what: str, seconds: float = 45) -> Any:
    """What is found, as soon as it is there."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        value = found()
        if value:
            return value
        time.sleep(0.3)
    raise AssertionError(f"it did not come: {what}")


def test_a_day_of_the_call_centre(world: World, sit: Callable[[str], Officer]) -> None:
    began = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    people_write(world)
    heard = soon(lambda: all_heard(world, began), "every message was looked at", 90)
    assert heard["broken"] == []
    assert [row[2:5] for row in heard["incoming"] if row[4]] == [["open", "", True]]  # the secret one
    admin = sit("admin.mamuju")
    keep_picture(admin.page, "pusat-1-pagi")
    by_message = receipts(world, began)
    hidden = a_matter_of_messages(admin, "Foto dari jembatan", "pusat-2-percakapan")
    voice = a_voice_is_written_down(admin)
    neighbour = answered_by_question(world, admin, began)
    mail = a_matter_of_messages(admin, "Atap ruang kelas bocor")
    called = a_call(admin)
    paper = a_sheet(admin)
    for number in (*by_message, hidden, voice, neighbour, mail, called, paper):
        answer(admin, number)
    the_secret_one(sit, world)
    everybody_was_answered(world, sit, began, paper)
    reconciled(sit)


# --- the morning ------------------------------------------------------------------------------------------------------


def people_write(world: World) -> None:
    """Nine people write; the power fails in the middle, and the providers try again."""
    world.write_whatsapp(
        senders.text(1, "LAPOR beras bantuan belum sampai di Dusun Taludu", RICE), name="Nurhayati", times=3
    )
    world.sims[0].receive(LAMP, "lapor lampu jalan padam sebulan")
    world.office.cut_power()
    world.sims[1].receive(SECRET, "Tolong, anak perempuan tetangga saya diperkosa ayah tirinya")
    world.office.start()
    world.whatsapp.files["m1"] = a_photo()
    picture = {
        "id": "m1",
        "mime_type": "image/jpeg",
        "sha256": "",
        "caption": "Foto dari jembatan yang retak",
    }
    world.write_whatsapp(
        {"from_user_id": HIDDEN, "id": "wamid.2", "timestamp": str(int(time.time())), "type": "image", "image": picture},
        name="mandar_22",
    )  # fmt: skip
    world.whatsapp.files["m2"] = a_voice()
    voice = {"id": "m2", "mime_type": "audio/ogg; codecs=opus", "voice": True}
    world.write_whatsapp(
        {"from": RIVER, "id": "wamid.3", "timestamp": str(int(time.time())), "type": "audio", "audio": voice},
        name="Burhan Tujuh",
    )
    first = "LAPOR saluran air di belakang pasar tertutup sampah sejak banjir minggu lalu, airnya naik ke kios kami setiap hujan. "
    second = "Sudah tiga kali kami bersihkan sendiri."
    world.sims[0].receive(LONG, second, udh="0500037B0202")
    world.sims[0].receive(LONG, first, udh="0500037B0201")
    world.write_android(NEIGHBOUR, "Kapan jadwal bantuan tahap dua dibagikan", 7)
    world.write_telegram(9001, 77123, "LAPOR anjing liar di dekat sekolah", "Marlina")
    for _copy in range(2):
        world.write_mail(
            "guru@contoh.id",
            "Atap kelas",
            "Atap ruang kelas bocor sejak hujan kemarin.",
            "atap",
            picture=True,
        )


def all_heard(world: World, began: str) -> dict[str, Any] | None:
    """Everything that came, once all of it was looked at."""
    said = world.office.said(began)
    waiting = [row for row in said["incoming"] if row[2] in ("new", "parts")]
    return said if len(said["incoming"]) >= 9 and not waiting and world.mailbox.unseen() == 0 else None


def receipts(world: World, began: str) -> list[str]:
    """Those who wrote LAPOR have their number on the road they came by, each once."""
    soon(lambda: len(sent_receipts(world, began)) == 4, "four receipts were sent")
    replies = sent_receipts(world, began)
    assert sorted(row[2] for row in replies) == ["sms", "sms", "telegram", "whatsapp"]
    assert len({row[4] for row in replies}) == 4
    texts = [one[3]["text"]["body"] for one in world.whatsapp.asked if one[1].endswith("/messages")]
    assert sum("PIN" in text for text in texts) == 1  # three deliveries of one message, one receipt
    return [number_in(row[5])[0] for row in replies]


def sent_receipts(world: World, began: str) -> list[list[Any]]:
    """The receipts that left."""
    return [
        row for row in world.office.said(began)["messages"] if row[1] == "menu_receipt" and row[3] == "sent"
    ]


# --- the desk ---------------------------------------------------------------------------------------------------------


def open_talk(admin: Officer, words: str) -> Page:
    """Open the conversation in which somebody said this."""
    page = admin.page
    page.goto("/meja/percakapan/")
    for link in [str(one.get_attribute("href")) for one in page.locator("main a.row__link").all()]:
        page.goto(link)
        if words in page.inner_text("main"):
            return page
    raise AssertionError(f"no conversation says {words}")


def a_matter_of_messages(admin: Officer, words: str, picture: str = "") -> str:
    """Make a matter of what somebody wrote."""
    page = open_talk(admin, words)
    if picture:
        keep_picture(page, picture)
    with page.expect_navigation():
        page.locator("#pick button[data-key=c]").click()
    return turned(page)


def turned(page: Page) -> str:
    """Fill the form that makes a matter in, and read its number."""
    form = page.locator("main form").filter(has=page.locator("[name=kind_code]"))
    people.fill(form, {"kind_code": "complaint", "region": "Dungkait", "title": "Dari percakapan"})
    name = form.locator("[name=name]")
    if name.count() and not name.input_value():
        name.fill("Warga Dungkait (rekaan)")
    with page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    found = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", re.sub(r"\s*-\s*", "-", page.inner_text("main")))
    assert found, page.inner_text("main")
    return found[0]


def a_voice_is_written_down(admin: Officer) -> str:
    """A person listens and writes what is said; then it is a matter like others."""
    page = open_talk(admin, "Burhan Tujuh")
    expect(page.locator("audio")).to_have_count(1)
    details = page.locator("details").filter(has=page.locator("[name=words]"))
    if details.count():
        details.first.evaluate("e => { e.open = true }")
    form = page.locator('form[action$="/tulis/"]').first
    people.fill(
        form, {"words": "Jembatan gantung di Botteng putus talinya, anak-anak menyeberang lewat sungai."}
    )
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()
    keep_picture(page, "pusat-3-suara")
    with page.expect_navigation():
        page.locator("#pick button[data-key=c]").click()
    return turned(page)


def answered_by_question(world: World, admin: Officer, began: str) -> str:
    """A question in own words gets a question back, and its answer makes the matter whole."""
    page = open_talk(admin, "Kapan jadwal bantuan tahap dua")
    page.fill("#reply [name=body]", "Di desa mana Anda tinggal?")
    with page.expect_navigation():
        page.locator("#reply button[value=send]").click()
    soon(
        lambda: any("Di desa mana" in str(one[3]) for one in world.phone.asked),
        "the question left by the office's phone",
    )
    world.write_android(NEIGHBOUR, "Saya di Desa Dungkait", 8)
    soon(
        lambda: any(
            row[1] == "Saya di Desa Dungkait" and row[2] == "open"
            for row in world.office.said(began)["incoming"]
        ),
        "the reply stands in the conversation",
    )
    page = open_talk(admin, "Saya di Desa Dungkait")
    for tick in page.locator("[name=messages]").all():
        tick.set_checked(True, force=True)
    with page.expect_navigation():
        page.locator("#pick button[data-key=c]").click()
    return turned(page)


def a_call(admin: Officer) -> str:
    """Somebody calls; what is said is typed while they speak."""
    page = admin.page
    page.goto("/meja/telepon/masuk/")
    page.fill("[name=number]", "0813 9000 3001")
    page.fill("[name=notes]", "Kartu KIS ibunya tidak aktif di puskesmas, minta tolong diurus.")
    keep_picture(page, "pusat-4-telepon")
    with page.expect_navigation():
        page.locator('button[name=outcome][value="case"]').click()
    people.fill(page, {"kind_code": "complaint", "region": "Dungkait"})
    for fold in page.locator("#intake details").all():
        fold.evaluate("e => { e.open = true }")
    people.fill(page, {"name": "Sitti Hajrah (rekaan)", "safe": "both"})
    with page.expect_navigation():
        page.locator("#intake button[name=step][value='']").click()
    found = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", re.sub(r"\s*-\s*", "-", page.inner_text("main")))
    assert found, page.inner_text("main")
    return found[0]


def a_sheet(admin: Officer) -> str:
    """A letter on paper, of somebody who has no telephone."""
    page = admin.page
    page.goto("/meja/tumpukan/baru/")
    people.fill(
        page,
        {
            "region": "Dungkait",
            "kind_code": "complaint",
            "received_date": today(),
            "brought_by": "Kepala dusun",
        },
    )
    with page.expect_navigation():
        page.locator("main form.card button[type=submit]").click()
    people.fill(
        page,
        {
            "number": "12/TLD/2026",
            "name": "Papa Sinar (rekaan)",
            "text": "Sumur umum di Taludu keruh sejak gempa, mohon diperiksa.",
        },
    )
    with page.expect_navigation():
        page.locator("form[data-draft] button[data-main]").click()
    keep_picture(page, "pusat-5-tumpukan")
    found = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", re.sub(r"\s*-\s*", "-", page.inner_text("main")))
    assert found, page.inner_text("main")
    return found[0]


def today() -> str:
    """Today in Mamuju, as an officer types it."""
    return (datetime.now(UTC) + timedelta(hours=8)).strftime("%d/%m/%Y")


def answer(admin: Officer, number: str) -> None:
    """Take it on and answer it."""
    admin.open_matter(number)
    admin.do("ambil")
    admin.do(
        "jawab",
        decision="upheld",
        text="Sudah kami periksa dan kami tangani hari ini. Terima kasih sudah melapor.",
    )


def the_secret_one(sit: Callable[[str], Officer], world: World) -> None:
    """Only the focal point sees it; nothing was sent back to that telephone."""
    admin = sit("admin.mamuju")
    admin.page.goto("/meja/percakapan/?view=all")
    assert "diperkosa" not in admin.page.inner_text("main")
    focal = sit("ppa.mamuju")
    number = a_matter_of_messages(focal, "ayah tirinya", "pusat-7-terlindung")
    focal.open_matter(number)
    focal.do("ambil")
    focal.do("jawab", decision="upheld", text="Petugas perlindungan sudah menemui keluarga dengan aman.")
    out = world.sims[1].rows(
        "SELECT DestinationNumber FROM sentitems UNION SELECT DestinationNumber FROM outbox"
    )
    assert SECRET not in {row["DestinationNumber"] for row in out}


# --- the evening ------------------------------------------------------------------------------------------------------


def everybody_was_answered(world: World, sit: Callable[[str], Officer], began: str, paper: str) -> None:
    """Each answer left by the road it came, or waits on paper until somebody brought it."""
    try:
        soon(lambda: not unsent(world, began), "every answer left", 60)
    except AssertionError:
        raise AssertionError(f"still here: {unsent(world, began)}") from None
    answers = [row for row in world.office.said(began)["messages"] if row[0] == "answer"]
    assert len(answers) == 11
    roads = sorted(row[2] for row in answers)
    assert roads.count("whatsapp") == 3 and roads.count("telegram") == 1 and roads.count("email") == 1
    assert roads.count("sms") == 4  # two by modem, one by the phone of the office, one who had called
    assert roads.count("slip") == 2  # the sheet of paper, and the secret one
    [sealed] = [row for row in answers if row[6]]
    assert sealed[2] == "slip" and "perlindungan" not in sealed[5]
    sent = {row["DestinationNumber"] for row in world.sims[0].rows("SELECT DestinationNumber FROM sentitems")}
    assert {LAMP, LONG} <= sent
    assert any("Terima kasih sudah melapor" in str(one[3]) for one in world.telegram.asked)
    assert any(str(one[3].get("recipient", "")) == HIDDEN for one in world.whatsapp.asked)
    assert any(b"guru@contoh.id" in letter for letter in world.letters.taken)
    told_on_paper(sit, "Papa Sinar", "admin.mamuju")
    told_on_paper(sit, "", "ppa.mamuju")
    left = [
        row
        for row in world.office.said(began)["messages"]
        if row[0] == "answer" and row[3] not in ("sent", "told")
    ]
    assert left == []


def unsent(world: World, began: str) -> list[Any]:
    """Answers that are on no road's other side yet."""
    rows = world.office.said(began)["messages"]
    return [row for row in rows if row[0] == "answer" and row[2] != "slip" and row[3] != "sent"]


def told_on_paper(sit: Callable[[str], Officer], who: str, username: str) -> None:
    """The answer is printed, brought, and said to have been brought."""
    page = sit(username).page
    page.goto("/meja/pemberitahuan/")
    while True:
        row = page.locator("li.row", has_text=who) if who else page.locator("li.row")
        if not row.count():
            return
        row.first.locator("details.act summary").click()
        people.fill(row.first, {"how": "in_person"})
        with page.expect_navigation():
            row.first.locator("form.actions button").click()
        page.goto("/meja/pemberitahuan/")


def reconciled(sit: Callable[[str], Officer]) -> None:
    """The day's sums fit: what was delivered, what was read, what became of it."""
    page = sit("pengelola").page
    page.goto("/kelola/rekonsiliasi/")
    keep_picture(page, "pusat-6-rekonsiliasi", full=True)
    words = page.inner_text("main")
    for name in (
        "WhatsApp Mamuju",
        "Modem SIM 1",
        "Modem SIM 2",
        "Ponsel kantor",
        "Telegram Mamuju",
        "Surel pengaduan",
    ):
        assert name in words
