"""The field app on one phone, told as it is used: put into service, out of the signal, a form that survives, two people, a new version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.field_proxy import NEXT, Front, fronting
from tests.browser.people import Arrive, officer

WORDS = "kuali wajan tungku lesung"
OTHER_WORDS = "sampan dayung jala bubu"
SAID = "Atap dapur bocor, ibu minta terpal."
KEPT_TEXT = """async (wanted) => {
  const decoder = new TextDecoder("latin1");
  const seen = new Set();
  const holds = (value) => {
    if (value === null || value === undefined) return false;
    if (typeof value === "string") return value.includes(wanted);
    if (value instanceof ArrayBuffer) return decoder.decode(value).includes(wanted);
    if (ArrayBuffer.isView(value)) return decoder.decode(value).includes(wanted);
    if (typeof value !== "object" || seen.has(value)) return false;
    seen.add(value);
    return Object.values(value).some(holds);
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let rows = 0;
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      for (const row of await done(db.transaction(store).objectStore(store).getAll())) {
        rows += 1;
        if (holds(row)) return `${name}/${store}`;
      }
    }
    db.close();
  }
  for (const key of Object.keys(localStorage)) if (localStorage[key].includes(wanted)) return `localStorage/${key}`;
  return rows ? "" : "nothing is kept at all";
}"""


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """One phone; a fault on any of its pages fails the story."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="id-ID",
        timezone_id="Asia/Makassar",
        base_url=site.url,
    )
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    yield context
    context.close()
    assert not faults, faults


def invitation(visitor: Arrive, site: Site, who: str) -> str:
    """The code on the coordinator's page; it is shown once."""
    page = officer(visitor, site, "koordinator.halong").page
    page.goto("/meja/perangkat/baru/")
    seats = page.locator("[name=seat]")
    options = seats.locator("option").all_inner_texts()
    seats.select_option(label=next(one for one in options if who in one))
    page.fill("[name=label]", f"HP {who}")
    page.locator("main form button[type=submit]").last.click()
    code = page.locator(".device-code")
    code.wait_for()
    return "".join(code.locator("span").all_inner_texts())


def enrol(page: Page, code: str, passphrase: str, url: str = "") -> None:
    """From the code to the first list; the villages are loaded, and the app is kept for days without a network."""
    page.goto(f"{url}/lapangan/#daftar={code}")
    expect(page.locator("[name=code]")).to_have_value(code)
    page.locator(".foot .btn--main").click()
    page.locator("[name=one]").fill("12345678901")
    expect(page.locator(".strength")).to_contain_text("Angka saja")
    page.locator("[name=one]").fill(passphrase)
    page.locator("[name=two]").fill(passphrase)
    page.locator(".foot .btn--main").click()
    expect(page.get_by_role("heading", name="HP ini siap")).to_be_visible(timeout=60_000)
    page.locator(".foot .btn").click()
    expect(page.locator("main .card").first).to_be_visible(timeout=60_000)
    waited(page, "() => Boolean(navigator.serviceWorker.controller)")


def waited(page: Page, script: str, seconds: int = 30) -> None:
    """Ask again and again, also while the page loads anew: the app's own rules allow no text to be run as code."""
    for _turn in range(seconds * 5):
        with suppress(Error):
            if page.evaluate(script):
                return
        page.wait_for_timeout(200)
    pytest.fail(f"never: {script}\n{page.inner_text('body')}")


def unlock(page: Page, passphrase: str) -> None:
    """Type the passphrase."""
    page.locator("#unlock [name=passphrase]").fill(passphrase)
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("#unlock")).to_have_count(0, timeout=30_000)


def go(page: Page, place: str) -> None:
    """Open a page of the app."""
    page.evaluate("to => { location.hash = to }", f"#{place}")


def onwards(page: Page) -> None:
    """The large button where the thumb is."""
    page.locator(".foot .btn--main").click()


