"""The directory of services: what each desk gives, adopted from the catalogue or written here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.web import forms
from simpul.web.manage import fields, frame, kinds
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

ACTS = ("service.add", "service.change", "service.end", "services.load")
LAYOUT: frame.Layout = (
    (gettext_lazy("The service"), ("desk_id", "name", "name_en", "sector", "who")),
    (
        gettext_lazy("What it needs, and how long it takes"),
        ("documents", "amount", "unit", "time_note", "cost"),
    ),
    (gettext_lazy("Where and when"), ("region_code", "hours", "contact")),
    (gettext_lazy("Where it is written"), ("source", "confidence")),
)


class ServiceForm(forms.Form):
    """The details of a service."""

    desk_id = fields.drop_down(gettext_lazy("Which desk gives it?"))
    name = forms.LineField(max_length=120, label=gettext_lazy("Name in Indonesian"))
    name_en = forms.LineField(max_length=120, required=False, label=gettext_lazy("Name in English"))
    sector = fields.drop_down(gettext_lazy("Sector"))
    who = forms.LongTextField(required=False, max_length=2000, rows=2, label=gettext_lazy("Who may get it"))
    documents = forms.LongTextField(
        required=False,
        max_length=4000,
        rows=5,
        label=gettext_lazy("Documents needed"),
        help_text=gettext_lazy("One on each line, for example KTP."),
    )
    amount = fields.CountField(
        required=False,
        label=gettext_lazy("Time promised"),
        help_text=gettext_lazy("A number. Leave it empty when no time is promised."),
    )
    unit = fields.drop_down(gettext_lazy("Counted in"), required=False)
    time_note = forms.LineField(required=False, max_length=200, label=gettext_lazy("Remark on the time"))
    cost = forms.RupiahField(
        required=False,
        label=gettext_lazy("Cost in rupiah"),
        help_text=gettext_lazy("0 when it is free; empty when it is not known."),
    )
    region_code = fields.AreaField(
        required=False,
        label=gettext_lazy("Area it is given in"),
        help_text=gettext_lazy("Empty: the area of the desk."),
    )
    hours = forms.LineField(
        required=False,
        max_length=200,
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy("Empty: the hours of the desk."),
    )
    contact = forms.LineField(required=False, max_length=300, label=gettext_lazy("How to reach it"))
    source = forms.LineField(required=False, max_length=200, label=gettext_lazy("Source of the rule"))
    confidence = fields.drop_down(gettext_lazy("How sure the source is"), kinds.CONFIDENCES.items())

    def __init__(self, *args: Any, desks: Any, known: bool, **options: Any) -> None:
        """``known``: the service exists, and stays with its desk."""
        super().__init__(*args, **options)
        fields.choose(self, "desk_id", fields.desk_choices(desks, _("Choose a desk")))
        fields.choose(self, "sector", [("", _("Choose")), *fields.table_choices(desk_rules.SECTORS)])
        fields.choose(self, "unit", [("", "–"), *fields.table_choices(desk_rules.TIME_UNITS)])
        if known:
            del self.fields["desk_id"]

    def given(self) -> desk_actions.ServiceGiven:
        """The values as the acts take them."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "desk_id"}
        values["documents"] = tuple(values["documents"].splitlines())
        return desk_actions.ServiceGiven(**values)


class AdoptForm(forms.Form):
    """A desk, and rows of the catalogue."""

    desk_id = fields.drop_down(gettext_lazy("For which desk?"))
    seeds = forms.ChoicesField(
        required=False,
        label=gettext_lazy("Services of the catalogue"),
        help_text=gettext_lazy("What the desk has already is left as it is."),
    )

    def __init__(self, *args: Any, desks: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "desk_id", fields.desk_choices(desks, _("Choose a desk")))
        rows = [
            forms.Choice(
                str(row["seed"]),
                portal_words.said(row, "name"),
                ", ".join([*row.get("documents", ())[:4], str(kinds.CONFIDENCES[row["confidence"]])]),
            )
            for row in desk_queries.service_catalogue()
        ]
        self.fields["seeds"].explain(rows)  # type: ignore[attr-defined]


def _desks(request: Request) -> Any:
    return desk_queries.desks_visible(request.by).filter(closed_at=None)


