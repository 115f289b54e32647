"""Gateways in words: their kinds, their fields with what to write there, and their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of gateway as an administrator chooses it."""

    name: Any
    told: Any
    icon: str
    intro: Any


KINDS: Mapping[str, KindWords] = {
    "whatsapp": KindWords(
        _("WhatsApp"),
        _("Meta's Cloud API with a number of your own."),
        "message",
        _(
            "You need a Meta developer account, an app with WhatsApp, and a system user's token that does not "
            "run out. The guide in docs/operations/whatsapp.md shows where each value stands."
        ),
    ),
    "telegram": KindWords(
        _("Telegram"),
        _("A bot that residents write to. Free of charge."),
        "send",
        _("Talk to @BotFather in Telegram, send /newbot, and copy the token that it gives you."),
    ),
    "gammu": KindWords(
        _("SMS: modem or phone on a cable"),
        _("Gammu SMSD on this machine; works without the internet."),
        "phone",
        _("Set up Gammu SMSD first: docs/operations/sms.md. One gateway for each SIM."),
    ),
    "android": KindWords(
        _("SMS: Android phone"),
        _("A phone with the app SMS Gateway sends and receives."),
        "phone",
        _("Install the app on a phone that stays plugged in. One gateway for each SIM."),
    ),
    "http": KindWords(
        _("SMS: service on the web"),
        _("A provider with an address for sending and a webhook."),
        "globe",
        _(
            "Choose the profile of your provider, or describe it as JSON. Unofficial WhatsApp services "
            "like Fonnte sign nothing: give the addresses they send from."
        ),
    ),
    "smpp": KindWords(
        _("SMS: operator by SMPP"),
        _("A contract with an operator for large numbers."),
        "link",
        _(
            "The operator gives you host, port, system id and password, and opens your address in its firewall."
        ),
    ),
    "email": KindWords(
        _("E-mail"),
        _("A mailbox that is read and answered here."),
        "letter",
        _(
            "Use a mailbox of its own. Mail that somebody reads elsewhere is not taken in twice, but may be missed."
        ),
    ),
}

