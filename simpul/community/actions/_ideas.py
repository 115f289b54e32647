"""Steps that the acts on ideas share: the locked row, assistance, a step of the path, telling the author, the line."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.models import Assistance, Idea, IdeaStep, PlanYear
from simpul.community.rules import ideas as rules
from simpul.community.rules import planning as planning_rules
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.messages import actions as message_actions


class IdeaWordsMissing(Refused):
    """A text the act cannot do without."""

    code = "idea.words_missing"
    sentence = _("Write a few words here, so that others understand the idea.")


class IdeaChoiceUnknown(Refused):
    """A value that is not offered."""

    code = "idea.choice_unknown"
    sentence = _("Choose one of the answers that are offered.")


class IdeaMoveRefused(Refused):
    """The idea is not where this leads on from."""

    code = "idea.move_refused"
    sentence = _("This idea stands at “%(state)s”, so this cannot be done now. Load the page again.")


class IdeaReasonMissing(Refused):
    """Whoever proposed it hears why."""

    code = "idea.reason_missing"
    sentence = _("Write the reason in plain words: the author is told, and everybody can read it.")
    field = "reason"


class AssistanceMissing(Refused):
    """Nobody writes for a resident without saying so."""

    code = "idea.assistance_missing"
    sentence = _("Say first for whom you write and why. It is open for half an hour.")


class AssistanceOver(Refused):
    """The half hour is over."""

    code = "idea.assistance_over"
    sentence = _(
        "The half hour for writing in somebody's place is over. If the person is still here, begin a new one."
    )


SENTENCES: Mapping[str, Any] = {
    "open": _("Your idea is on the public page now. Residents can support it and talk about it."),
    "talked": _("Your idea was talked over in the hamlet."),
    "ranked": _("The musrenbang ranked your idea among those that go on."),
    "planned": _("Your idea is in the village plan."),
    "proposed": _(
        "The village cannot pay for your idea itself. It stands on the list that went to the camat."
    ),
    "funded": _("Money has been set aside for your idea."),
    "works": _("The work for your idea has begun."),
    "done": _("Your idea has become real. Thank you."),
    "deferred": _("Your idea was put off this year. It is not forgotten: it is carried over to the next."),
    "rejected": _("Your idea is not taken up."),
    "merged": _("Your idea was joined with another that says the same. You stay one of its authors."),
    "joined": _("Somebody else had the same idea. The two were joined, and you stay one of the authors."),
    "unmerged": _("Your idea stands for itself again."),
    "carried": _("Your idea is carried over and stands on the list for the next plan."),
    "reopened": _("Your idea is taken up again."),
}
"""What an author is told at each step, in their own language; the reason follows."""


def begin(by: Actor, act: str, idea_id: UUID) -> Idea:
    """The idea for an act, locked: seen by the actor and allowed by the role table.

    Raises:
        NotFound: unknown, hidden or not allowed: the three look the same.
    """
    found = access.idea_for(by, idea_id, lock=True)
    roles.require(by, act, access.place_of(found.region_code))
    return found


def words(given: str, *, field: str, most: int, least: int = 3) -> str:
    """A cleaned line; ``least`` 0 lets it be empty.

    Raises:
        IdeaWordsMissing, text.TooLong.
    """
    clean = text.clean_line(given, most)
    if len(clean) < least:
        raise IdeaWordsMissing(field=field)
    return clean


def paragraphs(given: str, *, field: str, most: int, least: int = 10) -> str:
    """Cleaned lines.

    Raises:
        IdeaWordsMissing, text.TooLong.
    """
    clean = text.clean_text(given, most)
    if len(clean) < least:
        raise IdeaWordsMissing(field=field)
    return clean


def reason(given: str, *, needed: bool = True) -> str:
    """A cleaned reason.

    Raises:
        IdeaReasonMissing: none was given where one is owed.
    """
    clean = text.clean_line(given, 500)
    if needed and len(clean) < 5:
        raise IdeaReasonMissing
    return clean


def choice(value: str, table: Any, *, field: str) -> str:
    """A value of the table.

    Raises:
        IdeaChoiceUnknown: it is not in it.
    """
    if value not in table:
        raise IdeaChoiceUnknown(field=field)
    return value


def new_code() -> str:
    """Eight signs for the address of an idea's page: short enough to be printed and said."""
    while True:
        code = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _place in range(8))
        if not Idea.objects.filter(code=code).exists():
            return code


