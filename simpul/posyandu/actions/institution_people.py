"""Board and cadres of a posyandu: appointing, changing, ending a term.

Source: Permendagri 13/2024: chair, secretary, treasurer, one head for each field, members; nobody in two fields; a norm of 15,
which is shown and never blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.models import Cadre, Posyandu
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules


class TwoFields(Refused):
    """Nobody serves in two fields at the same time."""

    code = "cadre.two_fields"
    sentence = _(
        "%(name)s serves in the field %(service)s at %(posyandu)s already. Nobody serves in two fields: end that term first."
    )
    field = "field"


class ServesAlready(Refused):
    """One person stands once on the list of a posyandu."""

    code = "cadre.serves_already"
    sentence = _("%(name)s serves here already as %(position)s. Change that entry instead.")
    field = "name"


class SameName(Refused):
    """Somebody of this name serves here; two people may share a name, so this can be confirmed."""

    code = "cadre.same_name"
    sentence = _(
        "Somebody called %(name)s serves here already (%(position)s). If this is another person, tick “another person with this name”."
    )
    field = "name"


class PositionHeld(Refused):
    """One chair, one secretary, one treasurer, one head of each field."""

    code = "cadre.position_held"
    sentence = _("%(name)s holds this position. End that term first, or choose another position.")
    field = "position"


class FieldMissing(Refused):
    """A cadre and the head of a field belong to a field that the posyandu serves."""

    code = "cadre.field_missing"
    sentence = _("Choose one of the fields that this posyandu serves.")
    field = "field"


class TermWrong(Refused):
    """A term ends after it began."""

    code = "cadre.term_wrong"
    sentence = _("The term ends before it begins. Check both days.")
    field = "until_date"


class TermOver(Refused):
    """What is over is not changed: a new term is a new entry."""

    code = "cadre.term_over"
    sentence = _("This term is over. Appoint the person again.")


class SeatTaken(Refused):
    """A seat belongs to one person of the posyandu."""

    code = "cadre.seat_taken"
    sentence = _(
        "This account is linked to somebody else, or works at another desk. Choose another one, or none."
    )
    field = "seat"


@dataclass(frozen=True, slots=True)
class CadreGiven:
    """What is said of somebody of the board or a cadre. ``seat_id``: the account with which the person works here."""

    name: str = ""
    position: str = "cadre"
    field: str = ""
    since_date: date = date.min
    until_date: date | None = None
    sex: str = ""
    phone: str = ""
    person_id: UUID | None = None
    seat_id: UUID | None = None
    another: bool = False  # another person with the same name


def appoint_cadre(
    *, by: Actor, at: datetime, posyandu_id: UUID, given: CadreGiven, cadre_id: UUID | None = None
) -> Cadre:
    """Appoint somebody to the board or as a cadre. The same ``cadre_id`` again gives the same entry.

    Raises:
        TwoFields, ServesAlready, SameName, PositionHeld, FieldMissing, TermWrong, SeatTaken, steps.PosyanduClosed,
        steps.WordMissing, steps.ChoiceNotThere; NotFound for a person who is not in the actor's register.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "cadre.appoint", posyandu_id)
        known: Cadre | None = steps.again(Cadre, cadre_id, posyandu_id=posyandu.id)
        if known is not None:
            return known
        cadre = Cadre(id=cadre_id or uuid7(), posyandu=posyandu, made_at=at)
        _fill(by, at, posyandu, cadre, given)
        cadre.save(force_insert=True)
        _line(by, at, "cadre.appoint", cadre)
    return cadre


def change_cadre(*, by: Actor, at: datetime, cadre_id: UUID, given: CadreGiven) -> Cadre:
    """Change name, position, field, term or account of somebody who serves.

    Raises:
        TermOver, and as ``appoint_cadre``.
    """
    with transaction.atomic():
        cadre = own_access.cadre_for(by, cadre_id)
        posyandu = steps.begin(by, "cadre.change", cadre.posyandu_id)
        cadre = own_access.cadre_for(by, cadre_id, lock=True)
        if cadre.ended_date is not None:
            raise TermOver
        _fill(by, at, posyandu, cadre, given)
        cadre.save()
        _line(by, at, "cadre.change", cadre)
    return cadre


