"""The desk's words: views, states, channels, clocks, marks. What is kept as a code becomes something to read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import decisions, moves
from simpul.lib import when
from simpul.regions import queries as region_queries
from simpul.web.portal import words as portal_words

language = portal_words.language
said = portal_words.said
icon_of = portal_words.icon_of

VIEWS: Mapping[str, tuple[Any, str]] = {
    "turn": (_("Your turn"), "inbox"),
    "mine": (_("In my hands"), "hand"),
    "offered": (_("Just handed to us"), "arrow"),
    "late": (_("Late"), "warning"),
    "verify": (_("To be verified"), "check"),
    "raised": (_("Raised to us"), "flag"),
    "waiting": (_("Waiting for the resident"), "clock"),
    "sent": (_("Sent on by us"), "send"),
    "answered": (_("Answered"), "message"),
    "sealed": (_("Sealed"), "lock"),
    "all": (_("Everything"), "box"),
}
"""The saved views: name and drawing."""

EMPTY: Mapping[str, tuple[Any, Any]] = {
    "turn": (
        _("Nothing waits for you"),
        _(
            "New matters and matters that come back to your desk appear here by themselves, the most urgent first."
        ),
    ),
    "mine": (
        _("You hold nothing"),
        _("Open a matter and choose “Take it on”, so that colleagues see that you are at it."),
    ),
    "offered": (
        _("No new hand-over"),
        _("When another desk hands you a matter, accept it here or say with a reason that it is not yours."),
    ),
    "late": (
        _("Nothing is late"),
        _("Matters whose promise to the resident or whose turn ran out would stand here."),
    ),
    "verify": (_("Nothing to verify"), _("Work that a colleague hands in waits here for a second person.")),
    "raised": (
        _("Nothing was raised to you"),
        _("When a desk under yours stays silent, its matter is shown to you one level at a time."),
    ),
    "waiting": (
        _("No question is open"),
        _("Matters in which a resident was asked something rest here; their clocks stand still."),
    ),
    "sent": (
        _("Nothing of yours is elsewhere"),
        _("Matters you handed on stay in sight here until they come back."),
    ),
    "answered": (
        _("No answer in its reaction time"),
        _("Answered matters stay here while the resident can still say that it is not solved."),
    ),
    "sealed": (
        _("No sealed matter"),
        _("Only focal points and named readers see what would stand here. Each look leaves a line."),
    ),
    "all": (_("No matter is found"), _("Remove a filter, or take in the first matter at the counter.")),
}
"""What an empty list teaches: title and sentence."""

STATES: Mapping[str, Any] = {
    moves.NEW: pgettext_lazy("state", "New"),
    moves.WORKING: pgettext_lazy("state", "Being worked on"),
    moves.OFFERED: pgettext_lazy("state", "Handed over, not accepted yet"),
    moves.WAITING: pgettext_lazy("state", "Waiting for the resident"),
    moves.HANDED_IN: pgettext_lazy("state", "Handed in, to be verified"),
    moves.ANSWERED: pgettext_lazy("state", "Answered"),
    moves.CLOSED: pgettext_lazy("state", "Closed"),
    moves.MERGED: pgettext_lazy("state", "Merged"),
    moves.WITHDRAWN: pgettext_lazy("state", "Withdrawn"),
}

CHANNELS: Mapping[str, Any] = {
    "desk": _("At the counter"),
    "phone": _("By phone"),
    "whatsapp": _("WhatsApp"),
    "sms": _("SMS"),
    "paper": _("On paper"),
    "email": _("E-mail"),
    "web": _("Public page"),
    "telegram": _("Telegram"),
    "field": _("In the field"),
    "open311": _("Open311"),
    "lapor": _("SP4N-LAPOR"),
}

URGENCIES: Mapping[str, Any] = {
    "normal": pgettext_lazy("urgency", "Ordinary"),
    "urgent": pgettext_lazy("urgency", "Urgent"),
    "danger": pgettext_lazy("urgency", "Somebody is in danger"),
}

MODES: Mapping[str, Any] = {
    "self": _("The person concerned"),
    "proxy": _("Somebody for another person"),
    "group": _("A group"),
    "anonymous": _("Without a name"),
}

OWNERS: Mapping[str, Any] = {
    "own": _("Their own"),
    "family": _("Their family's"),
    "neighbour": _("A neighbour's"),
    "officer": _("An officer's or cadre's"),
    "unknown": _("Not known"),
}

CONSENTS: Mapping[str, Any] = {
    "spoken": _("Said so"),
    "ticked": _("Ticked a box"),
    "paper": _("Signed on paper"),
    "proxy": _("Their representative agreed"),
}

CLOCKS: Mapping[str, Any] = {
    "answer": _("Answer to the resident"),
    "screen": _("First check"),
    "follow_up": _("First follow-up"),
    "protect": _("Protection within 24 hours"),
    "hop": _("To be accepted or declined"),
    "work": _("The desk's own part"),
    "theirs": _("The outside body's own promise"),
    "react": _("The resident's time to react"),
}

UNITS: Mapping[str, Any] = {
    "working_days": _("working days"),
    "calendar_days": _("calendar days"),
    "hours": _("hours"),
}

HOPS: Mapping[str, tuple[str, Any]] = {
    "offered": ("waiting", _("Has been asked to take it on")),
    "accepted": ("done", _("Took it on")),
    "declined": ("refused", _("Said it is not theirs")),
    "recalled": ("refused", _("Was called back")),
    "answered": ("done", _("Answered")),
    "returned": ("refused", _("Returned it")),
    "superseded": ("done", _("No longer needed")),
    "silent": ("refused", _("Stayed silent until its time ran out")),
}
"""State of a hop -> how its knot looks, and what the desk did."""

OUTCOMES: Mapping[str, Any] = {
    "done": _("Done"),
    "partly": _("Partly done"),
    "not_possible": _("Not possible"),
}
REPLIES: Mapping[str, Any] = {
    "accepted": _("They took it on"),
    "refused": _("They refused"),
    "answered": _("They answered"),
}
LINKS: Mapping[str, Any] = {
    "related": _("Belongs with"),
    "duplicate": _("The same matter as"),
    "split": _("Taken out of the same matter"),
    "visit": _("Brought at the same visit"),
    "appeal": _("Appeal"),
}
TOLD: Mapping[str, Any] = {
    "in_person": _("Told in person"),
    "phone": _("Told by phone"),
    "family": _("Told through the family"),
    "refused": _("Did not want to hear it"),
    "moved": _("Has moved away"),
    "died": _("Has died"),
    "not_met": _("Not met; I will try again"),
}
MESSAGE_STATES: Mapping[str, Any] = {
    "queued": pgettext_lazy("message", "waiting"),
    "sending": pgettext_lazy("message", "being sent"),
    "sent": pgettext_lazy("message", "sent"),
    "failed": pgettext_lazy("message", "could not be sent"),
    "held": pgettext_lazy("message", "held back"),
    "printed": pgettext_lazy("message", "printed"),
    "told": pgettext_lazy("message", "told"),
    "expired": pgettext_lazy("message", "expired"),
}
ROADS: Mapping[str, Any] = {
    "email": _("E-mail"),
    "slip": _("Paper notice"),
    "sms": _("SMS"),
    "whatsapp": _("WhatsApp"),
    "telegram": _("Telegram"),
}
PUBLICATION_STATES: Mapping[str, Any] = {
    "draft": pgettext_lazy("publication", "Draft"),
    "offered": pgettext_lazy("publication", "Waits for a second person"),
    "returned": pgettext_lazy("publication", "Returned"),
    "released": pgettext_lazy("publication", "Public"),
    "withdrawn": pgettext_lazy("publication", "Withdrawn"),
}
SAME: Mapping[str, Any] = {
    "nik": _("same NIK"),
    "phone": _("same phone"),
    "name": _("same name in this village"),
}


@dataclass(frozen=True, slots=True)
class ChipWords:
    """A clock as the chip component takes it."""

    words: str
    tone: str
    due: str = ""


def of(table: Mapping[str, Any], code: str) -> str:
    """The words of a code; the code itself for one that is no longer known."""
    return str(table.get(code, code))


def decision_words(decision: str) -> str:
    """The words of a decision."""
    return gettext(decisions.words(decision)) if decision else ""


def act_words(act: str) -> str:
    """What somebody did, as the timeline says it."""
    return gettext(roles.ACTS[act]) if act in roles.ACTS else act


def moment(at: datetime | None, region_code: str) -> str:
    """Date and time at the place; "" for none."""
    return portal_words.moment_words(at, region_code)


def short_day(at: datetime | None, region_code: str) -> str:
    """The date at the place, short: "22 Nov 2026"; "" for none."""
    if at is None:
        return ""
    return when.format_short_date(when.local_date(at, region_queries.zone_of(region_code)), language())


def day(value: date | None) -> str:
    """A date as it is read here; "" for none."""
    return portal_words.date_words(value)


def chip(due_at: datetime | None, now: datetime, region_code: str) -> ChipWords:
    """A running clock in words: how many days are left, or how many it is late."""
    found = clock_rules.chip(due_at, now, region_queries.zone_of(region_code))
    due = moment(due_at, region_code)
    if found.tone == "none":
        return ChipWords(gettext("no clock"), "paused")
    if found.tone == "late":
        late = ngettext("%(days)s day late", "%(days)s days late", found.days) % {"days": found.days}
        return ChipWords(late if found.days else gettext("late since today"), "late", due)
    if found.tone == "today":
        return ChipWords(gettext("today"), "soon", due)
    return ChipWords(
        ngettext("%(days)s day left", "%(days)s days left", found.days) % {"days": found.days},
        found.tone,
        due,
    )


def case_chip(case: Any, now: datetime) -> ChipWords:
    """The one clock a row shows: the earlier of the promise to the resident and the acting desk's turn."""
    if case.state == moves.WAITING:
        return ChipWords(gettext("waiting for the resident"), "paused")
    if not case.is_open:
        return ChipWords(
            of(STATES, case.state), "done", moment(case.closed_at or case.answered_at, case.region_code)
        )
    if case.state == moves.ANSWERED:
        return ChipWords(of(STATES, case.state), "done", moment(case.answered_at, case.region_code))
    running = [at for at in (case.due_at, case.turn_due_at) if at is not None]
    return chip(min(running, default=None), now, case.region_code)


