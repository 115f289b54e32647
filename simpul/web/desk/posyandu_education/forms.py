"""Forms of education: a medium of one's own, to whom it was shown, when families are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.posyandu.rules import education as rules
from simpul.web import forms


def _choose(form: forms.Form, name: str, given: Sequence[tuple[str, str]]) -> None:
    """Set the choices of a field that are known when the page is asked for."""
    form.fields[name].explain(given)  # type: ignore[attr-defined]


class MediumForm(forms.Form):
    """A medium of the area's own."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid7)
    title = forms.LineField(label=_("What it is called"), max_length=120)
    topic = forms.ChoiceField(label=_("Topic"), choices=(), widget=django_forms.Select)
    kind = forms.ChoiceField(label=_("Kind"), choices=(), inline=True, initial="leaflet")
    forms_for = forms.ChoicesField(
        label=_("For whom"), choices=(), required=False, help_text=_("Nothing ticked: for everybody.")
    )
    words = forms.LongTextField(
        label=_("What to say"),
        required=False,
        max_length=rules.MOST_WORDS,
        help_text=_("One short sentence in a line."),
    )
    file = django_forms.FileField(
        label=_("Picture or PDF"),
        required=False,
        widget=django_forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(
        self, *args: Any, topics: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        _choose(self, "topic", topics)
        _choose(self, "kind", [(code, now(name)) for code, name in rules.KINDS.items()])
        _choose(self, "forms_for", people)


class ShowForm(forms.Form):
    """To whom a medium was shown: all who came on a day, or some of them."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid7)
    day = forms.ChoiceField(label=_("Posyandu day"), choices=(), widget=django_forms.Select, required=False)
    to = forms.ChoiceField(label=_("To whom"), choices=())
    date = forms.DateField(label=_("Date"), required=False, help_text=_("Left empty: today."))
    people = forms.ChoicesField(label=_("Who"), choices=(), required=False)

    def __init__(
        self, *args: Any, days: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        _choose(self, "day", [("", "–"), *days])
        _choose(self, "to", [("all", now("All who came on that day")), ("some", now("Some people"))])
        _choose(self, "people", people)

    def clean(self) -> dict[str, Any]:
        """Some people are somebody: without a name it would be written down for all."""
        found = dict(super().clean() or {})
        if found.get("to") == "some" and not found.get("people") and "people" not in self.errors:
            self.add_error("people", now("Tick to whom it was shown."))
        return found


class TellingForm(forms.Form):
    """When families are told."""

    before_days = forms.ChoiceField(label=_("Before the day"), choices=(), widget=django_forms.Select)
    missed_days = forms.ChoiceField(label=_("After a missed day"), choices=(), widget=django_forms.Select)
    bring = forms.LineField(
        label=_("What to bring"),
        required=False,
        max_length=120,
        help_text=_("For example: Buku KIA, KTP, kartu BPJS."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("before_days", "missed_days"):
            days = [(str(n), now("%(n)s days") % {"n": n}) for n in range(1, rules.MOST_DAYS + 1)]
            _choose(self, name, [("0", now("Nobody is told")), *days])