def test_a_visit_survives_a_reload_without_a_network_and_reaches_the_server(
    visitor: Arrive, site: Site, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.set_default_timeout(20_000)
    enrol(page, invitation(visitor, site, "Susi Herlina"), WORDS)

    phone.set_offline(True)
    page.reload()
    page.locator("#unlock [name=passphrase]").fill("bukan sandi saya ini")
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Kata sandi itu tidak cocok.")
    unlock(page, WORDS)
    name = page.locator(".card__title").first.inner_text()
    page.locator(".card__head").first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.locator("a.act", has_text="Kunjungan").click()

    onwards(page)
    expect(page.locator(".notice--bad")).to_contain_text("Ada yang kurang")
    page.locator("input[name=outcome][value=met]").check(force=True)
    onwards(page)
    page.locator("textarea[name=words]").fill(SAID)
    expect(page.locator("#kept")).to_contain_text("Konsep tersimpan")
    page.wait_for_timeout(500)

    page.reload()
    unlock(page, WORDS)
    expect(page.locator("textarea[name=words]")).to_have_value(SAID)
    page.go_back()
    expect(page.locator("input[name=outcome][value=met]")).to_be_checked()
    page.go_forward()
    onwards(page)
    onwards(page)
    expect(page.get_by_role("heading", name="Periksa sekali lagi")).to_be_visible()
    expect(page.locator("main")).to_contain_text(SAID)
    onwards(page)
    expect(page.get_by_role("heading", name="Tersimpan di HP ini")).to_be_visible()

    go(page, "/kotak-keluar")
    waiting = page.locator(".rows .row", has_text=name)
    expect(waiting).to_contain_text("di HP ini")
    expect(page.locator("#unsent")).to_contain_text("1 belum terkirim")

    phone.set_offline(False)
    page.locator(".sync button").click()
    expect(page.locator(".rows .row", has_text=name)).to_contain_text("Diterima server", timeout=60_000)
    waiting.click()
    expect(page.locator("main")).to_contain_text(
        re.compile("sudah dimasukkan|sedang diperiksa"), timeout=60_000
    )


def test_two_people_share_a_phone_and_see_nothing_of_each_other(
    visitor: Arrive, site: Site, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.set_default_timeout(20_000)
    enrol(page, invitation(visitor, site, "Susi Herlina"), WORDS)
    name = page.locator(".card__title").first.inner_text()
    phone.set_offline(True)
    page.locator(".card__head").first.click()
    page.locator("a.act", has_text="Kunjungan").click()
    page.locator("input[name=outcome][value=nobody_home]").check(force=True)
    expect(page.locator("#kept")).to_contain_text("Konsep tersimpan")
    page.wait_for_timeout(500)

    go(page, "/lainnya")
    page.locator("main .buttons button", has_text="Kunci sekarang").click()
    expect(page.locator("#unlock")).to_be_visible()
    assert name not in page.inner_text("body")
    assert page.evaluate(KEPT_TEXT, name) == "", "a name can be read on the locked phone"
    go(page, "/konsep")
    expect(page.locator("#unlock")).to_be_visible()

    phone.set_offline(False)
    enrol(page, invitation(visitor, site, "Rudi"), OTHER_WORDS)
    go(page, "/konsep")
    expect(page.locator("main")).to_contain_text("Tidak ada formulir yang belum selesai")
    go(page, "/kotak-keluar")
    expect(page.locator("main")).to_contain_text("Tidak ada yang menunggu di HP ini")
    go(page, "/lainnya")
    page.locator("main .buttons button", has_text="Ganti orang").click()
    page.locator(".rows .row", has_text="Susi Herlina").click()
    page.locator("#unlock [name=passphrase]").fill(OTHER_WORDS)
    page.locator("#unlock button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Kata sandi itu tidak cocok.")
    unlock(page, WORDS)
    go(page, "/konsep")
    expect(page.locator(".rows .row", has_text=name)).to_be_visible()


@pytest.fixture
def front(site: Site) -> Iterator[Front]:
    """The site, with a new version when the story wants one."""
    with fronting(site.url) as made:
        yield made


def test_a_new_version_waits_for_the_form_and_a_half_one_is_never_used(
    visitor: Arrive, site: Site, front: Front, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.set_default_timeout(20_000)
    enrol(page, invitation(visitor, site, "Susi Herlina"), WORDS, front.url)
    version = "() => document.documentElement.dataset.version"
    old = page.evaluate(version)
    page.locator(".card__head").first.click()
    page.locator("a.act", has_text="Kunjungan").click()
    page.locator("input[name=outcome][value=met]").check(force=True)
    onwards(page)
    page.locator("textarea[name=words]").fill(SAID)

    front.renewed = front.broken = True
    renew = "async () => (await navigator.serviceWorker.getRegistration('/lapangan/')).update().then(() => true, () => true)"
    page.evaluate(renew)
    expect(page.locator("#toast")).to_contain_text("Pembaruan terputus", timeout=60_000)
    assert (
        page.evaluate(
            "async () => Boolean((await navigator.serviceWorker.getRegistration('/lapangan/')).waiting)"
        )
        is False
    )
    onwards(page)
    expect(page.get_by_role("heading", name="Foto dan lokasi")).to_be_visible()

    front.broken = False
    page.evaluate(renew)
    waited(page, "async () => Boolean((await navigator.serviceWorker.getRegistration('/lapangan/')).waiting)")
    took = """() => new Promise(async (resolve) => {
      navigator.serviceWorker.addEventListener("message", (event) => resolve(event.data.took));
      (await navigator.serviceWorker.getRegistration("/lapangan/")).waiting.postMessage("take");
    })"""
    assert page.evaluate(took) is False, "a form is open"
    onwards(page)
    expect(page.locator("main")).to_contain_text(SAID)
    assert page.evaluate(version) == old
    onwards(page)
    expect(page.get_by_role("heading", name="Tersimpan di HP ini")).to_be_visible()

    page.reload()
    expect(page.locator("#unlock")).to_be_visible()
    waited(page, f"() => document.documentElement.dataset.version === '{NEXT}'")
    phone.set_offline(True)
    page.reload()
    unlock(page, WORDS)
    go(page, "/kotak-keluar")
    expect(page.locator("main")).to_contain_text("Kunjungan")
    sets = "async () => (await caches.keys()).filter((one) => one.startsWith('lapangan-'))"
    phone.set_offline(False)
    page.reload()
    waited(page, f"async () => JSON.stringify(await ({sets})()) === JSON.stringify(['lapangan-{NEXT}'])")
