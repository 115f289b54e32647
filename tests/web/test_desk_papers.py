"""/meja/tumpukan/: a stack typed in by the keyboard, undone, resumed, and its receipts printed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Attachment, Case, Sheet, Stack
from simpul.journal.models import Line
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def day(ago: int = 0) -> str:
    found = timezone.now().date() - timedelta(days=ago)
    return f"{found.day}/{found.month}/{found.year}"


def begin(client: Client, **given: Any) -> Any:
    page = client.get("/meja/tumpukan/baru/").content.decode()
    key = re.search(r'name="stack_id" value="([^"]*)"', page)[1]  # type: ignore[index]
    values = {
        "stack_id": key, "region": DUNGKAIT, "kind_code": "complaint", "received_date": day(1), "written_date": day(5),
        "brought_by": "Kepala Dusun", "distribution": "BLT tahap 2", "title": "",
    }  # fmt: skip
    return client.post("/meja/tumpukan/baru/", {**values, **given})


def enter(client: Client, address: str, **given: Any) -> Any:
    page = client.get(address).content.decode()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]
        for name in ("case_id", "kept")
    }
    values = {
        "number": "012/BLT",
        "name": "Nurhayati",
        "text": "Nama saya tidak ada di daftar.",
        "urgency": "normal",
    }
    return client.post(address, {**hidden, **values, **given})


def test_sheet_after_sheet_is_typed_and_the_next_number_stands_ready(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    answer = enter(client, address, uploads=photo(), hamlet_id=str(cast.hamlet.id), writer="Ilham Rasyid")
    assert answer["Location"] == address
    case = Case.objects.get()
    assert (case.channel, case.paper_number, case.paper_writer) == ("paper", "012/BLT", "Ilham Rasyid")
    assert case.paper_date == timezone.now().date() - timedelta(days=5)
    assert Attachment.objects.get(case=case).kind == "photo"
    page = client.get(address)
    assert 'value="013/BLT"' in page.content.decode()
    assert case.number in words(page)
    assert "Nurhayati" in words(page)
    enter(client, address, number="013/BLT", written_date=day(7))
    assert Sheet.objects.count() == 2


def test_a_number_twice_asks_and_keeps_the_photo(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    enter(client, address)
    again = enter(client, address, number="012 / blt", uploads=photo())
    assert again.status_code == 422
    html = again.content.decode()
    assert 'name="another"' in html
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]  # type: ignore[index]
        for name in ("case_id", "kept")
    }
    values = {"number": "012 / blt", "text": "Lembar lain.", "urgency": "normal", "another": "on"}
    assert client.post(address, {**hidden, **values}).status_code == 302
    assert Attachment.objects.count() == 1
    assert Case.objects.count() == 2


def test_dates_before_today_are_taken_and_tomorrow_is_not(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    assert begin(client, received_date=day(-2)).status_code == 422
    assert begin(client, written_date=day(-2)).status_code == 422
    assert begin(client, region="Bonto Jai").status_code == 422
    address = str(begin(client, received_date=day())["Location"])
    assert enter(client, address, written_date=day(-2)).status_code == 422
    assert enter(client, address, text="").status_code == 422
    assert enter(client, address, written_date=day(300)).status_code == 302


def test_the_last_one_is_taken_back_and_the_stack_goes_on_later(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    assert "tidak dapat ditarik" in words(client.post(f"{address}batal/", follow=True))
    enter(client, address)
    assert "Ditarik" in words(client.post(f"{address}batal/", follow=True))
    assert Case.objects.get().state == "withdrawn"
    enter(client, address, number="013")
    assert address in client.get("/meja/tumpukan/").content.decode()
    slips = client.get(f"{address}tanda/")
    assert words(slips).count("PIN:") == 1
    assert Case.objects.get(state="new").number.replace("-", " ") in words(slips).replace("-", " ")
    assert Line.objects.filter(kind="view.record", subject_kind="stack").exists()
    client.post(f"{address}tutup/")
    assert Stack.objects.get().closed_at is not None
    assert client.get(f"{address}tanda/").status_code == 404
    assert 'name="number"' not in client.get(address).content.decode()
    assert "sudah ditutup" in words(client.post(f"{address}tutup/", follow=True))


def test_another_desk_finds_no_stack_and_prints_no_receipt(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    enter(client, address)
    for part in ("neighbour", "admin", "focal"):
        other = sit(cast, part)
        assert other.get(address).status_code == 404
        assert other.get(f"{address}tanda/").status_code == 404
        assert other.post(f"{address}batal/").status_code == 404
        assert other.post(f"{address}tutup/").status_code == 404
    assert sit(cast, "administrator").get("/meja/tumpukan/").status_code == 404


def test_a_sealed_sheet_is_named_by_no_number(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    enter(client, address, text="Anak saya diperkosa tetangga.")
    shown = words(client.get(address))
    assert Case.objects.get().number not in shown
    assert "diperkosa" not in shown


def test_a_long_stack_costs_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = sit(cast, "village_officer")
    address = str(begin(client)["Location"])
    enter(client, address)
    with django_assert_max_num_queries(45) as few:
        client.get(address)
    once = len(few)
    for number in range(6):
        enter(client, address, number=f"1{number}")
    with django_assert_max_num_queries(once):
        client.get(address)
