"""The rules under /kelola/: kinds, routes, calendar, texts, areas; and the journal, which tells all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from simpul.cases.models import Kind, Route
from simpul.cases.queries import kinds as kind_queries
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.messages import queries as message_queries
from simpul.regions.models import Hamlet, Holiday, Region, Suspension
from tests import cast as cast_module
from tests.web.test_manage import Enter, entering, journalled, page, refused, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Any:
    return cast_module.assemble()


@pytest.fixture
def enter(cast: Any) -> Enter:
    return entering(cast)


@pytest.fixture
def admin(enter: Enter) -> Client:
    return enter("administrator")


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_the_words_of_a_kind_are_changed_with_a_version(admin: Client, cast: Any) -> None:
    kind = Kind.objects.get(code="complaint")
    words = {
        "name": "Aduan",
        "name_en": "Complaint",
        "about": "Tentang layanan.",
        "about_en": "",
        "basis": "",
        "source": "",
        "confidence": "confirmed",
    }

    send(admin, "manage_kind_words", "complaint", **words)

    changed = Kind.objects.get(code="complaint")
    assert (changed.name, changed.version) == ("Aduan", kind.version + 1)
    assert "about" in journalled("kind.change", kind="complaint").facts["changed"]
    refused(send(admin, "manage_kind_words", "complaint", **{**words, "name_en": ""}), "name_en", "")
    again = send(admin, "manage_kind_words", "complaint", **words)
    assert "Tidak ada yang berubah" in again.content.decode()
    assert Kind.objects.get(code="complaint").version == kind.version + 1


def _clocks(**more: str) -> dict[str, str]:
    sent = {}
    for place, clock in enumerate(Kind.objects.get(code="complaint").clocks):
        for name in ("key", "amount", "unit", "source", "confidence"):
            sent[f"{name}_{place}"] = str(clock.get(name, "unconfirmed"))
    last = len(Kind.objects.get(code="complaint").clocks)
    sent |= {f"key_{last}": "", f"unit_{last}": "hours", f"confidence_{last}": "unconfirmed"}
    return {**sent, **more}


def test_time_limits_change_and_keep_when_they_begin_and_end(admin: Client, cast: Any) -> None:
    before = {clock["key"]: clock for clock in Kind.objects.get(code="complaint").clocks}
    case = cast.case()
    due = {clock.key: clock.due_at for clock in case.clocks.all()}

    send(admin, "manage_kind_clocks", "complaint", **_clocks(amount_2="7", pausable_2="on"))

    after = {clock["key"]: clock for clock in Kind.objects.get(code="complaint").clocks}
    assert after["answer"]["amount"] == 7
    assert after["answer"]["pausable"] is True
    assert {key: (row["from"], row["until"]) for key, row in after.items()} == {
        key: (row["from"], row["until"]) for key, row in before.items()
    }
    assert {clock.key: clock.due_at for clock in case.clocks.all()} == due, "an open matter keeps its promise"


def test_time_limits_without_source_or_answer_are_refused(admin: Client, cast: Any) -> None:
    refused(send(admin, "manage_kind_clocks", "complaint", **_clocks(source_2="")), "", "source")
    refused(send(admin, "manage_kind_clocks", "complaint", **_clocks(key_2="")), "", "answer")
    refused(send(admin, "manage_kind_clocks", "complaint", **_clocks(amount_2="0")), "", "amount")
    assert not Line.objects.filter(kind="kind.change").exists()


def test_rules_and_standard_of_a_kind(admin: Client, cast: Any) -> None:
    rules = {
        "is_active": "on", "sensitivity": "restricted", "decisions": ["upheld", "rejected"], "reaction_days": "5",
        "retention_years": "7", "position": "3", "falls_through": "ask",
    }  # fmt: skip
    send(admin, "manage_kind_rules", "idea", **rules)
    kind = Kind.objects.get(code="idea")
    assert (kind.is_public, kind.sensitivity, kind.decisions, kind.reaction_days) == (
        False,
        "restricted",
        ["upheld", "rejected"],
        5,
    )
    refused(send(admin, "manage_kind_rules", "idea", **{**rules, "decisions": []}), "decisions", "")
    refused(
        send(admin, "manage_kind_rules", "idea", **{**rules, "reaction_days": "999"}), "reaction_days", ""
    )

    send(admin, "manage_kind_standard", "idea", **{**kind.standard, "fee": "Gratis selalu."})
    assert Kind.objects.get(code="idea").standard["fee"] == "Gratis selalu."


QUESTION = {
    "key": "place_name",
    "type": "choice",
    "label": "Di mana?",
    "label_en": "Where?",
    "options": "a | Pasar | Market\nb | Sekolah | School | sealed",
}


def test_questions_are_added_changed_moved_and_removed(admin: Client, cast: Any) -> None:
    keys = [field["key"] for field in Kind.objects.get(code="complaint").fields]
    send(admin, "manage_question_add", "complaint", **QUESTION, required="on")
    kind = Kind.objects.get(code="complaint")
    assert kind.fields[-1]["options"][1] == {
        "value": "b",
        "label": "Sekolah",
        "label_en": "School",
        "sensitivity": "sealed",
    }
    assert "Di mana?" in page(admin, "manage_kind_preview", "complaint")

    send(admin, "manage_question_change", "complaint", "place_name", **{**QUESTION, "label": "Tempatnya?"})
    assert Kind.objects.get(code="complaint").fields[-1]["label"] == "Tempatnya?"
    assert "required" not in Kind.objects.get(code="complaint").fields[-1]

    send(admin, "manage_question_move", "complaint", "place_name", ke="atas")
    assert [field["key"] for field in Kind.objects.get(code="complaint").fields][-2] == "place_name"

    send(admin, "manage_question_remove", "complaint", "place_name")
    assert [field["key"] for field in Kind.objects.get(code="complaint").fields] == keys


def test_questions_are_refused_with_what_is_wrong(admin: Client, cast: Any) -> None:
    refused(
        send(admin, "manage_question_add", "complaint", **{**QUESTION, "options": "nur ein Wort"}),
        "options",
        "1",
    )
    refused(send(admin, "manage_question_add", "complaint", **{**QUESTION, "options": ""}), "", "options")
    refused(send(admin, "manage_question_add", "complaint", **{**QUESTION, "key": "Kunci Salah"}), "", "key")
    refused(send(admin, "manage_question_add", "complaint", **{**QUESTION, "key": "office"}), "", "twice")


# --- routes -----------------------------------------------------------------------------------------------------------


def test_a_route_is_set_tried_and_removed(admin: Client, cast: Any) -> None:
    village, centre = str(cast.desk("village").id), str(cast.desk("centre").id)
    send(
        admin,
        "manage_route_set",
        "complaint",
        region_code="Desa Dungkait, Kec. Tapalang Barat, Kab. Mamuju",
        field_value="",
        desk_0=village,
        desk_2=centre,
    )
    assert [
        route.desk.code
        for route in kind_queries.routes_of("complaint")
        if route.region_code == cast_module.DUNGKAIT
    ] == ["village", "centre"]
    journalled("route.set", kind="complaint", region=cast_module.DUNGKAIT)

    there = page(admin, "manage_routes", kind="complaint", region=cast_module.DUNGKAIT)
    elsewhere = page(admin, "manage_routes", kind="complaint", region=cast_module.BOTTENG)
    assert there.index("Kantor Desa Dungkait") < there.index("Call Center Mamuju")
    assert "Kantor Desa Dungkait" not in elsewhere
    assert "Call Center Mamuju" in elsewhere

    address = f"{reverse('manage_route_set', args=['complaint'])}?wilayah={cast_module.DUNGKAIT}"
    assert "Kantor Desa Dungkait" in admin.get(address).content.decode()
    admin.post(address, {"desk_0": centre})
    assert [route.desk.code for route in Route.objects.filter(region_code=cast_module.DUNGKAIT)] == ["centre"]
    admin.post(address, {})
    assert not Route.objects.filter(region_code=cast_module.DUNGKAIT).exists()


def test_a_route_is_added_beside_the_one_for_everywhere(admin: Client, cast: Any) -> None:
    centre, village = str(cast.desk("centre").id), str(cast.desk("village").id)
    Route.objects.filter(kind_id="complaint").delete()
    send(admin, "manage_route_set", "complaint", region_code="", desk_0=centre)
    add = admin.get(reverse("manage_route_set", args=["complaint"])).content.decode()
    assert 'name="region_code"' in add
    send(admin, "manage_route_set", "complaint", region_code=cast_module.BOTTENG, desk_0=village)
    assert {route.region_code: route.desk.code for route in Route.objects.filter(kind_id="complaint")} == {
        "": "centre",
        cast_module.BOTTENG: cast.desk("village").code,
    }


def test_routes_are_refused_beside_the_field(admin: Client, cast: Any) -> None:
    centre = str(cast.desk("centre").id)
    refused(
        send(admin, "manage_route_set", "complaint", region_code="7602", desk_0=centre, desk_1=centre),
        "desk_0",
        "",
    )
    refused(
        send(admin, "manage_route_set", "complaint", region_code="Entah", desk_0=centre), "region_code", ""
    )
    answer = admin.get(reverse("manage_routes"), {"kind": "complaint", "region": "Entah"})
    refused(answer, "region", "")


# --- the calendar -----------------------------------------------------------------------------------------------------


def test_holidays_are_loaded_added_and_withdrawn(admin: Client, cast: Any) -> None:
    send(admin, "manage_holidays_load", tahun="2026")
    assert Holiday.objects.filter(day__year=2026, region_code="").count() > 10
    journalled("holidays.load", year=2026)

    local = {
        "day": "14/8/2026",
        "name": "Hari Jadi Mamuju",
        "kind": "local",
        "region_code": "Kab. Mamuju",
        "source": "SK Bupati 12/2026",
    }
    send(admin, "manage_holiday_add", **local)
    row = Holiday.objects.get(name="Hari Jadi Mamuju")
    assert (row.day, row.region_code) == (date(2026, 8, 14), "7602")
    assert "SK Bupati 12/2026" in page(admin, "manage_calendar", tahun="2026", wilayah=cast_module.DUNGKAIT)
    assert "SK Bupati 12/2026" not in page(admin, "manage_calendar", tahun="2026", wilayah="7303")
    refused(send(admin, "manage_holiday_add", **local), "name", "")
    refused(send(admin, "manage_holiday_add", **{**local, "region_code": ""}), "region_code", "")
    refused(send(admin, "manage_holiday_add", **{**local, "source": ""}), "source", "")

    refused(send(admin, "manage_holiday_withdraw", row.id, reason=""), "reason", "")
    send(admin, "manage_holiday_withdraw", row.id, reason="Salah ketik")
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    journalled("holiday.withdraw", reason="Salah ketik")


def test_clocks_are_suspended_by_decision_and_run_again(admin: Client, cast: Any) -> None:
    given = {
        "region_code": "7602",
        "from_date": "1/12/2026",
        "to_date": "20/12/2026",
        "decision": "SK Bupati 300/2026",
    }
    refused(send(admin, "manage_suspension_add", **{**given, "to_date": "1/11/2026"}), "to_date", "")
    refused(send(admin, "manage_suspension_add", **{**given, "decision": ""}), "decision", "")
    send(admin, "manage_suspension_add", **given)
    row = Suspension.objects.get()
    journalled("suspension.add", decision="SK Bupati 300/2026")
    assert "SK Bupati 300/2026" in page(admin, "manage_suspensions")

    refused(send(admin, "manage_suspension_end", row.id, on_date="25/12/2026", decision="x"), "on_date", "")
    send(admin, "manage_suspension_end", row.id, on_date="10/12/2026", decision="SK 301")
    row.refresh_from_db()
    assert row.to_date == date(2026, 12, 9)


def test_a_due_date_is_counted_day_by_day_with_its_reasons(admin: Client, cast: Any) -> None:
    text = page(admin, "manage_due_date", start="21/12/2026", working_days="5", region="7602", week="12345")
    six = page(admin, "manage_due_date", start="21/12/2026", working_days="5", region="7602", week="123456")

    assert "Rabu, 30 Desember 2026" in text, "24 joint leave, 25 Christmas, 26 and 27 weekend"
    assert "Cuti Bersama Hari Raya Natal" in text
    assert "Selasa, 29 Desember 2026" in six
    wrong = admin.get(
        reverse("manage_due_date"),
        {"start": "21/12/2026", "working_days": "99999", "region": "", "week": "12345"},
    )
    refused(wrong, "working_days", "2000")


# --- texts ------------------------------------------------------------------------------------------------------------


def test_a_text_is_previewed_saved_and_reset(admin: Client, cast: Any) -> None:
    address = ("receipt", "any", "id")
    shipped = message_queries.words(*address)
    body = "Halo {to_name}, nomor Anda {number}. ✓"

    tried = send(admin, "manage_text", *address, subject="", body=body, preview="1").content.decode()
    assert "nomor Anda SPL-2611-00047-K" in tried
    assert "hanya 70" in tried
    assert message_queries.words(*address) == shipped

    send(admin, "manage_text", *address, subject="Nomor {number}", body=body)
    assert message_queries.words(*address).body == body
    journalled("text.change", key="receipt")

    send(admin, "manage_text_reset", *address)
    assert message_queries.words(*address) == shipped


def test_texts_refuse_what_cannot_be_sent_and_keep_what_was_typed(admin: Client, cast: Any) -> None:
    unknown = send(admin, "manage_text", "receipt", "any", "id", subject="", body="{number} {rahasia}")
    refused(unknown, "body", "{rahasia}")
    assert "{number} {rahasia}" in unknown.content.decode()
    refused(
        send(admin, "manage_text", "receipt", "any", "id", subject="", body="Tanpa nomor"), "body", "{number}"
    )
    refused(send(admin, "manage_text", "receipt", "any", "id", subject="", body=""), "body", "")
    assert admin.get("/kelola/teks/entah/any/id/").status_code == 404
    assert admin.get("/kelola/teks/receipt/merpati/id/").status_code == 404


# --- areas ------------------------------------------------------------------------------------------------------------


def test_an_area_is_found_and_a_hamlet_added(admin: Client, cast: Any) -> None:
    assert cast_module.DUNGKAIT in page(admin, "manage_regions", cari="dungkat")
    send(admin, "manage_hamlet_add", cast_module.DUNGKAIT, kind="dusun", name="Labuang")
    assert Hamlet.objects.filter(village_id=cast_module.DUNGKAIT, name="Labuang").exists()
    journalled("hamlet.add", name="Labuang")
    refused(send(admin, "manage_hamlet_add", cast_module.DUNGKAIT, kind="dusun", name="labuang"), "name", "")
    inside = str(Hamlet.objects.get(name="Labuang").id)
    send(admin, "manage_hamlet_add", cast_module.DUNGKAIT, kind="rt", name="01", inside_id=inside)
    assert "RT 01" in page(admin, "manage_region", cast_module.DUNGKAIT)


def test_a_split_is_recorded_with_its_decree(admin: Client, cast: Any) -> None:
    parts = "76.02.13.2001 Dungkait\n76.02.13.2099 Dungkait Baru"
    given = {"kind": "split", "others": "", "into": parts, "on_date": "1/1/2027", "source": "Perda 4/2026"}
    refused(
        send(admin, "manage_region_change", cast_module.DUNGKAIT, **{**given, "into": "Dungkait Baru"}),
        "into",
        "",
    )
    refused(
        send(admin, "manage_region_change", cast_module.DUNGKAIT, **{**given, "kind": "renamed"}), "into", ""
    )
    refused(
        send(admin, "manage_region_change", cast_module.DUNGKAIT, **{**given, "source": ""}), "source", ""
    )

    send(admin, "manage_region_change", cast_module.DUNGKAIT, **given)

    assert Region.objects.get(code="7602132099").name == "Dungkait Baru"
    journalled("region.change", source="Perda 4/2026")
    assert "Perda 4/2026" in page(admin, "manage_region", cast_module.DUNGKAIT)


# --- the journal ------------------------------------------------------------------------------------------------------


def test_the_journal_is_searched_by_act_person_subject_and_date(admin: Client, cast: Any) -> None:
    send(admin, "manage_hamlet_add", cast_module.DUNGKAIT, kind="dusun", name="Labuang")
    case = cast.case()

    everything = page(admin, "manage_journal")
    assert "Labuang" in everything
    assert str(case.id) in everything
    only = page(admin, "manage_journal", kind="hamlet.add", person="Dian", subject_kind="hamlet")
    assert "Labuang" in only
    assert str(case.id) not in only
    assert "Tidak ada baris yang cocok" in page(admin, "manage_journal", end="1/1/2020")
    assert "Labuang" not in page(admin, "manage_journal", tentang=str(case.id))
    refused(admin.get(reverse("manage_journal"), {"begin": "kemarin"}), "begin", "")


def test_the_journal_is_paged_without_loss(admin: Client, cast: Any) -> None:
    for number in range(120):
        journal_actions.record(
            by=MACHINE,
            at=cast.now,
            kind="desk.change",
            subject_kind="desk",
            subject_id=cast.desk("centre").id,
            facts={"name": f"n{number}"},
        )
    seen: list[str] = []
    address = reverse("manage_journal") + "?kind=desk.change"
    for _page in range(3):
        answer = admin.get(address)
        seen += [row["line"].facts["name"] for row in answer.context["rows"]]
        address = reverse("manage_journal") + answer.context["older_url"]
    assert sorted(seen) == sorted(f"n{number}" for number in range(120))
    assert not answer.context["older_url"]


def test_what_residents_typed_is_not_the_administrators_to_read(
    admin: Client, cast: Any, enter: Enter
) -> None:
    cast.case(text_given="Tetangga saya Udin Petot mencuri.")
    line = Line.objects.filter(kind="case.open").latest("recorded_at")
    journal_actions.record(
        by=MACHINE,
        at=cast.now,
        kind="person.change",
        subject_kind="person",
        subject_id=line.subject_id,
        inputs={"name": "Udin Petot"},
    )
    told = Line.objects.filter(kind="person.change").latest("recorded_at")

    assert "Udin Petot" not in page(admin, "manage_line", told.id)
    assert admin.post(reverse("manage_line_open", args=[told.id])).status_code == 404

    officer = enter("protection_officer")
    assert "Udin Petot" not in page(officer, "manage_line", told.id)
    assert "Udin Petot" in officer.post(reverse("manage_line_open", args=[told.id])).content.decode()
    assert Line.objects.filter(kind="view.record", role="protection_officer").count() == 1


def test_the_protection_officer_redacts_a_line_and_the_seals_stay_true(
    admin: Client, cast: Any, enter: Enter
) -> None:
    send(admin, "manage_hamlet_add", cast_module.DUNGKAIT, kind="dusun", name="Labuang")
    send(
        admin,
        "manage_user_change",
        cast.user("admin").id,
        full_name="Ratna Dewi",
        username="ratna",
        email="",
        phone="0812 9999 8888",
    )
    line = Line.objects.get(kind="user.change")
    journal_actions.seal_journal(by=MACHINE, at=cast.now)
    assert admin.get(reverse("manage_line_redact", args=[line.id])).status_code == 404
    officer = enter("protection_officer")
    refused(send(officer, "manage_line_redact", line.id, reason=""), "reason", "")

    send(officer, "manage_line_redact", line.id, reason="Permintaan subjek data")

    line.refresh_from_db()
    assert line.inputs is None
    assert list(journal_queries.damages()) == []
    assert "0812 9999 8888" not in page(officer, "manage_line", line.id)
    assert officer.get(reverse("manage_line_redact", args=[line.id])).status_code == 404


# --- watching ---------------------------------------------------------------------------------------------------------


def test_health_says_that_the_worker_sleeps_and_what_fails(admin: Client, cast: Any) -> None:
    assert "Pekerja tidak berjalan" in page(admin, "manage_health")
    assert (
        journal_actions.claim_turn(by=MACHINE, at=cast.now, name="seal", stale_after=cast.now - cast.now)
        is True
    )
    text = page(admin, "manage_health")
    assert "Menyegel jurnal" in text


def test_the_publication_page_names_who_prepares_and_releases(admin: Client, cast: Any) -> None:
    text = page(admin, "manage_publication")

    assert text.index("Ratna Dewi") < text.index("Hasan Basri")
    assert "tidak pernah: tersegel" in text


def test_each_page_tells_what_was_changed_last(admin: Client, cast: Any) -> None:
    send(admin, "manage_text", "receipt", "any", "id", subject="", body="Nomor {number}")

    for name in ("manage_home", "manage_texts"):
        text = page(admin, name)
        assert "Perubahan terakhir" in text
        assert "receipt" in text
