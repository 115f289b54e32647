"""The desk's pages of the night watch, as the post walks them from the roster to the page for the file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case
from simpul.people import actions as people_actions
from simpul.village_post.models import (
    Exemption,
    NightNote,
    Patrol,
    Presence,
    StayReport,
    WatchDuty,
    Watcher,
    WatchIncident,
    WatchNight,
    WatchPost,
    WatchRoster,
    WatchSwap,
)
from simpul.village_post.queries import ronda as queries
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/ronda/"
SECRET = "Suami memukul istrinya di rumah biru"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


def post(client: Client, **given: Any) -> str:
    """The address of a new post with six people."""
    said = {
        "name": "Pos Taludu",
        "starts": "22.00",
        "ends": "04.00",
        "mode": "person",
        "per_night": "2",
        "round_times": "23.00, 01.00",
    }
    made = client.post(f"{HOME}baru/", {**said, **given})
    assert made.status_code == 302, words(made)
    for letter in "ABCDEF":
        client.post(made.url, {"name": f"Peronda {letter}", "phone": "", "group": ""})
    return f"{HOME}{WatchPost.objects.get().id}/"


def night(client: Client, here: str) -> str:
    """The address of the book of tonight."""
    answer = client.post(f"{here}malam/")
    return str(answer.url)


def test_empty_lists_teach(officer: Client) -> None:
    for path, said in (
        ("", "No watch post yet"),
        ("kejadian/", "Nothing has happened"),
        ("tamu/", "No guest was reported"),
    ):
        officer.cookies["simpul_language"] = "en"
        assert officer.get(HOME + path).status_code == 200, said
    assert "Linmas" in words(officer.get(f"{HOME}ekspor/"))


def test_a_post_is_opened_with_people_points_and_things(cast: Cast, officer: Client) -> None:
    person = people_actions.register_person(
        by=cast.village_officer, at=timezone.now(), full_name="Sudirman Tawil", region_code=DUNGKAIT
    ).person
    here = post(officer)
    assert "Sudirman Tawil" in words(officer.get(f"{here}orang/?kata=sudir"))
    officer.post(f"{here}orang/", {"person": [str(person.id)], "kelompok": "A"})
    assert Watcher.objects.filter(person=person, group="A").exists()
    officer.post(f"{here}pos/titik/", {"nama": "Jembatan"})
    officer.post(f"{here}pos/barang/", {"jenis": "torch", "nama": "", "jumlah": "2"})
    shown = words(officer.get(f"{here}pos/"))
    assert "Jembatan" in shown and "×2" in shown and "23.00, 01.00" in shown
    assert officer.get(f"{here}pos/ubah/").status_code == 200
    wrong = officer.post(
        f"{here}pos/ubah/", {"name": "", "starts": "x", "ends": "4", "mode": "person", "per_night": "2"}
    )
    assert wrong.status_code == 422
    officer.post(f"{here}pos/tutup/")
    assert WatchPost.objects.get().closed_at is not None
    officer.post(f"{here}pos/buka/")
    assert officer.post(f"{here}pos/kucing/").status_code == 404
    who = Watcher.objects.first()
    assert who is not None
    free = f"{HOME}peronda/{who.id}/"
    officer.post(free, {"kind": "elderly", "from_date": "1/12/2026", "until_date": "", "note": ""})
    assert officer.get(free).status_code == 200 and officer.get(f"{here}orang/").status_code == 200
    officer.post(f"{HOME}bebas/{Exemption.objects.get().id}/akhiri/", {"peronda": str(who.id)})
    officer.post(free, {"name": "Peronda Satu", "phone": "", "group": "B"})
    officer.post(f"{HOME}peronda/{who.id}/keluar/")
    assert "Peronda Satu" in words(officer.get(f"{here}orang/?lihat=dulu"))


def test_a_roster_is_made_swapped_published_and_printed(cast: Cast, officer: Client) -> None:
    here = post(officer)
    made = officer.post(f"{here}jadwal/", {"first": "1/12/2026", "last": "31/12/2026"})
    assert made.status_code == 302, words(made)
    roster = WatchRoster.objects.get()
    sheet = words(officer.get(made.url))
    assert "Peronda A" in sheet and "10" in sheet
    officer.post(f"{made.url}terbit/")
    duty, _second, other = roster.duties.order_by("night_date")[:3]
    swap = f"{HOME}jaga/{duty.id}/"
    assert officer.get(swap).status_code == 200
    refused = officer.post(swap, {"other": f"{other.watcher_id}:{other.id}", "asked_by": "phone", "why": ""})
    assert refused.status_code in (302, 422)
    WatchSwap.objects.all().delete()
    guest = Watcher.objects.create(post=roster.post, name="Pengganti", recorded_at=timezone.now())
    assert (
        officer.post(swap, {"other": f"{guest.id}:", "asked_by": "phone", "why": "sakit"}).status_code == 302
    )
    assert "Pengganti" in words(officer.get(made.url))
    officer.post(
        f"{HOME}tukar/{WatchSwap.objects.get().id}/",
        {"jadwal": str(roster.id), "jawab": "ya", "lewat": "present"},
    )
    assert WatchDuty.objects.get(id=duty.id).watcher == guest
    assert "Peronda B" in words(officer.get(f"{made.url}cetak/"))
    assert officer.get(f"{made.url}tarik/").status_code == 200
    officer.post(f"{made.url}tarik/", {"why": "jam berubah"})
    assert WatchRoster.objects.get().state == "withdrawn" and officer.get(f"{here}jadwal/").status_code == 200


def test_a_night_is_kept_closed_and_printed(cast: Cast, officer: Client) -> None:
    here = post(officer)
    where = WatchPost.objects.get()
    tonight = queries.tonight(where, timezone.now())
    officer.post(
        f"{here}jadwal/", {"first": tonight.isoformat(), "last": (tonight + timedelta(days=3)).isoformat()}
    )
    officer.post(f"{HOME}jadwal/{WatchRoster.objects.get().id}/terbit/")
    officer.post(f"{here}pos/titik/", {"nama": "Jembatan"})
    officer.post(f"{here}pos/barang/", {"jenis": "key", "nama": "Kunci pos", "jumlah": "1"})
    book = night(officer, here)
    assert "Peronda A" in words(officer.get(book))
    watcher = WatchDuty.objects.filter(night_date=tonight).first()
    assert watcher is not None
    officer.post(f"{book}hadir/", {"isi": str(watcher.watcher_id)})
    officer.post(f"{book}hadir/", {"nama": "Sukarelawan", "jam": "23.15"})
    officer.post(f"{book}titik/", {"isi": str(where.points.get().id), "jam": "23.05"})
    officer.post(
        f"{book}titik/",
        {"isi": str(where.points.get().id), "aman": "tidak", "kata": "lampu mati", "jam": "01.00"},
    )
    officer.post(
        f"{book}barang/",
        {
            "isi": str(where.gear.get().id),
            "jumlah": "1",
            "keadaan": "good",
            "dari": "Siang",
            "kepada": "Malam",
        },
    )
    officer.post(f"{book}catatan/", {"kata": "Hujan deras", "jam": "02.30"})
    officer.post(f"{book}pulang/", {"isi": str(Presence.objects.get(name="Sukarelawan").id), "jam": "03.00"})
    shown = words(officer.get(book))
    assert all(part in shown for part in ("Hujan deras", "lampu mati", "Kunci pos", "23.15", "03.00"))
    assert Patrol.objects.count() == 2
    officer.post(f"{book}coret/", {"macam": "note", "isi": str(NightNote.objects.get().id)})
    assert "Hujan deras" not in words(officer.get(book))
    officer.post(f"{book}tutup/", {"kata": "Kunci diserahkan ke sekdes"})
    paper = words(officer.get(f"{book}cetak/"))
    assert "Kunci diserahkan ke sekdes" in paper and "Sukarelawan" in paper
    officer.post(f"{book}buka/")
    assert WatchNight.objects.get().closed_at is None
    assert officer.post(f"{book}kucing/").status_code == 404
    assert officer.get(here).status_code == 200 and "Pos Taludu" in words(officer.get(HOME))


def test_an_incident_is_told_copied_and_closed(cast: Cast, officer: Client) -> None:
    book = night(officer, post(officer))
    key = re.findall(r"malam/([0-9a-f-]+)/", book)[0]
    new = f"{HOME}kejadian/baru/?malam={key}"
    assert officer.get(new).status_code == 200
    said = {
        "kind": "fire",
        "day": "25/11/2026",
        "clock": "23.40",
        "severity": "high",
        "place": "dapur umum",
        "words": "Kompor meledak",
    }
    assert officer.post(new, {**said, "words": ""}).status_code == 422
    made = officer.post(new, {**said, "persons": "Daeng Rahasia", "first_action": "Api dipadamkan"})
    page = officer.get(made.url)
    copied = re.findall(r'<p id="teks">(.*?)</p>', page.content.decode())[0]
    assert "dapur umum" in copied and "Rahasia" not in copied
    officer.post(
        made.url, {"body": "bpbd", "road": "phone", "clock": "23.50", "name": "", "reply": "meluncur"}
    )
    assert "meluncur" in words(officer.get(made.url))
    assert officer.get(f"{made.url}ubah/").status_code == 200
    officer.post(
        f"{made.url}ubah/",
        {
            "severity": "medium",
            "place": "dapur",
            "words": "Kompor meledak kecil",
            "persons": "",
            "first_action": "",
        },
    )
    officer.post(f"{made.url}tutup/", {"outcome": "Padam, tidak ada korban"})
    officer.post(f"{made.url}buka/")
    officer.post(f"{made.url}urusan/")
    one = WatchIncident.objects.get()
    assert (one.state, one.severity, one.case is not None) == ("open", "medium", True)
    assert "dapur" in words(officer.get(f"{HOME}kejadian/?jenis=fire")) and "dapur" in words(
        officer.get(f"{book}cetak/")
    )
    assert officer.post(f"{made.url}kucing/").status_code == 404
    told = officer.get(f"{HOME}ekspor/simlinmas.csv?first=2026-01-01&last=2027-01-01").content.decode()
    assert "Kebakaran" in told and "Rahasia" not in told


def test_a_protected_report_shows_a_receipt_once_and_is_on_no_page(cast: Cast, officer: Client) -> None:
    book = night(officer, post(officer))
    key = re.findall(r"malam/([0-9a-f-]+)/", book)[0]
    door = f"{HOME}kejadian/lindungi/?malam={key}"
    assert officer.get(door).status_code == 200
    assert officer.post(door, {"kind": "violence_home", "words": ""}).status_code == 422
    receipt = words(officer.post(door, {"kind": "violence_home", "words": SECRET}))
    case = Case.objects.get()
    assert case.number in receipt and SECRET not in receipt
    kept = WatchIncident.objects.get()
    for path in (book, f"{book}cetak/", f"{HOME}kejadian/", f"{HOME}ekspor/"):
        shown = words(officer.get(path))
        assert SECRET not in shown and case.number not in shown
    assert officer.get(f"{HOME}kejadian/{kept.id}/").status_code == 404
    assert sit(cast, "village_head").get(f"{HOME}kejadian/{kept.id}/").status_code == 404


def test_a_guest_is_reported_and_leaves(cast: Cast, officer: Client) -> None:
    post(officer)
    new = f"{HOME}tamu/baru/"
    said = {
        "name": "Tamu Jauh",
        "host_name": "Ibu Ros",
        "people": "2",
        "day": "20/11/2026",
        "clock": "18.00",
        "hamlet": "",
    }
    assert officer.get(new).status_code == 200
    assert officer.post(new, said).status_code == 302
    stay = StayReport.objects.get()
    assert stay.late and "Tamu Jauh" in words(officer.get(f"{HOME}tamu/?keadaan=here"))
    officer.post(f"{HOME}tamu/{stay.id}/pulang/")
    assert "Tamu Jauh" not in words(officer.get(f"{HOME}tamu/?keadaan=here"))
    officer.post(f"{HOME}tamu/{stay.id}/pulang/", {"masih": "ya"})
    assert StayReport.objects.get().left_date is None


def test_strangers_find_nothing(cast: Cast, officer: Client) -> None:
    here = post(officer)
    book = night(officer, here)
    for part in ("neighbour_officer", "neighbour_head", "admin"):
        stranger = sit(cast, part)
        for path in (
            here,
            book,
            f"{book}cetak/",
            f"{here}orang/",
            f"{HOME}peronda/{Watcher.objects.all()[0].id}/",
        ):
            assert stranger.get(path).status_code == 404, (part, path)
        assert stranger.post(f"{book}tutup/").status_code == 404
    assert "Pos Taludu" not in words(sit(cast, "neighbour_officer").get(HOME))
