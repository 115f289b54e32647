"""The desk's pages of switched-off KIS cards, as facilitator, office and supervisor walk them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.programmes.actions import kis
from simpul.programmes.models import Card, CardRule, Deactivation
from tests import kis as story
from tests.cast import NOW, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/kis/"
NIK = "7303015504850001"


@pytest.fixture
def office() -> story.Office:
    return story.furnish(assemble())


@pytest.fixture
def group(office: story.Office) -> Deactivation:
    hamlet = office.hamlets["Beloparang"].id
    return story.load(
        [
            story.row(2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15), hamlet_id=hamlet),
            story.row(3, "Sangkala", off_reason="cuci darah", hamlet_id=hamlet, landmark="Samping masjid"),
            story.row(4, "Nurbaya", off_reason="hamil", hamlet_id=office.hamlets["Sunggumanai"].id),
        ]
    )


def press(client: Client, card: Card, slug: str, **given: Any) -> Any:
    fields = {f"{slug}-{name}": value for name, value in given.items()}
    return client.post(f"{HOME}kartu/{card.id}/{slug}/", {"press": str(uuid4()), **fields})


def assigned(office: story.Office, name: str) -> Card:
    card = story.card(name)
    kis.assign_cards(by=office.overseer, at=NOW, seat_id=office.seats["walker"].id, card_ids=[card.id])
    return card


def test_empty_pages_teach(office: story.Office) -> None:
    overseer, walker = sit(office.cast, "overseer"), sit(office.cast, "walker")
    assert "Belum ada daftar" in words(overseer.get(HOME))
    assert walker.get(HOME).url == f"{HOME}pintu/"
    assert "Belum ada rumah untuk Anda" in words(walker.get(f"{HOME}pintu/"))
    for path in ("semua/", "ragu/", "kementerian/", "kewajiban/", "aturan/", "pintu/cetak/"):
        assert overseer.get(f"{HOME}{path}").status_code == 200, path


def test_the_overview_says_where_the_gap_is(office: story.Office, group: Deactivation) -> None:
    page = words(sit(office.cast, "overseer").get(HOME))
    assert "3 dinonaktifkan, 0 diajukan, 0 aktif kembali: 3 orang masih menunggu didatangi." in page
    assert "Beloparang" in page
    assert "mendesak dan belum diajukan" in page


def test_a_supervisor_gives_a_hamlet_to_a_facilitator(office: story.Office, group: Deactivation) -> None:
    client = sit(office.cast, "overseer")
    address = f"{HOME}daftar/{group.id}/"
    shown = client.get(address).content.decode()
    part = re.search(r'value="(\d{10}:[0-9a-f-]{36})">Beloparang', shown)
    assert part is not None
    answer = client.post(
        f"{address}bagi/", {"part": part[1], "seat": str(office.seats["walker"].id)}, follow=True
    )
    assert "2 rumah sudah dibagikan." in words(answer)
    assert "Rosmini Hamid" in words(answer)
    wrong = client.post(f"{address}bagi/", {"part": part[1], "seat": str(uuid4())})
    assert wrong.status_code == 422
    hasty = client.post(f"{address}bagi/", {"part": part[1], "seat": ""})
    assert hasty.status_code == 422
    assert "Pilih fasilitator yang mendatangi rumah-rumah ini." in words(hasty)
    doors = words(sit(office.cast, "walker").get(f"{HOME}pintu/"))
    assert doors.index("Sangkala") < doors.index("Hasnah")
    assert "Penyakit berat: tanpa kartu pengobatannya berhenti (menurut daftar)" in doors
    assert "Samping masjid" in doors
    assert "Surat dari fasilitas kesehatan (wajib)" in doors
    assert "Nurbaya" not in doors
    back = client.post(f"{address}bagi/", {"part": part[1], "seat": "-"}, follow=True)
    assert "2 rumah sudah dibagikan." in words(back)
    assert "Sangkala" not in words(sit(office.cast, "walker").get(f"{HOME}pintu/"))


def test_the_pack_for_the_road_leaves_a_line(office: story.Office, group: Deactivation) -> None:
    assigned(office, "Sangkala")
    page = words(sit(office.cast, "walker").get(f"{HOME}pintu/cetak/"))
    assert "1. Sangkala" in page
    assert "☐ Bertemu di rumah" in page
    assert Line.objects.filter(kind="view.record", subject_id=office.seats["walker"].id).exists()


def test_a_door_is_written_down_asked_for_and_walked_to_a_card_that_works(
    office: story.Office, group: Deactivation
) -> None:
    card = assigned(office, "Hasnah Daeng Bau")
    walker, checker, manager = (sit(office.cast, part) for part in ("walker", "checker", "neighbour_manager"))
    address = f"{HOME}kartu/{card.id}/"
    assert press(walker, card, "pintu", found="").status_code == 422
    assert (
        press(walker, card, "pintu", found="visited_found", need="chronic", need_words="gula").status_code
        == 302
    )
    assert "gula" not in words(walker.get(f"{HOME}pintu/"))
    refused = press(walker, card, "minta", consent="")
    assert refused.status_code == 422
    answer = press(walker, card, "minta", consent="spoken", phone="081200007001", words="Saya perlu obat.")
    assert answer.url == f"{address}tanda/"
    slip = words(walker.get(answer.url))
    assert "PIN" in slip
    assert "Masih perlu dibawa: Surat dari fasilitas kesehatan." in slip
    case = Case.objects.get(kind_id="kis_reactivation")
    assert case.number.split("-")[2] in slip
    assert checker.get(f"{address}tanda/").status_code == 404
    assert (
        press(
            walker,
            card,
            "surat",
            facility="PKM",
            facility_letter="3/2026",
            facility_date="20/11/2026",
            decile="2",
        ).status_code
        == 302
    )
    assert press(walker, card, "periksa").status_code == 404
    assert press(checker, card, "periksa").status_code == 302
    assert press(checker, card, "lengkap").status_code == 302
    assert press(checker, card, "layak", words="Buruh tani, desil 2.").status_code == 302
    assert "Setujui dan tanda tangani" not in words(checker.get(address))
    assert press(manager, card, "setujui", recommendation="").status_code == 422
    assert press(manager, card, "setujui", recommendation="440/1/2026").status_code == 302
    assert press(checker, card, "usulkan").status_code == 302
    assert press(checker, card, "keputusan", decision="deny", words="").status_code == 422
    assert press(checker, card, "keputusan", decision="grant").status_code == 302
    assert press(walker, card, "aktif").status_code == 302
    page = words(walker.get(address))
    assert "Kartu Aktif Kembali" in page
    assert "Data keluarga sudah dimutakhirkan" in page
    assert "Hasnah" in words(manager.get(f"{HOME}kewajiban/"))
    assert press(walker, card, "data").status_code == 302
    case.refresh_from_db()
    assert case.decision == "reactivated"


def test_papers_that_are_missing_are_named_on_the_page(office: story.Office, group: Deactivation) -> None:
    card = assigned(office, "Hasnah Daeng Bau")
    kis.ask_card(by=office.walker, at=NOW, card_id=card.id, consent="spoken")
    checker = sit(office.cast, "checker")
    press(checker, card, "periksa")
    answer = press(checker, card, "lengkap")
    assert answer.status_code == 422
    assert "masih kurang: Surat dari fasilitas kesehatan" in words(answer)
    assert press(checker, card, "kurang", missing="").status_code == 422
    assert press(checker, card, "kurang", missing="Surat dari Puskesmas Bissappu").status_code == 302
    assert "Surat dari Puskesmas Bissappu" in words(checker.get(f"{HOME}kartu/{card.id}/"))


def test_who_checked_is_offered_no_signature(office: story.Office, group: Deactivation) -> None:
    card = assigned(office, "Hasnah Daeng Bau")
    kis.ask_card(by=office.walker, at=NOW, card_id=card.id, consent="spoken")
    story.go(office, card.id, "verify_card")
    manager = sit(office.cast, "neighbour_manager")
    assert "Setujui dan tanda tangani" in words(manager.get(f"{HOME}kartu/{card.id}/"))
    Card.objects.filter(id=card.id).update(checked_by=office.manager.user_id)
    assert "Setujui dan tanda tangani" not in words(manager.get(f"{HOME}kartu/{card.id}/"))
    assert "orang lain yang harus menyetujuinya" in words(press(manager, card, "setujui", recommendation="1"))


def test_a_refused_visit_is_taken_back(office: story.Office, group: Deactivation) -> None:
    card = assigned(office, "Sangkala")
    walker = sit(office.cast, "walker")
    press(walker, card, "pintu", found="dead")
    page = words(walker.get(f"{HOME}kartu/{card.id}/"))
    assert "Catat juga kematiannya" in page
    assert "Ajukan kartunya" not in page
    press(walker, card, "batal-pintu")
    card.refresh_from_db()
    assert card.door == "to_visit"


def test_doubtful_people_are_compared_and_decided(office: story.Office) -> None:
    person = story.resident("Nurbaya", landmark="Dekat pasar")
    story.load([story.row(2, "Nurbaya")])
    client = sit(office.cast, "checker")
    page = words(client.get(f"{HOME}ragu/"))
    assert "nama sama, desa sama" in page
    card = story.card("Nurbaya")
    assert client.post(f"{HOME}ragu/{card.id}/", {"person": str(uuid4())}, follow=True).status_code == 200
    assert story.card("Nurbaya").person is None
    answer = client.post(f"{HOME}ragu/{card.id}/", {"person": str(person.id)}, follow=True)
    assert "Tidak ada yang perlu diputuskan" in words(answer)
    assert story.card("Nurbaya").person_id == person.id
    assert "Diputuskan oleh Nurlina Sari." in words(client.get(f"{HOME}kartu/{card.id}/"))
    client.post(f"{HOME}ragu/{card.id}/", {"person": "", "back": "card"})
    assert story.card("Nurbaya").match == "none"
    assert client.post(f"{HOME}ragu/{card.id}/", {"person": "x"}).status_code == 404
    again = client.post(f"{HOME}daftar/{Deactivation.objects.get().id}/cocokkan/", follow=True)
    assert again.status_code == 200


def test_the_ministry_is_followed_up(office: story.Office, group: Deactivation) -> None:
    card = assigned(office, "Hasnah Daeng Bau")
    kis.ask_card(by=office.walker, at=NOW, card_id=card.id, consent="spoken")
    story.go(office, card.id, "propose_card")
    Card.objects.filter(id=card.id).update(proposed_date=timezone.now().date() - timedelta(days=30))
    checker = sit(office.cast, "checker")
    assert "Perlu Tindak Lanjut" in words(checker.get(f"{HOME}kementerian/"))
    assert press(checker, card, "tanya", words="Lewat SIKS-NG").status_code == 302
    page = words(checker.get(f"{HOME}kementerian/"))
    assert "0 kartu Perlu Tindak Lanjut" in page


def test_the_rule_page_shows_who_says_what_and_takes_a_rule_of_the_district(office: story.Office) -> None:
    manager = sit(office.cast, "neighbour_manager")
    page = words(manager.get(f"{HOME}aturan/?hari=2026-02-10"))
    assert "Dipakai pada 10 Februari 2026" in page
    assert "BPJS Kesehatan, 5 Februari 2026" in page
    given = {
        "name": "Edaran Bantaeng",
        "authority": "Dinsos",
        "source": "",
        "from_date": "1/1/2026",
        "facility_letter": "no",
        "village_letter": "required",
        "chronic_required": "no",
    }
    assert manager.post(f"{HOME}aturan/", given).status_code == 422
    answer = manager.post(
        f"{HOME}aturan/", {**given, "source": "Surat Edaran 3/2026", "from_date": "1/3/2026"}
    )
    assert answer.status_code == 302
    assert "Edaran Bantaeng" in words(manager.get(f"{HOME}aturan/"))
    rule = CardRule.objects.get()
    assert sit(office.cast, "checker").post(f"{HOME}aturan/", given).status_code == 404
    assert sit(office.cast, "checker").post(f"{HOME}aturan/{rule.id}/akhiri/").status_code == 404
    assert manager.post(f"{HOME}aturan/{rule.id}/akhiri/").status_code == 302


def test_the_spreadsheet_holds_no_nik_and_no_illness_and_leaves_a_line(
    office: story.Office, group: Deactivation
) -> None:
    nothing_said = sit(office.cast, "overseer").post(f"{HOME}daftar/{group.id}/ekspor/", {"purpose": " "})
    assert nothing_said.status_code == 302 and not Line.objects.filter(kind="export.record").exists()
    answer = sit(office.cast, "overseer").post(f"{HOME}daftar/{group.id}/ekspor/", {"purpose": "Rapat"})
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert "Sangkala" in text
    assert NIK not in text
    assert "cuci darah" not in text
    line = Line.objects.get(kind="export.record")
    assert line.facts == {"what": "kis", "rows": 3}
    assert sit(office.cast, "checker").post(f"{HOME}daftar/{group.id}/ekspor/").status_code == 404


def test_who_sees_nothing(office: story.Office, group: Deactivation) -> None:
    card = assigned(office, "Sangkala")
    address = f"{HOME}kartu/{card.id}/"
    for part in ("other_walker", "manager", "village_officer", "administrator"):
        assert sit(office.cast, part).get(address).status_code == 404, part
    assert sit(office.cast, "other_walker").get(f"{HOME}daftar/{group.id}/").status_code == 404
    assert Client().get(address).status_code == 302
    assert sit(office.cast, "walker").post(f"{address}entah/").status_code == 404
    assert sit(office.cast, "overseer").get(f"{HOME}daftar/{uuid4()}/").status_code == 404


def test_cards_are_narrowed_by_what_the_address_says(office: story.Office, group: Deactivation) -> None:
    client = sit(office.cast, "overseer")
    assert "Nurbaya" not in words(client.get(f"{HOME}semua/?kebutuhan=catastrophic"))
    assert "Nurbaya" in words(client.get(f"{HOME}semua/?kata=nurbaya"))
    assert "Tidak ada kartu di sini" in words(client.get(f"{HOME}semua/?keadaan=reactivated"))
    odd = f"{HOME}semua/?daftar=x&dusun=%00&petugas=-&pintu=x&page=99999999&wilayah=%00"
    assert client.get(odd).status_code == 200
