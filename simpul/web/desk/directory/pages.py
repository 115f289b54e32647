"""Keeping the directory: lines, consents to a contact, what ended, and a text to copy for the group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.access import ideas as access
from simpul.community.actions import directory as actions
from simpul.community.queries import directory as queries
from simpul.community.rules import board as board_rules
from simpul.community.rules import directory as rules
from simpul.lib import money
from simpul.web.desk import frame, trying, words
from simpul.web.desk.directory import forms
from simpul.web.desk.ideas import shared as idea_shared
from simpul.web.policy import Request, officer
from simpul.web.portal.directory import words as directory_words

HERE = "desk_directory"


@officer(*access.KEEPING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The directory for those who keep it."""
    given = request.GET
    kind = given.get("jenis", "") if given.get("jenis", "") in rules.KINDS else ""
    typed = given.get("kata", "").replace("\x00", "").strip()[:80]
    ended = given.get("berakhir", "") == "1"
    rows = queries.kept(request.by, kind=kind, words=typed, ended=ended)
    agreed = queries.agreements(rows)
    context = {
        "rows": [
            {
                "one": one,
                "kind": _(rules.ONE[one.kind]),
                "season": directory_words.season(one),
                "contact": _contact(one, agreed.get(one.id)),
            }
            for one in rows
        ],
        "kinds": [(code, _(name)) for code, name in rules.KINDS.items()],
        "kind": kind,
        "search": typed,
        "ended": ended,
        "filtered": bool(kind or typed or ended),
    }
    return frame.show(request, "desk/directory/list.html", context, here=HERE)


def _contact(one: Any, agreed: Any) -> tuple[str, str]:
    if agreed is not None:
        return _("contact shown"), "good"
    return (_("asks for consent"), "warn") if one.contact_phone else (_("no contact"), "")


def _one_or_404(request: Request, listing_id: UUID) -> Any:
    return trying.found(access.listing_for, request, listing_id)


@officer(*access.KEEPING)
@require_GET
def one(request: Request, listing_id: UUID) -> HttpResponseBase:
    """One line with its consents."""
    row = _one_or_404(request, listing_id)
    parcel, work = queries.links_of(row)
    consents = queries.agreements_of(row)
    context = {
        "row": row,
        "kind": _(rules.ONE[row.kind]),
        "season": directory_words.season(row),
        "days": directory_words.days(row),
        "price": money.rupiah(row.price) if row.price is not None else "",
        "parcel": parcel,
        "work": work,
        "consents": [
            (one, _(rules.HOW[one.how]), words.moment(one.given_at, row.region_code)) for one in consents
        ],
        "standing": any(one.withdrawn_at is None for one in consents),
    }
    return frame.show(request, "desk/directory/one.html", context, here=HERE)


@officer("listing.add")
def new(request: Request) -> HttpResponseBase:
    """A new line."""
    village = idea_shared.own_village(request)
    form = forms.ListingForm(
        request.POST if request.method == "POST" else None,
        by=request.by,
        village=village,
        initial={"kind": request.GET.get("jenis", "business")},
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.add_listing(
                by=request.by,
                at=timezone.now(),
                region_code=form.cleaned_data["place_code"],
                given=form.listing(),
                listing_id=form.cleaned_data["listing_id"],
            )
        ),
    ):
        messages.success(request, _("Added. Now ask whether the contact may be shown."))
        return redirect("desk_listing", listing_id=made[0].id)
    return _ask(request, form, _("New line of the directory"), _("Add"), reverse("desk_directory"))


def _ask(request: Request, form: Any, heading: str, button: str, back: str, **more: Any) -> HttpResponseBase:
    context = {"form": form, "heading": heading, "button": button, "back": back, **more}
    return frame.show(
        request, "desk/directory/ask.html", context, status=422 if form.errors else 200, here=HERE
    )


