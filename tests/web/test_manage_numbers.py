"""Numbers given out before their matters, at the administration; a matter that arrived late, at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from simpul.cases.actions import reserving
from simpul.cases.models import CaseReservation
from simpul.lib.actor import MACHINE
from tests import cast as cast_module
from tests.cast import DUNGKAIT, NOW, Cast
from tests.web.desk_pages import sit, words
from tests.web.test_manage import entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return cast_module.assemble()


def test_who_holds_numbers_is_seen_and_they_are_taken_back(cast: Any) -> None:
    admin = entering(cast)("administrator")
    assert "Tidak ada nomor" in words(admin.get(reverse("manage_numbers")))
    given = reserving.reserve_numbers(
        by=MACHINE, at=NOW, region_code=DUNGKAIT, count=2, for_device="HP Pak Camat"
    )
    shown = words(admin.get(reverse("manage_numbers")))
    assert "HP Pak Camat" in shown and given[0].number in shown and "Masih dipegang" in shown
    told = admin.post(reverse("manage_numbers_back"), {"device": "HP Pak Camat"}, follow=True)
    assert "2 nomor ditarik" in words(told) and "Sudah ditarik" in words(told)
    assert set(CaseReservation.objects.values_list("state", flat=True)) == {"returned"}
    again = admin.post(reverse("manage_numbers_back"), {"device": "HP Pak Camat"}, follow=True)
    assert "Tidak ada yang perlu ditarik" in words(again)
    assert entering(cast)("manager").post(reverse("manage_numbers_back"), {}).status_code == 404


def test_a_matter_that_arrived_late_says_from_when_its_deadlines_count(cast: Cast) -> None:
    admin = sit(cast, "admin")
    late = cast.case(channel="field", declared_at=NOW - timedelta(days=2))
    wrong = cast.case(channel="field", declared_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert "Tenggat dihitung dari waktu pertama" in words(admin.get(reverse("desk_case", args=[late.id])))
    assert "tidak mungkin benar" in words(admin.get(reverse("desk_case", args=[wrong.id])))
    plain = cast.case()
    assert "Diterima tanpa jaringan" not in words(admin.get(reverse("desk_case", args=[plain.id])))
