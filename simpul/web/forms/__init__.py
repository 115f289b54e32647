"""Forms as people meet them: one renderer, one field template, and the fields that recur on every door.

Three ideas hold this file together.

1. Every field of every form is drawn by ``components/field.html``; a form says *what* it asks, never how it looks.
2. A field forgives how something is written (spaces, dots, invisible characters) and never judges whether somebody is
   entitled to something. The browser's own validation is off: our sentences are better and keep what was typed.
3. Nothing is guessed. A date is read as ``d/m/Y`` or ISO and otherwise asked again.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates

from simpul.web.forms.choices import Choice, ChoiceField, ChoicesField, Radios, TickField, Ticks
from simpul.web.forms.dates import DateBoxes, DateField, DatePartsField, read_date
from simpul.web.forms.files import FilesField
from simpul.web.forms.places import RegionField
from simpul.web.forms.text import (
    DigitsField,
    LineField,
    LongTextField,
    NameField,
    PhoneField,
    RupiahField,
    tidy_digits,
    tidy_line,
    tidy_text,
)

__all__ = [
    "Choice",
    "ChoiceField",
    "ChoicesField",
    "DateBoxes",
    "DateField",
    "DatePartsField",
    "DigitsField",
    "FilesField",
    "Form",
    "LineField",
    "LongTextField",
    "NameField",
    "PhoneField",
    "Radios",
    "RegionField",
    "RupiahField",
    "SimpulRenderer",
    "TickField",
    "Ticks",
    "read_date",
    "tidy_digits",
    "tidy_line",
    "tidy_text",
]

_OWN_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_DJANGO_TEMPLATES = Path(django.forms.__file__).resolve().parent / "templates"


class SimpulRenderer(DjangoTemplates):
    """Draws every form, form set and field with our templates (``FORM_RENDERER``)."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "components/field.html"

    @cached_property
    def engine(self) -> Any:
        """An engine of its own, so that widgets render the same whatever ``TEMPLATES`` says."""
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [_OWN_TEMPLATES, _DJANGO_TEMPLATES],
                "NAME": "simpulforms",
                "OPTIONS": {"builtins": ["django.templatetags.i18n", "simpul.web.templatetags.simpul"]},
            }
        )


class Form(forms.Form):
    """A plain form. ``heading`` names the field whose label is the page's h1 (one question per page)."""

    heading: str = ""
    use_required_attribute = False

    @property
    def asks_for_files(self) -> bool:
        """True when the ``<form>`` needs ``enctype="multipart/form-data"``."""
        return self.is_multipart()

    def refuse(self, refusal: Exception) -> None:
        """Show an expected failure where it belongs: beside its field when it names one, else above the form.

        ``refusal`` is a ``simpul.lib.errors.Refused``; what was typed stays in the form.
        """
        name = getattr(refusal, "field", "") or ""
        self.add_error(name if name in self.fields else None, ValidationError(str(refusal)))
