"""``simpul letter``: files and codes checked, with an installation and with nothing but a file of keys."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simpul.cli import letter as command
from simpul.letters.actions import revoking
from simpul.lib.files import FileStore
from tests.cast import NOW, Cast
from tests.letters import sealed

ON = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> FileStore:
    """A folder of files of this test's own."""
    settings.SIMPUL_FILES = tmp_path / "files"
    return FileStore(tmp_path / "files")


def run(doing: str, **given: Any) -> int:
    """The command with these arguments."""
    wanted = {
        "file": None,
        "qr": "",
        "keys": None,
        "signer": "",
        "region": "",
        "on": ON,
        "json": False,
        **given,
    }
    return command.run(Namespace(doing=doing, **wanted))


def test_a_letter_is_checked_by_its_file_and_its_code_without_the_server(
    cast: Cast,
    files: FileStore,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    django_assert_num_queries: Any,
) -> None:
    letter, gone = sealed.released(1), sealed.released(2)
    revoking.revoke_letter(by=cast.village_head, at=NOW, letter_id=gone.id, why="Data salah")
    keys = tmp_path / "kunci.json"
    assert run("keys", file=keys, json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["keys"], told["taken_back"]) == (1, 1)
    with django_assert_num_queries(0):
        assert run("verify", file=files.path(letter.pdf_sha256), keys=keys, json=True) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["state"], said["name"], said["village"]) == ("valid", "N*** S***", "Desa Dungkait")
        assert run("verify", qr=letter.code_text, keys=keys, signer=told["signer"]) == 0
        assert "Asli dan berlaku" in capsys.readouterr().out
        assert run("verify", file=files.path(gone.pdf_sha256), keys=keys) == 1
        assert "ditarik" in capsys.readouterr().out
        assert run("verify", qr=letter.code_text, keys=keys, on=date(2027, 1, 1)) == 1
        assert "lewat" in capsys.readouterr().out
    changed = tmp_path / "ubah.pdf"
    changed.write_bytes(files.read(letter.pdf_sha256) + b"\n%%EOF")
    assert run("verify", file=changed, keys=keys) == 1
    assert "diubah" in capsys.readouterr().out


def test_with_an_installation_the_row_is_asked_too(
    cast: Cast, files: FileStore, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sealed.released()
    assert run("verify", file=files.path(letter.pdf_sha256), on=None, json=True) in (0, 1)
    assert json.loads(capsys.readouterr().out)["genuine"]
    assert run("verify", qr="SL1:AAAA", on=None) == 1
    assert "bukan kode surat" in capsys.readouterr().out


def test_wrong_use_is_told_and_a_changed_file_of_keys_is_not_believed(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sealed.released()
    assert run("verify") == 2
    assert run("verify", qr="x", file=tmp_path / "x.pdf") == 2
    assert run("verify", file=tmp_path / "tidak-ada.pdf") == 2
    keys = tmp_path / "kunci.json"
    run("keys", file=keys)
    body = json.loads(keys.read_text())
    assert run("verify", qr=letter.code_text, keys=keys, signer="00" * 32) == 2
    body["taken_back"][letter.digest[:32]] = "revoked"
    keys.write_text(json.dumps(body))
    capsys.readouterr()
    assert run("verify", qr=letter.code_text, keys=keys) == 2
    assert "diubah" in capsys.readouterr().err
    keys.write_text("[]")
    assert run("verify", qr=letter.code_text, keys=keys) == 2
