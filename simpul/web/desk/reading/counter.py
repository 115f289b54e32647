"""The counter of a reading corner: one field that understands cards, labels, book numbers and words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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

from simpul import roles
from simpul.lib.errors import Refused
from simpul.village_post.access import reading as access
from simpul.village_post.actions import reading_books, reading_loans
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.reading import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def corners(request: Request) -> HttpResponseBase:
    """The reading corners of the area."""
    rows = [
        {"one": one, "where": shared.where(one), "hours": shared.hours(one)}
        for one in queries.corners(request.by)
    ]
    context = {"rows": rows, "may_open": roles.may_somewhere(request.by, "corner.open")}
    return shared.show(request, "desk/reading/list.html", context)


@officer("corner.open")
def new(request: Request) -> HttpResponseBase:
    """Open a reading corner."""
    form = forms.CornerForm(
        request.POST if request.method == "POST" else None, by=request.by, village=request.by.served_areas[0]
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            reading_books.open_corner(
                by=request.by,
                at=timezone.now(),
                region_code=form.code(),
                letters=form.cleaned_data["letters"],
                given=form.given(),
                corner_id=form.cleaned_data["once"],
            )
        ),
    ):
        messages.success(request, _("The reading corner is open. Enter the first book."))
        return redirect("desk_reading_title_new", corner_id=made[0].id)
    return shared.form_page(request, form, _("Open a reading corner"), reverse("desk_reading"), _("Open it"))


@officer("corner.change")
def settings(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Hours, closed days, how long a loan lasts."""
    corner = trying.found(access.corner_for, request, corner_id)
    first = {
        "name": corner.name,
        "place": corner.place,
        "open_days": [str(day) for day in corner.open_days],
        "opens": f"{corner.opens:%H.%M}" if corner.opens else "",
        "closes": f"{corner.closes:%H.%M}" if corner.closes else "",
        "holidays_closed": corner.holidays_closed,
        "closed_dates": "\n".join(f"{date.fromisoformat(one):%d/%m/%Y}" for one in corner.closed_dates),
        "loan_days": corner.loan_days,
        "most_loans": corner.most_loans,
        "most_renewals": corner.most_renewals,
    }
    form = forms.CornerForm(
        request.POST if request.method == "POST" else None, initial=first, by=request.by, old=True
    )
    if form.is_valid() and trying.run(
        form,
        lambda: reading_books.change_corner(
            by=request.by, at=timezone.now(), corner_id=corner.id, given=form.given()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_reading_settings", corner_id=corner.id)
    status = 422 if form.errors else 200
    return shared.page(
        request, corner, "desk/reading/settings.html", "desk_reading_settings", {"form": form}, status
    )


@officer("corner.close")
@require_POST
def close(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Close a corner, or open it again."""
    again = request.POST.get("lagi") == "ya"
    return trying.attempt(
        request,
        lambda: reading_books.close_corner(
            by=request.by, at=timezone.now(), corner_id=corner_id, open_again=again
        ),
        reverse("desk_reading_settings", args=[corner_id]),
    )


# --- the counter -----------------------------------------------------------------------------------------------------------------


@officer(*shared.READING)
@require_GET
def counter(request: Request, corner_id: UUID) -> HttpResponseBase:
    """The field to scan into, the member in hand with their books, and what was found."""
    corner = trying.found(access.corner_for, request, corner_id)
    who = _in_hand(request, corner)
    typed = request.GET.get("kata", "").replace("\x00", "")[:80]
    seen = queries.scanned(corner, typed) if typed else queries.Scanned()
    copy = _copy(request, corner)
    out = queries.open_loan(copy) if copy else None
    today = queries.today(corner, timezone.now())
    context = {
        "who": who,
        "loans": [loan_row(one, today) for one in queries.open_loans(who)] if who else [],
        "group": _(rules.GROUPS[who.group]) if who else "",
        "typed": typed,
        "seen": seen,
        "nothing": bool(typed) and not seen.titles and not seen.readers,
        "copy": copy,
        "out": loan_row(out, today) if out else None,
        "undo": _undo(request, corner),
        "over": request.GET.get("lebih") == "1",
    }
    return shared.page(request, corner, "desk/reading/counter.html", "desk_reading_corner", context)


def loan_row(one: Any, today: date) -> dict[str, Any]:
    """A loan in words: until when, how late."""
    late = rules.overdue_days(one.due_date, today)
    soon = not late and (one.due_date - today).days <= rules.DUE_SOON_DAYS
    return {
        "one": one,
        "due": words.day(one.due_date),
        "late": late,
        "tone": "bad" if late else "warn" if soon else "",
    }


def _in_hand(request: Request, corner: Any) -> Any:
    key = reading.key(request.GET.get("anggota", ""))
    who = trying.found(access.reader_for, request, key) if key else None
    return who if who is not None and who.corner_id == corner.id else None


def _copy(request: Request, corner: Any) -> Any:
    key = reading.key(request.GET.get("buku", ""))
    copy = trying.found(access.copy_for, request, key) if key else None
    return copy if copy is not None and copy.corner_id == corner.id else None


def _undo(request: Request, corner: Any) -> dict[str, Any] | None:
    """What was done last, for the button that takes it back."""
    key, step = reading.key(request.GET.get("batal", "")), request.GET.get("cara", "")
    if key is None or step not in ("coret", "masih"):
        return None
    one = trying.found(access.loan_for, request, key)
    return {"one": one, "step": step} if one.copy.corner_id == corner.id else None


@officer("copy.lend")
@require_POST
def scan(request: Request, corner_id: UUID) -> HttpResponseBase:
    """What was scanned: a card takes the member in hand; a book is lent to them, or taken back when it is out."""
    corner = trying.found(access.corner_for, request, corner_id)
    typed = request.POST.get("kode", "").replace("\x00", "").strip()[:80]
    who = reading.key(request.POST.get("anggota", ""))
    here = reverse("desk_reading_corner", args=[corner.id])
    kept = {"anggota": str(who)} if who else {}
    seen = queries.scanned(corner, typed) if typed else queries.Scanned()
    if seen.reader is not None:
        return redirect(f"{here}?{urlencode({'anggota': str(seen.reader.id)})}")
    if seen.copy is None:
        return redirect(f"{here}?{urlencode({**kept, 'kata': typed})}" if typed else here)
    try:
        more = _handle(request, seen.copy, who)
    except Refused as refusal:
        messages.error(request, str(refusal))
        over = {"lebih": "1"} if isinstance(refusal, reading_loans.TooMany) else {}
        more = {"buku": str(seen.copy.id), **over}
    return redirect(f"{here}?{urlencode({**kept, **more})}")


def _handle(request: Request, copy: Any, who: UUID | None) -> dict[str, str]:
    """Take a copy back that is out; else lend it to the member in hand; else show it."""
    at, by = timezone.now(), request.by
    said = {"title": copy.title.title}
    if queries.open_loan(copy) is not None or copy.state == "lost":
        loan = reading_loans.return_copy(by=by, at=at, copy_id=copy.id, returned_at=at)
        messages.success(request, _("Taken back: %(title)s") % said)
        return {"batal": str(loan.id), "cara": "masih"} if loan is not None else {}
    if who is None:
        return {"buku": str(copy.id)}
    over = request.POST.get("lebih") == "1"
    loan = reading_loans.lend_copy(
        by=by, at=at, copy_id=copy.id, reader_id=who, lent_at=at, all_the_same=over
    )
    messages.success(request, _("Lent: %(title)s, until %(day)s") % {**said, "day": words.day(loan.due_date)})
    return {"batal": str(loan.id), "cara": "coret"}


@officer("copy.lend")
@require_POST
def loan(request: Request, loan_id: UUID, step: str) -> HttpResponseBase:
    """Renew a loan, take the book back, write it down as lost; or undo what was pressed by mistake."""
    one = trying.found(access.loan_for, request, loan_id)
    at, by = timezone.now(), request.by
    over = request.POST.get("lebih") == "1"
    steps: dict[str, Callable[[], Any]] = {
        "perpanjang": lambda: reading_loans.renew_loan(
            by=by, at=at, loan_id=one.id, renewed_at=at, all_the_same=over
        ),
        "kembali": lambda: reading_loans.return_copy(by=by, at=at, copy_id=one.copy_id, returned_at=at),
        "hilang": lambda: reading_books.lose_copy(by=by, at=at, copy_id=one.copy_id),
        "coret": lambda: reading_loans.strike_loan(by=by, at=at, loan_id=one.id),
        "masih": lambda: reading_loans.reopen_loan(by=by, at=at, loan_id=one.id),
    }
    if step not in steps:
        raise Http404
    if request.POST.get("ke") == "terlambat":
        back = reverse("desk_reading_late", args=[one.copy.corner_id])
    else:
        back = f"{reverse('desk_reading_corner', args=[one.copy.corner_id])}?anggota={one.reader_id}"
    return trying.attempt(request, steps[step], back)
