"""Programmes and their rules: the list by authority, a rule in both languages, other numbers here, a rule of the district's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.programmes.actions import programmes as acts
from simpul.programmes.queries import catalogue, own_rules, words
from simpul.programmes.rules import criteria, rows
from simpul.web import forms
from simpul.web.desk.programmes import catalogue as shown
from simpul.web.manage import frame
from simpul.web.policy import Request, officer

ACTS = ("programmes.load", "programme.add", "rule.add", "rule.end")
HERE = "manage_programmes"
TESTS = 6
Select = django_forms.Select


@officer("rule.add")
@require_GET
def programmes(request: Request) -> HttpResponse:
    """Every programme by authority, with the rule that holds today and what began or ended here."""
    rules = catalogue.rules_in_force(timezone.localdate(), request.by.served_areas[0])
    in_force = {rule.programme_id for rule in rules}
    context = {
        "authorities": shown.by_authority([one for one in rules if one.programme.kind != "position"]),
        "positions": shown.by_authority([one for one in rules if one.programme.kind == "position"]),
        "others": [
            {"code": one.code, "name": words.said(one), "kind": words.kind(one.kind)}
            for one in catalogue.programmes_all()
            if one.code not in in_force
        ],
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/programmes.html", context, here=HERE)


@officer("rule.add")
@require_GET
def programme(request: Request, code: str) -> HttpResponse:
    """One programme: every version in both languages, and what can be done."""
    known = catalogue.get_programme(code)
    if known is None:
        raise Http404
    region = request.by.served_areas[0]
    context = {
        "programme": known,
        "name": words.said(known),
        "about": words.said(known, "about"),
        "versions": [shown.version(one, region, both=True) for one in catalogue.versions_of(code)],
        "changes": frame.changes(request.by, *ACTS, about=[catalogue.subject_of(code)]),
    }
    return frame.show(request, "manage/programme.html", context, here=HERE)


class ProgrammeForm(forms.Form):
    """A programme of the district's own."""

    code = forms.LineField(
        label=gettext_lazy("Short code"),
        max_length=60,
        help_text=gettext_lazy("Small letters, digits and hyphens. It never changes."),
    )
    name = forms.LineField(label=gettext_lazy("Name in Indonesian"), max_length=150)
    name_en = forms.LineField(label=gettext_lazy("Name in English"), max_length=150, required=False)
    authority = forms.LineField(label=gettext_lazy("Who gives or judges it?"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("What sort of programme?"), widget=Select)
    about = forms.LineField(label=gettext_lazy("Explanation in Indonesian"), max_length=400, required=False)
    region_code = forms.LineField(
        label=gettext_lazy("Code of the area"), max_length=10, required=False,
        help_text=gettext_lazy("Kemendagri code without dots, for example 7303. Empty: everywhere."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].explain([(key, words.kind(key)) for key in rows.KINDS])  # type: ignore[attr-defined]


@officer("programme.add")
def add_programme(request: Request) -> HttpResponse:
    """Add a programme; its rule comes next."""
    form = ProgrammeForm(frame.sent(request), initial={"kind": "aid"})
    page = frame.Ask(
        here=HERE, title=_("New programme"), button=_("Add the programme"), back=reverse("manage_programmes")
    )

    def run(given: dict[str, Any]) -> frame.Done:
        region = given.pop("region_code")
        made = acts.add_programme(
            by=request.by,
            at=timezone.now(),
            given=rows.ProgrammeGiven(
                **given,
                yes="memenuhi syarat",
                yes_en="eligible",
                no="tidak memenuhi syarat",
                no_en="not eligible",
            ),
            region_code=region,
        )
        return _("Added. Now write its rule."), reverse("manage_rule_add", args=[made.code])

    return frame.ask(request, page, form, run)


class VersionForm(forms.Form):
    """What every version of a rule says of itself."""

    version = forms.LineField(
        label=gettext_lazy("Name of this version"), max_length=60,
        help_text=gettext_lazy("For example the number of the letter: Perbup 4/2026."),
    )  # fmt: skip
    source = forms.LineField(label=gettext_lazy("Where does it stand?"), max_length=250)
    source_date = forms.DateField(label=gettext_lazy("Date of that letter"), required=False)
    valid_from = forms.DateField(label=gettext_lazy("Holds from"))
    valid_until = forms.DateField(label=gettext_lazy("Holds until"), required=False)
    confidence = forms.ChoiceField(label=gettext_lazy("How sure it is"), widget=Select)
    region_code = forms.LineField(
        label=gettext_lazy("Code of the area"), max_length=10, required=False,
        help_text=gettext_lazy("Kemendagri code without dots, for example 7303. Empty: everywhere."),
    )  # fmt: skip
    note = forms.LineField(label=gettext_lazy("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sure = [(key, words.confidence(key)) for key in rows.CONFIDENCES]
        self.fields["confidence"].explain(sure)  # type: ignore[attr-defined]

    def about(self) -> dict[str, Any]:
        """The version's own columns."""
        names = [name for name in VersionForm.base_fields]  # noqa: C416 - in their order
        return {name: self.cleaned_data[name] for name in names}


def _about_layout() -> tuple[str, tuple[str, ...]]:
    return _("Where it stands, and when it holds"), tuple(VersionForm.base_fields)


class NumbersForm(VersionForm):
    """The same rule with other numbers."""

    def __init__(self, *args: Any, figures: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, row in figures.items():
            unit = row.get("unit", "")
            self.fields[f"figure_{name}"] = forms.DigitsField(
                label=words.said(row),
                required=False,
                initial="" if row.get("value") is None else str(row["value"]),
                help_text=_("In %(unit)s, a whole number.") % {"unit": own_rules.unit_name(unit)},
            )


@officer("rule.add")
def other_numbers(request: Request, version_id: UUID) -> HttpResponse:
    """Another version of a rule with the same criteria and other numbers, for instance for this district."""
    known = catalogue.get_version(version_id)
    if known is None or not known.figures:
        raise Http404
    given = catalogue.given_of(known)
    form = NumbersForm(frame.sent(request), figures=dict(known.figures), initial={"confidence": "confirmed"})
    page = frame.Ask(
        here=HERE,
        title=_("Other numbers: %(name)s") % {"name": words.said(known.programme)},
        button=_("Keep this version"),
        back=reverse("manage_programme", args=[known.programme_id]),
        intro=_(
            "The criteria stay. In its area, and from its first day on, this version goes before the general one."
        ),
        layout=(_about_layout(), (_("Its numbers"), tuple(f"figure_{name}" for name in known.figures))),
    )

    def run(said: dict[str, Any]) -> frame.Done:
        figures = {
            name: {
                **{key: value for key, value in row.items() if key != "by_region"},
                "value": int(said[f"figure_{name}"]) if said[f"figure_{name}"] else None,
                "source": said["source"],
                "confidence": said["confidence"],
            }
            for name, row in known.figures.items()
        }
        acts.add_rule(
            by=request.by,
            at=timezone.now(),
            given=replace(given, **form.about(), note_en="", figures=figures),
        )
        return _("Kept."), reverse("manage_programme", args=[known.programme_id])

    return frame.ask(request, page, form, run)


class RuleForm(VersionForm):
    """A rule of tests chosen from the closed list."""

    unit = forms.ChoiceField(label=gettext_lazy("Who is judged?"), widget=Select)
    combine = forms.ChoiceField(label=gettext_lazy("How many of the tests must hold?"), widget=Select)
    least = forms.DigitsField(
        label=gettext_lazy("At least how many?"),
        required=False,
        help_text=gettext_lazy("Only for “at least so many”."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].explain([(key, words.unit(key)) for key in criteria.UNITS])  # type: ignore[attr-defined]
        self.fields["combine"].explain(own_rules.combiners())  # type: ignore[attr-defined]
        for number in range(1, TESTS + 1):
            values = {"number": number}
            self.fields[f"whose_{number}"] = forms.ChoiceField(
                label=_("Test %(number)s: whose?") % values, widget=Select, required=False
            )
            self.fields[f"fact_{number}"] = forms.ChoiceField(
                label=_("Test %(number)s: what?") % values, widget=Select, required=False
            )
            self.fields[f"op_{number}"] = forms.ChoiceField(
                label=_("Test %(number)s: how?") % values, widget=Select, required=False
            )
            self.fields[f"value_{number}"] = forms.LineField(
                label=_("Test %(number)s: which value?") % values,
                required=False,
                max_length=300,
                help_text=_("A number, “ya” or “tidak”, or answers separated by commas: tanah, bambu.")
                if number == 1
                else "",
            )
            self.fields[f"whose_{number}"].explain(own_rules.quantifiers())  # type: ignore[attr-defined]
            self.fields[f"fact_{number}"].explain(own_rules.facts_offered())  # type: ignore[attr-defined]
            self.fields[f"op_{number}"].explain(own_rules.tests_offered())  # type: ignore[attr-defined]

    def tests(self) -> list[own_rules.Chosen]:
        """The rows that were filled in."""
        said = self.cleaned_data
        return [
            own_rules.Chosen(number, *(said[f"{part}_{number}"] for part in ("whose", "fact", "op", "value")))
            for number in range(1, TESTS + 1)
            if said[f"fact_{number}"]
        ]


def _test_layouts() -> list[tuple[str, tuple[str, ...]]]:
    parts = ("fact", "whose", "op", "value")
    return [
        (_("Test %(number)s") % {"number": number}, tuple(f"{part}_{number}" for part in parts))
        for number in range(1, TESTS + 1)
    ]


@officer("rule.add")
def add_rule(request: Request, code: str) -> HttpResponse:
    """Write a rule: choose tests, combine them, look at it on example households, keep it."""
    known = catalogue.get_programme(code)
    if known is None:
        raise Http404
    form = RuleForm(
        frame.sent(request), initial={"unit": "household", "combine": "all", "confidence": "confirmed"}
    )
    page = frame.Ask(
        here=HERE,
        title=_("A rule for %(name)s") % {"name": words.said(known)},
        button=_("Keep the rule"),
        back=reverse("manage_programme", args=[code]),
        intro=_("Every test answers yes, no, or not known; what nobody knows never counts as no."),
        layout=(
            _about_layout(),
            (_("Who is judged, and how"), ("unit", "combine", "least")),
            *_test_layouts(),
        ),
        extra={"previews": True},
    )

    def run(said: dict[str, Any]) -> frame.Done | HttpResponse:
        given = rows.RuleGiven(
            programme=code,
            unit=said["unit"],
            criteria=own_rules.combined(form.tests(), said["combine"], said["least"]),
            **form.about(),
        )
        if "preview" in request.POST:
            return _preview(request, known, given)
        acts.add_rule(by=request.by, at=timezone.now(), given=given)
        return _("The rule is kept."), reverse("manage_programme", args=[code])

    return frame.ask(request, page, form, run)


def _preview(request: Request, known: Any, given: rows.RuleGiven) -> HttpResponse:
    """The rule in words and what it says of example households; nothing is kept."""
    context = {
        "name": words.said(known),
        **own_rules.preview(given, catalogue.programme_given(known), timezone.localdate()),
    }
    return frame.show(request, "manage/rule_preview.html", context, here=HERE)


class EndForm(forms.Form):
    """The last day of a version."""

    valid_until = forms.DateField(label=gettext_lazy("Holds until"))


@officer("rule.end")
def end_rule(request: Request, version_id: UUID) -> HttpResponse:
    """Let a version end."""
    known = catalogue.get_version(version_id)
    if known is None:
        raise Http404
    form = EndForm(frame.sent(request))
    page = frame.Ask(
        here=HERE,
        title=_("End the version %(name)s") % {"name": known.version},
        button=_("Let it end"),
        back=reverse("manage_programme", args=[known.programme_id]),
        warnings=[_("What was judged before keeps it. Another version has to hold from the next day on, or nothing is judged.")],
    )  # fmt: skip

    def run(said: dict[str, Any]) -> frame.Done:
        acts.end_rule(
            by=request.by, at=timezone.now(), version_id=version_id, valid_until=said["valid_until"]
        )
        return _("Kept."), reverse("manage_programme", args=[known.programme_id])

    return frame.ask(request, page, form, run)
