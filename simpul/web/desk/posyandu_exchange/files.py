"""Files to take: e-PPGBM's sheet, DHIS2's value sets, FHIR bundles. Who took what and why stands in the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.errors import Refused
from simpul.posyandu.access import exchange as access
from simpul.posyandu.actions import shipments as actions
from simpul.posyandu.queries import exchange as queries
from simpul.posyandu.rules import dhis2, satusehat
from simpul.web.desk import watch
from simpul.web.desk.posyandu_exchange import pages
from simpul.web.policy import Request, officer

FIGURES = ("dhis2-json", "dhis2-csv", "dhis2-adx")
NAMED = ("eppgbm", "satusehat", "dhis2-tracker")


@officer("export.record")
@require_POST
def take(request: Request, kind: str) -> HttpResponseBase:
    """One file of one month; files with names only for seats that may see what was measured."""
    month = pages.read_month(request.POST.get("bulan", ""))
    if kind in NAMED and not roles.may_somewhere(request.by, "examination.read"):
        raise Http404
    if kind not in (*FIGURES, *NAMED):
        raise Http404
    purpose = request.POST.get("purpose", "").strip()[:200]
    if not purpose:
        messages.error(request, _("Write what the file is for; it is written down with your name."))
        return redirect(pages.HERE)
    try:
        body, rows, name, mime = _FILES[kind](request, month)
        if not rows:
            raise actions.NothingThere
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(pages.HERE)
    journal_actions.record_export(
        by=request.by, at=timezone.now(), what=f"{kind} {month:%Y-%m}", rows=rows, purpose=purpose
    )
    if kind == "eppgbm":
        head, *lines = body
        return watch.as_csv(name, head, lines)
    response = HttpResponse(body, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _eppgbm(request: Request, month: date) -> tuple[Any, int, str, str]:
    rows = list(queries.eppgbm_rows(request.by, month))
    return rows, len(rows) - 1, f"eppgbm-{month:%Y-%m}.csv", "text/csv"


def _connection(request: Request, system: str, kind: str) -> Any:
    """The connection whose names are used: the narrowest that is on. Raises ``NamesMissing`` when it has none for a kind."""
    row = access.connections(request.by).filter(system=system, on=True).order_by("-region_code").first()
    if row is None:
        raise Http404
    if lacking := queries.lacking(row, kind):
        raise actions.NamesMissing(what=actions.LABELS[lacking])
    return row


def _values(request: Request, month: date) -> dhis2.ValueSet:
    row = _connection(request, "dhis2", "values")
    return queries.value_set(row, month, access.areas_over(request.by, row))


def _as_json(request: Request, month: date) -> tuple[Any, int, str, str]:
    found = _values(request, month)
    return (
        json.dumps(dhis2.as_json(found)),
        len(found.values),
        f"dhis2-{month:%Y-%m}.json",
        "application/json",
    )


def _as_csv(request: Request, month: date) -> tuple[Any, int, str, str]:
    found = _values(request, month)
    return dhis2.as_csv(found), len(found.values), f"dhis2-{month:%Y-%m}.csv", "text/csv; charset=utf-8"


def _as_adx(request: Request, month: date) -> tuple[Any, int, str, str]:
    found = _values(request, month)
    body = dhis2.as_adx(found, timezone.now().isoformat(timespec="seconds"))
    return body, len(found.values), f"dhis2-{month:%Y-%m}.adx.xml", "application/adx+xml"


def _tracker(request: Request, month: date) -> tuple[Any, int, str, str]:
    row = _connection(request, "dhis2", "tracker")
    body, _left_out = queries.tracked(row, month, access.areas_over(request.by, row))
    name = f"dhis2-tracker-{month:%Y-%m}.json"
    return json.dumps(body), len(body["trackedEntities"]), name, "application/json"


def _bundles(request: Request, month: date) -> tuple[Any, int, str, str]:
    """One bundle a line (NDJSON)."""
    row = _connection(request, "satusehat", "bundle")
    site = queries.site(row)
    rows, _nobody = queries.to_satusehat(access.areas_over(request.by, row), month)
    lines: Sequence[str] = [
        json.dumps(satusehat.bundle(site, queries.attended(one)))
        for one in rows.select_related("person", "participant", "posyandu")
    ]
    return "\n".join(lines), len(lines), f"satusehat-{month:%Y-%m}.ndjson", "application/fhir+ndjson"


_FILES = {
    "eppgbm": _eppgbm,
    "dhis2-json": _as_json,
    "dhis2-csv": _as_csv,
    "dhis2-adx": _as_adx,
    "dhis2-tracker": _tracker,
    "satusehat": _bundles,
}
