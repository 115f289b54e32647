"""A phone that got its app from another server speaks with a village laptop: the browser asks first whether it may.

Only what anybody may ask is opened: handing sealed work over, and fetching sealed letters and packs. No cookie is ever read there, so any
origin may ask, also one that is on the public internet while this machine stands on a local network.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

View = Callable[..., HttpResponseBase]
HEADERS = "Content-Type, Content-Encoding, Range"
EXPOSED = "Content-Range, Retry-After, ETag"
ONE_DAY = "86400"


def open_to_all(view: View) -> View:
    """Let pages of other origins ask this view, without their cookies."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            answer: HttpResponseBase = HttpResponse(status=204)
            answer["Access-Control-Allow-Methods"] = "GET, POST"
            answer["Access-Control-Allow-Headers"] = HEADERS
            answer["Access-Control-Max-Age"] = ONE_DAY
            if request.headers.get("Access-Control-Request-Private-Network") == "true":
                answer["Access-Control-Allow-Private-Network"] = "true"
        else:
            answer = view(request, *args, **kwargs)
            answer["Access-Control-Expose-Headers"] = EXPOSED
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    return opened
