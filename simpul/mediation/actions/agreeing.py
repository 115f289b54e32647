"""The agreement: drafted, its clauses, who signs, the moment it is signed and frozen, and a correction as a new version."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring
from simpul.mediation.actions import _steps
from simpul.mediation.models import Agreement, Dispute, Fulfilment, Mediator, Obligation, Party, Signer
from simpul.mediation.queries import agreements as agreement_queries
from simpul.mediation.rules import minutes as minutes_rules
from simpul.mediation.rules import moves, words
from simpul.mediation.rules import obligations as rules

DRAFTED_IN = frozenset({"open", "agreed", "broken"})
MOST_GRACE = 90


class NoDraft(Refused):
    """Nothing in a signed agreement changes."""

    code = "agreement.no_draft"
    sentence = _("This version is signed, and nothing in it changes. Make a new version to correct it.")


class DraftWaits(Refused):
    """One draft at a time."""

    code = "agreement.draft_waits"
    sentence = _("There is a draft already. Go on with that one, or remove it.")


class NothingSigned(Refused):
    """A new version corrects one that was signed."""

    code = "agreement.nothing_signed"
    sentence = _("No agreement is signed yet: change the draft itself.")


class ClausesMissing(Refused):
    """An agreement says who does what."""

    code = "agreement.clauses_missing"
    sentence = _("Write at least one clause: who does what, until when.")


class SignersMissing(Refused):
    """Every party signs, before a mediator and two witnesses."""

    code = "agreement.signers_missing"
    sentence = _("Still to sign: %(who)s. Note each signature or thumb mark first.")


class SignedInFuture(Refused):
    """It is signed on a day that has come."""

    code = "agreement.in_future"
    sentence = _("The day of signing lies in the future. Enter the day on which it was really signed.")
    field = "signed_date"


class PartsWrong(Refused):
    """Parts that make no sense."""

    code = "obligation.parts_wrong"
    sentence = _("Enter between 1 and %(most)s monthly parts, and at least one rupiah for each.")
    field = "parts"


class AmountWrong(Refused):
    """A sum that is none."""

    code = "obligation.amount_wrong"
    sentence = _("Enter a sum in whole rupiah above nought, or leave it empty for a deed.")
    field = "amount"


class OwedToOneself(Refused):
    """Nobody owes something to themselves."""

    code = "obligation.owed_to_oneself"
    sentence = _("The party that owes and the party that receives are the same.")
    field = "owed_to"


@dataclass(frozen=True, slots=True)
class Clause:
    """One obligation as it is typed; a sum may be paid in monthly parts."""

    what: str
    owed_by: UUID
    due_date: date
    owed_to: UUID | None = None
    amount: int | None = None
    parts: int = 1


def draft_agreement(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    preamble: str = "",
    place: str = "",
    grace_days: int = 7,
    agreement_id: UUID | None = None,
) -> Agreement:
    """Begin an agreement. A dispute has one draft at a time.

    Raises:
        DraftWaits, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "agreement.draft", dispute_id)
        known = _steps.again(Agreement, agreement_id, dispute=dispute)
        if known is not None:
            return known
        held = Agreement.objects.filter(dispute=dispute, withdrawn_at=None)
        if held.exists():
            raise DraftWaits
        agreement = _new(by, at, dispute, agreement_id)
        _fill(agreement, preamble, place, grace_days)
        agreement.save(force_insert=True)
        _steps.line(by, at, "agreement.draft", dispute, facts={"version": agreement.version})
    return agreement


def _new(by: Actor, at: datetime, dispute: Dispute, key: UUID | None) -> Agreement:
    last = Agreement.objects.filter(dispute=dispute).aggregate(last=Max("version"))["last"] or 0
    return Agreement(
        **_steps.written(by, at, key or uuid7()),
        dispute=dispute,
        version=last + 1,
        token=secrets.token_urlsafe(16),
    )


def change_agreement(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    agreement_id: UUID,
    preamble: str,
    place: str,
    grace_days: int,
) -> None:
    """Change what stands before the clauses of a draft. Signatures noted before were under other words: they are noted anew.

    Raises:
        NoDraft, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "agreement.change", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        before = (agreement.preamble, agreement.place, agreement.grace_days)
        _fill(agreement, preamble, place, grace_days)
        agreement.save()
        if before != (agreement.preamble, agreement.place, agreement.grace_days):
            _sign_anew(agreement, at)
        _steps.line(by, at, "agreement.change", dispute, facts={"version": agreement.version})


def drop_agreement(*, by: Actor, at: datetime, dispute_id: UUID, agreement_id: UUID) -> None:
    """Remove a draft: what was signed before stays in force.

    Raises:
        NoDraft, NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "agreement.drop", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        Obligation.objects.filter(agreement=agreement).update(withdrawn_at=at, carried_from=None)
        Agreement.objects.filter(id=agreement.id).update(withdrawn_at=at, replaces=None)
        _steps.line(by, at, "agreement.drop", dispute, facts={"version": agreement.version})


