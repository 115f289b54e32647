"""``/papan/``: the notice board of a village, and its paper on A4 or A3 with a code that leads back here."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from simpul.community.queries import directory as directory_queries
from simpul.community.queries import ideas as idea_queries
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import words
from simpul.web.portal.board import gather
from simpul.web.portal.directory import views as directory_views


@public
@require_GET
def villages(request: Request) -> HttpResponseBase:
    """Choose a village; where there is one alone, its board."""
    region, asked = directory_views.place(request.GET.get("tempat", ""))
    if len(region) == 10:
        return redirect("board", code=region)
    own = desk_queries.institution().region_code
    known = sorted({*idea_queries.public_villages(), *directory_queries.villages()})
    if not known and len(own) == 10:
        known = [own]
    if len(known) == 1:
        return redirect("board", code=known[0])
    context = {"rows": [(code, region_queries.path_names(code)) for code in known], "place": asked}
    return render(request, "portal/board/villages.html", context)


def _context(request: Request, code: str) -> dict[str, Any]:
    path = region_queries.path_names(code) if len(code) == 10 and code.isascii() and code.isdigit() else ""
    if not path:
        raise Http404
    at = timezone.now()
    return {
        "code": code,
        "village": path.split(",", maxsplit=1)[0],
        "where": path,
        "today": words.day_words(at, code),
        "parts": gather.parts(code, at),
        "address": request.build_absolute_uri(reverse("board", args=[code])),
    }


@public
@require_GET
def board(request: Request, code: str) -> HttpResponse:
    """The board of one village."""
    return render(request, "portal/board/board.html", _context(request, code))


@public
@require_GET
def paper(request: Request, code: str) -> HttpResponse:
    """The board on paper: A4, or A3 for the wall."""
    size = "a3" if request.GET.get("ukuran") == "a3" else "a4"
    return render(request, "portal/board/paper.html", {**_context(request, code), "size": size})
