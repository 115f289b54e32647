"""Steps of taking rows in: what makes a row one, which rows are new, which fill a gap. Used by the act and by the dry run alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from simpul.lib import text
from simpul.lib.keys import ring
from simpul.people import queries as people_queries
from simpul.programmes.models import Card, Deactivation
from simpul.programmes.rules import kis as rules


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of a list, read and cleaned. ``row`` is the sheet's own number."""

    row: int
    name: str
    region_code: str
    nik: str = ""
    kis_number: str = ""
    sex: str = ""
    birth_date: date | None = None
    hamlet_id: UUID | None = None
    address: str = ""
    landmark: str = ""
    off_date: date | None = None
    off_reason: str = ""
    need: str = ""


@dataclass(slots=True)
class Listed:
    """What became of a portion: for every row number one of added, changed, unchanged, refused; and why rows were refused."""

    became: dict[int, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)

    def count(self, became: str) -> int:
        """How many rows became that."""
        return sum(one == became for one in self.became.values())


@dataclass(slots=True)
class Plan:
    """What taking rows in would do."""

    listed: Listed
    fresh: dict[str, CardRow] = field(default_factory=dict)
    fuller: list[tuple[Card, dict[str, Any]]] = field(default_factory=list)


def plan(group: Deactivation | None, region_code: str, rows: Iterable[CardRow]) -> Plan:
    """Sort rows into new ones, ones that fill a gap, known ones and refused ones; two queries for any number of rows."""
    found = Plan(Listed())
    wanted: dict[str, CardRow] = {}
    for row in rows:
        key = _key(row)
        fault = _fault(row, key, wanted, region_code)
        if fault:
            found.listed.faults[row.row] = fault
            found.listed.became[row.row] = "unchanged" if fault == "twice_in_list" else "refused"
        else:
            wanted[key] = row
    known = {
        card.row_key: card
        for card in (Card.objects.filter(deactivation=group, row_key__in=list(wanted)) if group else ())
    }
    for key, row in wanted.items():
        card = known.get(key)
        gaps = _gaps(card, row) if card is not None else {}
        if card is None:
            found.fresh[key] = row
        elif gaps:
            found.fuller.append((card, gaps))
        found.listed.became[row.row] = "added" if card is None else "changed" if gaps else "unchanged"
    return found


def _fault(row: CardRow, key: str, wanted: dict[str, CardRow], region_code: str) -> str:
    if not row.region_code.startswith(region_code):
        return "other_region"
    if not row.name:
        return "full_name_missing"
    return "twice_in_list" if key in wanted else ""


def _key(row: CardRow) -> str:
    """What makes a row one: the NIK, else the card's number, else name, birth date and village."""
    born = row.birth_date.isoformat() if row.birth_date else ""
    said = row.nik or row.kis_number or f"{text.name_key(row.name)}|{born}|{row.region_code}"
    return ring().blind_index(said, "kis_row")


def card_of(group: Deactivation, key: str, row: CardRow, at: datetime) -> Card:
    """A new card of the list, with its place in the order of doors as far as the list tells."""
    by_age = rules.need_from_register(rules.Known(birth_date=row.birth_date), at.date())
    need = row.need or rules.need_from_words(row.off_reason) or by_age or "unknown"
    return Card(
        deactivation=group,
        row_key=key,
        name=row.name[:150],
        name_key=text.name_key(row.name)[:150],
        sex=row.sex,
        birth_date=row.birth_date,
        nik=row.nik,
        nik_index=people_queries.nik_index(row.nik),
        kis_number=row.kis_number[:20],
        address=row.address[:200],
        landmark=row.landmark[:200],
        region_code=row.region_code,
        hamlet_id=row.hamlet_id,
        off_date=row.off_date or group.off_date,
        off_reason=row.off_reason[:150],
        need=need,
        need_source="list" if need != "unknown" else "",
        rank=rules.rank(need),
        listed_at=at,
        changed_at=at,
    )


_FILLED = ("kis_number", "sex", "birth_date", "address", "landmark", "hamlet_id", "off_reason")


def _gaps(card: Card, row: CardRow) -> dict[str, Any]:
    """What the row knows and the card does not."""
    return {name: getattr(row, name) for name in _FILLED if getattr(row, name) and not getattr(card, name)}
