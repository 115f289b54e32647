"""In whose name somebody acts on a letter: the head's own, or by a mandate. Steps of the acts that decide, not acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul.letters.actions import _letters as steps
from simpul.letters.models import Letter, Mandate, Office
from simpul.letters.rules import flow
from simpul.letters.rules import mandates as rules
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class MandateMissing(Refused):
    """Only the head signs, or who has a mandate."""

    code = "letter.mandate_missing"
    sentence = _(
        "Only the village head, or an officer with a mandate for it, approves and releases letters. This one waits in the head's list."
    )


class MandateOver(Refused):
    """Its dates are past."""

    code = "letter.mandate_over"
    sentence = _(
        "Your mandate %(number)s lasted until %(day)s. Ask the village head for a new one, or let the head release this letter."
    )


class MandateEarly(Refused):
    """Its dates lie ahead."""

    code = "letter.mandate_early"
    sentence = _(
        "Your mandate %(number)s begins on %(day)s. Until then the village head releases this letter."
    )


class MandateEnded(Refused):
    """It was taken back."""

    code = "letter.mandate_ended"
    sentence = _("Your mandate %(number)s was ended. The village head releases this letter.")


class MandateOtherType(Refused):
    """It is for other kinds of letter."""

    code = "letter.mandate_other_type"
    sentence = _("Your mandate %(number)s is not for this kind of letter. The village head releases it.")


class MandateOtherAct(Refused):
    """It is for other acts."""

    code = "letter.mandate_other_act"
    sentence = _(
        "Your mandate %(number)s lets you receive or draft, not release. The village head releases this letter."
    )


class OwnWork(Refused):
    """Four eyes."""

    code = "letter.own_work"
    sentence = _(
        "You wrote this letter yourself, so somebody else has to look at it. Ask the secretary or the village head."
    )


class CheckMissing(Refused):
    """The secretary looks first."""

    code = "letter.check_missing"
    sentence = _(
        "In this village the secretary checks a letter before it is approved. It waits for the secretary."
    )


_FAULTS: dict[str, type[Refused]] = {
    "none": MandateMissing,
    "ended": MandateEnded,
    "early": MandateEarly,
    "late": MandateOver,
    "type": MandateOtherType,
    "act": MandateOtherAct,
}


NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Authority:
    """``own``: the head's own; ``an``: atas nama, by this mandate."""

    how: str
    mandate: Mandate | None = None

    @property
    def head(self) -> bool:
        """Whether the head acts himself."""
        return self.how == "own"


def demand(by: Actor, region_code: str, type_code: str, day: date) -> Authority:
    """By what right somebody approves or releases a letter of this kind on this day.

    Raises:
        MandateMissing, MandateOver, MandateEarly, MandateEnded, MandateOtherType, MandateOtherAct.
    """
    if steps.is_head(by, region_code):
        return Authority("own")
    rows = {
        str(one.id): one
        for one in Mandate.objects.filter(region_code=region_code, seat_id=by.seat_id or NOBODY)
    }
    verdict = rules.judge((_held(one) for one in rows.values()), "release", type_code, day)
    found = rows[verdict.held.key] if verdict.held is not None else None
    if verdict and found is not None:
        return Authority("an", found)
    if found is None:
        raise MandateMissing
    shown = found.from_date if verdict.fault == "early" else found.to_date
    raise _FAULTS[verdict.fault](
        number=found.decision_number, day=when.format_date(shown, (get_language() or "id")[:2])
    )


def still_signs(letter: Letter, day: date) -> bool:
    """Whether who approved a letter may stand under it on its day: the head, or a mandate that carries this kind then."""
    if letter.mandate is None:
        return True
    return not rules.fault_of(_held(letter.mandate), "release", letter.type.code, day)


def right_of(by: Actor, letter: Letter, day: date) -> Authority | None:
    """The same without a refusal: None when there is no right. For pages that show what may be done, and for checking."""
    try:
        return demand(by, letter.region_code, letter.type.code, day)
    except Refused:
        return None


def look_with_other_eyes(by: Actor, letter: Letter, office: Office, right: Authority | None) -> None:
    """Nobody but the head looks only at his own work, unless the village lets a delegate work alone.

    Raises:
        OwnWork.
    """
    alone = office.alone and right is not None
    head = right is not None and right.head
    writers = [letter.drafted_by_id, letter.checked_by_id]
    if flow.sees_own_work(writers=writers, user=by.user_id, head=head, alone=alone):
        raise OwnWork


def _held(one: Mandate) -> rules.Held:
    return rules.Held(str(one.id), one.acts, one.types, one.from_date, one.to_date, one.ended_at is not None)
