"""Who is named in a matter, and who is kept away from it from the first minute. Steps of intake, not acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.cases.models import Case, Exclusion, Party, Reader
from simpul.lib import text

if TYPE_CHECKING:
    from simpul.cases.actions import intake


def add_party(case: Case, at: datetime, party: intake.PartyGiven) -> None:
    """Write down somebody named in a matter; the one it is about never sees it."""
    name = text.clean_line(party.name)[:150]
    if name:
        Party.objects.create(
            case=case, role=party.role, name=name, office=text.clean_line(party.office)[:100]
        )
    if party.role == "accused" and (party.user_id or party.desk_id):
        reason = str(_("Named in the matter"))
        if party.user_id:
            Exclusion.objects.create(case=case, user_id=party.user_id, reason=reason, made_at=at)
        if party.desk_id:
            Exclusion.objects.create(case=case, desk_id=party.desk_id, reason=reason, made_at=at)


def keep_as_closed(case: Case, origin: Case, at: datetime) -> None:
    """Who is kept away from a matter, or was named to it, is so for what comes out of it."""
    for row in origin.exclusions.filter(lifted_at=None):
        Exclusion.objects.create(
            case=case, user_id=row.user_id, desk_id=row.desk_id, reason=row.reason, made_at=at
        )
    if case.sensitivity == "sealed":
        readers = [
            Reader(case=case, user_id=row.user_id, named_at=at, until_at=row.until_at)
            for row in origin.readers.all()
        ]
        Reader.objects.bulk_create(readers)


def desks_away(parties: Sequence[intake.PartyGiven], origin: Case | None) -> frozenset[UUID]:
    """Desks at which the matter must not start, because it is about them."""
    named = {party.desk_id for party in parties if party.role == "accused" and party.desk_id}
    before = origin.exclusions.filter(lifted_at=None).values_list("desk_id", flat=True) if origin else ()
    return frozenset(named | {desk_id for desk_id in before if desk_id})
