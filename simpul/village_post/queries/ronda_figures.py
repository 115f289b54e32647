"""Figures of the night watch by area and period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from simpul.lib import areas
from simpul.village_post.models import Patrol, Presence, StayReport, WatchDuty, WatchIncident, WatchNight


@dataclass(frozen=True, slots=True)
class WatchFigures:
    """What the night watch did. Incidents of protected kinds are in no figure here: they are counted where they are handled."""

    nights: int  # books that were opened
    asked: int  # places on published rosters in the period
    came: int  # people written down as present, on the roster or not
    patrols: int  # points passed
    guests: int  # people on reports of guests (not reports)
    guests_late: int  # reports that came more than 24 hours after arrival
    incidents: dict[str, int]  # by kind
    closed: int  # of those incidents, how many are closed


def figures(region_code: str, first: date, last: date) -> WatchFigures:
    """The night watch of an area ("" is everywhere) from one night to another, both counted. Six queries."""
    night = Q(night_date__gte=first, night_date__lte=last)
    within = areas.inside(region_code, "post__region_code")
    nights = WatchNight.objects.filter(night & within)
    reports = StayReport.objects.filter(
        areas.inside(region_code),
        withdrawn_at=None,
        reported_at__date__gte=first,
        reported_at__date__lte=last,
    ).values_list("people", "late")
    happened = list(
        WatchIncident.objects.filter(
            areas.inside(region_code),
            withdrawn_at=None,
            protected=False,
            happened_at__date__gte=first,
            happened_at__date__lte=last,
        ).values_list("kind", "state")
    )
    guests = list(reports)
    return WatchFigures(
        nights=nights.count(),
        asked=WatchDuty.objects.filter(
            night & areas.inside(region_code, "roster__post__region_code"), roster__state="published"
        ).count(),
        came=Presence.objects.filter(night__in=nights, withdrawn_at=None).count(),
        patrols=Patrol.objects.filter(night__in=nights, withdrawn_at=None).count(),
        guests=sum(people for people, _late in guests),
        guests_late=sum(1 for _people, late in guests if late),
        incidents=dict(Counter(kind for kind, _state in happened)),
        closed=sum(1 for _kind, state in happened if state == "closed"),
    )
