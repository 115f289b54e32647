"""The first page of one posyandu: what comes next, the next day, people against the norm, the chain, and the way to every part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.access import requests as request_access
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import institution_home as home_queries
from simpul.posyandu.rules import institution as rules
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu import shared
from simpul.web.policy import Request, officer

FORMS = ("A", "B", "C", "D")


@officer(*shared.READING)
@require_GET
def home(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """One posyandu."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    found = home_queries.home(request.by, posyandu, timezone.now())
    steps = [one for one in (_step(posyandu, step) for step in found.steps) if one["url"]]
    context = {
        "first": steps[0] if steps else None,
        "more_steps": steps[1:],
        "schedule": shared.schedule(posyandu),
        "days": [{"day": words.day(one.day), "holiday": one.holiday} for one in found.days],
        "gap": found.gap,
        "chain": found.chain,
        "bar": [
            {
                "name": _(rules.DECREES[kind]),
                "done": kind in found.chain.done,
                "next": kind == found.chain.next,
            }
            for kind in rules.DECREES
        ],
        "fields": [one.label(words.language()) for one in queries.fields_of(posyandu)],
        "counts": [(_form_name(form), found.counts.get(form, 0)) for form in FORMS],
        "people_url": shared.link("desk_posyandu_people", posyandu.id)
        if roles.may_somewhere(request.by, "examination.read")
        else "",
        "kinds_missing": len(found.missing),
        "broken": found.broken,
        "parts": _parts(request, posyandu),
        "may_change": shared.may(request, "posyandu.change", posyandu),
    }
    return shared.page(request, posyandu, "desk/posyandu/one.html", "desk_posyandu_one", context)


def _form_name(form: str) -> str:
    names = {
        "A": _("pregnant, after birth, breast-feeding"),
        "B": _("babies and young children"),
        "C": _("school age and adolescents"),
        "D": _("adults and elderly"),
    }
    return names[form]


def _step(posyandu: Any, step: home_queries.Step) -> dict[str, Any]:
    """A step as a sentence and the page on which it is done."""
    here = posyandu.id
    if step.code == "paper":
        words_ = _("Next paper of the registration: %(paper)s.") % {"paper": _(rules.DECREES[step.word])}
    elif step.code == "board":
        words_ = _("Nobody is %(position)s yet.") % {"position": _(rules.POSITIONS[step.word])}
    else:
        words_ = {
            "day_open": _("A posyandu day is open. Go on with it."),
            "day_today": _("Today is posyandu day. Open the day."),
            "tasks_due": ngettext(
                "%(n)s visit is due.",
                "%(n)s visits are due.",
                step.number,
            ),
            "schedule": _("Say on which day the posyandu is held."),
            "term_ends": ngettext(
                "%(n)s term ends within 90 days or is over.",
                "%(n)s terms end within 90 days or are over.",
                step.number,
            ),
            "stock_norm": ngettext(
                "%(n)s kind of health equipment is missing to the norm.",
                "%(n)s kinds of health equipment are missing to the norm.",
                step.number,
            ),
        }[step.code]
    urls = {
        "day_open": shared.link("desk_posyandu_day", step.key) if step.key else "",
        "day_today": shared.link("desk_posyandu_days", here),
        "tasks_due": shared.link("desk_posyandu_tasks"),
        "paper": reverse("desk_posyandu_papers", args=[here]),
        "schedule": reverse("desk_posyandu_settings", args=[here]),
        "board": reverse("desk_posyandu_board", args=[here]),
        "term_ends": reverse("desk_posyandu_board", args=[here]),
        "stock_norm": reverse("desk_posyandu_stock", args=[here]),
    }
    return {"words": words_ % {"n": step.number} if "%(n)s" in words_ else words_, "url": urls[step.code]}


def _parts(request: Request, posyandu: Any) -> list[dict[str, str]]:
    """The pages of the other parts that this seat has a use for; a page that is not there is left out."""
    here = posyandu.id
    rows = (
        ("examination.read", "desk_posyandu_days", (here,), _("Posyandu day"), "calendar"),
        ("examination.read", "desk_posyandu_people", (here,), _("Participants"), "people"),
        ("examination.read", "desk_posyandu_forms", (here,), _("Forms and entry from paper"), "paper"),
        ("examination.read", "desk_posyandu_visits", (here,), _("Visits at home"), "house"),
        ("examination.read", "desk_posyandu_tasks", (), _("Whom to visit"), "check"),
        (request_access.READING, "desk_posyandu_requests", (), _("Requests of the six fields"), "inbox"),
        ("posyandu.read", "desk_posyandu_recap", (here,), _("Recaps"), "chart"),
    )
    found = []
    for acts, name, given, label, icon in rows:
        asked = (acts,) if isinstance(acts, str) else acts
        may = any(roles.may_somewhere(request.by, act) for act in asked)
        url = shared.link(name, *given) if may else ""
        if url:
            found.append({"url": url, "label": label, "icon": icon})
    return found
