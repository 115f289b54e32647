"""A district's own programme and rule by form: words, preview, other numbers, an end; nobody but the administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.lib.actor import MACHINE
from simpul.programmes.actions import programmes as acts
from simpul.programmes.models import Programme, RuleVersion
from simpul.programmes.queries import catalogue
from tests.cast import NOW, Cast, assemble

ON = date(2026, 11, 25)


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the programmes that ship."""
    made = assemble()
    acts.load_programmes(by=MACHINE, at=NOW)
    return made


def sign_in(client: Client, cast: Cast, part: str) -> None:
    """Sign in, sit down, second factor passed."""
    client.force_login(cast.user(part))
    session = client.session
    session["seat_id"] = str(cast.seats[part].id)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 4_000_000_000}]
    session.save()


RULE: dict[str, Any] = {
    "version": "Perbup 4/2026", "source": "Perbup Bantaeng 4/2026", "valid_from": "2026-01-01", "confidence": "confirmed",
    "region_code": "7303", "unit": "household", "combine": "at_least", "least": "2",
    "fact_1": "house.floor", "op_1": "one_of", "value_1": "Tanah, bambu",
    "fact_2": "household.income", "op_2": "below", "value_2": "Rp1.000.000",
    "whose_3": "any_member", "fact_3": "person.age", "op_3": "between", "value_3": "0, 6",
    "fact_4": "household.lost_livelihood", "op_4": "is", "value_4": "ya",
}  # fmt: skip


def test_a_district_writes_its_own_programme_and_rule_without_code(client: Client, cast: Cast) -> None:
    sign_in(client, cast, "administrator")
    assert client.get(reverse("manage_programmes")).status_code == 200
    given = {
        "code": "rumah-mandiri",
        "name": "Rumah Mandiri",
        "authority": "Kabupaten Bantaeng",
        "kind": "aid",
    }
    assert client.post(reverse("manage_programme_add"), given).status_code == 302
    assert Programme.objects.get(code="rumah-mandiri").is_own
    address = reverse("manage_rule_add", args=["rumah-mandiri"])
    assert client.get(address).status_code == 200
    seen = client.post(address, {**RULE, "preview": "1"}).content.decode()
    assert "Sekurangnya 2 dari 4 ini" in seen and "Rumah sempit" in seen
    assert not RuleVersion.objects.filter(programme="rumah-mandiri").exists()
    assert client.post(address, RULE).status_code == 302
    made = RuleVersion.objects.get(programme="rumah-mandiri")
    assert made.criteria["of"][0] == {"field": "house.floor", "one_of": ["earth", "bamboo"]}
    assert made.criteria["of"][2] == {"any_member": {"field": "person.age", "between": [0, 6]}}
    page = client.get(reverse("manage_programme", args=["rumah-mandiri"])).content.decode()
    assert "Salah seorang dalam rumah tangga" in page and "Somebody in the household" in page


WRONG = [
    {"value_1": "emas"},
    {"op_1": "below"},
    {"value_2": "banyak"},
    {"value_3": "3"},
    {"value_4": "mungkin"},
    {"least": "banyak"},
    {"source": ""},
    {"valid_until": "2025-01-01"},
    {"whose_1": "any_member"},
    {"fact_1": "", "fact_2": "", "fact_3": "", "fact_4": ""},
]


@pytest.mark.parametrize("change", WRONG, ids="-".join)
def test_a_wrong_row_keeps_what_was_typed_and_says_why(
    client: Client, cast: Cast, change: dict[str, str]
) -> None:
    sign_in(client, cast, "administrator")
    count = RuleVersion.objects.count()
    answer = client.post(reverse("manage_rule_add", args=["pkh"]), {**RULE, **change})
    assert answer.status_code == 422 and "Perbup 4/2026" in answer.content.decode()
    assert RuleVersion.objects.count() == count


def test_a_number_is_replaced_for_the_district_and_a_version_ends(client: Client, cast: Cast) -> None:
    sign_in(client, cast, "administrator")
    known = RuleVersion.objects.get(programme="bsps-floor-area")
    address = reverse("manage_rule_numbers", args=[known.id])
    assert client.get(address).status_code == 200
    given = {
        "version": "7,2 m²", "source": "Perbup 5/2026", "valid_from": "2026-01-01", "confidence": "confirmed",
        "region_code": "7303", "figure_area": "720",
    }  # fmt: skip
    assert client.post(address, given).status_code == 302
    here = {rule.programme_id: rule for rule in catalogue.rules_in_force(ON, "7303012008")}
    assert here["bsps-floor-area"].figures == {"area": 720}
    own = RuleVersion.objects.get(programme="bsps-floor-area", region_code="7303")
    ended = reverse("manage_rule_end", args=[own.id])
    assert client.get(ended).status_code == 200
    assert client.post(ended, {"valid_until": "2025-01-01"}).status_code == 422
    assert client.post(ended, {"valid_until": "2026-06-30"}).status_code == 302
    here = {rule.programme_id: rule for rule in catalogue.rules_in_force(ON, "7303012008")}
    assert here["bsps-floor-area"].figures == {"area": 900}


@pytest.mark.parametrize("part", ["admin", "neighbour_coordinator", "village_officer"])
def test_others_find_no_such_pages(client: Client, cast: Cast, part: str) -> None:
    sign_in(client, cast, part)
    version = RuleVersion.objects.first()
    for address in (
        reverse("manage_programmes"),
        reverse("manage_programme", args=["pkh"]),
        reverse("manage_programme_add"),
        reverse("manage_rule_add", args=["pkh"]),
        reverse("manage_rule_numbers", args=[version.id]),  # type: ignore[union-attr]
        reverse("manage_rule_end", args=[version.id]),  # type: ignore[union-attr]
    ):
        assert client.get(address).status_code == 404
