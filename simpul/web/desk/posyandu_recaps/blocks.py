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
NAV = "desk_posyandu_figures"
"""The entry of the navigation under which all pages of figures stand."""
HEADS = ("S", "K", "D", "N", "T", "O", "B", "BGM", "2T")
FORM_NAMES: Mapping[str, str] = {
    "A": "Ibu hamil, bersalin, nifas, menyusui",
    "B": "Bayi, balita, dan anak prasekolah",
    "C": "Usia sekolah dan remaja",
    "D": "Dewasa dan lanjut usia",
}
"""As the official sheets call them."""


def heads() -> list[tuple[str, str]]:
    """Heads of the SKDN columns with what each means."""
    words = [_(rules.SKDN_WORDS[name]) for name in rules.SKDN]
    return list(zip(HEADS, words, strict=True))


def by_sex(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """SKDN of boys, girls, and of children whose sex is not known when there are any."""
    names = {"L": _("Boys (L)"), "P": _("Girls (P)"), "?": _("Sex not known")}
    rows = []
    for sex, name in names.items():
        one = rules.skdn(counts, sex)
        if sex != "?" or one.s or one.d:
            rows.append({"name": name, "cells": [getattr(one, key) for key in rules.SKDN]})
    return rows


def identity(cells: Mapping[str, int | None]) -> dict[str, Any]:
    """D = N + T + O + B in numbers; empty when they are hidden."""
    if any(cells.get(name) is None for name in ("d", *rules.STATUSES)):
        return {}
    found = rules.Skdn(**{name: cells[name] or 0 for name in ("d", *rules.STATUSES)})
    return {
        "d": found.d,
        "n": found.n,
        "t": found.t,
        "o": found.o,
        "b": found.b,
        "holds": found.holds,
        "gap": found.gap,
    }


def rates(found: rules.Skdn, cells: Mapping[str, int | None], *, hide: bool) -> list[dict[str, Any]]:
    """K/S, D/K, D/S, N/D, N/S, BGM/D; a rate of a hidden figure is hidden."""

    def protect(one: rules.Rate, *, hide: bool) -> rules.Rate | None:
        above, below, _words = rules.RATES[one.figure]
        if hide and (cells.get(above) is None or cells.get(below) is None):
            return None
        return shown.rate(one, hide=hide)

    return rate_rows(rules.rates(found, recap_rules.targets()), _, hide=hide, protect=protect)


def coverage(counts: Mapping[str, int], asked: Asked, *, hide: bool) -> list[dict[str, Any]]:
    """Vitamin A, deworming, iron, immunisation; who is left opens for seats that see names."""
    rows = rate_rows(rules.coverage(counts, recap_rules.targets()), _, hide=hide, protect=shown.rate)
    for row in rows:
        if asked.named and row["figure"] in ("vitamin_a", "deworming") and row["left"]:
            row["url"] = names_url(asked, row["figure"])
    return rows


def forms(counts: Mapping[str, int], *, hide: bool) -> list[dict[str, Any]]:
    """The recaps of the four forms."""
    return [
        {"form": one.form, "name": FORM_NAMES[one.form], **shown.form(one, hide=hide)}
        for one in rules.forms(counts)
    ]


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
    return f"{reverse('desk_posyandu_figures_names')}?{urlencode(asked.kept(angka=figure))}"


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
