"""Acts on publications: prepare, return, release by a second person, correct, withdraw.

The public reads a record of its own, made from copies that a preparer edited. Nothing that names a person, a number or an address gets
through by oversight: what the machine still finds must be gone or looked at, and identity numbers cannot be kept at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access, search
from simpul.cases.actions import steps
from simpul.cases.models import Answer, Case, Publication, PublicationVersion, PublicationWords
from simpul.cases.queries import publishing as queries
from simpul.cases.rules import publication as rules
from simpul.lib import text as texts
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries

_LIMITS = {"title": 150, "text": 5000, "answer": 5000}
MOST_PHOTOS = 6


class NotPublishable(Refused):
    """This matter is not for the public."""

    code = "publication.not_publishable"
    sentence = _("This matter cannot be published: %(why)s")


class PublicationMoved(Refused):
    """The publication is in a state from which this act does not start."""

    code = "publication.moved"
    sentence = _("This publication has moved on. Look at it again to see where it is now.")


class WordsMissing(Refused):
    """The public reads a title, what was told, and the answer."""

    code = "publication.words_missing"
    sentence = _("Write a title, what was reported, and the answer.")


class WordsTooLong(Refused):
    """More than the page holds; nothing is cut off in silence."""

    code = "publication.words_too_long"
    sentence = _("This is too long. Write at most %(limit)s characters.")


class PersonalDataLeft(Refused):
    """Something still points to a person; ``left`` says what and where."""

    code = "publication.personal_data_left"
    sentence = _(
        "Personal data still stand in the text: %(found)s. Blacken them, or confirm that each may be public."
    )

    def __init__(self, left: Sequence[rules.Left]) -> None:
        super().__init__(found=", ".join(dict.fromkeys(one.span.text for one in left)), field=left[0].part)
        self.left = tuple(left)


class PhotoNotMasked(Refused):
    """Only photos somebody looked at are published."""

    code = "publication.photo_not_masked"
    sentence = _(
        "Choose at most %(most)s photos of this matter that have been looked at and blacked out where needed."
    )
    field = "photo_ids"


class OwnPublication(Refused):
    """Nobody releases what they prepared."""

    code = "publication.own"
    sentence = _("You prepared this yourself, so another person must release it.")


_WHY: Mapping[str, Any] = {
    "sealed": _("it is protected."),
    "restricted": _("it is restricted to the desks that work on it."),
    "kind": _("matters of this kind are never published."),
    "merged": _("it was merged into another one; publish that."),
    "unanswered": _("it has not been answered yet."),
}


def prepare_publication(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    title: str,
    text: str,
    answer: str,
    reviewed: Collection[str] = (),
    photo_ids: Sequence[UUID] = (),
) -> Publication:
    """Offer the edited words of an answered matter for release by a second person.

    Args:
        reviewed: finds, word for word, that the preparer looked at and keeps (an office's telephone, the head's name).
        photo_ids: attachments whose masked copies go along.

    Raises:
        NotPublishable, PublicationMoved, WordsMissing, WordsTooLong, PersonalDataLeft, PhotoNotMasked.
    """
    with transaction.atomic():
        case = steps.begin(by, "publication.prepare", case_id)
        said = _answered(case)
        known = Publication.objects.select_for_update().filter(case=case).first()
        if not rules.allowed("publication.prepare", known.state if known else ""):
            raise PublicationMoved
        words = _words(case, title, text, answer, reviewed)
        columns = {
            **_columns(case, said),
            **words,
            "photos": _photos(case, photo_ids),
            "state": rules.target("publication.prepare"),
            "prepared_by_user_id": by.user_id,
            "prepared_by": by.name,
            "prepared_at": at,
            "return_reason": "",
            "withdrawn_at": None,
            "withdraw_reason": "",
        }
        publication, _made = Publication.objects.update_or_create(
            case=case, defaults=columns, create_defaults={**columns, "slug": secrets.token_hex(8)}
        )
        steps.journal(by, at, "publication.prepare", case, {"kept": len(reviewed)}, words)
        return publication


def return_publication(*, by: Actor, at: datetime, publication_id: UUID, reason: str) -> None:
    """Send a prepared publication back with what is missing.

    Raises:
        NotFound, PublicationMoved, WordsMissing.
    """
    with transaction.atomic():
        publication = _begin(by, "publication.return", publication_id)
        why = steps.words(reason, field="reason")
        _move(publication, "publication.return", return_reason=why)
        steps.journal(by, at, "publication.return", publication.case, inputs={"reason": why})


def release_publication(*, by: Actor, at: datetime, publication_id: UUID) -> None:
    """Let the public read it. The preparer cannot; the person who reported is told.

    Raises:
        OwnPublication: the same person prepared it.
        NotPublishable, PersonalDataLeft: the matter changed since (sealed, a party added).
        NotFound, PublicationMoved.
    """
    with transaction.atomic():
        publication = _begin(by, "publication.release", publication_id)
        case = publication.case
        if by.user_id is None or publication.prepared_by_user_id in (None, by.user_id):
            raise OwnPublication
        _answered(case)
        never = [one for one in rules.left_in(_parts(publication), ()) if one.never]
        if never:
            raise PersonalDataLeft(never)
        _move(publication, "publication.release", released_by=by.name, released_at=at)
        _index(publication)
        steps.tell(case, "published", at, once=publication.slug)
        steps.journal(by, at, "publication.release", case, {"prepared_by": publication.prepared_by})


def correct_publication(
    *,
    by: Actor,
    at: datetime,
    publication_id: UUID,
    title: str,
    text: str,
    answer: str,
    reason: str,
    reviewed: Collection[str] = (),
) -> None:
    """Change what the public reads; what it said before is kept for those who release, and the page says that it was corrected.

    Raises:
        NotFound, PublicationMoved, WordsMissing, WordsTooLong, PersonalDataLeft.
    """
    with transaction.atomic():
        publication = _begin(by, "publication.correct", publication_id)
        why = steps.words(reason, field="reason", most=200)
        words = _words(publication.case, title, text, answer, reviewed)
        _keep_version(publication, by, at, why)
        _move(publication, "publication.correct", **words, corrected_at=at, correction_words=why)
        _index(publication)
        steps.journal(by, at, "publication.correct", publication.case, inputs={**words, "reason": why})


def withdraw_publication(*, by: Actor, at: datetime, publication_id: UUID, reason: str) -> None:
    """Take a publication from the public at once; the log keeps what it said and why it went.

    Raises:
        NotFound, PublicationMoved, WordsMissing.
    """
    with transaction.atomic():
        publication = _begin(by, "publication.withdraw", publication_id)
        why = steps.words(reason, field="reason", most=200)
        _keep_version(publication, by, at, why)
        _move(publication, "publication.withdraw", withdrawn_at=at, withdraw_reason=why)
        PublicationWords.objects.filter(publication=publication).delete()
        steps.journal(by, at, "publication.withdraw", publication.case, inputs={"reason": why})


def take_down(case: Case, at: datetime) -> None:
    """A sealed matter is not public: what was published of it disappears at once, and the log keeps what it said."""
    publication = Publication.objects.filter(case=case).exclude(state="withdrawn").first()
    if publication is None:
        return
    reason = str(_("The matter was sealed"))
    PublicationVersion.objects.create(
        publication=publication,
        title=publication.title,
        text=publication.text,
        answer=publication.answer,
        by_name=MACHINE.name,
        reason=reason,
        at=at,
    )
    Publication.objects.filter(id=publication.id).update(
        state="withdrawn", withdrawn_at=at, withdraw_reason=reason
    )
    PublicationWords.objects.filter(publication=publication).delete()


def _begin(by: Actor, act: str, publication_id: UUID) -> Publication:
    """The publication for an act: seen by the actor, allowed by the role table, in a state the act may start from."""
    publication = (
        access.publications(by)
        .filter(id=publication_id)
        .select_related("case", "case__kind", "case__reporter", "case__about", "case__hamlet", "case__holder")
        .select_for_update(of=("self",))
        .first()
    )
    if publication is None:
        raise NotFound
    roles.require(by, act, access.place_of(publication.case))
    if not rules.allowed(act, publication.state):
        raise PublicationMoved
    return publication


def _move(publication: Publication, act: str, **changes: Any) -> None:
    changes["state"] = rules.target(act)
    if Publication.objects.filter(id=publication.id, state=publication.state).update(**changes) != 1:
        raise PublicationMoved
    for name, value in changes.items():
        setattr(publication, name, value)


def _answered(case: Case) -> Answer:
    """The answer that is published, or the reason why the matter cannot be."""
    answer = queries.last_answer(case)
    why = rules.why_not(
        sensitivity=case.sensitivity,
        publishable=case.kind.publishable,
        answered=answer is not None and case.answered_at is not None,
        merged=case.merged_into_id is not None,
    )
    if why or answer is None:
        raise NotPublishable(why=_WHY[why or "unanswered"])
    return answer


def _words(case: Case, title: str, text: str, answer: str, reviewed: Collection[str]) -> dict[str, str]:
    """The three texts, cleaned, without what points to a person."""
    words = {
        "title": texts.clean_line(title),
        "text": texts.clean_text(text),
        "answer": texts.clean_text(answer),
    }
    for part, said in words.items():
        if len(said) < 3:
            raise WordsMissing(field=part)
        if len(said) > _LIMITS[part]:
            raise WordsTooLong(field=part, limit=_LIMITS[part])
    left = rules.left_in(words, queries.names_in(case), reviewed)
    if left:
        raise PersonalDataLeft(left)
    return words


def _columns(case: Case, answer: Answer) -> dict[str, Any]:
    """What is copied from the case as it is: no words of anybody, and no place smaller than the village."""
    return {
        "kind_code": case.kind_id,
        "group": case.kind.group,
        "region_code": case.region_code,
        "place_words": rules.place_words(region_queries.path_names(case.region_code))[:120],
        "desk_name": answer.desk.name,
        "decision": answer.decision,
        "received_date": steps.calendar_of(answer.desk, case.received_at).local_date(case.received_at),
        "answered_date": steps.calendar_of(answer.desk, answer.at).local_date(answer.at),
        "language": case.language,
    }


def _photos(case: Case, photo_ids: Sequence[UUID]) -> list[str]:
    masked = {photo.id: photo.masked_sha256 for photo in queries.photos_of(case)}
    if len(photo_ids) > MOST_PHOTOS or not set(photo_ids) <= set(masked):
        raise PhotoNotMasked(most=MOST_PHOTOS)
    return [masked[photo_id] for photo_id in dict.fromkeys(photo_ids)]


def _parts(publication: Publication) -> dict[str, str]:
    return {"title": publication.title, "text": publication.text, "answer": publication.answer}


def _keep_version(publication: Publication, by: Actor, at: datetime, reason: str) -> None:
    PublicationVersion.objects.create(
        publication=publication, **_parts(publication), by_name=by.name, reason=reason, at=at
    )


def _index(publication: Publication) -> None:
    words = search.words_of(
        (publication.title, publication.place_words, publication.answer, publication.text)
    )
    PublicationWords.objects.update_or_create(publication=publication, defaults={"words": words})
