"""The key ring of this installation, opened once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from simpul.lib.crypto import KeyRing


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The installation's keys, from the data folder.

    ``simpul init`` and the demo make them; the tests use a folder of their own. A missing ring is never replaced in
    silence, because new keys cannot read old data.
    """
    folder = Path(settings.SIMPUL_KEYS)
    if settings.SIMPUL_MAKE_KEYS and not folder.exists():
        return KeyRing.create(folder)
    return KeyRing.load(folder)
