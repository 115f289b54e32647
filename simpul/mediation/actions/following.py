"""After signing: what was done of each obligation, what was waived, what was broken, who is reminded."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.lib import text, when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.mediation.actions import _steps
from simpul.mediation.models import Dispute, Evidence, Fulfilment, Obligation
from simpul.mediation.queries import matters
from simpul.mediation.rules import moves
from simpul.mediation.rules import obligations as rules
from simpul.messages import actions as message_actions

FOLLOWED_IN = frozenset({"agreed", "broken", "kept"})


class NotOwed(Refused):
    """Waiving or breaking wants an obligation that is open."""

    code = "obligation.not_owed"
    sentence = _("This obligation is not open any more. Look at the list again.")


class GraceRuns(Refused):
    """A breach is declared after the day and the grace."""

    code = "obligation.grace_runs"
    sentence = _(
        "It can be declared broken from %(day)s on: the grace of %(days)s days that was agreed on still runs."
    )


class AmountMissing(Refused):
    """Money is paid in rupiah."""

    code = "fulfilment.amount_missing"
    sentence = _("Enter how much was paid, in whole rupiah above nought.")
    field = "amount"


def record_fulfilment(
    *,
    by: Actor,
    at: datetime,
    dispute_id: UUID,
    obligation_id: UUID,
    done_date: date,
    amount: int | None = None,
    said: str = "",
    evidence_id: UUID | None = None,
    fulfilment_id: UUID | None = None,
) -> Fulfilment:
    """Write down a payment or a deed. Parts add up, never above what is owed; what was brought beyond that is noted beside it.

    It is a fact: it counts also for an obligation that was declared broken, which is kept by it. When nothing is left of any
    obligation, the dispute is settled and kept, and its matter is answered.

    Raises:
        AmountMissing, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "fulfilment.record", dispute_id, FOLLOWED_IN)
        known = _steps.again(Fulfilment, fulfilment_id, obligation__agreement__dispute=dispute)
        if known is not None:
            return known
        row = _signed(dispute, obligation_id)
        if row.amount is not None and (amount is None or amount <= 0):
            raise AmountMissing
        before = rules.standing(row.amount, _counted(row)).done
        counts = rules.counted(row.amount, before, amount)
        fulfilment = Fulfilment.objects.create(
            **_steps.written(by, at, fulfilment_id),
            obligation=row,
            amount=counts,
            brought=amount if row.amount is not None and amount != counts else None,
            done_date=done_date,
            words=text.clean_line(said)[:300],
            evidence=_steps.entry(Evidence, evidence_id, dispute=dispute) if evidence_id else None,
        )
        _stand(row, done_date)
        settled = _conclude(by, at, dispute)
        facts = {
            "obligation": str(row.id),
            "amount": counts,
            "over": bool(fulfilment.brought),
            "state": row.state,
            "settled": settled,
        }
        _steps.line(by, at, "fulfilment.record", dispute, facts=facts, inputs={"said": fulfilment.words})
    return fulfilment


def withdraw_fulfilment(*, by: Actor, at: datetime, dispute_id: UUID, fulfilment_id: UUID) -> None:
    """Take a payment or deed back that was written down by mistake: the obligation is owed again.

    Raises:
        NotFound, and _steps' DisputeEnded.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "fulfilment.withdraw", dispute_id, FOLLOWED_IN)
        done = _steps.entry(Fulfilment, fulfilment_id, obligation__agreement__dispute=dispute)
        row = _signed(dispute, done.obligation_id)
        Fulfilment.objects.filter(id=done.id).update(withdrawn_at=at)
        _stand(row, done.done_date)
        owed_again = row.state != "kept" and dispute.state == "kept"
        if owed_again or (row.state == "broken" and dispute.state == "agreed"):
            _steps.move(dispute, "broken" if row.state == "broken" else "agreed", at)
        else:
            _steps.refresh(dispute)
        facts = {"obligation": str(row.id), "state": row.state}
        _steps.line(by, at, "fulfilment.withdraw", dispute, facts=facts)


def waive_obligation(*, by: Actor, at: datetime, dispute_id: UUID, obligation_id: UUID, why: str) -> None:
    """The other party lets an obligation go. With the last one the dispute is settled.

    Raises:
        NotOwed, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "obligation.waive", dispute_id, moves.MOVES["obligation.waive"][0])
        row = _signed(dispute, obligation_id)
        if row.state not in ("open", "broken"):
            raise NotOwed
        row.state, row.waived_at = "waived", at
        row.waived_why = _steps.words(why, field="why", most=300, least=3)
        row.save()
        settled = _conclude(by, at, dispute)
        facts = {"obligation": str(row.id), "settled": settled}
        _steps.line(by, at, "obligation.waive", dispute, facts=facts, inputs={"why": row.waived_why})


