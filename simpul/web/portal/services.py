"""``/layanan/``: what an institution promises for each kind of matter, and the declaration of service.

The fourteen components are those of UU 25/2009 article 21; each clock tells where it is written and how sure that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.web.policy import Request, public
from simpul.web.portal import words
from simpul.web.portal.shapes import Kind

COMPONENTS: tuple[tuple[str, Any], ...] = (
    ("legal", _("Legal basis")),
    ("requirements", _("What you need")),
    ("procedure", _("How it goes")),
    ("time", _("How long it takes")),
    ("fee", _("Cost")),
    ("product", _("What you get")),
    ("facilities", _("Facilities")),
    ("competence", _("What our officers can do")),
    ("supervision", _("Who watches over it")),
    ("complaints", _("If you are not satisfied")),
    ("staff", _("How many officers")),
    ("guarantee", _("What we guarantee")),
    ("safety", _("Your safety")),
    ("evaluation", _("How it is judged")),
)
"""The fourteen components, in the order of the law."""

CLOCK_NAMES = {
    "screen": _("First check, and passed to the right desk"),
    "verify": _("Check that the file is complete"),
    "follow_up": _("First follow-up by the desk in charge"),
    "answer": _("Answer to you"),
    "extension": _("Extension, when it is needed and told to you"),
    "protect": _("In the hands of the protection officer"),
}

CONFIDENCE_WORDS = {
    "confirmed": _("Read in the official text."),
    "secondary": _("Taken from descriptions of the rule, not yet checked against the official text."),
    "unconfirmed": _("Not confirmed: this is what the institution promises."),
}


@public
def services(request: Request) -> HttpResponse:
    """Every kind with its time, and the declaration of service."""
    rows = [_row(kind) for kind in kind_queries.kinds_offered()]
    groups = [
        {"title": title, "kinds": inside}
        for code, title, _about, _icon in words.GROUPS
        if (inside := [row for row in rows if row["group"] == code])
    ]
    return render(request, "portal/services.html", {"groups": groups, "offices": _offices()})


def _offices() -> list[dict[str, Any]]:
    """What other offices give, by sector: what they need, as the directory says."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in desk_queries.services():
        if one.desk.protected:
            continue
        row = {"row": one, "name": words.said(one, "name")}
        found.setdefault(str(_(desk_rules.SECTORS[one.sector])), []).append(row)
    return [{"sector": sector, "rows": rows} for sector, rows in found.items()]


@public
def service(request: Request, code: str) -> HttpResponse:
    """The service standard of one kind."""
    kind = kind_queries.get_kind(code)
    if kind is None or not (kind.is_active and kind.is_public):
        raise Http404
    context = {
        "kind": kind,
        **_row(kind),
        "components": [{"key": label, "value": words.said(kind.standard, key)} for key, label in COMPONENTS],
        "clocks": [_clock(row) for row in kind.clocks],
        "confidence": CONFIDENCE_WORDS.get(kind.confidence, CONFIDENCE_WORDS["unconfirmed"]),
    }
    return render(request, "portal/service.html", context)


def _row(kind: Kind) -> dict[str, Any]:
    answer = next((row for row in kind.clocks if row["key"] == "answer"), None)
    return {
        "code": kind.code,
        "group": kind.group,
        "name": words.said(kind, "name"),
        "about": words.said(kind, "about"),
        "icon_name": words.icon_of(kind.icon),
        "time": amount_words(answer) if answer else "",
    }


def _clock(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": CLOCK_NAMES.get(row["key"], row["key"]),
        "time": amount_words(row),
        "source": row.get("source", ""),
        "confidence": CONFIDENCE_WORDS.get(row.get("confidence", ""), CONFIDENCE_WORDS["unconfirmed"]),
    }


def amount_words(row: Mapping[str, Any]) -> str:
    """A length of time in words: "14 working days"."""
    amount = int(row["amount"])
    if row["unit"] == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", amount) % {"n": amount}
    if row["unit"] == "calendar_days":
        return ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}
    return ngettext("%(n)s working day", "%(n)s working days", amount) % {"n": amount}
