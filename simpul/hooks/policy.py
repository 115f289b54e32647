"""Who may ask here: a provider, which proves itself with a signature or a secret that its transport checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def provider(view: View) -> Any:
    """A provider's webhook: no session and no form's token; every request is checked by the transport of its gateway."""
    guarded = csrf_exempt(never_cache(view))
    guarded.policy = "provider"  # type: ignore[attr-defined]
    return guarded
