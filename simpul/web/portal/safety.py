"""Disaster mode on the pages: the life-safety questions, and what residents are told while it lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from simpul.cases.queries import triage
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.portal import words


def emergency_for(areas: Iterable[str], at: datetime) -> Any | None:
    """The emergency that concerns these areas now."""
    return triage.emergency_in(areas, at)


def emergency_here(at: datetime) -> Any | None:
    """The emergency that concerns anybody who comes to this installation's public page."""
    return triage.emergency_in([desk_queries.institution().region_code], at)


def notice(at: datetime) -> dict[str, Any] | None:
    """What residents are told: the name of the disaster, where, and the numbers to call; None when there is none."""
    found = emergency_here(at)
    if found is None:
        return None
    phones = [one.strip() for one in found.phones.replace(";", ",").split(",") if one.strip()]
    return {"row": found, "place": region_queries.path_names(found.region_code), "phones": phones}


def ask(form: forms.Form, emergency: Any | None) -> None:
    """Put the life-safety questions before everything else that a form asks, when the emergency wants them."""
    if emergency is None or not emergency.asks_safety:
        return
    offered = [
        forms.Choice(one.code, one.names.get(words.language(), one.names["id"])) for one in triage.questions()
    ]
    field = forms.ChoicesField(
        label=_("First: is somebody in danger?"),
        help_text=_("Tick everything that is true. These matters are shown before all others."),
        choices=offered,
        required=False,
    )
    form.fields = {"triage": field, **form.fields}


def said(codes: Iterable[str]) -> list[str]:
    """The ticked questions in words."""
    wanted = set(codes)
    return [
        one.names.get(words.language(), one.names["id"]) for one in triage.questions() if one.code in wanted
    ]


def relaxes_identity(region_code: str, at: datetime) -> bool:
    """True where nobody is asked for a name now."""
    return bool(region_code) and triage.relaxes_identity(region_code, at)


def place_instead(at: datetime) -> str:
    """The area that stands for a village nobody knows, in disaster mode; "" otherwise."""
    found = emergency_here(at)
    return found.region_code if found is not None and found.relaxes_identity else ""
