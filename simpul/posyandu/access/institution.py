"""Which cadres, decrees, records of training and goods of posyandu an actor may see: those of the area of the seat."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Cadre, Decree, Posyandu, SkillFact, StockItem

READING = access.INSTITUTION


def cadre_for(by: Actor, cadre_id: UUID, *, lock: bool = False) -> Cadre:
    """One of the board or cadres. Raises NotFound."""
    rows = access.rows(by, Cadre, READING, "posyandu__region_code").select_related("posyandu")
    found: Cadre = access.one(rows, cadre_id, lock=lock)
    return found


def decrees(by: Actor, posyandu: Posyandu) -> QuerySet[Decree]:
    """Papers of the chain of one posyandu."""
    rows: QuerySet[Decree] = access.rows(by, Decree, READING, "posyandu__region_code")
    return rows.filter(posyandu=posyandu)


def decree_for(by: Actor, decree_id: UUID, *, lock: bool = False) -> Decree:
    """One paper of the chain. Raises NotFound."""
    rows = access.rows(by, Decree, READING, "posyandu__region_code").select_related("posyandu")
    found: Decree = access.one(rows, decree_id, lock=lock)
    return found


def skillfact_for(by: Actor, skillfact_id: UUID, *, lock: bool = False) -> SkillFact:
    """One record of training or assessment. Raises NotFound."""
    rows = access.rows(by, SkillFact, READING, "cadre__posyandu__region_code")
    found: SkillFact = access.one(rows.select_related("cadre__posyandu"), skillfact_id, lock=lock)
    return found


def item_for(by: Actor, item_id: UUID, *, lock: bool = False) -> StockItem:
    """One kind of goods of a posyandu. Raises NotFound."""
    rows = access.rows(by, StockItem, READING, "posyandu__region_code").select_related("posyandu")
    found: StockItem = access.one(rows, item_id, lock=lock)
    return found


def place(posyandu: Posyandu) -> roles.Place:
    """Where something of a posyandu lies, for the role table."""
    desks = frozenset({posyandu.desk_id}) if posyandu.desk_id else frozenset()
    return roles.Place(posyandu.region_code, desks, desks)
