"""Acts on cards: put a person on a posyandu's list, change the head of the card, take it over, turn it by age, close it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.people.actions import lives as life_actions
from simpul.people.actions import persons as person_actions
from simpul.people.models import Person
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import _people
from simpul.posyandu.models import Cadre, Participant, Posyandu
from simpul.posyandu.queries import participants as queries
from simpul.posyandu.rules import participants as rules


class FormUnknown(Refused):
    """No such form."""

    code = "participant.form_unknown"
    sentence = _("Choose one of the forms A, B, C or D.")
    field = "form"


class WhoMissing(Refused):
    """Neither a resident nor a name."""

    code = "participant.who_missing"
    sentence = _("Choose a resident of the register, or write the name.")
    field = "full_name"


class BirthDateMissing(Refused):
    """A child's card without a birth date judges nothing."""

    code = "participant.birth_date_missing"
    sentence = _(
        "For a child the birth date is needed. If only the month is known, take its middle and ask for the papers."
    )
    field = "birth_date"


class OnListAlready(Refused):
    """The person has an open card on this form here."""

    code = "participant.on_list"
    sentence = _("%(name)s is on the list of this posyandu already.")
    field = "person"


class AtAnotherPosyandu(Refused):
    """The person has an open card on this form at another posyandu of the area."""

    code = "participant.elsewhere"
    sentence = _(
        "%(name)s is on the list of %(posyandu)s. Take the card over, so that its history comes along."
    )
    field = "person"


class PerhapsTwins(Refused):
    """Another child of the same mother has the same birth date."""

    code = "participant.twins"
    sentence = _(
        "%(other)s has the same mother and the same birth date. Are they twins? Then confirm it; if it is the same child, open that card."
    )
    field = "twins"


class PerhapsKnown(Refused):
    """Somebody in the register looks like the person who is to be written down anew."""

    code = "participant.known"
    sentence = _(
        "%(other)s is in the register and may be the same person. Choose that person, or confirm that this is somebody else."
    )
    field = "another"


class ClosedAlready(Refused):
    """The card is closed."""

    code = "participant.closed"
    sentence = _("This card is closed already.")


class CloseUnknown(Refused):
    """No such reason."""

    code = "participant.why_unknown"
    sentence = _("Choose why the card is closed.")
    field = "why"


class DayBeforeOpening(Refused):
    """A card cannot end before it began, nor in the future."""

    code = "participant.day_impossible"
    sentence = _("This day lies before the card was opened, or ahead. Check the date.")
    field = "on_date"


class SamePosyandu(Refused):
    """A move to where the card is."""

    code = "participant.same_posyandu"
    sentence = _("The card is at this posyandu already.")
    field = "posyandu"


class FormStillFits(Refused):
    """The card fits the age."""

    code = "participant.form_fits"
    sentence = _("This form still fits the age.")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom the register does not have yet."""

    full_name: str
    sex: str = ""
    birth_date: date | None = None
    nik: str = ""
    address: str = ""
    person_id: UUID | None = None


def enrol_participant(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    form: str,
    person_id: UUID | None = None,
    newcomer: Newcomer | None = None,
    mother_id: UUID | None = None,
    cadre_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    opened_date: date | None = None,
    sure: Collection[str] = (),
    participant_id: UUID | None = None,
) -> Participant:
    """Put a resident of the register, or somebody who is written down now, on a posyandu's list.

    ``sure`` answers what is asked back: "twins" (two children of one mother and day are two), "another" (the one who looks alike in the
    register is somebody else). The same ``participant_id`` again changes nothing.

    Raises:
        NotFound: no such posyandu, person, mother or cadre for this actor.
        FormUnknown, WhoMissing, BirthDateMissing, OnListAlready, AtAnotherPosyandu, PerhapsTwins, PerhapsKnown; what
        ``register_person`` refuses.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        place = roles.Place(region_code=posyandu.region_code)
        roles.require(by, "participant.enrol", place)
        known = Participant.objects.filter(id=participant_id).first() if participant_id else None
        if known is not None:
            if known.posyandu_id != posyandu.id:
                raise NotFound
            return known
        if form not in rules.FORMS:
            raise FormUnknown
        mother = _resident(by, mother_id) if mother_id else None
        person = _who(by, at, posyandu, form, person_id, newcomer, mother, sure)
        access.hold_home(None, person)
        there = _people.open_card(person.id, form)
        if there is not None:
            if there.posyandu_id == posyandu.id:
                raise OnListAlready(name=person.full_name)
            raise AtAnotherPosyandu(name=person.full_name, posyandu=there.posyandu.name)
        row = _make(posyandu, person, form, at, opened_date, participant_id)
        row.mother, row.cadre = mother, _cadre(posyandu, cadre_id)
        row.details = dict(details or {})
        row.save(force_insert=True)
        _line(by, at, "participant.enrol", row, {"form": form, "new": person_id is None})
    return row


