"""The pages that are open while people talk: the names with their decisions, who is there, and the last entry taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.lib.ids import uuid7
from simpul.meetings import actions, queries, rules
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.meetings import forms, shared
from simpul.web.policy import Request, officer

PAGE = 60
_VIEWS = ("semua", "belum", "in", "out", "deferred")


@officer(*shared.READING)
@require_GET
def names(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The list with a button for each decision."""
    meeting = shared.meeting_or_404(request, meeting_id)
    rows = queries.rows(meeting)
    view = request.GET.get("lihat", "semua")
    view = view if view in _VIEWS else "semua"
    chosen = [one for one in rows if view in ("semua", one.outcome or "belum")]
    page = reading.page_number(request.GET.get("page", ""))
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    context = {
        "rows": [_row(one) for one in shown],
        "total": len(rows),
        "views": _views(rows, view),
        "view": view,
        "page_number": page,
        "may_decide": meeting.state == "held" and shared.may(request, "item.decide", meeting),
        "may_bring": meeting.state in ("planned", "held") and shared.may(request, "items.add", meeting),
        "may_hold": meeting.state == "planned" and shared.may(request, "meeting.hold", meeting),
        "rest": [one.item.id for one in shown if not one.outcome and not _objected(one)],
        "outcomes": [(code, _(label), shared.OUTCOME_TONES[code]) for code, label in rules.OUTCOMES.items()],
        "name_form": forms.NameForm(),
        "older_url": f"?lihat={view}&page={page + 1}" if len(chosen) > page * PAGE else "",
        "newer_url": f"?lihat={view}&page={page - 1}" if page > 1 else "",
    }
    return shared.show(request, meeting, "desk/meetings/names.html", "desk_meeting", context)


def _objected(row: Any) -> bool:
    return any(one.kind == "sanggah" for one in row.objections)


def _views(rows: list[Any], view: str) -> list[dict[str, Any]]:
    labels = {"semua": _("All"), "belum": _("Undecided"), **{k: _(v) for k, v in rules.OUTCOMES.items()}}
    return [
        {
            "label": label,
            "url": f"?lihat={code}",
            "current": code == view,
            "count": sum(code in ("semua", one.outcome or "belum") for one in rows),
        }
        for code, label in labels.items()
    ]


def _row(row: Any) -> dict[str, Any]:
    item, decision = row.item, row.decision
    return {
        "item": item,
        "decision": decision,
        "outcome": row.outcome,
        "outcome_words": _(rules.OUTCOMES[row.outcome]) if row.outcome else _("Undecided"),
        "tone": shared.OUTCOME_TONES.get(row.outcome, "info"),
        "source": _(rules.SOURCES.get(item.source, item.source)),
        "before": _(rules.OUTCOMES[item.before]) if item.before in rules.OUTCOMES else "",
        "objections": [
            {
                "one": said,
                "kind": _(rules.OBJECTIONS[said.kind]),
                "open": not said.answer and said.kind == "sanggah",
            }
            for said in row.objections
        ],
        "conflicts": row.conflicts,
        "once": uuid7(),
    }


