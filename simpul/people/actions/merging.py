"""Making one person of two rows, and two again: this room's part. ``upkeep`` asks for it, with what the other rooms moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import moving
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people import access
from simpul.people.actions import _keys
from simpul.people.models import (
    Belonging,
    Consent,
    Contact,
    ContactDoubt,
    Family,
    Flag,
    Household,
    LifeEvent,
    Merge,
    Person,
    Profile,
    Relation,
    Suspicion,
)
from simpul.people.queries import suspicions as suspicion_queries

COLUMNS: tuple[moving.Column, ...] = (
    (Contact, "person"),
    (ContactDoubt, "person"),
    (Profile, "person"),
    (Flag, "person"),
    (Household, "head"),
    (Family, "head"),
    (Belonging, "person"),
    (Relation, "person"),
    (Relation, "other"),
    (LifeEvent, "person"),
    (Consent, "person"),
)
"""Every column of this room that points at a person and moves. What stays, and why: ``STAYS``."""
STAYS: dict[str, str] = {
    "people.Person.merged_into": "the trace of earlier merges",
    "people.Merge.kept": "the trace of earlier merges",
    "people.Merge.gone": "the trace of earlier merges",
    "people.MatchKey.person": "made anew",
    "people.HouseholdDoubt.person": "what was asked, and decided, of the rows as they were",
    "people.Suspicion.first": "what was suspected, and decided, of the rows as they were",
    "people.Suspicion.second": "what was suspected, and decided, of the rows as they were",
}
_FILLED = (
    "called",
    "sex",
    "birth_date",
    "birth_date_rough",
    "birth_place",
    "nik",
    "nik_index",
    "region_code",
    "hamlet_id",
    "address",
    "landmark",
    "needs",
    "household_id",
    "household_relation",
    "family_id",
    "family_relation",
    "import_key",
)
"""Columns of the row that stays which are filled from the other where they are empty. Groups fill together: ``_WITH``."""
_WITH = {
    "birth_date": ("birth_date_rough",),
    "nik": ("nik_index",),
    "region_code": ("hamlet_id",),
    "household_id": ("household_relation",),
    "family_id": ("family_relation",),
}
_CLEARED: dict[str, Any] = {
    "household_id": None,
    "household_relation": "",
    "family_id": None,
    "family_relation": "",
    "nik_index": "",
    "import_key": "",
    "resident": False,
}
"""What the row that goes loses, so that nobody finds or counts it: kept in the merge, put back when they are two again."""


class OnePersonTwice(Refused):
    """A row cannot be merged with itself."""

    code = "merge.same_row"
    sentence = _("These are not two persons: it is the same row.")


class NotMergeable(Refused):
    """Merged already, or their data stand still."""

    code = "merge.not_mergeable"
    sentence = _(
        "One of the two was merged already, or their data stand still at their wish. They cannot be merged now."
    )


class NotLast(Refused):
    """Merges are undone in the opposite order."""

    code = "merge.not_last"
    sentence = _("A later merge stands on this one. Take that one apart first.")


def join_persons(
    *,
    by: Actor,
    at: datetime,
    kept_id: UUID,
    gone_id: UUID,
    why: str,
    score: float | None = None,
    moved: Mapping[str, list[str]] | None = None,
) -> Merge:
    """Let the kept row take what hangs on the other; the other stays, marked as merged, and nothing of it is lost.

    Raises:
        NotFound: one of the two is not the actor's to see.
        NotAllowed: not the actor's to do here.
        Refused: the same row, or one that cannot be merged.
    """
    kept, gone = access.person_for(by, kept_id), access.person_for(by, gone_id)
    for person in (kept, gone):
        roles.require(by, "persons.join", roles.Place(region_code=person.region_code or by.served_areas[0]))
    _check_mergeable(kept, gone)
    with transaction.atomic():
        kept, gone = _locked(kept_id, gone_id)
        _check_mergeable(kept, gone)
        here = moving.move(COLUMNS, origin=gone_id, target=kept_id)
        filled = _fill(kept, gone)
        before = {
            "kept": {name: _plain(getattr(kept, name)) for name in filled},
            "filled": {name: _plain(value) for name, value in filled.items() if name != "nik"},
            "gone": {name: _plain(getattr(gone, name)) for name in (*_CLEARED, "life")},
            "profile": _fill_profile(kept_id, gone_id),
        }
        _set(kept, filled)
        _set(gone, {**_CLEARED, "life": "merged", "merged_into_id": kept_id})
        _keys.write_keys([kept, gone])
        merge = Merge.objects.create(
            kept=kept,
            gone=gone,
            why=why,
            score=score,
            moved={**(moved or {}), **here},
            before=before,
            merged_at=at,
            merged_by=by.name[:150],
        )
        _record(by, at, "persons.join", merge, kept.region_code)
    return merge


def _locked(kept_id: UUID, gone_id: UUID) -> tuple[Person, Person]:
    """Both rows as they stand now, held until the end of the transaction; always in the same order, so that two merges do not wait
    for each other."""
    rows = Person.objects.select_for_update().filter(id__in=(kept_id, gone_id)).order_by("id")
    held = {one.id: one for one in rows}
    return held[kept_id], held[gone_id]


def _check_mergeable(kept: Person, gone: Person) -> None:
    """Refuse what no merge can be made of."""
    if kept.id == gone.id:
        raise OnePersonTwice
    for person in (kept, gone):
        if person.life == "merged" or person.restricted_at or person.erased_at:
            raise NotMergeable


def part_persons(*, by: Actor, at: datetime, merge_id: UUID, words: str) -> Merge:
    """Put back what a merge moved and filled in this room, except what was changed since; both rows live again.

    Raises:
        NotFound: there is no such merge for this actor, or it was undone.
        NotAllowed: not the actor's to do here.
        NotLast: a later merge of one of the two comes first.
    """
    merge = suspicion_queries.merge_for(by, merge_id)
    roles.require(by, "persons.part", roles.Place(region_code=merge.kept.region_code or by.served_areas[0]))
    later = Merge.objects.filter(undone_at=None, merged_at__gt=merge.merged_at)
    if merge.kept.life == "merged" or later.filter(kept_id=merge.kept_id).exists():
        raise NotLast
    with transaction.atomic():
        moving.move(COLUMNS, origin=merge.kept_id, target=merge.gone_id, only=merge.moved)
        kept, before = merge.kept, merge.before
        _set(kept, _unchanged(kept, before))
        _set(
            merge.gone,
            {**{name: _typed(name, value) for name, value in before["gone"].items()}, "merged_into_id": None},
        )
        _empty_profile(kept.id, before.get("profile", {}))
        _keys.write_keys([kept, merge.gone])
        two = sorted((merge.kept_id, merge.gone_id))
        Suspicion.objects.filter(first_id=two[0], second_id=two[1], state="same").update(
            state="different", decided_at=at, decided_by=by.name[:150], decided_words=words
        )
        merge.undone_at, merge.undone_by = at, by.name[:150]
        merge.save(update_fields=["undone_at", "undone_by"])
        _record(by, at, "persons.part", merge, kept.region_code)
    return merge


def _record(by: Actor, at: datetime, kind: str, merge: Merge, region_code: str) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="person",
        subject_id=merge.kept_id,
        region_code=region_code,
        facts={"merge": str(merge.id), "gone": str(merge.gone_id)},
        inputs={"why": merge.why},
    )


def _fill(kept: Person, gone: Person) -> dict[str, Any]:
    """Values of the row that goes for what is empty in the row that stays."""
    together = {name for names in _WITH.values() for name in names}
    filled: dict[str, Any] = {}
    for name in _FILLED:
        if name in together or getattr(kept, name) or not getattr(gone, name):
            continue
        for one in (name, *_WITH.get(name, ())):
            filled[one] = getattr(gone, one)
    if gone.resident and not kept.resident:
        filled["resident"] = True
    return filled


def _unchanged(kept: Person, before: Mapping[str, Any]) -> dict[str, Any]:
    """The old values of filled columns that nobody changed since."""
    filled = before["filled"]
    return {
        name: _typed(name, old)
        for name, old in before["kept"].items()
        if _plain(getattr(kept, name)) == filled.get(name)
        or (name == "nik" and kept.nik_index == filled.get("nik_index"))
    }


def _set(person: Person, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    if values:
        person.save(update_fields=[name.removesuffix("_id") for name in values])


_SECRET = frozenset(["nik"])


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _typed(name: str, value: Any) -> Any:
    """A value as the column holds it."""
    if name.endswith("_date") and value:
        return date.fromisoformat(value)
    return UUID(value) if name.endswith("_id") and value else value


def _fill_profile(kept_id: UUID, gone_id: UUID) -> dict[str, Any]:
    """Where both have a profile, fill what is unknown in the one that stays; returns what was filled."""
    kept = Profile.objects.filter(person_id=kept_id).first()
    gone = Profile.objects.filter(person_id=gone_id).first()
    if kept is None or gone is None:
        return {}
    filled = {
        column.name: getattr(gone, column.name)
        for column in Profile._meta.concrete_fields
        if not column.primary_key
        and not column.is_relation
        and getattr(kept, column.name) in (None, "")
        and getattr(gone, column.name) not in (None, "")
    }
    for name, value in filled.items():
        setattr(kept, name, value)
    if filled:
        kept.save(update_fields=list(filled))
    return {name: _plain(value) for name, value in filled.items()}


def _empty_profile(kept_id: UUID, filled: Mapping[str, Any]) -> None:
    """Take back what the profile got, unless it was changed since."""
    kept = Profile.objects.filter(person_id=kept_id).first()
    if kept is None or not filled:
        return
    same = [name for name, value in filled.items() if _plain(getattr(kept, name)) == value]
    for name in same:
        setattr(kept, name, None if Profile._meta.get_field(name).null else "")
    if same:
        kept.save(update_fields=same)
