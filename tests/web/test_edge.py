"""The edge: forged headers, floods, caches, refusals, and what a browser keeps when somebody leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management.utils import get_random_secret_key
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from simpul.cases.actions import handling, protection
from simpul.cases.models import FollowGuard
from simpul.cases.queries import following
from simpul.jobs import schedule
from simpul.lib.shared_cache import SharedCache
from simpul.messages.models import Message
from simpul.web import edge
from simpul.web.desk import case as desk_case
from simpul.web.portal import guard
from tests.cast import NOW, Cast, assemble
from tests.web.desk_pages import photo, sit, words

STORY = "/lapor/cerita/?jenis=complaint"


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return assemble()


def seen(**meta: Any) -> dict[str, Any]:
    """What the program sees of a request once it is past the edge."""
    kept: dict[str, Any] = {}

    def view(request: Any) -> Any:
        kept.update(request.META)
        return mock.Mock()

    edge.ProxyMiddleware(view)(RequestFactory().get("/", **meta))
    return kept


# --- whose address --------------------------------------------------------------------------------------------------


def test_a_forwarded_header_of_anybody_but_the_proxy_is_dropped(settings: Any) -> None:
    settings.SIMPUL_PROXIES = ["10.0.0.0/8"]
    found = seen(
        REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https"
    )
    assert found["REMOTE_ADDR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_FOR" not in found
    assert "HTTP_X_FORWARDED_PROTO" not in found


@pytest.mark.parametrize(
    ("chain", "own"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what stands first is the sender's own word
        ("1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("1.2.3.4, nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_the_proxy_is_believed_about_the_last_address_before_it(settings: Any, chain: str, own: str) -> None:
    settings.SIMPUL_PROXIES = ["10.0.0.0/8"]
    found = seen(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=chain, HTTP_X_FORWARDED_PROTO="https")
    assert found["REMOTE_ADDR"] == own
    assert found["HTTP_X_FORWARDED_PROTO"] == "https"


def test_one_line_of_ipv6_counts_as_one_address() -> None:
    one = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2::1")
    other = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:ffff::9")
    far = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:3::1")
    assert guard.address(one) == guard.address(other) != guard.address(far)


# --- floods -----------------------------------------------------------------------------------------------------------


def test_a_body_larger_than_any_form_is_refused_unread(cast: Cast) -> None:
    size = str(django_settings.SIMPUL_MAX_BODY + 1)
    for language, said in (("id", "terlalu besar"), ("en", "larger than one form takes")):
        client = Client(headers={"cookie": f"bahasa={language}"})
        answer = client.generic("POST", STORY, b"x", CONTENT_LENGTH=size)
        assert answer.status_code == 413
        assert said in words(answer)
        assert "Content-Security-Policy" in answer.headers


def test_files_before_sending_are_counted_and_the_words_are_kept(cast: Cast, settings: Any) -> None:
    settings.SIMPUL_LIMITS = {**settings.SIMPUL_LIMITS, "files_per_hour": 1}
    typed = {"jenis": "complaint", "text": "Lampu jalan kami padam sejak sebulan."}
    assert Client().post(STORY, {**typed, "uploads": photo()}).status_code == 302
    client = Client()
    answer = client.post(STORY, {**typed, "uploads": photo()})
    assert answer.status_code == 422
    assert "Banyak berkas" in words(answer)
    assert typed["text"] in words(answer)
    assert client.post(STORY, typed).status_code == 302


@pytest.mark.postgres
def test_every_process_counts_on_the_same_counter(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE try_cache (cache_key varchar(255) PRIMARY KEY, value text, expires timestamptz)"
        )
    shared = SharedCache("try_cache", {"TIMEOUT": 300})
    assert shared.add("tries", 1, 3600)
    assert [shared.incr("tries"), shared.incr("tries", 5)] == [2, 7]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(expires) FROM try_cache")
        assert cursor.fetchone()[0] > timezone.now() + timedelta(minutes=50)
    with pytest.raises(ValueError, match="not found"):
        shared.incr("never-set")


# --- caches -------------------------------------------------------------------------------------------------------------


def test_a_page_with_somebody_s_words_is_kept_nowhere(cast: Cast) -> None:
    client = Client()
    client.post(STORY, {"jenis": "complaint", "text": "Suami saya memukul saya."})
    for address in ("/lapor/", STORY, "/lapor/tempat/", "/"):
        assert "no-store" in client.get(address)["Cache-Control"]
    assert "Cache-Control" not in Client().get("/jawaban/").headers


def test_signing_out_clears_what_the_browser_kept(cast: Cast) -> None:
    answer = sit(cast, "admin").post("/akun/keluar/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_no_name_is_left_in_a_cookie_by_a_message(cast: Cast) -> None:
    client = sit(cast, "admin")
    client.post("/meja/pemberitahuan/cetak/")
    assert set(client.cookies) <= {"sessionid", "csrftoken", "bahasa"}


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_form_s_address_opened_as_a_page_says_so_in_both_languages(cast: Cast) -> None:
    client = sit(cast, "admin")
    answer = client.get("/meja/serentak/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "bukan halaman" in words(answer)
    client.cookies["bahasa"] = "en"
    assert "is not a page" in words(client.get("/meja/serentak/"))


def test_a_fragment_sends_the_whole_page_to_sign_in_and_back_to_what_was_read(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/meja/?view=late"}
    answer = Client().post("/meja/terima/cek/", headers=headers)
    assert answer["HX-Redirect"] == "/akun/masuk/?next=/meja/%3Fview%3Dlate"
    far = {"HX-Request": "true", "HX-Current-URL": "https://x.invalid/meja/"}
    assert Client().post("/meja/terima/cek/", headers=far)["HX-Redirect"] == "/akun/masuk/?next=/meja/"
    assert Client().post("/meja/serentak/")["Location"] == "/akun/masuk/?next=/meja/"


def test_nothing_is_set_up_with_a_password_that_somebody_else_has_seen(cast: Cast) -> None:
    client = sit(cast, "admin")
    type(cast.user("admin")).objects.filter(id=cast.user("admin").id).update(must_change_password=True)
    for address in (
        "/akun/faktor-kedua/kunci/tambah/",
        "/akun/faktor-kedua/aplikasi/",
        "/akun/kursi/",
        "/meja/",
    ):
        assert client.get(address)["Location"] == "/akun/sandi/"
    assert client.get("/akun/sandi/").status_code == 200


# --- files --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ['a".html\r\nX-Bad: 1', "surat dari Bu Ani.pdf", "laporan’s.pdf", ""])
def test_a_file_name_cannot_break_out_of_its_header(name: str) -> None:
    answer = desk_case.as_download(b"x", "application/pdf", name)
    said = answer["Content-Disposition"]
    assert said.startswith("attachment; filename")
    assert "\n" not in said
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "X-Bad" not in answer.headers


def test_only_known_lists_are_exported(cast: Cast) -> None:
    assert sit(cast, "manager").post("/meja/pantau/ekspor/orang/").status_code == 404


# --- protection ---------------------------------------------------------------------------------------------------------


def test_who_is_kept_away_neither_sees_prints_nor_tells_the_notices_of_the_matter(cast: Cast) -> None:
    case = cast.case()
    handling.claim_case(by=cast.admin, at=NOW, case_id=case.id)
    handling.answer_case(by=cast.admin, at=NOW, case_id=case.id, text="Sudah diganti.", decision="upheld")
    message = Message.objects.get(subject_id=case.id)
    client = sit(cast, "second_admin")
    assert "Nurhayati" in words(client.get("/meja/pemberitahuan/"))
    protection.exclude_case(
        by=cast.focal,
        at=timezone.now(),
        case_id=case.id,
        reason="Perkara ini tentang dia",
        user_id=cast.user("second_admin").id,
    )
    assert "Nurhayati" not in words(client.get("/meja/pemberitahuan/"))
    assert client.post(f"/meja/pemberitahuan/{message.id}/sampaikan/", {"how": "visit"}).status_code == 404
    assert client.post("/meja/pemberitahuan/cetak/", {"ids": str(message.id)}).status_code == 302
    message.refresh_from_db()
    assert message.printed_at is None
    assert "Nurhayati" in words(sit(cast, "admin").get("/meja/pemberitahuan/"))


# --- periodic -----------------------------------------------------------------------------------------------------------


def test_many_wrong_tries_over_many_numbers_raise_the_alarm(cast: Cast) -> None:
    at = timezone.now()
    FollowGuard.objects.bulk_create(
        FollowGuard(key=f"k{n}", wrong=2, first_at=at) for n in range(schedule.GUESSES_ALARM)
    )
    assert following.wrong_tries(at - timedelta(hours=1)) == schedule.GUESSES_ALARM
    assert "wrong tries" in schedule.watch_guessing(at).error
    assert not schedule.watch_guessing(at + timedelta(hours=2)).error


def test_sessions_whose_time_is_over_are_forgotten(cast: Cast) -> None:
    client = sit(cast, "admin")
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert not schedule.forget_left(timezone.now()).error
    assert not Session.objects.exists()
    assert client.get("/meja/").status_code == 302


# --- settings -----------------------------------------------------------------------------------------------------------


def test_with_https_the_framework_finds_nothing_to_complain_about(tmp_path: Any) -> None:
    given = {**os.environ, "SIMPUL_HTTPS": "1", "SIMPUL_DATA": str(tmp_path), "DATABASE_URL": ""}
    kept = {
        "kind": "real",
        "https": True,
        "hosts": ["simpul.contoh.id"],
        "secret_key": get_random_secret_key(),
    }
    (tmp_path / "installation.json").write_text(json.dumps(kept))
    given.pop("SIMPUL_TESTING", None)
    code = (
        "import django; from django.conf import settings as s; django.setup();"
        "from django.core.management import call_command as c;"
        "c('check', deploy=True, fail_level='WARNING');"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SIMPUL_PROXIES)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**given, "DJANGO_SETTINGS_MODULE": "simpul.settings"},
        cwd=django_settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "__Host-session __Host-csrf ['127.0.0.0/8', '::1']" in done.stdout
