"""A report while it is being written: kept for the session on the server, sealed, until it is sent or left.

Pages keep what was answered, so Back and "Change" show every page as it was last seen. The key of the case is made with
the draft: sending twice sends the same case. Files are made anew at once and lie sealed in the data folder, never in the
session; ``sweep`` removes those of drafts that nobody sent, when another file comes and by the worker.
"""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from simpul.lib import files
from simpul.lib.crypto import CannotDecrypt
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.lib.media import CleanFile

_DRAFT = "report_draft"
_SENT = "reports_sent"
_CONTEXT = "portal-draft"
_KEPT_SENT = 20
_SWEPT = "portal:drafts-swept"
LEFT_AFTER_SECONDS = 24 * 3600


@dataclass(slots=True)
class DraftFile:
    """A file of a draft: where it lies and how it is shown."""

    key: str
    name: str
    kind: str
    mime: str
    size: int


@dataclass(slots=True)
class Draft:
    """What was answered so far; ``pages`` holds plain values per page, ready for a form's initial values."""

    case_id: str
    kind_code: str = ""
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[DraftFile] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The person's own words."""
        return str(self.pages.get("story", {}).get("text", ""))

    @property
    def region_code(self) -> str:
        """The village it is about."""
        return str(self.pages.get("place", {}).get("region_code", ""))


def load(request: HttpRequest) -> Draft | None:
    """The draft of this session, if there is one."""
    sealed = request.session.get(_DRAFT)
    if not sealed:
        return None
    try:
        data = json.loads(ring().decrypt_text(base64.b64decode(sealed), _CONTEXT))
        data["files"] = [DraftFile(**row) for row in data["files"]]
        return Draft(**data)
    except (CannotDecrypt, ValueError, TypeError, KeyError):  # or of an older version of the program
        return None


def begin() -> Draft:
    """A new draft, with the key its case will have. It is kept only when ``save`` is called."""
    return Draft(case_id=str(uuid7()))


def save(request: HttpRequest, draft: Draft) -> None:
    """Keep the draft with the session."""
    sealed = ring().encrypt(json.dumps(asdict(draft)), _CONTEXT)
    request.session[_DRAFT] = base64.b64encode(sealed).decode()


def drop(request: HttpRequest, draft: Draft | None = None) -> None:
    """Forget the draft and its files."""
    known = draft or load(request)
    request.session.pop(_DRAFT, None)
    if known is not None:
        shutil.rmtree(_folder(known), ignore_errors=True)


def mark_sent(request: HttpRequest, draft: Draft, token: str) -> None:
    """Remember which receipt a draft became, so that pressing the button again shows it again."""
    sent = dict(request.session.get(_SENT, {}))
    sent[draft.case_id] = token
    request.session[_SENT] = dict(list(sent.items())[-_KEPT_SENT:])
    drop(request, draft)


def forget_sent(request: HttpRequest) -> None:
    """Forget which receipts were made on this device."""
    request.session.pop(_SENT, None)


def sent_token(request: HttpRequest, case_id: str = "") -> str:
    """The receipt a draft of this session became; with no key, the last one. "" when there is none."""
    sent = request.session.get(_SENT, {})
    if case_id:
        return str(sent.get(case_id, ""))
    return str(next(reversed(sent.values()), "")) if sent else ""


# --- files ----------------------------------------------------------------------------------------------------------


def keep_file(draft: Draft, clean: CleanFile, name: str) -> DraftFile:
    """Lay a cleaned file down, sealed; the caller saves the draft."""
    if cache.add(_SWEPT, 1, 3600):
        sweep()
    folder = _folder(draft)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = uuid7().hex
    target = folder / key
    target.write_bytes(ring().encrypt(clean.data, _file_context(draft, key)))
    target.chmod(0o600)
    kept = DraftFile(key=key, name=name, kind=clean.kind, mime=clean.mime, size=len(clean.data))
    draft.files.append(kept)
    return kept


def remove_file(draft: Draft, key: str) -> bool:
    """Take a file out of the draft; False when it is not there. The caller saves the draft."""
    kept = [file for file in draft.files if file.key != key]
    if len(kept) == len(draft.files):
        return False
    (_folder(draft) / key).unlink(missing_ok=True)
    draft.files = kept
    return True


def clean_files(draft: Draft) -> list[CleanFile]:
    """The files of the draft as the act takes them; one that was swept away meanwhile is left out."""
    found = []
    for file in draft.files:
        path = _folder(draft) / file.key
        if path.exists():
            data = ring().decrypt(path.read_bytes(), _file_context(draft, file.key))
            found.append(CleanFile(kind=file.kind, mime=file.mime, data=data))  # type: ignore[arg-type]
    return found


def sweep(older_than_seconds: int = LEFT_AFTER_SECONDS) -> int:
    """Remove the files of drafts that nobody touched for a day; returns how many drafts."""
    return files.sweep_folders(Path(settings.SIMPUL_DRAFTS), older_than_seconds=older_than_seconds)


def _folder(draft: Draft) -> Path:
    return Path(settings.SIMPUL_DRAFTS) / UUID(draft.case_id).hex


def _file_context(draft: Draft, key: str) -> str:
    return f"portal-draft-file:{draft.case_id}:{key}"
