"""Publication, supervision, notices and help, through their pages."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simpul.cases.actions import files, handling
from simpul.cases.models import Case, Publication
from simpul.journal.models import Line
from simpul.messages.models import Message
from tests.cast import Cast, assemble
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def answered(cast: Cast) -> Case:
    case = cast.case(text_given="Nurhayati (0812-4455-6677) belum menerima beras. NIK 7602134101900001.")
    handling.claim_case(by=cast.admin, at=timezone.now(), case_id=case.id)
    handling.answer_case(
        by=cast.admin,
        at=timezone.now(),
        case_id=case.id,
        text="Beras sudah diserahkan kepada Nurhayati.",
        decision="upheld",
    )
    return case


def offer(client: Any, case: Case, **changes: Any) -> Any:
    values = {
        "title": "Beras bantuan belum diterima",
        "text": "Warga belum menerima beras.",
        "answer": "Beras sudah diserahkan.",
        "step": "offer",
    }
    return client.post(f"/meja/kasus/{case.id}/terbitkan/", {**values, **changes})


def test_personal_data_is_marked_and_blackened_before_anybody_types(cast: Cast, answered: Case) -> None:
    page = sit(cast, "admin").get(f"/meja/kasus/{answered.id}/terbitkan/").content.decode()
    assert "<mark" in page
    areas = page.split("<textarea")[1]
    assert "Nurhayati" not in areas.split("</textarea>")[0]
    assert "7602134101900001" not in areas.split("</textarea>")[0]


def test_what_is_not_ticked_comes_back(cast: Cast, answered: Case) -> None:
    page = (
        sit(cast, "admin")
        .post(f"/meja/kasus/{answered.id}/terbitkan/", {"step": "apply", "black": []})
        .content.decode()
    )
    assert "Nurhayati" in page.split("<textarea")[1].split("</textarea>")[0]


def test_a_preview_shows_the_public_words_and_stores_nothing(cast: Cast, answered: Case) -> None:
    page = offer(sit(cast, "admin"), answered, step="preview")
    assert "Seperti yang akan dilihat masyarakat" in words(page)
    assert not Publication.objects.exists()


def test_personal_data_left_over_is_named_and_can_be_looked_at(cast: Cast, answered: Case) -> None:
    client = sit(cast, "admin")
    page = offer(client, answered, answer="Hubungi 0812-4455-6677 untuk beras.")
    assert page.status_code == 422
    assert "0812-4455-6677" in words(page)
    never = offer(client, answered, text="NIK 7602134101900001 belum menerima.", keep="7602134101900001")
    assert never.status_code == 422


def test_prepared_by_one_released_by_another_corrected_and_withdrawn(cast: Cast, answered: Case) -> None:
    assert offer(sit(cast, "admin"), answered).status_code == 302
    row = Publication.objects.get()
    approver = sit(cast, "approver")
    assert "Beras bantuan" in words(approver.get("/meja/terbitan/"))
    page = f"/meja/terbitan/{row.id}/"
    assert approver.post(f"{page}kembalikan/", {"reason": ""}).status_code == 409
    assert approver.post(f"{page}rilis/").status_code == 302
    row.refresh_from_db()
    assert row.state == "released"
    wrong = {
        "title": row.title,
        "text": row.text,
        "answer": "Hubungi 0812-4455-6677",
        "reason": "Nomor ditambah",
    }
    assert approver.post(f"{page}perbaiki/", wrong).status_code == 409
    assert (
        approver.post(f"{page}perbaiki/", {**wrong, "answer": "Beras diserahkan hari Senin."}).status_code
        == 302
    )
    assert "Beras sudah diserahkan." in words(approver.get(page))
    assert approver.post(f"{page}tarik/", {"reason": "Diminta warga"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert approver.post(f"{page}rilis/").status_code == 409


def test_nobody_releases_their_own_and_others_find_nothing(cast: Cast, answered: Case) -> None:
    offer(sit(cast, "admin"), answered)
    row = Publication.objects.get()
    assert sit(cast, "admin").post(f"/meja/terbitan/{row.id}/rilis/").status_code == 404
    for part in ("neighbour_manager", "pokja"):
        assert sit(cast, part).get(f"/meja/terbitan/{row.id}/").status_code == 404
    Publication.objects.update(prepared_by_user_id=cast.user("approver").id)
    assert sit(cast, "approver").post(f"/meja/terbitan/{row.id}/rilis/").status_code == 409


def test_only_looked_at_photos_go_along(cast: Cast, answered: Case) -> None:
    kept = files.attach_case(
        by=cast.admin, at=timezone.now(), case_id=answered.id, data=photo().read(), declared_name="a.jpg"
    )
    client = sit(cast, "admin")
    assert offer(client, answered, photo=str(kept.id)).status_code == 422
    files.mask_photo(by=cast.admin, at=timezone.now(), attachment_id=kept.id, boxes=[(0.1, 0.1, 0.5, 0.5)])
    assert offer(client, answered, photo=str(kept.id)).status_code == 302
    assert len(Publication.objects.get().photos) == 1


# --- supervision -----------------------------------------------------------------------------------------------------------


def test_figures_loads_and_silence_open_the_lists_behind_them(
    cast: Cast, answered: Case, django_assert_max_num_queries: Any
) -> None:
    cast.case(at=timezone.now() - timedelta(days=60))
    client = sit(cast, "manager")
    with django_assert_max_num_queries(45):
        page = client.get("/meja/pantau/?hari=365")
    shown = words(page)
    for text in (
        "Call Center Mamuju",
        "Meja yang diam",
        "terbuka dan terlambat" if "terbuka dan terlambat" in shown else "dihitung",
    ):
        assert text in shown
    assert "view=late&amp;desk=centre" in page.content.decode()
    assert len(gzip.compress(page.content)) < 60_000


def test_the_supervisors_page_is_not_for_everybody(cast: Cast) -> None:
    assert sit(cast, "pokja").get("/meja/pantau/").status_code == 404
    assert sit(cast, "village_officer").post("/meja/pantau/ekspor/kasus/").status_code == 404


def test_an_export_is_neutralised_nameless_and_leaves_a_line(cast: Cast) -> None:
    case = cast.case(at=timezone.now() - timedelta(days=2), title="=HYPERLINK(jahat)")
    client = sit(cast, "manager")
    sheet = client.post("/meja/pantau/ekspor/kasus/", {"purpose": "Rapat bulanan", "hari": "90"})
    text = sheet.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == case.number
    assert "Nurhayati" not in text
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    line = Line.objects.get(kind="export.record")
    assert line.facts == {"what": "kasus", "rows": 1}
    assert client.post("/meja/pantau/ekspor/meja/").status_code == 200


# --- notices -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def notice(cast: Cast) -> Message:
    case = cast.case(hamlet_id=cast.hamlet.id)
    handling.answer_case(
        by=cast.admin, at=timezone.now(), case_id=case.id, text="Lampu sudah menyala lagi.", decision="upheld"
    )
    return Message.objects.filter(road="slip", text_key="answer").get()


def test_the_list_of_a_hamlet_is_printed_and_told_with_proof(cast: Cast, notice: Message) -> None:
    client = sit(cast, "village_officer")
    page = words(client.get("/meja/pemberitahuan/"))
    assert "Dusun Taludu" in page
    assert "Nurhayati" in page
    assert client.post("/meja/pemberitahuan/cetak/").status_code == 302
    assert "paper-a4" in client.post("/meja/pemberitahuan/cetak/", {"ids": [str(notice.id)]}).content.decode()
    address = f"/meja/pemberitahuan/{notice.id}/sampaikan/"
    assert client.post(address, {"how": "terbang"}).status_code == 409
    assert client.post(address, {"how": "not_met", "note": "Ke kebun"}).status_code == 302
    assert "Nurhayati" in words(client.get("/meja/pemberitahuan/"))
    assert client.post(address, {"how": "in_person", "told_by": "Kepala dusun"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.told_by) == ("told", "Kepala dusun")
    again = client.post(address, {"how": "in_person"})
    assert again.status_code == 409


def test_notices_of_elsewhere_are_not_found(cast: Cast, notice: Message) -> None:
    neighbour = sit(cast, "neighbour")
    assert "Nurhayati" not in words(neighbour.get("/meja/pemberitahuan/"))
    assert (
        neighbour.post(f"/meja/pemberitahuan/{notice.id}/sampaikan/", {"how": "in_person"}).status_code == 404
    )
    assert "Nurhayati" not in words(
        neighbour.post("/meja/pemberitahuan/cetak/", {"ids": [str(notice.id)]}, follow=True)
    )


def test_the_help_page_names_the_keys(cast: Cast) -> None:
    assert "Cara kerja meja ini" in words(sit(cast, "admin").get("/meja/bantuan/"))
