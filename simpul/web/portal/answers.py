"""``/jawaban/``: published answers. They come from the publication tables alone, which hold no personal data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from simpul.cases.queries import files as file_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.queries import publishing as publishing_queries
from simpul.cases.rules import decisions
from simpul.lib import text
from simpul.web import forms
from simpul.web.policy import Request, public
from simpul.web.portal import places, words
from simpul.web.portal.shapes import Publication

SHORT = 160
FIRST_YEAR = 2024
_NEVER_PUBLISHED = frozenset({"protection", "election"})


class FilterForm(forms.Form):
    """Search and filters; they live in the address, so a list can be kept and passed on."""

    cari = forms.LineField(required=False, max_length=100, label=_lazy("Search the answers"))
    soal = forms.ChoiceField(required=False, label=_lazy("About"), widget=django_forms.Select)
    tempat = forms.RegionField(required=False, label=_lazy("Village or district"))
    hasil = forms.ChoiceField(required=False, label=_lazy("Result"), widget=django_forms.Select)
    tahun = forms.ChoiceField(required=False, label=_lazy("Answered since"), widget=django_forms.Select)

    def __init__(self, *args: Any, this_year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = [("", _("All"))]
        groups = [
            (code, title) for code, title, _about, _icon in words.GROUPS if code not in _NEVER_PUBLISHED
        ]
        results = sorted(
            ((code, _(name)) for code, name in decisions.DECISIONS.items() if decisions.is_answer(code)),
            key=lambda pair: str(pair[1]),
        )
        years = [(str(year), str(year)) for year in range(this_year, FIRST_YEAR - 1, -1)]
        for name, choices in (("soal", groups), ("hasil", results), ("tahun", years)):
            self.fields[name].explain(everything + choices)  # type: ignore[attr-defined]
        self.fields["tempat"].find = places.find  # type: ignore[attr-defined]


@public
def answers(request: Request) -> HttpResponse:
    """The list, newest first, a page at a time."""
    asked = request.GET
    form = FilterForm(asked, this_year=timezone.now().year)
    form.is_valid()
    given = form.cleaned_data
    after = asked.get("lanjut", "")[:80]
    page = publishing_queries.for_public(
        words=given.get("cari", ""),
        group=given.get("soal", ""),
        region_code=given.get("tempat", ""),
        decision=given.get("hasil", ""),
        since=date(int(given["tahun"]), 1, 1) if given.get("tahun") else None,
        after=after,
    )
    kept = {key: value for key, value in asked.items() if key in form.fields and value}
    context = {
        "form": form,
        "rows": shown(page.rows),
        "filtered": bool(kept),
        "narrowed": any(key != "cari" for key in kept),
        "older_url": f"?{urlencode({**kept, 'lanjut': page.after})}" if page.after else "",
        "newer_url": f"?{urlencode(kept)}" if after else "",
    }
    return render(request, "portal/answers/list.html", context, status=422 if form.errors else 200)


@public
def answer(request: Request, slug: str) -> HttpResponse:
    """One answer on a page of its own."""
    row = publishing_queries.public_one(slug)
    if row is None:
        raise Http404
    context = {
        "row": row,
        "one": shown([row])[0],
        "photos": [reverse("answer_photo", args=[slug, place]) for place in range(1, len(row.photos) + 1)],
    }
    return render(request, "portal/answers/one.html", context)


@public
def photo(request: Request, slug: str, place: int) -> HttpResponse:
    """A photo of a published answer: made anew and blacked out before it was released."""
    row = publishing_queries.public_one(slug)
    if row is None or not 1 <= place <= len(row.photos):
        raise Http404
    response = HttpResponse(file_queries.public_photo(slug, row.photos[place - 1]), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def shown(rows: Iterable[Publication]) -> list[dict[str, Any]]:
    """Publications as lists and pages show them. One query for the names of their kinds."""
    rows = list(rows)
    names = kind_queries.names([row.kind_code for row in rows], words.language()) if rows else {}
    return [
        {
            "url": reverse("answer", args=[row.slug]),
            "title": row.title,
            "answer_short": text.shorten(" ".join(row.answer.split()), SHORT),
            "decision_words": _(decisions.words(row.decision)),
            "tone": "good" if row.decision in decisions.FAVOURABLE else "",
            "place": row.place_words,
            "kind_name": names.get(row.kind_code, ""),
            "day": words.date_words(row.answered_date),
            "received": words.date_words(row.received_date),
            "corrected": words.date_words(row.corrected_at.date() if row.corrected_at else None),
        }
        for row in rows
    ]
