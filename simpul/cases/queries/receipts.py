"""The receipt of a case: derived from its id by a key that only this installation has, and never stored.

A stored PIN, however it is hashed, falls to a million tries; a derived one cannot be tried without the key file, which is
no part of the database. It costs a microsecond where a slow hash costs twenty milliseconds of every intake, and the same
act repeated after a lost reply shows the same receipt. See docs/decisions/0011-receipts.md.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from simpul.cases.models import Case, CaseReservation
from simpul.cases.rules import receipts as rules
from simpul.lib import ids
from simpul.lib.keys import ring

_TURNS = 100


@dataclass(frozen=True, slots=True)
class Receipt:
    """A 6-digit PIN that goes with the number, or a 16-digit receipt that stands alone; the other one is empty."""

    pin: str
    receipt16: str


def derive(case_id: UUID, visit_id: UUID | None, *, secret: bool) -> Receipt:
    """The receipt of a case: ``secret`` for anonymous and sealed matters. Matters of one visit share its PIN."""
    if settings.SIMPUL_NODE and (above := _from_above(case_id, secret=secret)):
        return above
    keys = ring()
    if secret:
        return Receipt("", rules.receipt16(keys.blind_index(str(case_id), "receipt16")))
    seed = str(visit_id or case_id)
    for turn in range(_TURNS):
        pin = rules.pin(keys.blind_index(f"{seed}:{turn}", "pin"))
        if not ids.is_weak_pin(pin):
            return Receipt(pin, "")
    raise RuntimeError("no usable PIN")


def _from_above(case_id: UUID, *, secret: bool) -> Receipt | None:
    """The receipt of a matter that a village node took in under a number of the server above: that server's, so that it holds there."""
    found = CaseReservation.objects.filter(case_id=case_id).exclude(receipt=b"").first()
    if found is None:
        return None
    said = json.loads(found.receipt)
    return Receipt("", said["receipt16"]) if secret else Receipt(said["pin"], "")


def receipt_index(receipt16: str) -> str:
    """How a 16-digit receipt is found again; "" for none."""
    return ring().blind_index(receipt16, "receipt") if receipt16 else ""


def pin_fits(case: Case | None, pin: str) -> bool:
    """True when the PIN belongs to the case. The same work is done when there is no such case."""
    known = case is not None and not case.receipt_index
    seed = case if case is not None and known else Case()
    expected = derive(seed.id, seed.visit_id, secret=False).pin
    return hmac.compare_digest(expected, pin) and known
