"""Looking at what keeps a matter safe: who still sees it, who was kept away, who broke the glass, what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.cases import access
from simpul.cases.models import BreakGlass, Case, IdentityRequest, Reader
from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.lib import ids
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound

ALERTS_LAST = timedelta(days=14)
"""How long a broken glass stands at the top of the focal point's page."""


def of_sealed_matters(person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these persons who reported a sealed matter or whom one concerns, for leaving them out; never to be told to anybody."""
    ids = set(person_ids)
    rows = Case.objects.filter(Q(reporter_id__in=ids) | Q(about_id__in=ids), sensitivity="sealed")
    found = {one for pair in rows.values_list("reporter_id", "about_id") for one in pair}
    return frozenset(found & ids)


def flagged(by: Actor, limit: int = 100) -> list[Case]:
    """Matters that words have closed and nobody has judged yet, the oldest first."""
    rows = access.visible(by).open().filter(screening="flagged").select_related("kind", "holder")
    return list(rows.order_by("received_at")[:limit])


def broken_glass(by: Actor, at: datetime) -> list[BreakGlass]:
    """Glass broken lately on matters this actor sees: the alert on the focal point's page."""
    seen = access.visible(by).filter(sensitivity="sealed").values("id")
    rows = BreakGlass.objects.filter(case__in=seen, at__gte=at - ALERTS_LAST).select_related("case")
    return list(rows.order_by("-at")[:50])


def kept_from(by: Actor, case_ids: Iterable[UUID]) -> set[UUID]:
    """The matters among these that are about this actor: not even their notices are theirs to print or tell."""
    return set(Case.objects.filter(access.kept_away(by), id__in=list(case_ids)).values_list("id", flat=True))


def about(by: Actor) -> set[UUID]:
    """All matters that are about this actor: nothing said in them is theirs to read."""
    return set(Case.objects.filter(access.kept_away(by)).values_list("id", flat=True))


def identity_requests(by: Actor) -> list[IdentityRequest]:
    """Wishes to see who reported that wait for this custodian, the oldest first."""
    waiting = access.identity_requests(by).filter(decided_at=None).select_related("case")
    return list(waiting.order_by("asked_at")[:100])


def sealed_by_number(by: Actor, typed: str) -> UUID | None:
    """The key of the sealed matter with this number, for somebody who may break its glass; None for anything else.

    An ordinary matter, one outside the area, and one that does not exist all give None.
    """
    number = ids.parse_case_number(typed, desk_queries.institution().number_prefix)
    case_id = Case.objects.filter(number=str(number)).values_list("id", flat=True).first() if number else None
    if case_id is None or not roles.may_somewhere(by, "case.break_glass"):
        return None
    with transaction.atomic():
        try:
            return access.sealed_for_glass(by, case_id).id
        except NotFound:
            return None


def someone_remains(
    case: Case, at: datetime, *, without_users: Iterable[UUID] = (), without_desks: Iterable[UUID] = ()
) -> bool:
    """True when somebody can still work on the matter once these are kept away from it.

    For an ordinary matter that is anybody in a seat at the desk that holds it; for a sealed one a focal point of the area, or a
    reader named to it.
    """
    kept_away = list(case.exclusions.filter(lifted_at=None))
    users = {*without_users, *(row.user_id for row in kept_away if row.user_id)}
    desks = {*without_desks, *(row.desk_id for row in kept_away if row.desk_id)}
    seats = Seat.objects.current(at).exclude(user_id__in=users).exclude(desk_id__in=desks)
    if case.sensitivity != "sealed":
        return seats.filter(desk_id=case.holder_id).exists()
    if any(
        _covers(seat, case.region_code) for seat in seats.filter(role="focal_point").select_related("desk")
    ):
        return True
    readers = Reader.objects.filter(Q(until_at=None) | Q(until_at__gt=at), case=case).exclude(
        user_id__in=users
    )
    return seats.filter(user_id__in=readers.values("user_id")).exists()


def _covers(seat: Seat, region_code: str) -> bool:
    return any(region_code.startswith(area) for area in (seat.areas or [seat.desk.region_code]))
