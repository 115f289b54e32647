"""The pages under /akun/: who gets in, what a second factor changes, when a session ends, and what nobody can learn."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE

PASSWORD = "kopi-sanrobone-pagi-9"
VILLAGE = "7305112005"
SIGN_IN = "/akun/masuk/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_memory_of_other_tests() -> None:
    """The guards against floods count in the process's cache."""
    cache.clear()


@pytest.fixture
def at() -> datetime:
    return timezone.now() - timedelta(hours=1)


@pytest.fixture
def ani(at: datetime) -> Any:
    """Ani of the front office, with a user name, an e-mail address and a phone."""
    return _person(at, "ani.daeng", "Ani Daeng Ngai", email="ani@massamaturu.desa.id", phone="0812 3456 7890")


@pytest.fixture
def counter(at: datetime) -> Any:
    return desk_actions.open_desk(
        by=MACHINE, at=at, code="puskesos-massamaturu", name="Puskesos Massamaturu", kind="puskesos", level="village",
        region_code=VILLAGE,
    )  # fmt: skip


@pytest.fixture
def seat(at: datetime, ani: Any, counter: Any) -> Any:
    return _seat(at, ani, counter, "front_office")


def _person(at: datetime, username: str, full_name: str, **others: str) -> Any:
    added = account_actions.add_user(
        by=MACHINE,
        at=at,
        username=username,
        full_name=full_name,
        password=PASSWORD,
        must_change=False,
        **others,
    )
    return added.user


def _seat(at: datetime, person: Any, desk: Any, role: str) -> Any:
    return desk_actions.give_seat(by=MACHINE, at=at, user_id=person.id, desk_id=desk.id, role=role)


def _sign_in(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"login": name, "password": password}, **extra)


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def _set_up_app(client: Client) -> tuple[str, Any]:
    page = client.get("/akun/faktor-kedua/aplikasi/")
    secret = page.context["form"].secret
    answer = client.post("/akun/faktor-kedua/aplikasi/", {"code": _code(secret)})
    return secret, answer


# --- signing in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "ani.daeng", "Ani.Daeng", "  ani.daeng ", "ani@massamaturu.desa.id", "ANI@Massamaturu.Desa.ID", "081234567890",
        "0812-3456-7890", "+62 812 3456 7890", "62812 3456 7890", "ani.daeng\u200b",
    ],
)  # fmt: skip
def test_ani_signs_in_with_her_name_mail_or_phone_in_any_spelling(
    client: Client, seat: Any, name: str
) -> None:
    answer = _sign_in(client, name)

    assert answer.status_code == 302
    assert answer["Location"] == "/meja/"
    assert client.session["_auth_user_id"] == str(seat.user_id)


@pytest.mark.parametrize("name", ["ani.daeng", "nobody.here", "nobody@example.id", "0853 1111 2222", "gone"])
def test_a_failed_sign_in_reads_the_same_whoever_was_tried(
    client: Client, ani: Any, at: datetime, name: str
) -> None:
    gone = _person(at, "gone", "Gone Away")
    account_actions.disable_user(by=MACHINE, at=at, user_id=gone.id)
    password = PASSWORD if name == "gone" else "wrong-password"

    answer = _sign_in(client, name, password)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("Nama dan kata sandi ini tidak cocok") >= 1
    assert "_auth_user_id" not in client.session


def test_nobody_can_sign_up(client: Client) -> None:
    for address in ("/akun/daftar/", "/akun/signup/", "/akun/masuk/daftar/"):
        assert client.get(address).status_code == 404


