"""The processing register, for the data-protection officer and those who oversee: to read, and as a file."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.upkeep.queries import register as queries
from simpul.web.desk import frame, watch
from simpul.web.desk.rights import page
from simpul.web.policy import Request, officer


@officer("destruction.approve")
@require_GET
def register(request: Request) -> HttpResponseBase:
    """What is done with personal data, by activity: purpose, basis, receivers, classes and times."""
    entries = queries.entries()
    context = {
        "tabs": page.tabs(request, "desk_rights_register"),
        "entries": [
            {
                "entry": one,
                "name": page.said(one.activity.name),
                "purpose": page.said(one.activity.purpose),
                "recipients": page.said(one.activity.recipients),
                "classes": [(page.CLASSES[kind], number) for kind, number in one.classes.items()],
            }
            for one in entries
        ],
        "tables": sum(len(one.tables) for one in entries),
        "kinds": queries.kinds(),
        "purposes": [
            {"one": one, "name": page.said(one.name), "recipients": page.said(one.recipients)}
            for one in queries.purposes()
        ],
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/rights/register.html", context, here=page.HERE)


@officer("export.record")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The register as CSV, with a line in the journal first."""
    at = timezone.now()
    head, *rows = queries.csv_rows()
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(by=request.by, at=at, what="ropa", rows=len(rows), purpose=purpose)
    return watch.as_csv(f"simpul-pemrosesan-{at:%Y%m%d}.csv", head, rows)
