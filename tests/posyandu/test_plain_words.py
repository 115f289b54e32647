"""No page of the posyandu shows a code of the catalogues to anybody: rules, findings, services and fields are named in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import get_resolver, reverse

from simpul.posyandu.models import Finding
from simpul.posyandu.queries import findings, rulebook
from tests.cast import Cast, assemble
from tests.posyandu import requests_help
from tests.posyandu.day_help import TODAY, enrol, furnish, person, record
from tests.posyandu.follow_help import visit
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db

FORMULA = re.compile(rb"<code>.*?</code>")
"""Formulas of the monthly columns are shown as formulas, on purpose."""
UNDERSCORED = re.compile(r"(?<![\w/.-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/-])")


def codes() -> set[str]:
    """Codes of rules and of their versions that no language has as a word."""
    rules = rulebook.shipped()
    found = {one.code for rule in rules for one in rule.versions if "-" in one.code}
    return found | {"kbm", "kms", "puma", "tbc", "kek", "aks", "srq", "skilas"}


@pytest.fixture
def given() -> dict[str, Any]:
    """What the addresses of the posyandu name: a child with findings, its entry, a visit, a task, a request."""
    cast = assemble()
    there = furnish(cast)
    card = enrol(cast, there.melati, there.child)
    record(cast, card, TODAY - timedelta(days=60), weight=6000, height=620)
    row = record(cast, card, TODAY, weight=5900, height=621, values={"muac": 108, "tbc_cough": True})
    elder = enrol(
        cast, there.melati, person("Daeng Rala", date(1950, 1, 1), "L", household=there.child.household), "D"
    )
    record(cast, elder, TODAY, values={"systolic": 190, "diastolic": 115, "tbc_cough": True, "glucose": 250})
    went = visit(there.melati, person=there.child, household=there.child.household, participant=card)
    there.melati.fields = requests_help.SIX
    there.melati.save()
    asked = requests_help.taken(cast).request
    finding = Finding.objects.filter(examination=row).exclude(rule="").first()
    assert finding is not None
    return {
        "cast": cast,
        "posyandu_id": there.melati.id,
        "participant_id": card.id,
        "examination_id": row.id,
        "finding_id": finding.id,
        "cadretask_id": finding.tasks.get().id,
        "household_id": there.child.household_id,
        "homevisit_id": went.id,
        "fieldrequest_id": asked.id,
    }


def addresses(given: dict[str, Any]) -> Iterator[str]:
    """Every address of the posyandu's rooms that is read, as far as the names in it are given; each rule by itself."""
    names = get_resolver().reverse_dict
    for name in (key for key in names if isinstance(key, str) and key.startswith("desk_posyandu")):
        for _pattern, keys in names.getlist(name)[0][0]:
            if all(key in given for key in keys):
                yield reverse(name, kwargs={key: given[key] for key in keys})
    for rule in rulebook.shipped():
        yield reverse("desk_posyandu_rule", args=[rule.code])
    for row in Finding.objects.all():
        yield reverse("desk_posyandu_finding", args=[row.id])


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_page_shows_a_code(given: dict[str, Any], language: str) -> None:
    cast: Cast = given["cast"]
    client = sit(cast, "midwife")
    client.cookies["bahasa"] = language
    looked, shown = 0, {}
    for address in addresses(given):
        page = client.get(address)
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        looked += 1
        page.content = FORMULA.sub(b" ", page.content)
        text = words(page)
        bad = list(UNDERSCORED.findall(text))
        bad += [code for code in codes() if re.search(rf"(?<![\w/-]){re.escape(code)}(?![\w/-])", text)]
        bad += re.findall(r"%\(\w+\)", text)
        if bad:
            shown[address] = sorted(set(bad))
    assert shown == {}
    assert looked > 60


def test_a_rule_is_called_by_its_title_and_version() -> None:
    assert (
        rulebook.called("kbm", "kms-by-sex", "id")
        == "Kenaikan berat minimal (KBM) · KMS laki-laki dan perempuan"
    )
    assert rulebook.called("kbm", "of-long-ago", "id") == "Kenaikan berat minimal (KBM)"
    assert rulebook.called("of-long-ago", "1", "id") == ""
    for kind in findings.book().values():
        assert "%(" not in kind.source and "unconfirmed" not in kind.source
