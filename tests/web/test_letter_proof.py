"""The public pages of proof: the minimum, in words; nothing to be learned by guessing; kept by caches only where it may be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from simpul.letters.actions import revoking
from simpul.lib.files import FileStore
from simpul.web.portal.letter_proof import guard
from tests.cast import Cast, assemble
from tests.letters import sealed


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    """The cast, with a folder of files of this test's own."""
    settings.SIMPUL_FILES = tmp_path
    cache.clear()
    return assemble()


def released(**given: Any) -> Any:
    """A letter of today, whatever day that is."""
    now = timezone.now()
    today = now.date()
    return sealed.released(
        **{"at": now, "letter_date": today, "valid_until": today + timedelta(days=30), **given}
    )


def test_the_short_address_shows_the_minimum_in_both_languages(cast: Cast, client: Client) -> None:
    letter = released()
    page = client.get(f"/surat/{letter.token}/")
    words = page.content.decode()
    assert page.status_code == 200 and "Asli dan berlaku" in words and letter.number in words
    assert "N*** S***" in words and "Nurhayati" not in words and "NURHAYATI" not in words
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]
    english = client.get(f"/surat/{letter.token}/", headers={"accept-language": "en"}).content.decode()
    assert letter.number in english
    assert client.get(f"/surat/{letter.token.lower()}/").status_code == 200
    revoking.revoke_letter(by=cast.village_head, at=timezone.now(), letter_id=letter.id, why="Data salah")
    taken = client.get(f"/surat/{letter.token}/").content.decode()
    assert "Ditarik kembali oleh desa" in taken and "Data salah" not in taken


def test_guessing_is_not_found_and_then_waits(cast: Cast, client: Client) -> None:
    letter = released()
    for number in range(guard.MOST_MISSES):
        assert client.get(f"/surat/{'A' * 18}{number + 10}/").status_code == 404
    waiting = client.get(f"/surat/{letter.token}/")
    assert waiting.status_code == 429 and letter.number not in waiting.content.decode()
    assert client.get("/surat/periksa/").status_code == 200


def test_a_code_and_a_file_are_checked_without_scripts(cast: Cast, client: Client) -> None:
    letter = released()
    right = client.post("/surat/periksa/", {"kode": letter.code_text}).content.decode()
    assert "Asli dan berlaku" in right and "N*** S***" in right
    wrong = client.post("/surat/periksa/", {"kode": letter.code_text[:-9] + "AAAAAAAAA"}).content.decode()
    assert "Tidak asli" in wrong or "bukan kode surat" in wrong
    data = FileStore(Path(sealed._sealing.settings.SIMPUL_FILES)).read(letter.pdf_sha256)
    file = client.post("/surat/periksa/", {"berkas": SimpleUploadedFile("surat.pdf", data)})
    assert "Asli dan berlaku" in file.content.decode()
    changed = client.post("/surat/periksa/", {"berkas": SimpleUploadedFile("surat.pdf", data + b"\n%")})
    assert "diubah setelah disegel" in changed.content.decode()
    empty = client.post("/surat/periksa/", {"kode": " "})
    assert empty.status_code == 422 and 'href="#kode"' in empty.content.decode()


def test_checking_has_a_limit(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_CHECKS", 2)
    for _time in range(2):
        assert client.post("/surat/periksa/", {"kode": "SL1:AB"}).status_code == 200
    assert client.post("/surat/periksa/", {"kode": "SL1:AB"}).status_code == 422


def test_keys_and_worker_are_open_and_hold_no_name(cast: Cast, client: Client) -> None:
    released()
    keys = client.get("/surat/periksa/kunci.json")
    assert keys["Access-Control-Allow-Origin"] == "*" and "sessionid" not in keys.cookies
    assert "Nurhayati" not in keys.content.decode() and len(keys.json()["keys"]) == 1
    worker = client.get("/surat/periksa/sw.js")
    assert worker["Content-Type"].startswith("text/javascript") and b"SET" in worker.content
    page = client.get("/surat/periksa/")
    assert len(page.content) < 20_000 and b"<script>" not in page.content
