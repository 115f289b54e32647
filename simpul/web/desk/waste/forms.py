"""Forms of the waste bank: weights and sums as people write them, pass books, sales, money, rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import bank as setting
from simpul.community.actions import bank_savers
from simpul.community.rules import prices, sharing
from simpul.desks import queries as desk_queries
from simpul.lib import money, when
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import forms, reading
from simpul.web.forms import choices


class WeightField(forms.LineField):
    """A weight in kilograms as it is read from the scale: "2,5", "850 g"; kept as whole grams. Empty is None."""

    widget = django_forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-width": "5"})
    default_error_messages = {
        "weight": _("Write kilograms with a comma, for example 2,5. For grams write 850 g."),
    }

    def clean(self, value: Any) -> Any:
        """Whole grams."""
        typed = super().clean(value)
        if not typed:
            return None
        grams = money.parse_weight(typed)
        if grams is None:
            raise ValidationError(self.error_messages["weight"], code="weight")
        return grams


class PercentField(forms.LineField):
    """A share in percent, with at most two places after the comma; kept as basis points."""

    widget = django_forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-width": "4"})
    default_error_messages = {"percent": _("Write a share from 0 to 100, for example 70 or 12,5.")}

    def clean(self, value: Any) -> Any:
        """Basis points."""
        typed = super().clean(value).replace("%", "").strip().replace(".", ",")
        whole, _comma, rest = typed.partition(",")
        if not (
            whole.isascii()
            and whole.isdigit()
            and len(whole) <= 3
            and len(rest) <= 2
            and (not rest or rest.isdigit())
        ):
            raise ValidationError(self.error_messages["percent"], code="percent")
        return int(whole) * 100 + int(rest.ljust(2, "0"))


def _choose(form: forms.Form, name: str, offered: Any) -> None:
    form.fields[name].explain(offered)  # type: ignore[attr-defined]


class Keyed(forms.Form):
    """A form whose act is done once, however often it is sent."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", str(uuid7()))


class OpenForm(forms.Form):
    """A new bank, or its name."""

    name = forms.LineField(label=_("Name of the waste bank"), max_length=120)
    place = forms.LineField(label=_("Where is the scale?"), max_length=150, required=False)


