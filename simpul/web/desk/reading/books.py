"""The books: the shelf, a title with its copies, a book number that fills the form, gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
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
from simpul.village_post.access import reading as access
from simpul.village_post.actions import reading_books as actions
from simpul.village_post.queries import reading as queries
from simpul.village_post.rules import reading as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.reading import counter, forms, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("kata", "jenis", "untuk", "ada")


@officer(*shared.READING)
@require_GET
def shelf(request: Request, corner_id: UUID) -> HttpResponseBase:
    """The titles of a corner, narrowed by what the address says."""
    corner = trying.found(access.corner_for, request, corner_id)
    kept = {name: request.GET[name].replace("\x00", "")[:80] for name in FILTERS if request.GET.get(name)}
    page = reading.page_number(request.GET.get("page", ""))
    rows, more = queries.shelf(corner, filters_of(kept, page))
    context = {
        "rows": [{"one": one, "category": _(rules.CATEGORIES[one.category])} for one in rows],
        "filters": {name: kept.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "categories": choices.pairs(rules.CATEGORIES),
        "ages": choices.pairs(rules.GROUPS),
        "free": [("1", _("on the shelf"))],
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.page(request, corner, "desk/reading/books.html", "desk_reading_books", context)


def filters_of(kept: dict[str, str], page: int) -> queries.Filters:
    """What the address says about the shelf."""
    return queries.Filters(
        kept.get("kata", ""), kept.get("jenis", ""), kept.get("untuk", ""), bool(kept.get("ada")), page
    )


@officer("title.add")
def new(request: Request, corner_id: UUID) -> HttpResponseBase:
    """A new title. A book number that somebody has entered before fills the form."""
    corner = trying.found(access.corner_for, request, corner_id)
    typed = request.GET.get("isbn", "").replace("\x00", "")[:20]
    known = queries.known_isbn(rules.isbn(typed)) if rules.is_isbn(typed) else None
    first: dict[str, Any] = {"isbn": typed} if typed else {}
    if known is not None:
        names = ("isbn", "title", "author", "publisher", "year", "category", "language", "ages", "about")
        first = {name: getattr(known, name) for name in names}
    form = forms.TitleForm(request.POST if request.method == "POST" else None, initial=first)
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_add(request, corner, form))):
        messages.success(request, _("Added. Print the labels when the shelf is full."))
        return redirect("desk_reading_title", title_id=made[0].id)
    here = known if known is not None and known.corner_id == corner.id else None
    context = {
        "form": form,
        "typed": typed,
        "known": known,
        "here": here,
        "wrong": bool(typed) and not rules.is_isbn(typed),
    }
    status = 422 if form.errors else 200
    return shared.page(request, corner, "desk/reading/title_new.html", "desk_reading_books", context, status)


def _add(request: Request, corner: Any, form: Any) -> Any:
    at, by = timezone.now(), request.by
    said = form.cleaned_data
    title = actions.add_title(by=by, at=at, corner_id=corner.id, given=form.given(), title_id=said["once"])
    if said["number"] and not title.copies.exists():
        actions.add_copies(by=by, at=at, title_id=title.id, number=said["number"], source=said["source"])
    return title


@officer(*shared.READING)
def title(request: Request, title_id: UUID) -> HttpResponseBase:
    """A title with its copies: where each is, and more of them."""
    one = trying.found(access.title_for, request, title_id)
    gifts = [
        (str(gift.id), f"{_('unnamed') if gift.hidden else gift.donor}, {words.day(gift.given_date)}")
        for gift in queries.donations(one.corner)
    ]
    form = forms.CopiesForm(request.POST if request.method == "POST" else None, gifts=gifts)
    if form.is_valid() and trying.run(form, lambda: _more(request, one, form.cleaned_data)):
        return redirect("desk_reading_title", title_id=one.id)
    today = queries.today(one.corner, timezone.now())
    rows = queries.copies(one)
    context = {
        "title": one,
        "category": _(rules.CATEGORIES[one.category]),
        "language": _(rules.LANGUAGES[one.language]),
        "ages": _(rules.AGES[one.ages]),
        "rows": [
            {
                "one": row,
                "state": _(rules.COPY_STATES[row.state]),
                "tone": shared.STATE_TONES[row.state],
                "source": _(rules.SOURCES[row.copy.source]),
                "loan": counter.loan_row(row.loan, today) if row.loan else None,
            }
            for row in rows
        ],
        "form": form,
        "codes": ",".join(row.copy.code for row in rows if row.copy.state != "withdrawn"),
    }
    status = 422 if form.errors else 200
    return shared.page(request, one.corner, "desk/reading/title.html", "desk_reading_books", context, status)


def _more(request: Request, one: Any, said: Any) -> None:
    number = said["number"]
    made = actions.add_copies(
        by=request.by,
        at=timezone.now(),
        title_id=one.id,
        number=number,
        source=said["source"],
        code=said["code"],
        donation_id=reading.key(said["gift"]),
        copy_ids=[said["once"] or uuid7()],
    )
    text = ngettext("%(n)s copy added.", "%(n)s copies added.", len(made)) % {"n": len(made)}
    messages.success(request, text)


@officer("title.change")
def change(request: Request, title_id: UUID) -> HttpResponseBase:
    """Change a title."""
    one = trying.found(access.title_for, request, title_id)
    names = ("isbn", "title", "author", "publisher", "year", "category", "language", "ages", "shelf", "about")
    form = forms.TitleForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(one, name) for name in names},
        old=True,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_title(by=request.by, at=timezone.now(), title_id=one.id, given=form.given()),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_reading_title", title_id=one.id)
    back = reverse("desk_reading_title", args=[one.id])
    return shared.form_page(request, form, _("Change the title"), back, _("Save"))


@officer("copy.lose")
@require_POST
def keep(request: Request, copy_id: UUID, step: str) -> HttpResponseBase:
    """A copy is lost, found again, or taken out of the collection."""
    copy = trying.found(access.copy_for, request, copy_id)
    at, by = timezone.now(), request.by
    why = request.POST.get("kata", "")
    steps: dict[str, Callable[[], Any]] = {
        "hilang": lambda: actions.lose_copy(by=by, at=at, copy_id=copy.id, why=why),
        "ketemu": lambda: actions.find_copy(by=by, at=at, copy_id=copy.id),
        "keluar": lambda: actions.withdraw_copy(by=by, at=at, copy_id=copy.id, why=why),
    }
    if step not in steps:
        raise Http404
    stock = reading.key(request.POST.get("stok", ""))
    back = (
        reverse("desk_reading_stock", args=[stock])
        if stock
        else reverse("desk_reading_title", args=[copy.title_id])
    )
    return trying.attempt(request, steps[step], back)


@officer("donation.record")
def gifts(request: Request, corner_id: UUID) -> HttpResponseBase:
    """Gifts of books."""
    corner = trying.found(access.corner_for, request, corner_id)
    today = queries.today(corner, timezone.now())
    form = forms.GiftForm(
        request.POST if request.method == "POST" else None, initial={"given_date": today, "books": 1}
    )
    if form.is_valid() and trying.run(form, lambda: _give(request, corner, form.cleaned_data)):
        messages.success(request, _("Thank you, written down."))
        return redirect("desk_reading_gifts", corner_id=corner.id)
    rows = [{"one": one, "day": words.day(one.given_date)} for one in queries.donations(corner)]
    status = 422 if form.errors else 200
    context = {"form": form, "rows": rows}
    return shared.page(request, corner, "desk/reading/gifts.html", "desk_reading_gifts", context, status)


def _give(request: Request, corner: Any, said: Any) -> None:
    actions.record_donation(
        by=request.by,
        at=timezone.now(),
        corner_id=corner.id,
        donor=said["donor"],
        given_date=said["given_date"],
        books=said["books"],
        hidden=said["hidden"],
        words=said["words"],
        donation_id=said["once"],
    )
