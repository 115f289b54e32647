"""Forms of idle land: what is known of it, consent, tilling, costs, harvests, giving back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import land as actions
from simpul.community.queries import land as queries
from simpul.community.rules import land as rules
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.lib.money import parse_weight
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.desk.works.forms import KeyedForm, choose
from simpul.web.forms import choices
from simpul.web.manage import fields


class ParcelForm(KeyedForm):
    """What is known of a piece of land."""

    name = forms.LineField(
        label=_("How do people call it?"),
        max_length=100,
        help_text=_("For example: field behind the school."),
    )
    place_code = forms.RegionField(label=_("In which village?"))
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    square_metres = fields.CountField(
        label=_("How large is it, in square metres?"),
        min_value=1,
        max_value=10_000_000,
        help_text=_("One hectare is 10,000 square metres."),
    )
    ground = forms.ChoiceField(label=_("What is it?"))
    water = forms.LineField(label=_("Where does its water come from?"), required=False, max_length=100)
    owner_name = forms.LineField(label=_("Whose is it?"), max_length=150)
    owner_phone = forms.LineField(label=_("The owner's phone"), required=False, max_length=40)
    right = forms.LineField(
        label=_("What proves it, as the owner says?"),
        required=False,
        max_length=150,
        help_text=_("For example: certificate, tax slip (SPPT). Nothing is checked or changed here."),
    )
    bounds = forms.LineField(label=_("What lies around it?"), required=False, max_length=300)

    def __init__(self, *args: Any, by: Actor, village: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        choose(self, "ground", choices.pairs(rules.GROUNDS))
        hamlets = region_queries.hamlets(village) if village else []
        choose(
            self,
            "hamlet",
            [("", gettext("not said")), *((str(one.id), one.name) for one in hamlets)],
        )
        if not hamlets:
            del self.fields["hamlet"]
        if village:
            del self.fields["place_code"]

    def piece(self, owner_id: UUID | None = None) -> actions.Piece:
        """The parcel as the act takes it."""
        given = self.cleaned_data
        return actions.Piece(
            name=given["name"],
            square_metres=given["square_metres"],
            ground=given["ground"],
            owner_name=given["owner_name"],
            owner_id=owner_id,
            owner_phone=given["owner_phone"],
            hamlet_id=UUID(given["hamlet"]) if given.get("hamlet") else None,
            water=given["water"],
            right=given["right"],
            bounds=given["bounds"],
        )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        return {"why": self.cleaned_data["why"]}


class TermsForm(KeyedForm):
    """What the owner agreed to."""

    giver = forms.LineField(label=_("Who agrees?"), max_length=150)
    how = forms.ChoiceField(label=_("How was it said?"))
    from_date = forms.DateField(label=_("From which day on?"))
    to_date = forms.DateField(label=_("Until which day?"))
    terms = forms.LongTextField(
        label=_("On which terms?"),
        required=False,
        rows=3,
        max_length=2000,
        help_text=_("For example: no trees, the path stays free, a tenth of the harvest."),
    )
    witnesses = forms.LineField(
        label=_("Who was there?"),
        required=False,
        max_length=200,
        help_text=_("Two names when it was spoken."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "how", choices.pairs(rules.HOW))

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        given = self.cleaned_data
        return {
            "terms": actions.Terms(
                giver=given["giver"],
                how=given["how"],
                from_date=given["from_date"],
                to_date=given["to_date"],
                words=given["terms"],
                witnesses=given["witnesses"],
            ),
            "consent_id": given["entry_id"],
        }


class TillingForm(KeyedForm):
    """Who tills, what, until when, and who gets how much of it."""

    group = forms.LineField(
        label=_("Who tills it?"), max_length=150, help_text=_("For example: women farmers' group Melati.")
    )
    people = fields.CountField(label=_("How many people?"), min_value=1, max_value=1000)
    contact = forms.LineField(label=_("Whom to call in the group"), required=False, max_length=150)
    crop = forms.LineField(label=_("What is grown?"), max_length=100)
    started_date = forms.DateField(label=_("From which day on?"))
    until_date = forms.DateField(label=_("Until which day?"))
    owner_share = fields.CountField(label=_("The owner's share, percent"), min_value=0, max_value=100)
    village_share = fields.CountField(label=_("The village's share, percent"), min_value=0, max_value=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, value in (("people", 1), ("owner_share", 0), ("village_share", 0)):
            self.initial.setdefault(name, value)

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        given = dict(self.cleaned_data)
        key = given.pop("entry_id")
        return {"tilling": actions.Tilling(**given), "use_id": key}


class InputForm(KeyedForm):
    """A cost."""

    day = forms.DateField(label=_("On which day?"))
    what = forms.LineField(
        label=_("What for?"), max_length=100, help_text=_("For example: seed, fertiliser, tractor.")
    )
    value = forms.RupiahField(label=_("How many rupiah?"))
    source = forms.LineField(label=_("Who paid?"), required=False, max_length=100)

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        return dict(self.cleaned_data)


class HarvestForm(KeyedForm):
    """A harvest."""

    day = forms.DateField(label=_("On which day?"))
    what = forms.LineField(label=_("What was harvested?"), max_length=100)
    weight = forms.LineField(
        label=_("How much?"), max_length=20, help_text=_("In kilograms, for example 120 kg or 37,5.")
    )
    value = forms.RupiahField(label=_("What it was worth, if it was sold"), required=False)

    def clean_weight(self) -> int:
        """Whole grams."""
        grams = parse_weight(self.cleaned_data["weight"])
        if grams is None or grams <= 0:
            raise ValidationError(gettext("Write a weight in kilograms, for example 120 or 37,5."))
        return grams

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        given = dict(self.cleaned_data)
        given["grams"] = given.pop("weight")
        return {**given, "value": given["value"] or 0}


class GiveBackForm(forms.Form):
    """The end of a use."""

    day = forms.DateField(label=_("On which day?"))
    state = forms.LineField(
        label=_("In which state is the land?"),
        max_length=300,
        help_text=_("For example: clean, dikes repaired."),
    )

    def given(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        return dict(self.cleaned_data)


def first_of(name: str, told: queries.Told) -> dict[str, Any]:
    """What a form begins with: the owner's name, the days of the consent that stands."""
    if name == "izin":
        return {"giver": told.standing.parcel.owner_name, "entry_id": str(uuid7())}
    consent = told.standing.consent
    if name == "garap" and consent is not None:
        return {"started_date": consent.from_date, "until_date": consent.to_date}
    return {}
