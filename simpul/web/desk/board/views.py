"""Announcements on the board, and the daily text to copy into the village's group."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.access import ideas as access
from simpul.community.actions import board as actions
from simpul.community.queries import board as queries
from simpul.community.rules import board as rules
from simpul.lib.ids import uuid7
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.board import forms
from simpul.web.desk.ideas import shared as idea_shared
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words
from simpul.web.portal.board import gather

HERE = "desk_board"
TONES = {"notice": "info", "schedule": "", "warning": "bad"}


@officer(*access.POSTING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """What stands on the board, what comes, and what is over."""
    code = idea_shared.village(request)
    day = idea_shared.today(code or request.by.served_areas[0])
    ended = request.GET.get("berakhir") == "1"
    rows = queries.kept(request.by, region=code, day=day, ended=ended)
    context = {
        "rows": [
            {
                "one": one,
                "kind": _(rules.KINDS[one.kind]),
                "tone": TONES[one.kind],
                "days": _("%(begin)s to %(end)s")
                % {"begin": words.day(one.from_date), "end": words.day(one.until_date)},
                "coming": one.from_date > day,
            }
            for one in rows
        ],
        "ended": ended,
        "code": code,
        "parts": gather.parts(code, timezone.now()) if code and not ended else [],
    }
    return frame.show(request, "desk/board/list.html", context, here=HERE)


@officer("bulletin.add")
def new(request: Request) -> HttpResponseBase:
    """A new announcement."""
    village = idea_shared.own_village(request)
    day = idea_shared.today(village or request.by.served_areas[0])
    form = forms.BulletinForm(
        request.POST if request.method == "POST" else None,
        by=request.by,
        village=village,
        initial={"kind": "notice", "from_date": day, "until_date": day + timedelta(days=7)},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.add_bulletin(
            by=request.by,
            at=timezone.now(),
            region_code=form.cleaned_data["place_code"],
            given=form.bulletin(),
            bulletin_id=form.cleaned_data["bulletin_id"],
        ),
    ):
        messages.success(request, _("It stands on the board. Copy the text for the group, too."))
        return redirect("desk_board")
    return _ask(request, form, _("New announcement"), None)


@officer("bulletin.change")
def change(request: Request, bulletin_id: UUID) -> HttpResponseBase:
    """Change an announcement."""
    row = trying.found(access.bulletin_for, request, bulletin_id)
    first = {
        name: getattr(row, name) for name in ("kind", "title", "words", "from_date", "until_date", "first")
    }
    form = forms.BulletinForm(
        request.POST if request.method == "POST" else None,
        by=request.by,
        village=row.region_code,
        old=True,
        initial={**first, "hamlet": str(row.hamlet_id or "")},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_bulletin(
            by=request.by, at=timezone.now(), bulletin_id=row.id, given=form.bulletin()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_board")
    return _ask(request, form, _("Change the announcement"), row)


def _ask(request: Request, form: Any, heading: str, row: Any) -> HttpResponseBase:
    context = {"form": form, "heading": heading, "row": row}
    return frame.show(request, "desk/board/ask.html", context, status=422 if form.errors else 200, here=HERE)


@officer("bulletin.end")
@require_POST
def end(request: Request, bulletin_id: UUID) -> HttpResponseBase:
    """Take it down."""

    def act() -> None:
        actions.end_bulletin(by=request.by, at=timezone.now(), bulletin_id=bulletin_id)
        messages.success(request, _("Taken down. It can be put up again."))

    return trying.attempt(request, act, reverse("desk_board"))


@officer("bulletin.restore")
@require_POST
def restore(request: Request, bulletin_id: UUID) -> HttpResponseBase:
    """Put it up again."""

    def act() -> None:
        actions.restore_bulletin(by=request.by, at=timezone.now(), bulletin_id=bulletin_id)
        messages.success(request, _("It stands on the board again."))

    return trying.attempt(request, act, reverse("desk_board"))


def body_of(request: Request, code: str, chosen: tuple[str, ...]) -> str:
    """The text for the group: the chosen parts of the board."""
    at = timezone.now()
    parts = [
        rules.Part(
            one.heading, tuple(f"{line.text}. {line.more}" if line.more else line.text for line in one.lines)
        )
        for one in gather.parts(code, at, chosen)
    ]
    title = _("News of %(place)s, %(day)s") % {
        "place": idea_shared.place_name(code),
        "day": portal_words.day_words(at, code),
    }
    address = request.build_absolute_uri(reverse("board", args=[code]))
    return rules.group_text(title, parts, [_("Read more: %(url)s") % {"url": address}]) if parts else ""


@officer("digest.share")
def digest(request: Request) -> HttpResponseBase:
    """The daily text: choose the parts, copy it, and note that it was shared."""
    code = idea_shared.village(request)
    if not code:
        raise Http404
    names = tuple(name for name, _heading, _icon, _gather in gather.PARTS)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = tuple(one for one in asked.getlist("bagian") if one in names) or names
    if request.method == "POST":
        key = reading.key(request.POST.get("kunci", ""))

        def act() -> None:
            actions.share_digest(
                by=request.by,
                at=timezone.now(),
                region_code=code,
                body=request.POST.get("teks", ""),
                digest_id=key,
            )
            messages.success(request, _("Noted: this text was shared in the group."))

        query = urlencode({"desa": code, "bagian": list(chosen)}, doseq=True)
        return trying.attempt(request, act, f"{reverse('desk_digest')}?{query}")
    body = body_of(request, code, chosen)
    shared = queries.digests(request.by, code, 1)
    context = {
        "code": code,
        "body": body,
        "rows": body.count("\n") + 3,
        "signs": len(body),
        "parts": [(name, _(heading), name in chosen) for name, heading, _icon, _gather in gather.PARTS],
        "chosen": chosen,
        "key": uuid7(),
        "last": (shared[0], words.moment(shared[0].shared_at, code)) if shared else None,
    }
    return frame.show(request, "desk/board/digest.html", context, here=HERE)


@officer(*access.POSTING)
@require_GET
def history(request: Request) -> HttpResponseBase:
    """What was shared in the group, when and by whom."""
    code = idea_shared.village(request) or request.by.served_areas[0]
    rows = [(one, words.moment(one.shared_at, one.region_code)) for one in queries.digests(request.by, code)]
    return frame.show(request, "desk/board/history.html", {"rows": rows}, here=HERE)
