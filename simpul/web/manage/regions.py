"""Areas: finding one, its hamlets, and recording that it was renamed, moved, split or merged by a decree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.desks import queries as desk_queries
from simpul.regions import actions as region_actions
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules
from simpul.web import forms
from simpul.web.manage import calendar, fields, frame
from simpul.web.policy import Request, officer

CHANGES = {
    "renamed": gettext_lazy("Renamed: it keeps its code"),
    "moved": gettext_lazy("Moved: it gets another code"),
    "split": gettext_lazy("Split into several"),
    "merged": gettext_lazy("Merged with others into one"),
}
HAMLETS = (("dusun", "Dusun"), ("lingkungan", "Lingkungan"), ("rw", "RW"), ("rt", "RT"))


@officer("desk.open")
@require_GET
def regions(request: Request) -> HttpResponse:
    """Search an area by its name, with typing errors, or by its code."""
    words = forms.tidy_line(request.GET.get("cari", ""))[:80]
    home = desk_queries.institution().region_code
    here = region_queries.find_region(home)
    context = {
        "words": words,
        "found": fields.find_area(words) if words else [],
        "home": here,
        "inside": region_queries.children(home, on=calendar.today())
        if here is not None and len(home) < 10
        else [],
        "changes": frame.changes(request.by, "region.change", "hamlet.add", "regions.load"),
    }
    return frame.show(request, "manage/regions.html", context, here="manage_regions")


@officer("desk.open")
@require_GET
def region(request: Request, code: str) -> HttpResponse:
    """One area: what lies in it, its hamlets, and what it was and became."""
    found = region_queries.get_region(code)
    village = found.level == region_rules.VILLAGE
    context = {
        "region": found,
        "path": region_queries.path_names(found.code),
        "inside": [] if village else region_queries.children(found.code),
        "village": village,
        "hamlets": [
            {"label": hamlet_label(one), "inside": one.inside} for one in region_queries.hamlets(found.code)
        ]
        if village
        else [],
        "history": [
            {"row": row, "words": CHANGES.get(row.kind, row.kind)}
            for row in region_queries.changes_of(found.code)
        ],
        "desks": desk_queries.desks_visible(request.by)
        .filter(region_code=found.code, closed_at=None)
        .order_by("name"),
        "zone": region_queries.zone_of(found.code),
        "changes": frame.changes(request.by, "region.change", about=[region_rules.subject_id(found.code)]),
    }
    return frame.show(request, "manage/region.html", context, here="manage_regions")


def hamlet_label(hamlet: Any) -> str:
    """The kind and name of a hamlet, the kind said once."""
    kind = dict(HAMLETS).get(hamlet.kind, hamlet.kind)
    return hamlet.name if hamlet.name.lower().startswith(f"{hamlet.kind} ") else f"{kind} {hamlet.name}"


class HamletForm(forms.Form):
    """A part of a village."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=HAMLETS, inline=True)
    name = forms.LineField(max_length=80, label=gettext_lazy("Name or number"))
    inside_id = fields.drop_down(gettext_lazy("Lies in"), required=False)


@officer("desk.open")
def add_hamlet(request: Request, code: str) -> HttpResponse:
    """Add a dusun, RW or RT to a village."""
    found = region_queries.get_region(code)
    form = HamletForm(frame.sent(request), initial={"kind": "dusun"})
    others = [(str(one.id), hamlet_label(one)) for one in region_queries.hamlets(found.code)]
    fields.choose(form, "inside_id", [("", _("The village itself")), *others])

    def run(values: dict[str, Any]) -> frame.Done:
        inside = UUID(values.pop("inside_id")) if values["inside_id"] else values.pop("inside_id") or None
        region_actions.add_hamlet(
            by=request.by, at=timezone.now(), village_code=found.code, inside_id=inside, **values
        )
        return _("The hamlet was added."), reverse("manage_region", args=[found.code])

    title = _("Add a hamlet to %(name)s") % {"name": found.short_name}
    page = frame.Ask(
        here="manage_regions", title=title, button=_("Add"), back=reverse("manage_region", args=[found.code])
    )
    return frame.ask(request, page, form, run)


class SuccessorsField(forms.LongTextField):
    """The areas that there are from then on, one on each line: code, then name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, rows=4, **options)

    def clean(self, value: Any) -> list[region_rules.Successor]:
        """Codes and names; a line without one of them is named."""
        made = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            code, _space, name = line.strip().partition(" ")
            if not region_rules.plain_code(code) or not name.strip():
                raise ValidationError(_("“%(line)s” is not a code and a name.") % {"line": line.strip()[:60]})
            made.append(region_rules.Successor(code, name.strip()))
        return made


class ChangeForm(forms.Form):
    """What happened to the area, from which day, by which decree."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"), choices=list(CHANGES.items()))
    others = forms.LineField(
        required=False,
        max_length=300,
        label=gettext_lazy("Codes of the areas merged with it"),
        help_text=gettext_lazy("Only for a merger, with spaces between."),
    )
    into = SuccessorsField(
        label=gettext_lazy("What there is from then on"),
        help_text=gettext_lazy("One area on each line: its code, a space, its name."),
    )
    on_date = forms.DateField(label=gettext_lazy("From which day"))
    source = forms.LineField(max_length=200, label=gettext_lazy("Decree, with number and year"))


@officer("desk.open")
def change_region(request: Request, code: str) -> HttpResponse:
    """Record that an area was renamed, moved, split or merged."""
    found = region_queries.get_region(code)
    form = ChangeForm(frame.sent(request), initial={"into": f"{found.dotted} {found.name}"})

    def run(values: dict[str, Any]) -> frame.Done:
        codes = [found.code, *values.pop("others").replace(",", " ").split()]
        region_actions.change_region(by=request.by, at=timezone.now(), codes=codes, **values)
        return _("The change was recorded. Matters keep the code they were taken in with."), reverse(
            "manage_region", args=[found.code]
        )

    title = _("Record a change of %(name)s") % {"name": found.short_name}
    page = frame.Ask(
        here="manage_regions",
        title=title,
        button=_("Record the change"),
        back=reverse("manage_region", args=[found.code]),
        warnings=[
            _(
                "The old code stays, until the day before, and leads to the new one. Desks and routes of the area are yours to move."
            )
        ],
    )
    return frame.ask(request, page, form, run)
