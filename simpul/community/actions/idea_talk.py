"""Talk about an idea: comments that a moderator reads first, sentences to agree or disagree with, and what voters say of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.actions import _ideas as steps
from simpul.community.actions import _voices as voices
from simpul.community.models import Comment, Opinion, Statement
from simpul.community.rules import ideas as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7

COMMENT_LONGEST = 1000


def write_comment(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    words: str,
    name: str = "",
    voter_id: UUID | None = None,
    official: bool = False,
    assistance_id: UUID | None = None,
    comment_id: UUID | None = None,
) -> Comment:
    """Say something about an idea. A moderator reads it first; what a moderator says for the village government is shown at once.

    Raises:
        NoVoiceNow, steps.IdeaWordsMissing, steps.AssistanceMissing, steps.AssistanceOver.
        NotFound: no such idea for this actor.
    """
    with transaction.atomic():
        idea = steps.begin(by, "comment.write", idea_id)
        known = Comment.objects.filter(id=comment_id).first() if comment_id else None
        if known is not None:
            if known.idea_id != idea.id:
                raise NotFound
            return known
        speaks = official and roles.may(by, "comment.judge", access.place_of(idea.region_code))
        helped = None if speaks else steps.assisted(by, at, assistance_id, idea.region_code)
        if idea.state in ("merged", "withdrawn") or not voices.open_for_all(idea):
            raise voices.NoVoiceNow
        made = Comment.objects.create(
            id=comment_id or uuid7(),
            idea=idea,
            words=steps.paragraphs(words, field="words", most=COMMENT_LONGEST, least=3),
            name=text.clean_line(name, 80),
            voter=voices.voter_of(idea, voter_id),
            official=speaks,
            assistance=helped,
            state="shown" if speaks else "waiting",
            written_at=at,
            recorded_by=by.name[:150],
            judged_at=at if speaks else None,
            judged_by=by.name[:150] if speaks else "",
        )
        steps.line(
            by,
            at,
            "comment.write",
            ("idea", idea.id),
            idea.region_code,
            {"comment": str(made.id), "official": speaks},
            {"words": made.words},
        )
    return made


def judge_comment(*, by: Actor, at: datetime, comment_id: UUID, show: bool, why: str = "") -> Comment:
    """Show a comment, or refuse it with a reason for the books. Judging anew takes the place of what was judged.

    Raises:
        steps.IdeaReasonMissing.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = Comment.objects.select_for_update().filter(id=comment_id).first()
        if row is None:
            raise NotFound
        idea = access.idea_for(by, row.idea_id)
        roles.require(by, "comment.judge", access.place_of(idea.region_code))
        row.state = "shown" if show else "refused"
        row.why = "" if show else steps.reason(why)[:300]
        row.judged_at, row.judged_by = at, by.name[:150]
        row.save()
        steps.line(
            by,
            at,
            "comment.judge",
            ("idea", idea.id),
            idea.region_code,
            {"comment": str(row.id), "shown": show},
            {"why": row.why},
        )
    return row


def offer_statement(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    words: str,
    voter_id: UUID | None = None,
    statement_id: UUID | None = None,
) -> Statement:
    """Offer one sentence with which everybody may agree or disagree. A moderator reads a resident's first.

    Raises:
        NoVoiceNow, VoiceUnproved, steps.IdeaWordsMissing.
        NotFound: no such idea for this actor.
    """
    with transaction.atomic():
        idea = steps.begin(by, "statement.offer", idea_id)
        known = Statement.objects.filter(id=statement_id).first() if statement_id else None
        if known is not None:
            if known.idea_id != idea.id:
                raise NotFound
            return known
        if idea.state not in rules.VOICED or not voices.open_for_all(idea):
            raise voices.NoVoiceNow
        voter = voices.voter_of(idea, voter_id)
        if by.is_public and voter is None:
            raise voices.VoiceUnproved
        shown = not by.is_public and roles.may(by, "statement.judge", access.place_of(idea.region_code))
        made = Statement.objects.create(
            id=statement_id or uuid7(),
            idea=idea,
            words=steps.words(words, field="words", most=200, least=8),
            state="shown" if shown else "waiting",
            voter=voter,
            offered_at=at,
            recorded_by=by.name[:150],
            judged_at=at if shown else None,
            judged_by=by.name[:150] if shown else "",
        )
        steps.line(
            by,
            at,
            "statement.offer",
            ("idea", idea.id),
            idea.region_code,
            {"statement": str(made.id)},
            {"words": made.words},
        )
    return made


def judge_statement(*, by: Actor, at: datetime, statement_id: UUID, show: bool) -> Statement:
    """Show a sentence, or take it away again; opinions already given stay with it.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = Statement.objects.select_for_update().filter(id=statement_id).first()
        if row is None:
            raise NotFound
        idea = access.idea_for(by, row.idea_id)
        roles.require(by, "statement.judge", access.place_of(idea.region_code))
        row.state = "shown" if show else "refused"
        row.judged_at, row.judged_by = at, by.name[:150]
        row.save()
        steps.line(
            by,
            at,
            "statement.judge",
            ("idea", idea.id),
            idea.region_code,
            {"statement": str(row.id), "shown": show},
        )
    return row


def give_opinion(
    *,
    by: Actor,
    at: datetime,
    statement_id: UUID,
    voter_id: UUID,
    value: int,
    assistance_id: UUID | None = None,
) -> Opinion:
    """Agree (1), disagree (-1) or pass (0). Saying it anew takes the place of what was said.

    Raises:
        NoVoiceNow, VoiceUnproved, steps.IdeaChoiceUnknown, steps.AssistanceMissing, steps.AssistanceOver.
        NotFound: no such sentence for this actor.
    """
    with transaction.atomic():
        row = Statement.objects.filter(id=statement_id, state="shown").first()
        if row is None:
            raise NotFound
        if value not in (1, 0, -1):
            raise steps.IdeaChoiceUnknown(field="value")
        idea, voter, _helped = voices.heard(by, at, "opinion.give", row.idea_id, voter_id, assistance_id)
        made, _new = Opinion.objects.update_or_create(
            statement=row, voter=voter, defaults={"value": value, "said_at": at}
        )
        steps.line(by, at, "opinion.give", ("idea", idea.id), idea.region_code, {"statement": str(row.id)})
    return made