@officer("listing.change")
def change(request: Request, listing_id: UUID) -> HttpResponseBase:
    """Change a line."""
    row = _one_or_404(request, listing_id)
    plain = (
        "kind",
        "name",
        "place",
        "offers",
        "about",
        "hours",
        "price",
        "unit",
        "contact_name",
        "contact_phone",
    )
    first = {name: getattr(row, name) for name in plain}
    first |= {
        "months": [str(one) for one in rules.numbers(row.months, 12)],
        "weekdays": [str(one) for one in rules.numbers(row.weekdays, 7)],
        "hamlet": str(row.hamlet_id or ""),
        "parcel": str(row.parcel_id or ""),
        "work": str(row.work_id or ""),
    }
    form = forms.ListingForm(
        request.POST if request.method == "POST" else None,
        by=request.by,
        village=row.region_code,
        old=True,
        initial=first,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_listing(
            by=request.by, at=timezone.now(), listing_id=row.id, given=form.listing()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_listing", listing_id=row.id)
    back = reverse("desk_listing", args=[row.id])
    return _ask(request, form, _("Change the line"), _("Save"), back)


@officer("agreement.give")
def agree(request: Request, listing_id: UUID) -> HttpResponseBase:
    """Read the words aloud, and write down the answer."""
    row = _one_or_404(request, listing_id)
    form = forms.AgreeForm(
        request.POST if request.method == "POST" else None,
        initial={"given_by": row.contact_name, "how": "spoken"},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.give_agreement(
            by=request.by,
            at=timezone.now(),
            listing_id=row.id,
            given_by=form.cleaned_data["given_by"],
            how=form.cleaned_data["how"],
        ),
    ):
        messages.success(request, _("The contact is shown from now on."))
        return redirect("desk_listing", listing_id=row.id)
    back = reverse("desk_listing", args=[row.id])
    return _ask(
        request, form, _("May the contact be shown?"), _("Write down"), back, aloud=_(rules.CONSENT_WORDS)
    )


@officer("agreement.withdraw")
def disagree(request: Request, listing_id: UUID) -> HttpResponseBase:
    """The owner agrees no longer."""
    row = _one_or_404(request, listing_id)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.withdraw_agreement(
            by=request.by, at=timezone.now(), listing_id=row.id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("The contact is hidden at once."))
        return redirect("desk_listing", listing_id=row.id)
    back = reverse("desk_listing", args=[row.id])
    return _ask(request, form, _("The owner agrees no longer"), _("Hide the contact"), back, danger=True)


@officer("listing.end")
def end(request: Request, listing_id: UUID) -> HttpResponseBase:
    """Take a line out."""
    row = _one_or_404(request, listing_id)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.end_listing(
            by=request.by, at=timezone.now(), listing_id=row.id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Taken out of the directory. It can be put back."))
        return redirect("desk_listing", listing_id=row.id)
    back = reverse("desk_listing", args=[row.id])
    return _ask(request, form, _("Take it out of the directory"), _("Take it out"), back, danger=True)


@officer("listing.restore")
@require_POST
def restore(request: Request, listing_id: UUID) -> HttpResponseBase:
    """Put a line back."""

    def act() -> None:
        actions.restore_listing(by=request.by, at=timezone.now(), listing_id=listing_id)
        messages.success(request, _("It stands in the directory again."))

    return trying.attempt(request, act, reverse("desk_listing", args=[listing_id]))


@officer(*access.KEEPING)
@require_GET
def text(request: Request) -> HttpResponseBase:
    """What the village offers this month, as a text to copy for the group."""
    code = idea_shared.village(request) or request.by.served_areas[0]
    month = idea_shared.today(code).month
    lines = queries.public_lines(region=code, month=month)
    parts = [
        board_rules.Part(
            _(name),
            tuple(directory_words.line(one) for one in lines if one.listing.kind == kind),
        )
        for kind, name in rules.KINDS.items()
    ]
    body = board_rules.group_text(
        _("What our village offers: %(place)s") % {"place": idea_shared.place_name(code)},
        parts,
        [request.build_absolute_uri(reverse("directory"))],
    )
    context = {"body": body, "nothing": not lines, "rows": body.count("\n") + 2}
    return frame.show(request, "desk/directory/text.html", context, here=HERE)
