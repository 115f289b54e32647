"""Seasons, market days and one line of the directory in words."""

from __future__ import annotations

from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from simpul.community.queries.directory import Line
from simpul.community.rules import directory as rules
from simpul.lib import money


def season(listing: Any) -> str:
    """The months in words: "November to January"; "" for the whole year."""
    parts = []
    for first, last in rules.runs(listing.months):
        begin, end = str(MONTHS[first]), str(MONTHS[last])
        parts.append(begin if first == last else _("%(begin)s to %(end)s") % {"begin": begin, "end": end})
    return ", ".join(parts)


def days(listing: Any) -> str:
    """The weekdays in words."""
    return ", ".join(str(WEEKDAYS[number - 1]) for number in rules.numbers(listing.weekdays, 7))


def price(listing: Any) -> str:
    """The price with its unit; "" for none."""
    if listing.price is None:
        return ""
    return f"{money.rupiah(listing.price)} {listing.unit}".strip()


def line(one: Line) -> str:
    """One line in plain words, for the group's text and the board."""
    found = one.listing
    parts = [found.name, found.offers, days(found), found.hours, found.place, price(found)]
    if one.contact_phone:
        parts.append(f"{one.contact_name} {one.contact_phone}".strip())
    return " · ".join(part for part in parts if part)
