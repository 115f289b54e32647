"""The sample regency: whole, true to its places, loaded once, never beside real data."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import timezone

from simpul import roles
from simpul.accounts.models import User
from simpul.cases.actions import following, intake
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.models import Attachment, Case, Clock, Escalation, Hop, Kind, Publication
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import screening
from simpul.cases.rules import moves
from simpul.cli import demo as command
from simpul.cli import house
from simpul.demo import build, codes, ordinary, sheet, stage
from simpul.desks import rules as desk_rules
from simpul.desks.models import Desk, Institution, Seat
from simpul.exchange import wire
from simpul.feedback import actions as feedback_actions
from simpul.journal.models import Line
from simpul.letters.actions import types as letter_type_actions
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.messages import actions as message_actions
from simpul.messages.models import Message
from simpul.outreach.models import Assignment
from simpul.posyandu.models import Finding
from simpul.programmes.actions import programmes as programme_actions
from simpul.programmes.models import Card
from simpul.programmes.rules import kis as kis_rules
from simpul.regions import actions as region_actions
from simpul.regions.models import Region
from tests.demo import test_roads

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
PLACES = ("7602", "7303", "7305", "631102")
HIDDEN_WORDS = ("dicekik", "dipukuli suami")


def fill(now: datetime) -> None:
    """The catalogues, with the areas of the sample only."""
    for place in PLACES:
        region_actions.load_regions(by=MACHINE, at=now, only=place)
    for year in (now.year - 1, now.year):
        region_actions.load_holidays(by=MACHINE, at=now, year=year)
    kind_actions.load_kinds(by=MACHINE, at=now)
    message_actions.load_texts(by=MACHINE, at=now)
    feedback_actions.load_frame(by=MACHINE, at=now)
    programme_actions.load_programmes(by=MACHINE, at=now)
    letter_type_actions.load_types(by=MACHINE, at=now)


def nobody(target: object) -> list[str]:
    """The partner's address of the sample exists nowhere."""
    raise wire.Unreachable("no such name")


