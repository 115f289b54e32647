"""The language a command speaks: Indonesian, unless ``--language en`` or an English ``LANG`` asks for English."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from simpul.cli import plain
from simpul.lib import words

LANGUAGES = ("id", "en")
_OWN = Path(__file__).resolve().parent / "locale"


def begin(asked: str | None) -> None:
    """Speak the language asked for from here on; the commands' own catalogue is read beside those of the rooms."""
    compiled = words.compile_catalogues()
    known = any(Path(path) == _OWN for path in settings.LOCALE_PATHS)
    if not known:
        settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, _OWN]
    if compiled or not known:
        # What was read while the modules loaded lacks what was compiled or added just now.
        vars(trans_real)["_translations"] = {}
    translation.activate(asked or plain.from_environment())