FIELDS: Mapping[str, tuple[Any, Any]] = {
    "phone_number_id": (
        _("Phone number id"),
        _("From WhatsApp, API Setup: a long number, not the phone number."),
    ),
    "business_id": (
        _("Business portfolio id"),
        _(
            "People may hide their number; their id then holds inside one portfolio. Fill this in when several "
            "of your numbers belong to one."
        ),
    ),
    "api_url": (_("Address of the service"), _("Empty: the provider's usual one.")),
    "api_version": (_("Version of the Graph API"), _("Empty: the one this program was tested with.")),
    "app_secret": (
        _("App secret"),
        _("From App settings, Basic. It proves that a message comes from WhatsApp."),
    ),
    "verify_token": (
        _("Verify token"),
        _("We made one up. Give the same to Meta, beside the webhook's address."),
    ),
    "access_token": (
        _("Access token"),
        _("A system user's token with whatsapp_business_messaging, without an end."),
    ),
    "bot_token": (_("Token of the bot"), _("From @BotFather, like 110201543:AAHd…")),
    "secret_token": (
        _("Secret of the webhook"),
        _("We made one up. Give the same to Telegram with setWebhook."),
    ),
    "database": (_("Database of Gammu"), _("Path of its SQLite file, or a postgresql:// address.")),
    "phone_id": (
        _("Phone id in Gammu"),
        _("PhoneID of its configuration, when several modems share the database."),
    ),
    "zone": (_("Time zone of Gammu"), _("Its times carry none. Empty: that of this institution.")),
    "receive": (
        _("How messages come in"),
        "",
    ),
    "send_after": (_("Send after"), _("Earliest time of day for Gammu to send, like 07:00. Empty: always.")),
    "send_before": (_("Send before"), _("Latest time of day for Gammu to send, like 20:00. Empty: always.")),
    "device_id": (_("Device id"), _("From the app, when several phones share one account.")),
    "sim": (_("SIM slot"), ""),
    "signing_key": (_("Signing key"), _("The same as in the app, under Settings, Webhooks.")),
    "user": (_("User name"), ""),
    "password": (_("Password"), ""),
    "profile": (
        _("Profile"),
        _("plain, smssync, fonnte or twilio; or a JSON object, see docs/operations/sms.md."),
    ),
    "networks": (
        _("Addresses it sends from"),
        _("IP addresses or networks, one after the other. Empty: any."),
    ),
    "public_url": (
        _("Address that is signed"),
        _("Twilio signs the address it calls. Empty: as it arrives here."),
    ),
    "send_url": (
        _("Address for sending"),
        _("Where messages are handed over. Empty: this gateway only hears."),
    ),
    "shared_secret": (_("Shared secret"), _("The provider sends it along, or signs with it.")),
    "host": (_("Host"), ""),
    "port": (_("Port"), _("Empty: 2775.")),
    "tls": (_("Encrypted connection"), _("yes, when the operator offers it.")),
    "system_type": (_("System type"), _("As the operator says; often empty.")),
    "source": (_("Sender"), _("Number or name that residents see. Empty: the number above.")),
    "long": (_("Long messages"), ""),
    "coding": (_("Alphabet"), _("Change it only when the operator says so.")),
    "receipt_ids": (
        _("Numbers in receipts"),
        _("Change it only when receipts are not found."),
    ),
    "system_id": (_("System id"), ""),
    "imap_host": (_("Server for reading (IMAP)"), ""),
    "imap_port": (_("Port for reading"), _("Empty: 993.")),
    "imap_folder": (_("Folder"), _("Empty: INBOX.")),
    "imap_tls": (_("Encryption for reading"), ""),
    "smtp_host": (_("Server for sending (SMTP)"), ""),
    "smtp_port": (_("Port for sending"), _("Empty: 587.")),
    "smtp_tls": (_("Encryption for sending"), ""),
    "from": (_("Address of the mailbox"), _("As residents see it.")),
}

CHOICES: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "receive": (("", _("read from its tables")), ("command", _("handed over by RunOnReceive"))),
    "sim": (("", _("the phone's usual one")), ("1", "SIM 1"), ("2", "SIM 2")),
    "long": (("", _("in parts")), ("payload", _("whole (message_payload)"))),
    "coding": (("", _("GSM, as usual")), ("latin1", "Latin-1")),
    "receipt_ids": (("", _("as they come")), ("decimal", _("decimal, ours hexadecimal"))),
    "imap_tls": (
        ("", _("TLS from the start, as usual")),
        ("starttls", "STARTTLS"),
        ("none", _("none: only inside one building")),
    ),
    "smtp_tls": (
        ("", _("STARTTLS, as usual")),
        ("tls", _("TLS from the start")),
        ("none", _("none: only inside one building")),
    ),
}
"""Settings with few answers, as an administrator chooses them."""

OWN_TOLD: Mapping[tuple[str, str], Any] = {
    ("android", "api_url"): _("As the app shows it, like http://192.168.1.20:8080."),
}
"""What a field says in one kind of gateway only."""

FAULTS: Mapping[str, Any] = {
    "choice": _("Choose one of the answers shown."),
    "digits": _("Write digits only, as the provider shows them."),
    "version": _("Write it like v24.0, or leave it empty."),
    "address": _("Write the whole address, beginning with https:// or http://."),
    "networks": _("Write IP addresses or networks, like 203.0.113.7 or 203.0.113.0/24."),
    "database": _("Write a path that begins with /, or an address that begins with postgresql://."),
    "zone": _("Write a zone like Asia/Makassar, or leave it empty."),
    "clock": _("Write the time like 07:00."),
    "host": _("Write the name of a server, like mail.example.id, without https://."),
    "port": _("Write a number from 1 to 65535, or leave it empty."),
    "mailbox": _("Write an e-mail address, like lapor@example.id."),
    "profile": _("Write plain, smssync, fonnte or twilio, or an object as docs/operations/sms.md shows it."),
    "prefixes": _("Write digits with commas between, like 62811,62812."),
}
"""What is wrong with a setting, and what to write."""

