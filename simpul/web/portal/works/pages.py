"""``/karya/`` and ``/lahan/``: what the village builds itself, and what that took; land that looks for somebody to till it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.queries import bank
from simpul.community.queries import land as land_queries
from simpul.community.queries import works as queries
from simpul.community.rules import land as land_rules
from simpul.community.rules import works as rules
from simpul.desks import queries as desk_queries
from simpul.lib import money
from simpul.lib.files import FileMissing, FileStore
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.policy import Request, public
from simpul.web.portal import places, words


def _place(typed: str) -> tuple[str, str]:
    """The village or district that was typed, with its whole name; ("", "") when nothing is narrowed."""
    found = places.find(typed.replace("\x00", "").strip()[:80]) if typed.strip() else []
    return found[0] if found else ("", "")


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """Works that are shown to everybody, the newest first."""
    state = request.GET.get("keadaan", "")
    region, asked = _place(request.GET.get("tempat", ""))
    filters = queries.Filters(
        state=state if state in rules.PATH else "",
        region=region,
        page=reading.page_number(request.GET.get("page", "")),
    )
    page = queries.public_listed(filters)
    kept = {name: request.GET[name] for name in ("keadaan", "tempat") if request.GET.get(name)}
    context = {
        "rows": [_row(one, page.sums[one.id]) for one in page.rows],
        "states": [(code, str(_(rules.STATES[code])).capitalize()) for code in rules.PATH],
        "state": filters.state,
        "place": asked,
        "filtered": bool(kept),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return render(request, "portal/works/list.html", context)


def _row(work: Any, sums: rules.Sums) -> dict[str, Any]:
    return {
        "work": work,
        "where": region_queries.path_names(work.region_code).split(",", maxsplit=1)[0],
        "state": _(rules.STATES[work.state]),
        "hok": rules.hok(sums.half_days) if sums.half_days else "",
        "ours": money.rupiah(sums.ours) if sums.ours else "",
    }


@public
@require_GET
def one(request: Request, work_id: UUID) -> HttpResponse:
    """One work: where it stands, what residents gave, what the state paid, photos, thanks."""
    work = queries.public_work(work_id)
    if work is None:
        raise Http404
    sums = queries.sums_of([work.id])[work.id]
    thanked, unnamed = queries.thanks(work)
    here, idea = rules.PATH.index(work.state), work.idea
    fund = bank.fund_of_works([work.id]).get(work.id, 0)
    dates = {"running": work.started_date, "done": work.finished_date, "handed_over": work.handed_over_date}
    context = {
        **_row(work, sums),
        "steps": [
            {
                "title": str(_(rules.STATES[code])).capitalize(),
                "state": "done" if place < here or here == 3 else "now" if place == here else "next",
                "when": words.date_words(dates[code]) if dates.get(code) else "",
            }
            for place, code in enumerate(rules.PATH)
        ],
        "hok": rules.hok(sums.half_days),
        "materials": money.rupiah(sums.materials_ours),
        "cash": money.rupiah(sums.money_ours),
        "spent": money.rupiah(sums.spent),
        "fund": money.rupiah(fund) if fund else "",
        "idea_url": reverse("idea", args=[idea.code]) if idea is not None and queries.is_public(idea) else "",
        "state_money": money.rupiah(sums.state) if sums.state else "",
        "pictures": [
            (picture, str(_(rules.STAGES[picture.stage])).capitalize())
            for picture in queries.pictures(work, shown_only=True)
        ],
        "thanked": [_thanked(row, hides=work.hides_amounts) for row in thanked],
        "unnamed": unnamed,
    }
    return render(request, "portal/works/work.html", context)


def _thanked(row: queries.Thanks, *, hides: bool) -> tuple[str, str]:
    if hides:
        return row.name, ""
    gifts = [f"{rules.hok(row.half_days)} HOK"] if row.half_days else []
    gifts += sorted(set(row.things))
    gifts += [money.rupiah(row.money)] if row.money else []
    return row.name, ", ".join(gifts)


@public
@require_GET
def picture(request: Request, picture_id: UUID) -> HttpResponseBase:
    """A photo of a work that may be shown; it never changes, so it may be kept."""
    found = queries.public_picture(picture_id)
    if found is None:
        raise Http404
    try:
        data = FileStore(settings.SIMPUL_FILES).read(found.file_sha256)
    except FileMissing as missing:
        raise Http404 from missing
    response = HttpResponse(data, content_type=found.file_mime)
    response["Cache-Control"] = "public, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
@require_GET
def land(request: Request) -> HttpResponse:
    """Idle land of a village: what looks for somebody, what bears already. Nobody's name stands here."""
    region, asked = _place(request.GET.get("tempat", ""))
    region = region or desk_queries.institution().region_code
    today = timezone.now().astimezone(desk_queries.zone_of(region)).date()
    rows = [
        {
            "land": row,
            "size": _size(row.square_metres),
            "ground": _(land_rules.GROUNDS[row.ground]),
            "state": _(land_rules.STATES[row.state]),
            "idle": row.state == "idle",
            "until": words.date_words(row.until) if row.until else "",
            "harvested": money.weight(row.harvested_grams) if row.harvested_grams else "",
        }
        for row in land_queries.public_listed(region, today)
    ]
    return render(request, "portal/works/land.html", {"rows": rows, "place": asked, "filtered": bool(asked)})


def _size(square_metres: int) -> str:
    if square_metres < 10_000:
        return f"{money.group_thousands(square_metres)} m²"
    return f"{square_metres / 10_000:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " ha"
