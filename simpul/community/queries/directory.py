"""The directory: lists for those who keep it and for everybody, the calendar of seasons, and lines to copy for the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from simpul.community.access import ideas as access
from simpul.community.access import works as work_access
from simpul.community.models import Agreement, Listing, ListingSet, Parcel, Work
from simpul.community.rules import directory as rules
from simpul.lib import text
from simpul.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it may be shown: the contact only where its owner agrees."""

    listing: Listing
    contact_name: str
    contact_phone: str


def kept(
    by: Actor, *, kind: str = "", words: str = "", ended: bool = False, region: str = ""
) -> list[Listing]:
    """The directory for those who keep it."""
    rows = access.listings(by).inside(region)
    rows = rows.exclude(ended_at=None) if ended else rows.current()
    return list(_narrowed(rows, kind, words).select_related("hamlet").order_by("kind", "name", "id")[:500])


def _narrowed(rows: ListingSet, kind: str, words: str) -> ListingSet:
    if kind in rules.KINDS:
        rows = rows.filter(kind=kind)
    for word in text.search_key(words)[:100].split():
        rows = rows.filter(search_key__contains=word)
    return rows


def agreements(listings: Sequence[Listing]) -> dict[UUID, Agreement]:
    """Listing -> the agreement that stands."""
    rows = Agreement.objects.filter(listing_id__in=[one.id for one in listings], withdrawn_at=None)
    return {one.listing_id: one for one in rows}


def agreements_of(listing: Listing) -> list[Agreement]:
    """All agreements of one line, the newest first."""
    return list(listing.agreements.order_by("-given_at"))


def public_lines(
    *, region: str = "", kind: str = "", words: str = "", month: int = 0, limit: int = 300
) -> list[Line]:
    """The directory as everybody reads it; with ``month`` only what there is then."""
    rows = _narrowed(Listing.objects.current().inside(region), kind, words)
    found = [
        one
        for one in rows.select_related("hamlet").order_by("name", "id")[:limit]
        if not month or rules.in_season(one.months, month)
    ]
    agreed = agreements(found)
    return [_line(one, agreed.get(one.id)) for one in found]


def public_line(listing_id: UUID) -> Line | None:
    """One line as everybody reads it."""
    row = Listing.objects.current().select_related("hamlet").filter(id=listing_id).first()
    return _line(row, agreements([row]).get(row.id)) if row is not None else None


def _line(listing: Listing, agreed: Agreement | None) -> Line:
    if agreed is None:
        return Line(listing, "", "")
    return Line(listing, listing.contact_name, listing.contact_phone)


def villages() -> list[str]:
    """Villages that have a directory."""
    rows = Listing.objects.current().order_by("region_code").values_list("region_code", flat=True)
    return list(rows.distinct()[:200])


def markets_on(region: str, weekday: int) -> list[Listing]:
    """Markets held on a weekday (1 is Monday)."""
    rows = Listing.objects.current().inside(region).filter(kind="market")
    return [one for one in rows.order_by("name") if one.weekdays & (1 << (weekday - 1))]


def produce_in(region: str, month: int) -> list[Listing]:
    """Produce with a season that falls into a month."""
    rows = Listing.objects.current().inside(region).filter(kind="produce").exclude(months=0)
    return [one for one in rows.order_by("name") if rules.in_season(one.months, month)]


def links_of(listing: Listing) -> tuple[Parcel | None, Work | None]:
    """The idle land and the work a line is tied to, where they stand."""
    parcel = (
        Parcel.objects.filter(id=listing.parcel_id, removed_at=None).first() if listing.parcel_id else None
    )
    work = Work.objects.public().filter(id=listing.work_id).first() if listing.work_id else None
    return parcel, work


def ties(by: Actor, region_code: str) -> tuple[list[Parcel], list[Work]]:
    """Idle land and works of a village to which a line can be tied."""
    parcels = work_access.parcels(by).filter(region_code=region_code).order_by("name")[:100]
    works = work_access.visible(by).filter(region_code=region_code).exclude(state="called_off")
    return list(parcels), list(works.order_by("-recorded_at")[:100])
