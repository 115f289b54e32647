"""People, programmes, referral: what each part of the house grants, one row a part. ``table`` adds these to the first grants."""

from __future__ import annotations

from simpul.roles.scopes import Scope

_REGISTER = (
    "household.open",
    "household.change",
    "household.join",
    "household.leave",
    "household.split",
    "house.change",
    "family.open",
    "family.change",
    "family.join",
    "profile.change",
    "birth.record",
    "death.record",
    "move.record",
    "arrival.record",
    "event.undo",
    "relation.add",
    "relation.end",
    "consent.give",
    "consent.withdraw",
)
_CHOOSING = (
    "conflict.settle",
    "contact.settle",
    "flag.set",
    "flag.end",
    "suspicion.settle",
    "household.settle",
    "household.part",
)
_IMPORTING = ("batch.open", "batch.map", "batch.try", "batch.start", "batch.stop")
_MERGING = (
    "persons.merge",
    "persons.unmerge",
    "persons.join",
    "persons.part",
    "matters.move",
    "messages.move",
    "benefits.move",
    "attendances.move",
    "letters.move",
    "checks.move",
    "community.move",
)
_CONSENT = ("consent.give", "consent.withdraw")
_TAKING_WISHES = ("request.open", "request.tell")
_GRANTING = (
    *_TAKING_WISHES,
    "request.propose",
    "dossier.prepare",
    "person.correct",
    "wish.restrict",
    "consents.withdraw",
    "person.restrict",
    "person.unrestrict",
    "hold.place",
    "destruction.propose",
    "breach.note",
    "breach.change",
    "affected.find",
    "affected.notify",
    "affected.tell",
)
_REVIEWING = (
    "request.review",
    "person.erase",
    "hold.lift",
    "destruction.approve",
    "destruction.refuse",
    "breach.close",
    "authority.tell",
    "authority.change",
)
_AUDITING = (
    "hold.place",
    "destruction.approve",
    "destruction.refuse",
    "breach.note",
    "authority.tell",
    "authority.change",
)
"""The data-protection officer watches: sees every register, may stop a destruction, reports failures; decides no matter's content."""

_REHABILITATION = (
    "plan.open",
    "plan.assess",
    "goal.add",
    "goal.end",
    "measure.add",
    "measure.change",
    "plan.begin",
    "appointment.make",
    "appointment.keep",
    "plan.refer",
    "plan.monitor",
    "plan.close",
    "plan.reopen",
)

_KIS_DOORS = (
    "door.record",
    "door.undo",
    "card.ask",
    "letters.note",
    "card.confirm",
    "card.complete",
    "case.settle",
)
_KIS_CHECKING = ("card.check", "card.revise", "card.pass", "card.verify", "card.propose")
_KIS_MINISTRY = ("card.chase", "card.grant", "card.deny", "card.reject")
_KIS_LIST = ("deactivation.load", "cards.list", "cards.match", "card.match", "cards.assign")
_WALKING = (
    "visit.record",
    "visit.withdraw",
    "verification.take",
    "verification.update",
    "verification.submit",
)
_OVERSEEING = (
    "households.assign",
    "assignment.withdraw",
    "visit.record",
    "visit.withdraw",
    "verifications.open",
    "verifications.publish",
    "verification.approve",
    "verification.return",
    "sample.draw",
    "sample.review",
)
_MEETING = (
    "meeting.plan",
    "meeting.change",
    "meeting.hold",
    "meeting.withdraw",
    "attendance.add",
    "attendance.mark",
    "attendance.count",
    "item.add",
    "items.add",
    "item.decide",
    "items.decide",
    "objection.record",
    "objection.answer",
    "minutes.write",
    "entry.withdraw",
)
_CONCLUDING = ("meeting.close", "meeting.renew", "package.make")

_PASSING = ("case.pass_on", "consent.give")
_DRAFTING = ("decision.propose",)
_DIRECTORY = ("service.add", "service.change", "service.end", "services.load")

_BENEFITS = ("benefit.record", "benefit.end")
"""Writing down what people receive, with where it is known from."""
_RULES = ("programmes.load", "programme.add", "rule.add", "rule.end")

_TRIPS = (
    "trip.plan",
    "trip.change",
    "trip.check",
    "trip.start",
    "trip.return",
    "trip.close",
    "trip.call_off",
    "stop.add",
    "stop.change",
    "stop.drop",
    "stops.order",
    "member.add",
    "member.drop",
    "doors.list",
    "door.unlist",
    "carry.add",
    "carry.drop",
    "leg.set",
    "leg.drop",
)
_ON_A_TRIP = (
    "stop.arrive",
    "stop.open",
    "stop.close",
    "door.explain",
    "carry.check",
    "socialisation.record",
    "socialisation.withdraw",
    "guest.sign",
    "guest.withdraw",
    "matter.tie",
    "promise.record",
    "promise.keep",
    "accompaniment.open",
    "accompaniment.record",
    "accompaniment.end",
)

_ON_PAPER = ("sheet.print", "row.enter", "row.skip", "sheet.photograph", "sheet.finish", "sheet.void")

_HANDING_OUT = ("delivery.record", "delivery.correct", "proof.attach", "goods.return", "handover.make")
_LISTING = ("entries.list", "entry.change", "entry.strike")
_STORING = (
    "round.open",
    "round.change",
    "goods.add",
    "goods.change",
    "goods.receive",
    "goods.allot",
    "goods.write_off",
    "goods.correct",
)
_CONCLUDING_ROUNDS = ("round.close", "round.reopen", "double.settle")

