"""The desk's pages of trips and accompaniment, as a facilitator and a supervisor walk them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.lib.ids import uuid7
from simpul.outreach import actions
from simpul.outreach.models import (
    Accompaniment,
    AccompanimentVisit,
    Carry,
    CheckRule,
    Guest,
    Promise,
    Socialisation,
    Stop,
    StopMatter,
    TravelLeg,
    Trip,
    TripDoor,
    TripMember,
)
from simpul.outreach.queries import trip_checks
from simpul.regions.models import Region
from tests.cast import BONTO_JAI
from tests.outreach.conftest import Field, field_
from tests.web.desk_pages import sit, words

__all__ = ["field_"]
pytestmark = pytest.mark.django_db
HOME = "/meja/perjalanan/"
FAR = "7303012009"
PAGES = (
    "",
    "?usul=1",
    "rencana/",
    "cetak/",
    "bawaan/",
    "rumah/",
    "berangkat/",
    "pulang/",
    "batalkan/",
)


@pytest.fixture
def facilitator(field_: Field) -> Client:
    field_.cast.seats["arman"] = field_.seats["arman"]
    return sit(field_.cast, "arman")


@pytest.fixture
def supervisor(field_: Field) -> Client:
    field_.cast.seats["rosdiana"] = field_.seats["rosdiana"]
    return sit(field_.cast, "rosdiana")


def form(**given: Any) -> dict[str, Any]:
    day = timezone.now().date()
    return {
        "purpose": "Layanan antar ke desa",
        "region_code": "Kecamatan Bissappu",
        "start_date": f"{day:%d/%m/%Y}",
        "end_date": f"{day + timedelta(days=2):%d/%m/%Y}",
        "season": "wet",
        "modes": ["road", "foot"],
        "safety_name": "Sekretaris camat",
        "fuel_plan": "300.000",
        "row_id": str(uuid7()),
        **given,
    }


def planned(field: Field, **given: Any) -> Trip:
    day = timezone.now().date()
    plan = actions.TripPlan(
        **{
            "purpose": "Layanan antar ke desa",
            "season": "wet",
            "start_date": day,
            "end_date": day,
            "modes": ("road",),
            **given,
        }
    )
    return actions.plan_trip(by=field.rosdiana, at=timezone.now(), region_code="730301", plan=plan)


def stop_of(field: Field, trip: Trip, code: str = BONTO_JAI) -> Stop:
    return actions.add_stop(
        by=field.rosdiana, at=timezone.now(), trip_id=trip.id, stop=actions.StopPlan(code, place="Balai desa")
    )


def answers() -> dict[str, str]:
    said = {f"ok-{one.code}": "ya" for one in trip_checks.questions("730301")}
    return {**said, "n-packs": "3", "n-charged": "90"}


def test_a_trip_is_planned_checked_gone_and_closed(field_: Field, facilitator: Client) -> None:
    answer = facilitator.post(f"{HOME}baru/", form(joins="on"), follow=True)
    trip = Trip.objects.get()
    assert answer.status_code == 200
    assert (trip.region_code, trip.fuel_plan) == ("730301", 300_000)
    assert TripMember.objects.get().leads
    at = f"{HOME}{trip.id}/"
    facilitator.post(
        f"{at}singgah/",
        {"village": BONTO_JAI, "kind": "service", "hamlet": "dusun pundingin", "row_id": str(uuid7())},
    )
    stop = Stop.objects.get()
    assert stop.hamlet_id == field_.hamlet.id
    refused = facilitator.post(
        f"{at}singgah/", {"village": BONTO_JAI, "kind": "service", "hamlet": "Dusun Lain"}
    )
    assert refused.status_code == 422
    assert "Dusun Pundingin" in words(refused)
    assert "Belum: lihat" in words(facilitator.post(f"{at}berangkat/", {}, follow=True))
    assert "Siap berangkat" in words(facilitator.post(f"{at}berangkat/", answers(), follow=True))
    facilitator.post(f"{at}berangkat/mulai/", {})
    trip.refresh_from_db()
    assert trip.state == "under_way"
    _happens(facilitator, f"{HOME}singgah/{stop.id}/", stop)
    facilitator.post(f"{at}pulang/", {"fuel_actual": "250.000", "cost_actual": "50.000", "words": "Lancar"})
    page = words(facilitator.get(f"{at}pulang/"))
    assert "orang terjangkau" in page
    assert "Rp300.000" in page
    facilitator.post(f"{at}pulang/tutup/", {})
    trip.refresh_from_db()
    assert (trip.state, trip.return_words) == ("closed", "Lancar")


def _happens(client: Client, at: str, stop: Stop) -> None:
    client.post(f"{at}catat/tiba/", {"official": "Kades Rahman", "official_office": "Kepala desa"})
    client.post(f"{at}catat/buka/", {"place": "Balai desa", "shut": "23.59"})
    client.post(f"{at}catat/tamu/", {"name": "Daeng Rani", "origin": "RT 01", "row_id": str(uuid7())})
    told = {"topic": "Hak KIS", "men": "3", "women": "5", "elderly": "2", "disabled": "0", "youth": "1"}
    client.post(f"{at}catat/sosialisasi/", {**told, "row_id": str(uuid7())})
    wrong = client.post(f"{at}catat/sosialisasi/", {**told, "men": "0", "women": "0"})
    assert wrong.status_code == 422
    client.post(
        f"{at}catat/pergi/", {"reached": "yes", "not_done": "Cetak KK", "not_done_why": "Tidak ada jaringan"}
    )
    stop.refresh_from_db()
    assert (stop.official, stop.not_done_why) == ("Kades Rahman", "Tidak ada jaringan")
    assert stop.opened_at is not None
    assert stop.closed_at is not None
    page = words(client.get(at))
    assert "Daeng Rani" in page
    assert "Hak KIS" in page


def test_every_page_opens_in_both_languages(field_: Field, supervisor: Client) -> None:
    trip = planned(field_)
    stop = stop_of(field_, trip)
    home = field_.home()
    waits = actions.open_accompaniment(
        by=field_.rosdiana, at=timezone.now(), what="kis", household_id=home.id, words="KIS mati"
    )
    paths = [
        HOME,
        f"{HOME}?keadaan=&bulan=2026-12",
        f"{HOME}?bulan=x&page=9",
        f"{HOME}baru/",
        f"{HOME}peta/",
        f"{HOME}waktu/",
        f"{HOME}aturan/",
        f"{HOME}janji/",
        *[f"{HOME}{trip.id}/{part}" for part in PAGES],
        f"{HOME}singgah/{stop.id}/",
        "/meja/pendampingan/",
        "/meja/pendampingan/?keadaan=received&apa=kis",
        f"/meja/pendampingan/baru/?rumah={home.id}",
        f"/meja/pendampingan/{waits.id}/",
    ]
    for language in ("id", "en"):
        supervisor.cookies["django_language"] = language
        for path in paths:
            assert supervisor.get(path).status_code == 200, path
    assert supervisor.get(f"/meja/pendampingan/baru/?rumah={trip.id}").status_code == 404
    assert supervisor.post(f"{HOME}singgah/{stop.id}/catat/lain/", {}).status_code == 404


def test_an_order_is_proposed_and_taken(field_: Field, supervisor: Client) -> None:
    Region.objects.create(
        code=FAR, name="Bonto Lebang", level=4, kind="desa", search_key="bonto lebang", source="t"
    )
    trip = planned(field_)
    far, near = stop_of(field_, trip, FAR), stop_of(field_, trip)
    for start, end, minutes in (("office", BONTO_JAI, "20"), (BONTO_JAI, FAR, "30")):
        supervisor.post(
            f"{HOME}waktu/",
            {
                "wilayah": "730301", "from_place": start, "to_place": end, "mode": "road", "season": "wet",
                "minutes": minutes, "both_ways": "on", "confidence": "confirmed", "row_id": str(uuid7()),
            },
        )  # fmt: skip
    assert TravelLeg.objects.count() == 2
    page = supervisor.get(f"{HOME}{trip.id}/?usul=1")
    assert "1 jam 40 menit" in words(page)
    supervisor.post(f"{HOME}{trip.id}/urutan/", {"urutan": f"{near.id},{far.id}"})
    assert [one.id for one in trip.stops.order_by("position")] == [near.id, far.id]
    assert supervisor.post(f"{HOME}{trip.id}/urutan/", {"urutan": "x"}).status_code == 404
    supervisor.post(f"{HOME}singgah/{far.id}/hapus/")
    assert trip.stops.filter(dropped_at=None).count() == 1
    leg = TravelLeg.objects.first()
    assert leg is not None
    supervisor.post(f"{HOME}waktu/{leg.id}/hapus/")
    assert TravelLeg.objects.filter(dropped_at=None).count() == 1


def test_load_team_and_doors(field_: Field, supervisor: Client) -> None:
    trip, home = planned(field_), field_.home()
    stop_of(field_, trip)
    at = f"{HOME}{trip.id}/"
    supervisor.post(
        f"{at}bawaan/", {"langkah": "anggota", "name": "Bidan Salmah", "institution": "Puskesmas"}
    )
    supervisor.post(
        f"{at}bawaan/", {"langkah": "bawaan", "kind": "form", "name": "Formulir", "quantity": "50"}
    )
    member, carry = TripMember.objects.get(), Carry.objects.get()
    supervisor.post(f"{at}bawaan/hitung/", {f"loaded-{carry.id}": "48"})
    carry.refresh_from_db()
    assert carry.loaded == 48
    supervisor.post(f"{at}tim/{member.id}/hapus/")
    member.refresh_from_db()
    assert member.dropped_at is not None
    supervisor.post(f"{at}bawaan/{carry.id}/hapus/")
    carry.refresh_from_db()
    assert carry.dropped_at is None  # it was loaded
    supervisor.post(f"{at}rumah/", {"reason": "never", "household": [str(home.id)]})
    row = TripDoor.objects.get()
    supervisor.post(f"{at}rumah/{row.id}/alasan/", {"why": "Sedang di ladang"})
    assert "Sedang di ladang" in words(supervisor.get(f"{at}rumah/"))
    supervisor.post(f"{at}rumah/{row.id}/keluar/")
    row.refresh_from_db()
    assert row.dropped_at is not None
    supervisor.post(f"{at}rencana/", form(purpose="Bagi beras"))
    trip.refresh_from_db()
    assert trip.purpose == "Bagi beras"
    supervisor.post(f"{at}batalkan/", {"why": "Sungai banjir"})
    trip.refresh_from_db()
    assert trip.state == "called_off"


def test_clearing_rules_and_taking_back(field_: Field, supervisor: Client, facilitator: Client) -> None:
    trip = planned(field_)
    stop = stop_of(field_, trip)
    at = f"{HOME}{trip.id}/"
    assert facilitator.post(f"{at}berangkat/izinkan/", {"why": "Air surut"}).status_code in (403, 404)
    supervisor.post(f"{at}berangkat/", {**answers(), "ok-weather": "tidak"})
    supervisor.post(f"{at}berangkat/izinkan/", {"why": "Air surut siang ini"})
    trip.refresh_from_db()
    assert trip.state == "ready"
    kept = {f"asked-{one.code}": "on" for one in trip_checks.questions("730301")}
    musts = {f"must-{one.code}": "on" for one in trip_checks.questions("730301") if one.must}
    supervisor.post(
        f"{HOME}aturan/", {"wilayah": "730301", **kept, **musts, "n-packs": "6", "n-charged": "80"}
    )
    assert CheckRule.objects.get().number == 6
    here = f"{HOME}singgah/{stop.id}/"
    facilitator.post(f"{here}catat/tamu/", {"name": "Daeng Rani", "row_id": str(uuid7())})
    guest = Guest.objects.get()
    assert guest.flags == ["not_started"]
    facilitator.post(f"{here}tamu/{guest.id}/urungkan/")
    guest.refresh_from_db()
    assert guest.withdrawn_at is not None
    assert not Socialisation.objects.exists()
    supervisor.post(f"{here}ubah/", {"village": BONTO_JAI, "kind": "delivery", "place": "Kantor desa"})
    stop.refresh_from_db()
    assert (stop.kind, stop.place) == ("delivery", "Kantor desa")


def test_promises_and_matters(field_: Field, facilitator: Client) -> None:
    trip = planned(field_)
    stop = stop_of(field_, trip)
    at = f"{HOME}singgah/{stop.id}/"
    facilitator.post(
        f"{at}catat/janji/", {"words": "Bawa surat", "to_name": "Daeng Rani", "row_id": str(uuid7())}
    )
    promise = Promise.objects.get()
    assert "Bawa surat" in words(facilitator.get(f"{HOME}janji/"))
    facilitator.post(f"{HOME}janji/{promise.id}/", {"how": "told", "words": "Blangko habis"})
    promise.refresh_from_db()
    assert promise.kept_how == "told"
    refused = facilitator.post(f"{at}catat/urusan/", {"number": "SPL-0000-00000-X"})
    assert refused.status_code == 422
    case = field_.cast.case(region_code=BONTO_JAI)
    coordinator = sit(field_.cast, "neighbour_coordinator")
    coordinator.post(f"{at}catat/urusan/", {"number": case.number})
    assert StopMatter.objects.get().case_id == case.id


def test_somebody_is_accompanied_until_it_is_received(field_: Field, facilitator: Client) -> None:
    home = field_.home()
    facilitator.post("/meja/pendampingan/baru/", {"rumah": str(home.id), "what": "kis", "words": "KIS mati"})
    row = Accompaniment.objects.get()
    at = f"/meja/pendampingan/{row.id}/"
    facilitator.post(f"{at}lihat/", {"how": "visit", "outcome": "progress", "row_id": str(uuid7())})
    assert AccompanimentVisit.objects.count() == 1
    bad = facilitator.post(f"{at}akhiri/", {"state": "received", "evidence": "Kartu dipakai di Puskesmas"})
    assert bad.status_code == 422
    day = f"{timezone.now() - timedelta(days=1):%d/%m/%Y}"
    facilitator.post(
        f"{at}akhiri/", {"state": "received", "evidence": "Kartu dipakai di Puskesmas", "received_date": day}
    )
    row.refresh_from_db()
    assert row.state == "received"
    assert "Kartu dipakai" in words(facilitator.get(at))


def test_the_map_says_when_it_is_a_scheme(field_: Field, supervisor: Client) -> None:
    page = supervisor.get(f"{HOME}peta/")
    assert "Ini bagan, bukan peta" in words(page)
    assert b"<svg" in page.content
    Region.objects.create(
        code=FAR, name="Bonto Lebang", level=4, kind="desa", search_key="bonto lebang", source="t"
    )
    for code, latitude in ((BONTO_JAI, "-5,53"), (FAR, "-5.55")):
        supervisor.post(
            f"{HOME}peta/",
            {"wilayah": "730301", "village": code, "latitude": latitude, "longitude": "119.94"},
        )
    assert Region.objects.get(code=BONTO_JAI).latitude == -5.53
    assert "Digambar menurut letak desa" in words(supervisor.get(f"{HOME}peta/?desa={BONTO_JAI}"))
    wrong = supervisor.post(
        f"{HOME}peta/", {"wilayah": "730301", "village": FAR, "latitude": "utara", "longitude": "1"}
    )
    assert wrong.status_code == 422


def test_the_sheet_holds_everything(field_: Field, supervisor: Client) -> None:
    trip = planned(field_, safety_name="Sekretaris camat")
    stop_of(field_, trip)
    home = field_.home()
    actions.list_doors(
        by=field_.rosdiana, at=timezone.now(), trip_id=trip.id, household_ids=[home.id], reason="never"
    )
    page = words(supervisor.get(f"{HOME}{trip.id}/cetak/"))
    for text in ("Lembar perjalanan", "Sekretaris camat", "Balai desa", home.name, "Buku tamu"):
        assert text in page


def test_the_name_of_who_wants_no_use_of_their_data_is_hidden(field_: Field, supervisor: Client) -> None:
    trip = planned(field_)
    stop, home = stop_of(field_, trip), field_.home("Rahasia Sekali")
    given: dict[str, Any] = {"by": field_.rosdiana, "at": timezone.now()}
    actions.sign_guest(
        **given, stop_id=stop.id, guest=actions.GuestSaid(person_id=home.head_id), came_at=timezone.now()
    )
    actions.record_promise(
        **given,
        trip_id=trip.id,
        words="Bawa surat",
        promised_at=timezone.now(),
        person_id=home.head_id,
        stop_id=stop.id,
    )
    actions.list_doors(**given, trip_id=trip.id, household_ids=[home.id], reason="need")
    waits = actions.open_accompaniment(**given, what="kis", household_id=home.id)
    assert home.head is not None
    home.head.restricted_at = timezone.now()
    home.head.save()
    at = f"{HOME}{trip.id}/"
    for path in (
        f"{HOME}singgah/{stop.id}/",
        f"{HOME}janji/",
        f"{at}rumah/",
        f"{at}pulang/",
        f"{at}cetak/",
        "/meja/pendampingan/",
        f"/meja/pendampingan/{waits.id}/",
    ):
        assert "Rahasia Sekali" not in words(supervisor.get(path)), path
