"""The programmes by authority, and each rule in words, for everybody who works with residents."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.programmes.queries import catalogue, words
from simpul.programmes.rules import criteria
from simpul.regions import queries as region_queries
from simpul.web.desk import frame
from simpul.web.desk.programmes import sheet
from simpul.web.policy import Request, officer

HERE = "desk_programmes"


@officer("household.open")
@require_GET
def programmes(request: Request) -> HttpResponseBase:
    """Every programme with the rule that holds today."""
    on = sheet.asked_day(request)
    rules = catalogue.rules_in_force(on, request.by.served_areas[0])
    context = {
        "day": words.day(on),
        "day_typed": on.isoformat(),
        "authorities": by_authority([one for one in rules if one.programme.kind != "position"]),
        "positions": by_authority([one for one in rules if one.programme.kind == "position"]),
        "may_screen": roles.may_somewhere(request.by, "screening.start"),
    }
    return frame.show(request, "desk/programmes/programmes.html", context, here=HERE)


def by_authority(rules: list[catalogue.Rule]) -> list[dict[str, Any]]:
    """Rules under their authority."""
    found: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        found.setdefault(rule.programme.authority, []).append(
            {
                "code": rule.programme_id,
                "name": words.said(rule.programme),
                "about": words.said(rule.programme, "about"),
                "kind": words.kind(rule.programme.kind),
                "is_position": rule.programme.kind == "position",
                "version": rule.given.version,
                "source": rule.given.source,
                "since": words.day(rule.given.valid_from),
                "confidence": words.confidence(rule.given.confidence),
                "unit": words.unit(rule.unit),
                "is_own": rule.is_own,
            }
        )
    return [{"authority": name, "rows": rows} for name, rows in found.items()]


@officer("household.open")
@require_GET
def programme(request: Request, code: str) -> HttpResponseBase:
    """One programme: every version of its rule in words, with numbers, amounts, source and certainty."""
    known = catalogue.get_programme(code)
    if known is None:
        raise Http404
    context = {
        "programme": known,
        "name": words.said(known),
        "about": words.said(known, "about"),
        "versions": [version(one, request.by.served_areas[0]) for one in catalogue.versions_of(code)],
    }
    return frame.show(request, "desk/programmes/programme.html", context, here=HERE)


def version(one: Any, region_code: str, *, both: bool = False) -> dict[str, Any]:
    """A version in words; ``both`` adds the other language."""
    given = catalogue.given_of(one)
    rule = catalogue.ready(given, catalogue.programme_given(one.programme), one.valid_from, region_code)
    node = criteria.read(given.criteria, given.unit)
    shown = {
        "id": one.id,
        "version": one.version,
        "unit": words.unit(one.unit),
        "source": one.source,
        "source_date": words.day(one.source_date),
        "since": words.day(one.valid_from),
        "until": words.day(one.valid_until),
        "confidence": words.confidence(one.confidence),
        "note": words.said(one, "note"),
        "place": region_queries.path_names(one.region_code) if one.region_code else "",
        "is_own": one.is_own,
        "lines": words.lines(node, rule.figures),
        "figures": [_figure(name, row, rule.figures.get(name)) for name, row in one.figures.items()],
        "amounts": [_amount(row) for row in one.amounts],
    }
    if both:
        with override("id" if words.english() else "en"):
            shown["other_lines"] = words.lines(node, rule.figures)
            shown["other_language"] = "en" if words.english() else "id"
    return shown


def _figure(name: str, row: dict[str, Any], value: int | None) -> dict[str, str]:
    return {
        "key": name,
        "name": words.said(row),
        "value": _("not set for this district")
        if value is None
        else words.number(value, row.get("unit", "")),
        "source": row.get("source", ""),
        "confidence": words.confidence(row.get("confidence", "unconfirmed")),
    }


def _amount(row: dict[str, Any]) -> dict[str, Any]:
    patterns = {
        "year": _("%(amount)s a year"),
        "month": _("%(amount)s a month"),
        "once": _("%(amount)s once"),
    }
    return {
        "name": words.said(row),
        "amount": patterns[row["per"]] % {"amount": words.number(row["rupiah"], "rupiah")},
        "most": row.get("most", 0),
    }
