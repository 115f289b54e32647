"""Acts of the posyandu: institution, requests, days, cards, visits, findings, recaps; the fourth part of ``acts``."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


POSYANDU_ACTS: Mapping[str, str] = {
    # what reading needs
    "posyandu.read": _("looked at a posyandu"),
    "examination.read": _("looked at what was measured"),
    "participants.move": _("moved what a posyandu holds of a person to another row of the person"),
    "participants.blank": _("emptied what a posyandu holds of a person"),
    # 1 institution, cadres, training, kits
    # 2 requests of the six fields
    # 3 cards and days
    # 4 forms and visits at home
    # 5 growth
    # 6 rules
    # 7 findings, tasks, early marriage
    # 8 recaps
    # 9 exchange
    # 10 education and messages
}
