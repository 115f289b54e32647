"""Emptying a person out of the night watch and the reading corner: their lines lose the name, counts and nights stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.village_post.models import GearHandover, NightNote, Patrol, StayReport, WatchIncident, WatchNight

_SAID: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (NightNote, ("words",)),
    (Patrol, ("words",)),
    (GearHandover, ("from_name", "to_name", "words")),
    (WatchNight, ("closing_note",)),
    (WatchIncident, ("persons", "words", "place", "first_action", "outcome")),
    (StayReport, ("host_name", "purpose")),
)
"""Lines that are mostly of others: the name is blacked out where it stands."""


def blank_postrecords(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty what points at a person (turns, guests, memberships, gifts), and black the name out of what others wrote at night."""
    roles.require(by, "postrecords.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        erasing.empty_room("village_post", "people.Person", person_id, done)
        for table, columns in _SAID if words else ():
            found = Q(pk__in=[])
            for word in words:
                for column in columns:
                    found |= Q(**{f"{column}__icontains": word})
            _black_out(table, columns, found, words, done)
        journal_actions.record(
            by=by,
            at=at,
            kind="postrecords.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done


def _black_out(
    table: type[models.Model],
    columns: tuple[str, ...],
    found: Q,
    words: Collection[str],
    done: erasing.Emptied,
) -> None:
    for row in table._default_manager.filter(found):
        values = {
            name: erasing.without(getattr(row, name), words)[: table._meta.get_field(name).max_length]  # type: ignore[union-attr]
            for name in columns
        }
        done.count(table._meta.label, table._default_manager.filter(pk=row.pk).update(**values))
        done.subjects.add(row.pk)
