"""What speaks for and against two rows being one person, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

REASONS: Mapping[str, tuple[str, str]] = {
    "name.same": (gettext_noop("same name"), "good"),
    "name.same_words": (gettext_noop("same name in other order or with another title"), "good"),
    "name.near": (gettext_noop("name spelled almost the same"), "good"),
    "name.part": (gettext_noop("one name is part of the other"), "warn"),
    "name.loose": (gettext_noop("names are a little alike"), "warn"),
    "name.some": (gettext_noop("one word of the name is the same"), "warn"),
    "name.other": (gettext_noop("other name"), "bad"),
    "nik.same": (gettext_noop("same NIK"), "good"),
    "nik.forty": (gettext_noop("same NIK, but for the 40 added for women"), "good"),
    "nik.one_digit": (gettext_noop("NIK differs in one digit"), "good"),
    "nik.two_digits": (gettext_noop("NIK differs in two digits"), "warn"),
    "nik.area": (gettext_noop("NIK differs in the area only"), "warn"),
    "nik.neighbour": (gettext_noop("NIK of the same day and place, as twins have"), "bad"),
    "nik.head": (gettext_noop("NIK with another serial number"), "bad"),
    "nik.other": (gettext_noop("other NIK"), "bad"),
    "birth.same": (gettext_noop("same birth date"), "good"),
    "birth.same_weak": (gettext_noop("same birth date, but 1 January and the like say little"), "warn"),
    "birth.slip": (gettext_noop("birth date differs as a slip does"), "warn"),
    "birth.rough": (gettext_noop("same birth year, day unknown in one"), "warn"),
    "birth.near_year": (gettext_noop("birth date a year apart or less"), "bad"),
    "birth.other": (gettext_noop("other birth date"), "bad"),
    "sex.same": (gettext_noop("same sex"), "good"),
    "sex.other": (gettext_noop("man and woman"), "bad"),
    "place.same": (gettext_noop("same birth place"), "good"),
    "place.near": (gettext_noop("birth place spelled almost the same"), "good"),
    "place.other": (gettext_noop("other birth place"), "bad"),
    "home.kk": (gettext_noop("same family card"), "good"),
    "home.kk_digit": (gettext_noop("family card differs in one digit"), "good"),
    "home.address": (gettext_noop("same village and address"), "good"),
    "home.village": (gettext_noop("same village"), "good"),
    "home.district": (gettext_noop("same district"), "warn"),
    "home.regency": (gettext_noop("same regency"), "warn"),
    "home.other": (gettext_noop("lives elsewhere"), "bad"),
    "phone": (gettext_noop("same phone"), "good"),
}
"""Each level of agreement: its words, and whether it speaks for (good), weakly (warn) or against (bad)."""


def said(codes: Iterable[str]) -> list[dict[str, str]]:
    """The words and tones of these reasons; codes that are unknown are passed over."""
    return [{"text": _(REASONS[code][0]), "tone": REASONS[code][1]} for code in codes if code in REASONS]


def sentence(codes: Iterable[str]) -> str:
    """The reasons in one line."""
    return ", ".join(one["text"] for one in said(codes))
