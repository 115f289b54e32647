"""What a receipt shows of its letters; and the word SURAT by message."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.cases.actions import intake
from simpul.letters.actions import requesting
from simpul.letters.actions import types as actions
from simpul.letters.models import Letter, TakenNumber
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.messages.models import Message
from tests.cast import DUNGKAIT, Cast, assemble
from tests.talk import Line
from tests.web.desk_pages import words

pytestmark = pytest.mark.django_db
TOKEN = "0123456789ABCDEFGHJK"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    found = assemble()
    actions.load_types(by=MACHINE, at=found.now)
    return found


def asked(client: Client) -> Letter:
    """A request whose receipt is proven in this browser."""
    done = requesting.request_letter(
        by=ANYBODY,
        at=timezone.now() - timedelta(hours=1),
        region_code=DUNGKAIT,
        type_code="keterangan_usaha",
        channel="web",
        applicant=intake.PersonGiven(name="Nurhayati", phone="0812-4455-6677"),
        purpose="Pinjaman bank",
        inputs={"nama_usaha": "Warung"},
    )
    assert done.opened is not None
    client.post(reverse("follow"), {"number": done.opened.number, "pin": done.opened.pin})
    return done.letter


def page(client: Client) -> str:
    return words(client.get(reverse("follow_matter")))


def test_a_request_shows_how_far_it_is(cast: Cast, client: Client) -> None:
    letter = asked(client)
    assert "Diterima. Petugas akan menulisnya." in page(client)
    Letter.objects.filter(id=letter.id).update(state="checked")
    assert "Berikutnya disetujui kepala desa" in page(client)
    Letter.objects.filter(id=letter.id).update(state="refused", refused_why="Usahanya belum ada")
    shown = page(client)
    assert "Usahanya belum ada" in shown
    assert "Minta surat ini lagi" in shown


def test_a_released_letter_shows_its_number_its_end_and_its_check_address(cast: Cast, client: Client) -> None:
    letter = asked(client)
    taken = TakenNumber.objects.create(
        region_code=DUNGKAIT, series="services", year=2026, number=1, state="used", taken_at=timezone.now()
    )
    today = timezone.now().date()
    change = Letter.objects.filter(id=letter.id).update
    change(
        state="released",
        taken=taken,
        number="500.3/001",
        letter_date=today,
        valid_until=today + timedelta(days=30),
        released_at=timezone.now(),
        token=TOKEN,
    )
    answer = client.get(reverse("follow_matter"))
    assert f"/surat/{TOKEN}/" in answer.content.decode()
    for said in ("500.3/001", "Berlaku sampai", "Siap: ambil di pos"):
        assert said in words(answer)
    change(received_at=timezone.now())
    assert "Diserahkan" in page(client)
    change(valid_until=date(2026, 1, 1))
    assert "Masa berlakunya habis" in page(client)
    change(revoked_at=timezone.now())
    assert "Sudah ditarik oleh desa" in page(client)


def test_the_receipt_of_another_matter_shows_no_letters(cast: Cast, client: Client) -> None:
    letter = asked(client)
    other = cast.opened(at=timezone.now() - timedelta(hours=1))
    Letter.objects.filter(id=letter.id).update(case=other.case)
    client.post(reverse("follow"), {"number": other.number, "pin": other.pin})
    assert "Petugas akan menulisnya" not in page(client)


def test_surat_by_message_tells_where_letters_are(cast: Cast) -> None:
    line = Line(cast, road="whatsapp")
    line.hear(line.came("SURAT pak"))
    assert Message.objects.filter(text_key="menu_letters").count() == 1
    line.hear(line.came("Surat saya kapan jadi?"))
    assert Message.objects.filter(text_key="menu_letters").count() == 1
