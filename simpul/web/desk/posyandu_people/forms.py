"""Forms of enrolment, moves, closing and taking back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.posyandu.rules import participants as rules
from simpul.web import forms
from simpul.web.forms import choices


class Keyed(forms.Form):
    """A form whose act is done once, however often it is sent."""

    key = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", str(uuid7()))


class EnrolForm(Keyed):
    """Somebody onto the list. Who is of the register already has no name to be typed; the two ticks are shown once they are asked."""

    full_name = forms.NameField(label=_("Full name"))
    sex = forms.ChoiceField(
        label=_("Sex"), inline=True, choices=[("L", _("Man or boy")), ("P", _("Woman or girl"))]
    )
    birth_date = forms.DateField(label=_("Date of birth"))
    nik = forms.DigitsField(
        label=_("NIK, if there is one"),
        length=16,
        required=False,
        help_text=_("A NIK may come later; nothing waits for it."),
    )
    address = forms.LineField(label=_("Address"), max_length=300, required=False)
    opened = forms.DateField(label=_("On the list since"), required=False)
    twins = forms.TickField(label=_("Yes, they are twins"), required=False)
    another = forms.TickField(label=_("Yes, this is somebody else"), required=False)

    def __init__(self, *args: Any, known: bool, form: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if known:
            for name in ("full_name", "sex", "birth_date", "nik", "address", "another"):
                del self.fields[name]
        elif form in ("A", "D"):
            self.fields["birth_date"].required = False
        self._asked = {name: self.fields[name].widget for name in ("twins", "another") if name in self.fields}
        for name in self._asked:
            if not self.data.get(self.add_prefix(name)):
                self.fields[name].widget = django_forms.HiddenInput()

    def ask(self, name: str) -> None:
        """Show the tick that answers what was asked."""
        if name in self._asked:
            self.fields[name].widget = self._asked[name]

    def sure(self) -> list[str]:
        """What was confirmed."""
        return [name for name in self._asked if self.cleaned_data.get(name)]


class MoveForm(Keyed):
    """To which posyandu, since when."""

    posyandu = forms.ChoiceField(label=_("To which posyandu?"))
    on_date = forms.DateField(label=_("Since which day, if not today"), required=False)

    def __init__(self, *args: Any, offered: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["posyandu"].explain([(str(one.id), one.name) for one in offered])  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Why a card is closed, and since when."""

    why = forms.ChoiceField(label=_("Why is the card closed?"))
    on_date = forms.DateField(label=_("Since which day, if not today"), required=False)

    def __init__(self, *args: Any, form: str, **options: Any) -> None:
        super().__init__(*args, **options)
        codes = [code for code in rules.BY_HAND if code != "born" or form == "A"]
        self.fields["why"].explain(  # type: ignore[attr-defined]
            choices.pairs({code: rules.CLOSED[code] for code in codes})
        )


class HeadForm(forms.Form):
    """The mother of a child's card and the cadre who looks after it."""

    cadre = forms.ChoiceField(
        label=_("Which cadre looks after this person?"), required=False, widget=django_forms.Select
    )

    def __init__(self, *args: Any, offered: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [(str(one.id), one.name) for one in offered]
        self.fields["cadre"].explain([("", gettext("not stated")), *rows])  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """Why an entry is taken back."""

    why = forms.LineField(label=_("Why is this entry taken back?"), max_length=180)


class DayForm(forms.Form):
    """The day of an entry that is written down later."""

    date = forms.DateField(label=_("Day of the measurement"))

    def __init__(self, *args: Any, today: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("date", today)
