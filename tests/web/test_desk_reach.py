"""The desk's page of need and reach: each number opens its households, for whoever keeps the register."""

from __future__ import annotations

import csv
import io

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.people import actions as people_actions
from simpul.programmes.actions import programmes as programme_actions
from simpul.regions.models import Hamlet
from tests.cast import BONTO_JAI, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/jangkauan/"


@pytest.fixture
def cast() -> Cast:
    made = assemble()
    programme_actions.load_programmes(by=MACHINE, at=NOW)
    hamlet = Hamlet.objects.create(village_id=BONTO_JAI, kind="dusun", name="Kayu Loe")
    for name in ("Daeng Baji", "Daeng Tarru", "Daeng Ngai"):
        people_actions.open_household(
            by=made.neighbour, at=NOW, region_code=BONTO_JAI, name=name, hamlet_id=hamlet.id
        )
    return made


def test_each_number_opens_its_households(cast: Cast) -> None:
    client = sit(cast, "neighbour_coordinator")
    page = client.get(HOME)
    assert "Kayu Loe" in words(page) and "belum pernah terjangkau" in words(page)
    opened = client.get(f"{HOME}rumah-tangga/", {"angka": "never", "kunci": "Kayu Loe"})
    assert "Daeng Tarru" in words(opened) and "3 rumah tangga" in words(opened)
    assert "Tidak ada rumah tangga" in words(client.get(f"{HOME}rumah-tangga/", {"angka": "receives"}))


def test_a_programme_adds_its_need(cast: Cast) -> None:
    client = sit(cast, "neighbour_coordinator")
    page = words(client.get(HOME, {"program": "fakir-miskin"}))
    assert "belum diketahui" in page and "butuh tanpa bantuan" in page
    assert "butuh tanpa bantuan" not in words(client.get(HOME, {"program": "x"}))


def test_the_table_leaves_with_its_definitions_and_a_line(cast: Cast) -> None:
    client = sit(cast, "neighbour_manager")
    answer = client.post(f"{HOME}ekspor/", {"purpose": "Rapat", "wilayah": BONTO_JAI})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    if len(rows[0]) == 1:
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert any(row[:2] == ["Kayu Loe", "3"] for row in rows)
    assert Line.objects.get(kind="export.record").facts["what"] == "jangkauan"


def test_the_neighbour_reads_nothing_of_it(cast: Cast) -> None:
    client = sit(cast, "manager")
    for path in ("", "rumah-tangga/?angka=households&wilayah=7303012008", "?wilayah=7303012008"):
        assert "Daeng" not in words(client.get(HOME + path)).replace("Daeng Rala", "")
    assert sit(cast, "village_officer").get(HOME).status_code == 404


def test_an_empty_register_teaches(cast: Cast) -> None:
    assert "Masukkan daftar warga" in words(sit(cast, "manager").get(HOME))
