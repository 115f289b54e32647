"""Steps that keep the keys by which persons are found (``people.rules.match_record``): few statements for any number of persons."""

from __future__ import annotations

from collections.abc import Sequence

from simpul.lib import bulk
from simpul.people.models import MatchKey, Person
from simpul.people.queries import matching as queries

COLUMNS = frozenset(
    ["full_name", "called", "nik", "sex", "birth_date", "birth_place", "address", "region_code"]
)
"""Columns of a person that keys are made of; the family card's number is one more."""
_CHUNK = 500


def refresh_keys(person: Person) -> None:
    """Make one person's keys anew after they were written down or changed."""
    write_keys([person])


def write_keys(persons: Sequence[Person]) -> None:
    """Make the keys of these persons anew; who was erased or merged away has none.

    For each 500 persons one deletion, one look at their family cards and the insertions.
    """
    for start in range(0, len(persons), _CHUNK):
        part = persons[start : start + _CHUNK]
        MatchKey.objects.filter(person_id__in=[person.id for person in part]).delete()
        cards = queries.cards_of(part)
        bulk.insert_many(
            MatchKey,
            ("person_id", "key"),
            (
                (person.id, key)
                for person in part
                if person.erased_at is None and person.life != "merged"
                for key in queries.keys_of(person, cards.get(person.family_id, ""))
            ),
        )
