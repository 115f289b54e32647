"""``/meja/ganda/``: persons who may stand twice in the register, surest first; side by side; one person or two."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import NotFound, Refused
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.people.queries import matching as matching_queries
from simpul.people.queries import suspicions as queries
from simpul.people.rules import match_levels
from simpul.regions import queries as region_queries
from simpul.upkeep.actions import merging
from simpul.web import reading
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.matching import forms, reasons
from simpul.web.policy import Request, officer

HERE = "desk_matching"
STATES = {
    "open": gettext_noop("To decide"),
    "same": gettext_noop("One person"),
    "different": gettext_noop("Two persons"),
}
SEXES = {"L": gettext_noop("man"), "P": gettext_noop("woman")}


@officer("suspicion.settle")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The pairs that wait, or those that were decided."""
    state = request.GET.get("keadaan", "open")
    state = state if state in STATES else "open"
    page = reading.page_number(request.GET.get("page", ""))
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    found = queries.listed(request.by, state=state, region_code=narrowed.code, page=page)
    kept = {"keadaan": state, **({"wilayah": request.GET["wilayah"]} if request.GET.get("wilayah") else {})}
    places = region_queries.paths({one.region_code for one in found.rows})
    context = {
        "tabs": [
            {"label": _(label), "url": f"{reverse(HERE)}?keadaan={key}", "current": key == state}
            for key, label in STATES.items()
        ],
        "rows": [_row(one, places) for one in found.rows],
        "total": found.total,
        "state": state,
        "area": narrowed,
        "filters": {"wilayah": request.GET.get("wilayah", "")},
        "may_search": roles.may_somewhere(request.by, "duplicates.find"),
        "older_url": f"?{urlencode({**kept, 'page': found.number + 1})}" if found.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': found.number - 1})}" if found.number > 1 else "",
    }
    return frame.show(request, "desk/matching/list.html", context, here=HERE)


def _row(one: Any, places: dict[str, str]) -> dict[str, Any]:
    return {
        "suspicion": one,
        "url": reverse("desk_matching_one", args=[one.id]),
        "place": places.get(one.region_code, one.region_code).split(",", maxsplit=1)[0],
        "percent": _percent(one.score),
        "tone": "good" if one.score >= match_levels.SURE else "warn",
        "reasons": reasons.sentence(one.reasons),
    }


def _percent(score: float) -> int:
    """Never 100: nothing is certain."""
    return min(99, round(score * 100))


@officer("duplicates.find")
@require_POST
def search(request: Request) -> HttpResponseBase:
    """Look through the seat's area now."""
    narrowed = area.read(request.by, request.POST.get("wilayah", ""))
    try:
        found = people_actions.find_duplicates(
            by=request.by, at=timezone.now(), region_code=narrowed.code or request.by.served_areas[0]
        )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(HERE)
    messages.success(
        request,
        ngettext(
            "%(persons)s persons were compared: %(new)s new pair to decide.",
            "%(persons)s persons were compared: %(new)s new pairs to decide.",
            found.new,
        )
        % {"persons": found.persons, "new": found.new},
    )
    return redirect(HERE)


@officer("suspicion.settle")
@require_GET
def one(request: Request, suspicion_id: UUID) -> HttpResponseBase:
    """Two persons side by side."""
    return _show(request, suspicion_id, forms.DecisionForm())


def _show(
    request: Request, suspicion_id: UUID, form: Any, *, wrong: Any = None, status: int = 200
) -> HttpResponseBase:
    pair = trying.found(queries.side_by_side, request, suspicion_id)
    found = pair.suspicion
    merges = roles.may_somewhere(request.by, "persons.merge")
    if not merges:
        form.fields.pop("kept", None)
    context = {
        "suspicion": found,
        "percent": _percent(pair.likeness.score),
        "guarded": pair.likeness.guarded,
        "reasons": reasons.said(match_levels.reasons(pair.likeness)),
        "lines": _lines(found, pair.likeness.levels),
        "persons": (found.first, found.second),
        "form": form,
        "part": wrong or forms.PartForm(),
        "wrong": wrong if wrong is not None else form if form.errors else None,
        "merge": pair.merge,
        "may_merge": merges,
        "may_part": pair.merge is not None and roles.may_somewhere(request.by, "persons.unmerge"),
        "state": _(STATES[found.state]),
        "decided": words.day(timezone.localtime(found.decided_at).date()) if found.decided_at else "",
        "next": _next(request, suspicion_id),
    }
    return frame.show(request, "desk/matching/pair.html", context, status=status, here=HERE)


