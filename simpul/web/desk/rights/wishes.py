"""Wishes about personal data: the list with its hours, one person's rights, taking a wish up, and the page of one wish."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.queries import keeping as case_keeping
from simpul.lib.errors import NotFound
from simpul.people import access as people_access
from simpul.people.actions import restricting
from simpul.people.queries import consent as consent_queries
from simpul.upkeep import access
from simpul.upkeep.actions import requests as actions
from simpul.upkeep.queries import catalogue
from simpul.upkeep.queries import holds as hold_queries
from simpul.upkeep.queries import requests as queries
from simpul.upkeep.rules import requests as rules
from simpul.web import forms
from simpul.web.desk import frame, trying
from simpul.web.desk.rights import consents, looks, page, wish_acts
from simpul.web.policy import Request, officer


def _row(one: Any, request: Request) -> dict[str, Any]:
    hidden = access.watches(request.by)
    return {
        "one": one,
        "url": reverse("desk_rights_wish", args=[one.id]),
        "who": _("a resident") if hidden or one.person.erased_at else one.person.full_name,
        "kind": page.KINDS[one.kind],
        "state": page.STATES[one.state],
        "tone": page.TONES[one.state],
        "received": page.moment(one.received_at, request),
        "told": page.moment(one.told_at, request),
        "left": None if one.told_at else page.left(one.due_at, timezone.now()),
    }


@officer(*page.WISHES)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Every wish of the area: those that run with the hours they have left, or those that are settled."""
    settled = request.GET.get("keadaan") == "selesai"
    counts = queries.counts(request.by, timezone.now())
    context = {
        "tabs": page.tabs(request, "desk_rights"),
        "views": [
            {"label": _("Running"), "url": "?", "current": not settled, "count": counts.open},
            {"label": _("Finished"), "url": "?keadaan=selesai", "current": settled},
        ],
        "counts": counts,
        "rows": [_row(one, request) for one in queries.listed(request.by, settled=settled)],
        "settled": settled,
    }
    return frame.show(request, "desk/rights/list.html", context, here=page.HERE)


@officer("request.open", "consent.give")
@require_GET
def person(request: Request, person_id: UUID) -> HttpResponseBase:
    """One person's rights: what they agreed to, what they asked for, whether their data stand still."""
    row = trying.found(people_access.person_for, request, person_id)
    looks.note(request, "person", row.id)
    wishes = access.requests(request.by).filter(person_id=row.id).select_related("person")
    context = {
        "tabs": page.tabs(request, "desk_rights"),
        "person": row,
        "consents": [consents.row(one, request) for one in consent_queries.consents_of(request.by, row.id)],
        "wishes": [_row(one, request) for one in wishes.order_by("-received_at")],
        "restricted": page.moment(row.restricted_at, request),
        "held": hold_queries.holds_person(row.id),
        "may_give": roles.may_somewhere(request.by, "consent.give"),
        "may_ask": roles.may_somewhere(request.by, "request.open"),
        "may_go_on": roles.may_somewhere(request.by, "person.unrestrict") and row.restricted_at,
        "person_url": reverse("desk_register_person", args=[row.id])
        if roles.may_somewhere(request.by, "household.open")
        else "",
    }
    return frame.show(request, "desk/rights/person.html", context, here=page.HERE)


class AskForm(forms.Form):
    """What is asked, by whom, and how it was seen that the data are theirs."""

    kind = forms.ChoiceField(label=gettext_lazy("What they ask for"), choices=list(page.KINDS.items()))
    words = forms.LongTextField(
        label=gettext_lazy("In their own words"), required=False, max_length=2000, rows=3
    )
    asked_by = forms.NameField(label=gettext_lazy("Who asks"), max_length=150)
    relation = forms.ChoiceField(
        label=gettext_lazy("Who is that?"),
        required=False,
        choices=list(consents.RELATIONS.items()),
        widget=django_forms.Select,
    )
    proof = forms.LineField(
        label=gettext_lazy("How did you see that the data are theirs?"),
        max_length=200,
        help_text=gettext_lazy("For example “KTP seen at the counter”. Keep no copy of it."),
    )


