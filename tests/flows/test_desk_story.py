"""The Mamuju story through the desk's own pages: a phone call about an aid box given to the wrong house, from the counter to the
working group, the partner, back, answered, told, published and reopened once. Nothing here is done but by pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case, Publication
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE
from simpul.messages.models import Message
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import act, sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def take_in_by_phone(client: Client, cast: Cast) -> Case:
    page = client.get("/meja/terima/").content.decode()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("case_id", "visit_id", "kept")
    }  # type: ignore[index]
    given = {
        "channel": "phone",
        "text": "Dos bantuan untuk keluarga kami diantar ke rumah yang salah.",
        "kind_code": "complaint",
        "region": DUNGKAIT,
        "hamlet_id": str(cast.hamlet.id),
        "urgency": "normal",
        "mode": "self",
        "name": "Rosmini",
        "phone": "0813 9999 1234",
        "owner": "neighbour",
        "safe": "none",
        "consent": "spoken",
    }
    slip = client.post("/meja/terima/", {**hidden, **given}, follow=True)
    case = Case.objects.get()
    assert case.number in slip.content.decode()
    return case


def test_from_the_phone_to_the_published_answer_and_back(cast: Cast) -> None:
    admin, pokja, approver = sit(cast, "admin"), sit(cast, "pokja"), sit(cast, "approver")
    link = desk_actions.issue_link(
        by=MACHINE, at=timezone.now(), desk_id=cast.desk("partner").id, holder_name="Grace Palit"
    )
    case = take_in_by_phone(admin, cast)
    act(admin, case.id, "ambil")
    act(admin, case.id, "teruskan", to_desk_id=str(cast.desk("shelter").id), note="Bantuan salah alamat")
    assert case.title in words(pokja.get("/meja/?view=offered"))
    act(pokja, case.id, "terima")
    extract = "Satu dos bantuan di Dusun Taludu diantar ke rumah yang salah."
    act(
        pokja,
        case.id,
        "teruskan",
        to_desk_id=str(cast.desk("partner").id),
        note="Mohon dicek",
        extract=extract,
    )

    partner = Client()
    partner.post(f"/mitra/{link.token}/", {"pin": link.pin})
    assert extract in words(partner.get("/mitra/"))
    partner.post(f"/mitra/kasus/{case.id}/terima/")
    prefix = f"jawab-{case.id.hex}"
    answer = {f"{prefix}-answer": "Dos pengganti sudah diantar.", f"{prefix}-outcome": "done"}
    assert partner.post(f"/mitra/kasus/{case.id}/jawab/", answer).status_code == 302

    act(pokja, case.id, "jawab-rujukan", answer="Mitra sudah mengantar dos pengganti.", outcome="done")
    page = words(admin.get(f"/meja/kasus/{case.id}/"))
    assert "Dos pengganti sudah diantar." in page
    act(admin, case.id, "jawab", decision="upheld", text="Dos pengganti sudah diantar ke rumah Anda.")
    assert Case.objects.get(id=case.id).state == "answered"

    waiting = Message.objects.get(road="slip", asked_key="answer")
    assert "Rosmini" in words(admin.get("/meja/pemberitahuan/"))
    admin.post("/meja/pemberitahuan/cetak/", {"ids": [str(waiting.id)]})
    admin.post(
        f"/meja/pemberitahuan/{waiting.id}/sampaikan/", {"how": "in_person", "told_by": "Kepala dusun"}
    )
    assert "0 orang masih harus diberi tahu" in words(admin.get("/meja/pemberitahuan/"))

    public = {
        "title": "Dos bantuan salah alamat",
        "text": "Bantuan diantar ke rumah yang salah.",
        "answer": "Sudah diganti.",
        "step": "offer",
    }
    admin.post(f"/meja/kasus/{case.id}/terbitkan/", public)
    approver.post(f"/meja/terbitan/{Publication.objects.get().id}/rilis/")
    assert Publication.objects.get().state == "released"

    act(admin, case.id, "buka-lagi", reason="Warga menelepon: isinya kurang")
    again = Case.objects.get(id=case.id)
    assert (again.state, again.reopened) == ("working", 1)


def test_the_chain_refuses_before_it_helps(cast: Cast) -> None:
    """A desk declines, the next one is asked, an outside body refuses and another agrees: custody is never lost."""
    admin, water = sit(cast, "admin"), sit(cast, "other_pokja")
    case = take_in_by_phone(admin, cast)
    act(admin, case.id, "teruskan", to_desk_id=str(cast.desk("water").id), note="Mungkin bagian air")
    act(water, case.id, "tolak", reason="Bukan soal air bersih")
    assert Case.objects.get(id=case.id).acting.code == "centre"
    act(
        admin,
        case.id,
        "teruskan",
        to_desk_id=str(cast.desk("outside").id),
        note="Minta bantuan",
        extract="Satu keluarga belum menerima bantuan.",
    )
    page = admin.get(f"/meja/kasus/{case.id}/").content.decode()
    assert "/balasan/" in page
    assert (
        act(admin, case.id, "balasan", reply="answered", words="Baznas mengantar bantuan.").status_code == 302
    )
    again = Case.objects.get(id=case.id)
    assert (again.holder.code, again.acting.code) == ("centre", "centre")
    assert again.draft_answer == "Baznas mengantar bantuan."
