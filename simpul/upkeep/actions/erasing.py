"""Erasing a person at their wish, everywhere (UU 27/2022 art. 43). Not the same as destroying records whose time is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import erasing as case_erasing
from simpul.cases.queries import keeping as case_keeping
from simpul.community.actions import erasing as community_erasing
from simpul.feedback.actions import erasing as feedback_erasing
from simpul.journal import actions as journal_actions
from simpul.letters.actions import erasing as letter_erasing
from simpul.lib import erasing
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.mediation.actions import erasing as mediation_erasing
from simpul.meetings.actions import erasing as meeting_erasing
from simpul.messages.actions import erasing as message_erasing
from simpul.messages.queries import keeping as message_keeping
from simpul.outreach.actions import erasing as outreach_erasing
from simpul.people.actions import erasing as people_erasing
from simpul.people.queries import keeping as people_keeping
from simpul.posyandu.actions import erasing as posyandu_erasing
from simpul.programmes.actions import erasing as programme_erasing
from simpul.upkeep import access
from simpul.upkeep.actions import _shared
from simpul.upkeep.actions.carrying import OtherKind
from simpul.upkeep.actions.requests import NotOpen
from simpul.upkeep.models import Affected, RightsRequest, Tombstone
from simpul.upkeep.queries import holds as hold_queries
from simpul.upkeep.rules import requests as rules
from simpul.village_post.actions import erasing as post_erasing


class MattersOpen(Refused):
    """What runs is still needed, and the person waits for its answer."""

    code = "erase.matters_open"
    sentence = _(
        "Matters of this person are not closed: %(numbers)s. Answer and close them, or let the person withdraw them."
    )


class HoldStands(Refused):
    """A court or an inspector asked to keep it."""

    code = "erase.hold_stands"
    sentence = _(
        "The data of this person are under a legal hold. Refuse with that ground, or have the hold lifted."
    )


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose rows are emptied, with all that the rooms need to find them."""

    person_id: UUID
    words: frozenset[str]
    case_ids: tuple[UUID, ...]
    source_ids: tuple[UUID, ...]
    held: tuple[UUID, ...]
    household_id: UUID | None
    at: datetime
    by: Actor = field(default=MACHINE)


def _feedback(who: Whom) -> erasing.Emptied:
    return feedback_erasing.blank_feedback(
        by=who.by,
        at=who.at,
        person_id=who.person_id,
        case_ids=who.case_ids,
        source_ids=who.source_ids,
        words=who.words,
    )


def _programmes(who: Whom) -> erasing.Emptied:
    return programme_erasing.blank_benefits(
        by=who.by,
        at=who.at,
        person_id=who.person_id,
        case_ids=who.case_ids,
        household_id=who.household_id,
        words=who.words,
    )


def _outreach(who: Whom) -> erasing.Emptied:
    return outreach_erasing.blank_checks(
        by=who.by, at=who.at, person_id=who.person_id, household_id=who.household_id, words=who.words
    )