_DEVICES = (
    "device.invite",
    "invitation.withdraw",
    "device.revoke",
    "scope.change",
)
_REPAIRING = ("event.settle", "question.settle")
"""Deciding about entries of phones that were put aside, and about what two phones said differently."""

_BUNDLES = ("bundle.import", "bundle.export")
"""Taking in what a stick or a text brings, and writing what goes back the same road: sealed, so nobody reads more by it."""

Row = tuple[tuple[str, ...], Scope, tuple[str, ...]]
BY_PART: tuple[Row, ...] = (
    (("facilitator", "front_office", "back_office", "post_officer", "cadre"), Scope.AREA, _REGISTER),
    (("supervisor", "coordinator", "manager"), Scope.AREA, (*_REGISTER, *_CHOOSING)),
    (("coordinator", "manager", "back_office", "supervisor"), Scope.AREA, _IMPORTING),
    (("manager", "coordinator"), Scope.AREA, _MERGING),
    (("supervisor", "coordinator", "manager"), Scope.AREA, ("duplicates.find",)),
    (("administrator",), Scope.ALL, ("keys.build", "numbers.reserve", "numbers.return")),
    (("facilitator",), Scope.AREA, _WALKING),
    (("supervisor", "coordinator", "manager"), Scope.AREA, _OVERSEEING),
    (("post_officer", "coordinator", "facilitator"), Scope.AREA, _MEETING),
    (("post_officer", "coordinator"), Scope.AREA, _CONCLUDING),
    (("manager", "supervisor"), Scope.AREA, ("package.make",)),
    (("coordinator", "manager"), Scope.AREA, ("package.make_full",)),
    (
        ("facilitator", "front_office", "back_office", "coordinator", "supervisor", "manager"),
        Scope.AREA,
        _KIS_DOORS,
    ),
    (("back_office", "coordinator"), Scope.AREA, (*_KIS_CHECKING, *_KIS_MINISTRY, *_KIS_LIST)),
    (("supervisor",), Scope.AREA, _KIS_LIST),
    (
        ("manager",),
        Scope.AREA,
        (*_KIS_LIST, *_KIS_MINISTRY, "card.approve", "card.propose", "rule.adopt", "rule.drop"),
    ),
    (("head",), Scope.AREA, ("card.approve", "card.reject", "case.settle")),
    (("facilitator", "back_office", "coordinator", "manager", "focal_point"), Scope.AREA, _REHABILITATION),
    (("coordinator", "manager"), Scope.AREA, ("plan.assign",)),
    (("agency", "pokja", "centre_admin", "focal_point"), Scope.AREA, _CONSENT),
    (
        ("facilitator", "front_office", "back_office", "post_officer", "agency", "focal_point", "supervisor"),
        Scope.AREA,
        _TAKING_WISHES,
    ),
    (("back_office", "coordinator", "manager", "supervisor"), Scope.AREA, _GRANTING),
    (("manager", "coordinator", "head"), Scope.AREA, _REVIEWING),
    (("protection_officer",), Scope.ALL, _AUDITING),
    (
        (
            "facilitator",
            "front_office",
            "back_office",
            "coordinator",
            "supervisor",
            "manager",
            "agency",
            "head",
            "pokja",
        ),
        Scope.HAND,
        _PASSING,
    ),
    (("centre_admin", "approver", "post_officer"), Scope.HAND, _PASSING),
    (("focal_point",), Scope.AREA, _PASSING),
    (("manager", "focal_point"), Scope.AREA, ("consent.override",)),
    (("coordinator", "head"), Scope.HAND, ("consent.override",)),
    (("back_office", "coordinator", "agency", "pokja", "centre_admin"), Scope.HAND, _DRAFTING),
    (("manager",), Scope.AREA, ("decision.check", "decision.return")),
    (("coordinator", "approver"), Scope.HAND, ("decision.check", "decision.return")),
    (("head",), Scope.CHAIN, ("decision.initial", "decision.sign", "decision.return")),
    (("administrator",), Scope.ALL, _DIRECTORY),
    (("facilitator", "front_office", "back_office", "post_officer"), Scope.AREA, _BENEFITS),
    (
        ("supervisor", "coordinator", "manager"),
        Scope.AREA,
        (*_BENEFITS, "verdict.decide", "screening.start"),
    ),
    (("administrator",), Scope.ALL, _RULES),
    (
        ("facilitator", "post_officer", "coordinator", "supervisor", "manager"),
        Scope.AREA,
        (*_TRIPS, *_ON_A_TRIP, *_ON_PAPER),
    ),
    (("coordinator", "supervisor", "manager"), Scope.AREA, ("trip.clear", "check.set", "region.place")),
    (("administrator",), Scope.ALL, ("region.place",)),
    (("supervisor", "coordinator", "manager"), Scope.AREA, (*_DEVICES, *_REPAIRING)),
    (("administrator",), Scope.ALL, _DEVICES),
    (("facilitator",), Scope.AREA, _HANDING_OUT),
    (("post_officer",), Scope.AREA, (*_HANDING_OUT, *_LISTING)),
    (("back_office",), Scope.AREA, (*_HANDING_OUT, *_LISTING, *_STORING)),
    (
        ("coordinator", "supervisor", "manager"),
        Scope.AREA,
        (*_HANDING_OUT, *_LISTING, *_STORING, *_CONCLUDING_ROUNDS),
    ),
    (
        (
            "facilitator",
            "front_office",
            "back_office",
            "post_officer",
            "coordinator",
            "supervisor",
            "manager",
        ),
        Scope.AREA,
        _BUNDLES,
    ),
    (("administrator",), Scope.ALL, (*_BUNDLES, "parent.retry")),
)
"""Roles, how widely, which acts: one row for each part of the house."""