def _fill(agreement: Agreement, preamble: str, place: str, grace_days: int) -> None:
    agreement.preamble = text.clean_text(preamble)[:6000]
    agreement.place = text.clean_line(place)[:150]
    agreement.grace_days = max(0, min(grace_days, MOST_GRACE))


def _draft(dispute: Dispute, agreement_id: UUID) -> Agreement:
    agreement = _steps.entry(Agreement, agreement_id, dispute=dispute)
    if agreement.state != "draft":
        raise NoDraft
    return agreement


def _sign_anew(agreement: Agreement, at: datetime) -> None:
    """Nobody has signed words that were changed afterwards."""
    Signer.objects.filter(agreement=agreement, withdrawn_at=None).update(withdrawn_at=at)


# --- clauses --------------------------------------------------------------------------------------------------------


def add_obligation(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    agreement_id: UUID,
    clause: Clause,
    obligation_id: UUID | None = None,
) -> list[Obligation]:
    """Add a clause to a draft: one row, or one row a part when a sum is paid month by month. Signatures are noted anew.

    Raises:
        NoDraft, PartsWrong, AmountWrong, OwedToOneself, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "obligation.add", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        known = _steps.again(Obligation, obligation_id, agreement=agreement)
        if known is not None:
            return [known]
        what = _steps.long_words(clause.what, field="what", most=1000)
        owed_by = _steps.entry(Party, clause.owed_by, dispute=dispute)
        owed_to = _steps.entry(Party, clause.owed_to, dispute=dispute) if clause.owed_to else None
        if owed_to is not None and owed_to.id == owed_by.id:
            raise OwedToOneself
        first = 1 + (
            Obligation.objects.filter(agreement=agreement).aggregate(last=Max("position"))["last"] or 0
        )
        series = uuid7() if clause.parts > 1 else None
        made = [
            Obligation.objects.create(
                **_steps.written(by, at, obligation_id if part.number == 1 else None),
                agreement=agreement,
                position=first + part.number - 1,
                what=what,
                owed_by=owed_by,
                owed_to=owed_to,
                amount=part.amount,
                due_date=part.due_date,
                part=part.number,
                parts=clause.parts,
                series=series,
            )
            for part in _parts(clause)
        ]
        _sign_anew(agreement, at)
        facts = {"version": agreement.version, "rows": len(made), "money": clause.amount is not None}
        _steps.line(by, at, "obligation.add", dispute, facts=facts)
    return made


def _parts(clause: Clause) -> tuple[rules.Part, ...]:
    if clause.amount is not None and not 0 < clause.amount <= rules.MOST_AMOUNT:
        raise AmountWrong
    if clause.amount is None and clause.parts != 1:
        raise PartsWrong(most=rules.MOST_PARTS)
    try:
        return rules.parts(clause.amount, clause.due_date, clause.parts)
    except (ValueError, OverflowError) as wrong:
        raise PartsWrong(most=rules.MOST_PARTS) from wrong


def withdraw_obligation(
    *, by: Actor, at: datetime, dispute_id: UUID, agreement_id: UUID, obligation_id: UUID
) -> None:
    """Take a clause out of a draft; of a sum in parts, all its parts. Signatures are noted anew.

    Raises:
        NoDraft, NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "obligation.withdraw", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        row = _steps.entry(Obligation, obligation_id, agreement=agreement)
        rows = Obligation.objects.filter(agreement=agreement, withdrawn_at=None)
        rows = rows.filter(series=row.series) if row.series else rows.filter(id=row.id)
        number = rows.update(withdrawn_at=at, carried_from=None)
        _sign_anew(agreement, at)
        facts = {"version": agreement.version, "rows": number}
        _steps.line(by, at, "obligation.withdraw", dispute, facts=facts)


# --- signing --------------------------------------------------------------------------------------------------------


def note_signature(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    agreement_id: UUID,
    part: str,
    mark: str = "signature",
    name: str = "",
    party_id: UUID | None = None,
    mediator_id: UUID | None = None,
    signer_id: UUID | None = None,
) -> Signer:
    """Note that somebody signs the paper, by signature or thumb mark. The same person again changes the mark.

    Raises:
        NoDraft, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "signature.note", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        known = _steps.again(Signer, signer_id, agreement=agreement)
        if known is not None:
            return known
        party = _steps.entry(Party, party_id, dispute=dispute) if party_id else None
        mediator = _steps.entry(Mediator, mediator_id, dispute=dispute) if mediator_id else None
        role = "party" if party else "mediator" if mediator else part
        own = party.spoken_by or party.name if party else mediator.name if mediator else ""
        signer = Signer(
            **_steps.written(by, at, signer_id),
            agreement=agreement,
            part=_steps.choice(role, words.PARTS, field="part"),
            party=party,
            mediator=mediator,
            name=_steps.words(name or own, field="name", most=150),
            mark=_steps.choice(mark, words.MARKS, field="mark"),
        )
        if party or mediator:
            before = Signer.objects.filter(
                agreement=agreement, party=party, mediator=mediator, withdrawn_at=None
            )
            before.update(withdrawn_at=at)
        signer.save(force_insert=True)
        facts = {"version": agreement.version, "part": signer.part, "mark": signer.mark}
        _steps.line(by, at, "signature.note", dispute, facts=facts, inputs={"name": signer.name})
    return signer


def withdraw_signature(
    *, by: Actor, at: datetime, dispute_id: UUID, agreement_id: UUID, signer_id: UUID
) -> None:
    """Take a noted signature back while the agreement is a draft.

    Raises:
        NoDraft, NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "signature.withdraw", dispute_id, DRAFTED_IN)
        agreement = _draft(dispute, agreement_id)
        signer = _steps.entry(Signer, signer_id, agreement=agreement)
        Signer.objects.filter(id=signer.id).update(withdrawn_at=at)
        _steps.line(by, at, "signature.withdraw", dispute, facts={"version": agreement.version})


