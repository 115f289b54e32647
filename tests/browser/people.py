"""The people of the stories and what they do on the pages, in words that read like the story itself.

Every step goes the way a person goes: by a link, a field or a button that is on the page. Nothing here knows tables or acts.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Site

PICTURES = ROOT / "docs" / "gambar"
LARGEST = 200 * 1024


_SIGNED_IN: dict[tuple[str, str], Any] = {}
"""Sign-ins of this run: a code works only once, and nobody signs in anew for every page they open."""


@dataclass(frozen=True)
class Receipt:
    """What stands on the slip."""

    number: str
    pin: str
    due: str = ""
    """The day of the promise, as it is written."""


def promised_day(words: str) -> str:
    """The day after "paling lambat", as 15 Desember 2026."""
    found = re.search(r"paling lambat\D*(\d{1,2} \w+ \d{4})", re.sub(r"\s+", " ", words))
    return found[1] if found else ""


def keep_picture(page: Page, name: str, *, of: Locator | None = None, full: bool = False) -> None:
    """A picture for the guide, only when the pictures are being taken anew (``SIMPUL_SHOTS=1``)."""
    if not os.environ.get("SIMPUL_SHOTS"):
        return
    taken = of.screenshot() if of else page.screenshot(full_page=full)
    image = Image.open(io.BytesIO(taken)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    image.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path.name} is too large for the guide"


def fill(form: Page | Locator, values: Mapping[str, Any], prefix: str = "") -> None:
    """Fill in fields by their names; a list choice, a round or square box and a line each in their own way."""
    for key, value in values.items():
        field = form.locator(f'[name="{prefix}{key}"]')
        sort = field.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if sort == "radio":
            form.locator(f'[name="{prefix}{key}"][value="{value}"]').check(force=True)
        elif sort == "checkbox":
            field.first.set_checked(bool(value), force=True)
        elif sort == "select":
            field.first.select_option(**({"value": value} if isinstance(value, str) else value))
        elif sort == "file":
            field.first.set_input_files(value)
        else:
            field.first.fill(str(value))


class Officer:
    """Somebody who signs in at ``/akun/`` and works at ``/meja/``."""

    def __init__(self, page: Page, site: Site, username: str) -> None:
        self.page, self.site, self.username = page, site, username
        known = _SIGNED_IN.get((site.url, username))
        if known:
            page.context.add_cookies(known)
            page.goto("/meja/")
        else:
            self._sign_in()
            _SIGNED_IN[site.url, username] = [dict(one) for one in page.context.cookies()]
        assert "/akun/masuk" not in page.url, page.inner_text("main")

    def _sign_in(self) -> None:
        page, site, username = self.page, self.site, self.username
        page.goto("/akun/masuk/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", str(site.demo["password"]))
        page.locator("form:has([name=login]) button[type=submit]").first.click()
        page.wait_for_load_state()
        if "/kode/" in page.url:
            self._show_the_code("")
        assert "/akun/masuk" not in page.url, page.inner_text("main")

    def _show_the_code(self, tried: str) -> None:
        """Type the code that the sample person's app would show; one that grew old on the way is followed by the next."""
        page, ends = self.page, time.monotonic() + 45
        while (shown := re.search(r"\b\d{6}\b", page.inner_text("main"))) and shown[0] == tried:
            assert time.monotonic() < ends, "no new code came"
            page.wait_for_timeout(1000)
            page.reload()
        assert shown, "a demo shows the code that the sample person's app would show"
        page.fill("[name=code]", shown[0])
        page.locator("form:has([name=code]) button[type=submit]").first.click()
        page.wait_for_load_state()
        if "/kode/" in page.url and not tried:
            self._show_the_code(shown[0])

    # --- the counter ---

    def take_in(self, picture: str = "", **given: Any) -> Receipt:
        """Write a matter down while the person tells it, and give the receipt."""
        page = self.page
        page.goto("/meja/terima/")
        fill(page, {"kind_code": given.pop("kind_code")})
        questions = {key: given.pop(key) for key in list(given) if key.startswith("k_")}
        if questions:
            page.locator(f'[name="{next(iter(questions))}"]').first.wait_for()
        hamlet = given.pop("hamlet", "")
        for fold in page.locator("#intake details").all():
            fold.evaluate("e => { e.open = true }")
        fill(page, {**questions, **given})
        if hamlet:
            with page.expect_response(re.compile("/meja/terima/")):
                page.locator("[name=region]").blur()
            choice = page.locator("[name=hamlet_id]")
            expect(choice.locator("option", has_text=hamlet)).to_have_count(1)
            choice.select_option(label=hamlet)
        for fold in page.locator("#intake details").all():
            fold.evaluate(
                "e => { e.open = [...e.querySelectorAll('input')].some(i => i.value && i.type === 'text') }"
            )
        if picture:
            keep_picture(page, picture)
        page.locator("#intake button[name=step][value='']").click()
        page.wait_for_url("**/meja/terima/tanda/**")
        words = page.inner_text("main")
        number = re.search(r"SPL-\d{4}-\d{5}-[A-Z]", re.sub(r"\s*-\s*", "-", words))
        pin = re.search(r"PIN\D{0,40}?(\d{6})", words.replace(" ", ""), re.DOTALL)
        assert number, words
        assert pin, words
        return Receipt(number[0], pin[1], promised_day(words))

    # --- a matter ---

    def open_matter(self, number: str, view: str = "") -> Page:
        """Find it: in a list when ``view`` says which, or by its number in the search."""
        if view:
            self.page.goto(f"/meja/?view={view}")
            link = self.page.locator(f'a:has-text("{number}")').first
            expect(link).to_be_visible()
            self.page.goto(str(link.get_attribute("href")))
        else:
            if "/meja/" not in self.page.url or not self.page.locator("#search").count():
                self.page.goto("/meja/")
            self.page.fill("#search", number)
            with self.page.expect_navigation():
                self.page.press("#search", "Enter")
            if "/kasus/" not in self.page.url:
                link = self.page.locator(f'main a:has-text("{number}")').first
                self.page.goto(str(link.get_attribute("href")))
        expect(self.page.locator("main")).to_contain_text(number.split("-")[2])
        return self.page

    def do(self, act: str, picture: str = "", **given: Any) -> Page:
        """Do one act of the case page: unfold its form, fill it in, press its button."""
        page = self.page
        form = page.locator(f'form[action*="/{act}/"]').first
        if given:
            fold = page.locator(f"#do-{act}")
            if not fold.evaluate("e => e.open"):
                fold.locator("summary").first.click()
            expect(form).to_be_attached()  # some forms come when they are opened
            fill(form, given, prefix=f"{act}-")
        if picture:
            form.scroll_into_view_if_needed()
            keep_picture(page, picture)
        with page.expect_navigation():
            form.locator("button[type=submit]").last.click()
        expect(page.locator(".govuk-error-message, .govuk-error-summary")).to_have_count(0)
        return page

    def read(self) -> str:
        """Everything that is to be read on the page."""
        return self.page.inner_text("main")


