"""/lapor/: a report from the first page to its receipt, and everything people type that does not fit."""

from __future__ import annotations

import io
import re
import wave
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from simpul.cases.actions import incidents
from simpul.cases.models import Case
from simpul.web.portal import draft as drafts
from simpul.web.portal import receipt as receipts
from simpul.web.portal import receipt_link, report_send
from tests.cast import DUNGKAIT, Cast, assemble
from tests.posyandu import requests_help

pytestmark = pytest.mark.django_db

WORDS = "Paket beras untuk keluarga kami belum sampai, padahal tetangga sudah menerima."


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


def photo(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(out, "JPEG")
    return out.getvalue()


def tell(client: Client, kind: str = "aid_complaint", **given: Any) -> Any:
    return client.post(reverse("report_story"), {"jenis": kind, "text": WORDS, **given})


def walk(
    client: Client, *, kind: str = "aid_complaint", details: dict[str, Any] | None = None, **who: Any
) -> Any:
    """Answer every page up to the check; returns the answer of the check page."""
    tell(client, kind)
    client.post(reverse("report_place"), {"region": DUNGKAIT, "place": "Dusun Taludu"})
    client.post(reverse("report_details"), {"failure": "time"} if details is None else details)
    client.post(reverse("report_person"), {"mode": "self", **who})
    client.get(reverse("report_similar"))
    return client.get(reverse("report_check"))


def send(client: Client) -> Any:
    page = client.get(reverse("report_check"))
    found = re.search(r'name="lapor" value="([^"]+)"', page.content.decode())
    return client.post(reverse("report_check"), {"lapor": found[1] if found else ""})


def token_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer.url.rstrip("/").rpartition("/")[2])


# --- the road -----------------------------------------------------------------------------------------------------------


def test_a_report_is_sent_in_seven_pages_and_comes_back_with_number_pin_and_date(
    cast: Cast, client: Client
) -> None:
    page = walk(client, name="Nurhayati", phone="0812 4455 6677", owner="family", safe="call")
    assert page.status_code == 200
    assert WORDS in page.content.decode()

    answer = send(client)

    case = Case.objects.get()
    assert (case.text, case.kind_id, case.region_code, case.channel) == (
        WORDS,
        "aid_complaint",
        DUNGKAIT,
        "web",
    )
    assert case.answers == {"failure": "time"}
    assert case.notice_version == report_send.NOTICE_VERSION
    assert case.reporter is not None
    contact = case.reporter.contacts.get()
    assert (contact.owner, contact.safe_to_call, contact.safe_to_write) == ("family", True, False)
    kept = receipt_link.read(token_of(answer))
    assert kept.number == case.number
    page_text = client.get(answer.url).content.decode()
    assert kept.pin[:3] in page_text
    assert "paling lambat" in page_text.lower()


def test_choosing_what_it_is_about_keeps_nothing_before_a_word_is_written(cast: Cast, client: Client) -> None:
    client.get(reverse("report"))
    client.get(reverse("report") + "?soal=complaint")
    client.get(reverse("report_story") + "?jenis=complaint")
    assert "sessionid" not in client.cookies


def test_back_shows_every_page_as_it_was_left(cast: Cast, client: Client) -> None:
    walk(client, name="Nurhayati")
    assert WORDS in client.get(reverse("report_story")).content.decode()
    assert "Dusun Taludu" in client.get(reverse("report_place")).content.decode()
    assert 'value="time" checked' in client.get(reverse("report_details")).content.decode()
    assert "Nurhayati" in client.get(reverse("report_person")).content.decode()


def test_change_comes_back_to_the_check(cast: Cast, client: Client) -> None:
    walk(client)
    answer = client.post(reverse("report_place") + "?ubah=1", {"region": DUNGKAIT, "place": "Dusun Baru"})
    assert answer.url == reverse("report_check")
    assert "Dusun Baru" in client.get(answer.url).content.decode()


