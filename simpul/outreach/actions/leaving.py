"""May the trip leave; leaving, coming back, closing, calling off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips, steps
from simpul.outreach.models import CheckRule, Trip, TripCheck
from simpul.outreach.queries import trip_checks, trips
from simpul.outreach.rules import checks as check_rules
from simpul.outreach.rules import trips as rules


class TripNotReady(Refused):
    """Nobody leaves before the questions are answered well."""

    code = "trip.not_ready"
    sentence = _(
        "Answer the questions before leaving first. If a must is missing, a coordinator may clear the trip."
    )


class TripNotBegun(Refused):
    """Who was nowhere cannot come back."""

    code = "trip.not_begun"
    sentence = _("This trip has not left and has been at no stop. Call it off instead.")


class TripLoose(Refused):
    """Something is still open."""

    code = "trip.loose"
    sentence = _("Still open: %(what)s. Finish it, or write why the trip is closed all the same.")
    field = "because"


class StopsMissing(Refused):
    """A trip without a stop goes nowhere."""

    code = "trip.stops_missing"
    sentence = _("Add at least one stop first.")


def check_trip(
    *,
    by: Actor,
    at: datetime,
    trip_id: UUID,
    answers: Mapping[str, check_rules.Answer],
    check_id: UUID | None = None,
) -> TripCheck:
    """Answer the questions before leaving. The verdict makes the trip ready, or takes that back. The newest answers count.

    Raises:
        StopsMissing, _trips.TripOver, _trips.KeyTaken.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "trip.check", trip_id, ("planned", "ready"))
        known: TripCheck | None = _trips.again(TripCheck, check_id, trip_id=trip.id)
        if known is not None:
            return known
        if not trip.stops.filter(dropped_at=None).exists():
            raise StopsMissing
        asked = trip_checks.questions(trip.region_code)
        verdict = check_rules.judge(asked, answers)
        row = TripCheck.objects.create(
            id=check_id or uuid7(),
            trip=trip,
            answers={one.code: _kept(answers.get(one.code, check_rules.Answer())) for one in asked},
            go=verdict.go,
            missing=list(verdict.missing),
            doubts=list(verdict.doubts),
            checked_at=at,
            checked_by=by.name[:150],
            seat_id=by.seat_id,
        )
        trip.state = rules.move(trip.state, "check_go" if verdict.go else "check_no")
        trip.cleared_because = ""
        trip.save()
        _trips.line(
            by,
            at,
            "trip.check",
            trip,
            facts={"go": verdict.go, "missing": row.missing, "doubts": row.doubts},
        )
    return row


def _kept(answer: check_rules.Answer) -> dict[str, object]:
    return {"ok": answer.ok, "number": answer.number, "words": text.clean_line(answer.words)[:200]}


def clear_trip(*, by: Actor, at: datetime, trip_id: UUID, because: str) -> None:
    """Let a trip leave although a must is missing: a person takes that on themselves, with a reason.

    Raises:
        TripNotReady: the questions were not answered at all.
        steps.WordsMissing, _trips.TripOver.
    """
    with transaction.atomic():
        trip = _trips.begin_plan(by, "trip.clear", trip_id, ("planned", "ready"))
        if not trip.checks.exists():
            raise TripNotReady
        trip.cleared_because = _trips.words(because, field="because", most=300, least=5)
        trip.state = rules.move(trip.state, "clear")
        trip.save()
        _trips.line(by, at, "trip.clear", trip, inputs={"because": trip.cleared_because})


def start_trip(
    *, by: Actor, at: datetime, trip_id: UUID, started_at: datetime, happened: bool = False
) -> None:
    """Leave. Again with the same moment changes nothing.

    ``happened``: a phone tells that the team left already; then it is a fact, and flagged when the questions had not been answered.

    Raises:
        TripNotReady, _trips.TripStep.
    """
    with transaction.atomic():
        trip = access.trip_for(by, trip_id, lock=True)
        roles.require(by, "trip.start", access.place_of_plan(by, trip))
        if trip.started_at == started_at:
            return
        following = rules.move(trip.state, "start")
        if not following and happened and (following := rules.move(trip.state, "left")):
            trip.flags = sorted({*trip.flags, "unchecked"})
        if not following:
            raise TripNotReady if trip.state == "planned" else _trips.TripStep
        trip.state, trip.started_at = following, started_at
        trip.save()
        _trips.flag_again(trip, at)
        _trips.line(by, at, "trip.start", trip, facts={"started_at": started_at})


