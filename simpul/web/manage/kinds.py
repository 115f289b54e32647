"""Kinds of matters: the list, one kind, its words, service standard, promises and rules, and how residents will see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.cases.actions import kinds as kind_actions
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import approvals as approval_rules
from simpul.cases.rules import decisions
from simpul.cases.rules import kinds as kind_rules
from simpul.web import forms
from simpul.web.manage import fields, frame
from simpul.web.policy import Request, officer
from simpul.web.portal import report_forms, services
from simpul.web.portal import words as portal_words

ACTS = ("kind.change", "route.set", "kinds.load")
CLOCKS: Mapping[str, Any] = {
    "screen": gettext_lazy("Screening"),
    "verify": gettext_lazy("Verification"),
    "follow_up": gettext_lazy("First follow-up"),
    "answer": gettext_lazy("Answer"),
    "extension": gettext_lazy("Extension"),
    "protect": gettext_lazy("Protection"),
}
UNITS: Mapping[str, Any] = {
    "working_days": gettext_lazy("working days"),
    "calendar_days": gettext_lazy("calendar days"),
    "hours": gettext_lazy("hours"),
}
CONFIDENCES: Mapping[str, Any] = {
    "confirmed": gettext_lazy("Read in the official text"),
    "secondary": gettext_lazy("Read in a description of it"),
    "unconfirmed": gettext_lazy("Not confirmed: ask the legal office"),
}
SENSITIVITIES: Mapping[str, Any] = {
    "normal": gettext_lazy("Normal"),
    "restricted": gettext_lazy("Restricted"),
    "sealed": gettext_lazy("Sealed"),
}
FIELD_TYPES: Mapping[str, Any] = {
    "text": gettext_lazy("One line"),
    "long": gettext_lazy("Several lines"),
    "choice": gettext_lazy("One of several"),
    "choices": gettext_lazy("Any of several"),
    "date": gettext_lazy("A date"),
    "number": gettext_lazy("A whole number"),
    "yes_no": gettext_lazy("Yes or no"),
    "money": gettext_lazy("An amount in rupiah"),
}
FLAGS: Mapping[str, Any] = {
    "is_active": gettext_lazy("Is taken"),
    "is_public": gettext_lazy("Residents can choose it"),
    "publishable": gettext_lazy("An answer may be published without personal data"),
    "anonymous_allowed": gettext_lazy("May be sent without a name"),
    "needs_verification": gettext_lazy("A second person verifies the work"),
    "asks_consent": gettext_lazy("Goes to another institution only with the person's consent"),
}
FALLS: Mapping[str, Any] = {
    "ask": gettext_lazy("The holder is asked, and passes it on with one button"),
    "self": gettext_lazy("It goes to the next desk of the route by itself"),
}


def kind_or_404(code: str) -> Any:
    """The kind with this code."""
    kind = kind_queries.get_kind(code)
    if kind is None:
        raise Http404
    return kind


def save(request: Request, code: str, changes: Mapping[str, Any], said: str = "") -> frame.Done:
    """Change a kind and go back to its page."""
    before = kind_or_404(code).version
    kind = kind_actions.change_kind(by=request.by, at=timezone.now(), code=code, changes=changes)
    if kind.version == before:
        return _("Nothing was changed."), reverse("manage_kind", args=[code])
    return said or _("Saved as version %(number)s. Open matters keep what they were promised.") % {
        "number": kind.version
    }, reverse("manage_kind", args=[code])


def page_for(kind: Any, title: str, **more: Any) -> frame.Ask:
    """A page of one kind that asks."""
    options = {"button": _("Save"), "back": reverse("manage_kind", args=[kind.code]), **more}
    return frame.Ask(here="manage_kinds", title=f"{portal_words.said(kind, 'name')}: {title}", **options)


@officer("desk.open")
@require_GET
def kinds(request: Request) -> HttpResponse:
    """All kinds in their order, with their promise, flags and whether a route leads anywhere."""
    lost = {kind.code for kind in kind_queries.kinds_without_route()}
    rows = [
        {
            "kind": kind,
            "name": portal_words.said(kind, "name"),
            "answer": next((clock_words(clock) for clock in kind.clocks if clock["key"] == "answer"), ""),
            "sensitivity": SENSITIVITIES.get(kind.sensitivity, kind.sensitivity),
            "lost": kind.code in lost,
        }
        for kind in kind_queries.kinds_all()
    ]
    return frame.show(
        request,
        "manage/kinds.html",
        {"rows": rows, "changes": frame.changes(request.by, *ACTS)},
        here="manage_kinds",
    )


def clock_words(clock: Mapping[str, Any]) -> str:
    """A promise in words: 14 working days."""
    return f"{clock['amount']} {UNITS.get(clock['unit'], clock['unit'])}"


@officer("desk.open")
@require_GET
def kind(request: Request, code: str) -> HttpResponse:
    """One kind with everything it holds."""
    found = kind_or_404(code)
    clocks = [
        {
            **clock,
            "name": CLOCKS.get(clock["key"], clock["key"]),
            "words": clock_words(clock),
            "sure": CONFIDENCES.get(clock.get("confidence", ""), ""),
        }
        for clock in found.clocks
    ]
    questions = [
        {
            **field,
            "name": portal_words.said(field, "label"),
            "sort": FIELD_TYPES.get(field["type"], field["type"]),
            "first": index == 0,
            "last": index == len(found.fields) - 1,
        }
        for index, field in enumerate(found.fields)
    ]
    context = {
        "kind": found,
        "name": portal_words.said(found, "name"),
        "clocks": clocks,
        "questions": questions,
        "flags": [{"name": name, "on": getattr(found, flag)} for flag, name in FLAGS.items()],
        "decisions": [_(decisions.words(one)) for one in found.decisions],
        "sensitivity": SENSITIVITIES.get(found.sensitivity, found.sensitivity),
        "falls": FALLS.get(found.falls_through, found.falls_through),
        "approvals": [_(approval_rules.STEPS[step]) for step in found.approvals],
        "sure": CONFIDENCES.get(found.confidence, found.confidence),
        "routes": route_rows(code),
        "changes": frame.changes(request.by, *ACTS, about=[kind_queries.subject_of(code)]),
    }
    return frame.show(request, "manage/kind.html", context, here="manage_kinds")


def route_rows(code: str) -> list[dict[str, Any]]:
    """The routes of a kind: one row for each area and answer, with its desks in order."""
    rows: dict[tuple[str, str], list[Any]] = {}
    for route in kind_queries.routes_of(code):
        rows.setdefault((route.region_code, route.field_value), []).append(route.desk)
    return [
        {
            "region": region,
            "place": fields.area_label(region) or _("Everywhere"),
            "answer": answer,
            "desks": desks,
        }
        for (region, answer), desks in rows.items()
    ]


# --- words ------------------------------------------------------------------------------------------------------------


class WordsForm(forms.Form):
    """What a kind is called and what it is about."""

    name = forms.LineField(max_length=100, label=gettext_lazy("Name in Indonesian"))
    name_en = forms.LineField(max_length=100, label=gettext_lazy("Name in English"))
    about = forms.LongTextField(
        required=False, max_length=2000, rows=3, label=gettext_lazy("What it is about, in Indonesian")
    )
    about_en = forms.LongTextField(
        required=False, max_length=2000, rows=3, label=gettext_lazy("What it is about, in English")
    )
    basis = forms.LineField(
        required=False, max_length=200, label=gettext_lazy("Legal basis for personal data")
    )
    source = forms.LineField(required=False, max_length=200, label=gettext_lazy("Source of the rule"))
    confidence = fields.drop_down(gettext_lazy("How sure the source is"), CONFIDENCES.items())


@officer("desk.open")
def words(request: Request, code: str) -> HttpResponse:
    """Change the names and words of a kind."""
    found = kind_or_404(code)
    form = WordsForm(
        frame.sent(request), initial={name: getattr(found, name) for name in WordsForm.base_fields}
    )
    return frame.ask(
        request, page_for(found, _("names and words")), form, lambda values: save(request, code, values)
    )


class StandardForm(forms.Form):
    """The components of the service standard (UU 25/2009 art. 21), in both languages."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in services.COMPONENTS:
            for name, language in ((key, "id"), (f"{key}_en", "en")):
                self.fields[name] = forms.LongTextField(
                    required=False, max_length=2000, rows=2, label=f"{label} ({language})"
                )


