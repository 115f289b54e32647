"""The desk's pages of outreach, as a facilitator and a supervisor walk them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.outreach import actions
from simpul.outreach.models import Assignment, PersonCheck, Sample, SampleRow, Verification, Visit
from simpul.people.models import Household, Person
from tests.cast import BONTO_JAI
from tests.outreach.conftest import Field, field_
from tests.web.desk_pages import sit, words

__all__ = ["field_"]
pytestmark = pytest.mark.django_db
HOME = "/meja/jemput/"


def client_of(field: Field, part: str) -> Client:
    field.cast.seats[part] = field.seats[part]
    return sit(field.cast, part)


@pytest.fixture
def supervisor(field_: Field) -> Client:
    return client_of(field_, "rosdiana")


@pytest.fixture
def facilitator(field_: Field) -> Client:
    return client_of(field_, "arman")


def given(field: Field, *homes: Household, round_name: str = "2026-Q4") -> None:
    actions.assign_households(
        by=field.rosdiana,
        at=timezone.now(),
        seat_id=field.seats["arman"].id,
        household_ids=[one.id for one in homes],
        round_name=round_name,
    )


def door(home: Household) -> str:
    return f"{HOME}rumah/{home.id}/"


def submitted(field: Field, client: Client, home: Household) -> Verification:
    given(field, home)
    client.post(f"{door(home)}verifikasi/ambil/")
    person = Person.objects.get(household=home)
    client.post(f"{door(home)}verifikasi/kirim/", {"presence": "1", f"p-{person.id}": "1"})
    return Verification.objects.get(household=home)


def test_empty_pages_teach(field_: Field, supervisor: Client, facilitator: Client) -> None:
    assert "Belum ada rumah di daftar Anda" in words(facilitator.get(HOME))
    assert supervisor.get(HOME).url == f"{HOME}kemajuan/"
    for page, text in (
        ("kemajuan/", "Belum ada rumah di daftar"),
        ("bagi/", "Desa yang mana?"),
        (f"bagi/?wilayah={BONTO_JAI}", "Tidak ada rumah tangga"),
        ("belum-terjangkau/", "Desa yang mana?"),
        (f"belum-terjangkau/?wilayah={BONTO_JAI}", "Tidak ada rumah tangga"),
        ("periksa/", "Tidak ada yang menunggu"),
        ("sampel/", "Belum ada sampel"),
        ("cetak/", "Tidak ada yang dicetak"),
    ):
        assert text in words(supervisor.get(f"{HOME}{page}")), page


def test_who_has_no_part_in_it_finds_nothing(field_: Field, facilitator: Client) -> None:
    home = field_.home()
    given(field_, home)
    for page in ("kemajuan/", "bagi/", "periksa/", "sampel/"):
        assert facilitator.get(f"{HOME}{page}").status_code == 404
    for part in ("neighbour", "pokja", "administrator"):
        assert sit(field_.cast, part).get(HOME).status_code == 404
    assert sit(field_.cast, "manager").get(door(home)).status_code == 404
    assert facilitator.get(f"{HOME}cetak/?kursi={field_.seats['nur'].id}").status_code == 404
    assert facilitator.get(f"{HOME}cetak/?kursi=x").status_code == 404


def test_doors_are_given_by_ticks_and_seen_with_reasons(
    field_: Field,
    supervisor: Client,
    facilitator: Client,
) -> None:
    home, other = field_.home("Daeng Ngemba", kis_state="inactive"), field_.home("Baso")
    page = words(supervisor.get(f"{HOME}bagi/?wilayah={BONTO_JAI}&dusun={field_.hamlet.id}"))
    assert "Daeng Ngemba" in page and "KIS nonaktif" in page and "Baso" in page
    said: dict[str, Any] = {"wilayah": BONTO_JAI, "hanya": "bebas", "household": [str(home.id)]}
    assert supervisor.post(f"{HOME}bagi/", {**said, "seat": ""}).status_code == 422
    assert (
        supervisor.post(
            f"{HOME}bagi/", {**said, "household": [], "seat": str(field_.seats["arman"].id)}
        ).status_code
        == 422
    )
    answer = supervisor.post(
        f"{HOME}bagi/", {**said, "seat": str(field_.seats["arman"].id), "round_name": "2026-Q4"}
    )
    assert answer.status_code == 302 and Assignment.objects.get().household == home
    left = words(supervisor.get(f"{HOME}bagi/?wilayah={BONTO_JAI}"))
    assert "Baso" in left and "Daeng Ngemba" not in left
    mine = words(facilitator.get(HOME))
    assert "Daeng Ngemba" in mine and "belum pernah dikunjungi" in mine and "P3: Publish Petugas" in mine
    assert "Daeng Ngemba" in words(facilitator.get(f"{HOME}cetak/"))
    assert "Daeng Ngemba" in words(supervisor.get(f"{HOME}cetak/?kursi={field_.seats['arman'].id}"))
    assert other.name not in mine


def test_a_visit_is_written_down_once_and_taken_back(field_: Field, facilitator: Client) -> None:
    home = field_.home()
    page = facilitator.get(door(home)).content.decode()
    key = re.search(r'name="visit_id" value="([^"]+)"', page)
    assert key is not None
    said = {"outcome": "met", "words": "Tinggal sendiri", "visit_id": key[1]}
    for _press in range(2):
        assert facilitator.post(f"{door(home)}kunjungan/", said).status_code == 302
    assert Visit.objects.count() == 1 and "Tinggal sendiri" in words(facilitator.get(door(home)))
    assert facilitator.post(f"{door(home)}kunjungan/", {"outcome": ""}).status_code == 422
    ahead = facilitator.post(f"{door(home)}kunjungan/", {"outcome": "met", "day": "1/1/2099"})
    assert ahead.status_code == 422 and "masa depan" in words(ahead)
    facilitator.post(f"{HOME}kunjungan/{key[1]}/urungkan/", {"rumah": str(home.id)})
    assert Visit.objects.get().undone_at is not None


def test_a_verification_goes_from_the_door_to_its_end(
    field_: Field,
    supervisor: Client,
    facilitator: Client,
) -> None:
    home = field_.home(nik="7303015001800001")
    given(field_, home)
    assert "Ambil (M1)" in words(facilitator.get(door(home)))
    facilitator.post(f"{door(home)}verifikasi/ambil/")
    person = Person.objects.get()
    facilitator.post(f"{door(home)}verifikasi/simpan/", {"nama_baru": "Anak bungsu", "ada_baru": "5"})
    missing = facilitator.post(f"{door(home)}verifikasi/kirim/", {"presence": "1"})
    assert "Belum diisi: Daeng Ngemba" in words(facilitator.get(missing.url))
    facilitator.post(f"{door(home)}verifikasi/kirim/", {"presence": "1", f"p-{person.id}": "1"})
    check = Verification.objects.get()
    assert check.state == "M4"
    assert sorted(PersonCheck.objects.values_list("name", "state")) == [
        ("Anak bungsu", "MKb"),
        ("Daeng Ngemba", "MK"),
    ]
    assert "Daeng Ngemba" in words(supervisor.get(f"{HOME}periksa/"))
    assert supervisor.post(f"{door(home)}verifikasi/kembalikan/", {"note": ""}).status_code == 422
    supervisor.post(f"{door(home)}verifikasi/kembalikan/", {"note": "Anak bungsu ada"})
    assert "Anak bungsu ada" in words(facilitator.get(door(home)))
    facilitator.post(f"{door(home)}verifikasi/ambil/")
    child = PersonCheck.objects.get(name="Anak bungsu")
    facilitator.post(f"{door(home)}verifikasi/kirim/", {"presence": "1", f"h-{child.id}": "1"})
    supervisor.post(f"{door(home)}verifikasi/setujui/")
    assert sorted(PersonCheck.objects.values_list("name", "state")) == [
        ("Anak bungsu", "Q1a"),
        ("Daeng Ngemba", "Q2"),
    ]
    page = words(supervisor.get(door(home)))
    assert "disetujui" in page and "Q2: Padan" in page and "P3a" in page
    assert supervisor.post(f"{door(home)}verifikasi/melompat/").status_code == 404


def test_a_door_is_taken_off_the_list(field_: Field, supervisor: Client) -> None:
    home = field_.home()
    given(field_, home)
    one = Assignment.objects.get()
    supervisor.post(f"{HOME}bagi/{one.id}/tarik/", {"rumah": str(home.id), "why": ""})
    assert "Tulis beberapa kata" in words(supervisor.get(door(home)))
    supervisor.post(f"{HOME}bagi/{one.id}/tarik/", {"rumah": str(home.id), "why": "jalan putus"})
    one.refresh_from_db()
    assert one.ended_why == "jalan putus"


def test_progress_and_who_was_never_reached(field_: Field, supervisor: Client, facilitator: Client) -> None:
    seen, unseen = field_.home("Sudah"), field_.home("Belum Pernah")
    given(field_, seen)
    facilitator.post(f"{door(seen)}kunjungan/", {"outcome": "moved"})
    page = words(supervisor.get(f"{HOME}kemajuan/"))
    assert "Arman" in page and "1 (100 %)" in page
    for who in (supervisor, facilitator):
        never = words(who.get(f"{HOME}belum-terjangkau/?wilayah={BONTO_JAI}&dusun={field_.hamlet.id}"))
        assert unseen.name in never and "50 %" in never
    assert "Bonto Jai" in words(supervisor.get(f"{HOME}belum-terjangkau/"))


def test_published_step_by_step(field_: Field, supervisor: Client) -> None:
    home = field_.home()
    actions.open_verifications(
        by=field_.rosdiana, at=timezone.now(), household_ids=[home.id], round_name="2026-Q4"
    )
    for state in ("P0", "P1", "P2"):
        assert f"{state}:" in words(supervisor.get(f"{HOME}periksa/"))
        supervisor.post(f"{HOME}periksa/terbitkan/", {"keadaan": state})
    assert Verification.objects.get().state == "P3"
    assert supervisor.post(f"{HOME}periksa/terbitkan/", {"keadaan": "M4"}).status_code == 404


def test_a_sample_is_drawn_and_looked_at(field_: Field, supervisor: Client, facilitator: Client) -> None:
    home = field_.home()
    submitted(field_, facilitator, home)
    said = {"since": "1/1/2026", "until": "31/12/2099", "percent": "10"}
    assert supervisor.post(f"{HOME}sampel/", {**said, "percent": "0"}).status_code == 422
    here = supervisor.post(f"{HOME}sampel/", said).url
    assert here == f"{HOME}sampel/{Sample.objects.get().id}/" and home.name in words(supervisor.get(here))
    row = SampleRow.objects.get()
    look = f"{HOME}sampel/lihat/{row.id}/"
    supervisor.post(look, {"sampel": str(row.sample_id), "hasil": "differ", "kata": ""})
    assert "Tulis beberapa kata" in words(supervisor.get(here))
    supervisor.post(look, {"sampel": str(row.sample_id), "hasil": "return", "kata": "belum didatangi"})
    assert Verification.objects.get().state == "P3a" and "belum didatangi" in words(supervisor.get(here))
    assert "Arman" in words(supervisor.get(f"{HOME}sampel/")) or "ditarik" in words(
        supervisor.get(f"{HOME}sampel/")
    )
