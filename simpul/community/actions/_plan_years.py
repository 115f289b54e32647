"""The row of a year's plan, which several acts of the plan need."""

from __future__ import annotations

from datetime import datetime

from simpul.community.models import PlanYear
from simpul.community.rules import planning as rules
from simpul.lib.actor import Actor


def year_row(by: Actor, at: datetime, region_code: str, year: int) -> PlanYear:
    """The row of a year's plan, locked; made with the usual days where there is none."""
    usual = rules.usual_calendar(year)
    PlanYear.objects.get_or_create(
        region_code=region_code,
        year=year,
        defaults={
            "starts_date": usual.starts,
            "ideas_until_date": usual.ideas_until,
            "talks_until_date": usual.talks_until,
            "musrenbang_date": usual.musrenbang,
            "ends_date": usual.ends,
            "recorded_at": at,
            "recorded_by": by.name[:150],
        },
    )
    return PlanYear.objects.select_for_update().get(region_code=region_code, year=year)
