"""Conflict of interest of a mediator: what ties them to a party, and how sure that is.

Source: a mediator is neutral and says what could cast doubt on it (PERMA 1/2016 art. 1 and its code of conduct, secondary). Kin by blood
or marriage and one household are ties; an equal name is a question, never a proof.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


TIES: Mapping[str, str] = {
    "self": _("is a party to the dispute"),
    "household": _("lives in the same household as a party"),
    "family": _("stands on the same family card as a party"),
    "relation": _("is related to a party in the register"),
    "speaker": _("speaks for a party"),
    "declared": _("declared an interest"),
    "name": _("has the same name as a party: perhaps the same person"),
}
SURE = frozenset(TIES) - {"name"}
"""Ties that shut a mediator out unless every party knows of it and agrees."""
NEVER = frozenset({"self", "speaker"})
"""Ties that no agreement heals."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register and the form know of one person; "" and None where nothing is known."""

    key: UUID | None
    name_key: str
    household: UUID | None = None
    family: UUID | None = None
    speaker_key: str = ""
    related: frozenset[UUID] = field(default_factory=frozenset)


def found(mediator: Known, parties: Iterable[Known], declared: str = "") -> tuple[str, ...]:
    """Every tie between a mediator and the parties, in the order of ``TIES``; empty when there is none."""
    ties: set[str] = {"declared"} if declared.strip() else set()
    for party in parties:
        same = mediator.key is not None and mediator.key == party.key
        if same:
            ties.add("self")
        if not same and mediator.name_key and mediator.name_key == party.name_key:
            ties.add("name")
        if mediator.name_key and mediator.name_key == party.speaker_key:
            ties.add("speaker")
        if mediator.household is not None and mediator.household == party.household:
            ties.add("household")
        if mediator.family is not None and mediator.family == party.family:
            ties.add("family")
        if party.key is not None and party.key in mediator.related:
            ties.add("relation")
    return tuple(tie for tie in TIES if tie in ties)


def shuts_out(ties: Collection[str], *, parties_agree: bool) -> bool:
    """True when this person may not mediate: a sure tie that the parties did not accept, or one that nothing heals."""
    held = set(ties)
    return bool(held & NEVER) or (bool(held & SURE) and not parties_agree)
