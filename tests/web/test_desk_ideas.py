"""Pages of ideas, village plan, directory and board: at the desk, and for everybody without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from simpul.community.actions import board, directory, idea_path, idea_voices, ideas
from simpul.community.models import Bulletin, Comment, Digest, Idea, Listing, Opinion, PlanRow, Voice
from simpul.community.queries import ideas as queries
from simpul.lib.actor import ANYBODY
from simpul.lib.ids import uuid7
from simpul.meetings import actions as meeting_actions
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.community.ideas_help import WORDS, published, resident, taken, voter
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/ide/"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Client:
    return sit(cast, "village_officer")


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return sit(cast, "secretary")


def begin(client: Client) -> None:
    given = {"name": "Daeng Bau", "reason": "no_reading", "place_code": DUNGKAIT}
    assert client.post(f"{HOME}bantu/", given).status_code == 302


def form(**more: Any) -> dict[str, Any]:
    return {"title": "Perkerasan jalan tani", "words": WORDS, "field": "development", **more}


# --- the desk -------------------------------------------------------------------------------------------------------------


def test_an_empty_list_teaches_and_the_neighbour_finds_nothing(cast: Cast, officer: Client) -> None:
    assert "Belum ada usulan" in words(officer.get(HOME))
    idea = published(cast)
    assert "Perkerasan jalan tani" in words(officer.get(HOME))
    stranger = sit(cast, "neighbour_officer")
    assert "Perkerasan" not in words(stranger.get(HOME))
    for path in ("", "ubah/", "langkah/tolak/", "dukungan/", "cetak/", "gabung/"):
        assert stranger.get(f"{HOME}{idea.id}/{path}").status_code == 404


def test_an_idea_is_written_for_somebody_present_and_read_before_it_is_shown(
    cast: Cast, officer: Client
) -> None:
    assert officer.get(f"{HOME}baru/").url == f"{HOME}bantu/"
    begin(officer)
    answer = officer.post(f"{HOME}baru/", form(phone="0812-4455-6677"))
    idea = Idea.objects.get()
    assert answer.url == f"{HOME}{idea.id}/"
    page = words(officer.get(answer.url))
    assert "PIN" in page and "Menunggu dibaca" in page and "Anda menulis untuk" in page
    assert officer.post(f"{answer.url}langkah/tampilkan/", {}).status_code == 302
    assert queries.public_idea(idea.code) is not None
    assert "Daeng Bau" in words(officer.get(f"{HOME}jejak/"))


def test_a_matter_becomes_an_idea_with_one_form(cast: Cast, officer: Client) -> None:
    matter = cast.case(kind_code="aspiration", desk_id=cast.desk("village").id)
    assert matter.title in words(officer.get(HOME))
    assert officer.post(f"{HOME}dari/{matter.id}/", form()).status_code == 302
    assert Idea.objects.get().case_id == matter.id


def test_a_refusal_keeps_what_was_typed_and_a_reason_is_asked_for(cast: Cast, secretary: Client) -> None:
    idea = published(cast)
    assert secretary.post(f"{HOME}{idea.id}/langkah/tunda/", {"reason": ""}).status_code == 422
    assert secretary.post(f"{HOME}{idea.id}/langkah/tunda/", {"reason": "dana habis"}).status_code == 302
    page = words(secretary.get(f"{HOME}tunda/"))
    assert "dana habis" in page
    secretary.post(f"{HOME}tunda/", {"desa": DUNGKAIT, "ide": [str(idea.id)]})
    assert Idea.objects.get().carried == 1


def test_the_post_officer_is_not_offered_what_the_secretary_decides(cast: Cast, officer: Client) -> None:
    idea = published(cast)
    assert officer.get(f"{HOME}{idea.id}/langkah/tolak/").status_code == 404
    assert "Jangan diambil" not in words(officer.get(f"{HOME}{idea.id}/"))


def test_comments_wait_to_be_read(cast: Cast, officer: Client) -> None:
    idea = published(cast)
    Client().post(f"/ide/{idea.code}/tanggapan/", {"words": "Kami ikut kerja bakti."})
    said = Comment.objects.get()
    assert "Kami ikut kerja bakti." in words(officer.get(f"{HOME}baca/"))
    assert "Kami ikut" not in words(Client().get(f"/ide/{idea.code}/"))
    officer.post(f"{HOME}tanggapan/{said.id}/", {"hasil": "tampil"})
    assert "Kami ikut kerja bakti." in words(Client().get(f"/ide/{idea.code}/"))


def test_support_at_the_counter_counts_once(cast: Cast, officer: Client) -> None:
    idea, person = published(cast), resident("Sitti Hasnah")
    begin(officer)
    assert "Sitti Hasnah" in words(officer.get(f"{HOME}{idea.id}/dukungan/?kata=Sitti"))
    for _press in range(2):
        officer.post(f"{HOME}{idea.id}/dukungan/", {"warga": str(person.id)})
    assert Voice.objects.filter(withdrawn_at=None).count() == 1


def test_doubles_are_offered_and_joined(cast: Cast, officer: Client) -> None:
    first, second = published(cast), published(cast)
    assert "Mungkin sama" in words(officer.get(f"{HOME}{second.id}/"))
    officer.post(f"{HOME}{second.id}/gabung/", {"into": str(first.id)})
    assert Idea.objects.get(id=second.id).merged_into_id == first.id
    assert "digabung" in words(Client().get(f"/ide/{second.code}/"))


def test_from_the_meeting_to_the_plan_and_its_papers(cast: Cast, secretary: Client) -> None:
    idea = published(cast)
    meeting = meeting_actions.plan_meeting(
        by=cast.secretary,
        at=NOW,
        kind="village_planning",
        region_code=DUNGKAIT,
        planned_at=NOW,
        plan=meeting_actions.Plan(title="Musrenbangdes", quorum_people=0, quorum_groups=()),
    )
    meeting_actions.hold_meeting(
        by=cast.secretary, at=NOW, meeting_id=meeting.id, held_at=NOW, chair="Sulaeman", minute_taker="Ani"
    )
    here = f"{HOME}musyawarah/{meeting.id}/"
    assert "Perkerasan jalan tani" in words(secretary.get(here))
    assert secretary.post(f"{here}{idea.id}/", {"outcome": "on", "place": "1"}).status_code == 302
    row = {
        "list": "rkp",
        "field": "development",
        "activity": "Perkerasan jalan tani",
        "location": "Dusun Taludu",
        "cost": "85.000.000",
        "source": "dd",
        "pattern": "self",
        "ide": str(idea.id),
        "desa": DUNGKAIT,
        "tahun": "2027",
    }
    assert secretary.post(f"{HOME}rencana/baris/", row).status_code == 302
    made = PlanRow.objects.get()
    assert secretary.get(f"{HOME}rencana/baris/{made.id}/").status_code == 200
    place = f"?desa={DUNGKAIT}&tahun=2027"
    given = {"number": "Perdes 4/2026", "day": "28/09/2026", "desa": DUNGKAIT, "tahun": "2027"}
    assert secretary.post(f"{HOME}rencana/tetapkan/", given).status_code == 302
    assert Idea.objects.get().state == "planned"
    assert secretary.get(f"{HOME}rencana/baris/{made.id}/").status_code == 200
    paper = words(secretary.get(f"{HOME}rencana/cetak/{place}"))
    assert "BUKU RENCANA KERJA PEMBANGUNAN DESA" in paper and "Rp85.000.000" in paper
    table = secretary.get(f"{HOME}rencana/ekspor/{place}")
    assert "85000000" in table.content.decode()
    assert "Perdes 4/2026" in words(secretary.get(f"{HOME}rencana/{place}"))
    assert "Perkerasan jalan tani" in words(Client().get(f"/ide/rencana/?tempat={DUNGKAIT}&tahun=2027"))
    assert secretary.get(f"{here}cetak/").status_code == 200
    decided = {"state": "funded", "desa": DUNGKAIT, "tahun": "2027"}
    assert secretary.post(f"{HOME}rencana/baris/{made.id}/putus/", decided).status_code == 302
    assert secretary.get(f"{HOME}angka/").status_code == 200


def test_lists_cost_the_same_however_long_they_are(
    cast: Cast, officer: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        published(cast)
    officer.get(HOME)
    with django_assert_max_num_queries(40):
        officer.get(HOME)
    with django_assert_max_num_queries(14):
        Client().get("/ide/")


# --- everybody ------------------------------------------------------------------------------------------------------------


def test_an_idea_is_proposed_without_an_account_and_followed_by_its_receipt(cast: Cast) -> None:
    client = Client()
    given = form(place_code=DUNGKAIT, name="Nurhayati", phone="0812-4455-6677", case_id=str(uuid7()))
    answer = client.post("/ide/baru/", given)
    assert answer.status_code == 302 and "/lapor/terima-kasih/" in answer.url
    assert client.post("/ide/baru/", given).status_code == 302
    idea = Idea.objects.get()
    assert client.get(f"/ide/{idea.code}/").status_code == 404
    page = words(client.get(answer.url))
    assert idea.case.number in page
    opened = taken(cast, title="Lampu jalan dusun").opened
    proved = client.post("/ide/saya/", {"number": opened.number, "pin": opened.pin})
    assert "Lampu jalan dusun" in words(client.get(proved.url))
    assert client.post("/ide/baru/", form(place_code="")).status_code == 422


def test_the_key_of_somebody_elses_matter_gives_no_receipt_of_it(cast: Cast) -> None:
    theirs = taken(cast, title="Lampu jalan dusun").opened
    given = form(place_code=DUNGKAIT, name="Orang Lain", case_id=str(theirs.case.id))
    client = Client()
    page = words(client.get(client.post("/ide/baru/", given).url))
    assert theirs.number not in page and theirs.pin not in page
    assert Idea.objects.count() == 2


def test_one_button_supports_and_the_first_time_a_code_is_asked_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea, client = published(cast), Client()
    assert client.post(f"/ide/{idea.code}/dukung/").url == f"/ide/{idea.code}/suara/"
    monkeypatch.setattr(idea_voices.ids, "new_pin", lambda: "730518")
    sent = type("Sent", (), {"road": "sms", "id": uuid7()})
    monkeypatch.setattr(idea_voices.message_actions, "queue_message", lambda **_given: sent)
    assert client.post(f"/ide/{idea.code}/suara/", {"phone": "0812-7777-8888"}).status_code == 302
    assert client.post(f"/ide/{idea.code}/kode/", {"code": "111111"}).status_code == 422
    assert client.post(f"/ide/{idea.code}/kode/", {"code": "730518"}).url == f"/ide/{idea.code}/"
    assert "Suara Anda dihitung" in words(client.get(f"/ide/{idea.code}/"))
    client.post(f"/ide/{idea.code}/dukung/", {"tarik": "1"})
    assert queries.voices_of([idea.id]) == {idea.id: 0}
    client.post(f"/ide/{idea.code}/kalimat/", {"words": "Jalan dulu, baru lampu."})
    statement = idea.statements.get()
    statement.state = "shown"
    statement.save()
    client.post(f"/ide/{idea.code}/pendapat/", {"kalimat": str(statement.id), "pendapat": "setuju"})
    assert Opinion.objects.get().value == 1


def test_the_public_list_narrows_and_an_unknown_page_is_not_found(cast: Cast) -> None:
    idea = published(cast)
    idea_path.defer_idea(by=cast.secretary, at=NOW, idea_id=idea.id, reason="dana habis")
    client = Client()
    assert "Perkerasan" in words(client.get("/ide/?keadaan=later"))
    assert "Perkerasan" not in words(client.get("/ide/?keadaan=done"))
    assert "dana habis" in words(client.get(f"/ide/{idea.code}/"))
    assert client.get("/ide/aaaaaaaa/").status_code == 404
    ideas.hide_idea(by=cast.village_officer, at=NOW, idea_id=idea.id, why="menyebut nama")
    assert client.get(f"/ide/{idea.code}/").status_code == 404


def test_public_pages_are_small(cast: Cast) -> None:
    idea = published(cast)
    idea_voices.give_voice(by=ANYBODY, at=NOW, idea_id=idea.id, voter_id=voter(cast).id)
    for path in ("/ide/", f"/ide/{idea.code}/", "/ide/baru/", "/direktori/", f"/papan/{DUNGKAIT}/"):
        assert len(Client().get(path).content) < 60_000


# --- directory and board --------------------------------------------------------------------------------------------------


def test_a_line_is_added_agreed_to_and_found(cast: Cast, officer: Client) -> None:
    assert "Belum ada isi direktori" in words(officer.get("/meja/direktori/"))
    given = {
        "kind": "produce",
        "name": "Jagung pulut",
        "place_code": DUNGKAIT,
        "months": ["11", "12"],
        "contact_name": "Daeng Ngai",
        "contact_phone": "0812-4455-6677",
    }
    here = officer.post("/meja/direktori/baru/", given).url
    row = Listing.objects.get()
    assert "0812" not in words(Client().get(f"/direktori/{row.id}/"))
    assert "menolak" in words(officer.get(f"{here}setuju/"))
    officer.post(f"{here}setuju/", {"given_by": "Daeng Ngai", "how": "spoken", "read": "on"})
    assert "0812-4455-6677" in words(Client().get(f"/direktori/{row.id}/"))
    officer.post(f"{here}cabut/", {"why": "pindah"})
    assert "0812" not in words(Client().get(f"/direktori/{row.id}/"))
    assert "November" in words(Client().get("/direktori/musim/"))
    assert "Jagung pulut" in words(Client().get("/direktori/?cari=jagung"))
    assert officer.get("/meja/direktori/teks/").status_code == 200
    assert officer.post(f"{here}ubah/", {**given, "name": "Jagung manis"}).status_code == 302
    officer.post(f"{here}keluarkan/", {"why": "habis"})
    assert Client().get(f"/direktori/{row.id}/").status_code == 404
    officer.post(f"{here}kembalikan/")
    assert Client().get(f"/direktori/{row.id}/").status_code == 200
    assert sit(cast, "neighbour_officer").get(here).status_code == 404


def test_the_board_gathers_and_its_text_is_copied(cast: Cast, officer: Client) -> None:
    day = timezone.now().date()
    given = {
        "kind": "notice",
        "title": "Kerja bakti",
        "words": "Minggu pukul 07.00 di masjid.",
        "place_code": DUNGKAIT,
        "from_date": (day - timedelta(days=1)).strftime("%d/%m/%Y"),
        "until_date": (day + timedelta(days=3)).strftime("%d/%m/%Y"),
    }
    assert officer.post("/meja/papan/baru/", given).status_code == 302
    row = Bulletin.objects.get()
    for path in (f"/papan/{DUNGKAIT}/", f"/papan/{DUNGKAIT}/cetak/?ukuran=a3"):
        assert "Kerja bakti" in words(Client().get(path))
    page = officer.get("/meja/papan/teks/")
    body = page.context["body"]
    assert "- Kerja bakti" in body and f"/papan/{DUNGKAIT}/" in body
    officer.post("/meja/papan/teks/", {"desa": DUNGKAIT, "teks": body, "kunci": str(uuid7())})
    assert Digest.objects.count() == 1
    assert "Kerja bakti" in words(officer.get("/meja/papan/teks/riwayat/"))
    officer.post(f"/meja/papan/{row.id}/turunkan/")
    assert "Kerja bakti" not in words(Client().get(f"/papan/{DUNGKAIT}/"))
    officer.post(f"/meja/papan/{row.id}/pasang/")
    assert officer.post(f"/meja/papan/{row.id}/", {**given, "title": "Pindah hari"}).status_code == 302
    assert sit(cast, "neighbour_officer").get(f"/meja/papan/{row.id}/").status_code == 404
    assert Client().get("/papan/9999999999/").status_code == 404


def test_nothing_private_stands_in_the_groups_text(cast: Cast, officer: Client) -> None:
    directory.add_listing(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        given=directory.ListingGiven(
            "business", "Kios", contact_name="Daeng Ngai", contact_phone="0812-4455-6677"
        ),
    )
    taken(cast, title="Belum dibaca siapa pun")
    board.add_bulletin(
        by=cast.village_officer,
        at=NOW,
        region_code=DUNGKAIT,
        given=board.BulletinGiven("notice", "Rapat", "Senin.", timezone.now().date(), timezone.now().date()),
    )
    body = officer.get("/meja/papan/teks/").context["body"]
    assert "0812" not in body and "Belum dibaca" not in body
