"""Sign-ins: who may make and change them, what is refused, what the journal keeps, and that passwords are nowhere."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import override_settings

from simpul.accounts import access, queries, rules, signin
from simpul.accounts import actions as account_actions
from simpul.accounts.models import User
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound

PASSWORD = "kopi-sanrobone-pagi-9"
ADMINISTRATOR = Actor(role="administrator", name="Admin", strong=True)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ani(now: datetime) -> User:
    added = account_actions.add_user(
        by=MACHINE, at=now, username="Ani.Daeng", full_name=" Ani  Daeng ", email="ANI@desa.id", phone="0812 3456 7890",
        password=PASSWORD, must_change=False,
    )  # fmt: skip
    return added.user


def _last(kind: str) -> Line:
    return Line.objects.filter(kind=kind).order_by("-recorded_at").first()  # type: ignore[return-value]


def _everything_written() -> str:
    return json.dumps([[line.facts, line.inputs, line.actor_name] for line in Line.objects.all()])


# --- adding and changing --------------------------------------------------------------------------------------------


def test_a_person_is_kept_as_written_and_findable_in_one_spelling(ani: User) -> None:
    assert (ani.username, ani.full_name, ani.email) == ("ani.daeng", "Ani Daeng", "ani@desa.id")
    assert (ani.phone, ani.phone_as_typed) == ("+6281234567890", "0812 3456 7890")
    line = _last("user.add")
    assert line.subject_id == ani.id
    assert line.inputs is not None
    assert line.inputs["full_name"] == "Ani Daeng"


def test_a_first_password_is_told_once_must_be_changed_and_is_written_nowhere(now: datetime) -> None:
    added = account_actions.add_user(by=ADMINISTRATOR, at=now, username="budi", full_name="Budi")

    assert added.user.must_change_password
    assert added.user.check_password(added.first_password)
    assert len(added.first_password) == 14
    assert added.first_password not in _everything_written()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"full_name": "  \u200b "}, account_actions.NameMissing),
        ({"username": "ab"}, account_actions.UsernameInvalid),
        ({"username": "081234567890"}, account_actions.UsernameInvalid),
        ({"username": "budi@desa"}, account_actions.UsernameInvalid),
        ({"username": "😀😀😀"}, account_actions.UsernameInvalid),
        ({"username": "x" * 61}, account_actions.UsernameInvalid),
        ({"username": "ANI.daeng"}, account_actions.UsernameTaken),
        ({"email": "budi at desa"}, account_actions.EmailInvalid),
        ({"email": "Ani@DESA.id"}, account_actions.EmailTaken),
        ({"phone": "12"}, account_actions.PhoneInvalid),
        ({"phone": "+62-812-3456-7890"}, account_actions.PhoneTaken),
        ({"password": "12345678"}, account_actions.PasswordWeak),
        ({"password": "budi"}, account_actions.PasswordWeak),
    ],
)
def test_a_person_is_not_added_with_details_that_cannot_be(
    ani: User, now: datetime, change: dict[str, str], refusal: type[Exception]
) -> None:
    details = {"username": "budi", "full_name": "Budi", "email": "", "phone": "", **change}
    with pytest.raises(refusal) as refused:
        account_actions.add_user(by=ADMINISTRATOR, at=now, **details)  # type: ignore[arg-type]
    assert str(refused.value)
    assert User.objects.count() == 1


def test_a_changed_person_leaves_what_was_before_and_after(ani: User, now: datetime) -> None:
    account_actions.change_user(
        by=ADMINISTRATOR,
        at=now,
        user_id=ani.id,
        username="ani.daeng",
        full_name="Ani Ngai",
        email="",
        phone="0812 3456 7890",
    )

    line = _last("user.change")
    assert line.facts == {"changed": ["email", "full_name"]}
    assert line.inputs is not None
    assert line.inputs["before"]["full_name"] == "Ani Daeng"
    ani.refresh_from_db()
    assert ani.email == ""


def test_a_change_keeps_other_peoples_names_safe(ani: User, now: datetime) -> None:
    other = account_actions.add_user(by=MACHINE, at=now, username="budi", full_name="Budi").user
    with pytest.raises(account_actions.UsernameTaken):
        account_actions.change_user(
            by=ADMINISTRATOR, at=now, user_id=other.id, username="ani.daeng", full_name="Budi"
        )
    with pytest.raises(NotFound):
        account_actions.change_user(
            by=ADMINISTRATOR, at=now, user_id=uuid4(), username="citra", full_name="Citra"
        )


# --- switching off and on -------------------------------------------------------------------------------------------


def test_a_sign_in_switched_off_ends_its_sessions_and_is_never_switched_off_twice(
    ani: User, now: datetime
) -> None:
    before = ani.get_session_auth_hash()
    account_actions.disable_user(by=ADMINISTRATOR, at=now, user_id=ani.id, reason="moved away")

    ani.refresh_from_db()
    assert not ani.is_active
    assert ani.get_session_auth_hash() != before
    assert _last("user.disable").inputs == {"reason": "moved away"}
    with pytest.raises(account_actions.AlreadySo):
        account_actions.disable_user(by=ADMINISTRATOR, at=now, user_id=ani.id)

    account_actions.enable_user(by=ADMINISTRATOR, at=now, user_id=ani.id)
    ani.refresh_from_db()
    assert ani.is_active
    assert ani.get_session_auth_hash() != before
    assert _last("user.enable").subject_id == ani.id
    with pytest.raises(account_actions.AlreadySo):
        account_actions.enable_user(by=ADMINISTRATOR, at=now, user_id=ani.id)


def test_nobody_switches_off_their_own_sign_in(ani: User, now: datetime) -> None:
    herself = Actor(role="administrator", user_id=ani.id, strong=True)
    with pytest.raises(account_actions.OwnSignIn):
        account_actions.disable_user(by=herself, at=now, user_id=ani.id)


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_new_first_password_ends_sessions_and_can_take_a_lost_second_factor_away(
    ani: User, now: datetime
) -> None:
    ani.authenticator_set.create(type="totp", data={"secret": "x"})
    before = ani.get_session_auth_hash()

    kept = account_actions.issue_password(by=ADMINISTRATOR, at=now, user_id=ani.id)
    assert ani.authenticator_set.count() == 1
    assert _last("password.issue").facts == {"second_factor_dropped": False}
    issued = account_actions.issue_password(by=ADMINISTRATOR, at=now, user_id=ani.id, drop_second_factor=True)

    ani.refresh_from_db()
    assert ani.check_password(issued)
    assert issued != kept
    assert ani.must_change_password
    assert ani.get_session_auth_hash() != before
    assert ani.authenticator_set.count() == 0
    assert issued not in _everything_written()
    with pytest.raises(NotFound):
        account_actions.issue_password(by=ADMINISTRATOR, at=now, user_id=uuid4())


def test_a_password_is_changed_by_its_owner_who_proves_the_old_one(ani: User, now: datetime) -> None:
    herself = Actor(role="manager", user_id=ani.id, name="Ani", strong=False)
    for old, new, refusal in (
        ("wrong", "three-new-words-5", account_actions.PasswordWrong),
        (PASSWORD, PASSWORD, account_actions.PasswordSame),
        (PASSWORD, "password", account_actions.PasswordWeak),
        (PASSWORD, "ani.daeng", account_actions.PasswordWeak),
    ):
        with pytest.raises(refusal):
            account_actions.change_password(by=herself, at=now, old=old, new=new)
    before = ani.get_session_auth_hash()

    account_actions.change_password(by=herself, at=now, old=PASSWORD, new="three-new-words-5")

    ani.refresh_from_db()
    assert ani.check_password("three-new-words-5")
    assert ani.get_session_auth_hash() != before
    assert _last("password.change").user_id == ani.id
    assert "three-new-words-5" not in _everything_written()


def test_the_public_changes_no_password(ani: User, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        account_actions.change_password(by=ANYBODY, at=now, old=PASSWORD, new="three-new-words-5")
    with pytest.raises(NotFound):
        account_actions.change_password(by=MACHINE, at=now, old=PASSWORD, new="three-new-words-5")


def test_somebody_without_a_seat_still_acts_for_themselves(ani: User) -> None:
    actor = queries.own_actor(ani, ANYBODY)
    assert (actor.user_id, actor.name) == (ani.id, "Ani Daeng")
    seated = Actor(role="cadre", user_id=ani.id)
    assert queries.own_actor(ani, seated) is seated


# --- who may --------------------------------------------------------------------------------------------------------

ACTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (account_actions.add_user, {"username": "citra", "full_name": "Citra"}),
    (account_actions.change_user, {"user_id": "ani", "username": "citra", "full_name": "Citra"}),
    (account_actions.disable_user, {"user_id": "ani"}),
    (account_actions.enable_user, {"user_id": "ani"}),
    (account_actions.issue_password, {"user_id": "ani"}),
]


@pytest.mark.parametrize(("act", "inputs"), ACTS)
@pytest.mark.parametrize(
    "by",
    [
        ANYBODY,
        Actor(role="manager", strong=True),
        Actor(role="protection_officer", strong=True),
        Actor(role="administrator", strong=False),
        Actor(role="partner", strong=True),
    ],
    ids=lambda by: f"{by.role}-{by.strong}",
)
def test_only_an_administrator_with_a_second_factor_touches_sign_ins(
    ani: User, now: datetime, act: Callable[..., Any], inputs: dict[str, Any], by: Actor
) -> None:
    lines = Line.objects.count()
    inputs = {key: ani.id if value == "ani" else value for key, value in inputs.items()}
    with pytest.raises(NotAllowed):
        act(by=by, at=now, **inputs)
    assert Line.objects.count() == lines


def test_people_see_themselves_and_those_who_oversee_see_all(ani: User, now: datetime) -> None:
    account_actions.add_user(by=MACHINE, at=now, username="budi", full_name="Budi")
    assert access.visible(ADMINISTRATOR).count() == 2
    assert access.visible(Actor(role="protection_officer", strong=True)).count() == 2
    assert list(access.visible(Actor(role="administrator", strong=False, user_id=ani.id))) == [ani]
    assert list(access.visible(Actor(role="front_office", user_id=ani.id))) == [ani]
    assert not access.visible(ANYBODY).exists()
    assert [one.username for one in queries.users(ADMINISTRATOR, words="daeng 7890")] == ["ani.daeng"]
    assert queries.user_for(ADMINISTRATOR, ani.id) == ani
    with pytest.raises(NotFound):
        queries.user_for(ANYBODY, ani.id)


# --- preferences and sessions ---------------------------------------------------------------------------------------


def test_a_preference_is_kept_without_a_line(ani: User, now: datetime) -> None:
    lines, seat_id = Line.objects.count(), uuid4()
    account_actions.keep_preference(by=ANYBODY, at=now, user_id=ani.id, language="en", seat_id=seat_id)
    account_actions.keep_preference(by=ANYBODY, at=now, user_id=ani.id, language="xx")
    ani.refresh_from_db()
    assert (ani.language, ani.last_seat_id) == ("en", seat_id)
    assert Line.objects.count() == lines


def test_end_sessions_touches_one_person_only(ani: User, now: datetime) -> None:
    budi = account_actions.add_user(by=MACHINE, at=now, username="budi", full_name="Budi").user
    hers, his = ani.get_session_auth_hash(), budi.get_session_auth_hash()
    account_actions.end_sessions(by=MACHINE, at=now, user_id=ani.id)
    ani.refresh_from_db()
    budi.refresh_from_db()
    assert ani.get_session_auth_hash() != hers
    assert budi.get_session_auth_hash() == his


# --- the back end ---------------------------------------------------------------------------------------------------


@override_settings(PASSWORD_HASHERS=["simpul.accounts.signin.Argon2Village"])
def test_passwords_are_argon2id_at_19_mebibytes() -> None:
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    hasher = identify_hasher(encoded)
    assert hasher.verify(PASSWORD, encoded)
    assert not hasher.must_update(encoded)


def test_the_back_end_knows_nobody_who_is_switched_off(ani: User, now: datetime) -> None:
    backend = signin.NameMailOrPhone()
    assert backend.authenticate(None, username="ANI.daeng", password=PASSWORD) == ani
    assert backend.authenticate(None, username="ani.daeng", password="wrong") is None
    assert backend.authenticate(None, username="", password=PASSWORD) is None
    assert backend.authenticate(None, username="ani.daeng", password=None) is None
    account_actions.disable_user(by=MACHINE, at=now, user_id=ani.id)
    assert backend.authenticate(None, username="ani.daeng", password=PASSWORD) is None
    assert backend.get_user(ani.id) is None


def test_one_hash_is_worked_whether_or_not_somebody_exists(
    ani: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    monkeypatch.setattr(signin, "make_password", worked.append)
    monkeypatch.setattr(User, "check_password", lambda self, password: worked.append(password))
    for name in ("ani.daeng", "nobody", "nobody@desa.id", "0853 9999 9999"):
        worked.clear()
        signin.NameMailOrPhone().authenticate(None, username=name, password="guess")
        assert worked == ["guess"], name


def test_an_empty_email_or_phone_is_nobodys_sign_in(now: datetime) -> None:
    account_actions.add_user(by=MACHINE, at=now, username="budi", full_name="Budi")
    assert queries.find_for_sign_in("") is None
    assert queries.find_for_sign_in(" \u200b ") is None


# --- rules ----------------------------------------------------------------------------------------------------------


def test_names_are_cleaned_before_they_are_judged() -> None:
    assert rules.clean_username("  Ani\u200b.Daeng ") == "ani.daeng"
    assert rules.is_username("ani-daeng_2")
    assert not rules.is_username("-ani")
    assert not rules.is_username("1234567")
    assert rules.is_email("nama@contoh.go.id")
    assert not rules.is_email("nama@contoh")
    assert rules.looks_like_phone("(0411) 123-456")
    assert len(rules.plain("x" * 100_000)) == 254


def test_every_refusal_says_what_to_do_next() -> None:
    for name, thing in inspect.getmembers(account_actions, inspect.isclass):
        if issubclass(thing, account_actions.Refused) and thing.__module__ == account_actions.__name__:
            assert thing.code.startswith("user."), name
            assert str(thing.sentence).endswith((".", "%(reasons)s")), name
