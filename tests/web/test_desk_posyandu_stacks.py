"""Stacks of paper typed in one grid: visits with each checklist, and the lists of those looked after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.people.actions import persons as person_actions
from simpul.people.models import Family, Household, Person
from simpul.people.queries import residents
from simpul.posyandu.actions import visits
from simpul.posyandu.models import Cadre, Finding, HomeVisit, Participant, Task
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import stacks as stack_rules
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.day_help import BEFORE, TODAY, Furnished, enrol, furnish, person
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
NIK = "7605014404980001"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def there(cast: Cast) -> Furnished:
    return furnish(cast)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return None


@pytest.fixture
def cadre(cast: Cast) -> Client:
    return sit(cast, "cadre")


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child, mother_id=there.mother.id)


class Stack:
    """One stack as it is sent again and again: its key and its lines."""

    def __init__(self, client: Client, there: Furnished, code: str) -> None:
        self.client, self.code = client, code
        name = "desk_posyandu_stack_visits" if code.startswith("visit") else "desk_posyandu_stack_people"
        last: Any = int(code[-1]) if code.startswith("visit") else code[-1]
        self.path = reverse(name, args=[there.melati.id, last])
        self.line_path = f"{self.path}%s/"
        self.base = {"tumpukan": str(uuid4()), "versi": "2023", "page": "1", "tanggal": TODAY.isoformat()}

    def cells(self, *lines: dict[str, str]) -> dict[str, str]:
        """The lines from the first on."""
        return {f"{number}:{key}": text for number, line in enumerate(lines, 1) for key, text in line.items()}

    def send(self, *lines: dict[str, str], **more: str) -> HttpResponse:
        return self.client.post(self.path, {**self.base, **self.cells(*lines), **more})

    def look(self, number: int, line: dict[str, str]) -> HttpResponse:
        given = {f"{number}:{key}": text for key, text in line.items()}
        return self.client.post(self.line_path % number, {**self.base, **given})

    def page(self) -> HttpResponse:
        return self.client.get(self.path, self.base)


def visited(who: str = "Nur Aisyah", on: str = "20-11-2026", met: str = "ya", **more: str) -> dict[str, str]:
    return {"stack_who": who, "stack_date": on, "stack_met": met, **more}


def value_of(page: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, name
    return found.group(1)


# --- visits


def test_a_stack_of_visits_with_a_danger_sign_is_saved_as_single_visits_are(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    other = enrol(cast, there.melati, person("Budi Santoso", sex="L"))
    budi = Cadre.objects.create(
        posyandu=there.melati, name="Hasnah", since_date=date(2024, 1, 1), made_at=NOW
    )
    stack = Stack(cadre, there, "visit_4")
    good = visited(danger_breathing="ya", stack_outcome="Diantar ke Puskesmas", stack_next="27-11-2026")
    away = visited("Budi Santoso", met="tidak", stack_cadre=str(budi.id), stack_told="21-11-2026")
    page = stack.send(good, away, visited("Nur Aisya", temperature="39,9"))
    text = words(page)
    assert page.status_code == 422 and "2 baris tersimpan" in text
    assert "Nur Aisyah · 20 November 2026 · Tanda bahaya" in text and "Tidak ada orang" in text
    assert 'value="39,9"' in page.content.decode() and "Nur Aisya" in text
    first = HomeVisit.objects.get(participant=card)
    assert (first.checklist, first.date, first.classes) == (4, date(2026, 11, 20), ["danger_sign"])
    assert first.next_date == date(2026, 11, 27) and first.values == {"danger_breathing": True}
    assert Finding.objects.get(code="danger_sign").visit_id == first.id
    assert Task.objects.filter(reason="next_visit", person=there.child).exists()
    second = HomeVisit.objects.get(participant=other)
    assert (second.met, second.cadre_id, second.reported_date) == (False, budi.id, date(2026, 11, 21))


def test_a_stack_sent_again_saves_nothing_twice_and_says_so(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    stack = Stack(cadre, there, "visit_4")
    lines = [visited(fever="ya"), visited(on="21-11-2026", fever="tidak")]
    assert stack.send(*lines).status_code == 302
    again = stack.client.post(stack.path, {**stack.base, **stack.cells(*lines)}, follow=True)
    assert "2 baris sudah tersimpan" in words(again) and HomeVisit.objects.count() == 2
    assert "1:stack_who" not in again.content.decode() and "3:stack_who" in again.content.decode()
    assert f'data-draft-done="stack:{stack.base["tumpukan"]}:visit_4:1"' in again.content.decode()
    assert "data-draft-done" not in stack.page().content.decode()
    fresh = Stack(cadre, there, "visit_4")
    asked = fresh.send(visited(fever="ya"))
    assert asked.status_code == 422 and "Apakah ini kunjungan lain" in words(asked)
    sure = {"1:sure": value_of(asked, "1:sure")}
    assert fresh.send(visited(fever="ya"), **sure).status_code == 302 and HomeVisit.objects.count() == 3


def test_a_visit_that_was_taken_back_stands_on_its_line_and_is_not_written_down_again(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    stack = Stack(cadre, there, "visit_4")
    assert stack.send(visited(fever="ya")).status_code == 302
    assert "sudah ditarik dan tidak dihitung" not in words(stack.page())
    visits.withdraw_homevisit(by=cast.cadre, at=NOW, visit_id=HomeVisit.objects.get().id, why="salah orang")
    assert "sudah ditarik dan tidak dihitung" in words(stack.page())
    stack.send(visited(fever="ya"))
    assert HomeVisit.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (visited("Tidak Dikenal", fever="ya"), "ada dalam daftar posyandu ini"),
        (visited(NIK, fever="ya"), "ada dalam daftar posyandu ini"),
        (visited(on="", fever="ya"), "harus dijawab"),
        (visited(on="31-02-2026", fever="ya"), "hari-bulan-tahun"),
        (visited(on="24-11-2026", fever="ya"), "belum tiba"),
        (visited(fever="ya", stack_told="24-11-2026"), "belum tiba"),
        (visited(fever="ya", stack_next="20-11-2026"), "Periksa kedua tanggal"),
        (visited(met="", fever="ya"), "harus dijawab"),
        (visited(met="tidak", fever="ya"), "Tidak ada orang, tetapi"),
        (visited(), "Tidak ada pertanyaan yang dijawab"),
        (visited(fever="mungkin"), "ya atau tidak"),
        (visited(temperature="72"), "tidak mungkin"),
        (visited(fever="ya", stack_cadre=str(uuid4())), "Pilih salah satu"),
    ],
)
def test_a_faulty_visit_stays_as_typed_with_a_sentence(
    cadre: Client, there: Furnished, card: Participant, line: dict[str, str], said: str
) -> None:
    stack = Stack(cadre, there, "visit_4")
    looked = stack.look(3, line)
    assert (said in words(looked)) == ("harus di" not in said)  # what is empty is said by the button alone
    assert 'data-state="ready"' not in looked.content.decode()
    page = stack.send(line)
    assert page.status_code == 422 and said in words(page) and not HomeVisit.objects.exists()
    for text in line.values():
        assert text in page.content.decode()


def test_two_of_one_name_are_asked_and_the_chosen_one_is_visited(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    other = enrol(cast, there.melati, person("Nur Aisyah", date(2024, 3, 1)))
    stack = Stack(cadre, there, "visit_4")
    asked = stack.send(visited(fever="ya"))
    assert "Beberapa orang bernama" in words(asked) and not HomeVisit.objects.exists()
    assert stack.send(visited(fever="ya", pick=str(uuid4()))).status_code == 422
    assert stack.send(visited(fever="ya", pick=str(other.person_id))).status_code == 302
    assert HomeVisit.objects.get().participant_id == other.id


def test_part_of_a_name_is_a_question_and_a_line_twice_on_the_page_too(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    stack = Stack(cadre, there, "visit_4")
    asked = stack.look(1, visited("Aisyah", fever="ya"))
    assert "persis begitu" in words(asked) and str(there.child.id) in asked.content.decode()
    line = visited("Aisyah", fever="ya", pick=str(there.child.id))
    page = stack.send(line, line)
    assert page.status_code == 422 and "Baris 1" in words(page) and HomeVisit.objects.count() == 1


def test_being_sure_lasts_while_the_cell_says_the_same(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    stack = Stack(cadre, there, "visit_4")
    asked = stack.look(1, visited(temperature="39,9"))
    sure = value_of(asked, "1:sure")
    assert sure == "unusual.temperature|39,9"
    ready = stack.look(1, visited(temperature="39,9", sure=sure))
    assert 'data-state="ready"' in ready.content.decode() and value_of(ready, "1:sure") == sure
    assert stack.send(visited(temperature="40,1", sure=sure)).status_code == 422
    assert stack.send(visited(temperature="39,9", sure=sure)).status_code == 302
    assert HomeVisit.objects.get().flags == ["sure:unusual.temperature"]


def test_the_family_sheet_finds_a_family_by_its_name_a_member_or_its_number(
    cast: Cast, cadre: Client, there: Furnished
) -> None:
    number = "7605010101010001"
    household = Household.objects.create(
        region_code=DUNGKAIT, name="Pak Amir", registered_at=BEFORE, changed_at=BEFORE
    )
    Family.objects.create(
        kk=number, kk_index=residents.kk_index(number), region_code=DUNGKAIT, household=household,
        registered_at=BEFORE, changed_at=BEFORE,
    )  # fmt: skip
    stack = Stack(cadre, there, "visit_0")
    member = visited("Nur Aisyah", latrine="ya")
    page = stack.send(
        visited("sitti hawang", latrine="tidak"), visited(number, clean_water="ya"), member, visited("Bu X")
    )
    assert page.status_code == 422 and HomeVisit.objects.count() == 2
    first = HomeVisit.objects.get(household=there.child.household)
    assert first.checklist == 0 and first.person_id is None and Finding.objects.get().code == "no_toilet"
    assert HomeVisit.objects.get(household=household).values == {"clean_water": True}
    text = words(page)
    assert "persis begitu" in text and "Tidak ada keluarga" in text
    member |= {"pick": str(there.child.household_id), "stack_date": "21-11-2026"}
    stack.send({}, {}, member)
    assert HomeVisit.objects.filter(household=there.child.household).count() == 2


@pytest.mark.parametrize("number", range(9))
def test_every_checklist_has_a_column_for_each_question(cadre: Client, there: Furnished, number: int) -> None:
    page = cadre.get(Stack(cadre, there, f"visit_{number}").path, follow=True)
    form = form_queries.form(f"visit_{number}")
    typed = [one for one in form.row if one.type != rules.COMPUTED]
    beside = {one.beside for one in typed}
    text = page.content.decode()
    assert all(f'name="10:{one.key}"' in text for one in typed if one.key not in beside)
    assert all(f'name="1:{key}"' in text for key in stack_rules.ABOUT_VISIT)


@pytest.mark.parametrize("number", range(9))
def test_a_page_is_taken_with_all_its_cells(cadre: Client, there: Furnished, number: int) -> None:
    """A browser sends every cell, also the empty ones."""
    stack = Stack(cadre, there, f"visit_{number}")
    cells = re.findall(r'name="(\d+:[a-z_0-9]+)"', stack.page().content.decode())
    assert len(cells) > 10 * len(stack_rules.ABOUT_VISIT)
    sent = cadre.post(stack.path, {**stack.base, **dict.fromkeys(cells, ""), "1:stack_who": "Nur Aisyah"})
    assert sent.status_code == 422 and "Ini harus dijawab" in words(sent)


def test_a_line_is_emptied_and_a_proposal_is_taken_without_saving(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    stack = Stack(cadre, there, "visit_4")
    page = stack.send(visited(fever="ya"), visited("X Y Z"), clear="2")
    assert page.status_code == 422 and not HomeVisit.objects.exists() and "X Y Z" not in words(page)
    page = stack.send(visited(temperature="379"), use="1:temperature=37,9")
    assert value_of(page, "1:temperature") == "37,9" and not HomeVisit.objects.exists()


# --- lists of those looked after


def listed(name: str = "Andi Baru", **more: str) -> dict[str, str]:
    return {"person_name": name, **more}


def test_data_d_enrols_the_known_and_the_new_with_what_the_card_keeps(
    cast: Cast, cadre: Client, there: Furnished
) -> None:
    known = person("Haji Rahman", date(1955, 5, 5), "L")
    stack = Stack(cadre, there, "data_D")
    page = stack.send(
        listed("Haji Rahman", person_sex="L", person_birth="5-5-1955", smokes="ya", marital="married"),
        listed("Bahar Udin", person_sex="L", person_birth="1-2-1980", occupation="Nelayan", phone="081234",
               person_address="Jalan Pantai", own_illness="Hipertensi, Diabetes", note="Ketua RT"),
    )  # fmt: skip
    assert page.status_code == 302
    first = Participant.objects.get(person=known)
    assert (first.form, first.opened_date, first.details) == (
        "D", TODAY, {"smokes": True, "marital": "married"},
    )  # fmt: skip
    second = Participant.objects.get(person__full_name="Bahar Udin")
    assert second.details == {
        "occupation": "Nelayan", "phone": "081234", "own_illness": ["hypertension", "diabetes"],
        "note": "Ketua RT",
    }  # fmt: skip
    assert second.person.birth_date == date(1980, 2, 1) and second.person.address == "Jalan Pantai"
    sheet = words(cadre.get(reverse("desk_posyandu_sheet", args=[there.melati.id, "data_D"]), {"isi": "1"}))
    assert "Bahar Udin" in sheet and "Ketua RT" in sheet
    count = Person.objects.count()
    stack.send(listed("Bahar Udin", person_sex="L", person_birth="1-2-1980"), listed("Bahar Udin"))
    assert Participant.objects.count() == 2 and Person.objects.count() == count


def test_data_a_asks_about_a_mother_who_may_be_known(cadre: Client, there: Furnished) -> None:
    stack = Stack(cadre, there, "data_A")
    line = listed("Sitti Hawang", husband="Amir", pregnancy_number="2", last_period="01-09-2026",
                  start_weight="51,5", start_height="155")  # fmt: skip
    asked = stack.send(line)
    assert (
        asked.status_code == 422 and "mungkin dimaksud" in words(asked) and not Participant.objects.exists()
    )
    assert stack.send({**line, "pick": str(there.mother.id)}).status_code == 302
    row = Participant.objects.get()
    assert row.person_id == there.mother.id and row.form == "A"
    assert row.details == {
        "husband": "Amir", "pregnancy_number": 2, "last_period": "2026-09-01", "start_weight": 51500,
        "start_height": 1550,
    }  # fmt: skip
    other = Stack(cadre, there, "data_A")
    assert other.send({**line, "pick": "new"}).status_code == 302
    newcomer = Participant.objects.exclude(person=there.mother).get().person
    assert (newcomer.full_name, newcomer.sex) == ("Sitti Hawang", "P")


def test_a_child_is_tied_to_the_mother_and_twins_are_asked(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    line = listed("Muh. Fajar", person_sex="L", person_birth="10-11-2025", mother_name="Sitti Hawang",
                  birth_weight="3,1", birth_length="49")  # fmt: skip
    stack = Stack(cadre, there, "data_B")
    asked = stack.send(line)
    assert "Pilih bila dialah ibunya" in words(asked) and Participant.objects.count() == 1
    line |= {"mother": str(there.mother.id)}
    ready = stack.look(1, line)
    assert 'data-state="ready"' in ready.content.decode() and "Sitti Hawang" in words(ready)
    asked = stack.send(line)
    assert asked.status_code == 422 and "kembar" in words(asked) and Participant.objects.count() == 1
    assert stack.send({**line, "sure": value_of(asked, "1:sure")}).status_code == 302
    row = Participant.objects.get(person__full_name="Muh. Fajar")
    assert row.mother_id == there.mother.id and row.person.household_id == there.mother.household_id
    assert row.details == {"birth_weight": 3100, "birth_length": 490}
    alone = Stack(cadre, there, "data_B")
    name_only = {**line, "person_name": "Cahaya", "person_birth": "2-3-2025", "mother": "new"}
    assert alone.send(name_only).status_code == 302
    row = Participant.objects.get(person__full_name="Cahaya")
    assert row.mother_id is None and row.details["mother_name"] == "Sitti Hawang"


def test_a_mother_is_never_guessed_from_her_name_outside_the_house(cadre: Client, there: Furnished) -> None:
    """A message about the child would reach a stranger; who lives in the child's house is the mother, a grandmother's age is none."""
    person("Nurhayati", date(1950, 1, 1))
    line = listed("Fajar", person_sex="L", person_birth="10-10-2025", mother_name="Nurhayati")
    assert Stack(cadre, there, "data_B").send(line).status_code == 302
    assert Participant.objects.get().mother_id is None
    known = listed("Nur Aisyah", person_sex="P", person_birth="10-11-2025", mother_name="Sitti Hawang")
    Person.objects.filter(id=there.child.id).update(household=None)
    assert "Pilih bila dialah ibunya" in words(Stack(cadre, there, "data_B").send(known))
    Person.objects.filter(id=there.child.id).update(household_id=there.mother.household_id)
    assert Stack(cadre, there, "data_B").send(known).status_code == 302
    assert Participant.objects.get(person=there.child).mother_id == there.mother.id


def test_two_mothers_of_one_name_are_asked(cast: Cast, cadre: Client, there: Furnished) -> None:
    second = person("Sitti Hawang", date(1990, 1, 1))
    line = listed("Fajar", person_sex="L", person_birth="10-10-2025", mother_name="Sitti Hawang")
    stack = Stack(cadre, there, "data_B")
    asked = stack.send(line)
    assert "Pilih ibunya" in words(asked) and not Participant.objects.exists()
    assert stack.send({**line, "mother": str(second.id)}).status_code == 302
    assert Participant.objects.get().mother_id == second.id


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        ("data_B", listed(person_sex="L"), "Tanggal lahir anak harus diisi"),
        ("data_B", listed(person_birth="1-1-2025"), "harus dijawab"),
        ("data_B", listed(person_sex="L", person_birth="1-1-2027"), "Tanggal lahir ini belum tiba"),
        ("data_B", listed(person_sex="L", person_birth="1-1-2015"), "formulir C"),
        ("data_B", listed(person_sex="L", person_birth="1-1-2025", birth_weight="3100"), "3,1"),
        ("data_C", listed(person_sex="L", person_birth="1-1-2015", person_nik="123"), "16 angka"),
        ("data_D", listed("", person_sex="L", occupation="Tani"), "harus dijawab"),
        ("data_D", listed(person_sex="X"), "Pilih salah satu"),
        ("data_B", listed("Nur Aisyah", person_sex="P", person_birth="10-11-2025"), "sudah terdaftar"),
        (
            "data_D",
            listed("Sitti Hawang", person_sex="P", person_nik=NIK, person_birth="1-1-1990"),
            "mungkin dimaksud",
        ),
    ],
)
def test_a_faulty_name_stays_as_typed_with_a_sentence(
    cast: Cast, cadre: Client, there: Furnished, card: Participant, code: str, line: dict[str, str], said: str
) -> None:
    stack = Stack(cadre, there, code)
    looked = stack.look(2, line)
    assert (said in words(looked)) == ("harus di" not in said)  # what is empty is said by the button alone
    assert 'data-state="ready"' not in looked.content.decode()
    page = stack.send(line)
    assert page.status_code == 422 and said in words(page)
    assert Participant.objects.count() == 1 and all(text in page.content.decode() for text in line.values())


def test_a_number_is_one_person_and_another_posyandu_has_the_card(
    cast: Cast, cadre: Client, there: Furnished
) -> None:
    owner = person_actions.register_person(
        by=cast.cadre, at=NOW, full_name="Rosdiana", sex="P", birth_date=date(1970, 1, 2), nik=NIK,
        region_code=DUNGKAIT,
    ).person  # fmt: skip
    stack = Stack(cadre, there, "data_D")
    asked = stack.send(listed("Rosmina", person_sex="P", person_nik=NIK))
    assert "NIK ini" in words(asked) and "orang baru" not in words(asked)
    asked = stack.send(listed("Rosdiana", person_sex="P", person_nik=NIK, person_birth="3-1-1970"))
    assert "02-01-1970" in words(asked)
    enrol(cast, there.mawar, owner, form="D")
    asked = stack.send(listed("Rosdiana", person_sex="P", person_nik=NIK))
    assert "Posyandu Mawar" in words(asked) and "Buka kartu" in words(asked)
    assert Participant.objects.count() == 1


def test_two_of_one_name_on_the_list_are_asked(cadre: Client, there: Furnished) -> None:
    line = listed(person_sex="L", person_birth="1-2-1980")
    stack = Stack(cadre, there, "data_D")
    page = stack.send(line, {**line, "person_birth": "5-6-1991"})
    assert page.status_code == 422 and "Baris 1" in words(page) and Participant.objects.count() == 1
    known = stack.send({}, listed("Andi Baru", person_sex="L", person_birth="5-6-1991"))
    assert "mungkin dimaksud" in words(known)
    done = stack.send({}, listed("Andi Baru", person_sex="L", person_birth="5-6-1991", pick="new"))
    assert done.status_code == 302 and Participant.objects.count() == 2


# --- who may, what it costs, where it is found


def test_neighbours_find_no_stack(cast: Cast, there: Furnished, card: Participant) -> None:
    for part in ("neighbour_cadre", "village_head"):
        client = sit(cast, part)
        for code, line in (("visit_4", visited(fever="ya")), ("data_D", listed(person_sex="L"))):
            stack = Stack(client, there, code)
            assert stack.page().status_code == 404
            assert stack.look(1, line).status_code == 404 and stack.send(line).status_code == 404
    assert not HomeVisit.objects.exists() and Participant.objects.count() == 1


def test_addresses_that_are_none(cadre: Client, there: Furnished) -> None:
    stack = Stack(cadre, there, "visit_4")
    assert stack.look(11, visited()).status_code == 404
    assert cadre.post(stack.path, {"versi": "2023"}).status_code == 404
    assert cadre.get(stack.path.replace("/4/", "/9/")).status_code == 404
    assert cadre.get(Stack(cadre, there, "data_D").path.replace("/D/", "/X/")).status_code == 404


@pytest.mark.parametrize("code", ["visit_0", "visit_4", "data_B"])
def test_looking_at_a_full_page_costs_as_much_as_at_one_line(
    cadre: Client, there: Furnished, card: Participant, code: str
) -> None:
    def line(number: int) -> dict[str, str]:
        if code == "data_B":
            more = {"person_sex": "L", "person_birth": f"{number}-1-2025", "mother_name": "Sitti Hawang"}
            return listed(f"Anak {'abcdefghij'[number]}", birth_weight="3100", **more)
        return visited("Nur Aisyah" if code == "visit_4" else "Sitti Hawang", f"{number}-11-2026", "")

    def cost(count: int) -> int:
        stack = Stack(cadre, there, code)
        with CaptureQueriesContext(connection) as made:
            assert stack.send(*(line(one) for one in range(1, count + 1))).status_code == 422
        return len(made)

    cost(1)
    assert cost(9) == cost(1)


def test_the_list_of_sheets_says_how_each_is_typed(cadre: Client, there: Furnished) -> None:
    page = cadre.get(reverse("desk_posyandu_forms", args=[there.melati.id])).content.decode()
    for form in form_queries.forms():
        assert (f"/{form.code}/cetak/") in page
    assert page.count("Dihitung dari yang sudah dicatat") == 4
    assert reverse("desk_posyandu_recap", args=[there.melati.id]) in page
    assert page.count("Isi setumpuk") == 18 and page.count("Isi satu") == 18
    for code in ("visit_0", "visit_8", "data_A", "data_D"):
        assert Stack(cadre, there, code).path in page
    one = words(cadre.get(reverse("desk_posyandu_form", args=[there.melati.id, "recap_B"])))
    assert "Dihitung dari yang sudah dicatat" in one and "Isi setumpuk" not in one
    found = cadre.get(reverse("desk_posyandu_visit_new", args=[there.melati.id]), {"daftar": "3", "q": "nur"})
    assert 'name="daftar" value="3"' in found.content.decode()
