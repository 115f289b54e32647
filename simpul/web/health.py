"""``/sehat/``: is it alive? For monitoring; it holds no data about anybody."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from simpul.journal.models import Turn
from simpul.web import policy


@policy.public
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """``{"ok": true}`` when the database answers, with the age of the worker's last good turn in seconds (null: never).

    A silent worker does not make ``ok`` false, because residents are still served; monitoring alarms on the age.
    """
    try:
        beat = Turn.objects.aggregate(last=Max("succeeded_at"))["last"]
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    data: dict[str, Any] = {"ok": True, "worker_age_seconds": None}
    if beat is not None:
        data["worker_age_seconds"] = max(0, round((timezone.now() - beat).total_seconds()))
    return JsonResponse(data)
