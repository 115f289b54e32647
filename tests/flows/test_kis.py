"""A deactivation list of 2,000 goes from file to doors to restored cards, through the pages that officers use."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case
from simpul.jobs import importing
from simpul.lib import text
from simpul.people.models import Batch, Person
from simpul.people.queries import persons as person_queries
from simpul.programmes.models import Card, Deactivation
from simpul.programmes.queries import kis as queries
from tests import kis as story
from tests.cast import BONTO_JAI, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/kis/"
ROWS = 2000
KNOWN = 300
NEEDS = ("", "", "", "", "cuci darah", "diabetes", "hamil", "kontrol tekanan darah tinggi")
FIRST = (
    "Siti",
    "Andi",
    "Baso",
    "Nur",
    "Hasna",
    "Rahma",
    "Syam",
    "Juma",
    "Kama",
    "Sula",
    "Mura",
    "Tenri",
    "Bahri",
    "Lewa",
)
SECOND = (
    "iah",
    "udin",
    "wati",
    "lang",
    "bau",
    "riani",
    "suddin",
    "aeni",
    "ruddin",
    "tiara",
    "mila",
    "sari",
    "hani",
)
THIRD = (
    "Daeng Ngai",
    "Daeng Kulle",
    "Bte Sattu",
    "Bin Kasim",
    "Daeng Te'ne",
    "Daeng Sibali",
    "Hamid",
    "Yunus",
)


@pytest.fixture
def office() -> story.Office:
    return story.furnish(assemble())


def people() -> list[dict[str, Any]]:
    """2,000 made-up people of Bonto Jai, the same at every run."""
    draw = Random(20260901)
    found = []
    for place in range(ROWS):
        born = date(1940, 1, 2) + timedelta(days=draw.randrange(31_000))
        woman = draw.random() < 0.5
        day = born.day + (40 if woman else 0)
        found.append(
            {
                "name": f"{draw.choice(FIRST)}{draw.choice(SECOND)} {draw.choice(THIRD)}",
                "nik": f"730301{day:02d}{born.month:02d}{born.year % 100:02d}{place + 1:04d}",
                "born": born,
                "sex": "P" if woman else "L",
                "hamlet": draw.choice(("Beloparang", "Sunggumanai")),
                "need": draw.choice(NEEDS),
            }
        )
    return found


def sheet(rows: list[dict[str, Any]]) -> bytes:
    """The list as the social office sends it, with rows that do not belong in it at the end."""
    lines = ["Nama;NIK;JK;Tanggal Lahir;Desa;Dusun;Keterangan;No Kartu"]
    lines += [
        f"{one['name']};{one['nik']};{one['sex']};{one['born']:%d/%m/%Y};Bonto Jai;Dusun {one['hamlet']};{one['need']};00{place:011d}"
        for place, one in enumerate(rows, start=1)
    ]
    lines += [
        "Orang Mamuju;7602130101800001;L;01/01/1980;Dungkait;;;",
        "NIK Berhuruf;73030X0101800001;L;01/01/1980;Bonto Jai;;;",
        "Lahir Besok;7303010101800077;L;01/01/2099;Bonto Jai;;;",
    ]
    return "\n".join(lines).encode()


def take_in(client: Client, data: bytes) -> Batch:
    """Send the file, name its columns, try it, start it, and let the worker take it in."""
    sent = client.post(
        "/meja/impor/baru/",
        {
            "file": SimpleUploadedFile("nonaktif.csv", data, "text/csv"),
            "kind": "kis",
            "region": "7303",
            "source_words": "Kemensos, SK 3/HUK/2026",
            "as_of_date": "01/09/2026",
        },
    )
    assert sent.status_code == 302, words(sent)
    batch = Batch.objects.order_by("-started_at")[0]
    named = {f"c_{field}": place for field, place in batch.mapping.items()}
    answer = client.post(
        f"/meja/impor/{batch.id}/kolom/",
        {"list_version": "kk", "source_words": batch.source_words, "as_of_date": "01/09/2026", **named},
    )
    assert answer.status_code == 302, words(answer)
    work(batch)
    assert Card.objects.count() in (0, ROWS), "trying writes nothing"
    client.post(f"/meja/impor/{batch.id}/mulai/")
    work(batch)
    batch.refresh_from_db()
    return batch


def work(batch: Batch) -> None:
    """The worker, until it lets the list go."""
    while (done := importing.step(batch.id, timezone.now())) is not None and done.state in (
        "trying",
        "running",
    ):
        pass


def press(client: Client, card: Any, slug: str, **given: Any) -> None:
    fields = {f"{slug}-{name}": value for name, value in given.items()}
    answer = client.post(f"{HOME}kartu/{card}/{slug}/", {"press": str(uuid4()), **fields})
    assert answer.status_code == 302, words(answer)


def test_two_thousand_cards_go_from_file_to_doors_to_restored(office: story.Office) -> None:
    rows = people()
    for one in rows[:KNOWN]:  # the register knows some of them
        Person.objects.create(
            full_name=one["name"],
            name_key=text.name_key(one["name"]),
            nik=one["nik"],
            nik_index=person_queries.nik_index(one["nik"]),
            birth_date=one["born"],
            sex=one["sex"],
            region_code=BONTO_JAI,
            registered_at=timezone.now(),
        )
    overseer, walker, other, checker, manager = (
        sit(office.cast, part)
        for part in ("overseer", "walker", "other_walker", "checker", "neighbour_manager")
    )

    # From the file to cards: quickly, once, and nobody who does not belong in it.
    began = time.monotonic()
    batch = take_in(overseer, sheet(rows))
    assert time.monotonic() - began < 60
    assert (batch.state, batch.added, batch.refused) == ("done", ROWS, 3)
    assert Card.objects.filter(match="sure").count() == KNOWN
    group = Deactivation.objects.get()
    assert (group.listed, group.loaded_by) == (ROWS, "Syamsul Bahri")
    again = take_in(overseer, sheet(rows))
    assert (again.added, again.changed, again.unchanged) == (0, 0, ROWS)
    assert Card.objects.count() == ROWS

    # From cards to doors: each hamlet to its facilitator, the greatest need first.
    shown = overseer.get(f"{HOME}daftar/{group.id}/").content.decode()
    assert "2.000 dinonaktifkan, 0 diajukan" in shown
    for name, part in (("Beloparang", "walker"), ("Sunggumanai", "other_walker")):
        key = re.search(rf'value="(\d{{10}}:[0-9a-f-]{{36}})">{name}', shown)
        assert key is not None
        overseer.post(f"{HOME}daftar/{group.id}/bagi/", {"part": key[1], "seat": str(office.seats[part].id)})
    assert not Card.objects.filter(seat=None).exists()
    doors = queries.doors(office.walker)
    assert [card.rank for card in doors] == sorted(card.rank for card in doors)
    assert doors[0].need == "catastrophic"
    assert "cuci darah" not in words(walker.get(f"{HOME}pintu/"))

    # From doors to asking, papers, signature, the ministry, and cards that work.
    chosen = [card.id for card in doors[:12]]
    for card in chosen[:10]:
        press(walker, card, "pintu", found="visited_found", need="treatment")
    press(walker, chosen[10], "pintu", found="not_found")
    press(walker, chosen[11], "pintu", found="moved")
    for card in chosen[:8]:
        press(walker, card, "minta", consent="spoken", phone="0812-0000-7001")
        press(walker, card, "surat", facility="Puskesmas Bissappu", facility_letter="12/PKM/2026")
        press(checker, card, "periksa")
    press(checker, chosen[7], "tolak", reason="Sudah ditanggung perusahaan")
    for card in chosen[:6]:
        press(checker, card, "lengkap")
        press(checker, card, "layak", words="Buruh tani, rumah kayu, desil 2.", decile="2")
        press(manager, card, "setujui", recommendation=f"440/{card}/2026"[:40])
        press(checker, card, "usulkan")
    for card in chosen[:4]:
        press(checker, card, "keputusan", decision="grant")
        press(walker, card, "aktif")
    press(walker, chosen[0], "data", words="SIKS-NG diperbarui")

    # What the supervisor sees: how many of the list were reached, asked, restored.
    done = queries.progress(office.overseer, group.id)
    assert (done.listed, done["visited"], done["reached"], done["asked"]) == (ROWS, 12, 10, 8)
    assert (done["proposed"], done["restored"], done["refused"]) == (6, 4, 1)
    page = words(overseer.get(HOME))
    assert "2.000 dinonaktifkan, 8 diajukan, 4 aktif kembali: 1.991 orang masih menunggu didatangi." in page
    answered = Case.objects.filter(kind_id="kis_reactivation", decision="reactivated", state="answered")
    assert answered.count() == 4
    assert Case.objects.filter(kind_id="kis_reactivation", decision="not_eligible").count() == 1
    assert "3" in words(manager.get(f"{HOME}kewajiban/"))
    assert "Beloparang" not in words(other.get(f"{HOME}pintu/"))


def test_the_pages_ask_a_few_questions_for_any_number_of_cards(
    office: story.Office, django_assert_max_num_queries: Any
) -> None:
    group = story.load([story.row(place, f"Orang {place}", kis_number=str(place)) for place in range(1, 400)])
    with django_assert_max_num_queries(1):
        queries.progress(office.overseer, group.id)
    with django_assert_max_num_queries(1):
        queries.by_hamlet(office.overseer)
    with django_assert_max_num_queries(1):
        queries.by_facilitator(office.overseer)
    with django_assert_max_num_queries(1):
        queries.by_state(office.overseer)
    with django_assert_max_num_queries(2):
        queries.lists(office.overseer)
