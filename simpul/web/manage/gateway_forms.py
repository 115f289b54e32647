"""The forms of gateways: what every kind has, and what each kind needs; secrets are taken and never shown."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.messages.rules import gateways as gateway_rules
from simpul.messages.rules import setups
from simpul.messages.transports import checks
from simpul.web import forms
from simpul.web.manage import fields, frame
from simpul.web.manage import gateway_words as words
from simpul.web.portal import words as portal_words

PLAIN = (
    "number",
    "operator",
    "prefixes",
    "kind_code",
    "menu",
    "sends",
    "rank",
    "part_rupiah",
    "parts_per_minute",
)
SWITCHES = frozenset({"tls"})
SHORTEST_CODE = 16
SMS_ONLY = ("operator", "prefixes", "part_rupiah")


class SecretField(forms.LineField):
    """A secret: one that is kept is never sent to the page, and empty keeps it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=500, **options)
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})


class GatewayForm(forms.Form):
    """One gateway. The code is given once; the fields of its kind come from ``KINDS``."""

    name = forms.LineField(
        max_length=100,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As your officers call it: WhatsApp Mamuju, SMS Telkomsel."),
    )
    code = forms.LineField(
        max_length=40,
        width="20",
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Part of its address: small letters, digits and hyphens. It cannot be changed later."
        ),
    )
    number = forms.LineField(
        required=False,
        max_length=60,
        width="20",
        label=gettext_lazy("Its number or address"),
        help_text=gettext_lazy("As residents write it."),
    )
    desk_id = fields.drop_down(gettext_lazy("Desk that listens"))
    region_code = fields.AreaField(
        label=gettext_lazy("Area"),
        help_text=gettext_lazy("Where a message is about until somebody says so. For example: Kab. Mamuju."),
        error_messages={
            "required": gettext_lazy("Write the name of the area."),
            "unknown": gettext_lazy(
                "We do not know this area. Write its name, for example Kab. Mamuju, or its code."
            ),
        },
    )
    kind_code = fields.drop_down(gettext_lazy("A report by keyword (LAPOR) becomes"), required=False)
    menu = fields.SwitchField(label=gettext_lazy("Answers keywords (LAPOR, STATUS, BANTUAN) by itself"))
    sends = fields.SwitchField(label=gettext_lazy("Sends messages too"))
    operator = forms.LineField(
        required=False, max_length=40, width="20", label=gettext_lazy("Operator of the SIM")
    )
    prefixes = forms.LineField(
        required=False,
        max_length=200,
        label=gettext_lazy("Numbers it is meant for"),
        help_text=gettext_lazy("How they begin, with commas: 62811,62812. Empty: any."),
    )
    rank = fields.CountField(
        label=gettext_lazy("Turn"),
        help_text=gettext_lazy("Of several gateways of one road the lower number goes first."),
    )
    part_rupiah = forms.RupiahField(required=False, label=gettext_lazy("Price of one part"))
    parts_per_minute = fields.CountField(
        required=False,
        label=gettext_lazy("Messages a minute"),
        help_text=gettext_lazy("0: as fast as it takes them."),
    )

    def __init__(
        self, *args: Any, kind: str, by: Actor, changed: Any = None, has: Any = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.has: dict[str, bool] = has or {}
        self.code_kept: str = changed.code if changed is not None else ""
        desks = desk_queries.desks_visible(by).filter(closed_at=None, outside=False)
        fields.choose(self, "desk_id", fields.desk_choices(desks, _("Choose a desk")))
        kinds = [(one.code, portal_words.said(one, "name")) for one in kind_queries.kinds_active()]
        fields.choose(self, "kind_code", [("", _("The usual kind")), *kinds])
        if gateway_rules.KINDS[kind].road != "sms":
            for name in SMS_ONLY:
                del self.fields[name]
        if changed is not None:
            del self.fields["code"]
        self._add_own(kind, self.has, is_new=changed is None)

    def _add_own(self, kind: str, has: dict[str, bool], *, is_new: bool) -> None:
        known = gateway_rules.KINDS[kind]
        for name in known.settings:
            self.fields[f"set_{name}"] = self._setting(kind, name)
        for name in known.secrets:
            label, told = words.FIELDS.get(name, (name, ""))
            kept = has.get(name, False)
            if kept:
                told = _("One is kept and not shown. Empty: it stays.")
            self.fields[f"secret_{name}"] = SecretField(
                required=name in setups.NEEDED[kind] and not kept,
                label=label,
                help_text=told,
                initial=secrets.token_urlsafe(24) if is_new and name in setups.INVENTED else "",
            )

    @staticmethod
    def _setting(kind: str, name: str) -> django_forms.Field:
        label, told = words.FIELDS.get(name, (name, ""))
        told = words.OWN_TOLD.get((kind, name), told)
        if name in SWITCHES:
            return fields.SwitchField(label=label)
        if name in words.CHOICES:
            return fields.drop_down(label, words.CHOICES[name], required=False, help_text=told)
        needed = name in setups.NEEDED[kind]
        return forms.LineField(required=needed, max_length=4000, label=label, help_text=told)

    def clean(self) -> dict[str, Any]:
        """Every setting that its transport could not read, and every gateway that nobody could deliver to, named at once."""
        values = super().clean() or self.cleaned_data
        settings = self.settings()
        for name, fault in checks.wrong(self.kind, settings).items():
            self.add_error(f"set_{name}", words.FAULTS[fault])
        if not checks.are_prefixes(values.get("prefixes") or ""):
            self.add_error("prefixes", words.FAULTS["prefixes"])
        if values.get("sends") and not checks.can_send(self.kind, settings):
            self.add_error(
                "set_send_url",
                _("Write the address, or untick “Sends messages too”: this gateway only hears."),
            )
        if self.kind == "http":
            self._check_trust(checks.trust_of(settings), values)
        return values

    def _check_trust(self, trust: str, values: dict[str, Any]) -> None:
        code = self.code_kept or values.get("code") or ""
        if trust == "secret" and not values.get("secret_shared_secret") and not self.has.get("shared_secret"):
            self.add_error(
                "secret_shared_secret", _("Without a secret every delivery is refused. Write a long one.")
            )
        elif (
            trust == "path"
            and "code" in self.fields
            and len(code) < SHORTEST_CODE
            and not self.errors.get("code")
        ):
            self.add_error(
                "code",
                _(
                    "This provider signs nothing, so the code is the secret: at least 16 signs that nobody guesses."
                ),
            )

    def layout(self) -> frame.Layout:
        """The groups of the form: what it is, what its provider says, whom it serves, how it sends."""
        own = [name for name in self.fields if name.startswith(("set_", "secret_"))]
        return (
            (_("The gateway"), ("name", "code", "number", "operator")),
            (_("What the provider gives you"), own),
            (_("Who listens"), ("desk_id", "region_code", "kind_code", "menu")),
            (_("Sending"), ("sends", "prefixes", "rank", "part_rupiah", "parts_per_minute")),
        )

    def settings(self) -> dict[str, Any]:
        """The settings that were filled in."""
        pairs = {
            name.removeprefix("set_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("set_")
        }
        return {name: value for name, value in pairs.items() if value}

    def secrets(self) -> dict[str, str]:
        """The secrets that were typed."""
        pairs = {
            name.removeprefix("secret_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("secret_")
        }
        return {name: value for name, value in pairs.items() if value}

    def plain(self) -> dict[str, Any]:
        """What every kind has, as the acts take it."""
        values = {name: self.cleaned_data[name] for name in PLAIN if name in self.cleaned_data}
        for name in ("part_rupiah", "parts_per_minute"):
            if name in values:
                values[name] = values[name] or 0
        return values

    def desk(self) -> UUID:
        """The desk that listens."""
        return UUID(self.cleaned_data["desk_id"])


class TryForm(forms.Form):
    """Where a test message goes."""

    to = forms.LineField(
        max_length=150,
        label=gettext_lazy("Send it to"),
        help_text=gettext_lazy("Your own number or address, as this road knows it."),
    )