@officer("desk.open")
def standard(request: Request, code: str) -> HttpResponse:
    """Change the service standard that residents read."""
    found = kind_or_404(code)
    form = StandardForm(frame.sent(request), initial=found.standard)

    def run(values: dict[str, Any]) -> frame.Done:
        return save(request, code, {"standard": {**found.standard, **values}})

    layout = [(label, (key, f"{key}_en")) for key, label in services.COMPONENTS]
    return frame.ask(request, page_for(found, _("service standard"), layout=layout), form, run)


# --- promises ---------------------------------------------------------------------------------------------------------


class ClocksForm(forms.Form):
    """One row for each promise, and an empty one for a new promise."""

    def __init__(self, *args: Any, clocks: list[Mapping[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.present = clocks
        self.count = len(clocks) + 1
        for place in range(self.count):
            clock = clocks[place] if place < len(clocks) else {}
            self._add(
                place,
                "key",
                fields.drop_down(
                    _("What is promised"),
                    [
                        ("", _("No promise")),
                        *((key, name) for key, name in CLOCKS.items() if key in kind_rules.CLOCK_KEYS),
                    ],
                    required=False,
                ),
                clock.get("key", ""),
            )
            self._add(
                place, "amount", fields.CountField(required=False, label=_("How many")), clock.get("amount")
            )
            self._add(
                place,
                "unit",
                fields.drop_down(_("Counted in"), UNITS.items()),
                clock.get("unit", "working_days"),
            )
            self._add(
                place,
                "source",
                forms.LineField(required=False, max_length=200, label=_("Source of the limit")),
                clock.get("source", ""),
            )
            self._add(
                place,
                "confidence",
                fields.drop_down(_("How sure the source is"), CONFIDENCES.items()),
                clock.get("confidence", "unconfirmed"),
            )
            self._add(
                place,
                "pausable",
                fields.SwitchField(label=_("Stands still while the resident is asked")),
                clock.get("pausable", False),
            )

    def _add(self, place: int, name: str, field: django_forms.Field, initial: Any) -> None:
        field.initial = initial
        self.fields[f"{name}_{place}"] = field

    def clocks(self) -> list[dict[str, Any]]:
        """The rows that promise something; when they begin and end stays as it was."""
        made = []
        for place in range(self.count):
            row = {
                name: self.cleaned_data[f"{name}_{place}"]
                for name in ("key", "amount", "unit", "source", "confidence", "pausable")
            }
            if not row["key"]:
                continue
            own = self.present[place] if place < len(self.present) else {}
            before = own if own.get("key") == row["key"] else _events(row["key"])
            if not row["pausable"] and "pausable" not in before:
                del row["pausable"]
            made.append({**before, **row})
        return made


def _events(key: str) -> dict[str, str]:
    """When a new promise begins and ends."""
    return {
        "screen": {"from": "received", "until": "disposed"},
        "verify": {"from": "received", "until": "disposed"},
        "follow_up": {"from": "disposed", "until": "followed_up"},
        "protect": {"from": "received", "until": "disposed"},
    }.get(key, {"from": "received", "until": "answered"})


@officer("desk.open")
def clocks(request: Request, code: str) -> HttpResponse:
    """Change what is promised by when. Open matters keep their dates."""
    found = kind_or_404(code)
    form = ClocksForm(frame.sent(request), clocks=found.clocks)

    def run(_values: dict[str, Any]) -> frame.Done:
        return save(request, code, {"clocks": form.clocks()})

    names = ("key", "amount", "unit", "source", "confidence", "pausable")
    titles = [CLOCKS.get(clock["key"], clock["key"]) for clock in found.clocks] + [_("One more promise")]
    layout = [(title, [f"{name}_{place}" for name in names]) for place, title in enumerate(titles)]
    told = [
        _("Matters that are open keep the dates they were promised; only new matters follow the change."),
        _(
            "The law gives the longest time. You may promise less, never more; write where the limit is written."
        ),
    ]
    return frame.ask(request, page_for(found, _("time limits"), layout=layout, warnings=told), form, run)


# --- rules ------------------------------------------------------------------------------------------------------------


class RulesForm(forms.Form):
    """Flags, decisions, sensitivity and times of a kind."""

    is_active = fields.SwitchField(label=FLAGS["is_active"])
    is_public = fields.SwitchField(label=FLAGS["is_public"])
    publishable = fields.SwitchField(label=FLAGS["publishable"])
    anonymous_allowed = fields.SwitchField(label=FLAGS["anonymous_allowed"])
    needs_verification = fields.SwitchField(label=FLAGS["needs_verification"])
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Sensitivity"),
        choices=list(SENSITIVITIES.items()),
        help_text=gettext_lazy("Sealed matters are seen by focal points only, and never published."),
    )
    falls_through = forms.ChoiceField(
        label=gettext_lazy("When a desk refuses or stays silent"),
        choices=list(FALLS.items()),
        help_text=gettext_lazy(
            "That a refused matter moves on by itself is not confirmed by any rule we have read: your district decides."
        ),
    )
    asks_consent = fields.SwitchField(label=FLAGS["asks_consent"])
    approvals = forms.ChoicesField(
        required=False,
        label=gettext_lazy("A decision first goes through these hands, each another person's"),
        help_text=gettext_lazy("Nothing chosen: it is answered without a signature."),
    )
    decisions = forms.ChoicesField(required=False, label=gettext_lazy("Decisions an answer can carry"))
    reaction_days = fields.CountField(
        label=gettext_lazy("Days in which the resident can say that it is not solved")
    )
    retention_years = fields.CountField(label=gettext_lazy("Years a closed matter is kept"))
    position = fields.CountField(label=gettext_lazy("Place in the list"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(
            self,
            "decisions",
            [(code, _(words)) for code, words in decisions.DECISIONS.items() if code != "merged"],
        )
        fields.choose(self, "approvals", [(code, _(words)) for code, words in approval_rules.STEPS.items()])


RULES_LAYOUT: frame.Layout = (
    (gettext_lazy("How it is taken"), ("is_active", "is_public", "anonymous_allowed")),
    (gettext_lazy("How it is handled"), ("needs_verification", "sensitivity")),
    (gettext_lazy("From desk to desk"), ("falls_through", "asks_consent", "approvals")),
    (gettext_lazy("How it ends"), ("decisions", "publishable")),
    (gettext_lazy("Times"), ("reaction_days", "retention_years", "position")),
)


@officer("desk.open")
def rules(request: Request, code: str) -> HttpResponse:
    """Change flags, decisions and sensitivity."""
    found = kind_or_404(code)
    form = RulesForm(
        frame.sent(request), initial={name: getattr(found, name) for name in RulesForm.base_fields}
    )
    told = [_("Open matters keep their sensitivity and their reaction time.")]
    return frame.ask(
        request,
        page_for(found, _("rules"), layout=RULES_LAYOUT, warnings=told),
        form,
        lambda values: save(request, code, values),
    )


@officer("desk.open")
@require_GET
def preview(request: Request, code: str) -> HttpResponse:
    """The questions of a kind as residents see them; nothing is sent from here."""
    found = kind_or_404(code)
    standard = [
        {"key": label, "value": portal_words.said(found.standard, key)} for key, label in services.COMPONENTS
    ]
    context = {
        "kind": found,
        "name": portal_words.said(found, "name"),
        "about": portal_words.said(found, "about"),
        "form": report_forms.DetailsForm(specs=found.fields),
        "standard": [row for row in standard if row["value"]],
        "back": reverse("manage_kind", args=[code]),
        "unknown": kind_rules.UNKNOWN,
    }
    return frame.show(request, "manage/kind_preview.html", context, here="manage_kinds")
