"""Forms for feedback: quick entry, coding, rumours, what changed."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.feedback import rules
from simpul.feedback.queries import frame as frame_queries
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices
from simpul.web.portal import places
from simpul.web.portal import words as portal_words


class CodesField(forms.ChoicesField):
    """Codes of the frame, under their categories on the page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=options.pop("required", False), **options)

    def offer(self) -> None:
        """Take the frame as it is now."""
        self.explain(
            [(one.code, portal_words.said(one, "name")) for one in frame_queries.codes(all_of_them=True)]
        )


class CodedForm(forms.Form):
    """Codes by ticking, or by typing their numbers: hands stay on the keyboard."""

    quick = forms.LineField(
        label=gettext_lazy("Codes by number"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The numbers beside the codes, with a space between, for example 3 27."),
    )
    codes = CodesField(label=gettext_lazy("Codes"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["codes"].offer()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The ticked codes and those whose numbers were typed."""
        given: dict[str, Any] = super().clean() or {}
        numbered = {str(place): one.code for place, one in enumerate(frame_queries.codes(), start=1)}
        typed = given.get("quick", "").replace(",", " ").split()
        if any(number not in numbered for number in typed):
            self.add_error(
                "quick", _("There is no code with this number. The numbers stand beside the codes.")
            )
        else:
            wanted = [*given.get("codes", ()), *(numbered[number] for number in typed)]
            given["codes"] = list(dict.fromkeys(wanted))
        return given


def near(by: Actor, typed: str) -> list[tuple[str, str]]:
    """Places that may be meant; the one of this name in the seat's own area alone, when there is one."""
    found = intake_form.find_places(by, typed)
    return found if len(found) == 1 else places.find(typed) or found


class RecordForm(CodedForm):
    """What was said; only the words, the road and the village have to be told."""

    text = forms.LongTextField(
        label=gettext_lazy("What was said"),
        rows=4,
        max_length=5000,
        help_text=gettext_lazy(
            "In the person's own words. No names, no telephone numbers: nobody needs them here."
        ),
    )
    channel = forms.ChoiceField(label=gettext_lazy("How it reached us"), widget=django_forms.Select)
    place = forms.RegionField(label=gettext_lazy("Village or district"))
    received = forms.DateField(
        label=gettext_lazy("Said on"), required=False, help_text=gettext_lazy("Leave empty for today.")
    )
    voices = forms.DigitsField(
        label=gettext_lazy("How many people said it"),
        required=False,
        max_length=4,
        help_text=gettext_lazy("Leave empty for one."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Who"), required=False, widget=django_forms.Select)
    age_band = forms.ChoiceField(label=gettext_lazy("Age"), required=False, widget=django_forms.Select)
    disability = forms.ChoiceField(
        label=gettext_lazy("Disability"), required=False, widget=django_forms.Select
    )
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False, widget=django_forms.Select)
    sensitive = forms.TickField(
        label=gettext_lazy("It is about violence, abuse, exploitation or a threat"),
        required=False,
        help_text=gettext_lazy("Then it is not kept here: it goes to the protection officer at once."),
    )

    def __init__(self, *args: Any, by: Actor, village: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        not_said = _("not said")
        for name, table, empty in (
            ("channel", rules.CHANNELS, ""),
            ("sex", rules.SEXES, not_said),
            ("age_band", rules.AGE_BANDS, not_said),
            ("disability", rules.DISABILITIES, not_said),
        ):
            self.fields[name].explain(choices.pairs(table, empty))  # type: ignore[attr-defined]
        self.fields["place"].find = lambda text: near(by, text)  # type: ignore[attr-defined]
        hamlets = region_queries.hamlets(village) if len(village) == 10 else []
        self.fields["hamlet"].explain([("", not_said), *((str(one.id), one.name) for one in hamlets)])  # type: ignore[attr-defined]
        if not hamlets:
            del self.fields["hamlet"]


class RumourForm(forms.Form):
    """Whether what is rumoured is true, and what we say."""

    verdict = forms.ChoiceField(label=gettext_lazy("Is it true?"), inline=True)
    answer = forms.LongTextField(
        label=gettext_lazy("What we answer"),
        rows=3,
        max_length=2000,
        help_text=gettext_lazy("Short, and as you would say it to a neighbour."),
    )
    public = forms.TickField(label=gettext_lazy("Publish the rumour with its answer"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {key: label for key, label in rules.VERDICTS.items() if key != "unknown"}
        self.fields["verdict"].explain(choices.pairs(known))  # type: ignore[attr-defined]


class ChangeForm(forms.Form):
    """What changed because of what people said."""

    words = forms.LongTextField(label=gettext_lazy("What changed"), rows=3, max_length=2000)
    codes = CodesField(label=gettext_lazy("Because of feedback about"), required=True)
    since_date = forms.DateField(label=gettext_lazy("The feedback came from"))
    until_date = forms.DateField(label=gettext_lazy("until"))
    place = forms.RegionField(
        label=gettext_lazy("Where"),
        required=False,
        help_text=gettext_lazy("Leave empty for your whole area."),
    )
    decided_by = forms.LineField(label=gettext_lazy("Decided by"), max_length=150)
    decided_date = forms.DateField(label=gettext_lazy("Decided on"))
    public = forms.TickField(label=gettext_lazy("Publish it on the page of figures"), required=False)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].find = lambda text: near(by, text)  # type: ignore[attr-defined]
        self.fields["codes"].offer()  # type: ignore[attr-defined]


class TurnForm(forms.Form):
    """The kind of matter it becomes."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of matter"), widget=django_forms.Select)
    name = forms.NameField(label=gettext_lazy("Name of the person, if they want an answer"), required=False)
    phone = forms.PhoneField(label=gettext_lazy("Telephone"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].explain(kinds)  # type: ignore[attr-defined]
