"""Published answers on other sites: feeds that keep their ids, and the one page that may stand in a frame."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import handling, publishing
from simpul.cases.models import Publication
from tests.cast import BOTTENG, DUNGKAIT, Cast, assemble

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/jawaban/atom.xml", "/jawaban/feed.json", "/jawaban/sisip/")


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def publish(cast: Cast) -> Callable[..., Publication]:
    def make(title: str = "Jembatan kecil diperbaiki", **given: Any) -> Publication:
        at = timezone.now() - timedelta(days=10)
        case = cast.case(at=at, **given)
        handling.claim_case(by=cast.admin, at=at, case_id=case.id)
        handling.answer_case(
            by=cast.admin,
            at=at,
            case_id=case.id,
            text="Papan sudah diganti.",
            decision=given.get("d", "upheld"),
        )
        row = publishing.prepare_publication(
            by=cast.admin,
            at=at,
            case_id=case.id,
            title=title,
            text="Papan jembatan lapuk.",
            answer="Papan sudah diganti.",
        )
        publishing.release_publication(by=cast.approver, at=at, publication_id=row.id)
        row.refresh_from_db()
        return row

    return make


def titles(client: Client, query: str = "") -> list[str]:
    return [one["title"] for one in json.loads(client.get(f"/jawaban/feed.json{query}").content)["items"]]


def test_entries_keep_their_id_whatever_host_they_are_read_from(
    client: Client, publish: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["satu.example", "dua.example"]
    row = publish()
    for host in ("satu.example", "dua.example"):
        feed = json.loads(client.get("/jawaban/feed.json", headers={"host": host}).content)
        tree = ElementTree.fromstring(client.get("/jawaban/atom.xml", headers={"host": host}).content)  # noqa: S314
        assert feed["items"][0]["id"] == f"urn:uuid:{row.id}" == tree.findtext(f"{ATOM}entry/{ATOM}id")
        assert host in feed["items"][0]["url"]


def test_feeds_are_narrowed_by_place_and_kind(client: Client, publish: Any) -> None:
    publish("Di Dungkait")
    publish("Di Botteng", region_code=BOTTENG)
    assert titles(client, f"?tempat={BOTTENG}") == ["Di Botteng"]
    assert titles(client, "?tempat=76.02&soal=complaint&jenis=complaint") == ["Di Botteng", "Di Dungkait"]
    assert titles(client, "?soal=idea") == titles(client, "?jenis=aspiration") == []
    assert titles(client, "?jumlah=1") == ["Di Botteng"]
    for odd in ("?tempat=zz", "?jumlah=0", "?jumlah=-3", "?jumlah=99999", "?tempat=%00", "?soal=%00"):
        assert client.get(f"/jawaban/feed.json{odd}").status_code == 200


@pytest.mark.parametrize("address", FEEDS)
def test_a_reader_does_not_fetch_twice_what_has_not_changed(
    cast: Cast, client: Client, publish: Any, address: str
) -> None:
    row = publish()
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    publishing.withdraw_publication(
        by=cast.approver, at=timezone.now(), publication_id=row.id, reason="Diminta warga"
    )
    again = client.get(
        address, headers={"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]}
    )
    assert again.status_code == 200 and row.title not in again.content.decode()
    assert client.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 200


@pytest.mark.parametrize("address", FEEDS)
def test_a_correction_is_a_new_version_of_the_same_entry(
    cast: Cast, client: Client, publish: Any, address: str
) -> None:
    row = publish()
    before = client.get(address)["ETag"]
    publishing.correct_publication(
        by=cast.approver, at=timezone.now(), publication_id=row.id, title="Jembatan utama", text=row.text,
        answer=row.answer, reason="Salah nama",
    )  # fmt: skip
    after = client.get(address)
    assert after["ETag"] != before and "Jembatan utama" in after.content.decode()


@pytest.mark.parametrize("address", FEEDS)
def test_feeds_of_nothing_are_feeds(cast: Cast, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_list_for_a_frame_may_be_framed_and_nothing_else_may(client: Client, publish: Any) -> None:
    row = publish()
    answer = client.get(f"/jawaban/sisip/?tempat={DUNGKAIT}")
    page = answer.content.decode()
    assert row.title in page and "Dungkait" in page
    assert "X-Frame-Options" not in answer and "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not answer.cookies and "<script" not in page and "<form" not in page
    assert 'target="_blank" rel="noopener"' in page
    assert len(answer.content) < 10_000
    other = client.get("/jawaban/")
    assert other["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert "Published answers" in client.get("/jawaban/sisip/?bahasa=en").content.decode()


def test_the_frame_speaks_the_language_of_its_address_not_of_a_cookie(client: Client, publish: Any) -> None:
    publish()
    client.cookies["bahasa"] = "en"
    assert "Jawaban" in client.get("/jawaban/sisip/").content.decode()
