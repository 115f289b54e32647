"""Taking ideas in: from the page, at the counter for somebody present, out of a matter; moderation; joining doubles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.community.access import ideas as access
from simpul.community.actions import _ideas as steps
from simpul.community.models import Assistance, Idea
from simpul.community.rules import ideas as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.regions import queries as region_queries


class IdeaPlaceUnknown(Refused):
    """An idea is for a village."""

    code = "idea.place_unknown"
    sentence = _("Choose the village this idea is for.")
    field = "place_code"


class MatterIsProtected(Refused):
    """A protected matter never becomes public."""

    code = "idea.matter_is_protected"
    sentence = _("This matter is protected. It cannot be made an idea that everybody reads.")


class WholeOfItself(Refused):
    """An idea is not its own double."""

    code = "idea.same_idea"
    sentence = _("Choose another idea: this is the same one.")
    field = "into"


class HoldsOthers(Refused):
    """One that others were joined with is not joined itself."""

    code = "idea.holds_others"
    sentence = _("Others were joined with this idea already. Join the other one into this one instead.")
    field = "into"


class OtherVillage(Refused):
    """Ideas of two villages are not one."""

    code = "idea.other_village"
    sentence = _("Only ideas of one village can be joined.")
    field = "into"


@dataclass(frozen=True, slots=True)
class IdeaGiven:
    """An idea as it was told."""

    title: str
    words: str
    field: str
    benefits: str = ""
    place: str = ""
    hamlet_id: UUID | None = None
    show_author: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """An idea that was taken in, and the receipt of its matter. No idea when its words made the matter a protected one."""

    idea: Idea | None
    opened: intake.Opened


def begin_assistance(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    reason: str,
    name: str = "",
    person_id: UUID | None = None,
    assistance_id: UUID | None = None,
) -> Assistance:
    """Say for whom an officer writes from now on and why; it is open for half an hour.

    Raises:
        steps.IdeaWordsMissing, steps.IdeaReasonMissing.
        NotFound: no such person for this actor, or not allowed here.
    """
    roles.require(by, "assistance.begin", access.place_of(region_code))
    with transaction.atomic():
        known = Assistance.objects.filter(id=assistance_id).first() if assistance_id else None
        if known is not None:
            if known.user_id != by.user_key:
                raise NotFound
            return known
        person = people_access.active_for(by, person_id) if person_id else None
        made = Assistance.objects.create(
            id=assistance_id or uuid7(),
            region_code=region_code,
            person=person,
            name=steps.words(name or (person.full_name if person else ""), field="name", most=150, least=2),
            reason=steps.reason(reason)[:300],
            began_at=at,
            until_at=at + rules.ASSISTED_FOR,
            officer=by.name[:150],
            user_id=by.user_key,
        )
        steps.line(
            by,
            at,
            "assistance.begin",
            ("assistance", made.id),
            region_code,
            {"until": made.until_at.isoformat()},
            {"name": made.name, "reason": made.reason},
        )
    return made


def end_assistance(*, by: Actor, at: datetime, assistance_id: UUID) -> None:
    """Stop writing for somebody before the half hour is over. Doing it again changes nothing.

    Raises:
        NotFound: not this officer's own.
    """
    with transaction.atomic():
        found = Assistance.objects.select_for_update().filter(id=assistance_id, user_id=by.user_key).first()
        if found is None:
            raise NotFound
        roles.require(by, "assistance.end", access.place_of(found.region_code))
        if found.ended_at is not None or at >= found.until_at:
            return
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        steps.line(by, at, "assistance.end", ("assistance", found.id), found.region_code)


def open_idea(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    given: IdeaGiven,
    channel: str = "web",
    author: intake.PersonGiven | None = None,
    assistance_id: UUID | None = None,
    visit_id: UUID | None = None,
    idea_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Taken:
    """Take an idea in: it becomes a matter with a receipt, and waits to be read before everybody reads it.

    An officer writes for somebody present (``begin_assistance``). The same ``case_id`` again gives the same idea and receipt.

    Raises:
        IdeaPlaceUnknown, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown, steps.AssistanceMissing, steps.AssistanceOver.
        Refused: what ``cases.actions.intake.open_case`` refuses.
        NotFound: the key is another matter's.
    """
    roles.require(by, "idea.open", access.place_of(region_code))
    _place(region_code, given.hamlet_id)
    with transaction.atomic():
        helped = steps.assisted(by, at, assistance_id, region_code)
        if author is None and helped is not None and helped.person_id:
            author = intake.PersonGiven(person_id=helped.person_id)
        elif author is None and helped is not None:
            author = intake.PersonGiven(name=helped.name)
        cleaned = _cleaned(given)
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code="idea",
            text_given=cleaned.words,
            title=cleaned.title,
            region_code=region_code,
            hamlet_id=cleaned.hamlet_id,
            place=cleaned.place,
            channel=channel,
            mode="self" if author is not None else "anonymous",
            reporter=author,
            answers={"field": cleaned.field, "benefits": cleaned.benefits},
            consent="spoken" if helped is not None else "ticked",
            hide_name=not cleaned.show_author,
            visit_id=visit_id,
            case_id=case_id,
        )
        if opened.again and opened.case.kind_id != "idea" and opened.case.sensitivity == "normal":
            raise NotFound  # the key is another matter's: its words become no idea, and its receipt is not given out
        known = Idea.objects.filter(case=opened.case).first()
        if known is None and opened.case.sensitivity == "normal":
            known = _make(by, at, opened.case, cleaned, channel, helped, idea_id)
            steps.line(
                by,
                at,
                "idea.open",
                ("idea", known.id),
                region_code,
                {"case": str(opened.case.id), "channel": channel, "assistance": str(assistance_id or "")},
                {"title": known.title, "words": known.words},
            )
    return Taken(known, opened)


def adopt_idea(
    *, by: Actor, at: datetime, case_id: UUID, given: IdeaGiven, idea_id: UUID | None = None
) -> Idea:
    """Make an idea of a matter that came by any road; its receipt stays its author's. A matter gives one idea.

    Raises:
        MatterIsProtected, IdeaPlaceUnknown, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: no such matter for this actor, or not allowed here.
    """
    with transaction.atomic():
        case = case_access.get_for(by, case_id)
        roles.require(by, "idea.adopt", access.place_of(case.region_code))
        known = Idea.objects.filter(case_id=case.id).first()
        if known is not None:
            return known
        if case.sensitivity != "normal":
            raise MatterIsProtected
        _place(case.region_code, given.hamlet_id)
        made = _make(by, at, case, _cleaned(given), case.channel, None, idea_id)
        steps.line(
            by,
            at,
            "idea.adopt",
            ("idea", made.id),
            made.region_code,
            {"case": str(case.id), "kind": case.kind_id},
            {"title": made.title, "words": made.words},
        )
    return made


def _place(region_code: str, hamlet_id: UUID | None) -> None:
    if len(region_code) != 10 or region_queries.find_region(region_code) is None:
        raise IdeaPlaceUnknown
    if hamlet_id is not None and hamlet_id not in {one.id for one in region_queries.hamlets(region_code)}:
        raise steps.IdeaChoiceUnknown(field="hamlet")


def _cleaned(given: IdeaGiven) -> IdeaGiven:
    return IdeaGiven(
        title=steps.words(given.title, field="title", most=120, least=5),
        words=steps.paragraphs(given.words, field="words", most=3000),
        field=steps.choice(given.field, rules.FIELDS, field="field"),
        benefits=text.clean_line(given.benefits, 300),
        place=text.clean_line(given.place, 150),
        hamlet_id=given.hamlet_id,
        show_author=given.show_author,
    )


def _make(
    by: Actor,
    at: datetime,
    case: Case,
    given: IdeaGiven,
    channel: str,
    helped: Assistance | None,
    idea_id: UUID | None,
) -> Idea:
    return Idea.objects.create(
        id=idea_id or uuid7(),
        code=steps.new_code(),
        region_code=case.region_code,
        hamlet_id=given.hamlet_id,
        field=given.field,
        title=given.title,
        words=given.words,
        said=case.text,
        benefits=given.benefits,
        place=given.place,
        case=case,
        author_id=case.reporter_id,
        show_author=given.show_author and case.reporter_id is not None,
        channel=channel,
        assistance=helped,
        year=steps.year_for(case.region_code, at),
        proposed_at=case.received_at,
        recorded_at=at,
        recorded_by=by.name[:150],
        changed_at=at,
    )


# --- reading before everybody does ----------------------------------------------------------------------------------------


def change_idea(*, by: Actor, at: datetime, idea_id: UUID, given: IdeaGiven) -> None:
    """Change what everybody reads: names of others out, plain words in. The author's own words stay beside it.

    Raises:
        NotFound, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.change", idea_id)
        _place(idea.region_code, given.hamlet_id)
        cleaned = _cleaned(given)
        before = {"title": idea.title, "words": idea.words}
        idea.title, idea.words, idea.field = cleaned.title, cleaned.words, cleaned.field
        idea.benefits, idea.place, idea.hamlet_id = cleaned.benefits, cleaned.place, cleaned.hamlet_id
        idea.show_author = cleaned.show_author and idea.author_id is not None
        idea.changed_at = at
        idea.save()
        steps.line(
            by,
            at,
            "idea.change",
            ("idea", idea.id),
            idea.region_code,
            {"field": idea.field, "shows_author": idea.show_author},
            {"before": before, "title": idea.title, "words": idea.words},
        )


