"""The story of a resident on the public pages: told once, answered, published, not solved, answered again."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.cases.actions import handling, publishing, referral
from simpul.cases.models import Case
from simpul.web.portal import receipt_link
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


def test_an_aid_box_at_the_wrong_house_is_told_answered_published_and_reopened_once(
    cast: Cast, client: Client
) -> None:
    # Told: in her own words, in a village typed with an error, with a phone that is her sister's.
    client.post(
        reverse("report_story"),
        {"jenis": "aid_complaint", "text": "Paket terpal untuk rumah kami diserahkan ke rumah lain."},
    )
    client.post(reverse("report_place"), {"region": "dungkat", "place": "Dusun Taludu"})
    client.post(reverse("report_details"), {"failure": "target", "programme": "shelter"})
    who = {"mode": "self", "name": "Nurhayati", "phone": "0812 4455 6677", "owner": "family", "safe": "both"}
    client.post(reverse("report_person"), who)
    check = client.get(reverse("report_check")).content.decode()
    pressed = re.search(r'name="lapor" value="([^"]+)"', check)
    assert pressed
    sent = client.post(reverse("report_check"), {"lapor": pressed[1]})
    kept = receipt_link.read(sent.url.rstrip("/").rpartition("/")[2])

    # Handled: the centre passes it to the working group, which answers.
    case = Case.objects.get(number=kept.number)
    at = timezone.now()
    handling.claim_case(by=cast.admin, at=at, case_id=case.id)
    referral.refer_case(
        by=cast.admin, at=at, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Bidang hunian"
    )
    referral.accept_case(by=cast.pokja, at=at, case_id=case.id)
    other_phone = Client()
    other_phone.post(reverse("follow"), {"number": kept.number, "pin": kept.pin})
    assert "Pokja Hunian" in other_phone.get(reverse("follow_matter")).content.decode()
    words = "Paket sudah dipindahkan kepada keluarga yang berhak."
    referral.answer_referral(by=cast.pokja, at=at, case_id=case.id, answer=words)
    handling.answer_case(by=cast.admin, at=at, case_id=case.id, text=words, decision="upheld")

    # Published by two people, without her name.
    row = publishing.prepare_publication(
        by=cast.admin,
        at=at,
        case_id=case.id,
        title="Paket terpal salah alamat",
        text="Paket diserahkan ke rumah lain.",
        answer=words,
    )
    publishing.release_publication(by=cast.approver, at=at, publication_id=row.id)
    assert "Paket terpal salah alamat" in Client().get(reverse("answers")).content.decode()
    page = other_phone.get(reverse("follow_matter")).content.decode()
    assert words in page
    assert f"/jawaban/{row.slug}/" in page

    # Rated, and not solved after all.
    other_phone.post(reverse("follow_rate"), {"nilai-rating": "2", "nilai-words": "Terpalnya sobek."})
    other_phone.post(reverse("follow_dispute"), {"belum-words": "Terpalnya sobek, tidak dapat dipakai."})
    case.refresh_from_db()
    assert (case.state, case.reopened, case.rating) == ("working", 1, 2)
