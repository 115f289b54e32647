"""The election box: open only in stages, sealed to the supervisor, with the law's days; the village reads nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from simpul.journal.models import Line
from simpul.lib import sealing, workdays
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.village_post.access import election as access
from simpul.village_post.actions import _box, _post, election
from simpul.village_post.models import Keeper, Report, Stage
from simpul.village_post.queries import election as queries
from simpul.village_post.rules import election as rules
from tests.cast import DUNGKAIT, NOW, Cast, assemble

KEY = ec.generate_private_key(ec.SECP256R1())
FORM = {"name": "Ramli", "party": "Calon nomor 2", "what": "Amplop dibagikan", "where": "Dusun Taludu"}
TODAY = date(2026, 11, 23)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def enrol(cast: Cast, **given: Any) -> Keeper:
    said: dict[str, Any] = {
        "by": cast.election,
        "at": NOW,
        "public": sealing.public_of(KEY),
        "wrapped": b"w" * 150,
        "salt": b"s" * 16,
        "turns": rules.TURNS,
        **given,
    }
    return election.enrol_keeper(**said)


def opened(cast: Cast, keeper: Keeper, **given: Any) -> Stage:
    said: dict[str, Any] = {
        "by": cast.election,
        "at": NOW,
        "region_code": DUNGKAIT,
        "name": "Masa kampanye",
        "kind": "general",
        "from_date": TODAY - timedelta(days=5),
        "to_date": TODAY + timedelta(days=30),
        "keeper_id": keeper.id,
        **given,
    }
    return election.open_stage(**said)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return opened(cast, enrol(cast))


def filed(stage: Stage, **given: Any) -> _box.Filed:
    said: dict[str, Any] = {
        "by": ANYBODY,
        "at": NOW,
        "stage_id": stage.id,
        "known_date": TODAY,
        "form": FORM,
        **given,
    }
    return election.file_report(**said)


# --- the law's days -------------------------------------------------------------------------------------------------


def test_a_report_counts_seven_working_days_and_a_finding_seven_days() -> None:
    clocks = rules.clocks_of("general")
    free = workdays.Calendar()
    monday = date(2026, 11, 23)
    assert rules.last_day(clocks.report, monday, free) == date(2026, 12, 2)
    assert rules.last_day(clocks.finding, monday, free) == date(2026, 11, 30)
    assert rules.last_day(clocks.longer, monday, free) == date(2026, 12, 11)
    assert clocks.report.source == "UU 7/2017 pasal 454"
    assert rules.days_left(clocks.report, date(2026, 12, 1), date(2026, 12, 2), free) == 1
    assert rules.days_left(clocks.report, date(2026, 12, 3), date(2026, 12, 2), free) == -1


def test_other_elections_are_unconfirmed_and_own_numbers_are_said_to_be_own() -> None:
    assert rules.clocks_of("village").report.confidence == "unconfirmed"
    own = rules.clocks_of("general", {"report": (5, rules.CALENDAR)})
    assert (own.report.days, own.report.confidence, own.follow.confidence) == (5, "own", "confirmed")
    assert rules.read_clocks(own.plain()) == own


# --- keys and stages ------------------------------------------------------------------------------------------------


def test_a_supervisor_has_one_key_with_a_strong_wrapping(cast: Cast) -> None:
    with pytest.raises(election.KeyWrong):
        enrol(cast, public=b"x" * 65)
    with pytest.raises(election.KeyWrong):
        enrol(cast, turns=1000)
    with pytest.raises(NotFound):
        enrol(cast, by=cast.village_head)
    one = enrol(cast)
    with pytest.raises(election.KeyThere):
        enrol(cast)
    election.retire_keeper(by=cast.election, at=NOW, keeper_id=one.id)
    election.retire_keeper(by=cast.election, at=NOW, keeper_id=one.id)
    assert enrol(cast).id != one.id
    assert Line.objects.filter(kind="keeper.retire").count() == 1


def test_a_stage_is_opened_by_supervisor_or_administrator_only(cast: Cast) -> None:
    keeper = enrol(cast)
    assert opened(cast, keeper, by=cast.administrator).clocks["report"]["days"] == 7
    for part in ("village_head", "village_officer", "neighbour_head"):
        with pytest.raises(NotFound):
            opened(cast, keeper, by=getattr(cast, part))
    with pytest.raises(election.StageUnknown):
        opened(cast, keeper, to_date=TODAY - timedelta(days=50))
    with pytest.raises(election.StageUnknown):
        opened(cast, keeper, by=cast.administrator, region_code="7602")


def test_days_of_a_stage_change_and_a_stage_closes_when_all_is_decided(cast: Cast, stage: Stage) -> None:
    one = filed(stage).report
    with pytest.raises(election.ReportsOpen):
        election.close_stage(by=cast.election, at=NOW, stage_id=stage.id)
    election.decide_report(
        by=cast.election,
        at=NOW,
        report_id=received(cast, one).id,
        outcome="withdrawn",
        answer="Dicabut pelapor.",
    )
    election.close_stage(by=cast.election, at=NOW, stage_id=stage.id)
    election.close_stage(by=cast.election, at=NOW, stage_id=stage.id)
    with pytest.raises(election.StageOver):
        election.extend_stage(by=cast.election, at=NOW, stage_id=stage.id, from_date=TODAY, to_date=TODAY)
    with pytest.raises(_box.BoxShut):
        filed(stage)
    assert Line.objects.filter(kind="stage.close").count() == 1


# --- filing ---------------------------------------------------------------------------------------------------------


def test_what_is_filed_is_sealed_and_only_its_key_opens_it(cast: Cast, stage: Stage) -> None:
    one = filed(stage)
    assert len(one.receipt16.replace("-", "").replace(" ", "")) == 16
    sealed, keeper = access.sealed_for(cast.election, one.report.id)
    assert json.loads(sealing.unseal(KEY, sealed, rules.info(stage.id))) == FORM
    assert keeper.seat_id == cast.election.seat_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM village_post_report")
        stored = " ".join(
            str(bytes(value) if isinstance(value, memoryview) else value) for value in cursor.fetchone()
        )
    assert "Ramli" not in stored
    assert not any("Ramli" in str(line.inputs) for line in Line.objects.all())


def test_nobody_of_the_village_and_no_administrator_gets_what_is_sealed(cast: Cast, stage: Stage) -> None:
    one = filed(stage).report
    for part in (
        "village_head",
        "village_officer",
        "secretary",
        "administrator",
        "manager",
        "focal",
        "neighbour_head",
    ):
        with pytest.raises(NotFound):
            access.sealed_for(getattr(cast, part), one.id)
    assert [seen.report.number for seen in queries.reports(cast.village_officer, NOW)] == [1]
    assert queries.reports(cast.neighbour_officer, NOW) == []
    with pytest.raises(NotFound):
        access.report_for(ANYBODY, one.id)


def test_the_browsers_seal_is_kept_as_it_came_and_a_repeat_gives_the_same_receipt(stage: Stage) -> None:
    sealed = sealing.seal(sealing.public_of(KEY), b'{"name":"x"}', rules.info(stage.id))
    key = uuid7()
    first = filed(stage, sealed=sealed, form=None, report_id=key)
    assert bytes(Report.objects.get().sealed) == sealed
    assert first.report.sealed_by == "browser"
    again = filed(stage, sealed=sealed, form=None, report_id=key)
    assert again.receipt16 == first.receipt16
    assert queries.by_receipt(first.receipt16) == first.report
    with pytest.raises(_box.SealWrong):
        filed(stage, sealed=b"short", form=None)


def test_a_late_report_is_taken_in_and_marked(stage: Stage) -> None:
    assert not filed(stage, known_date=TODAY - timedelta(days=20)).report.in_time
    with pytest.raises(_box.DateWrong):
        filed(stage, known_date=TODAY + timedelta(days=1))
    with pytest.raises(_box.FormIncomplete):
        filed(stage, form={"name": "Ramli"})


def test_a_box_is_shut_outside_its_days(cast: Cast) -> None:
    stage = opened(cast, enrol(cast), from_date=TODAY + timedelta(days=3))
    with pytest.raises(_box.BoxShut):
        filed(stage)
    assert queries.open_publicly(NOW) == []


def test_the_post_files_for_who_stands_there(cast: Cast, stage: Stage) -> None:
    assert filed(stage, by=cast.village_officer).report.way == "desk"
    with pytest.raises(NotFound):
        filed(stage, by=cast.neighbour_officer)


# --- following up ---------------------------------------------------------------------------------------------------


def received(cast: Cast, report: Report) -> Report:
    election.receive_report(by=cast.election, at=NOW, report_id=report.id)
    election.receive_report(by=cast.election, at=NOW, report_id=report.id)
    return Report.objects.get(id=report.id)


def test_a_report_is_received_registered_asked_decided_and_forwarded(cast: Cast, stage: Stage) -> None:
    by, one = cast.election, filed(stage).report
    with pytest.raises(_box.MoveRefused):
        election.register_report(by=by, at=NOW, report_id=one.id, category="money")
    received(cast, one)
    with pytest.raises(_box.NotRegistered):
        election.decide_report(by=by, at=NOW, report_id=one.id, outcome="proven", answer="Diteruskan.")
    with pytest.raises(_post.WordsMissing):
        election.register_report(by=by, at=NOW, report_id=one.id, category="nothing")
    election.register_report(by=by, at=NOW, report_id=one.id, category="money", register_number="001/LP/2026")
    one.refresh_from_db()
    assert one.due_date == TODAY + timedelta(days=7)
    election.ask_statements(by=by, at=NOW + timedelta(days=2), report_id=one.id)
    one.refresh_from_db()
    assert one.due_date == date(2026, 12, 11)
    election.decide_report(by=by, at=NOW, report_id=one.id, outcome="proven", answer="Terbukti, diteruskan.")
    election.forward_report(by=by, at=NOW, report_id=one.id, forwarded_to="Panwascam Tapalang Barat")
    one.refresh_from_db()
    assert (one.state, one.answer) == ("forwarded", "Terbukti, diteruskan.")
    assert [step.what for step in one.steps.order_by("id")] == [
        "filed",
        "received",
        "registered",
        "asking",
        "decided",
        "forwarded",
    ]
    kinds = set(Line.objects.filter(subject_id=one.id).values_list("kind", flat=True))
    assert kinds == {
        "report.file",
        "report.receive",
        "report.register",
        "statements.ask",
        "report.decide",
        "report.forward",
    }


def test_nobody_else_follows_up(cast: Cast, stage: Stage) -> None:
    one = filed(stage).report
    for part in ("village_head", "administrator", "neighbour_head"):
        with pytest.raises(NotFound):
            election.receive_report(by=getattr(cast, part), at=NOW, report_id=one.id)


def test_figures_hide_small_groups(cast: Cast, stage: Stage) -> None:
    for _time in range(3):
        filed(stage)
    assert queries.counted(stage).categories.withheld
    assert queries.counted(stage).exact["reports"] == 3


def test_sealed_content_is_destroyed_years_after_the_stage(cast: Cast, stage: Stage) -> None:
    one = filed(stage).report
    election.decide_report(
        by=cast.election,
        at=NOW,
        report_id=received(cast, one).id,
        outcome="incomplete",
        answer="Kurang bukti.",
    )
    election.close_stage(by=cast.election, at=NOW, stage_id=stage.id)
    assert election.destroy_reports(by=MACHINE, at=NOW + timedelta(days=300)) == 0
    assert election.destroy_reports(by=MACHINE, at=NOW + timedelta(days=6 * 365)) == 1
    one.refresh_from_db()
    assert bytes(one.sealed) == b""
    with pytest.raises(NotFound):
        election.destroy_reports(by=cast.election, at=NOW)
