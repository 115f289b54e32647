"""Words of commands that need no Django and start at once: the commands' own catalogue, read by the standard library."""

from __future__ import annotations

import gettext
import importlib
import os
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent / "locale/id/LC_MESSAGES/django.mo"
_spoken: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def begin(asked: str | None) -> None:
    """Speak the language asked for from here on."""
    if (asked or from_environment()) == "en":
        _spoken[0] = gettext.NullTranslations()
        return
    source = CATALOGUE.with_suffix(".po")
    if not CATALOGUE.exists() or CATALOGUE.stat().st_mtime_ns < source.stat().st_mtime_ns:
        importlib.import_module("simpul.lib.words").compile_catalogues(Path(__file__).resolve().parent)
    with CATALOGUE.open("rb") as file:
        _spoken[0] = gettext.GNUTranslations(file)


def say(text: str) -> str:
    """A sentence in the language spoken."""
    return _spoken[0].gettext(text)


def from_environment() -> str:
    """``LC_ALL`` goes before ``LC_MESSAGES`` and ``LANG``, as everywhere on POSIX; "C" says nothing about a language."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        said = os.environ.get(name, "").lower()
        if said:
            return "en" if said.startswith("en") else "id"
    return "id"
