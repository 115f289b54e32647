"""Forms of requests: taking one in, and what each step asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib.ids import uuid7
from simpul.posyandu.actions import requests as actions
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.web import forms
from simpul.web.desk.posyandu_requests import shared
from simpul.web.forms import choices
from simpul.web.manage import fields

PHOTOS = ("jpg", "jpeg", "png", "webp", "heic")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?)[,; ]+(-?\d{1,3}(?:\.\d+)?)")


class PointField(forms.LineField):
    """A point on the map as telephones show it: "-5.4123, 119.4456"; cleaned to (latitude, longitude) or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Point on the map"))
        options.setdefault(
            "help_text", _("As the telephone shows it, for example -5.4123, 119.4456. May stay empty.")
        )
        super().__init__(required=False, max_length=60, **options)

    def clean(self, value: Any) -> Any:
        """The two numbers."""
        said = super().clean(value)
        if not said:
            return None
        found = _POINT.fullmatch(said)
        if found is None or not (-90 <= float(found[1]) <= 90 and -180 <= float(found[2]) <= 180):
            raise ValidationError(gettext("Write two numbers, for example -5.4123, 119.4456."))
        return float(found[1]), float(found[2])


def spot(place: str, point: Any) -> actions.Spot:
    """Where it is, as the act takes it."""
    latitude, longitude = point or (None, None)
    return actions.Spot(place, latitude, longitude)


class TakeForm(forms.Form):
    """A request at the desk or at a home visit."""

    posyandu = forms.ChoiceField(label=_("Posyandu"), widget=django_forms.Select)
    name = forms.NameField(label=_("Who asks?"), required=False)
    nameless = forms.TickField(
        label=_("Without a name"),
        required=False,
        help_text=_("Only for public order. The person follows it by the receipt alone."),
    )
    phone = forms.PhoneField(label=_("Phone"), required=False)
    for_whom = forms.LineField(label=_("For whom?"), required=False, max_length=150)
    words = forms.LongTextField(label=_("What is needed, in the person's own words"), rows=3, max_length=2000)
    place = forms.LineField(label=_("Where is it?"), required=False, max_length=200)
    point = PointField()
    papers = forms.ChoicesField(label=_("What was shown?"), required=False)
    way = forms.ChoiceField(label=_("How did it come?"), inline=True, initial="desk")
    consent = forms.ChoiceField(
        label=_("The person agrees that this is written down and passed on for the service"),
        choices=[("spoken", _("Said so")), ("paper", _("Signed on paper"))],
        initial="spoken",
        inline=True,
    )
    person_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    fieldrequest_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    visit_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(
        self, *args: Any, service: services.Service, posyandus: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("fieldrequest_id", str(uuid7()))
        self.initial.setdefault("visit_id", str(uuid7()))
        language = shared.language()
        optional = gettext("optional")
        shown = [
            (code, services.paper_name(code, language) + ("" if code in service.papers else f" ({optional})"))
            for code in service.asked
        ]
        fields.choose(self, "posyandu", list(posyandus))
        fields.choose(self, "papers", shown)
        fields.choose(self, "way", choices.pairs(rules.WAYS))
        if not shown:
            del self.fields["papers"]
        if service.field not in rules.CONFIDENTIAL:
            del self.fields["nameless"]

    def clean(self) -> dict[str, Any]:
        """A name, a person of the register, or (for public order) the tick."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not (given.get("name") or given.get("person_id") or given.get("nameless")):
            self.add_error("name", gettext("Write who asks, or look the person up above."))
        return given


class JoinForm(forms.Form):
    """Which posyandu takes a matter up."""

    posyandu = forms.ChoiceField(label=_("Posyandu"), widget=django_forms.Select)

    def __init__(self, *args: Any, posyandus: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "posyandu", list(posyandus))


class StepForm(forms.Form):
    """A step of one request; ``once`` is the key of what it writes."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, request: Any, one: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request, self.one = request, one
        self.initial.setdefault("once", str(uuid7()))
        self.furnish()

    def furnish(self) -> None:
        """Fill in what depends on the request."""


class CheckForm(StepForm):
    """The cadre's verification."""

    meets = forms.ChoiceField(
        label=_("Does the request fit the service?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        inline=True,
    )
    note = forms.LineField(label=_("Note for the village"), required=False, max_length=500)


class VerifyForm(StepForm):
    """The village's verification."""

    meets = forms.ChoiceField(
        label=_("Are the criteria met?"), choices=[("yes", _("Yes")), ("no", _("No"))], inline=True
    )
    why = forms.LineField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Needed for “no”: the person reads it."),
    )


class VisitForm(StepForm):
    """What was seen at the place."""

    visited_date = forms.DateField(label=_("When?"))
    visitor = forms.LineField(label=_("Who went there?"), max_length=150)
    seen = forms.LongTextField(label=_("What was seen?"), rows=3, max_length=1000)
    meets = forms.ChoiceField(
        label=_("Are the criteria met, as seen there?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("No opinion"))],
        required=False,
        inline=True,
    )
    point = PointField()

    def furnish(self) -> None:
        """Today, who signed in, and one box of photos a side."""
        self.initial.setdefault("visited_date", shared.today(self.one.region_code))
        self.initial.setdefault("visitor", self.request.by.name)
        for side, words in rules.SIDES.items():
            self.fields[f"photo_{side}"] = forms.FilesField(
                label=gettext("Photo: %(side)s") % {"side": gettext(words).lower()},
                required=False,
                max_files=2,
                endings=PHOTOS,
            )

    def photos(self) -> list[actions.Photo]:
        """The photos with their sides."""
        return [
            actions.Photo(one.read(), one.name or "foto.jpg", side)
            for side in rules.SIDES
            for one in self.cleaned_data.get(f"photo_{side}") or ()
        ]


class ReleaseForm(StepForm):
    """The head's release."""

    note = forms.LineField(label=_("Note"), required=False, max_length=500)


class ConfirmForm(StepForm):
    """Only the button."""


class ForwardForm(StepForm):
    """To which agency, and with what words."""

    desk = forms.ChoiceField(label=_("To whom?"), widget=django_forms.Select)
    note = forms.LongTextField(label=_("What is asked of them?"), rows=3, max_length=1000)
    consent = forms.ChoiceField(
        label=_("How did the person agree?"),
        choices=[("spoken", _("Said so")), ("paper", _("Signed on paper"))],
        initial="spoken",
        inline=True,
    )
    shares_contact = forms.TickField(label=_("Send name and phone along"), required=False)
    outside_number = forms.LineField(label=_("Number of the covering letter"), required=False, max_length=60)

    def furnish(self) -> None:
        """Desks that serve the place; the name of who told of public order never goes along."""
        desks = desk_queries.desks_for_referral(self.request.by, self.one.region_code)
        fields.choose(self, "desk", [("", gettext("Choose")), *fields.desk_choices(desks)])
        if self.one.confidential:
            del self.fields["shares_contact"]


class ResultForm(StepForm):
    """What came of it."""

    result = forms.ChoiceField(label=_("What came of it?"))
    words = forms.LongTextField(
        label=_("What the person is told"),
        rows=3,
        max_length=1000,
        help_text=_("The person reads exactly this."),
    )

    def furnish(self) -> None:
        """The results, and what an agency has answered."""
        fields.choose(self, "result", choices.pairs(rules.RESULTS))
        if self.one.case.draft_answer:
            self.initial.setdefault("words", self.one.case.draft_answer[:1000])


class AsideForm(StepForm):
    """Why nothing is done about it."""

    why = forms.LineField(label=_("Reason"), max_length=500)
