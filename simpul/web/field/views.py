"""The field app's shell, its files, its worker. Public: none of it holds data, and none of it reads a session."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from simpul.web import policy
from simpul.web.field import pieces

KEEP = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
OPEN_TO: dict[str, Any] = {
    "img-src": ["blob:"],
    "media-src": ["blob:"],
    "connect-src": ["https:", "http:"],
}
"""Photos and voice notes are shown from the phone's own memory, and a village laptop on the local Wi-Fi has another address. Scripts come
from here alone, so an address that was typed in can be sent sealed envelopes and nothing else."""


@policy.public
@csp_update(OPEN_TO)
def shell(request: HttpRequest) -> HttpResponse:
    """The app's only page."""
    made = pieces.current()
    return _answer(request, made.pieces[pieces.SHELL], ASK_FIRST)


@policy.public
@csp_update(OPEN_TO)  # type: ignore[arg-type]  # its types forget the parts of an address
def piece(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """One file of the set; a file of another version is not there, so that two versions never mix."""
    if version == "suara":
        found = pieces.sound(name)
    else:
        made = pieces.current()
        found = made.pieces.get(name) if version == made.version else None
    if found is None:
        raise Http404
    return _answer(request, found, KEEP)


@policy.public
def bundle(request: HttpRequest, version: str) -> HttpResponse:
    """All texts of the set as one packed file. ``?dari=N`` gives it from byte N on: a line that breaks goes on where it broke."""
    made = pieces.current()
    start = request.GET.get("dari", "0")
    if version != made.version or not (start.isascii() and start.isdigit() and len(start) < 9):
        raise Http404
    answer = HttpResponse(made.bundle[int(start) :], content_type="application/octet-stream")
    answer["Content-Encoding"] = "identity"  # packed already: the phone unpacks it itself
    answer["Cache-Control"] = KEEP
    return answer


@policy.public
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; asked for anew each time, so that an update is seen."""
    answer = HttpResponse(pieces.worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = ASK_FIRST
    return answer


@policy.public
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the app installable."""
    answer = JsonResponse(pieces.manifest(), content_type="application/manifest+json")
    answer["Cache-Control"] = ASK_FIRST
    return answer


@policy.public
def state(request: HttpRequest) -> JsonResponse:
    """The kill switch: "off" makes every phone drop its kept copy of the app (never its data) and load it from here again."""
    answer = JsonResponse({"worker": settings.SIMPUL_FIELD, "version": pieces.current().version})
    answer["Cache-Control"] = "no-store"
    return answer


def _answer(request: HttpRequest, found: pieces.Piece, keeping: str) -> HttpResponse:
    etag = f'"{found.digest[:16]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        text = found.kind.startswith(("text/", "application/", "image/svg"))
        packed = text and "gzip" in request.headers.get("Accept-Encoding", "")
        answer = HttpResponse(found.packed if packed else found.body, content_type=found.kind)
        if packed:
            answer["Content-Encoding"] = "gzip"
        answer["Content-Length"] = str(len(answer.content))
    answer["ETag"] = etag
    answer["Cache-Control"] = keeping
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer
