"""The pages of the post and of the election box, as officers, visitors and reporters walk them."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.cases.models import Case, Visit
from simpul.lib.ids import uuid7
from simpul.village_post.models import (
    Keeper,
    Offer,
    Pattern,
    Post,
    Relay,
    Report,
    Shift,
    Stage,
    Ticket,
    Visitor,
)
from tests.cast import DUNGKAIT, Cast, assemble
from tests.village_post.test_election import KEY, rules, sealing
from tests.web.desk_pages import sit, words
from tests.web.test_matrix import ADDRESSES

pytestmark = pytest.mark.django_db
HOME = "/meja/pos/"
BOX = "/meja/kotak-pemilu/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def set_up(cast: Cast) -> Client:
    """A post with keys, a pattern and a roster."""
    head = sit(cast, "village_head")
    assert "Pos belum disiapkan" in words(head.get(HOME)) or head.get(HOME).status_code == 200
    assert head.post(f"{HOME}pengaturan/pos/", {"desk": str(cast.desk("village").id)}).status_code == 302
    said = {"keys": "Pintu depan\nLaci", "equipment": "Senter", "visitor_days": "90"}
    assert head.post(f"{HOME}pengaturan/", said).status_code == 302
    seats = [str(cast.seats[one].id) for one in ("village_officer", "secretary")]
    given = {"name": "Malam", "days": ["1", "2", "3", "4", "5", "6", "7"], "starts": "00.00", "ends": "23.59"}
    done = head.post(f"{HOME}jadwal/pola/", {**given, "seats": seats, "size": "1", "on_call": "on"})
    assert done.status_code == 302
    return head


def roster(head: Client) -> None:
    page = head.get(f"{HOME}jadwal/")
    first = re.search(r'name="first" value="([^"]+)"', page.content.decode())
    until = re.search(r'name="until" value="([^"]+)"', page.content.decode())
    assert first
    assert until
    done = head.post(f"{HOME}jadwal/buat/", {"first": first[1], "until": until[1]})
    assert done.status_code == 302
    assert Shift.objects.count() == 28


def test_a_night_from_the_roster_to_the_hand_over(cast: Cast) -> None:
    head = set_up(cast)
    roster(head)
    officer = sit(cast, "village_officer")
    for page in ("", "jadwal/", "jadwal/?cetak=1", "tugas/", "serah-terima/", "buku-tamu/", "angka/"):
        assert officer.get(HOME + page).status_code == 200
    assert officer.get(f"{HOME}pengaturan/").status_code == 404
    shift = Shift.objects.order_by("starts_at").first()
    assert shift is not None
    assert officer.post(f"{HOME}mulai/{shift.id}/", {"clock": ""}).status_code == 302
    duty = shift.duties.exclude(came_at=None).get()
    officer.post(f"{HOME}nomor/", {"kunci": ""})
    officer.post(f"{HOME}nomor/panggil/", {})
    ticket = Ticket.objects.get()
    assert ticket.state == "called"
    came = officer.post(
        f"{HOME}tamu/",
        {"name": "Mansyur Daeng Lau", "purpose": "Surat usaha", "langkah": "urusan", "nomor": str(ticket.id)},
    )
    assert came.status_code == 302
    visitor = Visitor.objects.get()
    assert visitor.visit_id == Visit.objects.get().id
    page = officer.get(came.url)
    assert f"kunjungan={visitor.visit_id}" in page.content.decode()
    officer.post(f"{HOME}nomor/{ticket.id}/selesai/", {})
    officer.post(f"{HOME}tamu/{visitor.id}/pulang/", {"wajah": "5", "kata": "Cepat"})
    visitor.refresh_from_db()
    assert (visitor.rating, visitor.left_at is not None) == (5, True)
    assert officer.get(f"{HOME}serah-terima/tulis/").status_code == 200
    said = {
        "note": "Aman",
        "items": "Surat menunggu",
        "keys": ["Pintu depan", "Laci"],
        "equipment": ["Senter"],
        "cash": "150.000",
    }
    assert officer.post(f"{HOME}serah-terima/tulis/", said).status_code == 302
    relay = Relay.objects.get()
    assert relay.cash == 150_000
    own = f"{HOME}serah-terima/{relay.id}/"
    assert officer.post(own, {"found_cash": "150000"}).status_code == 422
    assert head.get(own).status_code == 200
    assert head.post(own, {"found_cash": "150000"}).status_code == 302
    assert head.get(f"{own}?cetak=1").status_code == 200
    assert officer.post(f"{HOME}selesai/{duty.id}/", {}).status_code == 302


def test_several_matters_of_one_visit_share_a_receipt(cast: Cast) -> None:
    set_up(cast)
    officer = sit(cast, "village_officer")
    came = officer.post(f"{HOME}tamu/", {"name": "Mansyur Daeng Lau", "langkah": "urusan"})
    visit = Visit.objects.get()
    page = officer.get(f"/meja/terima/?kunjungan={visit.id}")
    assert "Mansyur Daeng Lau" in page.content.decode()
    cast.case(by=cast.village_officer, channel="desk", visit_id=visit.id, title="Batas pekarangan")
    assert "Batas pekarangan" in words(officer.get(came.url))
    assert Case.objects.filter(visit=visit).count() == 1


def test_the_guest_book_is_searched_printed_and_taken_out(cast: Cast) -> None:
    set_up(cast)
    officer = sit(cast, "village_officer")
    officer.post(f"{HOME}tamu/", {"name": "=Rahmat", "purpose": "Tanya bantuan"})
    visitor = Visitor.objects.get()
    assert "=Rahmat" in words(officer.get(f"{HOME}buku-tamu/?kata=bantuan"))
    assert "=Rahmat" not in words(officer.get(f"{HOME}buku-tamu/?kata=tidakada"))
    assert "400.10.1.2" in words(officer.get(f"{HOME}buku-tamu/cetak/"))
    assert "'=Rahmat" in officer.get(f"{HOME}buku-tamu/csv/").content.decode()
    one = f"{HOME}buku-tamu/{visitor.id}/"
    assert officer.post(one, {"name": "Rahmat"}).status_code == 302
    officer.post(f"{one}tarik/", {})
    officer.post(f"{one}pulihkan/", {})
    assert sit(cast, "neighbour_officer").get(one).status_code == 404
    assert sit(cast, "village_head").post(f"{one}hapus-nama/", {}).status_code == 302
    visitor.refresh_from_db()
    assert visitor.name == ""


def test_the_tablet_writes_a_line_and_asks_on_leaving(cast: Cast, client: Client) -> None:
    head = set_up(cast)
    head.post(f"{HOME}pengaturan/tablet/buka/", {})
    token = Post.objects.get().kiosk_token
    assert client.get("/tablet/tidakada/").status_code == 404
    door = f"/tablet/{token}/"
    assert client.get(door).status_code == 200
    key = re.search(r'name="visitor_id" value="([^"]+)"', client.get(f"{door}datang/").content.decode())
    assert key
    done = client.post(f"{door}datang/", {"name": "Sitti", "visitor_id": key[1]})
    assert done.status_code == 200
    number = str(Visitor.objects.get().number)
    assert client.post(f"{door}pulang/", {"nomor": "999"}).status_code == 422
    assert client.post(f"{door}pulang/", {"nomor": number, "wajah": "4"}).status_code == 302
    assert Visitor.objects.get().rating == 4
    assert client.get(f"{door}terima-kasih/").status_code == 200


def box(cast: Cast) -> Any:
    """A supervisor with a key and an open stage."""
    supervisor = sit(cast, "election")
    assert supervisor.get(BOX).status_code == 200
    given = {"public": _text(sealing.public_of(KEY)), "wrapped": _text(b"w" * 150), "salt": _text(b"s" * 16)}
    assert supervisor.post(f"{BOX}kunci/", {**given, "turns": str(rules.TURNS)}).status_code == 302
    said: dict[str, Any] = {"name": "Masa kampanye", "kind": "general", "region_code": DUNGKAIT}
    keeper = Keeper.objects.get()
    days = {"from_date": "1/1/2026", "to_date": "31/12/2099", "keeper": str(keeper.id)}
    clocks = {
        "days_report": "7",
        "unit_report": "working_days",
        "days_finding": "7",
        "unit_finding": "calendar_days",
    }
    clocks |= {
        "days_follow": "7",
        "unit_follow": "calendar_days",
        "days_longer": "14",
        "unit_longer": "working_days",
    }
    assert supervisor.post(f"{BOX}tahapan/", {**said, **days, **clocks}).status_code == 302
    return supervisor


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def test_a_report_goes_sealed_from_the_public_page_to_the_supervisor(cast: Cast, client: Client) -> None:
    supervisor = box(cast)
    assert "Masa kampanye" in words(client.get("/kotak-pemilu/"))
    stage = re.search(r"/kotak-pemilu/([0-9a-f-]{36})/", client.get("/kotak-pemilu/").content.decode())
    assert stage
    here = f"/kotak-pemilu/{stage[1]}/"
    page = client.get(here).content.decode()
    key = re.search(r'name="report_id" value="([^"]+)"', page)
    assert key
    said = {
        "report_id": key[1],
        "known_date": "1/1/2026",
        "name": "Ramli",
        "party": "Calon",
        "what": "Amplop",
    }
    assert client.post(here, said).status_code == 422
    done = client.post(here, {**said, "where": "Taludu"})
    assert done.status_code == 302
    slip = words(client.get(done.url))
    digits = "".join(re.findall(r"\d{4}", slip.split("rahasiakan")[-1]))  # the slip spells them in groups
    report = Report.objects.get()
    receipt = client.session["box_receipts"][str(report.id)]
    assert digits or receipt
    assert "Ramli" not in slip
    seen = client.post("/kotak-pemilu/lacak/", {"tanda": receipt})
    assert seen.status_code == 200
    assert client.post("/kotak-pemilu/lacak/", {"tanda": "1" * 16}).status_code == 422
    one = f"{BOX}{report.id}/"
    assert "data-sealed=" in supervisor.get(one).content.decode()
    for part in ("village_officer", "village_head", "secretary"):
        shown = sit(cast, part).get(one)
        assert shown.status_code == 200
        assert "data-sealed=" not in shown.content.decode()
        assert sit(cast, part).post(f"{one}terima/", {}).status_code == 404
    assert sit(cast, "neighbour_officer").get(one).status_code == 404
    assert sit(cast, "administrator").get(one).status_code == 404
    supervisor.post(f"{one}terima/", {})
    supervisor.post(f"{one}daftar/", {"category": "money", "register_number": "1"})
    supervisor.post(f"{one}keterangan/", {})
    supervisor.post(f"{one}putus/", {"outcome": "proven", "answer": "Terbukti dan diteruskan."})
    supervisor.post(f"{one}teruskan/", {"forwarded_to": "Panwascam"})
    report.refresh_from_db()
    assert report.state == "forwarded"
    assert "Terbukti dan diteruskan." in words(client.post("/kotak-pemilu/lacak/", {"tanda": receipt}))
    assert supervisor.get(f"{BOX}register/").status_code == 200
    assert supervisor.post(f"{BOX}tahapan/{stage[1]}/tutup/", {}).status_code == 302
    assert client.get(here).status_code == 404
    client.post("/kotak-pemilu/lupakan/", {})
    assert client.get(done.url).status_code == 404


def test_a_report_at_the_counter_has_a_slip(cast: Cast) -> None:
    box(cast)
    officer = sit(cast, "village_officer")
    stage = re.search(r"tahapan/([0-9a-f-]{36})/laporan", officer.get(BOX).content.decode())
    assert stage
    here = f"{BOX}tahapan/{stage[1]}/laporan/"
    key = re.search(r'name="report_id" value="([^"]+)"', officer.get(here).content.decode())
    assert key
    sealed = sealing.seal(sealing.public_of(KEY), b'{"name":"x"}', rules.info(stage[1]))
    done = officer.post(here, {"report_id": key[1], "known_date": "1/1/2026", "sealed": _text(sealed)})
    assert done.status_code == 302
    assert officer.get(done.url).status_code == 200
    assert Report.objects.get().sealed_by == "browser"


def test_lists_cost_the_same_however_long_they_are(cast: Cast, django_assert_max_num_queries: Any) -> None:
    head = set_up(cast)
    roster(head)
    officer = sit(cast, "village_officer")
    for number in range(12):
        officer.post(f"{HOME}tamu/", {"name": f"Tamu {number}"})
    with django_assert_max_num_queries(40):
        officer.get(HOME)
    with django_assert_max_num_queries(25):
        officer.get(f"{HOME}jadwal/")
    with django_assert_max_num_queries(25):
        officer.get(f"{HOME}buku-tamu/")


# --- every address --------------------------------------------------------------------------------------------------


def things(cast: Cast) -> dict[str, Any]:
    """One real thing of the village for every part of an address of the post and the box."""
    head = set_up(cast)
    roster(head)
    officer = sit(cast, "village_officer")
    officer.post(f"{HOME}tamu/", {"name": "Tamu Rahasia"})
    officer.post(f"{HOME}nomor/", {})
    officer.post(f"{HOME}serah-terima/tulis/", {"note": "Catatan Rahasia", "cash": "0"})
    shift = Shift.objects.order_by("-starts_at")[0]
    duty = shift.duties.filter(part="officer").get()
    other = next(one for one in ("village_officer", "secretary") if cast.seats[one].id != duty.seat_id)
    asker = next(one for one in ("village_officer", "secretary") if one != other)
    said = {"to_seat": str(cast.seats[other].id), "in_return": ""}
    assert sit(cast, asker).post(f"{HOME}tugas/{duty.id}/tanya/", said).status_code == 302
    box(cast)
    stage = Stage.objects.get()
    sealed = sealing.seal(sealing.public_of(KEY), b'{"name":"x"}', rules.info(stage.id))
    given = {"report_id": str(uuid7()), "known_date": "1/1/2026", "sealed": _text(sealed)}
    assert officer.post(f"{BOX}tahapan/{stage.id}/laporan/", given).status_code == 302
    return {
        "visitor_id": Visitor.objects.get().id,
        "ticket_id": Ticket.objects.get().id,
        "relay_id": Relay.objects.get().id,
        "shift_id": shift.id,
        "duty_id": duty.id,
        "offer_id": Offer.objects.get().id,
        "pattern_id": Pattern.objects.get().id,
        "stage_id": stage.id,
        "report_id": Report.objects.get().id,
        "keeper_id": Keeper.objects.get().id,
        "step": "x",
    }


def test_the_neighbour_finds_nothing_and_nothing_breaks_for_who_works_there(cast: Cast) -> None:
    known = things(cast)
    ours = [(name, parts) for name, parts, _policy in ADDRESSES if name.startswith(("desk_post", "desk_box"))]
    assert len(ours) > 40
    found = []
    clients = {
        part: sit(cast, part)
        for part in ("neighbour_officer", "neighbour_head", "village_officer", "secretary", "election")
    }
    for name, parts in ours:
        address = reverse(name, kwargs={part: known[part] for part in parts})
        for part, client in clients.items():
            client.raise_request_exception = False
            for ask in (client.get, client.post):
                answer = ask(address)
                stranger = part.startswith("neighbour")
                if answer.status_code >= 500:
                    found.append(f"{part}: {name} answered {answer.status_code}")
                if stranger and parts and answer.status_code not in (404, 405):
                    found.append(f"{part}: {name} answered {answer.status_code}")
                if stranger and answer.status_code == 200 and "Rahasia" in words(answer):
                    found.append(f"{part}: {name} shows somebody of the village")
    assert not found, "\n".join(found)
