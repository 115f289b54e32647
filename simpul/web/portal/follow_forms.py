"""The forms of the follow-up pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from simpul.lib import ids
from simpul.web import forms
from simpul.web.portal.report_forms import ACCEPTED, EachFileField

LONGEST = 5000


class ProveForm(forms.Form):
    """A number with its PIN, or a 16-digit receipt, in any spelling."""

    number = forms.LineField(
        max_length=80,
        width="20",
        label=_("Report number or 16-digit receipt"),
        help_text=_("For example SPL-2611-00047-K. Capital letters, spaces and dashes do not matter."),
    )
    pin = forms.DigitsField(
        required=False,
        max_length=40,
        width="5",
        label=_("PIN"),
        help_text=_("Six digits. Leave empty if you have a 16-digit receipt."),
    )

    def clean(self) -> dict[str, Any]:
        """A number needs its PIN; a receipt stands alone."""
        values: dict[str, Any] = super().clean() or {}
        if (
            values.get("number")
            and not values.get("pin")
            and "pin" not in self.errors
            and not ids.parse_receipt16(values["number"])
        ):
            self.add_error("pin", _("Write the six digits of the PIN that stands under the number."))
        return values


class _WordsAndFiles(forms.Form):
    """Words with files. The files are judged one by one by the act that keeps them."""

    uploads = EachFileField(
        required=False,
        label=_("Photos, recordings or PDF"),
        help_text=_("At most 5 files of 12 MB each. The place where a photo was taken is removed."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].widget.attrs["accept"] = ACCEPTED


class ReplyForm(_WordsAndFiles):
    """A reply to the desk's question."""

    prefix = "balas"
    words = forms.LongTextField(max_length=LONGEST, rows=5, label=_("Your reply"))
    field_order = ["words", "uploads"]


class AddForm(_WordsAndFiles):
    """Something more about the matter: words, files or both."""

    prefix = "tambah"
    words = forms.LongTextField(
        required=False, max_length=LONGEST, rows=5, label=_("What do you want to add?")
    )
    field_order = ["words", "uploads"]

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not values.get("words") and not values.get("uploads"):
            self.add_error("words", _("Write what you want to add, or choose a file."))
        return values


class DisputeForm(forms.Form):
    """What is not solved."""

    prefix = "belum"
    words = forms.LongTextField(max_length=2000, rows=4, label=_("What is not solved?"))


MARKS = (
    ("5", _("5: very satisfied")),
    ("4", _("4: satisfied")),
    ("3", _("3: fair")),
    ("2", _("2: dissatisfied")),
    ("1", _("1: very dissatisfied")),
)


class RateForm(forms.Form):
    """One mark, once."""

    prefix = "nilai"
    rating = forms.ChoiceField(label=_("How satisfied are you with the answer?"), choices=MARKS)
    words = forms.LongTextField(required=False, max_length=2000, rows=3, label=_("Why?"))