def clock_chip(clock: Any, now: datetime, region_code: str) -> ChipWords:
    """One clock of the case page, also when it stands still or has ended."""
    if clock.stopped_at is not None:
        late = clock.stopped_at > clock.due_at
        words = gettext("ended late") if late else gettext("kept")
        return ChipWords(words, "soon" if late else "done", moment(clock.stopped_at, region_code))
    if clock.paused_at is not None:
        return ChipWords(gettext("stands still"), "paused", moment(clock.paused_at, region_code))
    return chip(clock.due_at, now, region_code)


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if not minutes:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def marks(case: Any) -> list[dict[str, str]]:
    """The tags of a row: what a person should know before opening it."""
    found = []
    if case.urgency == "danger":
        found.append({"text": gettext("danger"), "tone": "bad"})
    elif case.urgency == "urgent":
        found.append({"text": gettext("urgent"), "tone": "warn"})
    if case.sensitivity == "sealed":
        found.append({"text": gettext("sealed"), "tone": "bad"})
    elif case.sensitivity == "restricted":
        found.append({"text": gettext("restricted"), "tone": "warn"})
    if case.screening == "flagged":
        found.append({"text": gettext("to be screened"), "tone": "warn"})
    if case.is_incident:
        found.append({"text": gettext("shared cause"), "tone": "info"})
    elif case.incident_id:
        found.append({"text": gettext("one of many"), "tone": "info"})
    if case.level:
        found.append({"text": gettext("raised %(n)s×") % {"n": case.level}, "tone": "warn"})
    if case.reopened:
        found.append({"text": gettext("reopened"), "tone": "warn"})
    return found
