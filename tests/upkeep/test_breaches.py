"""Failures to protect data: 72 hours, finding those concerned, telling them and the authority, and closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.journal import actions as journal_actions
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.messages.models import Message
from simpul.people.models import Person
from simpul.upkeep.actions import breaches as actions
from simpul.upkeep.models import Affected, Breach
from simpul.upkeep.queries import breaches as queries
from tests.cast import BOTTENG, DUNGKAIT, NOW, Cast
from tests.upkeep.conftest import sitting

HOUR = timedelta(hours=1)


def noted(by: Actor, **given: Any) -> Breach:
    wanted: dict[str, Any] = {
        "title": "Ponsel petugas hilang",
        "what": "Ponsel petugas hilang di pasar.",
        "classes": ["specific", "personal"],
        "noticed_at": NOW - HOUR,
    }
    return actions.note_breach(by=by, at=NOW, **(wanted | given))


def test_the_clock_runs_from_awareness(cast: Cast, officer: Actor) -> None:
    breach = noted(officer)
    assert breach.due_at == NOW + timedelta(hours=71)
    assert breach.classes == ["personal", "specific"]
    assert Line.objects.get(kind="breach.note").facts["classes"] == ["personal", "specific"]
    assert queries.late(NOW + timedelta(hours=72)) == [breach.id]
    assert queries.late(NOW) == []


def test_what_a_failure_needs_and_who_may_not(cast: Cast, officer: Actor) -> None:
    for refusal, given in (
        (actions.BreachWordsMissing, {"what": " "}),
        (actions.BreachWordsMissing, {"title": ""}),
        (actions.BreachTimeWrong, {"noticed_at": NOW + HOUR}),
        (actions.BreachTimeWrong, {"happened_at": NOW}),
        (actions.ClassesMissing, {"classes": ["secret"]}),
    ):
        with pytest.raises(refusal):
            noted(officer, **given)
    with pytest.raises(NotAllowed):
        noted(cast.administrator)
    with pytest.raises(NotAllowed):
        noted(officer, region_code="7303")
    breach = noted(cast.protection_officer)
    with pytest.raises(NotFound):
        actions.change_breach(
            by=cast.neighbour_manager, at=NOW, breach_id=breach.id, what="x", measures="", contact=""
        )


def test_those_concerned_are_found_in_five_ways(cast: Cast, officer: Actor, person: Person) -> None:
    case = cast.case()
    journal_actions.record_view(by=cast.manager, at=NOW, subject_kind="person", subject_id=person.id)
    journal_actions.record_view(by=cast.manager, at=NOW, subject_kind="case", subject_id=case.id)
    span: dict[str, Any] = {"begin": NOW - HOUR, "end": NOW + HOUR}
    scope = queries.Scope
    reporter = case.reporter_id
    assert queries.concerned(scope("region", region_code=DUNGKAIT)) >= {person.id}
    assert queries.concerned(scope("region", region_code="7303")) == set()
    assert queries.concerned(scope("persons", person_ids=(person.id, case.id))) == {person.id}
    assert queries.concerned(scope("desk", desk_id=cast.desk("centre").id, **span)) == {reporter}
    assert queries.concerned(scope("user", user_id=cast.manager.user_id, **span)) == {person.id, reporter}
    assert queries.concerned(scope("device", device="hp-7", **span)) == set()
    breach = noted(officer)
    found = actions.find_affected(
        by=officer, at=NOW, breach_id=breach.id, scope=scope("user", user_id=cast.manager.user_id, **span)
    )
    assert found == 2
    again = actions.find_affected(
        by=officer, at=NOW, breach_id=breach.id, scope=scope("persons", person_ids=(person.id,))
    )
    assert again == 0
    breach.refresh_from_db()
    assert [one["kind"] for one in breach.scopes] == ["user", "persons"]
    for refusal, wrong in (
        (actions.ScopeMissing, scope("user", user_id=cast.manager.user_id)),
        (actions.ScopeMissing, scope("desk", **span)),
        (actions.ScopeMissing, scope("moon", **span)),
        (actions.NobodyConcerned, scope("region", region_code="7303")),
    ):
        with pytest.raises(refusal):
            actions.find_affected(by=officer, at=NOW, breach_id=breach.id, scope=wrong)
    with pytest.raises(NotAllowed):
        actions.find_affected(
            by=cast.protection_officer,
            at=NOW,
            breach_id=breach.id,
            scope=scope("region", region_code=DUNGKAIT),
        )
    assert Line.objects.filter(kind="affected.find").count() == 2


def test_everybody_is_told_before_it_is_closed(
    cast: Cast, officer: Actor, head: Actor, watcher: Actor, person: Person
) -> None:
    breach = noted(officer)
    actions.find_affected(
        by=officer, at=NOW, breach_id=breach.id, scope=queries.Scope("persons", person_ids=(person.id,))
    )
    with pytest.raises(actions.MeasuresMissing):
        actions.notify_affected(by=officer, at=NOW, breach_id=breach.id)
    actions.change_breach(
        by=officer,
        at=NOW,
        breach_id=breach.id,
        what="Hilang.",
        measures="Dikunci dari jauh.",
        contact="0426 21000",
    )
    with pytest.raises(actions.BreachWordsMissing):
        actions.change_breach(by=officer, at=NOW, breach_id=breach.id, what="", measures="", contact="")
    assert actions.notify_affected(by=officer, at=NOW, breach_id=breach.id) == 0
    told = Message.objects.get(asked_key="breach_notice")
    assert "Dikunci dari jauh." in told.body
    one = Affected.objects.get()
    assert one.road == "slip"  # no gateway here: somebody walks there
    assert [row.id for row in queries.to_visit(officer, breach.id)] == [one.id]
    assert queries.reach(breach.id) == queries.Reach(all=1, told=0, sent=0, to_visit=1, waiting=0)
    with pytest.raises(actions.NotAllTold):
        actions.close_breach(by=head, at=NOW, breach_id=breach.id, lessons="x")
    actions.tell_affected(by=officer, at=NOW, affected_id=one.id, words="dijelaskan")
    with pytest.raises(NotFound):
        actions.tell_affected(by=officer, at=NOW, affected_id=breach.id)
    with pytest.raises(actions.AuthorityMissing):
        actions.tell_authority(by=watcher, at=NOW, breach_id=breach.id)
    with pytest.raises(actions.AuthorityMissing):
        actions.change_authority(by=watcher, at=NOW, name=" ")
    actions.change_authority(
        by=watcher, at=NOW, name="Komdigi", address="Jakarta", officer_contact="pdp@contoh.id"
    )
    actions.tell_authority(by=watcher, at=NOW, breach_id=breach.id, number="123")
    with pytest.raises(actions.BreachWordsMissing):
        actions.close_breach(by=head, at=NOW, breach_id=breach.id, lessons="")
    closed = actions.close_breach(by=head, at=NOW, breach_id=breach.id, lessons="Sandi layar wajib.")
    assert closed.closed_at == NOW
    with pytest.raises(actions.BreachClosed):
        actions.notify_affected(by=officer, at=NOW, breach_id=breach.id)
    kinds = {
        "breach.change",
        "affected.notify",
        "affected.tell",
        "authority.tell",
        "authority.change",
        "breach.close",
    }
    assert kinds <= set(Line.objects.values_list("kind", flat=True))


def test_who_may_not_tell_or_close(cast: Cast, officer: Actor, watcher: Actor) -> None:
    breach = noted(officer)
    for by, act in (
        (watcher, lambda by: actions.notify_affected(by=by, at=NOW, breach_id=breach.id)),
        (officer, lambda by: actions.close_breach(by=by, at=NOW, breach_id=breach.id, lessons="x")),
        (officer, lambda by: actions.tell_authority(by=by, at=NOW, breach_id=breach.id)),
        (officer, lambda by: actions.change_authority(by=by, at=NOW, name="x")),
    ):
        with pytest.raises(NotAllowed):
            act(by)
    assert queries.listed(cast.neighbour_manager) == []
    assert queries.listed(watcher) == [breach]


def test_who_serves_one_village_finds_and_reads_nobody_elsewhere(
    cast: Cast, officer: Actor, person: Person
) -> None:
    village = sitting(cast, "coordinator", 9, region_code=BOTTENG)
    breach = noted(village)
    region = queries.Scope("region", region_code="7602")
    with pytest.raises(actions.NobodyConcerned):
        actions.find_affected(by=village, at=NOW, breach_id=breach.id, scope=region)
    Affected.objects.create(breach=breach, person=person, road="visit")  # found by who serves more
    one = Affected.objects.get()
    assert not queries.to_visit(village, breach.id) and queries.to_visit(officer, breach.id) == [one]
    with pytest.raises(NotFound):
        actions.tell_affected(by=village, at=NOW, affected_id=one.id)
    with pytest.raises(NotAllowed):
        actions.change_authority(by=village, at=NOW, name="x")
