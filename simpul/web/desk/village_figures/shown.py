"""Figures of the post in words: the same for the desk and for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from simpul.community.rules import works as work_rules
from simpul.lib import money
from simpul.reports import rules
from simpul.reports.queries import village as queries


def value(number: int | None, unit: str, *, hidden: bool = False) -> str:
    """A figure as people read it: "12,5 HOK", "Rp150.000", "3,25 kg"; a dash when there is nothing to say.

    A hidden count is "< 5". What is no count (a share, a time) is a dash then: "< 5" days would be read as a figure.
    """
    if hidden and unit not in ("percent", "minutes", "hours", "days"):
        return "< 5"
    if hidden or number is None:
        return "–"
    plain = money.group_thousands(number)
    return {
        "rupiah": lambda: money.rupiah(number),
        "grams": lambda: money.weight(number),
        "hok": lambda: work_rules.hok(number),
        "percent": lambda: f"{plain} %",
        "minutes": lambda: _("%(n)s minutes") % {"n": plain},
        "hours": lambda: _hours(number),
        "days": lambda: _("%(n)s days") % {"n": plain},
    }.get(unit, lambda: plain)()


def _hours(number: int) -> str:
    if number < 48:
        return _("%(n)s hours") % {"n": number}
    return _("%(n)s days") % {"n": money.group_thousands(round(number / 24))}


def sections(found: queries.Village, earlier: queries.Village | None = None) -> list[dict[str, Any]]:
    """The figures by section, each with its meaning and how it was before."""
    shown = []
    for section, heading in rules.SECTIONS.items():
        rows = [
            {
                "key": key,
                "name": _(one.name),
                "meaning": _(one.meaning),
                "now": value(found.values[key], one.unit, hidden=key in found.hidden),
                "before": value(earlier.values[key], one.unit, hidden=key in earlier.hidden)
                if earlier
                else "",
            }
            for key, one in rules.VILLAGE.items()
            if one.section == section
        ]
        shown.append({"heading": _(heading), "rows": rows})
    return shown


def bars(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names with their numbers, the twelve largest."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:12]


def hours(letters: Sequence[int], served: Sequence[int]) -> list[dict[str, Any]]:
    """The hours in which something came."""
    pairs = zip(letters, served, strict=False)
    return [
        {"hour": f"{hour:02d}.00", "letters": asked, "served": came}
        for hour, (asked, came) in enumerate(pairs)
        if asked or came
    ]


def weights(kinds: Mapping[str, int]) -> list[tuple[str, str]]:
    """Kinds of waste with their weight, the heaviest first."""
    found = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, money.weight(grams)) for name, grams in found]
