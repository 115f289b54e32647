"""What tests about tiers begin with: a route, whether a kind falls through, a referral, silence noticed by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from simpul.cases.actions import referral, tiers
from simpul.cases.models import Case, Hop, Kind, Route
from simpul.cases.queries import tiers as queries
from simpul.lib.actor import MACHINE
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
EXTRACT = "Keluarga tanpa penghasilan, rumah bocor."


def again(case: Case) -> Case:
    return Case.objects.select_related("holder", "acting", "kind").get(id=case.id)


def chain(case: Case) -> list[tuple[str, str]]:
    return list(Hop.objects.filter(case=case).order_by("position").values_list("to_desk__code", "state"))


def route(cast: Cast, *codes: str, kind: str = "complaint") -> None:
    Route.objects.filter(kind_id=kind, region_code="7602").delete()
    for position, code in enumerate(codes):
        Route.objects.create(kind_id=kind, region_code="7602", position=position, desk=cast.desk(code))


def falls(kind: str = "complaint", **columns: Any) -> None:
    Kind.objects.filter(code=kind).update(**{"falls_through": "self", **columns})


def refer(cast: Cast, case: Case, code: str, at: datetime = NOW, **given: Any) -> Hop:
    wanted: dict[str, Any] = {"note": "Mohon dibantu", **given}
    return referral.refer_case(by=cast.admin, at=at, case_id=case.id, to_desk_id=cast.desk(code).id, **wanted)


def silence(at: datetime) -> list[Hop]:
    """What the worker does."""
    made = [
        tiers.note_silence(by=MACHINE, at=at, clock_id=clock_id) for clock_id in queries.silent_clocks(at)
    ]
    return [hop for hop in made if hop is not None]
