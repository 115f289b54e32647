"""Forms of the directory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import directory as actions
from simpul.community.queries import directory as queries
from simpul.community.rules import directory as rules
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices


def _choose(form: forms.Form, name: str, given: Any) -> None:
    form.fields[name].explain(given)  # type: ignore[attr-defined]


class ListingForm(forms.Form):
    """A line of the directory."""

    kind = forms.ChoiceField(label=_("What is it?"), inline=True)
    name = forms.LineField(label=_("Name"), max_length=120)
    place_code = forms.RegionField(label=_("Village"))
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    place = forms.LineField(label=_("Where exactly?"), required=False, max_length=150)
    offers = forms.LineField(
        label=_("What is offered?"),
        required=False,
        max_length=200,
        help_text=_("For example: dried fish, abon, tailoring."),
    )
    about = forms.LongTextField(label=_("More about it"), required=False, rows=3, max_length=1500)
    months = forms.ChoicesField(
        label=_("In which months is there some?"),
        required=False,
        help_text=_("Leave empty for the whole year."),
    )
    weekdays = forms.ChoicesField(label=_("On which days is it open or held?"), required=False)
    hours = forms.LineField(label=_("Hours, in words"), required=False, max_length=120)
    price = forms.RupiahField(label=_("Price (rupiah)"), required=False)
    unit = forms.LineField(
        label=_("Price for which unit?"), required=False, max_length=40, help_text=_("For example: per kg.")
    )
    contact_name = forms.LineField(label=_("Who can be called?"), required=False, max_length=120)
    contact_phone = forms.PhoneField(
        label=_("Phone number"),
        required=False,
        help_text=_("Nobody sees it until its owner agreed: you ask on the next page."),
    )
    parcel = forms.ChoiceField(
        label=_("Grown on idle land in use"), required=False, widget=django_forms.Select
    )
    work = forms.ChoiceField(
        label=_("Came of a work of the village"), required=False, widget=django_forms.Select
    )
    listing_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Actor, village: str, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", choices.pairs(rules.ONE))
        _choose(self, "months", [(str(number), str(name)) for number, name in MONTHS.items()])
        _choose(self, "weekdays", [(str(number + 1), str(name)) for number, name in WEEKDAYS.items()])
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        hamlets = region_queries.hamlets(village) if len(village) == 10 else []
        _choose(
            self,
            "hamlet",
            [("", gettext("the whole village")), *((str(one.id), one.name) for one in hamlets)],
        )
        self._ties(by, village)
        if not hamlets:
            del self.fields["hamlet"]
        if old:
            del self.fields["place_code"]
        elif len(village) == 10:
            self.initial.setdefault("place_code", region_queries.path_names(village))
        self.initial.setdefault("listing_id", str(uuid7()))

    def _ties(self, by: Actor, village: str) -> None:
        """Idle land and works of the village, where there are any."""
        parcels, works = queries.ties(by, village)
        offered = (
            ("parcel", [(one.id, str(one)) for one in parcels]),
            ("work", [(one.id, str(one)) for one in works]),
        )
        for name, rows in offered:
            if rows:
                _choose(self, name, [("", gettext("none")), *((str(key), words) for key, words in rows)])
            else:
                del self.fields[name]

    def listing(self) -> actions.ListingGiven:
        """The line as the acts take it."""
        given = self.cleaned_data
        return actions.ListingGiven(
            kind=given["kind"],
            name=given["name"],
            about=given["about"],
            offers=given["offers"],
            place=given["place"],
            hours=given["hours"],
            months=tuple(int(one) for one in given["months"]),
            weekdays=tuple(int(one) for one in given["weekdays"]),
            unit=given["unit"],
            price=given["price"],
            contact_name=given["contact_name"],
            contact_phone=given["contact_phone"],
            hamlet_id=_key(given, "hamlet"),
            parcel_id=_key(given, "parcel"),
            work_id=_key(given, "work"),
        )


def _key(given: dict[str, Any], name: str) -> UUID | None:
    return UUID(given[name]) if given.get(name) else None


class AgreeForm(forms.Form):
    """Who agreed, and how."""

    given_by = forms.NameField(label=_("Who agreed?"))
    how = forms.ChoiceField(label=_("How?"), inline=True)
    read = forms.TickField(label=_("I read the words aloud, and the answer was yes"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "how", choices.pairs(rules.HOW))


class WhyForm(forms.Form):
    """Why a line goes, or a contact is hidden."""

    why = forms.LineField(label=_("Why?"), required=False, max_length=300)
