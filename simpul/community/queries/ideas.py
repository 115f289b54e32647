"""Ideas as officers list them and as everybody reads them: voices, paths, talk, opinions, and what was told to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.community.access import ideas as access
from simpul.community.models import (
    Assistance,
    Comment,
    Idea,
    IdeaSet,
    IdeaStep,
    Opinion,
    Statement,
    Voice,
    Voter,
)
from simpul.community.rules import ideas as rules
from simpul.community.rules import opinions as opinion_rules
from simpul.lib import areas, text
from simpul.lib.actor import Actor
from simpul.messages.models import Message

PAGE = 30
ADOPTABLE = ("idea", "aspiration", "complaint")
_FIRST_KINDS = ("idea", "aspiration")
HEARD = frozenset({"sent", "told"})

PUBLIC_GROUPS: Mapping[str, tuple[str, ...]] = {
    "talk": ("open", "talked"),
    "plan": ("ranked", "planned", "proposed"),
    "works": ("funded", "works"),
    "done": ("done",),
    "later": ("deferred",),
    "no": ("rejected",),
}
"""Filters of the public list -> states."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an officer's list is narrowed to."""

    state: str = ""
    field: str = ""
    region: str = ""
    hamlet: str = ""
    year: int = 0
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One idea in a list."""

    idea: Idea
    voices: int
    joined: int
    waiting: int  # comments and sentences that wait to be read


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[Row, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an officer."""

    new: int
    comments: int
    statements: int
    deferred: int
    untold: int


def listed(by: Actor, filters: Filters) -> Page:
    """Ideas of the area, those that wait first, then the newest."""
    rows = access.visible(by).inside(filters.region)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.year:
        rows = rows.filter(year=filters.year)
    rows = _narrowed(rows, filters.field, filters.hamlet, filters.words)
    return _page(rows.order_by("-proposed_at", "id"), filters.page)


def _narrowed(rows: IdeaSet, field: str, hamlet: str, words: str) -> IdeaSet:
    if field:
        rows = rows.filter(field=field)
    if hamlet:
        rows = rows.filter(hamlet_id=hamlet)
    for word in text.clean_line(words)[:100].split():
        rows = rows.filter(Q(title__icontains=word) | Q(words__icontains=word) | Q(place__icontains=word))
    return rows


def _page(rows: IdeaSet, page: int) -> Page:
    start = (page - 1) * PAGE
    found = list(rows.select_related("hamlet")[start : start + PAGE + 1])
    ids = [one.id for one in found[:PAGE]]
    voices, joined, waiting = voices_of(ids), _joined(ids), _waiting_of(ids)
    return Page(
        tuple(
            Row(one, voices.get(one.id, 0), joined.get(one.id, 0), waiting.get(one.id, 0))
            for one in found[:PAGE]
        ),
        len(found) > PAGE,
    )