def end_cadre(*, by: Actor, at: datetime, cadre_id: UUID, ended_date: date, why: str = "") -> Cadre:
    """End somebody's term. What the person was given to use shows on the page until it is brought back.

    Raises:
        TermWrong: before the term began.
        steps.DayAhead.
    """
    with transaction.atomic():
        cadre = own_access.cadre_for(by, cadre_id, lock=True)
        roles.require(by, "cadre.end", own_access.place(cadre.posyandu))
        if cadre.ended_date is not None:
            return cadre
        steps.done(ended_date, cadre.posyandu, at, "ended_date")
        if ended_date < cadre.since_date:
            raise TermWrong(field="ended_date")
        cadre.ended_date, cadre.ended_why, cadre.seat = ended_date, steps.line_of(why, 200), None
        cadre.save(update_fields=["ended_date", "ended_why", "seat"])
        _line(by, at, "cadre.end", cadre, {"ended": ended_date.isoformat()})
    return cadre


# --- steps -----------------------------------------------------------------------------------------------------------------------


def _fill(by: Actor, at: datetime, posyandu: Posyandu, cadre: Cadre, given: CadreGiven) -> None:
    person = people_access.active_for(by, given.person_id) if given.person_id else None
    cadre.person = person
    cadre.name = steps.words(given.name or (person.full_name if person else ""), field="name", most=150)
    cadre.sex = steps.chosen(given.sex, ("", "L", "P"), "sex")
    cadre.phone = steps.number_of(given.phone)
    cadre.position = steps.chosen(given.position, rules.POSITIONS, "position")
    cadre.field = given.field if cadre.position in rules.IN_A_FIELD else ""
    if cadre.position in rules.IN_A_FIELD and cadre.field not in posyandu.fields:
        raise FieldMissing
    if given.until_date is not None and given.until_date < given.since_date:
        raise TermWrong
    cadre.since_date, cadre.until_date = given.since_date, given.until_date
    cadre.seat_id = _seat(by, at, posyandu, cadre, given.seat_id)
    _once_here(posyandu, cadre, person, another=given.another)
    _once_in_a_field(cadre, person)
    _free(posyandu, cadre)


def _seat(by: Actor, at: datetime, posyandu: Posyandu, cadre: Cadre, seat_id: UUID | None) -> UUID | None:
    if seat_id is None or seat_id == cadre.seat_id:
        return seat_id
    if seat_id not in {one.id for one in queries.seats_free(by, posyandu, at, cadre)}:
        raise SeatTaken
    return seat_id


def _once_here(posyandu: Posyandu, cadre: Cadre, person: Person | None, *, another: bool) -> None:
    """One person once on the list; the same name is asked about."""
    rows = list(posyandu.cadres.filter(ended_date=None).exclude(id=cadre.id))
    key = text.name_key(cadre.name)
    for row in rows:
        same = person is not None and row.person_id == person.id
        if same or (cadre.seat_id is not None and row.seat_id == cadre.seat_id):
            raise ServesAlready(name=row.name, position=gettext(rules.POSITIONS[row.position]))
    both = person is not None
    for row in rows:
        known_apart = both and row.person_id is not None
        if text.name_key(row.name) == key and not (another or known_apart):
            raise SameName(name=row.name, position=gettext(rules.POSITIONS[row.position]))


def _once_in_a_field(cadre: Cadre, person: Person | None) -> None:
    """Nobody in two fields at the same time, wherever the other one is."""
    if not cadre.field or person is None:
        return
    others = Cadre.objects.filter(person=person, ended_date=None).exclude(field="").exclude(id=cadre.id)
    other = others.select_related("posyandu").first()
    if other is not None:
        names = queries.field_names((get_language() or "id")[:2])
        raise TwoFields(
            name=other.name, service=names.get(other.field, other.field), posyandu=other.posyandu.name
        )


def _free(posyandu: Posyandu, cadre: Cadre) -> None:
    """One holder of each position of the board, one head of each field."""
    held = posyandu.cadres.filter(ended_date=None, position=cadre.position).exclude(id=cadre.id)
    if cadre.position == "field_head":
        held = held.filter(field=cadre.field)
    elif cadre.position not in rules.ONE_ONLY:
        return
    holder = held.first()
    if holder is not None:
        raise PositionHeld(name=holder.name)


def _line(by: Actor, at: datetime, kind: str, cadre: Cadre, more: dict[str, Any] | None = None) -> None:
    facts = {
        "position": cadre.position,
        "field": cadre.field,
        "since": cadre.since_date.isoformat(),
        "until": cadre.until_date.isoformat() if cadre.until_date else "",
        **(more or {}),
    }
    inputs = {"name": cadre.name, "why": cadre.ended_why}
    steps.line(by, at, kind, cadre.posyandu, facts=facts, inputs=inputs, subject=("cadre", cadre.id))
