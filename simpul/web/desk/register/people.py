"""One person: their page, what is known of them, where they belong, ties, categories of need."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people import actions as people_actions
from simpul.people.queries import fields as field_queries
from simpul.people.queries import lists, persons, register, residents, suspicions
from simpul.regions import queries as region_queries
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.register import asking, doubts, edits, forms, words
from simpul.web.desk.rights import looks
from simpul.web.policy import Request, officer

ABOUT = ("person", "profile")


@officer("household.open")
@require_GET
def person(request: Request, person_id: UUID) -> HttpResponseBase:
    """Everything the register knows of a person."""
    page = register.person_page(request.by, person_id, asking.today(request))
    row = page.person
    looks.note(request, "person", row.id)
    if row.restricted_at is not None:
        return frame.show(
            request,
            "desk/register/restricted.html",
            {"row": row, "since": row.restricted_at},
            here=asking.HERE,
        )
    place = roles.Place(region_code=row.region_code)
    context = {
        "page": page,
        "row": row,
        "household_name": residents.name_of(row.household) if row.household else "",
        "where": region_queries.path_names(row.region_code),
        "nik": persons.masked_nik(row),
        "life": _(words.LIFE.get(row.life, row.life)),
        "relation": words.relation("household_relation", row.household_relation),
        "card_relation": words.relation("family_relation", row.family_relation),
        "groups": _groups(page),
        "conflicts": [words.conflict(one) for one in page.conflicts],
        **doubts.of_persons(request, [row.id], [row.household_id] if row.household_id else []),
        "belongings": [_belonging(request, one) for one in page.belongings],
        "events": [words.event(one, may_undo=roles.may(request.by, "event.undo", place)) for one in page.events],
        "ties": _ties(page),
        "flags": _flags(request, page),
        "merges": _merges(request, row),
        "may_consent": roles.may_somewhere(request.by, "consent.give"),
        "may": {
            act.replace(".", "_"): roles.may(request.by, act, place)
            for act in (
                "profile.change", "death.record", "relation.add", "relation.end", "flag.set", "flag.end", "conflict.settle",
                "household.join", "event.undo",
            )
        },
    }  # fmt: skip
    return frame.show(request, "desk/register/person.html", context, here=asking.HERE)


def _groups(page: register.PersonPage) -> list[dict[str, Any]]:
    found = []
    for about, row in (("person", page.person), ("profile", page.profile)):
        for group in field_queries.groups_of(about):
            facts = words.facts(row, group, ("person", page.person.id), page)
            told = [one for one in facts if one["value"] or one["conflict"]]
            found.append(
                {
                    "name": group.label(words.language()),
                    "facts": told,
                    "unknown": len(facts) - len(told),
                    "url": reverse("desk_register_person_edit", args=[page.person.id, group.key]),
                }
            )
    return found


def _belonging(request: Request, one: Any) -> dict[str, Any]:
    home = one.household
    seen = home is not None and request.by.serves(home.region_code)
    return {
        "name": residents.name_of(home) if home is not None else _("Family card"),
        "url": reverse("desk_register_household", args=[home.id]) if seen else "",
        "relation": words.relation("household_relation", one.relation),
        "from": desk_words.day(one.from_date) if one.from_date else "",
        "until": desk_words.day(one.until_date) if one.until_date else "",
        "why": _(words.WHY_ENDED.get(one.why_ended, one.why_ended)) if one.why_ended else "",
        "source": one.source,
    }


def _ties(page: register.PersonPage) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "kind": _(words.TIES.get(one.kind, one.kind)),
            "name": one.other.full_name,
            "ended": desk_words.day(one.until_date) if one.until_date else "",
        }
        for one in page.relations
    ] + [
        {"id": "", "kind": _("Is tied to"), "name": f"{one.person.full_name} ({_(words.TIES.get(one.kind, one.kind))})", "ended": ""}
        for one in page.related_from
    ]  # fmt: skip


def _merges(request: Request, row: Any) -> list[dict[str, Any]]:
    """What was merged with this person and taken apart again: the other row, when, by whom, why."""
    merges = suspicions.merges_of(row)
    standing = [one for one in merges if one.undone_at is None]
    may_part = roles.may(request.by, "persons.unmerge", roles.Place(region_code=row.region_code))
    pairs = suspicions.pairs_of(request.by, standing) if may_part else {}
    found = []
    for one in merges:
        other = one.gone if one.kept_id == row.id else one.kept
        seen = request.by.serves(other.region_code) and not (other.restricted_at or other.erased_at)
        found.append(
            {
                "row": one,
                "into": one.gone_id == row.id,
                "name": other.full_name if seen else _("a resident"),
                "url": reverse("desk_register_person", args=[other.id]) if seen else "",
                "day": desk_words.day(timezone.localtime(one.merged_at).date()),
                "undone": desk_words.day(timezone.localtime(one.undone_at).date()) if one.undone_at else "",
                "part": reverse("desk_matching_one", args=[pairs[one.id]]) if one.id in pairs else "",
            }
        )
    return found


def _flags(request: Request, page: register.PersonPage) -> list[dict[str, Any]]:
    hidden = lists.sensitive_categories()
    if any(one.category in hidden for one in page.flags):
        journal_actions.record_view(
            by=request.by, at=timezone.now(), subject_kind="person", subject_id=page.person.id, why="ppks"
        )
    return [
        {
            "row": one,
            "name": words.category(one.category),
            "sensitive": one.category in hidden,
            "since": desk_words.day(one.since_date),
            "ended": desk_words.day(one.ended_date) if one.ended_date else "",
        }
        for one in page.flags
    ]


@officer("profile.change")
def edit(request: Request, person_id: UUID, key: str) -> HttpResponseBase:
    """What is known of a person: one group of questions."""
    row = access.active_for(request.by, person_id)
    group = next((one for about in ABOUT for one in field_queries.groups_of(about) if one.key == key), None)
    if group is None:
        raise Http404
    page = register.person_page(request.by, person_id, asking.today(request))
    form = forms.GroupForm(
        asking.posted(request), groups=[group], row=page.profile if group.about == "profile" else row
    )
    back = reverse("desk_register_person", args=[person_id])

    def do(ready: forms.GroupForm) -> str:
        done = people_actions.change_profile(
            by=request.by,
            at=timezone.now(),
            person_id=person_id,
            changes=ready.changes(),
            said=ready.said(asking.today(request)),
        )
        edits.tell(request, done)
        return back

    return asking.ask(
        request, form, do, title=group.label(words.language()), lead=row.full_name, back=back, button=_("Keep it"),
        done=_("Kept, with who said it."), template="desk/register/group.html",
    )  # fmt: skip


@officer("household.join")
def place(request: Request, person_id: UUID) -> HttpResponseBase:
    """How a person belongs to the household and to which card; also where a new head is chosen."""
    row = access.active_for(request.by, person_id)
    home = row.household_id
    if home is None:
        raise Http404
    page = register.page_of(request.by, home, asking.today(request))
    form = forms.PlaceForm(
        asking.posted(request),
        person=row,
        families=edits.cards(page.families),
        initial={"household_relation": "bdt/1"} if "kepala" in request.GET else {},
    )
    back = reverse("desk_register_household", args=[home])

    def do(ready: forms.PlaceForm) -> str:
        given, told, at = ready.cleaned_data, ready.said(asking.today(request)), timezone.now()
        if given["household_relation"] != row.household_relation:
            people_actions.join_household(
                by=request.by,
                at=at,
                household_id=home,
                person_id=row.id,
                relation=given["household_relation"],
                said=told,
            )
        if given["family"] and (
            given["family"] != str(row.family_id or "") or given["family_relation"] != row.family_relation
        ):
            people_actions.join_family(
                by=request.by, at=at, family_id=UUID(given["family"]), person_id=row.id, relation=given["family_relation"], said=told
            )  # fmt: skip
        return back

    return asking.ask(
        request, form, do, title=_("Place in household and family"), lead=row.full_name, back=back, button=_("Keep it"),
        done=_("Kept, with who said it."),
    )  # fmt: skip


@officer("relation.add")
def tie(request: Request, person_id: UUID) -> HttpResponseBase:
    """Tie two persons: look for the other one first."""
    row = access.active_for(request.by, person_id)
    sought = request.POST.get("sought", request.GET.get("cari", "")).strip()[:100]
    page = residents.find_persons(request.by, residents.Filters(words=sought)) if sought else None
    found = [(str(one.id), edits.describe(one)) for one in page.rows[:10] if one.id != row.id] if page else []
    form = forms.TieForm(asking.posted(request), found=found)
    back = reverse("desk_register_person", args=[person_id])

    def do(ready: forms.TieForm) -> str:
        given = ready.cleaned_data
        people_actions.add_relation(
            by=request.by, at=timezone.now(), person_id=person_id, other_id=UUID(given["other"]), kind=given["kind"],
            said=ready.said(asking.today(request)),
        )  # fmt: skip
        return back

    return asking.ask(
        request, form, do, title=_("Tie to another person"), lead=row.full_name, back=back, button=_("Tie them"),
        done=_("The two are tied."), template="desk/register/member.html", more={"sought": sought, "found": found, "other": True},
    )  # fmt: skip


@officer("relation.end")
@require_POST
def untie(request: Request, relation_id: UUID) -> HttpResponseBase:
    """End a tie."""
    try:
        ended = people_actions.end_relation(by=request.by, at=timezone.now(), relation_id=relation_id)
    except NotFound as missing:
        raise Http404 from missing
    messages.success(request, _("The tie ended today. It stays in the history."))
    return redirect("desk_register_person", person_id=ended.person_id)


@officer("flag.set")
def flag(request: Request, person_id: UUID) -> HttpResponseBase:
    """Set a category of need."""
    row = access.active_for(request.by, person_id)
    form = forms.FlagForm(asking.posted(request))
    back = reverse("desk_register_person", args=[person_id])

    def do(ready: forms.FlagForm) -> str:
        given = ready.cleaned_data
        people_actions.set_flag(
            by=request.by, at=timezone.now(), person_id=person_id, category=int(given["category"]), note=given["note"],
            said=ready.said(asking.today(request)),
        )  # fmt: skip
        return back

    return asking.ask(
        request, form, do, title=_("Set a category of need"), back=back, button=_("Set it"), done=_("The category was set."),
        lead=_("%(name)s. Only what helps this person: a category is no judgement.") % {"name": row.full_name},
    )  # fmt: skip


@officer("flag.end")
@require_POST
def end_flag(request: Request, flag_id: UUID) -> HttpResponseBase:
    """End a category of need."""
    try:
        ended = people_actions.end_flag(by=request.by, at=timezone.now(), flag_id=flag_id)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_register")
    messages.success(request, _("The category ended today."))
    return redirect("desk_register_person", person_id=ended.person_id)
