"""Forms of devices: letting one in, its areas, locking it, a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.sync.rules import outcomes
from simpul.web import forms
from simpul.web.forms import choices

VILLAGE = 10
"""Signs of a village's code."""


def parts_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The places one level below areas, by name: what a device can be narrowed to. A village is its own."""
    found: dict[str, str] = {}
    for code in codes:
        if len(code) == VILLAGE:
            found[code] = region_queries.get_region(code).name
        else:
            found |= {one.code: one.name for one in region_queries.children(code)}
    return sorted(found.items(), key=lambda pair: pair[1])


class InviteForm(forms.Form):
    """Whose phone it is, and what it is called."""

    seat = forms.ChoiceField(label=_("Who works with it?"), widget=django_forms.Select)
    label = forms.LineField(
        label=_("What do you call this phone?"),
        max_length=100,
        help_text=_(
            "So that it is found when it is lost, and known on the lock page: \u201cBlue Samsung of Ibu Dewi\u201d."
        ),
    )

    def __init__(self, *args: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        seats = desk_queries.seats_visible(by, at)
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose")),
            *((str(one.id), f"{one.user.full_name}: {desk_queries.seat_label(one)}") for one in seats),
        ]


class NodeForm(forms.Form):
    """Which desk's laptop it is."""

    desk = forms.ChoiceField(label=_("Which desk's laptop is it?"), widget=django_forms.Select)
    label = forms.LineField(label=_("What do you call this laptop?"), max_length=100)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        desks = [one for one in desk_queries.desks_visible(by).open().order_by("name") if not one.outside]
        self.fields["desk"].choices = [("", gettext("Choose")), *((str(one.id), one.name) for one in desks)]  # type: ignore[attr-defined]


class ScopeForm(forms.Form):
    """Which villages the device is sent."""

    areas = forms.ChoicesField(
        label=_("Which villages does it take along?"),
        required=False,
        help_text=_("Tick none to send all of the seat's area."),
    )

    def __init__(self, *args: Any, options_of: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["areas"].choices = options_of  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    """Why a device is locked."""

    why = forms.LineField(
        label=_("Why is it locked?"),
        max_length=200,
        help_text=_("For example: lost on the way, stolen, broken, given back."),
    )


class DecisionForm(forms.Form):
    """What a person decides about one entry."""

    decision = forms.ChoiceField(label=_("What shall happen?"))
    words = forms.LongTextField(label=_("Why?"), required=False, rows=3, max_length=300)

    def __init__(self, *args: Any, offered: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        pairs = choices.pairs({code: outcomes.DECISIONS[code] for code in offered})
        self.fields["decision"].choices = pairs  # type: ignore[attr-defined]
