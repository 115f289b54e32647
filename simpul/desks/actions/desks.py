"""Acts on desks: open, change, close, service hours.

Closing only stops new work from coming: a closed desk is no longer offered for referral, found as the nearest one or given
seats, while its people finish what it holds (this floor cannot see matters; ``cases`` shows what is still there).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import rules
from simpul.desks.models import Desk, ServiceHours
from simpul.journal import actions as journal_actions
from simpul.lib import ids
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import rules as region_rules

CHAIN_LONGEST = 20


class DeskNameless(Refused):
    """A desk is called something."""

    code = "desk.nameless"
    sentence = _("Write the name of the desk.")
    field = "name"


class DeskCodeInvalid(Refused):
    """The code cannot be used."""

    code = "desk.code_invalid"
    sentence = _(
        "Write a code of 2 to 40 small letters, digits and hyphens, for example puskesos-massamaturu."
    )
    field = "code"


class DeskCodeTaken(Refused):
    """Two desks cannot share a code."""

    code = "desk.code_taken"
    sentence = _("Another desk has this code. Choose another one.")
    field = "code"


class DeskKindUnknown(Refused):
    """There is no such kind."""

    code = "desk.kind_unknown"
    sentence = _("Choose the kind of the desk from the list.")
    field = "kind"


class DeskLevelUnknown(Refused):
    """There is no such level."""

    code = "desk.level_unknown"
    sentence = _("Choose the level of the desk from the list.")
    field = "level"


class DeskRegionUnknown(Refused):
    """This is no code of an area."""

    code = "desk.region_unknown"
    sentence = _("Choose the area that the desk serves.")
    field = "region_code"


class DeskCannotBeOutside(Refused):
    """Only institutions that are not ours stand outside."""

    code = "desk.cannot_be_outside"
    sentence = _("Only a partner, an agency or an outside body can be an outside desk. Choose another kind.")
    field = "outside"


class DeskWeekInvalid(Refused):
    """The working week is malformed."""

    code = "desk.week_invalid"
    sentence = _("Choose the working days of the desk, at least one.")
    field = "week"


class DeskDaysInvalid(Refused):
    """The desk promises no days, or years of them."""

    code = "desk.days_invalid"
    sentence = _("Write a number of days from 1 to 365.")
    field = "hop_days"


class DeskAboveUnusable(Refused):
    """Silence has to be heard by somebody: the desk above must be open and not below this one."""

    code = "desk.above_unusable"
    sentence = _("The desk above must be open and must not stand below this desk. Choose another one.")
    field = "above_id"


class DeskHasDesksBelow(Refused):
    """Desks below would have nobody who hears their silence."""

    code = "desk.has_desks_below"
    sentence = _(
        "Silence at these desks is raised to this one: %(names)s. Give them another desk above first."
    )


class DeskIsClosed(Refused):
    """The desk was closed."""

    code = "desk.is_closed"
    sentence = _("This desk is closed. Choose an open desk.")
    field = "desk_id"


class HoursOverlap(Refused):
    """Two opening times of one day run into each other."""

    code = "hours.overlap"
    sentence = _("Two opening times of one day overlap. Join them into one.")
    field = "hours"


class HoursInvalid(Refused):
    """There is no such weekday."""

    code = "hours.invalid"
    sentence = _("Write each opening time with its day and two times, for example Monday 08:00 to 16:00.")
    field = "hours"


def open_desk(
    *,
    by: Actor,
    at: datetime,
    code: str,
    name: str,
    kind: str,
    level: str,
    region_code: str,
    above_id: UUID | None = None,
    name_en: str = "",
    outside: bool = False,
    protected: bool = False,
    week: str = "12345",
    hop_days: int = 3,
    work_days: int = 5,
    their_days: int = 14,
    needs: str = "",
    contact: str = "",
    email: str = "",
    desk_id: UUID | None = None,
) -> Desk:
    """Open a desk that matters can be handed to.

    Raises:
        Refused: a detail is missing or impossible, or another desk has the code.
    """
    roles.require(by, "desk.open")
    with transaction.atomic():
        desk = Desk(
            id=desk_id or ids.uuid7_at(at), code=code.strip().lower(), name=name.strip(), kind=kind, level=level,
            region_code=region_code, above_id=above_id, name_en=name_en.strip(), outside=outside, protected=protected,
            week=week, hop_days=hop_days, work_days=work_days, their_days=their_days, needs=needs.strip(),
            contact=contact.strip(), email=email.strip().lower(), opened_at=at,
        )  # fmt: skip
        _check(desk)
        if Desk.objects.filter(code=desk.code).exists():
            raise DeskCodeTaken
        desk.save(force_insert=True)
        journal_actions.record(
            by=by,
            at=at,
            kind="desk.open",
            subject_kind="desk",
            subject_id=desk.id,
            facts={
                "name": desk.name,
                "kind": kind,
                "level": level,
                "outside": outside,
                "protected": protected,
            },
            region_code=region_code,
        )
    return desk


def change_desk(
    *,
    by: Actor,
    at: datetime,
    desk_id: UUID,
    name: str | None = None,
    kind: str | None = None,
    level: str | None = None,
    region_code: str | None = None,
    above_id: UUID | None = None,
    no_above: bool = False,
    name_en: str | None = None,
    outside: bool | None = None,
    protected: bool | None = None,
    week: str | None = None,
    hop_days: int | None = None,
    work_days: int | None = None,
    their_days: int | None = None,
    needs: str | None = None,
    contact: str | None = None,
    email: str | None = None,
) -> Desk:
    """Change what is given and leave the rest; ``no_above`` makes it a desk with nobody above. Clocks already running stay.

    Raises:
        NotFound: there is no such desk.
        Refused: a detail is impossible.
    """
    roles.require(by, "desk.change")
    given: Mapping[str, Any] = {
        "name": name, "kind": kind, "level": level, "region_code": region_code, "above_id": above_id, "name_en": name_en,
        "outside": outside, "protected": protected, "week": week, "hop_days": hop_days, "work_days": work_days,
        "their_days": their_days, "needs": needs, "contact": contact, "email": email,
    }  # fmt: skip
    wanted = {
        key: value.strip() if isinstance(value, str) else value
        for key, value in given.items()
        if value is not None
    }
    if no_above:
        wanted["above_id"] = None
    with transaction.atomic():
        desk = _get(desk_id)
        before = {key: getattr(desk, key) for key in wanted}
        for key, value in wanted.items():
            setattr(desk, key, value)
        _check(desk)
        desk.save()
        changed = sorted(key for key in wanted if before[key] != wanted[key])
        journal_actions.record(
            by=by,
            at=at,
            kind="desk.change",
            subject_kind="desk",
            subject_id=desk.id,
            facts={
                "changed": changed,
                "before": {key: before[key] for key in changed},
                "after": {key: wanted[key] for key in changed},
            },
            region_code=desk.region_code,
        )
    return desk


def close_desk(*, by: Actor, at: datetime, desk_id: UUID, reason: str = "") -> Desk:
    """Close a desk for new work; what it holds stays with its people until they have finished or handed it on.

    Raises:
        NotFound: there is no such desk.
        DeskIsClosed: it is closed already.
        DeskHasDesksBelow: open desks escalate to it.
    """
    roles.require(by, "desk.close")
    with transaction.atomic():
        desk = _get(desk_id)
        below = list(Desk.objects.open().filter(above=desk).order_by("name").values_list("name", flat=True))
        if below:
            raise DeskHasDesksBelow(names=", ".join(below))
        if Desk.objects.filter(id=desk_id, closed_at=None).update(closed_at=at) != 1:
            raise DeskIsClosed
        desk.closed_at = at
        journal_actions.record(
            by=by,
            at=at,
            kind="desk.close",
            subject_kind="desk",
            subject_id=desk_id,
            facts={"name": desk.name},
            inputs={"reason": reason},
            region_code=desk.region_code,
        )
    return desk


def set_hours(
    *, by: Actor, at: datetime, desk_id: UUID, hours: Iterable[tuple[int, time, time]]
) -> list[ServiceHours]:
    """Set all opening times of a desk: (ISO weekday or 8 for holidays, opens, closes). None at all: by appointment.

    Raises:
        NotFound: there is no such desk.
        HoursInvalid, HoursOverlap: the times make no sense.
    """
    roles.require(by, "hours.set")
    openings = sorted(rules.Opening(*row) for row in hours)
    if any(opening.weekday not in range(1, 9) for opening in openings):
        raise HoursInvalid
    if rules.overlap(openings):
        raise HoursOverlap
    with transaction.atomic():
        desk = _get(desk_id)
        ServiceHours.objects.filter(desk=desk).delete()
        made = [
            ServiceHours(desk=desk, weekday=opening.weekday, opens=opening.opens, closes=opening.closes)
            for opening in openings
        ]
        ServiceHours.objects.bulk_create(made)
        journal_actions.record(
            by=by,
            at=at,
            kind="hours.set",
            subject_kind="desk",
            subject_id=desk_id,
            facts={"hours": [str(row) for row in made]},
            region_code=desk.region_code,
        )
    return made


def _get(desk_id: UUID) -> Desk:
    desk = Desk.objects.select_for_update().filter(id=desk_id).first()
    if desk is None:
        raise NotFound
    return desk


def _check(desk: Desk) -> None:
    if not desk.name:
        raise DeskNameless
    if not rules.is_desk_code(desk.code):
        raise DeskCodeInvalid
    if desk.kind not in rules.DESK_KINDS:
        raise DeskKindUnknown
    if desk.level not in rules.LEVELS:
        raise DeskLevelUnknown
    if not region_rules.is_prefix(desk.region_code):
        raise DeskRegionUnknown
    if desk.outside and not rules.DESK_KINDS[desk.kind].outside:
        raise DeskCannotBeOutside
    if not rules.is_week(desk.week):
        raise DeskWeekInvalid
    for days in ("hop_days", "work_days", "their_days"):
        if not 1 <= getattr(desk, days) <= 365:
            raise DeskDaysInvalid(field=days)
    _check_above(desk)


def _check_above(desk: Desk) -> None:
    """The chain of desks above must be open at its first step, and must never come back to the desk itself."""
    above_id, steps = desk.above_id, 0
    while above_id is not None:
        above = Desk.objects.filter(id=above_id).only("id", "above_id", "closed_at").first()
        if (
            above is None
            or above.id == desk.id
            or steps > CHAIN_LONGEST
            or (steps == 0 and above.closed_at is not None)
        ):
            raise DeskAboveUnusable
        above_id, steps = above.above_id, steps + 1