@officer("service.add")
@require_GET
def services(request: Request) -> HttpResponse:
    """What every desk gives, by desk; what has ended stands below."""
    groups: dict[str, list[dict[str, Any]]] = {}
    ended = []
    for one in desk_queries.services(ended=True):
        row = {
            "row": one,
            "name": portal_words.said(one, "name"),
            "sector": _(desk_rules.SECTORS[one.sector]),
            "sure": kinds.CONFIDENCES.get(one.confidence, ""),
        }
        if one.ended_at is not None:
            ended.append(row)
        else:
            groups.setdefault(one.desk.name, []).append(row)
    context = {
        "groups": sorted(groups.items()),
        "ended": ended,
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/services.html", context, here="manage_services")


@officer("service.add")
def add_service(request: Request) -> HttpResponse:
    """Write a service of a desk into the directory."""
    form = ServiceForm(
        frame.sent(request),
        desks=_desks(request),
        known=False,
        initial={"confidence": "unconfirmed", "desk_id": request.GET.get("meja", "")},
    )

    def run(values: dict[str, Any]) -> frame.Done:
        made = desk_actions.add_service(
            by=request.by, at=timezone.now(), desk_id=UUID(values["desk_id"]), given=form.given()
        )
        return _("Added: %(name)s.") % {"name": made.name}, reverse("manage_services")

    page = frame.Ask(
        here="manage_services",
        title=_("Add a service"),
        button=_("Add the service"),
        back=reverse("manage_services"),
        layout=LAYOUT,
    )
    return frame.ask(request, page, form, run)


@officer("services.load")
def load_services(request: Request) -> HttpResponse:
    """Adopt rows of the catalogue for a desk."""
    form = AdoptForm(frame.sent(request), desks=_desks(request))

    def run(values: dict[str, Any]) -> frame.Done:
        made = desk_actions.load_services(
            by=request.by, at=timezone.now(), desk_id=UUID(values["desk_id"]), seeds=values["seeds"]
        )
        said = _("Adopted: %(number)s. Look at each: times and documents differ from district to district.")
        return said % {"number": len(made)}, reverse("manage_services")

    page = frame.Ask(
        here="manage_services",
        title=_("Adopt services of the catalogue"),
        button=_("Adopt"),
        back=reverse("manage_services"),
        intro=_(
            "The catalogue was read from other districts' practice. Nothing in it is this district's promise yet."
        ),
    )
    return frame.ask(request, page, form, run)


def _service(service_id: UUID) -> Any:
    found = desk_queries.service(service_id)
    if found is None:
        raise Http404
    return found


@officer("service.change")
def change_service(request: Request, service_id: UUID) -> HttpResponse:
    """Change what is written of a service."""
    found = _service(service_id)
    names = [name for name in ServiceForm.base_fields if name not in ("desk_id", "documents")]
    initial: dict[str, Any] = {name: getattr(found, name) for name in names}
    initial["documents"] = "\n".join(found.documents)
    form = ServiceForm(frame.sent(request), desks=_desks(request), known=True, initial=initial)

    def run(_values: dict[str, Any]) -> frame.Done:
        desk_actions.change_service(
            by=request.by, at=timezone.now(), service_id=service_id, given=form.given()
        )
        return _("Saved."), reverse("manage_services")

    page = frame.Ask(
        here="manage_services",
        title=f"{portal_words.said(found, 'name')}, {found.desk.name}",
        button=_("Save"),
        back=reverse("manage_services"),
        layout=LAYOUT,
        extra={"end_url": reverse("manage_service_end", args=[service_id])},
        template="manage/service.html",
    )
    return frame.ask(request, page, form, run)


class EndForm(forms.Form):
    """Why it is given no more."""

    reason = forms.LineField(required=False, max_length=200, label=gettext_lazy("Reason"))


@officer("service.end")
def end_service(request: Request, service_id: UUID) -> HttpResponse:
    """Take a service out of the directory."""
    found = _service(service_id)
    form = EndForm(frame.sent(request))

    def run(values: dict[str, Any]) -> frame.Done:
        desk_actions.end_service(
            by=request.by, at=timezone.now(), service_id=service_id, reason=values["reason"]
        )
        return _("It is out of the directory."), reverse("manage_services")

    page = frame.Ask(
        here="manage_services",
        title=_("End: %(name)s") % {"name": portal_words.said(found, "name")},
        button=_("Take it out of the directory"),
        back=reverse("manage_service", args=[service_id]),
        tone="bad",
        warnings=[_("Referrals that were made for it keep naming it.")],
    )
    return frame.ask(request, page, form, run)
