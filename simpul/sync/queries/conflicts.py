"""What contradicts after an edit: the values that stand beside each other, in words, for the answer to a device."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from simpul.people.models import ContactDoubt, HouseholdDoubt, Observation
from simpul.people.queries import register as register_queries


def values(subject_ids: Collection[UUID], fields: Collection[str]) -> dict[str, list[str]]:
    """Field -> the values that contradict each other, each once; numbers of persons and cards stay hidden."""
    rows = Observation.objects.filter(
        subject_id__in=list(subject_ids), field__in=list(fields), state="conflict"
    )
    language = (get_language() or "id")[:2]
    found: dict[str, list[str]] = {}
    for one in rows.order_by("recorded_at", "id"):
        told = register_queries.readable(one, language)
        if told not in found.setdefault(one.field, []):
            found[one.field].append(told)
    return found


def contacts(person_id: UUID, contact_id: UUID) -> list[str]:
    """The addresses that are in doubt with this contact, itself first; none when nothing is in doubt."""
    rows = ContactDoubt.objects.filter(person_id=person_id, state="open").select_related("first", "second")
    pairs = [(one.first, one.second) for one in rows if contact_id in (one.first_id, one.second_id)]
    found: list[str] = []
    for pair in pairs:
        for one in sorted(pair, key=lambda row: row.id != contact_id):
            if one.as_typed not in found:
                found.append(one.as_typed)
    return found


def twins(household_id: UUID) -> list[str]:
    """Households that may be this one, or in which somebody of it is said to live, by their keys; a person decides."""
    mine = Q(first_id=household_id) | Q(second_id=household_id)
    rows = HouseholdDoubt.objects.filter(mine, state="open").values_list("first_id", "second_id")
    return sorted({str(key) for pair in rows for key in pair if key != household_id})
