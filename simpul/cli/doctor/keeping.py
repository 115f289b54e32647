"""What lies beside the database: files, keys, clock, disk, copies, settings."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import connection
from django.utils.translation import gettext as _

from simpul.cli import references
from simpul.cli.backup import identity
from simpul.cli.backup.command import RECORD
from simpul.cli.doctor.finding import Finding, bad, ok, warn
from simpul.journal import queries as journal_queries
from simpul.lib import fields
from simpul.lib.crypto import CannotDecrypt, KeyRing
from simpul.lib.errors import Refused
from simpul.lib.files import FileStore

ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
AHEAD = timedelta(minutes=5)
LITTLE_BYTES = 2 * 1000**3
VERY_LITTLE_BYTES = 300 * 1000**2
COPY_OLD = timedelta(days=2)
COPY_VERY_OLD = timedelta(days=14)
BUILT = 2026
"""No clock that says an earlier year can be right."""


def files(_at: datetime) -> Iterator[Finding]:
    """Every file that a row needs is here and unchanged; how many are needed by none."""
    store = FileStore(settings.SIMPUL_FILES)
    needed, kept = references.referenced(), set(store.digests())
    missing = sorted(needed - kept)
    changed = [digest for digest in sorted(kept) if not store.is_intact(digest)]
    if missing:
        yield bad(
            "files",
            _("%(count)s files are missing, the first is %(name)s.")
            % {"count": len(missing), "name": missing[0]},
            _("Bring them back from a copy: `simpul restore`."),
        )
    if changed:
        yield bad(
            "files",
            _("%(count)s files were changed on the disk, the first is %(name)s.")
            % {"count": len(changed), "name": changed[0]},
            _("Bring them back from a copy, and have the disk checked."),
        )
    if not missing and not changed:
        said = {"count": len(kept), "spare": len(kept - needed)}
        yield ok(
            "files",
            _("%(count)s files are here and unchanged; %(spare)s of them are needed by no matter any more.")
            % said,
        )


def keys(_at: datetime) -> Iterator[Finding]:
    """The keys are there, closed to others, and open what they sealed."""
    folder = Path(settings.SIMPUL_KEYS)
    try:
        ring = KeyRing.load(folder)
    except Refused as refusal:
        yield bad(
            "keys", str(refusal), _("Without the keys no identity number can be read. Do not make new ones.")
        )
        return
    for path in (
        Path(settings.SIMPUL_DATA),
        folder,
        Path(settings.SIMPUL_INSTALLATION),
        folder / identity.FILE,
    ):
        if sys.platform != "win32" and path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield bad(
                "keys",
                _("%(path)s can be read by other users of this machine.") % {"path": path},
                f"chmod {'700' if path.is_dir() else '600'} {path}",
            )
    try:
        opened = ring.decrypt(ring.encrypt("simpul", "doctor"), "doctor") == b"simpul" and _sample()
    except CannotDecrypt:
        opened = False
    if opened:
        yield ok("keys", _("The keys are complete and open what they sealed."))
    else:
        yield bad(
            "keys",
            _("A protected value cannot be opened with the keys that are here."),
            _("Bring back the folder `keys` of this installation from a copy."),
        )


def _sample() -> bool:
    """Read the newest sealed value of every sealed column; the field itself raises when it cannot be opened."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, fields.EncryptedText):
                rows: Any = model._default_manager.exclude(**{field.name: b""}).order_by("-pk")
                list(rows.values_list(field.name, flat=True)[:3])
    return True