def test_another_kind_asks_only_its_own_missing_questions(cast: Cast, client: Client) -> None:
    walk(client)
    to_plain = client.post(reverse("report") + "?ubah=1", {"kind": "complaint"})
    assert to_plain.url == reverse("report_check")
    to_social = client.post(reverse("report") + "?ubah=1", {"kind": "social_problem"})
    assert to_social.url == reverse("report_details") + "?ubah=1"


def test_pages_cannot_be_jumped_over(cast: Cast, client: Client) -> None:
    assert client.get(reverse("report_check")).url == reverse("report")
    tell(client)
    assert client.get(reverse("report_check")).url == reverse("report_place")


def test_an_unfinished_report_is_sealed_in_the_session(cast: Cast, client: Client) -> None:
    tell(client)
    assert "beras" not in str(dict(client.session))


# --- once -----------------------------------------------------------------------------------------------------------------


def test_pressing_twice_gives_one_case_and_the_same_receipt(cast: Cast, client: Client) -> None:
    page = walk(client).content.decode()
    found = re.search(r'name="lapor" value="([^"]+)"', page)
    assert found
    first = client.post(reverse("report_check"), {"lapor": found[1]})
    second = client.post(reverse("report_check"), {"lapor": found[1]})
    assert first.url == second.url
    assert Case.objects.count() == 1


def test_two_posts_at_the_same_moment_give_one_case(cast: Cast, client: Client) -> None:
    walk(client)
    draft = client.session["report_draft"]
    first = receipt_link.read(token_of(send(client)))
    session = client.session  # the second request read the session before the first one wrote it
    session["report_draft"] = draft
    del session["reports_sent"]
    session.save()
    second = receipt_link.read(token_of(send(client)))
    assert (first.number, first.pin) == (second.number, second.pin)
    assert Case.objects.count() == 1


def test_the_back_button_after_sending_shows_the_receipt(cast: Cast, client: Client) -> None:
    walk(client)
    sent = send(client)
    assert client.get(reverse("report_check")).url == sent.url


def test_a_flood_is_stopped_with_another_way_to_be_heard(cast: Cast, client: Client, settings: Any) -> None:
    settings.SIMPUL_LIMITS = {**settings.SIMPUL_LIMITS, "report_per_hour": 1}
    walk(client)
    send(client)
    walk(client)
    stopped = send(client)
    assert stopped.status_code == 422
    assert "meja layanan" in stopped.content.decode()
    assert drafts.load(mock.Mock(session=client.session)) is not None
    assert Case.objects.count() == 1


# --- who ------------------------------------------------------------------------------------------------------------------


def test_an_anonymous_report_has_a_16_digit_receipt_and_keeps_no_name(cast: Cast, client: Client) -> None:
    walk(client, mode="anonymous", name="Nurhayati", phone="081244556677", owner="own", safe="both")
    kept = receipt_link.read(token_of(send(client)))
    assert len(kept.receipt16) == 16
    assert (kept.number, kept.pin) == ("", "")
    assert Case.objects.get().reporter is None


def test_a_kind_whose_result_is_given_to_a_person_offers_no_anonymity(cast: Cast, client: Client) -> None:
    tell(client, "letter_request")
    assert 'value="anonymous"' not in client.get(reverse("report_person")).content.decode()


def test_a_neighbour_speaks_for_somebody_else(cast: Cast, client: Client) -> None:
    walk(client, mode="proxy", name="Nurhayati", about_name="Daeng Baso", relation="tetangga")
    send(client)
    case = Case.objects.get()
    assert case.about is not None
    assert (case.mode, case.about.full_name, case.relation) == ("proxy", "Daeng Baso", "tetangga")


