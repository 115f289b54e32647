"""``/meja/posyandu-angka/nama/``: the people, findings or tasks behind a figure, for seats that may see names, in their area alone.

``/meja/posyandu-angka/posyandu/``: the posyandu behind a figure of people and goods, for all who see the institution.
"""

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
from simpul.posyandu.queries import institution as institution_queries
from simpul.posyandu.queries import recaps as recap_queries
from simpul.posyandu.queries import stock as stock_queries
from simpul.posyandu.rules import recaps as rules
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
    sex = request.GET.get("jk", "")
    sex = sex if sex in rules.SEXES else ""
    number = reading.page_number(request.GET.get("page", ""))
    rows, count = _rows(asked, figure, code, sex, number)
    base = asked.kept(angka=figure, **({"kode": code} if code else {}), **({"jk": sex} if sex else {}))
    more = count > number * queries.PAGE
    context = {
        "title": finding_queries.label(code, portal_words.language()) if code else _title(figure, sex),
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "month": month_words(asked.month),
        "rows": rows,
        "count": count,
        "back_url": f"{reverse('desk_posyandu_figures')}?{urlencode(asked.kept())}",
        "older_url": f"?{urlencode({**base, 'page': number + 1})}" if more else "",
        "newer_url": f"?{urlencode({**base, 'page': number - 1})}" if number > 1 else "",
    }
    return frame.show(request, "desk/posyandu_figures/names.html", context, here="desk_posyandu_figures")


def _title(figure: str, sex: str) -> str:
    """What the list is of, in words."""
    words = str(_(queries.NAMED[figure]))
    if figure in queries.FORM_FIGURES:
        return f"{blocks.form_name(figure[0])}: {words}"
    whose = {"L": _("Boys (L)"), "P": _("Girls (P)"), "?": _("Sex not known")}.get(sex, "")
    return f"{words}: {whose}" if whose else words


def _rows(asked: Asked, figure: str, code: str, sex: str, number: int) -> tuple[list[dict[str, Any]], int]:
    first = (number - 1) * queries.PAGE
    if figure in queries.TASKS:
        tasks = queries.tasks(asked.by, asked.scope, asked.today, overdue=figure == "tasks_overdue")
        return [_task(one) for one in tasks[first : first + queries.PAGE]], tasks.count()
    if figure in queries.FOLLOW:
        findings = queries.findings(
            asked.by, asked.scope, asked.today, overdue=figure == "overdue", code=code
        )
        return [_finding(one) for one in findings[first : first + queries.PAGE]], findings.count()
    found = queries.behind(asked.by, asked.scope, figure, asked.month).order_by("person__full_name", "id")
    if sex:
        found = found.filter(person__sex="" if sex == "?" else sex)
    return [_child(one) for one in found[first : first + queries.PAGE]], found.count()


def _child(one: Any) -> dict[str, Any]:
    born = one.person.birth_date
    return {
        "name": one.person.full_name,
        "about": when.format_short_date(born, portal_words.language()) if born else _("birth date not known"),
        "posyandu": one.posyandu.name,
        "url": maybe("desk_posyandu_person", one.id),
    }


def _task(one: Any) -> dict[str, Any]:
    language = portal_words.language()
    name = one.person.full_name if one.person else str(one.household or _("a household"))
    due = when.format_short_date(one.due_date, language)
    return {
        "name": name,
        "about": f"{finding_queries.label(one.reason, language)}, {due}",
        "posyandu": one.posyandu.name,
        "url": maybe("desk_posyandu_person", one.participant_id) if one.participant_id else "",
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


@officer("posyandu.read")
@require_GET
def lacking(request: Request) -> HttpResponseBase:
    """The posyandu behind a figure of people and goods: gaps to the norm, a field, a kind of goods, pilots."""
    asked = Asked(request)
    what, code = request.GET.get("apa", "people"), request.GET.get("kode", "")
    title = _lacking_title(what, code)
    if not title:
        raise Http404
    rows = recap_queries.posyandus(asked.by, asked.scope)
    found = queries.lacking(rows, asked.scope, what, code)
    names = region_queries.regions_by_code({one.posyandu.region_code for one in found})
    context = {
        "title": title,
        "place": asked.posyandu.name if asked.posyandu else region_queries.path_names(asked.region),
        "have_head": _("Has") if what == "kit" else _("People who serve"),
        "shows_missing": what != "field",
        "rows": [
            {
                "name": one.posyandu.name,
                "village": names[one.posyandu.region_code].name if one.posyandu.region_code in names else "",
                "url": maybe("desk_posyandu_one", one.posyandu.id),
                "have": one.have,
                "missing": one.missing,
            }
            for one in found[: queries.MOST_LISTED]
        ],
        "more": max(0, len(found) - queries.MOST_LISTED),
        "back_url": f"{reverse('desk_posyandu_figures')}?{urlencode(asked.kept())}",
    }
    return frame.show(request, "desk/posyandu_figures/lacking.html", context, here="desk_posyandu_figures")


def _lacking_title(what: str, code: str) -> str:
    """The heading of the list; "" for what no figure is of."""
    language = portal_words.language()
    if what == "field":
        field = next((one for one in institution_queries.fields() if one.code == code), None)
        return _("Posyandu by field: %(name)s") % {"name": field.label(language)} if field else ""
    if what == "kit":
        kit = stock_queries.kits().get(code)
        return _("Posyandu that lack: %(name)s") % {"name": kit.label(language)} if kit else ""
    return {
        "people": _("Posyandu below the norm"),
        "serving": _("People who serve"),
        "pilots": _("Pilots"),
    }.get(what, "")
