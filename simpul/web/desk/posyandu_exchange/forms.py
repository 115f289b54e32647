"""Forms of the exchange: a connection with its names line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from simpul.posyandu.actions import connections
from simpul.web import forms

_LABELS: Mapping[str, Any] = {
    "data_set": _("Data set"),
    "program": _("Tracker program"),
    "stage": _("Program stage"),
    "type": _("Tracked entity type"),
    "organization": _("Organisation ID"),
    "location": _("Location ID"),
    "practitioner": _("Health worker's IHS number"),
    "vaccine_system": _("Code system of vaccines"),
    "elements": _("Figures"),
    "units": _("Organisation units"),
    "attributes": _("Attributes of a child"),
    "event_elements": _("Values of a weighing"),
    "vaccines": _("Vaccines"),
}
_HINTS: Mapping[str, Any] = {
    "data_set": _("For the figures of a month. Eleven letters and digits, from DHIS2."),
    "program": _("For children one by one; so are the two below."),
    "organization": _("The number that SATUSEHAT gave to the health centre or office."),
    "elements": _(
        "One in a line: our figure = data element, or data element.category option combo. Leave empty what is not sent."
    ),
    "units": _("One in a line: posyandu = organisation unit."),
    "attributes": _("One in a line: our name = attribute. Only what stands here leaves this server."),
    "event_elements": _("One in a line: our name = data element. Only what stands here leaves this server."),
    "vaccines": _("One in a line: our dose = code."),
    "practitioner": _("Of the midwife or nurse who answers for the day."),
}


class ConnectionForm(forms.Form):
    """Where the other system is, who we are there, and what our names are called there."""

    url = forms.LineField(label=_("Address"))
    user = forms.LineField(label=_("User or client ID"), max_length=100)
    secret = forms.LineField(
        label=_("Password or client secret"),
        required=False,
        help_text=_("Leave it empty to keep the one that is stored. It is stored encrypted and never shown."),
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, *args: Any, system: str, known: Mapping[str, Mapping[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.system = system
        self.known = known
        self.fields["url"].help_text = address_hint(system)
        for name in connections.ACCOUNT[system]:
            self.fields[name] = forms.LineField(
                label=_LABELS[name], required=False, help_text=_HINTS.get(name, "")
            )
        for name in connections.NAMES[system]:
            self.fields[name] = forms.LongTextField(
                label=_LABELS[name], required=False, help_text=_HINTS[name], max_length=100_000, rows=8
            )
            self.fields[name].max_length = None  # type: ignore[attr-defined]  # nobody comes near it: no counter

    def clean(self) -> dict[str, Any]:
        """Read the lines of names; a line that says nothing we know is shown."""
        found = dict(super().clean() or {})
        for name in connections.NAMES[self.system]:
            try:
                found[name] = read_lines(str(found.get(name) or ""), self.known[name])
            except UnknownLineError as wrong:
                self.add_error(
                    name, ValidationError(now("This line cannot be read: %(line)s") % {"line": wrong})
                )
        return found

    @property
    def account(self) -> dict[str, str]:
        """What is no secret."""
        return {name: self.cleaned_data[name] for name in connections.ACCOUNT[self.system]}

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """Our names with theirs."""
        return {name: self.cleaned_data[name] for name in connections.NAMES[self.system]}


def address_hint(system: str) -> str:
    """Which address to write, and whether any without encryption works on this server."""
    example = {"dhis2": "https://dhis2.example.go.id", "satusehat": "https://api-satusehat.kemkes.go.id"}[
        system
    ]
    said = [now("It begins with https://, for example %(example)s.") % {"example": example}]
    if networks := settings.SIMPUL_WEBHOOK_NETWORKS:
        inside = now(
            "http:// works only for numeric addresses in these networks of the office: %(networks)s."
        )
        said.append(inside % {"networks": ", ".join(networks)})
    else:
        said.append(
            now(
                "http:// does not work: this server trusts no network without encryption (SIMPUL_WEBHOOK_NETWORKS)."
            )
        )
    return " ".join(said)


class UnknownLineError(ValueError):
    """A line without "=", or with a name on its left that we do not have."""


def read_lines(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Lines "shown name = identifier" as our key -> identifier. ``known`` maps shown names to keys (which work too); empty: any.

    Raises:
        UnknownLineError.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        shown, sign, theirs = line.rpartition("=")
        name = shown.strip()
        key = known.get(name, name if not known or name in known.values() else "")
        if not sign or not key:
            raise UnknownLineError(line.strip()[:80])
        found[key] = theirs.strip()
    return found


def written_lines(names: Mapping[str, str], known: Mapping[str, str]) -> str:
    """The same lines for the form: every name we have, with its identifier where there is one."""
    rows = known or {key: key for key in names}
    return "\n".join(f"{shown} = {names.get(key, '')}".rstrip() for shown, key in rows.items())
