"""Papers of the registration: minutes of the village meeting, decrees, the matrix, the letter with the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import media
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.models import Decree
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules


class NotAPaper(Refused):
    """A paper is a photo or a PDF."""

    code = "decree.not_a_paper"
    sentence = _("Choose a photo or a PDF of the paper.")
    field = "file"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its bytes and the name it had."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class DecreeGiven:
    """What is said of a paper."""

    kind: str = ""
    number: str = ""
    decree_date: date = date.min
    until_date: date | None = None
    words: str = ""
    file: Upload | None = None


def record_decree(
    *, by: Actor, at: datetime, posyandu_id: UUID, given: DecreeGiven, decree_id: UUID | None = None
) -> Decree:
    """Write down a paper of the chain, with its file when it is at hand. A newer decree stands beside the older one.

    Raises:
        NotAPaper; lib.media.FileRefused: the file cannot be taken, with its own sentence.
        steps.DayAhead, steps.ChoiceNotThere, steps.PosyanduClosed.
    """
    roles.require(by, "decree.record", own_access.place(access.posyandu_for(by, posyandu_id)))
    clean = _clean(given.file)
    with transaction.atomic():
        posyandu = steps.begin(by, "decree.record", posyandu_id)
        known: Decree | None = steps.again(Decree, decree_id, posyandu_id=posyandu.id)
        if known is not None:
            return known
        decree = Decree.objects.create(
            id=decree_id or uuid7(),
            posyandu=posyandu,
            kind=steps.chosen(given.kind, rules.DECREES, "kind"),
            number=steps.line_of(given.number, 100),
            decree_date=steps.done(given.decree_date, posyandu, at, "decree_date"),
            until_date=given.until_date,
            words=steps.line_of(given.words, 200),
            file_sha256=queries.store().put(clean.data) if clean else "",
            file_mime=clean.mime if clean else "",
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        facts = {
            "kind": decree.kind,
            "number": decree.number,
            "date": decree.decree_date.isoformat(),
            "file": bool(clean),
        }
        steps.line(by, at, "decree.record", posyandu, facts=facts, subject=("decree", decree.id))
    return decree


def withdraw_decree(*, by: Actor, at: datetime, decree_id: UUID, why: str) -> Decree:
    """Take a paper back that was written down by mistake. Its line stays with the reason.

    Raises:
        steps.WordMissing.
    """
    with transaction.atomic():
        decree = own_access.decree_for(by, decree_id, lock=True)
        roles.require(by, "decree.withdraw", own_access.place(decree.posyandu))
        if decree.withdrawn_at is not None:
            return decree
        decree.withdrawn_why = steps.words(why, field="why", most=200)
        decree.withdrawn_at = at
        decree.save(update_fields=["withdrawn_at", "withdrawn_why"])
        steps.line(
            by,
            at,
            "decree.withdraw",
            decree.posyandu,
            facts={"kind": decree.kind, "number": decree.number},
            inputs={"why": decree.withdrawn_why},
            subject=("decree", decree.id),
        )
    return decree


def _clean(file: Upload | None) -> media.CleanFile | None:
    """The file made anew without hidden data, before anything is locked."""
    if file is None:
        return None
    clean = media.inspect_and_clean(file.data, file.name, max_bytes=settings.SIMPUL_MAX_FILE)
    if clean.kind not in ("photo", "pdf"):
        raise NotAPaper
    return clean
