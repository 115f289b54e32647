"""A passkey in a real browser: set up, used instead of the password, used as the second factor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
PASSWORD = "kopi-sanrobone-pagi-9"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A page whose device has a passkey keeper; anything the content security policy refuses fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop in this thread
    cache.clear()
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page()
        refused: list[str] = []
        page.on(
            "console", lambda said: refused.append(said.text) if "Content Security" in said.text else None
        )
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield page
        assert not refused
        browser.close()


def test_a_passkey_opens_a_managers_seat_with_and_without_the_password(live_server: Any, page: Any) -> None:
    at = timezone.now() - timedelta(hours=1)
    ani = account_actions.add_user(
        by=MACHINE, at=at, username="ani", full_name="Ani", password=PASSWORD, must_change=False
    ).user
    desk = desk_actions.open_desk(
        by=MACHINE, at=at, code="pusat", name="Pusat", kind="call_centre", level="regency", region_code="7602"
    )
    desk_actions.give_seat(by=MACHINE, at=at, user_id=ani.id, desk_id=desk.id, role="manager")
    home = f"{live_server.url}/akun"

    _password(page, home)
    page.goto(f"{home}/faktor-kedua/kunci/tambah/")
    page.get_by_role("button", name="Pasang kunci sandi").click()
    page.wait_for_url("**/akun/faktor-kedua/kode-cadangan/")
    _leave(page, home)

    page.goto(f"{home}/masuk/")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    _gone_from(page, "/akun/masuk/")
    _is_strong(page, home)
    _leave(page, home)

    _password(page, home)
    page.get_by_role("button", name="Pakai kunci sandi").click()
    _gone_from(page, "/akun/masuk/")
    _is_strong(page, home)


def _gone_from(page: Any, start: str) -> None:
    """Wait until the page lies elsewhere; asked from outside, since the pages let no text be run as a script."""
    page.wait_for_url(lambda url: not urlsplit(url).path.startswith(start))


def _password(page: Any, home: str) -> None:
    page.goto(f"{home}/masuk/")
    page.fill("[name=login]", "ani")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/akun/masuk/")


def _leave(page: Any, home: str) -> None:
    page.goto(f"{home}/keluar/")
    page.locator("main form button").click()
    _gone_from(page, "/akun/")


def _is_strong(page: Any, home: str) -> None:
    """A seat that demands nothing more sends its "why" page on to the desk."""
    page.goto(f"{home}/faktor-kedua/wajib/")
    assert "/faktor-kedua/" not in page.url
