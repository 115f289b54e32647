"""Acts on a person's situation: schooling, work, health, papers; and on who they are, with the word behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people.actions import _keys, _reading, _units
from simpul.people.models import Person, Profile
from simpul.people.queries import fields as field_queries
from simpul.people.rules.history import Said, Sight


class NameNeeded(Refused):
    """A person needs something to be called by."""

    code = "person.name_needed"
    sentence = _("Write the name. If nobody knows it, write “tidak diketahui”.")
    field = "full_name"


def change_profile(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    changes: Mapping[str, Any],
    said: Said | None = None,
    version: str = "bdt",
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> _units.Observed:
    """Write what somebody said about a person's situation, and about who they are (name, sex, birth, NIK, address).

    What is older than what stands is kept as past; contradictions are kept beside it until a person chooses. ``seen``, ``unseen`` and
    ``event_id`` as in ``change_household``.

    Raises:
        NotFound: no such person for this actor.
        Refused: a value that cannot be read, or nothing was given.
    """
    person = _reading.person(by, person_id)
    roles.require(by, "profile.change", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    about_person = field_queries.of("person")
    who = _reading.values("person", {key: value for key, value in changes.items() if key in about_person}, at)
    state = _reading.values(
        "profile", {key: value for key, value in changes.items() if key not in about_person}, at, version
    )
    if not who and not state:
        raise _reading.NothingChanged
    if "full_name" in who and not who["full_name"]:
        raise NameNeeded
    with transaction.atomic():
        done = _write(person, who, state, told, by, at, Sight.of(seen, unseen, event_id))
        _units.line_of_change(
            by,
            at,
            "profile.change",
            ("person", person.id),
            person.region_code,
            said=told,
            new={**who, **state},
            done=done,
        )
    return done


def _write(
    person: Person,
    who: Mapping[str, Any],
    state: Mapping[str, Any],
    told: Said,
    by: Actor,
    at: datetime,
    sight: Sight,
) -> _units.Observed:
    given = [_units.Change(person, who)] if who else []
    if state:
        profile, _made = Profile.objects.get_or_create(person=person, defaults={"changed_at": at})
        given.append(_units.Change(profile, state))
    done = _units.observe(given, said=told, by=by, at=at, sight=sight)
    if _keys.COLUMNS & set(done.changed.get(person.id, ())):
        _keys.refresh_keys(person)
    return done
