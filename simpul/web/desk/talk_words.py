"""Conversations in words: how long somebody waits, what became of a message, whether a sender can be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul.cases.queries import talking
from simpul.desks import queries as desk_queries
from simpul.lib import phone, text, when
from simpul.messages.queries import calls as call_queries
from simpul.messages.rules import calls as call_rules
from simpul.messages.rules import incoming as incoming_rules
from simpul.regions import queries as region_queries
from simpul.web.desk import words

CHANNELS: Mapping[str, Any] = {
    "whatsapp": _("WhatsApp"),
    "sms": _("SMS"),
    "telegram": _("Telegram"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "slip": _("Paper notice"),
}
VIEWS: Mapping[str, Any] = {
    "waiting": pgettext_lazy("conversations", "Waiting"),
    "all": pgettext_lazy("conversations", "All"),
    "sealed": pgettext_lazy("conversations", "Protected"),
    "stopped": pgettext_lazy("conversations", "Silenced"),
}
EMPTY: Mapping[str, tuple[Any, Any]] = {
    "waiting": (
        _("Nobody waits for an answer"),
        _(
            "Whoever writes by SMS, WhatsApp, Telegram or e-mail appears here; who has waited longest stands on top."
        ),
    ),
    "all": (
        _("No conversation is found"),
        _("Remove a filter, or write a name, a number or a word somebody used."),
    ),
    "sealed": (
        _("No protected message waits"),
        _(
            "Messages that may speak of violence or danger are seen by focal points only, and nothing is answered by machine."
        ),
    ),
    "stopped": (
        _("Nobody is silenced"),
        _("Contacts that asked for silence, or were shut out as spam, stand here."),
    ),
}
KINDS: Mapping[str, Any] = {
    "image": _("Photo"),
    "voice": _("Voice message"),
    "audio": _("Recording"),
    "video": _("Video"),
    "document": _("Document"),
    "sticker": _("Sticker"),
    "location": _("Place on the map"),
    "contact": _("Contact card"),
    "contacts": _("Contact card"),
    "reaction": _("Sign under a message"),
}
OUTCOMES: Mapping[str, Any] = {
    "case": _("Became a matter"),
    "added": _("Added to a matter"),
    "menu": _("Answered by the menu"),
    "answered": _("Answered"),
    "feedback": _("Kept as feedback"),
    "no_action": _("Nothing to be done"),
    "spam": _("Spam"),
}
FILE_STATES: Mapping[str, Any] = {
    "waiting": _("is being fetched"),
    "fetching": _("is being fetched"),
    "refused": _("was refused"),
    "too_large": _("is too large to be fetched"),
    "gone": _("is no longer there"),
}
RECEIPTS: Mapping[str, Any] = {
    "accepted": _("taken by the provider"),
    "sent": pgettext_lazy("message", "sent"),
    "delivered": _("delivered"),
    "read": _("read"),
    "failed": _("could not be delivered"),
}
STOPPED: Mapping[str, Any] = {
    "asked": _("asked not to be written to"),
    "spam": _("shut out as spam"),
}


def waiting(since: datetime, now: datetime) -> str:
    """How long somebody has waited, in the largest unit that fits."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if not minutes:
        return gettext("just written")
    if minutes < 60:
        return ngettext("waits %(n)s minute", "waits %(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("waits %(n)s hour", "waits %(n)s hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("waits %(n)s day", "waits %(n)s days", days) % {"n": days}


def name_of(who: Any) -> str:
    """What to call them: the linked person, what they call themselves, their number, or that nobody knows."""
    if who.person_id:
        return str(who.person.full_name)
    return str(who.shown_name or number_of(who) or gettext("Unknown sender"))


def number_of(who: Any) -> str:
    """Their number or address as people write it; "" when the channel hides it."""
    if who.number:
        return phone.display(who.number)
    if who.is_nameless:
        return ""
    return str(who.address) if who.channel == "email" else ""


def marks_of(who: Any) -> list[dict[str, str]]:
    """What an officer must know before believing the sender."""
    found = []
    if who.is_nameless:
        found.append({"text": gettext("without a sender"), "tone": "warn"})
    elif not who.number and who.channel == "whatsapp":  # Telegram never tells one
        found.append({"text": gettext("hidden number"), "tone": ""})
    if who.stopped_why:
        found.append({"text": words.of(STOPPED, who.stopped_why), "tone": "bad"})
    return found


def prefix() -> str:
    """What case numbers of this installation begin with: asked once for a page, so that PINs can be hidden on it."""
    return desk_queries.institution().number_prefix


def row(who: Any, now: datetime, by: Any, kept: Mapping[str, str], own_prefix: str) -> dict[str, Any]:
    """One conversation as the list shows it."""
    address, place = reverse("desk_talk", args=[who.id]), "#waits" if who.since_at else "#end"
    said = talking.shown_words(who.last_text or "", own_prefix)
    tags = marks_of(who)
    if by.role == "focal_point" and who.sealed_since_at is not None:
        tags.insert(0, {"text": gettext("protected"), "tone": "bad"})
    return {
        "url": f"{address}?{urlencode(kept)}{place}" if kept else f"{address}{place}",
        "name": name_of(who),
        "initial": next((sign for sign in name_of(who)[:1].upper() if sign.isalpha()), ""),
        "number": number_of(who) if name_of(who) != number_of(who) else "",
        "channel": words.of(CHANNELS, who.channel),
        "desk": "" if who.desk_id is None or who.desk_id in by.desk_ids else who.desk.name,
        "said": text.shorten(" ".join(said.split()), 140) or kind_words(who.last_kind or ""),
        "wait": waiting(who.since_at, now) if who.since_at else "",
        "late": who.since_at is not None and (now - who.since_at).total_seconds() > 4 * 3600,
        "age": words.age(who.last_at or who.first_at, now),
        "tags": tags,
    }


# --- one conversation -------------------------------------------------------------------------------------------------


def days(talk: talking.Talk, now: datetime, ticked: Sequence[str], by: Any) -> list[dict[str, Any]]:
    """Everything said, day by day, as the page shows it."""
    zone = desk_queries.zone_of(talk.who.region_code or by.region_code).key
    today = when.local_date(now, zone)
    own_prefix = prefix()
    found: list[dict[str, Any]] = []
    for one in talk.said:
        day = when.local_date(one.at, zone)
        if not found or found[-1]["day"] != day:
            label = gettext("Today") if day == today else when.format_long_date(day, words.language())
            found.append({"day": day, "label": label, "said": []})
        found[-1]["said"].append(_bubble(one, zone, ticked, own_prefix))
    first = next((one for day in found for one in day["said"] if one.get("open")), None)
    if first is not None:
        first["first_open"] = True
    return found


def _bubble(one: talking.Said, zone: str, ticked: Sequence[str], own_prefix: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "way": one.way,
        "time": when.format_time(one.at, zone, words.language()),
        "channel": words.of(CHANNELS, one.channel),
        "number": one.number,
    }
    if one.heard is not None:
        return shown | _heard(one, ticked, own_prefix)
    if one.told is not None:
        return shown | _told(one.told, own_prefix)
    return shown | _call(one.call, zone)


def kind_words(kind: str) -> str:
    """What a message without words is; of a kind that is new here, what to do about it."""
    if not kind or kind in KINDS:
        return words.of(KINDS, kind)
    return gettext(
        "A message of a kind that cannot be shown here (%(kind)s). Ask the person to write it."
    ) % {"kind": kind[:30]}


def _heard(one: talking.Said, ticked: Sequence[str], own_prefix: str) -> dict[str, Any]:
    message = one.heard
    if message is None:
        return {}
    settled = message.state == "settled"
    said = talking.shown_words(message.text, own_prefix)
    bare = not said and not one.files
    return {
        "id": str(message.id),
        "text": said or (kind_words(message.kind) if bare else ""),
        "subject": message.subject if message.subject not in ("", message.text) else "",
        "place": talking.place_words(message.data),
        "files": [file_of(file) for file in one.files],
        "can_tick": message.outcome not in ("case", "added"),
        "ticked": str(message.id) in ticked,
        "open": not settled,
        "became": words.of(OUTCOMES, message.outcome) if settled else "",
        "note": message.note,
        "can_reopen": settled and message.outcome in ("no_action", "spam", "answered", "menu"),
        "by": message.settled_by,
        "case_id": message.subject_id if one.number else None,
        "sealed": message.sealed,
        "removed": message.is_removed,
        "automatic": message.is_automatic,
        "in_group": incoming_rules.is_in_group(message.data),
        "missing_parts": message.parts_expected > max(1, len(message.parts)) and bool(message.parts),
        "unverified": not message.is_verified and message.channel == "sms",
    }


def _told(message: Any, own_prefix: str) -> dict[str, Any]:
    state = words.of(words.MESSAGE_STATES, message.state)
    if message.receipt and message.state == "sent":
        state = words.of(RECEIPTS, message.receipt)
    return {
        "text": talking.shown_words(message.body, own_prefix),
        "by": message.written_by,
        "machine": message.written_by in ("", "Simpul"),
        "state": state,
        "bad": message.state in ("failed", "expired") or message.receipt == "failed",
        "error": message.last_error if message.state == "failed" else "",
        "sealed": message.sealed,
        "case_id": message.subject_id if message.subject_kind == "case" else None,
        "on_paper": message.road == "slip",
    }


def _call(call: Any, zone: str) -> dict[str, Any]:
    heading = {
        "in": gettext("They called"),
        "out": gettext("We called"),
        "missed": gettext("Missed call"),
    }.get(call.direction, "")
    outcome = call_rules.OUTCOMES.get(call.outcome)
    minutes = 0
    if call.ended_at is not None:
        minutes = max(1, round((call.ended_at - call.started_at).total_seconds() / 60))
    promised = ""
    if call.callback_due_at is not None and call.callback_done_at is None:
        promised = when.format_moment(call.callback_due_at, zone, words.language())
    return {
        "text": call.notes,
        "heading": heading,
        "outcome": gettext(outcome.words) if outcome else "",
        "minutes": minutes,
        "by": call.agent_name,
        "promised": promised,
        "sealed": call.sealed,
    }


def file_of(file: Any) -> dict[str, Any]:
    """A file of a message as the page shows it: looked at, listened to, or saved."""
    kept = file.state == "kept"
    spoken = call_queries.spoken().get(file.transcript_language, {})
    return {
        "row": file,
        "name": file.name or words.of(KINDS, file.kind),
        "url": reverse("desk_talk_file", args=[file.id]) if kept else "",
        "is_photo": kept and file.mime.startswith("image/"),
        "is_sound": kept and file.mime.startswith("audio/"),
        "why_not": "" if kept else words.of(FILE_STATES, file.state),
        "write_url": reverse("desk_talk_transcribe", args=[file.id])
        if file.kind in ("voice", "audio", "video")
        else "",
        "spoken": spoken.get(words.language(), file.transcript_language),
    }


def window(who: Any, now: datetime) -> dict[str, str] | None:
    """WhatsApp's hours of free words: until when, or since when they are over; None where there are none."""
    if who.channel != "whatsapp":
        return None
    ends = incoming_rules.window_ends(who.last_in_at)
    zone = desk_queries.zone_of(who.region_code).key
    if ends is None or ends <= now:
        return {"open": "", "until": when.format_moment(ends, zone, words.language()) if ends else ""}
    return {"open": "1", "until": when.format_moment(ends, zone, words.language())}


def case_row(case: Any, now: datetime) -> dict[str, Any]:
    """A matter of the person, short."""
    chip = words.case_chip(case, now)
    place = region_queries.path_names(case.region_code).split(", ", maxsplit=1)[0] if case.region_code else ""
    return {
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "state": words.of(words.STATES, case.state),
        "clock": chip,
        "place": place,
        "url": reverse("desk_case", args=[case.id]),
        "sealed": case.sensitivity == "sealed",
    }
