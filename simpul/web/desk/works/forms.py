"""Forms of works: the plan, a day sheet's line, materials, cash, tools, photos, prices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import giving, things, works
from simpul.community.rules import works as rules
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.lib.money import rupiah
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices
from simpul.web.manage import fields

PHOTOS = ("jpg", "jpeg", "png", "webp", "heic")


def choose(form: forms.Form, name: str, given: Any) -> None:
    """What a field offers."""
    form.fields[name].explain(given)  # type: ignore[attr-defined]


class QuantityField(forms.LineField):
    """An amount as it is written here: "10", "2,5"."""

    default_error_messages = {"amount": _("Write an amount, with two digits after the comma at most.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 12)
        super().__init__(**options)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        """The amount as a decimal; None when nothing was written."""
        typed = super().clean(value)
        if not typed:
            return None
        found = rules.quantity(typed.replace(".", "").replace(",", ".") if "," in typed else typed)
        if found is None:
            raise ValidationError(self.error_messages["amount"], code="amount")
        return found


class KeyedForm(forms.Form):
    """A form whose row has its key from the page on, so that a second press changes nothing."""

    entry_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("entry_id", str(uuid7()))


class PlanForm(KeyedForm):
    """What a work's page says."""

    title = forms.LineField(
        label=_("What is built or done?"), max_length=150, help_text=_("For example: Drain along the mosque.")
    )
    place_code = forms.RegionField(label=_("In which village?"))
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    place = forms.LineField(label=_("Where exactly?"), required=False, max_length=150)
    about = forms.LongTextField(label=_("Why, and how?"), required=False, rows=4, max_length=4000)
    volume = forms.LineField(
        label=_("How much?"), required=False, max_length=100, help_text=_("For example: 120 metres, 2 units.")
    )
    beneficiaries = fields.CountField(
        label=_("How many people have a use of it?"), required=False, min_value=0, max_value=1_000_000
    )
    leader = forms.LineField(label=_("Who leads the work?"), required=False, max_length=150)
    starts_date = forms.DateField(label=_("First day, as planned"), required=False)
    ends_date = forms.DateField(label=_("Last day, as planned"), required=False)
    hides_amounts = forms.TickField(label=_("The board of thanks names people without sums"), required=False)

    def __init__(self, *args: Any, by: Actor, village: str, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        hamlets = region_queries.hamlets(village) if village else []
        choose(
            self,
            "hamlet",
            [("", gettext("the whole village")), *((str(one.id), one.name) for one in hamlets)],
        )
        if not hamlets:
            del self.fields["hamlet"]
        if old or village:
            del self.fields["place_code"]

    def plan(self) -> works.WorkPlan:
        """The plan as the act takes it."""
        given = self.cleaned_data
        return works.WorkPlan(
            title=given["title"],
            about=given["about"],
            place=given["place"],
            hamlet_id=UUID(given["hamlet"]) if given.get("hamlet") else None,
            volume=given["volume"],
            beneficiaries=given["beneficiaries"],
            leader=given["leader"],
            starts_date=given["starts_date"],
            ends_date=given["ends_date"],
            hides_amounts=given["hides_amounts"],
        )


class DayForm(forms.Form):
    """A day."""

    day = forms.DateField(label=_("On which day?"))


class FinishForm(DayForm):
    """It is built."""

    result = forms.LongTextField(label=_("What is there now?"), rows=3, max_length=1000)


class HandOverForm(DayForm):
    """Somebody looks after it from now on."""

    to = forms.LineField(label=_("Who looks after it from now on?"), max_length=150)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)