def _next(request: Request, suspicion_id: UUID) -> str:
    """The next pair that waits."""
    rows = queries.listed(request.by).rows
    other = next((row for row in rows if row.id != suspicion_id), None)
    return reverse("desk_matching_one", args=[other.id]) if other else ""


def _lines(found: Any, levels: match_levels.Levels) -> list[dict[str, Any]]:
    """The values of the two, beside each other, with how they agree."""
    pair = (found.first, found.second)
    cards = matching_queries.cards_of(pair)
    places = region_queries.paths({person.region_code for person in pair})

    def line(label: str, compared: str, values: list[str]) -> dict[str, Any]:
        level = levels.get(compared, match_levels.MISSING)
        code = f"{compared}.{match_levels.level_name(compared, level)}" if compared else ""
        agrees = reasons.said([code])
        return {"label": label, "values": values, "agrees": agrees[0] if agrees else None}

    return [
        line(_("Name"), "name", [_named(person) for person in pair]),
        line(_("NIK"), "nik", [people_queries.masked_nik(person) for person in pair]),
        line(_("Sex"), "sex", [_(SEXES[person.sex]) if person.sex in SEXES else "" for person in pair]),
        line(_("Birth date"), "birth", [words.day(p.birth_date) if p.birth_date else "" for p in pair]),
        line(_("Birth place"), "place", [person.birth_place for person in pair]),
        line(_("Where"), "home", [places.get(person.region_code, "") for person in pair]),
        line(_("Address"), "", [person.address for person in pair]),
        line(_("Family card"), "", [_card(cards.get(person.family_id, "")) for person in pair]),
        line(_("Registered on"), "", [words.day(timezone.localtime(p.registered_at).date()) for p in pair]),
    ]


def _named(person: Any) -> str:
    return f"{person.full_name} ({person.called})" if person.called else person.full_name


def _card(number: str) -> str:
    return f"{number[:4]}{'*' * 8}{number[-4:]}" if len(number) == 16 else number and "****"


@officer("suspicion.settle")
@require_POST
def decide(request: Request, suspicion_id: UUID) -> HttpResponseBase:
    """One person or two. One person: who may merge, merges in the same step."""
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, suspicion_id, form, status=422)
    given, at = form.cleaned_data, timezone.now()
    try:
        found = queries.one_for(request.by, suspicion_id)
        if given["decision"] == "same" and roles.may_somewhere(request.by, "persons.merge"):
            first, second = found.first_id, found.second_id
            kept, gone = (second, first) if given["kept"] == "second" else (first, second)
            merging.merge_persons(
                by=request.by,
                at=at,
                kept_id=kept,
                gone_id=gone,
                words=given["words"],
                score=found.score,
                suspicion_id=suspicion_id,
            )
        else:
            people_actions.settle_suspicion(
                by=request.by,
                at=at,
                suspicion_id=suspicion_id,
                decision=given["decision"],
                words=given["words"],
            )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, suspicion_id, form, status=422)
    messages.success(request, _("Decided: %(state)s.") % {"state": _(STATES[given["decision"]]).lower()})
    return redirect("desk_matching_one", suspicion_id=suspicion_id)


@officer("persons.unmerge")
@require_POST
def part(request: Request, suspicion_id: UUID) -> HttpResponseBase:
    """Take the two apart again."""
    form = forms.PartForm(request.POST)
    if not form.is_valid():
        return _show(request, suspicion_id, forms.DecisionForm(), wrong=form, status=422)
    try:
        merge = queries.side_by_side(request.by, suspicion_id).merge
        if merge is None:
            raise NotFound
        merging.unmerge_persons(
            by=request.by, at=timezone.now(), merge_id=merge.id, words=form.cleaned_data["words"]
        )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, suspicion_id, forms.DecisionForm(), wrong=form, status=422)
    messages.success(request, _("They are two persons again. Everything that was moved went back."))
    return redirect("desk_matching_one", suspicion_id=suspicion_id)