@pytest.fixture
def ground(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and a house that fills only what the sample needs."""
    settings.SIMPUL_DATA = tmp_path
    settings.SIMPUL_KIND = "demo"
    monkeypatch.setattr(house, "fill_catalogues", fill)
    monkeypatch.setattr(house, "migrate", lambda: 0)
    monkeypatch.setattr(house, "compile_words", lambda: 0)
    monkeypatch.setattr(wire, "addresses_of", nobody)
    return tmp_path


def args(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"if_empty": True, "cases": 40, "json": True, **given})


@pytest.mark.slow
@pytest.mark.django_db
def test_the_sample_is_whole_and_a_second_call_changes_nothing(
    ground: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(args()) == 0
    said = capsys.readouterr()
    assert "not told to its end" not in said.err
    first = json.loads(said.out)
    assert first["loaded_now"]

    every_state_kind_door_and_role()
    shielded_matters_are_shielded()
    what_is_shown_was_done_through_acts()
    cards_are_of_households()
    a_severe_child_came_to_the_health_office()
    receipts_open_their_matters(first["receipts"])
    everybody_can_sign_in(first)
    test_roads.every_road_was_used(timezone.now())
    test_roads.nothing_leaves_and_nothing_is_asked(timezone.now())

    lines, cases = Line.objects.count(), Case.objects.count()
    assert command.run(args()) == 0
    again = json.loads(capsys.readouterr().out)
    assert not again["loaded_now"]
    assert again["receipts"] == first["receipts"]
    assert (Line.objects.count(), Case.objects.count()) == (lines, cases)
    assert command.run(args(if_empty=False)) == 1
    assert (Line.objects.count(), Case.objects.count()) == (lines, cases)
    assert (ground / "demo.json").stat().st_mode & 0o077 == 0


def a_severe_child_came_to_the_health_office() -> None:
    """Seen at the posyandu, it was followed up there and handed on: the matter has a hop to the regency's health office."""
    severe = Finding.objects.get(code="severely_wasted", posyandu__name="Posyandu Melati")
    hops = Hop.objects.filter(case=severe.case).values_list("from_desk__code", "to_desk__code", "state")
    assert ("posyandu-melati", "dinkes-takalar", "accepted") in set(hops)
    kind = kind_queries.get_kind("spm_request")
    assert kind is not None
    chain = kind_queries.tiers(kind, "7305112005", {"field": "health"})
    assert [one.code for one in chain] == ["posyandu-melati", "dinkes-takalar"]


def every_state_kind_door_and_role() -> None:
    assert set(Case.objects.values_list("state", flat=True)) == set(moves.STATES)
    assert set(Case.objects.values_list("kind_id", flat=True)) == set(
        Kind.objects.values_list("code", flat=True)
    )
    assert set(Case.objects.values_list("channel", flat=True)) == set(intake.CHANNELS)
    assert set(Case.objects.values_list("mode", flat=True)) == set(intake.MODES)
    assert set(Seat.objects.values_list("role", flat=True)) == set(roles.ROLES) - desk_rules.NEVER_SEATED
    assert set(Desk.objects.values_list("kind", flat=True)) == set(desk_rules.DESK_KINDS)
    assert {"offered", "returned", "released", "withdrawn"} <= set(
        Publication.objects.values_list("state", flat=True)
    )
    assert Publication.objects.exclude(corrected_at=None).exists()
    assert Publication.objects.filter(state="released").exclude(photos=[]).exists()
    assert {"queued", "told"} <= set(Message.objects.values_list("state", flat=True))
    assert set(Attachment.objects.values_list("kind", flat=True)) >= {"photo", "audio"}
    assert Case.objects.filter(appeal_of__isnull=False).exists()
    assert Case.objects.filter(reopened__gt=0, state="answered").exists()
    assert Case.objects.filter(is_incident=True).count() == 2
    assert Case.objects.filter(incident__isnull=False).count() == 17
    assert Escalation.objects.filter(level__gt=1).exists()
    late = Clock.objects.filter(
        stopped_at=None, paused_at=None, due_at__lt=Case.objects.latest("changed_at").changed_at
    )
    assert late.exists()
    assert Clock.objects.filter(stopped_at=None).exclude(paused_at=None).exists()


def shielded_matters_are_shielded() -> None:
    sealed = Case.objects.filter(sensitivity="sealed")
    assert sealed.count() >= 4
    assert not sealed.filter(holder__protected=False).exists()
    flagged = Case.objects.exclude(screening="clear")
    assert {word for words in flagged.values_list("screen_words", flat=True) for word in words} == set(
        HIDDEN_WORDS
    )
    accused = Case.objects.get(
        kind_id="complaint_oversight", mode="anonymous", exclusions__desk__code="desa-botteng"
    )
    assert accused.reporter is None
    assert accused.exclusions.filter(desk__code="desa-botteng", lifted_at=None).exists()


def cards_are_of_households() -> None:
    """Part of the deactivation list lives in households of the register: their pages and the order of doors show it."""
    homes = Card.objects.filter(match="sure", person__household__isnull=False)
    assert homes.count() >= 8
    assert {kis_rules.COMPLETED, kis_rules.PROPOSED, kis_rules.SUBMITTED, ""} <= set(
        homes.values_list("state", flat=True)
    )
    assert homes.filter(person__household__in=Assignment.objects.values("household_id")).exists()


def what_is_shown_was_done_through_acts() -> None:
    opened = set(Line.objects.filter(kind="case.open").values_list("subject_id", flat=True))
    assert opened == set(Case.objects.values_list("id", flat=True))
    assert not Line.objects.filter(position=None).exists()
    assert not Case.objects.filter(received_at__gt=Line.objects.latest("recorded_at").recorded_at).exists()
    assert Institution.objects.get().is_demo
    codes_used = set(Case.objects.values_list("region_code", flat=True))
    assert set(Region.objects.filter(code__in=codes_used).values_list("code", flat=True)) == codes_used


def receipts_open_their_matters(receipts: dict[str, dict[str, str]]) -> None:
    assert {"mamuju", "bantaeng", "massamaturu", "anonim"} <= set(receipts)
    for receipt in receipts.values():
        shown = following.follow_case(
            by=ANYBODY,
            at=NOW,
            number_or_receipt=receipt["receipt16"] or receipt["number"],
            pin=receipt["pin"],
            address_hash="uji",
        )
        assert shown.state_words


def everybody_can_sign_in(said: dict[str, Any]) -> None:
    names = {row["username"] for row in said["people"]}
    assert names == set(User.objects.values_list("username", flat=True))
    person = User.objects.get(username="manajer.bantaeng")
    assert (
        authenticate(RequestFactory().get("/"), username=person.username, password=said["password"]) == person
    )
    assert not person.must_change_password
    strong = {row["username"] for row in said["people"] if roles.ROLES[row["role"]].strong}
    held = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user")
    assert {one.user.username for one in held} == strong
    mine = held.get(user=person)
    secret = get_adapter().decrypt(mine.data["secret"])
    assert totp.validate_totp_code(secret, codes.current_code("manajer.bantaeng"))
    assert codes.current_code("admin.mamuju") == ""


def test_a_real_installation_is_never_touched(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SIMPUL_KIND = "real"
    assert command.run(args(if_empty=True)) == 0
    assert command.run(args(if_empty=False)) == 1
    assert capsys.readouterr().out == ""
    assert codes.current_code("pengelola") == ""


@pytest.mark.django_db
def test_a_database_of_a_real_installation_is_refused(ground: Path) -> None:
    Institution.objects.create(id=1, name="Pemerintah Kabupaten", short_name="Kabupaten", region_code="7602")
    assert command.run(args(if_empty=False)) == 1
    assert not Desk.objects.exists()


def test_the_same_moment_plans_the_same_matters() -> None:
    def planned() -> list[ordinary.Plan]:
        return ordinary.plans(stage.Stage(now=NOW.astimezone(stage.ZONE), rng=Random(build.SEED)), 250)

    first, second = planned(), planned()
    assert first == second
    assert len(first) == 250
    assert all(NOW - timedelta(days=stage.DAYS + 3) < plan.begins <= NOW for plan in first)


def test_texts_of_the_catalogue_close_no_matter_by_a_word() -> None:
    rows = stage.read("matters")["matters"]
    told = [row["title"] + ". " + row["text"] for row in rows] + [
        row["reply"] for row in rows if "reply" in row
    ]
    assert [text for text in told if screening.screen((text,)).flagged] == []


def test_people_of_the_sample_are_nobody() -> None:
    people = stage.read("people")
    assert len({row[0] for row in people["seats"]}) == len(people["seats"])
    assert all(contact.startswith("0812-0000-") for _desk, _name, contact in people["links"])
    assert stage.Stage(now=NOW, rng=Random(1)).phone().startswith("0812-0000-")
    assert "kode" in sheet.as_text(
        {
            "password": "x",
            "people": [{"username": "a", "about": "b", "code": "123456"}],
            "receipts": {},
            "links": [],
        }
    )
