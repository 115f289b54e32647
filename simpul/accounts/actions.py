"""Acts on sign-ins. No line of the journal, and no refusal, ever holds a password.

How sessions end: each session carries a hash over the password and ``User.session_salt``. Django compares it on every
request, so writing a new salt ends all sessions of a person with their next click, on every machine that serves, without
searching the session store. A new password, a switched-off sign-in and a withdrawn seat all write one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.accounts import queries, rules
from simpul.accounts.models import User
from simpul.journal import actions as journal_actions
from simpul.lib import ids, mirror
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

LANGUAGES = ("id", "en")


class NameMissing(Refused):
    """Nobody can sign in without being named beside their acts."""

    code = "user.name_missing"
    sentence = _("Write the full name of the person.")
    field = "full_name"


class UsernameInvalid(Refused):
    """The user name cannot be used."""

    code = "user.username_invalid"
    sentence = _(
        "Write a user name of 3 to 60 small letters, digits, dots or hyphens, with at least one letter."
    )
    field = "username"


class UsernameTaken(Refused):
    """Two people cannot share a user name."""

    code = "user.username_taken"
    sentence = _("Somebody else has this user name. Choose another one.")
    field = "username"


class EmailInvalid(Refused):
    """This is no e-mail address."""

    code = "user.email_invalid"
    sentence = _("Write the e-mail address in full, for example nama@contoh.go.id, or leave it empty.")
    field = "email"


class EmailTaken(Refused):
    """Two people cannot sign in with one e-mail address."""

    code = "user.email_taken"
    sentence = _(
        "Somebody else signs in with this e-mail address. Write the person's own address, or leave it empty."
    )
    field = "email"


class PhoneInvalid(Refused):
    """This is no phone number."""

    code = "user.phone_invalid"
    sentence = _(
        "Write the phone number with its area or mobile code, for example 0812 3456 7890, or leave it empty."
    )
    field = "phone"


class PhoneTaken(Refused):
    """Two people cannot sign in with one phone."""

    code = "user.phone_taken"
    sentence = _(
        "Somebody else signs in with this phone number. Write the person's own number, or leave it empty."
    )
    field = "phone"


class PasswordWeak(Refused):
    """The password would be guessed."""

    code = "user.password_weak"
    sentence = _("This password is too easy to guess: %(reasons)s")
    field = "new"


class PasswordWrong(Refused):
    """Whoever changes a password proves the old one first."""

    code = "user.password_wrong"
    sentence = _("The present password is not right. Type it again.")
    field = "old"


class PasswordSame(Refused):
    """A change of password that changes nothing protects nobody."""

    code = "user.password_same"
    sentence = _("The new password is the same as the present one. Choose another one.")
    field = "new"


class OwnSignIn(Refused):
    """Nobody locks themselves out, so that an installation always keeps somebody who can open it."""

    code = "user.own_sign_in"
    sentence = _("You cannot switch off your own sign-in. Ask another administrator.")


class AlreadySo(Refused):
    """Somebody else did it first."""

    code = "user.already_so"
    sentence = _("This sign-in was already changed by somebody else. Look at it again.")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person just added. ``first_password`` is told to them once and kept nowhere; "" when they brought their own."""

    user: User
    first_password: str


@dataclass(frozen=True, slots=True)
class _Details:
    """The checked details of a sign-in, as they are kept."""

    username: str
    full_name: str
    email: str
    phone: str
    phone_as_typed: str


def add_user(
    *,
    by: Actor,
    at: datetime,
    username: str,
    full_name: str,
    email: str = "",
    phone: str = "",
    password: str = "",
    must_change: bool = True,
    language: str = "id",
    user_id: UUID | None = None,
) -> NewUser:
    """Add a person who signs in; what they may do comes later, with a seat.

    Without ``password`` a first password is made, returned once, and has to be changed at the first sign-in.

    Raises:
        Refused: name, user name, e-mail, phone or password are missing, malformed, weak or somebody else's.
    """
    roles.require(by, "user.add")
    with transaction.atomic():
        details = _checked(username, full_name, email, phone)
        person = User(
            id=user_id or ids.uuid7_at(at),
            language=language if language in LANGUAGES else "id",
            must_change_password=must_change if password else True,
            created_at=at,
            session_salt=_salt(),
            **_columns(details),
        )
        if password:
            _require_strong(password, person)
        first_password = "" if password else _first_password()
        person.set_password(password or first_password)
        person.save(force_insert=True)
        journal_actions.record(
            by=by,
            at=at,
            kind="user.add",
            subject_kind="user",
            subject_id=person.id,
            facts={"language": person.language},
            inputs=_columns(details),
        )
    return NewUser(person, first_password)