def test_five_wrong_passwords_rest_the_name_here_but_nobody_else_and_nowhere_else(
    client: Client, ani: Any, seat: Any, at: datetime, counter: Any
) -> None:
    budi = _person(at, "budi", "Budi")
    _seat(at, budi, counter, "back_office")
    for spelling in ("ani.daeng", "ANI.DAENG", " ani.daeng", "Ani.Daeng", "ani.daeng"):
        _sign_in(client, spelling, "wrong-password")

    locked = _sign_in(client, "ani.daeng")
    assert locked.status_code == 429
    assert "15 menit" in locked.content.decode()
    assert "_auth_user_id" not in client.session

    assert _sign_in(Client(), "budi").status_code == 302, "the village's shared address must not be locked"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert _sign_in(elsewhere, "ani.daeng").status_code == 302, "a stranger elsewhere must not lock Ani out"


def test_a_name_that_does_not_exist_rests_too(client: Client) -> None:
    for _try in range(5):
        _sign_in(client, "nobody.here", "wrong-password")

    assert _sign_in(client, "nobody.here").status_code == 429


def test_all_spellings_of_a_phone_count_together(client: Client, ani: Any) -> None:
    for spelling in ("081234567890", "0812 3456 7890", "+6281234567890", "62812-3456-7890", "0812.3456.7890"):
        _sign_in(client, spelling, "wrong-password")

    assert _sign_in(client, "0812 34567890").status_code == 429


def test_the_page_asked_for_is_shown_after_signing_in_but_never_a_foreign_one(
    client: Client, seat: Any
) -> None:
    here = client.post(f"{SIGN_IN}?next=/meja/%3Fq%3D1", {"login": "ani.daeng", "password": PASSWORD})
    assert here["Location"] == "/meja/?q=1"
    foreign = Client().post(
        f"{SIGN_IN}?next=https://evil.example/", {"login": "ani.daeng", "password": PASSWORD}
    )
    assert foreign["Location"] == "/meja/"