class LabourForm(KeyedForm):
    """One line of a day sheet."""

    day = forms.DateField(label=_("On which day?"))
    name = forms.LineField(
        label=_("Who helped?"),
        max_length=150,
        help_text=_("A name, or a group: youth of Taruttuka hamlet."),
    )
    people = fields.CountField(label=_("How many people?"), min_value=1, max_value=500)
    half_days = forms.ChoiceField(label=_("How long did each of them work?"), inline=True)
    task = forms.LineField(label=_("At what?"), required=False, max_length=100)
    food = forms.TickField(label=_("Had a meal"), required=False)
    named = forms.TickField(label=_("Agrees to be thanked by name"), required=False)
    wage = forms.RupiahField(
        label=_("Wage paid to all of them together, if any"),
        required=False,
        help_text=_("Leave empty when the hours are a gift (swadaya)."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "half_days", [("1", _("half a day")), ("2", _("a day")), ("3", _("a day and a half"))])
        self.initial.setdefault("people", 1)
        self.initial.setdefault("half_days", "2")

    def hours(self) -> giving.Hours:
        """The line as the act takes it."""
        given = self.cleaned_data
        return giving.Hours(
            name=given["name"],
            people=given["people"],
            half_days=int(given["half_days"]),
            task=given["task"],
            food=given["food"],
            named=given["named"],
            wage=given["wage"] or 0,
        )


class MaterialForm(KeyedForm):
    """Something that was brought."""

    day = forms.DateField(label=_("On which day?"))
    rate = forms.ChoiceField(label=_("From the price list"), required=False, widget=django_forms.Select)
    name = forms.LineField(label=_("Or something else: what?"), required=False, max_length=100)
    unit = forms.LineField(
        label=_("Unit"), required=False, max_length=20, help_text=_("For example: sack, m3, trunk.")
    )
    unit_price = forms.RupiahField(label=_("What one unit costs"), required=False)
    quantity = QuantityField(label=_("How much?"))
    source = forms.ChoiceField(label=_("From whom?"))
    donor = forms.LineField(label=_("Name of the giver"), required=False, max_length=150)
    named = forms.TickField(label=_("Agrees to be thanked by name"), required=False)

    def __init__(self, *args: Any, rates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [
            (str(one.id), f"{one.name}, {rupiah(one.price)} / {one.unit}") for one in rates if not one.is_wage
        ]
        choose(self, "rate", [("", gettext("not on the list")), *rows])
        choose(self, "source", choices.pairs(rules.SOURCES))
        self.initial.setdefault("source", "swadaya")

    def brought(self) -> giving.Brought:
        """The material as the act takes it."""
        given = self.cleaned_data
        return giving.Brought(
            quantity=given["quantity"],
            rate_id=UUID(given["rate"]) if given["rate"] else None,
            name=given["name"],
            unit=given["unit"],
            unit_price=given["unit_price"] or 0,
            source=given["source"],
            donor=given["donor"],
            donor_named=given["named"],
        )


class MoneyForm(KeyedForm):
    """Cash in or out."""

    day = forms.DateField(label=_("On which day?"))
    direction = forms.ChoiceField(label=_("In or out?"), inline=True)
    amount = forms.RupiahField(label=_("How many rupiah?"))
    source = forms.ChoiceField(label=_("Money that came in: from whom?"))
    who = forms.LineField(label=_("Who gave it, or was paid?"), required=False, max_length=150)
    named = forms.TickField(label=_("Agrees to be thanked by name"), required=False)
    words = forms.LineField(label=_("What for?"), required=False, max_length=200)
    receipt = forms.FilesField(
        label=_("Photo of the receipt"), required=False, max_files=1, endings=(*PHOTOS, "pdf")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "direction", [("in", _("came in")), ("out", _("was spent"))])
        choose(self, "source", choices.pairs(rules.SOURCES))
        self.initial.setdefault("direction", "in")
        self.initial.setdefault("source", "swadaya")

    def cash(self) -> giving.Cash:
        """The line as the act takes it."""
        given = self.cleaned_data
        file = (given["receipt"] or [None])[0]
        return giving.Cash(
            direction=given["direction"],
            amount=given["amount"],
            source=given["source"],
            who=given["who"],
            who_named=given["named"] and given["direction"] == "in",
            words=given["words"],
            receipt=(file.read(), file.name) if file else None,
        )


class ToolForm(KeyedForm):
    """A tool somebody lent."""

    day = forms.DateField(label=_("Lent on which day?"))
    name = forms.LineField(label=_("Which tool?"), max_length=100)
    count = fields.CountField(label=_("How many?"), min_value=1, max_value=1000)
    owner = forms.LineField(label=_("Whose is it?"), max_length=150)
    due_date = forms.DateField(label=_("To be back by"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("count", 1)

    def lent(self) -> things.Lent:
        """The tool as the act takes it."""
        given = self.cleaned_data
        return things.Lent(given["name"], given["owner"], given["count"], given["due_date"])


class ReturnForm(DayForm):
    """The tool went back."""

    condition = forms.LineField(
        label=_("In which state?"), required=False, max_length=200, help_text=_("Empty: as it was lent.")
    )


class PhotoForm(KeyedForm):
    """A photo of the work."""

    file = forms.FilesField(
        label=_("Photo"),
        max_files=1,
        endings=PHOTOS,
        help_text=_("Where and with which phone it was taken is removed before it is kept."),
    )
    day = forms.DateField(label=_("Taken on which day?"))
    stage = forms.ChoiceField(label=_("Of which time?"), inline=True)
    words = forms.LineField(label=_("What does it show?"), required=False, max_length=150)
    shown = forms.TickField(
        label=_("May be shown to everybody: nobody can be recognised, or they agreed"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "stage", choices.pairs(rules.STAGES))

    def shot(self) -> things.Shot:
        """The photo as the act takes it."""
        given = self.cleaned_data
        file = given["file"][0]
        return things.Shot(file.read(), file.name, given["stage"], given["words"], given["shown"])


class RateForm(KeyedForm):
    """A price from a day on."""

    place_code = forms.RegionField(label=_("In which village?"))
    is_wage = forms.TickField(label=_("This is a day's wage (HOK)"), required=False)
    name = forms.LineField(label=_("What?"), max_length=100)
    unit = forms.LineField(label=_("Unit"), max_length=20, help_text=_("For example: sack, m3, trunk."))
    price = forms.RupiahField(label=_("What one unit costs"))
    from_date = forms.DateField(label=_("From which day on?"))
    source = forms.LineField(
        label=_("Where is the price from?"),
        required=False,
        max_length=200,
        help_text=_("For example: price list of the regency 2026, three shops asked."),
    )

    def __init__(self, *args: Any, by: Actor, village: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        if village:
            del self.fields["place_code"]
