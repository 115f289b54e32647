"""Who quarrels, what each of them said apart from the others, and who mediates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.lib import phone, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.mediation.actions import _steps
from simpul.mediation.models import Dispute, Mediator, Obligation, Party, Signer, Statement, Summons
from simpul.mediation.queries import kin
from simpul.mediation.rules import conflicts, words

MOST_PARTIES = 20


class TooManyParties(Refused):
    """A dispute has a bounded number of parties."""

    code = "party.too_many"
    sentence = _(
        "More than %(most)s parties cannot be mediated at one table. Write one who speaks for each group."
    )


class PartyBound(Refused):
    """A party that was called, or owes something, cannot be taken out silently."""

    code = "party.bound"
    sentence = _(
        "This party was already summoned, or stands in an agreement. Correct the entry instead of removing it."
    )


class MediatorConflict(Refused):
    """The mediator is tied to a party."""

    code = "mediator.conflict"
    sentence = _(
        "This person is tied to a party. Choose another mediator, or write how every party was told and agreed."
    )
    field = "parties_agree"


class MediatorImpossible(Refused):
    """Nobody mediates in their own quarrel."""

    code = "mediator.impossible"
    sentence = _("This person is a party, or speaks for one. Choose another mediator.")
    field = "name"


class MediatorUnknown(Refused):
    """The account is none of this village."""

    code = "mediator.unknown"
    sentence = _(
        "Choose somebody who sits at this village's desks, or write the name of a mediator without an account."
    )
    field = "account"


@dataclass(frozen=True, slots=True)
class PartyGiven:
    """A party as the office heard of them."""

    name: str = ""
    role: str = "respondent"
    person_id: UUID | None = None
    resident: bool = True
    address: str = ""
    phone: str = ""
    spoken_by: str = ""
    spoken_basis: str = ""


@dataclass(frozen=True, slots=True)
class MediatorGiven:
    """A mediator as the decision names them."""

    name: str = ""
    office: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    leads: bool = False
    decision_number: str = ""
    decision_date: date | None = None
    interest: str = ""
    parties_agree: str = ""


def record_party(
    *, by: Actor, at: datetime, dispute_id: UUID, given: PartyGiven, party_id: UUID | None = None
) -> Party:
    """Write down a party. The same ``party_id`` again changes nothing.

    Mediators who are tied to the new party are flagged from now on.

    Raises:
        TooManyParties, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "party.record", dispute_id)
        known = _steps.again(Party, party_id, dispute=dispute)
        if known is not None:
            return known
        if Party.objects.filter(dispute=dispute, withdrawn_at=None).count() >= MOST_PARTIES:
            raise TooManyParties(most=MOST_PARTIES)
        party = Party(**_steps.written(by, at, party_id), dispute=dispute)
        _fill_party(party, given)
        party.save(force_insert=True)
        _look_again(dispute)
        facts = {"party": str(party.id), "role": party.role, "resident": party.resident}
        _steps.line(by, at, "party.record", dispute, facts=facts, inputs={"name": party.name})
    return party


def change_party(*, by: Actor, at: datetime, dispute_id: UUID, party_id: UUID, given: PartyGiven) -> None:
    """Correct what is written about a party.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "party.change", dispute_id)
        party = _steps.entry(Party, party_id, dispute=dispute)
        _fill_party(party, given)
        party.save()
        _look_again(dispute)
        facts = {"party": str(party.id), "role": party.role}
        _steps.line(by, at, "party.change", dispute, facts=facts, inputs={"name": party.name})


def withdraw_party(*, by: Actor, at: datetime, dispute_id: UUID, party_id: UUID) -> None:
    """Take a party out that was written down by mistake.

    Raises:
        PartyBound, NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "party.withdraw", dispute_id)
        party = _steps.entry(Party, party_id, dispute=dispute)
        bound = (
            Summons.objects.filter(party=party, withdrawn_at=None).exists()
            or Obligation.objects.filter(owed_by=party, withdrawn_at=None).exists()
            or Obligation.objects.filter(owed_to=party, withdrawn_at=None).exists()
            or Signer.objects.filter(party=party, withdrawn_at=None).exists()
        )
        if bound:
            raise PartyBound
        Party.objects.filter(id=party.id).update(withdrawn_at=at)
        _look_again(dispute)
        _steps.line(by, at, "party.withdraw", dispute, facts={"party": str(party.id)})


def _fill_party(party: Party, given: PartyGiven) -> None:
    person = kin.person_here(party.dispute, given.person_id)
    if given.person_id is not None and person is None and given.person_id != party.person_id:
        raise NotFound
    party.role = _steps.choice(given.role, words.ROLES, field="role")
    party.person_id = given.person_id
    party.name = _steps.words(
        given.name or (person.full_name if person else ""), field="name", most=150, least=2
    )
    party.resident = given.resident
    party.address = text.clean_line(given.address or (person.address if person else ""))[:200]
    number = phone.normalise(given.phone) if given.phone.strip() else None
    party.phone = (number.e164 or text.clean_line(given.phone)[:40]) if number else ""
    party.spoken_by = text.clean_line(given.spoken_by)[:150]
    party.spoken_basis = text.clean_line(given.spoken_basis)[:150]


# --- statements -----------------------------------------------------------------------------------------------------


