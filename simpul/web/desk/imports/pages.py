"""Lists of people: those that were sent in, sending one in, naming its columns, its report, and what is done with it."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import NotFound, Refused
from simpul.people.actions import imports as actions
from simpul.people.queries import imports as queries
from simpul.people.rules import imports as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying, words
from simpul.web.desk.imports import forms
from simpul.web.policy import Request, officer

HERE = "desk_imports"
TONES = {"done": "good", "failed": "bad", "stopped": "warn", "running": "info", "trying": "info"}
SAMPLE = (
    ("Nama", "NIK", "No KK", "Jenis Kelamin", "Tempat Lahir", "Tanggal Lahir", "Hubungan Keluarga", "Dusun", "RT", "RW", "Alamat", "Desa"),
    ("Contoh Ayah", "", "", "L", "Bantaeng", "05/11/1978", "Kepala Keluarga", "Dusun Contoh", "1", "2", "Jalan Poros", ""),
    ("Contoh Ibu", "", "", "P", "Bantaeng", "12/03/1982", "Istri", "Dusun Contoh", "1", "2", "Jalan Poros", ""),
)  # fmt: skip
"""A sheet to start from. Its people are examples, without numbers, to be replaced."""


@officer("batch.open")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The lists of this area, newest first."""
    page = Paginator(queries.batches(request.by), 25).get_page(request.GET.get("page"))
    paths = region_queries.paths({one.region_code for one in page})
    context = {
        "rows": [row_of(one, paths.get(one.region_code, one.region_code)) for one in page],
        "page": page,
    }
    return frame.show(request, "desk/imports/list.html", context, here=HERE)


def row_of(batch: Any, place: str) -> dict[str, Any]:
    """A list as pages show it."""
    return {
        "batch": batch,
        "place": place,
        "kind": _(rules.KINDS[batch.kind].name),
        "state": _(rules.STATES[batch.state]),
        "tone": TONES.get(batch.state, ""),
        "when": words.short_day(batch.started_at, batch.region_code),
        "url": reverse("desk_imports_one", args=[batch.id]),
    }


@officer("batch.open")
def new(request: Request) -> HttpResponseBase:
    """Send a list in; with ``?jenis=kis`` its kind is chosen already."""
    own = request.by.served_areas[0]
    initial = {"region": region_queries.path_names(own) if own else ""}
    if request.GET.get("jenis") in rules.KINDS:
        initial["kind"] = request.GET["jenis"]
    if request.method != "POST":
        form = forms.SendForm(by=request.by, initial=initial)
        return frame.show(request, "desk/imports/new.html", {"form": form}, here=HERE)
    form = forms.SendForm(request.POST, request.FILES, by=request.by)
    if form.is_valid():
        given = form.cleaned_data
        try:
            batch = actions.open_batch(
                by=request.by,
                at=timezone.now(),
                kind=given["kind"],
                file_name=given["file"].name or "",
                data=given["file"].read(),
                region_code=given["region"],
                as_of_date=given["as_of_date"],
                source_words=given["source_words"],
            )
        except NotFound:
            form.add_error("region", _("This area is not yours. Choose one in the area of your seat."))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk_imports_columns", batch_id=batch.id)
    return frame.show(request, "desk/imports/new.html", {"form": form}, status=422, here=HERE)