def change_user(
    *, by: Actor, at: datetime, user_id: UUID, username: str, full_name: str, email: str = "", phone: str = ""
) -> User:
    """Change how a person is called and reached; their password, seats and sessions stay.

    Raises:
        NotFound: there is no such person.
        Refused: a detail is missing, malformed or somebody else's.
    """
    roles.require(by, "user.change")
    with transaction.atomic():
        person = _get(user_id)
        details = _columns(_checked(username, full_name, email, phone, but=person))
        before = {name: getattr(person, name) for name in details}
        changed = sorted(name for name in details if before[name] != details[name])
        User.objects.filter(id=user_id).update(**details)
        journal_actions.record(
            by=by,
            at=at,
            kind="user.change",
            subject_kind="user",
            subject_id=user_id,
            facts={"changed": changed},
            inputs={
                "before": {name: before[name] for name in changed},
                "after": {name: details[name] for name in changed},
            },
        )
    person.refresh_from_db()
    return person


def disable_user(*, by: Actor, at: datetime, user_id: UUID, reason: str = "") -> None:
    """Switch a sign-in off and end its sessions. The row stays, because the journal names it.

    Raises:
        NotFound: there is no such person.
        OwnSignIn: it is the actor's own.
        AlreadySo: it is off already.
    """
    roles.require(by, "user.disable")
    with transaction.atomic():
        _get(user_id)
        if by.user_id == user_id:
            raise OwnSignIn
        if User.objects.filter(id=user_id, is_active=True).update(is_active=False, session_salt=_salt()) != 1:
            raise AlreadySo
        journal_actions.record(
            by=by,
            at=at,
            kind="user.disable",
            subject_kind="user",
            subject_id=user_id,
            inputs={"reason": reason},
        )


def enable_user(*, by: Actor, at: datetime, user_id: UUID) -> None:
    """Switch a sign-in on again; sessions that were open before stay over.

    Raises:
        NotFound: there is no such person.
        AlreadySo: it is on already.
    """
    roles.require(by, "user.enable")
    with transaction.atomic():
        _get(user_id)
        if User.objects.filter(id=user_id, is_active=False).update(is_active=True, session_salt=_salt()) != 1:
            raise AlreadySo
        journal_actions.record(by=by, at=at, kind="user.enable", subject_kind="user", subject_id=user_id)


def issue_password(*, by: Actor, at: datetime, user_id: UUID, drop_second_factor: bool = False) -> str:
    """Make a new first password, returned once; end the person's sessions; they must change it when they next sign in.

    ``drop_second_factor`` also removes their authenticator app, passkeys and recovery codes: for a lost phone. A role that
    demands a second factor then asks them to set a new one up before the seat can be used.

    Raises:
        NotFound: there is no such person.
    """
    roles.require(by, "password.issue")
    with transaction.atomic():
        person = _get(user_id)
        first_password = _first_password()
        _store_password(person, first_password, must_change=True)
        dropped = Authenticator.objects.filter(user_id=user_id).delete()[0] if drop_second_factor else 0
        journal_actions.record(
            by=by,
            at=at,
            kind="password.issue",
            subject_kind="user",
            subject_id=user_id,
            facts={"second_factor_dropped": bool(dropped)},
        )
    return first_password


