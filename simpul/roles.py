"""Who may do what: one pure table.

Three things are said here and nowhere else: which acts exist (``ACTS``, with the words the timeline uses for them), which
roles exist (``ROLES``), and which role may do which act how widely (``GRANTS``). An act that a role does not list is
denied. What a person may *see* is another question, answered by each room's ``access``.

Sources: the role tables in the published practice of SP4N-LAPOR call centres (admin, liaison officer, approver; nobody
approves own work), of the Puskesos/SLRT (FO, BO, coordinator, manager, supervisor, facilitator; nobody drafts and signs the
same letter), and UU 27/2022 art. 53 for the data-protection officer (reads, never administers). The exact district matrix is
unconfirmed: change the rows here, and the generated test walks every role, act and scope again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from simpul.lib.actor import PUBLIC, SYSTEM, Actor
from simpul.lib.errors import NotAllowed


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


class Scope(IntEnum):
    """How widely a role may do an act, from narrow to wide."""

    HAND = 1  # the matter is held by one of my desks, or handed to it
    CHAIN = 2  # one of my desks is, or was, on the matter's chain
    AREA = 3  # the matter lies in the area my seat serves
    ALL = 4  # anywhere in this installation


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act would happen, in the words the table needs."""

    region_code: str = ""
    holder_ids: frozenset[UUID] = field(default_factory=frozenset)
    chain_ids: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name in English (translated when shown) and whether it demands a second factor (S14)."""

    name: str
    strong: bool = False


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
    "cadre": Role(_("Cadre")),
    "administrator": Role(_("Administrator"), strong=True),
    "protection_officer": Role(_("Data-protection officer"), strong=True),
}

ACTS: Mapping[str, str] = {
    # journal
    "journal.seal": _("sealed the journal"),
    "turn.claim": _("began periodic work"),
    "turn.finish": _("finished periodic work"),
    "line.redact": _("removed personal inputs from a journal line"),
    "export.record": _("exported a list"),
    "view.record": _("looked at a protected record"),
    # regions
    "regions.load": _("loaded the list of regions"),
    "region.change": _("changed a region"),
    "hamlet.add": _("added a hamlet"),
    "holidays.load": _("loaded the holidays of a year"),
    "holiday.add": _("added a holiday"),
    "holiday.withdraw": _("withdrew a holiday"),
    "suspension.add": _("suspended the clocks of an area"),
    "suspension.end": _("ended a suspension of clocks"),
    # accounts
    "user.add": _("added a person who signs in"),
    "user.change": _("changed a sign-in"),
    "user.disable": _("switched a sign-in off"),
    "user.enable": _("switched a sign-in on again"),
    "password.issue": _("issued a new first password"),
    "password.change": _("changed their password"),
    # desks
    "institution.change": _("changed the institution's details"),
    "desk.open": _("opened a desk"),
    "desk.change": _("changed a desk"),
    "desk.close": _("closed a desk"),
    "hours.set": _("set a desk's service hours"),
    "seat.give": _("gave a seat"),
    "seat.withdraw": _("withdrew a seat"),
    "delegation.give": _("delegated a desk"),
    "delegation.end": _("ended a delegation"),
    "link.issue": _("issued a personal link"),
    "link.withdraw": _("withdrew a personal link"),
    "link.open": _("opened a personal link"),
    # people
    "person.register": _("registered a person"),
    "person.change": _("changed a person's details"),
    "contact.add": _("added a way to reach a person"),
    "contact.change": _("changed a way to reach a person"),
    # messages
    "message.queue": _("queued a message"),
    "message.deliver": _("sent a message"),
    "message.fail": _("could not send a message"),
    "message.print": _("printed a notice"),
    "message.tell": _("told a person"),
    "message.hold": _("held a message back"),
    "messages.expire": _("let old messages expire"),
    "text.change": _("changed the words of a message"),
    "texts.load": _("loaded the words of messages"),
    # cases: intake
    "kinds.load": _("loaded the kinds of matters"),
    "kind.change": _("changed a kind of matter"),
    "route.set": _("set where a kind of matter goes"),
    "case.open": _("took the matter in"),
    "visit.open": _("opened a visit"),
    "incident.open": _("opened a shared cause"),
    "incident.join": _("joined the matter to a shared cause"),
    "incident.leave": _("took the matter out of a shared cause"),
    "incident.answer": _("answered a shared cause"),
    # cases: handling
    "case.claim": _("took the matter on"),
    "case.release": _("laid the matter down"),
    "case.classify": _("changed the kind of matter"),
    "case.refer": _("referred the matter"),
    "case.accept": _("accepted the matter"),
    "case.decline": _("declined the matter"),
    "case.recall": _("called the matter back"),
    "case.return": _("returned the matter"),
    "referral.answer": _("answered the referral"),
    "reply.record": _("recorded the reply of an outside body"),
    "question.ask": _("asked the resident"),
    "question.reply": _("recorded the resident's reply"),
    "case.merge": _("merged the matter into another"),
    "case.link": _("linked the matter"),
    "case.unlink": _("removed a link"),
    "case.split": _("split the matter"),
    "case.note": _("wrote a note"),
    "case.attach": _("attached a file"),
    "attachment.remove": _("removed a file"),
    "photo.mask": _("blacked out parts of a photo"),
    "case.draft": _("saved a draft answer"),
    "case.hand_in": _("handed the work in"),
    "case.verify": _("verified the work"),
    "case.send_back": _("sent the work back"),
    "case.answer": _("answered the matter"),
    "case.close": _("closed the matter"),
    "case.reopen": _("reopened the matter"),
    "case.appeal": _("appealed to the level above"),
    "case.withdraw": _("withdrew the matter"),
    "case.escalate": _("raised the matter one level"),
    "case.finish": _("closed the matter after the reaction time"),
    # cases: protection
    "case.seal": _("sealed the matter"),
    "case.unseal": _("lifted the seal"),
    "case.screen": _("judged the screening"),
    "case.exclude": _("kept a person or desk away from the matter"),
    "case.readmit": _("lifted an exclusion"),
    "case.break_glass": _("opened a sealed matter in an emergency"),
    "identity.ask": _("asked to see who reported"),
    "identity.decide": _("decided on showing who reported"),
    "case.view_sealed": _("opened a sealed matter"),
    # cases: the resident
    "case.follow": _("followed the matter"),
    "case.add": _("added information"),
    "case.rate": _("rated the answer"),
    "case.dispute": _("said it is not solved"),
    # cases: publication
    "publication.prepare": _("prepared a publication"),
    "publication.return": _("returned a publication"),
    "publication.release": _("released a publication"),
    "publication.correct": _("corrected a publication"),
    "publication.withdraw": _("withdrew a publication"),
}

_INTAKE = (
    "case.open",
    "visit.open",
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
_ADMINISTERING = (
    "region.change",
    "regions.load",
    "hamlet.add",
    "holidays.load",
    "holiday.add",
    "holiday.withdraw",
    "suspension.add",
    "suspension.end",
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
)
_RESIDENT = (
    "case.open",
    "visit.open",
    "case.follow",
    "case.add",
    "case.rate",
    "case.dispute",
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
    ),
    "front_office": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell")),
        (Scope.HAND, (*_HANDLING, *_PROTECTING)),
        (Scope.ALL, _WORKING),
    ),
    "back_office": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell")),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_PROTECTING, "publication.prepare")),
        (Scope.ALL, _WORKING),
    ),
    "coordinator": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell")),
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
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_ANSWERING, "publication.prepare")),
        (Scope.ALL, _WORKING),
    ),
    "agency": _grant((Scope.AREA, _INTAKE), (Scope.HAND, (*_HANDLING, *_PROTECTING)), (Scope.ALL, _WORKING)),
    "head": _grant(
        (Scope.HAND, (*_HANDLING, *_CHECKING, *_ANSWERING, *_PROTECTING)),
        (Scope.AREA, _RELEASING),
        (Scope.ALL, _WORKING),
    ),
    "centre_admin": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell", "export.record")),
        (Scope.CHAIN, ("case.note", "case.attach", "question.reply", "case.recall", *_PROTECTING)),
        (Scope.HAND, (*_HANDLING, *_DISPATCH, *_ANSWERING, "publication.prepare")),
        (Scope.ALL, _WORKING),
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
    ),
    "custodian": _grant((Scope.AREA, ("identity.decide",)), (Scope.ALL, _WORKING)),
    "post_officer": _grant(
        (Scope.AREA, (*_INTAKE, "message.print", "message.tell")),
        (Scope.HAND, (*_HANDLING, *_PROTECTING)),
        (Scope.ALL, _WORKING),
    ),
    "cadre": _grant(
        (Scope.AREA, _INTAKE),
        (Scope.HAND, ("case.accept", "case.return", "case.note", "case.hand_in")),
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


def act_name(function_name: str) -> str:
    """``hand_in_case`` -> ``case.hand_in``: the one name an act has in code, table and journal."""
    verb, _sep, noun = function_name.rpartition("_")
    return f"{noun}.{verb}"


def scope_of(by: Actor, act: str) -> Scope | None:
    """How widely the actor may do ``act``, or None. A role that demands a second factor has nothing without one."""
    role = ROLES.get(by.role)
    if role is None or (role.strong and not by.strong):
        return None
    return GRANTS.get(by.role, {}).get(act)


def may_somewhere(by: Actor, act: str) -> bool:
    """True when the actor may do ``act`` at least somewhere: for menus, never as the check of an act."""
    return scope_of(by, act) is not None


def may(by: Actor, act: str, place: Place | None = None) -> bool:
    """True when the actor may do ``act`` at ``place``. Without a place only a grant for everywhere counts."""
    scope = scope_of(by, act)
    if scope is None:
        return False
    if scope is Scope.ALL:
        return True
    if place is None:
        return False
    if scope is Scope.AREA:
        return by.serves(place.region_code)
    if not by.desk_ids.isdisjoint(place.holder_ids):
        return True
    return scope is Scope.CHAIN and not by.desk_ids.isdisjoint(place.chain_ids)


def require(by: Actor, act: str, place: Place | None = None) -> None:
    """Let the act go on, or raise ``NotAllowed``.

    Raises:
        NotAllowed: the actor's role does not include ``act`` here; shown like "not found".
        KeyError: there is no such act (a fault in the program, found by the tests).
    """
    if act not in ACTS:
        raise KeyError(act)
    if not may(by, act, place):
        raise NotAllowed
