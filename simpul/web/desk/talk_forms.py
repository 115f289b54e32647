"""Forms of a conversation: a reply, the ticked messages, who it is, a matter made of messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.cases.queries import talking
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.messages.queries import calls as call_queries
from simpul.messages.queries import writing as writing_queries
from simpul.web import forms, reading
from simpul.web.desk import intake_form, talk_words, words

VALUE = "v_"
"""Before the name of a text's variable."""

VARIABLES: Mapping[str, Any] = {
    "number": _("Number of the matter"),
    "title": _("Title of the matter"),
    "desk": _("Desk"),
    "question": _("Question"),
    "answer": _("Answer"),
    "reason": _("Reason"),
    "other": _("Number of the other matter"),
    "cause": _("Shared cause"),
    "extract": _("Extract"),
    "day": _("Day"),
    "place": _("Place"),
}
NOT_ASKED = "ask"
"""What is not known is not called safe: the safe-contact rule reads the three apart."""
LONG = frozenset({"question", "answer", "reason", "extract"})


class ReplyForm(forms.Form):
    """What is written back: own words, or a text of the catalogue with what it names."""

    text_key = forms.ChoiceField(label=_("What to send"), widget=django_forms.Select, required=False)
    body = forms.LongTextField(label=_("Message"), rows=4, required=False, max_length=20_000)
    about = forms.ChoiceField(
        label=_("Which matter is it about?"), widget=django_forms.Select, required=False
    )
    answers = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    once = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    also = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    settles = forms.TickField(
        label=_("This answers everything that waits here"), required=False, initial=True
    )

    def __init__(self, *args: Any, talk: talking.Talk, **options: Any) -> None:
        super().__init__(*args, **options)
        self.talk = talk
        texts = writing_queries.writable_texts(words.language())
        self.texts = {one.key: one for one in texts}
        self._choose("text_key", [("", gettext("My own words")), *((one.key, one.name) for one in texts)])
        self._choose(
            "about",
            [
                ("", gettext("No matter")),
                *((str(case.id), f"{case.number} {case.title}") for case in talk.cases),
            ],
        )
        waiting = talk.open_messages[-1] if talk.open_messages else None
        self.initial.setdefault("answers", str(waiting.id) if waiting else "")
        self.initial.setdefault("once", uuid7().hex)
        self.initial.setdefault("also", " ".join(str(one.id) for one in talk.open_messages))
        open_cases = [case for case in talk.cases if case.is_open]
        self.initial.setdefault("about", str(open_cases[0].id) if len(open_cases) == 1 else "")
        self._add_variables()

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _add_variables(self) -> None:
        given = self.data if self.is_bound else self.initial
        chosen = self.texts.get(str(given.get("text_key", "")))
        case = self.case_of(str(given.get("about", "") or ""))
        known = {"number": case.number, "title": case.title, "desk": case.holder.name} if case else {}
        who = self.talk.who
        needed = writing_queries.named_in(chosen.key, who.channel, who.language) if chosen else frozenset()
        for name in chosen.variables if chosen else ():
            label = VARIABLES.get(name, name)
            kind = forms.LongTextField if name in LONG else forms.LineField
            self.fields[f"{VALUE}{name}"] = kind(
                label=label, required=name in needed, initial=known.get(name, "")
            )

    def case_of(self, key: str) -> Any:
        """The matter with this key among those on the page; None for any other."""
        return next((case for case in self.talk.cases if str(case.id) == key), None)

    @property
    def variables(self) -> list[Any]:
        """The bound fields of what the chosen text names."""
        return [self[name] for name in self.fields if name.startswith(VALUE)]

    def answered_too(self) -> list[UUID]:
        """The other messages that waited when the page was shown, and that this reply answers as well."""
        given = self.cleaned_data
        keys = [reading.key(one) for one in given.get("also", "").split()] if given.get("settles") else []
        return [key for key in keys if key is not None and key != reading.key(given.get("answers", ""))]

    def given(self) -> dict[str, Any]:
        """What was written, in the words of ``write_message`` and its preview; also of a form that is not complete."""
        self.full_clean()
        values = getattr(self, "cleaned_data", {})
        case = self.case_of(values.get("about", ""))
        return {
            "body": values.get("body", ""),
            "text_key": values.get("text_key", ""),
            "values": {
                name.removeprefix(VALUE): value for name, value in values.items() if name.startswith(VALUE)
            },
            "answers": reading.key(values.get("answers", "")),
            "protected": case is not None and case.sensitivity == "sealed",
        }


