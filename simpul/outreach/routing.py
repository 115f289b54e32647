"""The order of stops with the fewest minutes, found by OR-Tools. It proposes; a person decides (docs/decisions/0060-routes.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from simpul.outreach.rules import routes

MOST = 60
SECONDS = 2
_SKIP = 1_000_000  # more than any course of known ways, so a place is left out only when it must be
_NO_WAY = 100_000_000  # more than leaving every place out


def order(places: Sequence[str], known: routes.Ways, *, back: bool = True) -> list[str]:
    """These places in the order that costs the fewest minutes from the office on (and to it again, with ``back``).

    Places that cannot be fitted in by any known way are left out: the caller says so. Few places are solved to the end, many within
    ``SECONDS``. The same input gives the same order.

    Raises:
        ValueError: more places than ``MOST``.
    """
    if len(places) > MOST:
        raise ValueError(len(places))
    if len(places) < 2:
        return [one for one in places if (routes.OFFICE, one) in known]
    points = [routes.OFFICE, *places]
    costs = [[_cost(start, end, known, back) for end in points] for start in points]
    return [points[index] for index in _solve(costs) if index]


def _cost(start: str, end: str, known: routes.Ways, back: bool) -> int:
    """Minutes of one way. Without ``back`` the way to the office costs nothing, so that the last stop may lie anywhere."""
    if start == end or (end == routes.OFFICE and not back):
        return 0
    way = known.get((start, end))
    return way.minutes if way else _NO_WAY


def _solve(costs: list[list[int]]) -> list[int]:
    pywrapcp, enums = _library()
    manager = pywrapcp.RoutingIndexManager(len(costs), 1, 0)
    model = pywrapcp.RoutingModel(manager)

    def cost(one: int, other: int) -> int:
        return costs[manager.IndexToNode(one)][manager.IndexToNode(other)]

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(cost))
    for node in range(1, len(costs)):
        model.AddDisjunction([manager.NodeToIndex(node)], _SKIP)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = enums.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    if len(costs) > routes.EXACT_UP_TO + 1:
        settings.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        settings.time_limit.FromSeconds(SECONDS)
    found = model.SolveWithParameters(settings)
    return _walk(model, manager, found) if found else []


def _walk(model: Any, manager: Any, found: Any) -> list[int]:
    """The nodes of the solution in their order."""
    walked, index = [], model.Start(0)
    while not model.IsEnd(index):
        walked.append(int(manager.IndexToNode(index)))
        index = found.Value(model.NextVar(index))
    return walked


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    """OR-Tools: a large library that is loaded when an order is asked for, not at every start."""
    return import_module("ortools.constraint_solver.pywrapcp"), import_module(
        "ortools.constraint_solver.routing_enums_pb2"
    )
