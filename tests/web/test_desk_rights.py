"""/meja/hak/: from a consent read aloud to an erasure, a destruction and a failure, as officers do it on their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.people import actions as people_actions
from simpul.people.models import Consent, Person
from simpul.upkeep.actions import requests
from simpul.upkeep.models import Affected, Breach, Destruction, LegalHold, RightsRequest
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import sit

pytestmark = pytest.mark.django_db
BASE = "/meja/hak/"


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    """The village; files in a folder of their own."""
    settings.SIMPUL_FILES = tmp_path / "files"
    return assemble()


@pytest.fixture
def person(cast: Cast) -> Person:
    """Nurhayati, registered by the manager."""
    return people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Nurhayati", nik="7602134107900003", region_code=DUNGKAIT
    ).person


@pytest.fixture
def manager(cast: Cast) -> Client:
    """The manager at the desk."""
    return sit(cast, "manager")


@pytest.fixture
def watcher(cast: Cast) -> Client:
    """The data-protection officer."""
    return sit(cast, "protection_officer")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def wish(cast: Cast, person: Person, kind: str) -> RightsRequest:
    return requests.open_request(
        by=cast.manager, at=timezone.now(), person_id=person.id, kind=kind, asked_by="Nurhayati", proof="KTP"
    )


def test_a_consent_is_read_aloud_ticked_and_taken_back(cast: Cast, person: Person, manager: Client) -> None:
    page = f"{BASE}warga/{person.id}/setuju/"
    offers = manager.get(page)
    assert "untuk=testimony" in text(offers)
    assert "untuk=referral_share" not in text(offers)  # that is asked for from a matter
    asked = manager.get(f"{page}?untuk=testimony")
    assert "Apakah Anda setuju?" in text(asked)
    assert "checked" not in text(asked).split('name="mode"')[0].split('name="agreed"')[1]
    empty = manager.post(f"{page}?untuk=testimony", {"purpose": "testimony"})
    assert empty.status_code == 422
    assert not Consent.objects.exists()
    done = manager.post(
        f"{page}?untuk=testimony",
        {"purpose": "testimony", "agreed": "on", "given_by": "Nurhayati", "mode": "tick", "basis": "a"},
    )
    consent = Consent.objects.get()
    receipt = f"{BASE}persetujuan/{consent.id}/"
    assert done["Location"] == receipt
    assert "Nurhayati" in text(manager.get(receipt))
    assert manager.get(f"{receipt}bukti/").status_code == 404
    manager.post(f"{receipt}tarik/", {"why": "berubah pikiran"})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    shown = manager.get(f"{BASE}warga/{person.id}/")
    assert "Kesaksian" in text(shown) or "kesaksian" in text(shown)


def test_a_consent_for_a_referral_is_asked_from_its_matter(cast: Cast, manager: Client) -> None:
    case = cast.case()
    page = f"{BASE}warga/{case.reporter_id}/setuju/?urusan={case.id}&untuk=referral_share"
    given = {
        "purpose": "referral_share",
        "urusan": str(case.id),
        "agreed": "on",
        "given_by": "Nurhayati",
        "mode": "tick",
    }
    answer = manager.post(page, given)
    assert answer["Location"] == f"/meja/kasus/{case.id}/"
    assert Consent.objects.get().scope == str(case.id)
    assert manager.get(f"{BASE}warga/{case.reporter_id}/setuju/?urusan=x").status_code == 404


def test_a_wish_goes_from_the_matter_to_the_copy_to_the_telling(cast: Cast, manager: Client) -> None:
    case = cast.case(kind_code="rights_request", answers={"right": "access"})
    Case.objects.filter(id=case.id).update(acting=cast.desk("leaders-mamuju"), sensitivity="normal")
    assert f"{BASE}urusan/{case.id}/" in text(manager.get(f"/meja/kasus/{case.id}/"))
    start = manager.get(f"{BASE}urusan/{case.id}/")
    assert start.status_code == 302
    assert 'value="access"' in text(manager.get(start["Location"]))
    made = manager.post(
        start["Location"],
        {"kind": "access", "words": "Data saya?", "asked_by": "Nurhayati", "proof": "KTP dilihat"},
    )
    one = RightsRequest.objects.get()
    page = f"{BASE}permintaan/{one.id}/"
    assert made["Location"] == page
    assert manager.get(f"{BASE}urusan/{case.id}/")["Location"] == page
    assert "72" in text(manager.get(page)) or "jam" in text(manager.get(page))
    copy = manager.post(f"{page}salinan/")
    assert "Data saya" in text(copy)
    assert case.number in text(copy)
    file = manager.post(f"{page}salinan/", {"as": "json"})
    assert file["Content-Type"].startswith("application/json")
    assert "attachment" in file["Content-Disposition"]
    told = manager.post(f"{page}beritahu/", {"how": "here", "words": "diserahkan"})
    assert told["Location"] == page
    assert "Selesai" in text(manager.get(BASE)) or manager.get(f"{BASE}?keadaan=selesai").status_code == 200
    assert "Melihat" in text(manager.get(f"{BASE}?keadaan=selesai"))


def test_the_page_of_a_matter_leads_to_its_wish_for_those_who_may(cast: Cast, manager: Client) -> None:
    def shown(client: Client, case: Case) -> bool:
        page = client.get(f"/meja/kasus/{case.id}/")
        assert page.status_code == 200
        return "Permintaan hak atas data" in text(page)

    other = cast.case()
    wishes = cast.case(kind_code="rights_request", answers={"right": "access"})
    hidden = cast.case(kind_code="rights_request", answers={"right": "access"}, hide_name=True)
    Case.objects.update(acting=cast.desk("leaders-mamuju"), sensitivity="normal")
    assert [shown(manager, one) for one in (wishes, other, hidden)] == [True, False, False]
    assert manager.get(f"{BASE}urusan/{hidden.id}/").status_code == 404
    unseen = f"{BASE}warga/{hidden.reporter_id}/minta/?urusan={hidden.id}"
    assert manager.get(unseen).status_code == 404


def test_correcting_standing_still_and_going_on(cast: Cast, person: Person, manager: Client) -> None:
    one = wish(cast, person, "correct")
    page = f"{BASE}permintaan/{one.id}/betulkan/"
    assert "Nurhayati" in text(manager.get(page))
    manager.post(page, {"full_name": "Nurhayati Bolo"})
    person.refresh_from_db()
    assert person.full_name == "Nurhayati Bolo"
    still = wish(cast, person, "restrict")
    manager.post(f"{BASE}permintaan/{still.id}/batasi/", {"sure": "on"})
    assert "dihentikan" in text(manager.get(f"{BASE}warga/{person.id}/"))
    manager.post(f"{BASE}warga/{person.id}/lanjut/", {"why": "dicabut"})
    person.refresh_from_db()
    assert person.restricted_at is None


def test_an_erasure_needs_a_second_person_on_the_pages_too(
    cast: Cast, person: Person, manager: Client
) -> None:
    one = wish(cast, person, "erase")
    page = f"{BASE}permintaan/{one.id}/"
    refused = manager.post(f"{page}usulkan/", {"decision": "refused"})
    assert refused.status_code == 422
    manager.post(f"{page}usulkan/", {"decision": "granted"})
    own = manager.post(f"{page}tinjau/", {"answer": "yes"})
    assert own.status_code == 422
    RightsRequest.objects.filter(id=one.id).update(proposed_user_id=cast.admin.user_id)
    manager.post(f"{page}tinjau/", {"answer": "yes"})
    manager.post(f"{page}hapus/", {"sure": "on"})
    shown = text(manager.get(page))
    assert "Yang dihapus" in shown
    assert "Nurhayati" not in shown.split("<main")[1]
    assert manager.get(f"{BASE}warga/{person.id}/").status_code == 404


def test_withdrawing_by_a_wish(cast: Cast, person: Person, manager: Client) -> None:
    one = wish(cast, person, "withdraw")
    empty = manager.get(f"{BASE}permintaan/{one.id}/tarik/")
    assert "Tidak ada persetujuan" in text(empty)
    assert manager.get(f"{BASE}permintaan/{one.id}/terbang/").status_code == 404


def test_a_list_is_proposed_approved_and_printed(cast: Cast, manager: Client, watcher: Client) -> None:
    case = cast.case()
    Case.objects.filter(id=case.id).update(is_open=False, closed_at=NOW - timedelta(days=9999))
    page = f"{BASE}pemusnahan/"
    assert "Belum ada daftar" in text(manager.get(page))
    manager.post(page, {"what": "matters"})
    one = Destruction.objects.get()
    shown = f"{page}{one.id}/"
    assert "setujui" not in text(manager.get(shown))
    assert "setujui" in text(watcher.get(shown))
    watcher.post(f"{shown}setujui/")
    one.refresh_from_db()
    assert one.first_role == "protection_officer"
    assert watcher.post(f"{shown}terbang/").status_code == 404
    watcher.post(f"{shown}tolak/", {"why": "diperiksa"})
    assert "diperiksa" in text(manager.get(shown))


def test_holds_are_placed_and_lifted(cast: Cast, manager: Client) -> None:
    page = f"{BASE}penahanan/"
    assert manager.get(page).status_code == 200
    wrong = manager.post(page, {"what": "case", "number": "X", "asked_by": "PN", "why": "sengketa"})
    assert wrong.status_code == 422
    manager.post(page, {"what": "messages", "asked_by": "PN 12", "why": "sengketa"})
    hold = LegalHold.objects.get()
    assert "sengketa" in text(manager.get(f"{BASE}pemusnahan/"))
    manager.post(f"{page}{hold.id}/cabut/", {"why": "putus"})
    hold.refresh_from_db()
    assert hold.lifted_why == "putus"


def test_a_failure_from_noticing_to_the_letter(
    cast: Cast, person: Person, manager: Client, watcher: Client
) -> None:
    base = f"{BASE}kegagalan/"
    assert "Belum ada kegagalan" in text(manager.get(base))
    assert manager.post(f"{base}baru/", {"title": "x"}).status_code == 422
    manager.post(
        f"{base}baru/", {"title": "Ponsel hilang", "what": "Hilang di pasar", "classes": ["personal"]}
    )
    breach = Breach.objects.get()
    page = f"{base}{breach.id}/"
    assert "Ponsel hilang" in text(manager.get(page))
    manager.post(f"{page}ubah/", {"what": "Hilang", "measures": "Dikunci", "contact": "0426 21000"})
    assert manager.post(f"{page}cari/", {"kind": "user", "user": "siapa"}).status_code == 422
    manager.post(f"{page}cari/", {"kind": "region", "area": "Dungkait"})
    assert Affected.objects.get().person == person
    manager.post(f"{page}kabari/", {"sure": "on"})
    listed = manager.get(f"{page}daftar/")
    assert "Nurhayati" in text(listed)
    manager.post(f"{page}daftar/", {"who": str(Affected.objects.get().id), "words": "di rumah"})
    assert Affected.objects.get().told_at is not None
    watcher.post(f"{base}lembaga/", {"name": "Komdigi", "address": "Jakarta"})
    assert "Komdigi" in text(watcher.get(f"{page}surat/"))
    watcher.post(f"{page}lapor/", {"number": "7"})
    manager.post(f"{page}tutup/", {"lessons": "Kunci layar"})
    breach.refresh_from_db()
    assert breach.closed_at is not None
    assert manager.get(f"{page}terbang/").status_code == 404


def test_the_watcher_reads_registers_and_no_names(
    cast: Cast, person: Person, watcher: Client, manager: Client
) -> None:
    one = wish(cast, person, "access")
    assert "Nurhayati" not in text(watcher.get(BASE)).split("<main")[1]
    shown = text(watcher.get(f"{BASE}permintaan/{one.id}/"))
    assert "Nurhayati" not in shown.split("<main")[1]
    assert "salinan" not in shown
    assert watcher.post(f"{BASE}permintaan/{one.id}/salinan/").status_code == 404
    register = text(watcher.get(f"{BASE}pemrosesan/"))
    assert "people.Person" in register
    sheet = watcher.post(f"{BASE}pemrosesan/unduh/", {"purpose": "pemeriksaan"})
    assert sheet["Content-Type"].startswith("text/csv")
    assert Line.objects.filter(kind="export.record", facts__what="ropa").exists()


def test_neighbours_and_administrators_find_nothing(cast: Cast, person: Person) -> None:
    one = wish(cast, person, "access")
    neighbour = sit(cast, "neighbour_manager")
    for path in (f"permintaan/{one.id}/", f"warga/{person.id}/", f"warga/{person.id}/minta/"):
        assert neighbour.get(BASE + path).status_code == 404
    administrator = sit(cast, "administrator")
    assert administrator.get(BASE).status_code == 404


def test_a_look_is_noted_once_a_day(cast: Cast, person: Person, manager: Client) -> None:
    for _again in range(3):
        manager.get(f"/meja/warga/orang/{person.id}/")
    assert Line.objects.filter(kind="view.record", subject_id=person.id).count() == 1


def test_a_form_shows_a_persons_data_to_who_may_act_alone(
    cast: Cast, person: Person, manager: Client, watcher: Client
) -> None:
    made = wish(cast, person, "correct")
    form = reverse("desk_rights_act", args=[made.id, "betulkan"])
    assert "Nurhayati" in text(manager.get(form))
    assert watcher.get(form).status_code == 404
