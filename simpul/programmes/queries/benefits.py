"""What the people of a household receive, and who could."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Family
from simpul.people.queries import records as people_records
from simpul.programmes.access import programmes as access
from simpul.programmes.models import Benefit, Programme


def given_programmes() -> list[Programme]:
    """Programmes that give something."""
    return list(Programme.objects.filter(kind="aid", is_active=True).order_by("position", "code"))


def states() -> dict[str, str]:
    """How a benefit stands, in words."""
    return {
        "receives": _("receives"),
        "listed": _("listed, nothing arrived yet"),
        "proposed": _("proposed"),
        "refused": _("refused"),
        "ended": _("ended"),
    }


def receivers(by: Actor, household_id: UUID) -> list[tuple[str, str]]:
    """("scope:key", name) of the household, its family cards and its people."""
    household = people_access.household_for(by, household_id)
    record = people_records.records([household.id], by=by)[household.id]
    found = [(f"household:{record.key}", _("Whole household"))]
    for family in record.families:
        people = record.members_of(family.key)
        head = next((one.name for one in people if one.heads_family), people[0].name if people else "")
        found.append((f"family:{family.key}", _("Family card of %(name)s") % {"name": head or "–"}))
    return [*found, *((f"person:{one.key}", one.name) for one in record.members_here())]


def of_household(by: Actor, household_id: UUID) -> list[Benefit]:
    """What its people, its family cards and itself receive or received, as far as the actor may see it."""
    household = people_access.household_for(by, household_id)
    cards = Family.objects.filter(Q(household=household) | Q(members__household=household)).values("id")
    rows = access.benefits(by).filter(
        Q(household=household) | Q(family_id__in=cards) | Q(person__household=household)
    )
    return list(rows.select_related("programme").order_by("until_date", "-since_date", "id"))
