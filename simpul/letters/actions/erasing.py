"""Emptying a person out of letters. A released letter stays whole: it is the archive of a public body, and its codes prove what it says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.letters.models import Confirmation, Letter, Requirement
from simpul.letters.rules import flow
from simpul.lib import erasing
from simpul.lib.actor import Actor

NUMBERED = (flow.RELEASED, flow.CANCELLED)


def blank_letters(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty requests that became no letter, let go of all photos, black the name out of what others asked for.

    Released and cancelled letters keep their text under their digest and their line in the register (UU 43/2009).
    """
    roles.require(by, "letters.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        mine = Letter.objects.filter(person_id=person_id)
        keys = set(mine.values_list("id", flat=True))
        done.subjects |= keys
        photos = Requirement.objects.filter(letter_id__in=keys).exclude(file_sha256="")
        done.files |= set(photos.values_list("file_sha256", flat=True))
        done.count("letters.Requirement", photos.update(file_sha256="", file_mime=""))
        reasons = Requirement.objects.filter(letter_id__in=keys).exclude(why="")
        done.count("letters.Requirement", reasons.update(why=""))
        unreleased = mine.exclude(state__in=NUMBERED)
        said = Confirmation.objects.filter(letter__in=unreleased.values("id"))
        emptied = erasing.emptied(Confirmation, keep=erasing.officers(Confirmation))
        done.count("letters.Confirmation", said.update(**emptied))
        kept = ("drafted_by", "checked_by", "approved_by", "released_by", "signer_name")
        done.count("letters.Letter", unreleased.update(**erasing.emptied(Letter, keep=kept)))
        done.keep("letters", mine.filter(state__in=NUMBERED).count())
        others = Letter.objects.filter(_names(words)).exclude(Q(person_id=person_id) | Q(state__in=NUMBERED))
        for one in others if words else ():
            about = erasing.without(one.subject_name, words)[:150]
            purpose = erasing.without(one.purpose, words)[:300]
            done.count(
                "letters.Letter", Letter.objects.filter(id=one.id).update(subject_name=about, purpose=purpose)
            )
            done.subjects.add(one.id)
        journal_actions.record(
            by=by,
            at=at,
            kind="letters.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done


def _names(words: Collection[str]) -> Q:
    """Rows in which one of the words stands."""
    found = Q(pk=None)
    for word in words:
        found |= Q(subject_name__icontains=word) | Q(purpose__icontains=word)
    return found
