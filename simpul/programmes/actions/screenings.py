"""Acts on screenings: ask for one, let the worker do it. Rows are not kept; counts are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.models import Run
from simpul.programmes.queries import screening, sheets

GIVEN_UP = timedelta(hours=1)
"""A screening that runs longer than this was cut off; it is taken up again."""


class ScreeningPlaceWrong(Refused):
    """A screening is of a place inside one's own area."""

    code = "screening.place_wrong"
    sentence = _("Choose a place inside your own area.")
    field = "region_code"


class ScreeningWaits(Refused):
    """One at a time for a place."""

    code = "screening.waits"
    sentence = _("A screening of this place is waiting or running already. Its figures come in a moment.")


def start_screening(*, by: Actor, at: datetime, region_code: str, on_date: date, compare: str = "") -> Run:
    """Ask for a screening of an area; the worker does it. ``compare`` names a programme whose two versions are compared.

    Raises:
        ScreeningPlaceWrong: not a place, or outside the actor's area.
        ScreeningWaits: one is on its way already.
        ProgrammeUnknown: there are no two versions to compare.
    """
    if not region_code.isdigit() or len(region_code) not in (2, 4, 6, 10):
        raise ScreeningPlaceWrong
    roles.require(by, "screening.start", roles.Place(region_code=region_code))
    if compare:
        sheets.two_versions(compare, region_code, on_date)
    with transaction.atomic():
        if Run.objects.filter(
            region_code=region_code, compare=compare, state__in=("waiting", "running")
        ).exists():
            raise ScreeningWaits
        made = Run.objects.create(
            region_code=region_code, on_date=on_date, compare=compare, started_at=at, started_by=by.name
        )
        _line(by, at, "screening.start", made)
    return made


def run_screening(*, by: Actor, at: datetime, run_id: UUID) -> Run:
    """Do a screening that waits (the worker): work out the counts, and what is in by one rule and out by another.

    Raises:
        NotFound: it does not wait any more.
    """
    roles.require(by, "screening.run")
    late = Run.objects.filter(id=run_id, state="running", started_at__lt=at - GIVEN_UP).update(
        state="waiting"
    )
    claimed = Run.objects.filter(id=run_id, state="waiting").update(state="running", started_at=at)
    if claimed != 1 or late > 1:
        raise NotFound
    run = Run.objects.get(id=run_id)
    try:
        found = _compared(run) if run.compare else _screened(run)
    except Refused as refusal:
        found = {"state": "failed", "fault": str(refusal)[:300]}
    with transaction.atomic():
        Run.objects.filter(id=run_id).update(**{"state": "done", **found}, finished_at=at)
        run.refresh_from_db()
        _line(by, at, "screening.run", run)
    return run


def _screened(run: Run) -> dict[str, object]:
    found = screening.screen(run.region_code, run.on_date)
    return {
        "persons": found.area.size("person"),
        "households": found.area.size("household"),
        "counts": found.counts(),
        "crossed": screening.crossed(found),
        "seconds": round(found.seconds_reading + found.seconds_judging, 2),
    }


def _compared(run: Run) -> dict[str, object]:
    before, after = sheets.two_versions(run.compare, run.region_code, run.on_date)
    changed, of = screening.compare(run.region_code, run.on_date, before, after)
    return {
        "changed": {
            "before": before.given.version,
            "after": after.given.version,
            "subjects": of,
            "changed": len(changed),
            "moves": sheets.moves(changed),
        }
    }


def _line(by: Actor, at: datetime, kind: str, run: Run) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="screening",
        subject_id=run.id,
        facts={"on": str(run.on_date), "compare": run.compare, "state": run.state, "persons": run.persons},
        region_code=run.region_code,
    )