def test_signing_out_takes_a_post(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    assert client.get("/akun/keluar/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/akun/keluar/")
    assert "_auth_user_id" not in client.session


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_first_password_has_to_be_changed_before_anything_else(
    client: Client, at: datetime, counter: Any
) -> None:
    added = account_actions.add_user(by=MACHINE, at=at, username="citra", full_name="Citra")
    _seat(at, added.user, counter, "front_office")

    answer = _sign_in(client, "citra", added.first_password)
    assert answer["Location"].startswith("/akun/sandi/")
    changed = client.post(
        answer["Location"], {"old": added.first_password, "new": PASSWORD, "again": PASSWORD}
    )

    assert changed.status_code == 302
    added.user.refresh_from_db()
    assert not added.user.must_change_password
    assert client.get("/akun/").status_code == 200, "the session in use goes on"


def test_a_password_is_changed_only_with_the_old_one_and_twice_the_same(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    for old, new, again, told in (
        ("wrong", "new-words-for-me-3", "new-words-for-me-3", "Kata sandi sekarang tidak benar"),
        (PASSWORD, "new-words-for-me-3", "other-words-for-me-3", "berbeda"),
        (PASSWORD, "12345678", "12345678", "terlalu mudah ditebak"),
        (PASSWORD, PASSWORD, PASSWORD, "sama dengan"),
        ("", "", "", "Tuliskan kata sandi"),
    ):
        answer = client.post("/akun/sandi/", {"old": old, "new": new, "again": again})
        assert answer.status_code == 422
        assert told in answer.content.decode(), (old, new, again)


def test_a_change_of_password_ends_every_other_session(client: Client, seat: Any) -> None:
    other = Client()
    _sign_in(client, "ani.daeng")
    _sign_in(other, "ani.daeng")

    client.post("/akun/sandi/", {"old": PASSWORD, "new": "new-words-for-me-3", "again": "new-words-for-me-3"})

    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302


def test_somebody_whose_seat_was_withdrawn_can_still_change_a_leaked_password(
    client: Client, ani: Any
) -> None:
    _sign_in(client, "ani.daeng")
    answer = client.post(
        "/akun/sandi/", {"old": PASSWORD, "new": "new-words-for-me-3", "again": "new-words-for-me-3"}
    )
    assert answer.status_code == 302
    assert _sign_in(Client(), "ani.daeng", "new-words-for-me-3").status_code == 302


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_session_ends_when_its_seat_is_withdrawn(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    assert client.get("/akun/").status_code == 200

    desk_actions.withdraw_seat(by=MACHINE, at=timezone.now(), seat_id=seat.id)

    assert client.get("/akun/")["Location"].startswith(SIGN_IN)


def test_a_session_ends_when_the_sign_in_is_switched_off(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    account_actions.disable_user(by=MACHINE, at=timezone.now(), user_id=seat.user_id)
    assert client.get("/akun/")["Location"].startswith(SIGN_IN)


def test_a_session_stays_over_when_the_sign_in_is_switched_on_again(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    account_actions.disable_user(by=MACHINE, at=timezone.now(), user_id=seat.user_id)
    account_actions.enable_user(by=MACHINE, at=timezone.now(), user_id=seat.user_id)
    assert client.get("/akun/")["Location"].startswith(SIGN_IN)


# --- seats ----------------------------------------------------------------------------------------------------------


def test_one_person_with_two_seats_switches_openly(
    client: Client, at: datetime, ani: Any, seat: Any, counter: Any
) -> None:
    second = _seat(at, ani, counter, "back_office")
    _sign_in(client, "ani.daeng")

    page = client.get("/akun/kursi/").content.decode()
    assert page.count("Duduk di sini") == 2
    answer = client.post("/akun/kursi/", {"seat": str(second.id), "next": "/akun/"})

    assert answer["Location"] == "/akun/"
    assert client.session["seat"] == str(second.id)
    ani.refresh_from_db()
    assert ani.last_seat_id == second.id


def test_nobody_sits_in_a_seat_of_somebody_else(
    client: Client, at: datetime, seat: Any, counter: Any
) -> None:
    theirs = _seat(at, _person(at, "budi", "Budi"), counter, "back_office")
    _sign_in(client, "ani.daeng")
    assert client.post("/akun/kursi/", {"seat": str(theirs.id)}).status_code == 404
    assert client.post("/akun/kursi/", {"seat": "nonsense"}).status_code == 404


# --- the second factor ----------------------------------------------------------------------------------------------


@pytest.fixture
def manager(at: datetime, ani: Any, counter: Any) -> Any:
    return _seat(at, ani, counter, "manager")


def test_a_managers_seat_opens_nothing_before_a_second_factor_is_set_up(client: Client, manager: Any) -> None:
    _sign_in(client, "ani.daeng")
    assert client.get("/meja/")["Location"] == "/akun/faktor-kedua/wajib/"
    assert "faktor kedua" in client.get("/akun/faktor-kedua/wajib/").content.decode()

    _secret, answer = _set_up_app(client)

    assert answer["Location"] == "/akun/faktor-kedua/kode-cadangan/"
    assert len(re.findall(r'<li class="number">', client.get(answer["Location"]).content.decode())) == 10
    assert client.get("/meja/").status_code == 200, "the code just typed is the proof of this session"


def test_once_set_up_the_code_is_asked_after_the_password_and_works_once(
    client: Client, manager: Any
) -> None:
    _sign_in(client, "ani.daeng")
    secret, _answer = _set_up_app(client)
    again = Client()

    answer = _sign_in(again, "ani.daeng")
    assert answer["Location"] == "/akun/masuk/kode/"
    assert again.get("/akun/")["Location"].startswith(SIGN_IN), "the password alone opens nothing"
    wrong = again.post("/akun/masuk/kode/", {"code": "000000"})
    assert "Kode ini tidak benar" in wrong.content.decode()
    code = _code(secret)
    spaced = f"{code[:3]} {code[3:]}"
    assert again.post("/akun/masuk/kode/", {"code": spaced})["Location"] == "/meja/"
    onlooker = Client()
    _sign_in(onlooker, "ani.daeng")
    assert onlooker.post("/akun/masuk/kode/", {"code": code}).status_code == 200, "a code opens once"


def test_a_spare_code_opens_once(client: Client, manager: Any) -> None:
    _sign_in(client, "ani.daeng")
    _set_up_app(client)
    codes = client.get("/akun/faktor-kedua/kode-cadangan/").context["unused_codes"]
    lost = Client()
    _sign_in(lost, "ani.daeng")
    assert lost.post("/akun/masuk/kode/", {"code": codes[0]})["Location"] == "/meja/"
    assert lost.get("/meja/").status_code == 200
    twice = Client()
    _sign_in(twice, "ani.daeng")
    assert twice.post("/akun/masuk/kode/", {"code": codes[0]}).status_code == 200


def test_ten_wrong_codes_rest_the_person_wherever_they_come_from(client: Client, manager: Any) -> None:
    _sign_in(client, "ani.daeng")
    _secret, _answer = _set_up_app(client)
    for number in range(11):
        thief = Client(REMOTE_ADDR=f"203.0.113.{number}")
        _sign_in(thief, "ani.daeng")
        answer = thief.post("/akun/masuk/kode/", {"code": "000000"})
    assert "Terlalu banyak kode yang salah" in answer.content.decode()
    assert "_auth_user_id" not in thief.session


def test_the_secret_of_the_app_is_encrypted_at_rest(client: Client, manager: Any) -> None:
    _sign_in(client, "ani.daeng")
    secret, _answer = _set_up_app(client)
    for row in manager.user.authenticator_set.all():
        assert secret not in str(row.data)


def test_the_last_second_factor_of_a_strong_seat_cannot_be_removed(client: Client, manager: Any) -> None:
    _sign_in(client, "ani.daeng")
    _set_up_app(client)
    client.post("/akun/faktor-kedua/aplikasi/lepas/")
    assert manager.user.authenticator_set.filter(type="totp").exists()


def test_without_a_strong_seat_the_app_can_be_removed(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    _set_up_app(client)
    client.post("/akun/faktor-kedua/aplikasi/lepas/")
    assert not seat.user.authenticator_set.exists()


def test_the_password_is_asked_again_before_the_second_factor_is_touched(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()

    answer = client.get("/akun/faktor-kedua/aplikasi/")
    assert answer["Location"].startswith("/akun/ulangi/")
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 200
    right = client.post(answer["Location"], {"password": PASSWORD})
    assert right["Location"] == "/akun/faktor-kedua/aplikasi/"
    assert client.get(right["Location"]).status_code == 200


# --- one's own page -------------------------------------------------------------------------------------------------


def test_my_data_shows_what_is_kept_about_me_and_keeps_my_language(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    page = client.get("/akun/").content.decode()
    assert "Ani Daeng Ngai" in page
    assert "Puskesos Massamaturu" in page

    answer = client.post("/akun/", {"language": "en"})

    assert answer.cookies["bahasa"].value == "en"
    seat.user.refresh_from_db()
    assert seat.user.language == "en"
    assert client.post("/akun/", {"language": "xx"}).status_code == 422


def test_the_account_pages_carry_no_inline_code_and_are_kept_by_no_cache(client: Client, seat: Any) -> None:
    _sign_in(client, "ani.daeng")
    for address in (
        "/akun/",
        "/akun/kursi/",
        "/akun/sandi/",
        "/akun/faktor-kedua/",
        "/akun/faktor-kedua/aplikasi/",
    ):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"], address
        assert not re.search(r"\sstyle=|<script(?![^>]*\bsrc=)", page), address


def test_the_account_pages_ask_strangers_to_sign_in(client: Client) -> None:
    for address in (
        "/akun/",
        "/akun/kursi/",
        "/akun/sandi/",
        "/akun/faktor-kedua/",
        "/akun/faktor-kedua/aplikasi/",
    ):
        assert client.get(address)["Location"].startswith(SIGN_IN), address