def publish_idea(*, by: Actor, at: datetime, idea_id: UUID, step_id: UUID | None = None) -> Idea:
    """Put an idea on the public page, for the first time or again after it was hidden. Its author is told the first time.

    Raises:
        NotFound, steps.IdeaMoveRefused.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.publish", idea_id)
        if idea.published_at is not None and idea.hidden_at is None:
            return idea
        first = idea.state == "new"
        before = steps.move(idea, "open") if first else idea.state
        idea.published_at = idea.published_at or at
        idea.hidden_at, idea.hidden_why, idea.changed_at = None, "", at
        idea.save()
        if first:
            steps.step(by, at, idea, "open", before=before, step_id=step_id)
        steps.line(by, at, "idea.publish", ("idea", idea.id), idea.region_code, {"first": first})
    return idea


def hide_idea(*, by: Actor, at: datetime, idea_id: UUID, why: str) -> None:
    """Take an idea off the public page, with the reason for the books; its path goes on.

    Raises:
        NotFound, steps.IdeaReasonMissing.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.hide", idea_id)
        if idea.published_at is None or idea.hidden_at is not None:
            return
        idea.hidden_at, idea.hidden_why, idea.changed_at = at, steps.reason(why)[:300], at
        idea.save()
        steps.line(by, at, "idea.hide", ("idea", idea.id), idea.region_code, inputs={"why": idea.hidden_why})


