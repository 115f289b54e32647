"""Kinds of matters: which are offered, and where one goes first in a place.

Routes are few and read on every intake and every case page, so one kind's routes come in one query and are sorted here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from simpul.cases.models import Kind, Route
from simpul.cases.rules import kinds as rules
from simpul.desks.models import Desk
from simpul.journal import queries as journal_queries

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "kinds.toml"


def kinds_offered() -> list[Kind]:
    """The kinds a resident can choose on the public page, in their order."""
    return list(Kind.objects.offered().order_by("position", "code"))


def kinds_active() -> list[Kind]:
    """Every kind that is taken, also those only officers choose."""
    return list(Kind.objects.filter(is_active=True).order_by("position", "code"))


def kinds_all() -> list[Kind]:
    """Every kind, switched off or not, for the administrator."""
    return list(Kind.objects.order_by("position", "code"))


def get_kind(code: str) -> Kind | None:
    """The kind with this code, switched off or not; None when there is none."""
    return Kind.objects.filter(code=code).first()


def names(codes: Iterable[str], language: str = "id") -> dict[str, str]:
    """Names of kinds by code, in one query."""
    column = "name" if language == "id" else "name_en"
    return dict(Kind.objects.filter(code__in=set(codes)).values_list("code", column))


def first_desk(kind: Kind, region_code: str, answers: Mapping[str, Any]) -> Desk | None:
    """The desk a matter of this kind starts at: the first tier; None when no route covers the place."""
    return next(iter(tiers(kind, region_code, answers)), None)


def tiers(kind: Kind, region_code: str, answers: Mapping[str, Any]) -> list[Desk]:
    """The desks that are proposed in order, when one refuses or stays silent: village, district, province, centre.

    The row for the smallest region that covers the place is taken; among those of one region, the one for an answer that was
    given goes before the one for any answer. Closed desks are left out.
    """
    wanted = [*rules.routing_values(kind.fields, answers), ""]
    covering = [
        code
        for code in (region_code, region_code[:6], region_code[:4], region_code[:2], "")
        if code == region_code[: len(code)]
    ]
    rows = Route.objects.filter(
        kind=kind, region_code__in=set(covering), field_value__in=set(wanted), desk__closed_at=None
    )
    chains: dict[tuple[str, str], list[Route]] = {}
    for row in rows.select_related("desk").order_by("position"):
        chains.setdefault((row.region_code, row.field_value), []).append(row)
    if not chains:
        return []
    best = min(chains, key=lambda key: (-len(key[0]), wanted.index(key[1])))
    return [row.desk for row in chains[best]]


def routes_of(kind_code: str) -> list[Route]:
    """Every route of a kind with its desk, for the administrator's page."""
    return list(
        Route.objects.filter(kind_id=kind_code)
        .select_related("desk")
        .order_by("region_code", "field_value", "position")
    )


def kinds_without_route() -> list[Kind]:
    """Active kinds that no route leads anywhere: each would go to the call centre or to the taker's own desk."""
    return list(Kind.objects.filter(is_active=True, routes=None).order_by("position", "code"))


@lru_cache(maxsize=1)
def catalogue() -> list[dict[str, Any]]:
    """The kinds that ship with the program, as columns; read once per process."""
    return rules.read_catalogue(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def subject_of(code: str) -> UUID:
    """The key under which the journal keeps what happened to a kind, whose own key is its code."""
    return uuid5(NAMESPACE_URL, f"simpul:kind:{code}")


def changed_here(code: str) -> bool:
    """True when an administrator ever changed this kind: a newer catalogue then leaves it alone."""
    return any(
        line.kind == "kind.change" for line in journal_queries.timeline([subject_of(code)], limit=1000)
    )