def _meetings(who: Whom) -> erasing.Emptied:
    return meeting_erasing.blank_attendances(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _community(who: Whom) -> erasing.Emptied:
    return community_erasing.blank_community(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _letters(who: Whom) -> erasing.Emptied:
    return letter_erasing.blank_letters(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _mediation(who: Whom) -> erasing.Emptied:
    return mediation_erasing.blank_disputes(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _village_post(who: Whom) -> erasing.Emptied:
    return post_erasing.blank_postrecords(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _posyandu(who: Whom) -> erasing.Emptied:
    return posyandu_erasing.blank_participants(by=who.by, at=who.at, person_id=who.person_id)


def _messages(who: Whom) -> erasing.Emptied:
    return message_erasing.blank_messages(
        by=who.by, at=who.at, person_id=who.person_id, case_ids=who.case_ids
    )


def _cases(who: Whom) -> erasing.Emptied:
    return case_erasing.blank_matters(
        by=who.by, at=who.at, person_id=who.person_id, words=who.words, held=who.held
    )


def _people(who: Whom) -> erasing.Emptied:
    return people_erasing.blank_person(by=who.by, at=who.at, person_id=who.person_id, words=who.words)


def _upkeep(who: Whom) -> erasing.Emptied:
    done = erasing.Emptied()
    own = RightsRequest.objects.filter(person_id=who.person_id)
    done.count("upkeep.RightsRequest", own.update(**erasing.emptied(RightsRequest)))
    told = Affected.objects.filter(person_id=who.person_id)
    done.count("upkeep.Affected", told.update(words=""))
    return done


ERASERS: tuple[Callable[[Whom], erasing.Emptied], ...] = (
    _outreach,
    _feedback,
    _programmes,
    _community,
    _letters,
    _mediation,
    _village_post,
    _posyandu,
    _meetings,
    _messages,
    _cases,
    _people,
    _upkeep,
)
"""One for each room that holds something of a person, from the rooms above down: a room finds its rows by those below."""


def erase_person(*, by: Actor, at: datetime, request_id: UUID) -> erasing.Emptied:
    """Empty everything about a person in every room, in the journal, in the search and on the disk; leave tombstones.

    A second person must have agreed to the wish. What the law demands stays, counted under its ground; backups expire by themselves.
    All of it happens, or nothing; files are deleted once the rest is safe.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        OtherKind, NotOpen: another wish, or nobody has reviewed it.
        MattersOpen, HoldStands.
    """
    request = access.request_for(by, request_id)
    roles.require(by, "person.erase", roles.Place(region_code=request.region_code))
    if request.kind != rules.ERASE:
        raise OtherKind
    if request.state not in (rules.GRANTED, rules.PARTLY) or request.done_at is not None:
        raise NotOpen
    if hold_queries.holds_person(request.person_id):
        raise HoldStands
    numbers = case_keeping.open_numbers(request.person_id)
    if numbers:
        raise MattersOpen(numbers=", ".join(numbers[:5]))
    with transaction.atomic():
        who = _whom(request, at)
        done = erasing.Emptied()
        for erase in ERASERS:
            done.add(erase(who))
        done.subjects |= {*who.case_ids, *who.source_ids, request.id}
        lines = journal_actions.redact_lines(
            by=MACHINE, at=at, subject_ids=done.subjects, reason="erasure", about=request.person_id
        )
        done.count("journal.Line", lines)
        _shared.bury("person", [request.person_id], "erased", at, request.region_code)
        _shared.bury("case", who.case_ids, "erased", at, request.region_code)
        gone = _shared.bury_files(done.files, "erased", at)
        facts = {"rows": done.rows, "kept": done.kept, "files": len(gone)}
        RightsRequest.objects.filter(id=request.id).update(done_at=at, done_facts=facts)
        _shared.record(by, at, "person.erase", request, facts=facts)
    _shared.delete_files(gone)
    return done


def repeat_erasure(*, by: Actor, at: datetime, person_id: UUID) -> erasing.Emptied:
    """Erase a person once more, who was erased before and is here again because an older copy was restored.

    Everything that was asked for the first time (a wish, a second person, no open matter, no hold) was asked then. A second call finds
    nothing to empty.
    """
    roles.require(by, "erasure.repeat")
    with transaction.atomic():
        known = people_keeping.place_of(person_id)
        if known is None or Tombstone.objects.filter(subject_id=person_id, why="erased").exists():
            return erasing.Emptied()
        region_code, household_id = known
        who = _of(person_id, household_id, at)
        done = erasing.Emptied()
        for erase in ERASERS:
            done.add(erase(who))
        done.subjects |= {*who.case_ids, *who.source_ids}
        journal_actions.redact_lines(
            by=MACHINE, at=at, subject_ids=done.subjects, reason="erasure", about=person_id
        )
        _shared.bury("person", [person_id], "erased", at, region_code)
        _shared.bury("case", who.case_ids, "erased", at, region_code)
        gone = _shared.bury_files(done.files, "erased", at)
        journal_actions.record(
            by=by,
            at=at,
            kind="erasure.repeat",
            subject_kind="person",
            subject_id=person_id,
            region_code=region_code,
            facts={"rows": done.rows, "files": len(gone)},
        )
    _shared.delete_files(gone)
    return done


def _whom(request: RightsRequest, at: datetime) -> Whom:
    return _of(request.person_id, request.person.household_id, at)


def _of(person_id: UUID, household_id: UUID | None, at: datetime) -> Whom:
    held = tuple(hold_queries.held_cases())
    kept = set(held)
    return Whom(
        person_id=person_id,
        words=people_keeping.words_of(person_id).all,
        case_ids=tuple(key for key in case_keeping.free_ids(person_id) if key not in kept),
        source_ids=tuple(message_keeping.incoming_ids(person_id)),
        held=held,
        household_id=household_id,
        at=at,
    )
