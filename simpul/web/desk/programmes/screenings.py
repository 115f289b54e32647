"""Screenings of an area: asking for one, its figures, and its rows as a file for those who may export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.access import programmes as access
from simpul.programmes.actions import screenings as acts
from simpul.programmes.queries import catalogue, screening, sheets, words
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, trying
from simpul.web.desk import words as desk_words
from simpul.web.desk.programmes import sheet
from simpul.web.policy import Request, officer

HERE = "desk_programmes"
LONGEST_LIST = 50
PAIRS_FIRST = 10
MOST_PAIRS = 60
REGENCY = 4
"""Digits of a regency's code."""
Select = django_forms.Select


class StartForm(forms.Form):
    """Which place, which day, and whether two versions of one rule are compared."""

    region = forms.ChoiceField(label=gettext_lazy("Which area?"), widget=Select)
    on_date = forms.DateField(label=gettext_lazy("Rules of which day?"), required=False)
    compare = forms.ChoiceField(
        label=gettext_lazy("Compare two versions of one rule"), widget=Select, required=False
    )

    def __init__(
        self, *args: Any, areas: list[tuple[str, str]], several: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["region"].explain(areas)  # type: ignore[attr-defined]
        nothing = ("", _("No: every rule, side by side"))
        self.fields["compare"].explain([nothing, *several])  # type: ignore[attr-defined]


def _areas(request: Request) -> list[tuple[str, str]]:
    """The seat's own areas and the places right below them; of a regency its villages too."""
    found = []
    for code in request.by.served_areas:
        found.append((code, region_queries.path_names(code) or _("Everywhere")))
        for one in region_queries.children(code):
            found.append((one.code, region_queries.path_names(one.code)))
            if len(code) == REGENCY:
                below = region_queries.children(one.code)
                found += [(village.code, region_queries.path_names(village.code)) for village in below]
    return [one for one in found if one[0]]


def _several() -> list[tuple[str, str]]:
    counted: dict[str, int] = {}
    for one in catalogue.versions_all():
        counted[one.programme_id] = counted.get(one.programme_id, 0) + 1
    return [(one.code, words.said(one)) for one in catalogue.programmes_all() if counted.get(one.code, 0) > 1]


@officer("screening.start")
def screenings(request: Request) -> HttpResponseBase:
    """The screenings of this seat's area, and the form for a new one."""
    form = StartForm(
        request.POST or None,
        areas=_areas(request),
        several=_several(),
        initial={"on_date": sheet.today(request)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = acts.start_screening(
                by=request.by,
                at=timezone.now(),
                region_code=given["region"],
                on_date=given["on_date"] or sheet.today(request),
                compare=given["compare"],
            )
        except NotFound as hidden:
            raise Http404 from hidden
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The screening is on its way. Its figures come in a moment."))
            return redirect("desk_programmes_run", run_id=made.id)
    rows = access.runs(request.by).order_by("-started_at", "id")[:LONGEST_LIST]
    context = {"form": form, "rows": [_row(one) for one in rows]}
    status = 422 if form.errors else 200
    return frame.show(request, "desk/programmes/screenings.html", context, status=status, here=HERE)


def _row(one: Any) -> dict[str, Any]:
    states = {
        "waiting": (_("waits"), ""),
        "running": (_("runs"), "info"),
        "done": (_("done"), "good"),
        "failed": (_("failed"), "bad"),
    }
    return {
        "id": one.id,
        "place": region_queries.path_names(one.region_code) or one.region_code,
        "day": words.day(one.on_date),
        "started": desk_words.moment(one.started_at, one.region_code),
        "by": one.started_by,
        "state": states[one.state][0],
        "tone": states[one.state][1],
        "compare": words.programme_name(one.compare) if one.compare else "",
        "persons": one.persons,
    }


@officer("screening.start")
@require_GET
def run(request: Request, run_id: UUID) -> HttpResponseBase:
    """A screening's figures: per programme, and who is in by one rule and out by another."""
    one = _run(request, run_id)
    names = {programme.code: words.said(programme) for programme in catalogue.programmes_all()}
    kinds = {programme.code: programme.kind for programme in catalogue.programmes_all()}
    counts = [
        {**row, "name": names.get(row["programme"], row["programme"]), "unit_words": words.unit(row["unit"])}
        for row in one.counts
    ]
    crossed = [
        {
            **row,
            "first": names.get(row["first"], row["first"]),
            "second": names.get(row["second"], row["second"]),
        }
        for row in one.crossed
        if row["first_only"] or row["second_only"]
    ]
    crossed.sort(key=lambda row: -(row["first_only"] + row["second_only"]))
    context = {
        "run": one,
        "row": _row(one),
        "counts": [row for row in counts if kinds.get(row["programme"]) != "position"],
        "positions": [row for row in counts if kinds.get(row["programme"]) == "position"],
        "crossed": crossed[:PAIRS_FIRST],
        "more_crossed": crossed[PAIRS_FIRST:MOST_PAIRS],
        "moves": [
            {
                "before": words.verdict(move.split(" → ")[0]),
                "after": words.verdict(move.split(" → ")[1]),
                "count": count,
            }
            for move, count in one.changed.get("moves", {}).items()
        ],
        "units": [("household", _("Households")), ("family", _("Family cards")), ("person", _("People"))],
        "may_export": roles.may(request.by, "export.record", roles.Place(region_code=one.region_code)),
        "waits": one.state in ("waiting", "running"),
    }
    return frame.show(request, "desk/programmes/run.html", context, here=HERE)


def _run(request: Request, run_id: UUID) -> Any:
    return trying.found(access.run_for, request, run_id)


@officer("export.record")
@require_POST
def download(request: Request, run_id: UUID) -> HttpResponseBase:
    """The rows of a screening, worked out anew, as a file; a line in the journal first."""
    one = _run(request, run_id)
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        messages.error(request, _("Write what the list is for; it is kept with your name."))
        return redirect("desk_programmes_run", run_id=run_id)
    unit, parquet = request.POST.get("unit", "household"), request.POST.get("format") == "parquet"
    unit = unit if unit in sheets.UNITS else "household"
    if one.compare:
        before, after = sheets.two_versions(one.compare, one.region_code, one.on_date)
        changed, _of = screening.compare(one.region_code, one.on_date, before, after)
        table = sheets.changed_table(changed)
    else:
        table = sheets.table(screening.screen(one.region_code, one.on_date), unit)
    rows = len(next(iter(table.values()), []))
    journal_actions.record_export(
        by=request.by, at=timezone.now(), what=f"screening-{unit}", rows=rows, purpose=purpose
    )
    ending = "parquet" if parquet else "csv"
    answer = HttpResponse(
        sheets.as_bytes(table, parquet=parquet),
        content_type="application/vnd.apache.parquet" if parquet else "text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="saringan-{one.region_code}-{unit}.{ending}"'
    return answer
