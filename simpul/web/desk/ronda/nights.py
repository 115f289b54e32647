"""The book of a night: one page for the phone at the post, and one page of A4 in the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.lib.ids import uuid7
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import ronda_nights as actions
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_nights as night_queries
from simpul.village_post.rules import ronda as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.ronda import shared
from simpul.web.forms import choices
from simpul.web.manage import fields
from simpul.web.policy import Request, officer


@officer("watchnight.open")
@require_POST
def begin(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """Open the book of tonight, or of a night before."""
    post = trying.found(access.post_for, request, watchpost_id)
    now = timezone.now()
    try:
        night = date.fromisoformat(request.POST.get("malam", ""))
    except ValueError:
        night = queries.tonight(post, now)
    made: list[Any] = []

    def act() -> None:
        made.append(actions.open_watchnight(by=request.by, at=now, post_id=post.id, night_date=night))

    answer = trying.attempt(request, act, reverse("desk_ronda_post", args=[post.id]))
    return redirect("desk_ronda_night", watchnight_id=made[0].id) if made else answer


@officer(*shared.READING)
@require_GET
def book(request: Request, watchnight_id: UUID) -> HttpResponseBase:
    """The book of a night, open on the table of the post."""
    night = trying.found(access.night_for, request, watchnight_id)
    context = {
        **_told(request, night),
        "conditions": choices.pairs(rules.CONDITIONS),
        "once": [str(uuid7()) for _each in range(5)],
        "gear": [{"one": one, "kind": _(rules.GEAR[one.kind])} for one in queries.gear(night.post)],
        "may_write": night.closed_at is None
        and shared.may(request, "presence.record", night.post.region_code),
    }
    return shared.show(request, "desk/ronda/night.html", context)


@officer(*shared.READING)
@require_GET
def paper(request: Request, watchnight_id: UUID) -> HttpResponseBase:
    """The book of mutations of one night on one page."""
    night = trying.found(access.night_for, request, watchnight_id)
    context = {**_told(request, night), "printed": words.moment(timezone.now(), night.post.region_code)}
    return shared.show(request, "desk/ronda/night_print.html", context)


def _told(request: Request, night: Any) -> dict[str, Any]:
    told = night_queries.book(request.by, night)
    code = night.post.region_code
    return {
        "night": night,
        "post": night.post,
        "where": shared.where(night.post),
        "title": shared.night_words(night.night_date),
        "told": told,
        "came": {one.watcher_id for one in told.presences},
        "presences": [
            {"one": one, "came": shared.hour(one.came_at, code), "left": shared.hour(one.left_at, code)}
            for one in told.presences
        ],
        "rounds": night_queries.rounds(night.post, told),
        "clocks": [one.replace(":", ".") for one in night.post.round_times],
        "lines": [line_words(one, code) for one in told.lines],
        "incidents": [
            {
                "one": one,
                "kind": shared.kind_name(one.kind),
                "hour": shared.hour(one.happened_at, code),
                "severity": _(rules.SEVERITIES[one.severity]),
                "tone": shared.SEVERITY_TONES[one.severity],
                "told": told_words(one.told_rows, code),
            }
            for one in told.incidents
        ],
    }


def told_words(rows: Any, code: str) -> str:
    """Who was told, with the times."""
    return "; ".join(f"{_(rules.BODIES[one.body])} {shared.hour(one.told_at, code)}" for one in rows)


def line_words(moment: Any, code: str) -> dict[str, Any]:
    """One line of the book in words."""
    said: dict[str, Callable[[Any], str]] = {
        "presence": lambda row: _("%(name)s came") % {"name": row.name},
        "left": lambda row: _("%(name)s left") % {"name": row.name},
        "patrol": lambda row: (
            f"{row.point.name}: {_('safe') if row.safe else row.words or _('not as it should be')}"
        ),
        "handover": _handed_words,
        "note": lambda row: str(row.words),
        "stay": lambda row: (
            _("guest reported: %(name)s, stays with %(host)s") % {"name": row.name, "host": row.host_name}
            + (
                f" ({ngettext('%(n)s person', '%(n)s people', row.people) % {'n': row.people}})"
                if row.people > 1
                else ""
            )
        ),
        "incident": lambda row: (
            f"{shared.kind_name(row.kind)}{f', {row.place}' if row.place else ''}: {row.words}"
        ),
    }
    entry = "presence" if moment.kind == "left" else moment.kind
    return {
        "hour": shared.hour(moment.at, code),
        "kind": moment.kind,
        "entry": entry,
        "id": moment.row.id,
        "words": said[moment.kind](moment.row),
        "url": reverse("desk_ronda_incident", args=[moment.row.id]) if moment.kind == "incident" else "",
        "alert": moment.kind == "incident" or (moment.kind == "patrol" and not moment.row.safe),
    }


def _handed_words(row: Any) -> str:
    """What changed hands: how many, how it is, from whom to whom."""
    name = row.gear.name or _(rules.GEAR[row.gear.kind])
    hands = " → ".join(part for part in (row.from_name, row.to_name) if part)
    parts = [
        f"{name} ×{row.count}, {_(rules.CONDITIONS[row.condition])}",
        f"({hands})" if hands else "",
        row.words,
    ]
    return " ".join(part for part in parts if part)


@officer("presence.record")
@require_POST
def act(request: Request, watchnight_id: UUID, step: str) -> HttpResponseBase:
    """Write something down in the night: one button or one small form."""
    night = trying.found(access.night_for, request, watchnight_id)
    done = _steps(request, night).get(step)
    if done is None:
        raise Http404
    if step == "tutup":
        messages.success(request, _("The book is closed. Print it for the file."))
    return trying.attempt(
        request, done, f"{reverse('desk_ronda_night', args=[night.id])}#{request.POST.get('ke', '')[:12]}"
    )


def _steps(request: Request, night: Any) -> dict[str, Callable[[], Any]]:
    said, now = request.POST, timezone.now()
    moment = shared.in_night(night, fields.read_time(said.get("jam", "")), now)
    by: dict[str, Any] = {"by": request.by, "at": now, "night_id": night.id}
    key, once = reading.key(said.get("isi", "")), reading.key(said.get("sekali", ""))
    return {
        "hadir": lambda: actions.record_presence(
            **by, came_at=moment, watcher_id=key, name=said.get("nama", ""), presence_id=once
        ),
        "pulang": lambda: actions.end_presence(**by, presence_id=key or night.id, left_at=moment),
        "titik": lambda: actions.record_patrol(
            **by,
            point_id=key or night.id,
            passed_at=moment,
            safe=said.get("aman") != "tidak",
            words=said.get("kata", ""),
            patrol_id=once,
        ),
        "barang": lambda: actions.hand_gear(
            **by, handed_at=moment, handed=_handed(request, night), handover_id=once
        ),
        "catatan": lambda: actions.write_nightnote(
            **by, noted_at=moment, words=said.get("kata", ""), note_id=once
        ),
        "coret": lambda: actions.strike_nightentry(
            **by, kind=said.get("macam", ""), entry_id=key or night.id
        ),
        "tutup": lambda: actions.close_watchnight(**by, note=said.get("kata", "")),
        "buka": lambda: actions.reopen_watchnight(**by),
    }


def _handed(request: Request, night: Any) -> actions.Handed:
    said = request.POST
    count = said.get("jumlah", "")
    return actions.Handed(
        gear_id=reading.key(said.get("isi", "")) or night.id,
        count=int(count) if count.isdigit() and len(count) < 4 else 1,
        condition=said.get("keadaan", "good"),
        from_name=said.get("dari", ""),
        to_name=said.get("kepada", ""),
        words=said.get("kata", ""),
    )
