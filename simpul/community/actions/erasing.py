"""Emptying a person's name out of ideas, works, land and savings. Sums and grams stay: they are no longer anybody's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.community.models import (
    Assistance,
    Comment,
    Idea,
    LandUse,
    OwnerConsent,
    Parcel,
    PhoneCode,
    Saver,
    Voter,
)
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor


def blank_community(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty where a person helped, owned land, proposed or saved; what the village built and harvested stays without the name."""
    roles.require(by, "community.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        parcels = list(Parcel.objects.filter(owner_id=person_id).values_list("id", flat=True))
        erasing.mask_rows(OwnerConsent.objects.filter(parcel_id__in=parcels), words, done)
        erasing.mask_rows(LandUse.objects.filter(parcel_id__in=parcels), words, done)
        erasing.empty_rows(Saver.objects.filter(person_id=person_id), done)
        _empty_guardian(person_id, done)
        _empty_ideas(person_id, words, done)
        erasing.empty_room("community", "people.Person", person_id, done, skip={"Saver"})
        journal_actions.record(
            by=by,
            at=at,
            kind="community.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done


def _empty_guardian(person_id: UUID, done: erasing.Emptied) -> None:
    """A pass book that somebody answers for is a child's or a group's: it keeps its own name."""
    rows = Saver.objects.filter(guardian_person_id=person_id)
    done.count("community.Saver", rows.update(guardian="", guardian_person=None, phone=""))


def _empty_ideas(person_id: UUID, words: Collection[str], done: erasing.Emptied) -> None:
    """An idea is the village's by now: its public words stay without the author. A voice counts on, and is nobody's any more."""
    written = Idea.objects.filter(author_id=person_id)
    erasing.mask_rows(written, words, done)
    erasing.mask_rows(Comment.objects.filter(voter__person_id=person_id), words, done)
    done.count("community.Idea", written.update(said="", show_author=False, author=None))
    helped = Assistance.objects.filter(person_id=person_id)
    done.count("community.Assistance", helped.update(name=erasing.ERASED, reason=erasing.ERASED, person=None))
    for voter in Voter.objects.filter(person_id=person_id):
        voter.key, voter.phone_key, voter.person = f"erased:{voter.id}", "", None
        voter.save(update_fields=["key", "phone_key", "person"])
        done.count("community.Voter", 1)
    done.count("community.PhoneCode", PhoneCode.objects.filter(person_id=person_id).delete()[0])
