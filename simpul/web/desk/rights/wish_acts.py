"""The steps of one wish: propose, review, hand out the copy, correct, stand still, withdraw, erase, tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.lib.errors import NotFound, Refused
from simpul.people import actions as people_actions
from simpul.upkeep import access
from simpul.upkeep.actions import carrying, requests
from simpul.upkeep.actions import erasing as erase_actions
from simpul.upkeep.queries import catalogue
from simpul.upkeep.queries import requests as queries
from simpul.upkeep.rules import requests as rules
from simpul.web import forms
from simpul.web.desk import case as case_pages
from simpul.web.desk import frame, trying
from simpul.web.desk.rights import consents, page
from simpul.web.policy import Request, officer

DECISIONS = {
    "granted": gettext_lazy("Grant it"),
    "partly": gettext_lazy("Grant it in part"),
    "refused": gettext_lazy("Refuse it"),
}


class ProposeForm(forms.Form):
    """What should be decided."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What should be decided?"), choices=list(DECISIONS.items())
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground of the law, when it is not granted"),
        required=False,
        widget=django_forms.Select,
    )
    words = forms.LongTextField(
        label=gettext_lazy("Why, in words for the person"), required=False, max_length=2000, rows=3
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offers = [
            (one.code, f"{page.said(one.name)} ({one.source})") for one in catalogue.refusals().values()
        ]
        self.fields["ground"].explain([("", _("none")), *offers])  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """Agree, or send back with words."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Do you agree?"),
        choices=[
            ("yes", gettext_lazy("Yes, as proposed")),
            ("no", gettext_lazy("No, it goes back to who proposed it")),
        ],
    )
    words = forms.LongTextField(
        label=gettext_lazy("Words for the file"), required=False, max_length=2000, rows=2
    )


class TellForm(forms.Form):
    """How the person got to know."""

    how = forms.ChoiceField(label=gettext_lazy("How was the person told?"), choices=list(page.HOW.items()))
    words = forms.LineField(
        label=gettext_lazy("In one sentence: what they were told"), required=False, max_length=300
    )


class CorrectForm(forms.Form):
    """What is wrong; only what is changed here is changed."""

    full_name = forms.NameField(label=gettext_lazy("Name"), max_length=150, required=False)
    called = forms.LineField(label=gettext_lazy("Called"), max_length=60, required=False)
    birth_date = forms.DateField(label=gettext_lazy("Birth date"), required=False)
    nik = forms.DigitsField(
        label=gettext_lazy("NIK"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Leave empty to keep the number that is there."),
    )
    address = forms.LongTextField(label=gettext_lazy("Address"), required=False, max_length=1000, rows=2)
    landmark = forms.LineField(label=gettext_lazy("Landmark"), required=False, max_length=200)
    needs = forms.LineField(label=gettext_lazy("How to communicate"), required=False, max_length=200)


class WithdrawForm(forms.Form):
    """Which consents."""

    consents = forms.ChoicesField(label=gettext_lazy("Which consents?"))
    why = forms.LineField(label=gettext_lazy("Why, if they want to say"), required=False, max_length=300)


class SureForm(forms.Form):
    """A last look."""

    sure = forms.TickField(label=gettext_lazy("I have read what follows"))


Step = tuple[str, str, str, str]
"""Slug, words of the link, the act it needs, and the tone."""


def steps(request: Request, one: Any) -> list[dict[str, str]]:
    """What can be done next with a wish, by this seat."""
    found: list[Step] = []
    free = one.state == "open"
    decided = one.state in ("granted", "partly")
    if one.kind == rules.ACCESS and (free or decided) and not one.told_at:
        found.append(("salinan", _("Make the copy of their data"), "dossier.prepare", "good"))
    doing = {
        rules.CORRECT: ("betulkan", _("Correct the data"), "person.correct"),
        rules.WITHDRAW: ("tarik", _("Withdraw consents"), "consents.withdraw"),
        rules.RESTRICT: ("batasi", _("Let the data stand still"), "wish.restrict"),
    }
    if one.kind in doing and (free or decided) and one.done_at is None:
        found.append((*doing[one.kind], "good"))
    if one.kind == rules.ERASE and decided and one.done_at is None:
        found.append(("hapus", _("Erase everything"), "person.erase", "bad"))
    if free:
        found.append(("usulkan", _("Propose a decision"), "request.propose", ""))
    if one.state == "proposed":
        found.append(("tinjau", _("Review the proposal"), "request.review", "good"))
    if one.told_at is None and (one.state == "refused" or one.done_at is not None):
        found.append(("beritahu", _("The person was told"), "request.tell", "good"))
    place = roles.Place(region_code=one.region_code)
    return [
        {"url": reverse("desk_rights_act", args=[one.id, slug]), "label": words, "tone": tone}
        if slug != "salinan"
        else {"url": reverse("desk_rights_copy", args=[one.id]), "label": words, "tone": tone, "post": "1"}
        for slug, words, act, tone in found
        if roles.may(request.by, act, place)
    ]


@officer(*page.WISHES)
def act(request: Request, request_id: UUID, slug: str) -> HttpResponseBase:
    """One step with its form."""
    needed, maker = _PAGES.get(slug, ("", None))
    one = trying.found(access.request_for, request, request_id)
    if maker is None or not roles.may(request.by, needed, roles.Place(region_code=one.region_code)):
        raise Http404  # the forms show the person's data: only who may act reads them
    asked, form, run = maker(request, one)
    return page.ask(request, asked, form, run)


Made = tuple[page.Ask, forms.Form, Callable[[dict[str, Any]], tuple[str, str]]]


def _back(one: Any) -> str:
    return reverse("desk_rights_wish", args=[one.id])


def _propose(request: Request, one: Any) -> Made:
    def run(said: dict[str, Any]) -> tuple[str, str]:
        made = requests.propose_request(
            by=request.by,
            at=timezone.now(),
            request_id=one.id,
            decision=said["decision"],
            ground=said["ground"],
            words=said["words"],
        )
        waits = made.state == "proposed"
        return (_("Now a second person looks at it.") if waits else _("It is granted.")), _back(one)

    told = [_("A refusal, and every erasure, waits for a second person: nobody decides that alone.")]
    asked = page.Ask(title=_("Propose a decision"), button=_("Propose it"), back=_back(one), warnings=told)
    return asked, ProposeForm(page.given(request)), run


def _review(request: Request, one: Any) -> Made:
    def run(said: dict[str, Any]) -> tuple[str, str]:
        requests.review_request(
            by=request.by,
            at=timezone.now(),
            request_id=one.id,
            approve=said["answer"] == "yes",
            words=said["words"],
        )
        return _("Your review stands."), _back(one)

    ground = catalogue.refusals().get(one.ground)
    intro = _("Proposed by %(who)s: %(what)s") % {
        "who": one.proposed_by,
        "what": DECISIONS.get(one.decision, one.decision),
    }
    reasons = [text for text in (page.said(ground.name) if ground else "", one.ground_words) if text]
    asked = page.Ask(
        title=_("Review the proposal"),
        button=_("Keep my review"),
        back=_back(one),
        intro="\n".join([intro, *reasons]),
    )
    return asked, ReviewForm(page.given(request)), run


def _tell(request: Request, one: Any) -> Made:
    def run(said: dict[str, Any]) -> tuple[str, str]:
        requests.tell_request(
            by=request.by, at=timezone.now(), request_id=one.id, how=said["how"], words=said["words"]
        )
        return _("The wish is settled."), _back(one)

    asked = page.Ask(
        title=_("Tell the person"),
        button=_("The person was told"),
        back=_back(one),
        intro=_(
            "What was decided, the ground and who reviewed it, and that they may complain to the authority."
        ),
    )
    return asked, TellForm(page.given(request)), run


def _correct(request: Request, one: Any) -> Made:
    names = ("full_name", "called", "birth_date", "address", "landmark", "needs")
    now = {name: getattr(one.person, name) for name in names}

    def run(said: dict[str, Any]) -> tuple[str, str]:
        changes: people_actions.PersonFields = {}
        for name in names:
            if said[name] != now[name] and not (name == "full_name" and not said[name]):
                changes[name] = said[name]  # type: ignore[literal-required]
        if said["nik"]:
            changes["nik"] = said["nik"]
        carrying.correct_person(by=request.by, at=timezone.now(), request_id=one.id, changes=changes)
        return _("The data are corrected; what stood there before is kept in the journal."), _back(one)

    asked = page.Ask(
        title=_("Correct the data"),
        button=_("Correct them"),
        back=_back(one),
        intro=_("The person asked: %(words)s") % {"words": one.words or one.asked_by},
    )
    return asked, CorrectForm(page.given(request), initial=now), run


def _withdraw(request: Request, one: Any) -> Made:
    form = WithdrawForm(page.given(request))
    offers = [
        consents.row(given, request) for given in queries.standing_consents(one, request.by, timezone.now())
    ]
    form.fields["consents"].explain(  # type: ignore[attr-defined]
        [(str(row["one"].id), f"{row['name']} ({row['given']})") for row in offers]
    )

    def run(said: dict[str, Any]) -> tuple[str, str]:
        carrying.withdraw_consents(
            by=request.by,
            at=timezone.now(),
            request_id=one.id,
            consent_ids=[UUID(key) for key in said["consents"]],
            why=said["why"],
        )
        return _("The consents are withdrawn and stand no more from now on."), _back(one)

    told = [] if offers else [_("No consent of this person stands. Tell them so.")]
    asked = page.Ask(title=_("Withdraw consents"), button=_("Withdraw them"), back=_back(one), warnings=told)
    return asked, form, run


def _restrict(request: Request, one: Any) -> Made:
    def run(_said: dict[str, Any]) -> tuple[str, str]:
        carrying.restrict_wish(by=request.by, at=timezone.now(), request_id=one.id)
        return _("The data of this person stand still."), _back(one)

    told = [
        _("The person is on no list, in no screening and no export until somebody lets the data go on."),
        _("Their own page and their own matters stay, for those who deal with their wish."),
    ]
    asked = page.Ask(
        title=_("Let the data stand still?"),
        button=_("Let them stand still"),
        back=_back(one),
        warnings=told,
    )
    return asked, SureForm(page.given(request)), run


def _erase(request: Request, one: Any) -> Made:
    def run(_said: dict[str, Any]) -> tuple[str, str]:
        erase_actions.erase_person(by=request.by, at=timezone.now(), request_id=one.id)
        return _("Everything is erased. Print this page as a notice for the person."), _back(one)

    told = [
        _(
            "Names, numbers, words, photos and recordings go from every room, from the search and from the journal."
        ),
        _("It cannot be brought back. Copies of safety expire by themselves."),
        _("Kept without a name: numbers and dates of matters, sums of public aid, signed minutes."),
    ]
    asked = page.Ask(
        title=_("Erase everything about this person?"),
        button=_("Erase everything"),
        back=_back(one),
        warnings=told,
        tone="bad",
    )
    return asked, SureForm(page.given(request)), run


_PAGES: dict[str, tuple[str, Callable[[Request, Any], Made]]] = {
    "usulkan": ("request.propose", _propose),
    "tinjau": ("request.review", _review),
    "beritahu": ("request.tell", _tell),
    "betulkan": ("person.correct", _correct),
    "tarik": ("consents.withdraw", _withdraw),
    "batasi": ("wish.restrict", _restrict),
    "hapus": ("person.erase", _erase),
}
"""Each step: the act it needs, and what makes its page."""


@officer("dossier.prepare")
@require_POST
def copy(request: Request, request_id: UUID) -> HttpResponseBase:
    """ "Data saya": the copy, readable and to print, or as a file for machines. Every copy leaves a line; none is kept here."""
    try:
        made = carrying.prepare_dossier(by=request.by, at=timezone.now(), request_id=request_id)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if request.POST.get("as") == "json":
        return case_pages.as_download(made.data, "application/json", "data-saya.json")
    context = {
        "made": made,
        "rooms": [
            {
                "name": _label("parts", room),
                "tables": [
                    {"name": _label("tables", name), "rows": [_facts(row, request) for row in rows]}
                    for name, rows in held.items()
                ],
            }
            for room, held in made.told["held"].items()
        ],
        "trail": [
            {**line, "when": page.moment(line["at"], request), "what": _(line["act"]), "as": _(line["role"])}
            for line in made.told["trail"]
        ],
        "back": reverse("desk_rights_wish", args=[request_id]),
        "made_at": page.moment(made.told["made_at"], request),
    }
    return frame.show(request, "desk/rights/dossier.html", context, here=page.HERE)


def _label(part: str, name: str) -> str:
    return catalogue.labels()[part].get(name, name.replace("_", " "))


def _facts(row: dict[str, Any], request: Request) -> list[tuple[str, str]]:
    return [(_label("columns", key), _told(value, request)) for key, value in row.items()]


def _told(value: Any, request: Request) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return page.moment(value, request)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, dict):
        return "\n".join(f"{key}: {inner}" for key, inner in value.items())
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
