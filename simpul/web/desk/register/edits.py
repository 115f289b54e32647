"""Writing households down: a new one, what is known of house and household, members, family cards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.people import access
from simpul.people import actions as people_actions
from simpul.people.queries import fields as field_queries
from simpul.people.queries import persons, register, residents
from simpul.regions import queries as region_queries
from simpul.web.desk import intake_form
from simpul.web.desk import words as desk_words
from simpul.web.desk.register import asking, forms, words
from simpul.web.policy import Request, officer


@officer("household.open")
def new(request: Request) -> HttpResponseBase:
    """A household that is not in the register yet."""
    typed = request.POST.get("place", "") or request.by.served_areas[0]
    places = intake_form.find_places(request.by, typed) if typed else []
    village = places[0][0] if len(places) == 1 else ""
    first = {"place": region_queries.path_names(village)} if village and request.method != "POST" else {}
    form = forms.NewForm(
        asking.posted(request),
        by=request.by,
        hamlets=region_queries.hamlets(village) if len(village) == 10 else [],
        initial=first,
    )
    return asking.ask(
        request,
        form,
        lambda ready: reverse("desk_register_household", args=[_open(request, ready)]),
        title=_("Write a household down"),
        lead=_("People who eat from one kitchen. What you do not know stays empty; it can be asked later."),
        back=reverse("desk_register"),
        button=_("Write it down"),
        done=_("The household is in the register. Add who lives there."),
    )


def _open(request: Request, form: forms.NewForm) -> UUID:
    given, at = form.cleaned_data, timezone.now()
    said = form.said(asking.today(request))
    hamlet = UUID(given["hamlet"]) if given["hamlet"] else None
    with transaction.atomic():
        head = people_actions.register_person(
            by=request.by,
            at=at,
            full_name=given["full_name"],
            sex=given["sex"],
            birth_date=given["birth_date"],
            nik=given["nik"],
            region_code=given["place"],
            hamlet_id=hamlet,
            address=given["address"],
        ).person
        made = people_actions.open_household(
            by=request.by,
            at=at,
            region_code=given["place"],
            hamlet_id=hamlet,
            head_id=head.id,
            house={"address": given["address"]} if given["address"] else {},
            said=said,
        )
        if given["kk"]:
            people_actions.open_family(
                by=request.by, at=at, region_code=given["place"], kk=given["kk"], household_id=made.id, head_id=head.id, said=said
            )  # fmt: skip
    return made.id


@officer("household.change", "house.change")
def unit(request: Request, household_id: UUID, about: str, key: str) -> HttpResponseBase:
    """What is known of the house or the household: one group of questions."""
    row = access.household_for(request.by, household_id)
    group = next((one for one in field_queries.groups_of(about) if one.key == key), None)
    subject = row.house if about == "house" else row
    if about not in ("house", "household") or group is None or subject is None:
        raise Http404
    form = forms.GroupForm(asking.posted(request), groups=[group], row=subject)
    back = reverse("desk_register_household", args=[row.id])

    def do(ready: forms.GroupForm) -> str:
        told = ready.said(asking.today(request))
        given: dict[str, Any] = {
            "by": request.by,
            "at": timezone.now(),
            "changes": ready.changes(),
            "said": told,
        }
        if about == "house":
            done = people_actions.change_house(house_id=subject.id, **given)
        else:
            done = people_actions.change_household(household_id=row.id, **given)
        tell(request, done)
        return back

    return asking.ask(
        request,
        form,
        do,
        title=group.label(words.language()),
        lead=residents.name_of(row),
        back=back,
        button=_("Keep it"),
        done=_("Kept, with who said it."),
        template="desk/register/group.html",
    )


def tell(request: Request, done: Any) -> None:
    """Say what did not become the standing value: older words, and contradictions."""
    from_history = field_queries.of_history()

    def names(found: Any) -> str:
        labels = {key: field.label(words.language()) for (_kind, key), field in from_history.items()}
        return ", ".join(labels.get(key, key) for _subject, key in found)

    if done.older:
        messages.warning(
            request,
            _("Somebody said something newer about this, so it was kept in the history only: %(fields)s")
            % {"fields": names(done.older)},
        )
    if done.conflicts:
        messages.warning(
            request,
            _(
                "Another source says something else of the same day. Both are kept until somebody chooses: %(fields)s"
            )
            % {"fields": names(done.conflicts)},
        )


@officer("household.join")
def member(request: Request, household_id: UUID) -> HttpResponseBase:
    """Somebody who joins the household: looked for in the register first, so that nobody stands in it twice."""
    page = register.page_of(request.by, household_id, asking.today(request))
    back = reverse("desk_register_household", args=[household_id])
    sought = request.POST.get("sought", request.GET.get("cari", "")).strip()[:100]
    found = _candidates(request, sought) if sought else []
    form = forms.MemberForm(
        asking.posted(request),
        families=cards(page.families),
        found=found,
        initial={"full_name": sought, "person": ""}
        if not sought.isdigit()
        else {"nik": sought, "person": ""},
    )
    return asking.ask(
        request,
        form,
        lambda ready: _join(request, page, ready, back),
        title=_("Add a member"),
        lead=residents.name_of(page.household),
        back=back,
        button=_("Add"),
        done=_("Added to the household."),
        template="desk/register/member.html",
        more={"sought": sought, "found": found},
    )


def _candidates(request: Request, sought: str) -> list[tuple[str, str]]:
    listed = residents.find_persons(request.by, residents.Filters(words=sought))
    return [(str(one.id), describe(one)) for one in listed.rows[:8] if one.life != "dead"]


def describe(one: Any) -> str:
    """A person in one line, to tell apart from others of the name."""
    born = desk_words.day(one.birth_date) if one.birth_date else ""
    place = region_queries.path_names(one.region_code).split(",", maxsplit=1)[0]
    home = (
        _("in the household %(name)s") % {"name": residents.name_of(one.household)} if one.household else ""
    )
    return " · ".join(part for part in (one.full_name, born, persons.masked_nik(one), place, home) if part)


def cards(families: Any) -> list[tuple[str, str]]:
    """Family cards to choose from, by their head."""
    return [
        (
            str(one.id),
            _("Family card %(place)s (%(head)s)")
            % {"place": place, "head": one.head.full_name if one.head else "–"},
        )
        for place, one in enumerate(families, start=1)
    ]


def _join(request: Request, page: register.Page, form: forms.MemberForm, back: str) -> str:
    given, at, by = form.cleaned_data, timezone.now(), request.by
    said = form.said(asking.today(request))
    with transaction.atomic():
        person_id = UUID(given["person"]) if given.get("person") else None
        if person_id is None:
            person_id = people_actions.register_person(
                by=by,
                at=at,
                full_name=given["full_name"],
                sex=given["sex"],
                birth_date=given["birth_date"],
                nik=given["nik"],
                region_code=page.household.region_code,
                hamlet_id=page.household.hamlet_id,
            ).person.id
        people_actions.join_household(
            by=by, at=at, household_id=page.household.id, person_id=person_id, relation=given["relation"], said=said,
            from_date=given["from_date"],
        )  # fmt: skip
        if given["family"]:
            people_actions.join_family(
                by=by,
                at=at,
                family_id=UUID(given["family"]),
                person_id=person_id,
                relation=given["relation"],
                said=said,
            )
    return back


@officer("family.open")
def card(request: Request, household_id: UUID) -> HttpResponseBase:
    """A family card of the household."""
    page = register.page_of(request.by, household_id, asking.today(request))
    back = reverse("desk_register_household", args=[household_id])
    form = forms.GroupForm(asking.posted(request), groups=field_queries.groups_of("family"))

    def do(ready: forms.GroupForm) -> str:
        people_actions.open_family(
            by=request.by,
            at=timezone.now(),
            region_code=page.household.region_code,
            household_id=household_id,
            head_id=page.household.head_id
            if page.household.head and page.household.head.family_id is None
            else None,
            values=ready.changes(),
            said=ready.said(asking.today(request)),
        )
        return back

    return asking.ask(
        request, form, do, title=_("Add a family card"), lead=_("One house may hold several family cards. The number may stay empty."),
        back=back, button=_("Add"), done=_("The family card was added. Say on each person's page who stands on it."),
        template="desk/register/group.html",
    )  # fmt: skip


@officer("family.change")
def family(request: Request, family_id: UUID) -> HttpResponseBase:
    """What is known of a family card."""
    row = access.families(request.by).filter(id=family_id).first()
    if row is None:
        raise Http404
    home = row.household_id
    back = reverse("desk_register_household", args=[home]) if home else reverse("desk_register")
    form = forms.GroupForm(asking.posted(request), groups=field_queries.groups_of("family"), row=row)

    def do(ready: forms.GroupForm) -> str:
        done = people_actions.change_family(
            by=request.by,
            at=timezone.now(),
            family_id=row.id,
            changes=ready.changes(),
            said=ready.said(asking.today(request)),
        )
        tell(request, done)
        return back

    return asking.ask(
        request, form, do, title=_("Family card"), back=back, button=_("Keep it"), done=_("Kept, with who said it."),
        template="desk/register/group.html",
    )  # fmt: skip
