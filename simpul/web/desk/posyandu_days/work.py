"""One person at one step: the fields of the step, what is doubted, the judgement at once, then the next in the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.lib.ids import uuid7
from simpul.posyandu.actions import days as actions
from simpul.posyandu.queries import days as queries
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import forms as form_rules
from simpul.posyandu.rules import immunisation
from simpul.web import forms, reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_days import queue, shared
from simpul.web.desk.posyandu_people import cards, fields
from simpul.web.desk.posyandu_people import shared as people
from simpul.web.policy import Request, officer

STATES = {
    rules.PREGNANT: gettext_noop("a pregnant mother"),
    rules.POSTPARTUM: gettext_noop("a mother after birth, up to 42 days"),
    rules.NURSING: gettext_noop("a breast-feeding mother"),
}
"""What a mother on card A is, in words."""


class StepForm(forms.Form):
    """Holds what the act refuses; the fields themselves come from the catalogue."""


@officer("step.finish")
def work(request: Request, coming_id: UUID, at_step: int) -> HttpResponseBase:
    """One person at one of the steps 2 to 5."""
    coming = trying.found(queue.coming_for, request, coming_id)
    step = shared.step_or_404(at_step)
    if step == 1:
        return redirect("desk_posyandu_step", day_id=coming.day_id, at_step=1)
    day, card = coming.day, coming.participant
    lines = entry_queries.lines_of(card)
    row = next((one for one in lines if one.date == day.day and one.stands), None)
    values = row.values if row else {}
    said = request.GET.get("keadaan", "")
    state = said if said in STATES and card.form == "A" else queries.mother_state(card, day.day)
    version = row.form_version if row else ""
    asked = queries.asked(card, day.day, step, version, state=state, answered=values)
    before = _before(lines, day)
    post = request.POST if request.method == "POST" else None
    given = fields.typed(request.POST, asked.all) if post else fields.typed_of(values, asked.all)
    holder = StepForm(post)
    read = None
    if post is not None:
        own = fields.only(asked.form, asked.all)
        read = form_rules.read(
            own,
            given,
            sex=card.person.sex,
            age_months=asked.months,
            before=before,
            sure=post.getlist("sure"),
        )
        if holder.is_valid() and read.is_whole and _save(request, holder, coming, step, asked, read):
            return _onward(request, coming, step)
    more = _context(coming, step, row, lines)
    context = {
        **cards.head(card, day.day),
        **more,
        "parts": _parts(asked, before, given, read, more["due"], _given(coming, lines) if step == 4 else {}),
        "state": _(STATES[state]) if state else "",
        "other_state": _other_state(state),
        "elders": fields.shown(asked.elders, given, read),
        "elders_open": any(given.get(one.key) for one in asked.elders),
        "form": holder,
        "key": request.POST.get("key") or str(uuid7()),
        "seen": request.POST.get("seen", fields.seen(values, asked.every)),
        "doubts": len(read.questions) + len(read.faults) if read else 0,
    }
    status = 200 if post is None else 422
    return shared.show(
        request, "desk/posyandu_days/work.html", day.posyandu, context, here=shared.HERE, status=status
    )


def _before(lines: list[Any], day: Any) -> dict[str, Any]:
    """What stood there last time, with the days since."""
    last = entry_queries.before([one for one in lines if one.date < day.day], None)
    return {**last.values, "days": (day.day - last.date).days} if last else {}


def _other_state(state: str) -> dict[str, str]:
    """How a mother is asked as what she is by now, when the card does not know it yet."""
    if not state:
        return {}
    if state == rules.PREGNANT:
        return {"url": f"?keadaan={rules.POSTPARTUM}", "words": _("She has given birth")}
    return {"url": f"?keadaan={rules.PREGNANT}", "words": _("She is pregnant")}


def _parts(
    asked: queries.Asked,
    before: dict[str, Any],
    given: Any,
    read: Any,
    due: list[dict[str, Any]],
    doses: dict[str, dict[str, str]],
) -> list[tuple[str, Any]]:
    """The fields under their headings; of the vaccines those that are due stand open, those that were given are told."""
    wanted = {one["code"] for one in due}
    found = []
    for name, rows in fields.parts(asked.form, asked.own):
        drawn = fields.shown(rows, given, read, before)
        for one in drawn:
            if one["key"] == "vaccines":
                one["doses"] = _doses(one["options"], wanted, doses)
        found.append((name, drawn))
    return found


def _doses(
    options: list[dict[str, Any]], wanted: set[str], doses: dict[str, dict[str, str]]
) -> dict[str, list[dict[str, Any]]]:
    """Vaccines in three groups: what is due or ticked today, what was given before with its day, and the rest."""
    now = [one | {"due": one["code"] in wanted} for one in options if one["code"] in wanted or one["chosen"]]
    before = [
        one | doses[one["code"]]
        for one in options
        if one["code"] in doses and one["code"] not in wanted and not one["chosen"]
    ]
    drawn = {one["code"] for one in (*now, *before)}
    rest = [one for one in options if one["code"] not in drawn]
    return {"now": now, "before": before, "rest": rest}


def _given(coming: Any, lines: list[Any]) -> dict[str, dict[str, str]]:
    """The doses on record before this day: when, and where it is put right if it is wrong."""
    card, day = coming.participant, coming.day
    past = [one for one in lines if one.stands and one.date < day.day]
    on_days = queries.comings_of(card, [one.day_id for one in past if one.day_id])
    found: dict[str, dict[str, str]] = {}
    for line in past:
        held = on_days.get(line.day_id)
        url = reverse("desk_posyandu_work", args=[held, 4]) if held else ""
        url = url or reverse("desk_posyandu_entry", args=[line.id])
        for code in line.values.get("vaccines") or ():
            found[str(code)] = {"when": words.day(line.date), "url": url}
    head = reverse("desk_posyandu_card_details", args=[card.id])
    for one in immunisation.given_of(card.details, (), {}, day.day):
        found[one.dose] = {"when": words.day(one.date), "url": head}
    return found


def _save(request: Request, holder: Any, coming: Any, step: int, asked: queries.Asked, read: Any) -> bool:
    return trying.run(
        holder,
        lambda: actions.finish_step(
            by=request.by,
            at=timezone.now(),
            coming_id=coming.id,
            step=step,
            values=fields.values_of(read, asked.all),
            seen=request.POST.get("seen", "")[:16],
            sure=read.flags,
            examination_id=reading.key(request.POST.get("key", "")),
        ),
    )


def _onward(request: Request, coming: Any, step: int) -> HttpResponseBase:
    """The same person's next step, or the next person at this one."""
    said = {"number": coming.number, "name": coming.participant.person.full_name}
    if request.POST.get("go") == "on" and step < max(rules.STEPS):
        return redirect("desk_posyandu_work", coming_id=coming.id, at_step=step + 1)
    messages.success(request, _("Saved: number %(number)s, %(name)s.") % said)
    waiting = queries.at_step(queries.queue(request.by, coming.day), step)
    if waiting:
        return redirect("desk_posyandu_work", coming_id=waiting[0].id, at_step=step)
    return redirect("desk_posyandu_step", day_id=coming.day_id, at_step=step)


