"""The form in which a bundle is handed over: a file, its text, or read QR pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from simpul.web import forms

ENDINGS = ("simpul", "txt", "bundle")
LARGEST = 12_000_000
LONGEST_TEXT = 1_900_000


class BundleForm(forms.Form):
    """One of the two is enough."""

    file = forms.FilesField(
        label=_("The bundle on the stick"),
        max_files=1,
        max_bytes=LARGEST,
        endings=ENDINGS,
        required=False,
        help_text=_("The file that the phone or the village laptop made: its name ends in .simpul or .txt."),
    )
    text = forms.LongTextField(
        label=_("Or its text"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_(
            "Paste the whole message, from SIMPUL BUNDLE to END, or the QR pages that were read, one on a line."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Something must be handed over."""
        given = dict(super().clean() or {})
        if not self.errors and not given.get("file") and not given.get("text"):
            raise ValidationError(_("Choose the file, or paste the text."), code="required")
        return given

    def data_given(self) -> bytes:
        """The bytes."""
        files = self.cleaned_data.get("file")
        return files[0].read() if files else str(self.cleaned_data["text"]).encode()
