"""A request while it is being written: sealed in the session, its photos beside it, gone when it is sent or the kiosk's time is over."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from simpul.lib.crypto import CannotDecrypt
from simpul.lib.keys import ring
from simpul.web.portal import draft as drafts
from simpul.web.portal.letters import shared

_KEY = "letter_draft"
_SENT = "letters_sent"
_CONTEXT = "portal-letter-draft"
_KEPT_SENT = 5


def begin(type_code: str, region_code: str) -> drafts.Draft:
    """A new request, with the key its letter will have: pressing twice asks once."""
    draft = drafts.begin()
    draft.kind_code = type_code
    draft.pages = {"letter": {"region_code": region_code}, "photos": {}}
    return draft


def load(request: HttpRequest, at: datetime, *, kiosk: bool) -> drafts.Draft | None:
    """The request of this session; at a kiosk only while its time runs."""
    sealed = request.session.get(_KEY)
    if not sealed:
        return None
    try:
        data: dict[str, Any] = json.loads(ring().decrypt_text(base64.b64decode(sealed), _CONTEXT))
        touched = datetime.fromisoformat(data.pop("touched"))
        data["files"] = [drafts.DraftFile(**row) for row in data["files"]]
        found = drafts.Draft(**data)
    except (CannotDecrypt, ValueError, TypeError, KeyError):  # or of an older version of the program
        return None
    if kiosk and at - touched > timedelta(seconds=shared.KIOSK_SECONDS):
        drop(request, found)
        return None
    return found


def save(request: HttpRequest, draft: drafts.Draft, at: datetime) -> None:
    """Keep the request with the session."""
    data = {**asdict(draft), "touched": at.isoformat()}
    request.session[_KEY] = base64.b64encode(ring().encrypt(json.dumps(data), _CONTEXT)).decode()


def drop(request: HttpRequest, draft: drafts.Draft | None) -> None:
    """Forget the request and its photos."""
    request.session.pop(_KEY, None)
    if draft is not None:
        for file in list(draft.files):
            drafts.remove_file(draft, file.key)


def mark_sent(request: HttpRequest, draft: drafts.Draft, token: str) -> None:
    """Remember the receipt, so that pressing the button again shows it again."""
    sent = dict(request.session.get(_SENT, {}))
    sent[draft.case_id] = token
    request.session[_SENT] = dict(list(sent.items())[-_KEPT_SENT:])
    drop(request, draft)


def sent_token(request: HttpRequest, letter_id: str) -> str:
    """The receipt of a request of this session; "" when there is none."""
    return str(request.session.get(_SENT, {}).get(letter_id, ""))


def forget(request: HttpRequest) -> None:
    """A kiosk is left: nothing of the person before stays on it."""
    drop(request, load(request, datetime.now(UTC), kiosk=False))
    request.session.pop(_SENT, None)
    request.session.flush()
