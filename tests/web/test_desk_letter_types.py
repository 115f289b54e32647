"""The desk's pages of kinds of letter: found, written with a preview, compared, brought back, ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from simpul.letters.actions import types as actions
from simpul.letters.models import TypeVersion
from simpul.letters.queries import types as queries
from simpul.lib.actor import MACHINE
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/surat/jenis/"
ONE = f"{HOME}keterangan_usaha/"


@pytest.fixture
def cast() -> Cast:
    found = assemble()
    actions.load_types(by=MACHINE, at=NOW)
    return found


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return sit(cast, "secretary")


def fields(page: Any) -> dict[str, Any]:
    """What a browser would send back of the form as it is shown."""
    form = page.context["editor"]
    sent: dict[str, Any] = {"kunci": page.context["key"]}
    for part in [
        form.words,
        *form.inputs,
        *form.parties,
        form.inputs.management_form,
        form.parties.management_form,
    ]:
        for box in part:
            value = box.value()
            if value is True:
                sent[box.html_name] = "on"
            elif value is not None and value is not False:
                sent[box.html_name] = value
    return sent


def test_the_list_is_searched_and_grouped(secretary: Client) -> None:
    page = words(secretary.get(HOME))
    assert "Surat Keterangan Usaha" in page
    assert "Tambah jenis surat" in page
    found = words(secretary.get(HOME, {"kata": "sktm"}))
    assert "SKTM untuk Sekolah" in found
    assert "Surat Keterangan Usaha" not in found
    assert "Tidak ada jenis surat" in words(secretary.get(HOME, {"kata": "zzz"}))


def test_a_kind_shows_its_text_with_made_up_people(secretary: Client) -> None:
    page = words(secretary.get(ONE))
    assert "CONTOH DAENG NGALLE" in page
    assert "Contoh: orang di dalamnya rekaan" in page
    assert "500.3" in page
    assert "CONTOH DAENG NGALLE" in words(secretary.get(f"{ONE}cetak/"))


def test_a_changed_text_is_a_version_that_can_be_taken_back(secretary: Client) -> None:
    page = secretary.get(f"{ONE}ubah/")
    sent = {**fields(page), "printed": "SURAT USAHA KAMI", "langkah": "simpan"}
    done = secretary.post(f"{ONE}ubah/", sent, follow=True)
    assert "Disimpan sebagai versi 1" in words(done)
    assert secretary.post(f"{ONE}ubah/", sent).status_code == 302  # the same press twice is one version
    assert TypeVersion.objects.filter(region_code=DUNGKAIT).count() == 1
    shipped = TypeVersion.objects.get(type__code="keterangan_usaha", region_code="")
    old = secretary.get(f"{ONE}versi/{shipped.id}/")
    assert "SURAT USAHA KAMI" in words(old)
    assert "Berlakukan lagi naskah ini" in words(old)
    secretary.post(f"{ONE}versi/{shipped.id}/kembalikan/")
    offer = queries.find("keterangan_usaha", DUNGKAIT)
    assert offer is not None
    assert (offer.version.heading, offer.version.version) == (shipped.heading, 2)


def test_an_unknown_place_is_refused_beside_the_text_and_everything_typed_stays(secretary: Client) -> None:
    page = secretary.get(f"{ONE}ubah/")
    sent = {**fields(page), "body": "Halo {nma}.", "about": "Kata baru", "langkah": "simpan"}
    answer = secretary.post(f"{ONE}ubah/", sent)
    assert answer.status_code == 422
    assert "Maksud Anda “{nama}”?" in words(answer)
    assert "Kata baru" in answer.content.decode()


def test_the_preview_works_by_button_and_live(secretary: Client) -> None:
    page = secretary.get(f"{ONE}ubah/")
    sent = {**fields(page), "body": "Usaha {nama_usaha} milik {nama}.", "langkah": "pratinjau"}
    answer = secretary.post(f"{ONE}ubah/", sent)
    assert answer.status_code == 200
    assert "milik Contoh Daeng Ngalle" in words(answer)
    live = secretary.post(f"{HOME}pratinjau/", sent, headers={"hx-request": "true"})
    assert "milik Contoh Daeng Ngalle" in words(live)
    assert "<html" not in live.content.decode()
    assert not TypeVersion.objects.filter(region_code=DUNGKAIT).exists()


def test_rows_are_added_moved_and_removed_without_scripts(secretary: Client) -> None:
    page = secretary.get(f"{ONE}ubah/")
    before = len(page.context["editor"].inputs.forms)
    longer = secretary.post(f"{ONE}ubah/", {**fields(page), "langkah": "tambah_inputs"})
    assert len(longer.context["editor"].inputs.forms) == before + 1
    sent = {
        **fields(longer),
        f"inputs-{before}-label": "Jumlah pekerja",
        f"inputs-{before}-code": "pekerja",
        f"inputs-{before}-type": "number",
        f"inputs-{before}-ORDER": "1",
        "inputs-2-DELETE": "on",
        "body": "{nama} {nama_usaha} {alamat_usaha} {pekerja}",
        "parties-0-label": "Saksi",
        "parties-0-most": "2",
        "langkah": "simpan",
    }
    assert secretary.post(f"{ONE}ubah/", sent).status_code == 302
    version = TypeVersion.objects.get(region_code=DUNGKAIT)
    assert [row["code"] for row in version.inputs] == ["pekerja", "nama_usaha", "alamat_usaha"]
    assert version.parties[0]["code"] == "saksi"
    assert version.parties[0]["data"] == ["nama"]


def test_a_kind_is_added_as_a_copy_and_ended_and_offered_again(secretary: Client) -> None:
    page = secretary.get(f"{HOME}baru/", {"salin": "keterangan_usaha"})
    sent = {
        **fields(page),
        "code": "keterangan_nelayan",
        "group": "work",
        "name": "Surat Keterangan Nelayan",
        "own_wanted": "Pas kecil perahu",
        "langkah": "simpan",
    }
    answer = secretary.post(f"{HOME}baru/", sent, follow=True)
    assert "Surat Keterangan Nelayan" in words(answer)
    assert "Pas kecil perahu" in words(answer)
    again = secretary.post(f"{HOME}baru/", {**sent, "kunci": ""})
    assert again.status_code == 422
    here = f"{HOME}keterangan_nelayan/"
    assert "Tidak ditawarkan" in words(secretary.post(f"{here}akhiri/", follow=True))
    assert "1 jenis yang tidak ditawarkan" in words(secretary.get(HOME))
    assert "Surat ini ditawarkan lagi" in words(secretary.post(f"{here}tawarkan/", follow=True))


def test_the_neighbour_sees_his_own_and_officers_only_read(cast: Cast) -> None:
    theirs = words(sit(cast, "neighbour_head").get(f"{HOME}?desa={DUNGKAIT}"))
    assert "Bonto Jai" in theirs
    assert "Dungkait" not in theirs
    officer = sit(cast, "village_officer")
    assert f"{ONE}ubah/" not in officer.get(ONE).content.decode()
    assert officer.get(f"{ONE}ubah/").status_code == 404
    assert officer.post(f"{ONE}akhiri/").status_code == 404
    assert sit(cast, "partner").get(HOME).status_code == 404


def test_a_wider_seat_chooses_its_village(cast: Cast) -> None:
    wide = sit(cast, "administrator")
    assert "Desa mana" in words(wide.get(HOME))
    assert f"desa={DUNGKAIT}" in wide.get(HOME, {"wilayah": "76.02.13.2001"}).content.decode()
    assert "Dungkait" in words(wide.get(HOME, {"desa": DUNGKAIT}))
    assert wide.get(ONE).status_code == 404
    assert wide.get(ONE, {"desa": DUNGKAIT}).status_code == 200
    assert wide.get(ONE, {"desa": BONTO_JAI}).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(secretary: Client) -> None:
    secretary.get(HOME)
    with CaptureQueriesContext(connection) as all_of_them:
        secretary.get(HOME)
    with CaptureQueriesContext(connection) as few:
        secretary.get(HOME, {"kata": "usaha"})
    assert len(all_of_them) == len(few)


def test_unreadable_addresses_break_nothing(cast: Cast, secretary: Client) -> None:
    bad = "?desa=%00&kata=%00x&salin=%00&wilayah=%00&page=9e9&kios=%F0%9F%98%80"
    for address in (HOME, ONE, f"{ONE}ubah/", f"{ONE}cetak/", f"{HOME}baru/", f"{HOME}tidak_ada/"):
        assert secretary.get(address + bad).status_code in (200, 404)
        assert secretary.post(
            address + bad, {"langkah": "tambah_x", "inputs-TOTAL_FORMS": "x"}
        ).status_code in (
            200,
            404,
            405,
        )
    wide = sit(cast, "administrator")
    assert wide.get(HOME + bad).status_code == 200
