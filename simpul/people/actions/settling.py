"""A person chooses between two statements that contradict each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.actions import _keys, _units
from simpul.people.models import Observation, Person, Profile
from simpul.people.queries import fields as field_queries
from simpul.people.rules import fields as field_rules


class SettledAlready(Refused):
    """Somebody chose, or something newer was said."""

    code = "conflict.settled_already"
    sentence = _(
        "This was settled already, or something newer was said. Reload the page to see what stands now."
    )


def settle_conflict(*, by: Actor, at: datetime, observation_id: UUID, why: str = "") -> Observation:
    """Choose the statement that holds; those that contradict it are kept as rejected, and the column takes the chosen value.

    Raises:
        NotFound: no such statement for this actor.
        Refused: it is in no conflict any more.
    """
    chosen = Observation.objects.filter(id=observation_id).first()
    row: Any = access.subject_for(by, chosen.subject_kind, chosen.subject_id) if chosen is not None else None
    if chosen is None or row is None:
        raise NotFound
    region = row.region_code
    roles.require(by, "conflict.settle", roles.Place(region_code=region))
    if chosen.state != "conflict":
        raise SettledAlready
    if field_queries.of_history()[chosen.subject_kind, chosen.field].about == "profile":
        row = Profile.objects.get(person_id=chosen.subject_id)
    with transaction.atomic():
        standing = list(
            Observation.objects.filter(subject_id=chosen.subject_id, field=chosen.field, state="conflict")
        )
        wanted = _units.opened(chosen.field, chosen.value)
        for one in standing:
            agrees = _units.opened(one.field, one.value) == wanted
            one.state = "current" if agrees else "rejected"
            one.rival = None
        Observation.objects.bulk_update(standing, ["state", "rival"])
        column = field_queries.of_history()[chosen.subject_kind, chosen.field]
        setattr(row, chosen.field, field_rules.of_text(column, wanted))
        _units.save_units([row], {row.pk: [chosen.field]}, at)
        if isinstance(row, Person) and chosen.field in _keys.COLUMNS:
            _keys.refresh_keys(row)
        _units.line(
            by,
            at,
            "conflict.settle",
            (chosen.subject_kind, chosen.subject_id),
            region_code=region,
            facts={"field": chosen.field, "source": chosen.source, "rejected": len(standing) - 1},
            inputs={"why": text.clean_line(why)[:300]},
        )
    chosen.refresh_from_db()
    return chosen
