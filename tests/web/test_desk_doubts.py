"""What two officers wrote without seeing each other's, on the pages of the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simpul.lib.ids import uuid7
from simpul.people import actions
from simpul.people.models import Contact, ContactDoubt, Household, HouseholdDoubt
from tests.cast import Cast, assemble
from tests.people import register as building
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
TANYA = "/meja/warga/tanya/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def lived(cast: Cast) -> building.Home:
    """A household whose head has two numbers, and that was perhaps written down twice."""
    by, at = cast.village_officer, timezone.now() - timedelta(days=3)
    home = building.home(by, at)
    for typed in ("0812 1111 1111", "0812 2222 2222"):
        actions.add_contact(
            by=by,
            at=at,
            person_id=home.head.id,
            channel="phone",
            as_typed=typed,
            contact_id=uuid7(),
            seen_ids=(),
        )
    twin = actions.open_household(by=by, at=at, region_code=building.DUNGKAIT, name="Rumah kebun")
    actions.open_family(
        by=by,
        at=at,
        region_code=building.DUNGKAIT,
        kk=building.KK,
        household_id=twin.id,
        family_id=uuid7(),
    )
    actions.join_household(by=by, at=at, household_id=twin.id, person_id=home.child.id, seen="")
    return home


def _rt(home: building.Home) -> str:
    return f"/meja/warga/rt/{home.household.id}/"


def test_questions_stand_on_the_pages_they_are_about_and_in_one_list(
    cast: Cast, lived: building.Home
) -> None:
    officer, manager = sit(cast, "village_officer"), sit(cast, "manager")
    for address in (_rt(lived), TANYA):
        shown = words(manager.get(address))
        assert "Mana yang benar untuk Abdul Rahman?" in shown
        assert "0812 1111 1111" in shown and "0812 2222 2222" in shown
        assert "Di mana Nur Aisyah tinggal?" in shown and "Satu rumah tangga atau dua?" in shown
    assert "Mana yang benar" in words(manager.get(f"/meja/warga/orang/{lived.head.id}/"))
    masked = words(
        officer.get(_rt(lived))
    )  # who may not settle sees that there is a question, and no whole number
    assert "Mana yang benar" in masked and "0812 1111 1111" not in masked
    assert "Ini satu rumah tangga" not in masked
    assert "Mana yang benar" not in words(sit(cast, "neighbour_manager").get(TANYA))


def test_a_number_is_settled(cast: Cast, lived: building.Home) -> None:
    doubt = ContactDoubt.objects.get()
    address = f"{TANYA}kontak/{doubt.id}/"
    manager = sit(cast, "manager")
    given = {"chosen": str(doubt.second_id), "why": "Ditelepon", "next": _rt(lived)}
    assert sit(cast, "village_officer").post(address, given).status_code in (403, 404)
    answer = manager.post(address, given)
    assert (answer.status_code, answer["Location"]) == (302, _rt(lived))
    assert not Contact.objects.get(id=doubt.first_id).is_current
    assert "Sudah diputuskan" in words(manager.get(_rt(lived)))
    manager.post(address, {**given, "next": "https://elsewhere.example/"})
    assert "sudah diputuskan orang lain" in words(manager.get(TANYA))
    assert manager.post(f"{TANYA}kontak/{uuid7()}/", given).status_code == 404


def test_two_households_become_one_and_two_again(cast: Cast, lived: building.Home) -> None:
    manager = sit(cast, "manager")
    pair = HouseholdDoubt.objects.get(reason="card")
    wrong = manager.post(f"{TANYA}rt/{pair.id}/", {"decision": "second"}, follow=True)
    assert "Pilih salah satu jawaban" in words(wrong)
    assert "Sudah diputuskan" in words(
        manager.post(f"{TANYA}rt/{pair.id}/", {"decision": "same"}, follow=True)
    )
    assert Household.objects.get(id=pair.second_id).ended_date is not None
    assert "Disatukan menjadi satu rumah tangga" in words(manager.get(_rt(lived)))
    parted: Any = manager.post(f"{TANYA}rt/{pair.id}/pisah/", {"next": _rt(lived)}, follow=True)
    assert "kembali menjadi dua rumah tangga" in words(parted)
    lives = HouseholdDoubt.objects.get(reason="lives")
    manager.post(f"{TANYA}rt/{lives.id}/", {"decision": "first"})
    assert HouseholdDoubt.objects.get(id=lives.id).state == "first"
    lived.child.refresh_from_db()
    assert lived.child.household_id == lived.household.id
