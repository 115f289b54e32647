"""/meja/rujukan/ and the case page: who is next, one button, consent in the form, papers, the directory, each desk's record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import approvals, referral, tiers
from simpul.cases.models import Approval, Case, Hop, Kind, Route
from simpul.desks import actions as desk_actions
from simpul.desks.models import Seat, Service
from simpul.journal.models import Line
from simpul.people.models import Consent
from tests.cast import BONTO_JAI, NOW, Cast, actor, assemble
from tests.web.desk_pages import act, photo, sit, words

pytestmark = pytest.mark.django_db
EXTRACT = "Keluarga tanpa penghasilan, rumah bocor."


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def route(cast: Cast, *codes: str, **columns: Any) -> None:
    Kind.objects.filter(code="complaint").update(**columns)
    Route.objects.filter(kind_id="complaint", region_code="7602").delete()
    for position, code in enumerate(codes):
        Route.objects.create(kind_id="complaint", region_code="7602", position=position, desk=cast.desk(code))


def refused(cast: Cast, at: datetime, **given: Any) -> Case:
    """A matter that the working group for shelter declined."""
    case = cast.case(at=at - timedelta(days=1))
    referral.refer_case(
        by=cast.admin,
        at=at,
        case_id=case.id,
        to_desk_id=cast.desk("shelter").id,
        note="Mohon dibantu",
        **given,
    )
    referral.decline_case(by=cast.pokja, at=at, case_id=case.id, reason="Ini bukan urusan hunian")
    return case


def chain(case: Case) -> list[tuple[str, str]]:
    return list(Hop.objects.filter(case=case).order_by("position").values_list("to_desk__code", "state"))


# --- the case page ------------------------------------------------------------------------------------------------------------


def test_one_button_passes_a_refused_matter_on(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter", "water")
    case = refused(cast, at)
    page = sit(cast, "admin")
    shown = words(page.get(f"/meja/kasus/{case.id}/"))
    assert "Ini bukan urusan hunian" in shown
    assert "Teruskan ke Pokja Air Bersih" in shown
    answer = act(page, case.id, "lanjutkan", x="")
    assert answer.status_code == 302
    assert chain(case) == [("shelter", "declined"), ("water", "offered")]
    assert Hop.objects.get(case=case, state="offered").note == "Mohon dibantu"


def test_without_occasion_there_is_no_button(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter", "water")
    case = cast.case(at=at)
    assert "lanjutkan" not in sit(cast, "admin").get(f"/meja/kasus/{case.id}/").content.decode()
    answer = act(sit(cast, "admin"), case.id, "lanjutkan", x="")
    assert answer.status_code == 409
    assert not Hop.objects.filter(case=case).exists()


def test_what_the_next_institution_needs_is_asked_beside_the_button(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter", "outside", asks_consent=True)
    case = refused(cast, at)
    page = sit(cast, "admin")
    shown = words(page.get(f"/meja/kasus/{case.id}/"))
    assert "Yang belum ada: apa yang boleh mereka baca, persetujuan orangnya" in shown
    answer = act(page, case.id, "lanjutkan", extract="", consent="")
    assert answer.status_code == 409
    paper = act(page, case.id, "lanjutkan", extract=EXTRACT, consent="paper", given_by="Nurhayati")
    assert paper.status_code == 409 and "Tambahkan foto" in words(paper)
    done = act(
        page,
        case.id,
        "lanjutkan",
        extract=EXTRACT,
        consent="paper",
        given_by="Nurhayati",
        evidence=photo("surat.jpg"),
    )
    assert done.status_code == 302
    assert (Consent.objects.get().mode, Consent.objects.get().purpose) == ("paper", "referral_share")
    assert chain(case)[-1] == ("outside", "offered")


def test_a_wrong_proof_is_refused_beside_its_field(cast: Cast, at: datetime) -> None:
    route(cast, "centre", asks_consent=True)
    case = cast.case(at=at)
    wrong = act(
        sit(cast, "admin"),
        case.id,
        "teruskan",
        to_desk_id=str(cast.desk("outside").id),
        note="Mohon",
        extract=EXTRACT,
        consent="spoken",
        given_by="Nurhayati",
        evidence=SimpleUploadedFile("suara.jpg", photo().read(), "image/jpeg"),
    )
    assert wrong.status_code == 409
    assert not Hop.objects.filter(case=case).exists() and not Consent.objects.exists()
    assert EXTRACT in wrong.content.decode()  # nothing typed is lost


def test_the_refer_form_holds_what_was_sent_the_last_time(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter", "outside")
    case = refused(cast, at, extract=EXTRACT)
    shown = sit(cast, "admin").get(f"/meja/kasus/{case.id}/?buka=teruskan").content.decode()
    assert "Mohon dibantu</textarea>" in shown and EXTRACT in shown


def test_nobody_took_it_is_said_to_the_holder_and_shown_in_supervision(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter")
    case = refused(cast, at)
    said = "Semua meja pada jalur ini sudah diminta"
    assert said in words(sit(cast, "admin").get(f"/meja/kasus/{case.id}/"))
    assert case.title in words(sit(cast, "manager").get("/meja/rujukan/tanpa-penerima/"))
    assert "Tidak ada yang menerima" in words(sit(cast, "manager").get("/meja/pantau/"))
    assert case.title not in words(sit(cast, "neighbour").get("/meja/rujukan/tanpa-penerima/"))


def test_what_was_given_is_written_down_and_stands_on_the_chain(cast: Cast, at: datetime) -> None:
    case = cast.case(at=at - timedelta(days=9))
    referral.refer_case(
        by=cast.admin,
        at=at - timedelta(days=8),
        case_id=case.id,
        to_desk_id=cast.desk("outside").id,
        note="Mohon",
        extract=EXTRACT,
    )
    page = sit(cast, "admin")
    done = act(
        page,
        case.id,
        "balasan",
        reply="answered",
        words="Sudah diserahkan",
        given_service="Bantuan makan",
        given_amount="750.000",
        given_date="20/11/2026",
        given_to="Nurhayati",
    )
    assert done.status_code == 302
    shown = words(page.get(f"/meja/kasus/{case.id}/"))
    assert "Bantuan makan, Rp750.000, 20 November 2026, kepada Nurhayati" in shown
    assert "Menunggu lembaga lain 8 hari sejauh ini" in shown


def test_the_same_person_with_the_same_wish_is_shown(cast: Cast, at: datetime) -> None:
    first = cast.case(at=at)
    second = cast.case(at=at)
    Case.objects.filter(id=second.id).update(reporter=first.reporter)
    shown = words(sit(cast, "admin").get(f"/meja/kasus/{second.id}/"))
    assert "Orang yang sama punya urusan sejenis" in shown and first.number in shown


def test_without_consent_goes_by_the_manager_alone(cast: Cast, at: datetime) -> None:
    route(cast, "centre", asks_consent=True)
    case = cast.case(at=at)
    assert "tanpa-persetujuan" not in sit(cast, "admin").get(f"/meja/kasus/{case.id}/").content.decode()
    page = sit(cast, "manager")
    assert act(page, case.id, "tanpa-persetujuan", reason="Darurat").status_code == 409
    why = "Tidak sadarkan diri di rumah sakit, tanpa keluarga."
    assert act(page, case.id, "tanpa-persetujuan", reason=why).status_code == 302
    assert why in words(page.get(f"/meja/kasus/{case.id}/"))
    assert Line.objects.filter(kind="consent.override", subject_id=case.id).count() == 1


# --- decisions on paper ------------------------------------------------------------------------------------------------------------


def signing(cast: Cast) -> tuple[Case, Client, Client]:
    """A matter at the district unit that wants a check and a signature; who drafts, and who signs."""
    Kind.objects.filter(code="complaint").update(approvals=["check", "sign"])
    people = {}
    for name, role in (("konsep", "back_office"), ("kepala", "head")):
        user = type(cast.user("admin")).objects.create(username=name, full_name=name.title(), created_at=NOW)
        people[name] = cast.seats[name] = Seat.objects.create(
            user=user, desk=cast.desk("secretariat"), role=role, from_at=NOW
        )
    case = cast.case(by=cast.neighbour, channel="desk", region_code=BONTO_JAI)
    referral.refer_case(
        by=cast.neighbour, at=NOW, case_id=case.id, to_desk_id=cast.desk("secretariat").id, note="Mohon"
    )
    referral.accept_case(by=actor(people["konsep"]), at=NOW, case_id=case.id)
    return case, sit(cast, "konsep"), sit(cast, "kepala")


def test_a_decision_goes_from_hand_to_hand_on_the_pages(cast: Cast) -> None:
    case, draft, head = signing(cast)
    text = "Bantuan diberikan enam bulan."
    assert act(draft, case.id, "usulkan", decision="", text=text).status_code == 409
    assert act(draft, case.id, "usulkan", decision="upheld", text=text).status_code == 302
    paper = Approval.objects.get(case=case)
    manager = sit(cast, "neighbour_manager")
    assert case.title in words(manager.get("/meja/rujukan/keputusan/"))
    assert case.title not in words(head.get("/meja/rujukan/keputusan/"))
    shown = manager.get(f"/meja/kasus/{case.id}/").content.decode()
    assert paper.digest in shown and "/tanda-tangani/" not in shown and "/jawab/" not in shown
    assert act(manager, case.id, "periksa", digest="0" * 64).status_code == 409
    assert act(manager, case.id, "periksa", digest=paper.digest).status_code == 302
    assert act(head, case.id, "tanda-tangani", digest=paper.digest, words="Segera").status_code == 302
    printed = words(head.get(f"/meja/rujukan/keputusan/{paper.id}/"))
    for name in ("Konsep", "Asdar Nur", "Kepala", paper.digest, text, "Ditandatangani", "Segera"):
        assert name in printed
    assert act(manager, case.id, "jawab", decision="upheld", text="Lain").status_code == 409
    assert act(manager, case.id, "jawab", decision="upheld", text=text).status_code == 302


def test_a_draft_is_returned_on_the_page(cast: Cast) -> None:
    case, draft, head = signing(cast)
    act(draft, case.id, "usulkan", decision="upheld", text="Bantuan diberikan.")
    digest = Approval.objects.get(case=case).digest
    manager = sit(cast, "neighbour_manager")
    done = act(manager, case.id, "kembalikan-konsep", digest=digest, reason="Dasarnya belum ada")
    assert done.status_code == 302
    shown = words(draft.get(f"/meja/kasus/{case.id}/"))
    assert "Dasarnya belum ada" in shown and "Dikembalikan" in shown
    assert head.get(f"/meja/rujukan/keputusan/{Approval.objects.get(case=case).id}/").status_code == 200


def test_a_paper_of_a_hidden_matter_is_not_found(cast: Cast) -> None:
    case, draft, _head = signing(cast)
    act(draft, case.id, "usulkan", decision="upheld", text="Bantuan diberikan.")
    paper = Approval.objects.get(case=case)
    assert sit(cast, "admin").get(f"/meja/rujukan/keputusan/{paper.id}/").status_code == 404
    assert approvals.is_signed(case) is False


# --- the directory and the records --------------------------------------------------------------------------------------------------


@pytest.fixture
def zakat(cast: Cast) -> Service:
    made = desk_actions.load_services(
        by=cast.administrator, at=NOW, desk_id=cast.desk("outside").id, seeds=["zakat"]
    )
    return made[0]


def test_the_directory_is_searched(cast: Cast, zakat: Service) -> None:
    page = sit(cast, "admin")
    shown = words(page.get("/meja/rujukan/"))
    for text in (
        zakat.name,
        "Baznas Mamuju",
        "Surat pengantar, KTP, KK, Foto rumah",
        "Gratis",
        "had kifayah",
    ):
        assert text in shown
    assert zakat.name not in words(page.get("/meja/rujukan/?bidang=health"))
    assert zakat.name in words(page.get("/meja/rujukan/?kata=zakat&bidang=economy&wilayah=Dungkait"))
    assert "Tidak ada layanan yang ditemukan" in words(page.get("/meja/rujukan/?kata=kapal"))


def test_an_empty_directory_teaches(cast: Cast) -> None:
    assert "Direktori masih kosong" in words(sit(cast, "admin").get("/meja/rujukan/"))


def test_what_the_chosen_desk_needs_stands_beside_the_form(cast: Cast, zakat: Service) -> None:
    page = sit(cast, "admin")
    shown = words(page.get(f"/meja/rujukan/entri/?teruskan-to_desk_id={cast.desk('outside').id}"))
    assert zakat.name in shown and "Dalam setahun: 0 dirujuk" in shown
    for odd in ("", "bukan-kunci", str(zakat.id)):
        answer = page.get(f"/meja/rujukan/entri/?teruskan-to_desk_id={odd}")
        assert answer.status_code == 200 and "notice" not in answer.content.decode()


def test_a_service_is_named_when_it_is_asked_for(cast: Cast, zakat: Service, at: datetime) -> None:
    case = cast.case(at=at)
    page = sit(cast, "admin")
    given = {"note": "Mohon", "extract": EXTRACT, "service_id": str(zakat.id)}
    wrong = act(page, case.id, "teruskan", to_desk_id=str(cast.desk("shelter").id), **given)
    assert wrong.status_code == 409 and not Hop.objects.exists()
    done = act(page, case.id, "teruskan", to_desk_id=str(cast.desk("outside").id), **given)
    assert done.status_code == 302
    assert Hop.objects.get(case=case).service_id == zakat.id


def test_each_desks_promise_and_record_is_visible(
    cast: Cast, at: datetime, django_assert_max_num_queries: Any
) -> None:
    refused(cast, at - timedelta(days=3))
    case = cast.case(at=at - timedelta(days=6))
    referral.refer_case(
        by=cast.admin,
        at=at - timedelta(days=5),
        case_id=case.id,
        to_desk_id=cast.desk("shelter").id,
        note="Mohon",
    )
    referral.accept_case(by=cast.pokja, at=at - timedelta(days=3), case_id=case.id)
    page = sit(cast, "admin")
    with django_assert_max_num_queries(40):
        shown = words(page.get("/meja/rujukan/shelter/"))
    for text in (
        "3 hari kerja",
        "5 hari kerja",
        "2 dirujuk ke sana",
        "1 diterima",
        "50%",
        "1 ditolak",
        "2,0",
    ):
        assert text in shown
    assert "Ini bukan urusan hunian" in shown
    assert "Ini bukan urusan hunian" not in words(sit(cast, "neighbour").get("/meja/rujukan/shelter/"))
    listed = words(page.get("/meja/rujukan/meja/?wilayah=Mamuju"))
    assert "Pokja Hunian" in listed and "3 hari untuk menerima" in listed
    assert page.get("/meja/rujukan/tidak-ada/").status_code == 404


def test_sealed_matters_are_in_no_record(cast: Cast, at: datetime) -> None:
    case = refused(cast, at)
    Case.objects.filter(id=case.id).update(sensitivity="sealed")
    shown = words(sit(cast, "admin").get("/meja/rujukan/shelter/"))
    assert "0 dirujuk ke sana" in shown and "bukan urusan hunian" not in shown


@pytest.mark.parametrize("part", ["administrator", "protection_officer", "custodian"])
def test_who_refers_nothing_reads_no_record(cast: Cast, part: str) -> None:
    page = sit(cast, part)
    for address in ("", "meja/", "tanpa-penerima/", "keputusan/", "shelter/"):
        assert page.get(f"/meja/rujukan/{address}").status_code == 404


def test_a_partner_desk_and_strangers_are_not_let_in(cast: Cast) -> None:
    assert Client().get("/meja/rujukan/").status_code == 302


def test_an_outside_body_that_keeps_us_waiting_is_in_the_figures(cast: Cast, at: datetime) -> None:
    case = cast.case(at=at - timedelta(days=9))
    referral.refer_case(
        by=cast.admin,
        at=at - timedelta(days=8),
        case_id=case.id,
        to_desk_id=cast.desk("outside").id,
        note="Mohon",
        extract=EXTRACT,
    )
    assert "1 urusan menunggu di lembaga luar, yang terlama 8 hari" in words(
        sit(cast, "manager").get("/meja/pantau/")
    )


# --- the administration and the public ----------------------------------------------------------------------------------------------


def test_the_administrator_keeps_the_directory(cast: Cast) -> None:
    page = sit(cast, "administrator")
    assert "Direktori masih kosong" in words(page.get("/kelola/layanan/"))
    desk = str(cast.desk("outside").id)
    assert page.post("/kelola/layanan/katalog/", {"desk_id": desk}).status_code == 422
    assert (
        page.post("/kelola/layanan/katalog/", {"desk_id": desk, "seeds": ["zakat", "kip"]}).status_code == 302
    )
    given = {
        "desk_id": desk,
        "name": "Ambulans",
        "sector": "health",
        "documents": "KTP\nKK\n",
        "amount": "2",
        "unit": "hours",
        "cost": "0",
        "confidence": "secondary",
    }
    assert page.post("/kelola/layanan/tambah/", {**given, "unit": ""}).status_code == 422
    assert page.post("/kelola/layanan/tambah/", given).status_code == 302
    made = Service.objects.get(name="Ambulans")
    assert (made.documents, made.amount, made.unit, made.cost) == (["KTP", "KK"], 2, "hours", 0)
    changed = {**given, "name": "Ambulans gratis"}
    assert page.post(f"/kelola/layanan/{made.id}/", changed).status_code == 302
    assert page.post(f"/kelola/layanan/{made.id}/akhiri/", {"reason": "Habis"}).status_code == 302
    shown = words(page.get("/kelola/layanan/"))
    assert "Ambulans gratis, Baznas Mamuju" in shown and "Bantuan zakat untuk mustahik" in shown
    assert page.get(f"/kelola/layanan/{UUID(int=5)}/").status_code == 404
    assert sit(cast, "admin").get("/kelola/layanan/").status_code == 404


def test_how_a_kind_falls_is_chosen_and_said_to_be_unconfirmed(cast: Cast) -> None:
    page = sit(cast, "administrator")
    shown = words(page.get("/kelola/jenis/complaint/aturan/"))
    assert "belum kami temukan dalam aturan mana pun" in shown
    kind = Kind.objects.get(code="complaint")
    given = {
        "is_active": "on",
        "is_public": "on",
        "publishable": "on",
        "anonymous_allowed": "on",
        "sensitivity": kind.sensitivity,
        "decisions": kind.decisions,
        "reaction_days": kind.reaction_days,
        "retention_years": kind.retention_years,
        "position": kind.position,
        "falls_through": "self",
        "asks_consent": "on",
    }
    wrong = page.post("/kelola/jenis/complaint/aturan/", {**given, "approvals": ["check"]})
    assert wrong.status_code == 422 and "Tanda tangan" in words(wrong)
    assert (
        page.post("/kelola/jenis/complaint/aturan/", {**given, "approvals": ["check", "sign"]}).status_code
        == 302
    )
    kind.refresh_from_db()
    assert (kind.falls_through, kind.asks_consent, kind.approvals) == ("self", True, ["check", "sign"])


def test_residents_read_what_other_offices_give(cast: Cast, zakat: Service) -> None:
    shown = words(Client().get("/layanan/"))
    assert zakat.name in shown and "Surat pengantar" in shown


def test_a_partner_says_what_it_gave(cast: Cast, at: datetime) -> None:
    case = cast.case(at=at)
    referral.refer_case(
        by=cast.admin,
        at=at,
        case_id=case.id,
        to_desk_id=cast.desk("partner").id,
        note="Mohon",
        extract=EXTRACT,
    )
    referral.accept_case(by=cast.partner, at=at, case_id=case.id)
    link = desk_actions.issue_link(
        by=cast.administrator, at=at, desk_id=cast.desk("partner").id, holder_name="Grace"
    )
    page = Client()
    page.post(f"/mitra/{link.token}/", {"pin": link.pin})
    prefix = f"jawab-{case.id.hex}-"
    given = {
        "answer": "Sudah diberikan",
        "outcome": "done",
        "given_service": "Seng",
        "given_amount": "500000",
    }
    done = page.post(
        f"/mitra/kasus/{case.id}/jawab/", {f"{prefix}{key}": value for key, value in given.items()}
    )
    assert done.status_code == 302
    hop = Hop.objects.get(case=case)
    assert (hop.state, hop.given_service, hop.given_amount) == ("answered", "Seng", 500_000)


def test_passing_on_can_be_taken_back_at_once(cast: Cast, at: datetime) -> None:
    route(cast, "centre", "shelter", "water")
    case = refused(cast, at)
    page = sit(cast, "admin")
    act(page, case.id, "lanjutkan", x="")
    assert "tarik-reason" in page.get(f"/meja/kasus/{case.id}/").content.decode()
    act(page, case.id, "tarik", reason="Salah tekan")
    assert chain(case)[-1] == ("water", "recalled")
    with pytest.raises(tiers.NothingToPassOn):
        tiers.pass_on_case(by=cast.admin, at=at, case_id=case.id)
