"""What the pages of visits share: names of checklists, classes in words, one visit as a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.rules import visits as rules
from simpul.web.desk import words

CLASSES: Mapping[str, tuple[str, str, str]] = {
    rules.NO_ACCESS: (gettext_noop("A service was not reached"), "warn", "cross"),
    rules.NO_MEDICINE: (gettext_noop("Medicine is not taken"), "warn", "warning"),
    rules.DANGER_SIGN: (gettext_noop("Danger sign"), "bad", "flag"),
    rules.TBC: (gettext_noop("Sign of TB"), "bad", "warning"),
}
SHORT: Mapping[int, str] = {
    0: gettext_noop("Family sheet"),
    1: gettext_noop("1 · Pregnant"),
    2: gettext_noop("2 · Birth and after"),
    3: gettext_noop("3 · Infant of 0–6 months"),
    4: gettext_noop("4 · Child of 6–71 months"),
    5: gettext_noop("5 · School age and adolescent"),
    6: gettext_noop("6 · Adult"),
    7: gettext_noop("7 · Elder"),
    8: gettext_noop("8 · TB"),
}


def checklist_name(number: int) -> str:
    """The name of a checklist in short."""
    return _(SHORT[number]) if number in SHORT else str(number)


def title_of(number: int, version: str = "") -> str:
    """The whole title of a checklist."""
    return form_queries.checklist(number, version).called(words.language())


def classes_of(visit: Any) -> list[dict[str, str]]:
    """The classes of a visit as tags."""
    return [
        {"words": _(CLASSES[code][0]), "tone": CLASSES[code][1], "icon": CLASSES[code][2]}
        for code in visit.classes
        if code in CLASSES
    ]


def who(visit: Any) -> str:
    """Whom it was to."""
    if visit.person is not None:
        return str(visit.person.full_name)
    return str(visit.household.name) if visit.household is not None else _("a family")


def row(visit: Any) -> dict[str, Any]:
    """One visit of a list."""
    return {
        "visit": visit,
        "url": reverse("desk_posyandu_visit", args=[visit.id]),
        "who": who(visit),
        "date": words.day(visit.date),
        "checklist": checklist_name(visit.checklist),
        "classes": classes_of(visit),
        "told": words.day(visit.reported_date) if visit.reported_date else "",
        "cadre": visit.cadre.name if visit.cadre is not None else visit.recorded_by,
    }
