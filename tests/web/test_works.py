"""Works and idle land as pages: an officer of the village writes, everybody reads what may be read, the neighbour finds nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from simpul.community.models import (
    Harvest,
    Labour,
    LandUse,
    Material,
    Money,
    OwnerConsent,
    Parcel,
    Picture,
    Rate,
    Tool,
    Work,
)
from tests.cast import NOW, Cast, assemble
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/karya/"
DAY = NOW.date()


@pytest.fixture
def cast(db: None, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """One village with its officers, and the neighbour."""
    monkeypatch.setattr(settings, "SIMPUL_FILES", tmp_path / "files")
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Client:
    """The officer of the post."""
    return sit(cast, "village_officer")


@pytest.fixture
def head(cast: Cast) -> Client:
    """The head of the village."""
    return sit(cast, "village_head")


def date_of(days: int = 0) -> str:
    """A day as it is typed."""
    return f"{DAY - timedelta(days=days):%d/%m/%Y}"


def planned(officer: Client) -> Work:
    """A work, planned by the form."""
    answer = officer.post(
        f"{HOME}baru/", {"title": "Selokan masjid", "volume": "120 m", "about": "Sering tergenang"}
    )
    work = Work.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"{HOME}{work.id}/"
    return work


def test_an_empty_list_teaches_and_a_plan_needs_a_title(officer: Client) -> None:
    assert "Belum ada karya" in words(officer.get(HOME))
    refused = officer.post(f"{HOME}baru/", {"title": ""})
    assert refused.status_code == 422 and not Work.objects.exists()


def test_a_work_is_planned_filled_finished_shown_and_printed(officer: Client, head: Client) -> None:
    work = planned(officer)
    page = f"{HOME}{work.id}/"
    assert (
        head.post(
            f"{HOME}harga/", {"name": "Semen", "unit": "sak", "price": "65.000", "from_date": date_of(20)}
        ).status_code
        == 302
    )
    rate = Rate.objects.get()
    officer.post(f"{page}langkah/mulai/", {"day": date_of(3)})
    answer = officer.post(
        f"{page}catat/tenaga/",
        {
            "day": date_of(2),
            "name": "Pemuda Taludu",
            "people": "9",
            "half_days": "1",
            "named": "on",
            "lagi": "1",
        },
    )
    assert answer["Location"].startswith(f"{page}catat/tenaga/?hari=")
    officer.post(
        f"{page}catat/bahan/",
        {"day": date_of(1), "rate": str(rate.id), "quantity": "2,5", "source": "swadaya"},
    )
    officer.post(
        f"{page}catat/uang/",
        {
            "day": date_of(),
            "direction": "out",
            "amount": "100.000",
            "source": "swadaya",
            "words": "Konsumsi",
            "receipt": photo("nota.jpg"),
        },
    )
    officer.post(f"{page}catat/alat/", {"day": date_of(), "name": "Molen", "count": "1", "owner": "Pak Ali"})
    officer.post(f"{page}catat/foto/", {"day": date_of(), "stage": "before", "file": photo(), "shown": "on"})
    for table in (Labour, Material, Money, Tool, Picture):
        assert table.objects.count() == 1, table
    shown = words(officer.get(page))
    assert "4,5" in shown and "Rp162.500" in shown and "Molen" in shown
    money, picture = Money.objects.get(), Picture.objects.get()
    assert officer.get(f"{HOME}kuitansi/{money.id}").status_code == 200
    assert officer.get(f"{HOME}foto/{picture.id}")["Content-Type"] == "image/jpeg"
    assert "Konsumsi" in words(officer.get(f"{page}cetak/"))
    assert "Tanda tangan" in words(officer.get(f"{page}cetak/?apa=kosong"))
    officer.post(f"{page}alat/{Tool.objects.get().id}/", {"day": date_of(), "condition": ""})
    officer.post(f"{page}langkah/selesai/", {"day": date_of(), "result": "Selokan batu 120 meter."})
    assert officer.post(f"{page}langkah/tampilkan/").status_code == 404
    head.post(f"{page}langkah/tampilkan/")
    anybody = Client()
    public = words(anybody.get(f"/karya/{work.id}/"))
    assert (
        "Pemuda Taludu" in public and "4,5 hari orang kerja" in public and "Selokan batu 120 meter." in public
    )
    assert "Selokan masjid" in words(anybody.get("/karya/"))
    assert anybody.get(f"/karya/foto/{picture.id}").status_code == 200
    head.post(f"{page}langkah/sembunyikan/")
    assert anybody.get(f"/karya/{work.id}/").status_code == 404
    assert anybody.get(f"/karya/foto/{picture.id}").status_code == 404


def test_a_refusal_stands_beside_what_was_typed_and_a_line_is_taken_back(officer: Client) -> None:
    work = planned(officer)
    page = f"{HOME}{work.id}/"
    refused = officer.post(
        f"{page}catat/bahan/",
        {"day": date_of(), "name": "Pasir", "unit": "m3", "quantity": "1", "source": "swadaya"},
    )
    assert refused.status_code == 422 and "Pasir" in refused.content.decode()
    assert (
        officer.post(f"{page}langkah/selesai/", {"day": date_of(), "result": "belum mulai"}).status_code
        == 422
    )
    officer.post(f"{page}catat/tenaga/", {"day": date_of(), "name": "Baso", "people": "1", "half_days": "2"})
    row = Labour.objects.get()
    assert officer.post(f"{page}tarik/tenaga/{row.id}/", {"why": ""}).status_code == 422
    officer.post(f"{page}tarik/tenaga/{row.id}/", {"why": "salah orang"})
    assert Labour.objects.get().withdrawn_at is not None
    assert "salah orang" in words(officer.get(page))


def test_land_is_listed_agreed_tilled_harvested_and_given_back(officer: Client, head: Client) -> None:
    assert "Belum ada lahan tidur" in words(officer.get("/meja/lahan/"))
    officer.post(
        "/meja/lahan/baru/",
        {"name": "Kebun bawah", "square_metres": "2400", "ground": "dry", "owner_name": "Hj. Saodah"},
    )
    parcel = Parcel.objects.get()
    page = f"/meja/lahan/{parcel.id}/"
    until = f"{DAY + timedelta(days=900):%d/%m/%Y}"
    tilling = {
        "group": "KWT Melati",
        "people": "11",
        "crop": "Jagung",
        "started_date": date_of(),
        "until_date": until,
        "owner_share": "10",
        "village_share": "5",
    }
    refused = officer.post(f"{page}catat/garap/{parcel.id}/", tilling)
    assert refused.status_code == 422 and "belum mengizinkan" in words(refused)
    officer.post(
        f"{page}catat/izin/{parcel.id}/",
        {"giver": "Hj. Saodah", "how": "signed", "from_date": date_of(30), "to_date": until},
    )
    assert OwnerConsent.objects.count() == 1
    officer.post(f"{page}catat/garap/{parcel.id}/", tilling)
    use = LandUse.objects.get()
    officer.post(f"{page}catat/biaya/{use.id}/", {"day": date_of(), "what": "Benih", "value": "50.000"})
    officer.post(
        f"{page}catat/panen/{use.id}/", {"day": date_of(), "what": "Jagung", "weight": "120 kg", "value": ""}
    )
    assert Harvest.objects.get().owner_grams == 12_000
    shown = words(officer.get(page))
    assert "pemilik 12 kg, desa 6 kg, penggarap 102 kg" in shown and "Hj. Saodah" in shown
    assert "Hj. Saodah" not in words(Client().get("/lahan/")) and "Jagung" in words(Client().get("/lahan/"))
    officer.post(f"{page}catat/kembali/{use.id}/", {"day": date_of(), "state": "bersih"})
    assert officer.post(f"{page}hapus/").status_code == 404
    assert head.post(f"{page}hapus/")["Location"] == "/meja/lahan/"


def test_the_neighbour_finds_nothing(cast: Cast, officer: Client) -> None:
    work = planned(officer)
    officer.post(
        "/meja/lahan/baru/", {"name": "Kebun", "square_metres": "10", "ground": "dry", "owner_name": "Ali"}
    )
    neighbour = sit(cast, "neighbour_officer")
    for path in (
        f"{HOME}{work.id}/",
        f"{HOME}{work.id}/cetak/",
        f"{HOME}{work.id}/catat/tenaga/",
        f"/meja/lahan/{Parcel.objects.get().id}/",
    ):
        assert neighbour.get(path).status_code == 404, path
    assert "Selokan" not in words(neighbour.get(HOME))
    assert sit(cast, "pokja").get(HOME).status_code == 404
