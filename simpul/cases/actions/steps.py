"""The steps that acts on a case are made of: begin, move, stamp clocks, put on the chain, tell, write the journal.

These are not acts: they are called inside an act's transaction and leave no line of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access
from simpul.cases.models import Case, CaseDesk, Clock, Hop, Note
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import moves
from simpul.journal import actions as journal_actions
from simpul.lib import text as texts
from simpul.lib import workdays
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.regions import queries as region_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk


class MoveRefused(Refused):
    """The case is in a state from which this act does not start."""

    code = "case.move_refused"
    sentence = _(
        "This matter has moved on, so that can no longer be done. Look at the matter again to see where it is now."
    )


class ChangedMeanwhile(Refused):
    """Somebody else changed the case between reading and writing."""

    code = "case.changed_meanwhile"
    sentence = _(
        "Somebody else changed this matter at the same moment. Nothing of yours was lost: look again and repeat."
    )


class WordsMissing(Refused):
    """A text that the act needs is empty."""

    code = "case.words_missing"
    sentence = _("Write at least a few words, so that the next person understands.")


class WordsTooLong(Refused):
    """More than the act keeps."""

    code = "case.words_too_long"
    sentence = _("This is too long. Write at most %(limit)s characters; the rest can go along as a file.")


def begin(by: Actor, act: str, case_id: UUID) -> Case:
    """Get the case for an act: seen by the actor, allowed by the role table, and in a state the act may start from.

    Raises:
        NotFound: unknown, hidden, or not allowed: the three look the same.
        MoveRefused: the state does not allow it.
    """
    case = access.get_for(by, case_id, lock=True)
    roles.require(by, act, access.place_of(case))
    if not moves.allowed(act, case.state):
        raise MoveRefused
    return case


Row = TypeVar("Row", Note, Hop)


def again(table: type[Row], key: UUID | None, case: Case) -> Row | None:
    """What was written about the case under this key before: an act that is repeated finds it and changes nothing.

    Raises:
        NotFound: the key belongs to another case.
    """
    found = table.objects.filter(id=key).first() if key else None
    if found is not None and found.case_id != case.id:
        raise NotFound
    return found


def move(case: Case, act: str, at: datetime, **changes: Any) -> None:
    """Move the case by its old state; refuse when somebody else moved it first."""
    target = moves.target(act, case.state)
    changes.update(state=target, changed_at=at, is_open=target in moves.OPEN_STATES)
    if Case.objects.filter(id=case.id, state=case.state).update(**changes) != 1:
        raise ChangedMeanwhile
    for name, value in changes.items():
        setattr(case, name, value)


def change(case: Case, at: datetime, **changes: Any) -> None:
    """Change columns of the case without moving it."""
    changes["changed_at"] = at
    if Case.objects.filter(id=case.id, state=case.state).update(**changes) != 1:
        raise ChangedMeanwhile
    for name, value in changes.items():
        setattr(case, name, value)


def words(text: str, *, field: str, at_least: int = 3, most: int = 5000) -> str:
    """A cleaned text an act cannot do without: no invisible or direction-changing signs, and nothing cut off in silence.

    Raises:
        WordsMissing: nothing is left after cleaning.
        WordsTooLong: more than ``most`` characters.
    """
    clean = free_words(text, field=field, most=most)
    if len(clean) < at_least:
        raise WordsMissing(field=field)
    return clean


def free_words(text: str, *, field: str, most: int = 5000) -> str:
    """A cleaned text that may be empty.

    Raises:
        WordsTooLong: more than ``most`` characters.
    """
    try:
        return texts.clean_text(text, most)
    except texts.TooLong as refusal:
        raise WordsTooLong(field=field, limit=most) from refusal


def shown_number(case: Case) -> str:
    """The number as another matter's timeline may name it: a sealed matter's is kept back."""
    return "" if case.sensitivity == "sealed" else case.number


def join_chain(case: Case, desk: Desk, at: datetime, *, extract_only: bool = False) -> None:
    """Let a desk see the case from now on. A partner sees the forwarded extract only."""
    CaseDesk.objects.get_or_create(
        case=case, desk=desk, defaults={"since_at": at, "extract_only": extract_only}
    )


def begin_chain(case: Case, desks: Iterable[Desk], at: datetime) -> None:
    """The desks that see a case from its first minute; the case is new, so nothing has to be looked up."""
    CaseDesk.objects.bulk_create(CaseDesk(case=case, desk=desk, since_at=at) for desk in desks)


def calendar_of(desk: Desk, at: datetime, place: str = "") -> workdays.Calendar:
    """The office calendar of a desk around a moment; a desk that serves everywhere follows the days of the matter's ``place``."""
    return region_queries.calendar_for(desk.region_code or place, desk.week, around=at.date())