# --- the same idea twice --------------------------------------------------------------------------------------------------


def merge_idea(
    *,
    by: Actor,
    at: datetime,
    idea_id: UUID,
    into_id: UUID,
    why: str = "",
    step_id: UUID | None = None,
) -> Idea:
    """Join an idea into another that says the same: both authors are kept and told, and every voice counts once for the whole.

    Raises:
        WholeOfItself, HoldsOthers, OtherVillage, steps.IdeaMoveRefused.
        NotFound: one of them is unknown, or not allowed here.
    """
    with transaction.atomic():
        if idea_id == into_id:
            raise WholeOfItself
        idea = steps.begin(by, "idea.merge", idea_id)
        if steps.again(idea, step_id) is not None:
            return access.idea_for(by, into_id)
        into = steps.begin(by, "idea.merge", into_id)
        if idea.region_code != into.region_code:
            raise OtherVillage
        if idea.state not in rules.MERGEABLE or into.state in ("merged", "rejected", "withdrawn"):
            stuck = idea if idea.state not in rules.MERGEABLE else into
            raise steps.IdeaMoveRefused(state=gettext(rules.STATES[stuck.state]))
        if Idea.objects.filter(merged_into=idea).exists():
            raise HoldsOthers
        reason = steps.reason(why, needed=False)
        before = idea.state
        idea.state_before, idea.state, idea.merged_into, idea.changed_at = before, "merged", into, at
        idea.save()
        steps.step(by, at, idea, "merged", before=before, why=reason, step_id=step_id)
        if into.author_id != idea.author_id:
            steps.step_alone(by, at, into, "joined", why=reason)
        steps.line(
            by, at, "idea.merge", ("idea", idea.id), idea.region_code, {"into": str(into.id)}, {"why": reason}
        )
    return into


def part_idea(*, by: Actor, at: datetime, idea_id: UUID, step_id: UUID | None = None) -> Idea:
    """Part an idea from the one it was joined with: it stands where it stood before.

    Raises:
        NotFound, steps.IdeaMoveRefused.
    """
    with transaction.atomic():
        idea = steps.begin(by, "idea.part", idea_id)
        if steps.again(idea, step_id) is not None:
            return idea
        if idea.state != "merged":
            raise steps.IdeaMoveRefused(state=gettext(rules.STATES[idea.state]))
        idea.state, idea.state_before, idea.merged_into, idea.changed_at = (
            idea.state_before or "open",
            "",
            None,
            at,
        )
        idea.save()
        steps.step(by, at, idea, "unmerged", before="merged", step_id=step_id)
        steps.line(by, at, "idea.part", ("idea", idea.id), idea.region_code)
    return idea
