"""``/sehat/``: is it alive? For monitoring; it holds no data about anybody."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from simpul.journal import queries as journal_queries
from simpul.web import policy


@policy.public
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """``{"ok": true}`` when the database answers, with the age of the worker's last good turn in seconds (null: never).

    A silent worker does not make ``ok`` false, because residents are still served; monitoring alarms on the age.
    """
    try:
        beats = [turn.succeeded_at for turn in journal_queries.turns() if turn.succeeded_at]
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    data: dict[str, Any] = {"ok": True, "worker_age_seconds": None}
    if beats:
        data["worker_age_seconds"] = max(0, round((timezone.now() - max(beats)).total_seconds()))
    return JsonResponse(data)