def voices_of(idea_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many persons support each idea, with those joined to it: one person counts once, whatever they pressed."""
    ids = list(idea_ids)
    given = (
        Voice.objects.filter(Q(idea_id__in=ids) | Q(idea__merged_into_id__in=ids), withdrawn_at=None)
        .annotate(
            of=Coalesce("idea__merged_into_id", "idea_id"), who=Coalesce("voter__person_id", "voter_id")
        )
        .values_list("of", "idea_id", "who")
        .distinct()
    )
    found: dict[UUID, set[UUID]] = {key: set() for key in ids}
    for whole, own, who in given:
        for key in {whole, own} & found.keys():
            found[key].add(who)
    return {key: len(people) for key, people in found.items()}


def _joined(ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = Idea.objects.filter(merged_into_id__in=ids).values_list("merged_into_id").annotate(n=Count("id"))
    return {key: number for key, number in rows if key}


def _waiting_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for table in (Comment, Statement):
        rows: Any = table._default_manager.filter(idea_id__in=ids, state="waiting")
        for key, number in rows.values_list("idea_id").annotate(n=Count("id")):
            found[key] = found.get(key, 0) + number
    return found


def waiting(by: Actor) -> Waiting:
    """What waits to be read, carried over, or told, in the actor's area."""
    mine = access.visible(by)
    states = dict(mine.filter(state__in=["new", "deferred"]).values_list("state").annotate(n=Count("id")))
    ids = mine.values("id")
    return Waiting(
        new=states.get("new", 0),
        comments=Comment.objects.filter(idea_id__in=ids, state="waiting").count(),
        statements=Statement.objects.filter(idea_id__in=ids, state="waiting").count(),
        deferred=states.get("deferred", 0),
        untold=len(untold(by)),
    )


def comments_waiting(by: Actor, limit: int = 50) -> list[Comment]:
    """Comments nobody has read yet, the oldest first."""
    rows = Comment.objects.filter(idea_id__in=access.visible(by).values("id"), state="waiting")
    return list(rows.select_related("idea").order_by("written_at", "id")[:limit])


def statements_waiting(by: Actor, limit: int = 50) -> list[Statement]:
    """Sentences nobody has read yet, the oldest first."""
    rows = Statement.objects.filter(idea_id__in=access.visible(by).values("id"), state="waiting")
    return list(rows.select_related("idea").order_by("offered_at", "id")[:limit])


def matters(by: Actor, limit: int = 20) -> list[Case]:
    """Matters that say they are ideas or wishes, of which no idea was made yet: the oldest first."""
    rows = (
        case_access.visible(by)
        .filter(kind_id__in=_FIRST_KINDS, sensitivity="normal", idea=None, is_open=True, merged_into=None)
        .filter(region_code__gte="0")
        .select_related("kind", "hamlet")
    )
    return [one for one in rows.order_by("received_at", "id")[:limit] if len(one.region_code) == 10]


def idea_of_case(case_id: UUID) -> Idea | None:
    """The idea that was made of a matter."""
    return Idea.objects.filter(case_id=case_id).first()


def alike(by: Actor, idea: Idea, limit: int = 5) -> list[tuple[Idea, float]]:
    """Ideas of the village that perhaps say the same, the likest first."""
    own = text.search_key(f"{idea.title} {idea.words}")
    rows = (
        access.visible(by)
        .filter(region_code=idea.region_code)
        .exclude(id=idea.id)
        .exclude(state__in=["merged", "rejected", "withdrawn", "done"])
    )
    found = [
        (one, rules.same_words(own, text.search_key(f"{one.title} {one.words}")))
        for one in rows.order_by("-proposed_at")[:200]
    ]
    near = [pair for pair in found if pair[1] >= rules.LOOKS_ALIKE]
    return sorted(near, key=lambda pair: -pair[1])[:limit]


def mergeable(by: Actor, idea: Idea, words: str = "", limit: int = 20) -> list[Idea]:
    """Ideas of the village with which this one can be joined."""
    rows = (
        access.visible(by)
        .filter(region_code=idea.region_code)
        .exclude(id=idea.id)
        .exclude(state__in=["merged", "rejected", "withdrawn"])
    )
    return list(_narrowed(rows, "", "", words).order_by("-proposed_at")[:limit])


def steps_of(idea: Idea) -> list[IdeaStep]:
    """The steps of an idea, in order."""
    return list(idea.steps.select_related("meeting").order_by("happened_at", "recorded_at", "id"))


def path_of(idea: Idea) -> tuple[rules.PathStep, ...]:
    """The path of an idea, as everybody sees it."""
    taken = [("new", idea.proposed_at, "")]
    taken += [(one.kind, one.happened_at, one.reason) for one in steps_of(idea) if one.kind != "echo"]
    return rules.path(idea.state, taken)


def heard_of(steps: Sequence[IdeaStep]) -> dict[UUID, str]:
    """Step -> whether its author heard: "heard", "waits" (a message is on its way), "owed" (nothing reached them), "" (nobody waits)."""
    keys = [one.message_id for one in steps if one.message_id]
    states: dict[UUID | None, str] = (
        dict(Message.objects.filter(id__in=keys).values_list("id", "state")) if keys else {}
    )
    found = {}
    for one in steps:
        if not one.owes:
            found[one.id] = ""
        elif one.told_at is not None or states.get(one.message_id) in HEARD:
            found[one.id] = "heard"
        else:
            found[one.id] = (
                "waits" if states.get(one.message_id) in ("queued", "sending", "printed") else "owed"
            )
    return found


def untold(by: Actor, limit: int = 50) -> list[IdeaStep]:
    """Steps of the last half year of which an author should hear and no message could be sent: somebody goes and tells them."""
    ids = access.visible(by).values("id")
    rows = (
        IdeaStep.objects.filter(idea_id__in=ids, owes=True, told_at=None)
        .filter(idea__author__isnull=False)
        .select_related("idea", "idea__author", "idea__hamlet")
        .order_by("-recorded_at")[:300]
    )
    found = list(rows)
    heard = heard_of(found)
    return [one for one in found if heard[one.id] == "owed"][:limit]


def joined_with(idea: Idea) -> list[Idea]:
    """Ideas that were joined into this one."""
    return list(idea.merged_rows.order_by("proposed_at", "id"))


def comments_of(idea: Idea, *, shown_only: bool = True) -> list[Comment]:
    """What was said about an idea and those joined with it, in order."""
    rows = Comment.objects.filter(Q(idea=idea) | Q(idea__merged_into=idea))
    return list((rows.filter(state="shown") if shown_only else rows).order_by("written_at", "id")[:300])


def statements_of(idea: Idea, *, shown_only: bool = True) -> list[Statement]:
    """The sentences of an idea, in order."""
    rows = Statement.objects.filter(idea=idea)
    return list((rows.filter(state="shown") if shown_only else rows).order_by("offered_at", "id"))


def opinions_view(idea: Idea) -> tuple[opinion_rules.View, dict[str, Statement]]:
    """Shares of everybody and of the groups of opinion; small groups are hidden."""
    told = {str(one.id): one for one in statements_of(idea)}
    answers: dict[str, dict[str, int]] = {}
    rows = (
        Opinion.objects.filter(statement__idea=idea, statement__state="shown")
        .annotate(who=Coalesce("voter__person_id", "voter_id"))
        .order_by("said_at")
        .values_list("who", "statement_id", "value")
    )
    for who, statement, value in rows:
        answers.setdefault(str(who), {})[str(statement)] = value
    return opinion_rules.view(answers, list(told)), told


def opinions_of(voter_id: UUID | None, idea: Idea) -> dict[UUID, int]:
    """What one voter said of the sentences of an idea."""
    if voter_id is None:
        return {}
    rows = Opinion.objects.filter(voter_id=voter_id, statement__idea=idea)
    return dict(rows.values_list("statement_id", "value"))


def supports(voter_id: UUID | None, idea: Idea) -> bool:
    """True when this voter supports the idea, or one joined with it."""
    if voter_id is None:
        return False
    mine = Q(idea=idea) | Q(idea__merged_into=idea)
    return Voice.objects.filter(mine, voter_id=voter_id, withdrawn_at=None).exists()


def voter(voter_id: UUID | None, region_code: str) -> Voter | None:
    """The voter of a village that a device remembers."""
    return Voter.objects.filter(id=voter_id, region_code=region_code).first() if voter_id else None


def assistance_now(by: Actor, at: datetime, region_code: str = "") -> Assistance | None:
    """For whom this officer writes now."""
    rows = Assistance.objects.filter(user_id=by.user_key, began_at__lte=at, until_at__gt=at)
    if region_code:
        rows = rows.filter(region_code=region_code)
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at)).order_by("-began_at").first()


