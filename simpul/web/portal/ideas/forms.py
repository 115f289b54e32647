"""The forms of the public pages of ideas."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import ideas as actions
from simpul.community.rules import ideas as rules
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.portal import places


class ProposeForm(forms.Form):
    """An idea from the page: first what, then where, last who."""

    title = forms.LineField(
        label=_("Your idea in one line"),
        max_length=120,
        help_text=_("For example: harden the farm road to the maize fields."),
    )
    words = forms.LongTextField(
        label=_("What do you propose, and why?"),
        rows=6,
        max_length=3000,
        help_text=_(
            "It is read by the village first, then by everybody. Leave out names and numbers of persons."
        ),
    )
    field = forms.ChoiceField(label=_("Which field?"))
    place_code = forms.RegionField(label=_("For which village?"), find=places.find)
    place = forms.LineField(label=_("Where exactly?"), required=False, max_length=150)
    benefits = forms.LineField(label=_("Whom does it help?"), required=False, max_length=300)
    name = forms.NameField(
        label=_("Your name"),
        required=False,
        help_text=_(
            "Only the village sees it, unless you tick the box below. Without a name and a number nobody can tell you what became of it."
        ),
    )
    phone = forms.PhoneField(
        label=_("Your phone"), required=False, help_text=_("We tell you each step there.")
    )
    show_author = forms.TickField(label=_("My name may stand beside the idea"), required=False)
    case_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["field"].explain(choices.pairs(rules.FIELDS))  # type: ignore[attr-defined]
        self.initial.setdefault("case_id", str(uuid7()))

    def clean(self) -> dict[str, Any]:
        """A number belongs to somebody, and only a name can be shown."""
        values: dict[str, Any] = super().clean() or {}
        if (values.get("phone") or values.get("show_author")) and not values.get("name"):
            self.add_error("name", gettext("Write your name too, so that we know whom to tell."))
        code = values.get("place_code", "")
        if code and len(code) != 10:
            self.add_error("place_code", gettext("Choose a village, not a district."))
        return values

    def idea(self) -> actions.IdeaGiven:
        """The idea as the act takes it."""
        given = self.cleaned_data
        return actions.IdeaGiven(
            title=given["title"],
            words=given["words"],
            field=given["field"],
            benefits=given["benefits"],
            place=given["place"],
            show_author=given["show_author"],
        )


class PhoneForm(forms.Form):
    """The telephone a code is sent to."""

    phone = forms.PhoneField(
        label=_("Your phone number"),
        help_text=_(
            "We send a code of six digits. The number is not shown to anybody, and one number has one voice."
        ),
    )
    code_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("code_id", str(uuid7()))


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.DigitsField(length=6, width="5", label=_("The six digits that came to your phone"))


class CommentForm(forms.Form):
    """What somebody says about an idea."""

    words = forms.LongTextField(
        label=_("What do you say to it?"),
        rows=3,
        max_length=1000,
        help_text=_("The village reads it before it is shown. Stay polite; leave out names of others."),
    )
    name = forms.LineField(
        label=_("How do you want to be called?"),
        required=False,
        max_length=80,
        help_text=_("May stay empty."),
    )
    comment_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("comment_id", str(uuid7()))


class SentenceForm(forms.Form):
    """A sentence of one's own."""

    words = forms.LineField(
        label=_("Is a thought missing? Write it as one sentence"),
        max_length=200,
        help_text=_("Others agree or disagree with it, once the village has read it."),
    )
    statement_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("statement_id", str(uuid7()))


def hamlets(region_code: str) -> list[tuple[str, str]]:
    """The hamlets of a village, for the filter."""
    if len(region_code) != 10:
        return []
    return [(str(one.id), one.name) for one in region_queries.hamlets(region_code)]


def key(given: dict[str, Any], name: str) -> UUID | None:
    """A key of a hidden field."""
    found = given.get(name)
    return found if isinstance(found, UUID) else None
