"""Numbers of a village: series and years there are, what became of each number, and which ones nobody can explain."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from simpul import roles
from simpul.letters.models import NumberBlock, Series, TakenNumber
from simpul.letters.rules import numbers as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Explained:
    """Neighbouring numbers that no valid letter has, with the one reason."""

    first: int
    last: int
    state: str  # void, reserved
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """One series in one year: counts, what is void or set aside and why, and what is missing (which should be nothing)."""

    series: str
    year: int
    last: int
    used: int
    void: int
    reserved: int
    missing: list[int]
    explained: list[Explained]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The missing numbers, neighbours joined."""
        return rules.spans(self.missing)


def series_in_use(by: Actor, region_code: str) -> list[tuple[str, int]]:
    """The series and years in which a village has taken numbers, the newest year first.

    Raises:
        NotFound: not this actor's village.
    """
    _demand(by, region_code)
    rows = Series.objects.filter(key__startswith=f"{region_code}/").values_list("key", flat=True)
    found = [key.split("/") for key in rows]
    return sorted(((part[1], int(part[2])) for part in found), key=lambda one: (-one[1], one[0]))


def gaps(by: Actor, region_code: str, series: str, year: int) -> Report:
    """What became of every number of a series in a year.

    Raises:
        NotFound: not this actor's village.
    """
    _demand(by, region_code)
    held = Series.objects.filter(key=rules.row_key(region_code, series, year)).first()
    rows = list(
        TakenNumber.objects.filter(region_code=region_code, series=series, year=year)
        .select_related("block")
        .order_by("number")
    )
    last = held.last if held is not None else 0
    counts = Counter(row.state for row in rows)
    return Report(
        series=series,
        year=year,
        last=last,
        used=counts["used"],
        void=counts["void"],
        reserved=counts["reserved"],
        missing=rules.missing(last, {row.number for row in rows}),
        explained=_explained([row for row in rows if row.state != "used"]),
    )


def _explained(rows: list[TakenNumber]) -> list[Explained]:
    found: list[Explained] = []
    for row in rows:
        why = row.why or (row.block.holder if row.block is not None else "")
        before = found[-1] if found else None
        if before is not None and (before.last, before.state, before.why) == (row.number - 1, row.state, why):
            found[-1] = Explained(before.first, row.number, row.state, why)
        else:
            found.append(Explained(row.number, row.number, row.state, why))
    return found[:MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class Block:
    """A block with what is left of it."""

    block: NumberBlock
    used: int
    left: int


def blocks(by: Actor, region_code: str) -> list[Block]:
    """Blocks of a village, those that are out first, then the newest. Two queries.

    Raises:
        NotFound: not this actor's village.
    """
    _demand(by, region_code)
    found = list(NumberBlock.objects.filter(region_code=region_code).order_by("-reserved_at", "-id")[:100])
    states = Counter(TakenNumber.objects.filter(block__in=found).values_list("block_id", "state"))
    rows = [Block(one, states[one.id, "used"], states[one.id, "reserved"]) for one in found]
    return sorted(rows, key=lambda one: one.block.returned_at is not None)


def open_blocks(by: Actor, region_code: str, series: str, at: datetime) -> list[Block]:
    """Blocks of a series from which a letter that was written by hand may still take its number."""
    return [
        one
        for one in blocks(by, region_code)
        if one.left and one.block.series == series and one.block.reserved_at <= at
    ]


def _demand(by: Actor, region_code: str) -> None:
    """Numbers are seen by who works on letters of the village."""
    if not by.serves(region_code) or not roles.may_somewhere(by, "letter.draft"):
        raise NotFound