def _context(coming: Any, step: int, row: Any, lines: list[Any]) -> dict[str, Any]:
    card, day = coming.participant, coming.day
    today_rows = [one for one in lines if one.date == day.day]
    judged = people.judgements(row) if row else []
    counted = [one for one in lines if one.stands]
    return {
        "coming": coming,
        "day": day,
        "step": step,
        "step_name": _(rules.STEPS[step]),
        "strip": [
            {
                "step": number,
                "name": _(name),
                "url": reverse("desk_posyandu_work", args=[coming.id, number]) if number > 1 else "",
                "done": str(number) in coming.steps,
                "current": number == step,
            }
            for number, name in rules.STEPS.items()
        ],
        "entry": people.entry(row) if row else None,
        "judgements": judged,
        "talk": [one for one in judged if one["place"] < 3] if step == 5 else [],
        "rivals": [people.entry(one) for one in queries.open_rivals(today_rows)],
        "due": cards.due(card, counted, day.day) if step == 4 else [],
        "chart_url": people.link("desk_posyandu_growth", card.id) if card.form in ("B", "C") else "",
        "slip_url": reverse("desk_posyandu_slip", args=[row.id]) if row and step >= 4 else "",
        "queue_url": reverse("desk_posyandu_step", args=[day.id, step]),
        "has_next": step < max(rules.STEPS),
    }
