"""What the checking page keeps on a device: the page, its scripts, the keys of villages and the list of what was taken back."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from simpul.letters.queries import keys as key_queries
from simpul.web.policy import Request, public

CORE = "js/letter-proof/core.js"
PAGE = "js/letter-proof/page.js"
WORKER = "js/letter-proof/sw.js"
NOBLE = "vendor/noble-ed25519/2.3.0/ed25519.js"
KEYS_SECONDS = 60
"""How long a list of keys is kept before it is made anew: a letter that was taken back is known everywhere within a minute."""


@public
@require_safe
def keys(_request: Request) -> HttpResponse:
    """Public keys and the list of taken-back letters, signed: no name is in it, so anybody may have it, from any site."""
    made = cache.get("letters:keys")
    if made is None:
        made = key_queries.keys_file(timezone.now())
        cache.set("letters:keys", made, KEYS_SECONDS)
    answer = HttpResponse(made, content_type="application/json")
    answer["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@require_safe
def worker(_request: Request) -> HttpResponse:
    """The service worker of the checking page; its name carries the version of what it keeps, so an update is seen."""
    found = {
        "version": _version(),
        "page": reverse("letter_check"),
        "keys": reverse("letter_check_keys"),
        "assets": [static(name) for name in (CORE, PAGE, NOBLE)],
    }
    body = f"const SET = {json.dumps(found)};\n{_text(WORKER)}"
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=1)
def _version() -> str:
    whole = "".join(_text(name) for name in (CORE, PAGE, WORKER, NOBLE))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


@lru_cache(maxsize=8)
def _text(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
