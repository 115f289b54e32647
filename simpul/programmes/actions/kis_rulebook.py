"""Acts on the reactivation rule: a district adds a version of its own, with its source, and ends it. What ships is never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import kis as access
from simpul.programmes.models import CardRule
from simpul.programmes.rules import kis as rules


class RuleIncomplete(Refused):
    """A rule without source, or with days the wrong way round, is no rule."""

    code = "rule.incomplete"
    sentence = _(
        "A rule needs a name, who says it, the letter or decree it stands in, and days in the right order."
    )
    field = "source"


@dataclass(frozen=True, slots=True)
class RuleWishes:
    """What a version of the rule wants."""

    facility_letter: str = "required"
    village_letter: str = "optional"
    chronic_required: bool = False
    off_from: date | None = None
    off_until: date | None = None
    excludes: tuple[str, ...] = ()
    follow_up_days: int = 14
    duty_months: int = 6


def adopt_rule(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    name: str,
    authority: str,
    source: str,
    from_date: date,
    until_date: date | None = None,
    wishes: RuleWishes,
) -> CardRule:
    """Add a version of the reactivation rule for an area; from its first day on it is the one that is followed there.

    Raises:
        NotAllowed: the area is not this actor's.
        RuleIncomplete: no source, unknown wishes, or days the wrong way round.
    """
    roles.require(by, "rule.adopt", roles.Place(region_code=region_code))
    said = {
        key: text.clean_line(value)
        for key, value in (("name", name), ("authority", authority), ("source", source))
    }
    for key, value in said.items():
        if len(value) < 3:
            raise RuleIncomplete(field=key)
    backwards = until_date is not None and until_date < from_date
    window = wishes.off_from and wishes.off_until and wishes.off_until < wishes.off_from
    if backwards or window:
        raise RuleIncomplete(field="until_date" if backwards else "off_until")
    letters = {wishes.facility_letter, wishes.village_letter}
    counted = 1 <= wishes.follow_up_days <= 365 and 1 <= wishes.duty_months <= 60
    if (
        not letters <= set(rules.LETTER_WISHES)
        or not set(wishes.excludes) <= set(rules.EXCLUDED)
        or not counted
    ):
        raise RuleIncomplete(field="follow_up_days" if not counted else "facility_letter")
    with transaction.atomic():
        rule = CardRule.objects.create(
            name=said["name"][:120],
            authority=said["authority"][:80],
            source=said["source"][:200],
            region_code=region_code,
            from_date=from_date,
            until_date=until_date,
            facility_letter=wishes.facility_letter,
            village_letter=wishes.village_letter,
            chronic_required=wishes.chronic_required,
            off_from_date=wishes.off_from,
            off_until_date=wishes.off_until,
            excludes=list(wishes.excludes),
            follow_up_days=wishes.follow_up_days,
            duty_months=wishes.duty_months,
            added_at=at,
            added_by=by.name,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="rule.adopt",
            subject_kind="card_rule",
            subject_id=rule.id,
            region_code=region_code,
            facts={
                "name": rule.name,
                "source": rule.source,
                "from": from_date.isoformat(),
                "facility_letter": rule.facility_letter,
                "village_letter": rule.village_letter,
                "chronic_required": rule.chronic_required,
            },
        )
    return rule


def drop_rule(*, by: Actor, at: datetime, rule_id: UUID) -> None:
    """End a rule of the district's own; the next one in force is followed again.

    Raises:
        NotFound: no such rule for this actor.
    """
    with transaction.atomic():
        rule = access.own_rules(by).filter(id=rule_id).first()
        if rule is None:
            raise NotFound
        roles.require(by, "rule.drop", roles.Place(region_code=rule.region_code))
        CardRule.objects.filter(id=rule.id).update(ended_at=at)
        journal_actions.record(
            by=by,
            at=at,
            kind="rule.drop",
            subject_kind="card_rule",
            subject_id=rule.id,
            region_code=rule.region_code,
            facts={"name": rule.name},
        )
