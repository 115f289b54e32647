"""``/meja/ganda/``: pairs, side by side, one person or two, apart again; hints at the counter say why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simpul.people import actions as people_actions
from simpul.people.models import Merge, Person, Suspicion
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: Any) -> Cast:
    return assemble()


@pytest.fixture
def pair(cast: Cast) -> Suspicion:
    for name, born in (("Siti Nurhayati", date(1990, 7, 1)), ("Noerhayati", date(1990, 1, 1))):
        people_actions.register_person(
            by=cast.manager,
            at=NOW,
            full_name=name,
            sex="P",
            birth_date=born,
            nik="7602134107900003",
            region_code=DUNGKAIT,
        )
    people_actions.find_duplicates(by=cast.manager, at=NOW, region_code="7602")
    return Suspicion.objects.get()


def decide(client: Any, pair: Suspicion, **given: str) -> Any:
    return client.post(f"/meja/ganda/{pair.id}/putus/", given)


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "Bandingkan semua sekarang" in words(sit(cast, "manager").get("/meja/ganda/"))


def test_the_whole_way_from_the_list_to_one_person_and_back(cast: Cast, pair: Suspicion) -> None:
    client = sit(cast, "manager")
    assert "Siti Nurhayati = Noerhayati?" in words(client.get("/meja/ganda/"))
    page = words(client.get(f"/meja/ganda/{pair.id}/"))
    assert "NIK sama" in page or "same NIK" in page
    assert "7602********0003" in page and "7602134107900003" not in page
    assert decide(client, pair, decision="same", kept="second", words="").status_code == 422
    assert decide(client, pair, decision="same", kept="second", words="Melihat KTP.").status_code == 302
    merge = Merge.objects.get()
    assert (merge.kept_id, merge.gone_id) == (pair.second_id, pair.first_id)
    page = words(client.get(f"/meja/ganda/{pair.id}/"))
    assert "Melihat KTP." in page
    assert client.post(f"/meja/ganda/{pair.id}/pisah/", {"words": ""}).status_code == 422
    assert client.post(f"/meja/ganda/{pair.id}/pisah/", {"words": "Kembar."}).status_code == 302
    assert not Person.objects.filter(life="merged").exists()


def test_the_persons_page_tells_of_the_merge_and_leads_to_taking_it_apart(
    cast: Cast, pair: Suspicion
) -> None:
    client = sit(cast, "manager")
    page, gone = (f"/meja/warga/orang/{key}/" for key in (pair.second_id, pair.first_id))
    assert "Pernah tercatat dua kali" not in words(client.get(page))
    decide(client, pair, decision="same", kept="second", words="Melihat KTP.")
    shown = client.get(page)
    for told in ("Menerima baris", "Siti Nurhayati", "Melihat KTP.", "Marwah Tahir"):
        assert told in words(shown)
    assert f"/meja/ganda/{pair.id}/" in shown.content.decode()
    assert "Baris ini masuk ke" in words(client.get(gone))
    other = sit(cast, "village_officer").get(page)
    assert other.status_code == 200 and f"/meja/ganda/{pair.id}/" not in other.content.decode()
    client.post(f"/meja/ganda/{pair.id}/pisah/", {"words": "Kembar."})
    shown = client.get(page)
    assert "dipisahkan lagi pada" in words(shown)
    assert f"/meja/ganda/{pair.id}/" not in shown.content.decode()


def test_two_persons_stay_two(cast: Cast, pair: Suspicion) -> None:
    client = sit(cast, "manager")
    assert decide(client, pair, decision="different", words="Kembar.").status_code == 302
    assert not Merge.objects.exists()
    assert decide(client, pair, decision="different", words="Kembar.").status_code == 422
    assert "Kembar." in words(client.get(f"/meja/ganda/{pair.id}/"))


def test_everybody_is_compared_again_at_a_press(cast: Cast, pair: Suspicion) -> None:
    Suspicion.objects.all().delete()
    assert sit(cast, "manager").post("/meja/ganda/cari/").status_code == 302
    assert Suspicion.objects.count() == 1


def test_others_see_nothing(cast: Cast, pair: Suspicion) -> None:
    stranger = sit(cast, "neighbour_manager")
    assert "Nurhayati" not in words(stranger.get("/meja/ganda/"))
    assert stranger.get(f"/meja/ganda/{pair.id}/").status_code == 404
    assert decide(stranger, pair, decision="same", words="x").status_code == 404
    assert sit(cast, "pokja").get("/meja/ganda/").status_code in (403, 404)
    assert sit(cast, "village_officer").post("/meja/ganda/cari/").status_code in (403, 404)


def test_the_counter_is_told_why_somebody_may_be_known(cast: Cast, pair: Suspicion) -> None:
    answer = sit(cast, "village_officer").post(
        "/meja/terima/cek/", {"name": "St. Nurhajati", "nik": "7602130107900003", "region": DUNGKAIT}
    )
    page = words(answer)
    assert "Siti Nurhayati" in page
    assert "kecuali tambahan 40" in page
