"""``/meja/posyandu-angka/nama/``: the children or findings behind a figure, for seats that may see names, in their area alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.lib import when
from simpul.posyandu.queries import figures as queries
from simpul.posyandu.queries import findings as finding_queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame
from simpul.web.desk.posyandu_recaps import blocks
from simpul.web.desk.posyandu_recaps.asked import Asked, maybe, month_words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


@officer("examination.read")
@require_GET
def behind(request: Request) -> HttpResponseBase:
    """The names behind one figure, fifty at a time."""
    asked = Asked(request)
    figure = request.GET.get("angka", "missed")
    if figure not in queries.NAMED:
        raise Http404
    code = request.GET.get("kode", "").replace("\x00", "")[:30]
    number = reading.page_number(request.GET.get("page", ""))
    rows, count = _rows(asked, figure, code, number)
    base = asked.kept(angka=figure, **({"kode": code} if code else {}))
    more = count > number * queries.PAGE
    context = {
        "title": finding_queries.label(code, portal_words.language()) if code else _(queries.NAMED[figure]),
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "rows": rows,
        "count": count,
        "back_url": f"{reverse('desk_posyandu_figures')}?{urlencode(asked.kept())}",
        "older_url": f"?{urlencode({**base, 'page': number + 1})}" if more else "",
        "newer_url": f"?{urlencode({**base, 'page': number - 1})}" if number > 1 else "",
    }
    return frame.show(request, "desk/posyandu_figures/names.html", context, here=blocks.NAV)


def _rows(asked: Asked, figure: str, code: str, number: int) -> tuple[list[dict[str, Any]], int]:
    first = (number - 1) * queries.PAGE
    if figure in queries.FOLLOW:
        findings = queries.findings(
            asked.by, asked.scope, asked.today, overdue=figure == "overdue", code=code
        )
        return [_finding(one) for one in findings[first : first + queries.PAGE]], findings.count()
    found = queries.behind(asked.by, asked.scope, figure, asked.month).order_by("person__full_name", "id")
    return [_child(one) for one in found[first : first + queries.PAGE]], found.count()


def _child(one: Any) -> dict[str, Any]:
    born = one.person.birth_date
    return {
        "name": one.person.full_name,
        "about": when.format_short_date(born, portal_words.language()) if born else _("birth date not known"),
        "posyandu": one.posyandu.name,
        "url": maybe("desk_posyandu_person", one.id),
    }


def _finding(one: Any) -> dict[str, Any]:
    language = portal_words.language()
    name = one.person.full_name if one.person else str(one.household or _("a household"))
    url = maybe("desk_posyandu_person", one.participant_id) if one.participant_id else ""
    return {
        "name": name,
        "about": f"{finding_queries.label(one.code, language)}, {when.format_short_date(one.found_date, language)}",
        "posyandu": one.posyandu.name,
        "url": url or (reverse("desk_case", args=[one.case_id]) if one.case_id else ""),
    }