def change_password(*, by: Actor, at: datetime, old: str, new: str) -> User:
    """Change one's own password. All other sessions of the person end; the door renews the one in use.

    A person whose role demands a second factor may do this before they have set it up: the first password comes first.

    Raises:
        NotFound: nobody is signed in.
        PasswordWrong: ``old`` is not the present password.
        PasswordSame, PasswordWeak: ``new`` is no better.
    """
    roles.require(replace(by, strong=True), "password.change")
    if by.user_id is None:
        raise NotFound
    with transaction.atomic():
        person = _get(by.user_id)
        if not person.check_password(old):
            raise PasswordWrong
        if old == new:
            raise PasswordSame
        _require_strong(new, person)
        _store_password(person, new, must_change=False)
        journal_actions.record(
            by=by, at=at, kind="password.change", subject_kind="user", subject_id=person.id
        )
    return person


def end_sessions(*, by: Actor, at: datetime, user_id: UUID) -> None:
    """End every session of a person: part of acts that take something away, which have asked for permission and leave the line.

    ``by`` and ``at`` are those of the act around it.
    """
    User.objects.filter(id=user_id).update(session_salt=_salt())


def keep_preference(
    *, by: Actor, at: datetime, user_id: UUID, language: str | None = None, seat_id: UUID | None = None
) -> None:
    """Remember the language a person reads and the seat they sat in last: their own taste, no decision, so no line."""
    if language in LANGUAGES:
        User.objects.filter(id=user_id).update(language=language)
    if seat_id is not None:
        User.objects.filter(id=user_id).update(last_seat_id=seat_id)


def _get(user_id: UUID) -> User:
    person = User.objects.select_for_update().filter(id=user_id).first()
    if person is None:
        raise NotFound
    return person


def _columns(details: _Details) -> dict[str, str]:
    return {
        "username": details.username,
        "full_name": details.full_name,
        "email": details.email,
        "phone": details.phone,
        "phone_as_typed": details.phone_as_typed,
    }


def _checked(username: str, full_name: str, email: str, phone: str, *, but: User | None = None) -> _Details:
    """The details as they are kept, or the first thing that is wrong with them."""
    name, address, typed = rules.plain(full_name)[:150], rules.clean_email(email), rules.plain(phone)[:40]
    sign_in = rules.clean_username(username)
    if not name:
        raise NameMissing
    if not rules.is_username(sign_in):
        raise UsernameInvalid
    if address and not rules.is_email(address):
        raise EmailInvalid
    number = queries.dialled(typed) if typed else ""
    if typed and not number:
        raise PhoneInvalid
    others = User.objects.exclude(id=but.id) if but else User.objects.all()
    if others.filter(username__iexact=sign_in).exists():
        raise UsernameTaken
    if address and others.filter(email__iexact=address).exists():
        raise EmailTaken
    if number and others.filter(phone=number).exists():
        raise PhoneTaken
    return _Details(sign_in, name, address, number, typed)


def _require_strong(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise PasswordWeak(reasons=" ".join(str(reason) for reason in weak.messages)) from weak


def _store_password(person: User, password: str, *, must_change: bool) -> None:
    person.set_password(password)
    person.must_change_password = must_change
    person.session_salt = _salt()
    person.save(update_fields=["password", "must_change_password", "session_salt"])


def _first_password() -> str:
    """Three groups of four signs that cannot be misread from paper: 60 random bits."""
    signs = "".join(secrets.choice(ids.ALPHABET) for _sign in range(12)).lower()
    return "-".join(signs[start : start + 4] for start in range(0, 12, 4))


def _salt() -> str:
    return secrets.token_hex(16)


# --- users of the server above a village node -----------------------------------------------------------------------

MIRRORED: tuple[mirror.Table, ...] = (
    mirror.Table(
        User,
        lambda scope: User.objects.filter(seats__desk__in=scope.desk_ids),
        leave_out=frozenset(
            {
                "password", "last_login", "email", "phone", "phone_as_typed", "session_salt", "last_seat_id",
                "must_change_password",
            }
        ),
        first={"password": "!", "must_change_password": True},
    ),
)  # fmt: skip
"""Names of those who sit at the desks of an area. Passwords never travel: each installation gives its own."""


def mirror_users(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay the users of an area down as the server above has them; who is new cannot sign in before a password was issued.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "users.mirror")
    with transaction.atomic():
        done = mirror.lay(MIRRORED, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="users.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
