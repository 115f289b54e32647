"""What tests of works and land share: a planned work, a line of its book, a parcel and its owner's consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simpul.community.actions import giving, land, things, works
from simpul.community.models import Labour, LandUse, Material, Money, Parcel, Work
from simpul.journal.models import Line
from tests.cast import DUNGKAIT, NOW, Cast


def plan(cast: Cast, by: Any = None, **more: Any) -> Work:
    """A planned work in Dungkait."""
    wanted = {"title": "Selokan masjid", **more}
    key = wanted.pop("work_id", None)
    return works.plan_work(
        by=by or cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        plan=works.WorkPlan(**wanted),
        work_id=key,
    )


def hours(cast: Cast, work: Work, name: str = "Pemuda", half_days: int = 1, **more: Any) -> Labour:
    """A line of a day sheet."""
    key = more.pop("entry_id", None)
    return giving.record_labour(
        by=cast.village_officer,
        at=NOW,
        work_id=work.id,
        day=more.pop("day", NOW.date()),
        hours=giving.Hours(name, half_days, **more),
        entry_id=key,
    )


def cash(cast: Cast, work: Work, direction: str = "in", amount: int = 100_000, **more: Any) -> Money:
    """A line of the cash book."""
    said = {"words": "Konsumsi", **more}
    return giving.record_money(
        by=cast.village_officer,
        at=NOW,
        work_id=work.id,
        day=NOW.date(),
        cash=giving.Cash(direction, amount, **said),
    )


def rate(cast: Cast, price: int = 65_000, days_ago: int = 30, **more: Any) -> Any:
    """A price on the list."""
    said = {"name": "Semen", "unit": "sak", **more}
    return things.set_rate(
        by=cast.village_head,
        at=NOW,
        region_code=DUNGKAIT,
        price=price,
        from_date=NOW.date() - timedelta(days=days_ago),
        **said,
    )


def brought(cast: Cast, work: Work, **more: Any) -> Material:
    """A material."""
    day = more.pop("day", NOW.date())
    return giving.record_material(
        by=cast.village_officer, at=NOW, work_id=work.id, day=day, brought=giving.Brought(**more)
    )


def fresh(row: Any) -> Any:
    """The row as it stands now."""
    return type(row).objects.get(pk=row.pk)


def kinds() -> list[str]:
    """The acts that were written into the journal, in order."""
    return list(
        Line.objects.filter(
            kind__regex=r"^(work|labour|material|money|tool|picture|rate|land|use|input|harvest)\."
        )
        .order_by("recorded_at", "id")
        .values_list("kind", flat=True)
    )


def offer(cast: Cast, **more: Any) -> Parcel:
    """A listed parcel."""
    said = {"name": "Kebun bawah", "square_metres": 2400, "ground": "dry", "owner_name": "Hj. Saodah", **more}
    key = said.pop("parcel_id", None)
    return land.offer_land(
        by=cast.village_officer, at=NOW, region_code=DUNGKAIT, piece=land.Piece(**said), parcel_id=key
    )


def agree(cast: Cast, parcel: Parcel, days: int = 365, **more: Any) -> Any:
    """The owner's consent from today on."""
    today = NOW.date()
    said = {
        "giver": "Hj. Saodah",
        "how": "signed",
        "from_date": today,
        "to_date": today + timedelta(days=days),
        **more,
    }
    return land.agree_land(by=cast.village_officer, at=NOW, parcel_id=parcel.id, terms=land.Terms(**said))


def till(cast: Cast, parcel: Parcel, days: int = 100, **more: Any) -> LandUse:
    """A group that tills it from today on."""
    today = NOW.date()
    said = {
        "group": "KWT Melati",
        "crop": "Jagung",
        "started_date": today,
        "until_date": today + timedelta(days=days),
        **more,
    }
    return land.begin_use(by=cast.village_officer, at=NOW, parcel_id=parcel.id, tilling=land.Tilling(**said))
