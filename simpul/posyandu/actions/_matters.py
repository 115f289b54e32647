"""Steps that bring findings into matters: join the one that is open for the same person and field, or open one. No acts.

The machine opens it, by the catalogue's rule, in the posyandu's name: what a cadre finds is followed up whatever the cadre's role may do.
A matter's words name what was found and on which day, never a value; a discreet finding is not named at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext

from simpul.cases.actions import handling, intake
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import moves
from simpul.lib.actor import MACHINE, Actor
from simpul.posyandu.actions import _tasks
from simpul.posyandu.models import Finding, Posyandu
from simpul.posyandu.queries import findings as queries
from simpul.posyandu.queries import matters
from simpul.posyandu.rules import findings as rules

if TYPE_CHECKING:
    from uuid import UUID

    from simpul.cases.models import Case


def machine_at(posyandu: Posyandu) -> Actor:
    """The machine in the posyandu's name: its desk is on the matter's chain from the first minute."""
    desks = frozenset({posyandu.desk_id}) if posyandu.desk_id else frozenset()
    return replace(MACHINE, desk_id=posyandu.desk_id, desk_ids=desks)


def bring(by: Actor, at: datetime, rows: Sequence[Finding], *, looked: bool, asked: bool = False) -> None:
    """Join or open the matter of each finding; those of one moment, subject and field share one.

    Args:
        looked: somebody saw it, and it was not read in the register alone.
        asked: a person wants a matter for it, whatever the catalogue's rule.
    """
    by_group: dict[tuple[object, ...], list[Finding]] = {}
    for row in rows:
        kind = queries.book()[row.code]
        by_group.setdefault((row.person_id, row.household_id, *kind.group), []).append(row)
    for group in by_group.values():
        _bring_group(by, at, group, looked=looked, asked=asked)


def _bring_group(by: Actor, at: datetime, rows: list[Finding], *, looked: bool, asked: bool) -> None:
    rows.sort(key=_worst_first)
    wanted = [row for row in rows if _wants(row, at, looked=looked, asked=asked)]
    joining = [row for row in rows if row in wanted or queries.book()[row.code].case == "join"]
    case = matters.to_join(rows[0])
    if case is None and wanted:
        case = _open(by, at, wanted)
        fresh = True
    else:
        fresh = False
    if case is None:
        return
    news = [row for row in joining if row.case_id != case.id]
    for row in news:
        if row.case_id is not None:
            row.facts = {**row.facts, "cases": [*row.facts.get("cases", ()), str(row.case_id)]}
        row.case = case
        row.save(update_fields=["case", "facts"])
    if news and not fresh:
        _note(at, case, rows[0].posyandu, _told(news))


def _worst_first(row: Finding) -> tuple[int, int, str]:
    """The first one gives the matter its title and its service."""
    urgency = intake.URGENCIES.index(queries.book()[row.code].urgency)
    return (-urgency, -rules.LEVELS.index(row.level), row.code)


def _wants(row: Finding, at: datetime, *, looked: bool, asked: bool) -> bool:
    """True when this finding is to be in a matter, and is in none that is open, nor in one that ended a short while ago."""
    kind = queries.book()[row.code]
    if not (asked or rules.wants_case(kind, seen=looked)):
        return False
    if row.case_id is None or asked:
        return True
    case = matters.of_finding(row)
    if case is None or case.is_open:
        return case is None
    zone_day = _tasks.today(row.region_code, case.changed_at)
    return rules.renews(row.level, zone_day, _tasks.today(row.region_code, at))


def _open(by: Actor, at: datetime, rows: list[Finding]) -> Case:
    first = rows[0]
    kind = queries.book()[first.code]
    urgencies = [queries.book()[row.code].urgency for row in rows]
    about = first.person_id or (first.household.head_id if first.household is not None else None)
    with translation.override("id"):
        title = gettext("Follow-up of the posyandu") if kind.discreet else kind.label("id")
        words = _told(rows)
    opened = intake.open_case(
        by=machine_at(first.posyandu),
        at=at,
        kind_code=kind.kind,
        title=title,
        text_given=words,
        region_code=first.region_code,
        hamlet_id=first.posyandu.hamlet_id,
        channel="field",
        mode="proxy",
        answers=dict(kind.answers),
        about=intake.PersonGiven(person_id=about) if about else None,
        relation=first.posyandu.name[:60],
        urgency=max(urgencies, key=intake.URGENCIES.index),
        desk_id=_desk(first.posyandu, rows),
        quiet=True,
    )
    return opened.case


def _desk(posyandu: Posyandu, rows: Sequence[Finding]) -> UUID | None:
    """Where it starts: the agency that the route for the field names, when a finding asks for it; else the posyandu's desk."""
    for row in rows:
        kind = queries.book()[row.code]
        if kind.desk != "health":
            continue
        found = kind_queries.get_kind(kind.kind)
        tiers = kind_queries.tiers(found, row.region_code, dict(kind.answers)) if found else []
        agency = next((desk for desk in tiers if desk.kind == "agency" and not desk.protected), None)
        if agency is not None:
            return agency.id
    return posyandu.desk_id


def _told(rows: Sequence[Finding]) -> str:
    """The words of the matter: what was found on which day, and what the catalogue says to do; nothing of a discreet one."""
    with translation.override("id"):
        lines = []
        for row in rows:
            kind = queries.book()[row.code]
            day = row.last_date.strftime("%d/%m/%Y")
            name = (
                gettext("A health reason that stands on the card alone")
                if kind.discreet
                else kind.label("id")
            )
            lines.append(
                gettext("%(day)s, %(posyandu)s: %(name)s.")
                % {"day": day, "posyandu": row.posyandu.name, "name": name}
            )
            if not kind.discreet:
                lines.append(kind.meaning("id"))
        return "\n".join(lines)


def _note(at: datetime, case: Case, posyandu: Posyandu, words: str) -> None:
    """An internal note, unless the matter can take none any more."""
    if case.sensitivity == "normal" and moves.allowed("case.note", case.state):
        handling.note_case(by=machine_at(posyandu), at=at, case_id=case.id, text=words)


def tell_over(at: datetime, finding: Finding) -> None:
    """Note in the open matter that a finding is over; the matter is closed by people."""
    case = matters.of_finding(finding)
    if case is None or not case.is_open:
        return
    kind = queries.book()[finding.code]
    with translation.override("id"):
        name = gettext("A health reason that stands on the card alone") if kind.discreet else kind.label("id")
        words = gettext("No longer found: %(name)s.") % {"name": name}
    _note(at, case, finding.posyandu, words)
