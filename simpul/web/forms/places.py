"""A place, typed or chosen. The field knows no places: the form gives it a way to find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from simpul.web.forms.text import LineField, Words

Resolve = Callable[[str], str]


class RegionField(LineField):
    """A place: a typed name, or the code chosen from suggestions.

    The field knows no places. The form gives it ``find(text) -> [(code, label), ...]`` (best first, at most a few).
    A code or an unambiguous name is taken; several matches are offered as choices in ``field.offers``, which the
    field template shows as buttons that send the code. ``suggest_url`` lets the page offer them while typing.
    """

    default_error_messages = {
        "required": _("Write the village."),
        "unknown": _("We do not know this place. Write the name of the village and its district."),
        "several": _("There are several places with this name. Choose one of them."),
    }

    def __init__(
        self,
        *,
        find: Callable[[str], Sequence[tuple[str, Words]]] | None = None,
        suggest_url: str = "",
        **options: Any,
    ) -> None:
        options.setdefault("max_length", 120)
        super().__init__(**options)
        self.find = find
        self.offers: list[tuple[str, Words]] = []
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        if suggest_url:
            self.widget.attrs["data-suggest"] = suggest_url

    def clean(self, value: Any) -> str:
        """The code of the one place meant, or "" when nothing was asked for."""
        typed: str = super().clean(value)
        if not typed or self.find is None:
            return typed
        found = list(self.find(typed))
        exact = [code for code, label in found if typed in (code, str(label))]
        if len(found) == 1 or len(exact) == 1:
            return exact[0] if exact else found[0][0]
        self.offers = found
        code = "several" if found else "unknown"
        raise ValidationError(self.error_messages[code], code=code)
