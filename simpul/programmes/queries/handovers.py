"""Minutes of handing over: those of a round, one by its token, and the content that is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.keys import ring
from simpul.meetings.models import Meeting
from simpul.programmes.access import rounds as access
from simpul.programmes.models import Delivery, Handover, Round
from simpul.programmes.queries import deliveries
from simpul.programmes.rules import handovers as rules
from simpul.programmes.rules import rounds as goods_rules
from simpul.regions import queries as region_queries


def of_round(by: Actor, round_id: UUID) -> list[Handover]:
    """The minutes of a round that stand, the newest first."""
    return list(_standing(access.handovers(by).filter(round_id=round_id)))


def of_stop(by: Actor, stop_id: UUID) -> list[Handover]:
    """The minutes of a stop that stand."""
    return list(_standing(access.handovers(by).filter(stop_id=stop_id)))


def _standing(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.filter(replaced_by=None).select_related("round").order_by("-made_at", "-id")


def stops_of(by: Actor, round_id: UUID) -> list[tuple[UUID, UUID | None, str]]:
    """The stops at which something of a round was brought, as (stop, trip, village)."""
    rows = access.deliveries(by).standing().filter(round_id=round_id, stop_id__isnull=False)
    found = rows.order_by("stop_id").values_list("stop_id", "trip_id", "region_code").distinct()
    return [(stop, trip, code) for stop, trip, code in found if stop is not None]


def newest(round_id: UUID, region_code: str, stop_id: UUID | None) -> Handover | None:
    """The version that stands for a stop, or for a village of a round without one."""
    rows = Handover.objects.filter(round_id=round_id, region_code=region_code, stop_id=stop_id)
    return rows.order_by("-version").first()


def by_token(token: str) -> Handover | None:
    """The minutes that a QR code names: for everybody who has the paper in hand."""
    return (
        Handover.objects.select_related("round__programme").filter(token=token[:22]).first()
        if token
        else None
    )


def is_genuine(row: Handover) -> bool:
    """True when the frozen text has its digest and one of this installation's keys signed it."""
    try:
        signature = bytes.fromhex(row.signature)
    except ValueError:
        return False
    return rules.digest(row.content) == row.digest and ring().verify(row.digest.encode(), signature)


def content(
    found: Round,
    *,
    number: str,
    version: int,
    replaces: str,
    region_code: str,
    stop_id: UUID | None,
    stop: str,
    place: str,
    handed_date: date,
    signers: Sequence[tuple[str, str]],
) -> rules.Content:
    """What the tables say now about a stop, or a village of a round, in the form that is frozen."""
    rows = Delivery.objects.standing().filter(areas.inside(region_code), round=found)
    if stop_id is not None:
        rows = rows.filter(stop_id=stop_id)
    shown = deliveries.shown(rows.order_by("hamlet__name", "delivered_at", "id"))
    counts: dict[str, int] = {}
    for one in shown:
        counts[one.delivery.outcome] = counts.get(one.delivery.outcome, 0) + 1
    return rules.Content(
        number=number,
        version=version,
        replaces=replaces,
        programme=found.programme.name,
        round=found.name,
        period=found.period,
        region_code=region_code,
        region=region_queries.path_names(region_code),
        place=place,
        stop=stop,
        decided_by=decided_by(found),
        handed_date=handed_date.isoformat(),
        rows=tuple(_row(one) for one in shown),
        totals=_totals(shown),
        counts=counts,
        signers=tuple(signers),
    )


def decided_by(found: Round) -> str:
    """Who decided the list, in words."""
    if found.meeting_id is not None:
        meeting = Meeting.objects.filter(id=found.meeting_id).first()
        day = f" ({meeting.held_at:%d-%m-%Y})" if meeting and meeting.held_at else ""
        return f"{meeting.title}{day}" if meeting else ""
    parts = (
        found.authority,
        found.document,
        f"{found.document_date:%d-%m-%Y}" if found.document_date else "",
    )
    return ", ".join(part for part in parts if part)


def _row(one: deliveries.Shown) -> rules.Row:
    row = one.delivery
    unit = row.person.full_name if row.person else row.household.name if row.household else ""
    return rules.Row(
        key=str(row.id),
        name=row.entry.name if row.entry else unit,
        hamlet=row.hamlet.name if row.hamlet else "",
        outcome=row.outcome,
        amounts=tuple(
            (line.item.what, goods_rules.plain(line.quantity), line.item.unit) for line in one.lines
        ),
        receiver=row.receiver,
        receiver_name=row.receiver_name,
        authority=row.authority,
        witness=row.witness,
        proofs=tuple(row.proofs),
        delivered_at=row.delivered_at.astimezone(UTC).isoformat(timespec="seconds"),
        by_name=row.by_name,
        flags=tuple(row.flags),
    )


def _totals(shown: Sequence[deliveries.Shown]) -> tuple[rules.Total, ...]:
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for one in shown:
        for line in one.lines:
            key = (line.item.what, line.item.unit)
            total, number = sums.get(key, (Decimal(0), 0))
            sums[key] = (total + line.quantity, number + 1)
    return tuple(
        rules.Total(what, unit, goods_rules.plain(total), number)
        for (what, unit), (total, number) in sums.items()
    )
