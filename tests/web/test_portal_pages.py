"""The other public pages: home, answers with feeds, services, figures, languages, faults; and what they may weigh."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.cases.actions import handling, publishing
from simpul.cases.models import Publication
from simpul.feedback import actions as feedback_actions
from simpul.lib.actor import MACHINE
from simpul.reports import rules as report_rules
from simpul.web.portal import urls as portal_urls
from tests.cast import DUNGKAIT, Cast, assemble
from tests.house import pages as house_pages

pytestmark = pytest.mark.django_db

PAGES = (
    "/", "/lapor/", "/lapor/?soal=complaint", "/lapor/cerita/?jenis=complaint", "/lacak/", "/jawaban/", "/layanan/",
    "/layanan/aid_complaint/", "/angka/", "/privasi/", "/aksesibilitas/",
)  # fmt: skip
HEAVIEST = 35 * 1024


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def publish(cast: Cast) -> Callable[..., Publication]:
    """A function that brings a matter to its published answer."""

    def make(title: str = "Jembatan kecil diperbaiki", **given: Any) -> Publication:
        at = timezone.now() - timedelta(days=10)
        case = cast.case(at=at, **given)
        handling.claim_case(by=cast.admin, at=at, case_id=case.id)
        words = "Papan jembatan sudah diganti."
        handling.answer_case(by=cast.admin, at=at, case_id=case.id, text=words, decision="upheld")
        row = publishing.prepare_publication(
            by=cast.admin, at=at, case_id=case.id, title=title, text="Papan jembatan lapuk.", answer=words
        )
        publishing.release_publication(by=cast.approver, at=at, publication_id=row.id)
        row.refresh_from_db()
        return row

    return make


# --- weight and queries -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_with_everything_it_needs_weighs_at_most_35_kb(
    cast: Cast, client: Client, address: str
) -> None:
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    loads = set(re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)) | set(
        re.findall(r'<script src="([^"]+)"', html)
    )
    total = len(gzip.compress(page.content))
    for load in loads:
        answer = client.get(load)
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        total += len(gzip.compress(data))
    assert total <= HEAVIEST


@pytest.mark.parametrize("address", PAGES)
def test_a_page_needs_no_script(cast: Cast, client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        assert 'type="submit"' in form


def test_lists_cost_the_same_with_many_rows(
    cast: Cast, client: Client, publish: Callable[..., Publication], django_assert_max_num_queries: Any
) -> None:
    for place in range(6):
        publish(f"Jembatan {place}")
    with django_assert_max_num_queries(4):
        client.get("/jawaban/")
    with django_assert_max_num_queries(10):
        client.get("/")
    with django_assert_max_num_queries(3):
        client.get("/layanan/")


def test_every_address_of_the_portal_declares_its_policy() -> None:
    assert house_pages.without_policy(portal_urls.urlpatterns) == []


# --- answers ------------------------------------------------------------------------------------------------------------


def test_an_empty_list_teaches(cast: Cast, client: Client) -> None:
    page = client.get("/jawaban/").content.decode()
    assert "Belum ada jawaban yang diumumkan" in page
    assert "Tidak ada yang ditemukan" in client.get("/jawaban/?cari=zzz").content.decode()


def test_a_published_answer_is_listed_searched_and_read(
    cast: Cast, client: Client, publish: Callable[..., Publication]
) -> None:
    row = publish()
    assert row.title in client.get("/jawaban/").content.decode()
    assert row.title in client.get("/").content.decode()
    assert row.title in client.get("/jawaban/?cari=jembatan").content.decode()
    page = client.get(reverse("answer", args=[row.slug])).content.decode()
    assert "Papan jembatan sudah diganti." in page
    assert "Nurhayati" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("soal=complaint", True),
        ("soal=idea", False),
        (f"tempat={DUNGKAIT}", True),
        ("tempat=Botteng", False),
        ("hasil=upheld", True),
        ("hasil=rejected", False),
        ("tahun=2026", True),
    ],
)
def test_filters_live_in_the_address(
    cast: Cast, client: Client, publish: Callable[..., Publication], query: str, found: bool
) -> None:
    row = publish()
    assert (row.title in client.get(f"/jawaban/?{query}").content.decode()) is found


@pytest.mark.parametrize(
    "query",
    [
        "tahun=abc",
        "soal=%00",
        "hasil=;drop",
        "lanjut=xx",
        "cari=" + "x" * 500,
        "tempat=zzzz",
        "lanjut=9999999",
        "lanjut=9999-12-31T23:59:59-12:00_00000000000070008000000000000000",
        "lanjut=0001-01-01T00:00:00%2B12:00_00000000000070008000000000000000",
    ],
)
def test_an_invented_address_is_answered_calmly(cast: Cast, client: Client, query: str) -> None:
    assert client.get(f"/jawaban/?{query}").status_code in (200, 422)


def test_pages_follow_one_another(cast: Cast, client: Client, publish: Callable[..., Publication]) -> None:
    for place in range(3):
        publish(f"Jembatan nomor {place}")
    with mock.patch("simpul.cases.queries.publishing.for_public.__kwdefaults__", {
        "words": "", "group": "", "kind_code": "", "region_code": "", "decision": "", "since": None, "after": "", "limit": 2,
    }):  # fmt: skip
        first = client.get("/jawaban/")
        following = re.search(r'href="(\?lanjut=[^"]+)"', first.content.decode())
        assert following
        second = client.get("/jawaban/" + following[1].replace("&amp;", "&")).content.decode()
    seen = set(re.findall(r"Jembatan nomor \d", first.content.decode()))
    assert len(seen) == 2
    assert len(set(re.findall(r"Jembatan nomor \d", second)) - seen) == 1


def test_a_withdrawn_answer_is_gone(cast: Cast, client: Client, publish: Callable[..., Publication]) -> None:
    row = publish()
    publishing.withdraw_publication(
        by=cast.approver, at=timezone.now(), publication_id=row.id, reason="Diminta warga"
    )
    assert client.get(reverse("answer", args=[row.slug])).status_code == 404
    assert row.title not in client.get("/jawaban/atom.xml").content.decode()


def test_the_feeds_can_be_read_by_programs(
    cast: Cast, client: Client, publish: Callable[..., Publication]
) -> None:
    row = publish()
    atom = client.get("/jawaban/atom.xml")
    tree = ElementTree.fromstring(atom.content)  # noqa: S314 - our own feed
    assert (
        tree.find("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title").text == row.title
    )  # type: ignore[union-attr]
    feed = json.loads(client.get("/jawaban/feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["title"] == row.title


def last_quarter() -> datetime:
    """A moment in the quarter that is over: tables are made of those alone."""
    quarter = report_rules.finished_quarters(timezone.now().date())[0]
    return datetime.combine(quarter.first_date, time(4), UTC) + timedelta(days=20)


# --- services and figures -----------------------------------------------------------------------------------------------


def test_a_service_standard_has_its_fourteen_parts_and_the_source_of_its_clock(
    cast: Cast, client: Client
) -> None:
    page = client.get("/layanan/complaint/").content.decode()
    assert page.count("govuk-summary-list__key") >= 14
    for words in ("Gratis", "14 hari kerja", "PermenPANRB 62/2018", "belum dicocokkan"):
        assert words in page
    assert client.get("/layanan/tidak-ada/").status_code == 404


def test_the_declaration_of_service_names_the_institution(cast: Cast, client: Client) -> None:
    assert "Kami, Pemerintah Kabupaten Mamuju, sanggup" in client.get("/layanan/").content.decode()


def test_small_groups_are_hidden_and_every_number_has_its_definition(cast: Cast, client: Client) -> None:
    cache.clear()
    quarter, kinds = last_quarter(), ["complaint"] * 9 + ["aspiration"] * 2
    for kind in kinds:
        cast.case(at=quarter, kind_code=kind)
    page = client.get("/angka/").content.decode()
    assert "disembunyikan" in page
    assert "Diam dihitung di sini" in page
    assert client.get("/angka/?bulan=abc&triwulan=xx&desa=7602132001").status_code == 200


def test_hamlets_open_from_their_village(cast: Cast, client: Client) -> None:
    cache.clear()
    for _time in range(6):
        cast.case(at=last_quarter(), hamlet_id=cast.hamlet.id)
    page = client.get("/angka/").content.decode()
    link = re.search(r'href="(\?bulan=12&(?:amp;)?triwulan=[^"#]+)', page)
    assert link and "Dusun Taludu" not in page
    assert "Dusun Taludu" in client.get("/angka/" + link[1].replace("&amp;", "&")).content.decode()


def test_what_changed_and_what_is_true_stand_beside_the_figures(cast: Cast, client: Client) -> None:
    feedback_actions.load_frame(by=MACHINE, at=timezone.now())
    day = timezone.now().date()
    feedback_actions.note_change(
        by=cast.manager, at=timezone.now(), words="Jadwal beras kini ditempel di kantor desa.", codes=["q-when"],
        since_date=day, until_date=day, region_code="7602", decided_by="Rapat Pokja", decided_date=day, public=True,
    )  # fmt: skip
    assert "Jadwal beras kini ditempel" in client.get("/angka/").content.decode()


def test_the_csv_cannot_run_in_a_spreadsheet(cast: Cast, client: Client) -> None:
    from_name = "=cmd|' /C calc'!A0"
    cache.clear()
    kind = cast.case(at=last_quarter()).kind
    kind.name = from_name
    kind.save()
    for _time in range(6):
        cast.case(at=last_quarter())
    answer = client.get("/angka/angka.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert f"'{from_name}" in answer.content.decode()
    assert not re.search(r"(?m)(^|,)\"?[=+@-]\w", answer.content.decode())


# --- language, faults, health -------------------------------------------------------------------------------------------


def test_the_language_is_chosen_by_link_or_form_and_remembered(cast: Cast, client: Client) -> None:
    answer = client.get("/bahasa/?ke=en&kembali=/lacak/")
    assert answer.url == "/lacak/"
    assert client.cookies["bahasa"].value == "en"
    assert "Follow my report" in client.get("/lacak/").content.decode()
    client.post("/bahasa/", {"ke": "id", "kembali": "/lacak/"})
    assert "Lacak laporan saya" in client.get("/lacak/").content.decode()


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_the_language_switch_leads_nowhere_else(cast: Cast, client: Client, back: str) -> None:
    assert client.get("/bahasa/", {"ke": "en", "kembali": back}).url == "/"


def test_an_unknown_language_changes_nothing(cast: Cast, client: Client) -> None:
    client.get("/bahasa/?ke=xx&kembali=/")
    assert "bahasa" not in client.cookies


def test_an_unknown_page_says_where_to_go(cast: Cast, client: Client) -> None:
    page = client.get("/tidak-ada/")
    assert page.status_code == 404
    assert "/lapor/" in page.content.decode()


def test_a_full_disk_gives_a_clear_page_and_acknowledges_nothing(cast: Cast, client: Client) -> None:
    with mock.patch(
        "simpul.web.portal.services.kind_queries.kinds_offered", side_effect=OperationalError("disk is full")
    ):
        page = client.get("/layanan/")
    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "belum ada nomor" in page.content.decode()


def test_an_unexpected_fault_shows_a_page_without_details(cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    with mock.patch(
        "simpul.web.portal.services.kind_queries.kinds_offered", side_effect=RuntimeError("secret words")
    ):
        page = client.get("/layanan/")
    assert page.status_code == 500
    assert "secret words" not in page.content.decode()


@pytest.mark.parametrize(
    "name", ["storage", "server_error", "not_found", "bad_request", "stale_form", "refused"]
)
def test_the_pages_for_faults_can_be_drawn_without_a_database(name: str) -> None:
    broken = OperationalError("gone")
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=broken):
        page = render_to_string(
            f"faults/{name}.html", {"institution": {"name": "Simpul", "short_name": "Simpul"}}
        )
    assert "<h1>" in page
    assert 'href="/"' in page


def test_health_answers_without_data(cast: Cast, client: Client) -> None:
    answer = client.get("/sehat/")
    assert answer.status_code == 200
    assert set(answer.json()) == {"ok", "worker_age_seconds"}
    assert answer.json()["ok"] is True
