"""Households, persons and hamlets: lists with their filters in the address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.cases.queries import protection
from simpul.people import access as people_access
from simpul.people.queries import persons, residents
from simpul.people.rules import fields as field_rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import area, frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.register import asking, words
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

HERE = "desk_register"
FILTERS = ("kata", "wilayah", "dusun", "keadaan")


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages of the register."""
    pages = (
        ("desk_register", _("Households")),
        ("desk_register_people", _("Persons")),
        ("desk_register_hamlets", _("Hamlets")),
        ("desk_register_doubts", _("Questions to settle")),
    )
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


@officer("household.open")
@require_GET
def households(request: Request) -> HttpResponseBase:
    """Households, by village, hamlet, name and state."""
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    filters = _filters(request, narrowed, words.HOUSEHOLD_STATES)
    page = residents.find_households(request.by, filters, asking.today(request))
    paths = region_queries.paths({one.household.region_code for one in page.rows})
    context = {
        **_around(request, "desk_register", filters, narrowed, has_next=page.has_next),
        "rows": [_household(one, paths) for one in page.rows],
        "states": choices.pairs(words.HOUSEHOLD_STATES),
        "may_open": roles.may_somewhere(request.by, "household.open"),
    }
    return frame.show(request, "desk/register/households.html", context, here=HERE)


def _household(one: residents.HouseholdRow, paths: dict[str, str]) -> dict[str, Any]:
    row = one.household
    return {
        "url": reverse("desk_register_household", args=[row.id]),
        "name": residents.name_of(row),
        "place": paths.get(row.region_code, row.region_code).split(",", maxsplit=1)[0],
        "hamlet": row.hamlet.name if row.hamlet else "",
        "members": one.members,
        "conflict": one.conflict,
        "no_head": row.head_id is None and row.ended_date is None,
        "ended": row.ended_date is not None,
        "changed": desk_words.short_day(row.changed_at, row.region_code),
    }


@officer("household.open")
@require_GET
def persons_of(request: Request) -> HttpResponseBase:
    """Persons, by name, NIK or family card, village and state."""
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    filters = _filters(request, narrowed, words.PERSON_STATES)
    page = residents.find_persons(request.by, filters)
    paths = region_queries.paths({one.region_code for one in page.rows})
    today = asking.today(request)
    context = {
        **_around(request, "desk_register_people", filters, narrowed, has_next=page.has_next),
        "rows": [_person(one, paths, today) for one in page.rows],
        "states": choices.pairs(words.PERSON_STATES),
        "found_by": page.by,
    }
    return frame.show(request, "desk/register/persons.html", context, here=HERE)


def _person(one: Any, paths: dict[str, str], today: Any) -> dict[str, Any]:
    return {
        "url": reverse("desk_register_person", args=[one.id]),
        "name": one.full_name,
        "age": field_rules.age_on(one.birth_date, one.died_date or today),
        "sex": {"L": _("Man"), "P": _("Woman")}.get(one.sex, ""),
        "place": paths.get(one.region_code, one.region_code).split(",", maxsplit=1)[0],
        "hamlet": one.hamlet.name if one.hamlet else "",
        "household": residents.name_of(one.household) if one.household else "",
        "nik": persons.masked_nik(one),
        "life": _(words.LIFE[one.life]) if one.life != "here" else "",
    }


@officer("household.open")
@require_GET
def hamlets(request: Request) -> HttpResponseBase:
    """How much of each hamlet of a village stands in the register."""
    typed = request.GET.get("wilayah", "")
    own = request.by.served_areas[0]
    narrowed = area.read(request.by, typed or (own if len(own) == 10 else ""))
    rows: list[dict[str, Any]] = []
    if len(narrowed.code) == 10:
        rows = [
            {
                "row": one,
                "url": reverse("desk_register")
                + "?"
                + urlencode({"wilayah": narrowed.code, "dusun": one.hamlet_id or ""}),
            }
            for one in residents.by_hamlet(request.by, narrowed.code)
        ]
    gone = residents.departures(request.by, narrowed.code, asking.today(request)) if narrowed.code else []
    sealed = protection.of_sealed_matters(one.person_id for one in gone)
    tells_where = people_access.sees_destination(request.by)
    paths = region_queries.paths({one.to_region for one in gone if one.to_region and tells_where})
    context = {
        "tabs": tabs(request, "desk_register_hamlets"),
        "gone": [
            {
                "name": one.person.full_name,
                "day": desk_words.day(one.on_date),
                "where": paths.get(one.to_region, "").split(",", maxsplit=1)[0],
                "words": one.words if tells_where else "",
            }
            for one in gone
            if one.person_id not in sealed
        ],
        "tells_where": tells_where,
        "area": narrowed,
        "rows": rows,
        "chosen": len(narrowed.code) == 10,
        "households": sum(one["row"].households for one in rows),
        "persons": sum(one["row"].persons for one in rows),
    }
    return frame.show(request, "desk/register/hamlets.html", context, here=HERE)


def _filters(request: Request, narrowed: area.Area, states: dict[str, str]) -> residents.Filters:
    given = request.GET
    hamlet = given.get("dusun", "")
    state = given.get("keadaan", "")
    return residents.Filters(
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        region=narrowed.code,
        hamlet=hamlet if len(hamlet) == 36 and hamlet.replace("-", "").isalnum() and _is_key(hamlet) else "",
        state=state if state in states else "",
        page=reading.page_number(given.get("page", "")),
    )


def _is_key(text: str) -> bool:
    return all(sign in "0123456789abcdef-" for sign in text.lower())


def _around(
    request: Request, here: str, filters: residents.Filters, narrowed: area.Area, *, has_next: bool
) -> dict[str, Any]:
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    village = narrowed.code if len(narrowed.code) == 10 else ""
    own = request.by.served_areas[0]
    known = region_queries.hamlets(village or own) if village or len(own) == 10 else []
    return {
        "tabs": tabs(request, here),
        "area": narrowed,
        "filters": {name: request.GET.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "hamlets": [(str(one.id), one.name) for one in known],
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
