"""What the acts of the night watch and the reading corner share: words that must be there, entries written once, the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.journal import actions as journal_actions
from simpul.lib import phone, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, Refused
from simpul.people import access as people_access
from simpul.people.models import Person
from simpul.regions import queries as region_queries


class WordMissing(Refused):
    """Something must be written."""

    code = "watch.word_missing"
    sentence = _("Write a few words here.")


class ChoiceNotThere(Refused):
    """A value that no form offers."""

    code = "watch.choice_not_there"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class PlaceNotKnown(Refused):
    """A post or a corner belongs to a village."""

    code = "watch.place_not_known"
    sentence = _("Choose the village that this belongs to.")
    field = "region_code"


def words(given: str, *, field: str, most: int, least: int = 2) -> str:
    """One cleaned line that cannot be left out.

    Raises:
        WordMissing: nothing is left.
    """
    clean = text.clean_line(given)[:most]
    if len(clean) < least:
        raise WordMissing(field=field)
    return clean


def line_of(given: str, most: int) -> str:
    """One cleaned line that may be empty."""
    return text.clean_line(given)[:most]


def number(given: str) -> str:
    """A telephone number: in its one form when it has one, else as it was typed; somebody may still be reached by it."""
    clean = text.clean_line(given)
    return (phone.normalise(clean).e164 or clean)[:20] if clean else ""


def village(code: str) -> str:
    """A village's code.

    Raises:
        PlaceNotKnown: there is no such village.
    """
    found = region_queries.find_region(code)
    if found is None or len(found.code) != 10:
        raise PlaceNotKnown
    return found.code


def chosen(code: str, known: Mapping[str, Any]) -> str:
    """A code of a table.

    Raises:
        ChoiceNotThere: it is not in the table.
    """
    if code not in known:
        raise ChoiceNotThere
    return code


def hamlet(region_code: str, hamlet_id: UUID | None) -> UUID | None:
    """A hamlet of this village, or none.

    Raises:
        ChoiceNotThere: it lies elsewhere.
    """
    if hamlet_id is not None and hamlet_id not in {
        one.id for one in region_queries.hamlets(region_code[:10])
    }:
        raise ChoiceNotThere
    return hamlet_id


def person(by: Actor, person_id: UUID | None) -> Person | None:
    """Somebody of the register on whom work may be done.

    Raises:
        NotFound: there is no such person for this actor.
    """
    return people_access.active_for(by, person_id) if person_id else None


def written(by: Actor, at: datetime, entry_id: UUID | None) -> dict[str, Any]:
    """The columns of an entry."""
    own: dict[str, Any] = {"recorded_at": at, "recorded_by": by.name[:150], "user_id": by.user_key}
    return {**own, "id": entry_id} if entry_id else own


def again(table: Any, key: UUID | None, **same: Any) -> Any:
    """What was made under this key before, so that a press that repeats itself changes nothing.

    Raises:
        NotAllowed: the key belongs to something else.
    """
    found = table._default_manager.filter(id=key).first() if key else None
    if found is not None and any(getattr(found, name) != value for name, value in same.items()):
        raise NotAllowed
    return found


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    region_code: str,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. Names and words of people go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        facts=facts,
        inputs=inputs,
        region_code=region_code,
    )
