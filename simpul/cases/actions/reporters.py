"""The person a door heard of: registered with what is known, or found again. Steps of intake, not acts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from simpul import roles
from simpul.cases import access
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people import rules as people_rules

if TYPE_CHECKING:
    from simpul.cases.actions import intake
    from simpul.people.models import Person


def person_of(
    by: Actor,
    at: datetime,
    given: intake.PersonGiven | None,
    region_code: str,
    language: str,
    *,
    nameless: bool = False,
) -> Person | None:
    """The person a door heard of, registered with what is known; None when nothing is.

    With ``nameless``, in an emergency, a number to reach somebody at is enough.
    """
    if given is None:
        return None
    if given.person_id is not None:
        return _known_person(by, given.person_id)
    if not any((given.name, given.phone, given.email)):
        return None
    place = roles.Place(region_code=region_code, holder_ids=by.desk_ids)
    registered = people_actions.register_person(
        by=by,
        at=at,
        full_name=given.name or (people_rules.UNKNOWN_NAME if nameless else ""),
        sex=given.sex,
        birth_date=given.birth_date,
        nik=given.nik,
        region_code=region_code,
        address=given.address,
        landmark=given.landmark,
        needs=given.needs,
        language=language,
        place=place,
    )
    for channel, value in (("phone", given.phone), ("email", given.email)):
        if value.strip():
            people_actions.add_contact(
                by=by,
                at=at,
                person_id=registered.person.id,
                channel=channel,
                as_typed=value,
                owner=given.owner,
                owner_name=given.owner_name,
                safe_to_call=given.safe_to_call,
                safe_to_write=given.safe_to_write,
                warning=given.warning,
                place=place,
            )
    return registered.person


def _known_person(by: Actor, person_id: UUID) -> Person:
    """A registered person whom the actor may see: in the register of their area, or through a matter of theirs.

    Raises:
        NotFound: unknown, or not for this actor.
    """
    concerned = (
        access.visible(by)
        .filter(Q(reporter_id=person_id) | Q(about_id=person_id))
        .select_related("reporter", "about")
        .first()
    )
    if concerned is not None:
        person = concerned.reporter if concerned.reporter_id == person_id else concerned.about
        if person is not None:
            return person
    return people_access.person_for(by, person_id)
