"""The institution, its desks with their hours, hamlets, and the routes of the four places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from simpul.cases.actions import kinds as kind_actions
from simpul.cases.queries import kinds as kind_queries
from simpul.demo import pictures
from simpul.demo.stage import Stage, read
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE
from simpul.regions import actions as region_actions

_DESK_KEYS = (
    "code",
    "name",
    "name_en",
    "kind",
    "level",
    "outside",
    "protected",
    "week",
    "hop_days",
    "work_days",
    "their_days",
    "needs",
    "contact",
    "email",
)


def set_institution(at: datetime) -> None:
    """Name the installation so that nobody takes it for a real office."""
    said = read("places")["institution"]
    desk_actions.change_institution(
        by=MACHINE, at=at, region_code="", is_demo=True, emblem=pictures.emblem(), **said
    )


def open_desks(stage: Stage, at: datetime) -> None:
    """Open every desk of the catalogue and set its hours."""
    data = read("places")
    for row in data["desks"]:
        stage.desks[row["code"]] = _open_desk(stage, row, at)
        hours = data["hours"].get(row.get("hours", ""), [])
        if hours:
            desk_actions.set_hours(
                by=MACHINE,
                at=at,
                desk_id=stage.desk(row["code"]),
                hours=[
                    (day, time.fromisoformat(opens), time.fromisoformat(closes))
                    for day, opens, closes in hours
                ],
            )


def _open_desk(stage: Stage, row: Mapping[str, Any], at: datetime) -> Any:
    above = stage.desks.get(row.get("above", ""))
    given = {key: row[key] for key in _DESK_KEYS if key in row}
    return desk_actions.open_desk(
        by=MACHINE,
        at=at + timedelta(hours=row.get("later", 0)),
        region_code=row["region"],
        above_id=above.id if above else None,
        **given,
    )


def add_hamlets(stage: Stage, at: datetime) -> None:
    """Invented hamlets in the real villages."""
    for code, names in read("places")["hamlets"].items():
        stage.hamlets[code] = [
            region_actions.add_hamlet(by=MACHINE, at=at, village_code=code, kind="dusun", name=name)
            for name in names
        ]


def set_routes(stage: Stage, at: datetime) -> None:
    """Where each kind of matter goes first in each place, and what is proposed after that."""
    codes = [kind.code for kind in kind_queries.kinds_all()]
    rows = read("places")["routes"]
    named: dict[str, set[str]] = {}
    for row in rows:
        if row["kinds"] != "*":
            named.setdefault(row["region"], set()).update(row["kinds"])
    for row in rows:
        wanted = (
            row["kinds"]
            if row["kinds"] != "*"
            else [code for code in codes if code not in named.get(row["region"], ())]
        )
        for code in wanted:
            kind_actions.set_route(
                by=MACHINE,
                at=at,
                kind_code=code,
                region_code=row["region"],
                field_value=row.get("field", ""),
                desk_ids=[stage.desk(desk) for desk in row["desks"]],
            )
