"""Compiling translation catalogues."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simpul.lib import words

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Send"
msgstr "Kirim"

#, fuzzy
msgid "Unsure"
msgstr "Entah"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A catalogue that has not been compiled."""
    source = tmp_path / "cases" / "locale" / "id" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, encoding="utf-8")
    return source


def test_a_catalogue_is_compiled_once_and_again_when_it_changed(catalogue: Path, tmp_path: Path) -> None:
    assert words.compile_catalogues(tmp_path) == 1
    assert words.compile_catalogues(tmp_path) == 0
    with catalogue.with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    assert compiled.gettext("Send") == "Kirim"
    assert compiled.gettext("Unsure") == "Unsure"
    later = catalogue.with_suffix(".mo").stat().st_mtime + 5
    os.utime(catalogue, (later, later))
    assert words.compile_catalogues(tmp_path) == 1
    assert [path.name for path in catalogue.parent.iterdir() if path.name.startswith(".")] == []


def test_a_broken_catalogue_is_named_and_leaves_the_old_one(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text('msgid "Send\nmsgstr', encoding="utf-8")
    with pytest.raises(OSError, match=r"django\.po"):
        words.compile_catalogues(tmp_path)
    assert not catalogue.with_suffix(".mo").exists()


def test_every_catalogue_of_simpul_compiles() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "simpul.lib.words"],
        capture_output=True,
        text=True,
        check=True,
        cwd=words.PACKAGE.parent,
    )
    assert "compiled" in run.stderr