def _who(
    by: Actor,
    at: datetime,
    posyandu: Posyandu,
    form: str,
    person_id: UUID | None,
    newcomer: Newcomer | None,
    mother: Person | None,
    sure: Collection[str],
) -> Person:
    """The resident, or the newcomer once what looks alike has been asked about."""
    if person_id is not None:
        person = _resident(by, person_id)
        if form == "B" and person.birth_date is None:
            raise BirthDateMissing
        _ask_twins(person.birth_date, person.id, mother, sure)
        return person
    if newcomer is None or not newcomer.full_name.strip():
        raise WhoMissing
    if form == "B" and newcomer.birth_date is None:
        raise BirthDateMissing
    _ask_twins(newcomer.birth_date, None, mother, sure)
    if "another" not in sure:
        alike = queries.alike(
            by,
            name=newcomer.full_name,
            nik=newcomer.nik,
            birth_date=newcomer.birth_date,
            sex=newcomer.sex,
            region_code=posyandu.region_code,
        )
        if alike:
            raise PerhapsKnown(other=alike[0].full_name)
    return _write_down(by, at, posyandu, newcomer, mother)


def _resident(by: Actor, person_id: UUID) -> Person:
    return people_access.active_for(by, person_id)


def _ask_twins(
    birth_date: date | None, person_id: UUID | None, mother: Person | None, sure: Collection[str]
) -> None:
    if mother is None or birth_date is None or "twins" in sure:
        return
    others = Participant.objects.filter(mother=mother, person__birth_date=birth_date, form="B")
    if person_id is not None:
        others = others.exclude(person_id=person_id)
    other = others.select_related("person").first()
    if other is not None:
        raise PerhapsTwins(other=other.person.full_name)


def _write_down(
    by: Actor, at: datetime, posyandu: Posyandu, newcomer: Newcomer, mother: Person | None
) -> Person:
    """A new row of the register: a child into the household of the mother, when she has one here."""
    household = mother.household if mother is not None else None
    may_join = household is not None and roles.may(
        by, "birth.record", roles.Place(region_code=household.region_code)
    )
    if mother is not None and household is not None and may_join and household.ended_date is None:
        return life_actions.record_birth(
            by=by,
            at=at,
            household_id=household.id,
            full_name=newcomer.full_name,
            birth_date=newcomer.birth_date,
            sex=newcomer.sex,
            nik=newcomer.nik,
            mother_id=mother.id,
            person_id=newcomer.person_id,
        )
    return person_actions.register_person(
        by=by,
        at=at,
        full_name=newcomer.full_name,
        sex=newcomer.sex,
        birth_date=newcomer.birth_date,
        nik=newcomer.nik,
        region_code=posyandu.region_code,
        hamlet_id=posyandu.hamlet_id,
        address=newcomer.address,
        person_id=newcomer.person_id,
    ).person


def _make(
    posyandu: Posyandu, person: Person, form: str, at: datetime, opened: date | None, key: UUID | None
) -> Participant:
    return Participant(
        id=key or uuid7(),
        posyandu=posyandu,
        region_code=posyandu.region_code,
        person=person,
        form=form,
        opened_date=opened or _people.local_day(posyandu.region_code, at),
        changed_at=at,
    )


def _cadre(posyandu: Posyandu, cadre_id: UUID | None) -> Cadre | None:
    if cadre_id is None:
        return None
    found = Cadre.objects.filter(id=cadre_id, posyandu=posyandu).first()
    if found is None:
        raise NotFound
    return found


def _line(by: Actor, at: datetime, kind: str, row: Participant, facts: Mapping[str, Any]) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="participant",
        subject_id=row.id,
        region_code=row.region_code,
        facts={"posyandu_id": str(row.posyandu_id), **facts},
    )


