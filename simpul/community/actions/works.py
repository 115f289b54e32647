"""The life of a self-help work: planned, started, finished, handed over; shown to everybody, or called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.community.access import ideas as idea_access
from simpul.community.actions import _idea_path as idea_path
from simpul.community.actions import _works as steps
from simpul.community.models import Idea, Tool, Work
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import works as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries


class WorkPlaceUnknown(Refused):
    """A work belongs to a village."""

    code = "work.place_unknown"
    sentence = _("Choose the village of this work.")
    field = "place_code"


class WorkMoveRefused(Refused):
    """The work is not where this leads on from."""

    code = "work.move_refused"
    sentence = _("This work is %(state)s, so this cannot be done now. Load the page again.")


class DatesTurned(Refused):
    """An end before its beginning."""

    code = "work.dates_turned"
    sentence = _("The last day lies before the first one. Look at the two days again.")
    field = "ends_date"


class ToolsOut(Refused):
    """What was lent goes back first."""

    code = "work.tools_out"
    sentence = _("Tools are still lent out: %(tools)s. Write down their return first.")


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """What a plan says. Everything but the title may stay empty."""

    title: str
    about: str = ""
    place: str = ""
    hamlet_id: UUID | None = None
    volume: str = ""
    beneficiaries: int | None = None
    leader: str = ""
    starts_date: date | None = None
    ends_date: date | None = None
    hides_amounts: bool = False


def plan_work(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    plan: WorkPlan,
    case_id: UUID | None = None,
    idea_id: UUID | None = None,
    work_id: UUID | None = None,
) -> Work:
    """Plan a work, perhaps out of a matter or an idea. The same ``work_id`` again gives the same work.

    Raises:
        WorkPlaceUnknown, DatesTurned, steps.WorkWordsMissing.
        NotFound: no such matter or idea for this actor, or not allowed here.
    """
    roles.require(by, "work.plan", roles.Place(region_code))
    if region_queries.find_region(region_code) is None:
        raise WorkPlaceUnknown
    with transaction.atomic():
        known = steps.again(Work, work_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        case = case_access.get_for(by, case_id) if case_id else None
        idea = idea_access.idea_for(by, idea_id) if idea_id else None
        work = Work(
            id=work_id or uuid7(),
            region_code=region_code,
            case=case,
            idea=idea,
            recorded_at=at,
            recorded_by=by.name[:150],
            changed_at=at,
        )
        _fill(work, plan)
        work.save(force_insert=True)
        facts = {"case": str(case_id or ""), "idea": str(idea_id or "")}
        steps.line(by, at, "work.plan", ("work", work.id), region_code, facts)
    return work


def change_work(*, by: Actor, at: datetime, work_id: UUID, plan: WorkPlan) -> None:
    """Change what a work's page says.

    Raises:
        NotFound, DatesTurned, steps.WorkCalledOff, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = steps.begin_writing(by, "work.change", work_id)
        _fill(work, plan)
        work.changed_at = at
        work.save()
        steps.line(by, at, "work.change", ("work", work.id), work.region_code)


def _fill(work: Work, plan: WorkPlan) -> None:
    if plan.starts_date and plan.ends_date and plan.ends_date < plan.starts_date:
        raise DatesTurned
    hamlets = {one.id for one in region_queries.hamlets(work.region_code)}
    work.title = steps.words(plan.title, field="title", least=3)
    work.about = text.clean_text(plan.about, 4000)
    work.place = text.clean_line(plan.place, 150)
    work.hamlet_id = plan.hamlet_id if plan.hamlet_id in hamlets else None
    work.volume = text.clean_line(plan.volume, 100)
    work.beneficiaries = plan.beneficiaries
    work.leader = text.clean_line(plan.leader, 150)
    work.starts_date, work.ends_date = plan.starts_date, plan.ends_date
    work.hides_amounts = plan.hides_amounts


def start_work(*, by: Actor, at: datetime, work_id: UUID, day: date) -> None:
    """The first day has come; the author of the idea it came from is told.

    Raises:
        NotFound, WorkMoveRefused, steps.DayNotYet.
    """
    with transaction.atomic():
        work = _moving(by, "work.start", work_id, "start")
        work.started_date = steps.happened(day, at, work.region_code)
        _move(by, at, "work.start", work, "running", {"day": day.isoformat()})
        _tell_author(by, at, work, "works", "")


