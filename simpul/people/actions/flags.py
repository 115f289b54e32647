"""Acts on categories of need (PPKS): set one on a person, and end it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.actions import _reading, _units
from simpul.people.models import Flag
from simpul.people.queries import lists
from simpul.people.rules.history import Said


class CategoryUnknown(Refused):
    """Not one of the 26."""

    code = "flag.category_unknown"
    sentence = _("Choose a category from the list.")
    field = "category"


class FlagStands(Refused):
    """It is set already."""

    code = "flag.stands"
    sentence = _("This category is set on the person already, perhaps by another desk.")
    field = "category"


def set_flag(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    category: int,
    said: Said | None = None,
    note: str = "",
    since_date: date | None = None,
    desk_id: UUID | None = None,
) -> Flag:
    """Set a category of need on a person. A sensitive one is read by the desk it is entrusted to (yours, if none is named) and the manager.

    Raises:
        NotFound: no such person for this actor.
        Refused: no such category, a day ahead, or it is set already.
    """
    person = _reading.person(by, person_id)
    roles.require(by, "flag.set", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    since = _reading.day(since_date, at, field="since_date")
    if category not in {one.number for one in lists.categories()}:
        raise CategoryUnknown
    # Whoever may not read a sensitive one is not told that it stands: theirs is kept beside it.
    if access.flags_of(by, person.id).filter(category=category, ended_date=None).exists():
        raise FlagStands
    with transaction.atomic():
        flag = Flag.objects.create(
            person=person,
            category=category,
            note=text.clean_text(note, 2000),
            source=told.source,
            since_date=since,
            set_at=at,
            set_by=by.name[:150],
            desk_id=desk_id or by.desk_id,
        )
        _units.line(
            by,
            at,
            "flag.set",
            ("person", person.id),
            region_code=person.region_code,
            said=told,
            facts={},  # neither which one nor of which sort: the line does not tell
        )
    return flag


def end_flag(*, by: Actor, at: datetime, flag_id: UUID, ended_date: date | None = None) -> Flag:
    """End a category of need; it is kept two years more.

    Raises:
        NotFound: no such flag for this actor, or it ended already.
        Refused: the day lies ahead.
    """
    flag = access.flags(by).select_related("person").filter(id=flag_id, ended_date=None).first()
    if flag is None:
        raise NotFound
    roles.require(by, "flag.end", roles.Place(region_code=flag.person.region_code))
    day = _reading.day(ended_date, at, field="ended_date")
    with transaction.atomic():
        flag.ended_date = max(day, flag.since_date)
        flag.save(update_fields=["ended_date"])
        _units.line(
            by,
            at,
            "flag.end",
            ("person", flag.person_id),
            region_code=flag.person.region_code,
            facts={},
        )
    return flag
