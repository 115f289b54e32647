"""Field sheets on the desk: print, enter row by row, what is refused stays typed, photo, end; the neighbour finds none."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from simpul.outreach.models import Sheet, Trip, Visit
from simpul.people import actions as people_actions
from tests.cast import BONTO_JAI, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/lembar/"


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    for name in ("Daeng Baji", "Daeng Tarru"):
        people_actions.open_household(by=made.neighbour_coordinator, at=NOW, region_code=BONTO_JAI, name=name)
    return made


@pytest.fixture
def client(cast: Cast) -> Any:
    return sit(cast, "neighbour_coordinator")


def printed(client: Any, **given: str) -> Sheet:
    asked = {"wilayah": BONTO_JAI, "kind": "visits", "lines": "20", **given}
    answer = client.post(f"{HOME}baru/", asked)
    assert answer.status_code == 302, words(answer)
    return Sheet.objects.latest("printed_at")


def test_a_sheet_is_printed_with_a_square_for_each_row(client: Any) -> None:
    assert "Belum ada lembar" in words(client.get(HOME))
    sheet = printed(client)
    page = client.get(f"{HOME}{sheet.id}/cetak/")
    assert page.content.count(b'class="qr"') == 3 and "Daeng Baji" in words(page)
    assert "Lembar pengembalian" in words(page)


def test_rows_are_entered_and_those_left_empty_stay_open(client: Any) -> None:
    sheet = printed(client)
    given = {"hari": NOW.date().isoformat(), "hasil-1": "met", "dengan-1": "Ibu Baji", "jam-1": "10.30"}
    page = client.post(f"{HOME}{sheet.id}/", given, follow=True)
    assert "1 baris dimasukkan" in words(page) and Visit.objects.get().spoke_to == "Ibu Baji"
    assert Visit.objects.get().visited_at.astimezone().minute == 30
    assert list(sheet.rows.order_by("position").values_list("state", flat=True)) == ["entered", "open"]
    client.post(f"{HOME}{sheet.id}/", {"kosong-2": "1"})
    assert client.post(f"{HOME}{sheet.id}/selesai/", {}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "finished" and "sudah dimasukkan" in words(client.get(HOME))


def test_what_is_refused_stays_typed_beside_its_reason(client: Any) -> None:
    sheet = printed(client)
    page = client.post(f"{HOME}{sheet.id}/", {"hasil-1": "met", "jam-1": "pagi", "dengan-1": "Ibu Baji"})
    assert page.status_code == 422 and "Tulis jumlah dengan angka" in words(page)
    assert b'value="Ibu Baji"' in page.content and not Visit.objects.exists()


def test_blank_forms_bear_number_and_pin(client: Any) -> None:
    sheet = printed(client, kind="cases", lines="2")
    page = words(client.get(f"{HOME}{sheet.id}/cetak/"))
    row = sheet.rows.first()
    assert row is not None and row.number in page and "PIN" in page
    given = {"kata-1": "Jembatan rusak.", "nama-1": "Daeng Baji", "jenis-1": "complaint"}
    answer = client.post(f"{HOME}{sheet.id}/", given)
    assert answer.status_code in (302, 422)
    client.post(f"{HOME}{sheet.id}/batal/", {"words": "Salah cetak"})
    sheet.refresh_from_db()
    assert sheet.state == "void"


def test_a_guest_book_needs_its_stop(client: Any) -> None:
    page = client.post(f"{HOME}baru/", {"wilayah": BONTO_JAI, "kind": "guests", "lines": "5"})
    assert page.status_code == 422 and "Pilih persinggahan" in words(page)
    trip = Trip.objects.create(
        purpose="Uji",
        region_code=BONTO_JAI,
        season="dry",
        start_date=NOW.date(),
        end_date=NOW.date(),
        planned_at=NOW,
    )
    stop = trip.stops.create(position=1, region_code=BONTO_JAI, added_at=NOW)
    sheet = printed(client, kind="guests", lines="5", stop=str(stop.id))
    client.post(f"{HOME}{sheet.id}/", {"nama-1": "Daeng Ngai", "asal-1": "Kayu Loe", "perlu-1": "KIS"})
    assert stop.guests.get().purpose == "KIS"


def test_the_photo_is_cleaned_and_shown(client: Any) -> None:
    sheet = printed(client)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "JPEG")
    picture.seek(0)
    picture.name = "lembar.jpg"
    client.post(f"{HOME}{sheet.id}/foto/", {"foto": picture})
    shown = client.get(f"{HOME}{sheet.id}/foto/lihat/")
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    assert client.post(f"{HOME}{sheet.id}/foto/", {}).status_code == 302


def test_a_code_opens_its_sheet(client: Any) -> None:
    sheet = printed(client)
    answer = client.get(HOME, {"kode": f"SMPLK:{sheet.code}:2"})
    assert answer.url == f"{HOME}{sheet.id}/#b-2"
    assert "Tidak ada lembar dengan kode ini" in words(client.get(HOME, {"kode": "ZZZZZZ"}))


def test_the_neighbour_finds_no_sheet_of_here(cast: Cast, client: Any) -> None:
    sheet = printed(client)
    other = sit(cast, "village_officer")
    assert sheet.code[:3] not in words(other.get(HOME))
    for path in ("", "cetak/", "foto/lihat/"):
        assert other.get(f"{HOME}{sheet.id}/{path}").status_code == 404
    for path in ("foto/", "selesai/", "batal/"):
        assert other.post(f"{HOME}{sheet.id}/{path}", {"words": "x"}).status_code in (302, 404)
    sheet.refresh_from_db()
    assert sheet.state == "printed"