@officer("batch.open")
@require_GET
def sample(request: Request) -> HttpResponseBase:
    """A sheet to start from."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="contoh-daftar-warga.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer.write("\ufeff")
    csv.writer(answer, delimiter=";").writerows(SAMPLE)
    return answer


@officer("batch.map")
def columns(request: Request, batch_id: UUID) -> HttpResponseBase:
    """Say which column holds what, with the first rows in view; then the list is tried."""
    batch = _batch(request, batch_id)
    if "mapping" not in rules.MOVES[batch.state]:
        return redirect("desk_imports_one", batch_id=batch.id)
    first = {
        "list_version": batch.list_version,
        "source_words": batch.source_words,
        "as_of_date": batch.as_of_date,
    }
    form = forms.ColumnsForm(request.POST if request.method == "POST" else None, batch=batch, initial=first)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            actions.map_batch(
                by=request.by,
                at=at,
                batch_id=batch.id,
                mapping=form.mapping(),
                list_version=given["list_version"],
                as_of_date=given["as_of_date"],
                source_words=given["source_words"],
            )
            actions.try_batch(by=request.by, at=at, batch_id=batch.id)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else f"c_{refusal.field}"
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            return redirect("desk_imports_one", batch_id=batch.id)
    context = {
        "batch": batch,
        "form": form,
        "preview": [_cut(row, len(batch.headings)) for row in queries.preview(batch)],
        "guessed": len(batch.mapping),
        "about": [form[name] for name in ("list_version", "source_words", "as_of_date")],
    }
    return frame.show(
        request, "desk/imports/columns.html", context, status=422 if form.errors else 200, here=HERE
    )


def _cut(row: list[str], width: int) -> list[str]:
    """A row of the preview: as wide as the heading, long cells cut."""
    return [cell[:40] for cell in [*row[:width], *[""] * (width - len(row))]]


@officer("batch.open")
@require_GET
def one(request: Request, batch_id: UUID) -> HttpResponseBase:
    """A list's progress and report; the progress alone for htmx."""
    batch = _batch(request, batch_id)
    if batch.state == "mapping" and not batch.fault and not batch.next_row:
        return redirect("desk_imports_columns", batch_id=batch.id)
    may = {
        "start": roles.may_somewhere(request.by, "batch.start") and "running" in rules.MOVES[batch.state],
        "stop": roles.may_somewhere(request.by, "batch.stop") and batch.state in ("trying", "running"),
        "map": roles.may_somewhere(request.by, "batch.map") and "mapping" in rules.MOVES[batch.state],
    }
    context = {
        **row_of(batch, region_queries.path_names(batch.region_code)),
        "may": may,
        "under_way": batch.state in ("trying", "running"),
        "percent": min(100, batch.next_row * 100 // batch.rows) if batch.rows else 100,
        "counts": [
            (_("new"), batch.added, "good"),
            (_("changed"), batch.changed, ""),
            (_("unchanged"), batch.unchanged, ""),
            (_("refused"), batch.refused, "bad" if batch.refused else ""),
            (_("doubtful"), batch.doubtful, "warn" if batch.doubtful else ""),
        ],
        "faults": queries.faults(batch).count(),
        "onward": _onward(request, batch),
        "version": _(rules.VERSIONS.get(batch.list_version, batch.list_version)),
    }
    template = "desk/imports/_progress.html" if getattr(request, "htmx", False) else "desk/imports/one.html"
    return frame.show(request, template, context, here=HERE)


def _onward(request: Request, batch: Any) -> list[tuple[str, str]]:
    """Where the work goes on once a list is in: its doubtful people first, then the cards or the residents."""
    if batch.state != "done":
        return []
    if batch.kind == "kis":
        doubtful, cards = reverse("desk_kis_doubtful"), reverse("desk_kis")
        may_match = batch.doubtful and roles.may_somewhere(request.by, "card.match")
        first = [(doubtful, _("Decide who they are"))] if may_match else []
        return [*first, (cards, _("Open the switched-off cards"))]
    if batch.kind == "eppgbm":
        return [(reverse("desk_posyandu_differences", args=[batch.id]), _("Where both differ"))]
    may_settle = batch.doubtful and roles.may_somewhere(request.by, "suspicion.settle")
    first = [(reverse("desk_matching"), _("Decide who they are"))] if may_settle else []
    return [*first, (reverse("desk_register"), _("Open the residents"))]


STEPS = {"coba": actions.try_batch, "mulai": actions.start_batch, "henti": actions.stop_batch}
"""What a button does with a list."""


@officer("batch.try", "batch.start", "batch.stop")
@require_POST
def step(request: Request, batch_id: UUID, step: str) -> HttpResponseBase:
    """Try a list, take it in (or go on), or let it stand."""
    if step not in STEPS:
        raise Http404
    _batch(request, batch_id)
    try:
        STEPS[step](by=request.by, at=timezone.now(), batch_id=batch_id)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk_imports_one", batch_id=batch_id)


def _batch(request: Request, batch_id: UUID) -> Any:
    return trying.found(queries.batch_for, request, batch_id)
