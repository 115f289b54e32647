"""Watch posts: the list, one post with its nights, who takes turns, points and things."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import ronda_posts as actions
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_nights as night_queries
from simpul.village_post.rules import ronda as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.ronda import forms, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The watch posts of the area, with who is expected tonight."""
    now = timezone.now()
    rows = queries.posts(request.by, now)
    context = {
        "rows": [
            {
                "one": row,
                "where": shared.where(row.post),
                "url": reverse("desk_ronda_post", args=[row.post.id]),
            }
            for row in rows
        ],
        "tabs": shared.top_tabs("desk_ronda"),
        "may_open": roles.may_somewhere(request.by, "watchpost.open"),
    }
    return shared.show(request, "desk/ronda/list.html", context)


@officer("watchpost.open")
def new(request: Request) -> HttpResponseBase:
    """Open a watch post."""
    form = forms.PostForm(request.POST or None, by=request.by, village=request.by.served_areas[0])
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.open_watchpost(
                by=request.by,
                at=timezone.now(),
                region_code=form.code(),
                given=form.given(),
                post_id=form.cleaned_data["once"],
            )
        ),
    ):
        messages.success(request, _("The post is open. Now write down who takes turns."))
        return redirect("desk_ronda_people", watchpost_id=made[0].id)
    return shared.form_page(request, form, _("Open a watch post"), reverse("desk_ronda"), _("Open the post"))


