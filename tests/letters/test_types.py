"""Acts on kinds of letter, what a village is offered, and the register's facts for a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simpul.journal.models import Line
from simpul.letters.actions import types as actions
from simpul.letters.models import LetterType, TypeVersion
from simpul.letters.queries import catalogue
from simpul.letters.queries import types as queries
from simpul.letters.rules import types as rules
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.people.models import Family, Person, Profile, Relation
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast

LATER = NOW + timedelta(days=1)


@pytest.fixture
def kinds(cast: Cast) -> Cast:
    actions.load_types(by=MACHINE, at=NOW)
    return cast


def own(**changes: object) -> rules.VersionGiven:
    given = rules.VersionGiven(
        name="Surat Keterangan Nelayan",
        about="Untuk kartu nelayan.",
        body="{nama} adalah nelayan dengan perahu {perahu}.",
        archive_code="500.5",
        inputs=(rules.Input("perahu", "text", "Nama perahu"),),
        wanted=(rules.Wanted("R3"), rules.Wanted("pas", "Pas kecil perahu")),
        self_service=True,
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def test_loading_again_changes_nothing(kinds: Cast) -> None:
    assert LetterType.objects.count() == TypeVersion.objects.count() == len(catalogue.shipped())
    assert actions.load_types(by=MACHINE, at=LATER) == 0
    assert Line.objects.filter(kind="types.load").count() == 1
    with pytest.raises(NotAllowed):
        actions.load_types(by=kinds.village_head, at=NOW)


def test_a_newer_shipped_text_is_a_new_version(kinds: Cast) -> None:
    TypeVersion.objects.filter(type__code="keterangan_usaha").update(name="Nama lama")
    assert actions.load_types(by=MACHINE, at=LATER) == 1
    offer = queries.find("keterangan_usaha", DUNGKAIT)
    assert offer is not None
    assert (offer.version.version, offer.version.name) == (2, "Surat Keterangan Usaha")


def test_a_village_writes_its_own_text_and_the_neighbour_keeps_the_shipped_one(kinds: Cast) -> None:
    shipped = queries.find("keterangan_usaha", DUNGKAIT)
    assert shipped is not None
    given = replace(queries.given_of(shipped.version), heading="SURAT USAHA DUNGKAIT")
    key = uuid7()
    wanted = {"region_code": DUNGKAIT, "type_code": "keterangan_usaha", "given": given, "version_id": key}
    made = actions.write_version(by=kinds.secretary, at=LATER, **wanted)
    assert actions.write_version(by=kinds.secretary, at=LATER, **wanted) == made
    mine = queries.find("keterangan_usaha", DUNGKAIT)
    theirs = queries.find("keterangan_usaha", BONTO_JAI)
    assert mine is not None
    assert theirs is not None
    assert (mine.version.id, mine.own_text, mine.own_type) == (key, True, False)
    assert theirs.version == shipped.version
    line = Line.objects.get(kind="version.write")
    assert line.region_code == DUNGKAIT
    assert line.facts["version"] == 1
    again = actions.write_version(
        by=kinds.secretary, at=LATER, region_code=DUNGKAIT, type_code="keterangan_usaha", given=given
    )
    assert again.id == key  # the same words are no new version


def test_an_unknown_place_is_refused_with_the_name_that_was_meant(kinds: Cast) -> None:
    with pytest.raises(actions.VersionWrong) as refusal:
        actions.add_type(
            by=kinds.secretary,
            at=NOW,
            region_code=DUNGKAIT,
            code="nelayan",
            group="work",
            given=own(body="{nama} punya {perahuu}."),
        )
    assert "perahuu" in str(refusal.value)
    assert "perahu" in refusal.value.faults[0].meant
    assert refusal.value.field == "body"


def test_a_village_adds_ends_and_resumes_a_kind(kinds: Cast) -> None:
    wanted = {"by": kinds.village_head, "at": NOW, "region_code": DUNGKAIT}
    kind = actions.add_type(**wanted, code="nelayan", group="work", given=own())
    assert queries.find("nelayan", BONTO_JAI) is None
    with pytest.raises(actions.TypeTaken):
        actions.add_type(**wanted, code="nelayan", group="work", given=own())
    with pytest.raises(actions.TypeTaken):
        actions.add_type(**wanted, code="keterangan_usaha", group="work", given=own())
    with pytest.raises(actions.TypeCodeWrong):
        actions.add_type(**wanted, code="Surat Nelayan", group="work", given=own())
    with pytest.raises(actions.TypeGroupUnknown):
        actions.add_type(**wanted, code="nelayan_2", group="laut", given=own())
    with pytest.raises(actions.TypeNameMissing):
        actions.add_type(**wanted, code="nelayan_2", group="work", given=own(name=""))
    with pytest.raises(actions.TypeNeedsVillage):
        actions.add_type(
            by=kinds.administrator, at=NOW, region_code="7602", code="nelayan_2", group="work", given=own()
        )
    actions.end_type(**wanted, type_code="nelayan")
    actions.end_type(**wanted, type_code="nelayan")
    assert queries.find("nelayan", DUNGKAIT) is None
    assert queries.find("nelayan", DUNGKAIT, ended=True) is not None
    actions.resume_type(**wanted, type_code="nelayan")
    found = queries.find("nelayan", DUNGKAIT)
    assert found is not None
    assert found.type == kind
    kinds_left = ["type.add", "type.end", "type.resume"]
    assert (
        list(Line.objects.filter(kind__in=kinds_left).order_by("id").values_list("kind", flat=True))
        == kinds_left
    )


def test_a_shipped_kind_is_ended_for_one_village_alone(kinds: Cast) -> None:
    wanted = {"by": kinds.secretary, "at": NOW, "region_code": DUNGKAIT, "type_code": "pas_lintas"}
    actions.end_type(**wanted)
    assert queries.find("pas_lintas", DUNGKAIT) is None
    assert queries.find("pas_lintas", BONTO_JAI) is not None
    assert "pas_lintas" not in {one.code for one in queries.types_for(DUNGKAIT)}
    assert "pas_lintas" in {one.code for one in queries.types_for(DUNGKAIT, ended=True)}
    actions.resume_type(**wanted)
    assert queries.find("pas_lintas", DUNGKAIT) is not None
    with pytest.raises(NotFound):
        actions.end_type(**{**wanted, "type_code": "tidak_ada"})


def test_an_earlier_text_holds_again(kinds: Cast) -> None:
    shipped = queries.find("keterangan_usaha", DUNGKAIT)
    assert shipped is not None
    given = queries.given_of(shipped.version)
    wanted = {"by": kinds.secretary, "at": LATER, "region_code": DUNGKAIT}
    actions.write_version(**wanted, type_code="keterangan_usaha", given=replace(given, heading="A"))
    key = uuid7()
    back = actions.restore_version(**wanted, version_id=shipped.version.id, new_id=key)
    assert back.version == 2
    assert back.heading == shipped.version.heading
    assert actions.restore_version(**wanted, version_id=shipped.version.id, new_id=key) == back
    versions = queries.versions_of(shipped.type, DUNGKAIT)
    assert len(versions) == 3
    changed = queries.differences(versions[1], versions[0])
    assert [one.field for one in changed] == ["heading"]
    assert ("gone", "A") in changed[0].lines
    assert Line.objects.filter(kind="version.restore").count() == 1
    with pytest.raises(NotFound):
        actions.restore_version(by=kinds.neighbour_head, at=NOW, region_code=BONTO_JAI, version_id=back.id)


@pytest.mark.parametrize("part", ["village_officer", "neighbour_head", "admin"])
def test_others_write_nothing(kinds: Cast, part: str) -> None:
    by = getattr(kinds, part)
    wanted = {"by": by, "at": NOW, "region_code": DUNGKAIT}
    version = TypeVersion.objects.filter(type__code="keterangan_usaha").get()
    for act in (
        lambda: actions.write_version(**wanted, type_code="keterangan_usaha", given=own()),
        lambda: actions.add_type(**wanted, code="nelayan", group="work", given=own()),
        lambda: actions.end_type(**wanted, type_code="keterangan_usaha"),
        lambda: actions.resume_type(**wanted, type_code="keterangan_usaha"),
        lambda: actions.restore_version(**wanted, version_id=version.id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_letters_are_found_by_the_words_people_use(kinds: Cast) -> None:
    codes = [one.code for one in queries.types_for(DUNGKAIT, words="sktm berobat")]
    assert codes == ["sktm_rumah_sakit"]
    assert "laporan_kehilangan" in {one.code for one in queries.types_for(DUNGKAIT, words="stnk hilang")}
    assert "keterangan_usaha" in {one.code for one in queries.types_for(DUNGKAIT, words="business")}
    assert all(one.type.group == "land" for one in queries.types_for(DUNGKAIT, group="land"))
    alone = queries.types_for(DUNGKAIT, self_service=True)
    assert alone
    assert all(one.version.self_service for one in alone)


def test_the_list_costs_two_queries(kinds: Cast) -> None:
    with CaptureQueriesContext(
        connection,
    ) as spent:
        queries.types_for(DUNGKAIT)
    assert len(spent) == 2


def register(cast: Cast) -> Person:
    mother = Person.objects.create(
        full_name="Halimah", name_key="halimah", sex="P", region_code=DUNGKAIT, registered_at=NOW
    )
    family = Family.objects.create(
        kk="7602130101100001", region_code=DUNGKAIT, registered_at=NOW, changed_at=NOW
    )
    person = Person.objects.create(
        full_name="Nurhayati",
        name_key="nurhayati",
        sex="P",
        birth_place="Mamuju",
        birth_date=date(1990, 5, 3),
        nik="7602134305900001",
        region_code=DUNGKAIT,
        hamlet=cast.hamlet,
        family=family,
        family_relation="kk/1",
        registered_at=NOW,
        resident=True,
    )
    Family.objects.filter(id=family.id).update(head=person)
    Person.objects.create(
        full_name="Rahmat",
        name_key="rahmat",
        sex="L",
        birth_date=date(2015, 3, 3),
        region_code=DUNGKAIT,
        family=family,
        family_relation="kk/4",
        registered_at=NOW,
    )
    Profile.objects.create(person=person, marital="bdt/4", works=True, industry="bdt/4", changed_at=NOW)
    Relation.objects.create(person=person, other=mother, kind="parent", recorded_at=NOW)
    return person


def test_the_register_fills_a_text(kinds: Cast) -> None:
    person = register(kinds)
    found = queries.facts_for(kinds.village_officer, person.id, DUNGKAIT, at=NOW)
    assert found["nama"] == "Nurhayati"
    assert found["ttl"] == "Mamuju, 3 Mei 1990"
    assert found["usia"] == "36"
    assert found["alamat"] == "Dusun Taludu, Desa Dungkait, Kecamatan Tapalang Barat"
    assert found["pekerjaan"] == "Nelayan"
    assert found["status_kawin"] == "Cerai mati"
    assert (found["no_kk"], found["kepala_kk"], found["nama_ibu"]) == (
        "7602130101100001",
        "Nurhayati",
        "Halimah",
    )
    assert (found["klg1_nama"], found["klg2_nama"], found["klg2_hubungan"]) == ("Nurhayati", "Rahmat", "Anak")
    assert found["kode_desa"] == "76.02.13.2001"
    assert found["sebutan_kepala_desa"] == "Kepala Desa"
    answers = queries.person_answers(
        kinds.village_officer, person.id, party="saksi1", wanted=["nama", "nik"], region_code=DUNGKAIT, at=NOW
    )
    assert answers == {"saksi1_nama": "Nurhayati", "saksi1_nik": "7602134305900001"}


def test_who_may_not_see_a_person_gets_the_name_that_was_given(kinds: Cast) -> None:
    person = register(kinds)
    found = queries.facts_for(kinds.neighbour_officer, person.id, BONTO_JAI, at=NOW, name="Nur")
    assert found["nama"] == "Nur"
    assert "nik" not in found
    with pytest.raises(NotFound):
        queries.person_answers(
            kinds.neighbour_officer, person.id, party="x", wanted=["nik"], region_code=BONTO_JAI, at=NOW
        )


def test_facts_cost_a_fixed_number_of_queries(kinds: Cast) -> None:
    person = register(kinds)
    with CaptureQueriesContext(connection) as spent:
        queries.facts_for(kinds.village_officer, person.id, DUNGKAIT, at=NOW)
    assert len(spent) == 5
