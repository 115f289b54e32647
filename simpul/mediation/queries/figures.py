"""Nameless figures of disputes by area and period. Small numbers are hidden by whoever publishes them (``lib.small_cells``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from simpul.lib import areas
from simpul.mediation.models import Agreement, Dispute, Obligation


@dataclass(frozen=True, slots=True)
class Figures:
    """Disputes taken in within a period, by where they stand now.

    ``taken_in``: entered in the register from ``begin`` to ``end``, both included; what went the protected way is not counted at all.
    ``agreed``: at least one version of an agreement was signed. ``kept``: every obligation is done or waived. ``broken``: a breach stands.
    ``failed``, ``withdrawn``, ``referred``: how it ended. ``running``: still mediated. ``days``: the middle number of days from taking
    in to the first signature, of those that have one; None when there is none. ``obligations`` and ``obligations_kept``: of the versions in
    force, waived ones counted as kept.
    """

    taken_in: int
    running: int
    agreed: int
    kept: int
    broken: int
    failed: int
    withdrawn: int
    referred: int
    days: int | None
    obligations: int
    obligations_kept: int
    subjects: dict[str, int]


def figures(region_code: str, begin: date, end: date) -> Figures:
    """Figures of an area ("" for everywhere) for disputes that were taken in within a period."""
    rows = Dispute.objects.filter(opened_date__range=(begin, end)).exclude(state="protected")
    rows = rows.exclude(case__sensitivity="sealed")
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    states = dict(rows.values_list("state").annotate(n=Count("id")))
    signed = Agreement.objects.filter(dispute__in=rows.values("id"), signed_date__isnull=False)
    firsts = (
        signed.values_list("dispute__opened_date")
        .annotate(first=Min("signed_date"))
        .values_list("dispute_id", "dispute__opened_date", "first")
    )
    days = sorted((first - opened).days for _key, opened, first in firsts)
    owed = Obligation.objects.filter(
        agreement__dispute__in=rows.values("id"), agreement__state="signed", withdrawn_at=None
    )
    return Figures(
        taken_in=sum(states.values()),
        running=states.get("open", 0),
        agreed=len(days),
        kept=states.get("kept", 0),
        broken=states.get("broken", 0),
        failed=states.get("failed", 0),
        withdrawn=states.get("withdrawn", 0),
        referred=states.get("referred", 0),
        days=days[len(days) // 2] if days else None,
        obligations=owed.count(),
        obligations_kept=owed.filter(state__in=("kept", "waived")).count(),
        subjects=dict(rows.values_list("subject").annotate(n=Count("id"))),
    )
