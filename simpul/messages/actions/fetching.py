"""Files of messages: fetched by the worker after the words were kept, judged by their bytes, made anew, kept or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import media
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import DiskFull, FileStore
from simpul.lib.media import apart
from simpul.messages import transports
from simpul.messages.models import Delivery, IncomingFile
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.rules import media as rules
from simpul.messages.transports import requests

logger = logging.getLogger(__name__)

OPEN = ("waiting", "fetching", "cleaning")
"""States of a file that is not decided yet. ``fetching`` and ``cleaning`` past their time: the worker died in it."""


class FileGone(Refused):
    """Its provider has it no more."""

    code = "file.gone"
    sentence = _("The provider does not have this file any more. Ask the person to send it again.")


class FileNotAsAnnounced(Refused):
    """Other bytes than those the provider spoke of."""

    code = "file.not_as_announced"
    sentence = _("The file does not arrive whole. Ask the person to send it again.")


class FileNeverCame(Refused):
    """It was asked for as often as we ask."""

    code = "file.never_came"
    sentence = _("The file could not be fetched for days. Ask the person to send it again.")


def fetch_file(*, by: Actor, at: datetime, file_id: UUID) -> str:
    """Fetch one file, clean it and keep it. The message stays as it is, whatever becomes of its file.

    The try is counted, and the next one put off, before anything is done, so that a file that kills the worker does not kill
    it at once again; one that was being cleaned when the worker died is cleaned in a process of its own from then on.
    Nothing is held in the database while bytes are on their way. Once decided, asking again changes nothing.

    Returns:
        Its state now: kept, refused, too_large, gone; waiting when it is tried again later ("unreachable" when its provider
        does not answer); "busy" when somebody else is at it or its time has not come.

    Raises:
        NotFound: no such file.
    """
    roles.require(by, "file.fetch")
    found = IncomingFile.objects.select_related("incoming__gateway", "incoming__correspondent")
    file = found.filter(id=file_id).first()
    if file is None:
        raise NotFound
    if file.state not in OPEN:
        return file.state
    was_cleaning = file.state == "cleaning"
    if not _claim(file, at):
        return "busy"
    try:
        data = _bytes_of(file)
    except transports.Unreachable as fault:
        return "unreachable" if _later(by, at, file, fault.reason) else "gone"
    except transports.TooLarge:
        return _end(by, at, file, "too_large", _too_large(rules.most_bytes(file.kind) + 1, file))
    except (transports.Rejected, NotImplementedError):
        return _end(by, at, file, "gone", FileGone())
    except Refused as refusal:
        return _end(
            by, at, file, "too_large" if isinstance(refusal, media.FileTooLarge) else "refused", refusal
        )
    return _keep(by, at, file, data, apart_only=was_cleaning)


def _claim(file: IncomingFile, at: datetime) -> bool:
    mine = IncomingFile.objects.filter(id=file.id, state=file.state, tries=file.tries, next_try_at__lte=at)
    taken = mine.update(state="fetching", tries=file.tries + 1, next_try_at=at + rules.CLAIM_LASTS) == 1
    file.tries += 1
    return taken


def _bytes_of(file: IncomingFile) -> bytes:
    """The bytes, unless its kind or size says that they are not worth the way."""
    if file.tries > len(rules.FETCH_AGAIN):
        raise FileNeverCame
    if file.kind in rules.NOT_FETCHED:
        raise media.VideoRefused
    most = rules.most_bytes(file.kind)
    if file.size_said and file.size_said > most:
        raise _too_large(file.size_said, file)
    gateway = file.incoming.gateway
    provider = transports.PROVIDERS.get(gateway.kind) if gateway is not None else None
    if gateway is None or provider is None:
        raise transports.Rejected("no gateway")
    setup = gateway_queries.setup_of(gateway)
    carried = requests.option(provider, "extract")
    if carried is not None:
        return _carried(file, lambda body: carried(setup, body, file.source))
    data = provider.fetch(setup, file.source, most)
    if not rules.is_as_announced(data, file.sha256_said):
        raise transports.Unreachable(FileNotAsAnnounced.code)
    return data


def _carried(file: IncomingFile, extract: Callable[[bytes], bytes]) -> bytes:
    """The bytes of a file that came inside its delivery: a mail carries its attachments."""
    body = Delivery.objects.filter(incoming=file.incoming_id).values_list("body", flat=True).first()
    if body is None:
        raise transports.Rejected("the delivery is not kept any more")
    try:
        data = extract(bytes(body))
    except transports.Unreadable as fault:
        raise transports.Rejected(fault.reason) from fault
    if len(data) > rules.most_bytes(file.kind):
        raise _too_large(len(data), file)
    return data


def _too_large(size: int, file: IncomingFile) -> media.FileTooLarge:
    shown = [
        f"{number / rules.MEGABYTE:.1f}".removesuffix(".0") for number in (size, rules.most_bytes(file.kind))
    ]
    return media.FileTooLarge(size=shown[0], limit=shown[1])


def _keep(by: Actor, at: datetime, file: IncomingFile, data: bytes, *, apart_only: bool) -> str:
    """Clean the bytes and keep them. The state says that it began, for the one who finds this file when we died of it."""
    IncomingFile.objects.filter(id=file.id, tries=file.tries).update(state="cleaning")
    clean_with = apart.clean_apart if apart_only else media.inspect_and_clean
    name = rules.claimed_name(file.name, file.mime_said)
    try:
        clean = clean_with(data, name, max_bytes=rules.most_bytes(file.kind))
        digest = FileStore(settings.SIMPUL_FILES).put(clean.data)
    except media.FileRefused as refusal:
        return _end(by, at, file, "refused", refusal)
    except DiskFull as fault:
        logger.error("The disk is full: a file of a message could not be kept and is fetched again later.")
        return "waiting" if _later(by, at, file, fault.code) else "gone"
    except Exception:
        _later(by, at, file, "fault")
        raise
    kept = {"sha256": digest, "mime": clean.mime, "size": len(clean.data), "fetched_at": at}
    return _end(by, at, file, "kept", None, **kept)


def _later(by: Actor, at: datetime, file: IncomingFile, reason: str) -> bool:
    """Put the file off; False when it was the last try and the file is given up."""
    wait = rules.next_fetch(file.tries)
    if wait is None or file.tries >= len(rules.FETCH_AGAIN):
        broken = reason == FileNotAsAnnounced.code
        _end(by, at, file, "gone", FileNotAsAnnounced() if broken else FileNeverCame())
        return False
    mine = IncomingFile.objects.filter(id=file.id, tries=file.tries)
    mine.update(state="waiting", reason=reason[:200], next_try_at=at + wait)
    return True


def _end(
    by: Actor, at: datetime, file: IncomingFile, state: str, refusal: Refused | None, **columns: object
) -> str:
    """Decide about the file, with a sentence for the officer who looks for it, in the language of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = str(refusal)[:200] if refusal is not None else ""
    with transaction.atomic():
        mine = IncomingFile.objects.filter(id=file.id, tries=file.tries, state__in=OPEN)
        if mine.update(state=state, reason=reason, **columns) != 1:
            return "busy"  # another worker took over while this one was slow
        journal_actions.record(
            by=by,
            at=at,
            kind="file.fetch",
            subject_kind="incoming",
            subject_id=file.incoming_id,
            region_code=file.incoming.correspondent.region_code,
            facts={
                "file": str(file.id),
                "state": state,
                "kind": file.kind,
                "tries": file.tries,
                "reason": refusal.code if refusal is not None else "",
            },
        )
    return state
