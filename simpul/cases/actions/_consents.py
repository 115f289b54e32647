"""Consent on the way to another institution: it is there, it is written down now, or the referral is refused. Steps, no acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from simpul.cases import access
from simpul.cases.models import Case
from simpul.cases.queries import consents
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.people.actions import consent as consent_actions

if TYPE_CHECKING:
    from simpul.desks.models import Desk

MODES = {"tick": "ticked", "paper": "paper", "voice": "spoken"}
"""How a person agrees, and the word for it that stands on the hop."""


class NoConsent(Refused):
    """What is known about a person leaves the installation only with their consent."""

    code = "case.no_consent"
    sentence = _(
        "To share the person's contact with this institution, first ask for consent and say how it was given."
    )
    field = "consent"


class NoConsentToRefer(Refused):
    """Social services are offered to people, not done to them."""

    code = "case.no_consent_to_refer"
    sentence = _(
        "This matter goes to another institution only when the person agrees. Ask them, and say how they agreed. "
        "When they cannot be asked and are in danger, somebody who may decide so can send it without consent."
    )
    field = "consent"


@dataclass(frozen=True, slots=True)
class ConsentTaken:
    """A consent given right now: ticked with a name, on paper (photographed), or spoken (recorded)."""

    mode: str
    given_by: str
    relation: str = ""
    data: bytes = b""
    declared_name: str = ""


def settle(
    case: Case,
    by: Actor,
    at: datetime,
    desk: Desk,
    *,
    shares_contact: bool,
    said: str,
    taken: ConsentTaken | None,
) -> str:
    """See to it that the person agreed to what this referral shares; returns the word that stands on the hop.

    Where the kind of matter asks for consent, a bare word (``said``) is none: only one that is written down and kept stands.
    A consent that is taken while the matter goes to a desk of the house is written down too: it may fall to an institution later.

    Raises:
        NoConsent, NoConsentToRefer: nobody agreed; and the refusals of writing a consent down.
    """
    wanted = consents.needed(case, desk, shares_contact=shares_contact)
    if taken is not None:
        for purpose in wanted or [consents.REFER]:
            _write_down(case, by, at, purpose, taken)
        return MODES.get(taken.mode, "")
    if not wanted or (said and consents.REFER not in wanted):
        return said
    lacking = consents.missing(case, desk, at, shares_contact=shares_contact)
    if consents.CONTACT in lacking:
        raise NoConsent
    if lacking:
        raise NoConsentToRefer
    return said


def _write_down(case: Case, by: Actor, at: datetime, purpose: str, taken: ConsentTaken) -> None:
    person_id = consents.asked_person(case, purpose)
    if person_id is None:
        return
    consent_actions.give_consent(
        by=by,
        at=at,
        person_id=person_id,
        purpose=purpose,
        mode=taken.mode,
        given_by=taken.given_by,
        scope=str(case.id),
        relation=taken.relation,
        data=taken.data,
        declared_name=taken.declared_name,
        language=case.language,
        place=access.place_of(case),
    )