class PickForm(forms.Form):
    """Messages that are ticked, and what is done with them."""

    messages = django_forms.MultipleChoiceField(required=False)
    note = forms.LineField(label=_("Why is there nothing to be done?"), required=False, max_length=200)
    case_id = forms.ChoiceField(label=_("Which matter do they belong to?"), required=False)
    number = forms.LineField(
        label=_("Or the number of another matter"), required=False, max_length=40, width="20"
    )

    def __init__(self, *args: Any, talk: talking.Talk, **options: Any) -> None:
        super().__init__(*args, **options)
        heard = [one.heard for one in talk.said if one.heard is not None]
        self.fields["messages"].choices = [(str(one.id), str(one.id)) for one in heard]  # type: ignore[attr-defined]
        self.fields["case_id"].choices = [  # type: ignore[attr-defined]
            (str(case.id), f"{case.number} {case.title}, {words.of(words.STATES, case.state)}")
            for case in talk.cases
        ]

    @property
    def ticked(self) -> list[UUID]:
        """The messages that were ticked."""
        return [UUID(one) for one in self.cleaned_data.get("messages", [])]


class LinkForm(forms.Form):
    """Who this contact belongs to, and what is safe there."""

    person_id = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    name = forms.NameField(label=_("Name"), required=False)
    owner = forms.ChoiceField(
        label=_("Whose is it?"),
        choices=tuple(words.OWNERS.items()),
        widget=django_forms.Select,
        initial="own",
    )
    safe = forms.ChoiceField(
        label=_("What is safe there?"),
        choices=(
            ("", _("Nobody has asked yet")),
            ("both", _("Call and write")),
            ("call", _("Only call")),
            ("write", _("Only write")),
            ("none", _("Neither")),
        ),
        widget=django_forms.Select,
        required=False,
    )
    warning = forms.LineField(label=_("What must callers know?"), required=False, max_length=200)

    def safety(self) -> dict[str, Any]:
        """What was said about safety, in the words of ``link_correspondent``."""
        given = self.cleaned_data
        safe = given["safe"]
        return {
            "owner": given["owner"],
            "safe_to_call": None if not safe else safe in ("both", "call"),
            "safe_to_write": None if not safe else safe in ("both", "write"),
            "warning": given["warning"],
        }


class PassForm(forms.Form):
    """Another desk."""

    desk_id = forms.ChoiceField(label=_("Which desk?"), widget=django_forms.Select)

    def __init__(self, *args: Any, by: Actor, who: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        desks = desk_queries.desks_visible(by).open().filter(outside=False).order_by("name")
        self.fields["desk_id"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose")),
            *((str(desk.id), desk.name) for desk in desks if desk.id != who.desk_id),
        ]


class TranscribeForm(forms.Form):
    """What a recording says."""

    words = forms.LongTextField(label=_("What is said in it"), rows=3, max_length=5000)
    language = forms.ChoiceField(label=_("Spoken language"), widget=django_forms.Select, initial="id")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, names[words.language()]) for code, names in call_queries.spoken().items()
        ]


class TurnForm(intake_form.IntakeForm):
    """A matter out of messages: the counter's form without what the messages say themselves."""

    messages = forms.ChoicesField(label=_("Which messages is it about?"), required=True)
    send_receipt = forms.TickField(
        label=_("Send the number and PIN back on the same channel"), required=False, initial=True
    )

    def __init__(self, *args: Any, talk: talking.Talk, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("channel", "uploads", "visit_id", "kept", "paper_number", "paper_date", "paper_writer"):
            self.fields.pop(name, None)
        for name in ("received_date", "received_time", "incident_id"):
            self.fields.pop(name, None)
        self.fields["phone"].label = _("Another phone")
        self.fields["owner"].label = _("Whose contact is it that they wrote from?")
        self.fields["safe"].label = _("What is safe there?")
        safe = self.fields["safe"].choices  # type: ignore[attr-defined]
        self._choose("safe", [(NOT_ASKED, _("Nobody has asked yet")), *safe])
        self._choose("messages", turnable(talk))

    def given(self) -> dict[str, Any]:
        """What was written, in the words of ``turn_incoming``: it knows the channel and the visit itself."""
        absent = {"channel": "", "paper_number": "", "paper_date": None, "paper_writer": ""}
        self.cleaned_data |= {**absent, "visit_id": None, "incident_id": ""}
        given = super().given()
        if given["reporter"] is not None and self.cleaned_data["safe"] == NOT_ASKED:
            given["reporter"] = replace(given["reporter"], safe_to_call=None, safe_to_write=None)
        for name in ("channel", "paper", "visit_id", "clean_files", "incident_id"):
            given.pop(name, None)
        return given


def turnable(talk: talking.Talk) -> list[tuple[str, str]]:
    """The messages a matter can be made of, with their first words."""
    found = []
    prefix = talk_words.prefix()
    for one in talk.said:
        message = one.heard
        if message is None or message.outcome in ("case", "added"):
            continue
        said = " ".join(talking.shown_words(talking.words_of(message, one.files), prefix).split())[:90]
        found.append((str(message.id), said or talk_words.kind_words(message.kind)))
    return found
