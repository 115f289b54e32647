"""Compile the translation catalogues: each ``locale/*/LC_MESSAGES/django.po`` into the ``.mo`` beside it.

Only ``.po`` files are kept in version control. ``python -m simpul.lib.words`` compiles what is missing or older; the
settings, ``start.py`` and the tests call ``compile_catalogues`` for the same. No gettext tools are needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent


def compile_catalogues(root: Path | None = None) -> int:
    """Compile every stale catalogue under ``root`` (default: the simpul package); return how many were compiled.

    Two processes may run it at once: each file appears whole, by rename. Raises ``OSError`` naming the file and the
    line when a catalogue cannot be read as one.
    """
    compiled = 0
    for source in sorted((root or PACKAGE).rglob("locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)
            compiled += 1
    return compiled


def _compile(source: Path, target: Path) -> None:
    catalogue = polib.pofile(str(source), check_for_duplicates=True)
    binary = catalogue.to_binary()
    handle, name = tempfile.mkstemp(prefix=".django-", suffix=".mo", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(binary)
        temporary.chmod(0o644)  # mkstemp makes 0600; a server running as another user must read it
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.stderr.write(f"{compile_catalogues()} catalogues compiled\n")
