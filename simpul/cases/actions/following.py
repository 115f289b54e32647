"""What a resident does with their own matter: follow it, add to it, rate the answer, say that it is not solved.

Following needs the number and its PIN, or a 16-digit receipt. Unknown and wrong give the same sentence after the same work; wrong
tries are remembered even though the act refuses. Everything else needs the proof that following gave.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import afterwards, handling, steps
from simpul.cases.models import Answer, Case, FollowGuard, Note
from simpul.cases.queries import following as queries
from simpul.cases.queries import receipts as receipt_queries
from simpul.cases.queries import screening as screening_queries
from simpul.cases.rules import following as rules
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib import ids, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.lib.keys import ring

LONGEST_ADDITION = 5000
_KEEP_GUARDS = timedelta(days=1)


class FollowWrong(Refused):
    """The number does not exist, or the PIN is not its own: nobody learns which."""

    code = "case.follow_wrong"
    sentence = _(
        "The number and the PIN do not fit together. Check both on your receipt. "
        "After five wrong tries you have to wait 15 minutes."
    )
    field = "number"


class FollowLocked(Refused):
    """Too many wrong tries."""

    code = "case.follow_locked"
    sentence = _("Too many wrong tries. Please wait %(minutes)s minutes, or call us.")
    field = "number"


class CannotAdd(Refused):
    """The matter has ended."""

    code = "case.cannot_add"
    sentence = _(
        "This matter has ended, so nothing can be added. If it is not solved, say so, or report anew."
    )


class CannotRate(Refused):
    """No answer yet, or rated before."""

    code = "case.cannot_rate"
    sentence = _("You can rate once, after you have been answered.")
    field = "rating"


class RatingWrong(Refused):
    """One to five."""

    code = "case.rating_wrong"
    sentence = _("Choose a mark from 1 to 5.")
    field = "rating"


class CannotConfirm(Refused):
    """There is nothing to confirm."""

    code = "case.cannot_confirm"
    sentence = _("You can confirm once there is an answer, and only until the matter is closed.")


class CannotDispute(Refused):
    """The time to react is over."""

    code = "case.cannot_dispute"
    sentence = _(
        "The time to say so is over, or there is no answer yet. You can report anew and name this number."
    )


def follow_case(
    *, by: Actor, at: datetime, number_or_receipt: str, pin: str, address_hash: str, alone: bool = False
) -> queries.FollowedCase:
    """Show a matter to the person who holds its receipt.

    Args:
        number_or_receipt: a case number with its PIN, or a 16-digit receipt alone.
        address_hash: any text that stands for where the try comes from; only a keyed hash of it is kept.
        alone: the address is one person's, a telephone or a chat, and not a village's: five wrong tries lock it.

    Raises:
        FollowLocked: five wrong tries for this number, or twenty from this address (five when it is one person's).
        FollowWrong: unknown, wrong, or sealed since: the same for all.
    """
    roles.require(by, "case.follow")
    receipt = ids.parse_receipt16(number_or_receipt)
    number = (
        None
        if receipt
        else ids.parse_case_number(number_or_receipt, desk_queries.institution().number_prefix)
    )
    asked = receipt or str(number or text.search_key(number_or_receipt)[:64])
    guards = (
        (ring().blind_index(asked, "follow-number"), rules.TRIES, rules.WAIT),
        (ring().blind_index(address_hash, "follow-address"), *_address_limit(alone=alone)),
    )
    _refuse_locked([key for key, _tries, _window in guards], at)
    case = _proven(receipt, str(number or ""), ids.clean_pin(pin))
    with transaction.atomic():
        if case is None:
            for key, tries, window in guards:
                _count_wrong(key, at, tries, window)
        else:
            FollowGuard.objects.filter(key=guards[0][0]).delete()
            steps.journal(by, at, "case.follow", case)
    if case is None:  # after the commit: a refusal must not undo what it counted
        raise FollowWrong
    return queries.shown(case, at)


def _address_limit(*, alone: bool) -> tuple[int, timedelta]:
    return (rules.TRIES, rules.WAIT) if alone else (rules.ADDRESS_TRIES, rules.ADDRESS_WINDOW)


def _proven(receipt: str | None, number: str, pin: str) -> Case | None:
    """The case, when the proof is right. The same comparison is made once, whatever was typed."""
    rows = Case.objects.select_related(
        "kind", "holder", "acting", "incident", "merged_into", "merged_into__acting"
    )
    if receipt:
        case = rows.filter(receipt_index=receipt_queries.receipt_index(receipt)).first()
        receipt_queries.pin_fits(None, pin)
        return case
    case = rows.filter(number=number, receipt_index="").first()
    right = receipt_queries.pin_fits(case, pin)
    return case if case is not None and right and queries.is_open_to_owner(case) else None


def _refuse_locked(keys: list[str], at: datetime) -> None:
    found = FollowGuard.objects.filter(key__in=keys, locked_until__gt=at).values_list(
        "locked_until", flat=True
    )
    longest = max((moment for moment in found if moment), default=None)
    if longest is not None:
        raise FollowLocked(minutes=max(1, -(-int((longest - at).total_seconds()) // 60)))


def _count_wrong(key: str, at: datetime, tries: int, window: timedelta) -> None:
    FollowGuard.objects.filter(first_at__lt=at - _KEEP_GUARDS).delete()
    FollowGuard.objects.get_or_create(key=key, defaults={"first_at": at})
    row = FollowGuard.objects.select_for_update().get(key=key)
    guard = rules.after_wrong(
        rules.Guard(row.wrong, row.first_at, row.locked_until), at, tries=tries, window=window
    )
    FollowGuard.objects.filter(key=key).update(
        wrong=guard.wrong, first_at=guard.first_at, locked_until=guard.locked_until
    )


def add_case(
    *, by: Actor, at: datetime, proof: str, words: str, note_id: UUID | None = None
) -> queries.FollowedCase:
    """Add information to one's own matter, or reply to the desk's open question; its clocks run again then.

    The same ``note_id`` again changes nothing.

    Words that speak of danger flag the matter for the focal point, as they do at intake.

    Raises:
        NotFound: it is not the resident's matter.
        CannotAdd, WordsMissing.
    """
    with transaction.atomic():
        case = queries.own_case(proof, lock=True)
        roles.require(by, "case.add", access.place_of(case))
        if _added_before(case, note_id, words):
            return queries.followed(proof, at)
        if not rules.may_add(case.state):
            raise CannotAdd
        said = steps.words(text.clean_text(words), field="words", at_least=1, most=LONGEST_ADDITION)
        reply = case.state == moves.WAITING
        if reply:
            handling.record_answered_question(case, at, said, "web")
        else:
            Note.objects.create(
                id=note_id or uuid7(), case=case, text=said, by_name="", from_resident=True, at=at
            )
            steps.change(case, at)
        screen_again(case, at, said)
        steps.journal(by, at, "case.add", case, {"reply": reply}, {"text": said})
    return queries.followed(proof, at)


def _added_before(case: Case, note_id: UUID | None, words: str) -> bool:
    """Whether this was added before, as a note or as the reply to a question that was open then.

    Raises:
        NotFound: the key is another matter's.
    """
    if note_id is None:
        return False
    replied = case.questions.filter(reply=text.clean_text(words)).exclude(replied_at=None)
    return steps.again(Note, note_id, case) is not None or replied.exists()


def screen_again(case: Case, at: datetime, said: str) -> None:
    """Look at added words as at the first ones: a step shared with messages that are joined to a matter.

    The matter is flagged, not sealed: its owner would lose sight of it.
    """
    found = screening_queries.screen([said])
    if not found.flagged or case.sensitivity == "sealed":
        return
    steps.change(case, at, screening="flagged", screen_words=[*case.screen_words, *found.words][:20])
    desk = desk_queries.nearest("protected", case.region_code)
    if desk is not None:
        steps.tell_desk(case, desk, "desk_protected", at, once=f"added-{at:%y%m%d%H%M%S}")


def rate_case(*, by: Actor, at: datetime, proof: str, rating: int, words: str = "") -> queries.FollowedCase:
    """Rate the answer once, 1 to 5, with a few words if one likes.

    Raises:
        NotFound, CannotRate, RatingWrong.
    """
    with transaction.atomic():
        case = queries.own_case(proof, lock=True)
        roles.require(by, "case.rate", access.place_of(case))
        if not rules.may_rate(case.state, Answer.objects.filter(case=case).exists(), case.rating):
            raise CannotRate
        if isinstance(rating, bool) or rating not in (1, 2, 3, 4, 5):
            raise RatingWrong
        said = text.clean_text(words)[:2000]
        steps.change(case, at, rating=rating, rating_words=said, rated_at=at)
        steps.journal(by, at, "case.rate", case, {"rating": rating}, {"words": said})
    return queries.followed(proof, at)


def dispute_case(*, by: Actor, at: datetime, proof: str, words: str) -> queries.FollowedCase:
    """ "Not solved": the matter goes back to the desk that answered, on its old clock; reopening gives no extra time.

    Raises:
        NotFound, CannotDispute, WordsMissing.
    """
    with transaction.atomic():
        case = queries.own_case(proof, lock=True)
        roles.require(by, "case.dispute", access.place_of(case))
        if not rules.may_dispute(case.state, at, case.react_until_at, case.closed_at):
            raise CannotDispute
        said = steps.words(text.clean_text(words), field="words")
        afterwards.take_up_again(case, "case.dispute", at)
        Note.objects.create(case=case, text=said, by_name="", from_resident=True, at=at)
        steps.tell_desk(case, case.holder, "desk_new", at, once=f"dispute-{case.reopened}")
        steps.journal(by, at, "case.dispute", case, {"times": case.reopened}, {"words": said})
    return queries.followed(proof, at)


def confirm_case(*, by: Actor, at: datetime, proof: str) -> queries.FollowedCase:
    """ "Solved": the matter is closed before its reaction time is over. It is no mark: nobody's rating is made up.

    Raises:
        NotFound, CannotConfirm.
    """
    with transaction.atomic():
        case = queries.own_case(proof, lock=True)
        roles.require(by, "case.confirm", access.place_of(case))
        if not moves.allowed("case.confirm", case.state):
            raise CannotConfirm
        steps.move(case, "case.confirm", at, closed_at=at)
        steps.stop_clocks(case, "ended", at)
        steps.journal(by, at, "case.confirm", case, {"decision": case.decision})
    return queries.followed(proof, at)
