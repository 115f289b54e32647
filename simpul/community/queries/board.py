"""The notice board: what stands on it, and what was copied into the group."""

from __future__ import annotations

from datetime import date

from simpul.community.access import ideas as access
from simpul.community.models import Bulletin, Digest
from simpul.lib import areas
from simpul.lib.actor import Actor


def kept(by: Actor, *, region: str = "", day: date, ended: bool = False) -> list[Bulletin]:
    """Announcements for those who keep the board: what stands or comes; with ``ended`` what is over."""
    rows = access.bulletins(by).inside(region).select_related("hamlet")
    if ended:
        over = rows.exclude(ended_at=None) | rows.filter(until_date__lt=day)
        return list(over.order_by("-until_date", "id")[:100])
    return list(rows.filter(ended_at=None, until_date__gte=day).order_by("-first", "from_date", "id"))


def public(region: str, day: date) -> list[Bulletin]:
    """What stands on a village's board on a day."""
    rows = Bulletin.objects.filter(region_code=region, ended_at=None, from_date__lte=day, until_date__gte=day)
    return list(rows.select_related("hamlet").order_by("-first", "kind", "-from_date", "id")[:40])


def digests(by: Actor, region: str, limit: int = 30) -> list[Digest]:
    """Texts that were copied into the group, the newest first."""
    if access.bulletins(by).query.is_empty():
        return []
    rows = Digest.objects.filter(access.inside(by)).filter(areas.inside(region))
    return list(rows.order_by("-shared_at")[:limit])