def test_a_phone_must_be_somebodys_and_safe_for_something(cast: Cast, client: Client) -> None:
    tell(client)
    wrong = client.post(reverse("report_person"), {"mode": "self", "phone": "0812 4455 6677"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"owner", "safe"}
    assert "0812 4455 6677" in wrong.content.decode()


@pytest.mark.parametrize("more", [[], ["dukcapil", "family"]])
def test_a_request_to_the_posyandu_is_asked_in_the_fields_of_the_place(
    cast: Cast, client: Client, more: list[str]
) -> None:
    requests_help.posyandu(cast, fields=[*requests_help.SIX, *more])
    tell(client, "spm_request")
    client.post(reverse("report_place"), {"region": DUNGKAIT, "place": "Dusun Taludu"})
    page = client.get(reverse("report_details")).content.decode()
    assert 'value="works"' in page and ('value="dukcapil"' in page) is bool(more)
    answer = client.post(reverse("report_details"), {"field": "dukcapil", "service": "dukcapil/birth"})
    assert answer.status_code == (302 if more else 422)


def test_violence_is_sealed_and_its_pages_can_be_left_quickly(cast: Cast, client: Client) -> None:
    begun = client.get(reverse("report_story") + "?jenis=protected_report").content.decode()
    assert "data-exit" in begun
    tell(client, "protected_report", text="Saya diancam oleh orang di rumah.")
    client.post(reverse("report_place"), {"region": DUNGKAIT})
    client.post(reverse("report_details"), {})
    client.post(reverse("report_person"), {"mode": "self"})
    sent = send(client)
    kept = receipt_link.read(token_of(sent))
    assert (kept.number, kept.desk, len(kept.receipt16)) == ("", "", 16)
    page = client.get(sent.url).content.decode()
    assert "data-exit" in page
    assert "Unit Perlindungan" not in page


def test_the_quick_way_out_forgets_what_was_written(cast: Cast, client: Client) -> None:
    tell(client)
    left = client.get(reverse("leave"))
    assert left.url.startswith("https://")
    assert client.get(reverse("report_place")).url == reverse("report")


# --- similar --------------------------------------------------------------------------------------------------------------


def test_a_known_cause_is_offered_and_joined_only_when_chosen(cast: Cast, client: Client) -> None:
    at = timezone.now()
    first = cast.case(at=at, kind_code="aid_complaint", text_given=WORDS, answers={"failure": "time"})
    cause = incidents.open_incident(
        by=cast.admin, at=at, case_id=first.id, title="Beras bantuan belum sampai", text=WORDS
    )
    walk(client)
    page = client.get(reverse("report_similar"))
    assert "Beras bantuan belum sampai" in page.content.decode()
    joined = client.post(reverse("report_similar"), {"incident": str(cause.id)})
    assert joined.url == reverse("report_check")
    kept = receipt_link.read(token_of(send(client)))
    assert Case.objects.get(number=kept.number).incident_id == cause.id


def test_nothing_similar_is_passed_over(cast: Cast, client: Client) -> None:
    walk(client)
    assert client.get(reverse("report_similar")).url == reverse("report_check")


# --- what people type -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u202e\u200f", "ab"])
def test_no_words_and_no_recording_are_asked_for_again(cast: Cast, client: Client, text: str) -> None:
    wrong = tell(client, text=text)
    assert wrong.status_code == 422
    assert "rekaman" in wrong.context["form"].errors["text"][0]


def test_too_many_words_are_told_and_not_cut(cast: Cast, client: Client) -> None:
    long = "a" * 6000
    wrong = tell(client, text=long)
    assert wrong.status_code == 422
    assert "6000" in str(wrong.context["form"].errors["text"]).replace(".", "")
    assert long in wrong.content.decode()


def test_ten_megabytes_of_text_get_a_clear_page(cast: Cast, client: Client) -> None:
    answer = tell(client, text="b" * 10_000_000)
    assert answer.status_code == 400
    assert "5.000" in answer.content.decode()


def test_emoji_stay_and_signs_that_turn_text_around_go(cast: Cast, client: Client) -> None:
    tell(client, text="Jalan rusak \U0001f6a7 parah \u202eabc\u200b")
    kept = drafts.load(mock.Mock(session=client.session))
    assert kept is not None
    assert kept.text == "Jalan rusak \U0001f6a7 parah abc"


def test_markup_stays_inert(cast: Cast, client: Client) -> None:
    tell(client, text="<script>alert(1)</script> tolong dibantu")
    assert "<script>alert" not in client.get(reverse("report_story")).content.decode()


def test_one_bad_file_costs_the_others_nothing(cast: Cast, client: Client) -> None:
    files = [
        SimpleUploadedFile("rumah.jpg", photo(), "image/jpeg"),
        SimpleUploadedFile("program.jpg", b"MZ\x90\x00" + b"x" * 500, "image/jpeg"),
        SimpleUploadedFile("kosong.pdf", b"", "application/pdf"),
    ]
    wrong = tell(client, uploads=files)
    errors = wrong.context["form"].errors["uploads"]
    assert len(errors) == 2
    assert "program.jpg" in errors[0]
    assert "kosong.pdf" in errors[1]
    assert "rumah.jpg" in wrong.content.decode()
    assert WORDS in wrong.content.decode()
    kept = drafts.load(mock.Mock(session=client.session))
    assert kept is not None
    assert [file.name for file in kept.files] == ["rumah.jpg"]


def test_a_photo_of_fifty_megapixels_is_made_small_or_told(cast: Cast, client: Client) -> None:
    out = io.BytesIO()
    Image.new("1", (8200, 6200)).save(out, "PNG")
    sent = [
        SimpleUploadedFile("besar.jpg", photo(8200, 6200), "image/jpeg"),
        SimpleUploadedFile("besar.png", out.getvalue(), "image/png"),
    ]
    wrong = tell(client, uploads=sent)
    (error,) = wrong.context["form"].errors["uploads"]
    assert "besar.png" in error
    kept = drafts.load(mock.Mock(session=client.session))
    assert kept is not None
    assert kept.files[0].size < 2_000_000


def recording() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(32_000))
    return out.getvalue()


