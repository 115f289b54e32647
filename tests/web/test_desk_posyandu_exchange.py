"""The exchange at the desk: connections, parcels, files, and a list of e-PPGBM beside ours, over HTTP."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.jobs import shipping
from simpul.journal.models import Line
from simpul.people.models import Batch
from simpul.posyandu.models import Comparison, Connection, Shipment
from simpul.posyandu.rules import eppgbm
from tests.cast import NOW, Cast, assemble
from tests.peers import health
from tests.people.lists import sheet
from tests.posyandu import day_help
from tests.posyandu.test_eppgbm import row, taken
from tests.posyandu.test_shipments import ELEMENT, UNIT, connected
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/posyandu-tukar/"


@pytest.fixture
def cast() -> Cast:
    """One village with its officers, and the neighbour."""
    cache.clear()
    return assemble()


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    """The other side stands on this machine."""
    settings.SIMPUL_WEBHOOK_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """A posyandu with one weighed child."""
    found = day_help.furnish(cast)
    found.child.nik, found.child.nik_index = "7602135011250001", "index-of-child"
    found.child.save()
    on = NOW.date().replace(month=10)
    day_help.record(cast, day_help.enrol(cast, found.melati, found.child), on, weight=8400, height=725)
    return found


@pytest.fixture
def server() -> Iterator[health.Dhis2]:
    """A DHIS2 that knows one figure and one unit."""
    with health.running(health.Dhis2(elements={ELEMENT}, units={UNIT})) as peer:
        yield peer


def test_a_manager_connects_tries_and_sends(
    cast: Cast, there: day_help.Furnished, server: health.Dhis2
) -> None:
    """From the empty page to figures that arrived; the password never comes back."""
    desk = sit(cast, "manager")
    assert "Belum ada sambungan" in words(desk.get(HOME))
    page = desk.get(reverse("desk_posyandu_connection", args=["dhis2"]))
    assert "Posyandu Melati, Dungkait =" in page.content.decode()
    given = {
        "url": server.url,
        "user": health.USER,
        "secret": health.PASSWORD,
        "data_set": "BfMAe6Itzgt",
        "elements": f"s = {ELEMENT}\nd =\n",
        "units": f"Posyandu Melati, Dungkait = {UNIT}\nPosyandu Mawar, Dungkait =",
    }
    answer = desk.post(reverse("desk_posyandu_connection", args=["dhis2"]), given, follow=True)
    assert "Tersimpan" in words(answer)
    kept = Connection.objects.get()
    assert kept.names["elements"] == {"s": ELEMENT} and kept.names["units"] == {str(there.melati.id): UNIT}
    shown = desk.get(reverse("desk_posyandu_connection", args=["dhis2"])).content.decode()
    assert health.PASSWORD not in shown and f"S: semua balita = {ELEMENT}" in shown
    assert "DHIS2 menerima kita" in words(
        desk.post(reverse("desk_posyandu_try", args=[kept.id]), follow=True)
    )
    sent = {"sambungan": str(kept.id), "jenis": "values", "bulan": "2026-10"}
    assert "1 kiriman menunggu" in words(desk.post(reverse("desk_posyandu_prepare"), sent, follow=True))
    shipping.ship(Shipment.objects.get().next_at)
    assert "Terkirim" in words(desk.get(HOME)) and len(server.held) == 1


def test_what_is_typed_wrongly_stays_and_is_explained(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """A line without its sign, a posyandu nobody knows, an identifier of another shape, an unsafe address."""
    desk = sit(cast, "manager")
    address = reverse("desk_posyandu_connection", args=["dhis2"])
    usual = {"url": server.url, "user": "u", "secret": "s"}
    for wrong, said in (
        ({"units": "Posyandu Entah = DiszpKrYNg8"}, "Baris ini tidak dapat dibaca: Posyandu Entah"),
        ({"elements": "s: fbfJHSPpUQD"}, "Baris ini tidak dapat dibaca"),
        ({"elements": "s = kurang"}, "bukan kode DHIS2"),
        ({"url": "http://dhis2.example.org"}, "https://"),
    ):
        answer = desk.post(address, {**usual, **wrong})
        assert answer.status_code == 422 and said in words(answer)
        assert next(iter(wrong.values())) in answer.content.decode()
    assert not Connection.objects.exists()
    assert desk.get(reverse("desk_posyandu_connection", args=["asik"])).status_code == 404


def test_switched_off_it_keeps_its_names(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """The password goes."""
    connected(cast, server, there)
    desk = sit(cast, "manager")
    answer = desk.post(
        reverse("desk_posyandu_connection", args=["dhis2"]), {"langkah": "matikan"}, follow=True
    )
    kept = Connection.objects.get()
    assert "Dimatikan" in words(answer) and (kept.on, kept.secret) == (False, "") and kept.names["units"]


def test_files_are_taken_by_month_and_written_down(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """Figures by the manager; files with names only by who may see what was measured."""
    connected(cast, server, there)
    desk = sit(cast, "manager")
    month = {"bulan": "2026-10", "purpose": "laporan"}
    body = json.loads(desk.post(reverse("desk_posyandu_file", args=["dhis2-json"]), month).content)
    assert {one["period"] for one in body["dataValues"]} == {"202610"}
    for kind in ("dhis2-csv", "dhis2-adx"):
        assert desk.post(reverse("desk_posyandu_file", args=[kind]), month).status_code == 200
    for kind in ("eppgbm", "dhis2-tracker", "satusehat", "entah"):
        assert desk.post(reverse("desk_posyandu_file", args=[kind]), month).status_code == 404
    midwife = sit(cast, "midwife")
    answer = midwife.post(reverse("desk_posyandu_file", args=["eppgbm"]), month)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == eppgbm.HEADINGS and rows[0]["Berat"] == "8.4"
    assert float(rows[0]["ZS BB/U"]) < 0, "a score is a number, not a text made harmless"
    assert Line.objects.filter(kind="export.record").count() == 4


def test_a_file_wants_its_purpose_and_is_never_empty(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """Nothing is taken and no line is written; the sentence says what is wanted."""
    kept = connected(cast, server, there)
    desk = sit(cast, "manager")
    address = reverse("desk_posyandu_file", args=["dhis2-json"])
    assert "Tulis untuk apa" in words(desk.post(address, {"bulan": "2026-10"}, follow=True))
    empty = {"bulan": "2026-10", "purpose": "laporan"}
    Connection.objects.filter(id=kept.id).update(names={})
    assert "belum berisi: Angka" in words(desk.post(address, empty, follow=True))
    midwife = sit(cast, "midwife")
    none = reverse("desk_posyandu_file", args=["eppgbm"])
    said = words(midwife.post(none, {"bulan": "2020-01", "purpose": "laporan"}, follow=True))
    assert "Tidak ada yang dapat dikirim" in said
    assert not Line.objects.filter(kind="export.record").exists()


@pytest.mark.parametrize(
    ("networks", "said"), [([], "http:// tidak dapat dipakai"), (["10.2.0.0/16"], "10.2.0.0/16")]
)
def test_the_form_says_which_addresses_work(
    cast: Cast, settings: Any, networks: list[str], said: str
) -> None:
    """Before anybody types: https, and the networks of the office that this server trusts, or that it trusts none."""
    settings.SIMPUL_WEBHOOK_NETWORKS = networks
    page = words(sit(cast, "manager").get(reverse("desk_posyandu_connection", args=["satusehat"])))
    assert "Diawali https://" in page and said in page


def test_a_midwife_sends_over_the_regencys_connection(
    cast: Cast, there: day_help.Furnished, server: health.Dhis2
) -> None:
    """She sees where it goes and what came of it in her words, sends her village, and sets nothing."""
    connected(cast, server, there)
    manager = words(sit(cast, "manager").get(HOME))
    assert "bidan atau petugas puskesmas yang mengirimnya" in manager
    desk = sit(cast, "midwife")
    page = desk.get(HOME)
    assert (
        "Anak yang ditimbang" in words(page)
        and reverse("desk_posyandu_connection", args=["dhis2"]) not in page.content.decode()
    )
    kept = Connection.objects.get()
    sent = {"sambungan": str(kept.id), "jenis": "values", "bulan": "2026-10"}
    desk.post(reverse("desk_posyandu_prepare"), sent)
    shipping.ship(Shipment.objects.get().next_at)
    page = words(desk.get(HOME))
    assert "2 baru, 0 diperbarui, 0 dilewati" in page and "Posyandu Mawar" in page
    server.elements.clear()
    desk.post(reverse("desk_posyandu_prepare"), sent)
    shipping.ship(Shipment.objects.get().next_at)
    assert "Jawaban server: “Data element not found" in words(desk.get(HOME))
    assert desk.get(reverse("desk_posyandu_connection", args=["dhis2"])).status_code in (403, 404)


def test_a_list_of_eppgbm_is_set_beside_ours(cast: Cast) -> None:
    """How many differ, in which classes, whose, and as a file."""
    day_help.posyandu("Posyandu Melati")
    rows = [row(Nama=f"Anak {number}", NIK="", **{"TB/U": "Sangat Pendek"}) for number in range(3)]
    batch = taken(
        cast.midwife, sheet(eppgbm.HEADINGS, *rows, row(Nama="Sama", NIK="", **{"BB/U": "", "BB/TB": ""}))
    )
    desk = sit(cast, "midwife")
    Batch.objects.filter(id=batch.id).update(state="tried")
    page = words(desk.get(reverse("desk_imports_one", args=[batch.id])))
    assert "Masukkan penimbangannya" in page and "data warga" not in page and "Daftar kode" not in page
    Batch.objects.filter(id=batch.id).update(state="done")
    page = words(desk.get(reverse("desk_posyandu_differences", args=[batch.id])))
    assert "Anak 0" in page and "Sangat Pendek" in page
    assert "eppgbm.csv" in words(desk.get(HOME))
    filtered = words(desk.get(reverse("desk_posyandu_differences", args=[batch.id]), {"indeks": "bb_u"}))
    assert ("Anak 0" in filtered) == Comparison.objects.filter(row=2, differs__icontains='"bb_u"').exists()
    answer = desk.post(reverse("desk_posyandu_differences_csv", args=[batch.id]), {"purpose": "periksa"})
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 5
    for part, status in (("neighbour_coordinator", 404), ("neighbour_cadre", 404), ("manager", 404)):
        assert (
            sit(cast, part).get(reverse("desk_posyandu_differences", args=[batch.id])).status_code == status
        )


def test_the_neighbour_finds_nothing(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """No connection, no parcel, no button that works."""
    kept = connected(cast, server, there)
    desk = sit(cast, "neighbour_manager")
    assert server.url not in desk.get(HOME).content.decode()
    assert desk.post(reverse("desk_posyandu_try", args=[kept.id])).status_code == 404
    sent = {"sambungan": str(kept.id), "jenis": "values", "bulan": "2026-10"}
    assert desk.post(reverse("desk_posyandu_prepare"), sent).status_code == 404
    assert sit(cast, "cadre").get(HOME).status_code in (403, 404)


def test_the_page_asks_the_same_for_any_number_of_parcels(
    cast: Cast, there: Any, server: health.Dhis2
) -> None:
    """Fifty parcels cost what one costs."""
    kept = connected(cast, server, there)
    desk = sit(cast, "manager")
    counts = []
    for many in (1, 12):
        for number in range(many):
            month = NOW.date().replace(day=1, month=number % 12 + 1, year=2020 + many)
            Shipment.objects.create(
                connection=kept, region_code="7602", kind="values", month=month, prepared_at=NOW
            )
        desk.get(HOME)
        with CaptureQueriesContext(database) as asked:
            desk.get(HOME)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_servers_words_about_people_are_read_by_who_may_see_names(
    cast: Cast, there: Any, server: health.Dhis2
) -> None:
    """A server repeats the NIK that it refuses."""
    said = "Non-unique attribute value `7602135011250001` for attribute"
    Shipment.objects.create(
        connection=connected(cast, server, there),
        kind="tracker",
        month=NOW.date().replace(day=1),
        region_code=there.melati.region_code,
        state="refused",
        answer=said,
        prepared_at=NOW,
        done_at=NOW,
    )
    assert said in words(sit(cast, "midwife").get(HOME))
    hidden = words(sit(cast, "manager").get(HOME))
    assert "7602135011250001" not in hidden and "Alasannya dapat dibaca oleh bidan" in hidden


def test_days_of_people_stand_in_heaps(cast: Cast, there: Any, server: health.Dhis2) -> None:
    """A month of hundreds is one line with its number; each stands under its state."""
    kept = connected(cast, server, there)
    for number in range(3):
        Shipment.objects.create(
            connection=kept,
            region_code=f"760209200{number}",
            kind="bundle",
            month=NOW.date().replace(day=1),
            state="sent",
            prepared_at=NOW,
        )
    desk = sit(cast, "manager")
    page = words(desk.get(HOME))
    assert "3 kiriman" in page and page.count("Pelayanan warga yang mempunyai NIK") == 1
    page = words(desk.get(HOME, {"keadaan": "sent"}))
    assert page.count("Pelayanan warga yang mempunyai NIK") == 3
