"""The file for legal aid (Posbankum): one dispute with its parties, documents and chronology.

That services of a Posbankum are entered in the ministry's application with documents and chronology is secondary; which fields it takes is
unconfirmed, so the file carries the name of its own format. Telephone numbers and NIK are never in it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.mediation.models import (
    Attendance,
    Dispute,
    Evidence,
    Party,
    Referral,
    Session,
    Statement,
    Summons,
)
from simpul.mediation.queries import agreements
from simpul.mediation.rules import words
from simpul.regions import queries as region_queries

FORMAT = "simpul-posbankum-1"


@dataclass(frozen=True, slots=True)
class File:
    """A ZIP with the export as JSON and its two lists as CSV."""

    name: str
    data: bytes
    rows: int


def chronology(dispute: Dispute) -> list[tuple[date, str]]:
    """What happened when, without names and without what was said."""
    zone = desk_queries.zone_of(dispute.region_code)
    rows: list[tuple[date, str]] = [(dispute.opened_date, _("Taken into the register of disputes"))]
    for one in Summons.objects.filter(dispute=dispute, withdrawn_at=None):
        rows.append((one.issued_date, _("Summons %(n)s issued") % {"n": one.ordinal}))
        if one.delivered_at:
            said = _(words.DELIVERIES[one.delivery])
            day = one.delivered_at.astimezone(zone).date()
            rows.append((day, _("Summons %(n)s: %(how)s") % {"n": one.ordinal, "how": said}))
    for held in Session.objects.filter(dispute=dispute, withdrawn_at=None).exclude(held_at=None):
        said = _(words.OUTCOMES[held.outcome]) if held.outcome else _(words.SESSION_STATES[held.state])
        day = _local(held.held_at, zone) or dispute.opened_date
        rows.append((day, _("Session %(n)s: %(how)s") % {"n": held.ordinal, "how": said}))
    for version in agreements.versions(dispute):
        if version.signed_date:
            rows.append((version.signed_date, _("Agreement signed, version %(n)s") % {"n": version.version}))
    for sent in Referral.objects.filter(dispute=dispute, withdrawn_at=None):
        rows.append((sent.sent_date, _("Sent on: %(body)s") % {"body": _(words.BODIES[sent.body])}))
    if dispute.ended_at:
        rows.append((dispute.ended_at.astimezone(zone).date(), _(words.STATES[dispute.state])))
    return sorted(rows, key=lambda row: row[0])


def _local(moment: datetime | None, zone: Any) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def documents(dispute: Dispute) -> list[dict[str, Any]]:
    """Every file and paper of the dispute with its digest."""
    rows: list[dict[str, Any]] = [
        {"title": one.title, "source": one.source, "kind": one.kind, "sha256": one.sha256}
        for one in Evidence.objects.filter(dispute=dispute, withdrawn_at=None).order_by("recorded_at", "id")
    ]
    for version in agreements.versions(dispute):
        title = _("Record of settlement, version %(n)s") % {"n": version.version}
        rows.append({"title": title, "source": "", "kind": "pdf", "sha256": version.digest})
    return rows


def file_of(dispute: Dispute) -> File:
    """The export of one dispute."""
    when = chronology(dispute)
    papers = documents(dispute)
    whole = {
        "format": FORMAT,
        "interface": "unconfirmed",
        "number": dispute.number,
        "region_code": dispute.region_code,
        "region": region_queries.path_names(dispute.region_code),
        "subject": dispute.subject,
        "about": dispute.about,
        "state": dispute.state,
        "opened_date": dispute.opened_date.isoformat(),
        "parties": [
            {"role": one.role, "name": one.name, "address": one.address, "resident": one.resident}
            for one in Party.objects.filter(dispute=dispute, withdrawn_at=None).order_by("recorded_at", "id")
        ],
        "statements": [
            {"party": one.party.name, "words": one.words}
            for one in Statement.objects.filter(
                party__dispute=dispute, party__withdrawn_at=None, withdrawn_at=None
            )
            .exclude(shared_at=None)
            .select_related("party")
            .order_by("said_at", "id")
        ],
        "sessions": [_session(one) for one in _sessions(dispute)],
        "obligations": _obligations(dispute),
        "documents": papers,
        "chronology": [[day.isoformat(), said] for day, said in when],
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("perkara.json", json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True))
        packed.writestr("kronologi.csv", _csv(["tanggal", "kejadian"], [[str(a), b] for a, b in when]))
        packed.writestr(
            "dokumen.csv",
            _csv(["judul", "sumber", "jenis", "sha256"], [list(one.values()) for one in papers]),
        )
    return File(f"posbankum-{dispute.number.replace('/', '-')}.zip", data.getvalue(), len(when) + len(papers))


def _sessions(dispute: Dispute) -> list[Session]:
    rows = Session.objects.filter(dispute=dispute, withdrawn_at=None).exclude(held_at=None)
    return list(rows.order_by("ordinal"))


def _session(one: Session) -> dict[str, Any]:
    came = Attendance.objects.filter(session=one, came=True, withdrawn_at=None)
    return {
        "ordinal": one.ordinal,
        "held_at": one.held_at.isoformat() if one.held_at else "",
        "outcome": one.outcome,
        "present": came.count(),
    }


def _obligations(dispute: Dispute) -> list[dict[str, Any]]:
    standing = agreements.standing_of(dispute)
    if standing is None:
        return []
    return [
        {
            "what": one.what,
            "owed_by": one.owed_by.name,
            "owed_to": one.owed_to.name if one.owed_to else "",
            "amount": one.amount,
            "due_date": one.due_date.isoformat(),
            "state": one.state,
        }
        for one in agreements.clauses(standing)
    ]


def _csv(head: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([[text.neutralise_cell(cell) for cell in row] for row in rows])
    return out.getvalue()