def test_a_recording_alone_is_a_report(cast: Cast, client: Client) -> None:
    told = tell(client, text="", uploads=[SimpleUploadedFile("cerita.wav", recording(), "audio/wav")])
    assert told.status_code == 302, told.context["form"].errors
    client.post(reverse("report_place"), {"region": DUNGKAIT})
    client.post(reverse("report_details"), {"failure": "time"})
    client.post(reverse("report_person"), {"mode": "self"})
    send(client)
    case = Case.objects.get()
    assert "terlampir" in case.text
    assert case.attachments.get().kind == "audio"


def test_a_kept_file_can_be_taken_out_again(cast: Cast, client: Client) -> None:
    tell(client, uploads=[SimpleUploadedFile("rumah.jpg", photo(), "image/jpeg")])
    kept = drafts.load(mock.Mock(session=client.session))
    assert kept is not None
    tell(client, buang=kept.files[0].key)
    after = drafts.load(mock.Mock(session=client.session))
    assert after is not None
    assert after.files == []
    assert after.text == WORDS


def test_files_of_a_draft_lie_sealed_and_are_swept_away(cast: Cast, client: Client) -> None:
    tell(client, uploads=[SimpleUploadedFile("rumah.jpg", photo(), "image/jpeg")])
    kept = drafts.load(mock.Mock(session=client.session))
    assert kept is not None
    folder = drafts._folder(kept)
    (lying,) = folder.iterdir()
    assert not lying.read_bytes().startswith(b"\xff\xd8")
    assert drafts.sweep(older_than_seconds=-1) >= 1
    assert not folder.exists()


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2026"), ("", "2", "2026"), ("x", "y", "z"), ("1", "1", "2099")]
)
def test_a_wrong_day_is_asked_again_and_the_rest_stays(
    cast: Cast, client: Client, day: str, month: str, year: str
) -> None:
    tell(client)
    given = {"region": DUNGKAIT, "place": "Dekat masjid"}
    boxes = {"happened_day": day, "happened_month": month, "happened_year": year}
    wrong = client.post(reverse("report_place"), {**given, **boxes})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"happened"}
    assert "Dekat masjid" in wrong.content.decode()