def take_statement(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    party_id: UUID,
    said: str,
    said_at: datetime | None = None,
    statement_id: UUID | None = None,
) -> Statement:
    """Write down what a party said on their own. It stays theirs until they agree that it is shared.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "statement.take", dispute_id)
        known = _steps.again(Statement, statement_id, party__dispute=dispute)
        if known is not None:
            return known
        party = _steps.entry(Party, party_id, dispute=dispute)
        statement = Statement.objects.create(
            **_steps.written(by, at, statement_id),
            party=party,
            words=_steps.long_words(said, field="said"),
            said_at=said_at or at,
        )
        _steps.line(by, at, "statement.take", dispute, facts={"party": str(party.id)})
    return statement


def share_statement(
    *, by: Actor, at: datetime, dispute_id: UUID, statement_id: UUID, how: str, shared: bool = True
) -> None:
    """The party agrees that the others hear what they said, by word or in writing; or takes that back.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "statement.share", dispute_id)
        statement = _steps.entry(Statement, statement_id, party__dispute=dispute)
        if bool(statement.shared_at) == shared:
            return
        agreed = _steps.choice(how, words.SHARED, field="how") if shared else ""
        Statement.objects.filter(id=statement.id).update(shared_at=at if shared else None, shared_how=agreed)
        facts = {"statement": str(statement.id), "shared": shared, "how": agreed}
        _steps.line(by, at, "statement.share", dispute, facts=facts)


def withdraw_statement(*, by: Actor, at: datetime, dispute_id: UUID, statement_id: UUID) -> None:
    """Take a statement back: the party wants it so, or it was written for the wrong one.

    Raises:
        NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "statement.withdraw", dispute_id)
        statement = _steps.entry(Statement, statement_id, party__dispute=dispute)
        Statement.objects.filter(id=statement.id).update(withdrawn_at=at)
        _steps.line(by, at, "statement.withdraw", dispute, facts={"statement": str(statement.id)})


# --- mediators ------------------------------------------------------------------------------------------------------


def name_mediator(
    *, by: Actor, at: datetime, dispute_id: UUID, given: MediatorGiven, mediator_id: UUID | None = None
) -> Mediator:
    """Name a mediator by decision, after looking for what ties them to a party.

    A tie that the parties were told of and accepted is written down with their words; a party never mediates.

    Raises:
        MediatorConflict, MediatorImpossible, MediatorUnknown, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "mediator.name", dispute_id)
        known = _steps.again(Mediator, mediator_id, dispute=dispute)
        if known is not None:
            return known
        account = kin.account_named(dispute, given.account_id)
        if given.account_id is not None and not account:
            raise MediatorUnknown
        person = kin.person_here(dispute, given.person_id)
        if given.person_id is not None and person is None:
            raise NotFound
        name = _steps.words(
            given.name or account or (person.full_name if person else ""), field="name", most=150
        )
        agreed = text.clean_line(given.parties_agree)[:300]
        known_as = kin.known_of(name, person) if person else kin.known_by_name(dispute, name)
        ties = conflicts.found(known_as, kin.parties_known(dispute), given.interest)
        if set(ties) & conflicts.NEVER:
            raise MediatorImpossible
        if conflicts.shuts_out(ties, parties_agree=len(agreed) >= 5):
            raise MediatorConflict
        if given.leads:
            Mediator.objects.filter(dispute=dispute, leads=True).update(leads=False)
        mediator = Mediator.objects.create(
            **_steps.written(by, at, mediator_id),
            dispute=dispute,
            person=person,
            account_id=given.account_id,
            name=name,
            office=text.clean_line(given.office)[:100],
            leads=given.leads,
            decision_number=text.clean_line(given.decision_number)[:80],
            decision_date=given.decision_date,
            interest=text.clean_line(given.interest)[:300],
            conflicts=list(ties),
            parties_agree=agreed,
        )
        facts = {"mediator": str(mediator.id), "ties": list(ties), "leads": mediator.leads}
        _steps.line(by, at, "mediator.name", dispute, facts=facts, inputs={"name": name, "agreed": agreed})
    return mediator


def end_mediator(*, by: Actor, at: datetime, dispute_id: UUID, mediator_id: UUID, why: str) -> None:
    """Let a mediator go: from now on they read nothing of it.

    Raises:
        NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "mediator.end", dispute_id, states=())
        mediator = _steps.entry(Mediator, mediator_id, dispute=dispute, ended_at=None)
        said = _steps.words(why, field="why", most=300, least=3)
        Mediator.objects.filter(id=mediator.id).update(ended_at=at, ended_why=said, leads=False)
        facts = {"mediator": str(mediator.id)}
        _steps.line(by, at, "mediator.end", dispute, facts=facts, inputs={"why": said})


def _look_again(dispute: Dispute) -> None:
    """Parties changed: look for ties of those who mediate once more. Nobody is let go by it; the page shows the flag."""
    parties = kin.parties_known(dispute)
    for one in kin.mediators_standing(dispute):
        known_as = kin.known_of(one.name, one.person) if one.person else kin.known_by_name(dispute, one.name)
        ties = list(conflicts.found(known_as, parties, one.interest))
        if ties != one.conflicts:
            Mediator.objects.filter(id=one.id).update(conflicts=ties)
