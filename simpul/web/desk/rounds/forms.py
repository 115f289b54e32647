"""Forms of rounds: what a round is, its goods, what happened at a door, a decision on a double, minutes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.programmes.actions import delivering, rounds
from simpul.programmes.rules import deliveries as rules
from simpul.programmes.rules import rounds as goods_rules
from simpul.web import forms, reading
from simpul.web.desk.rounds import shared
from simpul.web.forms import choices
from simpul.web.manage import fields
from simpul.web.portal import words as portal_words


def _choose(form: forms.Form, name: str, given: Any) -> None:
    form.fields[name].explain(given)  # type: ignore[attr-defined]


_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?")


class AmountField(forms.LineField):
    """A quantity as it is written here: "10", "2,5", "1.000" (a thousand)."""

    default_error_messages = {"amount": _("Write an amount, with two digits after the comma at most.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        """The quantity as a decimal; None when nothing was written."""
        typed = super().clean(value)
        if not typed:
            return None
        if _THOUSANDS.fullmatch(typed):
            typed = typed.replace(".", "")
        found = goods_rules.quantity(typed)
        if found is None or found < 0:
            raise ValidationError(self.error_messages["amount"], code="amount")
        return found


class RoundForm(forms.Form):
    """A round of a programme."""

    programme = forms.ChoiceField(label=_("Programme"), widget=django_forms.Select)
    name = forms.LineField(
        label=_("Name of the round"),
        max_length=150,
        help_text=_("For example: Rice aid, fourth quarter 2026."),
    )
    place_code = fields.AreaField(
        label=_("For which area?"), help_text=_("A village, a district or the whole regency.")
    )
    period = forms.LineField(label=_("Period in words"), required=False, max_length=80)
    starts_date = forms.DateField(label=_("First day of handing out"))
    ends_date = forms.DateField(label=_("Last day of handing out"))
    meeting = forms.ChoiceField(
        label=_("Decided by which musyawarah?"), required=False, widget=django_forms.Select
    )
    authority = forms.LineField(
        label=_("Or by which authority?"),
        required=False,
        max_length=150,
        help_text=_("For example: decree of the bupati, letter of Dinas Sosial."),
    )
    document = forms.LineField(label=_("Number of its document"), required=False, max_length=100)
    document_date = forms.DateField(label=_("Date of its document"), required=False)
    storage = forms.LineField(label=_("Where are the goods stored?"), required=False, max_length=150)
    round_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        programmes: Iterable[Any],
        meetings: Iterable[tuple[str, str]],
        old: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        named = [(one.code, portal_words.said(one, "name")) for one in programmes]
        _choose(self, "programme", [("", gettext("Choose")), *named])
        _choose(self, "meeting", [("", gettext("of no musyawarah")), *meetings])
        self.initial.setdefault("round_id", str(uuid7()))
        if old:
            del self.fields["place_code"], self.fields["round_id"]

    def given(self, region_code: str = "") -> rounds.RoundGiven:
        """The round as the act takes it."""
        said = self.cleaned_data
        return rounds.RoundGiven(
            programme=said["programme"],
            name=said["name"],
            region_code=region_code or said["place_code"],
            starts_date=said["starts_date"],
            ends_date=said["ends_date"],
            period=said["period"],
            meeting_id=reading.key(said["meeting"]),
            authority=said["authority"],
            document=said["document"],
            document_date=said["document_date"],
            storage=said["storage"],
        )


class CloseForm(forms.Form):
    """The end of a round."""

    explanation = forms.LineField(label=_("Why do the goods differ?"), required=False, max_length=500)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)


# --- goods ----------------------------------------------------------------------------------------------------------------


class ItemForm(forms.Form):
    """One kind of goods."""

    what = forms.LineField(label=_("What is handed out?"), max_length=80)
    unit = forms.ChoiceField(label=_("Counted in"), widget=django_forms.Select)
    per_household = AmountField(label=_("How much for each household?"))
    item_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "unit", choices.pairs(goods_rules.UNITS))
        self.initial.setdefault("item_id", str(uuid7()))


class _MoveForm(forms.Form):
    """Goods that move: which, how much; the key makes pressing twice harmless."""

    item = forms.ChoiceField(label=_("Which goods?"), widget=django_forms.Select)
    quantity = AmountField(label=_("How much?"))
    movement_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(
            self,
            "item",
            [(str(one.id), f"{one.what} ({gettext(goods_rules.UNITS[one.unit])})") for one in items],
        )
        self.initial.setdefault("movement_id", str(uuid7()))

    @property
    def item_id(self) -> UUID:
        """The goods that were chosen."""
        return UUID(self.cleaned_data["item"])


class ReceiveForm(_MoveForm):
    """Goods that came into the store."""

    source = forms.LineField(label=_("Where from?"), max_length=150)
    received_date = forms.DateField(label=_("On which day?"))
    document = forms.LineField(label=_("Number of the delivery note"), required=False, max_length=100)


class _HolderForm(_MoveForm):
    """Goods in somebody's hands."""

    holder = forms.ChoiceField(label=_("Who?"), required=False, widget=django_forms.Select)
    device = forms.LineField(
        label=_("Or the code of a device"),
        required=False,
        max_length=64,
        help_text=_("As the device list shows it."),
    )

    def __init__(
        self, *args: Any, holders: Iterable[tuple[str, str]], store: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        first = ("", gettext("the store") if store else gettext("Choose"))
        _choose(self, "holder", [first, *holders])

    def chosen(self) -> goods_rules.Holder:
        """Whose hands; the store when nobody was chosen."""
        said = self.cleaned_data
        if said["device"]:
            return goods_rules.Holder("device", said["device"])
        kind, _colon, key = said["holder"].partition(":")
        return goods_rules.Holder(kind, key) if key else goods_rules.STORE


class AllotForm(_HolderForm):
    """Goods that are handed to a team."""

    taken_by = forms.LineField(label=_("Taken by (name)"), required=False, max_length=150)


class ReturnForm(_HolderForm):
    """Goods that came back."""

    taken_by = forms.LineField(label=_("Brought back by (name)"), required=False, max_length=150)


class LossForm(_HolderForm):
    """Goods that are gone."""

    reason = forms.LineField(label=_("What happened?"), max_length=300)


class CorrectGoodsForm(forms.Form):
    """What a row should have said."""

    quantity = AmountField(label=_("How much was it really?"))
    why = forms.LineField(label=_("Why was it wrong?"), max_length=300)
    correction_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("correction_id", str(uuid7()))


# --- the list -------------------------------------------------------------------------------------------------------------


class FromMeetingForm(forms.Form):
    """A decided list."""

    meeting = forms.ChoiceField(label=_("Which decided list?"), widget=django_forms.Select)

    def __init__(self, *args: Any, meetings: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "meeting", [("", gettext("Choose")), *meetings])


class AmountsForm(forms.Form):
    """How much an entry gets of each item."""

    note = forms.LineField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, items: Iterable[Any], due: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = list(items)
        for one in self.items:
            name = f"b-{one.id}"
            self.fields[name] = AmountField(label=f"{one.what} ({gettext(goods_rules.UNITS[one.unit])})")
            self.initial.setdefault(name, goods_rules.plain(due[one.id]))

    def amounts(self) -> dict[UUID, Decimal]:
        """Those that are not the usual ones."""
        found = {one.id: self.cleaned_data[f"b-{one.id}"] for one in self.items}
        usual = {one.id: one.per_household for one in self.items}
        return {key: much for key, much in found.items() if much is not None and much != usual[key]}


# --- deliveries -----------------------------------------------------------------------------------------------------------


class DeliveryForm(forms.Form):
    """What happened at a door."""

    outcome = forms.ChoiceField(label=_("What came of it?"))
    receiver = forms.ChoiceField(label=_("Handed to"), required=False, inline=True)
    receiver_name = forms.LineField(label=_("Name of who took it"), required=False, max_length=150)
    authority = forms.LineField(
        label=_("By what may this person receive it?"),
        required=False,
        max_length=150,
        help_text=_(
            "Only for somebody with authority: for example a letter of authority of 3 November 2026."
        ),
    )
    proofs = forms.ChoicesField(label=_("How is it proved?"), required=False)
    witness = forms.LineField(label=_("Name of the witness"), required=False, max_length=150)
    photo_kind = forms.ChoiceField(
        label=_("What does the photo show?"), required=False, widget=django_forms.Select
    )
    photo = forms.FilesField(
        label=_("Photo or scan"),
        required=False,
        max_files=3,
        max_bytes=settings.SIMPUL_MAX_FILE,
        endings=("jpg", "jpeg", "png", "webp", "heic", "pdf"),
    )
    words = forms.LineField(label=_("Notes"), required=False, max_length=500)
    place = forms.LineField(label=_("Where was it handed over?"), required=False, max_length=150)
    trip = forms.ChoiceField(
        label=_("On which trip?"),
        required=False,
        widget=django_forms.Select,
        help_text=_("What was handed over is taken off the goods this trip carries."),
    )
    day = forms.DateField(label=_("Day"), required=False, help_text=_("Leave empty for today."))
    clock = fields.TimeField(label=_("Time"), required=False)
    delivery_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        items: Iterable[Any],
        due: Any,
        trips: Iterable[tuple[str, str]],
        why: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.items = list(items)
        rows = {}
        for one in self.items:
            name = f"b-{one.id}"
            rows[name] = AmountField(
                label=f"{one.what} ({gettext(goods_rules.UNITS[one.unit])})", required=False
            )
            self.initial.setdefault(name, goods_rules.plain(due[one.id]))
        first = {"outcome": self.fields.pop("outcome"), **rows}
        self.fields = {**first, **self.fields}
        if why:
            self.fields = {
                "why": forms.LineField(label=_("Why is it corrected?"), max_length=300),
                **self.fields,
            }
        _choose(self, "outcome", choices.pairs(rules.OUTCOMES))
        _choose(self, "receiver", choices.pairs(rules.RECEIVERS))
        _choose(self, "proofs", choices.pairs(rules.PROOFS))
        _choose(self, "photo_kind", choices.pairs(rules.PROOFS))
        _choose(self, "trip", [("", gettext("on no trip")), *trips])
        self.initial.setdefault("outcome", "delivered")
        self.initial.setdefault("receiver", "self")
        self.initial.setdefault("photo_kind", "thumb_photo")
        self.initial.setdefault("delivery_id", str(uuid7()))

    def delivered_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it happened, at the place; now when nothing was said."""
        said = self.cleaned_data
        if not said["day"] and said["clock"] is None:
            return now
        here = now.astimezone(zone)
        return datetime.combine(said["day"] or here.date(), said["clock"] or here.time(), zone)

    @property
    def trip_id(self) -> UUID | None:
        """The trip it was handed over on."""
        return reading.key(self.cleaned_data["trip"])

    def given(self, now: datetime, zone: ZoneInfo, **unit: Any) -> delivering.DeliveryGiven:
        """What happened, as the act takes it."""
        said = self.cleaned_data
        gave = said["outcome"] == "delivered"
        lines = {one.id: said[f"b-{one.id}"] for one in self.items if said[f"b-{one.id}"]} if gave else {}
        return delivering.DeliveryGiven(
            outcome=said["outcome"],
            delivered_at=self.delivered_at(now, zone),
            lines=lines,
            receiver=said["receiver"] if gave else "",
            receiver_name=said["receiver_name"] if gave else "",
            authority=said["authority"] if gave and said["receiver"] == "proxy" else "",
            proofs=said["proofs"],
            witness=said["witness"],
            words=said["words"],
            place=said["place"],
            trip_id=self.trip_id,
            **unit,
        )


class ProofForm(forms.Form):
    """A photo or a scan that comes later."""

    kind = forms.ChoiceField(label=_("What does it show?"), widget=django_forms.Select)
    photo = forms.FilesField(
        label=_("Photo or scan"),
        max_files=3,
        max_bytes=settings.SIMPUL_MAX_FILE,
        endings=("jpg", "jpeg", "png", "webp", "heic", "pdf"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", choices.pairs(rules.PROOFS))


class DoubleForm(forms.Form):
    """Which of two deliveries is right?"""

    decision = forms.ChoiceField(label=_("What is right?"))
    words = forms.LineField(label=_("How do you know?"), max_length=500)

    def __init__(self, *args: Any, pair: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        first, second = shared.delivery(pair.first), shared.delivery(pair.second)
        names = {"1": first["when"], "2": second["when"]}
        _choose(
            self,
            "decision",
            [
                ("both_right", gettext("Both are right: both were meant to be given.")),
                *(
                    (
                        f"one_wrong:{key}",
                        gettext("Delivery %(n)s (%(when)s) was written down wrongly.")
                        % {"n": key, "when": when},
                    )
                    for key, when in names.items()
                ),
                *(
                    (
                        f"returned:{key}",
                        gettext("Delivery %(n)s (%(when)s) was brought back.") % {"n": key, "when": when},
                    )
                    for key, when in names.items()
                ),
            ],
        )
        self.keys = {"1": pair.first.delivery.id, "2": pair.second.delivery.id}

    def decided(self) -> dict[str, Any]:
        """The decision as the act takes it."""
        decision, _colon, which = self.cleaned_data["decision"].partition(":")
        return {"decision": decision, "wrong_id": self.keys.get(which), "words": self.cleaned_data["words"]}


class HandoverForm(forms.Form):
    """Minutes of handing over."""

    village = forms.ChoiceField(label=_("For which village or stop?"), widget=django_forms.Select)
    handed_date = forms.DateField(label=_("Day of handing over"))
    place = forms.LineField(label=_("Place"), required=False, max_length=150)
    office1 = forms.LineField(label=_("Office of the first who signs"), max_length=100)
    name1 = forms.LineField(label=_("Name of the first who signs"), max_length=150)
    office2 = forms.LineField(label=_("Office of the second who signs"), max_length=100)
    name2 = forms.LineField(label=_("Name of the second who signs"), max_length=150)
    office3 = forms.LineField(label=_("Office of the third who signs"), required=False, max_length=100)
    name3 = forms.LineField(label=_("Name of the third who signs"), required=False, max_length=150)
    handover_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, villages: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "village", list(villages))
        self.initial.setdefault("handover_id", str(uuid7()))

    def signers(self) -> list[tuple[str, str]]:
        """Those who sign, by office and name."""
        said = self.cleaned_data
        return [(said[f"office{n}"], said[f"name{n}"]) for n in (1, 2, 3) if said[f"name{n}"]]
