"""One dispute: its parties and mediators, summonses and sessions, evidence and course, where it was sent on, who read it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.letters.queries import letters as letter_queries
from simpul.lib import phone
from simpul.lib.errors import NotFound
from simpul.mediation.actions import evidence, referring
from simpul.mediation.queries import exporting, kin, lists, readers
from simpul.mediation.rules import conflicts, words
from simpul.web.desk import frame, trying
from simpul.web.desk import words as desk_words
from simpul.web.desk.mediation import forms, shared
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

SUMMONS_LETTER = "panggilan_mediasi"
"""The type of letter that carries a summons."""


@officer(*shared.READING)
@require_GET
def overview(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Parties with what they said, mediators with their ties."""
    dispute = shared.dispute_or_404(request, dispute_id)
    said = lists.statements(dispute)
    away = lists.absences(dispute)
    runs = shared.runs(dispute)
    flagged = [one for one in lists.mediators(dispute) if one.conflicts and one.ended_at is None]
    context = {
        "parties": [
            _party(one, said.get(one.id, []), away.get(one.id, 0), dispute) for one in lists.parties(dispute)
        ],
        "mediators": [_mediator(one, dispute) for one in lists.mediators(dispute)],
        "proposals": [one for one in kin.proposals(dispute) if not one.ties][:3] if flagged else [],
        "opened": desk_words.day(dispute.opened_date),
        "meet_until": desk_words.day(dispute.meet_until_date),
        "met_late": runs
        and not lists.reached(dispute).sessions
        and shared.today(dispute) > dispute.meet_until_date,
        "case_url": reverse("desk_case", args=[dispute.case_id]),
        "may_work": runs and shared.may(request, "party.record", dispute),
        "may_name": runs and shared.may(request, "mediator.name", dispute),
        "may_end": dispute.state in ("open", "broken") and shared.may(request, "dispute.end", dispute),
        "may_reopen": not runs
        and dispute.state != "protected"
        and shared.may(request, "dispute.reopen", dispute),
        "may_screen": dispute.state != "protected" and shared.may(request, "dispute.screen", dispute),
        "screen": shared.act_url(dispute, "keselamatan"),
        "record_party": shared.act_url(dispute, "pihak"),
        "add_mediator": shared.act_url(dispute, "penengah"),
        "change": shared.act_url(dispute, "ubah"),
        "end": shared.act_url(dispute, "akhiri"),
        "reopen": shared.act_url(dispute, "buka-lagi"),
    }
    return shared.show(request, dispute, "desk/mediation/overview.html", "desk_dispute", context)


def _party(one: Any, said: list[Any], absent: int, dispute: Any) -> dict[str, Any]:
    return {
        "one": one,
        "role": _(words.ROLES[one.role]),
        "phone": phone.display(one.phone) if one.phone.startswith("+") else one.phone,
        "absent": absent,
        "change": shared.act_url(dispute, "ubah-pihak", one.id),
        "drop": shared.act_url(dispute, "hapus-pihak", one.id),
        "hear": shared.act_url(dispute, "keterangan", one.id),
        "summon": shared.act_url(dispute, "panggil", one.id),
        "statements": [
            {
                "one": row,
                "when": desk_words.moment(row.said_at, dispute.region_code),
                "how": _(words.SHARED[row.shared_how]) if row.shared_how else "",
                "share": shared.act_url(dispute, "bagikan", row.id),
                "close": shared.act_url(dispute, "tutup-keterangan", row.id),
                "drop": shared.act_url(dispute, "cabut-keterangan", row.id),
            }
            for row in said
        ],
    }


def _mediator(one: Any, dispute: Any) -> dict[str, Any]:
    return {
        "one": one,
        "ties": [_(conflicts.TIES[tie]) for tie in one.conflicts if tie in conflicts.TIES],
        "decision": " · ".join(
            part for part in (one.decision_number, desk_words.day(one.decision_date)) if part
        ),
        "drop": shared.act_url(dispute, "lepas-penengah", one.id),
    }


