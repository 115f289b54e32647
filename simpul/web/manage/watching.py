"""What an administrator and the data-protection officer watch: publication, the journal, and how the installation is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.accounts import queries as account_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.lib.errors import NotFound
from simpul.messages import queries as message_queries
from simpul.web import forms, reading
from simpul.web.manage import desks, fields, frame
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

PAGE = 50
SUBJECTS = {
    "installation": gettext_lazy("The installation"),
    "user": gettext_lazy("A sign-in"),
    "seat": gettext_lazy("A seat"),
    "desk": gettext_lazy("A desk"),
    "link": gettext_lazy("A personal link"),
    "token": gettext_lazy("A key of another program"),
    "subscription": gettext_lazy("An address for events"),
    "kind": gettext_lazy("A kind"),
    "text": gettext_lazy("A text"),
    "holiday": gettext_lazy("A holiday"),
    "suspension": gettext_lazy("A suspension"),
    "region": gettext_lazy("An area"),
    "hamlet": gettext_lazy("A hamlet"),
    "case": gettext_lazy("A matter"),
    "person": gettext_lazy("A person"),
    "message": gettext_lazy("A message"),
    "publication": gettext_lazy("A publication"),
    "delivery": gettext_lazy("A delivery"),
    "incoming": gettext_lazy("An incoming message"),
}
LATE = timedelta(minutes=15)
"""Periodic work that has been due for longer than this does not run."""


# --- publication ------------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def publication(request: Request) -> HttpResponse:
    """Which kinds may be published, and who prepares and releases."""
    seats = desk_queries.seats_visible(request.by, timezone.now())
    rows = [
        {
            "kind": kind,
            "name": portal_words.said(kind, "name"),
            "may": kind.publishable and kind.sensitivity != "sealed",
        }
        for kind in kind_queries.kinds_all()
    ]
    context = {
        "rows": rows,
        "prepare": [seat for seat in seats if _grants(seat.role, "publication.prepare")],
        "release": [seat for seat in seats if _grants(seat.role, "publication.release")],
        "prepare_roles": _roles_with("publication.prepare"),
        "release_roles": _roles_with("publication.release"),
        "embed_url": request.build_absolute_uri(reverse("answers_embed")),
        "embed_title": _("Published answers"),
        "atom_url": request.build_absolute_uri(reverse("answers_atom")),
        "json_url": request.build_absolute_uri(reverse("answers_json")),
    }
    return frame.show(request, "manage/publication.html", context, here="manage_publication")


def _grants(role: str, act: str) -> bool:
    return act in roles.GRANTS.get(role, {})


def _roles_with(act: str) -> list[str]:
    return sorted(frame.role_words(role) for role in roles.ROLES if role != "system" and _grants(role, act))


# --- the journal ------------------------------------------------------------------------------------------------------


class JournalForm(forms.Form):
    """What is looked for."""

    kind = fields.drop_down(gettext_lazy("What was done"), required=False)
    person = forms.LineField(required=False, max_length=80, label=gettext_lazy("By whom"))
    subject_kind = fields.drop_down(
        gettext_lazy("About what"), [("", gettext_lazy("Anything")), *SUBJECTS.items()], required=False
    )
    begin = forms.DateField(required=False, label=gettext_lazy("From"))
    end = forms.DateField(required=False, label=gettext_lazy("Until"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        acts = sorted(
            ((act, f"{_(words)} ({act})") for act, words in roles.ACTS.items()), key=lambda row: row[1]
        )
        fields.choose(self, "kind", [("", _("Anything")), *acts])


@officer("desk.open", "line.redact")
@require_GET
def journal(request: Request) -> HttpResponse:
    """The journal, newest first, by act, person, subject and date."""
    form = JournalForm(request.GET)
    valid = form.is_valid()
    wanted = _wanted(request, form.cleaned_data) if valid else journal_queries.Search()
    lines = journal_queries.search(request.by, wanted, PAGE + 1)
    older = ""
    if len(lines) > PAGE:
        lines = lines[:PAGE]
        query = request.GET.copy()
        query["sebelum"] = str(lines[-1].id)
        older = f"?{query.urlencode()}"
    desks = {line.desk_id for line in lines if line.desk_id}
    names, kinds = desk_queries.names(desks), desk_queries.kinds(desks)
    rows = [_line_row(line, names, kinds) for line in lines]
    query = request.GET.copy()
    query.pop("sebelum", None)
    context = {
        "form": form,
        "rows": rows,
        "older_url": older,
        "newer_url": f"?{query.urlencode()}" if wanted.before else "",
        "subject_id": wanted.subject_id,
        "seal": journal_queries.seal_state(),
        "field_list": [form[name] for name in form.fields],
    }
    return frame.show(
        request, "manage/journal.html", context, here="manage_journal", status=200 if valid else 422
    )


def _line_row(line: Any, names: dict[UUID, str], kinds: dict[UUID, str]) -> dict[str, Any]:
    return {
        "line": line,
        "words": frame.act_words(line.kind),
        "role": frame.role_words(line.role, kinds.get(line.desk_id, "")),
        "desk": names.get(line.desk_id, ""),
        "subject": SUBJECTS.get(line.subject_kind, line.subject_kind),
        "about": frame.subject_words(line.facts) if journal_queries.is_plain(line) else "",
    }


def _wanted(request: Request, values: dict[str, Any]) -> journal_queries.Search:
    people = (
        list(account_queries.users(request.by, words=values["person"]).values_list("id", flat=True)[:200])
        if values["person"]
        else []
    )
    zone = frame.zone()
    return journal_queries.Search(
        kind=values["kind"],
        user_ids=people or None,
        actor_name="" if people else values["person"],
        subject_kind=values["subject_kind"],
        subject_id=reading.key(request.GET.get("tentang", "")),
        begin=fields.start_of(values["begin"], zone) if values["begin"] else None,
        end=fields.start_of(values["end"], zone) + timedelta(days=1) if values["end"] else None,
        before=reading.key(request.GET.get("sebelum", "")),
    )


@officer("desk.open", "line.redact")
@require_GET
def line(request: Request, line_id: UUID) -> HttpResponse:
    """One line. What was typed about a matter or a person is opened apart, and that leaves a line too."""
    return _show_line(request, line_id, opened=False)


@officer("line.redact")
@require_POST
def open_line(request: Request, line_id: UUID) -> HttpResponse:
    """The data-protection officer looks at what was typed; the look is recorded."""
    found = journal_queries.line_for(request.by, line_id)
    journal_actions.record_view(
        by=request.by,
        at=timezone.now(),
        subject_kind=found.subject_kind,
        subject_id=found.subject_id,
        why=f"line {line_id}",
    )
    return _show_line(request, line_id, opened=True)


def _show_line(request: Request, line_id: UUID, *, opened: bool) -> HttpResponse:
    found = journal_queries.line_for(request.by, line_id)
    plain = journal_queries.is_plain(found)
    desks = [found.desk_id] if found.desk_id else []
    row = _line_row(found, desk_queries.names(desks), desk_queries.kinds(desks))
    context = {
        **row,
        "plain": plain,
        "opened": opened or plain,
        "facts": _told(found.facts) if plain or roles.may_somewhere(request.by, "line.redact") else [],
        "inputs": _told(found.inputs or {}) if opened or plain else [],
        "may_redact": roles.may_somewhere(request.by, "line.redact"),
    }
    return frame.show(request, "manage/line.html", context, here="manage_journal")


def _told(values: Any) -> list[dict[str, Any]]:
    """Facts or inputs as rows; what is nested is written out."""
    rows = []
    for key, value in values.items():
        if isinstance(value, dict):
            told = "\n".join(f"{inner}: {held}" for inner, held in value.items())
        elif isinstance(value, list):
            told = "\n".join(str(held) for held in value)
        else:
            told = "" if value is None else str(value)
        rows.append({"key": str(key).replace("_", " "), "value": told})
    return rows


@officer("line.redact")
def redact_line(request: Request, line_id: UUID) -> HttpResponse:
    """Remove what was typed from one line; the seals stay true."""
    found = journal_queries.line_for(request.by, line_id)
    if found.redacted_at is not None:
        raise NotFound

    def run(values: dict[str, Any]) -> frame.Done:
        journal_actions.redact_line(
            by=request.by, at=timezone.now(), line_id=line_id, reason=values["reason"]
        )
        return _("What was typed is gone from this line for good."), reverse("manage_line", args=[line_id])

    told = [
        _("What was typed is removed for ever and cannot be brought back."),
        _(
            "Who did what and when stays, and so do the seals: anybody can still check that no line was changed."
        ),
    ]
    page = frame.Ask(
        here="manage_journal",
        title=_("Remove the inputs of this line?"),
        button=_("Remove them"),
        back=reverse("manage_line", args=[line_id]),
        intro=frame.act_words(found.kind),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, desks.ReasonForm(frame.sent(request)), run)


# --- health -----------------------------------------------------------------------------------------------------------


PERIODIC = {
    "spool": gettext_lazy("Read in what waited outside the database"),
    "read": gettext_lazy("Read what was delivered"),
    "reconcile": gettext_lazy("Compare gateways, raw store and matters"),
    "deliver": gettext_lazy("Send messages"),
    "bounce": gettext_lazy("Send again by another road what did not arrive"),
    "remind": gettext_lazy("Remind residents of questions, ask how the answer was"),
    "seal": gettext_lazy("Seal the journal"),
    "dispatch": gettext_lazy("Tell other programs"),
    "escalate": gettext_lazy("Show silent desks to the desk above"),
    "finish": gettext_lazy("Close what was answered and stayed quiet"),
    "guessing": gettext_lazy("Watch for guessed numbers and PINs"),
    "forget": gettext_lazy("Forget files and forms that were left"),
    "expire": gettext_lazy("Let old messages expire"),
    "obligations": gettext_lazy("Remind parties of what they agreed on"),
    "holidays": gettext_lazy("Look for missing holidays"),
    "shapes": gettext_lazy("Learn how tables grow, for fast lists"),
    "hear": gettext_lazy("Look at new messages"),
    "bring": gettext_lazy("Bring files of messages along"),
    "fetch": gettext_lazy("Fetch files of messages"),
    "mail": gettext_lazy("Ask the mailboxes"),
    "poll": gettext_lazy("Ask the modems and gateways"),
    "pins": gettext_lazy("Forget the PINs of receipts that were sent"),
    "lists": gettext_lazy("Take lists of people in"),
    "lists-end": gettext_lazy("Delete the files of old lists"),
    "silence": gettext_lazy("Pass on what a desk left lying"),
    "screen": gettext_lazy("Screen areas by the rules of programmes"),
    "wishes": gettext_lazy("Mark late wishes about personal data"),
    "destroy": gettext_lazy("Destroy what two people approved"),
    "arrivals": gettext_lazy("Look whether who moved in is known elsewhere"),
    "sync": gettext_lazy("Do what devices sent"),
    "packs": gettext_lazy("Prepare data for devices"),
    "questions": gettext_lazy("Close questions that were answered elsewhere"),
    "erasures": gettext_lazy("Ask devices to remove what was erased"),
    "parent": gettext_lazy("Speak with the server above this laptop"),
    "letters": gettext_lazy("Write receipts that are carried to devices"),
    "rematch": gettext_lazy("Match the names of verified households again"),
    "guests": gettext_lazy("Remove old names from guest books"),
    "idea-codes": gettext_lazy("Remove old codes and refused comments of ideas"),
    "box": gettext_lazy("Destroy the content of old election reports"),
    "posyandu-days": gettext_lazy("Tell families of posyandu days"),
    "health-shipments": gettext_lazy("Send figures and days to other health systems"),
    "posyandu": gettext_lazy("Look for whom cadres should visit"),
    "posyandu-months": gettext_lazy("Count the months of posyandu"),
    "letters-end": gettext_lazy("Tell people before a letter ends"),
    "letter-photos": gettext_lazy("Let go of photos shown for old letters"),
}
"""What each piece of periodic work does, in words."""


@officer("desk.open")
@require_GET
def health(request: Request) -> HttpResponse:
    """Whether periodic work runs, messages leave and the journal is sealed."""
    at = timezone.now()
    turns = [
        {
            "turn": turn,
            "name": PERIODIC.get(turn.name, turn.name),
            "late": turn.next_at < at - LATE,
            "failing": bool(turn.last_error),
        }
        for turn in journal_queries.turns()
    ]
    outbox = message_queries.outbox(at)
    states = (
        ("queued", _("Waiting"), ""),
        ("sending", _("Being sent"), ""),
        ("sent", _("Sent"), "good"),
        ("failed", _("Failed"), "bad"),
        ("held", _("Held back"), "warn"),
        ("printed", _("Printed, not told yet"), ""),
        ("told", _("Told"), "good"),
        ("expired", _("Expired"), ""),
    )
    context = {
        "turns": turns,
        "asleep": not turns or all(row["late"] for row in turns),
        "outbox": outbox,
        "states": [
            {"label": label, "number": outbox.count(state), "tone": tone if outbox.count(state) else ""}
            for state, label, tone in states
        ],
        "seal": journal_queries.seal_state(),
    }
    return frame.show(request, "manage/health.html", context, here="manage_health")


def home_of_watcher(request: Request) -> HttpResponse:
    """The data-protection officer has no list of things to do here, but the journal."""
    messages.info(request, _("You watch over personal data here and change nothing."))
    return redirect("manage_journal")