class WeighForm(Keyed):
    """One field for every kind that is taken; what stays empty was not brought."""

    donated = forms.TickField(label=_("Given away: all of it goes to the development fund"), required=False)
    day = forms.DateField(label=_("Day, if it was not today"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[Any], named: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = kinds
        for one in kinds:
            self.fields[self.name_of(one.waste)] = WeightField(label=one.waste.name, required=False)
        if not named:
            del self.fields["donated"]

    @staticmethod
    def name_of(waste: Any) -> str:
        """The field of a kind."""
        return f"g-{waste.id.hex}"

    def rows(self) -> Iterable[tuple[Any, Any]]:
        """Each kind with its field."""
        return [(one, self[self.name_of(one.waste)]) for one in self.kinds]

    def weighed(self) -> list[tuple[UUID, int]]:
        """Kinds with their grams, those that were weighed."""
        found = [(one.waste.id, self.cleaned_data.get(self.name_of(one.waste))) for one in self.kinds]
        return [(key, grams) for key, grams in found if grams]


def moment_of(day: date | None, region_code: str, now: datetime) -> datetime | None:
    """Noon of a day that was typed; None when it was today."""
    zone = desk_queries.zone_of(region_code)
    if day is None or day == now.astimezone(zone).date():
        return None
    return datetime.combine(day, time(12), zone)


class SaverForm(Keyed):
    """A pass book."""

    kind = forms.ChoiceField(label=_("Whose pass book is it?"), inline=True)
    name = forms.LineField(label=_("Name"), max_length=150, required=False)
    person = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    is_minor = forms.TickField(label=_("Younger than 18"), required=False)
    guardian = forms.LineField(
        label=_("Who answers for it?"),
        required=False,
        max_length=150,
        help_text=_("Parent or guardian of a child, teacher of a class, head of a group."),
    )
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    phone = forms.PhoneField(label=_("Telephone"), required=False)

    def __init__(self, *args: Any, region_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", choices.pairs(prices.SAVERS))
        hamlets = region_queries.hamlets(region_code)
        _choose(self, "hamlet", [("", gettext("not stated")), *((str(one.id), one.name) for one in hamlets)])
        self.initial.setdefault("kind", "person")

    def given(self) -> bank_savers.SaverGiven:
        """As the act takes it."""
        said = self.cleaned_data
        return bank_savers.SaverGiven(
            name=said["name"],
            kind=said["kind"],
            person_id=said["person"],
            is_minor=said["is_minor"],
            guardian=said["guardian"],
            hamlet_id=reading.key(said["hamlet"]),
            phone=said["phone"],
        )


class MoneyForm(Keyed):
    """A sum with its words; fields that an act has no use for are left out."""

    rupiah = forms.RupiahField(label=_("How much (rupiah)?"))
    words = forms.LineField(label=_("What for?"), max_length=300, required=False)
    receipt = forms.LineField(label=_("Number of the receipt"), max_length=60, required=False)
    day = forms.DateField(label=_("Day, if it was not today"), required=False)

    def __init__(
        self, *args: Any, without: Sequence[str] = (), need: Sequence[str] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name in without:
            del self.fields[name]
        for name in need:
            self.fields[name].required = True


class CapitalForm(MoneyForm):
    """Money put in, or given back."""

    way = forms.ChoiceField(label=_("Which way?"), inline=True)
    field_order = ("way", "rupiah", "words", "day")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, without=("receipt",), need=("words",), **options)
        _choose(self, "way", [("in", _("Put into the box")), ("back", _("Given back"))])
        self.initial.setdefault("way", "in")


class CountForm(Keyed):
    """What lies in the box."""

    counted = forms.RupiahField(label=_("Rupiah in the box"))
    words = forms.LineField(label=_("Remark"), max_length=300, required=False)


class SpendForm(MoneyForm):
    """What the fund pays for."""

    work = forms.ChoiceField(label=_("Which work?"), widget=django_forms.Select)
    field_order = ("work", "rupiah", "words", "receipt", "day")

    def __init__(self, *args: Any, works: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, need=("words", "receipt"), **options)
        _choose(self, "work", [("", gettext("Choose a work")), *works])


class SaleForm(Keyed):
    """A lot: who took it, and for every kind in the store its weight and price at the collector's scale."""

    collector = forms.ChoiceField(label=_("Who takes it?"), widget=django_forms.Select)
    receipt = forms.LineField(label=_("Number of the receipt"), max_length=60, required=False)
    paid = forms.TickField(label=_("Paid at once into the box"), required=False)
    day = forms.DateField(label=_("Day, if it was not today"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[Any], collectors: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = kinds
        _choose(self, "collector", [(str(one.id), one.name) for one, _owed in collectors if one.is_active])
        for one in kinds:
            key = one.waste.id.hex
            self.fields[f"g-{key}"] = WeightField(label=gettext("Weight sold"), required=False)
            self.fields[f"p-{key}"] = forms.RupiahField(label=gettext("Price for 1 kg"), required=False)
            self.fields[f"e-{key}"] = forms.TickField(label=gettext("Store is empty now"), required=False)
            if one.price is not None:
                self.initial.setdefault(f"p-{key}", one.price.out_per_kg)

    def rows(self) -> Iterable[tuple[Any, Any, Any, Any]]:
        """Each kind with its three fields."""
        return [
            (one, *(self[f"{sign}-{one.waste.id.hex}"] for sign in ("g", "p", "e"))) for one in self.kinds
        ]

    def lots(self) -> list[tuple[UUID, int, int, bool]]:
        """What was sold."""
        said, found = self.cleaned_data, []
        for one in self.kinds:
            key = one.waste.id.hex
            if said.get(f"g-{key}"):
                found.append((one.waste.id, said[f"g-{key}"], said[f"p-{key}"] or 0, said[f"e-{key}"]))
        return found


class GoodsForm(Keyed):
    """Something of one kind in the store."""

    waste = forms.ChoiceField(label=_("Kind"), widget=django_forms.Select)
    grams = WeightField(label=_("Weight (kg)"))
    words = forms.LineField(label=_("For whom, and what for?"), max_length=300, required=False)

    def __init__(self, *args: Any, kinds: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "waste", [(str(one.waste.id), one.waste.name) for one in kinds])


class CollectorForm(Keyed):
    """Who buys."""

    name = forms.LineField(label=_("Name"), max_length=120)
    phone = forms.PhoneField(label=_("Telephone"), required=False)
    place = forms.LineField(label=_("Address"), max_length=150, required=False)
    is_active = forms.TickField(label=_("Still buys from us"), required=False)

    def given(self) -> setting.CollectorGiven:
        """As the act takes it."""
        said = self.cleaned_data
        return setting.CollectorGiven(said["name"], said["phone"], said["place"], said["is_active"])


class WasteForm(Keyed):
    """A kind of waste."""

    name = forms.LineField(label=_("Name of the kind"), max_length=80)
    group = forms.ChoiceField(label=_("Group"), widget=django_forms.Select)
    hint = forms.LineField(label=_("How must it be brought?"), max_length=150, required=False)
    is_active = forms.TickField(label=_("Is taken"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "group", choices.pairs(prices.GROUPS))
        self.initial.setdefault("is_active", True)

    def given(self) -> setting.WasteGiven:
        """As the act takes it."""
        said = self.cleaned_data
        return setting.WasteGiven(said["name"], said["group"], said["hint"], is_active=said["is_active"])


class PricesForm(forms.Form):
    """Two prices for every kind, from a day on."""

    from_date = forms.DateField(label=_("Valid from"), help_text=_("Earlier days keep their prices."))

    def __init__(self, *args: Any, kinds: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = kinds
        for one in kinds:
            for sign, label in (("i", gettext("To savers")), ("o", gettext("From collectors"))):
                name = f"{sign}-{one.waste.id.hex}"
                self.fields[name] = forms.RupiahField(
                    label=f"{one.waste.name}: {label}", required=False, max_value=prices.MOST_PER_KG
                )
                if one.price is not None:
                    self.initial.setdefault(
                        name, one.price.in_per_kg if sign == "i" else one.price.out_per_kg
                    )

    def rows(self) -> Iterable[tuple[Any, Any, Any]]:
        """Each kind with its two fields."""
        return [(one, self[f"i-{one.waste.id.hex}"], self[f"o-{one.waste.id.hex}"]) for one in self.kinds]

    def given(self) -> dict[UUID, tuple[int, int]]:
        """Prices of the kinds that have one."""
        said, found = self.cleaned_data, {}
        for one in self.kinds:
            paid, asked = said.get(f"i-{one.waste.id.hex}"), said.get(f"o-{one.waste.id.hex}")
            if paid is not None or asked is not None:
                found[one.waste.id] = (paid or 0, asked or 0)
        return found


class TermsForm(Keyed):
    """What is set from a day on."""

    from_date = forms.DateField(label=_("Valid from"))
    open_days = forms.ChoicesField(label=_("Opening days"), required=False)
    hours = forms.LineField(
        label=_("Hours"), max_length=100, required=False, help_text=_("For example: 16.00-18.00.")
    )
    minimum = WeightField(label=_("Least weight of a deposit (kg)"), required=False)
    least_withdrawal = forms.RupiahField(label=_("Least withdrawal (rupiah)"), required=False)
    two_people_from = forms.RupiahField(
        label=_("Two people reverse a posting from (rupiah)"),
        required=False,
        help_text=_("Leave empty when one person may always do it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        monday = date(2026, 1, 5)
        days = [(str(day), when.weekday_name(date.fromordinal(monday.toordinal() + day))) for day in range(7)]
        _choose(self, "open_days", days)

    def given(self) -> setting.TermsGiven:
        """As the act takes it."""
        said = self.cleaned_data
        return setting.TermsGiven(
            said["from_date"],
            said["minimum"] or 0,
            [int(day) for day in said["open_days"]],
            said["hours"],
            said["two_people_from"] or 0,
            said["least_withdrawal"] or 0,
        )


class SharingForm(Keyed):
    """How the value of deposits is shared."""

    from_date = forms.DateField(label=_("Valid from"))
    saver_bp = PercentField(label=_("Saver (percent)"))
    costs_bp = PercentField(label=_("Costs of the bank (percent)"))
    fund_bp = PercentField(label=_("Development fund (percent)"))
    meeting = forms.ChoiceField(label=_("Decided by the meeting"), required=False, widget=django_forms.Select)
    decided = forms.LineField(
        label=_("Decision"),
        required=False,
        max_length=200,
        help_text=_("Day and number, when the meeting is not in the list."),
    )

    def __init__(self, *args: Any, meetings: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "meeting", [("", gettext("Not in the list")), *meetings])

    def given(self) -> setting.SharingGiven:
        """As the act takes it."""
        said = self.cleaned_data
        share = sharing.Share(said["saver_bp"], said["costs_bp"], said["fund_bp"])
        return setting.SharingGiven(said["from_date"], share, said["decided"], reading.key(said["meeting"]))


class WhyForm(Keyed):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)
