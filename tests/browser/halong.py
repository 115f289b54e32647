"""Three days in the hills: a server in the town, phones with the field app in a real Chromium, a village laptop.

A phone is a Chromium with a folder of its own, so that switching it off, copying it and losing its network are what they
are in life. Nothing here speaks for the app or the server: pages are filled in as a thumb does it, and what a phone has
written is read from its own outbox.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from tests.browser.centre import Office
from tests.browser.conftest import CHROMIUM_FLAGS, PHONE, chromium
from tests.browser.people import keep_picture

PASSPHRASE = "empat kucing lari pagi"
GLASS = (
    *CHROMIUM_FLAGS,
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--mute-audio",
)
READ = """async () => {
  const live = await import(`${document.documentElement.dataset.base}field/app/live.js`);
  const open = live.current();
  return open ? JSON.parse(JSON.stringify(await open.outbox.items({all: true}))) : null;
}"""
STATE = """async () => {
  const live = await import(`${document.documentElement.dataset.base}field/app/live.js`);
  const open = live.current();
  return open ? JSON.parse(JSON.stringify({
    device: open.device, epochs: open.outbox.epochs.length, summary: open.outbox.summary(), sync: open.sync.state,
    households: (await open.table("households")).size, numbers: open.numbers.left(), areas: open.areas,
  })) : null;
}"""


@dataclass
class Town(Office):
    """The server in the sub-district town: it is copied at night, and may be put back to such a copy."""

    plan: dict[str, Any] = field(default_factory=dict)

    def prepare(self) -> None:
        """The sample regency; while a story is being written, a copy of one that was loaded before."""
        ready = os.environ.get("SIMPUL_STORY_HOUSE")
        if ready:
            shutil.copytree(ready, self.data)
            self.demo = json.loads(Path(ready, "demo.said.json").read_text())
        else:
            super().prepare()

    def python(self, script: str, *arguments: str) -> Any:
        """What a few lines say about the database, as JSON."""
        return json.loads(self._python(f"import json, sys, django\ndjango.setup()\n{script}", *arguments))

    def simpul(self, *arguments: str) -> str:
        """A command of the keeper."""
        return self._simpul(*arguments)

    def copy_at_night(self, path: Path) -> None:
        """``simpul backup``, with the machine's clock some minutes on: a copy counts only for what came well before it."""
        script = """
import sys
from datetime import timedelta
from unittest import mock
import django
django.setup()
from django.utils import timezone
from simpul.cli import main
now = timezone.now
with mock.patch.object(timezone, "now", lambda: now() + timedelta(minutes=9)):
    sys.exit(main.main(["backup", sys.argv[1]]))
"""
        self._python(script, str(path))


@dataclass
class Laptop(Office):
    """The laptop of a village: the same program below another server."""

    def join(self, parent: str, code: str) -> None:
        """``simpul init --parent``."""
        self._simpul(
            "init", "--parent", parent, "--code", code, "--admin", "admin.laptop", "--admin-name", "Penjaga Laptop",
            "--host", "127.0.0.1", "--json",
        )  # fmt: skip

    def talk(self) -> str:
        """It has a network for a moment: everything goes up, receipts come down; "" when it went well."""
        script = (
            "import django\ndjango.setup()\nfrom django.utils import timezone\nfrom simpul.jobs import nodes\n"
            "nodes.talk(timezone.now())"
        )
        return self._python(script)


@dataclass(frozen=True)
class Act:
    """One entry of a phone: what the story expects to find once."""

    phone: str
    kind: str
    data: Mapping[str, Any]
    name: tuple[str, str, int]  # device, epoch, number
    hash: str


