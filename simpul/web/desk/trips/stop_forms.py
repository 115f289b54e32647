"""Forms of what happens at a stop, of promises, and of accompaniment."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused
from simpul.outreach import actions
from simpul.outreach.rules import accompanying as accompanying_rules
from simpul.outreach.rules import trips as rules
from simpul.web import forms
from simpul.web.desk.trips.forms import Born, Moment
from simpul.web.forms import choices
from simpul.web.manage import fields


class MatterUnknown(Refused):
    """No such matter, or none that this seat may see."""

    code = "trips.matter_unknown"
    sentence = _("There is no such matter that you may see. Check the number.")
    field = "number"


class ArriveForm(Moment):
    """The team is there."""

    official = forms.LineField(label=_("Who of the village is there?"), required=False, max_length=150)
    official_office = forms.LineField(label=_("Their office"), required=False, max_length=100)


class OpenForm(Moment):
    """The door of the service is open."""

    place = forms.LineField(label=_("Where is the door open?"), required=False, max_length=150)
    shut = fields.TimeField(label=_("Shut at, if it is over"), required=False)


class LeaveForm(Moment):
    """The team goes on."""

    reached = forms.ChoiceField(label=_("Was the team there?"), inline=True)
    not_done = forms.LongTextField(
        label=_("What could not be done?"), required=False, rows=3, max_length=4000
    )
    not_done_why = forms.LineField(label=_("Why not?"), required=False, max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(
            self, "reached", [("yes", _("Yes, and it leaves now")), ("no", _("No, it was never reached"))]
        )
        self.initial.setdefault("reached", "yes")


class GuestForm(Born, Moment):
    """A line of the guest book."""

    name = forms.LineField(label=_("Name"), max_length=150)
    origin = forms.LineField(
        label=_("Comes from"), required=False, max_length=100, help_text=_("Hamlet or RT.")
    )
    purpose = forms.LineField(label=_("What do they come for?"), required=False, max_length=200)

    def guest(self) -> actions.GuestSaid:
        """The line as the act takes it."""
        given = self.cleaned_data
        return actions.GuestSaid(name=given["name"], origin=given["origin"], purpose=given["purpose"])


class SocialisationForm(Born, Moment):
    """Something was explained."""

    topic = forms.LineField(label=_("What was explained?"), max_length=150)
    men = fields.CountField(label=_("Men"), initial=0)
    women = fields.CountField(label=_("Women"), initial=0)
    elderly = fields.CountField(label=_("of them elderly"), initial=0)
    disabled = fields.CountField(label=_("of them with a disability"), initial=0)
    youth = fields.CountField(label=_("of them young people"), initial=0)
    words = forms.LongTextField(label=_("What did people ask?"), required=False, rows=3, max_length=4000)

    def attendance(self) -> actions.Attendance:
        """The numbers as the act takes them."""
        given = self.cleaned_data
        return actions.Attendance(*(given[name] for name in ("men", "women", "elderly", "disabled", "youth")))


class PromiseForm(Born):
    """What was promised."""

    words = forms.LineField(label=_("What was promised?"), max_length=300)
    to_name = forms.LineField(label=_("To whom?"), required=False, max_length=150)
    due_date = forms.DateField(label=_("Until when?"), required=False)


class KeepForm(forms.Form):
    """The end of a promise."""

    how = forms.ChoiceField(label=_("How did it end?"), inline=True)
    words = forms.LineField(label=_("In a few words"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "how", [("kept", _("It was kept")), ("told", _("They were told why not"))])
        self.initial.setdefault("how", "kept")


class MatterForm(forms.Form):
    """A matter that was taken in here."""

    number = forms.LineField(label=_("Number of the matter"), max_length=30)


class DoorsForm(forms.Form):
    """Households for the list of a trip."""

    reason = forms.ChoiceField(label=_("Why are they visited?"), widget=django_forms.Select)
    words = forms.LineField(label=_("In a few words"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "reason", choices.pairs(rules.REASONS))


class AccompanyForm(Born):
    """Somebody is accompanied."""

    what = forms.ChoiceField(label=_("What do they wait for?"), widget=django_forms.Select)
    words = forms.LineField(label=_("In a few words"), required=False, max_length=300)
    number = forms.LineField(
        label=_("Number of their matter, if there is one"), required=False, max_length=30
    )
    next_date = forms.DateField(label=_("When does somebody look again?"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "what", choices.pairs(accompanying_rules.WHATS))


class LookForm(Born, Moment):
    """How far it has come."""

    how = forms.ChoiceField(label=_("How did you find out?"), inline=True)
    outcome = forms.ChoiceField(label=_("How does it stand?"))
    words = forms.LineField(label=_("In a few words"), required=False, max_length=500)
    next_date = forms.DateField(label=_("When does somebody look again?"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "how", choices.pairs(accompanying_rules.HOWS))
        fields.choose(self, "outcome", choices.pairs(accompanying_rules.OUTCOMES))
        self.initial.setdefault("how", "visit")


class EndForm(forms.Form):
    """It ends."""

    state = forms.ChoiceField(label=_("How did it end?"), inline=True)
    received_date = forms.DateField(label=_("Received on"), required=False)
    evidence = forms.LineField(
        label=_("What shows it, or why is it given up?"),
        max_length=300,
        help_text=_("For example: the card worked at the clinic on 3 November; the roof is on."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ends = {
            code: words
            for code, words in accompanying_rules.STATES.items()
            if code in accompanying_rules.ENDS
        }
        fields.choose(self, "state", choices.pairs(ends))
        self.initial.setdefault("state", "received")
