"""Matters that findings are in: the one that is open for the same person and field, and whether one has ended."""

from __future__ import annotations

from simpul.cases.models import Case
from simpul.posyandu.models import Finding
from simpul.posyandu.queries import findings as queries


def of_finding(row: Finding) -> Case | None:
    """The matter a finding is in, as it stands now."""
    return Case.objects.filter(id=row.case_id).first() if row.case_id is not None else None


def to_join(row: Finding) -> Case | None:
    """The open matter of the same person (or household) and field: of another finding, else one that the person asked for."""
    kind = queries.book()[row.code]
    held = Finding.objects.filter(case__is_open=True, case__kind_id=kind.kind)
    if row.person_id is not None:
        held = held.filter(person_id=row.person_id)
    elif row.household_id is not None:
        held = held.filter(person=None, household_id=row.household_id)
    else:
        held = held.none()
    for one in held.select_related("case").order_by("-last_date"):
        if queries.book()[one.code].group == kind.group:
            return one.case
    if row.person_id is None:
        return None
    asked = Case.objects.filter(
        about_id=row.person_id, kind_id=kind.kind, is_open=True, sensitivity="normal"
    ).order_by("-received_at")
    return next((case for case in asked if str(case.answers.get("field", "")) == kind.group[1]), None)
