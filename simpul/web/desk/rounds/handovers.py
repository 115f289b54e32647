"""Minutes of handing over (BAST): those of a round, making them, one with its digest, the PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.desks import queries as desk_queries
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import handovers
from simpul.programmes.queries import handovers as queries
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.programmes.rules import handovers as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import trying, words
from simpul.web.desk.rounds import forms, listing, paper, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
def of_round(request: Request, round_id: UUID) -> HttpResponseBase:
    """The minutes of a round, and making them for a village."""
    row = shared.round_or_404(request, round_id)
    villages = listing.villages_of(request, row)
    stops = _stops(request, row)
    today = timezone.now().astimezone(desk_queries.zone_of(row.region_code)).date()
    first = {
        "handed_date": today,
        "office1": _("Village head"),
        "office2": _("Officer who handed over"),
        "name2": request.by.name,
        "office3": _("Witness"),
    }
    post = request.POST if request.method == "POST" else None
    may_make = shared.may(request, "handover.make", row.region_code)
    if post is not None and not may_make:
        raise Http404
    form = forms.HandoverForm(
        post, initial=first, villages=[*((value, label) for value, label, _stop in stops), *villages]
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_make(request, row, form, stops))):
        messages.success(request, _("The minutes are ready."))
        return redirect("desk_round_handover", handover_id=made[0].id)
    named = dict(villages)
    context = {
        "rows": [
            {
                "one": one,
                "url": reverse("desk_round_handover", args=[one.id]),
                "place": named.get(one.region_code, one.region_code),
                "stop": one.stop_id is not None,
                "when": words.moment(one.made_at, one.region_code),
            }
            for one in queries.of_round(request.by, row.id)
        ],
        "form": form,
        "may_make": may_make,
    }
    status = 422 if form.errors else 200
    return shared.show(request, row, "desk/rounds/handovers.html", "desk_round_handovers", context, status)


Stop = tuple[UUID, UUID | None, str]


def _stops(request: Request, row: Any) -> list[tuple[str, str, Stop]]:
    """The stops at which something was brought, to choose from."""
    found = queries.stops_of(request.by, row.id)
    names = region_queries.regions_by_code({code for _stop, _trip, code in found})
    purposes = dict(shared.recent_trips(request))
    return [
        (
            f"stop:{one[0]}",
            _("Stop in %(village)s: %(trip)s")
            % {
                "village": names[one[2]].name if one[2] in names else one[2],
                "trip": purposes.get(str(one[1]), _("a trip")),
            },
            one,
        )
        for one in found
    ]


def _make(request: Request, row: Any, form: Any, stops: list[tuple[str, str, Stop]]) -> Any:
    said = form.cleaned_data
    chosen = next((one for value, _label, one in stops if value == said["village"]), None)
    label = next((label for value, label, _one in stops if value == said["village"]), "")
    given = handovers.HandoverGiven(
        region_code=chosen[2] if chosen else said["village"],
        handed_date=said["handed_date"],
        signers=form.signers(),
        stop_id=chosen[0] if chosen else None,
        trip_id=chosen[1] if chosen else None,
        place=said["place"],
        stop=label,
    )
    return handovers.make_handover(
        by=request.by,
        at=timezone.now(),
        round_id=row.id,
        given=given,
        handover_id=said["handover_id"],
    )


def _handover(request: Request, handover_id: UUID) -> Any:
    return trying.found(access.handover_for, request, handover_id)


@officer(*shared.READING)
@require_GET
def one(request: Request, handover_id: UUID) -> HttpResponseBase:
    """Minutes as they were frozen."""
    found = _handover(request, handover_id)
    content = rules.read(found.content)
    newer = queries.newest(found.round_id, found.region_code, found.stop_id)
    link = request.build_absolute_uri(reverse("portal_handover", args=[found.token]))
    context = {
        "one": found,
        "content": content,
        "rows": [
            {
                "row": row,
                "outcome": _(delivery_rules.OUTCOMES[row["outcome"]]),
                "flags": [
                    _(delivery_rules.FLAGS[code]) for code in row["flags"] if code in delivery_rules.FLAGS
                ],
                "what": paper.amounts(row["amounts"]),
            }
            for row in content["rows"]
        ],
        "totals": [
            {
                "what": one["what"],
                "much": paper.amount(one["quantity"], one["unit"]),
                "receivers": one["receivers"],
            }
            for one in content["totals"]
        ],
        "genuine": queries.is_genuine(found),
        "newer_url": reverse("desk_round_handover", args=[newer.id])
        if newer and newer.id != found.id
        else "",
        "made": words.moment(found.made_at, found.region_code),
        "link": link,
        "qr": mark_safe(paper.qr_svg(link)),  # noqa: S308 - made here of an address
    }
    row = shared.round_or_404(request, found.round_id)
    return shared.show(request, row, "desk/rounds/handover.html", "", context)


@officer(*shared.READING)
@require_GET
def pdf(request: Request, handover_id: UUID) -> HttpResponseBase:
    """Minutes as PDF, for signing and filing."""
    found = _handover(request, handover_id)
    link = request.build_absolute_uri(reverse("portal_handover", args=[found.token]))
    response = HttpResponse(paper.handover_pdf(found, link), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="bast-{found.digest[:8]}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