@officer("item.decide")
@require_POST
def decide(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Write down what was decided about one name, and go on to the next that waits."""
    meeting = shared.meeting_or_404(request, meeting_id)
    given = request.POST
    item_id = reading.known_key(given.get("item", ""))
    votes = actions.Votes(*(_number(given.get(name, "")) for name in ("setuju", "menolak", "abstain")))
    back = f"{reverse('desk_meeting', args=[meeting.id])}?lihat={_view(given)}&page={_page(given)}"
    following = _next_open(meeting, item_id)
    return trying.attempt(
        request,
        lambda: actions.decide_item(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            item_id=item_id,
            outcome=given.get("hasil", ""),
            reason=given.get("alasan", ""),
            votes=votes,
            decision_id=reading.known_key(given["sekali"]) if given.get("sekali") else None,
        ),
        f"{back}#n-{following or item_id}",
    )


def _next_open(meeting: Any, item_id: UUID) -> UUID | None:
    """The next name after this one that waits for its decision."""
    rows = queries.rows(meeting)
    place = next((number for number, one in enumerate(rows) if one.item.id == item_id), -1)
    return next((one.item.id for one in rows[place + 1 :] if not one.outcome), None)


@officer("items.decide")
@require_POST
def decide_rest(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Decide alike about the names of the page that wait, and about which nobody objected."""
    meeting = shared.meeting_or_404(request, meeting_id)

    def act() -> None:
        done = actions.decide_items(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            item_ids=[reading.known_key(one) for one in request.POST.getlist("item")],
            outcome=request.POST.get("hasil", ""),
            reason=request.POST.get("alasan", ""),
        )
        messages.success(request, ngettext("%(n)s name decided.", "%(n)s names decided.", done) % {"n": done})

    return trying.attempt(request, act, reverse("desk_meeting", args=[meeting.id]))


@officer("entry.withdraw")
@require_POST
def take_back(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Take an entry back: the last one, or one that is chosen."""
    meeting = shared.meeting_or_404(request, meeting_id)
    pages = ("desk_meeting", "desk_meeting_attendance", "desk_meeting_objections", "desk_meeting_minutes")
    back = request.POST.get("kembali", "")

    def act() -> None:
        actions.withdraw_entry(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            kind=request.POST.get("macam", ""),
            entry_id=reading.known_key(request.POST.get("isi", "")),
        )
        messages.success(request, _("Taken back."))

    return trying.attempt(request, act, reverse(back if back in pages else pages[0], args=[meeting.id]))


# --- who is there ---------------------------------------------------------------------------------------------------------


@officer(*shared.READING)
def attendance(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Big buttons to count people, and the list of names."""
    meeting = shared.meeting_or_404(request, meeting_id)
    form = forms.GuestForm(request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and trying.run(
            form,
            lambda: actions.add_attendance(
                by=request.by,
                at=timezone.now(),
                meeting_id=meeting.id,
                guest=form.guest(),
                attendance_id=form.cleaned_data["entry_id"],
            ),
        )
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_meeting_attendance", meeting_id=meeting.id)
    found = queries.present(meeting)
    counted = queries.counted(meeting)
    context = {
        "form": form,
        "present": found,
        "short": _short(meeting, found),
        "groups": [
            {
                "code": code,
                "label": _(label),
                "number": found.by_group.get(code, 0),
                "counted": counted.get(code, 0),
                "once": uuid7(),
                "once_less": uuid7(),
            }
            for code, label in rules.GROUPS.items()
        ],
        "people": [_person(one) for one in queries.attendances(meeting)],
    }
    status = 422 if form.errors else 200
    return shared.show(
        request, meeting, "desk/meetings/attendance.html", "desk_meeting_attendance", context, status
    )


def _short(meeting: Any, found: Any) -> list[str]:
    return short_words(rules.shortfalls(found, queries.needed(meeting)))


def short_words(missing: list[Any]) -> list[str]:
    """What is missing for the quorum, in words."""
    return [
        _("%(there)s of %(needed)s people") % {"there": one.there, "needed": one.needed}
        if one.what == "people"
        else _("nobody yet of: %(group)s") % {"group": _(rules.GROUPS.get(one.group, one.group))}
        for one in missing
    ]


def _person(row: Any) -> dict[str, Any]:
    state = {True: _("Here"), False: _("Did not come"), None: _("Asked")}[row.came]
    return {
        "row": row,
        "groups": [_(rules.GROUPS.get(code, code)) for code in row.groups],
        "state": state,
        "tone": {True: "good", False: "bad", None: "info"}[row.came],
    }


@officer("attendance.count")
@require_POST
def count(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """One more of a group, or one less."""
    meeting = shared.meeting_or_404(request, meeting_id)
    given = request.POST
    return trying.attempt(
        request,
        lambda: actions.count_attendance(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            group=given.get("kelompok", ""),
            number=-1 if given.get("langkah") == "-1" else 1,
            count_id=reading.known_key(given["sekali"]) if given.get("sekali") else None,
        ),
        f"{reverse('desk_meeting_attendance', args=[meeting.id])}#hitung",
    )


@officer("attendance.mark")
@require_POST
def mark(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """Somebody on the list came, signed, or did not come."""
    meeting = shared.meeting_or_404(request, meeting_id)
    given = request.POST
    said = given.get("hadir", "")
    return trying.attempt(
        request,
        lambda: actions.mark_attendance(
            by=request.by,
            at=timezone.now(),
            meeting_id=meeting.id,
            attendance_id=reading.known_key(given.get("isi", "")),
            came=said in ("ya", "ttd"),
            signed=said == "ttd",
        ),
        f"{reverse('desk_meeting_attendance', args=[meeting.id])}#nama",
    )


# --- reading what was sent ------------------------------------------------------------------------------------------------


def _number(typed: str) -> int | None:
    bare = typed.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 5 else None


def _view(given: Any) -> str:
    return given.get("lihat", "") if given.get("lihat", "") in _VIEWS else "semua"


def _page(given: Any) -> int:
    return _number(given.get("page", "")) or 1
