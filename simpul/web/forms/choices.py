"""Fields of things to choose from, each choice with its sentence and icon where that helps."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.web.forms.text import Words


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what is stored, what is read, and optionally a sentence and an icon that explain it."""

    value: str
    label: Words
    hint: Words = ""
    icon: str = ""


def _pairs(choices: Iterable[Choice | tuple[str, Any]]) -> tuple[list[tuple[str, Any]], dict[str, Choice]]:
    """Django's pairs, and the explained ones by value."""
    made = [choice if isinstance(choice, Choice) else Choice(str(choice[0]), choice[1]) for choice in choices]
    return [(choice.value, choice.label) for choice in made], {choice.value: choice for choice in made}


def pairs(table: Mapping[str, Any], empty: Any = "", *, only: Container[str] = ()) -> list[tuple[str, Any]]:
    """A table of the rules as choices in the reader's language, in its own order.

    ``empty`` comes first when it is given; ``only`` leaves out every other key when it is given.
    """
    found = [(key, gettext(label)) for key, label in table.items() if not only or key in only]
    return [("", empty), *found] if empty else found


class _Explained:
    """Gives each option of a radio or tick list its hint and icon."""

    explained: Mapping[str, Choice] = {}

    def create_option(self, name: str, value: Any, *rest: Any, **options: Any) -> dict[str, Any]:
        """Django's option with ``hint`` and ``icon`` added."""
        option: dict[str, Any] = super().create_option(name, value, *rest, **options)  # type: ignore[misc]
        choice = self.explained.get(str(value))
        option["hint"] = choice.hint if choice else ""
        option["icon"] = choice.icon if choice else ""
        return option


class Radios(_Explained, forms.RadioSelect):
    """One of a few, each a big target."""


class Ticks(_Explained, forms.CheckboxSelectMultiple):
    """Any of a few, each a big target."""


class ChoiceField(forms.ChoiceField):
    """One of a few. ``choices`` may hold ``Choice`` values or pairs; ``widget=forms.Select`` makes a drop-down."""

    widget = Radios
    default_error_messages = {
        "required": _("Choose one answer."),
        "invalid_choice": _("Choose one of the answers shown."),
    }

    def __init__(
        self, *, choices: Iterable[Choice | tuple[str, Any]] = (), inline: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.explain(choices)
        if inline:
            self.widget.attrs["data-inline"] = "1"

    def explain(self, choices: Iterable[Choice | tuple[str, Any]]) -> None:
        """Set the choices together with their hints and icons (for forms that learn them when they are made)."""
        pairs, explained = _pairs(choices)
        self.choices = pairs
        self.widget.explained = explained


class ChoicesField(forms.MultipleChoiceField):
    """Any of a few."""

    widget = Ticks
    default_error_messages = {
        "required": _("Choose at least one answer."),
        "invalid_choice": _("Choose from the answers shown."),
    }

    def __init__(self, *, choices: Iterable[Choice | tuple[str, Any]] = (), **options: Any) -> None:
        super().__init__(**options)
        self.explain(choices)

    def explain(self, choices: Iterable[Choice | tuple[str, Any]]) -> None:
        """Set the choices together with their hints and icons."""
        pairs, explained = _pairs(choices)
        self.choices = pairs
        self.widget.explained = explained


class TickField(forms.BooleanField):
    """One box to tick. Consent is a TickField with ``required=True``; it is never ticked beforehand."""

    default_error_messages = {"required": _("Tick this box to go on.")}