# --- clocks ---------------------------------------------------------------------------------------------------------


def start_kind_clocks(case: Case, event: str, at: datetime, desk: Desk) -> None:
    """Stamp the clocks of the case's kind that start with an event."""
    rules = clock_rules.rules_at(event, case.kind_id, case.kind.version, case.kind.clocks)
    if rules:
        Clock.objects.bulk_create(_stamped(case, rule, at, desk) for rule in rules)
        refresh_due(case)


def start_clock(
    case: Case, rule: clock_rules.Rule, at: datetime, desk: Desk, hop: Hop | None = None
) -> Clock:
    """Stamp one clock, by the calendar of the desk that owes it."""
    clock = _stamped(case, rule, at, desk, hop)
    clock.save(force_insert=True)
    return clock


def _stamped(case: Case, rule: clock_rules.Rule, at: datetime, desk: Desk, hop: Hop | None = None) -> Clock:
    state = workdays.start(
        _pure(rule.key, rule.unit, rule.amount, rule.pausable), at, calendar_of(desk, at, case.region_code)
    )
    return Clock(
        case=case,
        hop=hop,
        desk=desk,
        key=rule.key,
        unit=rule.unit,
        amount=rule.amount,
        pausable=rule.pausable,
        rule_version=rule.version,
        source=rule.source,
        started_at=state.started_at,
        due_at=state.due_at,
        raise_at=state.due_at if rule.key in clock_rules.TURN_KEYS else None,
    )


def start_turn(case: Case, key: str, desk: Desk, at: datetime, hop: Hop | None = None) -> None:
    """Start the acting desk's own clock: to take the matter on ("hop"), or to do its part ("work")."""
    days = desk.hop_days if key == clock_rules.HOP else desk.work_days
    rule = clock_rules.Rule(
        key, "working_days", max(1, days), True, f"desk/{desk.code}", str(_("The desk's own promise"))
    )
    start_clock(case, rule, at, desk, hop)
    refresh_due(case)


def stop_clocks(case: Case, event: str, at: datetime, *, hop: Hop | None = None) -> None:
    """Stop the clocks that an event ends; with ``hop``, only that hop's."""
    running = Clock.objects.filter(case=case, stopped_at=None, key__in=clock_rules.STOPPED_BY[event])
    if hop is not None:
        running = running.filter(hop=hop)
    running.update(stopped_at=at)
    refresh_due(case)


def pause_clocks(case: Case, at: datetime) -> None:
    """Let every clock that may pause stand still while the resident is asked."""
    for row in Clock.objects.filter(case=case, stopped_at=None, paused_at=None, pausable=True):
        _store(row, workdays.pause(state_of(row), at))
    refresh_due(case)


def resume_clocks(case: Case, at: datetime) -> None:
    """Let the paused clocks run again; the person loses no day of them."""
    for row in (
        Clock.objects.filter(case=case, stopped_at=None).exclude(paused_at=None).select_related("desk")
    ):
        _store(
            row,
            workdays.resume(state_of(row), at, calendar_of(row.desk or case.holder, at, case.region_code)),
        )
    refresh_due(case)


def reopen_answer_clock(case: Case, at: datetime) -> None:
    """The answer did not solve it: its clock runs on to the same moment. Reopening gives no extra time."""
    last = (
        Clock.objects.filter(case=case, key=clock_rules.ANSWER)
        .select_related("desk")
        .order_by("-started_at", "-stopped_at", "-id")
        .first()
    )
    if last is not None:
        _store(
            last, workdays.reopen(state_of(last), calendar_of(last.desk or case.holder, at, case.region_code))
        )
    refresh_due(case)