@officer("request.open")
def ask(request: Request, person_id: UUID) -> HttpResponseBase:
    """Take a wish up; with ``?urusan=`` it came as a matter, and its hours run from when that was received."""
    matter = request.GET.get("urusan", "")
    try:
        case_id = UUID(matter) if matter else None
        case = case_access.get_for(request.by, case_id) if case_id else None
        if case is None:
            row = people_access.person_for(request.by, person_id)
        else:
            named = [one for one in _named(request, case) if one.id == person_id]
            if not named:
                raise NotFound
            row = named[0]
    except (NotFound, ValueError):
        raise Http404 from None
    first = {"asked_by": row.full_name}
    if case is not None:
        first |= {"kind": case.answers.get("right", ""), "words": case.text}

    def run(said: dict[str, Any]) -> tuple[str, str]:
        made = actions.open_request(
            by=request.by,
            at=timezone.now(),
            person_id=row.id,
            kind=said["kind"],
            asked_by=said["asked_by"],
            proof=said["proof"],
            words=said["words"],
            relation=said["relation"],
            case_id=case_id,
        )
        return _("The wish is taken up. Its 72 hours run."), reverse("desk_rights_wish", args=[made.id])

    asked = page.Ask(
        title=_("What does %(name)s ask for?") % {"name": row.full_name},
        button=_("Take the wish up"),
        back=reverse("desk_case", args=[case.id])
        if case is not None
        else reverse("desk_rights_person", args=[row.id]),
        intro=_("It must be settled, and the person told, within 3 x 24 hours. Nothing pauses this clock."),
    )
    return page.ask(request, asked, AskForm(page.given(request), initial=first), run)


@officer("request.open")
@require_GET
def from_case(request: Request, case_id: UUID) -> HttpResponseBase:
    """From a matter of the kind "personal-data rights" to the wish it holds."""
    case = trying.found(case_access.get_for, request, case_id)
    known = access.requests(request.by).filter(case_id=case.id).first()
    if known is not None:
        return redirect("desk_rights_wish", request_id=known.id)
    named = _named(request, case)
    if not named:
        raise Http404
    return redirect(f"{reverse('desk_rights_ask', args=[named[0].id])}?urusan={case.id}")


def _named(request: Request, case: Any) -> list[Any]:
    """Whom a matter concerns and who told it, without the one whose name stays hidden from this officer."""
    told = case.reporter if case_access.sees_reporter(request.by, case) else None
    return [one for one in (case.about, told) if one is not None]


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=gettext_lazy("Why?"), max_length=300)


@officer("person.unrestrict")
def go_on(request: Request, person_id: UUID) -> HttpResponseBase:
    """Let data that stand still go on, with a reason."""
    try:
        people_access.person_for(request.by, person_id)
    except NotFound as missing:
        raise Http404 from missing

    def run(said: dict[str, Any]) -> tuple[str, str]:
        restricting.unrestrict_person(by=request.by, at=timezone.now(), person_id=person_id, why=said["why"])
        return _("The data go on."), reverse("desk_rights_person", args=[person_id])

    asked = page.Ask(
        title=_("Let the data go on?"),
        button=_("Let them go on"),
        back=reverse("desk_rights_person", args=[person_id]),
        intro=_("Tell the person first: they asked for it."),
    )
    return page.ask(request, asked, WhyForm(page.given(request)), run)


@officer(*page.WISHES)
@require_GET
def wish(request: Request, request_id: UUID) -> HttpResponseBase:
    """One wish: what was asked, what was decided by whom, what is to be done next."""
    one = trying.found(access.request_for, request, request_id)
    refusals, kept = catalogue.refusals(), catalogue.kept_grounds()
    ground = refusals.get(one.ground)
    facts = one.done_facts
    context = {
        "tabs": page.tabs(request, "desk_rights"),
        "one": one,
        "row": _row(one, request),
        "due": page.moment(one.due_at, request),
        "ground": page.said(ground.name) if ground else "",
        "ground_source": ground.source if ground else "",
        "proposed": page.moment(one.proposed_at, request),
        "reviewed": page.moment(one.reviewed_at, request),
        "done": page.moment(one.done_at, request),
        "watching": access.watches(request.by),
        "how": page.HOW.get(one.told_how, ""),
        "steps": wish_acts.steps(request, one),
        "emptied": sorted(facts.get("rows", {}).items()) if one.kind == rules.ERASE else [],
        "kept": [
            {
                "name": page.said(kept[code].name) if code in kept else code,
                "source": kept[code].source if code in kept else "",
                "number": number,
            }
            for code, number in sorted(facts.get("kept", {}).items())
        ]
        if one.kind == rules.ERASE
        else [],
        "always_kept": [
            {"name": page.said(kept[code].name), "source": kept[code].source}
            for code in ("journal", "backups")
        ],
        "digest": facts.get("digest", ""),
        "receivers": [name for _key, name, _mail in case_keeping.receivers(one.person_id)],
        "case_url": reverse("desk_case", args=[one.case_id])
        if one.case_id and case_access.visible(request.by).filter(id=one.case_id).exists()
        else "",
    }
    return frame.show(request, "desk/rights/wish.html", context, here=page.HERE)