@officer(*shared.READING)
@require_GET
def one(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """A post: tonight, and the nights before."""
    post = trying.found(access.post_for, request, watchpost_id)
    now = timezone.now()
    tonight = queries.tonight(post, now)
    page = reading.page_number(request.GET.get("page", ""))
    rows, more = night_queries.nights(post, page)
    [row] = [row for row in queries.posts(request.by, now) if row.post.id == post.id]
    context = {
        "row": row,
        "tonight": tonight,
        "tonight_words": shared.night_words(tonight),
        "nights": [{"night": night, "words": shared.night_words(night.night_date)} for night in rows],
        "older_url": f"?page={page + 1}" if more else "",
        "newer_url": f"?page={page - 1}" if page > 1 else "",
    }
    return shared.post_page(request, post, "desk/ronda/post.html", "desk_ronda_post", context)


# --- who takes turns -----------------------------------------------------------------------------------------------------------


@officer("watcher.add")
def people(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """Who takes turns: by name, or ticked in the register."""
    post = trying.found(access.post_for, request, watchpost_id)
    form = forms.WatcherForm(request.POST if "name" in request.POST else None)
    ticked = [key for key in map(reading.key, request.POST.getlist("person")) if key]
    if ticked:
        return trying.attempt(
            request, lambda: _add_ticked(request, post, ticked), reverse("desk_ronda_people", args=[post.id])
        )
    if form.is_valid() and trying.run(form, lambda: _add(request, post, form.cleaned_data)):
        messages.success(request, _("Added."))
        return redirect("desk_ronda_people", watchpost_id=post.id)
    typed = request.GET.get("kata", "").replace("\x00", "")[:60]
    ended = request.GET.get("lihat") == "dulu"
    today = queries.tonight(post, timezone.now())
    context = {
        "form": form,
        "rows": [_person_row(row) for row in queries.watchers(post, today, ended=ended)],
        "ended": ended,
        "typed": typed,
        "candidates": queries.candidates(request.by, post, typed),
    }
    status = 422 if form.errors else 200
    return shared.post_page(request, post, "desk/ronda/people.html", "desk_ronda_people", context, status)


def _add(request: Request, post: Any, said: Any) -> None:
    given = actions.WatcherGiven(name=said["name"], phone=said["phone"], group=said["group"])
    actions.add_watcher(
        by=request.by, at=timezone.now(), post_id=post.id, given=given, watcher_id=said["once"]
    )


def _add_ticked(request: Request, post: Any, ticked: list[UUID]) -> None:
    group = request.POST.get("kelompok", "")
    for key in ticked[: actions.MOST_AT_ONCE]:
        given = actions.WatcherGiven(person_id=key, group=group)
        actions.add_watcher(by=request.by, at=timezone.now(), post_id=post.id, given=given)


def _person_row(row: Any) -> dict[str, Any]:
    return {"one": row, "free": [exemption_words(one) for one in row.exemptions]}


def exemption_words(one: Any) -> str:
    """An exemption in a few words."""
    kind = _(rules.EXEMPTIONS[one.kind])
    if one.until_date is None:
        return kind
    return _("%(why)s, until %(day)s") % {"why": kind, "day": words.day(one.until_date)}


@officer("watcher.change")
def watcher(request: Request, watcher_id: UUID) -> HttpResponseBase:
    """Somebody who takes turns: name and group, and what frees them."""
    who = trying.found(access.watcher_for, request, watcher_id)
    first = {"name": who.name, "phone": who.phone, "group": who.group}
    posted = request.POST if request.method == "POST" else None
    change = forms.WatcherForm(posted if posted and "name" in posted else None, initial=first)
    free = forms.ExemptionForm(posted if posted and "kind" in posted else None, prefix=None)
    at, by = timezone.now(), request.by
    if change.is_valid() and trying.run(
        change,
        lambda: actions.change_watcher(
            by=by,
            at=at,
            watcher_id=who.id,
            **{name: change.cleaned_data[name] for name in ("name", "phone", "group")},
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_ronda_people", watchpost_id=who.post_id)
    if free.is_valid() and trying.run(free, lambda: _free(request, who, free.cleaned_data)):
        messages.success(request, _("Free of the watch. Rosters made from now on keep to it."))
        return redirect("desk_ronda_watcher", watcher_id=who.id)
    rows = who.exemptions.filter(withdrawn_at=None).order_by("-from_date")
    context = {
        "who": who,
        "change": change,
        "free": free,
        "exemptions": [
            {"one": one, "words": exemption_words(one), "since": words.day(one.from_date)} for one in rows
        ],
    }
    status = 422 if change.errors or free.errors else 200
    return shared.show(request, "desk/ronda/watcher.html", context, status)


def _free(request: Request, who: Any, said: Any) -> None:
    actions.grant_exemption(
        by=request.by,
        at=timezone.now(),
        watcher_id=who.id,
        kind=said["kind"],
        from_date=said["from_date"],
        until_date=said["until_date"],
        note=said["note"],
        exemption_id=said["once"],
    )


@officer("watcher.end")
@require_POST
def leave(request: Request, watcher_id: UUID) -> HttpResponseBase:
    """Take somebody off the list, or put them back."""
    who = trying.found(access.watcher_for, request, watcher_id)
    back = request.POST.get("kembali") == "ya"
    return trying.attempt(
        request,
        lambda: actions.end_watcher(by=request.by, at=timezone.now(), watcher_id=who.id, back=back),
        reverse("desk_ronda_people", args=[who.post_id]),
    )


@officer("exemption.end")
@require_POST
def end_exemption(request: Request, exemption_id: UUID) -> HttpResponseBase:
    """End an exemption."""
    back = reading.key(request.POST.get("peronda", ""))
    to = reverse("desk_ronda_watcher", args=[back]) if back else reverse("desk_ronda")
    return trying.attempt(
        request,
        lambda: actions.end_exemption(by=request.by, at=timezone.now(), exemption_id=exemption_id),
        to,
    )


# --- points and things ---------------------------------------------------------------------------------------------------------


@officer("watchpost.change")
@require_GET
def setup(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """Points of the round, things of the post, hours."""
    post = trying.found(access.post_for, request, watchpost_id)
    context = {
        "points": queries.points(post),
        "gear": [{"one": one, "kind": _(rules.GEAR[one.kind])} for one in queries.gear(post)],
        "gear_kinds": choices.pairs(rules.GEAR),
        "mode": _(rules.MODES[post.mode]),
        "times": ", ".join(one.replace(":", ".") for one in post.round_times),
    }
    return shared.post_page(request, post, "desk/ronda/setup.html", "desk_ronda_setup", context)


@officer("watchpost.change")
def change(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """Change what is said of a post."""
    post = trying.found(access.post_for, request, watchpost_id)
    first = {
        "name": post.name,
        "place": post.place,
        "hamlet": str(post.hamlet_id or ""),
        "starts": shared.clock(post.starts),
        "ends": shared.clock(post.ends),
        "mode": post.mode,
        "per_night": post.per_night,
        "round_times": ", ".join(one.replace(":", ".") for one in post.round_times),
    }
    posted = request.POST if request.method == "POST" else None
    form = forms.PostForm(posted, initial=first, by=request.by, village=post.region_code, old=True)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_watchpost(
            by=request.by, at=timezone.now(), post_id=post.id, given=form.given()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_ronda_setup", watchpost_id=post.id)
    return shared.form_page(
        request, form, _("Change the post"), reverse("desk_ronda_setup", args=[post.id]), _("Save")
    )


@officer("watchpost.change")
@require_POST
def keep(request: Request, watchpost_id: UUID, step: str) -> HttpResponseBase:
    """Add or take away a point or a thing; close the post or open it again."""
    post = trying.found(access.post_for, request, watchpost_id)
    said = request.POST
    by: dict[str, Any] = {"by": request.by, "at": timezone.now(), "post_id": post.id}
    key = reading.key(said.get("isi", ""))
    count = said.get("jumlah", "")
    steps: dict[str, Any] = {
        "titik": lambda: actions.add_watchpoint(**by, name=said.get("nama", "")),
        "hapus-titik": lambda: actions.remove_watchpoint(**by, point_id=key or post.id),
        "barang": lambda: actions.add_gear(
            **by,
            kind=said.get("jenis", ""),
            name=said.get("nama", ""),
            count=int(count) if count.isdigit() and len(count) < 5 else 1,
        ),
        "hapus-barang": lambda: actions.remove_gear(**by, gear_id=key or post.id),
        "tutup": lambda: actions.close_watchpost(**by),
        "buka": lambda: actions.close_watchpost(**by, open_again=True),
    }
    if step not in steps:
        raise Http404
    return trying.attempt(request, steps[step], reverse("desk_ronda_setup", args=[post.id]))
