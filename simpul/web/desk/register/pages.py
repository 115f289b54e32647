"""One household: its page, its print, what a visit is for; the history of a value, and choosing between two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases.queries import protection
from simpul.journal import actions as journal_actions
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people import actions as people_actions
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists, persons, register, residents
from simpul.regions import queries as region_queries
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.register import asking, doubts, panels, words
from simpul.web.desk.rights import looks
from simpul.web.policy import Request, officer

HERE = "desk_register"


@officer("household.open")
@require_GET
def household(request: Request, household_id: UUID) -> HttpResponseBase:
    """Everything the register and the other rooms know of a household, as far as the viewer may see it."""
    page = _page(request, household_id)
    looks.note(request, "household", household_id)
    context = {**_context(request, page), "panels": panels.made(request, page), "edit": True}
    return frame.show(request, "desk/register/household.html", context, here=HERE)


@officer("household.open")
@require_GET
def paper(request: Request, household_id: UUID) -> HttpResponseBase:
    """The same on A4, without what others of the house should not read over a shoulder: flags are left out."""
    page = _page(request, household_id)
    context = {**_context(request, page), "edit": False, "printed": desk_words.day(asking.today(request))}
    return frame.show(request, "desk/register/print.html", context, here=HERE)


@officer("household.open")
@require_GET
def visit(request: Request, household_id: UUID) -> HttpResponseBase:
    """What a visit is for, on paper: questions with lines to write on."""
    page = _page(request, household_id)
    return frame.show(request, "desk/register/visit.html", _context(request, page), here=HERE)


def _page(request: Request, household_id: UUID) -> register.Page:
    return register.page_of(request.by, household_id, asking.today(request))


def _context(request: Request, page: register.Page) -> dict[str, Any]:
    row = page.household
    place = roles.Place(region_code=row.region_code)
    names = {str(one.person.id): one.person.full_name for one in page.members}
    names |= {str(row.id): _("Household"), **{str(one.id): _("Family card") for one in page.families}}
    if page.house is not None:
        names[str(page.house.id)] = _("House")
    sensitive = _flags(request, page)
    sealed = protection.of_sealed_matters(one.person_id for one in page.former)
    return {
        "page": page,
        "row": row,
        "name": residents.name_of(row),
        "where": region_queries.path_names(row.region_code),
        "members": [_member(one, page, sensitive) for one in page.members],
        "families": [_family(one, page) for one in page.families],
        "groups": _groups(page),
        "conflicts": [words.conflict(one) for one in page.conflicts],
        **doubts.of_persons(request, [one.person.id for one in page.members], [row.id]),
        "missing": words.missing(page.plan.missing, names),
        "missing_count": len(page.plan.missing),
        "bring": [_(line) for line in words.BRING],
        "last_said": desk_words.day(page.plan.last_said) if page.plan.last_said else "",
        "events": _events(request, page, sealed),
        "former": [_former(request, one) for one in page.former if one.person_id not in sealed],
        "ties": [{"row": one, "kind": _(words.TIES.get(one.kind, one.kind))} for one in page.relations],
        "may": {
            act.replace(".", "_"): roles.may(request.by, act, place)
            for act in (
                "household.change", "household.join", "household.split", "house.change", "family.open", "family.change",
                "birth.record", "death.record", "move.record", "arrival.record", "conflict.settle",
            )
        },
    }  # fmt: skip


def _flags(request: Request, page: register.Page) -> dict[UUID, list[dict[str, Any]]]:
    """Categories of need for the page; each person whose sensitive one is shown gets a line that somebody looked."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    hidden = lists.sensitive_categories()
    for person_id, rows in page.flags.items():
        found[person_id] = [
            {"name": words.category(one.category), "sensitive": one.category in hidden} for one in rows
        ]
        if any(one.category in hidden for one in rows):
            journal_actions.record_view(
                by=request.by, at=timezone.now(), subject_kind="person", subject_id=person_id, why="ppks"
            )
    return found


