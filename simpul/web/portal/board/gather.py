"""What stands on the board of a village: gathered from the rooms, and public in each of them already.

The board, its paper and the group's text are one list of parts. A part without lines is left out. Nothing here reads anything that its own
public page does not show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.cases.queries import publishing as publishing_queries
from simpul.cases.rules import decisions
from simpul.community.queries import bank as bank_queries
from simpul.community.queries import bank_public
from simpul.community.queries import board as board_queries
from simpul.community.queries import directory as directory_queries
from simpul.community.queries import ideas as idea_queries
from simpul.community.queries import planning as plan_queries
from simpul.community.queries import works as work_queries
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import works as work_rules
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.village_post.queries import reading as reading_queries
from simpul.web.portal import words
from simpul.web.portal.directory import words as directory_words

RECENT = timedelta(days=14)
SHORT = 140
OFFICES = ("post", "village_office")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: words, perhaps with more below and an address."""

    text: str
    more: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the board."""

    name: str
    heading: str
    icon: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """The village, the moment, and the day there."""

    code: str
    at: datetime
    day: date


def _announced(here: Here) -> list[Line]:
    return [
        Line(one.title if one.hamlet is None else f"{one.title} ({one.hamlet.name})", one.words)
        for one in board_queries.public(here.code, here.day)
    ]


def _schedule(here: Here) -> list[Line]:
    lines = []
    for kind in OFFICES:
        desk = desk_queries.nearest(kind, here.code)
        if desk is not None and desk.region_code == here.code:
            hours = desk_queries.hours_text(desk)
            if hours:
                lines.append(Line(f"{desk.name}: {', '.join(hours)}"))
    for one in reading_queries.public_corners():
        if one.region_code == here.code:
            lines.append(
                Line(
                    f"{one.name}: {_days(one.open_days, 1)} {_hours(one)}".strip(),
                    url=reverse("portal_reading_corner", args=[one.id]),
                )
            )
    bank = bank_public.bank_at(here.code)
    if bank is not None:
        terms = bank_queries.terms_on(bank, here.day)
        lines.append(Line(f"{bank.name}: {_days(terms.open_days, 0)} {terms.hours}".strip()))
    for meeting in plan_queries.public_meetings(here.code, here.at):
        where = f" · {meeting.place}" if meeting.place else ""
        lines.append(Line(f"{meeting.title}: {words.moment_words(meeting.planned_at, here.code)}{where}"))
    return lines


def _days(numbers: list[int], first: int) -> str:
    if not numbers or len(numbers) == 7:
        return _("every day")
    return ", ".join(str(WEEKDAYS[number - first]) for number in sorted(numbers) if 0 <= number - first < 7)


def _hours(one: Any) -> str:
    return f"{one.opens:%H.%M}-{one.closes:%H.%M}" if one.opens and one.closes else ""


def _markets(here: Here) -> list[Line]:
    lines = []
    for ahead, name in ((0, _("today")), (1, _("tomorrow"))):
        weekday = (here.day + timedelta(days=ahead)).isoweekday()
        for one in directory_queries.markets_on(here.code, weekday):
            rest = " · ".join(part for part in (one.hours, one.place) if part)
            lines.append(
                Line(
                    f"{one.name} ({name}){': ' if rest else ''}{rest}", url=reverse("listing", args=[one.id])
                )
            )
    for one in directory_queries.produce_in(here.code, here.day.month)[:6]:
        season = directory_words.season(one)
        lines.append(Line(f"{one.name}: {season}", url=reverse("listing", args=[one.id])))
    return lines


def _answers(here: Here) -> list[Line]:
    return [
        Line(
            one.title,
            f"{_(decisions.words(one.decision))}: {text.shorten(' '.join(one.answer.split()), SHORT)}",
            reverse("answer", args=[one.slug]),
        )
        for one in publishing_queries.feed(6, region_code=here.code)
        if one.answered_date >= here.day - timedelta(days=30)
    ]


def _works(here: Here) -> list[Line]:
    found = []
    for state in ("running", "planned", "done"):
        for one in work_queries.public_listed(work_queries.Filters(region=here.code, state=state)).rows[:4]:
            where = f", {one.place}" if one.place else ""
            found.append(
                Line(
                    f"{one.title}{where}: {_(work_rules.STATES[one.state])}",
                    url=reverse("work", args=[one.id]),
                )
            )
    return found[:8]


def _ideas(here: Here) -> list[Line]:
    lines, seen = [], set()
    for step in idea_queries.recent_steps(here.code, here.at - RECENT, 12):
        if step.idea_id not in seen:
            seen.add(step.idea_id)
            state = _(idea_rules.STATES.get(step.kind, idea_rules.STATES[step.idea.state]))
            more = step.reason if step.kind in idea_rules.REASONED else ""
            lines.append(Line(f"{step.idea.title}: {state}", more, reverse("idea", args=[step.idea.code])))
    return lines[:6]


PARTS: tuple[tuple[str, str, str, Callable[[Here], list[Line]]], ...] = (
    ("pengumuman", gettext_noop("Announcements"), "bell", _announced),
    ("jadwal", gettext_noop("Schedule"), "calendar", _schedule),
    ("pasar", gettext_noop("Market and season"), "pin", _markets),
    ("jawaban", gettext_noop("Answered matters"), "check", _answers),
    ("karya", gettext_noop("Works of the village"), "house", _works),
    ("ide", gettext_noop("Ideas of residents"), "idea", _ideas),
)


def parts(code: str, at: datetime, only: tuple[str, ...] = ()) -> list[Part]:
    """The parts of a village's board that have lines; ``only`` chooses some."""
    here = Here(code, at, at.astimezone(desk_queries.zone_of(code)).date())
    found = [
        Part(name, _(heading), icon, tuple(gather(here)))
        for name, heading, icon, gather in PARTS
        if not only or name in only
    ]
    return [one for one in found if one.lines]