class Partner:
    """Somebody of a partner institution: a personal link, a PIN and one page."""

    def __init__(self, page: Page, site: Site, desk: str) -> None:
        links: Any = site.demo["links"]
        link = next(one for one in links if str(one["desk"]).startswith(desk))
        self.page = page
        page.goto(f"/mitra/{link['token']}/")
        self.pin = str(link["pin"])

    def open(self) -> Page:
        """Show the PIN."""
        self.page.fill("[name=pin]", self.pin)
        self.page.locator("main form button").first.click()
        self.page.wait_for_url("**/mitra/")
        return self.page

    def matter(self, number: str) -> Locator:
        """The card of one matter."""
        return self.page.locator("article", has_text=number.split("-")[2]).first

    def accept(self, number: str) -> None:
        """Take it on."""
        with self.page.expect_navigation():
            self.matter(number).locator('form[action$="/terima/"] button').click()

    def answer(self, number: str, words: str, picture: str = "") -> None:
        """Answer on the same page."""
        form = self.matter(number).locator('form[action$="/jawab/"]')
        form.locator("textarea").first.fill(words)
        form.locator("input[value=done]").check(force=True)
        if picture:
            form.scroll_into_view_if_needed()
            keep_picture(self.page, picture)
        with self.page.expect_navigation():
            form.locator("button[type=submit]").click()


class Resident:
    """Somebody with a phone and a slip of paper."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, receipt: Receipt) -> Page:
        """Ask for the matter with number and PIN."""
        page = self.page
        page.goto("/lacak/")
        page.fill("[name=number]", receipt.number)
        page.fill("[name=pin]", receipt.pin)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/lacak/laporan/")
        return page

    def due(self) -> str:
        """By when the answer was promised, as the page says it."""
        return promised_day(self.page.inner_text("main"))

    def rate(self, mark: int, words: str = "") -> None:
        """Say how satisfied one is."""
        form = self.page.locator('form[action$="/nilai/"]')
        form.locator(f'[name$=rating][value="{mark}"]').check(force=True)
        form.locator("[name$=words]").fill(words)
        with self.page.expect_navigation():
            form.locator("button").click()

    def not_solved(self, words: str, picture: str = "") -> None:
        """Say that it is not solved."""
        fold = self.page.locator('details:has(form[action$="/belum-selesai/"])')
        fold.locator("summary").click()
        fold.locator("textarea").fill(words)
        if picture:
            fold.scroll_into_view_if_needed()
            keep_picture(self.page, picture)
        with self.page.expect_navigation():
            fold.locator("button").click()


def tell_in_person(officer: Officer, who: str, told_by: str, picture: str = "", printed: str = "") -> Page:
    """Print the list of the hamlet, bring it, and report how the person was told."""
    page = officer.page
    page.goto("/meja/pemberitahuan/")
    row = page.locator("li.row", has_text=who).first
    expect(row).to_be_visible()
    if picture:
        row.scroll_into_view_if_needed()
        keep_picture(page, picture)
    row.locator("[name=ids]").check(force=True)
    with page.expect_navigation():
        page.locator("#print-list button").first.click()
    assert who in page.inner_text("body")
    if printed:
        keep_picture(page, printed)
    page.goto("/meja/pemberitahuan/")
    row = page.locator("li.row", has_text=who).first
    row.locator("details.act summary").click()
    fill(row, {"how": "in_person", "told_by": told_by})
    with page.expect_navigation():
        row.locator("form.actions button").click()
    return page


Arrive = Callable[..., Page]
"""What the fixture ``visitor`` gives."""


def officer(arrive: Arrive, site: Site, username: str) -> Officer:
    """An officer on a computer of their own."""
    return Officer(arrive(), site, username)
