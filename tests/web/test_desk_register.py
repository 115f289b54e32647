"""The register at the desk, as officers walk it; what the neighbour does not see; what a page costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from simpul.journal.models import Line
from simpul.people import actions as people_actions
from simpul.people.actions import Said
from simpul.people.models import (
    Family,
    Flag,
    House,
    Household,
    LifeEvent,
    Observation,
    Person,
    Profile,
    Relation,
)
from simpul.people.queries import fields as field_queries
from simpul.regions.models import Region
from tests.cast import DUNGKAIT, Cast, assemble
from tests.people import register as building
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/warga/"
TOLD = {"source": "visit", "said_by": "kader"}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def lived(cast: Cast) -> building.Home:
    return building.home(cast.village_officer, timezone.now() - timedelta(days=30))


@pytest.fixture
def officer(cast: Cast) -> Any:
    return sit(cast, "village_officer")


@pytest.fixture
def manager(cast: Cast) -> Any:
    return sit(cast, "manager")


def looks_at(person: Person) -> int:
    """How often somebody looked at a protected category of this person."""
    lines = Line.objects.filter(kind="view.record", subject_id=person.id)
    return sum((one.inputs or {}).get("why") == "ppks" for one in lines)


def page_of(home: building.Home) -> str:
    return f"{HOME}rt/{home.household.id}/"


def test_the_register_is_searched(lived: building.Home, officer: Any) -> None:
    shown = words(officer.get(HOME))
    assert "Abdul Rahman" in shown
    assert "3 orang" in shown
    assert "Abdul Rahman" in words(officer.get(HOME, {"kata": "rahman"}))
    assert "Tidak ada rumah tangga" in words(officer.get(HOME, {"kata": "Basri"}))
    assert "Abdul Rahman" in words(officer.get(HOME, {"kata": building.KK}))
    found = words(officer.get(f"{HOME}orang/", {"kata": "Siti Aminah"}))
    assert "Sitti Aminah" in found  # another spelling
    assert "Sitti Aminah" in words(officer.get(f"{HOME}orang/", {"kata": "aminah"}))  # any word of the name
    assert "Nur Aisyah" in words(officer.get(f"{HOME}orang/", {"kata": building.KK}))
    assert "Sitti Aminah" in words(officer.get(f"{HOME}orang/", {"keadaan": "no_nik"}))
    assert officer.get(HOME, {"page": "9999999", "dusun": "x" * 36, "keadaan": "?"}).status_code == 200
    assert "3" in words(officer.get(f"{HOME}dusun/"))


def test_empty_pages_teach(cast: Cast, officer: Any) -> None:
    assert "Data warga masih kosong" in words(officer.get(HOME))
    assert "Belum ada siapa pun" in words(officer.get(f"{HOME}orang/"))


def test_a_household_page_shows_what_is_known_and_what_is_not(lived: building.Home, officer: Any) -> None:
    shown = words(officer.get(page_of(lived)))
    for text in (
        "Semen atau bata merah",
        "22,5 m²",
        "450 watt",
        "desil 2",
        "Sitti Aminah",
        "tanpa NIK",
        "pertanyaan belum terjawab",
    ):
        assert text in shown, text
    assert building.KK not in officer.get(page_of(lived)).content.decode()
    for paper in ("cetak", "kunjungan"):
        assert "Abdul Rahman" in words(officer.get(f"{page_of(lived)}{paper}/"))


def test_the_neighbour_sees_nothing(cast: Cast, lived: building.Home) -> None:
    neighbour = sit(cast, "neighbour_manager")
    home, person = page_of(lived), f"{HOME}orang/{lived.wife.id}/"
    house = House.objects.get()
    for address in (
        home, f"{home}cetak/", f"{home}kunjungan/", f"{home}anggota/", f"{home}lahir/", f"{home}pindah/", f"{home}pisah/", f"{home}kk/",
        f"{home}ubah/house/building/", person, f"{person}ubah/health/", f"{person}meninggal/", f"{person}golongan/",
        f"{person}hubungan/", f"{person}tempat/", f"{HOME}kk/{lived.family.id}/ubah/", f"{HOME}riwayat/house/{house.id}/floor/",
    ):  # fmt: skip
        assert neighbour.get(address).status_code == 404, address
    row = Observation.objects.filter(subject_id=house.id).first()
    assert row is not None
    assert neighbour.post(f"{HOME}beda/{row.id}/pilih/").status_code == 404
    for address in (HOME, f"{HOME}orang/"):
        assert "Rahman" not in words(neighbour.get(address))
    assert "Rahman" not in words(neighbour.get(f"{HOME}orang/", {"kata": building.KK}))
    assert sit(cast, "pokja").get(HOME).status_code == 404


def test_writing_a_household_down(cast: Cast, officer: Any) -> None:
    given = {
        "place": DUNGKAIT, "full_name": "Hasan Basri", "sex": "L", "kk": "7602 1301 0120 0009", "address": "dekat jembatan",
        "birth_date": "17/8/1975", **TOLD,
    }  # fmt: skip
    answer = officer.post(f"{HOME}baru/", given)
    home = Household.objects.get()
    assert answer.url == f"{HOME}rt/{home.id}/"
    assert home.head is not None
    assert (home.name, home.head.birth_date) == ("Hasan Basri", date(1975, 8, 17))
    assert Family.objects.get().household == home
    assert officer.get(f"{HOME}baru/").status_code == 200
    wrong = officer.post(f"{HOME}baru/", {**given, "kk": "123"})
    assert wrong.status_code == 422
    assert "16 angka" in words(wrong)
    assert Household.objects.count() == 1
    assert Person.objects.count() == 1  # nothing half-written


def test_what_is_known_of_a_house_is_changed(lived: building.Home, officer: Any) -> None:
    address = f"{page_of(lived)}ubah/house/building/"
    house = House.objects.get()
    form = officer.get(address).content.decode()
    assert 'value="22,5"' in form
    same = {"floor": "bdt/6", "floor_area_dm2": "22,5"}
    assert "Tidak ada yang diubah" in words(officer.post(address, {**same, **TOLD}))
    answer = officer.post(
        address, {**same, "floor": "bdt/9", "wall": "simpul/2", "floor_area_dm2": "45", **TOLD}
    )
    assert answer.url == page_of(lived)
    house.refresh_from_db()
    assert (house.floor, house.wall, house.floor_area_dm2) == ("bdt/9", "simpul/2", 4500)
    wrong = officer.post(address, {**same, "floor_area_dm2": "0", **TOLD})
    assert wrong.status_code == 422
    assert "Luas lantai (m²)”: tulis meter persegi" in words(wrong)
    history = words(officer.get(f"{HOME}riwayat/house/{house.id}/floor/"))
    assert "Tanah" in history
    assert "Semen atau bata merah" in history
    assert "dilihat saat kunjungan (kader)" in history
    for nothing in (
        f"{page_of(lived)}ubah/house/goods/",
        f"{page_of(lived)}ubah/person/who/",
        f"{HOME}riwayat/house/{house.id}/colour/",
    ):
        assert officer.get(nothing).status_code == 404
    assert (
        officer.post(f"{page_of(lived)}ubah/household/goods/", {"fridge": "yes", **TOLD}).status_code == 302
    )
    assert Household.objects.get().fridge is True


def test_an_older_word_is_said_to_be_kept_in_the_history(lived: building.Home, officer: Any) -> None:
    address = f"{page_of(lived)}ubah/house/building/"
    answer = officer.post(
        address,
        {"floor": "bdt/9", "floor_area_dm2": "22,5", **TOLD, "observed_date": "1/1/2020"},
        follow=True,
    )
    assert "disimpan di riwayat saja: Lantai terluas" in words(answer)
    assert House.objects.get().floor == "bdt/6"


def test_a_contradiction_is_settled_on_the_page(
    cast: Cast, lived: building.Home, officer: Any, manager: Any
) -> None:
    house, now = House.objects.get(), timezone.now()
    for value, source in (("9", "visit"), ("5", "import")):
        people_actions.change_house(
            by=cast.village_officer,
            at=now,
            house_id=house.id,
            changes={"floor": value},
            said=Said(source, now.date()),
        )
    assert "Keterangan yang berbeda" in words(officer.get(page_of(lived)))
    assert "Ini yang berlaku" not in words(officer.get(page_of(lived)))
    assert "Ini yang berlaku" in words(manager.get(page_of(lived)))
    assert "Abdul Rahman" in words(officer.get(HOME, {"keadaan": "conflict"}))
    row = Observation.objects.get(subject_id=house.id, field="floor", source="import")
    assert officer.post(f"{HOME}beda/{row.id}/pilih/").status_code == 404
    answer = manager.post(
        f"{HOME}beda/{row.id}/pilih/", {"next": page_of(lived), "why": "dilihat"}, follow=True
    )
    assert "Dipilih: Kayu atau papan kualitas tinggi" in words(answer)
    house.refresh_from_db()
    assert house.floor == "bdt/5"
    again = manager.post(f"{HOME}beda/{row.id}/pilih/", {"next": "https://example.org/"}, follow=True)
    assert "sudah diputuskan" in words(again)


def test_a_member_is_looked_for_before_being_added(cast: Cast, lived: building.Home, officer: Any) -> None:
    other = building.person(cast.village_officer, timezone.now(), "Daeng Bau")
    address = f"{page_of(lived)}anggota/"
    assert officer.get(address).status_code == 200
    assert str(other.id) in officer.get(address, {"cari": "bau"}).content.decode()
    given = {
        "sought": "bau",
        "person": str(other.id),
        "relation": "bdt/6",
        "family": str(lived.family.id),
        **TOLD,
    }
    assert officer.post(address, given).url == page_of(lived)
    other.refresh_from_db()
    assert (other.household, other.family) == (lived.household, lived.family)
    new = {"sought": "Anak Baru", "full_name": "Anak Baru", "relation": "bdt/3", "family": "", **TOLD}
    assert officer.post(address, new).url == page_of(lived)
    assert Person.objects.get(full_name="Anak Baru").household == lived.household
    assert officer.post(address, {**new, "full_name": ""}).status_code == 422


def test_births_deaths_moves_and_splits(lived: building.Home, officer: Any) -> None:
    today = timezone.now().date()
    home = page_of(lived)
    answer = officer.post(
        f"{home}lahir/",
        {"full_name": "", "sex": "P", "birth_date": today.isoformat(), "mother": str(lived.wife.id), **TOLD},
    )
    assert answer.url == home
    child = Person.objects.get(full_name="Tidak diketahui")
    assert Relation.objects.get(person=child).other == lived.wife
    assert (
        officer.post(f"{HOME}orang/{lived.head.id}/meninggal/", {"died_date": "1/1/1970", **TOLD}).status_code
        == 422
    )
    assert (
        officer.post(f"{HOME}orang/{lived.head.id}/meninggal/", {"died_date": today.isoformat(), **TOLD}).url
        == home
    )
    assert "Rumah tangga ini tanpa kepala" in words(officer.get(home))
    assert "tanpa kepala" in words(officer.get(HOME, {"keadaan": "no_head"}))
    event = LifeEvent.objects.get(kind="death")
    shown = officer.get(f"{HOME}orang/{lived.head.id}/").content.decode()
    assert f"{HOME}peristiwa/{event.id}/batal/" in shown
    assert (
        officer.post(f"{HOME}peristiwa/{event.id}/batal/", {"why": "salah orang"}).url
        == f"{HOME}orang/{lived.head.id}/"
    )
    again = officer.post(f"{HOME}peristiwa/{event.id}/batal/", {"next": home}, follow=True)
    assert "sudah dibatalkan" in words(again)
    answer = officer.post(
        f"{home}pisah/", {"persons": [str(lived.wife.id), str(child.id)], "head": str(lived.wife.id), **TOLD}
    )
    made = Household.objects.exclude(id=lived.household.id).get()
    assert answer.url == f"{HOME}rt/{made.id}/"
    assert "Satu atap dengan" in words(officer.get(answer.url))
    answer = officer.post(
        f"{home}pindah/",
        {"persons": [str(lived.child.id)], "on_date": today.isoformat(), "to_region": "", **TOLD},
    )
    assert answer.url == home
    assert "Pernah tinggal di sini" in words(officer.get(home))
    for form in ("lahir", "pindah", "pisah"):
        assert officer.get(f"{home}{form}/").status_code == 200


def test_a_person_page_and_what_is_known_of_them(lived: building.Home, officer: Any) -> None:
    person = f"{HOME}orang/{lived.wife.id}/"
    assert "Tinggal di rumah tangga Abdul Rahman" in words(officer.get(person))
    given = {"pregnant": "yes", "chronic": "bdt/1", "kis_state": "inactive", **TOLD}
    assert officer.post(f"{person}ubah/health/", given).url == person
    profile = Profile.objects.get(person=lived.wife)
    assert (profile.pregnant, profile.chronic, profile.kis_state) == (True, "bdt/1", "inactive")
    assert "KIS nonaktif" in words(officer.get(page_of(lived)))
    assert officer.post(f"{person}ubah/papers/", {"id_papers": ["1", "4"], **TOLD}).url == person
    assert "Akta kelahiran, KTP" in words(officer.get(person))
    wrong = officer.post(
        f"{person}ubah/who/",
        {"full_name": "Sitti Aminah", "sex": "P", "birth_date": "2/3/1984", "nik": "12ab", **TOLD},
    )
    assert wrong.status_code == 422
    assert officer.get(f"{person}ubah/nothing/").status_code == 404


def test_a_form_shows_no_number_whole_and_keeps_it_when_none_is_typed(
    lived: building.Home, officer: Any
) -> None:
    Person.objects.filter(id=lived.wife.id).update(nik="7602134203840001", nik_index="x")
    person = f"{HOME}orang/{lived.wife.id}/ubah/who/"
    shown = words(officer.get(person))
    assert "7602134203840001" not in shown and "Kosongkan bila nomornya tetap" in shown
    card = words(officer.get(f"{HOME}kk/{lived.family.id}/ubah/"))
    assert building.KK not in card and building.KK[-4:] in card
    assert (
        officer.post(person, {"full_name": "Sitti Aminah Bau", "sex": "P", "nik": "", **TOLD}).status_code
        == 302
    )
    wife = Person.objects.get(id=lived.wife.id)
    assert (wife.full_name, wife.nik) == ("Sitti Aminah Bau", "7602134203840001")


def test_a_new_head_is_chosen_on_the_members_page(lived: building.Home, officer: Any) -> None:
    address = f"{HOME}orang/{lived.wife.id}/tempat/"
    assert officer.get(address, {"kepala": "1"}).status_code == 200
    given = {
        "household_relation": "bdt/1",
        "family": str(lived.family.id),
        "family_relation": "bdt/2",
        **TOLD,
    }
    assert officer.post(address, given).url == page_of(lived)
    lived.household.refresh_from_db()
    assert lived.household.head == lived.wife


def test_ties_are_made_and_ended(lived: building.Home, officer: Any) -> None:
    person = f"{HOME}orang/{lived.child.id}/"
    assert officer.get(f"{person}hubungan/").status_code == 200
    given = {"sought": "aminah", "other": str(lived.wife.id), "kind": "guardian", **TOLD}
    assert officer.post(f"{person}hubungan/", given).url == person
    assert "Wali: Sitti Aminah" in words(officer.get(person))
    assert officer.post(f"{person}hubungan/", given).status_code == 422
    tie = Relation.objects.get()
    assert officer.post(f"{HOME}hubungan/{tie.id}/akhiri/").url == person
    assert officer.post(f"{HOME}hubungan/{tie.id}/akhiri/").status_code == 404


def test_reading_a_sensitive_category_leaves_a_line(lived: building.Home, officer: Any, manager: Any) -> None:
    person = f"{HOME}orang/{lived.wife.id}/"
    assert officer.get(f"{person}golongan/").status_code == 404
    assert manager.post(f"{person}golongan/", {"category": "19", "note": "rahasia", **TOLD}).url == person
    assert "Korban tindak kekerasan" not in words(officer.get(person))
    assert "Korban tindak kekerasan" not in words(officer.get(page_of(lived)))
    assert looks_at(lived.wife) == 0
    assert "Korban tindak kekerasan" in words(manager.get(person))
    assert looks_at(lived.wife) == 1
    assert "Korban tindak kekerasan" in words(manager.get(page_of(lived)))
    assert looks_at(lived.wife) == 2
    flag = Flag.objects.get()
    assert officer.post(f"{HOME}golongan/{flag.id}/akhiri/").status_code == 404
    assert manager.post(f"{HOME}golongan/{flag.id}/akhiri/").url == person


def test_whose_data_stand_still_is_left_out(lived: building.Home, officer: Any) -> None:
    Person.objects.filter(id=lived.wife.id).update(restricted_at=timezone.now())
    shown = words(officer.get(page_of(lived)))
    assert "Sitti Aminah" not in shown
    assert "1 anggota meminta datanya tidak diolah" in shown
    assert "Sitti Aminah" not in words(officer.get(f"{HOME}orang/", {"kata": "aminah"}))
    assert "Data yang dibekukan" in words(officer.get(f"{HOME}orang/{lived.wife.id}/"))
    for step in (
        "tempat",
        "meninggal",
        "hubungan",
        f"ubah/{next(iter(field_queries.groups_of('profile'))).key}",
    ):
        assert officer.get(f"{HOME}orang/{lived.wife.id}/{step}/").status_code == 404


def test_family_cards(lived: building.Home, officer: Any) -> None:
    assert officer.get(f"{page_of(lived)}kk/").status_code == 200
    assert officer.post(f"{page_of(lived)}kk/", {"decile": "4", **TOLD}).url == page_of(lived)
    assert Family.objects.count() == 2
    address = f"{HOME}kk/{lived.family.id}/ubah/"
    assert officer.get(address).status_code == 200
    wrong = officer.post(address, {"kk": building.KK, "decile": "11", **TOLD})
    assert "dari 1 sampai 10" in words(wrong)
    assert officer.post(
        address, {"kk": building.KK, "decile": "3", "decile_period": "2026-Q3", **TOLD}
    ).url == page_of(lived)
    assert Family.objects.get(id=lived.family.id).decile == 3


def test_english_is_the_switch(lived: building.Home, officer: Any) -> None:
    shown = words(officer.get(page_of(lived), headers={"accept-language": "en"}, follow=True))
    assert "Abdul Rahman" in shown


def test_more_members_and_more_history_cost_no_more_queries(
    cast: Cast, lived: building.Home, officer: Any, django_assert_max_num_queries: Any
) -> None:
    officer.get(page_of(lived))
    with django_assert_max_num_queries(60) as few:
        officer.get(page_of(lived))
    now = timezone.now()
    for place in range(6):
        one = building.person(cast.village_officer, now, f"Kerabat {place}")
        people_actions.join_household(
            by=cast.village_officer, at=now, household_id=lived.household.id, person_id=one.id
        )
        people_actions.change_profile(
            by=cast.village_officer, at=now, person_id=one.id, changes={"works": "ya"}
        )
        made = people_actions.open_household(
            by=cast.village_officer, at=now, region_code=DUNGKAIT, name=f"Kerabat {place}"
        )
        assert made.id
    with django_assert_max_num_queries(len(few)):
        officer.get(page_of(lived))
    with django_assert_max_num_queries(40) as lists:
        officer.get(HOME)
    with django_assert_max_num_queries(len(lists)):
        officer.get(f"{HOME}orang/", {"kata": "kerabat"})


def test_a_matter_leads_to_the_register_page_of_its_people(cast: Cast) -> None:
    case = cast.case()
    assert case.reporter_id
    Person.objects.filter(id=case.reporter_id).update(region_code=DUNGKAIT)
    shown = sit(cast, "manager").get(f"/meja/kasus/{case.id}/").content.decode()
    assert f"{HOME}orang/{case.reporter_id}/" in shown


def test_a_matter_about_a_member_stands_on_the_household_page(cast: Cast, lived: building.Home) -> None:
    case = cast.case()
    type(case).objects.filter(id=case.id).update(about_id=lived.wife.id)
    shown = words(sit(cast, "manager").get(page_of(lived)))
    assert case.number in shown


def test_somebody_moves_in(cast: Cast, lived: building.Home, officer: Any) -> None:
    address = f"{page_of(lived)}datang/"
    assert "Catat kedatangan" in words(officer.get(page_of(lived)))
    assert "Dari mana?" in words(officer.get(address))
    assert officer.post(address, {"full_name": "", **TOLD}).status_code == 422
    new = {
        "full_name": "Rosmini",
        "birth_date": "3/2/1990",
        "on_date": "1/11/2026",
        "relation": "bdt/5",
        **TOLD,
    }
    assert officer.post(address, new).url == page_of(lived)
    one = Person.objects.get(full_name="Rosmini")
    assert (one.household, one.resident) == (lived.household, True)
    again = words(officer.post(address, new))  # the register knows her now
    assert "Apakah salah satu dari ini?" in again
    assert "Rosmini" in again
    assert Person.objects.filter(full_name="Rosmini").count() == 1
    same = officer.post(address, {**new, "who": str(one.id)})
    assert same.status_code == 422
    assert "sudah tinggal di rumah tangga ini" in words(same)
    assert officer.post(address, {**new, "who": "new"}).url == page_of(lived)
    assert Person.objects.filter(full_name="Rosmini").count() == 2
    assert sit(cast, "neighbour_manager").get(address).status_code == 404


def test_an_arrival_tells_nothing_of_who_is_known_elsewhere(
    cast: Cast, lived: building.Home, officer: Any
) -> None:
    address = f"{page_of(lived)}datang/"

    def told(name: str, nik: str) -> dict[str, str]:
        return {"full_name": name, "birth_date": "5/4/1988", "sex": "P", "nik": nik, **TOLD}

    people_actions.register_person(
        by=cast.neighbour_manager,
        at=timezone.now(),
        full_name="Hasnah Tompo",
        sex="P",
        birth_date=date(1988, 4, 5),
        nik="7303014504880007",
        address="Jalan Rahasia 7",
        region_code="7303012008",
    )
    asked = []
    for name, nik in (("Hasnah Tompo", "7303014504880007"), ("Marwah Sunggu", "7303024504880011")):
        with CaptureQueriesContext(connection) as queries:
            answer = officer.post(address, told(name, nik))
        assert (answer.status_code, answer.url) == (302, page_of(lived))
        asked.append([one["sql"].split(" ")[0] for one in queries.captured_queries])
        assert Person.objects.filter(full_name=name, region_code="7602132001").count() == 1
    assert asked[0] == asked[1]
    assert Person.objects.filter(full_name="Hasnah Tompo", region_code="7303012008").count() == 1


def test_where_somebody_went_is_for_who_may_know_it(cast: Cast, lived: building.Home, officer: Any) -> None:
    bonto = Region.objects.get(code="7303012008").name
    people_actions.record_move(
        by=cast.manager, at=timezone.now(), person_ids=[lived.child.id], to_region="7303012008", words="ke rumah bibi"
    )  # fmt: skip
    hamlets = {"wilayah": "7602132001"}
    for address, given in ((f"{HOME}dusun/", hamlets), (page_of(lived), {})):
        plain = words(officer.get(address, given))
        assert lived.child.full_name in plain
        for hidden in (bonto, "rumah bibi", "tidak diketahui ke mana"):
            assert hidden not in plain
        assert "rumah bibi" in words(sit(cast, "manager").get(address, given))
    assert bonto in words(sit(cast, "manager").get(f"{HOME}dusun/", hamlets))
    case = cast.case()
    type(case).objects.filter(id=case.id).update(sensitivity="sealed", about_id=lived.child.id)
    for seat in ("officer", "manager"):
        client = officer if seat == "officer" else sit(cast, seat)
        assert lived.child.full_name not in words(client.get(f"{HOME}dusun/", hamlets))
        assert lived.child.full_name not in words(client.get(page_of(lived)))


def test_a_household_is_not_called_by_a_head_whose_data_stand_still(
    cast: Cast, lived: building.Home, officer: Any
) -> None:
    name = lived.head.full_name
    assert name in words(officer.get(HOME))
    Person.objects.filter(id=lived.head.id).update(restricted_at=timezone.now())
    for address in (
        HOME,
        page_of(lived),
        f"{page_of(lived)}datang/",
        f"{HOME}orang/{lived.wife.id}/",
        f"{HOME}orang/",
    ):
        shown = words(officer.get(address))
        assert "nama disembunyikan" in shown, address
        assert name not in shown, shown[max(0, shown.find(name) - 150) :][:260]
    assert "nama disembunyikan" not in words(officer.get(HOME, {"kata": name}))
