"""/lacak/: what the holder of a receipt may see and do, and what nobody learns by guessing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from simpul.cases.actions import handling, intake, protection
from simpul.cases.models import Case
from simpul.web.portal import follow_proof
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

ANSWER = "Lampu jalan sudah diganti pada hari Senin."


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def opened(cast: Cast) -> intake.Opened:
    return cast.opened(at=timezone.now() - timedelta(days=3))


def follow(client: Client, number: str, pin: str = "") -> Any:
    return client.post(reverse("follow"), {"number": number, "pin": pin})


def answered(cast: Cast, case: Case) -> None:
    at = timezone.now()
    handling.claim_case(by=cast.admin, at=at, case_id=case.id)
    handling.answer_case(by=cast.admin, at=at, case_id=case.id, text=ANSWER, decision="upheld")


def asked(cast: Cast, case: Case) -> None:
    at = timezone.now()
    handling.claim_case(by=cast.admin, at=at, case_id=case.id)
    handling.ask_question(by=cast.admin, at=at, case_id=case.id, text="Di tiang nomor berapa?")


# --- the proof ----------------------------------------------------------------------------------------------------------


def test_number_and_pin_open_the_matter_in_any_spelling(
    cast: Cast, client: Client, opened: intake.Opened
) -> None:
    spelled = opened.number.lower().replace("-", " ")
    answer = follow(client, spelled, f"{opened.pin[:3]} {opened.pin[3:]}")
    assert answer.url == reverse("follow_matter")
    page = client.get(answer.url).content.decode()
    assert "Lampu jalan di dusun kami padam" in page
    assert "Call Center Mamuju" in page
    assert "Nurhayati" not in page


def test_a_16_digit_receipt_opens_alone(cast: Cast, client: Client) -> None:
    secret = cast.opened(at=timezone.now(), mode="anonymous", reporter=None)
    digits = secret.receipt16
    answer = follow(client, f"{digits[:4]} {digits[4:8]}-{digits[8:12]} {digits[12:]}")
    assert answer.url == reverse("follow_matter")


def test_unknown_and_wrong_sound_the_same(cast: Cast, client: Client, opened: intake.Opened) -> None:
    wrong = "111222" if opened.pin != "111222" else "333444"
    bad_pin = follow(client, opened.number, wrong)
    unknown = follow(client, "SPL-2611-99999-A", wrong)
    assert bad_pin.status_code == unknown.status_code == 422
    assert bad_pin.context["form"].errors == unknown.context["form"].errors


def test_after_five_wrong_tries_even_the_right_pin_waits(
    cast: Cast, client: Client, opened: intake.Opened
) -> None:
    wrong = "111222" if opened.pin != "111222" else "333444"
    for _try in range(5):
        follow(client, opened.number, wrong)
    assert follow(client, opened.number, opened.pin).status_code == 422


@pytest.mark.parametrize("number", ["", "x" * 500, "\u202eSPL", "\U0001f600", "0000", "'; --"])
def test_what_is_no_number_is_asked_again(cast: Cast, client: Client, number: str) -> None:
    assert follow(client, number, "123456").status_code == 422


def test_a_number_without_its_pin_is_asked_for_it(cast: Cast, client: Client, opened: intake.Opened) -> None:
    assert set(follow(client, opened.number).context["form"].errors) == {"pin"}


def test_the_proof_lasts_a_quarter_of_an_hour(cast: Cast, client: Client, opened: intake.Opened) -> None:
    follow(client, opened.number, opened.pin)
    later = timezone.now() + follow_proof.LASTS + timedelta(seconds=1)
    with mock.patch("simpul.web.portal.follow.timezone") as clock:
        clock.now.return_value = later
        assert client.get(reverse("follow_matter")).url == reverse("follow")


def test_without_a_proof_every_page_leads_to_the_question(cast: Cast, client: Client) -> None:
    for name in ("follow_matter", "follow_reply", "follow_add", "follow_rate", "follow_dispute"):
        assert client.post(reverse(name), {"tambah-words": "x"}).url == reverse("follow")


def test_the_page_can_be_closed_at_once(cast: Cast, client: Client, opened: intake.Opened) -> None:
    follow(client, opened.number, opened.pin)
    client.post(reverse("follow_leave"))
    assert client.get(reverse("follow_matter")).url == reverse("follow")


def test_the_matter_is_never_kept_by_caches(cast: Cast, client: Client, opened: intake.Opened) -> None:
    follow(client, opened.number, opened.pin)
    assert "no-store" in client.get(reverse("follow_matter"))["Cache-Control"]


def test_a_matter_sealed_since_cannot_be_followed_by_its_old_slip(
    cast: Cast, client: Client, opened: intake.Opened
) -> None:
    follow(client, opened.number, opened.pin)
    protection.seal_case(
        by=cast.focal, at=timezone.now(), case_id=opened.case.id, reason="Menyangkut kekerasan"
    )
    assert client.get(reverse("follow_matter")).url == reverse("follow")
    assert follow(client, opened.number, opened.pin).status_code == 422


# --- what the owner does ------------------------------------------------------------------------------------------------


def test_the_owner_adds_words_and_files_and_one_bad_file_is_told(
    cast: Cast, client: Client, opened: intake.Opened
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    follow(client, opened.number, opened.pin)
    files = [
        SimpleUploadedFile("tiang.jpg", out.getvalue()),
        SimpleUploadedFile("virus.jpg", b"MZ" + b"x" * 99),
    ]
    done = client.post(
        reverse("follow_add"), {"tambah-words": "Tiangnya nomor 12.", "tambah-uploads": files}, follow=True
    )
    page = done.content.decode()
    assert "Tiangnya nomor 12." in page
    assert "virus.jpg" in page
    assert opened.case.attachments.count() == 1


def test_nothing_to_add_is_asked_again(cast: Cast, client: Client, opened: intake.Opened) -> None:
    follow(client, opened.number, opened.pin)
    assert client.post(reverse("follow_add"), {"tambah-words": " \u200b"}).status_code == 422


def test_the_owner_replies_and_the_desk_goes_on(cast: Cast, client: Client, opened: intake.Opened) -> None:
    asked(cast, opened.case)
    follow(client, opened.number, opened.pin)
    assert "Di tiang nomor berapa?" in client.get(reverse("follow_matter")).content.decode()
    client.post(reverse("follow_reply"), {"balas-words": "Nomor 12."})
    opened.case.refresh_from_db()
    assert opened.case.state == "working"
    assert opened.case.questions.get().reply == "Nomor 12."


def test_the_owner_reads_the_answer_and_rates_it_once(
    cast: Cast, client: Client, opened: intake.Opened
) -> None:
    answered(cast, opened.case)
    follow(client, opened.number, opened.pin)
    page = client.get(reverse("follow_matter")).content.decode()
    assert ANSWER in page
    assert "Hasan" not in page
    assert "Ratna" not in page
    client.post(reverse("follow_rate"), {"nilai-rating": "4", "nilai-words": "Cepat"})
    opened.case.refresh_from_db()
    assert (opened.case.rating, opened.case.rating_words) == (4, "Cepat")
    again = client.post(reverse("follow_rate"), {"nilai-rating": "1"})
    assert again.status_code == 422
    opened.case.refresh_from_db()
    assert opened.case.rating == 4


def test_not_solved_takes_it_up_again(cast: Cast, client: Client, opened: intake.Opened) -> None:
    answered(cast, opened.case)
    follow(client, opened.number, opened.pin)
    assert client.post(reverse("follow_dispute"), {"belum-words": ""}).status_code == 422
    client.post(reverse("follow_dispute"), {"belum-words": "Lampu padam lagi malam ini."})
    opened.case.refresh_from_db()
    assert (opened.case.state, opened.case.reopened) == ("working", 1)


def test_notes_of_officers_stay_inside(cast: Cast, client: Client, opened: intake.Opened) -> None:
    handling.note_case(
        by=cast.admin, at=timezone.now(), case_id=opened.case.id, text="Pelapor pernah marah di loket."
    )
    follow(client, opened.number, opened.pin)
    assert "pernah marah" not in client.get(reverse("follow_matter")).content.decode()


def test_a_matter_costs_the_same_however_long_it_is(
    cast: Cast, client: Client, opened: intake.Opened, django_assert_max_num_queries: Any
) -> None:
    follow(client, opened.number, opened.pin)
    for turn in range(5):
        client.post(reverse("follow_add"), {"tambah-words": f"Tambahan {turn}"})
    with django_assert_max_num_queries(14):
        client.get(reverse("follow_matter"))
