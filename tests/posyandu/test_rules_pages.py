"""The pages of health rules: what each seat sees, choosing, ending, judging again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from simpul.posyandu.models import Examination, Rerun, RuleChoice
from simpul.posyandu.queries import reruns, rulebook
from simpul.web.desk.posyandu_rules import shown
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, person, record
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db

LIST = reverse("desk_posyandu_rules")
TBC = reverse("desk_posyandu_rule", args=["tbc"])
AGAIN = reverse("desk_posyandu_rules_again")
ONE_SIGN = {"tbc_cough": True, "tbc_fever": False, "tbc_weight": False, "tbc_contact": False}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def coughing(cast: Cast, there: Furnished) -> Examination:
    who = enrol(cast, there.melati, person("Daeng Rala", date(1970, 1, 1), "L"), "D")
    return record(cast, who, TODAY, values=ONE_SIGN)


def page(cast: Cast, part: str, url: str, **given: Any) -> Any:
    return sit(cast, part).get(url, given)


@pytest.mark.parametrize(
    "part", ["cadre", "midwife", "village_head", "secretary", "manager", "administrator"]
)
def test_rules_are_open_to_all_who_work_with_a_posyandu(cast: Cast, part: str) -> None:
    shown = page(cast, part, LIST).content.decode()
    assert "Satu gejala dirujuk" in shown
    assert "KMK HK.01.07/MENKES/2015/2023" in shown


def test_the_day_is_written_as_in_the_rest_of_the_house_and_one_that_is_none_is_said(cast: Cast) -> None:
    shown = page(cast, "midwife", LIST, hari="1/2/2026").content.decode()
    assert 'value="1/2/2026"' in shown and "1 Februari 2026" in shown and 'type="date"' not in shown
    shown = page(cast, "midwife", LIST, hari="31/2/2026").content.decode()
    assert 'aria-invalid="true"' in shown and "17/8/2026" in shown
    assert 'type="date"' not in page(cast, "midwife", AGAIN).content.decode()


def test_who_has_nothing_to_do_with_it_finds_nothing(cast: Cast) -> None:
    for url in (LIST, TBC, AGAIN):
        assert page(cast, "pokja", url).status_code == 404


def test_every_rule_has_its_page(cast: Cast) -> None:
    client = sit(cast, "manager")
    for rule in rulebook.shipped():
        shown = client.get(reverse("desk_posyandu_rule", args=[rule.code]))
        assert shown.status_code == 200
        text = words(shown)
        assert all(one.name in text for one in rule.versions)
    assert client.get(reverse("desk_posyandu_rule", args=["nothing"])).status_code == 404


def test_names_for_those_who_work_with_people_and_numbers_for_the_regency(
    cast: Cast, coughing: Examination
) -> None:
    asked = {"versi": "older-card", "sejak": "2026-11-01", "wilayah": DUNGKAIT}
    midwife = page(cast, "midwife", TBC, **asked).content.decode()
    assert "1 dari 1 catatan akan dinilai lain" in midwife
    assert "Daeng Rala" in midwife
    manager = page(cast, "manager", TBC, **asked).content.decode()
    assert "Beberapa catatan akan dinilai lain" in manager
    assert "dari 1 catatan" not in manager
    assert "Daeng Rala" not in manager
    head = page(cast, "village_head", TBC, **asked).content.decode()
    assert "akan dinilai lain" not in head
    assert "Daeng Rala" not in head


def test_the_regency_counts_its_whole_area_from_the_first_of_a_month_without_small_groups(
    cast: Cast, there: Furnished
) -> None:
    """No area or day that is asked for singles anybody out, nor does one group beside another."""
    for number in range(5):
        who = enrol(cast, there.melati, person(f"Orang {number}", date(1970, 1, 1), "L"), "D")
        record(cast, who, date(2026, 11, 3), values=ONE_SIGN)
    quiet = dict.fromkeys(ONE_SIGN, False)
    for number in range(5):
        who = enrol(cast, there.melati, person(f"Sehat {number}", date(1970, 1, 1), "L"), "D")
        record(cast, who, date(2026, 11, 3), values=quiet)
    near = page(cast, "midwife", TBC, versi="older-card", sejak="2026-11-20").content.decode()
    assert "0 dari 0 catatan" in near
    for asked in ({"sejak": "2026-11-20"}, {"wilayah": "7602"}, {"wilayah": DUNGKAIT}):
        shown = page(cast, "manager", TBC, versi="older-card", **{"sejak": "2026-11-01", **asked})
        text = shown.content.decode()
        assert "5 dari 10 catatan akan dinilai lain" in text


def test_counts_hide_small_groups_and_what_tells_of_them() -> None:
    """One group of two beside one of nine: both are hidden, and so is how many are referred."""
    tally = reruns.Tally(looked=40, changed=11, referred=9)
    tally.kinds.update({("tbc", ("a",), ("b",)): 9, ("tbc", ("b",), ("a",)): 2})
    safe = shown.counted(tally, named=False)
    assert (safe["looked"], safe["changed"], safe["referred"], safe["released"]) == (40, 11, None, 0)
    assert [row["count"] for row in safe["kinds"]] == [None, None]
    open_to = shown.counted(tally, named=True)
    assert [row["count"] for row in open_to["kinds"]] == [9, 2] and open_to["referred"] == 9
    for looked, changed in ((3, 0), (3, 3), (40, 3), (40, 38)):
        few = shown.counted(reruns.Tally(looked=looked, changed=changed), named=False)
        assert few["changed"] == (None if changed else 0)
        assert few["any"] is (changed > 0)


def test_another_area_is_not_found(cast: Cast) -> None:
    assert page(cast, "cadre", LIST, wilayah="7303012008").status_code == 404
    assert page(cast, "neighbour_cadre", LIST, wilayah=DUNGKAIT).status_code == 404


def choose(client: Client, **given: str) -> Any:
    wanted = {
        "key": str(uuid4()),
        "version": "older-card",
        "from_date": "01/11/2026",
        "until_date": "",
        "reason": "Kartu lama masih dipakai",
    }
    return client.post(TBC, {**wanted, **given})


def test_a_manager_chooses_and_ends(cast: Cast) -> None:
    client = sit(cast, "manager")
    assert choose(client).status_code == 302
    choice = RuleChoice.objects.get()
    assert (choice.region_code, choice.version) == ("7602", "older-card")
    shown = client.get(TBC).content.decode()
    assert "Kartu lama masih dipakai" in shown
    end = reverse("desk_posyandu_rule_end", args=[choice.id])
    assert end in shown
    assert client.post(end, {"until_date": "31/10/2026", "why": ""}).status_code == 422
    assert client.post(end, {"until_date": "31/10/2026", "why": "Salah pilih"}).status_code == 302
    choice.refresh_from_db()
    assert choice.ended_at is not None


def test_a_refusal_is_said_beside_its_field(cast: Cast) -> None:
    answer = choose(sit(cast, "manager"), reason="ok")
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.content.decode()
    assert not RuleChoice.objects.exists()


@pytest.mark.parametrize("part", ["cadre", "midwife", "village_head"])
def test_who_may_not_choose_has_no_form(cast: Cast, part: str) -> None:
    client = sit(cast, part)
    assert "Simpan pilihan" not in client.get(TBC).content.decode()
    assert choose(client).status_code == 404
    assert client.post(AGAIN, {}).status_code == 404


def test_judging_again_shows_and_stores(cast: Cast, coughing: Examination) -> None:
    client = sit(cast, "manager")
    assert "Tidak ada yang perlu dilakukan" in client.get(AGAIN, {"sejak": "2026-11-01"}).content.decode()
    RuleChoice.objects.create(
        rule="tbc",
        version="older-card",
        region_code="7602",
        from_date=date(2026, 11, 1),
        reason="Kartu lama",
        set_at=NOW,
    )
    shown = client.get(AGAIN, {"sejak": "2026-11-01"}).content.decode()
    assert "Nilai ulang dan simpan" in shown
    given = {"key": str(uuid4()), "since": "2026-11-01", "reason": "Kartu lama dipakai sejak November"}
    assert client.post(f"{AGAIN}?sejak=2026-11-01", given).status_code == 302
    coughing.refresh_from_db()
    assert not coughing.refer
    assert Rerun.objects.get().changed == 1
    done = client.get(AGAIN).content.decode()
    assert "1 dari 1 catatan" not in done and "jumlahnya tidak ditampilkan" in done


def test_pages_cost_a_fixed_number_of_queries(
    cast: Cast, there: Furnished, django_assert_max_num_queries: Any
) -> None:
    client = sit(cast, "midwife")
    client.get(LIST)
    for name in ("Satu", "Dua", "Tiga", "Empat"):
        who = enrol(cast, there.melati, person(name, date(1970, 1, 1), "L"), "D")
        record(cast, who, TODAY, values=ONE_SIGN)
    with django_assert_max_num_queries(40):
        client.get(TBC, {"versi": "older-card", "sejak": "2026-11-01"})
