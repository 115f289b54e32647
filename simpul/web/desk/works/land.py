"""Idle land: the list, a parcel with its story, the owner's consent, who tills it, what it bore, giving it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from simpul.community.actions import land as actions
from simpul.community.queries import land as queries
from simpul.community.rules import land as rules
from simpul.lib import money
from simpul.lib.errors import NotFound
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.works import land_forms as forms
from simpul.web.desk.works import shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

READING = ("land.offer",)


@officer(*READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Parcels of the area; what must be given back comes first."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    state = given.get("keadaan", "")
    day = shared.today(request.by.served_areas[0])
    rows = queries.listed(request.by, day, region=narrowed.code, state=state if state in rules.STATES else "")
    context = {
        "rows": [_row(one) for one in rows],
        "area": narrowed,
        "state": state,
        "states": choices.pairs(rules.STATES),
        "filtered": bool(state or given.get("wilayah")),
    }
    return frame.show(request, "desk/works/land_list.html", context, here=shared.LAND)


def _row(one: queries.Standing) -> dict[str, Any]:
    return {
        "parcel": one.parcel,
        "size": size_words(one.parcel.square_metres),
        "ground": _(rules.GROUNDS[one.parcel.ground]),
        "state": _(rules.STATES[one.state]),
        "tone": shared.LAND_TONES[one.state],
        "use": one.use,
        "until": words.day(one.use.until_date) if one.use else "",
    }


def size_words(square_metres: int) -> str:
    """An area as people say it: "850 m²", "1,25 ha"."""
    if square_metres < 10_000:
        return f"{money.group_thousands(square_metres)} m²"
    return f"{square_metres / 10_000:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " ha"


@officer("land.offer")
def new(request: Request) -> HttpResponseBase:
    """List a piece of land."""
    village = shared.own_village(request)
    form = forms.ParcelForm(
        request.POST if request.method == "POST" else None, initial={}, by=request.by, village=village
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.offer_land(
                by=request.by,
                at=timezone.now(),
                region_code=village or form.cleaned_data["place_code"],
                piece=form.piece(),
                parcel_id=form.cleaned_data["entry_id"],
            )
        ),
    ):
        messages.success(request, _("Listed. Now write down until when the owner lets it be used."))
        return redirect("desk_land_one", parcel_id=made[0].id)
    return shared.form_page(request, "desk/works/land_new.html", form, {"parcel": None}, here=shared.LAND)


@officer("land.change")
def change(request: Request, parcel_id: UUID) -> HttpResponseBase:
    """Correct what is known of a parcel."""
    parcel = _told(request, parcel_id).standing.parcel
    names = ("name", "square_metres", "ground", "owner_name", "owner_phone", "water", "right", "bounds")
    first = {**{name: getattr(parcel, name) for name in names}, "hamlet": str(parcel.hamlet_id or "")}
    form = forms.ParcelForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        by=request.by,
        village=parcel.region_code,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_land(
            by=request.by, at=timezone.now(), parcel_id=parcel.id, piece=form.piece(parcel.owner_id)
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_land_one", parcel_id=parcel.id)
    return shared.form_page(request, "desk/works/land_new.html", form, {"parcel": parcel}, here=shared.LAND)


def _told(request: Request, parcel_id: UUID) -> queries.Told:
    zone_day = shared.today(request.by.served_areas[0])
    return trying.found(queries.told, request, parcel_id, zone_day)


@officer(*READING)
@require_GET
def one(request: Request, parcel_id: UUID) -> HttpResponseBase:
    """A parcel with consents, uses, costs and harvests."""
    told = _told(request, parcel_id)
    code = told.standing.parcel.region_code
    context = {
        "told": told,
        **_row(told.standing),
        "where": shared.place_name(code),
        "consents": [(one, _(rules.HOW[one.how])) for one in told.consents],
        "uses": [_use(one) for one in told.uses],
        "may_change": shared.may(request, "land.change", code),
        "may_remove": shared.may(request, "land.remove", code) and told.standing.use is None,
    }
    return frame.show(request, "desk/works/land.html", context, here=shared.LAND)


def _use(use: Any) -> dict[str, Any]:
    standing = [one for one in use.harvests.all() if one.withdrawn_at is None]
    costs = sum(one.value for one in use.inputs.all() if one.withdrawn_at is None)
    return {
        "use": use,
        "term": f"{words.day(use.started_date)} – {words.day(use.until_date)}",
        "returned": words.day(use.returned_date),
        "users_share": 100 - use.owner_share - use.village_share,
        "costs": money.rupiah(costs),
        "value": money.rupiah(sum(one.value for one in standing)),
        "harvested": money.weight(sum(one.grams for one in standing)),
        "harvests": [_harvest(one) for one in use.harvests.all()],
        "inputs": [{"row": one, "value": money.rupiah(one.value)} for one in use.inputs.all()],
    }


def _harvest(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "much": money.weight(one.grams),
        "owner": money.weight(one.owner_grams),
        "village": money.weight(one.village_grams),
        "users": money.weight(one.grams - one.owner_grams - one.village_grams),
    }


# --- what is written down about a parcel or a use ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Writing:
    """What is asked, and the act that takes the answers; ``of`` names the argument that says about what."""

    act: str
    of: str
    heading: Any
    button: Any
    done: Any
    form: Callable[..., Any]
    run: Callable[..., Any]


WRITINGS: dict[str, Writing] = {
    "izin": Writing(
        "land.agree",
        "parcel_id",
        _lazy("The owner lets the land be used"),
        _lazy("Write down"),
        _lazy("Consent written down."),
        forms.TermsForm,
        actions.agree_land,
    ),
    "cabut": Writing(
        "land.withdraw",
        "consent_id",
        _lazy("The owner takes the consent back"),
        _lazy("Take back"),
        _lazy("Taken back: nothing new begins. What grows is harvested as agreed."),
        forms.WhyForm,
        actions.withdraw_land,
    ),
    "garap": Writing(
        "use.begin",
        "parcel_id",
        _lazy("A group begins to till"),
        _lazy("Write down"),
        _lazy("The group may begin."),
        forms.TillingForm,
        actions.begin_use,
    ),
    "biaya": Writing(
        "input.record",
        "use_id",
        _lazy("Write down a cost"),
        _lazy("Write down"),
        _lazy("Cost written down."),
        forms.InputForm,
        actions.record_input,
    ),
    "panen": Writing(
        "harvest.record",
        "use_id",
        _lazy("Write down a harvest"),
        _lazy("Write down"),
        _lazy("Harvest written down and shared as agreed."),
        forms.HarvestForm,
        actions.record_harvest,
    ),
    "kembali": Writing(
        "use.end",
        "use_id",
        _lazy("The land goes back to its owner"),
        _lazy("Give back"),
        _lazy("Given back."),
        forms.GiveBackForm,
        actions.end_use,
    ),
    "batal-biaya": Writing(
        "input.withdraw",
        "entry_id",
        _lazy("Take a cost back"),
        _lazy("Take back"),
        _lazy("Taken back. The line stays, struck through."),
        forms.WhyForm,
        actions.withdraw_input,
    ),
    "batal-panen": Writing(
        "harvest.withdraw",
        "entry_id",
        _lazy("Take a harvest back"),
        _lazy("Take back"),
        _lazy("Taken back. The line stays, struck through."),
        forms.WhyForm,
        actions.withdraw_harvest,
    ),
}


@officer(*READING)
def write(request: Request, parcel_id: UUID, name: str, of_id: UUID) -> HttpResponseBase:
    """Write one of these down: about the parcel, one of its uses, consents or lines."""
    told, writing = _told(request, parcel_id), WRITINGS.get(name)
    code = told.standing.parcel.region_code
    if writing is None or not shared.may(request, writing.act, code):
        raise Http404
    form = writing.form(
        request.POST if request.method == "POST" else None,
        initial={"day": shared.today(code), **forms.first_of(name, told)},
    )
    given: dict[str, Any] = {"by": request.by, "at": timezone.now(), writing.of: of_id}
    if form.is_valid() and trying.run(form, lambda: writing.run(**given, **form.given())):
        messages.success(request, str(writing.done))
        return redirect("desk_land_one", parcel_id=parcel_id)
    context = {
        "parcel": told.standing.parcel,
        "heading": writing.heading,
        "button": writing.button,
        "rights": name in ("izin", "garap"),
    }
    return shared.form_page(request, "desk/works/land_ask.html", form, context, here=shared.LAND)


@officer("land.remove")
def remove(request: Request, parcel_id: UUID) -> HttpResponseBase:
    """Take a parcel off the list; its story stays."""
    _told(request, parcel_id)
    if request.method != "POST":
        return redirect("desk_land_one", parcel_id=parcel_id)
    try:
        actions.remove_land(by=request.by, at=timezone.now(), parcel_id=parcel_id)
    except NotFound as missing:
        raise Http404 from missing
    except actions.LandInUse as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_land_one", parcel_id=parcel_id)
    messages.success(request, _("Taken off the list."))
    return redirect("desk_land")
