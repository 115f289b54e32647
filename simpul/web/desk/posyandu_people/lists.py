"""The list of people a posyandu looks after, and who has outgrown a form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.posyandu.queries import institution
from simpul.posyandu.queries import participants as queries
from simpul.posyandu.rules import participants as rules
from simpul.web import reading
from simpul.web.desk.posyandu_people import shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Cards by form and name, each with the latest entry in a word."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    today = institution.today_at(posyandu, timezone.now())
    given = request.GET
    filters = queries.Filters(
        form=given.get("kartu", "") if given.get("kartu", "") in rules.FORMS else "",
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        closed=given.get("tutup") == "1",
        page=reading.page_number(given.get("page", "")),
    )
    found, more = queries.listed(request.by, posyandu, filters)
    kept = {name: given[name] for name in ("kartu", "kata", "tutup") if given.get(name)}
    counts = queries.counts(request.by, posyandu)
    grown = queries.outgrown(request.by, posyandu, today)
    context = {
        "rows": [_row(one, today) for one in found],
        "filters": filters,
        "filtered": bool(kept),
        "forms": [
            {
                "code": form,
                "name": shared.form_name(form),
                "count": counts[form],
                "url": f"?{urlencode({'kartu': form})}",
                "current": filters.form == form,
            }
            for form in rules.FORMS
        ],
        "outgrown": len(grown),
        "may_enrol": shared.may(request, "participant.enrol"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(
        request, "desk/posyandu_people/list.html", posyandu, context, here="desk_posyandu_people"
    )


def _row(one: queries.Listed, today: Any) -> dict[str, Any]:
    card, person = one.participant, one.participant.person
    return {
        "url": reverse("desk_posyandu_person", args=[card.id]),
        "name": person.full_name,
        "form": card.form,
        "age": shared.age(person.birth_date, today),
        "mother": card.mother.full_name if card.mother else "",
        "hamlet": person.hamlet.name if person.hamlet else "",
        "last": shared.entry(one.last) if one.last else None,
        "closed": _(rules.CLOSED[card.closed_why]) if card.closed_why in rules.CLOSED else "",
    }


@officer("participant.advance")
@require_GET
def outgrown(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Who has grown out of the form, with the next one: one press each."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    today = institution.today_at(posyandu, timezone.now())
    rows = [
        {
            "card": card,
            "url": reverse("desk_posyandu_person", args=[card.id]),
            "act": reverse("desk_posyandu_card_advance", args=[card.id]),
            "age": shared.age(card.person.birth_date, today),
            "from": card.form,
            "to": shared.form_name(form),
        }
        for card, form in queries.outgrown(request.by, posyandu, today)
    ]
    return shared.show(
        request, "desk/posyandu_people/outgrown.html", posyandu, {"rows": rows}, here="desk_posyandu_people"
    )
