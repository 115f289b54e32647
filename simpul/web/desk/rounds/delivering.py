"""Writing a delivery down at the desk, with its photo; looking at one; correcting it; adding proof later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import FileMissing
from simpul.people import access as people_access
from simpul.programmes.actions import delivering
from simpul.programmes.queries import deliveries as queries
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.queries import rounds as round_queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.rounds import forms, shared
from simpul.web.policy import Request, officer

_ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf", "audio/ogg": "ogg"}
_NAME = gettext_noop("proof")


@officer("delivery.record")
def record(request: Request, round_id: UUID) -> HttpResponseBase:
    """Write down what came of bringing an entry, or a household that is not on the list, its share."""
    row = shared.round_or_404(request, round_id)
    unit = _unit(request, row)
    items = goods_queries.items(row.id)
    form = _form(request, items, unit["due"], first={"trip": request.GET.get("perjalanan", "")})
    now = timezone.now()
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            delivering.record_delivery(
                by=request.by,
                at=now,
                round_id=row.id,
                given=form.given(
                    now,
                    desk_queries.zone_of(unit["region_code"]),
                    stop_id=shared.stop_of(request, form.trip_id, unit["region_code"]),
                    **unit["keys"],
                ),
                delivery_id=form.cleaned_data["delivery_id"],
            )
        ),
    ):
        _attach(request, made[0].id, form.cleaned_data["photo_kind"], form.cleaned_data["photo"])
        messages.success(request, _("Written down."))
        return redirect("desk_round_delivery", delivery_id=made[0].id)
    context = {"form": form, "unit": unit, "items": items, "old": None}
    return shared.show(request, row, "desk/rounds/record.html", "", context, 422 if form.errors else 200)


def _form(
    request: Request, items: list[Any], due: Any, *, why: bool = False, first: Any = None
) -> forms.DeliveryForm:
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return forms.DeliveryForm(
        *given, items=items, due=due, trips=shared.recent_trips(request), why=why, initial=first or {}
    )


def _unit(request: Request, row: Any) -> dict[str, Any]:
    """To whom it is brought: an entry of the list, or a household of the register."""
    items = goods_queries.items(row.id)
    entry_id = reading.key(request.GET.get("nama", ""))
    try:
        if entry_id is not None:
            found = round_queries.entry(request.by, entry_id)
            if found.entry.round_id != row.id:
                raise Http404
            return {
                "name": found.entry.name,
                "region_code": found.entry.region_code,
                "where": _where(found.entry),
                "due": found.due,
                "due_words": shared.due_words(found.due, items),
                "listed": found.entry.state == "listed",
                "keys": {"household_id": found.entry.household_id, "person_id": found.entry.person_id},
            }
        home = people_access.household_for(request.by, reading.known_key(request.GET.get("rumah", "")))
    except NotFound as missing:
        raise Http404 from missing
    due = goods_queries.due(None, items)
    return {
        "name": home.name,
        "region_code": home.region_code,
        "where": _where(home),
        "due": due,
        "due_words": shared.due_words(due, items),
        "listed": queries.entry_of(row.id, home.id, None) is not None,
        "keys": {"household_id": home.id, "person_id": None},
    }


def _where(one: Any) -> str:
    hamlet = one.hamlet.name if one.hamlet else ""
    return ", ".join(part for part in (hamlet, region_queries.path_names(one.region_code)) if part)


def _attach(request: Request, delivery_id: UUID, kind: str, files: Any) -> int:
    """Keep the photos; one that cannot be read is told, and the delivery stands all the same."""
    kept = 0
    for file in files or ():
        try:
            delivering.attach_proof(
                by=request.by,
                at=timezone.now(),
                delivery_id=delivery_id,
                kind=kind or "goods_photo",
                data=file.read(),
                declared_name=file.name or _NAME,
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            messages.error(request, f"{file.name}: {refusal}")
        else:
            kept += 1
    return kept


def _one(request: Request, delivery_id: UUID) -> queries.Shown:
    return trying.found(queries.one, request, delivery_id)


@officer(*shared.READING)
@require_GET
def one(request: Request, delivery_id: UUID) -> HttpResponseBase:
    """One delivery with its proof, what is odd about it, and what corrected it."""
    return _show(request, _one(request, delivery_id))


def _show(request: Request, found: queries.Shown, form: Any = None) -> HttpResponseBase:
    row = found.delivery
    newer = row.corrections.order_by("-recorded_at").first()
    context = {
        "row": shared.delivery(found),
        "region": region_queries.path_names(row.region_code),
        "entry_url": reverse("desk_round_entry", args=[row.entry_id]) if row.entry_id else "",
        "household_url": reverse("desk_register_household", args=[row.household_id])
        if row.household_id
        else "",
        "newer_url": reverse("desk_round_delivery", args=[newer.id]) if newer else "",
        "older_url": reverse("desk_round_delivery", args=[row.corrects_id]) if row.corrects_id else "",
        "may_correct": row.state == "standing"
        and shared.may_here(request, "delivery.correct", row.region_code),
        "may_prove": row.state == "standing" and shared.may_here(request, "proof.attach", row.region_code),
        "form": form or forms.ProofForm(),
        "point": f"{row.latitude / 1e6:.5f}, {row.longitude / 1e6:.5f}"
        if row.latitude is not None and row.longitude is not None
        else "",
    }
    status = 422 if form is not None and form.errors else 200
    round_row = shared.round_or_404(request, row.round_id)
    return shared.show(request, round_row, "desk/rounds/delivery.html", "", context, status)


@officer("proof.attach")
@require_POST
def prove(request: Request, delivery_id: UUID) -> HttpResponseBase:
    """Add photos or scans."""
    found = _one(request, delivery_id)
    form = forms.ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, form)
    if _attach(request, delivery_id, form.cleaned_data["kind"], form.cleaned_data["photo"]):
        messages.success(request, _("Kept."))
    return redirect("desk_round_delivery", delivery_id=delivery_id)


@officer("delivery.correct")
def correct(request: Request, delivery_id: UUID) -> HttpResponseBase:
    """Say what really happened: a new delivery takes the place of this one."""
    found = _one(request, delivery_id)
    old = found.delivery
    row = shared.round_or_404(request, old.round_id)
    if not shared.may_here(request, "delivery.correct", old.region_code):
        raise Http404
    items = goods_queries.items(row.id)
    due = {
        **dict.fromkeys((one.id for one in items), 0),
        **{one.item_id: one.quantity for one in found.lines},
    }
    first = {
        name: getattr(old, name)
        for name in ("outcome", "receiver", "receiver_name", "authority", "witness", "words", "place")
    }
    local = old.delivered_at.astimezone(desk_queries.zone_of(old.region_code))
    first |= {
        "proofs": old.proofs,
        "trip": str(old.trip_id or ""),
        "day": local.date(),
        "clock": local.time().replace(second=0, microsecond=0),
    }
    usual = due if found.lines else goods_queries.due(old.entry, items)
    form = _form(
        request, items, usual, why=True, first={name: value for name, value in first.items() if value}
    )
    now = timezone.now()
    made: list[Any] = []
    keys = {"household_id": old.household_id, "person_id": old.person_id}
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            delivering.correct_delivery(
                by=request.by,
                at=now,
                delivery_id=old.id,
                given=form.given(now, desk_queries.zone_of(old.region_code), **keys),
                why=form.cleaned_data["why"],
                new_id=form.cleaned_data["delivery_id"],
            )
        ),
    ):
        _attach(request, made[0].id, form.cleaned_data["photo_kind"], form.cleaned_data["photo"])
        messages.success(request, _("Corrected. The first one stays to be seen."))
        return redirect("desk_round_delivery", delivery_id=made[0].id)
    unit = {
        "name": shared.unit_name(old),
        "where": region_queries.path_names(old.region_code),
        "listed": True,
    }
    context = {"form": form, "unit": unit, "items": items, "old": old}
    return shared.show(request, row, "desk/rounds/record.html", "", context, 422 if form.errors else 200)


@officer(*shared.READING)
@require_GET
def proof(request: Request, proof_id: UUID) -> HttpResponseBase:
    """A file of a delivery, as a download."""
    try:
        found, data = queries.proof_file(request.by, proof_id)
    except (NotFound, FileMissing) as missing:
        raise Http404 from missing
    response = HttpResponse(data, content_type=found.mime)
    name = f"{_(_NAME)}-{found.kind}.{_ENDINGS.get(found.mime, 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
