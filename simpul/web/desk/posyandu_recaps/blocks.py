"""The parts that pages of recaps share: SKDN with its identity, rates, forms, coverage, what is behind a difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul.posyandu.queries import recap_rules
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from simpul.web.desk.posyandu_recaps.asked import Asked, month_words, rate_rows

HERE = "desk_posyandu_recaps"
NAV = HERE
"""The entry of the navigation under which all recaps stand."""
HEADS = ("S", "K", "D", "N", "T", "O", "B", "BGM", "2T")


def form_name(form: str) -> str:
    """The people of a form, in Indonesian as the official sheets call them."""
    return {
        "A": _("Pregnant women, mothers giving birth, after birth, and nursing"),
        "B": _("Infants, under-fives, and pre-school children"),
        "C": _("School age and adolescents"),
        "D": _("Adults and the elderly"),
    }[form]


def heads() -> list[tuple[str, str]]:
    """Heads of the SKDN columns with what each means."""
    words = [_(rules.SKDN_WORDS[name]) for name in rules.SKDN]
    return list(zip(HEADS, words, strict=True))


def cells(
    shown_cells: Mapping[str, int | None], kept: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The cells of a row of SKDN; with what the address keeps, each number opens its names."""
    return [
        {
            "number": shown_cells[name],
            "url": named(kept, name) if kept is not None and shown_cells[name] else "",
        }
        for name in rules.SKDN
    ]


def by_sex(counts: Mapping[str, int], kept: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """SKDN of boys, girls, and of children whose sex is not known when there are any; numbers open names with ``kept``."""
    names = {"L": _("Boys (L)"), "P": _("Girls (P)"), "?": _("Sex not known")}
    rows = []
    for sex, name in names.items():
        one = rules.skdn(counts, sex)
        if sex != "?" or one.s or one.d:
            own = {key: getattr(one, key) for key in rules.SKDN}
            links = cells(own, None if kept is None else {**kept, "jk": sex})
            rows.append({"name": name, "cells": list(own.values()), "links": links})
    return rows


def identity(total: Mapping[str, int | None], kept: Mapping[str, str] | None = None) -> dict[str, Any]:
    """D = N + T + O + B in numbers, each with its names for ``kept``; empty when they are hidden."""
    names = ("d", *rules.STATUSES)
    if any(total.get(name) is None for name in names):
        return {}
    found = rules.Skdn(**{name: total[name] or 0 for name in names})
    links = dict(zip(rules.SKDN, cells({**dict.fromkeys(rules.SKDN), **total}, kept), strict=True))
    parts = [{"sign": name.upper(), **links[name]} for name in rules.STATUSES]
    return {
        **{name: getattr(found, name) for name in names},
        "whole": links["d"],
        "parts": parts,
        "holds": found.holds,
        "gap": found.gap,
    }


def rates(
    found: rules.Skdn,
    total: Mapping[str, int | None],
    *,
    hide: bool,
    bands: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """K/S, D/K, D/S, N/D, N/S, BGM/D; a rate of a hidden figure is hidden."""

    def protect(one: rules.Rate, *, hide: bool) -> rules.Rate | None:
        above, below, _words = rules.RATES[one.figure]
        if hide and (total.get(above) is None or total.get(below) is None):
            return None
        return shown.rate(one, hide=hide)

    return rate_rows(rules.rates(found, recap_rules.targets()), _, hide=hide, protect=protect, bands=bands)


def coverage(counts: Mapping[str, int], asked: Asked, *, hide: bool) -> list[dict[str, Any]]:
    """Vitamin A, deworming, iron, immunisation; who is left opens for seats that see names."""
    rows = rate_rows(rules.coverage(counts, recap_rules.targets()), _, hide=hide, protect=shown.rate)
    for row in rows:
        if asked.named and row["left"]:
            row["url"] = names_url(asked, row["figure"])
    return rows


FORM_CELLS = ("open", "came", "absent", "normal", "problem", "referred", "kept")
_FORM_NAMED = {"open": "open", "came": "came", "absent": "absent", "problem": "problem", "referred": "refer"}
"""Cell of the recap of a form -> the part of the figure whose names it opens."""


def form_heads() -> dict[str, str]:
    """Heads of the recap of the four forms by cell."""
    words = (
        _("Target group"),
        _("Came"),
        _("Did not come"),
        _("Normal"),
        _("With a problem"),
        _("Referred"),
        _("Not referred"),
    )
    return dict(zip(FORM_CELLS, words, strict=True))


def forms(
    counts: Mapping[str, int], *, hide: bool, kept: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The recaps of the four forms; with ``kept`` their numbers open names."""
    found = []
    heads = form_heads()
    for one in rules.forms(counts):
        numbers = shown.form(one, hide=hide)
        links = [
            {
                "number": numbers[name],
                "label": heads[name],
                "url": named(kept, f"{one.form}.{_FORM_NAMED[name]}")
                if kept is not None and name in _FORM_NAMED and numbers[name]
                else "",
            }
            for name in FORM_CELLS
        ]
        found.append({"form": one.form, "name": form_name(one.form), **numbers, "links": links})
    return found


def differences(counts: Mapping[str, int], asked: Asked) -> list[dict[str, Any]]:
    """What keeps a month from adding up, and what is worth a look; each opens its entries for seats that see names."""
    return [
        {
            "number": number,
            "words": _(words),
            "blocks": key in rules.BLOCKING,
            "url": names_url(asked, key) if asked.named else "",
        }
        for key, number, words in rules.differences(counts)
    ]


def names_url(asked: Asked, figure: str) -> str:
    """The names behind a figure."""
    return named(asked.kept(), figure)


def named(kept: Mapping[str, str], figure: str) -> str:
    """The same for a part of what is shown: a row of a table, one sex."""
    return f"{reverse('desk_posyandu_figures_names')}?{urlencode({**kept, 'angka': figure})}"


def tabs(asked: Asked, current: str) -> list[dict[str, Any]]:
    """The pages of recaps of this scope."""
    query = urlencode(asked.kept())
    found = []
    if asked.posyandu is not None:
        base = reverse("desk_posyandu_recap", args=[asked.posyandu.id])
        month = urlencode({"bulan": rules.written(asked.month)})
        found.append(("recap", _("Month"), f"{base}?{month}"))
    else:
        found.append(("recap", _("Month"), f"{reverse(HERE)}?{query}"))
    if len(asked.region) == 10:
        village = urlencode({"bulan": rules.written(asked.month), "wilayah": asked.region})
        found.append(("columns", _("Sheet of 46 columns"), f"{reverse('desk_posyandu_columns')}?{village}"))
    found.append(("trend", _("Trend"), f"{reverse('desk_posyandu_trend')}?{query}"))
    found.append(("figures", _("Who was missed"), f"{reverse('desk_posyandu_figures')}?{query}"))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in found]


def steps(asked: Asked) -> dict[str, Any]:
    """The month before and the month after, in the address of this page."""
    before = rules.back(asked.month, 1)
    after = rules.after(asked.month)
    now = rules.first_of(asked.today)
    return {
        "before": f"?{urlencode(asked.kept(bulan=rules.written(before)))}",
        "before_words": month_words(before),
        "after": f"?{urlencode(asked.kept(bulan=rules.written(after)))}" if after <= now else "",
        "after_words": month_words(after),
    }
