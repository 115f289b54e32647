"""The desk's pages of rehabilitation plans, as an officer walks them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from simpul.cases.models import Case
from simpul.programmes.models import Plan
from tests.cast import BONTO_JAI, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/rencana/"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def coordinator(cast: Cast) -> Client:
    return sit(cast, "neighbour_coordinator")


@pytest.fixture
def matter(cast: Cast) -> Case:
    return cast.case(
        by=cast.neighbour,
        kind_code="social_problem",
        region_code=BONTO_JAI,
        channel="desk",
        consent="spoken",
        answers={"sector": "health", "ppks": "8"},
    )


def press(client: Client, plan: Plan, slug: str, row: Any = None, **given: Any) -> Any:
    middle = f"tujuan/{row}/" if row else ""
    return client.post(
        f"{HOME}{plan.id}/{middle}{slug}/", {f"{slug}-{name}": value for name, value in given.items()}
    )


def begun(client: Client, matter: Case) -> Plan:
    answer = client.post(
        f"{HOME}baru/?kasus={matter.id}", {"category": "8", "cluster": "", "about": "Tinggal sendiri."}
    )
    assert answer.status_code == 302
    return Plan.objects.get()


def test_an_empty_list_teaches(coordinator: Client) -> None:
    assert "Belum ada rencana" in words(coordinator.get(HOME))


def test_a_plan_is_made_from_a_matter_and_walked_to_its_end(coordinator: Client, matter: Case) -> None:
    page = coordinator.get(f"/meja/kasus/{matter.id}/")
    assert "Buat rencana rehabilitasi" in words(page)
    plan = begun(coordinator, matter)
    assert "Tulis asesmen" in words(coordinator.get(f"{HOME}{plan.id}/"))
    assert (
        press(coordinator, plan, "asesmen", level_health="2", words_health="Sulit berjalan").status_code
        == 302
    )
    press(coordinator, plan, "tujuan", words="Makan teratur", sign="Dapur menyala", due_date="2027-03-01")
    goal = plan.goals.get()
    press(coordinator, plan, "layanan", goal.id, service="living", from_date="2026-11-30", cost="Rp300.000")
    assert press(coordinator, plan, "mulai").status_code == 302
    press(coordinator, plan, "kunjungan", on_date="2026-12-01", way="home", purpose="Antar sembako")
    press(coordinator, plan, "bertemu", plan.appointments.get().id, result="met", words="Dapur menyala.")
    press(coordinator, plan, "pantau", direction="better", words="Makan teratur.")
    press(coordinator, plan, "hasil", goal.id, state="reached", words="Terlihat.")
    assert press(coordinator, plan, "tutup", outcome="reached", words="Tercapai.").status_code == 302
    plan.refresh_from_db()
    assert plan.state == "closed"
    printed = words(coordinator.get(f"{HOME}{plan.id}/cetak/"))
    assert "Rp300.000" in printed and "Dapur menyala." in printed and "Membaik" in printed


def test_what_is_missing_is_said_and_what_was_typed_stays(coordinator: Client, matter: Case) -> None:
    plan = begun(coordinator, matter)
    answer = press(coordinator, plan, "tutup", outcome="reached", words="Selesai saja dulu.")
    assert answer.status_code == 422
    assert "catat keadaan orang itu setelah layanan" in words(answer)
    assert "Selesai saja dulu." in answer.content.decode()


def test_the_neighbour_and_the_colleague_see_nothing(cast: Cast, coordinator: Client, matter: Case) -> None:
    plan = begun(coordinator, matter)
    for part in ("admin", "manager", "village_officer", "neighbour"):
        client = sit(cast, part)
        assert client.get(f"{HOME}{plan.id}/").status_code == 404
        assert press(client, plan, "tutup", outcome="died", words="Tidak ada lagi.").status_code == 404
    assert plan.person.full_name not in words(
        sit(cast, "neighbour_manager").get(HOME)
    )  # theirs to lead, not theirs to do
    assert plan.person.full_name in words(sit(cast, "neighbour_manager").get(f"{HOME}?punya=semua"))


@pytest.mark.parametrize(
    "path", ["baru/", "baru/?kasus=x", "baru/?orang=00000000-0000-0000-0000-000000000000"]
)
def test_a_plan_for_nobody_is_not_found(coordinator: Client, path: str) -> None:
    assert coordinator.get(HOME + path).status_code == 404
