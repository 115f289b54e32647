"""Pages of the requests of the six fields: taking in, the list with its flags, one request to its end, and what a seat does not find."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.lib import text
from simpul.lib.ids import uuid7
from simpul.people.models import House, Person, Profile
from simpul.posyandu.actions import requests_deciding
from simpul.posyandu.models import FieldRequest, RequestPhoto, RequestVisit
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.posyandu import requests_help as help_
from tests.posyandu.day_help import enrol, person, record
from tests.posyandu.follow_help import entry, note
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/posyandu-permintaan/"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    found = assemble()
    help_.posyandu(found)
    return found


@pytest.fixture
def cadre(cast: Cast) -> Client:
    return sit(cast, "cadre")


@pytest.fixture
def chair(cast: Cast) -> Client:
    return sit(cast, "posyandu_chair")


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return sit(cast, "secretary")


@pytest.fixture
def head(cast: Cast) -> Client:
    return sit(cast, "village_head")


def form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "posyandu": str(help_.posyandu(cast).id),
        "name": "Daeng Puji",
        "words": "Sumur kami kering.",
        "way": "desk",
        "consent": "spoken",
        "fieldrequest_id": str(uuid7()),
        "visit_id": str(uuid7()),
        **more,
    }


def step(client: Client, request: FieldRequest, slug: str, **given: Any) -> Any:
    return client.post(f"{HOME}{request.id}/langkah/{slug}/", given)


def test_an_empty_list_teaches_and_the_menu_leads_there(cast: Cast, cadre: Client) -> None:
    page = words(cadre.get(HOME))
    assert "Belum ada permohonan" in page and "Permohonan posyandu" in page
    for part in ("village_officer", "manager", "neighbour", "administrator"):
        assert sit(cast, part).get(HOME).status_code == 404


def test_the_services_say_which_papers_they_need(cast: Cast, cadre: Client) -> None:
    page = words(cadre.get(f"{HOME}baru/"))
    assert "Rumah layak huni" in page and "Pernyataan belum pernah dibantu" in page and "Rahasia" in page
    page = words(cadre.get(f"{HOME}baru/?layanan=housing/house"))
    assert "Foto rumah dari tiga sisi" in page and "Tanpa nama" not in page
    assert "Tanpa nama" in words(cadre.get(f"{HOME}baru/?layanan=order/patrol"))


def test_a_village_without_a_posyandu_is_told_so(cast: Cast) -> None:
    assert "Belum ada posyandu di sini" in words(sit(cast, "neighbour_cadre").get(f"{HOME}baru/"))


def test_taking_in_keeps_what_was_typed_and_gives_a_receipt(cast: Cast, cadre: Client) -> None:
    url = f"{HOME}baru/?layanan=works/water"
    wrong = cadre.post(url, form(cast, name="", point="di sana"))
    assert wrong.status_code == 422 and "Sumur kami kering." in wrong.content.decode()
    assert "Tulis nama pemohon" in words(wrong) and "Tulis dua angka" in words(wrong)
    sent = form(cast, papers=["ktp", "kk"], point="-2.91, 118.85", place="Dusun Taludu")
    for _press in range(2):
        answer = cadre.post(url, sent)
        assert answer.status_code == 302
    request = FieldRequest.objects.get()
    assert answer.url == f"{HOME}{request.id}/" and request.latitude == -2.91
    page = words(cadre.get(answer.url))
    for said in (
        "Air bersih",
        "Daeng Puji",
        "Kumpulkan berkas",
        "Sudah dilihat",
        "Dusun Taludu",
        request.case.number,
    ):
        assert said in page, said
    assert request.case.visit_id is not None
    assert "Air bersih" in words(cadre.get(HOME))


def test_somebody_of_the_register_is_looked_up_without_losing_a_word(cast: Cast, cadre: Client) -> None:
    person = Person.objects.create(
        full_name="Sitti Hasnah",
        name_key=text.name_key("Sitti Hasnah"),
        region_code=DUNGKAIT,
        registered_at=NOW,
        resident=True,
    )
    url = f"{HOME}baru/?layanan=social/aid"
    page = cadre.post(url, form(cast, name="", step="cari", sought="Sitti", papers=["kk"]))
    shown = page.content.decode()
    assert page.status_code == 200 and "Sitti Hasnah" in shown and "Sumur kami kering." in shown
    assert 'value="kk"' in shown and "checked" in shown
    cadre.post(url, form(cast, name="", person_id=str(person.id)))
    assert FieldRequest.objects.get().person_id == person.id


def test_a_request_is_walked_to_its_result(
    cast: Cast, cadre: Client, secretary: Client, chair: Client
) -> None:
    request = help_.taken(cast, papers={}, at=timezone.now()).request
    here = f"{HOME}{request.id}/"
    refused = step(cadre, request, "verifikasi-kader", meets="yes")
    assert refused.status_code == 422 and "Belum ada: KTP" in words(refused)
    for code in ("ktp", "kk", "rt_letter"):
        assert cadre.post(f"{here}berkas/", {"berkas": code, "keadaan": "seen"}).status_code == 302
    given = {"berkas": "rt_letter", "keadaan": "copied", "foto": photo(), "catatan": "Dari Pak RT"}
    assert cadre.post(f"{here}berkas/", given).status_code == 302
    assert cadre.post(f"{here}berkas/", {"berkas": "paspor", "keadaan": "seen"}).status_code == 422
    kept = RequestPhoto.objects.get()
    assert cadre.get(f"{HOME}foto/{kept.id}/").headers["Content-Type"] == "image/jpeg"
    assert sit(cast, "neighbour_cadre").get(f"{HOME}foto/{kept.id}/").status_code == 404
    day = timezone.localdate().strftime("%d/%m/%Y")
    visit = {
        "visited_date": day,
        "visitor": "Hasniah",
        "seen": "Sumur kering.",
        "meets": "yes",
        "point": "-2.91 118.85",
    }
    assert step(cadre, request, "kunjungan", photo_front=photo(), **visit).status_code == 302
    assert RequestVisit.objects.get().photos.get().side == "front"
    assert step(cadre, request, "verifikasi-kader", meets="yes").status_code == 302
    assert step(cadre, request, "verifikasi-desa", meets="yes").status_code == 404
    assert step(secretary, request, "verifikasi-desa", meets="no").status_code == 422
    assert step(secretary, request, "verifikasi-desa", meets="yes").status_code == 302
    assert "Serahkan ke desa" in words(cadre.get(here))
    assert step(cadre, request, "serahkan").status_code == 302
    water = str(cast.desk("water").id)
    assert (
        step(secretary, request, "teruskan", desk=water, note="Mohon sumur bor", consent="spoken").status_code
        == 302
    )
    assert "Pokja Air Bersih" in words(cadre.get(here))
    assert (
        step(secretary, request, "hasil", result="done", words="Sumur bor sudah selesai.").status_code == 302
    )
    page = words(cadre.get(here))
    assert (
        "Hasil disampaikan" in page and "Sumur bor sudah selesai." in page and "Verifikasi kader" not in page
    )
    assert "Air bersih" in words(cadre.get(f"{HOME}?tampil=ended"))
    paper = words(cadre.get(f"{here}cetak/"))
    for said in ("Permohonan layanan posyandu", "Salinan disimpan", "Sumur kering.", "Dari Pak RT"):
        assert said in paper


def test_a_flag_stands_on_the_list_and_on_the_page(cast: Cast, cadre: Client) -> None:
    request = help_.taken(cast, at=timezone.now() - timedelta(days=20)).request
    assert "Tanda merah" in words(cadre.get(f"{HOME}{request.id}/"))
    assert "Air bersih" in words(cadre.get(f"{HOME}?tampil=flagged"))
    assert "Air bersih" in words(cadre.get(f"{HOME}?tampil=late"))
    cadre.post(f"{HOME}{request.id}/berkas/", {"berkas": "ktp", "keadaan": "copied"})
    assert "Tidak ada permohonan yang cocok." in words(cadre.get(f"{HOME}?tampil=flagged"))
    assert "Air bersih" not in words(cadre.get(f"{HOME}?bidang=health"))
    assert "Air bersih" in words(cadre.get(f"{HOME}?kata=puji&posyandu={help_.posyandu(cast).id}"))


def test_public_order_is_not_found_before_the_head_releases_it(
    cast: Cast, cadre: Client, chair: Client, head: Client, secretary: Client
) -> None:
    url = f"{HOME}baru/?layanan=order/patrol"
    assert chair.post(url, form(cast, words="Ada pencurian malam.")).status_code == 302
    request = FieldRequest.objects.get()
    here, case = f"{HOME}{request.id}/", f"/meja/kasus/{request.case_id}/"
    for client in (chair, head):
        page = words(client.get(here))
        assert "Rahasia" in page and "Daeng Puji" in page
    for client in (cadre, secretary, sit(cast, "second_cadre"), sit(cast, "neighbour_head")):
        for path in (here, f"{here}cetak/", f"{here}langkah/kunjungan/", case):
            assert client.get(path).status_code == 404, path
        assert client.post(f"{here}berkas/", {"berkas": "ktp", "keadaan": "seen"}).status_code == 404
    for client in (cadre, secretary):
        assert "Patroli" not in words(client.get(HOME))
        assert "Patroli" not in words(client.get("/meja/?view=turn"))
    assert step(chair, request, "lepas").status_code == 404
    assert step(chair, request, "kesampingkan", why="Tidak jelas").status_code == 404
    assert step(chair, request, "verifikasi-kader", meets="yes").status_code == 302
    assert step(head, request, "verifikasi-desa", meets="yes").status_code == 404
    assert step(head, request, "lepas", note="Setuju").status_code == 302
    page = words(cadre.get(here))
    assert "Nama dilindungi" in page and "Daeng Puji" not in page
    assert "Daeng Puji" not in words(secretary.get(HOME)) and "Daeng Puji" in words(head.get(here))
    assert step(head, request, "verifikasi-desa", meets="yes").status_code == 302


def test_an_anonymous_one_is_set_aside_with_a_reason(cast: Cast, chair: Client) -> None:
    url = f"{HOME}baru/?layanan=order/watch"
    assert chair.post(url, form(cast, name="", nameless="on", words="Ada judi di pos.")).status_code == 302
    request = FieldRequest.objects.get()
    assert "Tanpa nama" in words(chair.get(f"{HOME}{request.id}/"))
    assert step(chair, request, "kesampingkan", why="").status_code == 422
    assert step(chair, request, "kesampingkan", why="Tempatnya tidak jelas.").status_code == 302
    assert "Disisihkan" in words(chair.get(f"{HOME}?tampil=ended"))


def test_words_that_seal_a_matter_lead_back_to_the_list(cast: Cast, chair: Client) -> None:
    told = "Petugas minta ditemani tidur supaya kami dapat bantuan."
    answer = chair.post(f"{HOME}baru/?layanan=order/prevention", form(cast, words=told), follow=True)
    assert answer.redirect_chain[-1][0] == HOME and "meja perlindungan" in words(answer)


def test_a_matter_of_another_door_is_taken_up_from_the_list_and_the_case_page(
    cast: Cast, cadre: Client
) -> None:
    answers = {"field": "works", "service": "works/road"}
    case = cast.case(kind_code="spm_request", answers=answers, desk_id=cast.desk("posyandu").id)
    assert "Masuk lewat pintu lain" in words(cadre.get(HOME))
    assert f"{HOME}dari/{case.id}/" in cadre.get(f"/meja/kasus/{case.id}/").content.decode()
    place = str(help_.posyandu(cast).id)
    answer = cadre.post(f"{HOME}dari/{case.id}/", {"posyandu": place})
    request = FieldRequest.objects.get()
    assert answer.url == f"{HOME}{request.id}/" and cadre.get(f"{HOME}dari/{case.id}/").url == answer.url
    assert answer.url in cadre.get(f"/meja/kasus/{case.id}/").content.decode()
    assert cadre.get(f"{HOME}dari/{cast.case(desk_id=cast.desk('posyandu').id).id}/").status_code == 404
    assert sit(cast, "neighbour_cadre").get(f"{HOME}dari/{case.id}/").status_code == 404


def test_requests_stand_before_what_findings_opened_and_are_narrowed_by_field_and_state(
    cast: Cast, cadre: Client
) -> None:
    road = help_.taken(cast, "works/road").request
    aid = help_.taken(cast, "social/aid", papers={}).request
    requests_deciding.check_fieldrequest(by=cast.cadre, at=NOW, fieldrequest_id=road.id, meets=True)
    card = enrol(cast, help_.posyandu(cast), person("Nur Aisyah"))
    (found,) = note(cast, entry(card), ["severely_wasted"])
    page = cadre.get(HOME)
    said, number = page.content.decode(), found.case.number
    assert "Masuk lewat pintu lain" not in said and "1 urusan dari temuan kesehatan" in words(page)
    assert said.index(str(road.id)) < said.index(number) and f"/meja/kasus/{found.case_id}/" in said
    for narrowed, here, away in (
        ("bidang=works", road, aid),
        ("keadaan=checked", road, aid),
        ("keadaan=papers", aid, road),
        ("bidang=social&keadaan=papers", aid, road),
    ):
        said = cadre.get(f"{HOME}?{narrowed}").content.decode()
        assert str(here.id) in said and str(away.id) not in said and number not in said, narrowed
    ended = cadre.get(f"{HOME}?tampil=ended&keadaan=checked").content.decode()
    assert 'value="done"' in ended and 'value="checked"' not in ended, "an ended one is in no open state"


def test_indicators_are_counted_where_the_house_knows_them(
    cast: Cast, cadre: Client, secretary: Client
) -> None:
    born = timezone.localdate()
    for number in range(3):
        person = Person.objects.create(
            full_name=f"Anak {number}", name_key=f"anak {number}", region_code=DUNGKAIT, resident=True,
            birth_date=born.replace(year=born.year - 10, day=1), registered_at=NOW,
        )  # fmt: skip
        if number < 2:
            Profile.objects.create(person=person, schooling="bdt/2" if number else "bdt/1", changed_at=NOW)
    House.objects.create(region_code=DUNGKAIT, water="bdt/7", floor="bdt/9", changed_at=NOW)
    page = words(cadre.get(f"{HOME}indikator/"))
    assert "Anak 7–15 tahun yang tidak bersekolah 1 1 Pedoman" in page
    assert "Rumah dengan sumber air minum tak terlindung 1 0" in page and "Rumah tidak layak huni 1 0" in page
    assert "tidak ada angka" in page and "60 liter" in page and "belum dikonfirmasi" in page
    assert "tidak bersekolah kurang dari 5 1" in words(secretary.get(f"{HOME}indikator/"))


def test_who_sees_no_names_does_not_read_from_the_weighed_how_few_were_not(
    cast: Cast, cadre: Client, secretary: Client
) -> None:
    """The recap of the month hides 37 of 40; so does the list of indicators."""
    for number in range(9):
        card = enrol(cast, help_.posyandu(cast), person(f"Anak {number}"))
        if number < 7:
            record(cast, card, timezone.localdate(), weight=8900, at=timezone.now())
    line = "Balita yang ditimbang bulan ini"
    assert f"{line} 7 0" in words(cadre.get(f"{HOME}indikator/"))
    page = words(secretary.get(f"{HOME}indikator/"))
    assert f"{line} 7" not in page and f"{line} disembunyikan: kurang dari 5 orang" in page


def test_a_list_costs_the_same_however_long_it_is(
    cast: Cast, cadre: Client, django_assert_max_num_queries: Any
) -> None:
    help_.taken(cast)
    cadre.get(HOME)
    with django_assert_max_num_queries(60) as one:
        cadre.get(HOME)
    for _more in range(6):
        help_.taken(cast, "social/poor")
    with django_assert_max_num_queries(60) as many:
        cadre.get(HOME)
    assert len(many) == len(one)
    request = help_.verified(cast)
    cadre.get(f"{HOME}{request.id}/")
    with django_assert_max_num_queries(60) as page:
        cadre.get(f"{HOME}{request.id}/")
    assert len(page) <= 45