def finish_work(*, by: Actor, at: datetime, work_id: UUID, day: date, result: str) -> None:
    """It is built: what is there now, in words, also to the author of the idea it came from.

    Raises:
        NotFound, WorkMoveRefused, DatesTurned, steps.DayNotYet, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = _moving(by, "work.finish", work_id, "finish")
        work.finished_date = steps.happened(day, at, work.region_code)
        if work.started_date and day < work.started_date:
            raise DatesTurned(field="day")
        work.result = steps.words(result, field="result", most=1000, least=5)
        _move(by, at, "work.finish", work, "done", {"day": day.isoformat()})
        _tell_author(by, at, work, "done", work.result)


def reopen_work(*, by: Actor, at: datetime, work_id: UUID) -> None:
    """It was called finished too early.

    Raises:
        NotFound, WorkMoveRefused.
    """
    with transaction.atomic():
        work = _moving(by, "work.reopen", work_id, "reopen")
        work.finished_date = None
        _move(by, at, "work.reopen", work, "running", {})


def hand_over_work(*, by: Actor, at: datetime, work_id: UUID, day: date, to: str) -> None:
    """Give it to whoever looks after it from now on. Lent tools are back by then.

    Raises:
        NotFound, WorkMoveRefused, ToolsOut, steps.DayNotYet, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = _moving(by, "work.hand_over", work_id, "hand_over")
        out = Tool.objects.filter(work=work, withdrawn_at=None, returned_date=None)
        names = list(out.order_by("lent_date", "id").values_list("name", flat=True)[:5])
        if names:
            raise ToolsOut(tools=", ".join(names))
        work.handed_over_date = steps.happened(day, at, work.region_code)
        work.handed_to = steps.words(to, field="to", least=3)
        _move(by, at, "work.hand_over", work, "handed_over", {"day": day.isoformat()})


def call_off_work(*, by: Actor, at: datetime, work_id: UUID, why: str) -> None:
    """It is not done, and everybody may read why.

    Raises:
        NotFound, WorkMoveRefused, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = _moving(by, "work.call_off", work_id, "call_off")
        work.called_off_why = steps.words(why, field="why", most=300, least=3)
        _move(by, at, "work.call_off", work, "called_off", {})


def publish_work(*, by: Actor, at: datetime, work_id: UUID) -> None:
    """Show the work to everybody. Once more changes nothing.

    Raises:
        NotFound, steps.WorkCalledOff.
    """
    with transaction.atomic():
        work = steps.begin_writing(by, "work.publish", work_id)
        if work.published_at is None:
            Work.objects.filter(id=work.id).update(published_at=at, changed_at=at)
            steps.line(by, at, "work.publish", ("work", work.id), work.region_code)


def hide_work(*, by: Actor, at: datetime, work_id: UUID) -> None:
    """Take the public page away.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        work = steps.begin(by, "work.hide", work_id)
        if work.published_at is not None:
            Work.objects.filter(id=work.id).update(published_at=None, changed_at=at)
            steps.line(by, at, "work.hide", ("work", work.id), work.region_code)


def _tell_author(by: Actor, at: datetime, work: Work, state: str, words: str) -> None:
    """Bring the idea a step on, when it stands where this leads on; who takes it back to planning does so on its own page."""
    idea = (
        Idea.objects.select_for_update(of=("self",)).filter(id=work.idea_id).first() if work.idea_id else None
    )
    if idea is not None and idea_rules.may_become(idea.state, state):
        idea_path.take_step(by, at, idea, state, words)


def _moving(by: Actor, act: str, work_id: UUID, move: str) -> Work:
    work = steps.begin(by, act, work_id)
    if work.state not in rules.MOVES[move]:
        raise WorkMoveRefused(state=_(rules.STATES[work.state]))
    return work


def _move(by: Actor, at: datetime, act: str, work: Work, state: str, facts: dict[str, str]) -> None:
    work.state, work.changed_at = state, at
    work.save()
    steps.line(by, at, act, ("work", work.id), work.region_code, {"state": state, **facts})
