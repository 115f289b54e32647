"""The desk's pages of feedback, figures and SP4N-LAPOR, as officers walk them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case, LaporRecord
from simpul.feedback import actions
from simpul.feedback.models import Change, Code, Record, Rumour
from simpul.feedback.queries import frame as frame_queries
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.messages import actions as message_actions
from simpul.messages.models import Correspondent, Incoming
from tests.cast import BOTTENG, DUNGKAIT, Cast, assemble
from tests.web.desk_pages import act, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/umpan-balik/"


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    actions.load_frame(by=MACHINE, at=timezone.now())
    return made


@pytest.fixture
def admin(cast: Cast) -> Client:
    return sit(cast, "admin")


def heard(cast: Cast, **given: Any) -> Record:
    wanted = {"text_given": "Kapan pembagian beras?", "region_code": DUNGKAIT, "channel": "field", **given}
    made = actions.record_feedback(by=cast.admin, at=timezone.now(), **wanted).record
    assert made is not None
    return made


def number_of(code: str) -> str:
    return str([one.code for one in frame_queries.codes()].index(code) + 1)


def write(client: Client, **given: Any) -> Any:
    return client.post(
        f"{HOME}tulis/", {"text": "Kapan pembagian beras?", "channel": "field", "place": DUNGKAIT, **given}
    )


# --- writing down -------------------------------------------------------------------------------------------------------


def test_feedback_is_written_down_with_three_answers(cast: Cast, admin: Client) -> None:
    assert admin.get(f"{HOME}tulis/").status_code == 200
    answer = write(admin)
    assert answer.url == f"{HOME}{Record.objects.get().id}/"
    assert "Kapan pembagian beras?" in words(admin.get(answer.url))


def test_codes_are_given_by_number_and_by_tick_at_once(cast: Cast, admin: Client) -> None:
    key = str(uuid4())
    more = {
        "codes": ["q-who"],
        "quick": f"{number_of('q-when')} {number_of('r-food')}",
        "sex": "female",
        "voices": "4",
    }
    write(admin, record_id=key, hamlet=str(cast.hamlet.id), received="01/11/2026", **more)
    write(admin, record_id=key, **more)
    made = Record.objects.get()
    assert {one.code_id for one in made.codings.all()} == {"q-who", "q-when", "r-food"}
    assert (made.sex, made.voices, made.hamlet_id) == ("female", 4, cast.hamlet.id)
    assert "Tidak ada kode bernomor ini" in words(write(admin, quick="9999"))


def test_what_is_wrong_is_told_and_what_was_typed_stays(cast: Cast, admin: Client) -> None:
    answer = write(admin, place="Negeri Antah")
    assert answer.status_code == 422 and "Kapan pembagian beras?" in answer.content.decode()
    assert write(admin, text="").status_code == 422
    assert write(admin, record_id="bukan-uuid").status_code == 404


def test_what_is_sensitive_leaves_for_protection_with_a_receipt(cast: Cast, admin: Client) -> None:
    answer = write(admin, sensitive="on")
    page = words(admin.get(answer.url))
    assert "petugas perlindungan" in page and "Tanda terima" in page
    assert not Record.objects.exists() and Case.objects.get().sensitivity == "sealed"


def test_a_message_becomes_feedback_from_the_conversation(cast: Cast, admin: Client) -> None:
    now = timezone.now()
    who = Correspondent.objects.create(
        channel="sms", address="+628111", first_at=now, region_code=DUNGKAIT, desk=cast.desk("centre")
    )
    one = Incoming.objects.create(
        correspondent=who, channel="sms", once_key="k", received_at=now, kind="text", text="Terima kasih atas air bersih",
        hear_at=now, state="open",
    )  # fmt: skip
    link = f"{HOME}tulis/?pesan={one.id}"
    assert link in admin.get(f"/meja/percakapan/{who.id}/").content.decode()
    assert "Terima kasih atas air bersih" in admin.get(link).content.decode()
    write(admin, text="Terima kasih atas air bersih", channel="sms", pesan=str(one.id))
    one.refresh_from_db()
    assert (one.outcome, Record.objects.get().source_id) == ("feedback", one.id)
    assert admin.get(f"{HOME}tulis/?pesan={one.id}").url == f"{HOME}{Record.objects.get().id}/"
    assert sit(cast, "pokja").get(f"{HOME}tulis/?pesan={one.id}").status_code == 404


def test_a_call_becomes_feedback_from_its_page(cast: Cast, admin: Client) -> None:
    call = message_actions.log_call(
        by=cast.admin,
        at=timezone.now(),
        number="0812 4455 6677",
        outcome="information",
        notes="Kapan beras dibagi?",
    )
    link = f"{HOME}tulis/?telepon={call.id}"
    assert link in admin.get(f"/meja/telepon/{call.id}/").content.decode()
    page = admin.get(link).content.decode()
    assert "Kapan beras dibagi?" in page and '<option value="phone" selected' in page
    admin.post(link, {"text": "Kapan beras dibagi?", "channel": "phone", "place": DUNGKAIT})
    record = Record.objects.get()
    assert (record.source_kind, record.source_id) == ("call", call.id)
    assert admin.get(link).url == f"{HOME}{record.id}/"
    assert link not in admin.get(f"/meja/telepon/{call.id}/").content.decode()
    assert sit(cast, "neighbour_manager").get(link).status_code == 404


# --- list and coding ----------------------------------------------------------------------------------------------------


def test_the_list_keeps_its_filters_in_the_address(cast: Cast, admin: Client) -> None:
    heard(cast, codes=["q-when"])
    heard(cast, text_given="Terima kasih, petugas ramah", region_code=BOTTENG)
    assert "Terima kasih" in words(admin.get(HOME))
    narrowed = words(admin.get(f"{HOME}?kode=q-when&wilayah=76.02&jenis=question&keadaan=coded&jalan=field"))
    assert "Kapan pembagian" in narrowed and "petugas ramah" not in narrowed
    for odd in ("?page=x", "?page=99999999", "?sejak=kemarin", "?wilayah=%00", "?kata=%27%22", "?jenis=zz"):
        assert admin.get(HOME + odd).status_code == 200


def test_a_filter_that_no_calendar_and_no_table_knows_is_passed_over(cast: Cast, admin: Client) -> None:
    heard(cast)
    for odd in ("?sampai=31/12/9999", "?sejak=01/01/0001", "?kata=%00x&kode=%00&jalan=%00"):
        assert admin.get(f"{HOME}{odd}").status_code == 200


def test_coding_goes_on_to_the_next_with_one_press(cast: Cast, admin: Client) -> None:
    first, second = heard(cast), heard(cast)
    answer = admin.post(f"{HOME}{first.id}/", {"quick": number_of("q-when"), "do": "next"})
    assert answer.url == f"{HOME}{second.id}/"
    answer = admin.post(
        f"{HOME}{second.id}/", {"codes": ["b-cut"], "rumour_words": "Beras dipotong", "do": "next"}
    )
    assert answer.url == HOME and Rumour.objects.get().words == "Beras dipotong"
    third = heard(cast)
    admin.post(
        f"{HOME}{third.id}/", {"codes": ["b-cut"], "rumour": str(Rumour.objects.get().id), "do": "save"}
    )
    assert Rumour.objects.get().records.count() == 2
    assert admin.post(f"{HOME}{third.id}/", {"do": "save"}).status_code == 422


def test_it_becomes_a_matter_from_its_page(cast: Cast, admin: Client) -> None:
    one = heard(cast)
    answer = admin.post(
        f"{HOME}{one.id}/jadikan/", {"kind": "complaint", "name": "Nurhayati", "phone": "0812-4455-6677"}
    )
    assert answer.url == f"/meja/kasus/{Case.objects.get().id}/"
    assert "Buka urusan" in words(admin.get(f"{HOME}{one.id}/"))
    assert admin.post(f"{HOME}{one.id}/jadikan/", {"kind": "complaint"}).status_code == 409
    assert admin.post(f"{HOME}{one.id}/jadikan/", {"kind": "nothing"}).status_code == 409


def test_neighbours_partners_and_administrators_see_nothing(cast: Cast) -> None:
    one = heard(cast)
    assert sit(cast, "neighbour").get(f"{HOME}{one.id}/").status_code == 404
    for part in ("partner", "administrator", "protection_officer", "custodian"):
        assert sit(cast, part).get(HOME).status_code == 404
    officer = sit(cast, "village_officer")
    assert officer.get(HOME).status_code == 200 and officer.get(f"{HOME}tren/").status_code == 404
    assert officer.post(f"{HOME}kabar/{uuid4()}/").status_code == 404


# --- trends, rumours, changes -------------------------------------------------------------------------------------------


def test_trends_show_weeks_with_a_table_and_leave_the_house_without_small_numbers(
    cast: Cast, admin: Client
) -> None:
    for _turn in range(6):
        heard(cast, codes=["q-when"])
    heard(cast, codes=["c-target"])
    page = words(admin.get(f"{HOME}tren/?minggu=4&pecah=place"))
    assert "Kapan bantuan datang" in page and "Salah sasaran" in page
    assert admin.get(f"{HOME}tren/?minggu=999&pecah=zz&wilayah=x").status_code == 200
    answer = admin.post(f"{HOME}tren/ekspor/", {"minggu": "4", "purpose": "Rapat"})
    rows = {
        row[2]: row for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) if len(row) > 3
    }
    assert rows["q-when"][4:] == ["6", "0", "0", "0", "6"] and rows["c-target"][4] == ""
    line = Line.objects.get(kind="export.record")
    assert (line.facts["what"], line.inputs) == ("umpan-balik", {"purpose": "Rapat"})


def test_a_rumour_is_answered_on_its_page(cast: Cast, admin: Client) -> None:
    rumour = actions.note_rumour(
        by=cast.admin, at=timezone.now(), record_id=heard(cast).id, words="Yang mengadu dicoret"
    )
    assert "terdengar 1 kali" in words(admin.get(f"{HOME}kabar/"))
    address = f"{HOME}kabar/{rumour.id}/"
    assert admin.post(address, {"verdict": "untrue", "answer": ""}).status_code == 422
    told = {"verdict": "untrue", "answer": "Tidak ada yang dicoret.", "public": "on"}
    assert admin.post(address, told).url == f"{HOME}kabar/"
    assert "Tidak ada yang dicoret." in Client().get("/angka/").content.decode()


def test_what_changed_is_written_down_and_taken_back(cast: Cast, admin: Client) -> None:
    given = {
        "words": "Jadwal kini ditempel di kantor desa.", "codes": ["q-when"], "since_date": "01/10/2026",
        "until_date": "31/10/2026", "place": "", "decided_by": "Rapat Pokja", "decided_date": "10/11/2026",
    }  # fmt: skip
    assert admin.post(f"{HOME}perubahan/", {**given, "codes": []}).status_code == 422
    assert admin.post(f"{HOME}perubahan/", given).url == f"{HOME}perubahan/"
    made = Change.objects.get()
    assert "Jadwal kini ditempel" in words(sit(cast, "village_officer").get(f"{HOME}perubahan/"))
    admin.post(f"{HOME}perubahan/{made.id}/tarik/", {"reason": ""})
    admin.post(f"{HOME}perubahan/{made.id}/tarik/", {"reason": "Belum berjalan"})
    made.refresh_from_db()
    assert made.withdraw_reason == "Belum berjalan"
    assert admin.post(f"{HOME}perubahan/{made.id}/tarik/", {"reason": "Lagi"}).status_code == 404


# --- the frame ----------------------------------------------------------------------------------------------------------


def test_administrators_edit_the_frame(cast: Cast) -> None:
    client = sit(cast, "administrator")
    assert "Salah sasaran" in words(client.get("/kelola/kode/"))
    given = {
        "code": "q-vaccine",
        "type": "question",
        "category": "question-service",
        "name": "Vaksin",
        "name_en": "Vaccines",
        "confidence": "unconfirmed",
    }
    assert client.post("/kelola/kode/tambah/", given).url == "/kelola/kode/"
    assert client.post("/kelola/kode/tambah/", given).status_code == 422
    changed = {"name": "Vaksin dan imunisasi", "name_en": "Vaccines", "confidence": "unconfirmed"}
    client.post("/kelola/kode/q-vaccine/", changed)
    assert (
        Code.objects.get(code="q-vaccine").name == "Vaksin dan imunisasi"
        and not Code.objects.get(code="q-vaccine").is_active
    )
    assert client.get("/kelola/kode/tidak-ada/").status_code == 404
    assert sit(cast, "admin").get("/kelola/kode/").status_code == 404


# --- figures ------------------------------------------------------------------------------------------------------------


def test_figures_go_down_to_their_matters(cast: Cast) -> None:
    client = sit(cast, "manager")
    case = cast.case(at=timezone.now() - timedelta(days=2), title="Lampu padam")
    for dimension in ("kind", "place", "hamlet", "channel", "desk"):
        assert client.get(f"/meja/angka/?menurut={dimension}").status_code == 200
    assert "Bagian dari SEMUA urusan" in words(client.get("/meja/angka/"))
    assert "Lampu padam" in words(
        client.get(f"/meja/angka/kasus/?menurut=place&kunci={DUNGKAIT}&angka=not_followed")
    )
    assert "Lampu padam" in words(client.get(f"/meja/angka/kasus/?menurut=desk&kunci={case.holder_id}"))
    for odd in (
        "?menurut=desk&kunci=x",
        "?menurut=zz&angka=zz&page=x",
        "?sejak=x&sampai=y&wilayah=%00",
        "?menurut=kind&kunci=%00",
        "?sampai=9999-12-31",
        "?sejak=0001-01-01&sampai=0001-01-01",
        "?menurut=hamlet&kunci=",
    ):
        assert client.get(f"/meja/angka/kasus/{odd}").status_code == 200
        assert client.get(f"/meja/angka/{odd}").status_code == 200
    named = client.get("/meja/angka/?wilayah=Dungkait")
    assert named.context["area"].code == DUNGKAIT
    unknown = client.get("/meja/angka/?wilayah=Entahlah+Sekali")
    assert (unknown.context["area"].code, "tidak mengenal" in words(unknown)) == ("", True)
    assert "Lampu padam" not in words(sit(cast, "neighbour_manager").get("/meja/angka/kasus/"))
    assert sit(cast, "pokja").get("/meja/angka/").status_code == 404


def test_figures_leave_as_csv_with_definitions_and_a_line(cast: Cast) -> None:
    cast.case(at=timezone.now())
    answer = sit(cast, "manager").post("/meja/angka/ekspor/", {"menurut": "place", "purpose": "Laporan"})
    text = answer.content.decode("utf-8-sig")
    assert "Diam dihitung di sini" in text and "Dungkait" in text
    assert Line.objects.get(kind="export.record").facts["what"] == "angka"


def test_the_pages_of_figures_and_feedback_cost_the_same_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = sit(cast, "manager")
    for _turn in range(8):
        cast.case(at=timezone.now())
        heard(cast, codes=["q-when", "b-cut"])
    for address in (
        "/meja/angka/",
        HOME,
        f"{HOME}tren/",
        f"{HOME}kabar/",
        f"{HOME}perubahan/",
        f"{HOME}tulis/",
    ):
        client.get(address)
        with django_assert_max_num_queries(36):
            client.get(address)


# --- SP4N-LAPOR ---------------------------------------------------------------------------------------------------------


def test_the_number_of_sp4n_lapor_is_noted_and_shown_on_the_matter(cast: Cast, admin: Client) -> None:
    case = cast.case(at=timezone.now())
    assert act(admin, case.id, "lapor", number="?").status_code == 409
    act(
        admin,
        case.id,
        "lapor",
        number="7654321",
        report_class="plain",
        status="process",
        disposed_at="01/11/2026",
        followed_at="03/11/2026",
    )
    page = words(admin.get(f"/meja/kasus/{case.id}/"))
    assert "SP4N-LAPOR 7654321" in page and "Proses" in page and "2,0 hari" in page
    assert LaporRecord.objects.get().number == "7654321"
    assert 'value="7654321"' in admin.get(f"/meja/kasus/{case.id}/?buka=lapor").content.decode()


def test_matters_leave_in_the_shape_of_sp4n_lapor(cast: Cast, admin: Client) -> None:
    cast.case(at=timezone.now())
    answer = admin.post("/meja/pantau/ekspor/lapor/", {"hari": "30", "purpose": "Unggah"})
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[:2]
    assert head[0] == "Tracking ID" and row[head.index("Status Laporan")] == "Belum Diverifikasi"
    assert Line.objects.get(kind="export.record").facts["what"] == "lapor"
