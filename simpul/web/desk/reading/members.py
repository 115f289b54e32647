"""Members of a reading corner, and what is lent and late."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.village_post.access import reading as access
from simpul.village_post.actions import reading_loans as actions
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.reading import counter, forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def listed(request: Request, corner_id: UUID) -> HttpResponseBase:
    """The members of a corner."""
    corner = trying.found(access.corner_for, request, corner_id)
    typed = request.GET.get("kata", "").replace("\x00", "")[:60]
    ended = request.GET.get("lihat") == "dulu"
    page = reading.page_number(request.GET.get("page", ""))
    rows, more = queries.readers(corner, typed, ended=ended, page=page)
    kept = {**({"kata": typed} if typed else {}), **({"lihat": "dulu"} if ended else {})}
    context = {
        "rows": [{"one": one, "group": _(rules.GROUPS[one.group])} for one in rows],
        "typed": typed,
        "ended": ended,
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.page(request, corner, "desk/reading/members.html", "desk_reading_members", context)


@officer("reader.add")
def new(request: Request, corner_id: UUID) -> HttpResponseBase:
    """A new member: somebody of the register with one press, or by name."""
    corner = trying.found(access.corner_for, request, corner_id)
    person = reading.key(request.POST.get("person", ""))
    form = forms.MemberForm(request.POST if request.method == "POST" and person is None else None)
    typed = request.GET.get("kata", "").replace("\x00", "")[:60]
    today = queries.today(corner, timezone.now())
    made: list[Any] = []

    def join(given: actions.ReaderGiven, key: UUID | None) -> None:
        made.append(
            actions.add_reader(
                by=request.by, at=timezone.now(), corner_id=corner.id, given=given, reader_id=key
            )
        )

    if person is not None:
        group = request.POST.get("kelompok", "adult")
        answer = trying.attempt(
            request,
            lambda: join(actions.ReaderGiven(person_id=person, group=group), None),
            reverse("desk_reading_member_new", args=[corner.id]),
        )
        return _welcome(request, made) or answer
    if form.is_valid() and trying.run(form, lambda: join(form.given(), form.cleaned_data["once"])):
        return _welcome(request, made) or redirect("desk_reading_members", corner_id=corner.id)
    context = {
        "form": form,
        "typed": typed,
        "candidates": [
            {"one": one, "group": queries.group_of(one.birth_date, today)}
            for one in queries.candidates(request.by, corner, typed)
        ],
    }
    status = 422 if form.errors else 200
    return shared.page(
        request, corner, "desk/reading/member_new.html", "desk_reading_members", context, status
    )


def _welcome(request: Request, made: list[Any]) -> HttpResponseBase | None:
    if not made:
        return None
    messages.success(request, _("Member with card %(code)s.") % {"code": made[0].code})
    return redirect("desk_reading_member", reader_id=made[0].id)


@officer(*shared.READING)
@require_GET
def one(request: Request, reader_id: UUID) -> HttpResponseBase:
    """A member: the card, what they have, what they had."""
    who = trying.found(access.reader_for, request, reader_id)
    today = queries.today(who.corner, timezone.now())
    context = {
        "who": who,
        "group": _(rules.GROUPS[who.group]),
        "loans": [counter.loan_row(row, today) for row in queries.open_loans(who)],
        "before": [
            {"one": row, "lent": words.short_day(row.lent_at, who.corner.region_code)}
            for row in queries.history(who)
        ],
    }
    return shared.page(request, who.corner, "desk/reading/member.html", "desk_reading_members", context)


@officer("reader.change")
def change(request: Request, reader_id: UUID) -> HttpResponseBase:
    """Change a member."""
    who = trying.found(access.reader_for, request, reader_id)
    names = ("name", "group", "guardian", "phone", "address")
    form = forms.MemberForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(who, name) for name in names},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_reader(by=request.by, at=timezone.now(), reader_id=who.id, given=form.given()),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_reading_member", reader_id=who.id)
    back = reverse("desk_reading_member", args=[who.id])
    return shared.form_page(request, form, _("Change the member"), back, _("Save"), intro=who.code)


@officer("reader.end")
@require_POST
def end(request: Request, reader_id: UUID) -> HttpResponseBase:
    """End a membership, or begin it again."""
    back = request.POST.get("kembali") == "ya"
    return trying.attempt(
        request,
        lambda: actions.end_reader(by=request.by, at=timezone.now(), reader_id=reader_id, back=back),
        reverse("desk_reading_member", args=[reader_id]),
    )


@officer(*shared.READING)
@require_GET
def late(request: Request, corner_id: UUID) -> HttpResponseBase:
    """What is lent, the late ones first with a text to copy."""
    corner = trying.found(access.corner_for, request, corner_id)
    today = queries.today(corner, timezone.now())
    rows = [counter.loan_row(one, today) for one in queries.loans(corner)[:300]]
    context = {
        "late": [{**row, "text": _reminder(row, corner)} for row in rows if row["late"]],
        "rows": [row for row in rows if not row["late"]],
    }
    return shared.page(request, corner, "desk/reading/late.html", "desk_reading_late", context)


def _reminder(row: Any, corner: Any) -> str:
    """The text to copy: friendly, without a word of money."""
    said = {
        "name": row["one"].reader.guardian or row["one"].reader.name,
        "title": row["one"].copy.title.title,
        "day": row["due"],
        "corner": corner.name,
        "hours": shared.hours(corner),
    }
    return (
        _(
            "Greetings, %(name)s. The book “%(title)s” of %(corner)s was due on %(day)s. Others are waiting for it. "
            "Please bring it back or ask for more time: %(hours)s. There is no fine."
        )
        % said
    )