@officer(*shared.READING)
@require_GET
def sessions(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Summonses with their delivery, sessions with their outcome, the letters of the matter."""
    dispute = shared.dispute_or_404(request, dispute_id)
    runs = shared.runs(dispute)
    away = lists.absences(dispute)
    context = {
        "summonses": [_summons(one, dispute) for one in lists.summonses(dispute)],
        "sessions": [_session(one, dispute) for one in lists.sessions(dispute)],
        "letters": _letters(request, dispute),
        "letter_url": _letter_url(request, dispute),
        "thrice": [one.name for one in lists.parties(dispute) if away.get(one.id, 0) >= 3],
        "may_work": runs and shared.may(request, "session.plan", dispute),
        "may_tell": shared.may(request, "summons.deliver", dispute),
        "has_mediator": lists.reached(dispute).mediators > 0,
        "plan": shared.act_url(dispute, "rencana"),
        "summon": shared.act_url(dispute, "panggil"),
    }
    return shared.show(request, dispute, "desk/mediation/sessions.html", "desk_dispute_sessions", context)


def _summons(one: Any, dispute: Any) -> dict[str, Any]:
    return {
        "one": one,
        "issued": desk_words.day(one.issued_date),
        "come": desk_words.moment(one.come_at, dispute.region_code),
        "delivered": desk_words.moment(one.delivered_at, dispute.region_code),
        "delivery": _(words.DELIVERIES[one.delivery]) if one.delivery else "",
        "how": _(words.HOW_DELIVERED[one.delivered_how]) if one.delivered_how else "",
        "appeared": _(words.APPEARED[one.appeared]) if one.appeared else "",
        "tone": {"came": "good", "excused": "info", "absent": "bad"}.get(one.appeared, ""),
        "deliver": shared.act_url(dispute, "antar", one.id),
        "answer": shared.act_url(dispute, "hadir", one.id),
        "drop": shared.act_url(dispute, "batal-panggilan", one.id),
    }


def _session(one: Any, dispute: Any) -> dict[str, Any]:
    return {
        "one": one,
        "when": desk_words.moment(one.held_at or one.planned_at, dispute.region_code),
        "state": _(words.SESSION_STATES[one.state]),
        "tone": shared.SESSION_TONES[one.state],
        "outcome": _(words.OUTCOMES[one.outcome]) if one.outcome else "",
        "room": reverse("desk_dispute_room", args=[dispute.id, one.id]),
        "paper": reverse("desk_dispute_room_paper", args=[dispute.id, one.id]),
        "start": shared.act_url(dispute, "mulai", one.id),
        "move": shared.act_url(dispute, "pindah", one.id),
        "cancel": shared.act_url(dispute, "batal-sidang", one.id),
    }


def _letters(request: Request, dispute: Any) -> list[Any]:
    """The letters of the same matter, where this seat works with letters."""
    if not roles.may_somewhere(request.by, "letter.request"):
        return []
    return [
        {
            "name": portal_words.said(one.type, "name"),
            "number": one.number,
            "url": reverse("desk_letter", args=[one.id]),
        }
        for one in letter_queries.of_case(request.by, dispute.case_id)
    ]


def _letter_url(request: Request, dispute: Any) -> str:
    """Where the printed summons is asked for, in the name of the same matter."""
    if not roles.may_somewhere(request.by, "letter.request"):
        return ""
    return f"{reverse('desk_letter_new')}?{urlencode({'jenis': SUMMONS_LETTER, 'kasus': dispute.case_id})}"


@officer(*shared.READING)
@require_GET
def files(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Evidence with its fingerprints, and what happened when."""
    dispute = shared.dispute_or_404(request, dispute_id)
    context = {
        "rows": [
            {
                "one": one,
                "when": desk_words.short_day(one.recorded_at, dispute.region_code),
                "url": reverse("desk_dispute_evidence", args=[one.id]),
                "drop": shared.act_url(dispute, "hapus-bukti", one.id),
            }
            for one in lists.evidence(dispute)
        ],
        "course": [(desk_words.day(day), said) for day, said in exporting.chronology(dispute)],
        "may_add": shared.runs(dispute) and shared.may(request, "evidence.add", dispute),
        "add": shared.act_url(dispute, "bukti"),
    }
    return shared.show(request, dispute, "desk/mediation/files.html", "desk_dispute_files", context)


@officer("evidence.read")
@require_GET
def evidence_file(request: Request, evidence_id: UUID) -> HttpResponseBase:
    """One file, as a download; every opening leaves a line."""
    try:
        one, data = evidence.read_evidence(by=request.by, at=timezone.now(), evidence_id=evidence_id)
    except NotFound as missing:
        raise Http404 from missing
    ending = {"photo": "jpg", "audio": "ogg", "pdf": "pdf"}[one.kind]
    response = HttpResponse(data, content_type=one.mime)
    response["Content-Disposition"] = f'attachment; filename="bukti-{one.sha256[:8]}.{ending}"'
    return response


@officer(*shared.READING)
@require_GET
def referrals(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Where it was sent on, what they answered; the export for legal aid."""
    dispute = shared.dispute_or_404(request, dispute_id)
    context = {
        "rows": [
            {
                "one": one,
                "body": _(words.BODIES[one.body]),
                "sent": desk_words.day(one.sent_date),
                "answered": desk_words.day(one.answered_date),
                "result": _(words.RESULTS[one.result]) if one.result else "",
                "reply": shared.act_url(dispute, "jawaban", one.id),
            }
            for one in lists.referrals(dispute)
        ],
        "may_refer": dispute.state in referring.REFERRED_IN and shared.may(request, "dispute.refer", dispute),
        "may_reply": shared.may(request, "referred.answer", dispute),
        "may_export": shared.may(request, "dispute.export", dispute),
        "refer": shared.act_url(dispute, "rujuk"),
    }
    return shared.show(request, dispute, "desk/mediation/referrals.html", "desk_dispute_referrals", context)


@officer("dispute.export")
def export(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """The file for legal aid, for a purpose."""
    dispute = shared.dispute_or_404(request, dispute_id)
    if not shared.may(request, "dispute.export", dispute):
        raise Http404
    form = forms.ExportForm(
        request.POST if request.method == "POST" else None, request=request, dispute=dispute
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            referring.export_dispute(
                by=request.by, at=timezone.now(), dispute_id=dispute.id, purpose=form.cleaned_data["purpose"]
            )
        ),
    ):
        response = HttpResponse(made[0].data, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{made[0].name}"'
        return response
    context = {
        "title": _("Export for legal aid"),
        "button": _("Make the file"),
        "about": _(
            "Parties, documents with fingerprints, chronology; statements only where they were shared. Which fields the "
            "ministry's application takes is not confirmed: type them over where it cannot read the file."
        ),
        "form": form,
        "dispute": dispute,
        "back": reverse("desk_dispute_referrals", args=[dispute.id]),
    }
    return frame.show(
        request, "desk/mediation/act.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


@officer(*shared.READING)
@require_GET
def who_read(request: Request, dispute_id: UUID) -> HttpResponseBase:
    """Every opening, for the village head."""
    dispute = shared.dispute_or_404(request, dispute_id)
    looks = trying.found(readers.looks, request, dispute)
    context = {
        "rows": [
            {
                "name": one.name,
                "role": _(roles.ROLES[one.role].name) if one.role in roles.ROLES else one.role,
                "what": desk_words.act_words(one.kind),
                "when": desk_words.moment(one.at, dispute.region_code),
            }
            for one in looks
        ]
    }
    return shared.show(request, dispute, "desk/mediation/readers.html", "desk_dispute_readers", context)
