"""Entries, visits and judgements for tests of findings, tasks and the early-marriage list."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connections

from simpul.people.models import House, Household, Person, Profile
from simpul.posyandu.actions import _findings
from simpul.posyandu.models import Examination, Finding, HomeVisit, Participant, Posyandu
from simpul.posyandu.rules.judging import Judgement
from tests.cast import DUNGKAIT, NOW, Cast
from tests.posyandu.day_help import BEFORE, TODAY


def said(code: str, level: str = "alert") -> Judgement:
    """What a rule would say."""
    return Judgement(f"rule.{code}", "1", code, level, True, code, "KMK", "Words")


def entry(who: Participant, on: date = TODAY, **columns: Any) -> Examination:
    """A line of a card as it lies in the table, without the rules having run."""
    return Examination.objects.create(
        participant=who,
        person=who.person,
        posyandu=who.posyandu,
        region_code=who.region_code,
        date=on,
        form=who.form,
        form_version="test",
        recorded_at=NOW,
        **columns,
    )


def note(cast: Cast, row: Examination, codes: Sequence[str], level: str = "alert") -> list[Finding]:
    """Hand the codes over as the day does."""
    return _findings.note(cast.cadre, NOW, examination=row, judgements=[said(code, level) for code in codes])


def visit(there: Posyandu, on: date = TODAY, **more: Any) -> HomeVisit:
    """A visit as it lies in the table."""
    given = {"checklist": 4, "form_version": "test", "recorded_at": NOW + timedelta(hours=1), **more}
    return HomeVisit.objects.create(posyandu=there, region_code=there.region_code, date=on, **given)


def household(cast: Cast, name: str, **house: str) -> Household:
    """A household in a house of which this much is known."""
    place = {"region_code": DUNGKAIT, "hamlet": cast.hamlet, "changed_at": BEFORE}
    return Household.objects.create(
        name=name, house=House.objects.create(**place, **house), registered_at=BEFORE, **place
    )


def schooling(who: Person, code: str) -> None:
    """What the register says of somebody's school."""
    Profile.objects.update_or_create(person=who, defaults={"schooling": code, "changed_at": BEFORE})


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, so slow that whoever asks at the same time asks before it answers."""

    def waited(*given: Any, **named: Any) -> Any:
        time.sleep(0.3)
        return function(*given, **named)

    return waited


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What several requests at one moment come to, each on a line of its own to the database: its result, or its fault."""
    found: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            found[place] = work()
        except Exception as fault:  # noqa: BLE001 - shown by the test
            found[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=given) for given in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found
