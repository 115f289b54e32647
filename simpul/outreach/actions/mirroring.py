"""Trips, visits, checks and accompaniment of an area, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor
from simpul.outreach.models import (
    Accompaniment,
    AccompanimentVisit,
    Assignment,
    Carry,
    CheckRule,
    Guest,
    PersonCheck,
    Promise,
    Socialisation,
    Stop,
    StopMatter,
    Transition,
    TravelLeg,
    Trip,
    TripCheck,
    TripDoor,
    TripMember,
    Verification,
    Visit,
)


def _trips(scope: mirror.Scope) -> QuerySet[Trip]:
    """Trips of the area, and those of a wider one that come by."""
    coming = Stop.objects.filter(areas.inside_any(scope.areas)).values("trip_id")
    return Trip.objects.filter(Q(areas.inside_any(scope.areas)) | Q(pk__in=coming))


_AT_STOP = "stop__region_code"
_OF_HOUSEHOLD = "household__region_code"

TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(Trip, _trips),
    mirror.Table(TripMember, lambda scope: TripMember.objects.filter(trip__in=_trips(scope))),
    mirror.Table(Carry, lambda scope: Carry.objects.filter(trip__in=_trips(scope))),
    mirror.Table(
        TripDoor, lambda scope: TripDoor.objects.filter(areas.inside_any(scope.areas, _OF_HOUSEHOLD))
    ),
    mirror.Table(TripCheck, lambda scope: TripCheck.objects.filter(trip__in=_trips(scope))),
    mirror.Table(CheckRule, lambda _scope: CheckRule.objects.all()),
    mirror.Table(Stop, lambda scope: Stop.objects.filter(trip__in=_trips(scope))),
    mirror.Table(
        Socialisation, lambda scope: Socialisation.objects.filter(areas.inside_any(scope.areas, _AT_STOP))
    ),
    mirror.Table(Guest, lambda scope: Guest.objects.filter(areas.inside_any(scope.areas, _AT_STOP))),
    mirror.Table(
        StopMatter,
        lambda scope: StopMatter.objects.filter(areas.inside_any(scope.areas, _AT_STOP)),
        under="stop_id",
    ),
    mirror.Table(Promise, lambda scope: Promise.objects.filter(areas.inside_any(scope.areas, _OF_HOUSEHOLD))),
    mirror.Table(TravelLeg, lambda _scope: TravelLeg.objects.all()),
    mirror.Table(Accompaniment, lambda scope: Accompaniment.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(
        AccompanimentVisit,
        lambda scope: AccompanimentVisit.objects.filter(
            areas.inside_any(scope.areas, "accompaniment__region_code")
        ),
    ),
    mirror.Table(Assignment, lambda scope: Assignment.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(Visit, lambda scope: Visit.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(Verification, lambda scope: Verification.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(
        PersonCheck,
        lambda scope: PersonCheck.objects.filter(areas.inside_any(scope.areas, "verification__region_code")),
        under="verification_id",
    ),
    mirror.Table(
        Transition,
        lambda scope: Transition.objects.filter(areas.inside_any(scope.areas, "verification__region_code")),
        under="verification_id",
    ),
)


def mirror_trips(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay trips, visits and checks down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "trips.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="trips.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
