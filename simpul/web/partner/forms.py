"""The partner's small forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from simpul.web import forms
from simpul.web.desk import words
from simpul.web.portal.report_forms import FilesForm


class PinForm(forms.Form):
    """The second factor: the PIN that was told by another way."""

    heading = "pin"
    pin = forms.DigitsField(
        label=_("Your PIN"), length=6, help_text=_("Six digits. You got it apart from the link.")
    )


class DeclineForm(forms.Form):
    """Why it is not theirs."""

    reason = forms.LongTextField(label=_("Why is this not for you?"), rows=3, max_length=2000)


class AnswerForm(forms.Form):
    """What was done."""

    answer = forms.LongTextField(label=_("Your answer"), rows=5)
    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=tuple(words.OUTCOMES.items()), initial="done", inline=True
    )
    given_service = forms.LineField(label=_("What was given"), required=False, max_length=120)
    given_amount = forms.RupiahField(label=_("How much, in rupiah"), required=False)
    given_date = forms.DateField(label=_("When it was given"), required=False)
    given_to = forms.LineField(label=_("Into whose hands"), required=False, max_length=150)


class AttachForm(FilesForm):
    """Proof, or what belongs to the answer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].required = True

    def clean_uploads(self) -> list[UploadedFile]:
        """At least one."""
        given = super().clean_uploads()
        if not given:
            raise ValidationError(self.fields["uploads"].error_messages["required"], code="required")
        return given