def assistances(by: Actor, limit: int = 100) -> list[Assistance]:
    """Who wrote for whom and why, the newest first: the trace of assisted entry."""
    if not access.visible(by).query.is_empty():
        rows = Assistance.objects.filter(access.inside(by))
        counted = rows.annotate(
            n_ideas=Count("ideas", distinct=True),
            n_voices=Count("voices", distinct=True),
            n_comments=Count("comments", distinct=True),
        )
        return list(counted.order_by("-began_at")[:limit])
    return []


# --- what everybody reads -------------------------------------------------------------------------------------------------


def public_ideas(
    *,
    region: str = "",
    group: str = "",
    hamlet: str = "",
    field: str = "",
    words: str = "",
    order: str = "",
    page: int = 1,
) -> Page:
    """Published ideas: the newest first, or those with the most voices."""
    rows = Idea.objects.public().inside(region).exclude(state__in=["merged", "withdrawn"])
    if group in PUBLIC_GROUPS:
        rows = rows.filter(state__in=PUBLIC_GROUPS[group])
    rows = _narrowed(rows, field, hamlet, words)
    if order == "suara":
        rows = rows.annotate(n=Count("voices", filter=Q(voices__withdrawn_at=None), distinct=True)).order_by(
            "-n", "-published_at", "id"
        )
    else:
        rows = rows.order_by("-published_at", "id")
    return _page(rows, page)


def public_counts(region: str = "") -> dict[str, int]:
    """How many published ideas stand in each group of the public list."""
    rows = Idea.objects.public().inside(region).values_list("state").annotate(n=Count("id"))
    states = dict(rows)
    return {name: sum(states.get(one, 0) for one in wanted) for name, wanted in PUBLIC_GROUPS.items()}


def public_villages() -> list[str]:
    """Villages that have published ideas."""
    rows = Idea.objects.public().order_by("region_code").values_list("region_code", flat=True)
    return list(rows.distinct()[:200])


def public_idea(code: str) -> Idea | None:
    """One published idea by the code of its page; a joined one too, so that its page can lead on."""
    if not rules.is_code(code):
        return None
    rows = Idea.objects.public().select_related("hamlet", "author", "merged_into", "case")
    return rows.filter(code=code).first()


def public_name(idea: Idea) -> str:
    """The author's name, where they agreed that it stands there; else nothing."""
    return idea.author.full_name if idea.show_author and idea.author is not None else ""


def recent_steps(region: str, since: datetime, limit: int = 10) -> list[IdeaStep]:
    """What happened to published ideas since a moment, for the board and the group's text."""
    rows = (
        IdeaStep.objects.filter(areas.inside(region, "idea__region_code"))
        .filter(idea__published_at__isnull=False, idea__hidden_at=None, recorded_at__gte=since)
        .filter(kind__in=[*rules.TELLING, "carried"])
        .select_related("idea")
    )
    return list(rows.order_by("-recorded_at", "id")[:limit])


def by_hamlet(region: str) -> QuerySet[Any, Any]:
    """How many published ideas each hamlet of a village has."""
    rows = Idea.objects.public().filter(region_code=region).values(name=F("hamlet__name"))
    return rows.annotate(n=Count("id")).order_by("name")