def sign_agreement(
    *, by: Actor, at: datetime, dispute_id: UUID, agreement_id: UUID, signed_date: date | None = None
) -> Agreement:
    """The agreement is signed: its text is frozen with digest and signature of this office, and its obligations run.

    A version before is replaced; what was already paid on a clause that was carried over counts on.

    Raises:
        ClausesMissing, SignersMissing, SignedInFuture, NoDraft, NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "agreement.sign", dispute_id, moves.MOVES["agreement.sign"][0])
        agreement = _draft(dispute, agreement_id)
        day = signed_date or _steps.today(dispute, at)
        if day > _steps.today(dispute, at):
            raise SignedInFuture
        if not Obligation.objects.filter(agreement=agreement, withdrawn_at=None).exists():
            raise ClausesMissing
        lacking = agreement_queries.lacking_signers(agreement)
        if lacking:
            raise SignersMissing(who=", ".join(lacking))
        agreement.signed_date = day
        content = agreement_queries.content(agreement)
        agreement.content = minutes_rules.canonical(content)
        agreement.digest = minutes_rules.digest(agreement.content)
        agreement.signature = ring().sign(agreement.digest.encode()).hex()
        agreement.signed_at, agreement.signed_by, agreement.state = at, by.name[:150], "signed"
        agreement.save()
        if agreement.replaces_id:
            Agreement.objects.filter(id=agreement.replaces_id).update(state="replaced")
            _carry_payments(agreement)
        _steps.move(dispute, "agreed", at)
        facts = {"version": agreement.version, "digest": agreement.digest, "signed_date": day}
        _steps.line(by, at, "agreement.sign", dispute, facts=facts)
    return agreement


def _carry_payments(agreement: Agreement) -> None:
    """What was done on a clause of the old version counts for the row that carries it on, which is kept when nothing is left of it."""
    for row in Obligation.objects.filter(agreement=agreement, withdrawn_at=None).exclude(carried_from=None):
        Fulfilment.objects.filter(obligation=row.carried_from, withdrawn_at=None).update(obligation=row)
        done = Fulfilment.objects.filter(obligation=row, withdrawn_at=None).order_by("done_date")
        rows = list(done.values_list("amount", "done_date"))
        if rules.standing(row.amount, [amount for amount, _day in rows]).complete:
            Obligation.objects.filter(id=row.id).update(state="kept", kept_date=rows[-1][1])


def renew_agreement(
    *, by: Actor, at: datetime, dispute_id: UUID, because: str, agreement_id: UUID | None = None
) -> Agreement:
    """Draft a new version of the agreement in force, which itself is never changed: what is still open comes along as clauses.

    Raises:
        NothingSigned, DraftWaits, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "agreement.renew", dispute_id, DRAFTED_IN)
        known = _steps.again(Agreement, agreement_id, dispute=dispute)
        if known is not None:
            return known
        if Agreement.objects.filter(dispute=dispute, state="draft", withdrawn_at=None).exists():
            raise DraftWaits
        old = _steps.standing_agreement(dispute)
        if old is None:
            raise NothingSigned
        new = _new(by, at, dispute, agreement_id)
        new.replaces = old
        new.because = _steps.words(because, field="because", most=300, least=3)
        new.preamble, new.place, new.grace_days = old.preamble, old.place, old.grace_days
        new.save(force_insert=True)
        still = Obligation.objects.filter(agreement=old, withdrawn_at=None, state__in=("open", "broken"))
        for position, row in enumerate(still.order_by("position"), start=1):
            Obligation.objects.create(
                **_steps.written(by, at, None),
                agreement=new,
                position=position,
                what=row.what,
                owed_by_id=row.owed_by_id,
                owed_to_id=row.owed_to_id,
                amount=row.amount,
                due_date=row.due_date,
                part=row.part,
                parts=row.parts,
                series=row.series,
                carried_from=row,
            )
        facts = {"version": new.version, "replaces": old.version}
        _steps.line(by, at, "agreement.renew", dispute, facts=facts, inputs={"because": new.because})
    return new
