"""Steps that the acts on persons and on their contacts share: who is meant, where the act is done, and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.models import Person


class TooLong(Refused):
    """More text than the column holds; nothing is cut off in silence."""

    code = "person.too_long"
    sentence = _("This is too long. Write at most %(limit)s signs.")


def seen_by(by: Actor, person_id: UUID, place: roles.Place | None) -> Person:
    """The person for this actor: through the area, or through the matter whose place the caller gives.

    A resident sees no register at all; the public door has just written the person down, or has checked the receipt.
    """
    if place is None and not by.is_public:
        return access.person_for(by, person_id)
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person


def home_of(by: Actor, person: Person) -> roles.Place:
    return roles.Place(region_code=person.region_code or by.served_areas[0])


def clean(name: str, value: str, limits: Mapping[str, int]) -> str:
    """One typed value, cleaned and not cut off.

    Raises:
        TooLong: more than its column holds.
    """
    clean = text.clean_text(value) if name == "address" else text.clean_line(value)
    if len(clean) > limits[name]:
        raise TooLong(field=name, limit=limits[name])
    return clean
