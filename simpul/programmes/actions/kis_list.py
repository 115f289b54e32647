"""Acts on a deactivation list: begin it, take its rows in. Rows come in portions; the same row again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.access import kis as access
from simpul.programmes.actions import _kis, _kis_rows
from simpul.programmes.actions._kis_rows import CardRow, Listed
from simpul.programmes.models import Card, Deactivation
from simpul.regions import queries as region_queries


class ListUnclear(Refused):
    """A list needs a name of who switched off, and the day; without the day nobody knows which rule holds."""

    code = "deactivation.unclear"
    sentence = _(
        "Say who switched the cards off, and on which day. Both stand in the decree or the covering letter."
    )
    field = "source"


__all__ = ["CardRow", "ListUnclear", "Listed", "list_cards", "load_deactivation"]


def load_deactivation(
    *,
    by: Actor,
    at: datetime,
    source: str,
    off_date: date,
    region_code: str,
    decree: str = "",
    name: str = "",
    batch_id: UUID | None = None,
    brought_by: str = "",
) -> Deactivation:
    """Begin a list, or find it again: the same source, decree, day and area are one list, however often it comes.

    Raises:
        NotAllowed: the area is not this actor's.
        ListUnclear: nobody, or no possible day.
    """
    roles.require(by, "deactivation.load", roles.Place(region_code=region_code))
    who = text.clean_line(source)[:80]
    if not who or region_queries.find_region(region_code) is None:
        raise ListUnclear(field="region_code" if who else "source")
    if off_date > _kis.today_of(by, at) or off_date.year < 2014:  # PBI-JK exists since January 2014
        raise ListUnclear(field="off_date")
    ruled = text.clean_line(decree)[:120]
    with transaction.atomic():
        known, new = Deactivation.objects.get_or_create(
            region_code=region_code,
            source=who,
            decree=ruled,
            off_date=off_date,
            defaults={
                "name": text.clean_line(name)[:120] or ruled or who,
                "batch_id": batch_id,
                "loaded_at": at,
                "loaded_by": brought_by[:150] or by.name,
            },
        )
        if not new and batch_id is not None and known.batch_id != batch_id:
            Deactivation.objects.filter(id=known.id).update(batch_id=batch_id)
            known.batch_id = batch_id
        journal_actions.record(
            by=by,
            at=at,
            kind="deactivation.load",
            subject_kind="deactivation",
            subject_id=known.id,
            region_code=region_code,
            facts={"source": who, "decree": ruled, "off_date": off_date.isoformat(), "new": new},
        )
    return known


def list_cards(*, by: Actor, at: datetime, deactivation_id: UUID, rows: Sequence[CardRow]) -> Listed:
    """Take a portion of rows into a list. A row known already only fills what was empty; nothing that a person wrote is lost.

    Rows of another area, without a name, or standing twice are left out, each with its reason.

    Raises:
        NotFound: no such list for this actor.
    """
    group = access.list_for(by, deactivation_id)
    roles.require(by, "cards.list", roles.Place(region_code=group.region_code))
    with transaction.atomic():
        plan = _kis_rows.plan(group, group.region_code, rows)
        Card.objects.bulk_create(
            [_kis_rows.card_of(group, key, row, at) for key, row in plan.fresh.items()], batch_size=500
        )
        for card, gaps in plan.fuller:
            Card.objects.filter(id=card.id).update(**gaps, changed_at=at)
        Deactivation.objects.filter(id=group.id).update(
            listed=Card.objects.filter(deactivation=group).count()
        )
        counts = {name: plan.listed.count(name) for name in ("added", "changed", "unchanged", "refused")}
        journal_actions.record(
            by=by,
            at=at,
            kind="cards.list",
            subject_kind="deactivation",
            subject_id=group.id,
            region_code=group.region_code,
            facts=counts,
        )
    return plan.listed
