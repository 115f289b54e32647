"""Whether a matter may go to another institution: what the person agreed to, or who decided otherwise (UU 27/2022 art. 20)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from simpul.cases.models import Case, ConsentOverride
from simpul.people.queries import consent as consent_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk

REFER, CONTACT = "referral_share", "contact_share"
"""Purposes of the book of consents: to pass the matter on, and to pass on how the person is reached."""


def is_institution(desk: Desk) -> bool:
    """True for a receiver that is another institution: outside, or a partner that works here."""
    return desk.outside or desk.level == "partner"


def needed(case: Case, desk: Desk, *, shares_contact: bool) -> list[str]:
    """The purposes that a referral to this desk needs a consent for."""
    if not is_institution(desk):
        return []
    asks = case.kind.asks_consent and bool(case.reporter_id or case.about_id)
    return [*([REFER] if asks else []), *([CONTACT] if shares_contact else [])]


def missing(case: Case, desk: Desk, at: datetime, *, shares_contact: bool) -> list[str]:
    """The purposes nobody has agreed to yet; none when somebody with the power decided that the matter goes all the same."""
    wanted = needed(case, desk, shares_contact=shares_contact)
    found = [purpose for purpose in wanted if not stands(case, purpose, at)]
    return [] if found and override_of(case) is not None else found


def stands(case: Case, purpose: str, at: datetime) -> bool:
    """True when the person concerned agreed to this purpose, in general or for this matter. A contact is its owner's to share."""
    whose = [case.reporter_id] if purpose == CONTACT else [case.about_id, case.reporter_id]
    return any(
        consent_queries.standing(one, purpose, str(case.id), at=at) is not None for one in whose if one
    )


def asked_person(case: Case, purpose: str) -> UUID | None:
    """Whose consent is asked for: for the contact its owner's, else the one whom the matter concerns."""
    return case.reporter_id if purpose == CONTACT else case.about_id or case.reporter_id


def override_of(case: Case) -> ConsentOverride | None:
    """The decision that this matter may go to other institutions without consent; the newest."""
    return ConsentOverride.objects.filter(case=case).order_by("-at").first()
