"""Acts on findings: read the register, make a matter of one, end one, open it again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people.models import Household
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _findings, _matters, _tasks
from simpul.posyandu.models import Finding, Posyandu
from simpul.posyandu.queries import findings as queries
from simpul.posyandu.queries import reach
from simpul.posyandu.rules import findings as rules


class FindingReasonMissing(Refused):
    """An end by hand says why."""

    code = "finding.reason_missing"
    sentence = _("Write in a few words why, so that the next person understands.")
    field = "why"


class FindingEnded(Refused):
    """Over is over."""

    code = "finding.ended"
    sentence = _("This finding is over. Open it again first.")


class FindingStands(Refused):
    """One open finding of a kind."""

    code = "finding.stands"
    sentence = _("The same finding is open already. Look at that one.")


class DangerNotYours(Refused):
    """A danger is over when somebody says so who can tell."""

    code = "finding.danger_not_yours"
    sentence = _(
        "Only the health worker ends this. Write a visit down that asks about each sign, or tell the midwife."
    )


def sweep_findings(*, by: Actor, at: datetime, posyandu_id: UUID) -> dict[str, int]:
    """Read the register of those whom a posyandu serves: unfit houses, no clean water, no toilet, children out of school.

    What is new becomes a finding and a task to look; a matter is opened once somebody has looked. What the register no longer says is
    over. Read again, nothing changes. Returns how many were opened and ended.

    Raises:
        NotFound: no such posyandu, or not for this actor.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "findings.sweep", roles.Place(region_code=posyandu.region_code))
        on = _tasks.today(posyandu.region_code, at)
        opened, ended = _sweep_houses(by, at, posyandu, on)
        more, over = _sweep_school(by, at, posyandu, on)
        facts = {"opened": opened + more, "ended": ended + over}
        if any(facts.values()):
            _line(by, at, "findings.sweep", posyandu.id, posyandu.region_code, facts, kind="posyandu")
    return facts


def _sweep_houses(by: Actor, at: datetime, posyandu: Posyandu, on: date) -> tuple[int, int]:
    codes = ("no_clean_water", "no_toilet", "unfit_house")
    standing: dict[tuple[UUID | None, str], Finding] = {
        (row.household_id, row.code): row
        for row in Finding.objects.filter(posyandu=posyandu, person=None, state="open", code__in=codes)
    }
    closed = _ended_by_hand(posyandu, codes)
    opened = ended = 0
    for household in reach.households(posyandu):
        answers = rules.house_findings(reach.house_facts(household.house))
        for code, found in answers.items():
            row = standing.get((household.id, code))
            if found and row is None and not _known_since(closed.get((household.id, code)), household):
                opened += _open(by, at, posyandu, on, code, household=household) is not None
            elif found is False and row is not None and _changed_since(row, household):
                _findings.close(by, at, row, _findings.REGISTER)
                ended += 1
    return opened, ended


def _ended_by_hand(posyandu: Posyandu, codes: tuple[str, ...]) -> dict[tuple[UUID | None, str], date]:
    """When a person last ended such a finding: what the register said before then was looked at."""
    rows = Finding.objects.filter(posyandu=posyandu, state="closed", code__in=codes)
    found: dict[tuple[UUID | None, str], date] = {}
    for row in rows.order_by("closed_at"):
        if row.closed_at is not None:
            found[(row.person_id or row.household_id, row.code)] = row.closed_at.date()
    return found


def _known_since(ended: date | None, household: Household) -> bool:
    return ended is not None and (household.house is None or household.house.changed_at.date() <= ended)


def _changed_since(row: Finding, household: Household) -> bool:
    """What somebody saw at the door counts more than the register, until the register is changed after it."""
    looked = bool(row.facts.get("looked"))
    return not looked or (household.house is not None and household.house.changed_at.date() > row.last_date)


def _sweep_school(by: Actor, at: datetime, posyandu: Posyandu, on: date) -> tuple[int, int]:
    code = "out_of_school"
    standing = {
        row.person_id: row
        for row in Finding.objects.filter(posyandu=posyandu, state="open", code=code).exclude(person=None)
    }
    closed = _ended_by_hand(posyandu, (code,))
    opened = 0
    for person in reach.out_of_school(posyandu, on):
        ended = closed.get((person.id, code))
        if person.id in standing or (ended is not None and person.profile.changed_at.date() <= ended):
            continue
        opened += _open(by, at, posyandu, on, code, person=person) is not None
    back = reach.at_school([key for key in standing if key is not None])
    for person_id in back:
        _findings.close(by, at, standing[person_id], _findings.REGISTER)
    return opened, len(back)