def clock(at: datetime) -> Iterator[Finding]:
    """The clock goes forward, and the zones of Indonesia are known."""
    newest = journal_queries.newest_recorded_at()
    if at.year < BUILT:
        yield bad(
            "clock",
            _("The clock of this machine says %(year)s.") % {"year": at.year},
            _("Set it, and have the battery of the clock changed: every deadline depends on it."),
        )
    elif newest is not None and newest > at + AHEAD:
        said = {"newest": f"{newest:%d/%m/%Y %H:%M} UTC", "now": f"{at:%d/%m/%Y %H:%M} UTC"}
        yield bad(
            "clock",
            _("The clock says %(now)s, but the journal has a line of %(newest)s.") % said,
            _("Set the clock and switch on time synchronisation: every deadline depends on it."),
        )
    else:
        yield ok("clock", _("The clock is not behind the journal."))
    for name, hours in ZONES.items():
        try:
            right = at.astimezone(ZoneInfo(name)).utcoffset() == timedelta(hours=hours)
        except ZoneInfoNotFoundError:
            right = False
        if not right:
            yield bad(
                "zones",
                _("The time zone %(name)s is not known here.") % {"name": name},
                _("Install the package tzdata: `python3 start.py setup`."),
            )


def disk(_at: datetime) -> Iterator[Finding]:
    """Room for the next months, and for a snapshot of the database during a copy."""
    usage = shutil.disk_usage(settings.SIMPUL_DATA)
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    needed = int(database.stat().st_size * 1.1) if database is not None and database.exists() else 0
    said = {"free": f"{usage.free / 1000**3:.1f}", "total": f"{usage.total / 1000**3:.0f}"}
    sentence = _("%(free)s of %(total)s GB are free on the disk of the data folder.") % said
    advice = _(
        "Make room now: move old copies to another disk. When the disk is full nothing can be taken in."
    )
    if usage.free < VERY_LITTLE_BYTES:
        yield bad("disk", sentence, advice)
    elif usage.free < max(LITTLE_BYTES, needed):
        yield warn("disk", sentence, advice)
    else:
        yield ok("disk", sentence)
    if not os.access(settings.SIMPUL_DATA, os.W_OK):
        yield bad(
            "disk",
            _("The data folder cannot be written."),
            _("Give it to the user that runs Simpul, or mount the disk for writing again."),
        )


def copies(at: datetime) -> Iterator[Finding]:
    """When the last copy was written."""
    advice = _(
        "Write one now with `simpul backup`, to a disk that does not stay with this machine, and let it be done every night."
    )
    try:
        last = json.loads((Path(settings.SIMPUL_DATA) / RECORD).read_text(encoding="utf-8"))
        age = at - datetime.fromisoformat(last["at"])
    except (OSError, ValueError, KeyError, TypeError):
        yield warn("copies", _("No copy was written yet."), advice)
        return
    sentence = _("The last copy was written %(days)s days ago: %(path)s.") % {
        "days": age.days,
        "path": last.get("path", ""),
    }
    if age > COPY_VERY_OLD:
        yield bad("copies", sentence, advice)
    elif age > COPY_OLD:
        yield warn("copies", sentence, advice)
    else:
        yield ok("copies", sentence)
    if last.get("missing_files"):
        yield warn(
            "copies",
            _("The last copy was written while %(count)s files were missing.")
            % {"count": len(last["missing_files"])},
            _("See what is said about files."),
        )


def settings_safe(_at: datetime) -> Iterator[Finding]:
    """What Django's own deployment checks say."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=True)
        if not message.is_silenced() and not (settings.HTTPS and message.id == _REDIRECT)
    ]
    plain = [message for message in found if message.id in _WITHOUT_HTTPS]
    if plain and settings.SIMPUL_KIND != "demo":
        yield warn(
            "settings",
            _("Residents come over plain http: what they write can be read on the way."),
            _(
                "Put a reverse proxy with TLS before it and set https in installation.json: see docs/operations."
            ),
        )
    others = [message for message in found if message not in plain]
    for message in others:
        yield bad("settings", f"{message.id}: {message.msg}", message.hint or _("See docs/operations."))
    if not others:
        yield ok("settings", _("The settings are safe."))


_REDIRECT = "security.W008"
"""Sending http on to https is the proxy's work where TLS ends there; the check cannot see the proxy."""

_WITHOUT_HTTPS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""What the checks say of an installation that is not reached over https; one sentence is enough for all of them."""
