"""The monthly tonnage leaves the system as a file: totals without names, and a line that it left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul.community.actions import _bank as steps
from simpul.community.models import Bank
from simpul.community.queries import bank_public
from simpul.lib.actor import Actor


def export_tonnage(*, by: Actor, at: datetime, bank_id: UUID, year: int) -> list[bank_public.Tonnage]:
    """Grams by month and group of a year, for SIPSN (its interface is unconfirmed: the columns are Simpul's).

    Raises:
        NotFound.
    """
    with transaction.atomic():
        bank: Bank = steps.begin(by, "tonnage.export", bank_id)
        rows = bank_public.tonnage(bank, year)
        steps.line(by, at, "tonnage.export", ("bank", bank.id), bank, {"year": year, "rows": len(rows)})
    return rows