def today(region_code: str, at: datetime) -> date:
    """The day at a place."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


def year_for(region_code: str, at: datetime) -> int:
    """The plan's year an idea of this moment is meant for, by the village's own calendar."""
    own = dict(PlanYear.objects.filter(region_code=region_code).values_list("year", "ideas_until_date"))
    return planning_rules.year_for(today(region_code, at), own)


def assisted(by: Actor, at: datetime, assistance_id: UUID | None, region_code: str) -> Assistance | None:
    """For whom an officer writes. Residents write for themselves.

    Raises:
        AssistanceMissing, AssistanceOver.
    """
    if by.is_public:
        return None
    found = (
        Assistance.objects.filter(id=assistance_id, region_code=region_code).first()
        if assistance_id
        else None
    )
    if found is None or found.user_id != by.user_key:
        raise AssistanceMissing
    if not rules.assistance_open(found.began_at, found.until_at, found.ended_at, at):
        raise AssistanceOver
    return found


def move(idea: Idea, wanted: str) -> str:
    """Bring an idea to a state (the row is not saved); returns the state before.

    Raises:
        IdeaMoveRefused: it cannot come to it from where it is.
    """
    before = idea.state
    if not rules.may_become(before, wanted):
        raise IdeaMoveRefused(state=gettext(rules.STATES[before]))
    idea.state = wanted
    return before


def step(
    by: Actor,
    at: datetime,
    idea: Idea,
    kind: str,
    *,
    before: str,
    why: str = "",
    meeting_id: UUID | None = None,
    happened_at: datetime | None = None,
    step_id: UUID | None = None,
    told: bool = False,
) -> IdeaStep:
    """Write a step of the path, and tell the author and the authors of what was joined with it.

    Args:
        told: the author hears of it by another message of the same act (the answer to the matter).
    """
    made = _written(by, at, idea, kind, before, why, meeting_id, happened_at, step_id)
    _tell(made, at, already=told)
    for other in Idea.objects.filter(merged_into=idea).select_related("author", "hamlet").order_by("id"):
        if other.author_id != idea.author_id and kind in rules.TELLING | {"carried", "reopened"}:
            echo = _written(by, at, other, "echo", other.state, why, meeting_id, happened_at, None)
            _tell(echo, at, sentence=kind)
    return made


def step_alone(by: Actor, at: datetime, idea: Idea, kind: str, *, why: str = "") -> IdeaStep:
    """Write a step that concerns the idea's own author alone, and tell them."""
    made = _written(by, at, idea, kind, idea.state, why, None, None, None)
    _tell(made, at)
    return made


def _written(
    by: Actor,
    at: datetime,
    idea: Idea,
    kind: str,
    before: str,
    why: str,
    meeting_id: UUID | None,
    happened_at: datetime | None,
    step_id: UUID | None,
) -> IdeaStep:
    return IdeaStep.objects.create(
        id=step_id or uuid7(),
        idea=idea,
        kind=kind,
        before=before,
        reason=why,
        year=idea.year,
        meeting_id=meeting_id,
        happened_at=happened_at or at,
        recorded_at=at,
        recorded_by=by.name[:150],
        user_id=by.user_key,
        owes=idea.author_id is not None and (kind in SENTENCES or kind == "echo"),
    )


def plain_words(kind: str, why: str, language: str) -> str:
    """What an author is told of a step, with its reason."""
    with translation.override(language or "id"):
        said = str(SENTENCES[kind])
        return f"{said} {gettext('The reason:')} {why}" if why else said


def _tell(made: IdeaStep, at: datetime, *, sentence: str = "", already: bool = False) -> None:
    if not made.owes:
        return
    if already:
        made.told_at, made.told_by = at, "answer"
        made.save(update_fields=["told_at", "told_by"])
        return
    idea = made.idea
    author = idea.author
    if author is None:
        return
    message = message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="idea",
        subject_id=idea.id,
        once_key=f"{idea.id}:step:{made.id}",
        text_key="idea_step",
        values={
            "title": idea.title,
            "words": plain_words(sentence or made.kind, made.reason, author.language),
        },
        person_id=author.id,
        region_code=idea.region_code,
        hamlet_name=idea.hamlet.name if idea.hamlet else "",
        language=author.language,
    )
    if message is not None:
        made.message_id = message.id
        made.save(update_fields=["message_id"])


def again(idea: Idea, step_id: UUID | None) -> IdeaStep | None:
    """The step that was written under this key before.

    Raises:
        NotFound: the key belongs to another idea.
    """
    found = IdeaStep.objects.filter(id=step_id).first() if step_id else None
    if found is not None and found.idea_id != idea.id:
        raise NotFound
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    region_code: str,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        region_code=region_code,
        facts=facts,
        inputs=inputs,
    )