def return_trip(
    *,
    by: Actor,
    at: datetime,
    trip_id: UUID,
    returned_at: datetime,
    fuel_actual: int | None = None,
    cost_actual: int | None = None,
    words: str = "",
) -> None:
    """Come back: what it cost and how it was. Costs may be put in later by the same act, as long as the trip is not closed.

    Raises:
        TripNotBegun: it was nowhere.
        _trips.TripStep: it is closed or was called off.
        steps.ChoiceUnknown: an amount below nought.
    """
    with transaction.atomic():
        trip = access.trip_for(by, trip_id, lock=True)
        roles.require(by, "trip.return", access.place_of_plan(by, trip))
        told = text.clean_text(words, 4000)
        before = _returned(trip)
        if trip.state != "returned":
            _come_back(trip)
        trip.returned_at = returned_at
        trip.fuel_actual = fuel_actual if _trips.money(fuel_actual) is not None else trip.fuel_actual
        trip.cost_actual = cost_actual if _trips.money(cost_actual) is not None else trip.cost_actual
        trip.return_words = told or trip.return_words
        if before == _returned(trip):
            return
        trip.save()
        _trips.flag_again(trip, at)
        _trips.line(
            by,
            at,
            "trip.return",
            trip,
            facts={"returned_at": returned_at, "fuel": trip.fuel_actual, "cost": trip.cost_actual},
            inputs={"words": trip.return_words},
        )


def _returned(trip: Trip) -> tuple[object, ...]:
    return (trip.state, trip.returned_at, trip.fuel_actual, trip.cost_actual, trip.return_words)


def _come_back(trip: Trip) -> None:
    """A team that left without saying so has been somewhere all the same, and comes back with a flag."""
    if trip.state in ("planned", "ready"):
        if not trip.stops.filter(arrived_at__isnull=False, dropped_at=None).exists():
            raise TripNotBegun
        trip.flags = sorted({*trip.flags, "not_started"})
        trip.state = "under_way"
    following = rules.move(trip.state, "return")
    if not following:
        raise _trips.TripStep
    trip.state = following


def close_trip(*, by: Actor, at: datetime, trip_id: UUID, today: date, because: str = "") -> None:
    """Close a trip that is back: everything counted, every stop finished, no promise without a date or over its date; or a reason why.

    Raises:
        TripLoose: something is open, and no reason is given.
        _trips.TripStep: it is not back.
    """
    with transaction.atomic():
        trip = access.trip_for(by, trip_id, lock=True)
        roles.require(by, "trip.close", access.place_of_plan(by, trip))
        if trip.state == "closed":
            return
        following = rules.move(trip.state, "close")
        if not following:
            raise _trips.TripStep
        loose = trips.loose_ends(trip, today)
        why = text.clean_line(because, 300)
        if loose and len(why) < 5:
            raise TripLoose(what=", ".join(loose))
        trip.state, trip.closed_at, trip.closed_because = following, at, why
        trip.save()
        _trips.line(by, at, "trip.close", trip, facts={"open": len(loose)}, inputs={"because": why})


def call_off_trip(*, by: Actor, at: datetime, trip_id: UUID, why: str) -> None:
    """Call a trip off before it leaves. One that is under way is brought back instead.

    Raises:
        _trips.TripStep, steps.WordsMissing.
    """
    with transaction.atomic():
        trip = access.trip_for(by, trip_id, lock=True)
        roles.require(by, "trip.call_off", access.place_of_plan(by, trip))
        if trip.state == "called_off":
            return
        following = rules.move(trip.state, "call_off")
        if not following:
            raise _trips.TripStep
        trip.called_off_why = _trips.words(why, field="why", most=300, least=3)
        trip.state, trip.called_off_at = following, at
        trip.save()
        _trips.line(by, at, "trip.call_off", trip, inputs={"why": trip.called_off_why})


def set_check(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    code: str,
    must: bool,
    asked: bool = True,
    number: int | None = None,
) -> None:
    """Set how an area asks one question before leaving. The same again changes nothing.

    Raises:
        steps.ChoiceUnknown: no such question, or a number beyond reason.
    """
    roles.require(by, "check.set", roles.Place(region_code))
    if code not in trip_checks.defaults() or (number is not None and not 0 <= number <= 10_000):
        raise steps.ChoiceUnknown
    with transaction.atomic():
        row = CheckRule.objects.filter(region_code=region_code, code=code).first()
        if row is not None and (row.must, row.asked, row.number) == (must, asked, number):
            return
        row = row or CheckRule(region_code=region_code, code=code)
        row.must, row.asked, row.number = must, asked, number
        row.set_at, row.set_by = at, by.name[:150]
        row.save()
        journal_actions.record(
            by=by,
            at=at,
            kind="check.set",
            subject_kind="check_rule",
            subject_id=row.id,
            facts={"code": code, "must": must, "asked": asked, "number": number},
            region_code=region_code,
        )
