"""Which roles exist, and which role may do which act how widely. What a role does not list is denied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simpul.lib.actor import PUBLIC, SYSTEM
from simpul.roles.acts import ACTS
from simpul.roles.parts import BY_PART
from simpul.roles.parts_posyandu import BY_PART as BY_POSYANDU_PART
from simpul.roles.parts_village import BY_PART as BY_VILLAGE_PART
from simpul.roles.scopes import Role, Scope


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


ROLES: Mapping[str, Role] = {
    PUBLIC: Role(_("Resident")),
    SYSTEM: Role(_("The system")),
    "partner": Role(_("Partner institution"), strong=True),
    "facilitator": Role(_("Facilitator")),
    "supervisor": Role(_("Supervisor"), strong=True),
    "front_office": Role(_("Front office")),
    "back_office": Role(_("Back office")),
    "coordinator": Role(_("Puskesos coordinator")),
    "manager": Role(_("Manager"), strong=True),
    "agency": Role(_("Agency officer")),
    "head": Role(_("Head who signs"), strong=True),
    "centre_admin": Role(_("Call-centre admin")),
    "pokja": Role(_("Working group")),
    "approver": Role(_("Approver")),
    "focal_point": Role(_("Focal point for protected matters"), strong=True),
    "custodian": Role(_("Identity custodian"), strong=True),
    "post_officer": Role(_("Post officer")),
    "secretary": Role(_("Village secretary"), strong=True),
    "election_supervisor": Role(_("Election supervisor"), strong=True),
    "cadre": Role(_("Cadre")),
    "health_officer": Role(_("Health officer"), strong=True),
    "administrator": Role(_("Administrator"), strong=True),
    "protection_officer": Role(_("Data-protection officer"), strong=True),
}

AT_DESK: Mapping[tuple[str, str], str] = {("coordinator", "posyandu"): _("Chair of the posyandu")}
"""What a role is called at desks of one kind, where the work is the same and the word is another."""

_INTAKE = (
    "case.open",
    "visit.open",
    "stack.open",
    "stack.close",
    "sheet.enter",
    "sheet.undo",
    "person.register",
    "person.change",
    "contact.add",
    "contact.change",
    "case.attach",
    "case.note",
)
_HANDLING = (
    "case.claim",
    "case.release",
    "case.accept",
    "case.decline",
    "case.return",
    "case.refer",
    "case.recall",
    "referral.answer",
    "reply.record",
    "question.ask",
    "question.reply",
    "case.link",
    "case.unlink",
    "case.note",
    "case.attach",
    "case.draft",
    "case.hand_in",
    "photo.mask",
)
_DISPATCH = (
    "case.classify",
    "case.merge",
    "case.split",
    "incident.open",
    "incident.join",
    "incident.leave",
    "case.withdraw",
    "case.appeal",
    "case.reopen",
    "attachment.remove",
    "message.print",
    "message.tell",
)
_ANSWERING = ("case.answer", "case.close", "incident.answer")
_CHECKING = ("case.verify", "case.send_back")
_PROTECTING = ("case.screen", "case.seal")
_RELEASING = ("publication.release", "publication.return", "publication.correct", "publication.withdraw")
_LISTENING = (
    "incoming.settle",
    "incoming.reopen",
    "incoming.turn",
    "incoming.join",
    "correspondent.link",
    "correspondent.unlink",
    "correspondent.stop",
    "correspondent.resume",
    "correspondent.pass",
    "voice.transcribe",
    "message.write",
    "call.log",
    "call.change",
    "call.attach",
    "callback.promise",
    "callback.keep",
)
"""Talking with people: reading what they wrote, answering, making a matter of it, the telephone."""
_EMERGENCY = ("emergency.declare", "emergency.end", "suspension.add", "suspension.end", "clocks.suspend")
"""Disaster mode: who leads declares it, and it may let the clocks of the area stand still by the same decision."""
_VOICES = ("feedback.record", "feedback.turn")
"""Keeping what people say besides their matters, and making a matter of it."""
_CODING = (*_VOICES, "feedback.code", "rumour.note")
_ECHOING = (*_CODING, "rumour.answer", "change.note", "change.withdraw", "lapor.note")
_ADMINISTERING = (
    "frame.load",
    "code.add",
    "code.change",
    *_EMERGENCY,
    "gateway.add",
    "gateway.change",
    "gateway.try",
    "template.change",
    "delivery.mend",
    "region.change",
    "regions.load",
    "hamlet.add",
    "holidays.load",
    "holiday.add",
    "holiday.withdraw",
    "user.add",
    "user.change",
    "user.disable",
    "user.enable",
    "password.issue",
    "institution.change",
    "desk.open",
    "desk.change",
    "desk.close",
    "hours.set",
    "seat.give",
    "seat.withdraw",
    "delegation.give",
    "delegation.end",
    "link.issue",
    "link.withdraw",
    "kinds.load",
    "kind.change",
    "route.set",
    "text.change",
    "texts.load",
    "export.record",
    "token.issue",
    "token.withdraw",
    "subscription.add",
    "subscription.change",
    "subscription.withdraw",
    "subscription.test",
    "dispatch.retry",
)
_RESIDENT = (
    "case.open",
    "visit.open",
    "case.follow",
    "case.add",
    "case.rate",
    "case.dispute",
    "case.confirm",
    "case.attach",
    "person.register",
    "contact.add",
)


def _grant(*rows: tuple[Scope, Iterable[str]]) -> dict[str, Scope]:
    """Join rows of (scope, acts); the wider scope wins when an act is named twice."""
    granted: dict[str, Scope] = {}
    for scope, acts in rows:
        for act in acts:
            granted[act] = max(scope, granted.get(act, scope))
    return granted


_EVERY_OFFICER = ("password.change", "view.record")
_WORKING = (*_EVERY_OFFICER, "case.view_sealed")  # which sealed rows: access alone says

GRANTS: Mapping[str, Mapping[str, Scope]] = {
    PUBLIC: _grant((Scope.ALL, _RESIDENT)),
    SYSTEM: _grant((Scope.ALL, ACTS)),
    "partner": _grant(
        (Scope.HAND, ("case.accept", "case.decline", "referral.answer", "case.attach", "case.note")),
        (
            Scope.AREA,
            ("case.open", "person.register", "contact.add"),
        ),  # by its own program, docs/operations/api.md
        (
            Scope.HAND,
            (
                "subscription.add",
                "subscription.change",
                "subscription.withdraw",
                "subscription.test",
                "dispatch.retry",
            ),
        ),
        (Scope.ALL, ("link.open",)),
    ),
    "facilitator": _grant(
        (Scope.AREA, _INTAKE),
        (Scope.CHAIN, ("case.note", "case.attach", "question.reply", "message.tell")),
        (Scope.HAND, (*_HANDLING, "case.screen")),
        (Scope.ALL, _WORKING),
    ),
    "supervisor": _grant(
        (
            Scope.AREA,
            (
                *_INTAKE,
                *_CHECKING,
                *_PROTECTING,
                "case.note",
                "message.print",
                "message.tell",
                "export.record",
            ),
        ),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_ANSWERING)),
        (Scope.ALL, _WORKING),
        (Scope.HAND, _LISTENING),
    ),
    "front_office": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "notice.tell")),
        (Scope.HAND, (*_HANDLING, *_PROTECTING)),
        (Scope.ALL, _WORKING),
        (Scope.HAND, _LISTENING),
    ),
    "back_office": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "notice.tell")),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_PROTECTING, "publication.prepare")),
        (Scope.ALL, _WORKING),
        (Scope.HAND, _LISTENING),
    ),
    "coordinator": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "notice.tell")),
        (
            Scope.HAND,
            (
                *_HANDLING,
                *_DISPATCH,
                *_ANSWERING,
                *_CHECKING,
                *_PROTECTING,
                "publication.prepare",
                *_RELEASING,
            ),
        ),
        (Scope.ALL, _WORKING),
        (Scope.AREA, (*_LISTENING, "notice.send", "notice.stop", "notice.tell")),
    ),
    "manager": _grant(
        (
            Scope.AREA,
            (
                *_INTAKE,
                *_CHECKING,
                *_PROTECTING,
                *_RELEASING,
                "case.exclude",
                "case.readmit",
                "export.record",
            ),
        ),
        (Scope.AREA, ("message.print", "message.tell", "case.reopen", "delegation.give", "delegation.end")),
        (Scope.AREA, _EMERGENCY),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_ANSWERING, "publication.prepare")),
        (Scope.ALL, _WORKING),
        (Scope.AREA, (*_LISTENING, "notice.send", "notice.stop", "notice.tell")),
    ),
    "agency": _grant((Scope.AREA, _INTAKE), (Scope.HAND, (*_HANDLING, *_PROTECTING)), (Scope.ALL, _WORKING)),
    "head": _grant(
        (Scope.HAND, (*_HANDLING, *_CHECKING, *_ANSWERING, *_PROTECTING)),
        (Scope.AREA, _RELEASING),
        (Scope.ALL, _WORKING),
    ),
    "centre_admin": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "notice.tell", "export.record")),
        (Scope.CHAIN, ("case.note", "case.attach", "question.reply", "case.recall", *_PROTECTING)),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_ANSWERING, "publication.prepare")),
        (Scope.ALL, _WORKING),
        (Scope.AREA, _LISTENING),
    ),
    "pokja": _grant(
        (Scope.AREA, _INTAKE),
        (Scope.CHAIN, ("case.note", "case.attach", "case.recall")),
        (Scope.HAND, (*_HANDLING, *_PROTECTING)),
        (Scope.ALL, _WORKING),
    ),
    "approver": _grant(
        (Scope.AREA, (*_CHECKING, *_RELEASING, "case.note", "case.reopen")),
        (Scope.HAND, (*_HANDLING, *_ANSWERING)),
        (Scope.ALL, _WORKING),
    ),
    "focal_point": _grant(
        (
            Scope.AREA,
            (*_INTAKE, *_PROTECTING, "case.unseal", "case.exclude", "case.readmit"),
        ),
        (Scope.AREA, (*_HANDLING, *_DISPATCH, *_ANSWERING, *_CHECKING)),
        (Scope.ALL, _WORKING),
        (Scope.AREA, _LISTENING),
    ),
    "custodian": _grant((Scope.AREA, ("identity.decide",)), (Scope.ALL, _WORKING)),
    "post_officer": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "notice.tell")),
        (Scope.HAND, (*_HANDLING, *_PROTECTING)),
        (Scope.ALL, _WORKING),
        (Scope.HAND, _LISTENING),
    ),
    "secretary": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell")),
        (Scope.HAND, (*_HANDLING, *_ANSWERING)),
        (Scope.ALL, _WORKING),
    ),
    "election_supervisor": _grant((Scope.ALL, _WORKING)),
    "cadre": _grant(
        (Scope.AREA, _INTAKE),
        (Scope.HAND, ("case.accept", "case.return", "case.note", "case.hand_in")),
        (Scope.ALL, _WORKING),
    ),
    "health_officer": _grant(
        (Scope.AREA, _INTAKE),
        (Scope.HAND, (*_HANDLING, *_ANSWERING)),
        (Scope.ALL, _WORKING),
    ),
    "administrator": _grant((Scope.ALL, (*_ADMINISTERING, *_EVERY_OFFICER))),
    "protection_officer": _grant((Scope.ALL, ("line.redact", "export.record", *_EVERY_OFFICER))),
}

for _role in ("supervisor", "coordinator", "head", "approver", "focal_point", "centre_admin"):
    for _act in ("delegation.give", "delegation.end"):
        GRANTS[_role][_act] = Scope.HAND  # type: ignore[index]  # one's own seat, which the act itself checks
_BREAKING = ("manager", "focal_point", "head")
for _role in _BREAKING:
    GRANTS[_role]["case.break_glass"] = Scope.AREA  # type: ignore[index]
for _role in ("pokja", "centre_admin", "manager", "coordinator", "agency"):
    GRANTS[_role]["identity.ask"] = Scope.HAND  # type: ignore[index]
for _roles, _acts in (
    (("facilitator", "front_office", "post_officer", "cadre", "agency", "focal_point"), _VOICES),
    (("back_office", "pokja"), _CODING),
    (("supervisor", "coordinator", "manager", "centre_admin"), _ECHOING),
):
    for _role in _roles:
        for _act in _acts:
            GRANTS[_role][_act] = Scope.AREA  # type: ignore[index]

for _who, _scope, _what in (*BY_PART, *BY_VILLAGE_PART, *BY_POSYANDU_PART):
    for _role in _who:
        for _act in _what:
            GRANTS[_role][_act] = max(_scope, GRANTS[_role].get(_act, _scope))  # type: ignore[index]
