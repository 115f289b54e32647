"""Registering persons and contacts: what is kept, what is hidden, who may."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from simpul import roles
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people import access, actions, queries, rules
from simpul.people.models import Contact, Person
from simpul.regions.models import Hamlet, Region

DUNGKAIT = "7602132001"
BONTO_JAI = "7303012008"
NIK = "7602134107900003"  # a woman born on 1 July 1990, registered in Mamuju

pytestmark = pytest.mark.django_db


def registered(by: Actor, at: datetime, **given: Any) -> actions.Registered:
    wanted: dict[str, Any] = {"full_name": "Nurhayati", "region_code": DUNGKAIT}
    return actions.register_person(by=by, at=at, **(wanted | given))


def test_everything_may_be_unknown_but_a_name(
    village: Any, hamlet: Hamlet, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now, hamlet_id=hamlet.id, landmark="rumah dekat jembatan").person
    assert person.full_name == "Nurhayati"
    assert person.hamlet == hamlet
    assert person.nik == ""
    with pytest.raises(actions.NameMissing) as refusal:
        registered(officer, now, full_name="  \u200b ")
    assert refusal.value.field == "full_name"


def test_what_a_person_is_called_stands_in_for_the_name(officer: Actor, now: datetime, village: Any) -> None:
    assert registered(officer, now, full_name="", called="Mama Ecce").person.full_name == "Mama Ecce"


def test_a_person_whom_nobody_can_name_is_never_found_by_that(
    officer: Actor, now: datetime, village: Any
) -> None:
    person = registered(officer, now, full_name="tidak  diketahui").person
    assert person.full_name == rules.UNKNOWN_NAME
    assert person.name_key == ""
    assert queries.find_same(officer, name="Tidak diketahui", region_code=DUNGKAIT) == []


def test_a_nik_is_stored_as_ciphertext_and_found_by_its_blind_index(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now, nik="7602 1341 0790.0003", sex="P", birth_date=date(1990, 7, 1)).person
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik, nik_index FROM people_person")
        stored, index = cursor.fetchone()
    assert NIK.encode() not in bytes(stored)
    assert len(bytes(stored)) > len(NIK)
    assert index == queries.nik_index(NIK)
    assert NIK not in index
    assert Person.objects.get(id=person.id).nik == NIK
    assert [found.person.id for found in queries.find_same(officer, nik="7602-1341-0790-0003")] == [person.id]
    assert queries.masked_nik(person) == "7602********0003"
    line = Line.objects.get(kind="person.register")
    assert NIK not in str(line.inputs)


def test_the_same_nik_twice_gives_another_ciphertext(village: Any, officer: Actor, now: datetime) -> None:
    registered(officer, now, nik=NIK)
    registered(officer, now, nik=NIK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM people_person")
        first, second = (bytes(row[0]) for row in cursor.fetchall())
    assert first != second


@pytest.mark.parametrize(
    ("nik", "given", "codes"),
    [
        (NIK, {"sex": "P", "birth_date": date(1990, 7, 1)}, set()),
        (NIK, {"sex": "L"}, {"sex_mismatch"}),
        (NIK, {"birth_date": date(1991, 7, 1)}, {"birth_mismatch"}),
        ("12345", {}, {"length"}),
        ("7302134107900003", {}, {"area_mismatch"}),
    ],
)
def test_a_strange_nik_is_warned_about_and_kept(
    nik: str, given: dict[str, Any], codes: set[str], village: Any, officer: Actor, now: datetime
) -> None:
    result = registered(officer, now, nik=nik, **given)
    assert {warning.code for warning in result.warnings} == codes
    assert Person.objects.get(id=result.person.id).nik == nik


@pytest.mark.parametrize("nik", ["73O5A", "76021341079000031", "nik saya hilang", "٧٦٠٢"])
def test_letters_and_too_many_digits_are_typing_errors(
    nik: str, village: Any, officer: Actor, now: datetime
) -> None:
    with pytest.raises(actions.NikUnreadable) as refusal:
        registered(officer, now, nik=nik)
    assert refusal.value.field == "nik"
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"full_name": "a" * 151}, actions.TooLong),
        ({"landmark": "a" * 201}, actions.TooLong),
        ({"sex": "X"}, actions.SexUnreadable),
        ({"birth_date": date(2027, 1, 1)}, actions.BirthDateImpossible),
        ({"birth_date": date(1690, 1, 1)}, actions.BirthDateImpossible),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    given: dict[str, Any], refusal: type[Exception], village: Any, officer: Actor, now: datetime
) -> None:
    with pytest.raises(refusal) as caught:
        registered(officer, now, **given)
    assert caught.value.field in given  # type: ignore[attr-defined]


def test_residents_may_register_themselves_and_see_no_register(village: Any, now: datetime) -> None:
    person = registered(ANYBODY, now).person
    actions.add_contact(by=ANYBODY, at=now, person_id=person.id, channel="phone", as_typed="0812-4455-6677")
    assert not access.visible(ANYBODY).exists()
    with pytest.raises(NotFound):
        actions.change_person(by=ANYBODY, at=now, person_id=person.id, changes={"called": "Nur"})


def test_the_neighbour_sees_and_changes_nothing(
    village: Any, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    person = registered(officer, now, nik=NIK).person
    contact = actions.add_contact(
        by=officer, at=now, person_id=person.id, channel="phone", as_typed="0812-4455-6677"
    )
    assert list(access.visible(officer)) == [person]
    assert not access.visible(neighbour).exists()
    assert queries.find_same(neighbour, nik=NIK, phone="081244556677") == []
    with pytest.raises(NotFound):
        access.person_for(neighbour, person.id)
    with pytest.raises(NotFound):
        actions.change_person(by=neighbour, at=now, person_id=person.id, changes={"called": "x"})
    with pytest.raises(NotFound):
        actions.add_contact(by=neighbour, at=now, person_id=person.id, channel="phone", as_typed="0812")
    with pytest.raises(NotFound):
        actions.change_contact(by=neighbour, at=now, contact_id=contact.id, changes={"warning": "x"})
    with pytest.raises(NotAllowed):
        registered(neighbour, now)


def test_roles_that_only_administer_see_nobody(village: Any, officer: Actor, now: datetime) -> None:
    registered(officer, now)
    for role in ("administrator", "protection_officer", "partner", "head"):
        assert not access.visible(Actor(role=role, region_code="", strong=True)).exists()


def test_a_person_from_elsewhere_is_registered_at_the_counter_of_the_matter(
    village: Any, officer: Actor, now: datetime
) -> None:
    place = roles.Place(region_code=DUNGKAIT)
    person = registered(officer, now, region_code=BONTO_JAI, place=place).person
    assert not access.visible(officer).exists()
    changed = actions.change_person(
        by=officer, at=now, person_id=person.id, changes={"landmark": "di tepi sawah"}, place=place
    )
    assert changed.person.landmark == "di tepi sawah"


def test_a_change_keeps_the_old_value_in_the_journal(village: Any, officer: Actor, now: datetime) -> None:
    person = registered(officer, now, nik=NIK).person
    changes: actions.PersonFields = {"full_name": "Hj. Nurhayati", "nik": ""}
    result = actions.change_person(by=officer, at=now, person_id=person.id, changes=changes)
    assert result.person.full_name == "Hj. Nurhayati"
    assert result.person.nik_index == ""
    line = Line.objects.get(kind="person.change")
    assert line.facts == {"changed": ["full_name", "nik"]}
    assert line.inputs["before"] == {"full_name": "Nurhayati", "nik": "7602********0003"}
    assert line.subject_id == person.id


def test_a_phone_is_kept_as_typed_with_the_form_that_gateways_use(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    contact = actions.add_contact(
        by=officer,
        at=now,
        person_id=person.id,
        channel="whatsapp",
        as_typed=" 0812 4455-6677 ",
        owner="family",
    )
    assert (contact.as_typed, contact.address) == ("0812 4455-6677", "+6281244556677")
    assert contact.safe_to_write is None
    found = queries.find_same(officer, phone="+62 812 4455 6677")
    assert [(same.person.id, same.why) for same in found] == [(person.id, "phone")]
    assert Line.objects.get(kind="contact.add").subject_id == person.id


def test_the_same_contact_again_only_renews_what_is_known(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    for safe in (None, False):
        actions.add_contact(
            by=officer,
            at=now,
            person_id=person.id,
            channel="phone",
            as_typed="0812-4455-6677",
            safe_to_write=safe,
        )
    assert Contact.objects.get().safe_to_write is False


@pytest.mark.parametrize(
    ("channel", "typed", "refusal"),
    [
        ("phone", "", actions.ContactMissing),
        ("phone", "tidak punya", actions.PhoneUnreadable),
        ("email", "siti@", actions.EmailUnreadable),
        ("email", "siti@desa.id\nBcc: x@y.id", actions.EmailUnreadable),
    ],
)
def test_a_contact_nobody_could_use_is_refused(
    channel: str, typed: str, refusal: type[Exception], village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    with pytest.raises(refusal):
        actions.add_contact(by=officer, at=now, person_id=person.id, channel=channel, as_typed=typed)


def test_a_number_that_no_network_uses_is_kept_for_people_to_dial(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    contact = actions.add_contact(
        by=officer, at=now, person_id=person.id, channel="phone", as_typed="HT 12.345"
    )
    assert (contact.as_typed, contact.address) == ("HT 12.345", "")


def test_a_contact_can_be_called_unsafe_later_and_leaves_the_road(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    contact = actions.add_contact(
        by=officer, at=now, person_id=person.id, channel="email", as_typed="Siti@Desa.id", safe_to_write=True
    )
    assert contact.address == "siti@desa.id"
    assert queries.safe_road(queries.contacts_of(person.id), "write") is not None
    actions.change_contact(by=officer, at=now, contact_id=contact.id, changes={"safe_to_write": False})
    assert queries.safe_road(queries.contacts_of(person.id), "write") is None
    line = Line.objects.get(kind="contact.change")
    assert line.inputs == {"before": {"safe_to_write": True}, "after": {"safe_to_write": False}}
    actions.change_contact(by=officer, at=now, contact_id=contact.id, changes={"is_current": False})
    assert queries.contacts_of(person.id) == []
    assert queries.contacts_of_all([person.id]) == {person.id: []}


def test_the_same_name_in_the_same_village_is_offered_whatever_its_spelling(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now, full_name="Muhammad Zainal").person
    found = queries.find_same(officer, name="Moh. Zaenal", region_code=DUNGKAIT)
    assert [(same.person.id, same.why) for same in found] == [(person.id, "name")]
    assert queries.find_same(officer, name="Moh. Zaenal", region_code=BONTO_JAI) == []


def test_contacts_on_pages_are_masked_unless_the_reader_must_reach_the_person(
    village: Any, officer: Actor, now: datetime
) -> None:
    person = registered(officer, now).person
    actions.add_contact(
        by=officer, at=now, person_id=person.id, channel="phone", as_typed="0812-4455-6677", owner_name="Nur"
    )
    contacts = queries.contacts_of(person.id)
    [whole] = queries.shown_contacts(contacts, whole=True)
    [masked] = queries.shown_contacts(contacts, whole=False)
    assert (whole.shown, whole.owner_name) == ("0812-4455-6677", "Nur")
    assert "4455" not in masked.shown
    assert masked.owner_name == ""


def test_a_notice_to_all_leaves_out_the_dead_and_residents_nobody_can_reach(
    village: Region, officer: Actor
) -> None:
    """Two hundred thousand rows of an imported list would be as many slips of paper; their hamlet is told by word of mouth."""
    at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    made = {
        name: actions.register_person(by=officer, at=at, full_name=name, region_code=village.code).person
        for name in ("Known", "Listed", "Reachable", "Dead", "Still")
    }
    Person.objects.filter(full_name__in=["Listed", "Reachable"]).update(resident=True)
    Person.objects.filter(full_name="Dead").update(life="dead")
    Person.objects.filter(full_name="Still").update(restricted_at=at)
    actions.add_contact(
        by=officer, at=at, person_id=made["Reachable"].id, channel="phone", as_typed="0812 4455 6677"
    )
    told = {person.full_name for rows in queries.living_in(village.code) for person, _contacts in rows}
    assert told == {"Known", "Reachable"}