def _open(
    by: Actor,
    at: datetime,
    posyandu: Posyandu,
    on: date,
    code: str,
    *,
    person: Any = None,
    household: Any = None,
) -> Finding | None:
    seen = _findings.Seen(
        posyandu=posyandu,
        person=person,
        household=household or (person.household if person is not None else None),
        participant=None,
        on=on,
        key=f"r:{on.isoformat()}",
        looked=False,
    )
    return _findings.note_fact(by, at, seen=seen, kind=queries.book()[code])


def take_up_finding(*, by: Actor, at: datetime, finding_id: UUID) -> Finding:
    """Make a matter of a finding, or join the open one of the same person and field. In one already, nothing changes.

    Raises:
        NotFound, FindingEnded.
    """
    with transaction.atomic():
        row = _begin(by, "finding.take_up", finding_id)
        if row.state != "open":
            raise FindingEnded
        if row.case is not None and row.case.is_open:
            return row
        _matters.bring(by, at, [row], looked=True, asked=True)
        _line(by, at, "finding.take_up", row.id, row.region_code, {"code": _shown(row)})
    return row


def close_finding(*, by: Actor, at: datetime, finding_id: UUID, why: str) -> Finding:
    """End a finding by hand, and say why; its task falls away, its matter gets a note and stays open.

    Raises:
        NotFound, FindingReasonMissing.
        DangerNotYours: a danger, which ``end_danger`` ends.
    """
    with transaction.atomic():
        row = _begin(by, "finding.close", finding_id)
        if row.state == "open" and queries.book()[row.code].ended_by:
            raise DangerNotYours
        return _end(by, at, "finding.close", row, why)


def end_danger(*, by: Actor, at: datetime, finding_id: UUID, why: str) -> Finding:
    """End a danger as the health worker who saw the person, and say what was seen. Another finding is ended so as well.

    Raises:
        NotFound, FindingReasonMissing.
    """
    with transaction.atomic():
        return _end(by, at, "danger.end", _begin(by, "danger.end", finding_id), why)


def _end(by: Actor, at: datetime, act: str, row: Finding, why: str) -> Finding:
    if row.state != "open":
        return row
    said = text.clean_line(why)[:300]
    if len(said) < 3:
        raise FindingReasonMissing
    _findings.close(by, at, row, said)
    _line(by, at, act, row.id, row.region_code, {"code": _shown(row)}, {"why": said})
    return row


def reopen_finding(*, by: Actor, at: datetime, finding_id: UUID, why: str) -> Finding:
    """Open a finding again that was ended too soon, and put its task back on the list.

    Raises:
        NotFound, FindingReasonMissing, FindingStands.
    """
    with transaction.atomic():
        row = _begin(by, "finding.reopen", finding_id)
        if row.state == "open":
            return row
        said = text.clean_line(why)[:300]
        if len(said) < 3:
            raise FindingReasonMissing
        if _findings.stands(row):
            raise FindingStands
        _findings.reopen(by, at, row)
        _line(by, at, "finding.reopen", row.id, row.region_code, {"code": _shown(row)}, {"why": said})
    return row


def _begin(by: Actor, act: str, finding_id: UUID) -> Finding:
    row = access.finding_for(by, finding_id, lock=True)
    roles.require(by, act, roles.Place(region_code=row.region_code))
    kind = queries.kind(row.code)
    if kind is None or kind.guarded:
        raise NotFound
    return row


def _shown(row: Finding) -> str:
    """The code as the line may keep it for ever: a discreet one stays unsaid."""
    return "" if queries.book()[row.code].discreet else row.code


def _line(
    by: Actor,
    at: datetime,
    act: str,
    key: UUID,
    region_code: str,
    facts: dict[str, Any],
    inputs: dict[str, Any] | None = None,
    *,
    kind: str = "finding",
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=act,
        subject_kind=kind,
        subject_id=key,
        region_code=region_code,
        facts=facts,
        inputs=inputs,
    )
