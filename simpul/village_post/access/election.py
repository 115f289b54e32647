"""Which stages and reports of the election box an actor may see, and who is given what is sealed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.village_post.access import _inside
from simpul.village_post.models import Keeper, Report, Stage

SEEING = ("report.receive", "report.file", "stage.open")


def stages(by: Actor) -> QuerySet[Stage]:
    """Stages that touch the actor's area: inside it, or of a wider area that it lies in. None for the public door."""
    if by.role == SYSTEM:
        return Stage.objects.select_related("keeper")
    if by.is_public or not any(roles.may_somewhere(by, act) for act in SEEING):
        return Stage.objects.none()
    above = [code[:length] for code in by.served_areas for length in (2, 4, 6, 10) if length <= len(code)]
    touching = areas.inside_any(by.served_areas)
    return (Stage.objects.filter(touching) | Stage.objects.filter(region_code__in=above)).select_related(
        "keeper"
    )


def open_stages(day: date, region_code: str = "") -> QuerySet[Stage]:
    """Stages that take reports on a day; with a village, those that it lies in. Anybody may know that a box is open."""
    rows = Stage.objects.filter(closed_at=None, from_date__lte=day, to_date__gte=day)
    if region_code:
        rows = rows.filter(region_code__in=[region_code[:length] for length in (2, 4, 6, 10)])
    return rows.select_related("keeper")


def stage_for(by: Actor, stage_id: UUID, *, lock: bool = False) -> Stage:
    """One stage.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = Stage.objects.all() if by.is_public else stages(by)
    found: Stage = _inside.one(rows, stage_id, lock=lock)
    return found


def reports(by: Actor) -> QuerySet[Report]:
    """Reports of the area as everybody at the post may see them: number, days, state. What is sealed is not read."""
    found: QuerySet[Report] = _inside.rows(by, Report, ("report.receive", "report.file"))
    if by.is_public:
        found = Report.objects.none()
    return found.select_related("stage").defer("sealed")


def report_for(by: Actor, report_id: UUID, *, lock: bool = False) -> Report:
    """One report. Raises ``NotFound`` as ``stage_for``."""
    found: Report = _inside.one(reports(by), report_id, lock=lock)
    return found


def sealed_for(by: Actor, report_id: UUID) -> tuple[bytes, Keeper]:
    """What is sealed, and the key it is sealed to: for the supervisor whose key it is, and nobody else.

    Raises:
        NotFound: there is none, or it is sealed to another seat.
    """
    found = Report.objects.select_related("keeper").filter(id=report_id).first()
    if (
        found is None
        or not roles.may(by, "report.receive", roles.Place(found.region_code))
        or found.keeper.seat_id != by.seat_id
    ):
        raise NotFound
    return bytes(found.sealed), found.keeper


def keeper_of(by: Actor) -> Keeper | None:
    """The key of this seat, when it has one."""
    return Keeper.objects.filter(seat_id=by.seat_id, retired_at=None).first() if by.seat_id else None


def own_keeper(by: Actor, keeper_id: UUID) -> Keeper:
    """A key of this seat, also one that was retired. Raises ``NotFound``."""
    found = Keeper.objects.filter(id=keeper_id, seat_id=by.seat_id).first() if by.seat_id else None
    if found is None:
        raise NotFound
    return found


def keepers(by: Actor) -> QuerySet[Keeper]:
    """Keys of supervisors of the area, for choosing whose box it is."""
    found: QuerySet[Keeper] = _inside.rows(by, Keeper, ("stage.open",))
    return found.filter(retired_at=None).order_by("name")


def place_of(row: Stage | Report) -> roles.Place:
    """Where a stage or a report lies, for the role table."""
    return roles.Place(row.region_code)