STATES: Mapping[str, tuple[Any, str]] = {
    "up": (_("Answers"), "good"),
    "new": (_("Nothing heard yet"), "info"),
    "down": (_("Does not answer"), "bad"),
    "incomplete": (_("Not complete"), "warn"),
    "off": (_("Switched off"), ""),
}

TEMPLATE_STATES: Mapping[str, tuple[Any, str]] = {
    "draft": (_("Being looked at"), ""),
    "approved": (_("Approved"), "good"),
    "paused": (_("Paused"), "warn"),
    "rejected": (_("Rejected"), "bad"),
}

TEMPLATE_LANGUAGES: Mapping[str, str] = {
    "id": "Bahasa Indonesia (id)",
    "en": "English (en)",
    "en_US": "English (en_US)",
    "en_GB": "English (en_GB)",
}

ADVICE: Mapping[str, Any] = {
    "131047": _(
        "This person wrote more than 24 hours ago, or never. Write to the number first, or use a template."
    ),
    "131026": _("This number has no WhatsApp, or cannot be reached now."),
    "131030": _("A test number of Meta sends only to numbers on its list."),
    "190": _("The access token is not valid any more. Make a new one and change it here."),
    "401": _("The token or password is not valid. Change it here."),
    "403": _("The person has not written to the bot yet, or has blocked it."),
}


REASONS: Mapping[str, Any] = {
    "not signed": _("not signed"),
    "wrong signature": _("wrong signature: is the secret here the same as at the provider?"),
    "wrong secret": _("wrong secret: is the secret here the same as at the provider?"),
    "wrong secret token": _("wrong secret: is the secret here the same as at the provider?"),
    "no secret token": _("sent without a secret"),
    "this gateway has no secret": _("this gateway has no secret: fill it in here"),
    "no secret token is set": _("this gateway has no secret: fill it in here"),
    "no app secret is set": _("this gateway has no secret: fill it in here"),
    "this gateway has no key": _("this gateway has no secret: fill it in here"),
    "this gateway has no signing key": _("this gateway has no secret: fill it in here"),
    "the signature is too old, or the phone's clock is wrong": _(
        "the signature is too old, or the clock of the phone is wrong"
    ),
    "this address is not on the list": _("sent from an address that is not on the list"),
    "the code in the address is too short to be a secret": _("the code is too short to be a secret"),
    "not UTF-8": _("signs that are no UTF-8"),
    "not JSON": _("no JSON: cut off on the way, or not from this provider"),
    "no object": _("no JSON object: not from this provider"),
    "nested too deep": _("nested too deep: not from this provider"),
    "no form": _("no form"),
    "no form, or one with too many fields": _("no form, or one with too many fields"),
    "not a delivery of WhatsApp": _("no delivery of WhatsApp"),
    "not an update of Telegram": _("no update of Telegram"),
    "no gateway": _("no gateway has this address"),
    "neither a sender nor words: does the profile name the right fields?": _(
        "neither a sender nor words: does the profile name the right fields?"
    ),
    "there is no profile of this name": _("there is no profile of this name"),
    "the profile is not JSON": _("the profile is not JSON"),
}
"""Why a delivery was refused or could not be read, as an administrator reads it; what is not here is shown as it was noted."""

UNREACHABLE = _(
    "Check the address of the service and whether this machine reaches it. Messages wait and are tried again by themselves."
)
"""What to do when a provider does not answer and nothing more is known."""


def reason(said: str) -> Any:
    """Why a delivery was refused or could not be read."""
    return REASONS.get(said, said)


def kind_name(kind: str) -> Any:
    """The name of a kind."""
    return KINDS[kind].name if kind in KINDS else kind


def field_label(name: str) -> Any:
    """The label of a setting or secret."""
    return FIELDS[name][0] if name in FIELDS else name


def advice(reason: str) -> Any:
    """What to do about a provider's refusal, when we know."""
    return ADVICE.get(reason.partition(" ")[0], "")
