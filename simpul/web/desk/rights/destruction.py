"""What is due to be destroyed, who approves it, what is held, and the minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases import search
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound
from simpul.upkeep import access
from simpul.upkeep.actions import destroying, holds
from simpul.upkeep.queries import catalogue, retention
from simpul.upkeep.queries import holds as hold_queries
from simpul.web import forms
from simpul.web.desk import frame, trying
from simpul.web.desk.rights import page
from simpul.web.policy import Request, officer

STATES = {
    "proposed": gettext_lazy("Waits for approval"),
    "approved": gettext_lazy("Approved"),
    "running": gettext_lazy("Being destroyed"),
    "done": gettext_lazy("Destroyed"),
    "refused": gettext_lazy("Refused"),
}
TONES = {"proposed": "warn", "approved": "info", "running": "info", "done": "good", "refused": "bad"}


def _class_name(code: str) -> str:
    rule = catalogue.classes().get(code)
    return page.said(rule.name) if rule else code


@officer(*page.DESTROYING)
def overview(request: Request) -> HttpResponseBase:
    """Each class of records with what is due, the lists, and what is held."""
    at = timezone.now()
    if request.method == "POST":
        what = request.POST.get("what", "")[:24]
        return page.do(
            request,
            lambda: destroying.propose_destruction(by=request.by, at=at, what=what),
            _("The list is made. Two other people approve it."),
            reverse("desk_rights_destruction"),
        )
    held = [
        {
            "one": one,
            "what": _held_words(one),
            "placed": page.moment(one.placed_at, request),
            "lifted": page.moment(one.lifted_at, request),
        }
        for one in hold_queries.listed(request.by)
    ]
    context = {
        "tabs": page.tabs(request, "desk_rights_destruction"),
        "classes": [
            {
                "due": one,
                "name": page.said(one.rule.name),
                "time": _time(one.rule),
                "may": one.number and not one.rule.routine,
            }
            for one in retention.overview(at)
        ],
        "lists": [
            {
                "one": one,
                "url": reverse("desk_rights_list", args=[one.id]),
                "name": _class_name(one.what),
                "state": STATES[one.state],
                "tone": TONES[one.state],
                "when": page.moment(one.proposed_at, request),
            }
            for one in retention.listed(request.by)
        ],
        "holds": held,
        "may_propose": roles.may(request.by, "destruction.propose", access.installation()),
        "may_hold": roles.may_somewhere(request.by, "hold.place"),
        "may_lift": roles.may_somewhere(request.by, "hold.lift"),
    }
    return frame.show(request, "desk/rights/destructions.html", context, here=page.HERE)


def _time(rule: Any) -> str:
    if not rule.days:
        return _("by the kind of the matter, after it is %(clock)s") % {"clock": page.said(rule.clock)}
    if rule.days < 365:
        return _("%(n)s days after it is %(clock)s") % {"n": rule.days, "clock": page.said(rule.clock)}
    return _("%(n)s years after it is %(clock)s") % {
        "n": round(rule.days / 365.25),
        "clock": page.said(rule.clock),
    }


def _held_words(one: Any) -> str:
    if one.subject_kind == "class":
        return _class_name(one.what)
    return _("a matter") if one.subject_kind == "case" else _("a person")


@officer(*page.DESTROYING)
def one(request: Request, destruction_id: UUID) -> HttpResponseBase:
    """One list: who proposed and approved it, and its minutes: counts and digest, no content."""
    found = trying.found(access.destruction_for, request, destruction_id)
    mine = request.by.user_id
    approvers = {found.first_user_id, found.second_user_id}
    context = {
        "tabs": page.tabs(request, "desk_rights_destruction"),
        "one": found,
        "institution": desk_queries.institution(),
        "name": _class_name(found.what),
        "state": STATES[found.state],
        "tone": TONES[found.state],
        "times": {
            name: page.moment(getattr(found, f"{name}_at"), request)
            for name in ("proposed", "first", "second", "refused", "done")
        },
        "roles": {
            "first": _(roles.ROLES[found.first_role].name) if found.first_role in roles.ROLES else "",
            "second": _(roles.ROLES[found.second_role].name) if found.second_role in roles.ROLES else "",
        },
        "may_approve": found.state == "proposed"
        and roles.may_somewhere(request.by, "destruction.approve")
        and mine not in {found.proposed_user_id, *approvers},
        "may_refuse": found.state == "proposed" and roles.may_somewhere(request.by, "destruction.refuse"),
    }
    return frame.show(request, "desk/rights/destruction.html", context, here=page.HERE)


@officer("destruction.approve", "destruction.refuse")
@require_POST
def decide(request: Request, destruction_id: UUID, slug: str) -> HttpResponseBase:
    """Approve or refuse a list."""
    at, back = timezone.now(), reverse("desk_rights_list", args=[destruction_id])
    if slug == "setujui":
        return page.do(
            request,
            lambda: destroying.approve_destruction(by=request.by, at=at, destruction_id=destruction_id),
            _("Your approval stands."),
            back,
        )
    if slug != "tolak":
        raise Http404
    why = request.POST.get("why", "")
    return page.do(
        request,
        lambda: destroying.refuse_destruction(by=request.by, at=at, destruction_id=destruction_id, why=why),
        _("The list is refused; nothing is destroyed."),
        back,
    )


class HoldForm(forms.Form):
    """What must stay whole, for whom, and why."""

    what = forms.ChoiceField(label=gettext_lazy("What is held"), widget=django_forms.Select)
    number = forms.LineField(
        label=gettext_lazy("Number of the matter"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Only when a single matter is held."),
    )
    asked_by = forms.LineField(
        label=gettext_lazy("Who asked for it"),
        max_length=150,
        help_text=gettext_lazy("The court, the inspectorate, the Ombudsman, with the number of the letter."),
    )
    why = forms.LineField(label=gettext_lazy("Why?"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = [(code, page.said(rule.name)) for code, rule in catalogue.classes().items()]
        self.fields["what"].explain([("case", _("One matter")), *classes])  # type: ignore[attr-defined]


@officer("hold.place")
def place(request: Request) -> HttpResponseBase:
    """Place a hold on a class of records, a matter, or (from their page, ``?warga=``) a person."""
    person = request.GET.get("warga", "")
    form = HoldForm(page.given(request))
    if person:
        form.fields["what"].required = False
        del form.fields["what"], form.fields["number"]

    def run(said: dict[str, Any]) -> tuple[str, str]:
        wanted: dict[str, Any] = {"why": said["why"], "asked_by": said["asked_by"]}
        if person:
            try:
                wanted |= {"subject_kind": "person", "subject_id": UUID(person)}
            except ValueError:
                raise NotFound from None
        elif said["what"] == "case":
            found = search.find_cases(request.by, said["number"], limit=1) if said["number"] else []
            if not found:
                raise holds.HoldWordsMissing(field="number")
            wanted |= {"subject_kind": "case", "subject_id": found[0]}
        else:
            wanted |= {"subject_kind": "class", "what": said["what"]}
        holds.place_hold(by=request.by, at=timezone.now(), **wanted)
        return _("It is held: nothing of it is erased or destroyed."), reverse("desk_rights_destruction")

    asked = page.Ask(
        title=_("Place a legal hold"),
        button=_("Hold it"),
        back=reverse("desk_rights_destruction"),
        intro=_("What is held is neither erased nor destroyed, however old it is and whoever asks."),
    )
    return page.ask(request, asked, form, run)


class LiftForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=gettext_lazy("Why?"), max_length=300)


@officer("hold.lift")
def lift(request: Request, hold_id: UUID) -> HttpResponseBase:
    """Lift a hold, with a reason."""

    def run(said: dict[str, Any]) -> tuple[str, str]:
        holds.lift_hold(by=request.by, at=timezone.now(), hold_id=hold_id, why=said["why"])
        return _("The hold is lifted."), reverse("desk_rights_destruction")

    asked = page.Ask(title=_("Lift the hold?"), button=_("Lift it"), back=reverse("desk_rights_destruction"))
    return page.ask(request, asked, LiftForm(page.given(request)), run)
