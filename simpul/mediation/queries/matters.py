"""The matter under a dispute, for acts that have the dispute in hand."""

from __future__ import annotations

from uuid import UUID

from simpul.cases.models import Case


def matter(case_id: UUID) -> Case:
    """The matter as it stands now. The caller has read the dispute through ``access``."""
    return Case.objects.select_related("kind", "holder").get(id=case_id)


def state_of(case_id: UUID) -> str:
    """The state of the matter as it stands now."""
    return Case.objects.values_list("state", flat=True).get(id=case_id)
