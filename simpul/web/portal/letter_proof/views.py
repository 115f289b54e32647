"""The public pages of proof. They show the minimum: kind, number, day, village, initials, and what the letter is worth today."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from simpul.letters.queries import proof as queries
from simpul.lib import when
from simpul.lib.errors import Refused
from simpul.web.policy import Request, public
from simpul.web.portal.letter_proof import guard, offline

MOST_BYTES = 5 * 1024 * 1024
MOST_SIGNS = 2000

TONES = {
    "valid": "good",
    "expired": "warn",
    "superseded": "warn",
    "newer_format": "warn",
    "unknown_key": "warn",
}
"""How grave each verdict is; what is not here is a no."""


class FileTooLarge(Refused):
    """Letters are small files."""

    code = "letters.file_too_large"
    sentence = gettext_lazy(
        "The file is larger than a letter can be (5 MB). Choose the PDF as the village gave it out."
    )
    field = "berkas"


class NothingGiven(Refused):
    """There is nothing to check."""

    code = "letters.nothing_given"
    sentence = gettext_lazy("Scan or paste the code, or choose the PDF of the letter.")
    field = "kode"


@public
@never_cache
@require_safe
def letter(request: Request, token: str) -> HttpResponseBase:
    """What the short address of a letter shows. Unknown addresses are "not found"; too many of them wait an hour."""
    at = timezone.now()
    if guard.misses_are_over(request, at):
        return render(request, "portal/letter_proof/wait.html", status=429)
    found = queries.by_token(token, at)
    if found is None:
        guard.count_miss(request, at)
        raise Http404
    context = {"result": verdict(queries.Looked(found.state, found, village=found.village), at)}
    return render(request, "portal/letter_proof/letter.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponseBase:
    """The page that checks: a code or a file here, and with scripts the code on the device itself."""
    context: dict[str, Any] = {
        "code": "",
        "told": json.dumps(_told()),
        "noble": offline.NOBLE,
        "page": offline.PAGE,
    }
    status = 200
    if request.method == "POST":
        at = timezone.now()
        context["code"] = request.POST.get("kode", "")[:MOST_SIGNS]
        try:
            guard.admit_check(request, at)
            context["result"] = verdict(_look(request, at), at)
        except Refused as refusal:
            context["refusal"], status = refusal, 422
    return render(request, "portal/letter_proof/check.html", context, status=status)


def _told() -> dict[str, Any]:
    """The words the page's script needs."""
    return {
        "words": {key: _(one) for key, one in queries.WORDS.items()},
        "next": {key: _(one) for key, one in queries.NEXT.items()},
        "tones": {key: TONES.get(key, "bad") for key in queries.WORDS},
        "labels": {
            "number": _("Number of the letter"),
            "date": _("Date"),
            "village": _("Village"),
            "name": _("Name (initials)"),
            "until": _("Valid until"),
            "no_end": _("no end"),
            "compare": _(
                "The code proves number, date and name. Read the text of the letter with them, or check its PDF."
            ),
            "as_of": _("What was taken back is known as of"),
            "camera": _("Scan with the camera"),
            "stop": _("Stop the camera"),
            "no_camera": _("The camera cannot be used. Allow it in the browser, or paste the code."),
        },
    }


def _look(request: Request, at: datetime) -> queries.Looked:
    file = request.FILES.get("berkas")
    if file is not None:
        if (file.size or 0) > MOST_BYTES:
            raise FileTooLarge
        return queries.by_file(file.read(), at)
    code = request.POST.get("kode", "")[:MOST_SIGNS].strip("\r\n")
    if not code.strip():
        raise NothingGiven
    return queries.by_code(code, at)


def verdict(looked: queries.Looked, at: datetime) -> dict[str, Any]:
    """A verdict as the pages show it."""
    language = (get_language() or "id")[:2]
    return {
        "state": looked.state,
        "tone": TONES.get(looked.state, "bad"),
        "words": _(looked.words),
        "next": _(looked.next),
        "rows": _rows(looked, language),
        "newer": looked.shown.newer if looked.shown else "",
        "at": at,
    }


def _rows(looked: queries.Looked, language: str) -> list[tuple[str, str]]:
    one, fields = looked.shown, looked.fields

    def day(given: Any) -> str:
        return when.format_date(given, language) if given else ""

    if one is not None:
        rows = [
            (_("Kind of letter"), (one.type_name_en if language == "en" else "") or one.type_name),
            (_("Number of the letter"), one.number),
            (_("Date"), day(one.letter_date)),
            (_("Village"), one.village),
            (_("Name (initials)"), one.name),
            (_("Valid until"), day(one.valid_until) or _("no end")),
            (_("Since"), day(one.changed_date)),
        ]
    elif fields is not None:
        rows = [
            (_("Number of the letter"), fields.number),
            (_("Date"), day(fields.letter_date)),
            (_("Village"), looked.village or fields.region_code),
            (_("Name (initials)"), fields.name),
            (_("Valid until"), day(fields.valid_until) or _("no end")),
        ]
    else:
        rows = []
    return [row for row in rows if row[1]]
