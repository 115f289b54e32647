"""Which requests of the six fields an actor may see: those of the area, for those who work on their papers.

One about public order is seen before the head's release by who took it in, by the chair of that posyandu and by the head of the village,
and by nobody else. What is about the actor, and what was sealed, is not seen here either: the matter's own rule decides.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.lib.actor import SYSTEM, Actor
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import FieldRequest

READING = ("fieldrequest.mark",)
"""Who works on papers of a request reads it: cadres, the chair, health officers, the secretary and the head."""


def visible(by: Actor) -> QuerySet[FieldRequest]:
    """The requests this actor may see."""
    rows: QuerySet[FieldRequest] = access.rows(by, FieldRequest, READING)
    if by.role == SYSTEM:
        return rows
    sealed = Q(case__sensitivity="sealed")
    opened = case_access.visible(by).filter(sensitivity="sealed").values("id")
    about_me = Case.objects.filter(case_access.kept_away(by)).values("id")
    return (
        rows.filter(_released_or_trusted(by)).filter(~sealed | Q(case__in=opened)).exclude(case__in=about_me)
    )


def listed(by: Actor) -> QuerySet[FieldRequest]:
    """The same with what a list shows."""
    return visible(by).select_related("case", "posyandu", "case__reporter")


def request_for(by: Actor, fieldrequest_id: UUID, *, lock: bool = False) -> FieldRequest:
    """One request. Raises NotFound: unknown and hidden look the same."""
    rows = visible(by).select_related("case", "case__holder", "case__kind", "posyandu", "posyandu__desk")
    found: FieldRequest = access.one(rows, fieldrequest_id, lock=lock)
    return found


def sees_name(by: Actor, request: FieldRequest) -> bool:
    """True when this seat may read who asked.

    The reporter of a request about public order is known to those it is trusted to; who asked that their name stays hidden, to nobody
    here.
    """
    if by.role == SYSTEM:
        return True
    return trusted(by, request) if request.confidential else not request.case.hide_name


def trusted(by: Actor, request: FieldRequest) -> bool:
    """True for who took it in, the chair of its posyandu, and the head."""
    if request.taken_by_user_id is not None and request.taken_by_user_id == by.user_id:
        return True
    return by.role == "head" or (by.role == "coordinator" and request.posyandu.desk_id in by.desk_ids)


def _released_or_trusted(by: Actor) -> Q:
    seen = Q(confidential=False) | Q(released_at__isnull=False) | Q(taken_by_user_id=by.user_key)
    if by.role == "head":
        return seen | Q(confidential=True)
    if by.role == "coordinator":
        seen |= Q(posyandu__desk_id__in=by.desk_ids)
    return seen
