"""Build the sample: first the house, then five months of stories in the order in which they would have happened.

Everything is done through the acts of the rooms, at the moments of the stories; what lies in the future is left untold, so that
matters stand in every state. Between the stories the periodic work of the house is done as the worker would have done it: silence is
raised level by level, quiet answers are finished, the journal is sealed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from simpul.cases.actions import escalation, handling, tiers
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.queries import tiers as tier_queries
from simpul.demo import (
    benefits,
    centre,
    doors,
    households,
    ideas,
    kis,
    letters,
    mediation,
    meetings,
    ordinary,
    people,
    pictures,
    places,
    plans,
    post,
    posyandu,
    posyandu_days,
    posyandu_recaps,
    posyandu_requests,
    posyandu_rules,
    reading,
    referrals,
    roads,
    ronda,
    rounds,
    stories,
    trips,
    voices,
    waste,
    works,
)
from simpul.demo.stage import DAYS, ZONE, Stage, Story
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.regions import queries as region_queries

CASES = 300
SEED = 20260121
_MARK = "call-center-mamuju"


@dataclass(frozen=True, slots=True)
class Built:
    """What was loaded: matters, links and receipts to try; ``refused`` counts steps that an act refused (none, the tests say)."""

    cases: int
    refused: tuple[str, ...]
    receipts: dict[str, dict[str, str]]
    links: list[dict[str, str]]


def is_loaded() -> bool:
    """True when the sample is in this database."""
    return desk_queries.by_code(_MARK) is not None


def is_foreign() -> bool:
    """True when the database belongs to an installation that is no sample: nothing is ever loaded into it."""
    home = desk_queries.institution()
    return not home._state.adding and not home.is_demo


def load(now: datetime, cases: int = 0, say: Callable[[str], None] = lambda _line: None) -> Built:
    """Load everything, or nothing: one transaction around all the acts. Regions, kinds and texts must be there."""
    start = now - timedelta(days=DAYS + 12)
    free = {holiday.day for year in (start.year, now.year) for holiday in region_queries.holidays_in(year)}
    stage = Stage(now=now.astimezone(ZONE), rng=Random(SEED), free_days=frozenset(free))
    places.set_institution(start)
    with transaction.atomic():
        say("Desks, people and routes ...")
        places.open_desks(stage, start)
        people.seat_everybody(stage, start + timedelta(hours=3))
        people.issue_links(stage, start + timedelta(hours=4))
        places.add_hamlets(stage, start)
        places.set_routes(stage, start)
        referrals.adopt(stage, start + timedelta(hours=5))
        say("Households ...")
        stage.households = households.build(stage)
        benefits.build(stage)
        posyandu.build(stage)
        posyandu_rules.build(stage)
        posyandu_requests.build(stage)
        stage.photos, stage.voice = pictures.photos(), pictures.voice_note()
        told = [
            *stories.all_stories(stage),
            *referrals.all_referrals(stage),
            *plans.all_plans(stage),
            *benefits.all_stories(stage),
            *meetings.all_meetings(stage),
            *mediation.all_disputes(stage),
            *doors.all_doors(stage),
            *trips.all_trips(stage),
            *rounds.all_rounds(stage),
            *ideas.all_ideas(stage),
            *works.all_works(stage),
            *waste.all_waste(stage),
            *letters.all_letters(stage),
            *kis.all_stories(stage),
            *post.all_nights(stage),
            *ronda.all_watches(stage),
            *reading.all_reading(stage),
            *posyandu_days.all_days(stage),
            ("banjir", centre.flood(stage)),
        ]
        ordinary_ones = ordinary.plans(stage, max(0, (cases or CASES) - stories.ABOUT))
        voices.tell(stage, stage.who("admin.mamuju"), voices.VILLAGES)
        say("Five months of matters ...")
        refused = _play(
            stage,
            [*told, *((f"biasa {i}", ordinary.tell(stage, plan)) for i, plan in enumerate(ordinary_ones))],
        )
        say("Conversations, calls and papers ...")
        refused += roads.tell(stage, centre.tell)
        posyandu_recaps.build(stage)
        while journal_actions.seal_journal(by=MACHINE, at=stage.now) is not None:
            pass
    return Built(stage.cases, tuple(refused), stage.receipts, stage.links)


def _play(stage: Stage, told: list[tuple[str, Story]]) -> list[str]:
    """Let every story go on in the order of time; a story whose step is refused ends there."""
    refused: list[str] = []
    queue: list[tuple[datetime, int]] = []
    for place, (_name, story) in enumerate(told):
        _queue_next(queue, place, story, None)
    morning = min(when for when, _place in queue).replace(hour=7, minute=0, second=0, microsecond=0)
    while queue and queue[0][0] <= stage.now:
        when, place = heapq.heappop(queue)
        while morning <= when:
            _work(morning)
            morning += timedelta(days=1)
        name, story = told[place]
        try:
            _queue_next(queue, place, story, when)
        except Refused as refusal:
            refused.append(f"{name}: {type(refusal).__name__} {refusal}")
    while morning <= stage.now:
        _work(morning)
        morning += timedelta(days=1)
    return refused


def _queue_next(queue: list[tuple[datetime, int]], place: int, story: Story, when: datetime | None) -> None:
    """Tell one step and put the next one in its place."""
    try:
        following = next(story) if when is None else story.send(when)
    except StopIteration:
        return
    heapq.heappush(queue, (following.astimezone(ZONE), place))


def _work(at: datetime) -> None:
    """One morning of the worker."""
    for clock_id in tier_queries.silent_clocks(at):
        tiers.note_silence(by=MACHINE, at=at, clock_id=clock_id)
    for clock_id in list(clock_queries.overdue(at)):
        escalation.escalate_case(by=MACHINE, at=at, clock_id=clock_id)
    for case_id in list(clock_queries.finished_reactions(at)):
        handling.finish_case(by=MACHINE, at=at, case_id=case_id)
    if at.isoweekday() == 1:
        message_actions.expire_messages(by=MACHINE, at=at)
