"""/meja/kasus/: what the page shows to whom, each act through its button, each refusal beside its form, files authorised."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simpul.cases.actions import files, handling, intake, referral, shaping
from simpul.cases.models import Case, Link
from simpul.journal.models import Line
from tests.cast import Cast, assemble
from tests.web.desk_pages import act, photo, sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.case(at=timezone.now() - timedelta(days=1))


def now(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def test_the_page_tells_the_whole_matter(cast: Cast, case: Case) -> None:
    shown = words(sit(cast, "admin").get(f"/meja/kasus/{case.id}/"))
    for text in (
        case.text,
        "Nurhayati",
        "0812-4455-6677",
        "Call Center Mamuju",
        "Jawaban kepada warga",
        "menyampaikan urusan",
    ):
        assert text in shown


def test_a_hidden_name_is_not_on_the_page_nor_in_its_history(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    shown = words(sit(cast, "admin").get(f"/meja/kasus/{case.id}/"))
    assert "Nurhayati" not in shown
    assert "0812-4455-6677" not in shown
    assert "Minta melihat siapa pelapornya" in shown


def test_a_desk_that_only_looks_on_sees_numbers_masked(cast: Cast, case: Case) -> None:
    shown = words(sit(cast, "manager").get(f"/meja/kasus/{case.id}/"))
    assert "0812-4455-6677" not in shown


def test_only_what_may_be_done_is_offered(cast: Cast, case: Case) -> None:
    centre = sit(cast, "admin").get(f"/meja/kasus/{case.id}/").content.decode()
    above = sit(cast, "manager").get(f"/meja/kasus/{case.id}/").content.decode()
    assert "/teruskan/" in centre
    assert "/teruskan/" not in above
    assert "/terima/" not in centre.split('id="do"')[1]


def test_a_form_that_is_seldom_needed_comes_when_it_is_opened(cast: Cast, case: Case) -> None:
    page = sit(cast, "admin")
    closed = page.get(f"/meja/kasus/{case.id}/")
    assert b'name="pecah-text"' not in closed.content and b"#do-pecah" in closed.content
    assert b'name="teruskan-note"' in closed.content  # what is done every day stands ready
    fragment = page.get(f"/meja/kasus/{case.id}/pecah/", headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert b'name="pecah-text"' in fragment.content and b"<html" not in fragment.content
    plain = page.get(f"/meja/kasus/{case.id}/pecah/")
    assert plain.status_code == 302 and plain.headers["Location"].endswith("?buka=pecah#do-pecah")
    opened = page.get(plain.headers["Location"].split("#")[0])
    assert b'name="pecah-text"' in opened.content
    assert sit(cast, "neighbour").get(f"/meja/kasus/{case.id}/pecah/").status_code == 404
    assert page.get(f"/meja/kasus/{case.id}/tarik/").status_code == 404  # not offered here


def test_claim_and_its_undo(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    page = client.post(f"/meja/kasus/{case.id}/ambil/?view=turn", follow=True)
    assert page.request["QUERY_STRING"] == "view=turn"
    assert "Urungkan" in words(page) or "/lepas/" in page.content.decode()
    assert now(case).handler_name == "Ratna Dewi"
    act(client, case.id, "lepas")
    assert now(case).handler_name == ""


def test_refer_accept_answer_back_and_tell_the_resident(cast: Cast, case: Case) -> None:
    shelter = str(cast.desk("shelter").id)
    admin, pokja = sit(cast, "admin"), sit(cast, "pokja")
    assert (
        act(admin, case.id, "teruskan", to_desk_id=shelter, note="Mohon dicek di lapangan").status_code == 302
    )
    assert act(pokja, case.id, "terima").status_code == 302
    assert (
        act(pokja, case.id, "jawab-rujukan", answer="Lampu sudah diganti.", outcome="done").status_code == 302
    )
    page = words(admin.get(f"/meja/kasus/{case.id}/"))
    assert "Lampu sudah diganti." in page
    answer = act(admin, case.id, "jawab", decision="upheld", text="Lampu sudah diganti pada hari Senin.")
    assert answer.status_code == 302
    assert now(case).state == "answered"
    assert act(admin, case.id, "buka-lagi", reason="Warga menelepon: padam lagi").status_code == 302


def test_the_next_desk_of_the_route_is_proposed_first(cast: Cast, case: Case) -> None:
    page = sit(cast, "admin").get(f"/meja/kasus/{case.id}/").content.decode()
    assert page.index("Pokja Hunian") > 0
    assert "Unit Perlindungan" in page


def test_a_partner_needs_an_extract_and_what_was_typed_stays(cast: Cast, case: Case) -> None:
    answer = act(
        sit(cast, "admin"),
        case.id,
        "teruskan",
        to_desk_id=str(cast.desk("partner").id),
        note="Catatan yang tidak boleh hilang",
    )
    assert answer.status_code == 409
    assert "Catatan yang tidak boleh hilang" in answer.content.decode()
    assert "govuk-error" in answer.content.decode()


@pytest.mark.parametrize(
    ("slug", "given"),
    [
        ("teruskan", {}),
        ("jawab", {"text": "Sudah dikerjakan."}),
        ("tanya", {"text": ""}),
        ("catatan", {"text": ""}),
        ("gabung", {"other": "SPL-0000-00000-X", "reason": "sama"}),
        ("tautkan", {"other": "bukan nomor", "kind": "related"}),
        ("tutup", {"decision": "upheld", "reason": "Selesai"}),
        ("jenis", {"kind_code": ""}),
        ("pecah", {"kind_code": "complaint", "text": ""}),
        ("cabut", {"reason": ""}),
    ],
)
def test_each_refusal_stands_on_the_page(cast: Cast, case: Case, slug: str, given: dict[str, str]) -> None:
    answer = act(sit(cast, "admin"), case.id, slug, **given)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "govuk-error" in page
    assert f'id="do-{slug}" open' in page
    assert now(case).state == "new"


def test_an_act_that_came_too_late_is_refused_with_its_sentence(cast: Cast, case: Case) -> None:
    referral.refer_case(
        by=cast.second_admin,
        at=timezone.now(),
        case_id=case.id,
        to_desk_id=cast.desk("shelter").id,
        note="Lebih dulu",
    )
    answer = act(
        sit(cast, "admin"), case.id, "jawab", decision="upheld", text="Jawaban yang diketik panjang."
    )
    assert answer.status_code == 409
    assert "Jawaban yang diketik panjang." in answer.content.decode()


def test_who_may_not_act_finds_nothing(cast: Cast, case: Case) -> None:
    assert act(sit(cast, "manager"), case.id, "ambil").status_code == 404
    assert act(sit(cast, "other_pokja"), case.id, "catatan", text="Halo").status_code == 404
    assert act(sit(cast, "admin"), case.id, "tidak-ada").status_code == 404


def test_question_reply_note_draft_link_and_split(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    other = cast.case(title="Perkara lain")
    assert act(client, case.id, "konsep", text="Baru setengah").status_code == 302
    assert act(client, case.id, "catatan", text="Sudah ditelepon").status_code == 302
    assert act(client, case.id, "tautkan", other=other.number.lower(), kind="related").status_code == 302
    assert "Perkara lain" in words(client.get(f"/meja/kasus/{case.id}/"))
    assert act(client, case.id, "lepas-tautan", other_id=str(other.id)).status_code == 302
    assert not Link.objects.exists()
    assert (
        act(client, case.id, "pecah", kind_code="information", text="Kapan jadwal perbaikan?").status_code
        == 302
    )
    assert act(client, case.id, "tanya", text="Tiang yang mana?").status_code == 302
    assert act(client, case.id, "catat-jawaban", reply="Di depan masjid", road="phone").status_code == 302
    page = words(client.get(f"/meja/kasus/{case.id}/"))
    assert "Di depan masjid" in page
    assert "Sudah ditelepon" in page


def test_another_kind_asks_its_own_questions_first(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    asked = act(client, case.id, "jenis", kind_code="complaint_oversight")
    assert asked.status_code == 409
    assert "jenis-k_accused_office" in asked.content.decode()
    assert (
        act(
            client, case.id, "jenis", kind_code="complaint_oversight", k_accused_office="Puskesmas"
        ).status_code
        == 302
    )
    assert now(case).kind_id == "complaint_oversight"


def test_own_work_is_not_verified_and_the_page_does_not_offer_it(cast: Cast, case: Case) -> None:
    handling.hand_in_case(by=cast.admin, at=timezone.now(), case_id=case.id, draft="Sudah diganti semua.")
    assert "/verifikasi/" in sit(cast, "approver").get(f"/meja/kasus/{case.id}/").content.decode()
    assert act(sit(cast, "approver"), case.id, "verifikasi").status_code == 302
    assert now(case).verified_at is not None


def test_merge_and_withdraw(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    main, third = cast.case(), cast.case()
    assert act(client, case.id, "gabung", other=main.number, reason="Lampu yang sama").status_code == 302
    assert now(case).state == "merged"
    assert act(client, third.id, "cabut", reason="Diminta lewat telepon").status_code == 302
    assert now(third).state == "withdrawn"


def test_one_cause_many_receipts_one_answer(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    second = cast.case()
    assert (
        act(
            client,
            case.id,
            "sebab-bersama",
            title="Listrik desa padam",
            text="Listrik di dusun padam sejak Senin.",
        ).status_code
        == 302
    )
    cause = Case.objects.get(is_incident=True)
    assert act(client, second.id, "gabung-sebab", incident_id=str(cause.id)).status_code == 302
    assert (
        act(
            client, cause.id, "jawab-semua", decision="upheld", text="Gardu sudah diperbaiki PLN."
        ).status_code
        == 302
    )
    assert {now(case).state, now(second).state} == {"answered"}


def test_the_way_through_the_list(cast: Cast) -> None:
    cases = [cast.case(at=cast.now + timedelta(minutes=place)) for place in range(3)]
    page = sit(cast, "admin").get(f"/meja/kasus/{cases[1].id}/?view=turn&order=old").content.decode()
    assert f"/meja/kasus/{cases[0].id}/?view=turn" in page
    assert f"/meja/kasus/{cases[2].id}/?view=turn" in page


def test_the_page_prints(cast: Cast, case: Case) -> None:
    page = sit(cast, "admin").get(f"/meja/kasus/{case.id}/?cetak=1")
    assert "paper-a4" in page.content.decode()
    assert case.text in words(page)


def test_a_case_page_costs_a_bounded_number_of_queries(
    cast: Cast, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = sit(cast, "admin")
    handling.note_case(by=cast.admin, at=cast.now, case_id=case.id, text="Catatan pertama")
    shaping.link_case(by=cast.admin, at=cast.now, case_id=case.id, other_id=cast.case().id)
    client.get(f"/meja/kasus/{case.id}/")
    with django_assert_max_num_queries(45) as few:
        client.get(f"/meja/kasus/{case.id}/")
    for place in range(25):
        handling.note_case(by=cast.admin, at=cast.now, case_id=case.id, text=f"Catatan {place}")
        shaping.link_case(by=cast.admin, at=cast.now, case_id=case.id, other_id=cast.case().id)
    with django_assert_max_num_queries(len(few)):
        page = client.get(f"/meja/kasus/{case.id}/")
    assert len(gzip.compress(page.content)) < 60_000


# --- files ---------------------------------------------------------------------------------------------------------------


def test_files_come_as_downloads_to_those_who_may_see_the_case(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    answer = client.post(f"/meja/kasus/{case.id}/lampirkan/", {"lampirkan-uploads": photo()})
    assert answer.status_code == 302
    kept = case.attachments.get()
    served = client.get(f"/meja/berkas/{kept.id}/")
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert client.get(f"/meja/berkas/{kept.id}/foto/")["Content-Type"] == "image/jpeg"
    for part in ("neighbour", "other_pokja"):
        assert sit(cast, part).get(f"/meja/berkas/{kept.id}/").status_code == 404
        assert sit(cast, part).get(f"/meja/berkas/{kept.id}/foto/").status_code == 404


def test_a_file_that_cannot_be_kept_is_told_beside_its_field(cast: Cast, case: Case) -> None:
    answer = sit(cast, "admin").post(
        f"/meja/kasus/{case.id}/lampirkan/", {"lampirkan-uploads": [photo("foto.exe")]}
    )
    assert answer.status_code in (302, 409)
    empty = sit(cast, "admin").post(f"/meja/kasus/{case.id}/lampirkan/", {})
    assert empty.status_code == 409


def test_a_removed_file_is_served_no_more(cast: Cast, case: Case) -> None:
    kept = files.attach_case(
        by=cast.admin, at=timezone.now(), case_id=case.id, data=photo().read(), declared_name="a.jpg"
    )
    client = sit(cast, "admin")
    assert (
        act(client, case.id, "hapus-berkas", attachment_id=str(kept.id), reason="Salah foto").status_code
        == 302
    )
    assert client.get(f"/meja/berkas/{kept.id}/").status_code == 404


def test_boxes_black_out_a_photo(cast: Cast, case: Case) -> None:
    kept = files.attach_case(
        by=cast.admin, at=timezone.now(), case_id=case.id, data=photo().read(), declared_name="a.jpg"
    )
    client = sit(cast, "admin")
    address = f"/meja/berkas/{kept.id}/hitamkan/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"b0l": "10", "b0t": "10"}).status_code == 422
    assert client.post(address, {"b0l": "10", "b0t": "10", "b0r": "60", "b0b": "120"}).status_code == 422
    assert client.post(address, {"b0l": "10", "b0t": "10,5", "b0r": "60", "b0b": "70"}).status_code == 302
    kept.refresh_from_db()
    assert kept.boxes == [[0.1, 0.105, 0.6, 0.7]]
    assert client.get(f"/meja/berkas/{kept.id}/foto/?hitam=1").status_code == 200


# --- protection -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(cast: Cast) -> Case:
    return cast.case(text_given="Anak tetangga diperkosa oleh pamannya.")


def test_a_sealed_matter_is_for_the_focal_point_and_each_look_leaves_a_line(cast: Cast, sealed: Case) -> None:
    assert sealed.sensitivity == "sealed"
    assert sit(cast, "admin").get(f"/meja/kasus/{sealed.id}/").status_code == 404
    client = sit(cast, "focal")
    page = client.get(f"/meja/kasus/{sealed.id}/").content.decode()
    assert "data-exit" in page
    assert Line.objects.filter(subject_id=sealed.id, kind="case.view_sealed").count() == 1
    client.get(f"/meja/kasus/{sealed.id}/")
    assert Line.objects.filter(subject_id=sealed.id, kind="case.view_sealed").count() == 1
    assert sealed.number in words(client.get("/meja/perlindungan/"))


def test_words_are_judged_by_a_person(cast: Cast, sealed: Case) -> None:
    client = sit(cast, "focal")
    assert act(client, sealed.id, "saring", sensitive="no").status_code == 409
    assert act(client, sealed.id, "saring", sensitive="no", reason="Judul sinetron").status_code == 302
    assert now(sealed).sensitivity == "normal"


def test_seal_and_keep_away(cast: Cast, case: Case) -> None:
    client = sit(cast, "focal")
    assert act(client, case.id, "jauhkan", reason="Dialah yang diadukan").status_code == 409
    assert (
        act(
            client, case.id, "jauhkan", reason="Dialah yang diadukan", user_id=str(cast.user("admin").id)
        ).status_code
        == 302
    )
    assert sit(cast, "admin").get(f"/meja/kasus/{case.id}/").status_code == 404
    assert act(client, case.id, "segel", reason="Menyangkut anak").status_code == 302
    assert sit(cast, "second_admin").get(f"/meja/kasus/{case.id}/").status_code == 404
    assert act(client, case.id, "buka-segel", reason="Sudah aman semua").status_code == 302


def test_the_glass_is_broken_by_exact_number_with_a_reason(cast: Cast, sealed: Case) -> None:
    client = sit(cast, "manager")
    assert client.get(f"/meja/kasus/{sealed.id}/").status_code == 404
    wrong = client.post(
        "/meja/darurat/",
        {"number": "SPL-2611-00099-X", "reason": "Anak hilang sejak tadi malam, polisi bertanya"},
    )
    short = client.post("/meja/darurat/", {"number": sealed.number, "reason": "penting"})
    assert wrong.status_code == short.status_code == 422
    opened = client.post(
        "/meja/darurat/", {"number": sealed.number, "reason": "Anak hilang sejak tadi malam, polisi bertanya"}
    )
    assert opened["Location"].endswith(f"/meja/kasus/{sealed.id}/")
    assert client.get(opened["Location"]).status_code == 200
    assert "Anak hilang" in words(sit(cast, "focal").get("/meja/perlindungan/"))
    assert sit(cast, "admin").get("/meja/darurat/").status_code == 404


def test_the_custodian_decides_who_sees_who_reported(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    client = sit(cast, "admin")
    assert act(client, case.id, "minta-identitas", reason="pendek").status_code == 409
    assert (
        act(
            client, case.id, "minta-identitas", reason="Harus mengantar bantuan langsung ke rumahnya"
        ).status_code
        == 302
    )
    wish = case.identity_requests.get()
    custodian = sit(cast, "custodian")
    assert "mengantar bantuan" in words(custodian.get("/meja/perlindungan/"))
    address = f"/meja/perlindungan/identitas/{wish.id}/"
    assert custodian.post(address, {"granted": "yes"}).status_code == 409
    assert (
        custodian.post(address, {"granted": "yes", "reason": "Perlu untuk menyerahkan bantuan"}).status_code
        == 302
    )
    assert "Nurhayati" in words(client.get(f"/meja/kasus/{case.id}/"))
    assert client.post(address, {"granted": "yes", "reason": "x" * 30}).status_code == 404


def test_an_accused_officer_sees_nothing_of_it(cast: Cast) -> None:
    party = intake.PartyGiven(role="accused", name="Andi", user_id=cast.user("pokja").id)
    case = cast.case(parties=[party])
    referral.refer_case(
        by=cast.admin,
        at=timezone.now(),
        case_id=case.id,
        to_desk_id=cast.desk("shelter").id,
        note="Mohon dicek",
    )
    client = sit(cast, "pokja")
    assert client.get(f"/meja/kasus/{case.id}/").status_code == 404
    assert case.number not in words(client.get("/meja/?view=all"))


# --- undo and drafts ------------------------------------------------------------------------------------------------------


def test_what_was_just_done_can_be_undone(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    other = cast.case()
    act(client, case.id, "tautkan", other=other.number, kind="related")
    page = client.get(f"/meja/kasus/{case.id}/").content.decode()
    assert f'name="lepas-tautan-other_id" value="{other.id}"' in page.split("case__head")[0]
    assert "notice--success" not in client.get(f"/meja/kasus/{case.id}/").content.decode()
    act(client, case.id, "teruskan", to_desk_id=str(cast.desk("shelter").id), note="Mohon dicek")
    assert (
        'name="tarik-reason"' in client.get(f"/meja/kasus/{case.id}/").content.decode().split("case__head")[0]
    )


def test_an_answer_in_the_making_is_kept_when_its_box_is_left(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    kept = client.post(
        f"/meja/kasus/{case.id}/konsep-otomatis/",
        {"jawab-text": "Setengah jad"},
        headers={"HX-Request": "true"},
    )
    assert kept.status_code == 200
    assert "Setengah jad" in client.get(f"/meja/kasus/{case.id}/").content.decode()
    assert (
        sit(cast, "neighbour")
        .post(f"/meja/kasus/{case.id}/konsep-otomatis/", {"jawab-text": "x"})
        .status_code
        == 404
    )


def test_the_page_speaks_english_by_the_switch(cast: Cast, case: Case) -> None:
    client = sit(cast, "admin")
    client.cookies["bahasa"] = "en"
    assert "What can be done now" in words(client.get(f"/meja/kasus/{case.id}/"))
