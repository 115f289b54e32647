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
    "participant.enrol": _("put a person on the list of a posyandu"),
    "details.change": _("changed the head of a card"),
    "participant.move": _("took a card over to another posyandu"),
    "participant.advance": _("put a person on the form of the age"),
    "participant.close": _("closed a card"),
    "participant.reopen": _("opened a card again"),
    "examination.record": _("wrote down what was measured"),
    "examination.amend": _("added to what was measured"),
    "examination.choose": _("chose which of two entries counts"),
    "examination.withdraw": _("took an entry back"),
    "day.open": _("opened a posyandu day"),
    "day.change": _("changed a posyandu day"),
    "day.close": _("closed a posyandu day"),
    "day.reopen": _("opened a posyandu day again"),
    "participant.arrive": _("gave a number of the queue"),
    "step.finish": _("finished a step of the posyandu day"),
    "participant.leave": _("wrote down that somebody went home"),
    # 4 forms and visits at home
    # 5 growth
    # 6 rules
    # 7 findings, tasks, early marriage
    # 8 recaps
    # 9 exchange
    # 10 education and messages
}
