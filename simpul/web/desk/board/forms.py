"""Forms of the notice board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import board as actions
from simpul.community.rules import board as rules
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices


def _choose(form: forms.Form, name: str, given: Any) -> None:
    form.fields[name].explain(given)  # type: ignore[attr-defined]


class BulletinForm(forms.Form):
    """An announcement from a day to a day."""

    kind = forms.ChoiceField(label=_("What is it?"), inline=True)
    title = forms.LineField(label=_("Heading"), max_length=120)
    words = forms.LongTextField(
        label=_("Text"),
        rows=4,
        max_length=1500,
        help_text=_("Everybody reads it: no names of persons who did not agree."),
    )
    place_code = forms.RegionField(label=_("Village"))
    hamlet = forms.ChoiceField(label=_("Only for one hamlet"), required=False, widget=django_forms.Select)
    from_date = forms.DateField(label=_("On the board from"))
    until_date = forms.DateField(label=_("On the board until"))
    first = forms.TickField(label=_("Put it at the top"), required=False)
    bulletin_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Actor, village: str, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", choices.pairs(rules.KINDS))
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        hamlets = region_queries.hamlets(village) if len(village) == 10 else []
        _choose(
            self,
            "hamlet",
            [("", gettext("the whole village")), *((str(one.id), one.name) for one in hamlets)],
        )
        if not hamlets:
            del self.fields["hamlet"]
        if old:
            del self.fields["place_code"]
        elif len(village) == 10:
            self.initial.setdefault("place_code", region_queries.path_names(village))
        self.initial.setdefault("bulletin_id", str(uuid7()))

    def bulletin(self) -> actions.BulletinGiven:
        """The announcement as the acts take it."""
        given = self.cleaned_data
        return actions.BulletinGiven(
            kind=given["kind"],
            title=given["title"],
            words=given["words"],
            from_date=given["from_date"],
            until_date=given["until_date"],
            hamlet_id=UUID(given["hamlet"]) if given.get("hamlet") else None,
            first=given["first"],
        )
