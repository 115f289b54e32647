"""Travel times of an area, the questions before leaving as it asks them, and the map of last contact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.outreach import actions
from simpul.outreach.queries import contact, trip_checks, ways
from simpul.outreach.rules import trips as rules
from simpul.regions import actions as region_actions
from simpul.regions import queries as region_queries
from simpul.web.desk import trying, words
from simpul.web.desk.trips import drawing, forms, shared
from simpul.web.manage import fields
from simpul.web.policy import Request, officer

CONFIDENCES = ("confirmed", "secondary", "unconfirmed")


@officer("leg.set")
def legs(request: Request) -> HttpResponseBase:
    """How long the ways of an area take, by road, on foot, by river, in both seasons."""
    code = shared.area_of(request)
    villages = shared.villages(code)
    places = [("office", _("Office")), *villages]
    form = forms.LegForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid() and trying.run(form, lambda: _set(request, code, form)):
        messages.success(request, _("Written down."))
        return redirect(f"{reverse('desk_trip_legs')}?wilayah={code}")
    rows = ways.listed(request.by, code)
    names = shared.place_names(sorted({place for one in rows for place in (one.from_place, one.to_place)}))
    context = {
        "form": form,
        "code": code,
        "where": region_queries.path_names(code),
        "areas": shared.areas_to_choose(request, code),
        "groups": _groups(rows, names),
        "may_drop": roles.may(request.by, "leg.drop", roles.Place(code)),
        "unsaid": [
            label
            for key, label in villages
            if key not in {p for one in rows for p in (one.from_place, one.to_place)}
        ],
    }
    status = 422 if form.errors else 200
    return shared.show(request, "desk/trips/legs.html", "desk_trip_legs", context, status)


def _set(request: Request, code: str, form: Any) -> None:
    given = form.cleaned_data
    names = ("from_place", "to_place", "mode", "season", "minutes", "both_ways", "source", "confidence")
    actions.set_leg(
        by=request.by,
        at=timezone.now(),
        region_code=code,
        leg_id=given["row_id"],
        **{name: given[name] for name in names},
    )


def _groups(rows: list[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """One line for each pair of places and means, with both seasons side by side."""
    table: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in rows:
        line = table.setdefault(
            (one.from_place, one.to_place, one.mode),
            {
                "start": names.get(one.from_place, one.from_place),
                "end": names.get(one.to_place, one.to_place),
                "mode": _(rules.MODES[one.mode]),
                "both": one.both_ways,
                "seasons": {},
            },
        )
        line["seasons"][one.season] = {
            "leg": one,
            "words": shared.minutes(one.minutes) if one.minutes is not None else _("cannot be passed"),
            "bad": one.minutes is None,
            "sure": one.confidence == "confirmed",
        }
    found = sorted(
        table.values(), key=lambda line: (line["start"] != _("Office"), line["start"], line["end"])
    )
    for line in found:
        line["cells"] = [line["seasons"].get(season) for season in rules.SEASONS]
    return found


@officer("leg.drop")
@require_POST
def drop(request: Request, leg_id: UUID) -> HttpResponseBase:
    """Take a way back."""
    found = ways.leg(request.by, leg_id)
    if found is None:
        raise Http404
    back = f"{reverse('desk_trip_legs')}?wilayah={found.region_code}"
    return trying.attempt(
        request, lambda: actions.drop_leg(by=request.by, at=timezone.now(), leg_id=leg_id), back
    )


# --- the questions ------------------------------------------------------------------------------------------------------------


@officer("check.set")
def questions(request: Request) -> HttpResponseBase:
    """What is asked before a trip leaves: the product's defaults, and what this area has set."""
    code = shared.area_of(request)
    if request.method == "POST":
        return trying.attempt(
            request, lambda: _set_all(request, code), f"{reverse('desk_trip_rules')}?wilayah={code}"
        )
    own = trip_checks.rules_of(code)
    english = (get_language() or "id").startswith("en")
    rows = []
    for key, one in trip_checks.defaults().items():
        said, text = own.get(key), trip_checks.words_of(key)
        rows.append(
            {
                "code": key,
                "words": text.words_en if english else text.words,
                "unit": text.unit_en if english else text.unit,
                "default": one,
                "asked": said.asked if said else True,
                "must": said.must if said else one.must,
                "number": said.number if said and said.number is not None else one.number,
                "own": said is not None,
                "where": fields.area_label(said.region_code) if said else "",
            }
        )
    context = {
        "rows": rows,
        "code": code,
        "where": region_queries.path_names(code),
        "areas": shared.areas_to_choose(request, code),
    }
    return shared.show(request, "desk/trips/rules.html", "desk_trip_rules", context)


def _set_all(request: Request, code: str) -> None:
    own = trip_checks.rules_of(code)
    for key, one in trip_checks.defaults().items():
        text = request.POST.get(f"n-{key}", "").strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
        wanted = (
            f"must-{key}" in request.POST,
            f"asked-{key}" in request.POST,
            number if one.number else None,
        )
        said = own.get(key)
        now = (said.must, said.asked, said.number) if said else (one.must, True, one.number)
        if wanted != now:
            actions.set_check(
                by=request.by,
                at=timezone.now(),
                region_code=code,
                code=key,
                must=wanted[0],
                asked=wanted[1],
                number=wanted[2],
            )
    messages.success(request, _("Kept."))


# --- the map ------------------------------------------------------------------------------------------------------------------


@officer("trip.plan")
def contacts(request: Request) -> HttpResponseBase:
    """When each village was last met, drawn and as a table; of one village its hamlets."""
    code = shared.area_of(request)
    today = shared.today(request)
    rows = contact.by_village(request.by, code, today)
    villages = [(one.code, one.name) for one in rows]
    form = forms.PositionForm(request.POST if request.method == "POST" else None, villages=villages)
    if form.is_valid() and trying.run(form, lambda: _place(request, form)):
        messages.success(request, _("Written down."))
        return redirect(f"{reverse('desk_trip_map')}?wilayah={code}")
    village = request.GET.get("desa", "")
    village = village if village in dict(villages) else (villages[0][0] if len(villages) == 1 else "")
    context = {
        "code": code,
        "where": region_queries.path_names(code),
        "areas": shared.areas_to_choose(request, code),
        "rows": [_place_row(one, code) for one in rows],
        "map": drawing.villages(rows, f"{reverse('desk_trip_map')}?wilayah={code}"),
        "village": dict(villages).get(village, ""),
        "hamlets": [_place_row(one, code) for one in contact.by_hamlet(request.by, village, today)]
        if village
        else [],
        "form": form,
        "may_place": roles.may(request.by, "region.place", roles.Place(code)),
        "never": sum(one.last is None for one in rows),
    }
    return shared.show(request, "desk/trips/map.html", "desk_trip_map", context, 422 if form.errors else 200)


def _place(request: Request, form: Any) -> None:
    given = form.cleaned_data
    region_actions.place_region(
        by=request.by,
        at=timezone.now(),
        code=given["village"],
        latitude=given["latitude"],
        longitude=given["longitude"],
    )


def _place_row(one: contact.PlaceContact, code: str) -> dict[str, Any]:
    return {
        "one": one,
        "name": one.name or _("no hamlet"),
        "url": f"?wilayah={code}&desa={one.code}#dusun",
        "when": words.short_day(one.last.at, one.code) if one.last else "",
        "how": _(rules.CONTACTS[one.last.how]) if one.last else "",
        "tone": drawing.tone(one.months),
        "since": drawing.since(one.months),
    }
