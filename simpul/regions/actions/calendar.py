"""Acts on the office calendar: load a year's holidays, add or withdraw one, suspend the clocks of an area."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries, rules
from simpul.regions.actions.areas import EmptyName, NoSource, UnknownRegion
from simpul.regions.data import national
from simpul.regions.models import Holiday, Region, Suspension

LONGEST_SUSPENSION = 366
"""Days. A decision that stops the clocks of an area for longer is a typing error until it is said twice."""


class HolidayAlreadyThere(Refused):
    """The same holiday counts already."""

    code = "holiday.already_there"
    sentence = _("%(name)s on that day is on the list already.")
    field = "name"


class WrongHoliday(Refused):
    """A kind that is none, a local holiday without its area, or a national one with an area."""

    code = "holiday.wrong"
    sentence = _(
        "Choose public, joint leave or local. A local holiday needs its area; the other two count everywhere."
    )
    field = "kind"


class WrongDates(Refused):
    """A period that ends before it begins, or is far too long."""

    code = "suspension.wrong_dates"
    sentence = _("The last day must not be before the first, and not more than %(most)s days after it.")
    field = "to_date"


class SuspensionOver(Refused):
    """The suspension has ended by that day already."""

    code = "suspension.over"
    sentence = _(
        "This suspension ends before that day already. To suspend for longer, add a new one with its decision."
    )
    field = "on_date"


@dataclass
class _Loading:
    """What a load of one year found to do."""

    add: list[Holiday] = field(default_factory=list)
    change: list[Holiday] = field(default_factory=list)


def load_holidays(*, by: Actor, at: datetime, year: int) -> dict[str, int]:
    """Load the public holidays and the joint leave of a year from the library.

    Harmless when repeated, and what administrators did stays: a holiday they withdrew stays withdrawn, one they added
    stays. When a newer library moves an estimated day, the row of the old day is withdrawn. Returns how many rows were
    ``added``, ``changed`` and ``withdrawn``, and how many are ``joint_leave``.
    """
    roles.require(by, "holidays.load")
    with transaction.atomic():
        national_rows = Holiday.objects.select_for_update().filter(day__year=year, region_code="")
        here = {(row.day, row.name): row for row in national_rows}
        listed = {(found.day, found.name): found for found in national.holidays_of(year)}
        loading = _Loading()
        for key, found in listed.items():
            _load_one(found, here.get(key), loading)
        dropped = [
            row
            for key, row in here.items()
            if key not in listed and _is_ours(row) and row.withdrawn_at is None
        ]
        for row in dropped:
            row.withdrawn_at, row.source = at, row.source + national.DROPPED
        Holiday.objects.bulk_create(loading.add, ignore_conflicts=True)
        Holiday.objects.bulk_update(
            [*loading.change, *dropped], ["kind", "source", "estimated", "withdrawn_at"]
        )
        transaction.on_commit(queries.forget)
        counts = {
            "added": len(loading.add),
            "changed": len(loading.change),
            "withdrawn": len(dropped),
            "joint_leave": sum(1 for found in listed.values() if found.kind == rules.JOINT_LEAVE),
        }
        journal_actions.record(
            by=by,
            at=at,
            kind="holidays.load",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"year": year, **counts},
        )
        return counts


def _is_ours(row: Holiday) -> bool:
    """True for a row that came from the library, whatever an administrator did to it since."""
    return row.source.startswith(national.FAMILY)


def _load_one(found: national.NationalHoliday, row: Holiday | None, loading: _Loading) -> None:
    """Add one holiday, or bring its row up to date; a row an administrator wrote or withdrew is left alone."""
    if row is None:
        loading.add.append(
            Holiday(
                day=found.day,
                name=found.name,
                kind=found.kind,
                source=found.source,
                estimated=found.estimated,
            )
        )
        return
    came_back = row.source.endswith(national.DROPPED)
    same = (row.kind, row.source, row.estimated) == (found.kind, found.source, found.estimated)
    if _is_ours(row) and not same and (row.withdrawn_at is None or came_back):
        row.kind, row.source, row.estimated, row.withdrawn_at = (
            found.kind,
            found.source,
            found.estimated,
            None,
        )
        loading.change.append(row)


def add_holiday(
    *,
    by: Actor,
    at: datetime,
    day: date,
    name: str,
    kind: str,
    source: str,
    region_code: str = "",
    holiday_id: UUID | None = None,
) -> Holiday:
    """Add a public holiday, a day of joint leave, or a local holiday of an area, with its decree.

    A holiday that was withdrawn counts again. Clocks that run already keep the date they promised.
    Refuses a kind that does not fit the area, an unknown area, an empty name or source, and one that counts already.
    """
    area = rules.plain_code(region_code)
    roles.require(by, "holiday.add", roles.Place(region_code=area))
    name, source = " ".join(name.split()), source.strip()
    if not name or len(name) > 150:
        raise EmptyName(most=150)
    if not source or len(source) > 200:
        raise NoSource(most=200)
    if kind not in (rules.PUBLIC_HOLIDAY, rules.JOINT_LEAVE, rules.LOCAL_HOLIDAY):
        raise WrongHoliday
    if (kind == rules.LOCAL_HOLIDAY) != bool(region_code):
        raise WrongHoliday(field="region_code")
    with transaction.atomic():
        if region_code:
            _check_area(area, region_code)
        row, made = Holiday.objects.select_for_update().get_or_create(
            day=day,
            name=name,
            region_code=area,
            defaults={"id": holiday_id or uuid7(), "kind": kind, "source": source},
        )
        if not made:
            if row.withdrawn_at is None:
                raise HolidayAlreadyThere(name=name)
            row.kind, row.source, row.estimated, row.withdrawn_at = kind, source, False, None
            row.save(update_fields=["kind", "source", "estimated", "withdrawn_at"])
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="holiday.add",
            subject_kind="holiday",
            subject_id=row.id,
            facts={"day": day, "name": name, "kind": kind, "source": source},
            region_code=area,
        )
        return row


def _check_area(code: str, typed: str) -> None:
    if not code or not Region.objects.filter(code=code).exists():
        raise UnknownRegion(code=typed, field="region_code")


def withdraw_holiday(*, by: Actor, at: datetime, holiday_id: UUID, reason: str) -> None:
    """Let a holiday count no longer: a decree was changed, or it was entered by mistake. The row stays, with the reason
    in the journal, and a later load does not bring it back. Clocks that run already keep the date they promised.

    Refuses an unknown holiday or one that is withdrawn already, and an empty reason.
    """
    row = Holiday.objects.filter(id=holiday_id, withdrawn_at=None).first()
    roles.require(by, "holiday.withdraw", roles.Place(region_code=row.region_code if row else ""))
    if row is None:
        raise NotFound
    if not reason.strip():
        raise NoSource(most=200, field="reason")
    with transaction.atomic():
        if Holiday.objects.filter(id=holiday_id, withdrawn_at=None).update(withdrawn_at=at) != 1:
            raise NotFound
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="holiday.withdraw",
            subject_kind="holiday",
            subject_id=row.id,
            facts={"day": row.day, "name": row.name, "reason": reason.strip()[:200]},
            region_code=row.region_code,
        )


def add_suspension(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    from_date: date,
    to_date: date,
    decision: str,
    suspension_id: UUID | None = None,
) -> Suspension:
    """Let the day clocks of an area stand still from one day to another, by a decision (a disaster).

    ``region_code`` "" suspends the whole installation. Hours that protect a person are never suspended.
    Refuses an unknown area, a period that ends before it begins or lasts more than a year, and a missing decision.
    """
    area = rules.plain_code(region_code)
    roles.require(by, "suspension.add", roles.Place(region_code=area))
    decision = decision.strip()
    if not decision or len(decision) > 200:
        raise NoSource(most=200, field="decision")
    if not 0 <= (to_date - from_date).days <= LONGEST_SUSPENSION:
        raise WrongDates(most=LONGEST_SUSPENSION)
    with transaction.atomic():
        if region_code:
            _check_area(area, region_code)
        row = Suspension.objects.create(
            id=suspension_id or uuid7(),
            region_code=area,
            from_date=from_date,
            to_date=to_date,
            decision=decision,
        )
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="suspension.add",
            subject_kind="suspension",
            subject_id=row.id,
            facts={"from_date": from_date, "to_date": to_date, "decision": decision},
            region_code=area,
        )
        return row


def end_suspension(
    *, by: Actor, at: datetime, suspension_id: UUID, on_date: date, decision: str
) -> Suspension:
    """Let the clocks run again from ``on_date``, by a decision. On or before its first day the suspension never counted.

    Refuses an unknown suspension, one that ends before that day already, and a missing decision.
    """
    row = Suspension.objects.filter(id=suspension_id, withdrawn_at=None).first()
    roles.require(by, "suspension.end", roles.Place(region_code=row.region_code if row else ""))
    if row is None:
        raise NotFound
    if not decision.strip():
        raise NoSource(most=200, field="decision")
    with transaction.atomic():
        row = Suspension.objects.select_for_update().get(id=suspension_id)
        if row.withdrawn_at is not None or on_date > row.to_date:
            raise SuspensionOver
        before = row.to_date
        if on_date <= row.from_date:
            row.withdrawn_at = at
        else:
            row.to_date = on_date - timedelta(days=1)
        row.save(update_fields=["to_date", "withdrawn_at"])
        transaction.on_commit(queries.forget)
        journal_actions.record(
            by=by,
            at=at,
            kind="suspension.end",
            subject_kind="suspension",
            subject_id=row.id,
            facts={"on_date": on_date, "before": before, "decision": decision.strip()[:200]},
            region_code=row.region_code,
        )
        return row