def change_details(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    details: Mapping[str, Any],
    mother_id: UUID | None = None,
    cadre_id: UUID | None = None,
) -> Participant:
    """Change what stands at the head of a card: birth weight, last period, habits; the mother and the cadre who looks after it.

    What is not named stays; what is emptied is taken out.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        row = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "details.change", roles.Place(region_code=row.region_code))
        old = dict(row.details)
        new = {key: value for key, value in {**old, **details}.items() if value not in (None, "", [])}
        row.details = new
        if mother_id is not None:
            row.mother = _resident(by, mother_id)
        if cadre_id is not None:
            row.cadre = _cadre(row.posyandu, cadre_id)
        row.changed_at = at
        row.save(update_fields=["details", "mother", "cadre", "changed_at"])
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        _line(by, at, "details.change", row, {"changed": changed})
    return row


def _ending(row: Participant, on: date | None, at: datetime) -> date:
    today = _people.local_day(row.region_code, at)
    day = on or today
    if not row.opened_date <= day <= today:
        raise DayBeforeOpening
    return day


def _close(row: Participant, day: date, why: str, at: datetime) -> None:
    row.closed_date, row.closed_why, row.changed_at = day, why, at
    row.save(update_fields=["closed_date", "closed_why", "changed_at"])


def move_participant(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    posyandu_id: UUID,
    on_date: date | None = None,
    new_id: UUID | None = None,
) -> Participant:
    """Take a card over to another posyandu: the old one closes, a new one opens that day, and the history follows the person.

    The same ``new_id`` again changes nothing.

    Raises:
        NotFound: no such card or posyandu for this actor.
        ClosedAlready, SamePosyandu, DayBeforeOpening.
    """
    with transaction.atomic():
        row = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "participant.move", roles.Place(region_code=row.region_code))
        known = Participant.objects.filter(id=new_id, moved_from=row).first() if new_id else None
        if known is not None:
            return known
        target = access.posyandu_for(by, posyandu_id)
        if row.closed_date is not None:
            raise ClosedAlready
        if target.id == row.posyandu_id:
            raise SamePosyandu
        day = _ending(row, on_date, at)
        _close(row, day, "moved", at)
        made = _make(target, row.person, row.form, at, day, new_id)
        made.mother, made.details, made.moved_from = row.mother, dict(row.details), row
        made.save(force_insert=True)
        _line(by, at, "participant.move", made, {"from": str(row.posyandu_id)})
    return made


def advance_participant(
    *,
    by: Actor,
    at: datetime,
    participant_id: UUID,
    on_date: date | None = None,
    new_id: UUID | None = None,
) -> Participant:
    """Put somebody who has grown out of a form on the next one: the old card closes, the new one opens the same day.

    A person who has an open card on that form already keeps it. The same card again changes nothing.

    Raises:
        NotFound, FormStillFits, DayBeforeOpening.
    """
    with transaction.atomic():
        row = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "participant.advance", roles.Place(region_code=row.region_code))
        later = Participant.objects.filter(moved_from=row).first()
        if later is not None and row.closed_why == "aged":
            return later
        if row.closed_date is not None:
            raise ClosedAlready
        day = _ending(row, on_date, at)
        form = rules.next_form(row.form, row.person.birth_date, day)
        if not form:
            raise FormStillFits
        access.hold_home(None, row.person)
        _close(row, day, "aged", at)
        made = _people.open_card(row.person_id, form)
        if made is None:
            made = _make(row.posyandu, row.person, form, at, day, new_id)
            made.mother, made.moved_from, made.cadre = row.mother, row, row.cadre
            made.save(force_insert=True)
        _line(by, at, "participant.advance", made, {"from": row.form, "to": form})
    return made


def close_participant(
    *, by: Actor, at: datetime, participant_id: UUID, why: str, on_date: date | None = None
) -> Participant:
    """Close a card: moved away, died, the pregnancy ended, a wish, a mistake. What was written down stays. Closed twice changes nothing.

    Raises:
        NotFound, CloseUnknown, DayBeforeOpening.
    """
    with transaction.atomic():
        row = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "participant.close", roles.Place(region_code=row.region_code))
        if why not in rules.BY_HAND:
            raise CloseUnknown
        if row.closed_date is not None:
            return row
        _close(row, _ending(row, on_date, at), why, at)
        _line(by, at, "participant.close", row, {"why": why})
    return row


def reopen_participant(*, by: Actor, at: datetime, participant_id: UUID) -> Participant:
    """Open a card again that was closed by mistake or whose person came back. An open card stays as it is.

    Raises:
        NotFound, OnListAlready, AtAnotherPosyandu: the person has an open card on this form by now.
    """
    with transaction.atomic():
        row = access.participant_for(by, participant_id, lock=True)
        roles.require(by, "participant.reopen", roles.Place(region_code=row.region_code))
        if row.closed_date is None:
            return row
        access.hold_home(None, row.person)
        there = _people.open_card(row.person_id, row.form)
        if there is not None and there.posyandu_id == row.posyandu_id:
            raise OnListAlready(name=row.person.full_name)
        if there is not None:
            raise AtAnotherPosyandu(name=row.person.full_name, posyandu=there.posyandu.name)
        row.closed_date, row.closed_why, row.changed_at = None, "", at
        row.save(update_fields=["closed_date", "closed_why", "changed_at"])
        _line(by, at, "participant.reopen", row, {})
    return row