def _member(one: register.Member, page: register.Page, flags: dict[UUID, Any]) -> dict[str, Any]:
    person = one.person
    card = next(
        (place for place, family in enumerate(page.families, start=1) if family.id == person.family_id), 0
    )
    return {
        "row": person,
        "url": reverse("desk_register_person", args=[person.id]),
        "age": one.age,
        "sex": {"L": _("Man"), "P": _("Woman")}.get(person.sex, ""),
        "relation": words.relation("household_relation", person.household_relation) if one.here else "",
        "card_relation": words.relation("family_relation", person.family_relation),
        "card": card,
        "here": one.here,
        "is_head": one.is_head,
        "nik": persons.masked_nik(person),
        "flags": flags.get(person.id, []),
        "kis": one.profile is not None and one.profile.kis_state == "inactive",
        "pregnant": one.profile is not None and one.profile.pregnant is True,
        "away": person.life == "away",
    }


def _family(one: Any, page: register.Page) -> dict[str, Any]:
    (group,) = field_queries.groups_of("family")
    facts = words.facts(one, group, ("family", one.id), page)
    return {
        "row": one,
        "facts": [fact for fact in facts if fact["value"] or fact["conflict"]],
        "url": reverse("desk_register_family", args=[one.id]),
        "decile": one.decile,
        "elsewhere": one.household_id not in (None, page.household.id),
    }


def _groups(page: register.Page) -> list[dict[str, Any]]:
    found = []
    for about, row in (("house", page.house), ("household", page.household)):
        for group in field_queries.groups_of(about):
            subject = (about, row.id) if row is not None else None
            facts = words.facts(row, group, subject, page)
            if residents.name_of(page.household) != page.household.name:
                facts = [one for one in facts if (about, one["key"]) != ("household", "name")]
            told = [one for one in facts if one["value"] or one["conflict"]]
            found.append(
                {
                    "name": group.label(words.language()),
                    "facts": told,
                    "unknown": len(facts) - len(told),
                    "about": about,
                    "url": reverse("desk_register_edit", args=[page.household.id, about, group.key]),
                }
            )
    return found


def _events(request: Request, page: register.Page, sealed: frozenset[UUID]) -> list[dict[str, Any]]:
    """What happened; a remark on who left may say where they are, and is for those who may know it."""
    inside = {one.person.id for one in page.members}
    tells_where = access.sees_destination(request.by)
    return [
        {**words.event(one), "words": one.words if tells_where or one.person_id in inside else ""}
        for one in page.events
        if one.person_id in inside or one.person_id not in sealed
    ]


def _former(request: Request, one: Any) -> dict[str, Any]:
    seen = request.by.serves(one.person.region_code)
    return {
        "name": one.person.full_name,
        "url": reverse("desk_register_person", args=[one.person_id]) if seen else "",
        "until": desk_words.day(one.until_date),
        "why": _(words.WHY_ENDED.get(one.why_ended, one.why_ended)),
    }


# --- history and choosing -------------------------------------------------------------------------------------------------------


@officer("household.open")
@require_GET
def history(request: Request, kind: str, subject_id: UUID, field: str) -> HttpResponseBase:
    """Who said what about one field, when, from which source."""
    row = access.subject_for(request.by, kind, subject_id)
    if row is None or (kind, field) not in field_queries.of_history():
        raise Http404
    rows = register.history(request.by, kind, subject_id, field)
    context = {
        "name": field_queries.label(kind, field, words.language()),
        "about": str(row),
        "back": _way_back(kind, row),
        "rows": [words.statement(one) for one in rows],
        "torn": any(one.state == "conflict" for one in rows),
        "may_settle": roles.may(request.by, "conflict.settle", roles.Place(region_code=row.region_code)),
    }
    return frame.show(request, "desk/register/history.html", context, here=HERE)


def _way_back(kind: str, row: Any) -> str:
    if kind == "person":
        return reverse("desk_register_person", args=[row.id])
    if kind == "household":
        return reverse("desk_register_household", args=[row.id])
    if kind == "family" and row.household_id:
        return reverse("desk_register_household", args=[row.household_id])
    return reverse("desk_register")


@officer("conflict.settle")
@require_POST
def settle(request: Request, observation_id: UUID) -> HttpResponseBase:
    """Choose the statement that holds."""
    try:
        chosen = people_actions.settle_conflict(
            by=request.by, at=timezone.now(), observation_id=observation_id, why=request.POST.get("why", "")
        )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Chosen: %(value)s. The other is kept in the history.")
            % {"value": register.readable(chosen, words.language())},
        )
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe and back.startswith("/meja/warga/") else reverse("desk_register"))
