"""Paper: what must be told in each hamlet, and what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.messages import access, rules
from simpul.messages.models import Message


@dataclass(frozen=True, slots=True)
class HamletList:
    """What must be told in one hamlet, oldest first."""

    region_code: str
    hamlet_name: str
    messages: tuple[Message, ...]


def hamlet_list(by: Actor, region_code: str = "") -> list[HamletList]:
    """What must be told on paper inside a region, by village and hamlet: printed or not, but not told yet.

    Sealed matters are on the focal point's list only, and even there without content.
    """
    found = (
        access.visible(by)
        .on_paper()
        .inside(region_code)
        .exclude(subject_kind="notice")  # told to a whole hamlet at once: queries.mass has the lists
        .order_by("region_code", "hamlet_name", "queued_at", "id")
    )
    groups = rules.by_hamlet(found)
    return [HamletList(code, hamlet, tuple(messages)) for (code, hamlet), messages in groups.items()]


def printable(by: Actor, message_ids: Iterable[UUID]) -> list[Message]:
    """The slips among these that the actor may see, in the order of the hamlet list: one batch for the printer."""
    found = access.visible(by).on_paper().filter(id__in=list(message_ids))
    return list(found.order_by("region_code", "hamlet_name", "queued_at", "id"))
