"""What an agreement says, who still has to sign, and where each obligation stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from simpul.desks import queries as desk_queries
from simpul.lib.keys import ring
from simpul.mediation.models import (
    Agreement,
    Dispute,
    Fulfilment,
    Mediator,
    Obligation,
    Party,
    Session,
    Signer,
)
from simpul.mediation.rules import minutes as minutes_rules
from simpul.mediation.rules import obligations as rules
from simpul.regions import queries as region_queries

WITNESSES = 2


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation with what was done of it."""

    row: Obligation
    standing: rules.Standing
    done: tuple[Fulfilment, ...]
    late: bool
    breakable: bool


def draft_of(dispute: Dispute) -> Agreement | None:
    """The version that is being written."""
    return Agreement.objects.filter(dispute=dispute, state="draft", withdrawn_at=None).first()


def standing_of(dispute: Dispute) -> Agreement | None:
    """The version that is in force."""
    return Agreement.objects.filter(dispute=dispute, state="signed").first()


def versions(dispute: Dispute) -> list[Agreement]:
    """Every version that was signed, newest first."""
    rows = Agreement.objects.filter(dispute=dispute, state__in=("signed", "replaced"))
    return list(rows.order_by("-version"))


def clauses(agreement: Agreement) -> list[Obligation]:
    """The obligations of a version in their order."""
    rows = Obligation.objects.filter(agreement=agreement, withdrawn_at=None)
    return list(rows.select_related("owed_by", "owed_to").order_by("position"))


def signers(agreement: Agreement) -> list[Signer]:
    """Who signed: parties, mediators, witnesses, in the order in which it was noted."""
    return list(Signer.objects.filter(agreement=agreement, withdrawn_at=None).order_by("recorded_at", "id"))


def lacking_signers(agreement: Agreement) -> list[str]:
    """Whose mark is still missing: each party, one mediator, two witnesses. Two witnesses are custom (unconfirmed)."""
    rows = signers(agreement)
    signed = {one.party_id for one in rows}
    parties = Party.objects.filter(dispute_id=agreement.dispute_id, withdrawn_at=None)
    lacking = [
        one.name
        for one in parties.exclude(role="other").order_by("recorded_at", "id")
        if one.id not in signed
    ]
    if not any(one.part == "mediator" for one in rows):
        lacking.append(_("a mediator"))
    missing = WITNESSES - sum(one.part == "witness" for one in rows)
    if missing > 0:
        lacking.append(_("%(n)s witnesses") % {"n": missing} if missing > 1 else _("one witness"))
    return lacking


def content(agreement: Agreement) -> minutes_rules.Content:
    """Everything that is frozen when it is signed."""
    dispute = agreement.dispute
    zone = desk_queries.zone_of(dispute.region_code)
    sessions = Session.objects.filter(dispute=dispute, state__in=("held", "ended")).order_by("ordinal")
    parties = Party.objects.filter(dispute=dispute, withdrawn_at=None).order_by("recorded_at", "id")
    mediators = Mediator.objects.filter(dispute=dispute, withdrawn_at=None, ended_at=None)
    day = agreement.signed_date
    return minutes_rules.Content(
        number=dispute.number,
        version=agreement.version,
        replaces=agreement.replaces.digest if agreement.replaces else "",
        because=agreement.because,
        region_code=dispute.region_code,
        region=region_queries.path_names(dispute.region_code),
        subject=dispute.subject,
        about=dispute.about,
        sessions=[one.held_at.astimezone(zone).date().isoformat() for one in sessions if one.held_at],
        parties=[minutes_rules.Side(one.role, one.name, one.address, one.spoken_by) for one in parties],
        mediators=[one.name for one in mediators.order_by("-leads", "recorded_at", "id")],
        preamble=agreement.preamble,
        clauses=[
            minutes_rules.Clause(
                place,
                one.what,
                one.owed_by.name,
                one.owed_to.name if one.owed_to else "",
                one.amount,
                one.due_date.isoformat(),
                one.part,
                one.parts,
            )
            for place, one in enumerate(clauses(agreement), start=1)
        ],
        signers=[minutes_rules.Sign(one.part, one.name, one.mark) for one in signers(agreement)],
        place=agreement.place,
        signed_date=day.isoformat() if day else "",
        grace_days=agreement.grace_days,
    )


def is_whole(agreement: Agreement) -> bool:
    """True when the frozen text still has its digest, and the digest the signature of this office."""
    if minutes_rules.digest(agreement.content) != agreement.digest:
        return False
    return ring().verify(agreement.digest.encode(), bytes.fromhex(agreement.signature))


def owed(agreement: Agreement, today: date) -> list[Owed]:
    """Where each obligation of a version stands on a day."""
    rows = clauses(agreement)
    done = done_of([one.id for one in rows])
    return [_owed(one, done[one.id], agreement.grace_days, today) for one in rows]


def done_of(keys: Iterable[UUID]) -> dict[UUID, tuple[Fulfilment, ...]]:
    """What was done, by obligation, oldest first."""
    found: dict[UUID, list[Fulfilment]] = defaultdict(list)
    rows = Fulfilment.objects.filter(obligation_id__in=list(keys), withdrawn_at=None)
    for one in rows.order_by("done_date", "recorded_at", "id"):
        found[one.obligation_id].append(one)
    return defaultdict(tuple, {key: tuple(rows) for key, rows in found.items()})


def _owed(row: Obligation, done: tuple[Fulfilment, ...], grace: int, today: date) -> Owed:
    is_open = row.state == "open"
    return Owed(
        row,
        rules.standing(row.amount, [one.amount for one in done]),
        done,
        late=is_open and rules.is_late(row.due_date, today),
        breakable=is_open and rules.may_break(row.due_date, grace, today),
    )
