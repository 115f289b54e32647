"""The small forms of the case page, one per act. They read what is typed; the act itself decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import intake
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import similar as similar_queries
from simpul.cases.queries.case import CasePage
from simpul.cases.rules import decisions
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.lib.actor import Actor
from simpul.web import forms, questions
from simpul.web.desk import words
from simpul.web.portal.report_forms import DetailsForm, FilesForm

ANSWER_PREFIX = "k_"
"""Before the key of a kind's own question, so that it never meets a field of the form around it."""


class ActForm(forms.Form):
    """A form that knows the case it stands on. ``prepare`` fills in what the case decides."""

    def __init__(self, *args: Any, page: CasePage, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.page, self.by, self.at = page, by, at
        self.prepare()

    def prepare(self) -> None:
        """Set choices and first values from the case."""

    def refuse(self, refusal: Exception) -> None:
        """Beside its field; the answers of a kind each beside their own question."""
        if isinstance(refusal, intake.AnswersWrong):
            for key, sentence in refusal.errors.items():
                name = f"{ANSWER_PREFIX}{key}"
                self.add_error(name if name in self.fields else None, gettext(sentence))
            return
        super().refuse(refusal)


class PlainForm(ActForm):
    """Nothing to fill in: a button."""


class ReasonForm(ActForm):
    """A reason."""

    reason = forms.LongTextField(label=_("Reason"), rows=3, max_length=2000)


class NoteForm(ActForm):
    """An internal note."""

    text = forms.LongTextField(
        label=_("Note"), rows=3, help_text=_("Only officers read it. The resident never sees it.")
    )


class QuestionForm(ActForm):
    """A question to the resident."""

    text = forms.LongTextField(
        label=_("What do you need to know?"),
        rows=3,
        help_text=_("It is sent as it stands. The clocks stand still until the resident replies."),
    )


class ReplyForm(ActForm):
    """What the resident replied."""

    reply = forms.LongTextField(label=_("What the resident said"), rows=3)
    road = forms.ChoiceField(label=_("How did it come?"), widget=django_forms.Select)

    def prepare(self) -> None:
        """The roads a reply can come by."""
        self.fields["road"].choices = list(words.CHANNELS.items())  # type: ignore[attr-defined]


class DraftForm(ActForm):
    """A draft, however unfinished."""

    text = forms.LongTextField(label=_("Draft of the answer"), rows=6, required=False)

    def prepare(self) -> None:
        """What was kept."""
        self.fields["text"].initial = self.page.case.draft_answer


class HandInForm(ActForm):
    """Work for a second pair of eyes."""

    draft = forms.LongTextField(label=_("What was done: the draft of the answer"), rows=6)

    def prepare(self) -> None:
        """The draft so far."""
        self.fields["draft"].initial = self.page.case.draft_answer


class AnswerForm(ActForm):
    """What the resident is told."""

    decision = forms.ChoiceField(label=_("What was decided?"), widget=django_forms.Select)
    text = forms.LongTextField(
        label=_("The answer, in words the resident understands"),
        rows=8,
        help_text=_(
            "What was done, by whom, and when; or why it cannot be done, and where they can turn. It goes out as it stands."
        ),
    )

    def prepare(self) -> None:
        """The decisions of this kind, and the draft."""
        self.fields["decision"].choices = _decisions(self.page.case.kind.decisions, decisions.is_answer)  # type: ignore[attr-defined]
        self.fields["text"].initial = self.page.case.draft_answer


class CloseForm(ActForm):
    """An end needs a decision and a reason."""

    decision = forms.ChoiceField(label=_("How does it end?"), widget=django_forms.Select)
    reason = forms.LongTextField(label=_("Reason"), rows=3)

    def prepare(self) -> None:
        """The decisions of this kind."""
        self.fields["decision"].choices = _decisions(self.page.case.kind.decisions, decisions.is_end)  # type: ignore[attr-defined]
        self.fields["decision"].initial = self.page.case.decision


def _decisions(offered: list[str], fits: Any) -> list[tuple[str, str]]:
    rows = [(code, words.decision_words(code)) for code in offered if fits(code)]
    return [("", gettext("Choose")), *rows]


class KindForm(ActForm):
    """Another kind, with its own questions once it is chosen."""

    kind_code = forms.ChoiceField(label=_("Which kind?"), widget=django_forms.Select)

    def prepare(self) -> None:
        """The kinds, and the questions of the one that was chosen."""
        known = kind_queries.kinds_active()
        choices = [
            (kind.code, words.said(kind, "name")) for kind in known if kind.code != self.page.case.kind_id
        ]
        self.fields["kind_code"].choices = [("", gettext("Choose")), *choices]  # type: ignore[attr-defined]
        chosen = self.data.get(self.add_prefix("kind_code"), "") if self.is_bound else ""
        self.add_questions(next((kind for kind in known if kind.code == chosen), None))

    def add_questions(self, kind: Any) -> None:
        """Add the kind's own questions; what the case already answers stands in them."""
        if kind is None:
            return
        specs = questions.of(kind, [self.page.case.region_code])
        for key, field in DetailsForm(specs=specs).fields.items():
            field.initial = self.page.case.answers.get(key)
            self.fields[f"{ANSWER_PREFIX}{key}"] = field

    @property
    def answers(self) -> dict[str, Any]:
        """The answers to the kind's own questions, as the rules read them."""
        return read_answers(self.cleaned_data)


def read_answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers among cleaned values, dates as ISO text."""
    found = {
        name.removeprefix(ANSWER_PREFIX): value
        for name, value in values.items()
        if name.startswith(ANSWER_PREFIX)
    }
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in found.items()}


class ClassifyForm(KindForm):
    """Another kind, and why."""

    reason = forms.LineField(label=_("Why?"), required=False)


class SplitForm(ActForm):
    """A second matter out of this one."""

    kind_code = forms.ChoiceField(label=_("Which kind is the second matter?"), widget=django_forms.Select)
    title = forms.LineField(label=_("Title"), required=False, max_length=150)
    text = forms.LongTextField(label=_("The second matter, in the resident's words"), rows=4)

    def prepare(self) -> None:
        """The kinds."""
        rows = [(kind.code, words.said(kind, "name")) for kind in kind_queries.kinds_active()]
        self.fields["kind_code"].choices = [("", gettext("Choose")), *rows]  # type: ignore[attr-defined]


class OtherForm(ActForm):
    """Another matter, by its number. ``other`` becomes that case."""

    other = forms.LineField(label=_("Number of the other matter"), width="20", max_length=40)

    def clean_other(self) -> Any:
        """The case with this number, when this seat may see it."""
        typed = self.cleaned_data["other"]
        number = ids.parse_case_number(typed, desk_queries.institution().number_prefix)
        found = inbox_queries.find(self.by, str(number), limit=1) if number else []
        if not found or number is None or found[0].number != str(number):
            raise ValidationError(
                _("No matter with this number is found. Check it: it looks like %(example)s.")
                % {"example": self.page.case.number}
            )
        return found[0]


class LinkForm(OtherForm):
    """How two matters belong together."""

    kind = forms.ChoiceField(
        label=_("How?"),
        choices=(("related", _("They belong together")), ("duplicate", _("They are the same matter"))),
        initial="related",
        inline=True,
    )


class MergeForm(OtherForm):
    """Into which, and why."""

    reason = forms.LineField(label=_("Why are they one matter?"))


class OneLinkForm(ActForm):
    """Which link to take away."""

    other_id = django_forms.UUIDField(widget=django_forms.HiddenInput)


class SealForm(ReasonForm):
    """Close it for all but a few."""

    reader_ids = forms.ChoicesField(
        label=_("Who else must read it?"),
        required=False,
        help_text=_("The focal points of the area always can."),
    )

    def prepare(self) -> None:
        """Everybody who sits at the protected desks and at this one."""
        seats = [
            seat
            for seat in desk_queries.seats_visible(self.by, self.at)
            if seat.desk.protected or seat.desk_id in self.by.desk_ids
        ]
        shown = {
            str(seat.user_id): f"{seat.user.full_name}, {seat.desk.name}"
            for seat in seats
            if seat.user_id != self.by.user_id
        }
        self.fields["reader_ids"].choices = list(shown.items())  # type: ignore[attr-defined]


class ScreenForm(ReasonForm):
    """The judgement of a person on words that a list has flagged."""

    sensitive = forms.ChoiceField(
        label=_("Does it speak of violence, abuse or danger?"),
        choices=(
            ("yes", _("Yes: it stays sealed, and the focal point takes care of it")),
            ("no", _("No: the words meant something harmless; it opens and goes its ordinary way")),
        ),
    )
    field_order = ("sensitive", "reason")


class ExcludeForm(ReasonForm):
    """Whom to keep away."""

    user_id = forms.ChoiceField(
        label=_("Which person must not see it?"), widget=django_forms.Select, required=False
    )
    desk_id = forms.ChoiceField(label=_("Or which whole desk?"), widget=django_forms.Select, required=False)
    field_order = ("user_id", "desk_id", "reason")

    def prepare(self) -> None:
        """The officers of the area and the open desks."""
        seats = {
            str(seat.user_id): f"{seat.user.full_name}, {seat.desk.name}"
            for seat in desk_queries.seats_visible(self.by, self.at)
        }
        desks = [
            (str(desk.id), desk.name) for desk in desk_queries.desks_visible(self.by).open().order_by("name")
        ]
        nobody = ("", pgettext_lazy("choice", "Nobody"))
        self.fields["user_id"].choices = [nobody, *seats.items()]  # type: ignore[attr-defined]
        self.fields["desk_id"].choices = [("", pgettext_lazy("choice", "No desk")), *desks]  # type: ignore[attr-defined]


class ReadmitForm(ReasonForm):
    """Which exclusion is over, and why."""

    exclusion_id = django_forms.UUIDField(widget=django_forms.HiddenInput)


class AttachForm(FilesForm, ActForm):
    """Files, each judged for itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].required = True

    def clean(self) -> dict[str, Any]:
        """At least one file that can be kept."""
        values: dict[str, Any] = super().clean() or {}
        if not self.taken and not self.errors:
            self.add_error("uploads", _("Choose a file."))
        return values


class OneFileForm(ActForm):
    """Which file to take away, and why."""

    attachment_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    reason = forms.LineField(label=_("Reason"))


class OpenIncidentForm(ActForm):
    """Words that anybody may read."""

    title = forms.LineField(label=_("What happened, in one line"), max_length=150)
    text = forms.LongTextField(
        label=_("What happened, for everybody to read"),
        rows=3,
        help_text=_("Residents are offered these words while they write. Name nobody."),
    )

    def prepare(self) -> None:
        """The title of this matter."""
        self.fields["title"].initial = self.page.case.title


class JoinIncidentForm(ActForm):
    """Which shared cause."""

    incident_id = forms.ChoiceField(label=_("Which shared cause?"), widget=django_forms.Select)

    def prepare(self) -> None:
        """The open ones of the regency."""
        found = similar_queries.open_incidents(self.by, self.page.case.region_code[:4])
        rows = [(str(one.id), f"{one.number} {one.title}") for one in found]
        self.fields["incident_id"].choices = [("", gettext("Choose")), *rows]  # type: ignore[attr-defined]
