"""Acts between SP4N-LAPOR and the matters here: note its number on a matter, and take in a report of its export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.actions import intake, protection, steps
from simpul.cases.models import Answer, Case, LaporRecord
from simpul.cases.queries import lapor as queries
from simpul.cases.rules import lapor as rules
from simpul.cases.rules import moves
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused

SYSTEM_NAME = "SP4N-LAPOR"
DEFAULT_KIND = "complaint"
_FLAGS = ("is_anonymous", "is_secret")


class LaporNumberWrong(Refused):
    """No number, or none of theirs."""

    code = "lapor.number_wrong"
    sentence = _("Write the number as it stands in SP4N-LAPOR, for example 7654321.")
    field = "number"


class LaporNumberTaken(Refused):
    """One report there is one matter here."""

    code = "lapor.number_taken"
    sentence = _(
        "Another matter here has this SP4N-LAPOR number already. Look for it, and merge the two if they are one."
    )
    field = "number"


class LaporWordUnknown(Refused):
    """A class or status that the catalogue does not know."""

    code = "lapor.word_unknown"
    sentence = _("Choose the class and the status from the list.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one row: ``new``, ``changed`` (its status or dates moved on) or ``again`` (nothing new)."""

    case: Case
    outcome: str


def note_lapor(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    number: str,
    report_class: str = "",
    status: str = "",
    dates: Mapping[str, datetime | None] | None = None,
    is_anonymous: bool = False,
    is_secret: bool = False,
) -> LaporRecord:
    """Write down under which number, class and status SP4N-LAPOR knows a matter; writing again corrects it.

    *Rahasia* closes the matter to its chain, *anonim* hides who reported. Neither is ever opened again by this.

    Raises:
        NotFound: no such matter for this actor, or not theirs to note.
        LaporNumberWrong, LaporNumberTaken, LaporWordUnknown.
    """
    words = queries.table()
    with transaction.atomic():
        case = access.get_for(by, case_id, lock=True)
        roles.require(by, "lapor.note", access.place_of(case))
        clean = number.strip().lstrip("#")
        if not rules.is_number(clean):
            raise LaporNumberWrong
        if LaporRecord.objects.filter(number=clean).exclude(case=case).exists():
            raise LaporNumberTaken
        if report_class not in ("", *words.class_words) or status not in ("", *words.status_words):
            raise LaporWordUnknown
        known = {key: value for key, value in (dates or {}).items() if key in rules.MOMENTS}
        record, _made = LaporRecord.objects.update_or_create(
            case=case,
            defaults={
                "number": clean,
                "report_class": report_class,
                "status": status,
                "status_told": words.status_words.get(status, ""),
                "is_anonymous": is_anonymous,
                "is_secret": is_secret,
                "noted_at": at,
                "noted_by": by.name,
                **known,
            },
        )
        _mark(case, at, clean, hide=is_anonymous, secret=is_secret)
        facts = {
            "number": "" if case.sensitivity == "sealed" else clean,
            "class": report_class,
            "status": status,
        }
        steps.journal(by, at, "lapor.note", case, facts)
    return record


def import_lapor(*, by: Actor, at: datetime, report: rules.Report) -> Imported:
    """Take in one report of their export. The same number again opens nothing: only its status and dates are brought up to date.

    The matter keeps the day on which it came there, so its clocks run from then. Nobody is written to: the person has an account
    there and is answered there. A report that was finished there comes in as closed, with its answer and without a decision.

    Raises:
        Refused: what ``open_case`` refuses.
    """
    roles.require(by, "lapor.import")
    with transaction.atomic():
        known = queries.by_number(report.number)
        if known is not None:
            return Imported(known.case, _bring_up(by, at, known, report))
        words = queries.table()
        kind = words.kind_of_class.get(report.report_class, DEFAULT_KIND)
        opened = intake.open_case(
            by=by,
            at=report.received_at,
            kind_code=kind,
            text_given=report.text,
            title=report.title,
            region_code=queries.region_of(report.place),
            channel=words.channel,
            place=report.place,
            happened_date=report.happened_date,
            hide_name=report.is_anonymous,
        )
        case = opened.case
        LaporRecord.objects.create(
            case=case,
            number=report.number,
            was_imported=True,
            noted_at=at,
            noted_by=by.name,
            **_theirs(report),
        )
        _mark(case, at, report.number, hide=report.is_anonymous, secret=report.is_secret)
        if case.sensitivity != "sealed":
            _relive(case, by, report)
        steps.change(case, at)  # whatever happened there and when: here it is news of now
        _line(by, at, case, report, "new")
    return Imported(case, "new")


