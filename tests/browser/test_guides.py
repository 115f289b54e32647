"""The guides show what is there: every picture exists and is used, every address opens, and the pages in them are taken here."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Site
from tests.browser.people import LARGEST, PICTURES, Arrive, keep_picture, officer

AFTERWARDS = pytest.mark.skipif(
    bool(os.environ.get("SIMPUL_SHOTS")), reason="the pictures are just being taken"
)
GUIDES = sorted((ROOT / "docs" / "panduan").glob("*.md"))


@AFTERWARDS
def test_every_picture_is_there_is_used_and_is_small() -> None:
    used = {name for guide in GUIDES for name in re.findall(r"\.\./gambar/([\w-]+\.png)", guide.read_text())}
    there = {path.name for path in PICTURES.glob("*.png")}
    assert used == there, f"missing {sorted(used - there)}, not shown anywhere {sorted(there - used)}"
    assert all((PICTURES / name).stat().st_size < LARGEST for name in there)


@AFTERWARDS
def test_every_link_between_guides_leads_somewhere() -> None:
    dead = [
        f"{guide.name}: {target}"
        for guide in GUIDES
        for target in re.findall(r"\]\(([^)#:]+)\)", guide.read_text())
        if not (guide.parent / target).exists()
    ]
    assert not dead


def test_the_pages_of_the_guides(visitor: Arrive, site: Site) -> None:
    front = visitor(phone=True)
    front.goto("/")
    expect(front.locator('main a[href="/lapor/"]').first).to_be_visible()
    keep_picture(front, "warga-1-beranda")
    pages = (
        ("manajer.mamuju", "/meja/pantau/", "manajer-1-pantau", "Pemantauan"),
        ("ppa.mamuju", "/meja/perlindungan/", "narahubung-1-perlindungan", "Perlindungan"),
        ("pengelola", "/kelola/", "pengelola-1-beranda", "Perlu dikerjakan"),
    )
    for username, address, picture, heading in pages:
        page = officer(visitor, site, username).page
        page.goto(address)
        expect(page.locator("main")).to_contain_text(heading, ignore_case=True)
        keep_picture(page, picture)


def test_the_buttons_that_the_guides_name_exist() -> None:
    """What a guide writes in bold is what the program says, in the same words; what a guide stresses stands in italics."""
    said = "\n".join(path.read_text() for path in (ROOT / "simpul").rglob("locale/id/LC_MESSAGES/django.po"))
    said += "\n".join(path.read_text() for path in (ROOT / "simpul").rglob("catalogue/*.toml"))
    plain = re.sub(r'"\n"', "", said).casefold()
    strange = sorted(
        {
            f"{guide.name}: {bold}"
            for guide in GUIDES
            if guide.name != "guide-en.md"
            for bold in re.findall(r"\*\*([^*\n]+)\*\*", guide.read_text())
            if bold.casefold().strip(".:") not in plain
        }
    )
    assert not strange, strange
