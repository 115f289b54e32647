"""The institution's emblem, under its digest, kept by browsers for a year."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from simpul.desks import queries as desk_queries
from simpul.web.policy import Request, public


@public
def emblem(request: Request, digest: str) -> HttpResponse:
    """The picture; "not found" for any digest but the present one."""
    found = desk_queries.emblem() if digest == desk_queries.institution().emblem_sha256 else None
    if found is None:
        raise Http404
    data, mime = found
    answer = HttpResponse(data, content_type=mime)
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
