"""Pages of follow-up: whom to visit, findings, one household; children to be accompanied are opened by few, and the journal says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from simpul.journal.models import Line
from simpul.posyandu.actions import _tasks, marriage
from simpul.posyandu.models import Cadre, Dispensation, Finding, MarriageRisk, MarriageStep, Task
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import Furnished, enrol, furnish, person
from tests.posyandu.follow_help import entry, household, note, schooling
from tests.web.desk_pages import sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def there(cast: Cast) -> Furnished:
    return furnish(cast)


@pytest.fixture
def found(cast: Cast, there: Furnished) -> Finding:
    card = enrol(cast, there.melati, there.child, opened_date=date(2025, 11, 10))
    (row,) = note(cast, entry(card), ["stunted"])
    return row


@pytest.fixture
def risk(cast: Cast, there: Furnished) -> MarriageRisk:
    girl = person("Nurlina", date(2010, 3, 4), hamlet=cast.hamlet, household=household(cast, "Daeng Sija"))
    schooling(girl, "bdt/2")
    marriage.sweep_marriages(by=cast.midwife, at=NOW, posyandu_id=there.melati.id)
    return MarriageRisk.objects.get()


def seen(cast: Cast, part: str) -> Client:
    return sit(cast, part)


def addresses(found: Finding) -> list[str]:
    task = found.tasks.get()
    return [
        reverse("desk_posyandu_finding", args=[found.id]),
        reverse("desk_posyandu_task", args=[task.id]),
        reverse("desk_posyandu_home", args=[found.household_id]),
        reverse("desk_posyandu_task_new", args=[found.household_id]),
    ]


def test_the_list_is_grouped_by_household_with_the_reason_and_the_day(cast: Cast, found: Finding):
    page = seen(cast, "cadre").get(reverse("desk_posyandu_tasks"))
    text = page.content.decode()
    assert page.status_code == 200 and "Sitti Hawang" in text and "Pendek" in text and "Nur Aisyah" in text
    assert reverse("desk_posyandu_home", args=[found.household_id]) in text


def test_a_task_names_the_checklist_that_the_visit_opens_with(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
):
    """The child was younger when the task was made; a mother has given birth since."""
    child = enrol(cast, there.melati, person("Bayi", NOW.date() - timedelta(days=160)))
    mother = enrol(cast, there.melati, there.mother, form="A")
    tasks = [
        note(cast, entry(card), [code])[0].tasks.get() for card, code in ((child, "stunted"), (mother, "kek"))
    ]
    mother.details = {**mother.details, "delivered_date": "2026-11-20"}
    mother.save(update_fields=["details"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=40))
    client = seen(cast, "cadre")
    for task, number in zip(tasks, (4, 2), strict=True):
        text = client.get(reverse("desk_posyandu_task", args=[task.id])).content.decode()
        assert f"Bawa daftar periksa kunjungan nomor {number}." in text
        visit = reverse("desk_posyandu_visit_new", args=[there.melati.id])
        assert (
            f"Daftar Periksa Kunjungan Rumah {number}"
            in client.get(f"{visit}?tugas={task.id}").content.decode()
        )


def test_pages_of_one_thing_show_words_to_do_and_the_matter(cast: Cast, found: Finding):
    client = seen(cast, "cadre")
    for address in addresses(found):
        assert client.get(address).status_code == 200, address
    text = client.get(addresses(found)[0]).content.decode()
    assert found.case is not None and found.case.number in text and "Antar diperiksa di Puskesmas" in text
    paper = client.get(reverse("desk_posyandu_tasks_print")).content.decode()
    assert "Kunjungan rumah pekan ini" in paper


def test_an_empty_list_teaches(cast: Cast, there: Furnished):
    client = seen(cast, "cadre")
    assert "Tidak ada yang perlu dikunjungi" in client.get(reverse("desk_posyandu_tasks")).content.decode()
    assert "Tidak ada temuan terbuka" in client.get(reverse("desk_posyandu_findings")).content.decode()


def test_a_task_is_given_done_and_put_back(cast: Cast, there: Furnished, found: Finding):
    client, task = seen(cast, "posyandu_chair"), found.tasks.get()
    cadre = Cadre.objects.create(
        posyandu=there.melati, name="Hasniah", since_date=date(2026, 1, 1), made_at=NOW
    )
    day = (timezone.now() + timedelta(days=9)).date()

    def press(step: str, **given: Any) -> int:
        return client.post(reverse("desk_posyandu_task_act", args=[task.id, step]), given).status_code

    assert press("beri", cadre=str(cadre.id), due_date=day.isoformat()) == 302
    assert press("beri", cadre=str(cadre.id), due_date="kapan") == 422
    assert press("selesai", note="") == 422
    assert press("selesai", note="Sudah diantar") == 302
    task.refresh_from_db()
    assert (task.cadre, task.due_date, task.state, task.note) == (cadre, day, "done", "Sudah diantar")
    assert press("kembali") == 302
    assert press("batal", note="Pindah rumah") == 302
    assert press("lain") == 404
    task.refresh_from_db()
    assert task.state == "dropped"
    assert "Pindah rumah" in client.get(reverse("desk_posyandu_task", args=[task.id])).content.decode()


def test_a_finding_is_ended_and_opened_again(cast: Cast, found: Finding):
    client = seen(cast, "cadre")

    def press(step: str, **given: Any) -> int:
        return client.post(reverse("desk_posyandu_finding_act", args=[found.id, step]), given).status_code

    assert press("tutup", why="") == 422
    assert press("tutup", why="Salah ukur") == 302
    assert "Salah ukur" in client.get(addresses(found)[0]).content.decode()
    assert press("buka", why="Diukur ulang") == 302
    assert press("urusan") == 302 and press("lain") == 404
    assert Finding.objects.get().state == "open"


def test_the_family_is_put_on_the_list_by_hand(cast: Cast, there: Furnished, found: Finding):
    client = seen(cast, "cadre")
    address = reverse("desk_posyandu_task_new", args=[found.household_id])
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    assert (
        client.post(address, {"person": "", "reason": "next_visit", "due_date": "", "cadre": ""}).status_code
        == 422
    )
    assert (
        client.post(address, {"person": "", "reason": "next_visit", "due_date": day, "cadre": ""}).status_code
        == 302
    )
    assert Task.objects.filter(person=None, household=found.household, reason="next_visit").count() == 1


def test_the_chair_looks_for_more(cast: Cast, there: Furnished):
    household(cast, "Daeng Sija", toilet="bdt/4")
    address = reverse("desk_posyandu_tasks_sweep", args=[there.melati.id])
    assert seen(cast, "cadre").post(address).status_code == 404
    page = seen(cast, "posyandu_chair").post(address, follow=True)
    assert page.status_code == 200 and Finding.objects.filter(code="no_toilet").count() == 1


@pytest.mark.parametrize("part", ["neighbour_cadre", "neighbour_coordinator"])
def test_the_neighbour_finds_nothing(cast: Cast, there: Furnished, found: Finding, part: str):
    client = seen(cast, part)
    for address in addresses(found):
        assert client.get(address).status_code == 404, address
    assert "Nur Aisyah" not in client.get(reverse("desk_posyandu_tasks")).content.decode()
    assert "Nur Aisyah" not in client.get(reverse("desk_posyandu_findings")).content.decode()


@pytest.mark.parametrize("part", ["village_head", "secretary", "manager", "village_officer"])
def test_who_sees_figures_alone_opens_no_page_of_names(cast: Cast, found: Finding, part: str):
    client = seen(cast, part)
    for address in [reverse("desk_posyandu_tasks"), reverse("desk_posyandu_findings"), *addresses(found)]:
        assert client.get(address).status_code == 404, address


def test_the_list_costs_the_same_whatever_its_length(
    cast: Cast, there: Furnished, found: Finding, django_assert_max_num_queries: Any
):
    client = seen(cast, "cadre")
    client.get(reverse("desk_posyandu_tasks"))
    for number in range(12):
        home = household(cast, f"Rumah {number}")
        _tasks.open_task(
            cast.cadre,
            NOW,
            posyandu=there.melati,
            reason="routine",
            due_date=date(2026, 12, 1),
            household=home,
        )
    with django_assert_max_num_queries(24):
        client.get(reverse("desk_posyandu_tasks"))


# --- children to be accompanied --------------------------------------------------------------------------------------------


def test_opening_the_list_and_a_child_leaves_a_line_each(cast: Cast, risk: MarriageRisk):
    client = seen(cast, "midwife")
    text = client.get(reverse("desk_posyandu_marriage")).content.decode()
    assert "Nurlina" in text and "Putus sekolah" in text and "data penduduk" in text
    assert "Belum didampingi dan didampingi</option>" in text and "sudah dalam daftar" not in text
    assert client.get(reverse("desk_posyandu_child", args=[risk.id])).status_code == 200
    kinds = [line.subject_kind for line in Line.objects.filter(kind="marriages.look").order_by("at")]
    assert len(kinds) == 2 and kinds[1] == "marriagerisk"


@pytest.mark.parametrize("part", ["cadre", "village_head", "secretary", "manager", "neighbour_cadre"])
def test_nobody_else_opens_it(cast: Cast, risk: MarriageRisk, part: str):
    client = seen(cast, part)
    assert client.get(reverse("desk_posyandu_marriage")).status_code == 404
    assert client.get(reverse("desk_posyandu_child", args=[risk.id])).status_code == 404
    assert not Line.objects.filter(kind="marriages.look").exists()


def test_the_neighbours_chair_sees_an_empty_list_and_no_child(
    cast: Cast, there: Furnished, risk: MarriageRisk
):
    client = seen(cast, "neighbour_coordinator")
    assert "Nurlina" not in client.get(reverse("desk_posyandu_marriage")).content.decode()
    for name in ("child", "child_plan", "child_step", "child_end", "child_wrong"):
        assert client.get(reverse(f"desk_posyandu_{name}", args=[risk.id])).status_code == 404, name
    assert client.get(reverse("desk_posyandu_dispensation_who", args=[there.melati.id])).status_code == 404


def test_support_is_planned_done_and_ended_on_the_pages(cast: Cast, risk: MarriageRisk):
    client = seen(cast, "midwife")
    day = timezone.now().date()
    step = {
        "what": "Bicara dengan orang tua",
        "who": "Ibu Kartini",
        "due_date": (day + timedelta(days=2)).isoformat(),
    }
    plan = reverse("desk_posyandu_child_plan", args=[risk.id])
    assert client.get(plan).status_code == 200
    assert client.post(plan, {"goal": "school", **step, "what": ""}).status_code == 422
    assert client.post(plan, {"goal": "school", **step}).status_code == 302
    assert client.post(reverse("desk_posyandu_child_step", args=[risk.id]), step).status_code == 302
    first, second = MarriageStep.objects.order_by("id")
    done = reverse("desk_posyandu_childstep", args=[first.id])
    assert client.get(done).status_code == 200
    given = {"done_date": (day - timedelta(days=1)).isoformat(), "result": "Mau sekolah lagi"}
    assert client.post(done, given).status_code == 302
    assert client.post(reverse("desk_posyandu_childstep_withdraw", args=[second.id])).status_code == 302
    text = client.get(reverse("desk_posyandu_child", args=[risk.id])).content.decode()
    assert "Mau sekolah lagi" in text and "Kembali bersekolah" in text
    assert (
        client.post(reverse("desk_posyandu_child_wrong", args=[risk.id]), {"why": "Di pesantren"}).status_code
        == 302
    )
    assert client.post(reverse("desk_posyandu_child_back", args=[risk.id])).status_code == 302
    end = {"outcome": "back_to_school", "words": "Masuk SMP terbuka"}
    assert client.post(reverse("desk_posyandu_child_end", args=[risk.id]), end).status_code == 302
    assert "Masuk SMP terbuka" in client.get(reverse("desk_posyandu_child", args=[risk.id])).content.decode()


def test_a_request_to_a_court_is_found_by_name_written_down_and_decided(
    cast: Cast, there: Furnished, risk: MarriageRisk
):
    client = seen(cast, "focal")
    who = reverse("desk_posyandu_dispensation_who", args=[there.melati.id])
    assert "Nurlina" in client.get(who, {"q": "nurl"}).content.decode()
    assert "Tidak ada anak" in client.get(who, {"q": "Zainab"}).content.decode()
    day = (timezone.now().date() - timedelta(days=1)).isoformat()
    new = reverse("desk_posyandu_dispensation_new", args=[there.melati.id, risk.person_id])
    assert client.get(new).status_code == 200
    assert client.post(new, {"court": "PA Mamuju", "seen_date": day}).status_code == 302
    one = Dispensation.objects.get()
    decide = reverse("desk_posyandu_dispensation", args=[one.id])
    assert client.get(decide).status_code == 200
    assert client.post(decide, {"decision": "refused", "decided_date": day}).status_code == 302
    assert client.post(reverse("desk_posyandu_dispensation_withdraw", args=[one.id])).status_code == 302
    page = client.post(reverse("desk_posyandu_marriage_sweep", args=[there.melati.id]), follow=True)
    assert page.status_code == 200
