"""What the acts of the election box share: what fits into it, sealing where a browser could not, and the moves. Steps, no acts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from simpul import roles
from simpul.lib import sealing, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.village_post.models import Report, Stage, Step
from simpul.village_post.rules import election as rules

LINE, LONG = 300, 5000
OVERHEAD = 81


class BoxShut(Refused):
    """No stage, no box."""

    code = "box.shut"
    sentence = _(
        "The election box takes no reports today. Bring the report to the supervisor of the district (Panwascam) directly."
    )


class FormIncomplete(Refused):
    """A report without these cannot be looked into (Perbawaslu 7/2022 art. 15)."""

    code = "report.incomplete"
    sentence = _(
        "Fill in your name, who is reported, what happened and where. Without them nobody can look into it."
    )


class SealWrong(Refused):
    """What came sealed is empty or too long."""

    code = "report.seal_wrong"
    sentence = _(
        "The sealed report did not arrive whole. Press the button once more; what you wrote is still there."
    )


class DateWrong(Refused):
    """Nobody knows something before it happens."""

    code = "report.date_wrong"
    sentence = _("Write the day on which you learned of it: today or earlier.")
    field = "known_date"


class MoveRefused(Refused):
    """The report stands otherwise."""

    code = "report.move_refused"
    sentence = _("This cannot be done as the report stands now. Load the page again to see its state.")


class NotRegistered(Refused):
    """A finding on the matter itself needs a registered report."""

    code = "report.not_registered"
    sentence = _("Register the report first; only then can a breach be found or not found.")
    field = "outcome"


@dataclass(frozen=True, slots=True)
class Filed:
    """A report in the box, and the 16 digits its reporter takes home."""

    report: Report
    receipt16: str


def place(by: Actor, stage: Stage) -> roles.Place:
    """Where a report is taken in: the officer's own village inside the stage's area; the stage's area for the public."""
    return roles.Place(village(by, stage))


def village(by: Actor, stage: Stage) -> str:
    """The area a report belongs to: the village of the post it was brought to, else that of the stage."""
    inside = not by.is_public and by.region_code.startswith(stage.region_code)
    return by.region_code if inside and by.region_code else stage.region_code


def check_date(known: date, today: date) -> None:
    """Raises ``DateWrong`` for a day to come, or one of many years ago."""
    if known > today or known < today - timedelta(days=3650):
        raise DateWrong


@sensitive_variables("form")
def sealed(given: bytes, form: Mapping[str, str] | None, public: bytes, stage_id: UUID) -> bytes:
    """What goes into the box. Raises ``SealWrong`` or ``FormIncomplete``."""
    if given:
        if not OVERHEAD < len(given) <= rules.LARGEST:
            raise SealWrong
        return given
    return sealing.seal(public, plain(form or {}), rules.info(stage_id))


@sensitive_variables()
def plain(form: Mapping[str, str]) -> bytes:
    """Form B.1 as the supervisor's page reads it. Raises ``FormIncomplete``."""
    said = {}
    for asked in rules.FORM:
        value = form.get(asked.key, "")
        clean = text.clean_text(value)[:LONG] if asked.kind == "long" else text.clean_line(value)[:LINE]
        if asked.required and len(clean) < 2:
            raise FormIncomplete(field=asked.key)
        if clean:
            said[asked.key] = clean
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def begin(report: Report, act: str) -> None:
    """Raises ``MoveRefused`` when the act makes no sense in this state."""
    if not rules.may(act, report.state):
        raise MoveRefused


def step(by: Actor, at: datetime, report: Report, what: str, note: str = "") -> None:
    """One line of the report's own time line; of who filed it, nothing."""
    name = "" if what == "filed" and by.is_public else by.name[:150]
    Step.objects.create(report=report, what=what, at=at, by_name=name, note=note[:200])
