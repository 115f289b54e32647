"""The receipt: a page that can be opened again, a slip for three papers, an A4 PDF, a text for a message, words to say aloud."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.lib import ids
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, resident
from simpul.web.portal import paper, receipt_link, words
from simpul.web.portal.receipt_link import Receipt
from simpul.web.portal.shapes import Kind

PAPERS = {"a6": "paper-a6", "58": "paper-58", "a4": "paper-a4"}
"""Paper names in the address -> the class of the page body."""

SMS_LENGTH = 160


@resident
def receipt(request: Request, token: str) -> HttpResponse:
    """The confirmation page. Whoever has the address has the receipt."""
    kept = receipt_link.read(token)
    kind = kind_queries.get_kind(kept.kind)
    context = {
        **facts(request, kept, kind),
        "token": token,
        "steps": _steps(kept),
        "sms": sms_text(kept),
        "spoken": spoken_text(kept),
        "emergency": words.emergency_numbers() if kept.danger else (),
        "sensitive": kept.is_secret and not kept.desk,
        "papers": [(name, reverse("report_slip", args=[token, name])) for name in PAPERS],
    }
    return render(request, "portal/receipt/page.html", context)


@resident
def slip(request: Request, token: str, size: str) -> HttpResponse:
    """The slip alone, for A6, a 58 mm roll or A4."""
    if size not in PAPERS:
        raise Http404
    kept = receipt_link.read(token)
    context = {
        **facts(request, kept, kind_queries.get_kind(kept.kind)),
        "token": token,
        "body_class": PAPERS[size],
    }
    return render(request, "portal/receipt/slip.html", context)


@resident
def pdf(request: Request, token: str) -> HttpResponse:
    """The receipt on A4 as a PDF, to keep or to send on."""
    kept = receipt_link.read(token)
    shown = facts(request, kept, kind_queries.get_kind(kept.kind))["receipt"]
    answer = HttpResponse(paper.receipt_pdf(_on_paper(kept, shown)), content_type="application/pdf")
    answer["Content-Disposition"] = (
        f'attachment; filename="{_("receipt")}-{kept.number or kept.receipt16[-4:]}.pdf"'
    )
    return answer


def facts(request: Request, kept: Receipt, kind: Kind | None) -> dict[str, Any]:
    """What page and slip show, in the words of this language and the times of that place."""
    home = desk_queries.institution()
    secret = kept.is_secret
    shown = {
        "number": kept.receipt16 or kept.number,
        "pin": "" if secret else kept.pin,
        "kind": words.said(kind, "name") if kind and not secret else "",
        "place": region_queries.path_names(kept.region_code) if not secret else "",
        "at": words.moment_words(_moment(kept.received_at), kept.region_code),
        "desk": kept.desk,
        "next": _("You get an answer at the latest on") if kept.due_at else "",
        "due": words.day_words(_moment(kept.due_at), kept.region_code),
        "phone": home.phone,
        "url": follow_url(request, kept),
        "lines": [],
        "helper": "",
    }
    return {"receipt": shown, "kept": kept}


def follow_url(request: Request, kept: Receipt) -> str:
    """The whole address of the follow-up page; with the number filled in when it is not secret."""
    query = "" if kept.is_secret or not kept.number else f"?{urlencode({'n': kept.number})}"
    return request.build_absolute_uri(reverse("follow")) + query


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _steps(kept: Receipt) -> list[dict[str, str]]:
    due = words.day_words(_moment(kept.due_at), kept.region_code)
    desk = kept.desk or _("The protection officer")
    with_whom = _("%(desk)s checks it and passes it to whoever can settle it.") % {"desk": desk}
    return [
        {
            "title": _("Received"),
            "when": words.moment_words(_moment(kept.received_at), kept.region_code),
            "state": "done",
            "text": "",
        },
        {"title": _("Checked and passed on"), "when": "", "state": "now", "text": with_whom},
        {
            "title": _("Answered"),
            "when": _("At the latest on %(day)s") % {"day": due} if due else "",
            "state": "next",
            "text": _(
                "You see the answer with your receipt. If you gave a phone that is safe, we tell you there too."
            ),
        },
    ]


def sms_text(kept: Receipt) -> str:
    """The receipt as one message of at most 160 plain characters, for the person to keep or to forward."""
    home = desk_queries.institution()
    parts = [f"{home.short_name[:24]}:"]
    if kept.is_secret:
        parts.append(_("receipt %(digits)s.") % {"digits": ids.group_digits(kept.receipt16, 4)})
    else:
        parts.append(_("report %(number)s, PIN %(pin)s.") % {"number": kept.number, "pin": kept.pin})
    if due := words.day_words(_moment(kept.due_at), kept.region_code):
        parts.append(_("Answer by %(day)s.") % {"day": due.split(", ", 1)[-1]})
    if home.phone:
        parts.append(_("Call %(phone)s") % {"phone": home.phone})
    text = " ".join(parts).encode("ascii", "ignore").decode()
    return text if len(text) <= SMS_LENGTH else text[:SMS_LENGTH].rsplit(" ", 1)[0]


def spoken_text(kept: Receipt) -> str:
    """What an officer reads out over the phone, or a phone reads to the person: sign by sign, in pairs."""
    tongue = words.language()
    if kept.is_secret:
        return _("Your receipt is: %(digits)s.") % {"digits": ids.group_for_speech(kept.receipt16, tongue)}
    values = {
        "number": ids.group_for_speech(kept.number, tongue),
        "pin": ids.group_for_speech(kept.pin, tongue),
    }
    return _("Your number is: %(number)s. Your PIN is: %(pin)s.") % values


def _on_paper(kept: Receipt, shown: dict[str, Any]) -> dict[str, str]:
    """The values of the PDF, every one a plain text."""
    home = desk_queries.institution()
    digits = ids.group_digits(kept.receipt16, 4)
    labels = {
        "title": _("Proof of receipt"),
        "number_label": _("Your receipt: keep it to yourself") if kept.is_secret else _("Your number"),
        "number": digits if kept.is_secret else kept.number,
        "pin_label": _("PIN: keep it to yourself") if not kept.is_secret else "",
        "pin": "" if kept.is_secret else ids.group_digits(kept.pin, 3),
        "facts": "\n".join(
            f"{key}\t{value}"
            for key, value in (
                (_("About"), shown["kind"]),
                (_("Place"), shown["place"]),
                (_("Received"), shown["at"]),
                (_("With"), shown["desk"]),
                (_("Answer at the latest on"), shown["due"]),
            )
            if value
        ),
        "next": _(
            "What happens next: the desk checks your report and passes it to whoever can settle it. "
            "It stays counted until you are answered."
        ),
        "follow_label": _("Follow it here:"),
        "follow": shown["url"],
        "call": _("Or call %(phone)s.") % {"phone": home.phone} if home.phone else "",
        "free": _("This service is free of charge."),
        "institution": home.name,
        "address": home.address,
    }
    return {key: str(value) for key, value in labels.items()} | {"lang": words.language()}
