"""Figures of ideas: by state, by field, and how many authors heard of each step.

*Told* is a step of which the author was to hear (``IdeaStep.owes``) and did: a message was sent, or told from its paper, or somebody
told them in person. A step whose message still waits, or that no message could reach, is owed. Steps are counted in the period in which
they were written down; ideas in the period in which they were proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from simpul.community.models import Idea, IdeaStep, Voice
from simpul.community.queries import ideas as idea_queries
from simpul.lib import areas


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one area and period."""

    proposed: int
    by_state: Mapping[str, int]
    by_field: Mapping[str, int]
    by_channel: Mapping[str, int]
    assisted: int
    voices: int
    owed: int  # steps of which an author was to hear
    heard: int
    told_by_step: Mapping[str, tuple[int, int]]  # kind -> (heard, owed)

    @property
    def told_share(self) -> int | None:
        """Percent of steps that authors heard of; None where none was owed."""
        return round(100 * self.heard / self.owed) if self.owed else None


def figures(region: str, since: datetime, until: datetime) -> Figures:
    """Counts of an area from a moment up to another."""
    ideas = Idea.objects.inside(region).filter(proposed_at__gte=since, proposed_at__lt=until)
    steps = list(
        IdeaStep.objects.filter(areas.inside(region, "idea__region_code"))
        .filter(owes=True, recorded_at__gte=since, recorded_at__lt=until)
        .only("id", "kind", "owes", "told_at", "message_id")
    )
    heard = idea_queries.heard_of(steps)
    told: dict[str, tuple[int, int]] = {}
    for one in steps:
        before = told.get(one.kind, (0, 0))
        told[one.kind] = (before[0] + (heard[one.id] == "heard"), before[1] + 1)
    voices = Voice.objects.filter(areas.inside(region, "idea__region_code"), withdrawn_at=None)
    return Figures(
        proposed=ideas.count(),
        by_state=dict(ideas.values_list("state").annotate(n=Count("id"))),
        by_field=dict(ideas.values_list("field").annotate(n=Count("id"))),
        by_channel=dict(ideas.values_list("channel").annotate(n=Count("id"))),
        assisted=ideas.exclude(assistance=None).count(),
        voices=voices.filter(given_at__gte=since, given_at__lt=until).count(),
        owed=len(steps),
        heard=sum(state == "heard" for state in heard.values()),
        told_by_step=told,
    )
