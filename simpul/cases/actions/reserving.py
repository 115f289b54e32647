"""Numbers given out before their matters, so that a receipt can be handed over where there is no network."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import numbers
from simpul.cases.models import CaseReservation
from simpul.cases.queries import receipts as receipt_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7

MOST = 500
"""A device takes no more at once than a team could hand out in weeks."""


class CountImpossible(Refused):
    """None, or more than a device may hold."""

    code = "numbers.count_impossible"
    sentence = _("Reserve between 1 and %(most)s numbers at once.")
    field = "count"


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a device hands over for one matter: the number with its PIN, or the 16-digit receipt of an anonymous or sealed one."""

    case_id: UUID
    number: str
    pin: str
    receipt16: str


def reserve_numbers(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    count: int,
    for_device: str = "",
    allotment_id: UUID | None = None,
) -> list[Reserved]:
    """Take the next numbers of the month for matters that are still to come, each with the key of its matter.

    The same ``allotment_id`` again gives the same numbers. Nobody else gets them: unused ones are listed (``return_numbers``), so that the
    series has no gap that nobody can explain.

    Raises:
        NotAllowed: only the system and administrators.
        CountImpossible.
    """
    roles.require(by, "numbers.reserve", roles.Place(region_code=region_code))
    if not 1 <= count <= MOST:
        raise CountImpossible(most=MOST)
    with transaction.atomic():
        known = _allotted(allotment_id)
        if known:
            return known
        series = numbers.series_of(at, region_code)
        known = _allotted(allotment_id)  # by the same device, while this one waited for its turn
        if known:
            return known
        allotment = allotment_id or uuid7()
        given = numbers.next_numbers(series, at, region_code, count)
        rows = [
            CaseReservation(
                id=uuid7(),
                case_id=uuid7(),
                number=number,
                series=series.key,
                allotment=allotment,
                for_device=for_device[:80],
                reserved_at=at,
            )
            for number in given
        ]
        CaseReservation.objects.bulk_create(rows)
        journal_actions.record(
            by=by,
            at=at,
            kind="numbers.reserve",
            subject_kind="allotment",
            subject_id=allotment,
            region_code=region_code,
            facts={"first": given[0], "last": given[-1], "count": count, "device": for_device[:80]},
        )
    return [_reserved(one) for one in rows]


def keep_numbers(*, by: Actor, at: datetime, given: Collection[Reserved]) -> int:
    """On a village node: keep numbers that the server above set aside for it, with the receipts that hold there. How many are new.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "numbers.keep", roles.Place(region_code=""))
    with transaction.atomic():
        known = set(
            CaseReservation.objects.filter(case_id__in=[one.case_id for one in given]).values_list(
                "case_id", flat=True
            )
        )
        allotment = uuid7()
        rows = [
            CaseReservation(
                id=uuid7(),
                case_id=one.case_id,
                number=one.number,
                series="",
                allotment=allotment,
                reserved_at=at,
                receipt=json.dumps({"pin": one.pin, "receipt16": one.receipt16}),
            )
            for one in given
            if one.case_id not in known
        ]
        CaseReservation.objects.bulk_create(rows)
        if rows:
            journal_actions.record(
                by=by,
                at=at,
                kind="numbers.keep",
                subject_kind="allotment",
                subject_id=allotment,
                facts={"first": rows[0].number, "last": rows[-1].number, "count": len(rows)},
            )
    return len(rows)


def return_numbers(
    *, by: Actor, at: datetime, for_device: str = "", case_ids: Collection[UUID] = ()
) -> list[str]:
    """Take back what a device did not use, all of it or of these matters; the numbers stay unused for good. Returns them.

    Raises:
        NotAllowed: only the system and administrators.
    """
    roles.require(by, "numbers.return", roles.Place(region_code=""))
    with transaction.atomic():
        rows = CaseReservation.objects.select_for_update().filter(state="free")
        rows = rows.filter(case_id__in=list(case_ids)) if case_ids else rows.filter(for_device=for_device)
        found = list(rows.order_by("number")) if case_ids or for_device else []
        CaseReservation.objects.filter(id__in=[one.id for one in found]).update(
            state="returned", settled_at=at
        )
        if found:
            journal_actions.record(
                by=by,
                at=at,
                kind="numbers.return",
                subject_kind="allotment",
                subject_id=found[0].allotment,
                facts={"numbers": [one.number for one in found], "device": for_device[:80]},
            )
    return [one.number for one in found]


def _allotted(allotment_id: UUID | None) -> list[Reserved]:
    """What was given out under this key before."""
    if allotment_id is None:
        return []
    return [_reserved(one) for one in CaseReservation.objects.filter(allotment=allotment_id).order_by("id")]


def _reserved(row: CaseReservation) -> Reserved:
    receipt = receipt_queries.derive(row.case_id, None, secret=False)
    secret = receipt_queries.derive(row.case_id, None, secret=True)
    return Reserved(row.case_id, row.number, receipt.pin, secret.receipt16)
