"""The public face for Open311: published matters that are neither sensitive nor anonymous, and the token of one that waits.

Who asks here is the public. What is answered is the published record, made of redacted words and released by a second person;
of the matter itself come its number and whether it is open again, nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from simpul.cases import access as case_access
from simpul.cases.models import Publication
from simpul.cases.models.publishing import PublicationSet
from simpul.journal.models import Line
from simpul.lib import areas
from simpul.lib.crypto import CannotDecrypt
from simpul.lib.keys import ring

MOST = 1000
_CONTEXT = "exchange.open311.token"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of requests is narrowed to; empty means all."""

    numbers: Collection[str] = ()
    kind_codes: Collection[str] = ()
    begin: date | None = None
    end: date | None = None
    open_too: bool = True
    closed_too: bool = True
    region_code: str = ""
    page: int = 1
    size: int = MOST


def _face() -> PublicationSet:
    return (
        case_access.released()
        .filter(case__sensitivity="normal")
        .exclude(case__mode="anonymous")
        .select_related("case")
    )


def published(wanted: Wanted) -> list[Publication]:
    """Published matters, the newest received first; one query whatever is asked for."""
    rows = _face()
    if wanted.numbers:
        rows = rows.filter(case__number__in=list(wanted.numbers))
    if wanted.kind_codes:
        rows = rows.filter(kind_code__in=list(wanted.kind_codes))
    if wanted.begin is not None:
        rows = rows.filter(received_date__gte=wanted.begin)
    if wanted.end is not None:
        rows = rows.filter(received_date__lte=wanted.end)
    if wanted.open_too is not wanted.closed_too:
        rows = rows.filter(case__is_open=wanted.open_too)
    if wanted.region_code:
        rows = rows.filter(areas.inside(wanted.region_code))
    start = (wanted.page - 1) * wanted.size
    return list(rows.order_by("-received_date", "-id")[start : start + wanted.size])


def published_one(number: str) -> Publication | None:
    """One published matter by its number."""
    return _face().filter(case__number=number).first()


def token_of(case_id: UUID) -> str:
    """A token that stands for a matter until it is published: sealed with the installation's key, stored nowhere."""
    return base64.urlsafe_b64encode(ring().encrypt(case_id.bytes, _CONTEXT)).decode().rstrip("=")


def behind_token(token: str) -> tuple[bool, str]:
    """Whether a token is ours, and the number of its matter once it is published.

    A matter that will never be published is told from one that is not published yet by nothing.
    """
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        case_id = UUID(bytes=ring().decrypt(sealed, _CONTEXT))
    except (CannotDecrypt, binascii.Error, ValueError):
        return False, ""
    found = _face().filter(case_id=case_id).first()
    return True, found.case.number if found is not None else ""


def kinds_changed_at() -> datetime | None:
    """When the kinds of matters were changed last."""
    lines = Line.objects.filter(kind__in=("kind.change", "kinds.load"))
    return lines.aggregate(newest=Max("recorded_at"))["newest"]