def _theirs(report: rules.Report) -> dict[str, Any]:
    """The columns of the record that their row fills."""
    keys = ("report_class", "status", "status_told", *rules.MOMENTS, *_FLAGS)
    return {key: getattr(report, key) for key in keys}


def _bring_up(by: Actor, at: datetime, known: LaporRecord, report: rules.Report) -> str:
    """Take over what moved on there. What an officer noted and their file leaves empty stays; nothing is opened again."""
    told = {key: value for key, value in _theirs(report).items() if value not in (None, "", False)}
    changed = {key: value for key, value in told.items() if getattr(known, key) != value}
    if not changed:
        return "again"
    LaporRecord.objects.filter(id=known.id).update(noted_at=at, noted_by=by.name, **changed)
    case = known.case
    _mark(case, at, known.number, hide=report.is_anonymous, secret=report.is_secret)
    if case.sensitivity != "sealed" and known.was_imported:
        _relive(case, by, report)
        steps.change(case, at)
    _line(by, at, case, report, "changed")
    return "changed"


def _line(by: Actor, at: datetime, case: Case, report: rules.Report, outcome: str) -> None:
    number = "" if case.sensitivity == "sealed" else report.number
    steps.journal(
        by, at, "lapor.import", case, {"number": number, "outcome": outcome, "status": report.status}
    )


def _mark(case: Case, at: datetime, number: str, *, hide: bool, secret: bool) -> None:
    """Their number among the other numbers of the matter, and what is to be hidden of it."""
    steps.change(
        case,
        at,
        outside_numbers={**case.outside_numbers, SYSTEM_NAME: number},
        hide_name=case.hide_name or hide,
    )
    if secret:
        protection.close_at_least(case, at, "restricted")


def _relive(case: Case, by: Actor, report: rules.Report) -> None:
    """What happened to it there, so that its days count from the first disposition there and a finished report is not late here."""
    if case.state not in (moves.NEW, moves.WORKING):
        return
    followed = rules.first_of((report.followed_at, report.finished_at if report.answer else None))
    disposed = rules.first_of((report.disposed_at, followed))
    changes: dict[str, Any] = {"first_disposed_at": case.first_disposed_at or disposed}
    if followed is not None and report.answer and case.answered_at is None:
        Answer.objects.create(
            case=case, text=report.answer, decision="", by_name=SYSTEM_NAME, desk=case.holder, at=followed
        )
        changes |= {
            "answered_at": followed,
            "first_answered_at": followed,
            "hours_to_answer": max(0, (followed - (disposed or followed)) // timedelta(hours=1)),
            "react_until_at": followed + timedelta(days=case.kind.reaction_days),
        }
        steps.change(case, followed, **changes)
        steps.move(case, "case.answer", followed)
        steps.stop_clocks(case, "answered", followed)
    elif disposed is not None and case.first_disposed_at is None:
        steps.change(case, disposed, **changes)
        steps.start_kind_clocks(case, "disposed", disposed, case.holder)
        steps.stop_clocks(case, "disposed", disposed)
    if report.finished_at is not None and report.status in ("finished", "archived"):
        steps.move(case, "case.close", report.finished_at, closed_at=report.finished_at)
        steps.stop_clocks(case, "ended", report.finished_at)