def state_of(row: Clock) -> workdays.ClockState:
    """The pure clock of a stored row."""
    return workdays.ClockState(
        rule=_pure(row.key, row.unit, row.amount, row.pausable),
        started_at=row.started_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
        stopped_at=row.stopped_at,
        pauses=workdays.pauses_from_json(row.pauses),
    )


def refresh_due(case: Case) -> None:
    """Copy the two moments that lists sort by: the promise to the person, and the acting desk's turn."""
    running = list(
        Clock.objects.filter(case=case, stopped_at=None, paused_at=None).values_list(
            "key", "due_at", "desk_id"
        )
    )
    due = min((due_at for key, due_at, _desk in running if key == clock_rules.ANSWER), default=None)
    turn = min((due_at for key, due_at, _desk in running if key in clock_rules.TURN_KEYS), default=None)
    if (case.due_at, case.turn_due_at) != (due, turn):
        Case.objects.filter(id=case.id).update(due_at=due, turn_due_at=turn)
        case.due_at, case.turn_due_at = due, turn


def _pure(key: str, unit: str, amount: int, pausable: bool) -> workdays.ClockRule:
    fits = pausable and unit != "hours"
    return workdays.ClockRule(
        key=key, version=1, unit=cast(workdays.Unit, unit), amount=amount, pausable=fits
    )


def _store(row: Clock, state: workdays.ClockState) -> None:
    Clock.objects.filter(id=row.id).update(
        due_at=state.due_at,
        raise_at=row.raise_at
        and row.raise_at + (state.due_at - row.due_at),  # silence waits as long as the promise
        paused_at=state.paused_at,
        stopped_at=state.stopped_at,
        pauses=workdays.pauses_to_json(state.pauses),
    )


# --- telling and recording ------------------------------------------------------------------------------------------


def tell(
    case: Case, text_key: str, at: datetime, *, once: str, values: Mapping[str, str] | None = None
) -> None:
    """Queue a message to the person who brought the matter, by the road that is safe for them.

    A sealed matter is never named: the text without content is chosen, and paper lists leave it out.
    An anonymous person follows by receipt and is not written to. The installation itself queues: whoever acts may not
    write to residents freely.
    """
    person = case.reporter
    if person is None:
        return
    sealed = case.sensitivity == "sealed"
    message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="case",
        subject_id=case.id,
        once_key=f"{case.id}:{text_key}:{once}",
        text_key=text_key,
        values={
            "number": "" if sealed else case.number,
            "title": "" if sealed else case.title,
            **(values or {}),
        },
        person_id=person.id,
        region_code=case.region_code,
        hamlet_name=case.hamlet.name if case.hamlet else "",
        landmark=person.landmark or case.place,
        sealed=sealed,
        sensitive=case.sensitivity != "normal",
        language=case.language,
        expires_at=at + timedelta(days=90),
    )


def tell_desk(
    case: Case, desk: Desk, text_key: str, at: datetime, *, once: str, values: Mapping[str, str] | None = None
) -> None:
    """Queue an e-mail to a desk that has an address; officers here find the matter in their inbox anyway."""
    if not desk.email:
        return
    sealed = case.sensitivity == "sealed"
    message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="case",
        subject_id=case.id,
        once_key=f"{case.id}:{text_key}:{desk.id}:{once}",
        text_key=text_key,
        values={"number": "" if sealed else case.number, "desk": desk.name, **(values or {})},
        to_desk_id=desk.id,
        to_name=desk.name,
        to_address=desk.email,
        region_code=case.region_code,
        sealed=sealed,
        sensitive=case.sensitivity != "normal",
        language="id",
    )


def journal(
    by: Actor,
    at: datetime,
    act: str,
    case: Case,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line on the case."""
    journal_actions.record(
        by=by,
        at=at,
        kind=act,
        subject_kind="case",
        subject_id=case.id,
        facts={"state": case.state, **(facts or {})},
        inputs=inputs,
        region_code=case.region_code,
    )
