"""The posyandu: what each part of it grants, one row a part. ``table`` adds these to the grants of ``parts``."""

from __future__ import annotations

from simpul.roles.scopes import Scope

Row = tuple[tuple[str, ...], Scope, tuple[str, ...]]

CADRES = ("cadre", "coordinator", "health_officer")
"""Who works with named people: cadres, the chair of a posyandu (coordinator), midwives and nurses of the Puskesmas."""

# what reading needs
_READING = ("posyandu.read",)
_NAMED = ("posyandu.read", "examination.read")
# 1 institution, cadres, training, kits
# 2 requests of the six fields
# 3 cards and days
_CARDS = (
    "participant.enrol",
    "details.change",
    "participant.move",
    "participant.advance",
    "participant.close",
    "participant.reopen",
    "examination.record",
    "examination.amend",
    "examination.choose",
    "examination.withdraw",
)
_DAYS = (
    "day.open",
    "day.change",
    "day.close",
    "day.reopen",
    "participant.arrive",
    "step.finish",
    "participant.leave",
)
# 4 forms and visits at home
# 5 growth
# 6 rules
# 7 findings, tasks, early marriage
# 8 recaps
# 9 exchange
# 10 education and messages

BY_PART: tuple[Row, ...] = (
    (CADRES, Scope.AREA, _NAMED),
    (("secretary", "head", "supervisor", "manager", "administrator"), Scope.AREA, _READING),
    (("manager", "coordinator"), Scope.AREA, ("participants.move",)),
    # 1 institution, cadres, training, kits
    # 2 requests of the six fields
    # 3 cards and days
    (CADRES, Scope.AREA, (*_CARDS, *_DAYS)),
    # 4 forms and visits at home
    # 5 growth
    # 6 rules
    # 7 findings, tasks, early marriage
    # 8 recaps
    # 9 exchange
    # 10 education and messages
)
"""Roles, how widely, which acts: one row for each part of the posyandu."""
