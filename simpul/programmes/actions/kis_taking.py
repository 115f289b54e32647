"""What a portion of a deactivation list means: cards of the list, tied to the people of the register.

The file, its columns and its progress are the import's own (``people.rules.imports``); this is its taker for the kind ``kis``. Who switched
off and by which decree stands in the batch's source words, on which day in its date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from simpul.people.rules import imports
from simpul.programmes.actions import _kis, _kis_rows, kis_list, kis_matching
from simpul.programmes.models import Deactivation
from simpul.programmes.rules import kis as rules
from simpul.regions import queries as region_queries

UNNAMED = "Kemensos"
"""Who switched off when nobody said: the cards are the ministry's."""


class CardTaker:
    """Takes portions of a list of switched-off cards in."""

    def __init__(self) -> None:
        self.hamlets: dict[str, dict[str, UUID]] = defaultdict(dict)
        self.looked_up: set[str] = set()

    def take(self, portion: imports.Portion) -> imports.Outcome:
        """Take a portion in and look its people up; or only say what would become of it."""
        rows = [self._row(row) for row in portion.rows]
        source = portion.batch.source_words.strip()[:80] or UNNAMED
        day = portion.batch.as_of_date or _kis.today_of(portion.by, portion.batch.started_at)
        if portion.dry:
            known = Deactivation.objects.filter(
                region_code=portion.batch.region_code, source=source, decree="", off_date=day
            ).first()
            return _outcome(_kis_rows.plan(known, portion.batch.region_code, rows).listed)
        group = kis_list.load_deactivation(
            by=portion.by,
            at=portion.at,
            source=source,
            off_date=day,
            region_code=portion.batch.region_code,
            name=portion.batch.source_words or portion.batch.file_name,
            batch_id=portion.batch.id,
            brought_by=portion.batch.started_by,
        )
        listed = kis_list.list_cards(by=portion.by, at=portion.at, deactivation_id=group.id, rows=rows)
        outcome = _outcome(listed)
        matched = kis_matching.match_cards(
            by=portion.by, at=portion.at, deactivation_id=group.id, limit=2 * imports.PORTION
        )
        outcome.doubtful = matched.doubtful
        return outcome

    def pass_over(self, rows: Sequence[imports.Row]) -> None:
        """Nothing to remember: a card knows its row by itself."""

    def _row(self, row: imports.Row) -> _kis_rows.CardRow:
        said: dict[str, Any] = row.values
        village = said.get("village", "")
        words = f"{said.get('need_words', '')} {said.get('off_reason', '')}"
        return _kis_rows.CardRow(
            row=row.number,
            name=said.get("full_name", ""),
            region_code=village,
            nik=said.get("nik", ""),
            kis_number=said.get("kis_number", ""),
            sex=said.get("sex", ""),
            birth_date=said.get("birth_date"),
            hamlet_id=self._hamlet(village, said),
            address=_address(said),
            landmark=said.get("landmark", ""),
            off_date=said.get("off_date"),
            off_reason=said.get("off_reason", ""),
            need=rules.need_from_words(words),
        )

    def _hamlet(self, village: str, said: dict[str, Any]) -> UUID | None:
        """The hamlet of the village by its name; none where the list names one we do not know: its name stays in the address."""
        name = _plain(said.get("hamlet", ""))
        if not name or len(village) != 10:
            return None
        if village not in self.looked_up:
            self.looked_up.add(village)
            self.hamlets[village] = {
                _plain(one.name): one.id
                for one in region_queries.hamlets(village)
                if one.kind in ("dusun", "lingkungan")
            }
        return self.hamlets[village].get(name)


def _plain(name: str) -> str:
    """A hamlet's name without its kind: "Dusun Beloparang" and "BELOPARANG" are one."""
    words = name.casefold().split()
    return " ".join(
        word for word in words if word not in ("dusun", "dsn", "dsn.", "lingkungan", "lingk", "lk")
    )


def _address(said: dict[str, Any]) -> str:
    parts = [said.get("address", ""), said.get("hamlet", "")]
    parts += [f"{kind.upper()} {said[kind]}" for kind in ("rt", "rw") if said.get(kind)]
    return ", ".join(part for part in parts if part)[:200]


def _outcome(listed: _kis_rows.Listed) -> imports.Outcome:
    outcome = imports.Outcome(became=dict(listed.became))
    for number, code in listed.faults.items():
        outcome.note(number, code, refused=listed.became[number] == "refused")
    return outcome
