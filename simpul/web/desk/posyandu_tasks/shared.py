"""What the pages of tasks and findings share: the frame, tabs, words of reasons, levels and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import institution as institution_queries
from simpul.posyandu.queries import tasks as task_queries
from simpul.posyandu.rules import tasks as rules
from simpul.web import reading
from simpul.web.desk import words
from simpul.web.desk.posyandu import shared as posyandu_shared
from simpul.web.policy import Request

HERE = "desk_posyandu_tasks"
READING = access.NAMED

REASONS: Mapping[str, Any] = {
    "missed": gettext_lazy("Did not come to the posyandu"),
    "routine": gettext_lazy("Routine visit of the family"),
    "next_visit": gettext_lazy("Agreed next visit"),
    "vaccine_due": gettext_lazy("Immunisation is due"),
    "refer_result": gettext_lazy("Ask what came of the referral"),
}
LEVELS: Mapping[str, tuple[Any, str]] = {
    "watch": (gettext_lazy("watch"), "info"),
    "alert": (gettext_lazy("follow up"), "warn"),
    "danger": (gettext_lazy("danger"), "bad"),
}
ENDS: Mapping[str, Any] = {
    "over": gettext_lazy("Not found any more at the posyandu"),
    "corrected": gettext_lazy("The entry was corrected"),
    "visit": gettext_lazy("Not seen any more at the visit"),
    "register": gettext_lazy("The register was changed"),
    "day_removed": gettext_lazy("The posyandu day was taken back"),
}


show = partial(posyandu_shared.show, here=HERE)
"""A page of tasks and findings."""
form_page = partial(posyandu_shared.form_page, here=HERE)
"""A form as a page of its own."""
safe_link = posyandu_shared.link


def tabs(here: str, posyandu: Any | None) -> list[dict[str, Any]]:
    """The tabs over the lists."""
    query = f"?posyandu={posyandu.id}" if posyandu is not None else ""
    pages = [("desk_posyandu_tasks", _("Whom to visit")), ("desk_posyandu_findings", _("Findings"))]
    return [
        {"label": label, "url": f"{reverse(name)}{query}", "current": name == here} for name, label in pages
    ]


def chosen(request: Request) -> tuple[Any | None, Sequence[Any]]:
    """The posyandu in the address, else the only one of the seat; and those to choose from."""
    mine = institution_queries.own_posyandu(request.by)
    key = reading.key(request.GET.get("posyandu", ""))
    found = next((one for one in mine if one.id == key), None)
    if found is None and key is not None:
        found = access.posyandus(request.by).filter(id=key).first()
    return found or (mine[0] if len(mine) == 1 else None), mine


def today(at: datetime, posyandu: Any | None, request: Request) -> date:
    """The date at the posyandu, or where the seat works."""
    code = posyandu.region_code if posyandu is not None else request.by.served_areas[0]
    return posyandu_shared.today(at, code)


def reason(code: str) -> str:
    """Why somebody is on the list, in the reader's language."""
    return str(REASONS[code]) if code in REASONS else finding_queries.label(code, words.language())


def level(code: str) -> dict[str, str]:
    """How serious, as words with a tone."""
    text, tone = LEVELS.get(code, LEVELS["watch"])
    return {"text": str(text), "tone": tone}


def due(day: date, on: date) -> dict[str, str]:
    """By when, in words with a tone."""
    days = (day - on).days
    if days < 0:
        text = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return {"text": text, "tone": "bad"}
    if days == 0:
        return {"text": _("today"), "tone": "warn"}
    if days <= 7:
        text = ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
        return {"text": text, "tone": ""}
    return {"text": words.day(day), "tone": ""}


def ended(why: str) -> str:
    """Why a finding or task ended: a code of the machine, or somebody's words."""
    return str(ENDS.get(why, why))


def age(born: date | None, on: date) -> str:
    """How old, in months below five years and in years after; "" when nobody knows."""
    if born is None or born > on:
        return ""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 60:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return ngettext("%(count)s year", "%(count)s years", months // 12) % {"count": months // 12}


def task_row(task: Any, on: date) -> dict[str, Any]:
    """One task as a row."""
    person = task.person
    level_code = task.finding.level if task.finding is not None else ""
    return {
        "one": task,
        "who": person.full_name if person is not None else _("the whole family"),
        "age": age(person.birth_date, on) if person is not None else "",
        "reason": reason(task.reason),
        "level": level(level_code) if level_code else None,
        "due": due(task.due_date, on),
        "cadre": task.cadre.name if task.cadre is not None else "",
        "visit_url": visit_url(task),
    }


def task_rows(tasks: Sequence[Any], on: date) -> list[dict[str, Any]]:
    """Tasks as rows: of one family of findings the gravest, with the earliest day of them all; the milder ones are named under it."""
    found = []
    for line in task_queries.folded(tasks):
        row = task_row(line.front, on)
        row["due"] = due(min(one.due_date for one in (line.front, *line.milder)), on)
        row["milder"] = [{"one": one, "name": reason(one.reason)} for one in line.milder]
        found.append(row)
    return found


def visit_url(task: Any) -> str:
    """Where the visit is written down; "" for an installation without that page."""
    link = safe_link("desk_posyandu_visit_new", task.posyandu_id)
    return f"{link}?tugas={task.id}" if link else ""


def finding_row(row: Any, on: date) -> dict[str, Any]:
    """One finding as a row."""
    person = row.person
    return {
        "one": row,
        "name": finding_queries.label(row.code, words.language()),
        "who": person.full_name if person is not None else (row.household.name if row.household else ""),
        "age": age(person.birth_date, on) if person is not None else "",
        "level": level(row.level),
        "since": words.day(row.found_date),
        "last": words.day(row.last_date),
        "state": case_state(row),
        "ended": ended(row.closed_why) if row.state == "closed" else "",
    }


def finding_rows(lines: Iterable[Any], on: date) -> list[dict[str, Any]]:
    """Lines of findings as rows: the gravest of a family, and the milder ones under it."""
    return [
        {**finding_row(line.front, on), "milder": [finding_row(one, on) for one in line.milder]}
        for line in lines
    ]


def case_state(row: Any) -> dict[str, str] | None:
    """The matter's number and where it is; None for a finding in no matter."""
    if row.case is None:
        return None
    text, tone = words.STATES[row.case.state], "" if row.case.is_open else "good"
    return {"number": row.case.number, "text": str(text), "tone": tone, "id": str(row.case.id)}


def is_open(task: Any) -> bool:
    """True while a task is on the list."""
    return task.state == rules.OPEN
