"""One server with the sample regency for all stories, and a Chromium that reaches nothing else.

The server is the one that ``python3 start.py`` runs, in a data folder of its own and on the database that the suite is
running on, so that what a story sees is what a visitor sees.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlparse

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from simpul.cli.backup import postgres

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """The running installation: its address, what the demo printed, and its data folder."""

    url: str
    demo: dict[str, object]
    data: Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser story."""
    for item in items:
        if "tests/browser" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """The browser's path, or a failure that says how to get one."""
    found = os.environ.get("SIMPUL_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.fail("No Chromium here. Install it: sudo apt-get install chromium")
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Load the sample regency and serve it; or, to try things out, use a demo that runs already (see ``_running``)."""
    if running := _running():
        yield running
        return
    data = tmp_path_factory.mktemp("site") / "data"
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"SIMPUL_TESTING", "DJANGO_SETTINGS_MODULE"}
    }
    env.update(SIMPUL_DATA=str(data), SIMPUL_REPORTS_PER_HOUR="1000")
    with _own_database(env):
        yield from _loaded_and_served(data, env)


def _running() -> Site | None:
    """``SIMPUL_STORY_URL`` and ``SIMPUL_STORY_DEMO`` (what ``simpul demo --json`` printed): for whoever writes a story."""
    url, demo = os.environ.get("SIMPUL_STORY_URL"), os.environ.get("SIMPUL_STORY_DEMO")
    return Site(url, json.loads(Path(demo).read_text()), Path(demo).parent) if url and demo else None


@contextmanager
def _own_database(env: dict[str, str]) -> Iterator[None]:
    """On PostgreSQL an empty database of this run's own, dropped afterwards; on SQLite the data folder has its own file."""
    address = env.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield
        return
    name = f"simpul_stories_{os.getpid()}"
    server_address = postgres.parameters_of(address)
    with psycopg.connect(**server_address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    env["DATABASE_URL"] = urlparse(address)._replace(path=f"/{name}").geturl()
    try:
        yield
    finally:
        with psycopg.connect(**server_address, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _loaded_and_served(data: Path, env: dict[str, str]) -> Iterator[Site]:
    simpul = [sys.executable, "-m", "simpul"]
    loaded = subprocess.run(
        [*simpul, "demo", "--cases", "60", "--json"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr[-4000:]
    port = free_port()
    server = subprocess.Popen(
        [*simpul, "serve", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url + "/sehat/", server)
        yield Site(url, json.loads(loaded.stdout), data)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _turn in range(240):
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    """One driver for the session: a second one beside it is refused."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(play: Playwright) -> Iterator[Browser]:
    """One Chromium for the session."""
    running = play.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
    yield running
    running.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new: a context of their own; faults in the console fail the story."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def arrive(*, phone: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="id-ID",
            base_url=site.url,
            bypass_csp=bool(os.environ.get("SIMPUL_SHOTS")),  # taking a picture adds a style of its own
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert not faults, faults


def totp(secret: str) -> str:
    """The code an authenticator app would show now (RFC 6238: SHA-1, 30 s, six digits)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"
