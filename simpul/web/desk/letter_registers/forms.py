"""Forms of the books: a letter that came, one that was carried out, a reason, the successor, a passphrase, BSrE."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.web import forms


class IncomingForm(forms.Form):
    """What is written down about a letter that came."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    received_date = forms.DateField(label=_("Day it came"))
    sender = forms.LineField(label=_("Who sent it"), max_length=150)
    number = forms.LineField(label=_("Number of the letter"), max_length=100, required=False)
    letter_date = forms.DateField(label=_("Date of the letter"), required=False)
    subject = forms.LineField(label=_("What it is about, in short"), max_length=300)
    disposition = forms.LineField(
        label=_("Disposition"), max_length=300, required=False, help_text=_("Who deals with it, and how.")
    )
    file = django_forms.FileField(
        label=_("Photo or PDF of the letter"), required=False, help_text=_("May stay empty.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": uuid7(), **(options.get("initial") or {})}
        super().__init__(*args, **options)


class ExpeditionForm(forms.Form):
    """What is written down about a letter that was carried out."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    letter = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    sent_date = forms.DateField(label=_("Day it was sent"))
    addressee = forms.LineField(label=_("To whom"), max_length=150)
    subject = forms.LineField(label=_("What it is about, in short"), max_length=300)
    number = forms.LineField(label=_("Number of the letter"), max_length=120, required=False)
    letter_date = forms.DateField(label=_("Date of the letter"), required=False)
    note = forms.LineField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": uuid7(), **(options.get("initial") or {})}
        super().__init__(*args, **options)


class ReceiptForm(forms.Form):
    """Who took the letter."""

    receiver = forms.LineField(label=_("Who took it"), max_length=150)
    received_date = forms.DateField(label=_("Day it was taken"))


class DispositionForm(forms.Form):
    """What the head decided about a letter that came."""

    disposition = forms.LineField(
        label=_("Disposition"), max_length=300, help_text=_("Who deals with it, and how.")
    )


class WhyForm(forms.Form):
    """A reason in one line."""

    why = forms.LineField(label=_("Why"), max_length=300)


class SuccessorForm(forms.Form):
    """Which letter stands in the place of this one."""

    new_id = forms.ChoiceField(label=_("Newer letter"), widget=django_forms.Select)

    def __init__(self, *args: Any, letters: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_id"].choices = [("", "–"), *letters]  # type: ignore[attr-defined]


class PassphraseForm(forms.Form):
    """The signer's passphrase at BSrE: used once, never kept."""

    passphrase = django_forms.CharField(
        label=_("Passphrase of your BSrE certificate"),
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        strip=False,
        max_length=200,
        help_text=_("It is used for this letter and not kept."),
    )


class BsreForm(forms.Form):
    """How this village reaches its BSrE service."""

    on = forms.TickField(label=_("Letters may be signed by BSrE"), required=False)
    url = forms.LineField(
        label=_("Address of the eSign client service"),
        max_length=200,
        required=False,
        help_text=_("For example http://10.0.0.5. It stands in the office's own network."),
    )
    user = forms.LineField(label=_("User name of the agency"), max_length=100, required=False)
    secret = django_forms.CharField(
        label=_("Password of the agency"),
        required=False,
        strip=False,
        max_length=200,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text=_("Leave it empty to keep the one that is stored."),
    )
    nik = forms.DigitsField(label=_("NIK of the signer"), required=False, max_length=16)
