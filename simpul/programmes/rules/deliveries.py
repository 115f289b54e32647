"""What a delivery is worth as proof, what is odd about it, and when two of them may be one too many.

Nothing here refuses a delivery: it happened. What does not fit is a flag or a task for a person (facts are united, never overwritten).
Source: practice of bansos accounting (berita acara, tanda terima, dokumentasi; secondary), configurable nowhere yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


OUTCOMES: Mapping[str, str] = {
    "delivered": _("handed over"),
    "refused": _("would not take it"),
    "absent": _("nobody at home"),
    "dead": _("the person has died"),
    "moved": _("moved away"),
    "not_found": _("not found"),
}
RECEIVERS: Mapping[str, str] = {
    "self": _("the person themselves"),
    "family": _("somebody of the family"),
    "proxy": _("somebody else with authority"),
}
PROOFS: Mapping[str, str] = {
    "signature": _("signature"),
    "thumb_photo": _("photo of the thumb print"),
    "goods_photo": _("photo with the goods"),
    "witness": _("witness"),
    "paper": _("receipt on paper"),
}
FLAGS: Mapping[str, str] = {
    "not_listed": _("not on the list"),
    "struck_off": _("struck off the list"),
    "more_than_due": _("more than the list says"),
    "beyond_allotment": _("more than was handed out to this team"),
    "outside_period": _("outside the period of the round"),
    "after_close": _("arrived after the round was closed"),
    "no_proof": _("no sufficient proof"),
    "no_authority": _("no authority of the proxy"),
    "clock_ahead": _("the time lies in the future"),
    "moved_area": _("the household belongs to another area now"),
    "possible_double": _("perhaps given twice"),
}
DECISIONS: Mapping[str, str] = {
    "both_right": _("both are right"),
    "one_wrong": _("one was written down wrongly"),
    "returned": _("one was brought back"),
}
SKEW = timedelta(minutes=10)
"""How far a device's clock may go ahead before it is mentioned."""


def missing_proof(
    outcome: str,
    *,
    receiver: str = "",
    proofs: Collection[str] = (),
    witness: str = "",
    authority: str = "",
    words: str = "",
) -> tuple[str, ...]:
    """Flags for proof that is missing.

    Delivered: a signature, a thumb print, a paper receipt, or a photo with the goods together with a named witness. A proxy needs words of
    their authority too. Refused, dead, moved: a named witness or words. Nobody at home and not found prove themselves by another visit.
    """
    held = frozenset(proofs)
    witnessed = bool(witness.strip())
    if outcome == "delivered":
        signed = not held.isdisjoint({"signature", "thumb_photo", "paper"})
        enough = signed or ("goods_photo" in held and witnessed)
        empowered = receiver != "proxy" or bool(authority.strip())
        return (*(() if enough else ("no_proof",)), *(() if empowered else ("no_authority",)))
    if outcome in ("refused", "dead", "moved") and not (witnessed or words.strip()):
        return ("no_proof",)
    return ()


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a delivery at the moment it is written down."""

    starts_date: date
    ends_date: date
    is_closed: bool
    on_date: date  # the day of the delivery, at the place
    delivered_at: datetime
    recorded_at: datetime
    is_listed: bool
    is_struck_off: bool
    is_in_area: bool
    due: Mapping[UUID, Decimal]  # by item; what the unit should get
    given_before: Mapping[UUID, Decimal]  # by item, to the same unit
    left: Mapping[UUID, Decimal]  # by item; what the hands it came from had left


def flags(outcome: str, lines: Mapping[UUID, Decimal], around: Around) -> tuple[str, ...]:
    """What is odd about a delivery, beside its proof and doubles."""
    found = []
    gave = outcome == "delivered"
    if gave and not around.is_listed:
        found.append("struck_off" if around.is_struck_off else "not_listed")
    if gave and around.is_listed and _above(lines, around.due, around.given_before):
        found.append("more_than_due")
    if gave and any(amount > around.left.get(item, Decimal(0)) for item, amount in lines.items()):
        found.append("beyond_allotment")
    if not around.starts_date <= around.on_date <= around.ends_date:
        found.append("outside_period")
    if around.is_closed:
        found.append("after_close")
    if around.delivered_at > around.recorded_at + SKEW:
        found.append("clock_ahead")
    if not around.is_in_area:
        found.append("moved_area")
    return tuple(found)


def _above(
    lines: Mapping[UUID, Decimal], due: Mapping[UUID, Decimal], before: Mapping[UUID, Decimal]
) -> bool:
    return any(
        amount + before.get(item, Decimal(0)) > due.get(item, Decimal(0)) for item, amount in lines.items()
    )


@dataclass(frozen=True, slots=True)
class Given:
    """A delivery as the search for doubles sees it. ``due`` is what its unit should get of each item."""

    key: UUID
    household: UUID | None
    person: UUID | None
    families: frozenset[UUID] = frozenset()
    lines: Mapping[UUID, Decimal] = field(default_factory=dict)
    due: Mapping[UUID, Decimal] = field(default_factory=dict)


def is_double(new: Given, old: Given) -> str:
    """Why two deliveries that stand may be one too many: "person", "household", "family", or "" when they are not.

    They must share an item, and together give more of it than one unit should get: rice in two halves is no double. Two persons of one
    household who each got their own (an old-age allowance) are none either.
    """
    reason = _same(new, old)
    if not reason or new.key == old.key:
        return ""
    shared = new.lines.keys() & old.lines.keys()
    over = [
        item
        for item in shared
        if new.lines[item] + old.lines[item]
        > max(new.due.get(item, Decimal(0)), old.due.get(item, Decimal(0)))
    ]
    return reason if over else ""


def _same(new: Given, old: Given) -> str:
    if new.person is not None and new.person == old.person:
        return "person"
    if new.person is not None and old.person is not None:
        return ""
    if new.household is not None and new.household == old.household:
        return "household"
    return "family" if new.families & old.families else ""


def doubles(new: Given, others: Iterable[Given]) -> list[tuple[UUID, str]]:
    """The deliveries with which ``new`` may be one too many, and why."""
    return [(one.key, reason) for one in others if (reason := is_double(new, one))]


def known(values: Iterable[str], table: Mapping[str, str]) -> Sequence[str]:
    """The values of a closed list, in its order and each once."""
    given = frozenset(values)
    return [one for one in table if one in given]
