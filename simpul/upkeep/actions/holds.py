"""Legal holds: what must stay whole, however old it is and whoever wants it gone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.queries import keeping as case_keeping
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people.queries import keeping as people_keeping
from simpul.upkeep import access
from simpul.upkeep.models import LegalHold
from simpul.upkeep.queries import catalogue


class HoldWordsMissing(Refused):
    """A hold has somebody who asked for it, and a reason."""

    code = "hold.words_missing"
    sentence = _("Write who asked for the hold, and why.")
    field = "why"


class HoldLifted(Refused):
    """Once is enough."""

    code = "hold.lifted"
    sentence = _("This hold was lifted already.")


def place_hold(
    *,
    by: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: UUID | None = None,
    what: str = "",
    why: str,
    asked_by: str,
) -> LegalHold:
    """Hold a person, a matter, or a class of records: nothing of it is erased or destroyed until the hold is lifted.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        HoldWordsMissing.
    """
    region = by.served_areas[0]
    if subject_kind == "class":
        if what not in catalogue.classes():
            raise NotFound
    elif subject_kind == "case" and subject_id is not None:
        region = case_access.get_for(by, subject_id).region_code
    elif subject_kind == "person" and subject_id is not None:
        person = people_keeping.person(subject_id)
        if person is None:
            raise NotFound
        region = person.region_code or region
    else:
        raise NotFound
    roles.require(by, "hold.place", roles.Place(region_code=region))
    reason, who = text.clean_line(why)[:300], text.clean_line(asked_by)[:150]
    if not reason or not who:
        raise HoldWordsMissing(field="why" if not reason else "asked_by")
    with transaction.atomic():
        hold = LegalHold.objects.create(
            subject_kind=subject_kind,
            subject_id=subject_id if subject_kind != "class" else None,
            what=what if subject_kind == "class" else "",
            why=reason,
            asked_by=who,
            placed_at=at,
            placed_by=by.name[:150],
        )
        _record(by, at, "hold.place", hold, reason)
    return hold


def lift_hold(*, by: Actor, at: datetime, hold_id: UUID, why: str) -> LegalHold:
    """Lift a hold.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        HoldWordsMissing, HoldLifted.
    """
    hold = access.holds(by).filter(id=hold_id).first()
    if hold is None:
        raise NotFound
    roles.require(by, "hold.lift", _place(hold))
    reason = text.clean_line(why)[:300]
    if not reason:
        raise HoldWordsMissing
    with transaction.atomic():
        changed = LegalHold.objects.filter(id=hold_id, lifted_at=None).update(
            lifted_at=at, lifted_by=by.name[:150], lifted_why=reason
        )
        if changed != 1:
            raise HoldLifted
        _record(by, at, "hold.lift", hold, reason)
    hold.refresh_from_db()
    return hold


def _place(hold: LegalHold) -> roles.Place:
    """Where what is held lies; a whole class lies everywhere."""
    region = ""
    if hold.subject_kind == "case" and hold.subject_id is not None:
        region = case_keeping.region_of(hold.subject_id)
    elif hold.subject_kind == "person" and hold.subject_id is not None:
        person = people_keeping.person(hold.subject_id)
        region = person.region_code if person is not None else ""
    return roles.Place(region_code=region) if region else access.installation()


def _record(by: Actor, at: datetime, kind: str, hold: LegalHold, why: str) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="hold",
        subject_id=hold.id,
        facts={"held": hold.subject_kind, "what": hold.what, "id": hold.subject_id},
        inputs={"why": why},
    )
