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
_INSTITUTION = (
    "posyandu.set_up",
    "posyandu.change",
    "posyandu.number",
    "posyandu.close",
    "decree.record",
    "decree.withdraw",
    "cadre.appoint",
    "cadre.change",
    "cadre.end",
)
_PILOTS = ("pilot.mark", "pilot.end")
_TRAINING = ("training.record", "assessment.record", "skillfact.withdraw")
_STOCK = (
    "stock.receive",
    "stock.issue",
    "stock.return",
    "stock.count",
    "stock.break",
    "stock.mend",
    "stock.write_off",
)
# 2 requests of the six fields
_REQUESTS = (
    "fieldrequest.take",
    "fieldrequest.join",
    "fieldrequest.mark",
    "fieldrequest.check",
    "fieldrequest.inspect",
    "fieldrequest.hand_over",
)
_REQUESTS_OF_THE_VILLAGE = (
    "fieldrequest.mark",
    "fieldrequest.inspect",
    "fieldrequest.verify",
    "fieldrequest.forward",
)
_REQUESTS_ENDED = ("fieldrequest.finish", "case.settle")
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
    "day.remove",
    "day.change",
    "day.close",
    "day.reopen",
    "participant.arrive",
    "step.finish",
    "participant.leave",
)
# 4 forms and visits at home
_VISITING = (
    "paperline.enter",
    "paperline.drop",
    "homevisit.record",
    "homevisit.withdraw",
    "homevisits.report",
)
# 5 growth
# 6 rules
_RULES = ("rulechoice.set", "rulechoice.end", "rerun.apply")
# 7 findings, tasks, early marriage
_FOLLOW_UP = (
    "finding.take_up",
    "finding.close",
    "finding.reopen",
    "task.add",
    "task.assign",
    "task.finish",
    "task.drop",
    "task.resume",
)
_ROUND = ("findings.sweep", "tasks.propose")
_MARRIAGE = (
    "marriages.look",
    "marriages.sweep",
    "marriage.plan",
    "marriagestep.add",
    "marriagestep.finish",
    "marriagestep.withdraw",
    "marriage.end",
    "marriage.withdraw",
    "marriage.resume",
    "dispensation.record",
    "dispensation.decide",
    "dispensation.withdraw",
)
"""Who accompanies children: no cadre, no head, no manager. A chair sees the own posyandu alone (``posyandu.access.marriage``)."""
# 8 recaps
_RECAPS = ("recap.close",)
# 9 exchange
_CONNECTING = ("connection.set", "connection.try", "shipments.prepare", "shipment.retry", "shipment.drop")
_TAKING_WEIGHINGS_IN = ("person.register", "participant.enrol", "examination.record")
"""What a list of weighings needs, which the worker takes in."""
# 10 education and messages
_SHOWING = ("medium.add", "medium.end", "showing.record", "showing.withdraw")

BY_PART: tuple[Row, ...] = (
    (CADRES, Scope.AREA, _NAMED),
    (("secretary", "head", "supervisor", "manager", "administrator"), Scope.AREA, _READING),
    (("manager", "coordinator"), Scope.AREA, ("participants.move",)),
    # 1 institution, cadres, training, kits
    (("coordinator", "secretary", "head", "manager"), Scope.AREA, _INSTITUTION),
    (("manager", "administrator"), Scope.AREA, _PILOTS),
    (("coordinator", "health_officer", "manager"), Scope.AREA, _TRAINING),
    (CADRES, Scope.AREA, _STOCK),
    # 2 requests of the six fields
    (CADRES, Scope.AREA, _REQUESTS),
    (("secretary", "head"), Scope.AREA, _REQUESTS_OF_THE_VILLAGE),
    (("coordinator", "secretary", "head"), Scope.AREA, _REQUESTS_ENDED),
    (("coordinator", "head"), Scope.AREA, ("fieldrequest.set_aside",)),
    (("head",), Scope.AREA, ("fieldrequest.release",)),
    # 3 cards and days
    (CADRES, Scope.AREA, (*_CARDS, *_DAYS)),
    # 4 forms and visits at home
    (CADRES, Scope.AREA, _VISITING),
    # 5 growth
    # 6 rules
    (("manager", "administrator"), Scope.AREA, _RULES),
    # 7 findings, tasks, early marriage
    (CADRES, Scope.AREA, _FOLLOW_UP),
    (("health_officer",), Scope.AREA, ("danger.end",)),
    (("coordinator", "health_officer"), Scope.AREA, _ROUND),
    (("coordinator", "health_officer", "focal_point"), Scope.AREA, _MARRIAGE),
    # 8 recaps
    (("coordinator", "health_officer"), Scope.AREA, _RECAPS),
    (("coordinator",), Scope.AREA, ("recap.reopen",)),
    # 9 exchange
    (("manager", "administrator"), Scope.AREA, _CONNECTING),
    (
        ("health_officer",),
        Scope.AREA,
        ("connection.try", "shipments.prepare", "shipment.retry", "shipment.drop"),
    ),
    (("health_officer",), Scope.AREA, ("export.record",)),
    (("health_officer",), Scope.AREA, ("batch.open", "batch.map", "batch.try", "batch.start", "batch.stop")),
    (("system",), Scope.ALL, ("shipment.send", *_TAKING_WEIGHINGS_IN)),
    # 10 education and messages
    (CADRES, Scope.AREA, _SHOWING),
    (("manager",), Scope.AREA, ("medium.add", "medium.end")),
    (("coordinator", "health_officer"), Scope.AREA, ("telling.set",)),
    (("system",), Scope.ALL, ("family.tell",)),
)
"""Roles, how widely, which acts: one row for each part of the posyandu."""