@pytest.mark.parametrize("typed", ["Dungkait", "dungkat", "desa dungkait", DUNGKAIT])
def test_a_village_is_found_in_spite_of_typing_errors(cast: Cast, client: Client, typed: str) -> None:
    tell(client)
    assert client.post(reverse("report_place"), {"region": typed}).status_code == 302


@pytest.mark.parametrize("typed", ["", "zzzzzzzz", "7303012008", "9" * 10, "x" * 500])
def test_a_place_that_is_not_served_is_asked_again(cast: Cast, client: Client, typed: str) -> None:
    tell(client)
    wrong = client.post(reverse("report_place"), {"region": typed})
    assert wrong.status_code == 422
    assert "region" in wrong.context["form"].errors


def test_the_kinds_own_questions_say_what_is_wrong_in_words(cast: Cast, client: Client) -> None:
    tell(client)
    client.post(reverse("report_place"), {"region": DUNGKAIT})
    wrong = client.post(reverse("report_details"), {"paid": "banyak", "provider": "Yayasan"})
    assert set(wrong.context["form"].errors) == {"failure", "paid"}
    assert "Yayasan" in wrong.content.decode()


def test_an_unknown_kind_leads_to_the_choice(cast: Cast, client: Client) -> None:
    assert client.get(reverse("report_story") + "?jenis=tidak-ada").url == reverse("report")


# --- the receipt ------------------------------------------------------------------------------------------------------------


def receipt(**changes: Any) -> receipt_link.Receipt:
    values: dict[str, Any] = {
        "case_id": "0",
        "number": "SPL-2611-00047-K",
        "pin": "481923",
        "receipt16": "",
        "kind": "complaint",
        "region_code": DUNGKAIT,
        "received_at": "2026-11-23T02:00:00+00:00",
        "due_at": "2026-12-11T15:59:59+00:00",
        "desk": "Call Center Mamuju",
    }
    return receipt_link.Receipt(**{**values, **changes})


def test_a_changed_or_invented_receipt_address_is_not_found(cast: Cast, client: Client) -> None:
    token = receipt_link.seal(receipt())
    flipped = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    for wrong in (flipped, "x", "A" * 60, "%%%"):
        assert client.get(f"/lapor/terima-kasih/{wrong}/").status_code == 404


def test_the_receipt_prints_on_three_papers_and_as_a_pdf(cast: Cast, client: Client) -> None:
    token = receipt_link.seal(receipt())
    for size in ("a6", "58", "a4"):
        page = client.get(reverse("report_slip", args=[token, size]))
        assert f"paper-{size}" in page.content.decode()
    assert client.get(reverse("report_slip", args=[token, "a3"])).status_code == 404
    pdf = client.get(reverse("report_pdf", args=[token]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf["Content-Disposition"]


def test_a_receipt_is_never_kept_by_caches(cast: Cast, client: Client) -> None:
    page = client.get(reverse("report_receipt", args=[receipt_link.seal(receipt())]))
    assert "no-store" in page["Cache-Control"]


def test_the_message_fits_one_sms(cast: Cast) -> None:
    text = receipts.sms_text(receipt())
    assert len(text) <= 160
    assert "SPL-2611-00047-K" in text
    assert "481923" in text
    secret = receipts.sms_text(receipt(number="", pin="", receipt16="1234567812345678"))
    assert "1234 5678 1234 5678" in secret


def test_the_number_can_be_said_aloud(cast: Cast) -> None:
    assert "es-pe-el" in receipts.spoken_text(receipt())


def test_the_notice_has_at_most_120_words(cast: Cast, client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    notice = re.search(r"<p>([^<]*UU 27/2022 pasal 20[^<]*)</p>", page)
    assert notice
    assert len(notice[1].split()) <= 120
