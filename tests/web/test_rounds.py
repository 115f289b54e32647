"""The desk's pages of rounds: as a manager opens one, an officer of the village hands out, and both look at what does not fit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from simpul.outreach.models import Trip
from simpul.programmes.actions import goods
from simpul.programmes.models import Delivery, Double, Handover, Movement, Proof, Round, RoundEntry
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.rules import rounds as rules
from tests.cast import DUNGKAIT, NOW
from tests.meetings import conftest as meetings
from tests.programmes.rounds import Scene, deliver, scene
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/penyaluran/"


@pytest.fixture
def here(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(settings, "SIMPUL_FILES", tmp_path / "files")
    return scene()


@pytest.fixture
def manager(here: Scene) -> Client:
    return sit(here.cast, "manager")


@pytest.fixture
def officer(here: Scene) -> Client:
    return sit(here.cast, "village_officer")


def url(here: Scene, rest: str = "") -> str:
    return f"{HOME}{here.round.id}/{rest}"


def delivery(here: Scene, **change: Any) -> dict[str, Any]:
    """What the form of a delivery sends."""
    return {
        "outcome": "delivered",
        f"b-{here.rice.id}": "10",
        "receiver": "self",
        "proofs": ["signature"],
        "photo_kind": "thumb_photo",
        **change,
    }


def test_a_round_is_opened_its_goods_named_received_and_handed_out(here: Scene, manager: Client) -> None:
    said = {
        "programme": "bpnt", "name": "Beras Natal", "place_code": DUNGKAIT, "starts_date": "1/12/2026", "ends_date": "24/12/2026",
        "authority": "Dinas Sosial", "document": "12/2026",
    }  # fmt: skip
    assert manager.post(f"{HOME}baru/", {**said, "document": ""}).status_code == 422
    answer = manager.post(f"{HOME}baru/", said)
    made = Round.objects.get(name="Beras Natal")
    assert answer.url == f"{HOME}{made.id}/barang/"
    assert "Belum ada barang" in words(manager.get(answer.url))
    item = {"item-what": "Minyak", "item-unit": "litre", "item-per_household": "2,5"}
    assert manager.post(f"{answer.url}jenis/", item).status_code == 302
    oil = made.items.get()
    came = {
        "receive-item": str(oil.id),
        "receive-quantity": "1.000",
        "receive-source": "Bulog",
        "receive-received_date": "1/12/2026",
    }
    assert manager.post(f"{answer.url}masuk/", {**came, "receive-quantity": "x"}).status_code == 422
    assert manager.post(f"{answer.url}masuk/", came).status_code == 302
    out = {"allot-item": str(oil.id), "allot-quantity": "40", "allot-holder": f"seat:{here.officer.seat_id}"}
    assert manager.post(f"{answer.url}keluar/", {**out, "allot-quantity": "2000"}).status_code == 422
    assert manager.post(f"{answer.url}keluar/", {**out, "allot-holder": ""}).status_code == 422
    assert manager.post(f"{answer.url}keluar/", out).status_code == 302
    back = {
        "back-item": str(oil.id),
        "back-quantity": "40",
        "back-device": "",
        "back-holder": out["allot-holder"],
    }
    assert manager.post(f"{answer.url}kembali/", back).status_code == 302
    loss = {"loss-item": str(oil.id), "loss-quantity": "1", "loss-reason": "Bocor di jalan"}
    assert manager.post(f"{answer.url}hilang/", loss).status_code == 302
    shown = words(manager.get(answer.url))
    assert (
        "1.000 liter" in shown
        and "999 liter" in shown
        and "Ilham Rasyid" in shown
        and "Bocor di jalan" in shown
    )
    row = Movement.objects.get(kind="received", item=oil)
    fix = f"{HOME}barang/{row.id}/betulkan/"
    assert "1000" in manager.get(fix).content.decode()
    assert manager.post(fix, {"quantity": "900", "why": "Salah tulis"}).status_code == 302
    assert "899 liter" in words(manager.get(answer.url))
    assert manager.post(f"{answer.url}lain/", {}).status_code == 404


def test_a_round_is_changed_closed_and_opened_again(here: Scene, manager: Client, officer: Client) -> None:
    assert "Beras bantuan" in words(manager.get(HOME)) and "0 / 3" in words(manager.get(HOME))
    change = manager.get(url(here, "ubah/")).content.decode()
    assert "460/12/2026" in change
    said = {
        "programme": "bpnt", "name": "Beras akhir tahun", "starts_date": "1/11/2026", "ends_date": "31/12/2026",
        "authority": "Dinas Sosial", "document": "12/2026",
    }  # fmt: skip
    assert manager.post(url(here, "ubah/"), said).status_code == 302
    deliver(here, much=200)
    assert manager.post(url(here, "tutup/")).status_code == 422
    assert officer.get(url(here, "tutup/")).status_code == 404
    shown = words(manager.get(url(here, "tutup/")))
    assert "2 nama masih menunggu" in shown and "-100 kg" in shown
    assert manager.post(url(here, "tutup/"), {"explanation": "Salah catat di lapangan"}).status_code == 302
    assert "Salah catat di lapangan" in words(manager.get(url(here)))
    assert manager.post(url(here, "buka/"), {"why": ""}, follow=True).status_code == 200
    assert manager.post(url(here, "buka/"), {"why": "Masih ada sisa"}).status_code == 302
    assert Round.objects.get(id=here.round.id).state == "open"


def test_names_are_brought_in_by_ticking_and_from_a_decided_list(here: Scene, officer: Client) -> None:
    meeting = meetings.held(here.cast)
    meetings.decide(here.cast, meeting, meetings.name(here.cast, meeting, "Tanpa Data"))
    meetings.actions.close_meeting(by=here.officer, at=here.cast.now, meeting_id=meeting.id)
    page = officer.get(url(here, "daftar/"))
    assert "Baco" in words(page) and "Musyawarah daftar BLT" in words(page)
    ticked = {"langkah": "warga", "household": [str(here.stranger.id), str(here.homes[0].id)]}
    answer = officer.post(url(here, "daftar/"), ticked, follow=True)
    assert "1 nama masuk daftar" in words(answer)
    assert RoundEntry.objects.filter(household=here.stranger).exists()
    taken = officer.post(
        url(here, "daftar/"), {"langkah": "musyawarah", "meeting": str(meeting.id)}, follow=True
    )
    assert "Tanpa Data" in words(taken)
    assert officer.post(url(here, "daftar/"), {"langkah": "musyawarah", "meeting": ""}).status_code == 422


def test_an_entry_is_changed_and_struck_off(here: Scene, officer: Client) -> None:
    entry = here.entries[here.homes[0].id]
    page = f"{HOME}nama/{entry.id}/"
    assert "Beras 10 kg" in words(officer.get(page))
    assert officer.post(page, {f"b-{here.rice.id}": "20", "note": "Tujuh anggota"}).status_code == 302
    assert "Beras 20 kg" in words(officer.get(page))
    officer.post(f"{page}coret/", {"why": "Sudah pindah"})
    assert "Sudah pindah" in words(officer.get(page))
    assert "Hasnah" not in words(officer.get(url(here)))
    assert "Hasnah" in words(officer.get(url(here, "?keadaan=withdrawn")))


def test_a_delivery_is_written_down_with_its_photo_corrected_and_proved(here: Scene, officer: Client) -> None:
    entry = here.entries[here.homes[0].id]
    page = url(here, f"antar/?nama={entry.id}")
    assert "Beras 10 kg" in words(officer.get(page))
    assert officer.post(page, delivery(here, **{f"b-{here.rice.id}": ""})).status_code == 422
    answer = officer.post(page, {**delivery(here), "photo": photo()})
    made = Delivery.objects.get()
    assert answer.url == f"{HOME}antaran/{made.id}/" and made.flags == []
    proof = Proof.objects.get()
    file = officer.get(f"{HOME}bukti/{proof.id}")
    assert file["Content-Type"] == "image/jpeg" and "attachment" in file["Content-Disposition"]
    shown = words(officer.get(answer.url))
    assert "Beras 10 kg" in shown and "Hasnah" in shown and "Ilham Rasyid" in shown
    fixed = officer.post(
        f"{answer.url}betulkan/", {**delivery(here, **{f"b-{here.rice.id}": "5"}), "why": "Salah timbang"}
    )
    new = Delivery.objects.get(state="standing")
    assert fixed.url == f"{HOME}antaran/{new.id}/" and "Salah timbang" in words(officer.get(answer.url))
    officer.post(f"{fixed.url}bukti/", {"kind": "goods_photo", "photo": photo("barang.jpg")})
    assert new.files.count() == 1
    assert officer.post(f"{fixed.url}bukti/", {"kind": "goods_photo"}).status_code == 422
    assert "1 dari 3" in words(officer.get(url(here)))


def test_who_is_not_on_the_list_is_found_among_what_to_look_at(here: Scene, officer: Client) -> None:
    page = url(here, f"antar/?rumah={here.stranger.id}")
    assert "tidak ada dalam daftar" in words(officer.get(page))
    officer.post(page, delivery(here, proofs=[]))
    shown = words(officer.get(url(here, "periksa/")))
    assert "Baco" in shown and "tidak ada dalam daftar" in shown
    assert "Baco" in words(officer.get(url(here, "periksa/?tanda=no_proof")))
    assert "Baco" not in words(officer.get(url(here, "periksa/?tanda=after_close")))
    assert officer.get(url(here, f"antar/?rumah={here.elsewhere.id}")).status_code == 404


def test_two_deliveries_are_shown_side_by_side_and_decided(
    here: Scene, officer: Client, manager: Client
) -> None:
    deliver(here)
    deliver(here)
    task = Double.objects.get()
    assert "Hasnah" in words(officer.get(f"{HOME}ganda/")) and "Hasnah" in words(
        officer.get(url(here, "ganda/"))
    )
    page = f"{HOME}ganda/{task.id}/"
    assert "mana yang benar" in words(officer.get(page)).lower()
    assert officer.post(page, {"decision": "both_right", "words": "Dua keluarga"}).status_code == 404
    assert manager.post(page, {"decision": "one_wrong:2", "words": ""}).status_code == 422
    assert manager.post(page, {"decision": "one_wrong:2", "words": "Tercatat dua kali"}).status_code == 302
    task.refresh_from_db()
    assert task.wrong_id == task.second_id and "Tercatat dua kali" in words(officer.get(page))


def test_minutes_are_made_shown_printed_and_checked_by_anybody_with_the_paper(
    here: Scene, officer: Client
) -> None:
    said = {
        "village": DUNGKAIT, "handed_date": "23/11/2026", "office1": "Kepala desa", "name1": "Muh. Rusli", "office2": "Petugas",
        "name2": "Ilham Rasyid",
    }  # fmt: skip
    page = url(here, "berita-acara/")
    assert officer.post(page, said).status_code == 422
    deliver(here)
    answer = officer.post(page, said)
    made = Handover.objects.get()
    assert answer.url == f"{HOME}berita-acara/{made.id}/"
    shown = words(officer.get(answer.url))
    assert "Hasnah" in shown and made.digest in shown
    assert made.number in words(officer.get(page))
    paper = officer.get(f"{HOME}berita-acara/{made.id}.pdf")
    assert paper.content.startswith(b"%PDF") and len(paper.content) > 5000
    public = Client().get(f"/berita-acara/{made.token}/")
    assert public.status_code == 200 and made.digest in words(public) and "Hasnah" not in words(public)
    assert Client().get("/berita-acara/bukan-token/").status_code == 404
    Handover.objects.update(content=made.content.replace("Hasnah", "Hasanah"))
    assert "tidak cocok" in words(Client().get(f"/berita-acara/{made.token}/"))


def test_what_a_trip_handed_over_counts_against_what_it_carries(here: Scene, officer: Client) -> None:
    trip = Trip.objects.create(
        purpose="Ke gunung", region_code=DUNGKAIT, season="dry", start_date=NOW.date(), end_date=NOW.date(), planned_at=NOW,
        planned_by="Marwah",
    )  # fmt: skip
    stop = trip.stops.create(position=1, region_code=DUNGKAIT, added_at=NOW)
    goods.allot_goods(
        by=here.chief,
        at=NOW,
        item_id=here.rice.id,
        holder=rules.Holder("trip", str(trip.id)),
        quantity=Decimal(40),
        out_at=NOW,
    )
    assert "Ke gunung" in words(officer.get(url(here, "barang/")))
    entry = here.entries[here.homes[0].id]
    officer.post(url(here, f"antar/?nama={entry.id}"), delivery(here, trip=str(trip.id)))
    made = Delivery.objects.get()
    assert (made.trip_id, made.stop_id) == (trip.id, stop.id)
    assert goods_queries.balance_of(here.rice.id).left_with(rules.Holder("trip", str(trip.id))) == 30
    said = {
        "village": f"stop:{stop.id}", "handed_date": "23/11/2026", "office1": "Kepala desa", "name1": "Muh. Rusli",
        "office2": "Petugas", "name2": "Ilham Rasyid",
    }  # fmt: skip
    assert "Persinggahan di Dungkait" in words(officer.get(url(here, "berita-acara/")))
    assert officer.post(url(here, "berita-acara/"), said).status_code == 302
    assert Handover.objects.get().stop_id == stop.id


def test_the_list_goes_on_paper(here: Scene, officer: Client) -> None:
    shown = words(officer.get(url(here, f"cetak/?wilayah={DUNGKAIT}&dusun={here.cast.hamlet.id}")))
    assert "Hasnah" in shown and here.entries[here.homes[0].id].id.hex[-6:].upper() in shown


def test_the_household_shows_what_was_brought_and_what_may_be(here: Scene, officer: Client) -> None:
    page = f"/meja/warga/rt/{here.homes[0].id}/"
    assert "Catat penyaluran" in words(officer.get(page))
    deliver(here)
    shown = words(officer.get(page))
    assert "Beras 10 kg" in shown and "Catat penyaluran" not in shown
    assert "tidak ada dalam daftar" in words(officer.get(f"/meja/warga/rt/{here.stranger.id}/"))


def test_elsewhere_nothing_is_found(here: Scene) -> None:
    made = deliver(here)
    deliver(here)
    other = sit(here.cast, "neighbour_manager")
    task = Double.objects.get()
    for page in (
        url(here), url(here, "barang/"), url(here, "ganda/"), url(here, "periksa/"), url(here, "cetak/"), url(here, "berita-acara/"),
        f"{HOME}antaran/{made.id}/", f"{HOME}ganda/{task.id}/", f"{HOME}nama/{made.entry_id}/",
    ):  # fmt: skip
        assert other.get(page).status_code == 404, page
    assert "Beras bantuan" not in words(other.get(HOME))
    assert sit(here.cast, "pokja").get(HOME).status_code == 404
    assert re.fullmatch(r"[0-9a-f-]{36}", str(UUID(str(made.id))))
