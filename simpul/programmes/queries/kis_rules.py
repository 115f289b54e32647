"""Which reactivation rule holds on a day in an area: those that ship, and the district's own."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from simpul.programmes.models import CardRule
from simpul.programmes.rules import kis as rules

_FILE = Path(__file__).parent.parent / "catalogue" / "kis_rules.toml"


@cache
def shipped() -> tuple[rules.Rule, ...]:
    """The versions of the catalogue."""
    return rules.rules_from(tomllib.loads(_FILE.read_text(encoding="utf-8"))["rules"])


def all_rules(region_code: str) -> tuple[rules.Rule, ...]:
    """Every version that can hold in an area: the district's own first, so that of two that begin on one day theirs is followed."""
    around = [region_code[:size] for size in (0, 2, 4, 6, 10)]
    own = CardRule.objects.filter(region_code__in=around, ended_at=None).order_by("-from_date", "-added_at")
    return (*(as_rule(row) for row in own), *shipped())


def followed(region_code: str, day: date) -> rules.Rule:
    """The version the desk follows on a day."""
    return rules.followed(all_rules(region_code), day)


def as_rule(row: CardRule) -> rules.Rule:
    """A stored rule of the district as the rules know it."""
    return rules.Rule(
        code=str(row.id),
        name=row.name,
        authority=row.authority,
        source=row.source,
        confidence="configured",
        from_date=row.from_date,
        until_date=row.until_date,
        facility_letter=row.facility_letter,
        village_letter=row.village_letter,
        chronic_required=row.chronic_required,
        off_from=row.off_from_date,
        off_until=row.off_until_date,
        excludes=tuple(row.excludes),
        follow_up_days=row.follow_up_days,
        duty_months=row.duty_months,
    )


def needed(card: object, office: str = "") -> rules.Given:
    """What an application holds so far, for ``rules.missing`` and ``rules.doubts``."""
    return rules.Given(
        facility_letter=bool(getattr(card, "facility_letter", "")),
        village_letter=bool(getattr(card, "village_letter", "")),
        need=str(getattr(card, "need", "unknown")),
        off_date=getattr(card, "off_date", None),
        office=office,
    )