@dataclass
class Diary:
    """Everything that was written down on any phone, kept by the story itself as it happens."""

    acts: dict[tuple[str, str], Act] = field(default_factory=dict)

    def note(self, *phones: FieldPhone) -> None:
        """Read the phones' outboxes."""
        for phone in phones:
            self._note(phone)

    def _note(self, phone: FieldPhone) -> None:
        device = phone.state()["device"]
        for item in phone.items():
            key = (item["epoch"], item["hash"])
            if key not in self.acts:
                name = (device, item["epoch"], item["seq"])
                self.acts[key] = Act(phone.name, item["kind"].split("/")[0], item["data"], name, item["hash"])

    def of(self, kind: str) -> list[Act]:
        """The acts of a kind."""
        return [one for one in self.acts.values() if one.kind == kind]

    def keys(self, kind: str, name: str) -> list[str]:
        """The keys of the things that acts of a kind made."""
        return [str(one.data[name]) for one in self.of(kind)]


class FieldPhone:
    """A phone with the field app: switched on and off, with and without a network."""

    def __init__(self, play: Playwright, name: str, folder: Path, url: str) -> None:
        self.play, self.name, self.folder, self.url = play, name, folder, url
        self.faults: list[str] = []
        self.context: BrowserContext | None = None
        self._page: Page | None = None

    # --- the thing itself ---

    def switch_on(self, *, online: bool = True) -> None:
        """Open the browser on its own folder; without a network the app comes from what the phone keeps."""
        self.context = self.play.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=list(GLASS),
            viewport=PHONE,  # type: ignore[arg-type]
            device_scale_factor=1,
            has_touch=True,
            is_mobile=True,
            locale="id-ID",
            timezone_id="Asia/Makassar",
            permissions=["geolocation", "camera", "microphone"],
            geolocation={"latitude": -2.337, "longitude": 115.705, "accuracy": 12},
            accept_downloads=True,
            bypass_csp=bool(os.environ.get("SIMPUL_SHOTS")),
        )
        self.context.set_offline(not online)
        self._page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self._page.set_default_timeout(20_000)
        self._page.on("pageerror", lambda fault: self.faults.append(f"{self.name}: {fault}"))
        self._page.goto(f"{self.url}/lapangan/")
        expect(self.page.locator("html[data-ready]")).to_have_count(1)

    def switch_off(self) -> None:
        """As when the battery is taken out in the evening."""
        if self.context is not None:
            self.context.close()
        self.context = self._page = None

    def copied(self, name: str, folder: Path) -> FieldPhone:
        """The same bytes in another phone. Only of a phone that is off."""
        assert self.context is None, "a phone that is on cannot be copied whole"
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("Singleton*"))
        return FieldPhone(self.play, name, folder, self.url)

    @property
    def page(self) -> Page:
        assert self._page is not None, "the phone is off"
        return self._page

    def network(self, there: bool) -> None:
        """Leave or reach the signal."""
        assert self.context is not None
        self.context.set_offline(not there)

    # --- moving about ---

    def go(self, place: str) -> Page:
        """Open a page of the app."""
        self.page.evaluate("to => { location.hash = to }", f"#{place}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the page is drawn."""
        self.page.wait_for_timeout(120)
        expect(self.page.locator("h1")).to_be_visible()

    def until(self, script: str, given: Any = None, seconds: float = 20) -> None:
        """Wait for something of the page. The app's own rules allow no text to be run, so it is asked again and again."""
        ends = time.monotonic() + seconds
        while not self.page.evaluate(script, given):
            assert time.monotonic() < ends, (script, self.read())
            self.page.wait_for_timeout(60)

    def read(self) -> str:
        """What is to be read."""
        return self.page.inner_text("#app")

    def keep(self, picture: str, *, top: str = "") -> None:
        """A picture for the guide."""
        if top:
            self.page.locator(top).first.scroll_into_view_if_needed()
        keep_picture(self.page, picture)

    def press(self, words: str, *, inside: str = "#app") -> None:
        """Tap what says this."""
        self.page.locator(f"{inside} button, {inside} a").filter(has_text=words).first.click()

    # --- the vault ---

    def enrol(
        self, code: str, passphrase: str = PASSPHRASE, pictures: Mapping[str, str] | None = None
    ) -> None:
        """The code of the supervisor, a passphrase of one's own."""
        shown = pictures or {}
        page = self.page
        page.goto(f"{self.url}/lapangan/#daftar={code}")
        expect(page.locator("[name=code]")).to_have_value(code)
        self._shown(shown, "code")
        page.locator(".foot .btn--main").click()
        page.locator("[name=one]").fill(passphrase)
        page.locator("[name=two]").fill(passphrase)
        self._shown(shown, "passphrase")
        page.locator(".foot .btn--main").click()
        page.locator(".foot button").filter(has_text=re.compile(r"\w")).first.wait_for()
        expect(page.locator("[name=one]")).to_have_count(0, timeout=60_000)
        self._shown(shown, "enrolled")
        page.locator(".foot button").first.click()
        expect(page.locator("nav.bar")).to_be_visible()

    def unlock(self, passphrase: str = PASSPHRASE, picture: str = "") -> None:
        """Type the passphrase."""
        field_ = self.page.locator("[name=passphrase]")
        field_.wait_for()
        if picture:
            self.keep(picture)
        field_.fill(passphrase)
        self.page.locator("#unlock button[type=submit]").click()
        expect(self.page.locator("nav.bar, .foot").first).to_be_visible(timeout=60_000)

    def lock(self) -> None:
        """Log out."""
        self.go("/lainnya")
        self.page.locator("main .buttons button").first.click()
        self.page.locator("[name=passphrase]").wait_for()

    def night(self) -> None:
        """Evening and morning: the phone is locked, off, and on again without a network."""
        self.lock()
        self.switch_off()
        self.switch_on(online=False)
        self.unlock()

    # --- forms ---

    def fill_in(
        self, form: str, answers: Mapping[str, Any], *, pictures: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Walk through a form from its first group to "saved"; ``pictures``: group number -> name. What was saved."""
        before = {(one["epoch"], one["hash"]) for one in self.items()}
        page, left, shown, place = self.page, dict(answers), dict(pictures or {}), 0
        self.go(f"/isi/{form}")
        self.until("() => location.hash.split('/').length >= 5 && document.querySelector('#step')")
        ends = time.monotonic() + 60
        while "#/isi/" in page.url:
            assert time.monotonic() < ends, f"{form} does not end: {self.read()}"
            while key := next((one for one in left if self._asked(one)), ""):
                self._answer(key, left.pop(key))
            self._shown(shown, str(place))
            if page.url.endswith("/periksa"):
                self._shown(shown, "review")
            here = page.url
            page.locator(".foot .btn--main").click()
            self._odd()
            self.until(
                "here => location.href !== here || document.querySelector('.field--bad, dialog[open]')", here
            )
            assert page.url != here, f"{form}: {self.read()} {page.locator('dialog').all_inner_texts()}"
            self.settle()
            place += 1
        assert not left, f"{form} did not ask for {sorted(left)}"
        self._shown(shown, "saved")
        return [one for one in self.items() if (one["epoch"], one["hash"]) not in before]

    def _shown(self, pictures: Mapping[str, str], key: str) -> None:
        if key in pictures:
            self.keep(pictures[key])

    def _odd(self) -> None:
        """ "Is that so?" """
        self.page.wait_for_timeout(60)
        asked = self.page.locator("dialog[open]")
        if asked.count():
            asked.locator("button").first.click()

    def _asked(self, key: str) -> bool:
        """Whether this group asks it now."""
        return (
            self.page.locator(
                f'#step [name="{key}"], #step [name="{key}-name"], #step [name="{key}-d"], #step [name^="{key}-"]'
            ).count()
            > 0
            or (key == "signature" and self.page.locator("#step button", has_text="tangan").count() > 0)
            or (key == "photo" and self.page.locator("#step button", has_text="oto").count() > 0)
        )

    def _answer(self, key: str, value: Any) -> None:
        step = self.page.locator("#step")
        named = step.locator(f'[name="{key}"]')
        if key == "signature":
            self._sign()
        elif key == "photo":
            self._photograph()
        elif named.count():
            sort = named.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
            if sort in ("radio", "checkbox"):
                for one in value if isinstance(value, list) else [value]:
                    self._choose(step, key, str(one))
            elif sort == "select":
                named.select_option(value)
            else:
                named.first.fill(str(value))
        elif step.locator(f'[name="{key}-d"]').count():
            for part, typed in zip("dmy", value, strict=True):
                step.locator(f'[name="{key}-{part}"]').fill(str(typed))
        elif step.locator(f'[name="{key}-name"]').count():
            self._pick(key, str(value))
        else:
            for name, typed in dict(value).items():
                step.locator(f'[name="{key}-{name}"]').fill(str(typed))

    def _choose(self, step: Locator, key: str, one: str) -> None:
        """By its code, else by its words."""
        coded = step.locator(f'[name="{key}"][value="{one}"]')
        if not coded.count():
            said = step.locator("label.choice", has=self.page.locator(f'[name="{key}"]'))
            coded = said.filter(has_text=re.compile(rf"^\s*{re.escape(one)}\s*$")).first.locator("input")
        coded.check(force=True)

    def _pick(self, key: str, who: str) -> None:
        """Somebody of the house by a tap, anybody else by name."""
        step = self.page.locator("#step")
        near = step.locator(".field .buttons button", has_text=who)
        if near.count():
            near.first.click()
        else:
            typed = step.locator(f'[name="{key}-name"]')
            typed.fill(who)
            typed.blur()
        expect(step.locator(".picked", has_text=who)).to_be_visible()

    def _sign(self) -> None:
        self.page.locator("#step button", has_text="tangan").first.click()
        canvas = self.page.locator("dialog[open] canvas")
        canvas.wait_for()
        box = canvas.bounding_box()
        assert box is not None
        mouse, at = self.page.mouse, (box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        mouse.move(*at)
        mouse.down()
        for step in range(1, 9):
            mouse.move(at[0] + step * 15, at[1] + (-1) ** step * 22)
        mouse.up()
        self.page.locator("dialog[open] .overlay__acts button").first.click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def _photograph(self) -> None:
        self.page.locator("#step button", has_text="oto").first.click()
        shown = self.page.locator("dialog[open]")
        shown.locator("video").wait_for()
        self.until("() => (document.querySelector('dialog video') || {}).videoWidth > 0")
        shown.locator(".overlay__acts button").first.click()
        shown.locator("img").wait_for()
        shown.locator(".overlay__acts button").first.click()
        expect(shown).to_have_count(0)

    # --- what it holds ---

    def items(self) -> list[dict[str, Any]]:
        """Every entry that this phone still holds."""
        found: list[dict[str, Any]] = self.page.evaluate(READ) or []
        return found

    def state(self) -> dict[str, Any]:
        """Device, epochs, four steps, what the last talk said."""
        found: dict[str, Any] | None = self.page.evaluate(STATE)
        assert found is not None, "the vault is locked"
        return found

    def sync(self, *, until: Callable[[dict[str, Any]], bool] | None = None) -> dict[str, Any]:
        """Press "Kirim sekarang" until the server has answered as it should."""
        ends = time.monotonic() + 60
        while True:
            self.close_dialogs()
            self.go("/kotak-keluar")
            button = self.page.locator("section.sync button")
            expect(button).to_be_enabled(timeout=30_000)
            button.evaluate(
                "one => one.click()"
            )  # news of the server may stand over the page: it is read afterwards
            self.page.wait_for_timeout(200)
            expect(self.page.locator("section.sync button")).to_be_enabled(timeout=40_000)
            self.close_dialogs()
            state = self.state()
            if not state["sync"]["problem"] and (until is None or until(state)):
                return state
            assert time.monotonic() < ends, state
            self.page.wait_for_timeout(700)

    def told(self) -> list[str]:
        """What the app says in its own window, closed one by one."""
        return self.close_dialogs()

    def close_dialogs(self) -> list[str]:
        """Read and close what stands over the page."""
        said = []
        while self.page.locator("dialog[open]").count():
            shown = self.page.locator("dialog[open]").first
            said.append(shown.inner_text())
            shown.locator("button").first.click()
            self.page.wait_for_timeout(100)
        return said


@contextmanager
def served(office: Office) -> Iterator[Office]:
    """An installation that is on, and off at the end."""
    office.start()
    try:
        yield office
    finally:
        office.stop()