def break_obligation(
    *, by: Actor, at: datetime, dispute_id: UUID, obligation_id: UUID, why: str, follows: str
) -> None:
    """Declare an obligation broken, after the day it was due and the grace that was agreed on; and say what follows.

    Raises:
        GraceRuns, NotOwed, NotFound, and _steps' refusals.
    """
    with transaction.atomic():
        dispute = _steps.begin(by, "obligation.break", dispute_id, frozenset({"agreed", "broken"}))
        row = _signed(dispute, obligation_id)
        if row.state != "open":
            raise NotOwed
        grace = row.agreement.grace_days
        if not rules.may_break(row.due_date, grace, _steps.today(dispute, at)):
            first = date.fromordinal(row.due_date.toordinal() + grace + 1)
            raise GraceRuns(day=when.format_date(first), days=grace)
        row.state, row.broken_at = "broken", at
        row.broken_why = _steps.words(why, field="why", most=300, least=3)
        row.follows = _steps.words(follows, field="follows", most=300, least=3)
        row.save()
        _steps.move(dispute, "broken", at)
        facts = {"obligation": str(row.id), "due_date": row.due_date}
        inputs = {"why": row.broken_why, "follows": row.follows}
        _steps.line(by, at, "obligation.break", dispute, facts=facts, inputs=inputs)


def remind_obligation(*, by: Actor, at: datetime, obligation_id: UUID) -> bool:
    """Remind the one who owes, by the road that is safe for them, without a word of what it is about; once before the day, once after it.

    True when there was somebody to remind who can be reached.

    Raises:
        NotFound: it is not owed any more.
    """
    with transaction.atomic():
        row = (
            Obligation.objects.select_related("owed_by", "agreement__dispute")
            .filter(id=obligation_id)
            .first()
        )
        if row is None or row.state != "open" or row.agreement.state != "signed" or row.withdrawn_at:
            raise NotFound
        dispute = _steps.begin(by, "obligation.remind", row.agreement.dispute_id)
        late = rules.is_late(row.due_date, _steps.today(dispute, at))
        message = None
        if row.owed_by.person_id is not None:
            message = message_actions.queue_message(
                by=by,
                at=at,
                subject_kind="case",
                subject_id=dispute.case_id,
                once_key=f"{row.id}:obligation_due:{'late' if late else 'soon'}",
                text_key="obligation_due",
                values={"number": dispute.number, "due": when.format_short_date(row.due_date)},
                person_id=row.owed_by.person_id,
                region_code=dispute.region_code,
                sensitive=True,
            )
        Obligation.objects.filter(id=row.id).update(warned_at=at)
        facts = {"obligation": str(row.id), "late": late, "told": message is not None}
        _steps.line(by, at, "obligation.remind", dispute, facts=facts)
    return message is not None


def _signed(dispute: Dispute, obligation_id: UUID) -> Obligation:
    row = Obligation.objects.select_related("agreement", "owed_by").filter(
        id=obligation_id, agreement__dispute=dispute, agreement__state="signed", withdrawn_at=None
    )
    found = row.first()
    if found is None:
        raise NotFound
    return found


def _counted(row: Obligation) -> list[int | None]:
    return list(Fulfilment.objects.filter(obligation=row, withdrawn_at=None).values_list("amount", flat=True))


def _stand(row: Obligation, day: date) -> None:
    """Bring the state of an obligation in line with what was done of it. A waiver stays one."""
    complete = rules.standing(row.amount, _counted(row)).complete
    if row.state == "waived":
        return
    open_state = "broken" if row.broken_at else "open"
    row.state, row.kept_date = ("kept", day) if complete else (open_state, None)
    row.save(update_fields=["state", "kept_date"])


def _conclude(by: Actor, at: datetime, dispute: Dispute) -> bool:
    """Settle the dispute when nothing is owed any more; when only broken ones were caught up, it goes on as agreed."""
    left = set(
        Obligation.objects.filter(
            agreement__dispute=dispute,
            agreement__state="signed",
            withdrawn_at=None,
            state__in=("open", "broken"),
        ).values_list("state", flat=True)
    )
    if dispute.state == "kept":
        return False
    if not left:
        dispute.case = matters.matter(dispute.case_id)
        _steps.move(dispute, "kept", at)
        _steps.answer_matter(by, at, dispute, "settled")
        return True
    if dispute.state == "broken" and "broken" not in left:
        _steps.move(dispute, "agreed", at)
    else:
        _steps.refresh(dispute)
    return False
