"""What somebody who writes away from the register has seen: a short hash of each value, carried with every edit.

A phone keeps the values it shows, makes the hashes of those a form touches (``rules.history.seen_hash``, the same in JavaScript; vectors in
``tests/vectors/seen.json``) and sends them along. Here they are compared with what stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from simpul.people.models import Contact, Family, House, Household, Observation, Person, Profile
from simpul.people.queries import fields as field_queries
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history

KINDS: Mapping[str, type[Any]] = {
    "house": House,
    "household": Household,
    "family": Family,
    "person": Person,
    "profile": Profile,
    "contact": Contact,
}
"""Kinds of rows whose fields have hashes; a profile and its person have the same key."""
CONTACT = (
    "channel",
    "as_typed",
    "owner",
    "owner_name",
    "safe_to_call",
    "safe_to_write",
    "warning",
    "is_current",
)
UNITS = ("household_id", "family_id")
"""Where a person belongs is hashed as well, for ``household.join`` and ``family.join``."""


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind of row that carry a hash.

    Raises:
        KeyError: no such kind.
    """
    if kind == "contact":
        return CONTACT
    KINDS[kind]
    about = "person" if kind == "profile" else kind
    own = tuple(
        key
        for (name, key), field in field_queries.of_history().items()
        if name == about and field.about == kind
    )
    return (*own, *UNITS) if kind == "person" else own


def seen_hashes(kind: str, row: Any) -> dict[str, str]:
    """For each field of a row the hash of its present value: "" when unknown; of a field in conflict, of all values that stand."""
    return seen_hashes_of(kind, [row])[row.pk]


def seen_hashes_of(kind: str, rows: Iterable[Any]) -> dict[UUID, dict[str, str]]:
    """The same of many rows of one kind, with one query for their conflicts."""
    given, names = list(rows), fields_of(kind)
    torn = _torn([row.pk for row in given]) if kind != "contact" else {}
    return {
        row.pk: {
            name: history.seen_of(torn.get((row.pk, name)) or [field_rules.as_text(getattr(row, name))])
            for name in names
        }
        for row in given
    }


def unseen_fields(kind: str, subject_id: UUID, seen: Mapping[str, str], fields: Collection[str]) -> set[str]:
    """Those of these fields whose present value is not the one that was seen; a field without a hash was not seen.

    The acts ask again themselves while they hold the row, when they are given ``seen``: this is for a page or a remark.
    """
    row = KINDS[kind].objects.filter(pk=subject_id).first()
    if row is None:
        return {name for name in fields if seen.get(name)}
    now = seen_hashes(kind, row)
    return {name for name in fields if seen.get(name) != now.get(name, "")}


def _torn(keys: list[UUID]) -> dict[tuple[UUID, str], set[str]]:
    """The values of fields in conflict."""
    found: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    for start in range(0, len(keys), 500):
        rows = Observation.objects.filter(subject_id__in=keys[start : start + 500], state="conflict")
        for one in rows.only("subject_id", "field", "value"):
            found[one.subject_id, one.field].add(field_queries.opened(one.field, one.value))
    return found
