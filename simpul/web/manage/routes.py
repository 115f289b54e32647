"""Routes: which desks a kind goes to in an area, in which order; and a trial with a village."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.cases.actions import kinds as kind_actions
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.web import forms
from simpul.web.manage import fields, frame, kinds
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

TIERS = 6


class TrialForm(forms.Form):
    """A kind, a place, and an answer that may choose the way."""

    kind = fields.drop_down(gettext_lazy("Kind"))
    region = fields.AreaField(label=gettext_lazy("From where"))
    answer = fields.drop_down(gettext_lazy("With the answer"), required=False)

    def __init__(self, *args: Any, found: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(
            self,
            "kind",
            [("", _("Choose")), *((kind.code, portal_words.said(kind, "name")) for kind in found)],
        )
        answers = {value: label for kind in found for value, label in answer_choices(kind)}
        fields.choose(self, "answer", [("", _("Any answer")), *answers.items()])


def answer_choices(kind: Any) -> list[tuple[str, str]]:
    """The answers of a kind that may choose the first desk."""
    return [
        (option["value"], portal_words.said(option, "label"))
        for field in kind.fields
        if field.get("routes")
        for option in field.get("options", ())
    ]


@officer("desk.open")
@require_GET
def routes(request: Request) -> HttpResponse:
    """Where would a matter of this kind from there go? And every kind's way to its routes."""
    found = kind_queries.kinds_all()
    asked = request.GET if request.GET.get("kind") or request.GET.get("region") else None
    form = TrialForm(asked, found=found)
    trial = None
    if asked is not None and form.is_valid():
        trial = _trial(
            next(kind for kind in found if kind.code == form.cleaned_data["kind"]), form.cleaned_data
        )
    lost = {kind.code for kind in kind_queries.kinds_without_route()}
    rows = [
        {"kind": kind, "name": portal_words.said(kind, "name"), "lost": kind.code in lost} for kind in found
    ]
    context = {"form": form, "trial": trial, "rows": rows, "changes": frame.changes(request.by, "route.set")}
    return frame.show(
        request, "manage/routes.html", context, here="manage_routes", status=422 if form.errors else 200
    )


def _trial(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The desks in order. The answer is tried on every question that may choose the way."""
    answers = {
        field["key"]: values["answer"] for field in kind.fields if field.get("routes") and values["answer"]
    }
    tiers = kind_queries.tiers(kind, values["region"], answers)
    return {
        "kind": portal_words.said(kind, "name"),
        "place": fields.area_label(values["region"]),
        "tiers": tiers,
    }


class RouteForm(forms.Form):
    """The area, the answer, and the desks in order."""

    region_code = fields.AreaField(
        required=False,
        label=gettext_lazy("Area"),
        help_text=gettext_lazy("A village, district, regency or province. Empty: everywhere."),
    )
    field_value = fields.drop_down(gettext_lazy("With the answer"), required=False)

    def __init__(self, *args: Any, kind: Any, desks: Any, tiers: int, known: bool, **options: Any) -> None:
        """``known``: the route exists, and its area and answer stay."""
        super().__init__(*args, **options)
        self.tiers = tiers
        fields.choose(self, "field_value", [("", _("Any answer")), *answer_choices(kind)])
        if known or not answer_choices(kind):
            del self.fields["field_value"]
        if known:
            del self.fields["region_code"]
        choices = fields.desk_choices(desks, _("No desk"))
        for tier in range(self.tiers):
            label = (
                _("First desk")
                if tier == 0
                else _("When it refuses or stays silent: desk %(number)s") % {"number": tier + 1}
            )
            self.fields[f"desk_{tier}"] = fields.drop_down(label, choices, required=False)

    def desk_ids(self) -> list[UUID]:
        """The desks in order, gaps closed."""
        return [
            UUID(self.cleaned_data[f"desk_{tier}"])
            for tier in range(self.tiers)
            if self.cleaned_data[f"desk_{tier}"]
        ]

    def refuse(self, refusal: Exception) -> None:
        """A refusal of the desks stands beside the first one."""
        if getattr(refusal, "field", "") == "desk_ids":
            refusal.field = "desk_0"  # type: ignore[attr-defined]
        super().refuse(refusal)


@officer("desk.open")
def set_route(request: Request, code: str) -> HttpResponse:
    """Say where a kind goes in an area; no desk at all removes the route."""
    kind = kinds.kind_or_404(code)
    region, answer = request.GET.get("wilayah", ""), request.GET.get("jawaban", "")
    present = [  # without an area in the address a route is added, also when there is one for everywhere
        route.desk_id
        for route in kind_queries.routes_of(code)
        if "wilayah" in request.GET and (route.region_code, route.field_value) == (region, answer)
    ]
    initial: dict[str, Any] = {f"desk_{tier}": str(desk_id) for tier, desk_id in enumerate(present)}
    initial |= {"region_code": region, "field_value": answer}
    desks = desk_queries.desks_visible(request.by).filter(closed_at=None)
    form = RouteForm(
        frame.sent(request),
        kind=kind,
        desks=desks,
        tiers=max(TIERS, len(present)),
        known=bool(present),
        initial=initial,
    )

    def run(values: dict[str, Any]) -> frame.Done:
        kind_actions.set_route(
            by=request.by,
            at=timezone.now(),
            kind_code=code,
            region_code=region if present else values["region_code"],
            field_value=answer if present else values.get("field_value", ""),
            desk_ids=form.desk_ids(),
        )
        said = (
            _("The route was saved. New matters take it; open ones stay where they are.")
            if form.desk_ids()
            else _("The route was removed.")
        )
        return said, reverse("manage_kind", args=[code]) + "#routes"

    intro = _("The smallest area that covers the place counts. Leave every desk empty to remove the route.")
    title = _("route")
    if present:
        title = ", ".join(filter(None, (fields.area_label(region) or _("Everywhere"), answer)))
    return frame.ask(request, kinds.page_for(kind, title, intro=intro), form, run)
